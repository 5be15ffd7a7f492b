"""What the steps of an order change beside its state."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.notices import holders, notify, notify_all
from unionops.casework.outbox import later
from unionops.joining import listed
from unionops.org.errors import ActionError, NotAllowed, required
from unionops.org.models import User

from ..shapes import Act, Turn
from .enums import OUTCOMES, Answer, Mode, OrderState
from .enums import OrderVerb as V
from .matching import Match, candidates, match_of, to_ask, waiting_of
from .models import Craftsman, Message, Offer, Order, Panelist, SiteVisit

PUSH_TASK = "orders.push"
ASK_AT_ONCE, MOST_ASKED, MINUTES = 1, 5, 10
# A second paper with the same sum for the same firm is asked about within this.
SAME_SAVING = datetime.timedelta(days=365)
LEAST_PANEL = 2


def begin(row: Order, fields: Mapping[str, Any]) -> None:
    for name in ("mode", "trade", "skills", "product", "region", "wanted_on", "at_stake"):
        value = fields.get(name)
        if value not in (None, ""):
            setattr(row, name, value)
    row.is_secret = bool(fields.get("is_secret")) or row.programme.is_confidential
    if row.is_secret:
        row.hide(row.description)
        row.description = ""
    if row.mode == Mode.URGENT:
        row.urgency = 1


def begun(row: Order, fields: Mapping[str, Any], by: User) -> None:
    """Where the programme says so, a worker pushes the order within seconds of its coming."""
    if row.programme.limit("auto_push", 0):
        later(PUSH_TASK, order_id=str(row.pk))


# --- asking


def ask(row: Order, matches: Iterable[Match], turn: Turn) -> list[Offer]:
    """Offer the order to these; whoever has an account is told at once."""
    minutes = int(row.programme.limit("accept_minutes", MINUTES))
    offers = [
        Offer.objects.create(
            order=row, craftsman=match.craftsman, score=match.score, arithmetic=match.arithmetic, offered_at=turn.now,
            due_at=turn.now + datetime.timedelta(minutes=minutes),
        )
        for match in matches
    ]  # fmt: skip
    people = [offer.craftsman.user_id for offer in offers if offer.craftsman.user_id]
    if people:
        turn.then.append(lambda: notify_all([(row, "offer", people)], by=turn.by, now=turn.now))
    turn.data["asked"] = {str(_("问了")): listed(offer.craftsman.name for offer in offers)} if offers else {}
    return offers


def push(turn: Turn) -> None:
    row: Order = turn.row
    known = candidates(row, now=turn.now)
    chosen = turn.fields.get("craftsmen")
    if chosen is None:
        wanted = to_ask(row, most=int(row.programme.limit("ask_at_once", ASK_AT_ONCE)), now=turn.now)
    else:
        wanted = [match for match in known if match.craftsman.pk in {int(pk) for pk in chosen}]
    if refused := next((match for match in wanted if match.against), None):
        raise ActionError(
            _("不能推给%(name)s：%(why)s。") % {"name": refused.craftsman.name, "why": refused.against},
            field="craftsmen",
        )
    if not wanted:
        raise ActionError(
            _("没有对口又有空的师傅。"), field="craftsmen", next_step=_("请改工种或专长再推，或直接指派、转介。")
        )
    row.pushed_at = row.pushed_at or turn.now
    ask(row, wanted, turn)


def ask_next(turn: Turn) -> None:
    """After a refusal or a silence the next is asked; where nobody is left the dispatcher has it again."""
    row: Order = turn.row
    programme = row.programme
    waiting = row.offers.filter(answer=Answer.WAITING).count()
    asked = row.offers.filter(is_assigned=False).count()
    room = min(
        int(programme.limit("ask_at_once", ASK_AT_ONCE)) - waiting,
        int(programme.limit("most_asked", MOST_ASKED)) - asked,
    )
    offers = ask(row, to_ask(row, most=room, now=turn.now), turn) if room > 0 else []
    turn.target = OrderState.PUSHED if waiting or offers else OrderState.POSTED
    if turn.target == OrderState.POSTED:
        turn.then.append(lambda: notify(row, "nobody", by=turn.by, to=holders(row), now=turn.now))


def own_offer(row: Order, by: User, chosen: Any = None) -> Offer:
    """The offer that this person answers: the own one, else one of somebody without an account."""
    waiting = waiting_of(row)
    own = next((offer for offer in waiting if offer.craftsman.user_id == by.pk), None)
    if own is not None:
        return own
    others = [offer for offer in waiting if offer.craftsman.user_id is None]
    if not others:
        raise NotAllowed(_("被问到的人有账号，请他自己答复；等不及就指派。"))
    if chosen in (None, ""):
        if len(others) == 1:
            return others[0]
        raise ActionError(_("请选替谁答复。"), field="offer")
    found = next((offer for offer in others if str(offer.pk) == str(chosen)), None)
    if found is None:
        raise ActionError(_("请选替谁答复。"), field="offer")
    return found


def _answer(offer: Offer, answer: str, turn: Turn, **fields: Any) -> None:
    offer.answer, offer.answered_at, offer.answered_by = answer, turn.now, turn.by
    offer.on_behalf = offer.craftsman.user_id != turn.by.pk and answer in (Answer.ACCEPTED, Answer.DECLINED)
    for name, value in fields.items():
        setattr(offer, name, value)
    offer.save()


def _give_to(row: Order, craftsman: Craftsman, turn: Turn) -> None:
    row.craftsman, row.team, row.accepted_at = craftsman, craftsman.team, turn.now
    overtaken = waiting_of(row)
    for other in overtaken:
        _answer(other, Answer.OVERTAKEN, turn, answered_by=None)
    people = [other.craftsman.user_id for other in overtaken if other.craftsman.user_id]
    if people:
        turn.then.append(lambda: notify_all([(row, "overtaken", people)], by=turn.by, now=turn.now))


def accept(turn: Turn) -> None:
    """The first who accepts has it: the row is locked, and the others find it taken."""
    row: Order = turn.row
    offer = own_offer(row, turn.by, turn.fields.get("offer"))
    _answer(offer, Answer.ACCEPTED, turn)
    _give_to(row, offer.craftsman, turn)
    turn.data["asked"] = _who(offer)


def _who(offer: Offer) -> dict[str, str]:
    if offer.on_behalf:
        return {str(_("代答")): offer.craftsman.name}
    return {str(_("师傅")): offer.craftsman.name}


def decline(turn: Turn) -> None:
    row: Order = turn.row
    offer = own_offer(row, turn.by, turn.fields.get("offer"))
    _answer(
        offer,
        Answer.DECLINED,
        turn,
        reason_kind=turn.fields.get("reason_kind") or "",
        reason=turn.fields.get("reason") or "",
    )
    ask_next(turn)
    turn.data["asked"] = {**_who(offer), **turn.data.get("asked", {})}


def time_out(turn: Turn) -> None:
    row: Order = turn.row
    late = [offer for offer in waiting_of(row) if offer.is_late(turn.now)]
    if not late:
        raise ActionError(_("还没有到答复的期限。"))
    for offer in late:
        _answer(offer, Answer.TIMED_OUT, turn, answered_by=None)
    ask_next(turn)
    turn.data["asked"] = {
        str(_("没有答复")): listed(offer.craftsman.name for offer in late),
        **turn.data.get("asked", {}),
    }


def assign(turn: Turn) -> None:
    """The dispatcher decides; whoever has a conflict cannot be told to go."""
    row: Order = turn.row
    person = Craftsman.objects.serving().filter(district=row.district_id, pk=turn.fields.get("craftsman") or 0).first()
    if person is None:
        raise ActionError(_("请选师傅。"), field="craftsman")
    match = match_of(row, person)
    if match.against:
        raise ActionError(
            _("不能指派%(name)s：%(why)s。") % {"name": person.name, "why": match.against}, field="craftsman"
        )
    row.offers.filter(craftsman=person, answer=Answer.WAITING).delete()
    Offer.objects.create(
        order=row, craftsman=person, score=match.score, arithmetic=match.arithmetic, offered_at=turn.now, due_at=turn.now,
        answer=Answer.ACCEPTED, answered_at=turn.now, answered_by=turn.by, is_assigned=True,
    )  # fmt: skip
    _give_to(row, person, turn)
    turn.data["asked"] = {str(_("师傅")): person.name}


def hand_back(turn: Turn) -> None:
    row: Order = turn.row
    row.offers.filter(answer=Answer.ACCEPTED).update(answer=Answer.RETURNED)
    row.craftsman = row.team = row.accepted_at = None


def end_offers(turn: Turn) -> None:
    for offer in waiting_of(turn.row):
        _answer(offer, Answer.OVERTAKEN, turn, answered_by=None)


# --- working


def speaker_of(row: Order, by: User) -> str:
    """Who speaks: the person, or the craftsman for whom somebody writes down what was said on the telephone."""
    craftsman = row.craftsman
    return craftsman.name if craftsman and craftsman.user_id is None and by.pk != row.registered_by_id else by.name


def say(row: Order, text: str, *, by: User, now: datetime.datetime, replies: bool) -> Message:
    """A message of the thread; the first of somebody who serves is the first reply."""
    if replies and row.first_reply_at is None:
        row.first_reply_at = now
    return Message.objects.create(order=row, by=by, speaker=speaker_of(row, by), at=now, text=text)


def advise(turn: Turn) -> None:
    say(
        turn.row,
        required(turn.fields.get("reply") or "", _("请写答复。"), "reply"),
        by=turn.by,
        now=turn.now,
        replies=True,
    )


def visit(turn: Turn) -> None:
    row, fields = turn.row, turn.fields
    day = fields.get("on") or timezone.localdate(turn.now)
    if day > timezone.localdate(turn.now):
        raise ActionError(_("上门的日子不能在今天以后。"), field="on")
    SiteVisit.objects.create(
        order=row, on=day, hours=fields.get("hours") or 0, people=required(fields.get("people") or "", _("请写谁去的。"), "people"),
        findings=required(fields.get("findings") or "", _("请写现场情况。"), "findings"), recorded_by=turn.by, recorded_at=turn.now,
    )  # fmt: skip
    row.service_hours += Decimal(fields.get("hours") or 0)
    row.first_reply_at = row.first_reply_at or turn.now
    if fields.get("people_served"):
        row.people_served += fields["people_served"]


def convene(turn: Turn) -> None:
    """A panel of at least two beside whoever has the order (domain C30)."""
    row: Order = turn.row
    chosen = {int(pk) for pk in turn.fields.get("experts") or ()}
    if row.craftsman_id:
        chosen.add(row.craftsman_id)
    known = {match.craftsman.pk: match for match in candidates(row, now=turn.now)}
    people = list(Craftsman.objects.serving().filter(district=row.district_id, pk__in=chosen).order_by("pk"))
    if len(people) < LEAST_PANEL:
        raise ActionError(_("会诊至少要两位师傅，连承办人在内。"), field="experts")
    for person in people:
        match = known.get(person.pk)
        if match and match.against and person.pk != row.craftsman_id and person.is_available:
            raise ActionError(
                _("%(name)s不能参加：%(why)s。") % {"name": person.name, "why": match.against}, field="experts"
            )
        Panelist.objects.get_or_create(order=row, craftsman=person, defaults={"invited_at": turn.now})
    if question := turn.fields.get("question"):
        say(row, _("会诊：%(question)s") % {"question": question}, by=turn.by, now=turn.now, replies=False)
    told = [person.user_id for person in people if person.user_id]
    turn.then.append(lambda: notify_all([(row, "panel", told)], by=turn.by, now=turn.now))
    turn.data["asked"] = {str(_("专家")): listed(person.name for person in people)}


def conclude(turn: Turn) -> None:
    row: Order = turn.row
    present = {int(pk) for pk in turn.fields.get("present") or ()}
    if row.panelists.filter(craftsman__in=present).count() < LEAST_PANEL:
        raise ActionError(_("到会的专家不足两位，会诊不成立。"), field="present")
    row.panelists.filter(craftsman__in=present).update(was_present=True)
    opinions = required(turn.fields.get("opinions") or "", _("请写会诊意见。"), "opinions")
    say(row, _("会诊结论：%(opinions)s") % {"opinions": opinions}, by=turn.by, now=turn.now, replies=True)
    row.solution = (turn.fields.get("solution") or "").strip() or row.solution
    turn.target = OrderState.SOLUTION if turn.fields.get("solution") else OrderState.ACCEPTED


def solve(turn: Turn) -> None:
    turn.row.solution = required(turn.fields.get("solution") or "", _("请写解决方案。"), "solution")
    turn.row.first_reply_at = turn.row.first_reply_at or turn.now


def try_out(turn: Turn) -> None:
    turn.row.trial_result = required(turn.fields.get("trial_result") or "", _("请写试用情况。"), "trial_result")


def record_outcome(turn: Turn) -> None:
    row: Order = turn.row
    outcome = turn.fields.get("outcome") or ""
    if outcome not in OUTCOMES:
        raise ActionError(_("请选结果。"), field="outcome")
    if row.programme.uses(V.SOLVE) and outcome != OrderState.UNSOLVED and not row.solution:
        raise ActionError(_("请先写解决方案，再登记结果。"), field="outcome")
    row.outcome = turn.target = outcome
    row.service_hours += Decimal(turn.fields.get("hours") or 0)
    row.people_served += turn.fields.get("people_served") or 0
    row.first_reply_at = row.first_reply_at or turn.now


# --- what came of it


def confirm(turn: Turn) -> None:
    """Savings count only with a paper of the other side, and the same saving is not counted for two teams."""
    row, fields = turn.row, turn.fields
    paper = fields.get("paper")
    row.saved, row.orders_kept = fields.get("saved") or Decimal(0), fields.get("orders_kept") or Decimal(0)
    row.jobs = fields.get("jobs") or 0
    if (row.saved or row.orders_kept or row.jobs) and paper is None:
        raise ActionError(_("成效要有对方盖章的书面确认，请上传。"), field="paper")
    row.confirmed_name = required(fields.get("confirmed_name") or "", _("请写确认人。"), "confirmed_name")
    row.confirmed_at = turn.now
    row.rating = int(fields["rating"]) if fields.get("rating") else row.rating
    row.opinion = fields.get("opinion") or row.opinion
    if paper is None:
        return
    same_paper = (
        Order.objects.filter(district=row.district_id, confirmation_hash=paper.sha256).exclude(pk=row.pk).first()
    )
    if same_paper:
        raise ActionError(
            _("这份确认书已经用在%(number)s，同一成效只算一次。") % {"number": same_paper.number}, field="paper"
        )
    other = _same_saving(row)
    apart = (fields.get("apart") or "").strip()
    if other is not None and not apart:
        raise ActionError(
            _("%(number)s已为同一单位报过同样的金额。") % {"number": other.number}, field="saved",
            next_step=_("同一成效只由一个队报；确是另一笔，请在下面说明。"),
        )  # fmt: skip
    if other is not None:
        turn.data["text"] = _("与%(number)s不是同一笔：%(why)s") % {"number": other.number, "why": apart}
    row.confirmation, row.confirmation_hash = paper, paper.sha256


def _same_saving(row: Order) -> Order | None:
    """Another confirmed order of the same firm that reports the same sum."""
    if not (row.saved or row.orders_kept):
        return None
    since = (row.confirmed_at or timezone.now()) - SAME_SAVING
    others = Order.objects.filter(district=row.district_id, confirmed_at__gte=since, confirmation__isnull=False)
    others = others.filter(saved=row.saved, orders_kept=row.orders_kept).exclude(pk=row.pk)
    if row.enterprise_id:
        return others.filter(enterprise=row.enterprise_id).first()
    return others.filter(applicant_name=row.applicant_name).first()


def refer(turn: Turn) -> None:
    turn.row.referred_to = required(turn.fields.get("referred_to") or "", _("请写转给谁。"), "referred_to")
    end_offers(turn)


def pen(row: Order) -> None:
    """Whoever works on it has it; without an account the desk writes for him."""
    if row.state in (*OUTCOMES, OrderState.CONFIRMED, OrderState.REFERRED):
        return
    if row.craftsman is not None and row.craftsman.user_id is not None:
        row.holder_user_id, row.holder_organisation_id = row.craftsman.user_id, None


ACTS: dict[str, Act] = {
    V.PUSH: push,
    V.ASSIGN: assign,
    V.ACCEPT: accept,
    V.DECLINE: decline,
    V.TIME_OUT: time_out,
    V.ADVISE: advise,
    V.VISIT: visit,
    V.CONVENE: convene,
    V.CONCLUDE: conclude,
    V.SOLVE: solve,
    V.TRY: try_out,
    V.RECORD: record_outcome,
    V.CONFIRM: confirm,
    V.REFER: refer,
    V.HAND_BACK: hand_back,
    V.REFUSE: end_offers,
    V.WITHDRAW: end_offers,
}
