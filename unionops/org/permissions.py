"""May this person do it? Pages, the API and the actions all ask here; what they must not know of is 404 before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from .enums import DEPARTMENT_ROLES, TOWN_ROLES, Role
from .errors import ActionError, NotAllowed
from .models import Contact, Enterprise, Organisation, Person, Posting, User

# Roles that keep the directory of the whole district.
DIRECTORY_KEEPERS = frozenset({Role.CLERK, Role.ADMIN})
# Roles that decide which enterprises are key enterprises.
KEY_LIST_KEEPERS = frozenset({Role.CLERK, Role.ADMIN, Role.LEADER})


def district_of(organisation: Organisation) -> int:
    return int(organisation.district_id or organisation.pk)


def _holds(user: User, roles: frozenset[str], district_id: int) -> bool:
    return any(user.scope.holds(role, district_id) for role in roles)


def check_administers(user: User, district_id: int) -> None:
    if district_id not in user.scope.administers:
        raise NotAllowed(_("这件事由系统管理员办理。"))


def districts_of(account: User) -> set[int]:
    """The districts that an account works in today or later; of a former colleague, those of the past."""
    rows = Posting.objects.filter(user=account).values_list("organisation__district_id", "organisation_id", "valid_to")
    today = timezone.localdate()
    every = {district or organisation for district, organisation, _end in rows}
    present = {district or organisation for district, organisation, end in rows if end is None or end >= today}
    return present or every


def check_manages(user: User, account: User) -> None:
    """An account that works in two districts is managed by whoever administers both."""
    found = districts_of(account)
    if not found or not found <= user.scope.administers:
        raise NotAllowed(_("这个账号由它任职的区的系统管理员管理。"))


def check_not_oneself(user: User, account: User) -> None:
    """Whoever gives rights does not give them to themselves."""
    if user.pk == account.pk:
        raise NotAllowed(_("不能给自己办这件事。"), next_step=_("请另一位系统管理员办理。"))


def check_edits_enterprise(user: User, *, town_id: int | None, district_id: int) -> None:
    """Clerks and administrators keep the directory, town roles that of their own towns."""
    if not (_holds(user, DIRECTORY_KEEPERS, district_id) or town_id in user.scope.towns):
        raise NotAllowed(_("企业信息由本镇街的驻联干部、镇街工会，或督办岗、系统管理员维护。"))


def check_keeps_directory(user: User, district_id: int) -> None:
    if not _holds(user, DIRECTORY_KEEPERS, district_id):
        raise NotAllowed(_("这件事由督办岗或系统管理员办理。"))


def check_keeps_key_list(user: User, district_id: int) -> None:
    if not _holds(user, KEY_LIST_KEEPERS, district_id):
        raise NotAllowed(_("重点企业名单由督办岗、分管领导或系统管理员维护。"))


def check_edits_person(user: User, *, town_id: int | None, district_id: int) -> None:
    """People are entered by those who meet them: town roles in their towns, departments and clerks anywhere."""
    scope = user.scope
    at_desk = scope.has(*DEPARTMENT_ROLES) and district_id in scope.member_of
    if not (at_desk or scope.holds(Role.CLERK, district_id) or town_id in scope.towns):
        raise NotAllowed(_("人员信息由本镇街的驻联干部、镇街工会，或科室经办、督办岗维护。"))


def check_reveals(user: User, thing: Person | Contact | User) -> None:
    """Full numbers are read by whoever must call or pay: each reading is logged with its reason."""
    match thing:
        case User():
            check_manages(user, thing)
        case Contact():
            _check_needs(user, town_id=thing.enterprise.town_id, district_id=thing.enterprise.district_id)
        case _:
            _check_needs(user, town_id=thing.town_id, district_id=thing.district_id)


def _check_needs(user: User, *, town_id: int | None, district_id: int) -> None:
    scope = user.scope
    stationed = scope.has(*TOWN_ROLES) and town_id in scope.towns
    works_on_cases = scope.has(*DEPARTMENT_ROLES) and district_id in scope.member_of
    if not (stationed or works_on_cases or scope.holds(Role.CLERK, district_id)):
        raise NotAllowed(_("您的岗位不需要看完整号码。"), next_step=_("需要联系时，请驻联干部、经办科室或督办岗办理。"))


def check_may_edit(user: User, enterprise: Enterprise) -> None:
    check_edits_enterprise(user, town_id=enterprise.town_id, district_id=enterprise.district_id)


def may_add_enterprises(user: User) -> bool:
    scope = user.scope
    return bool(scope.towns) or any(_holds(user, DIRECTORY_KEEPERS, district) for district in scope.directory_of)


def may_add_people(user: User) -> bool:
    return user.scope.has(*TOWN_ROLES, *DEPARTMENT_ROLES, Role.CLERK)


def may(check: Callable[..., None], *args: Any, **kwargs: Any) -> bool:
    """Whether to draw the button of a step that the check guards."""
    try:
        check(*args, **kwargs)
    except ActionError:
        return False
    return True
