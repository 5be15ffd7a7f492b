"""Who handles money: the department in charge of a programme."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from unionops.org.errors import ActionError, NotAllowed
from unionops.org.models import User

from ..enums import DESK_ROLES
from .enums import PaymentState, PayWay
from .models import Payment, PaymentBatch


def check_pays(user: User, organisation_id: int) -> None:
    if not any(user.scope.holds(role, organisation_id) for role in DESK_ROLES):
        raise NotAllowed(_("发放由项目的主办科室办理。"))


def against_confirming(user: User, payments: QuerySet[Payment]) -> ActionError | None:
    """Whoever has made a payment does not say that it has arrived (domain 4.2). Goods go from hand to hand at once."""
    if payments.filter(state=PaymentState.SENT, made_by=user).exclude(way=PayWay.GOODS).exists():
        return NotAllowed(_("制单的人不能登记到账，请换一个人。"), next_step=_("请科室里的另一位同事来登记。"))
    return None


def check_confirms(user: User, batch: PaymentBatch) -> None:
    check_pays(user, batch.organisation_id)
    if error := against_confirming(user, batch.payments.all()):
        raise error
