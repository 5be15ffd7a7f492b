from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unionops.org.forms.fields import Day, Text, keep_version

from .enums import Unit
from .models import Term

_DATE = r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?"
_LINE = re.compile(rf"{_DATE}(?:\s*(?:至|到|~|～|—|–|-)\s*{_DATE})?(?:[\s，,]+(.*))?")
# No rest is longer: a typo in a month is not taken for a season.
_LONGEST = datetime.timedelta(days=15)


class Days(forms.CharField):
    """One day or span a line with its name behind it: «2027-02-05 至 2027-02-11 春节»."""

    widget = forms.Textarea(attrs={"rows": 8, "spellcheck": "false"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 4000, **options})

    def to_python(self, value: Any) -> dict[datetime.date, str]:  # type: ignore[override]
        text = super().to_python(value) or ""
        found: dict[datetime.date, str] = {}
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                found.update(self._read(line.strip(), number))
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (data or "").split() != (initial or "").split()

    def _read(self, line: str, number: int) -> dict[datetime.date, str]:
        match = _LINE.fullmatch(line)
        try:
            if match is None:
                raise ValueError
            first = datetime.date(*map(int, match.group(1, 2, 3)))
            last = datetime.date(*map(int, match.group(4, 5, 6))) if match.group(4) else first
        except ValueError as error:
            raise forms.ValidationError(
                _("第 %(n)d 行读不出日期：%(line)s"), params={"n": number, "line": line[:40]}
            ) from error
        if not first <= last <= first + _LONGEST:
            raise forms.ValidationError(_("第 %(n)d 行的起止日期不对。"), params={"n": number})
        name = (match.group(7) or "").strip()[:60]
        return {first + datetime.timedelta(days=step): name for step in range((last - first).days + 1)}


class TermForm(forms.Form):
    length = forms.IntegerField(label=_("天数"), min_value=1, max_value=365)
    unit = forms.ChoiceField(label=_("按什么日"), choices=Unit.choices)
    source = Text(
        label=_("依据"), max_length=200, required=False, help_text=_("文件名和条款，例如：办理时限表 第 2 条。")
    )

    def __init__(self, data: Any = None, *, term: Term) -> None:
        super().__init__(data, initial={"length": term.length, "unit": term.unit, "source": term.source})
        keep_version(self, term.version)


class DayForm(forms.Form):
    date = Day(label=_("日期"))
    is_workday = forms.TypedChoiceField(
        label=_("这一天"), choices=[("0", _("放假")), ("1", _("上班"))], coerce=lambda value: value == "1"
    )
    name = Text(label=_("说明"), max_length=60, required=False, help_text=_("例如：中秋节、调休上班。"))
    notice = Text(label=_("依据的通知"), max_length=100)

    def __init__(self, data: Any = None, *, initial: dict[str, Any], version: int) -> None:
        super().__init__(data, initial=initial)
        keep_version(self, version)


class YearForm(forms.Form):
    rest = Days(label=_("放假的日子"), help_text=_("一行一天或一段，后面写名称，例如：2027-02-05 至 2027-02-11 春节。"))
    work = Days(label=_("调休上班的日子"), required=False, help_text=_("周六、周日里要上班的，一行一天。"))
    notice = Text(label=_("依据的通知"), max_length=100, help_text=_("例如：国办发明电〔2026〕7 号。"))

    def __init__(self, data: Any = None, *, initial: dict[str, Any], version: int) -> None:
        super().__init__(data, initial=initial)
        keep_version(self, version)
