from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import connection, models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops import prepared
from unionops.china.pinyin import pinyin_key

from ..enums import DEPARTMENT_ROLES, DIRECTORY_ROLES, DISTRICT_WIDE, TOWN_ROLES, Language, Role
from .organisations import Organisation
from .sealed_columns import SealedColumns
from .seen import Seen

SYSTEM_USERNAME = "system"


@dataclass(frozen=True)
class Scope:
    """What a person's postings of today give: computed on each request, never stored."""

    roles: frozenset[str] = frozenset()
    # District ids in which the person holds any posting.
    member_of: frozenset[int] = frozenset()
    # District ids whose cases the person sees whole, whose directory, whose log, whose settings.
    districts: frozenset[int] = frozenset()
    directory_of: frozenset[int] = frozenset()
    log_of: frozenset[int] = frozenset()
    administers: frozenset[int] = frozenset()
    towns: frozenset[int] = frozenset()
    departments: frozenset[int] = frozenset()
    # (role, organisation id) pairs, for rules that need both.
    posts: frozenset[tuple[str, int]] = frozenset()
    organisation_names: tuple[str, ...] = field(default=(), compare=False)

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def holds(self, role: str, organisation_id: int | None) -> bool:
        return (role, organisation_id) in self.posts


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: User) -> Self:
        """Colleagues: whoever is or was posted in the districts of which the person is a member."""
        return self.filter(
            models.Exists(
                Posting.objects.filter(user=models.OuterRef("pk")).filter(
                    Q(organisation__district__in=user.scope.member_of) | Q(organisation__in=user.scope.member_of)
                )
            )
        )

    def posted(self, role: str, organisation: Organisation | int, day: datetime.date | None = None) -> Self:
        posts = Posting.objects.on(day or timezone.localdate()).filter(role=role, organisation=organisation)
        return self.filter(is_active=True, pk__in=posts.values("user"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def system(self) -> User:
        """Return the actor of scheduled work: it can't sign in."""
        user, _created = self.get_or_create(
            username=SYSTEM_USERNAME, defaults={"name": "系统", "is_active": False, "password": "!"}
        )
        return user

    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        user: User = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.set_names()
        user.save(using=self._db)
        return user


class User(Seen, SealedColumns, AbstractBaseUser):
    SEALED = ("phone",)
    SEEN = ("name", "phone_hash", "email", "weekly_quota")

    username = models.CharField(_("登录名"), max_length=50, unique=True)
    name = models.CharField(_("姓名"), max_length=50)
    pinyin = models.CharField(max_length=300, editable=False, default="")
    initials = models.CharField(max_length=120, editable=False, default="")
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    phone_masked = models.CharField(_("手机"), max_length=20, blank=True, editable=False, default="")
    email = models.EmailField(_("邮箱"), blank=True)
    language = models.CharField(_("语言"), max_length=10, choices=Language, default=Language.CHINESE)
    weekly_quota = models.PositiveSmallIntegerField(_("每周走访家数"), default=4)
    digest = models.BooleanField(_("接收每日邮件"), default=True)
    is_active = models.BooleanField(_("可登录"), default=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("账号")
        ordering = ["pinyin", "id"]

    def __str__(self) -> str:
        return self.name

    def set_names(self) -> None:
        self.pinyin, self.initials = pinyin_key(self.name)

    @cached_property
    def scope(self) -> Scope:
        """One query on first use: the rights that follow from today's postings."""
        return scope_of(self)


class PostingQuerySet(models.QuerySet["Posting"]):
    def on(self, day: datetime.date) -> Self:
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def visible_to(self, user: User) -> Self:
        members = user.scope.member_of
        return self.filter(Q(organisation__district__in=members) | Q(organisation__in=members))


class Posting(models.Model):
    """Who is stationed where, as what, from when to when (驻联周期)."""

    # PROTECT both: a posting is history.
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("人员"), related_name="postings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("单位"), related_name="postings")
    role = models.CharField(_("角色"), max_length=12, choices=Role)
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("结束日期"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("驻联与任职")
        ordering = ["organisation__path", "role", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="posting_dates_in_order",
                violation_error_message=_("结束日期不能早于起始日期。"),
            ),
            ExclusionConstraint(
                name="posting_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Func("valid_from", "valid_to", Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这个人在同一单位的同一角色已有重叠的任期。"),
            ),
        ]
        # Read by «who is posted here now» (routing, follow-up, directory).
        indexes = [models.Index(fields=["organisation", "role", "valid_to"], name="posting_by_organisation")]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.organisation}"


class Leave(models.Model):
    """Days on which nobody expects a visit: they leave the weekly quota."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("人员"), related_name="leaves")
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"))
    reason = models.CharField(_("事由"), max_length=50, blank=True)

    class Meta:
        verbose_name = _("请假")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="leave_dates_in_order",
                violation_error_message=_("结束日期不能早于开始日期。"),
            )
        ]


# Written by hand: every request asks this, and building the statement took five times as long as running it.
_POSTS = """
    org_posting p JOIN org_organisation o ON o.id = p.organisation_id
    AND p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to >= %(day)s)
"""
POSTS_OF_A_DAY = f"""
    SELECT p.role, p.organisation_id, o.district_id, o.name FROM {_POSTS}
    WHERE p.user_id = %(user)s ORDER BY p.valid_from, p.id
"""
Posts = Sequence[tuple[str, int, int | None, str]]


def scope_of(user: User, day: datetime.date | None = None) -> Scope:
    """Read the postings that are valid on the day and fold them into a scope."""
    if not user.is_active:
        return Scope()
    with connection.cursor() as cursor:
        cursor.execute(POSTS_OF_A_DAY, {"user": user.pk, "day": day or timezone.localdate()})
        return _scope(cursor.fetchall())


def find_with_scope(user_id: int) -> User | None:
    """Return a person who may sign in, with the rights of today, in one statement: whose session it is, asked by every request."""
    fields = User._meta.concrete_fields
    columns = ", ".join(f"u.{field.column}" for field in fields)
    rows = prepared.read(
        f"SELECT {columns}, p.role, p.organisation_id, o.district_id, o.name"
        f" FROM org_user u LEFT JOIN ({_POSTS}) ON p.user_id = u.id WHERE u.id = %(user)s AND u.is_active"
        " ORDER BY p.valid_from, p.id",
        {"user": user_id, "day": timezone.localdate()},
    )
    if not rows:
        return None
    user = User.from_db(connection.alias, [field.attname for field in fields], rows[0][: len(fields)])
    user.scope = _scope([row[len(fields) :] for row in rows if row[len(fields)]])
    return user


def _scope(rows: Posts) -> Scope:
    posts = [(role, organisation, district or organisation, name) for role, organisation, district, name in rows]

    def of(roles: frozenset[str] | set[str], which: Literal[1, 2]) -> frozenset[int]:
        return frozenset(post[which] for post in posts if post[0] in roles)

    return Scope(
        roles=frozenset(post[0] for post in posts),
        member_of=frozenset(post[2] for post in posts),
        districts=of(DISTRICT_WIDE, 2),
        directory_of=of(DIRECTORY_ROLES, 2),
        log_of=of({Role.AUDITOR}, 2),
        administers=of({Role.ADMIN}, 2),
        towns=of(TOWN_ROLES, 1),
        departments=of(DEPARTMENT_ROLES, 1),
        posts=frozenset((post[0], post[1]) for post in posts),
        organisation_names=tuple(dict.fromkeys(post[3] for post in posts)),
    )
