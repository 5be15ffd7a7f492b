"""How people stand to an order, and what stands against a step beside state and relation."""

from __future__ import annotations

from django.utils.translation import gettext as _

from unionops.org.enums import Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import User

from ..enums import DESK_ROLES, Relation
from .enums import Answer, OrderState
from .enums import OrderVerb as V
from .models import Order

# Who keeps the register of craftsmen and teams.
KEEPING_ROLES = (*DESK_ROLES, Role.ADMIN, Role.CLERK)


def relations(user: User, row: Order) -> frozenset[str]:
    found = set()
    if (row.craftsman is not None and row.craftsman.user_id == user.pk) or row.panelists.filter(
        craftsman__user=user
    ).exists():
        found.add(Relation.ASSIGNEE)
    if row.state == OrderState.PUSHED and row.offers.filter(craftsman__user=user, answer=Answer.WAITING).exists():
        found.add(Relation.OFFERED)
    if row.town_id is not None and user.scope.holds(Role.LIAISON, row.town_id):
        found.add(Relation.LIAISON)
    return frozenset(found)


def against(user: User, row: Order, verb: str) -> ActionError | None:
    if verb in (V.ACCEPT, V.DECLINE):
        waiting = row.offers.filter(answer=Answer.WAITING)
        if not waiting.filter(craftsman__user=user).exists() and not waiting.filter(craftsman__user=None).exists():
            return NotAllowed(_("被问到的人有账号，请他自己答复；等不及就指派。"))
    if verb == V.CLOSE and row.state == OrderState.PARTLY and row.programme.uses(V.CONFIRM):
        return InvalidTransition(_("请先登记对方确认，再结单。"))
    return None


def overtaken(user: User, row: Order, verb: str) -> ActionError | None:
    """Whoever was asked and comes second is told who was first."""
    if verb not in (V.ACCEPT, V.DECLINE):
        return None
    taken = row.offers.filter(answer=Answer.ACCEPTED).select_related("craftsman").first()
    asked = row.offers.filter(craftsman__user=user).exclude(answer=Answer.ACCEPTED).exists()
    if taken is None or not asked:
        return None
    return InvalidTransition(_("%(name)s已经先接了这张单，谢谢您。") % {"name": taken.craftsman.name})


READING = frozenset({Relation.DESK, Relation.ASSIGNEE})


def check_reads_secret(user: User, row: Order, held: frozenset[str]) -> None:
    """A trade secret is read by the desk and by whoever has the order (domain 4.6)."""
    if held.isdisjoint(READING):
        raise NotAllowed(_("这张单涉及商业秘密，只有承办人和主办科室能看。"))


def check_keeps_register(user: User, district_id: int) -> None:
    if district_id not in user.scope.member_of or not user.scope.has(*KEEPING_ROLES):
        raise NotAllowed(_("师傅名册由服务科室和系统管理员维护。"))
