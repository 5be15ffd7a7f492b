"""What is done around an issue without moving it: notes, corrections, supervision, time, tasks, links, samples."""

from __future__ import annotations

import datetime
import random
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework import deadlines
from unionops.casework.enums import LinkKind, SupervisionKind, Urgency, Way
from unionops.casework.models import CaseLink, FollowUp, Supervision, Task, Watch
from unionops.casework.moves import finish, lock
from unionops.casework.notices import holders, notify, posted
from unionops.china.names import mask_name
from unionops.china.phones import mask_phone
from unionops.joining import listed
from unionops.org.enums import Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed, required
from unionops.org.events import changed_fields, kind_of, record_event
from unionops.org.models import Organisation, User

from ..enums import TERM_HANDLE, TERM_SIGN_FOR, ClaimantKind, IssueState, Relation
from ..models import Issue, OutsideReferral
from ..permissions import (
    check_may_assign,
    check_may_correct,
    check_may_extend,
    check_may_record_attempt,
    check_may_reveal,
    check_may_set_urgency,
    check_may_settle_sample,
    check_may_supervise,
    check_takes_part,
    relations,
)
from .pen import hold_pen

Now = datetime.datetime | None

CORRECTABLE = (
    "title",
    "description",
    "demand",
    "category",
    "enterprise",
    "claimant_kind",
    "claimant_count",
    "new_employment",
    "is_sensitive",
    "hide_from_firm",
)


@transaction.atomic
def add_note(issue: Issue, *, by: User, text: str) -> Issue:
    """进展: one line in the timeline by whoever takes part."""
    check_takes_part(by, issue)
    text = required(text, _("请写进展。"), "text")
    record_event(issue, "note", by=by, data={"text": text})
    notify(issue, "note", by=by, to=holders(issue))
    return issue


@transaction.atomic
def correct(
    issue: Issue, *, by: User, fields: dict[str, Any], claimant_name: str | None = None, claimant_phone: str | None = None,
    version: int | None = None,
) -> Issue:  # fmt: skip
    """Correct the facts; the timeline keeps what they were. ``fields`` may hold only what is in CORRECTABLE."""
    row = lock(issue, version=version)
    check_may_correct(by, row)
    unknown = set(fields) - set(CORRECTABLE)
    if unknown:
        raise ActionError(_("不能更正这些内容：%(fields)s。") % {"fields": listed(sorted(unknown))})
    before = {name: getattr(row, name) for name in fields}
    for name, value in fields.items():
        setattr(row, name, value)
    changes = changed_fields(before, fields)
    if row.claimant_kind == ClaimantKind.ANONYMOUS:
        claimant_name = claimant_phone = ""
    for name, value, mask in (
        ("claimant_name", claimant_name, mask_name),
        ("claimant_phone", claimant_phone, mask_phone),
    ):
        if value is not None:
            old = getattr(row, f"{name}_masked")
            row.put(name, value, mask(value))
            changes |= changed_fields({name: old}, {name: getattr(row, f"{name}_masked")})
    if changes:
        finish(row, "correct", by=by, changes=changes)
    return row


@transaction.atomic
def set_urgency(issue: Issue, *, by: User, urgency: int, reason: str, version: int | None = None) -> Issue:
    """The clocks that run are measured anew from their start with the term of the new urgency."""
    row = lock(issue, version=version)
    check_may_set_urgency(by, row)
    reason = required(reason, _("请写调整的理由。"), "reason")
    old, row.urgency = row.get_urgency_display(), urgency
    for rule in (TERM_SIGN_FOR, TERM_HANDLE):
        deadlines.change_term(row, rule, f"{rule}.{urgency}")
    finish(row, "set_urgency", by=by, changes={"urgency": [old, str(Urgency(urgency).label)]}, reason=reason)
    notify(row, "set_urgency", by=by, to=holders(row))
    return row


@transaction.atomic
def extend(issue: Issue, *, by: User, days: int, reason: str, version: int | None = None) -> Issue:
    """A leader gives more time, with a reason; how it was computed stays readable."""
    row = lock(issue, version=version)
    check_may_extend(by, row)
    assert row.deadline is not None
    reason = required(reason, _("请写延期的理由。"), "reason")
    if not 1 <= days <= 60:
        raise ActionError(_("延期为 1 至 60 天。"), field="days")
    old = row.deadline.due_on
    deadline = deadlines.extend(row.deadline, days)
    finish(row, "extend", by=by, changes={"due_on": [old.isoformat(), deadline.due_on.isoformat()]}, reason=reason)
    notify(row, "extend", by=by, to=holders(row))
    return row


@transaction.atomic
def assign(issue: Issue, *, by: User, handler: User, version: int | None = None) -> Issue:
    """Within the lead department, to somebody who is posted there today."""
    row = lock(issue, version=version)
    check_may_assign(by, row)
    if row.lead_department_id not in handler.scope.departments | handler.scope.towns:
        raise ActionError(_("%(name)s现在不在主办科室任职。") % {"name": handler}, field="handler")
    old, row.handler = str(row.handler or ""), handler
    hold_pen(row)
    finish(row, "assign", by=by, changes={"handler": [old, str(handler)]})
    notify(row, "assign", by=by, to={handler.pk})
    return row


@transaction.atomic
def supervise(
    issue: Issue, *, by: User, sort: str, text: str, answer_due_on: datetime.date | None = None, now: Now = None
) -> Supervision:
    """催办 reminds whoever holds the pen; 督办 is a formal order that must be answered."""
    now = now or timezone.now()
    row = lock(issue)
    check_may_supervise(by, row)
    if sort == SupervisionKind.ORDER and not answer_due_on:
        raise ActionError(_("督办要写明答复期限。"), field="answer_due_on")
    supervision = Supervision.objects.create(
        district_id=row.district_id,
        kind=kind_of(row),
        case_id=row.pk,
        sort=sort,
        text=required(text, _("请写要求。"), "text"),
        organisation=row.holder_organisation or row.lead_department,
        by=by,
        at=now,
        answer_due_on=answer_due_on,
    )
    record_event(row, str(sort), by=by, data={"text": supervision.text, "due_on": answer_due_on}, now=now)
    notify(row, str(sort), by=by, to=holders(row))
    return supervision


@transaction.atomic
def answer_supervision(
    issue: Issue, supervision: Supervision, *, by: User, answer: str, now: Now = None
) -> Supervision:
    now = now or timezone.now()
    row = lock(issue)
    check_takes_part(by, row)
    supervision = Supervision.objects.select_for_update().get(pk=supervision.pk, kind=kind_of(row), case_id=row.pk)
    if supervision.answered_at:
        raise InvalidTransition(_("这份督办已经答复过。"))
    supervision.answer = required(answer, _("请写答复。"), "answer")
    supervision.answered_at, supervision.answered_by = now, by
    supervision.save(update_fields=["answer", "answered_at", "answered_by"])
    record_event(row, "answer_supervision", by=by, data={"text": supervision.answer}, now=now)
    notify(row, "answer_supervision", by=by, to={supervision.by_id})
    return supervision


@transaction.atomic
def record_attempt(issue: Issue, *, by: User, note: str = "") -> Issue:
    """Nobody picked up; three such attempts are reported apart (domain 2.8)."""
    row = lock(issue)
    check_may_record_attempt(by, row)
    waiting = FollowUp.objects.select_for_update().get(kind=kind_of(row), case_id=row.pk, done_at=None, is_sample=False)
    waiting.attempts += 1
    waiting.save(update_fields=["attempts"])
    record_event(row, "attempt", by=by, data={"count": waiting.attempts, "text": note})
    return row


@transaction.atomic
def record_reply(issue: Issue, referral: OutsideReferral, *, by: User, reply: str, replied_on: datetime.date) -> Issue:
    """What the outside body answered; the department then answers the claimant."""
    row = lock(issue)
    check_takes_part(by, row)
    if replied_on < referral.sent_on or replied_on > timezone.localdate():
        raise ActionError(_("答复日期要在转办日期和今天之间。"), field="replied_on")
    referral.reply, referral.replied_on = required(reply, _("请写对方的答复。"), "reply"), replied_on
    referral.save(update_fields=["reply", "replied_on"])
    record_event(row, "record_reply", by=by, data={"body": referral.body, "text": referral.reply})
    notify(row, "record_reply", by=by, to=holders(row))
    return row


@transaction.atomic
def complete_task(issue: Issue, task: Task, *, by: User, note: str = "", now: Now = None) -> Task:
    now = now or timezone.now()
    row = lock(issue)
    mine = task.owner_id == by.pk or task.organisation_id in by.scope.departments | by.scope.towns
    if not mine and not relations(by, row) & {Relation.DEPARTMENT, Relation.DISPATCHER}:
        raise NotAllowed(_("这项任务由责任人或主办科室来销号。"))
    task.refresh_from_db()
    if task.done_at:
        raise InvalidTransition(_("这项任务已经完成。"))
    task.done_at, task.done_by, task.note = now, by, note
    task.save(update_fields=["done_at", "done_by", "note"])
    record_event(row, "complete_task", by=by, data={"what": task.what, "text": note}, now=now)
    return task


@transaction.atomic
def link(issue: Issue, other: Issue, *, by: User, sort: str = LinkKind.RELATED) -> CaseLink:
    check_takes_part(by, issue)
    if issue.pk == other.pk:
        raise ActionError(_("不能和自己关联。"), field="other")
    made, is_new = CaseLink.objects.get_or_create(
        from_kind=kind_of(issue), from_id=issue.pk, to_kind=kind_of(other), to_id=other.pk,
        defaults={"sort": sort, "made_by": by},
    )  # fmt: skip
    if is_new:
        record_event(issue, "link", by=by, data={"other": other.number})
    return made


@transaction.atomic
def watch(issue: Issue, *, by: User, on: bool) -> None:
    if on:
        Watch.objects.get_or_create(user=by, kind=kind_of(issue), case_id=issue.pk)
    else:
        Watch.objects.filter(user=by, kind=kind_of(issue), case_id=issue.pk).delete()


@transaction.atomic
def reveal(issue: Issue, name: str, *, by: User, reason: str) -> str:
    """Return a masked value in clear, for whoever handles the issue; who, what and why stay in the timeline."""
    if name not in Issue.SEALED:
        raise ActionError(_("没有这项内容。"))
    check_may_reveal(by, issue)
    reason = required(reason, _("请写查看的理由，会记入经过。"), "reason")
    record_event(issue, "reveal", by=by, data={"field": name, "reason": reason})
    return issue.open(name)


@transaction.atomic
def draw_sample(
    district: Organisation, *, by: User, month: datetime.date, share: float, seed: int | None = None
) -> list[FollowUp]:
    """Draw the month's random sample of closed issues for a second visit or call, once for a month (domain C03)."""
    first = month.replace(day=1)
    after = (first + datetime.timedelta(days=32)).replace(day=1)
    closed = Issue.objects.filter(
        district=district, state=IssueState.CLOSED, closed_at__date__gte=first, closed_at__date__lt=after
    ).order_by("pk")
    drawn = FollowUp.objects.filter(kind="issue", is_sample=True, case_id__in=closed.values("pk"))
    if drawn.exists():
        return list(drawn)
    ids = list(closed.values_list("pk", flat=True))
    count = max(1, round(len(ids) * share)) if ids else 0
    chosen = random.Random(seed).sample(ids, count)  # noqa: S311 -- fairness, not secrecy
    due = deadlines.working_day_after(timezone.localdate(), 10)
    return FollowUp.objects.bulk_create(
        FollowUp(district=district, kind="issue", case_id=case, is_sample=True, due_on=due) for case in chosen
    )


@transaction.atomic
def settle_sample(
    issue: Issue, sample: FollowUp, *, by: User, way: str, resolved: bool, satisfaction: str = "", note: str = "",
    now: Now = None,
) -> FollowUp:  # fmt: skip
    """Record a re-visit of a closed issue; a bad answer tells the leader, who may take it up again."""
    now = now or timezone.now()
    row = lock(issue)
    check_may_settle_sample(by, row)
    sample.refresh_from_db()
    if sample.done_at:
        raise InvalidTransition(_("这件抽查已经做过。"))
    if way not in Way:
        raise ActionError(_("请选择回访方式。"), field="way")
    sample.done_at, sample.done_by, sample.way = now, by, way
    sample.resolved, sample.satisfaction, sample.note = resolved, satisfaction, note
    sample.save()
    record_event(row, "sample", by=by, data={"way": str(Way(way).label), "resolved": resolved, "text": note}, now=now)
    if not resolved:
        notify(row, "bad_sample", by=by, to=posted(row.district_id, {Role.LEADER})[Role.LEADER])
    return sample
