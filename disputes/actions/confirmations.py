"""仲裁审查、司法确认、支付令: the side machine of an agreement (domain 3.6 C1-C4). What the bodies decide is entered here."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework import deadlines
from unionops.casework.models import Attachment
from unionops.casework.moves import lock, shift
from unionops.org.errors import ActionError, required
from unionops.org.models import User

from ..enums import CONFIRMATION_TRANSITIONS, LIVE_CONFIRMATIONS, ConfirmationVerb
from ..models import Confirmation, Dispute
from ..permissions import check_confirmation_step, check_may_confirm
from ..policies import check_confirmation_open, standing_agreement
from ..terms import await_decision, window_code, windows
from .moving import Now, check_not_later, check_of_case, touch


@transaction.atomic
def apply(
    dispute: Dispute, *, by: User, kind: str, body: str, applied_on: datetime.date, paper: Attachment | None = None,
    version: int | None = None, now: Now = None,
) -> Confirmation:  # fmt: skip
    """Both parties ask together, or the worker alone for a payment order. Late is written down, not refused: the body decides."""
    now = now or timezone.now()
    row = lock(dispute, version=version)
    check_may_confirm(by, row)
    check_confirmation_open(row, kind)
    agreement = standing_agreement(row)
    if agreement.confirmations.filter(state__in=LIVE_CONFIRMATIONS).exists():
        raise ActionError(_("这份协议已有在办或已确认的申请。"), field="kind")
    assert agreement.effective_on is not None
    if check_not_later(applied_on, now, "applied_on") < agreement.effective_on:
        raise ActionError(_("申请日期不能早于生效日期。"), field="applied_on")
    window = windows(row).get(kind)
    found = Confirmation.objects.create(
        agreement=agreement,
        kind=kind,
        body=required(body, _("请写向哪里申请。"), "body"),
        applied_on=applied_on,
        is_late=window is not None and applied_on > window.due_on,
        paper=check_of_case(row, paper, "paper"),
        applied_by=by,
    )
    deadlines.meet(row, on=applied_on, rule=window_code(kind))
    await_decision(row, found, on=applied_on)
    touch(
        row, "apply_confirmation", by=by, now=now, way=found.get_kind_display(), body=found.body, on=applied_on,
        is_late=found.is_late,
    )  # fmt: skip
    return found


def _begin(confirmation: Confirmation, verb: str, *, by: User) -> tuple[Dispute, Confirmation]:
    row = lock(confirmation.agreement.dispute)
    found = (
        Confirmation.objects.select_for_update(of=("self",))
        .select_related("agreement__dispute")
        .get(pk=confirmation.pk)
    )
    check_confirmation_step(by, found, row, verb)
    return row, found


def _end(
    row: Dispute, found: Confirmation, verb: str, *, by: User, now: datetime.datetime, **data: object
) -> Confirmation:
    shift(found, CONFIRMATION_TRANSITIONS, verb)
    found.save()
    await_decision(row, found, on=found.decided_on or found.accepted_on or timezone.localdate(now))
    touch(row, f"{verb}_confirmation", by=by, now=now, way=found.get_kind_display(), body=found.body, **data)
    return found


def _check_order(earlier: datetime.date | None, later: datetime.date, field: str) -> None:
    if earlier is not None and later < earlier:
        raise ActionError(_("日期不能早于上一步的日期。"), field=field)


@transaction.atomic
def accept(
    confirmation: Confirmation, *, by: User, accepted_on: datetime.date, number: str = "", paper: Attachment | None = None,
    now: Now = None,
) -> Confirmation:  # fmt: skip
    """The body has accepted the application, by this paper."""
    now = now or timezone.now()
    row, found = _begin(confirmation, ConfirmationVerb.ACCEPT, by=by)
    _check_order(found.applied_on, check_not_later(accepted_on, now, "accepted_on"), "accepted_on")
    found.accepted_on, found.number = accepted_on, number
    found.paper = check_of_case(row, paper, "paper") or found.paper
    return _end(row, found, ConfirmationVerb.ACCEPT, by=by, now=now, on=accepted_on, number=number)


@transaction.atomic
def confirm(
    confirmation: Confirmation, *, by: User, decided_on: datetime.date, number: str, paper: Attachment | None = None,
    now: Now = None,
) -> Confirmation:  # fmt: skip
    """Ruling, arbitral mediation paper or order: from now on the agreement can be enforced."""
    now = now or timezone.now()
    row, found = _begin(confirmation, ConfirmationVerb.CONFIRM, by=by)
    _check_order(found.accepted_on, check_not_later(decided_on, now, "decided_on"), "decided_on")
    found.decided_on = decided_on
    found.number = required(number, _("请写裁定书、调解书或支付令的文书号。"), "number")
    found.paper = check_of_case(row, paper, "paper") or found.paper
    return _end(row, found, ConfirmationVerb.CONFIRM, by=by, now=now, on=decided_on, number=found.number)


@transaction.atomic
def refuse(
    confirmation: Confirmation, *, by: User, decided_on: datetime.date, reason: str, number: str = "",
    paper: Attachment | None = None, now: Now = None,
) -> Confirmation:  # fmt: skip
    """Refused: another way may still be open, and mediation, arbitration or suit always are (domain 3.3)."""
    now = now or timezone.now()
    row, found = _begin(confirmation, ConfirmationVerb.REFUSE, by=by)
    _check_order(found.accepted_on or found.applied_on, check_not_later(decided_on, now, "decided_on"), "decided_on")
    found.decided_on, found.number = decided_on, number
    found.reason = required(reason, _("请写不予确认的理由。"), "reason")
    found.paper = check_of_case(row, paper, "paper") or found.paper
    return _end(row, found, ConfirmationVerb.REFUSE, by=by, now=now, on=decided_on, reason=found.reason)


@transaction.atomic
def withdraw(confirmation: Confirmation, *, by: User, reason: str, now: Now = None) -> Confirmation:
    now = now or timezone.now()
    row, found = _begin(confirmation, ConfirmationVerb.WITHDRAW, by=by)
    found.reason = required(reason, _("请写撤回的理由。"), "reason")
    return _end(row, found, ConfirmationVerb.WITHDRAW, by=by, now=now, reason=found.reason)


STEPS: dict[str, Callable[..., Any]] = {
    ConfirmationVerb.ACCEPT: accept,
    ConfirmationVerb.CONFIRM: confirm,
    ConfirmationVerb.REFUSE: refuse,
    ConfirmationVerb.WITHDRAW: withdraw,
}
assert set(STEPS) == set(ConfirmationVerb), "every verb of the table has its action"
