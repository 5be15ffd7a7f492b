"""What is done beside the steps of one claim: batches for the bank, the list with full accounts, corrections of the book."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.org.errors import ActionError, InvalidTransition, NotAllowed, required
from unionops.org.events import record_event
from unionops.org.models import User

from ..actions import budgets
from ..actions.cases import take
from ..models import Programme
from ..permissions import check_may_reveal
from .accounts import split_account
from .acts import take_back
from .enums import ClaimState, EntryKind, PaymentState, PayWay
from .enums import ClaimVerb as V
from .models import Claim, Entry, Objection, PaymentBatch
from .numbering import new_batch
from .permissions import check_confirms, check_pays

Now = datetime.datetime | None
MOST_IN_BATCH = 500


@transaction.atomic
def make_batch(
    programme: Programme, claims: Collection[Claim], *, by: User, note: str = "", now: Now = None
) -> PaymentBatch:
    """Put approved claims of one programme together; all of them go, or none."""
    check_pays(by, programme.organisation_id)
    now = now or timezone.now()
    if not claims:
        raise ActionError(_("请先勾选要发放的。"), field="claims")
    if len(claims) > MOST_IN_BATCH:
        raise ActionError(_("一批最多 %(n)s 笔，请分批。") % {"n": MOST_IN_BATCH}, field="claims")
    batch = new_batch(programme, by=by, now=now, note=note)
    for claim in sorted(claims, key=lambda one: one.pk):
        if claim.programme_id != programme.pk:
            raise ActionError(_("一批只发一个项目的。"), field="claims")
        verb = V.PAY_AGAIN if claim.state == ClaimState.RETURNED else V.PAY
        take(claim, verb, by=by, batch=batch, way=PayWay.BANK if claim.account_sealed else "", now=now)
    record_event(batch, "make", by=by, data={"number": batch.number, "count": len(claims)}, now=now)
    return batch


@transaction.atomic
def open_accounts(batch: PaymentBatch, *, by: User, reason: str, now: Now = None) -> list[dict[str, Any]]:
    """The rows of the bank list with full accounts; each of them is in the timeline of its claim as read."""
    check_pays(by, batch.organisation_id)
    reason = required(reason, _("请写查看的理由。"), "reason")
    now = now or timezone.now()
    rows = []
    sent = batch.payments.select_related("claim").filter(state=PaymentState.SENT, way=PayWay.BANK)
    for payment in sent:
        account, owner = split_account(payment.open("account"))
        rows.append(
            {"payee": owner or payment.payee, "account": account, "bank": payment.bank, "amount": payment.amount,
             "number": payment.claim.number}
        )  # fmt: skip
        record_event(
            payment.claim, "reveal", by=by, data={"field": _("银行账号"), "reason": f"{batch.number} {reason}"}, now=now
        )
    if not rows:
        raise InvalidTransition(_("这一批没有要交银行的。"))
    record_event(
        batch, "bank_list", by=by, data={"number": batch.number, "count": len(rows), "reason": reason}, now=now
    )
    return rows


@transaction.atomic
def confirm_batch(
    batch: PaymentBatch, *, by: User, paid_on: datetime.date | None = None, voucher: str = "", now: Now = None
) -> int:
    """Everything of the batch that the bank has not sent back has arrived. Returns how many; not by whoever made the batch."""
    check_confirms(by, batch)
    now = now or timezone.now()
    open_ones = list(batch.payments.filter(state=PaymentState.SENT).select_related("claim").order_by("claim_id"))
    if not open_ones:
        raise InvalidTransition(_("这一批都已经登记过了。"))
    for payment in open_ones:
        take(payment.claim, V.CONFIRM_PAID, by=by, paid_on=paid_on, voucher=voucher, now=now)
    record_event(batch, "confirm", by=by, data={"number": batch.number, "count": len(open_ones)}, now=now)
    return len(open_ones)


@transaction.atomic
def correct(entry: Entry, *, by: User, reason: str, now: Now = None) -> Entry:
    """Take a wrong line of the book back; the money is free for others again, and the line stays where it was.

    Not by whoever wrote the line. A payment that goes on (the bank will pay again) is `bank_return`, not this.
    """
    row: Any = Entry.objects.select_for_update(of=("self",), no_key=True).select_related("claim").get(pk=entry.pk)
    check_pays(by, row.claim.organisation_id)
    if row.by_id == by.pk:
        raise NotAllowed(_("记账的人不能自己冲回，请换一个人。"))
    if row.kind != EntryKind.PAID or Entry.objects.filter(takes_back=row).exists():
        raise InvalidTransition(_("这一笔已经冲回。"))
    if row.claim.state not in (ClaimState.SIGNED, ClaimState.HELD, ClaimState.CLOSED):
        raise InvalidTransition(_("还没签收的，请登记银行退回。"))
    reason, now = required(reason, _("请写冲回的理由。"), "reason"), now or timezone.now()
    found = take_back(row, by=by, now=now, reason=reason)
    if row.budget_line is not None and row.amount:
        budgets.release(row.budget_line, row.amount)
    record_event(
        row.claim, "record", by=by, data={"what": _("冲回一笔 %(n)s 元") % {"n": row.amount}, "text": reason}, now=now
    )
    return found


@transaction.atomic
def reveal_contact(objection: Objection, *, by: User, reason: str, now: Now = None) -> str:
    """Who objected, for the department that answers; the reading is in the timeline."""
    check_may_reveal(by, objection.claim)
    check_pays(by, objection.claim.organisation_id)
    reason = required(reason, _("请写查看的理由。"), "reason")
    record_event(
        objection.claim, "reveal", by=by, data={"field": _("反映人"), "reason": reason}, now=now or timezone.now()
    )
    return objection.open("contact")
