"""走访台账 (D1) and 问题台账 (D2): exactly what the filter of the list shows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import IO, Any

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.enums import Satisfaction
from unionops.joining import clauses, listed
from unionops.org.errors import ActionError
from unionops.org.models import Organisation, User
from unionops.packs.documents import Cell, Column, Document, Section, Table, Value, sentence
from unionops.packs.gathering import office_of
from unionops.packs.registry import PackForm, Wanted

from ..enums import RESOLVED_RESULTS, IssueState, Policy, ResultKind
from ..exporting import ISSUES, VISITS, conditions, export
from ..forms.issues import IssueFilter
from ..forms.visit_lists import VisitFilter
from ..models import Issue, Visit

# More rows than this are a table to work with, not a paper to read.
MOST_ROWS = 500


class LedgerForm(PackForm):
    """Asks nothing: the address of the list says which rows."""

    filter_class: type[VisitFilter | IssueFilter]

    @property
    def filter(self) -> Any:
        return self.filter_class(self.query, user=self.user)

    def parameters(self) -> dict[str, Any]:
        names = self.filter_class.base_fields
        return {"query": {name: value for name, value in self.query.items() if name in names and value}}

    def shown(self) -> list[tuple[str, str]]:
        return conditions(self.filter)


class VisitLedgerForm(LedgerForm):
    filter_class = VisitFilter


class IssueLedgerForm(LedgerForm):
    filter_class = IssueFilter


def _query(wanted: Wanted) -> QueryDict:
    found = QueryDict(mutable=True)
    found.update(wanted.parameters["query"])
    return found


def stream_visits(wanted: Wanted, target: IO[bytes]) -> int:
    form = VisitFilter(_query(wanted), user=wanted.user)
    return export(
        VISITS, form.queryset(), target, by=wanted.user, filtered_by=conditions(form), tell=_share(form, wanted)
    )


def stream_issues(wanted: Wanted, target: IO[bytes]) -> int:
    form = IssueFilter(_query(wanted), user=wanted.user)
    return export(
        ISSUES, form.queryset(), target, by=wanted.user, filtered_by=conditions(form), tell=_share(form, wanted)
    )


def _share(form: Any, wanted: Wanted) -> Any:
    whole = max(form.queryset().count(), 1)
    return lambda rows: wanted.tell(100 * rows // whole)


def _few(rows: QuerySet) -> list[Any]:
    found = list(rows[: MOST_ROWS + 1])
    if len(found) > MOST_ROWS:
        raise ActionError(
            _("筛出的超过 %(n)d 行，排不成一份文件。") % {"n": MOST_ROWS},
            next_step=_("请缩小筛选范围，或者选 Excel 表格。"),
        )
    return found


def visits(wanted: Wanted) -> Document:
    form = VisitFilter(_query(wanted), user=wanted.user)
    explained = Count("issues", filter=Q(issues__result_kind=ResultKind.EXPLAINED))
    rows = form.queryset().select_related("officer", "town", "enterprise").annotate(explained=explained)
    found: list[Visit] = _few(rows.order_by("-visited_on", "-pk"))
    wanted.tell(60)
    columns = [
        Column(_("序号"), "count", 5), Column(_("日期"), "date", 13), Column(_("驻联干部"), width=8), Column(_("镇街"), width=10),
        Column(_("企业"), width=18), Column(_("性质"), width=6), Column(_("职工数"), "count", 6), Column(_("会员数"), "count", 6),
        Column(_("走访方式"), width=6), Column(_("对象"), width=8), Column(_("了解情况"), width=28), Column(_("宣传政策"), width=10),
        Column(_("问题数"), "count", 6), Column(_("当场解释"), "count", 6), Column(_("备注"), width=10),
    ]  # fmt: skip
    lines = [_visit_row(number, visit) for number, visit in enumerate(found, start=1)]
    return _ledger(_("走访台账"), form, columns, lines, wanted.user)


def _visit_row(number: int, visit: Visit) -> list[Cell]:
    firm = visit.enterprise
    staff = visit.staff_count if visit.staff_count is not None else firm and firm.staff_count
    policies = dict(Policy.choices)
    return [
        Value(number, "count", reverse("visits:visit", args=[visit.pk])), visit.visited_on, visit.officer.name, _short(visit.town),
        visit.target, firm.get_size_class_display() if firm else visit.get_target_type_display(), staff,
        firm and firm.member_count, visit.get_mode_display(), clauses([visit.contact_name, visit.contact_role]), visit.summary,
        listed(policies[policy] for policy in visit.policies if policy in policies), visit.issue_count,
        visit.explained,  # type: ignore[attr-defined]
        clauses([_("重点企业") if visit.is_key_enterprise else "", _("补录") if visit.late else ""]),
    ]  # fmt: skip


def issues(wanted: Wanted) -> Document:
    form = IssueFilter(_query(wanted), user=wanted.user)
    related = ("town", "enterprise", "category__parent", "lead_department", "deadline")
    rows = form.queryset().select_related(*related).prefetch_related("helping_departments")
    found: list[Issue] = _few(rows.order_by("-registered_at", "-pk"))
    wanted.tell(60)
    columns = [
        Column(_("序号"), "count", 5), Column(_("编号"), width=12), Column(_("来源"), width=6), Column(_("登记日"), "date", 11),
        Column(_("镇街"), width=8), Column(_("企业"), width=13), Column(_("反映人"), width=7), Column(_("类别"), width=10),
        Column(_("问题描述"), width=20), Column(_("诉求"), width=12), Column(_("缓急"), width=6), Column(_("承办科室"), width=8),
        Column(_("协办"), width=8), Column(_("交办日"), "date", 11), Column(_("时限"), "date", 11), Column(_("进展"), width=8),
        Column(_("结果"), width=14), Column(_("反馈日"), "date", 11), Column(_("满意度"), width=6),
        Column(_("是否化解"), width=6), Column(_("超期天数"), "count", 6),
    ]  # fmt: skip
    today = timezone.localdate()
    lines = [_issue_row(number, issue, today) for number, issue in enumerate(found, start=1)]
    return _ledger(_("问题台账"), form, columns, lines, wanted.user)


def _issue_row(number: int, issue: Issue, today: datetime.date) -> list[Cell]:
    due = issue.deadline.due_on if issue.deadline else None
    return [
        Value(number, "count", reverse("visits:issue", args=[issue.pk])), issue.number, issue.get_source_display(),
        day_of(issue.registered_at), _short(issue.town), issue.enterprise.name if issue.enterprise else "",
        issue.claimant_name_masked or issue.get_claimant_kind_display(), issue.category.label,
        clauses([issue.title, issue.description]), issue.demand, issue.get_urgency_display(), _short(issue.lead_department),
        listed(_short(unit) for unit in issue.helping_departments.all()), day_of(issue.dispatched_at), due,
        issue.get_state_display(), clauses([issue.get_result_kind_display(), issue.result_text]), day_of(issue.answered_at),
        satisfaction_words(issue), _resolved(issue), overdue_days(issue, today),
    ]  # fmt: skip


def day_of(moment: datetime.datetime | None) -> datetime.date | None:
    return None if moment is None else timezone.localdate(moment)


def satisfaction_words(issue: Issue) -> str:
    return str(dict(Satisfaction.choices).get(issue.satisfaction, ""))


def _resolved(issue: Issue) -> str:
    if issue.state != IssueState.CLOSED:
        return ""
    return _("是") if issue.result_kind in RESOLVED_RESULTS else _("否")


def overdue_days(issue: Issue, today: datetime.date) -> int | None:
    """How long the deadline that counts now has passed; a paused or met one does not pass."""
    deadline = issue.deadline
    if (
        deadline is None
        or issue.closed_at is not None
        or deadline.met_on
        or deadline.paused_on
        or deadline.due_on >= today
    ):
        return None
    return (today - deadline.due_on).days


def _short(unit: Organisation | None) -> str:
    return (unit.short_name or unit.name) if unit else ""


def _ledger(title: str, form: Any, columns: list[Column], lines: Iterable[list[Cell]], user: User) -> Document:
    rows = list(lines)
    return Document(
        title,
        [
            Section("", [sentence(_("共 %(n)s 行，按列表的次序。"), n=Value(len(rows), "count")), Table("", columns, rows)], "rows")
        ],
        organisation=office_of(user),
        meta=[(_("制作"), user.name), *conditions(form)],
        note=_("内部资料，只限工作使用。"),
        landscape=True,
    )  # fmt: skip
