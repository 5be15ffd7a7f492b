"""Who may work on a household's file. The page and the action both ask here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from unionops.org.enums import Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import User

from ..claims.enums import ClaimState
from ..enums import DESK_ROLES
from .enums import FileState
from .models import HouseholdFile

# Once it is verified, what was verified stays as it was.
OPEN_TO_CHANGE = frozenset({ClaimState.SUBMITTED, ClaimState.SUPPLEMENT, ClaimState.CHECKED, ClaimState.VISITED})


def at_desk(user: User, file: HouseholdFile) -> bool:
    return any(user.scope.holds(role, file.organisation_id) for role in DESK_ROLES)


def in_town(user: User, file: HouseholdFile) -> bool:
    return file.town_id is not None and user.scope.holds(Role.TOWN, file.town_id)


def check_may_write(user: User, file: HouseholdFile) -> None:
    """The household is written down by the desk, the town and whoever registered it, until it has been verified."""
    registrar = file.claim.registered_by_id == user.pk and file.district_id in user.scope.member_of
    if not (at_desk(user, file) or in_town(user, file) or (registrar and file.state == FileState.APPLYING)):
        raise NotAllowed(_("家庭情况由登记人、镇街工会和主办科室填写。"))
    if file.state == FileState.APPLYING and file.claim.state not in OPEN_TO_CHANGE:
        raise InvalidTransition(_("已经核对，家庭情况不能再改。"))
    if not file.is_open:
        raise InvalidTransition(_("档案已经退出，不能再改。"))


def check_may_review(user: User, file: HouseholdFile) -> None:
    if not at_desk(user, file):
        raise NotAllowed(_("复核和退档由主办科室办理。"))
    if file.state != FileState.ACTIVE:
        raise InvalidTransition(_("只有在档的才复核和退档。"))


def check_may_reveal(user: User, file: HouseholdFile) -> None:
    if not (at_desk(user, file) or in_town(user, file)):
        raise NotAllowed(_("完整内容只有经办科室和镇街能看。"))


def check_runs(user: User, organisation_id: int) -> None:
    """Campaigns are planned by the department in charge."""
    if not any(user.scope.holds(role, organisation_id) for role in DESK_ROLES):
        raise NotAllowed(_("帮扶活动由主办科室组织。"))


def lacks(file: HouseholdFile) -> ActionError | None:
    """What is still missing before the economic check: the household, its numbers, and everybody's signature."""
    if file.authorised_on is None:
        return InvalidTransition(_("还没有本人签的经济状况核对授权，请先在档案里登记。"))
    members = list(file.members.all())
    if any(not one.has_authorised for one in members if not one.is_minor()):
        return InvalidTransition(_("家里的成年人都要签授权，还有人没签。"))
    if not file.items.exists():
        return InvalidTransition(_("还没有填收入和刚性支出。"))
    return None
