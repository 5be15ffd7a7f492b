"""The steps of a dispute that concern its desk and its mediation (domain 3.6): one function a verb."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework import deadlines
from unionops.casework.moves import move
from unionops.casework.notices import notify_posted
from unionops.org.enums import Role
from unionops.org.errors import ActionError, required
from unionops.org.models import User

from ..enums import (
    OPPOSED,
    RETENTION_YEARS,
    TERM_ACCEPT,
    TERM_CONTACT,
    ContactWay,
    DisputeState,
    FailReason,
    LimitationKind,
    Outcome,
    PauseReason,
    RefusalReason,
    Side,
    TransferReason,
    Verb,
)
from ..models import Dispute, Share, TeamMember
from ..policies import check_both_consent, check_collective
from ..terms import check_extension, start_acceptance, start_mediation, start_term
from .moving import Now, begin, check_not_later, close_mediation, end, interrupt, only_file_remains
from .papers import seal_file
from .team import MemberDraft, seat_members


@transaction.atomic
def ask_consent(
    dispute: Dispute, *, by: User, way: str, contacted_on: datetime.date, person: str, note: str = "",
    version: int | None = None, now: Now = None,
) -> Dispute:  # fmt: skip
    """The other side is asked: how, when, whom. What it answers is recorded with the party."""
    now = now or timezone.now()
    row = begin(dispute, Verb.ASK_CONSENT, by=by, version=version)
    if way not in ContactWay:
        raise ActionError(_("请选择联系方式。"), field="way")
    person = required(person, _("请写联系的是谁。"), "person")
    check_not_later(contacted_on, now, "contacted_on")
    before = move(row, Verb.ASK_CONSENT, now=now)
    deadlines.meet(row, on=contacted_on, rule=TERM_CONTACT)
    return end(
        row, Verb.ASK_CONSENT, by=by, before=before, now=now,
        way=str(ContactWay(way).label), on=contacted_on, person=person, note=note,
    )  # fmt: skip


@transaction.atomic
def accept(
    dispute: Dispute, *, by: User, scope_checked: bool, accepted_on: datetime.date | None = None, note: str = "",
    version: int | None = None, now: Now = None,
) -> Dispute:  # fmt: skip
    """In scope, between the right parties, without award or judgment yet, which whoever accepts has looked at; both consent."""
    now = now or timezone.now()
    row = begin(dispute, Verb.ACCEPT, by=by, version=version)
    if not scope_checked:
        raise ActionError(
            _("请先审查受理范围、当事人和有没有裁决判决。"),
            field="scope_checked",
            next_step=_("不符合的，请不予受理。"),
        )
    check_both_consent(row)
    day = check_not_later(accepted_on or timezone.localdate(now), now, "accepted_on")
    if day < row.received_on:
        raise ActionError(_("受理日期不能早于收到日期。"), field="accepted_on")
    before = move(row, Verb.ACCEPT, now=now)
    row.accepted_on = day
    deadlines.meet(row, on=day, rule=TERM_ACCEPT)
    deadlines.meet(row, on=day, rule=TERM_CONTACT)
    start_term(row)
    row.deadline = row.term
    return end(row, Verb.ACCEPT, by=by, before=before, now=now, on=day, note=note)


@transaction.atomic
def refuse(
    dispute: Dispute, *, by: User, reason: str, note: str, version: int | None = None, now: Now = None
) -> Dispute:
    """Not accepted, with the reason and the ways that stay open; a refusal of the other side interrupts the limitation."""
    now = now or timezone.now()
    row = begin(dispute, Verb.REFUSE, by=by, version=version)
    if reason not in RefusalReason:
        raise ActionError(_("请选择不予受理的事由。"), field="reason")
    note = required(note, _("请写明理由和救济途径，要告知申请人。"), "note")
    today = timezone.localdate(now)
    before = move(row, Verb.REFUSE, now=now)
    row.refusal_reason = reason
    deadlines.meet(row, on=today, rule=TERM_ACCEPT)
    close_mediation(row, Outcome.NOT_ACCEPTED, on=today)
    only_file_remains(row, now=now)
    if reason == RefusalReason.NO_CONSENT:
        interrupt(row, LimitationKind.MEDIATION_REFUSED, on=today, by=by, now=now)
    return end(
        row, Verb.REFUSE, by=by, before=before, now=now, reason=str(RefusalReason(reason).label), note=note,
        tell={row.registered_by_id},
    )  # fmt: skip


@transaction.atomic
def assign(
    dispute: Dispute, *, by: User, members: Sequence[MemberDraft], recusal_checked: bool, note: str = "",
    version: int | None = None, now: Now = None,
) -> Dispute:  # fmt: skip
    """Mediators take the case, the first as their lead; each was asked for reasons to stand back.

    Refuses whoever is known to have one, and a collective case without representatives and panel.
    """
    now = now or timezone.now()
    row = begin(dispute, Verb.ASSIGN, by=by, version=version)
    mediators = [member for member in members if member.mediates]
    if not mediators:
        raise ActionError(_("请至少指派一名调解员。"), field="mediators")
    if not recusal_checked:
        raise ActionError(_("请先核对调解员有无应当回避的情形。"), field="recusal_checked")
    check_collective(row, len(mediators))
    before = move(row, Verb.ASSIGN, now=now)
    seat_members(row, members, by=by, lead=mediators[0].user, now=now)
    row.mediator = mediators[0].user
    return end(
        row, Verb.ASSIGN, by=by, before=before, now=now, note=note,
        names=[member.user.name for member in members], tell={member.user.pk for member in members},
    )  # fmt: skip


@transaction.atomic
def extend(
    dispute: Dispute, *, by: User, days: int, applicant_agreed_on: datetime.date, respondent_agreed_on: datetime.date,
    reason: str, version: int | None = None, now: Now = None,
) -> Dispute:  # fmt: skip
    """Both sides agree to go on, before the term is over, and within what the profile allows (domain 3.2)."""
    now = now or timezone.now()
    row = begin(dispute, Verb.EXTEND, by=by, version=version)
    reason = required(reason, _("请写延期的理由。"), "reason")
    if row.term is None:
        raise ActionError(_("调解期限还没有起算，不需要延期。"), field="days")
    check_extension(row, days)
    for name, day in (("applicant_agreed_on", applicant_agreed_on), ("respondent_agreed_on", respondent_agreed_on)):
        if check_not_later(day, now, name) > row.term.due_on:
            raise ActionError(_("期限届满之后的同意不能延期。"), field=name)
    before = move(row, Verb.EXTEND, now=now)
    old = row.term.due_on
    row.term = row.deadline = deadlines.extend(row.term, days)
    return end(
        row, Verb.EXTEND, by=by, before=before, now=now, reason=reason, days=days,
        changes={"due_on": [old.isoformat(), row.term.due_on.isoformat()]},
    )  # fmt: skip


@transaction.atomic
def suspend(
    dispute: Dispute, *, by: User, reason: str, note: str = "", version: int | None = None, now: Now = None
) -> Dispute:
    """Mediation rests for an appraisal, a decision or a related case; its clock rests with it."""
    now = now or timezone.now()
    row = begin(dispute, Verb.SUSPEND, by=by, version=version)
    if reason not in PauseReason:
        raise ActionError(_("请选择中止的事由。"), field="reason")
    before = move(row, Verb.SUSPEND, now=now)
    row.pause_reason = reason
    label = str(PauseReason(reason).label)
    deadlines.pause(row, on=timezone.localdate(now), reason=label, by=by)
    return end(
        row, Verb.SUSPEND, by=by, before=before, now=now, reason=label, note=note, tell={row.mediator_id or 0} - {0}
    )


@transaction.atomic
def resume(dispute: Dispute, *, by: User, note: str, version: int | None = None, now: Now = None) -> Dispute:
    """The reason of the rest is gone, as ``note`` says: the clock runs on."""
    now = now or timezone.now()
    row = begin(dispute, Verb.RESUME, by=by, version=version)
    note = required(note, _("请写中止的原因怎样消除了。"), "note")
    before = move(row, Verb.RESUME, now=now)
    row.pause_reason = ""
    deadlines.resume(row, on=timezone.localdate(now))
    return end(row, Verb.RESUME, by=by, before=before, now=now, note=note)


_ENDED_BY = {
    FailReason.REFUSED: LimitationKind.MEDIATION_LEFT,
    FailReason.NO_CONTACT: LimitationKind.MEDIATION_LEFT,
    FailReason.GAP: LimitationKind.MEDIATION_EXPIRED,
    FailReason.TERM: LimitationKind.MEDIATION_EXPIRED,
}


@transaction.atomic
def fail(
    dispute: Dispute, *, by: User, reason: str, note: str = "", version: int | None = None, now: Now = None
) -> Dispute:
    """No agreement: the parties are told that they may arbitrate, and the limitation begins anew (Order 17 Art 30, 31)."""
    now = now or timezone.now()
    row = begin(dispute, Verb.FAIL, by=by, version=version)
    if reason not in FailReason:
        raise ActionError(_("请选择终止的原因。"), field="reason")
    today = timezone.localdate(now)
    before = move(row, Verb.FAIL, now=now)
    row.fail_reason = reason
    close_mediation(row, Outcome.FAILED, on=today)
    interrupt(row, _ENDED_BY[FailReason(reason)], on=today, by=by, now=now)
    only_file_remains(row, now=now)
    return end(row, Verb.FAIL, by=by, before=before, now=now, reason=str(FailReason(reason).label), note=note)


@transaction.atomic
def withdraw(
    dispute: Dispute, *, by: User, reason: str, settled_privately: bool = False,
    version: int | None = None, now: Now = None,
) -> Dispute:  # fmt: skip
    """The applicant takes the application back; where both settled among themselves that counts as an agreement."""
    now = now or timezone.now()
    row = begin(dispute, Verb.WITHDRAW, by=by, version=version)
    reason = required(reason, _("请写撤回的理由。"), "reason")
    before = move(row, Verb.WITHDRAW, now=now)
    row.pause_reason = ""
    outcome = Outcome.SETTLED if settled_privately else Outcome.WITHDRAWN
    close_mediation(row, outcome, on=timezone.localdate(now))
    only_file_remains(row, now=now)
    return end(
        row, Verb.WITHDRAW, by=by, before=before, now=now, reason=reason, settled_privately=settled_privately
    )  # fmt: skip


@transaction.atomic
def transfer(
    dispute: Dispute, *, by: User, reason: str, to: str, letter_number: str = "", note: str = "",
    version: int | None = None, now: Now = None,
) -> Dispute:  # fmt: skip
    """It goes to whom it belongs to; where there is danger the leader hears of it at once (人民调解法 25)."""
    now = now or timezone.now()
    row = begin(dispute, Verb.TRANSFER, by=by, version=version)
    if reason not in TransferReason:
        raise ActionError(_("请选择移送的事由。"), field="reason")
    row.transferred_to = required(to, _("请写移送给哪个单位。"), "to")
    before = move(row, Verb.TRANSFER, now=now)
    row.transfer_reason = reason
    close_mediation(row, Outcome.TRANSFERRED, on=timezone.localdate(now))
    only_file_remains(row, now=now)
    if reason in (TransferReason.DANGER, TransferReason.CRIME):
        notify_posted([(row, "alert", Role.LEADER)], row.district_id, by=by, now=now)
    return end(
        row, Verb.TRANSFER, by=by, before=before, now=now, reason=str(TransferReason(reason).label),
        body=row.transferred_to, letter_number=letter_number, note=note,
    )  # fmt: skip


@transaction.atomic
def archive(
    dispute: Dispute, *, by: User, note: str = "", statement: str = "", version: int | None = None, now: Now = None
) -> Dispute:
    """The file is sealed and kept; what was shared with others ends. Its mediators still read what they heard.

    What the file lacks needs a ``statement`` (卷宗情况说明) that says why.
    """
    now = now or timezone.now()
    row = begin(dispute, Verb.ARCHIVE, by=by, version=version)
    before = move(row, Verb.ARCHIVE, now=now)
    put_away(row, by=by, statement=statement, now=now)
    return end(row, Verb.ARCHIVE, by=by, before=before, now=now, note=note, keep_until=row.keep_until)


def put_away(row: Dispute, *, by: User, statement: str, now: datetime.datetime) -> None:
    """Seal the file of this volume and end what was shared; nothing of the case changes after this line."""
    today = timezone.localdate(now)
    last = row.ended_on or today
    row.keep_until = datetime.date(last.year + RETENTION_YEARS, 12, 31)
    deadlines.meet(row, on=today)
    row.deadline = None
    Share.objects.filter(dispute=row, ended_at=None).update(ended_at=now)
    TeamMember.objects.filter(dispute=row, ended_at=None).exclude(side="").update(ended_at=now)
    seal_file(row, by=by, keep_until=row.keep_until, statement=statement, now=now)


@transaction.atomic
def reopen(dispute: Dispute, *, by: User, reason: str, version: int | None = None, now: Now = None) -> Dispute:
    """Taken up again in a new volume, from where it was taken up before; the timeline keeps how it had ended."""
    now = now or timezone.now()
    row = begin(dispute, Verb.REOPEN, by=by, version=version)
    reason = required(reason, _("请写重启的理由。"), "reason")
    today = timezone.localdate(now)
    ended_on, outcome = row.ended_on, row.outcome
    target = DisputeState.ACCEPTED if row.accepted_on else DisputeState.REGISTERED
    before = move(row, Verb.REOPEN, now=now, target=target)
    row.volume += 1
    # The sealed file is the one of the volume before: from here on the case may change again.
    row.save(update_fields=["volume"])
    row.outcome = row.refusal_reason = row.fail_reason = row.transfer_reason = row.transferred_to = row.route = ""
    row.ended_on = row.keep_until = row.mediator = row.term = None
    if target == DisputeState.ACCEPTED:
        row.accepted_on = today
        row.term = row.deadline = start_mediation(row, on=today)
    else:
        row.parties.filter(side__in=OPPOSED).exclude(side=Side.APPLICANT).update(
            consent="", consent_on=None, consent_way="", consent_by=""
        )
        row.deadline = start_acceptance(row, on=today)
    return end(
        row, Verb.REOPEN, by=by, before=before, now=now, reason=reason, volume=row.volume, ended_on=ended_on,
        outcome=outcome,
    )  # fmt: skip
