"""年度“成绩单” (D34): the figures of a year on one page, beside those of the year before.

Other rooms put their own lines into it at start-up: `register_lines(_("服务"), ("aid_count", ...))`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.transitions import Text
from unionops.insight import periods
from unionops.insight.indicators import Asked
from unionops.insight.periods import Kind, containing
from unionops.packs.documents import Document, Section, figures, of
from unionops.packs.gathering import compared, counted, office_of
from unionops.packs.registry import PackForm, Wanted

YEARS_OFFERED = 4
_lines: list[tuple[Text, tuple[str, ...]]] = [
    (gettext_lazy("走访"), ("visit_count", "visited_firm_count", "coverage_rate", "weekly_quota_rate")),
    (
        gettext_lazy("诉求"),
        ("issue_count", "closed_count", "resolution_rate", "substantive_rate", "on_time_rate", "days_to_close"),
    ),
    (gettext_lazy("评价"), ("satisfaction_rate", "followup_rate", "revisit_agreement_rate")),
]
HEADLINE = ("visit_count", "issue_count", "resolution_rate", "satisfaction_rate")


def register_lines(heading: Text, codes: Sequence[str]) -> None:
    """Add figures to the scorecard, by the codes of their indicators."""
    _lines.append((heading, tuple(codes)))


class YearForm(PackForm):
    period = forms.ChoiceField(label=gettext_lazy("哪一年"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        year = containing(timezone.localdate(), Kind.YEAR)
        years = [year]
        while len(years) < YEARS_OFFERED:
            years.append(years[-1].before())
        self.fields["period"].choices = [(one.code, one.label) for one in years]  # type: ignore[attr-defined]

    def parameters(self) -> dict[str, Any]:
        return {"period": self.cleaned_data["period"]}

    def told(self) -> str:
        return periods.parse(self.cleaned_data["period"]).label


def gather(wanted: Wanted) -> Document:
    user = wanted.user
    year = periods.parse(wanted.parameters["period"])
    asked = Asked(user, year, year.cut_off(timezone.localdate()))
    before = year.before()
    then = Asked(user, before, before.last + (asked.at - year.last))
    codes = [code for _heading, found in _lines for code in found]
    now = counted([*HEADLINE, *codes], asked)
    wanted.tell(50)
    earlier = counted(codes, then)
    tables = [compared(found, now, earlier, heading, before.label) for heading, found in _lines]
    return Document(
        _("年度“成绩单”"),
        [Section("", [figures(of(now[code]) for code in HEADLINE), *tables], "figures")],
        organisation=office_of(user),
        subtitle=year.label,
        meta=[(_("截至"), asked.at)],
        note=_("每个数字都可以点开到它计的那些行；行是今天的，数字是制作时的。"),
    )
