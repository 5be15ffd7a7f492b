"""Talks: what was said with whom, what each side asked and gave, and when that may be known to others."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.models import Attachment
from unionops.casework.moves import lock, move
from unionops.org.errors import ActionError, required
from unionops.org.events import kind_of
from unionops.org.models import User

from ..enums import OPPOSED, OfferKind, SessionKind, Side, Verb
from ..models import Dispute, Offer, Session, SessionNote
from ..permissions import check_may_make_offer, check_may_release, check_may_sign
from ..policies import check_may_speak
from .moving import Now, begin, check_not_later, end, touch


@dataclass(frozen=True, kw_only=True)
class OfferDraft:
    side: str
    kind: str = OfferKind.OFFER
    amount: Decimal | None = None
    terms: str = ""


@transaction.atomic
def hold_session(
    dispute: Dispute, *, by: User, kind: str, text: str, present: Sequence[str], held_at: Now = None, side_heard: str = "",
    place: str = "", points: str = "", next_on: datetime.date | None = None, offers: Sequence[OfferDraft] = (),
    version: int | None = None, now: Now = None,
) -> Session:  # fmt: skip
    """One round of talks. Heard alone, note and offers stay with the mediators and that side until they are released.

    The timeline says that it took place, never what was said.
    """
    now = now or timezone.now()
    row = begin(dispute, Verb.HOLD_SESSION, by=by, version=version)
    held_at = held_at or now
    check_not_later(timezone.localdate(held_at), now, "held_at")
    _check_way(kind, side_heard)
    if not present:
        raise ActionError(_("请写在场人。"), field="present")
    if next_on is not None and next_on < timezone.localdate(held_at):
        raise ActionError(_("下次日期不能早于这次。"), field="next_on")
    check_may_speak(row, present, on=timezone.localdate(held_at), field="present")
    text = required(text, _("请写调解笔录。"), "text")
    before = move(row, Verb.HOLD_SESSION, now=now)
    session = Session.objects.create(
        dispute=row,
        number=(row.sessions.aggregate(last=Max("number"))["last"] or 0) + 1,
        kind=kind,
        side_heard=side_heard,
        held_at=held_at,
        place=place,
        present=list(present),
        next_on=next_on,
        recorded_by=by,
        recorded_at=now,
    )
    alone = session.is_alone
    SessionNote.objects.create(
        session=session, text=text, points=points, released_at=None if alone else now, released_by=None if alone else by
    )
    for offer in offers:
        _write_offer(row, offer, session=session, made_on=timezone.localdate(held_at), by=by, now=now)
    end(
        row, Verb.HOLD_SESSION, by=by, before=before, now=now, count=session.number, way=session.get_kind_display(),
        side=session.get_side_heard_display(), place=place, on=timezone.localdate(held_at), next_on=next_on,
    )  # fmt: skip
    return session


def _check_way(kind: str, side_heard: str) -> None:
    if kind not in SessionKind:
        raise ActionError(_("请选择调解方式。"), field="kind")
    if (kind == SessionKind.BACK_TO_BACK) != bool(side_heard):
        raise ActionError(_("背对背调解要写听取哪一方，其他方式不写。"), field="side_heard")
    if side_heard and side_heard not in OPPOSED:
        raise ActionError(_("背对背听取申请人或被申请人。"), field="side_heard")


def _write_offer(
    row: Dispute,
    draft: OfferDraft,
    *,
    session: Session | None,
    made_on: datetime.date,
    by: User,
    now: datetime.datetime,
) -> Offer:
    """What is said before both sides is known to both; what is said alone, or outside a session, is not."""
    if draft.side not in OPPOSED or draft.kind not in OfferKind:
        raise ActionError(_("请选择是哪一方的要求或出价。"), field="side")
    if draft.amount is None and not draft.terms.strip():
        raise ActionError(_("请写金额，或者写条件。"), field="amount")
    if draft.amount is not None and draft.amount < 0:
        raise ActionError(_("金额不能小于零。"), field="amount")
    if session is not None and session.side_heard and session.side_heard != draft.side:
        raise ActionError(_("背对背时只登记这一方自己的要求和出价。"), field="side")
    common = session is not None and not session.is_alone
    return Offer.objects.create(
        dispute=row,
        session=session,
        side=draft.side,
        kind=draft.kind,
        amount=draft.amount,
        terms=draft.terms.strip(),
        made_on=made_on,
        recorded_by=by,
        recorded_at=now,
        released_at=now if common else None,
        released_by=by if common else None,
    )


@transaction.atomic
def make_offer(
    dispute: Dispute, *, by: User, offer: OfferDraft, made_on: datetime.date | None = None, session: Session | None = None,
    version: int | None = None, now: Now = None,
) -> Offer:  # fmt: skip
    """What a side asks or gives between sessions, or what was not written down at once."""
    now = now or timezone.now()
    row = lock(dispute, version=version)
    check_may_make_offer(by, row)
    if session is not None and session.dispute_id != row.pk:
        raise ActionError(_("请选本案的调解记录。"), field="session")
    day = check_not_later(made_on or timezone.localdate(now), now, "made_on")
    found = _write_offer(row, offer, session=session, made_on=day, by=by, now=now)
    touch(row, "make_offer", by=by, now=now, side=found.get_side_display())
    return found


@transaction.atomic
def release_note(note: SessionNote, *, by: User, reason: str, now: Now = None) -> SessionNote:
    """The side that was heard alone allows that the other side and the partners know what it said."""
    now = now or timezone.now()
    row = lock(note.session.dispute)
    found = SessionNote.objects.select_for_update().select_related("session").get(pk=note.pk)
    check_may_release(by, found, row)
    reason = required(reason, _("请写谁在何时同意公开。"), "reason")
    found.released_at, found.released_by = now, by
    found.save(update_fields=["released_at", "released_by"])
    touch(row, "release_note", by=by, now=now, count=found.session.number, reason=reason)
    return found


@transaction.atomic
def release_offer(offer: Offer, *, by: User, reason: str, now: Now = None) -> Offer:
    now = now or timezone.now()
    row = lock(offer.dispute)
    found = Offer.objects.select_for_update().get(pk=offer.pk)
    check_may_release(by, found, row)
    reason = required(reason, _("请写谁在何时同意公开。"), "reason")
    found.released_at, found.released_by = now, by
    found.save(update_fields=["released_at", "released_by"])
    touch(row, "release_offer", by=by, now=now, side=found.get_side_display(), reason=reason)
    return found


@transaction.atomic
def sign_note(
    note: SessionNote, *, by: User, signed_on: datetime.date, scan: Attachment | None = None, now: Now = None
) -> SessionNote:
    """All who were present have signed; the scan is a file of the note and as secret as it is."""
    now = now or timezone.now()
    row = lock(note.session.dispute)
    check_may_sign(by, row)
    if scan is not None and (scan.kind, scan.case_id) != (kind_of(SessionNote), note.pk):
        raise ActionError(_("请选这份笔录的材料。"), field="scan")
    note.signed_on, note.scan = check_not_later(signed_on, now, "signed_on"), scan
    note.save(update_fields=["signed_on", "scan"])
    touch(row, "sign_note", by=by, now=now, count=note.session.number, on=signed_on)
    return note


def gap(offers: Sequence[Offer]) -> Decimal | None:
    """What still lies between the sides, from the offers that a person may see; None while one side has said no amount."""
    latest: dict[str, Decimal] = {}
    for offer in sorted(offers, key=lambda offer: (offer.made_on, offer.pk)):
        if offer.amount is not None:
            latest[offer.side] = offer.amount
    if set(latest) != set(OPPOSED):
        return None
    return latest[Side.APPLICANT] - latest[Side.RESPONDENT]
