"""The steps of an issue (domain 2.4), one function a verb: lock → check → change → save → record → tell."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework import deadlines
from unionops.casework.enums import LinkKind, Satisfaction, Way
from unionops.casework.models import CaseLink, FollowUp, Task
from unionops.casework.moves import finish, lock, move
from unionops.casework.notices import holders, notify
from unionops.org.errors import ActionError, required
from unionops.org.events import kind_of
from unionops.org.models import Organisation, Posting, User

from ..enums import (
    STOPS_CLOCK,
    TERM_DISPATCH,
    TERM_FOLLOW_UP,
    TERM_HANDLE,
    TERM_RESUBMIT,
    TERM_RULING,
    TERM_SIGN_FOR,
    IssueState,
    PauseReason,
    ResultKind,
    Verb,
    results_in,
)
from ..models import Consultation, Issue, OutsideReferral, Rectification
from ..permissions import check_can
from .apply import apply_close_explained, apply_explain, apply_submit
from .pen import hold_pen

Now = datetime.datetime | None


# Of a task that asks for nothing but the answer: it is done with the answer.
ANSWER_DUE = "answer"


@dataclass(frozen=True, kw_only=True)
class TaskDraft:
    what: str
    due_on: datetime.date
    organisation: Organisation | None = None
    owner: User | None = None


def _begin(issue: Issue, verb: str, *, by: User, version: int | None) -> Issue:
    row = lock(issue, version=version)
    check_can(by, row, verb)
    return row


def _end(
    row: Issue,
    verb: str,
    *,
    by: User,
    before: str,
    now: datetime.datetime,
    tell: set[int] | None = None,
    **data: object,
) -> Issue:
    hold_pen(row)
    finish(row, verb, by=by, before=before, now=now, **data)
    notify(row, verb, by=by, to=holders(row) if tell is None else tell, now=now)
    return row


@transaction.atomic
def explain(
    issue: Issue, *, by: User, explanation: str, understood: bool, basis: str,
    version: int | None = None, now: Now = None,
) -> Issue:  # fmt: skip
    now = now or timezone.now()
    row = _begin(issue, Verb.EXPLAIN, by=by, version=version)
    before, data = apply_explain(row, explanation=explanation, basis=basis, understood=understood, now=now)
    _end(row, Verb.EXPLAIN, by=by, before=before, now=now, **data)
    return close_explained(row, by=by, now=now) if understood else row


@transaction.atomic
def close_explained(issue: Issue, *, by: User, version: int | None = None, now: Now = None) -> Issue:
    now = now or timezone.now()
    row = _begin(issue, Verb.CLOSE_EXPLAINED, by=by, version=version)
    before, data = apply_close_explained(row, by=by, now=now)
    deadlines.meet(row, on=timezone.localdate(now))
    return _end(row, Verb.CLOSE_EXPLAINED, by=by, before=before, now=now, **data)


@transaction.atomic
def submit(
    issue: Issue, *, by: User, department: Organisation | None = None, note: str = "",
    version: int | None = None, now: Now = None,
) -> Issue:  # fmt: skip
    now = now or timezone.now()
    row = _begin(issue, Verb.SUBMIT, by=by, version=version)
    before, data = apply_submit(row, department=department, now=now)
    deadlines.meet(row, on=timezone.localdate(now))
    row.deadline = deadlines.start(row, TERM_DISPATCH, on=timezone.localdate(now))
    return _end(row, Verb.SUBMIT, by=by, before=before, now=now, note=note, **data)


@transaction.atomic
def return_back(issue: Issue, *, by: User, reason: str, version: int | None = None, now: Now = None) -> Issue:
    now = now or timezone.now()
    row = _begin(issue, Verb.RETURN, by=by, version=version)
    reason = required(reason, _("请写退回的理由，登记人要知道补什么。"), "reason")
    before = move(row, Verb.RETURN, now=now)
    deadlines.meet(row, on=timezone.localdate(now))
    row.deadline = deadlines.start(row, TERM_RESUBMIT, on=timezone.localdate(now))
    return _end(row, Verb.RETURN, by=by, before=before, now=now, reason=reason)


@transaction.atomic
def dispatch(
    issue: Issue, *, by: User, department: Organisation, helping: Sequence[Organisation] = (), urgency: int | None = None,
    note: str = "", version: int | None = None, now: Now = None,
) -> Issue:  # fmt: skip
    """Two clocks start: to sign for it, and to handle it, both by urgency (domain 2.6)."""
    now = now or timezone.now()
    row = _begin(issue, Verb.DISPATCH, by=by, version=version)
    if department.district_id != row.district_id:
        raise ActionError(_("请选本区的科室。"), field="department")
    before = move(row, Verb.DISPATCH, now=now)
    today = timezone.localdate(now)
    deadlines.meet(row, on=today)
    row.lead_department, row.handler = department, None
    row.urgency = urgency or row.urgency
    row.dispatched_at = now
    row.signed_at = None
    row.helping_departments.set([helper for helper in helping if helper != department])
    deadlines.start(row, f"{TERM_HANDLE}.{row.urgency}", on=today)
    row.deadline = deadlines.start(row, f"{TERM_SIGN_FOR}.{row.urgency}", on=today)
    return _end(
        row, Verb.DISPATCH, by=by, before=before, now=now, note=note,
        department=str(department), helping=[str(helper) for helper in helping], urgency=row.get_urgency_display(),
    )  # fmt: skip


@transaction.atomic
def sign_for(issue: Issue, *, by: User, version: int | None = None, now: Now = None) -> Issue:
    now = now or timezone.now()
    row = _begin(issue, Verb.SIGN_FOR, by=by, version=version)
    before = move(row, Verb.SIGN_FOR, now=now)
    deadlines.meet(row, on=timezone.localdate(now), rule=TERM_SIGN_FOR)
    row.handler, row.signed_at = by, now
    row.deadline = deadlines.running(row, TERM_HANDLE)
    return _end(
        row, Verb.SIGN_FOR, by=by, before=before, now=now, tell={row.liaison_id}, department=str(row.lead_department)
    )


@transaction.atomic
def decline(issue: Issue, *, by: User, reason: str, version: int | None = None, now: Now = None) -> Issue:
    """Only once: after the leader's ruling the department keeps it (domain 2.4 row 8)."""
    now = now or timezone.now()
    row = _begin(issue, Verb.DECLINE, by=by, version=version)
    reason = required(reason, _("请写为什么不属于本科室。"), "reason")
    before = move(row, Verb.DECLINE, now=now)
    deadlines.meet(row, on=timezone.localdate(now), rule=TERM_SIGN_FOR)
    deadlines.drop(row)
    row.declined_count += 1
    row.deadline = deadlines.start(row, TERM_RULING, on=timezone.localdate(now))
    return _end(row, Verb.DECLINE, by=by, before=before, now=now, reason=reason, department=str(row.lead_department))


@transaction.atomic
def consult(
    issue: Issue, *, by: User, question: str, participants: Sequence[Organisation], planned_at: Now = None, place: str = "",
    version: int | None = None, now: Now = None,
) -> Issue:  # fmt: skip
    now = now or timezone.now()
    row = _begin(issue, Verb.CONSULT, by=by, version=version)
    question = required(question, _("请写要会诊的问题。"), "question")
    if not participants:
        raise ActionError(_("请选择参加会诊的单位。"), field="participants")
    before = move(row, Verb.CONSULT, now=now)
    consultation = Consultation.objects.create(
        issue=row, question=question, planned_at=planned_at, place=place, convened_by=by, convened_at=now
    )
    consultation.participants.set(participants)
    return _end(
        row, Verb.CONSULT, by=by, before=before, now=now, tell=holders(row) | _people_of(participants),
        question=question, participants=[str(participant) for participant in participants],
    )  # fmt: skip


def _people_of(organisations: Sequence[Organisation]) -> set[int]:
    posts = Posting.objects.on(timezone.localdate()).filter(organisation__in=organisations)
    return set(posts.values_list("user", flat=True))


@transaction.atomic
def conclude(
    issue: Issue,
    *,
    by: User,
    minutes: str,
    tasks: Sequence[TaskDraft] = (),
    version: int | None = None,
    now: Now = None,
) -> Issue:
    now = now or timezone.now()
    row = _begin(issue, Verb.CONCLUDE, by=by, version=version)
    minutes = required(minutes, _("请写会诊结论。"), "minutes")
    before = move(row, Verb.CONCLUDE, now=now)
    row.consultations.filter(concluded_at=None).update(minutes=minutes, concluded_at=now, concluded_by=by)
    _add_tasks(row, "consultation", tasks)
    return _end(row, Verb.CONCLUDE, by=by, before=before, now=now, minutes=minutes, tasks=[task.what for task in tasks])


def _add_tasks(row: Issue, origin: str, tasks: Sequence[TaskDraft]) -> None:
    Task.objects.bulk_create(
        Task(
            district_id=row.district_id,
            kind=kind_of(row),
            case_id=row.pk,
            origin=origin,
            what=task.what,
            organisation=task.organisation or row.lead_department,
            owner=task.owner,
            due_on=task.due_on,
        )
        for task in tasks
    )


@transaction.atomic
def propose_plan(
    issue: Issue, *, by: User, measure: str, roadmap: str, responsible: str, due_on: datetime.date,
    milestones: Sequence[TaskDraft] = (), version: int | None = None, now: Now = None,
) -> Issue:  # fmt: skip
    """整改清单: measure, roadmap, timetable and responsible person, laid before the leader (domain C03)."""
    now = now or timezone.now()
    row = _begin(issue, Verb.PROPOSE_PLAN, by=by, version=version)
    if due_on <= timezone.localdate(now):
        raise ActionError(_("完成期限要晚于今天。"), field="due_on")
    before = move(row, Verb.PROPOSE_PLAN, now=now)
    row.rectifications.filter(approved_at=None).delete()
    Rectification.objects.create(
        issue=row,
        measure=required(measure, _("请写整改措施。"), "measure"),
        roadmap=required(roadmap, _("请写路线图。"), "roadmap"),
        responsible=required(responsible, _("请写责任人。"), "responsible"),
        due_on=due_on,
        proposed_by=by,
        proposed_at=now,
    )
    Task.objects.filter(kind=kind_of(row), case_id=row.pk, origin="milestone", done_at=None).delete()
    _add_tasks(row, "milestone", milestones)
    row.plan_proposed = True
    return _end(
        row, Verb.PROPOSE_PLAN, by=by, before=before, now=now, measure=measure, responsible=responsible, due_on=due_on
    )


@transaction.atomic
def plan(issue: Issue, *, by: User, note: str = "", version: int | None = None, now: Now = None) -> Issue:
    """The list is approved: from now on the issue runs to the date of its list, under supervision."""
    now = now or timezone.now()
    row = _begin(issue, Verb.PLAN, by=by, version=version)
    before = move(row, Verb.PLAN, now=now)
    rectification = row.rectifications.get(approved_at=None)
    rectification.approved_at, rectification.approved_by = now, by
    rectification.save(update_fields=["approved_at", "approved_by"])
    row.plan_proposed = False
    row.deadline = deadlines.set_due(row, TERM_HANDLE, due_on=rectification.due_on)
    return _end(row, Verb.PLAN, by=by, before=before, now=now, note=note, due_on=rectification.due_on)


@transaction.atomic
def suspend(
    issue: Issue, *, by: User, reason: str, resume_on: datetime.date, note: str = "",
    version: int | None = None, now: Now = None,
) -> Issue:  # fmt: skip
    """The clock stops only for a reason in the allowed list (domain 2.4 row 12)."""
    now = now or timezone.now()
    row = _begin(issue, Verb.SUSPEND, by=by, version=version)
    today = timezone.localdate(now)
    if resume_on <= today:
        raise ActionError(_("恢复日期要晚于今天。"), field="resume_on")
    before = move(row, Verb.SUSPEND, now=now)
    row.suspended_from, row.suspend_reason, row.resume_on = before, reason, resume_on
    stops = reason in STOPS_CLOCK
    if stops:
        deadlines.pause(row, on=today, reason=str(PauseReason(reason).label), by=by)
    return _end(
        row, Verb.SUSPEND, by=by, before=before, now=now, tell=_department_and_registrar(row),
        reason=str(PauseReason(reason).label), resume_on=resume_on, note=note, stops_clock=stops,
    )  # fmt: skip


@transaction.atomic
def resume(issue: Issue, *, by: User, note: str = "", version: int | None = None, now: Now = None) -> Issue:
    now = now or timezone.now()
    row = _begin(issue, Verb.RESUME, by=by, version=version)
    before = move(row, Verb.RESUME, now=now, target=row.suspended_from or IssueState.HANDLING)
    deadlines.resume(row, on=timezone.localdate(now))
    row.suspended_from, row.suspend_reason, row.resume_on = "", "", None
    return _end(row, Verb.RESUME, by=by, before=before, now=now, note=note)


def _department_and_registrar(row: Issue) -> set[int]:
    return {row.liaison_id, *([row.handler_id] if row.handler_id else [])}


@transaction.atomic
def transfer(
    issue: Issue, *, by: User, body: str, letter_number: str, receipt: str = "",
    version: int | None = None, now: Now = None,
) -> Issue:  # fmt: skip
    """It goes to an outside body by letter and is still followed up by the department."""
    now = now or timezone.now()
    row = _begin(issue, Verb.TRANSFER, by=by, version=version)
    body = required(body, _("请写转给哪个单位。"), "body")
    letter_number = required(letter_number, _("请写函号。"), "letter_number")
    before = move(row, Verb.TRANSFER, now=now)
    row.plan_proposed = False
    OutsideReferral.objects.create(
        issue=row, body=body, letter_number=letter_number, receipt=receipt, sent_on=timezone.localdate(now)
    )
    return _end(row, Verb.TRANSFER, by=by, before=before, now=now, body=body, letter_number=letter_number)


@transaction.atomic
def convert(
    issue: Issue, *, by: User, linked_case: str, note: str = "", version: int | None = None, now: Now = None
) -> Issue:
    """It becomes a case of another domain; the issue stays open and is answered when that case ends."""
    now = now or timezone.now()
    row = _begin(issue, Verb.CONVERT, by=by, version=version)
    before = move(row, Verb.CONVERT, now=now)
    row.plan_proposed = False
    row.linked_case = required(linked_case, _("请写专案编号。"), "linked_case")
    return _end(row, Verb.CONVERT, by=by, before=before, now=now, linked_case=row.linked_case, note=note)


@transaction.atomic
def answer(
    issue: Issue, *, by: User, result_kind: str, result_text: str, answer_way: str,
    amount_recovered: Decimal = Decimal(0), workers_benefited: int = 0, version: int | None = None, now: Now = None,
) -> Issue:  # fmt: skip
    """The department says done; the pen goes on to somebody who asks the claimant (domain 2.4 rows 15 and 16)."""
    now = now or timezone.now()
    row = _begin(issue, Verb.ANSWER, by=by, version=version)
    row.result_text = required(result_text, _("请写答复内容。"), "result_text")
    if result_kind not in ResultKind:
        raise ActionError(_("请选择结果。"), field="result_kind")
    if result_kind not in results_in(row.state):
        kind = ResultKind(result_kind).label
        raise ActionError(_("没有走过这一步，不能以“%(kind)s”答复。") % {"kind": kind}, field="result_kind")
    before = move(row, Verb.ANSWER, now=now)
    row.result_kind, row.answer_way = result_kind, answer_way
    row.amount_recovered, row.workers_benefited = amount_recovered, workers_benefited
    row.answered_at, row.answered_by = now, by
    row.plan_proposed = False
    deadlines.meet(row, on=timezone.localdate(now))
    Task.objects.filter(kind=kind_of(row), case_id=row.pk, origin=ANSWER_DUE, done_at=None).update(
        done_at=now, done_by=by
    )
    _end(
        row, Verb.ANSWER, by=by, before=before, now=now, tell={row.liaison_id}, result=row.get_result_kind_display(),
        text=row.result_text, amount=amount_recovered, workers=workers_benefited, way=row.get_answer_way_display(),
    )  # fmt: skip
    return open_follow_up(row, by=User.objects.system(), now=now)


@transaction.atomic
def open_follow_up(issue: Issue, *, by: User, version: int | None = None, now: Now = None) -> Issue:
    now = now or timezone.now()
    row = _begin(issue, Verb.OPEN_FOLLOW_UP, by=by, version=version)
    before = move(row, Verb.OPEN_FOLLOW_UP, now=now)
    row.deadline = deadlines.start(row, TERM_FOLLOW_UP, on=timezone.localdate(now))
    FollowUp.objects.create(district_id=row.district_id, kind=kind_of(row), case_id=row.pk, due_on=row.deadline.due_on)
    return _end(row, Verb.OPEN_FOLLOW_UP, by=by, before=before, now=now, due_on=row.deadline.due_on)


def _settle_follow_up(
    row: Issue, *, by: User, way: str, resolved: bool, satisfaction: str, note: str, now: datetime.datetime
) -> None:
    if way not in Way:
        raise ActionError(_("请选择回访方式。"), field="way")
    FollowUp.objects.filter(kind=kind_of(row), case_id=row.pk, done_at=None, is_sample=False).update(
        done_at=now, done_by=by, way=way, resolved=resolved, satisfaction=satisfaction, note=note
    )
    row.satisfaction = satisfaction
    deadlines.meet(row, on=timezone.localdate(now))


@transaction.atomic
def confirm(
    issue: Issue, *, by: User, way: str, satisfaction: str = "", note: str = "",
    version: int | None = None, now: Now = None,
) -> Issue:  # fmt: skip
    """The claimant says that it is settled; a claimant who is not satisfied has it reopened instead."""
    now = now or timezone.now()
    row = _begin(issue, Verb.CONFIRM, by=by, version=version)
    if satisfaction == Satisfaction.NOT:
        raise ActionError(_("反映人不满意时，请选“退回重办”。"), field="satisfaction")
    before = move(row, Verb.CONFIRM, now=now)
    _settle_follow_up(row, by=by, way=way, resolved=True, satisfaction=satisfaction, note=note, now=now)
    return _end(
        row, Verb.CONFIRM, by=by, before=before, now=now, tell={row.liaison_id, row.handler_id or 0} - {0},
        way=str(Way(way).label), satisfaction=str(Satisfaction(satisfaction).label) if satisfaction else "", note=note,
    )  # fmt: skip


@transaction.atomic
def reopen(
    issue: Issue, *, by: User, way: str, reason: str, satisfaction: str = Satisfaction.NOT,
    version: int | None = None, now: Now = None,
) -> Issue:  # fmt: skip
    """A bad answer goes back to the leader, who dispatches it again."""
    now = now or timezone.now()
    row = _begin(issue, Verb.REOPEN, by=by, version=version)
    reason = required(reason, _("请写反映人为什么不满意。"), "reason")
    before = move(row, Verb.REOPEN, now=now)
    _settle_follow_up(row, by=by, way=way, resolved=False, satisfaction=satisfaction, note=reason, now=now)
    _take_back(row, now=now)
    return _end(
        row, Verb.REOPEN, by=by, before=before, now=now, tell=holders_after(row) | {row.liaison_id},
        reason=reason, way=str(Way(way).label), satisfaction=str(Satisfaction(satisfaction).label) if satisfaction else "",
    )  # fmt: skip


def holders_after(row: Issue) -> set[int]:
    hold_pen(row)
    return holders(row)


def _take_back(row: Issue, *, now: datetime.datetime) -> None:
    """What the answer said no longer holds; the timeline keeps it."""
    row.reopen_count += 1
    row.result_kind = row.answer_way = ""
    row.answered_at = row.answered_by = None
    row.deadline = deadlines.start(row, TERM_DISPATCH, on=timezone.localdate(now))


@transaction.atomic
def appeal(issue: Issue, *, by: User, reason: str, version: int | None = None, now: Now = None) -> Issue:
    """A closed issue that came back within 90 days is taken up again under its own number (domain 2.4 row 20)."""
    now = now or timezone.now()
    row = _begin(issue, Verb.APPEAL, by=by, version=version)
    reason = required(reason, _("请写申诉或复发的情况。"), "reason")
    # What was closed until now stays readable in the figures of earlier days.
    closed_on, closed_as = row.closed_at and timezone.localdate(row.closed_at), row.result_kind
    before = move(row, Verb.APPEAL, now=now)
    _take_back(row, now=now)
    return _end(
        row, Verb.APPEAL, by=by, before=before, now=now, reason=reason, closed_on=closed_on, closed_as=closed_as
    )


@transaction.atomic
def merge(issue: Issue, *, by: User, into: Issue, reason: str, version: int | None = None, now: Now = None) -> Issue:
    """The issue ends in another; the other is linked and its people go on being told."""
    now = now or timezone.now()
    row = _begin(issue, Verb.MERGE, by=by, version=version)
    reason = required(reason, _("请写合并的理由。"), "reason")
    if into.pk == row.pk:
        raise ActionError(_("不能合并到自己。"), field="into")
    if into.district_id != row.district_id or into.state in (IssueState.MERGED, IssueState.VOID):
        raise ActionError(_("目标诉求已合并或作废，请选另一件。"), field="into")
    before = move(row, Verb.MERGE, now=now)
    row.merged_into = into
    row.plan_proposed = False
    deadlines.drop(row)
    row.deadline = None
    CaseLink.objects.get_or_create(
        from_kind=kind_of(row), from_id=row.pk, to_kind=kind_of(into), to_id=into.pk,
        defaults={"sort": LinkKind.DUPLICATE, "made_by": by},
    )  # fmt: skip
    return _end(row, Verb.MERGE, by=by, before=before, now=now, tell={row.liaison_id}, into=into.number, reason=reason)


@transaction.atomic
def void(issue: Issue, *, by: User, reason: str, version: int | None = None, now: Now = None) -> Issue:
    now = now or timezone.now()
    row = _begin(issue, Verb.VOID, by=by, version=version)
    reason = required(reason, _("请写作废的理由。"), "reason")
    before = move(row, Verb.VOID, now=now)
    row.plan_proposed = False
    deadlines.drop(row)
    row.deadline = None
    return _end(row, Verb.VOID, by=by, before=before, now=now, tell={row.liaison_id}, reason=reason)


STEPS: dict[str, Callable[..., Any]] = {
    Verb.EXPLAIN: explain,
    Verb.CLOSE_EXPLAINED: close_explained,
    Verb.SUBMIT: submit,
    Verb.RETURN: return_back,
    Verb.DISPATCH: dispatch,
    Verb.SIGN_FOR: sign_for,
    Verb.DECLINE: decline,
    Verb.CONSULT: consult,
    Verb.CONCLUDE: conclude,
    Verb.PROPOSE_PLAN: propose_plan,
    Verb.PLAN: plan,
    Verb.SUSPEND: suspend,
    Verb.RESUME: resume,
    Verb.TRANSFER: transfer,
    Verb.CONVERT: convert,
    Verb.ANSWER: answer,
    Verb.OPEN_FOLLOW_UP: open_follow_up,
    Verb.CONFIRM: confirm,
    Verb.REOPEN: reopen,
    Verb.MERGE: merge,
    Verb.VOID: void,
    Verb.APPEAL: appeal,
}
assert set(STEPS) == set(Verb), "every verb of the table has its action"
