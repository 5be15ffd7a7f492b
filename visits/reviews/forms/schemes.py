"""A scheme as a table of lines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from unionops.org.forms.fields import Text

from ..defaults import Draft, Line
from ..enums import APPRAISED
from ..measuring import measurable
from ..words import plain

MOST_LINES = 12


def _decimal(**options: Any) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.DecimalField(**{"max_digits": 10, "decimal_places": 2, "required": False, "widget": widget, **options})


class LineForm(forms.Form):
    """One criterion; a line without a weight is left out."""

    code = forms.ChoiceField(label=_("指标"), required=False)
    name = Text(label=_("名称"), max_length=60, required=False)
    weight = _decimal(label=_("权重"), max_digits=5, min_value=0, max_value=100)
    floor = _decimal(label=_("零分线"))
    full = _decimal(label=_("满分线"))

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = {one.code: one for one in measurable(kind)} if kind in APPRAISED else {}
        self.fields["code"].choices = [("", _("由人打分")), *((code, one.name) for code, one in self.known.items())]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("weight") and not found.get("code") and not found.get("name") and "name" not in self.errors:
            self.add_error("name", _("请写这一项叫什么。"))
        for name in ("floor", "full"):
            if found.get("weight") and found.get("code") and found.get(name) is None and name not in self.errors:
                self.add_error(name, _("请写零分线和满分线。"))
        return found

    def line(self) -> Line | None:
        found = self.cleaned_data
        if not found.get("weight"):
            return None
        code = found["code"]
        if not code:
            return Line(found["name"], found["weight"])
        return Line(found["name"] or str(self.known[code].name), found["weight"], code, found["floor"], found["full"])


Lines = formset_factory(LineForm, extra=2, max_num=MOST_LINES, validate_max=True)


class SchemeForm(forms.Form):
    """Places and the pass mark; the lines are a formset beside it."""

    first = forms.IntegerField(min_value=0, max_value=100)
    second = forms.IntegerField(min_value=0, max_value=100)
    third = forms.IntegerField(min_value=0, max_value=100, required=False)
    pass_mark = forms.IntegerField(label=_("及格线"), min_value=0, max_value=100)

    def __init__(self, data: Any = None, *, kind: str, draft: Draft) -> None:
        super().__init__(
            data, initial={name: getattr(draft, name) for name in ("first", "second", "third", "pass_mark")}
        )
        self.lines = Lines(
            data, prefix="line", form_kwargs={"kind": kind},
            initial=[
                {"code": one.code, "name": one.name, "weight": plain(one.weight), "floor": plain(one.floor), "full": plain(one.full)}
                for one in draft.lines
            ],
        )  # fmt: skip
        if kind in APPRAISED:
            self.fields["first"].label, self.fields["second"].label = _("优秀（百分比）"), _("良好（百分比）")
            del self.fields["third"]
        else:
            labels = {"first": _("一等奖（名）"), "second": _("二等奖（名）"), "third": _("三等奖（名）")}
            for name, label in labels.items():
                self.fields[name].label = label

    def is_valid(self) -> bool:
        return super().is_valid() and self.lines.is_valid()

    def draft(self) -> Draft:
        found = self.cleaned_data
        lines = [line for form in self.lines if (line := form.line()) is not None]
        return Draft(lines, found["first"], found["second"], found.get("third") or 0, found["pass_mark"])
