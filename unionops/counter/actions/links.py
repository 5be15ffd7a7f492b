"""Links for one outside person: issued, opened on one device, answered once, revoked. Each is an event of the thing."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.models import Case
from unionops.casework.notices import notify_all
from unionops.casework.subjects import subject
from unionops.china.phones import mask_phone, read_phone
from unionops.org.actions.saving import reading
from unionops.org.errors import ActionError, InvalidTransition, required
from unionops.org.events import kind_of, record_event
from unionops.org.models import User

from ..enums import Verdict
from ..links import purpose_of
from ..models import SignedLink
from .receipts import make_receipt

DAYS = 7
MOST_DAYS = 30
# A stranger who keeps coming is only counted after so many times.
MOST_TOLD = 5
# The receipt of an answered link.
PREFIX = "QJ"


@dataclass(frozen=True)
class Knock:
    """What comes of coming with a link: the link where there is one, and what may be shown."""

    verdict: Verdict
    link: SignedLink | None = None


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue_link(
    thing: models.Model, *, purpose: str, by: User, name: str, organisation: str = "", phone: str = "", days: int = DAYS,
    part: str = "", now: datetime.datetime | None = None,
) -> tuple[SignedLink, str]:  # fmt: skip
    """Make a link and return it with its secret, which is told once. The caller has checked that this person may."""
    now = now or timezone.now()
    if not 1 <= days <= MOST_DAYS:
        raise ActionError(_("链接的有效期是 1 至 %(most)d 天。") % {"most": MOST_DAYS}, field="days")
    secret = secrets.token_urlsafe(32)
    link = SignedLink(
        digest=digest_of(secret),
        purpose=purpose,
        kind=kind_of(thing),
        subject_id=str(thing.pk),
        part=part,
        made_by=by,
        made_at=now,
        for_name=required(name, _("请写给谁。"), "name"),
        for_organisation=organisation.strip(),
        expires_at=now + datetime.timedelta(days=days),
    )
    if phone:
        with reading("phone"):
            number = read_phone(phone).number
        link.put("phone", number, mask_phone(number))
    link.save(force_insert=True)
    _record(thing, "issue_link", by, link, due_on=timezone.localtime(link.expires_at).date(), now=now)
    return link, secret


def _record(
    thing: models.Model, verb: str, by: User, link: SignedLink, *, now: datetime.datetime, **data: object
) -> None:
    """An event of the thing that says who was outside and what the link was for."""
    about = {"name": link.used_name or link.for_name, "body": link.used_organisation or link.for_organisation}
    record_event(thing, verb, by=by, data={"link": str(link.pk), "purpose": link.purpose, **about, **data}, now=now)


def thing_of(link: SignedLink) -> Any:
    known = purpose_of(link).load
    if known is not None:
        return known(link)
    found = subject(link.kind)
    assert found is not None
    return found.model._default_manager.get(pk=link.subject_id)


def look(secret: str, *, device: str, now: datetime.datetime | None = None) -> Knock:
    """What a device that comes with a link may see; changes nothing, so a preview of the address opens nothing."""
    link = SignedLink.objects.select_related("made_by").filter(digest=digest_of(secret)).first()
    return _judge(link, device, now or timezone.now())


def _judge(link: SignedLink | None, device: str, now: datetime.datetime) -> Knock:
    if link is None:
        return Knock(Verdict.UNKNOWN)
    if link.opened_at is not None and link.device != device:
        return Knock(Verdict.OTHER, link)
    if link.used_at is not None:
        return Knock(Verdict.DONE, link)
    if link.revoked_at is not None:
        return Knock(Verdict.REVOKED, link)
    if link.expires_at <= now:
        return Knock(Verdict.LATE, link)
    live = purpose_of(link).live
    if live is not None and not live(link, thing_of(link)):
        return Knock(Verdict.OVER, link)
    return Knock(Verdict.OPEN if link.opened_at is not None else Verdict.CLOSED, link)


def _locked(secret: str) -> SignedLink | None:
    rows = SignedLink.objects.select_for_update(of=("self",)).select_related("made_by")
    return rows.filter(digest=digest_of(secret)).first()


@transaction.atomic
def open_link(secret: str, *, device: str, now: datetime.datetime | None = None) -> Knock:
    """The first device that opens a link keeps it. Another one is refused, and whoever issued it hears of that."""
    now = now or timezone.now()
    link = _locked(secret)
    knock = _judge(link, device, now)
    if link is None:
        return knock
    system = User.objects.system()
    if knock.verdict == Verdict.CLOSED:
        link.opened_at, link.device = now, device
        link.save(update_fields=["opened_at", "device"])
        _record(thing_of(link), "open_link", system, link, now=now)
        return Knock(Verdict.OPEN, link)
    if knock.verdict == Verdict.OTHER:
        link.refused += 1
        link.save(update_fields=["refused"])
        if link.refused <= MOST_TOLD:
            thing = thing_of(link)
            _record(thing, "refuse_link", system, link, count=link.refused, now=now)
            _tell(thing, "refuse_link", link, by=system, now=now)
    return knock


def _tell(thing: models.Model, verb: str, link: SignedLink, *, by: User, now: datetime.datetime) -> None:
    if isinstance(thing, Case):
        notify_all([(thing, verb, {link.made_by_id})], by=by, now=now)


@transaction.atomic
def answer_link(
    secret: str, cleaned: Mapping[str, Any], *, device: str, now: datetime.datetime | None = None
) -> Knock:  # fmt: skip
    """The answer of whoever opened it: once, on the same device, in time. What the room makes of it happens with it.

    Raises ActionError where the thing takes no answer any more; otherwise the verdict says whether it was taken (DONE).
    """
    now = now or timezone.now()
    link = _locked(secret)
    knock = _judge(link, device, now)
    if link is None or knock.verdict != Verdict.OPEN:
        return knock
    purpose, thing = purpose_of(link), thing_of(link)
    link.used_name = required(str(cleaned.get("name", "")), _("请写您的姓名。"), "name")
    link.used_organisation = str(cleaned.get("organisation", "")).strip()
    link.note = str(cleaned.get("note", "")).strip()[:500]
    link.answer = purpose.answer(link, thing, cleaned, now)
    link.used_at = now
    link.receipt = make_receipt(link, prefix=PREFIX)
    link.save(update_fields=["used_at", "used_name", "used_organisation", "answer", "note", "receipt", "part"])
    system = User.objects.system()
    _record(thing, "answer_link", system, link, answer=link.answer, number=str(link.receipt), reason=link.note, now=now)
    _tell(thing, "answer_link", link, by=system, now=now)
    return Knock(Verdict.DONE, link)


@transaction.atomic
def revoke_link(link: SignedLink, *, by: User, reason: str = "", now: datetime.datetime | None = None) -> SignedLink:
    """From now on the link opens nothing; what has been answered stands."""
    now = now or timezone.now()
    row = SignedLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if row.used_at is not None:
        raise InvalidTransition(_("对方已经答复，不能再撤销。"))
    if row.revoked_at is not None:
        raise InvalidTransition(_("这个链接已经撤销。"))
    row.revoked_at, row.revoked_by = now, by
    row.save(update_fields=["revoked_at", "revoked_by"])
    _record(thing_of(row), "revoke_link", by, row, reason=reason, now=now)
    return row


def link_url(secret: str) -> str:
    """The path of the link; it is shown once, to whoever issues it."""
    return reverse("counter:link", args=[secret])
