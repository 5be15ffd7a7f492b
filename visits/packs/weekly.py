"""周通报 (D3): what was planned and done by whom, which firms nobody has seen, what is new, closed and overdue."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.insight import periods
from unionops.insight.figures import rows_of
from unionops.insight.indicators import Asked, Part
from unionops.insight.periods import Kind, Period, containing
from unionops.packs.documents import Cell, Column, Document, Section, Table, Value, figures, of, sentence
from unionops.packs.gathering import asked_of, counted, divided, office_of, per_thing, question
from unionops.packs.registry import PackForm, Wanted

from ..models import Issue, OfficerWeek

WEEKS_OFFERED = 12
# What a bulletin can name one by one; the rest is a click away.
MOST_LISTED = 100
CODES = (
    "visit_count", "visited_firm_count", "weekly_quota_rate", "issue_count", "closed_count", "resolution_rate", "open_count",
    "overdue_count",
)  # fmt: skip


class WeekForm(PackForm):
    period = forms.ChoiceField(label=gettext_lazy("哪一周"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        week = containing(timezone.localdate(), Kind.WEEK)
        weeks = [week]
        while len(weeks) < WEEKS_OFFERED:
            weeks.append(weeks[-1].before())
        self.fields["period"].choices = [(one.code, f"{one.label} {_span(one)}") for one in weeks]  # type: ignore[attr-defined]
        self.initial.setdefault("period", weeks[1].code)

    def parameters(self) -> dict[str, Any]:
        return {"period": self.cleaned_data["period"]}

    def told(self) -> str:
        return periods.parse(self.cleaned_data["period"]).label


def _span(period: Period) -> str:
    return f"{period.first:%m-%d}–{period.last:%m-%d}"


def gather(wanted: Wanted) -> Document:
    user = wanted.user
    week = periods.parse(wanted.parameters["period"])
    asked = asked_of(user, week)
    now = counted(CODES, asked)
    wanted.tell(30)
    towns = [
        (code, divided(code, "town", asked)) for code in ("visit_count", "issue_count", "closed_count", "overdue_count")
    ]
    wanted.tell(50)
    cadres = _cadres(asked)
    wanted.tell(70)
    return Document(
        _("周通报"),
        [
            Section(
                _("一、总体情况"),
                [
                    sentence(
                        _(
                            "本周走访 %(visits)s 家次、%(firms)s 家企业；新登记诉求 %(new)s 件，办结 %(closed)s 件；"
                            "到 %(day)s，在办 %(open)s 件，其中超期 %(overdue)s 件。"
                        ),
                        visits=of(now["visit_count"]), firms=of(now["visited_firm_count"]), new=of(now["issue_count"]),
                        closed=of(now["closed_count"]), day=asked.at, open=of(now["open_count"]), overdue=of(now["overdue_count"]),
                    ),
                    figures(of(now[code]) for code in CODES),
                ],
                "overview",
            ),
            Section(_("二、驻联干部走访"), [cadres], "cadres"),
            Section(_("三、各镇街"), [per_thing("", _("镇街"), towns, dimension="town")], "towns"),
            Section(_("四、今年还没有走访过的重点企业"), _unvisited(asked), "unvisited"),
            Section(_("五、超期未结"), [_overdue(asked)], "overdue"),
        ],
        organisation=office_of(user),
        subtitle=week.label,
        meta=[(_("期间"), f"{week.first.isoformat()} — {week.last.isoformat()}"), (_("截至"), asked.at)],
        signatures=[_("制表"), _("审核")],
        note=_("每个数字都可以点开到它计的那些行；行是今天的，数字是制作时的。"),
    )  # fmt: skip


def _cadres(asked: Asked) -> Table:
    """Quota and visits of each officer who was stationed in that week, as their weeks have it."""
    weeks = (
        OfficerWeek.objects.visible_to(asked.user).filter(monday=asked.period.first).select_related("officer", "town")
    )
    made = {one.question.where["cadre"]: of(one) for one in divided("visit_count", "cadre", asked)}
    rows: list[list[Cell]] = [
        [
            week.officer.name, week.town.short_name or week.town.name, week.duty_days, week.quota, week.visits,
            made.get(str(week.officer_id), Value(0, "count")), max(week.quota - week.visits, 0),
        ]
        for week in weeks.order_by("town__path", "officer__pinyin", "pk")
    ]  # fmt: skip
    columns = [
        Column(_("驻联干部"), width=12), Column(_("镇街"), width=12), Column(_("在岗工作日"), "count", 9), Column(_("应走访家数"), "count", 9),
        Column(_("已走访家数"), "count", 9), Column(_("走访家次"), "count", 9), Column(_("还差"), "count", 7),
    ]  # fmt: skip
    return Table("", columns, rows, empty=_("这一周没有在岗的驻联干部。"))


def _unvisited(asked: Asked) -> list[Any]:
    """The key enterprises of which the coverage rate of the year counts none of the visits."""
    year = Asked(asked.user, containing(asked.at, Kind.YEAR), asked.at)
    coverage = counted(["coverage_rate"], year)["coverage_rate"]
    wanted = question("coverage_rate", year)
    seen = rows_of(wanted, Part.NUMERATOR).order_by().values("pk")
    firms = (
        rows_of(wanted, Part.DENOMINATOR)
        .exclude(pk__in=seen)
        .select_related("town")
        .order_by("town__path", "pinyin", "pk")
    )
    rows: list[list[Cell]] = [
        [
            Value(firm.name, "text", reverse("org:enterprise", args=[firm.pk])),
            firm.town.short_name if firm.town else "",
            firm.staff_count,
        ]
        for firm in firms[:MOST_LISTED]
    ]
    columns = [Column(_("企业"), width=30), Column(_("镇街"), width=12), Column(_("职工数"), "count")]
    said = sentence(_("重点企业今年的走访覆盖率为 %(rate)s。"), rate=of(coverage))
    return [said, Table("", columns, rows, empty=_("重点企业今年都走访过了。"))]


def _overdue(asked: Asked) -> Table:
    related = ("town", "lead_department", "deadline", "enterprise")
    issues = rows_of(question("overdue_count", asked)).select_related(*related).order_by("deadline__due_on", "pk")
    rows = [_overdue_row(issue, asked.at) for issue in issues[:MOST_LISTED]]
    columns = [
        Column(_("编号"), width=11), Column(_("诉求"), width=24), Column(_("镇街"), width=9), Column(_("主办科室"), width=10),
        Column(_("期限"), "date", 14), Column(_("超期天数"), "count", 8),
    ]  # fmt: skip
    return Table("", columns, rows, empty=_("没有超期的诉求。"))


def _overdue_row(issue: Issue, at: datetime.date) -> list[Cell]:
    assert issue.deadline is not None
    due = issue.deadline.due_on
    department = issue.lead_department
    return [
        Value(issue.number, "text", reverse("visits:issue", args=[issue.pk])), issue.title, issue.town.short_name,
        (department.short_name or department.name) if department else "", due, (at - due).days,
    ]  # fmt: skip
