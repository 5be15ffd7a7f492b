"""From the draft of an agreement to the last instalment, or to the way that a breach leaves open."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework import deadlines
from unionops.casework.models import Attachment, Deadline, FollowUp
from unionops.casework.moves import lock, move
from unionops.casework.notices import notify_posted
from unionops.joining import listed
from unionops.org.enums import Role
from unionops.org.errors import ActionError, required
from unionops.org.events import kind_of
from unionops.org.models import User

from ..enums import (
    FOLLOW_UP_AFTER_DUE,
    FOLLOW_UP_AFTER_FULFILMENT,
    TERM_PERFORM,
    ContactWay,
    DisputeState,
    LimitationKind,
    Mark,
    ObligationKind,
    Outcome,
    Route,
    Verb,
)
from ..exits import way_after_breach
from ..models import Agreement, Dispute, Obligation, Party
from ..models.agreements import MARKS
from ..permissions import check_may_fulfil, check_may_mark, check_may_press
from ..policies import (
    check_adds_up,
    check_all_fulfilled,
    check_breached,
    check_marks,
    check_may_speak,
    check_represented,
    check_represented_consent,
    draft_of,
    standing_agreement,
    waivers_in,
)
from ..terms import open_windows, start_breach
from .moving import (
    Now,
    begin,
    check_not_later,
    check_of_case,
    close_mediation,
    end,
    interrupt,
    only_file_remains,
    touch,
)
from .steps import put_away

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class ObligationDraft:
    """What one party owes another by a day; money has an amount, and a number where it is paid in instalments."""

    debtor: Party
    creditor: Party
    what: str
    due_on: datetime.date
    kind: str = ObligationKind.PAY
    amount: Decimal | None = None
    instalment: int | None = None


@transaction.atomic
def agree(
    dispute: Dispute, *, by: User, result: str, way: str, total: Decimal, obligations: Sequence[ObligationDraft], facts: str = "",
    warnings_read: bool = False, version: int | None = None, now: Now = None,
) -> Agreement:  # fmt: skip
    """Draw up the agreement, or draw it up anew: each is a version, and marks stand only on the version they were put to.

    Its instalments add up to the total. What seems to waive a right that cannot be waived must have been read about.
    """
    now = now or timezone.now()
    row = begin(dispute, Verb.AGREE, by=by, version=version)
    result = required(result, _("请写协议结果。"), "result")
    way = required(way, _("请写履行方式。"), "way")
    warnings = waivers_in(result, way, *(obligation.what for obligation in obligations))
    if warnings and not warnings_read:
        raise ActionError(
            _("协议里有放弃法定权利的内容，这样的约定无效。"), field="warnings_read",
            next_step=_("请删去，或确认已向双方说明。"),
        )  # fmt: skip
    _check_obligations(row, obligations, on=timezone.localdate(now))
    check_adds_up(total, [obligation.amount for obligation in obligations])
    before = move(row, Verb.AGREE, now=now)
    agreement = Agreement.objects.create(
        dispute=row,
        version=(row.agreements.aggregate(last=Max("version"))["last"] or 0) + 1,
        volume=row.volume,
        facts=facts,
        result=result,
        way=way,
        total=total,
        warnings=warnings,
        drafted_by=by,
        drafted_at=now,
    )
    Obligation.objects.bulk_create(
        Obligation(
            agreement=agreement,
            position=position,
            debtor=draft.debtor,
            creditor=draft.creditor,
            kind=draft.kind,
            what=draft.what.strip(),
            amount=draft.amount,
            instalment=draft.instalment,
            due_on=draft.due_on,
        )
        for position, draft in enumerate(obligations, start=1)
    )
    end(row, Verb.AGREE, by=by, before=before, now=now, amount=total, count=len(obligations), draft=agreement.version)
    return agreement


def _check_obligations(row: Dispute, obligations: Sequence[ObligationDraft], *, on: datetime.date) -> None:
    if not obligations:
        raise ActionError(_("请至少写一项义务。"), field="obligations")
    known = set(row.parties.on(on).values_list("pk", flat=True))
    for draft in obligations:
        required(draft.what, _("请写每一项义务的内容。"), "obligations")
        if not {draft.debtor.pk, draft.creditor.pk} <= known or draft.debtor.pk == draft.creditor.pk:
            raise ActionError(_("义务人和权利人是本案两个不同的当事人。"), field="obligations")
        if draft.kind not in ObligationKind:
            raise ActionError(_("请选择义务的类别。"), field="obligations")
        paid = draft.kind == ObligationKind.PAY
        if paid != (draft.amount is not None) or (draft.amount is not None and draft.amount <= 0):
            raise ActionError(_("付款要写大于零的金额，其他义务不写金额。"), field="obligations")
        if draft.amount is not None and draft.amount != draft.amount.quantize(Decimal("0.01")):
            raise ActionError(_("金额最多两位小数。"), field="obligations")


@transaction.atomic
def record_mark(
    agreement: Agreement, *, by: User, mark: str, on: datetime.date, scan: Attachment | None = None,
    signed_by: Sequence[str] = (), now: Now = None,
) -> Agreement:  # fmt: skip
    """One of the four marks stands on the latest draft, with the scan of the page that shows it.

    Whoever signs for a side may do so on that day: an agent within the power, a representative within the term.
    """
    now = now or timezone.now()
    row, found = _draft(agreement, by=by)
    if mark not in Mark:
        raise ActionError(_("请选择签章。"), field="mark")
    if scan is None:
        raise ActionError(_("请上传签章页的扫描件，或选已有材料。"), field="scan")
    if check_not_later(on, now, "on") < timezone.localdate(found.drafted_at):
        raise ActionError(_("签章日期不能早于协议拟定日期。"), field="on")
    if mark == Mark.APPLICANT:
        check_represented(row, on=on)
    check_may_speak(row, signed_by, on=on, field="signed_by", signs=True)
    day, file = MARKS[Mark(mark)]
    setattr(found, day, on)
    setattr(found, file, check_of_case(row, scan, "scan"))
    found.save(update_fields=[day, file])
    touch(
        row, "record_mark", by=by, now=now, name=str(Mark(mark).label), on=on, draft=found.version, names=list(signed_by)
    )  # fmt: skip
    return found


@transaction.atomic
def record_marks(
    agreement: Agreement, *, by: User, marks: Sequence[str], on: datetime.date, scan: Attachment | None = None,
    signed_by: Sequence[str] = (), now: Now = None,
) -> Agreement:  # fmt: skip
    """Several marks of one day, as they stand on one page: all of them, or none."""
    if not marks:
        raise ActionError(_("请选择签章。"), field="mark")
    for mark in marks:
        agreement = record_mark(agreement, by=by, mark=mark, on=on, scan=scan, signed_by=signed_by, now=now)
    return agreement


@transaction.atomic
def withdraw_mark(agreement: Agreement, *, by: User, mark: str, reason: str, now: Now = None) -> Agreement:
    """A mark was taken back before the agreement had effect, or was recorded by mistake."""
    now = now or timezone.now()
    row, found = _draft(agreement, by=by)
    reason = required(reason, _("请写撤回的理由。"), "reason")
    if mark not in Mark or found.marked_on(mark) is None:
        raise ActionError(_("这一项还没有签章。"), field="mark")
    day, file = MARKS[Mark(mark)]
    setattr(found, day, None)
    setattr(found, file, None)
    found.save(update_fields=[day, file])
    touch(row, "withdraw_mark", by=by, now=now, name=str(Mark(mark).label), reason=reason, draft=found.version)
    return found


def _draft(agreement: Agreement, *, by: User) -> tuple[Dispute, Agreement]:
    row = lock(agreement.dispute)
    found = Agreement.objects.select_for_update().get(pk=agreement.pk)
    check_may_mark(by, found, row)
    if found.pk != draft_of(row).pk:
        raise ActionError(_("这不是最新一稿，请在最新一稿上登记。"), field="mark")
    return row, found


@transaction.atomic
def talk_again(dispute: Dispute, *, by: User, reason: str, version: int | None = None, now: Now = None) -> Dispute:
    """A side does not sign, or takes its signature back: the draft stays in the file and has no effect."""
    now = now or timezone.now()
    row = begin(dispute, Verb.TALK_AGAIN, by=by, version=version)
    reason = required(reason, _("请写哪一方为什么不签。"), "reason")
    if row.team.filter(user=row.mediator_id, recused_at__isnull=False).exists():
        # Stood back while the draft was signed: there is no lead until the head names one.
        row.mediator = None
    before = move(row, Verb.TALK_AGAIN, now=now)
    return end(row, Verb.TALK_AGAIN, by=by, before=before, now=now, reason=reason)


@transaction.atomic
def make_effective(
    dispute: Dispute,
    *,
    by: User,
    effective_on: datetime.date | None = None,
    consent_list: Attachment | None = None,
    version: int | None = None,
    now: Now = None,
) -> Dispute:
    """With the fourth mark the agreement binds; both windows of confirmation open, and each obligation has its clock.

    What representatives have agreed to needs the signed list of those for whom they speak (浙江条例 40). Every date of performance is asked about three days later, by somebody who did not mediate (domain F1).
    """
    now = now or timezone.now()
    row = begin(dispute, Verb.MAKE_EFFECTIVE, by=by, version=version)
    agreement = Agreement.objects.select_for_update().get(pk=draft_of(row).pk)
    marked = [day for mark in MARKS if (day := agreement.marked_on(mark)) is not None]
    day = effective_on or max(marked, default=timezone.localdate(now))
    check_marks(agreement, on=check_not_later(day, now, "effective_on"))
    agreement.consent_list = check_of_case(row, consent_list, "consent_list")
    check_represented_consent(row, agreement)
    obligations = list(agreement.obligations.select_related("debtor", "creditor").order_by("due_on", "position"))
    bound = {party.pk: party for one in obligations for party in (one.debtor, one.creditor)}
    if left := [party.name for party in bound.values() if not party.takes_part_on(day)]:
        raise ActionError(
            _("%(names)s已经退出，协议还写着。") % {"names": listed(left)}, field="obligations", next_step=_("请重新拟定协议。")
        )  # fmt: skip
    check_adds_up(agreement.total, [obligation.amount for obligation in obligations])
    if obligations[0].due_on < day:
        raise ActionError(
            _("有的履行期限早于生效日期。"), field="obligations", next_step=_("请重新拟定履行期限并签章。")
        )  # fmt: skip
    agreement.effective_on = day
    agreement.save(update_fields=["effective_on", "consent_list"])
    before = move(row, Verb.MAKE_EFFECTIVE, now=now)
    close_mediation(row, Outcome.AGREED, on=day)
    opened = open_windows(row, agreement)
    for obligation in obligations:
        deadlines.agree(row, _clock(obligation), obligation.what[:60], on=day, due_on=obligation.due_on)
    for due_on in sorted({obligation.due_on for obligation in obligations}):
        _plan_follow_up(row, due_on + ONE_DAY * FOLLOW_UP_AFTER_DUE)
    row.deadline = _next_clock(row)
    return end(
        row, Verb.MAKE_EFFECTIVE, by=by, before=before, now=now, on=day, draft=agreement.version, amount=agreement.total,
        windows={kind: deadline.due_on for kind, deadline in opened.items()},
    )  # fmt: skip


def _clock(obligation: Obligation) -> str:
    return f"{TERM_PERFORM}.{obligation.position:03d}"


def _next_clock(row: Dispute) -> Deadline | None:
    """The next date of performance; clocks of performance were made in the order of their dates."""
    return deadlines.running(row, TERM_PERFORM)


def _plan_follow_up(row: Dispute, due_on: datetime.date) -> None:
    FollowUp.objects.create(district_id=row.district_id, kind=kind_of(row), case_id=row.pk, due_on=due_on)


@transaction.atomic
def fulfil(
    obligation: Obligation, *, by: User, on: datetime.date, proof: Attachment | None = None, proof_note: str = "",
    also: Sequence[Obligation] = (), now: Now = None,
) -> Obligation:  # fmt: skip
    """An obligation was performed, as its proof shows; late or not is read from the two dates.

    ``also`` are others of the same agreement that one proof shows: the pay of a whole list goes out in one order.
    """
    now = now or timezone.now()
    row = lock(obligation.agreement.dispute)
    chosen = _together(obligation, also)
    for found in chosen:
        check_may_fulfil(by, found, row)
    if not (proof or proof_note.strip()):
        raise ActionError(_("请上传履行凭证，或写明凭什么确认已履行。"), field="proof")
    proof, on = check_of_case(row, proof, "proof"), check_not_later(on, now, "on")
    for found in chosen:
        found.proof, found.proof_note = proof, proof_note.strip()
        found.fulfilled_on, found.fulfilment_recorded_by = on, by
        found.save(update_fields=["proof", "proof_note", "fulfilled_on", "fulfilment_recorded_by"])
        deadlines.meet(row, on=on, rule=_clock(found))
    if row.state == DisputeState.EFFECTIVE:
        row.deadline = _next_clock(row)
    first = chosen[0]
    touch(
        row, "fulfil", by=by, now=now, name=first.what, amount=sum_of(chosen), on=on,
        is_late=any(found.is_late for found in chosen), **_how_many(chosen),
    )  # fmt: skip
    return first


def _together(obligation: Obligation, also: Sequence[Obligation]) -> list[Obligation]:
    """The obligation and those that go along with it, locked in their order; the one that was asked for stands first."""
    keys = {obligation.pk, *(other.pk for other in also)}
    rows = Obligation.objects.select_for_update(of=("self",)).filter(agreement=obligation.agreement_id, pk__in=keys)
    return sorted(rows.order_by("position"), key=lambda row: row.pk != obligation.pk)


def sum_of(obligations: Sequence[Obligation]) -> Decimal | None:
    amounts = [row.amount for row in obligations if row.amount is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def _how_many(rows: Sequence[Obligation]) -> dict[str, int]:
    return {"count": len(rows)} if len(rows) > 1 else {}


@transaction.atomic
def press(
    obligation: Obligation, *, by: User, on: datetime.date, way: str, note: str = "", also: Sequence[Obligation] = (),
    now: Now = None,
) -> Obligation:  # fmt: skip
    """催促履行: the debtor was reminded, before or after the day, of this and of what else it owes."""
    now = now or timezone.now()
    row = lock(obligation.agreement.dispute)
    if way not in ContactWay:
        raise ActionError(_("请选择联系方式。"), field="way")
    chosen = _together(obligation, also)
    for found in chosen:
        check_may_press(by, found, row)
    on = check_not_later(on, now, "on")
    Obligation.objects.filter(pk__in=[found.pk for found in chosen]).update(pressed_on=on)
    touch(
        row, "press", by=by, now=now, name=chosen[0].what, way=str(ContactWay(way).label), note=note, on=on,
        **_how_many(chosen),
    )  # fmt: skip
    obligation.pressed_on = on
    return obligation


@transaction.atomic
def finish(dispute: Dispute, *, by: User, note: str = "", version: int | None = None, now: Now = None) -> Dispute:
    """Everything that was agreed has been performed."""
    return _finish(dispute, Verb.FINISH, by=by, note=note, version=version, now=now or timezone.now())


@transaction.atomic
def finish_late(dispute: Dispute, *, by: User, note: str = "", version: int | None = None, now: Now = None) -> Dispute:
    """After a breach, all has been performed in the end."""
    return _finish(dispute, Verb.FINISH_LATE, by=by, note=note, version=version, now=now or timezone.now())


def _finish(
    dispute: Dispute, verb: str, *, by: User, note: str, version: int | None, now: datetime.datetime
) -> Dispute:
    row = begin(dispute, verb, by=by, version=version)
    check_all_fulfilled(standing_agreement(row))
    before = move(row, verb, now=now)
    only_file_remains(row, now=now)
    _plan_follow_up(row, timezone.localdate(now) + ONE_DAY * FOLLOW_UP_AFTER_FULFILMENT)
    return end(row, verb, by=by, before=before, now=now, note=note)


@transaction.atomic
def breach(dispute: Dispute, *, by: User, note: str = "", version: int | None = None, now: Now = None) -> Dispute:
    """An obligation is overdue though its debtor was pressed: the limitation begins anew (Order 17 Art 31), the leader hears."""
    now = now or timezone.now()
    row = begin(dispute, Verb.BREACH, by=by, version=version)
    today = timezone.localdate(now)
    late = check_breached(standing_agreement(row), today=today)
    before = move(row, Verb.BREACH, now=now)
    since = min(obligation.due_on for obligation in late) + ONE_DAY
    interrupt(row, LimitationKind.AGREEMENT_BROKEN, on=since, by=by, now=now)
    row.deadline = start_breach(row, on=today)
    notify_posted([(row, "breach", Role.LEADER)], row.district_id, by=by, now=now)
    return end(
        row, Verb.BREACH, by=by, before=before, now=now, note=note, names=[obligation.what for obligation in late]
    )  # fmt: skip


@transaction.atomic
def choose_route(
    dispute: Dispute, *, by: User, route: str, to: str = "", letter_number: str = "", note: str = "",
    version: int | None = None, now: Now = None,
) -> Dispute:  # fmt: skip
    """What follows a breach: an order, an award, a judgment, enforcement, inspection; or the claim is given up."""
    now = now or timezone.now()
    row = begin(dispute, Verb.CHOOSE_ROUTE, by=by, version=version)
    if route not in Route:
        raise ActionError(_("请选择救济途径。"), field="route")
    if reason := way_after_breach(row, standing_agreement(row), route, on=timezone.localdate(now)).reason:
        raise ActionError(reason, field="route")
    given_up = route == Route.NONE
    if not given_up:
        row.transferred_to = required(to, _("请写向哪里申请。"), "to")
    before = move(
        row, Verb.CHOOSE_ROUTE, now=now, target=DisputeState.ARCHIVED if given_up else DisputeState.TRANSFERRED
    )
    row.route = route
    only_file_remains(row, now=now)
    if given_up:
        # Nobody completes the file of a claim that was given up; why stands in it.
        put_away(row, by=by, statement=note or _("申请人不再追究，直接归档。"), now=now)
    return end(
        row, Verb.CHOOSE_ROUTE, by=by, before=before, now=now, reason=str(Route(route).label), body=to,
        letter_number=letter_number, note=note,
    )  # fmt: skip
