"""One-time codes: sent to a mobile, entered on the device that asked for them, good once."""

from __future__ import annotations

import datetime
import hmac
import secrets
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.china.phones import PhoneKind, mask_phone, read_phone
from unionops.org.actions.saving import reading
from unionops.org.errors import ActionError, TooMany
from unionops.org.sealed import blind_index

from ..limits import Limit, spend
from ..models import MOST_TRIES, OneTimeCode
from ..senders import NotSent, sender

LASTS = datetime.timedelta(minutes=5)
DIGITS = 6
PER_PHONE = Limit("code.phone", 5, 3600)
# Counted beside the column: what a repeated sending rolls back stays counted here.
PER_CODE = Limit("code.tries", MOST_TRIES, int(LASTS.total_seconds()))


class NoSender(ActionError):
    """Nobody carries codes in this house, or the carrier is away."""

    status = 503


def per_address() -> Limit:
    return Limit("code.address", settings.UNIONOPS_CODES_PER_ADDRESS, 3600)


def send_code(
    phone: str, *, purpose: str, words: str, device: str, address: str, now: datetime.datetime | None = None
) -> tuple[OneTimeCode, str]:
    """Send a code to a mobile and return its row and, only where nothing is really sent, what the page shows.

    Whatever number it is, the answer is the same: nothing is looked up. ``words`` say in the message what it is for.
    """
    now = now or timezone.now()
    with reading("phone"):
        found = read_phone(phone)
    if found.kind != PhoneKind.MOBILE:
        raise ActionError(_("验证码只能发到手机，请填 11 位手机号。"), field="phone")
    carry = sender()
    if carry is None:
        raise NoSender(_("现在不能发送验证码。"), next_step=_("请到窗口或打电话办理。"))
    spend(per_address(), address)
    spend(PER_PHONE, found.number)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    row = OneTimeCode(purpose=purpose, device=device, made_at=now, expires_at=now + LASTS)
    row.put("phone", found.number, mask_phone(found.number))
    row.code_hash = _hash(row, code)
    text = _("验证码 %(code)s，%(minutes)d 分钟内有效，用于%(words)s。工作人员不会向您要验证码。") % {
        "code": code, "minutes": int(LASTS.total_seconds() // 60), "words": words,
    }  # fmt: skip
    row.save(force_insert=True)
    try:
        shown = carry(found.number, code, text)
    except NotSent as error:
        row.delete()
        raise NoSender(_("验证码没有发出去。"), next_step=_("请过几分钟再试，或到窗口办理。")) from error
    return row, shown


def _hash(row: OneTimeCode, code: str) -> str:
    return blind_index(f"{row.pk}:{code}")


@transaction.atomic
def use_code(pk: UUID | str, code: str, *, device: str, now: datetime.datetime | None = None) -> OneTimeCode | None:
    """The row once it is verified; None for a wrong, late, used or strange code alike. Each try is counted."""
    now = now or timezone.now()
    try:
        spend(PER_CODE, pk)
    except TooMany:
        return None
    row = OneTimeCode.objects.select_for_update().filter(pk=pk, device=device).first()
    if row is None or row.used_at is not None or row.expires_at < now or row.tries >= MOST_TRIES:
        return None
    if not hmac.compare_digest(row.code_hash, _hash(row, code)):
        row.tries += 1
        row.save(update_fields=["tries"])
        return None
    row.used_at = now
    row.save(update_fields=["used_at"])
    return row


def end_visit(pk: UUID | str) -> None:
    """The visitor's session is over, also for a cookie that somebody has copied."""
    OneTimeCode.objects.filter(pk=pk, ended_at=None).update(ended_at=timezone.now())
