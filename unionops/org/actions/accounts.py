"""Accounts: opened with a post, closed when somebody leaves, never deleted."""

from __future__ import annotations

import datetime
import secrets
from typing import Any, NamedTuple

from axes.utils import reset as reset_attempts
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.china.phones import mask_phone, read_phone

from ..enums import OrganisationKind, Role
from ..errors import ActionError
from ..events import kind_of, record_event
from ..models import Event, Organisation, User
from ..permissions import check_administers, check_manages, check_not_oneself, district_of, districts_of
from ..policies import check_administrator_remains
from .organisations import create_district
from .postings import add_posting, end_all_postings
from .saving import change, check_columns, check_known, lock, or_already_there, reading

EDITABLE = frozenset({"name", "email", "weekly_quota", "language", "digest"})
OWN = frozenset({"email", "language", "digest"})
NAME_TAKEN = gettext_lazy("这个登录名已经有人用。")
# Letters that nobody takes for another one when they are read out or copied from a slip of paper.
_ONE_TIME_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LETTERS = 4, 4


class Opened(NamedTuple):
    user: User
    # Shown once to the administrator; the person must change it.
    password: str


def one_time_password() -> str:
    """Return 16 letters in groups of four (79 bits)."""
    groups = ("".join(secrets.choice(_ONE_TIME_LETTERS) for _ in range(_GROUP_LETTERS)) for _ in range(_GROUPS))
    return "-".join(groups)


@transaction.atomic
def create_account(
    *,
    username: str,
    organisation: Organisation,
    role: str,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    phone: str = "",
    by: User,
    **values: Any,
) -> Opened:
    """Open an account in its first post; an account without one would exist for nobody."""
    check_known(values, EDITABLE)
    check_administers(by, district_of(organisation))
    password = one_time_password()
    user = _open(username, password, phone=phone, must_change_password=True, **values)
    record_event(
        user, "create", by=by, district_id=district_of(organisation), data={"username": username, "name": user.name}
    )
    add_posting(user, organisation=organisation, role=role, valid_from=valid_from, valid_to=valid_to, by=by)
    return Opened(user, password)


def _open(username: str, password: str, *, phone: str = "", **values: Any) -> User:
    if User.objects.filter(username__iexact=username).exists():
        raise ActionError(NAME_TAKEN, field="username")
    user = User(username=User.normalize_username(username), **values)
    user.set_password(password)
    user.set_names()
    check_columns(user)
    with or_already_there(NAME_TAKEN, field="username"):
        user.save(force_insert=True)
    if phone:
        _put_phone(user, phone)
        user.save(update_fields=["phone_sealed", "phone_hash", "phone_masked"])
    return user


def _put_phone(user: User, phone: str) -> None:
    with reading("phone"):
        number = read_phone(phone).number if phone else ""
    user.put("phone", number, mask_phone(number))


@transaction.atomic
def create_first_administrator(
    *, username: str, name: str, password: str, district_name: str, valid_from: datetime.date
) -> User:
    """Open the first account of an installation, by the system itself; the district is founded with it when there is none."""
    system = User.objects.system()
    check_password_strength(password, User(username=username, name=name))
    district = Organisation.objects.filter(kind=OrganisationKind.DISTRICT, name=district_name).first()
    district = district or create_district(name=district_name, by=system)
    user = _open(username, password, name=name)
    record_event(user, "create", by=system, district_id=district.pk, data={"username": username, "name": name})
    add_posting(user, organisation=district, role=Role.ADMIN, valid_from=valid_from, by=system)
    return user


@transaction.atomic
def edit_account(user: User, *, by: User, phone: str | None = None, version: int | None = None, **values: Any) -> User:
    """``phone`` None leaves the number as it is, an empty text removes it."""
    check_known(values, EDITABLE)
    row = lock(user, version=version)
    check_manages(by, row)
    changes = change(row, values)
    _mask_email(changes)
    row.set_names()
    if phone is not None:
        before = row.phone_masked
        _put_phone(row, phone)
        changes["phone"] = [before, row.phone_masked]
    check_columns(row)
    row.save()
    if changes:
        record_event(row, "edit", by=by, district_id=_district_id(row), data={"changes": changes})
    return row


@transaction.atomic
def edit_preferences(user: User, *, by: User, **values: Any) -> User:
    """What a person sets for themselves: language, mail."""
    check_known(values, OWN)
    row = lock(user)
    if by.pk != row.pk:
        check_manages(by, row)
    changes = change(row, values)
    _mask_email(changes)
    check_columns(row)
    row.save(update_fields=sorted(values))
    if changes:
        record_event(row, "edit_preferences", by=by, district_id=_district_id(row), data={"changes": changes})
    return row


def _mask_email(changes: dict[str, list[Any]]) -> None:
    if "email" in changes:
        changes["email"] = [text and f"{text[0]}***@{text.partition('@')[2]}" for text in changes["email"]]


def _district_id(user: User) -> int | None:
    return min(districts_of(user), default=None)


@transaction.atomic
def deactivate_account(user: User, *, by: User, reason: str = "") -> User:
    """The person can't sign in from the next request on; postings of today end with it, open work waits for a hand-over."""
    row = lock(user)
    check_manages(by, row)
    check_not_oneself(by, row)
    if not row.is_active:
        raise ActionError(_("这个账号已经停用。"))
    today = timezone.localdate()
    for district_id in districts_of(row):
        if (Role.ADMIN, district_id) in row.scope.posts:
            check_administrator_remains(row, district_id, after=today)
    district = _district_id(row)
    ended = end_all_postings(row, on=today, by=by)
    row.is_active = False
    row.save(update_fields=["is_active"])
    _forget_tokens(row)
    record_event(row, "deactivate", by=by, district_id=district, data={"reason": reason, "postings_ended": ended})
    return row


@transaction.atomic
def reactivate_account(user: User, *, by: User) -> Opened:
    """The account opens again with a new one-time password and without a post: the administrator posts the person anew."""
    row = lock(user)
    check_manages(by, row)
    if row.is_active:
        raise ActionError(_("这个账号没有停用。"))
    row.is_active = True
    password = _give_one_time_password(row)
    record_event(row, "reactivate", by=by, district_id=_district_id(row))
    return Opened(row, password)


@transaction.atomic
def reset_password(user: User, *, by: User) -> Opened:
    """A one-time password, shown once; every session and token of the person ends, and a lock is lifted."""
    row = lock(user)
    check_manages(by, row)
    check_not_oneself(by, row)
    if not row.is_active:
        raise ActionError(_("这个账号已经停用。"), next_step=_("请先启用账号。"))
    password = _give_one_time_password(row)
    record_event(row, "reset_password", by=by, district_id=_district_id(row))
    return Opened(row, password)


def _give_one_time_password(row: User) -> str:
    password = one_time_password()
    row.set_password(password)
    row.must_change_password = True
    row.save(update_fields=["password", "must_change_password", "is_active"])
    _forget_tokens(row)
    reset_attempts(username=row.username)
    return password


@transaction.atomic
def change_password(user: User, *, old: str, new: str, by: User) -> User:
    """The person's own password; all other sessions and all tokens end."""
    row = lock(user)
    if by.pk != row.pk:
        raise ActionError(_("密码只能由本人修改。"))
    if not row.check_password(old):
        raise ActionError(_("原密码不对。"), field="old")
    if row.check_password(new):
        raise ActionError(_("新密码要和原密码不同。"), field="new")
    check_password_strength(new, row)
    row.set_password(new)
    row.must_change_password = False
    row.save(update_fields=["password", "must_change_password"])
    _forget_tokens(row)
    record_event(row, "change_password", by=by, district_id=_district_id(row))
    return row


def check_password_strength(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ActionError(" ".join(error.messages), field="new") from error


def _forget_tokens(user: User) -> None:
    user.auth_token_set.all().delete()  # type: ignore[attr-defined]


@transaction.atomic
def unlock_account(user: User, *, by: User) -> int:
    """Lift the lock that too many wrong passwords brought; returns how many attempts were forgotten."""
    row = lock(user)
    if by.pk != User.objects.system().pk:
        check_manages(by, row)
    forgotten = reset_attempts(username=row.username)
    record_event(row, "unlock", by=by, district_id=_district_id(row), data={"attempts": forgotten})
    return forgotten


@transaction.atomic
def record_session(user: User, verb: str, *, by: User) -> None:
    """Coming and going stand in the log (trust 60)."""
    record_event(user, verb, by=by, district_id=_district_id(user))


@transaction.atomic
def record_lock(user: User, *, by: User, now: datetime.datetime | None = None) -> None:
    """A lock is logged once while it lasts, however often somebody tries on."""
    now = now or timezone.now()
    since = now - datetime.timedelta(hours=settings.AXES_COOLOFF_TIME)
    if not Event.objects.about(kind_of(user), user.pk).filter(verb="user.lock", at__gte=since).exists():
        record_event(user, "lock", by=by, district_id=_district_id(user), now=now)
