"""Who handles money: the department in charge of a programme."""

from __future__ import annotations

from django.utils.translation import gettext as _

from unionops.org.errors import NotAllowed
from unionops.org.models import User

from ..enums import DESK_ROLES


def check_pays(user: User, organisation_id: int) -> None:
    if not any(user.scope.holds(role, organisation_id) for role in DESK_ROLES):
        raise NotAllowed(_("发放由项目的主办科室办理。"))
