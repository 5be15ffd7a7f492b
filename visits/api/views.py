"""Visits and issues over HTTP: fetch what exists for the asker, read the form, call the action of the page."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from unionops.casework.api.records import EVENT_ROWS, EventRow
from unionops.casework.api.views import AttachmentsOf
from unionops.casework.enums import LinkKind, Urgency
from unionops.casework.models import FollowUp, Supervision, Task
from unionops.org.api import filters
from unionops.org.api.endpoints import Act, Endpoint, Listing, Order, answer, find, page_of, told_one
from unionops.org.api.fields import Form
from unionops.org.api.filters import Filter
from unionops.org.api.records import Asker, Reader
from unionops.org.events import kind_of
from unionops.org.models import Event, Scope, User

from ..actions import care
from ..actions.register import register_issue
from ..actions.steps import STEPS
from ..actions.visits import Logged, check_may_correct_visit, correct_visit, log_visit, return_visit
from ..enums import ClaimantKind, IssueSource, IssueState, ResultKind, Verb, VisitMode
from ..models import Category, Issue, Visit
from ..permissions import check_takes_part
from ..queries import search_issues, search_visits
from . import forms
from .records import (
    CALLS,
    CATEGORY_ROWS,
    ISSUE_FACTS,
    ISSUE_ROWS,
    ISSUES_OF_VISIT,
    JOBS,
    ORDERS,
    PLANS,
    REFERRALS,
    VISIT_FACTS,
    VISIT_ROWS,
    CategoryRow,
    IssueRecord,
    IssueRow,
    VisitRecord,
    VisitRow,
)

TAG_VISITS, TAG_ISSUES = "visits", "issues"


def _names(organisations: QuerySet) -> list[dict[str, Any]]:
    rows = organisations.order_by("path", "pk").values_list("pk", "short_name", "name")
    return [{"id": pk, "name": short_name or name} for pk, short_name, name in rows]


def _of(reader: Reader, rows: QuerySet, asker: Asker) -> list[dict[str, Any]]:
    return reader.told(rows.values_list(*reader.columns), asker)


# --- visits


def visit_record(pk: uuid.UUID, asker: Asker) -> dict[str, Any]:
    visits = Visit.objects.visible_to(asker.user).filter(pk=pk)
    record = told_one(VISIT_FACTS, visits, asker)
    people = User.objects.filter(visits=pk).order_by("pinyin", "pk").values_list("pk", "name")
    record["officers"] = [{"id": key, "name": name} for key, name in people]
    issues = Issue.objects.visible_to(asker.user).filter(visit=pk).order_by("number", "pk")
    record["issues"] = _of(ISSUES_OF_VISIT, issues, asker)
    return record


def logged_record(logged: Logged, asker: Asker) -> dict[str, Any]:
    """The same of what was logged a moment ago, without reading it again: whoever made it sees all of it."""
    record = VISIT_FACTS.of(logged.visit, asker)
    record["officers"] = [{"id": officer.pk, "name": officer.name} for officer in logged.officers]
    record["issues"] = [ISSUES_OF_VISIT.of(issue, asker) for issue in logged.issues]
    return record


class VisitList(Listing):
    tag, name = TAG_VISITS, "visits"
    summaries: ClassVar = {"GET": _("走访列表，新的在前"), "POST": _("记一次走访，连同听到的问题")}
    answers: ClassVar = {"GET": page_of(VisitRow), "POST": {201: VisitRecord}}
    forms: ClassVar = {"POST": forms.VisitForm}
    model = Visit
    reader = VISIT_ROWS
    order = Order("visited_on", descending=True)
    filters: ClassVar[list[Filter]] = [
        filters.day("since", "visited_on__gte", _("走访日期不早于")),
        filters.day("until", "visited_on__lte", _("走访日期不晚于")),
        filters.key("town"),
        filters.key("officer", "officers", _("任一走访人")),
        filters.long_key("enterprise"),
        filters.choice("mode", VisitMode),
        filters.column_flag("late", _("补录")),
        filters.text("q", lambda rows, words, user: rows.filter(search_visits(words)), _("编号、小结或企业")),
    ]

    def post(self, request: Request) -> HttpResponse:
        self.no_query()
        form = self.read_form(forms.VisitForm)
        logged = log_visit(form["draft"], form["issues"], by=request.user)  # type: ignore[arg-type]
        place = reverse("api:visit", kwargs={"pk": logged.visit.pk})
        return answer(logged_record(logged, self.asker), 201, location=place)


class VisitDetail(Endpoint):
    tag, name = TAG_VISITS, "visit"
    summaries: ClassVar = {"GET": _("一次走访"), "PATCH": _("更正走访；以前的内容作为旧版本保留，退回的重新提交")}
    answers: ClassVar = {"GET": VisitRecord, "PATCH": VisitRecord}
    forms: ClassVar = {"PATCH": forms.VisitCorrectionForm}
    versioned: ClassVar = {"PATCH": True}

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        return answer(visit_record(pk, self.asker))

    def patch(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        visit = find(Visit.objects.visible_to(request.user), pk)  # type: ignore[arg-type]
        version = self.version()
        fields = self.read_form(forms.VisitCorrectionForm, partial=True)
        reason = fields.pop("reason", "")
        correct_visit(visit, by=request.user, fields=fields, reason=reason, version=version)  # type: ignore[arg-type]
        return answer(visit_record(pk, self.asker))


class VisitReturn(Act):
    """The office sends it back; a correction submits it again."""

    tag, name = TAG_VISITS, "visit_do"
    record = VisitRecord

    def things(self, user: User) -> QuerySet:
        return Visit.objects.visible_to(user)

    def act(self, thing: Visit, **fields: Any) -> Any:
        return return_visit(thing, **fields)

    def told(self, pk: uuid.UUID) -> dict[str, Any]:
        return visit_record(pk, self.asker)


# --- issues


def issue_record(pk: uuid.UUID, asker: Asker) -> dict[str, Any]:
    record = told_one(ISSUE_FACTS, Issue.objects.visible_to(asker.user).filter(pk=pk), asker)
    issue = Issue(pk=pk)
    hanging: dict[str, Any] = {"kind": kind_of(issue), "case_id": pk}
    record["helping_departments"] = _names(issue.helping_departments.all())
    record["consultations"] = [
        {
            "id": one.pk,
            "question": one.question,
            "participants": [{"id": unit.pk, "name": str(unit)} for unit in one.participants.all()],
            "planned_at": one.planned_at,
            "place": one.place,
            "convened_by": {"id": one.convened_by_id, "name": one.convened_by.name},
            "minutes": one.minutes,
            "concluded_at": one.concluded_at,
        }
        for one in issue.consultations.select_related("convened_by").prefetch_related("participants")
    ]
    record["rectifications"] = _of(PLANS, issue.rectifications.order_by("proposed_at", "pk"), asker)
    record["referrals"] = _of(REFERRALS, issue.referrals.order_by("sent_on", "pk"), asker)
    record["tasks"] = _of(JOBS, Task.objects.filter(**hanging).order_by("due_on", "pk"), asker)
    record["supervisions"] = _of(ORDERS, Supervision.objects.filter(**hanging).order_by("at", "pk"), asker)
    record["follow_ups"] = _of(CALLS, FollowUp.objects.filter(**hanging).order_by("created_at", "pk"), asker)
    return record


def _open(rows: QuerySet, value: bool, user: User) -> QuerySet:
    return rows.open() if value else rows.exclude(pk__in=rows.open().values("pk"))  # type: ignore[attr-defined]


def _overdue(rows: QuerySet, value: bool, user: User) -> QuerySet:
    overdue: QuerySet = rows.overdue()  # type: ignore[attr-defined]
    return overdue if value else rows.exclude(pk__in=overdue.values("pk"))


def _category(rows: QuerySet, value: int, user: User) -> QuerySet:
    return rows.filter(Q(category=value) | Q(category__parent=value))


@lru_cache(maxsize=512)
def _issues_seen(pk: int, scope: Scope) -> QuerySet:
    """Put together once for somebody with these rights, which takes longer than to ask it."""
    user = User(pk=pk)
    user.scope = scope
    return ISSUE_ROWS.over(Issue).visible_to(user)  # type: ignore[attr-defined]


class IssueList(Listing):
    tag, name = TAG_ISSUES, "issues"
    summaries: ClassVar = {"GET": _("诉求列表，新的在前；每件带可以走的步骤"), "POST": _("登记一件不是走访听到的诉求")}
    answers: ClassVar = {"GET": page_of(IssueRow), "POST": {201: IssueRecord}}
    forms: ClassVar = {"POST": forms.IssueForm}
    model = Issue
    reader = ISSUE_ROWS
    order = Order("registered_at", descending=True)
    filters: ClassVar[list[Filter]] = [
        filters.choice("state", IssueState),
        filters.choice("urgency", Urgency),
        filters.choice("source", IssueSource),
        filters.choice("result_kind", ResultKind),
        filters.choice("claimant_kind", ClaimantKind),
        Filter("category", filters.read_key, _category, {"type": "integer", "minimum": 1}, _("一级或二级类别")),
        filters.key("town"),
        filters.key("lead_department"),
        filters.key("handler"),
        filters.key("registered_by"),
        filters.long_key("enterprise"),
        filters.long_key("visit"),
        filters.flag("open", _open, _("还没有结束")),
        filters.flag("overdue", _overdue, _("已超期")),
        filters.flag("mine", lambda rows, value, user: rows.in_hands_of(user) if value else rows, _("在我手上")),  # type: ignore[attr-defined]
        filters.day("since", "registered_at__date__gte", _("登记日期不早于")),
        filters.day("until", "registered_at__date__lte", _("登记日期不晚于")),
        filters.text("q", lambda rows, words, user: rows.filter(search_issues(words)), _("编号、标题、情况或企业")),
    ]

    def seen(self, rows: QuerySet, user: User) -> QuerySet:
        return _issues_seen(user.pk, user.scope).all()

    def post(self, request: Request) -> HttpResponse:
        self.no_query()
        issue = register_issue(self.read_form(forms.IssueForm), by=request.user)  # type: ignore[arg-type]
        return answer(issue_record(issue.pk, self.asker), 201, location=reverse("api:issue", kwargs={"pk": issue.pk}))


class IssueDetail(Endpoint):
    tag, name = TAG_ISSUES, "issue"
    summaries: ClassVar = {
        "GET": _("一件诉求，连同会诊、整改、任务、督办和回访"),
        "PATCH": _("更正事实；经过里记下改了什么"),
    }
    answers: ClassVar = {"GET": IssueRecord, "PATCH": IssueRecord}
    forms: ClassVar = {"PATCH": forms.CorrectionForm}
    versioned: ClassVar = {"PATCH": True}

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        return answer(issue_record(pk, self.asker))

    def patch(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        issue = find(Issue.objects.visible_to(request.user), pk)  # type: ignore[arg-type]
        version = self.version()
        fields = self.read_form(forms.CorrectionForm, partial=True)
        claimant = {name: fields.pop(name, None) for name in ("claimant_name", "claimant_phone")}
        care.correct(issue, by=request.user, fields=fields, version=version, **claimant)  # type: ignore[arg-type]
        return answer(issue_record(pk, self.asker))


class IssueTimeline(Listing):
    tag, name = TAG_ISSUES, "issue_timeline"
    summaries: ClassVar = {"GET": _("诉求的经过，从头到尾")}
    answers: ClassVar = {"GET": page_of(EventRow)}
    model = Event
    reader = EVENT_ROWS
    order = Order("at", descending=False)

    def seen(self, rows: QuerySet, user: User, pk: uuid.UUID) -> QuerySet:  # type: ignore[override]
        """A timeline is read through its case; the log as a whole belongs to the auditor."""
        issue = find(Issue.objects.visible_to(user).only("pk"), pk)
        return rows.about(kind_of(issue), pk)  # type: ignore[attr-defined]


class IssueAct(Act):
    tag = TAG_ISSUES
    record = IssueRecord

    def things(self, user: User) -> QuerySet:
        return Issue.objects.visible_to(user)

    def told(self, pk: uuid.UUID) -> dict[str, Any]:
        return issue_record(pk, self.asker)


class IssueStep(IssueAct):
    """A row of the transition table."""

    name, looks = "issue_step", True

    def act(self, thing: Issue, **fields: Any) -> Any:
        return STEPS[Verb(self.verb)](thing, **fields)


def _hanging(model: type[Model], issue: Issue, pk: int, **more: Any) -> Any:
    return find(model.objects.filter(kind=kind_of(issue), case_id=issue.pk, **more), pk)  # type: ignore[attr-defined]


def _answer_supervision(issue: Issue, *, by: User, supervision: int, answer: str) -> None:
    care.answer_supervision(issue, _hanging(Supervision, issue, supervision), by=by, answer=answer)


def _record_reply(issue: Issue, *, by: User, referral: int, **fields: Any) -> None:
    care.record_reply(issue, find(issue.referrals.all(), referral), by=by, **fields)


def _complete_task(issue: Issue, *, by: User, task: int, **fields: Any) -> None:
    care.complete_task(issue, _hanging(Task, issue, task), by=by, **fields)


def _settle_sample(issue: Issue, *, by: User, sample: int, **fields: Any) -> None:
    care.settle_sample(issue, _hanging(FollowUp, issue, sample, is_sample=True), by=by, **fields)


def _link(issue: Issue, *, by: User, other: Issue) -> None:
    care.link(issue, other, by=by, sort=LinkKind.RELATED)


class Care(NamedTuple):
    """What may be done around an issue: its form, its action and whether the action looks at the version."""

    label: Any
    form: type[Form]
    action: Callable[..., Any]
    looks: bool = False


CARE: dict[str, Care] = {
    "add_note": Care(_("记进展"), forms.TextForm, care.add_note),
    "set_urgency": Care(_("调整轻重缓急"), forms.UrgencyForm, care.set_urgency, looks=True),
    "extend": Care(_("延期"), forms.ExtendForm, care.extend, looks=True),
    "assign": Care(_("指定经办人"), forms.AssignForm, care.assign, looks=True),
    "supervise": Care(_("催办或督办"), forms.SuperviseForm, care.supervise),
    "answer_supervision": Care(_("答复督办"), forms.AnswerSupervisionForm, _answer_supervision),
    "record_attempt": Care(_("登记未联系上"), forms.AttemptForm, care.record_attempt),
    "record_reply": Care(_("登记外部门答复"), forms.ReplyForm, _record_reply),
    "complete_task": Care(_("任务销号"), forms.CompleteTaskForm, _complete_task),
    "link": Care(_("关联另一件"), forms.LinkForm, _link),
    "watch": Care(_("关注或取消关注"), forms.WatchForm, care.watch),
    "settle_sample": Care(_("抽查回访"), forms.SampleForm, _settle_sample),
}


class IssueCare(IssueAct):
    """Notes, time, supervision and the like: they move no state."""

    name = "issue_do"

    def act(self, thing: Issue, **fields: Any) -> Any:
        return CARE[self.verb].action(thing, **fields)


class FilesOfVisit(AttachmentsOf):
    name = "visit_attachments"

    def things(self, user: User) -> QuerySet:
        return Visit.objects.visible_to(user)

    def check(self, user: User, thing: Model) -> None:
        check_may_correct_visit(user, thing)  # type: ignore[arg-type]


class FilesOfIssue(AttachmentsOf):
    name = "issue_attachments"

    def things(self, user: User) -> QuerySet:
        return Issue.objects.visible_to(user)

    def check(self, user: User, thing: Model) -> None:
        check_takes_part(user, thing)  # type: ignore[arg-type]


class CategoryList(Endpoint):
    tag, name = TAG_ISSUES, "categories"
    summaries: ClassVar = {"GET": _("两级问题类别")}
    answers: ClassVar = {"GET": CategoryRow(many=True)}

    def get(self, request: Request) -> HttpResponse:
        self.no_query()
        rows = Category.objects.filter(is_active=True).order_by("position", "pk")
        return answer(_of(CATEGORY_ROWS, rows, self.asker))
