"""调解统计表 (D14): 受理, 成功, 不成, 撤回, 移送, 人数, 金额, 案由, 集体, 确认, 履行, 天数, every figure an indicator's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from unionops.casework.transitions import Text
from unionops.insight import indicators, periods
from unionops.insight.asking import FIGURE_ROLES
from unionops.insight.frozen import Frozen
from unionops.insight.indicators import Asked, Unit
from unionops.insight.periods import Kind, Period, containing
from unionops.org.models import User
from unionops.packs.documents import Block, Cell, Column, Document, Section, Table, Value, figures, kind_of, of
from unionops.packs.gathering import asked_of, compared, counted, divided, office_of, per_thing
from unionops.packs.registry import Pack, PackForm, Wanted, register_pack
from visits.packs.appendices import register_appendix
from visits.packs.scorecard import register_lines

from ..enums import Outcome

CODE = "dispute_statistics"
MONTHS, QUARTERS, YEARS = 12, 4, 3
HEADLINE = ("dispute_accepted_count", "dispute_success_rate", "dispute_people_count", "obligation_amount_paid")
# (label, indicator, the outcome that it counts or an empty text): one column each.
COLUMNS: tuple[tuple[Text, str, str], ...] = (
    (gettext_lazy("受理"), "dispute_accepted_count", ""),
    (gettext_lazy("其中集体"), "dispute_collective_count", ""),
    (gettext_lazy("涉及人数"), "dispute_people_count", ""),
    (gettext_lazy("请求金额（元）"), "dispute_amount_claimed", ""),
    (gettext_lazy("结案"), "dispute_ended_count", ""),
    (gettext_lazy("达成协议"), "dispute_ended_count", Outcome.AGREED),
    (gettext_lazy("和解撤回"), "dispute_ended_count", Outcome.SETTLED),
    (gettext_lazy("不成"), "dispute_ended_count", Outcome.FAILED),
    (pgettext_lazy("统计表", "撤回"), "dispute_ended_count", Outcome.WITHDRAWN),
    (pgettext_lazy("统计表", "移送"), "dispute_ended_count", Outcome.TRANSFERRED),
    (gettext_lazy("成功率"), "dispute_success_rate", ""),
    (gettext_lazy("确认率"), "dispute_confirmation_rate", ""),
    (gettext_lazy("履行率"), "obligation_fulfilment_rate", ""),
    (gettext_lazy("协议金额（元）"), "obligation_amount_agreed", ""),
    (gettext_lazy("到账金额（元）"), "obligation_amount_paid", ""),
    (gettext_lazy("调解天数"), "dispute_days_to_mediate", ""),
)
# How the table is divided: (heading, dimension, the first column).
DIVIDED: tuple[tuple[Text, str, Text], ...] = (
    (gettext_lazy("按案由"), "cause", gettext_lazy("案由")),
    (gettext_lazy("按来源"), "dispute_source", gettext_lazy("来源")),
    (gettext_lazy("按调解组织"), "centre", gettext_lazy("调解组织")),
)
COMPARED = (
    *dict.fromkeys(code for _label, code, outcome in COLUMNS if not outcome),
    "dispute_success_on_accepted_rate", "dispute_agency_rate", "dispute_immediate_rate", "obligation_fulfilment_money_rate",
    "dispute_days_to_mediate_p90", "dispute_followup_rate", "dispute_satisfaction_rate",
)  # fmt: skip


class PeriodForm(PackForm):
    period = forms.ChoiceField(label=gettext_lazy("哪一期"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        found = [
            one
            for kind, count in ((Kind.MONTH, MONTHS), (Kind.QUARTER, QUARTERS), (Kind.YEAR, YEARS))
            for one in _last(kind, count)
        ]
        self.fields["period"].choices = [(one.code, one.label) for one in found]  # type: ignore[attr-defined]
        self.initial.setdefault("period", found[1].code)

    def parameters(self) -> dict[str, Any]:
        return {"period": self.cleaned_data["period"]}

    def told(self) -> str:
        return periods.parse(self.cleaned_data["period"]).label


def _last(kind: Kind, count: int) -> list[Period]:
    found = [containing(timezone.localdate(), kind)]
    while len(found) < count:
        found.append(found[-1].before())
    return found


def gather(wanted: Wanted) -> Document:
    user = wanted.user
    period = periods.parse(wanted.parameters["period"])
    asked = asked_of(user, period)
    before = period.before()
    now = counted([*HEADLINE, *COMPARED], asked)
    earlier = counted(COMPARED, _then(user, asked, before))
    wanted.tell(30)
    tables = [compared(COMPARED, now, earlier, _("总表"), before.label)]
    for done, (heading, dimension, first) in enumerate(DIVIDED, start=1):
        tables.append(_divided(str(heading), dimension, first, asked))
        wanted.tell(30 + 20 * done)
    return Document(
        _("劳动争议调解统计表"),
        [Section("", [figures(of(now[code]) for code in HEADLINE), *tables], "figures")],
        organisation=office_of(user),
        subtitle=period.label,
        meta=[(_("截至"), asked.at), (_("制表"), user.name)],
        signatures=[_("制表"), _("审核")],
        note=_(
            "成功率＝（达成协议＋和解撤回）÷（达成协议＋和解撤回＋不成），按期内结案的件数；按受理的成功率＝其中到截止日成功的÷期内受理的全部。"
            "每个数字都可以点开到它计的那些行。"
        ),
        landscape=True,
    )  # fmt: skip


def _then(user: User, asked: Asked, before: Period) -> Asked:
    """As far into the period before as this one has come."""
    return Asked(user, before, min(before.last, before.first + (asked.at - asked.period.first)))


def _divided(title: str, dimension: str, first: Text, asked: Asked) -> Table:
    """A row for each thing, a column for each figure; where there is none, a count is 0 and a rate nothing."""
    found: list[tuple[Text, str, Sequence[Frozen]]] = [
        (label, code, divided(code, dimension, asked, {"dispute_outcome": outcome} if outcome else {}))
        for label, code, outcome in COLUMNS
    ]
    names: dict[str, str] = {}
    for _label, _code, ones in found:
        for one in ones:
            names.setdefault(one.question.where[dimension], one.label or _("未填写"))
    columns = [Column(first, width=13)]
    empty: list[Cell] = []
    cells: list[dict[str, Value]] = []
    for label, code, ones in found:
        indicator = indicators.find(code)
        assert indicator is not None
        kind = kind_of(indicator)
        columns.append(Column(label, kind, 12 if kind == "money" else 7))
        empty.append(Value(0, "count") if indicator.unit in (Unit.COUNT, Unit.SUM) and kind == "count" else None)
        cells.append({one.question.where[dimension]: of(one) for one in ones})
    rows: list[list[Cell]] = [
        [name, *(column.get(key, nothing) for column, nothing in zip(cells, empty, strict=True))]
        for key, name in names.items()
    ]
    return Table(title, columns, rows, empty=_("这一期没有。"))


# What a monthly or quarterly paper says of disputes; the statistics of their own say the rest.
IN_BRIEF = (
    "dispute_accepted_count", "dispute_collective_count", "dispute_people_count", "dispute_ended_count", "dispute_success_rate",
    "dispute_confirmation_rate", "obligation_fulfilment_rate", "obligation_amount_agreed", "obligation_amount_paid",
    "dispute_days_to_mediate", "dispute_followup_rate",
)  # fmt: skip
BY_CAUSE = ("dispute_accepted_count", "dispute_success_rate")


def brief(asked: Asked, where: Mapping[str, str]) -> list[Block]:
    """The part of disputes in the papers of meetings: the main figures beside those before, and the causes."""
    before = asked.period.before()
    now = counted(IN_BRIEF, asked, where)
    earlier = counted(IN_BRIEF, _then(asked.user, asked, before), where)
    tables: list[Block] = [compared(IN_BRIEF, now, earlier, "", before.label)]
    causes = [(code, divided(code, "cause", asked, where)) for code in BY_CAUSE]
    if any(found for _code, found in causes):
        tables.append(per_thing(_("按案由"), _("案由"), causes, dimension="cause"))
    return tables


def declare() -> None:
    register_appendix(gettext_lazy("劳动争议调解"), brief)
    register_pack(
        Pack(
            code=CODE, documents="D14", title=gettext_lazy("调解统计表"), note=gettext_lazy("受理、成功、不成、金额、履行，按案由、来源、调解组织"),
            icon="table", roles=FIGURE_ROLES, form=PeriodForm, gather=gather, sections=("figures",), position=25,
        )
    )  # fmt: skip
    register_lines(
        gettext_lazy("调解"),
        (
            "dispute_accepted_count", "dispute_people_count", "dispute_success_rate", "dispute_confirmation_rate",
            "obligation_fulfilment_rate", "obligation_amount_agreed", "obligation_amount_paid", "dispute_days_to_mediate",
        ),
    )  # fmt: skip
