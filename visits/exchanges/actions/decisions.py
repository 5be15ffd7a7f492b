"""Decisions: made in a meeting, done by their owner, confirmed by the next meeting (domain D5)."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework import deadlines
from unionops.casework.enums import SupervisionKind
from unionops.casework.moves import finish, lock, move
from unionops.casework.notices import notify
from unionops.org.errors import ActionError, required
from unionops.org.events import record_event
from unionops.org.models import Organisation, Posting, User
from visits.actions import care, steps
from visits.models import Issue

from ..enums import DecisionKind, DecisionVerb
from ..models import Decision, Exchange
from ..permissions import check_can_decision, check_may_minute

Now = datetime.datetime | None

RULE = "decision"
TITLE = 120


def _check_owner(owner: User, district_id: int) -> None:
    posts = Posting.objects.on(timezone.localdate()).filter(user=owner, user__is_active=True)
    if not (posts.filter(organisation__district=district_id) | posts.filter(organisation=district_id)).exists():
        raise ActionError(_("%(name)s现在不在本区任职。") % {"name": owner}, field="owner")


def _check_due(due_on: datetime.date, now: datetime.datetime) -> None:
    if due_on < timezone.localdate(now):
        raise ActionError(_("完成期限不能早于今天。"), field="due_on")


def _run_until(row: Decision, now: datetime.datetime) -> None:
    deadlines.drop(row)
    row.deadline = deadlines.agree(row, RULE, _("月交流议定的期限"), on=timezone.localdate(now), due_on=row.due_on)


@transaction.atomic
def decide(
    exchange: Exchange, *, by: User, text: str, owner: User, due_on: datetime.date, kind: str = DecisionKind.TASK,
    issue: Issue | None = None, department: Organisation | None = None, participants: Sequence[Organisation] = (),
    now: Now = None,
) -> Decision:  # fmt: skip
    """A task, or a step with an issue of the agenda that is taken in the same transaction, with the guards of that step."""
    now = now or timezone.now()
    row = lock(exchange)
    check_may_minute(by, row)
    text = required(text, _("请写议定了什么。"), "text")
    _check_due(due_on, now)
    _check_owner(owner, row.district_id)
    if kind not in DecisionKind:
        raise ActionError(_("请选择种类。"), field="kind")
    if issue is not None and not row.items.filter(issue=issue, dropped=False).exists():
        raise ActionError(
            _("%(number)s 不在这次的议程上。") % {"number": issue.number},
            field="issue",
            next_step=_("请先加到议程里。"),
        )
    if kind != DecisionKind.TASK and issue is None:
        raise ActionError(_("请选择议程上的一件诉求。"), field="issue")
    decision = Decision(
        district_id=row.district_id, number=f"{row.number}-{row.decisions.count() + 1}", title=text[:TITLE], exchange=row,
        kind=kind, text=text, issue=issue, owner=owner, holder_user=owner, due_on=due_on, made_by=by, registered_at=now, state_since=now,
    )  # fmt: skip
    decision.save(force_insert=True)
    _run_until(decision, now)
    decision.save(update_fields=["deadline"])
    if issue is not None and kind != DecisionKind.TASK:
        _take(kind, issue, by=by, text=text, due_on=due_on, department=department, participants=participants, now=now)
    record_event(
        decision, "decide", by=by, now=now,
        data={"text": text, "owner": str(owner), "due_on": due_on, "kind": kind, "issue": issue.number if issue else ""},
    )  # fmt: skip
    record_event(
        row,
        "decide",
        by=by,
        now=now,
        data={"number": decision.number, "text": text, "owner": str(owner), "due_on": due_on},
    )
    notify(decision, "decide", by=by, to={owner.pk}, now=now)
    return decision


def _take(
    kind: str, issue: Issue, *, by: User, text: str, due_on: datetime.date, department: Organisation | None,
    participants: Sequence[Organisation], now: datetime.datetime,
) -> None:  # fmt: skip
    """The step itself, by its own action: whoever may not take it there may not take it here."""
    match kind:
        case DecisionKind.DISPATCH:
            if department is None:
                raise ActionError(_("请选择交办给哪个科室。"), field="department")
            steps.dispatch(issue, by=by, department=department, note=text, now=now)
        case DecisionKind.CONSULT:
            steps.consult(issue, by=by, question=text, participants=participants, now=now)
        case DecisionKind.SUPERVISE:
            care.supervise(issue, by=by, sort=SupervisionKind.ORDER, text=text, answer_due_on=due_on, now=now)


def _begin(decision: Decision, verb: str, *, by: User, version: int | None) -> Decision:
    row = lock(decision, version=version)
    check_can_decision(by, row, verb)
    return row


@transaction.atomic
def report(decision: Decision, *, by: User, result: str, version: int | None = None, now: Now = None) -> Decision:
    """Done, says the owner; the next meeting looks at it."""
    now = now or timezone.now()
    row = _begin(decision, DecisionVerb.REPORT, by=by, version=version)
    row.result = required(result, _("请写办成了什么。"), "result")
    before = move(row, DecisionVerb.REPORT, now=now)
    row.reported_at, row.reported_by = now, by
    row.holder_user = row.exchange.chair
    deadlines.meet(row, on=timezone.localdate(now))
    finish(row, DecisionVerb.REPORT, by=by, before=before, now=now, text=row.result)
    notify(row, DecisionVerb.REPORT, by=by, to={row.exchange.chair_id}, now=now)
    return row


@transaction.atomic
def confirm(decision: Decision, *, by: User, note: str = "", version: int | None = None, now: Now = None) -> Decision:
    now = now or timezone.now()
    row = _begin(decision, DecisionVerb.CONFIRM, by=by, version=version)
    before = move(row, DecisionVerb.CONFIRM, now=now)
    row.confirmed_by = by
    finish(row, DecisionVerb.CONFIRM, by=by, before=before, now=now, text=note)
    notify(row, DecisionVerb.CONFIRM, by=by, to={row.owner_id}, now=now)
    return row


@transaction.atomic
def return_back(
    decision: Decision, *, by: User, reason: str, due_on: datetime.date, version: int | None = None, now: Now = None
) -> Decision:
    """Not done yet: it goes back to its owner with a new date."""
    now = now or timezone.now()
    row = _begin(decision, DecisionVerb.RETURN, by=by, version=version)
    reason = required(reason, _("请写还差什么。"), "reason")
    _check_due(due_on, now)
    before = move(row, DecisionVerb.RETURN, now=now)
    row.reported_at = row.reported_by = None
    row.holder_user, row.due_on = row.owner, due_on
    _run_until(row, now)
    finish(row, DecisionVerb.RETURN, by=by, before=before, now=now, reason=reason, due_on=due_on)
    notify(row, DecisionVerb.RETURN, by=by, to={row.owner_id}, now=now)
    return row


@transaction.atomic
def change(
    decision: Decision,
    *,
    by: User,
    owner: User,
    due_on: datetime.date,
    reason: str,
    version: int | None = None,
    now: Now = None,
) -> Decision:
    """Another owner, another date, with a reason."""
    now = now or timezone.now()
    row = _begin(decision, DecisionVerb.CHANGE, by=by, version=version)
    reason = required(reason, _("请写调整的理由。"), "reason")
    if owner.pk != row.owner_id:
        _check_owner(owner, row.district_id)
    if due_on != row.due_on:
        _check_due(due_on, now)
    changes = {
        "owner": [str(row.owner), str(owner)], "due_on": [row.due_on.isoformat(), due_on.isoformat()]
    }  # fmt: skip
    before = move(row, DecisionVerb.CHANGE, now=now)
    moved = due_on != row.due_on
    row.owner = row.holder_user = owner
    row.due_on = due_on
    if moved:
        _run_until(row, now)
    finish(
        row, DecisionVerb.CHANGE, by=by, before=before, now=now, reason=reason,
        changes={name: pair for name, pair in changes.items() if pair[0] != pair[1]},
    )  # fmt: skip
    notify(row, DecisionVerb.CHANGE, by=by, to={owner.pk}, now=now)
    return row


@transaction.atomic
def withdraw(decision: Decision, *, by: User, reason: str, version: int | None = None, now: Now = None) -> Decision:
    now = now or timezone.now()
    row = _begin(decision, DecisionVerb.WITHDRAW, by=by, version=version)
    reason = required(reason, _("请写不再办理的理由。"), "reason")
    before = move(row, DecisionVerb.WITHDRAW, now=now)
    deadlines.drop(row)
    row.deadline = None
    finish(row, DecisionVerb.WITHDRAW, by=by, before=before, now=now, reason=reason)
    notify(row, DecisionVerb.WITHDRAW, by=by, to={row.owner_id}, now=now)
    return row


STEPS: dict[str, Callable[..., Any]] = {
    DecisionVerb.REPORT: report,
    DecisionVerb.CONFIRM: confirm,
    DecisionVerb.RETURN: return_back,
    DecisionVerb.CHANGE: change,
    DecisionVerb.WITHDRAW: withdraw,
}
assert set(STEPS) == set(DecisionVerb), "every verb of the table has its action"
