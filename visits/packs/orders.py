"""交办单 and 督办单 (D9) of one issue, and the 整改清单 (D10) of many."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.enums import SupervisionKind
from unionops.casework.models import FollowUp, Supervision, Task
from unionops.casework.reference import towns
from unionops.joining import clauses, listed, statements
from unionops.org.models import Organisation, User
from unionops.packs.documents import Cell, Column, Document, Section, Table, Value, paragraph, sentence
from unionops.packs.gathering import office_of, one_of
from unionops.packs.registry import PackForm, Wanted

from ..enums import END_STATES
from ..models import Issue, Rectification

KIND = "issue"
MOST_ROWS = 500


def issue_for(user: User, text: str) -> Issue:
    """The issue of an address, as its page would find it."""
    related = ("town", "enterprise", "category__parent", "lead_department", "handler", "deadline", "liaison")
    return one_of(Issue.objects.visible_to(user).select_related(*related), text)


class IssueForm(PackForm):
    """Asks nothing: the address names the issue."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.issue = issue_for(self.user, self.query.get("issue", ""))

    def parameters(self) -> dict[str, Any]:
        return {"issue": str(self.issue.pk)}

    def shown(self) -> list[tuple[str, str]]:
        return [(_("诉求"), f"{self.issue.number} {self.issue.title}")]

    def told(self) -> str:
        return self.issue.number


class SupervisionForm(IssueForm):
    supervision = forms.ChoiceField(label=gettext_lazy("哪一次督办"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        found = supervisions_of(self.issue)
        self.fields["supervision"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), f"{timezone.localdate(one.at).isoformat()} {one.get_sort_display()} {one.text[:30]}")
            for one in found
        ]

        self.initial.setdefault("supervision", self.query.get("supervision", ""))

    def parameters(self) -> dict[str, Any]:
        return super().parameters() | {"supervision": int(self.cleaned_data["supervision"])}


def supervisions_of(issue: Issue) -> Sequence[Supervision]:
    return list(
        Supervision.objects.filter(kind=KIND, case_id=issue.pk)
        .select_related("by", "organisation", "answered_by")
        .order_by("-at", "-pk")
    )


def _short(unit: Organisation | None) -> str:
    return (unit.short_name or unit.name) if unit else ""


def _facts(issue: Issue) -> list[list[Cell]]:
    claimant = clauses([issue.get_claimant_kind_display(), issue.claimant_name_masked])
    helping = listed(_short(unit) for unit in issue.helping_departments.all())
    return [
        [_("编号"), Value(issue.number, "text", reverse("visits:issue", args=[issue.pk]))],
        [_("诉求"), issue.title],
        [_("类别"), issue.category.path_label],
        [_("轻重缓急"), issue.get_urgency_display()],
        [_("来源"), issue.get_source_display()],
        [_("单位"), clauses([issue.enterprise.name if issue.enterprise else "", _short(issue.town)])],
        [_("反映人"), claimant],
        [_("涉及人数"), str(issue.claimant_count)],
        [_("情况"), issue.description],
        [_("要求"), issue.demand],
        [_("主办科室"), _short(issue.lead_department)],
        [_("协办科室"), helping],
        [_("经办人"), issue.handler.name if issue.handler else ""],
        [_("交办时间"), issue.dispatched_at],
        [_("签收时间"), issue.signed_at],
        [_("期限"), issue.deadline.due_on if issue.deadline else None],
    ]


def _sheet(rows: list[list[Cell]]) -> Table:
    return Table(
        "",
        [Column(_("事项"), width=10), Column(_("内容"), width=34)],
        [row for row in rows if row[1] not in (None, "")],
    )


def dispatch_order(wanted: Wanted) -> Document:
    issue = issue_for(wanted.user, wanted.parameters["issue"])
    result: list[list[Cell]] = [
        [_("结果"), issue.get_result_kind_display() if issue.result_kind else ""],
        [_("答复内容"), issue.result_text],
        [_("反馈时间"), issue.answered_at],
        [_("追回金额（元）"), Value(issue.amount_recovered, "money") if issue.amount_recovered else ""],
    ]
    return Document(
        _("问题诉求交办单"),
        [
            Section(_("交办事项"), [_sheet(_facts(issue))], "facts"),
            Section(_("办理结果"), [Table("", [Column(_("事项"), width=10), Column(_("内容"), width=34)], [row for row in result if row[1]], empty=_("还在办理。"))], "result"),
        ],
        organisation=office_of(wanted.user),
        number=issue.number,
        signatures=[_("交办人"), _("签收人"), _("审核人")],
    )  # fmt: skip


def supervision_order(wanted: Wanted) -> Document:
    issue = issue_for(wanted.user, wanted.parameters["issue"])
    supervision = Supervision.objects.filter(kind=KIND, case_id=issue.pk, pk=wanted.parameters["supervision"])
    order = supervision.select_related("by", "organisation", "answered_by").first()
    if order is None:
        raise Http404("no such supervision")
    is_order = order.sort == SupervisionKind.ORDER
    due = [sentence(_("请于 %(day)s 前书面答复。"), day=order.answer_due_on)] if order.answer_due_on else []
    answer = (
        [
            paragraph(order.answer),
            paragraph(clauses([order.answered_by.name if order.answered_by else "", _day(order.answered_at)])),
        ]
        if order.answer
        else [paragraph(_("还没有答复。"))]
    )
    return Document(
        _("督办单") if is_order else _("催办单"),
        [
            Section(_("督办事项"), [_sheet(_facts(issue))], "facts"),
            Section(_("督办要求"), [paragraph(order.text), *due], "demand"),
            Section(_("办理答复"), answer, "answer"),
        ],
        organisation=office_of(wanted.user),
        number=issue.number,
        meta=[(_("被督办单位"), _short(order.organisation)), (_("督办人"), order.by.name), (_("督办时间"), order.at)],
        signatures=[_("签收人"), _("承办人"), _("审核人")],
    )  # fmt: skip


def _day(moment: datetime.datetime | None) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""


class RectificationForm(PackForm):
    which = forms.ChoiceField(
        label=gettext_lazy("范围"),
        choices=[("open", gettext_lazy("没有办结的")), ("all", gettext_lazy("全部"))],
        initial="open",
    )
    town = forms.ChoiceField(label=gettext_lazy("镇街"), required=False)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        district = next(iter(sorted(self.user.scope.member_of)), None)
        places = [(str(unit.id), unit.short_name or unit.name) for unit in towns(district)] if district else []
        self.fields["town"].choices = [("", _("全部")), *places]  # type: ignore[attr-defined]

    def parameters(self) -> dict[str, Any]:
        return {"which": self.cleaned_data["which"], "town": self.cleaned_data["town"]}


def rectifications(wanted: Wanted) -> Document:
    """Approved lists of measures on the issues that the person sees, the nearest date first."""
    issues = Issue.objects.visible_to(wanted.user)
    if wanted.parameters["which"] == "open":
        issues = issues.exclude(state__in=END_STATES)
    if wanted.parameters["town"]:
        issues = issues.filter(town=wanted.parameters["town"])
    related = ("issue__town", "issue__enterprise", "issue__lead_department")
    rows = Rectification.objects.filter(issue__in=issues.values("pk"), approved_at__isnull=False).select_related(
        *related
    )
    found = list(rows.order_by("due_on", "pk")[:MOST_ROWS])
    keys = [one.issue_id for one in found]
    tasks = _tasks_of(keys)
    calls = {
        one.case_id: one
        for one in FollowUp.objects.filter(kind=KIND, case_id__in=keys, done_at__isnull=False).order_by("done_at", "pk")
    }
    today = timezone.localdate()
    columns = [
        Column(_("序号"), "count", 5), Column(_("编号"), width=10), Column(_("问题"), width=20), Column(_("缓急"), width=5),
        Column(_("整改措施"), width=22), Column(_("路线图"), width=20), Column(_("完成期限"), "date", 12), Column(_("责任人"), width=9),
        Column(_("进度"), width=10), Column(_("超期天数"), "count", 6), Column(_("验证方式"), width=8), Column(_("结论"), width=8),
    ]  # fmt: skip
    lines = [
        _rectification_row(number, one, tasks.get(one.issue_id, []), calls.get(one.issue_id), today)
        for number, one in enumerate(found, start=1)
    ]
    return Document(
        _("整改清单"),
        [Section("", [Table("", columns, lines, empty=_("没有限期整改的诉求。"))], "rows")],
        organisation=office_of(wanted.user),
        meta=[(_("范围"), _("没有办结的") if wanted.parameters["which"] == "open" else _("全部")), (_("制作"), wanted.user.name)],
        signatures=[_("制表"), _("审核")],
        landscape=True,
    )  # fmt: skip


def _tasks_of(keys: Sequence[UUID]) -> dict[UUID, list[Task]]:
    found: dict[UUID, list[Task]] = {}
    for task in Task.objects.filter(kind=KIND, case_id__in=keys).order_by("due_on", "pk"):
        found.setdefault(task.case_id, []).append(task)
    return found


def _rectification_row(
    number: int, one: Rectification, tasks: Sequence[Task], call: FollowUp | None, today: datetime.date
) -> list[Cell]:
    issue = one.issue
    done = sum(task.done_at is not None for task in tasks)
    steps = _("任务 %(done)s/%(all)s") % {"done": done, "all": len(tasks)} if tasks else ""
    late = (today - one.due_on).days if issue.closed_at is None and one.due_on < today else None
    verdict = "" if call is None else _("已解决") if call.resolved else _("没有解决")
    return [
        Value(number, "count", reverse("visits:issue", args=[issue.pk])), issue.number, issue.title, issue.get_urgency_display(),
        one.measure, one.roadmap, one.due_on, one.responsible, statements([issue.get_state_display(), steps]), late,
        call.get_way_display() if call else "", verdict or (issue.get_result_kind_display() if issue.result_kind else ""),
    ]  # fmt: skip
