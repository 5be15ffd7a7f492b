"""The small forms that the case page offers beside a row: only where the person may, and only where the form stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.permissions import refusal
from unionops.jinja import url_if
from unionops.org.models import User

from .. import permissions
from ..enums import CONFIRMATION_TRANSITIONS, DisputeState, Side
from ..models import Dispute, TeamMember

Link = dict[str, Any]


def links_of(dispute: Dispute, user: User, kind: str, rows: Sequence[Any]) -> dict[object, list[Link]]:
    """{key of the row: its links}; no query of its own once `permissions.know_relations` has been asked."""
    return {row.pk: list(_OFFERED[kind](dispute, user, row)) for row in rows}


def _may(check: Callable[..., Any], *about: Any) -> bool:
    return not refusal(check, *about)


def _do(dispute: Dispute, name: str, label: str, glyph: str) -> Iterator[Link]:
    if url := url_if("disputes:do", dispute.pk, name):
        yield {"label": label, "glyph": glyph, "url": url}


def _settle(dispute: Dispute, name: str, part: Any, label: str) -> Iterator[Link]:
    if url := url_if("disputes:settle", dispute.pk, name, part.pk):
        yield {"label": label, "glyph": "", "url": url}


def links_of_case(dispute: Dispute, user: User, seats: Sequence[TeamMember]) -> Iterator[Link]:
    """What is offered around the whole case, of which the page has read the ``seats``."""
    if _may(permissions.check_records, user, dispute):
        yield from _do(dispute, "note", _("记进展"), "chat-dots")
    if _may(permissions.check_may_make_offer, user, dispute):
        yield from _do(dispute, "offer", _("登记要求或出价"), "cash-stack")
    if _may(permissions.check_edits_parties, user, dispute):
        yield from _do(dispute, "parties", _("加当事人"), "people")
        if dispute.is_collective:
            yield from _do(dispute, "elect", _("推举代表"), "person-check")
    if _may(permissions.check_keeps_team, user, dispute):
        yield from _do(dispute, "add_member", _("加办案人员"), "person-check")
        yield from _do(dispute, "share", _("共享给联动单位"), "box-arrow-up-right")
    if _may(permissions.check_asks_recusal, user, dispute, seats):
        yield from _do(dispute, "ask_recusal", _("登记回避申请"), "slash-circle")
    # The windows of a joint application are open while what was agreed is being performed.
    if dispute.state in (DisputeState.EFFECTIVE, DisputeState.BREACHED) and _may(
        permissions.check_may_confirm, user, dispute
    ):
        yield from _do(dispute, "confirmation", _("申请确认"), "shield-check")
    if _may(permissions.check_records, user, dispute):
        yield from _do(dispute, "limitation", _("登记时效事件"), "hourglass-split")


def _of_party(dispute: Dispute, user: User, row: Any) -> Iterator[Link]:
    if row.valid_to is None and _may(permissions.check_edits_parties, user, dispute):
        if row.side != Side.THIRD:
            yield from _settle(dispute, "consent", row, _("登记调解意愿") if not row.consent else _("改调解意愿"))
        yield from _settle(dispute, "agent", row, _("加代理人"))
        if row.speaks_on(timezone.localdate()):
            yield from _settle(dispute, "end_representative", row, _("结束代表"))
        yield from _settle(dispute, "end_party", row, _("登记退出"))


def _of_agent(dispute: Dispute, user: User, row: Any) -> Iterator[Link]:
    if row.valid_to is None and _may(permissions.check_edits_parties, user, dispute):
        yield from _settle(dispute, "end_agent", row, _("结束代理"))


def _of_member(dispute: Dispute, user: User, row: Any) -> Iterator[Link]:
    if row.ended_at is None and _may(permissions.check_keeps_team, user, dispute):
        yield from _settle(dispute, "end_member", row, _("退出"))
    if row.user_id == user.pk and _may(permissions.check_may_recuse, user, dispute, [row]):
        yield from _do(dispute, "recuse", _("申报回避"), "")


def _of_share(dispute: Dispute, user: User, row: Any) -> Iterator[Link]:
    if row.ended_at is None and _may(permissions.check_keeps_team, user, dispute):
        yield from _settle(dispute, "end_share", row, _("结束共享"))


def _of_note(dispute: Dispute, user: User, row: Any) -> Iterator[Link]:
    """Of a note that the person may read."""
    if _may(permissions.check_may_release, user, row, dispute):
        yield from _settle(dispute, "release_note", row, _("公开笔录"))
    if row.signed_on is None and _may(permissions.check_may_sign, user, dispute):
        yield from _settle(dispute, "sign_note", row, _("登记笔录签名"))


def _of_offer(dispute: Dispute, user: User, row: Any) -> Iterator[Link]:
    if _may(permissions.check_may_release, user, row, dispute):
        yield from _settle(dispute, "release_offer", row, _("公开"))


def _of_agreement(dispute: Dispute, user: User, row: Any) -> Iterator[Link]:
    if _may(permissions.check_may_mark, user, row, dispute):
        if row.missing_marks:
            yield from _settle(dispute, "mark", row, _("登记签章"))
        if len(row.missing_marks) < 4:
            yield from _settle(dispute, "withdraw_mark", row, _("撤回签章"))


def _of_obligation(dispute: Dispute, user: User, row: Any) -> Iterator[Link]:
    if _may(permissions.check_may_fulfil, user, row, dispute):
        yield from _settle(dispute, "fulfil", row, _("登记履行"))
    if _may(permissions.check_may_press, user, row, dispute):
        yield from _settle(dispute, "press", row, _("催促履行"))


def _of_confirmation(dispute: Dispute, user: User, row: Any) -> Iterator[Link]:
    for verb, transition in CONFIRMATION_TRANSITIONS.items():
        if _may(permissions.check_confirmation_step, user, row, dispute, verb):
            yield from _settle(dispute, f"confirmation_{verb}", row, str(transition.label))


def _of_follow_up(dispute: Dispute, user: User, row: Any) -> Iterator[Link]:
    if row.done_at is None and _may(permissions.check_may_follow_up, user, dispute):
        yield from _settle(dispute, "follow_up", row, _("记回访"))


_OFFERED: dict[str, Callable[[Dispute, User, Any], Iterator[Link]]] = {
    "party": _of_party,
    "agent": _of_agent,
    "member": _of_member,
    "share": _of_share,
    "note": _of_note,
    "offer": _of_offer,
    "agreement": _of_agreement,
    "obligation": _of_obligation,
    "confirmation": _of_confirmation,
    "follow_up": _of_follow_up,
}
