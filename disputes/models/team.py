from __future__ import annotations

import datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.casework.transitions import database_guard
from unionops.org.enums import Role
from unionops.org.models import Enterprise, Organisation, Person, User

from ..enums import (
    MEDIATING_SEATS,
    OPPOSED,
    PARTISAN_SEATS,
    SHARE_TRANSITIONS,
    InterestKind,
    Seat,
    ShareKind,
    ShareState,
    Side,
)
from .parts import SpanQuerySet

_DAYS = Func("valid_from", "valid_to", Value("[]"), function="daterange")


class TeamMemberQuerySet(SpanQuerySet):
    def mediating(self) -> Self:
        return self.filter(seat__in=MEDIATING_SEATS)

    def of(self, user: User) -> Self:
        """The seats that a person holds today; what one sees by them ends with the last posting in the case's district."""
        return self.on(timezone.localdate()).filter(user=user, ended_at=None)

    def recused(self, user: User) -> Self:
        """The seats from which a person has stood back."""
        return self.filter(user=user, recused_at__isnull=False)


class TeamMember(models.Model):
    """办案人员: who works on a case, in which seat, for which side, from when to when (domain 3.10)."""

    # PROTECT throughout: who worked on a case stays known.
    dispute = models.ForeignKey("disputes.Dispute", models.PROTECT, related_name="team")
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("人员"), related_name="+")
    seat = models.CharField(_("办案角色"), max_length=16, choices=Seat)
    # Empty for whoever stands between the sides.
    side = models.CharField(_("代表哪一方"), max_length=10, choices=Side, blank=True, default="")
    is_lead = models.BooleanField(_("首席"), default=False)
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("结束日期"), null=True, blank=True)
    # Ended before its last day: from this moment on.
    ended_at = models.DateTimeField(_("提前结束时间"), null=True, blank=True)
    # Stood back (回避): from then on the person does not see the case, whatever else would show it.
    recused_at = models.DateTimeField(_("回避时间"), null=True, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("指派人"), related_name="+")

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("办案人员")
        ordering = ["dispute", "-is_lead", "valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="team_member_dates_in_order",
                violation_error_message=_("结束日期不能早于起始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(side="") | Q(side__in=OPPOSED, seat__in=PARTISAN_SEATS),
                name="team_member_takes_side_as_representative",
                violation_error_message=_("只有工会代表和律师可以代表一方。"),
            ),
            models.CheckConstraint(
                condition=Q(is_lead=False) | Q(seat__in=MEDIATING_SEATS), name="team_member_lead_mediates"
            ),
            models.CheckConstraint(
                condition=Q(recused_at__isnull=True) | Q(ended_at__isnull=False), name="team_member_recused_has_ended"
            ),
            ExclusionConstraint(
                name="team_member_once_at_a_time",
                expressions=[
                    ("dispute", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (_DAYS, RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("这个人已经在本案的办案人员里。"),
            ),
            # Whoever represents a side never mediates the same case, at no time (domain 3.6, hard rules).
            ExclusionConstraint(
                name="team_member_never_on_two_sides",
                expressions=[
                    ("dispute", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    ("side", RangeOperators.NOT_EQUAL),
                ],
                violation_error_message=_("代表过一方的人不能在同一案件里居中，也不能代表另一方。"),
            ),
        ]
        # Read by `visible_to` of disputes, notes and offers.
        indexes = [
            models.Index(
                fields=["user", "dispute"], include=["ended_at", "valid_from", "valid_to"], name="team_member_seats"
            ),
            models.Index(
                fields=["user", "dispute"], condition=Q(recused_at__isnull=False), name="team_member_recusals"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_seat_display()}"

    @property
    def mediates(self) -> bool:
        return self.seat in MEDIATING_SEATS

    def holds_on(self, day: datetime.date) -> bool:
        return self.ended_at is None and self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


# From so many on, a page of cases looks each row's seat up instead of beginning with the seats (bench/disputes.py).
MANY_SEATS = 5000
_SITTING_ROLES = (Role.MEDIATOR, Role.HEAD, Role.HANDLER, Role.PARTNER)


def holds_many_seats(user: User) -> bool:
    """Whether somebody works on thousands of cases; read once for each object of a user, for whose work that may be."""
    found: bool | None = user.__dict__.get("_holds_many_seats")
    if found is None:
        seats = TeamMember.objects.of(user).order_by() if user.scope.has(*_SITTING_ROLES) else TeamMember.objects.none()
        found = seats[:MANY_SEATS].count() == MANY_SEATS
        user.__dict__["_holds_many_seats"] = found
    return found


class ShareQuerySet(SpanQuerySet):
    def of(self, user: User) -> Self:
        """What is shared today with the organisations to which a person is posted."""
        return self.on(timezone.localdate()).filter(organisation__in=_places(user), ended_at=None)

    def as_letters(self, user: User) -> Self:
        """Those of the cases that a person sees, and those that the own organisation has answered: it keeps its answer."""
        return self.filter(pk__in=self.visible_to(user).values("pk")) | self.filter(organisation__in=_places(user))


def _places(user: User) -> set[int]:
    return {organisation for _role, organisation in user.scope.posts}


class Share(models.Model):
    """A partner organisation sees this case, and no longer than this (domain 3.10)."""

    dispute = models.ForeignKey("disputes.Dispute", models.PROTECT, related_name="shares")
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("联动单位"), related_name="+")
    reason = models.CharField(_("事由"), max_length=200)
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("结束日期"), null=True, blank=True)
    ended_at = models.DateTimeField(_("提前结束时间"), null=True, blank=True)
    shared_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("经办人"), related_name="+")
    kind = models.CharField(_("方式"), max_length=12, choices=ShareKind, default=ShareKind.JOINT)
    state = models.CharField(_("答复"), max_length=10, choices=ShareState, default=ShareState.SENT)
    # Who answered, as the organisation's account or as whoever opened the link called themselves.
    accepted_at = models.DateTimeField(_("接受时间"), null=True, blank=True)
    accepted_name = models.CharField(_("接受人"), max_length=50, blank=True)
    declined_at = models.DateTimeField(_("不接受或退回时间"), null=True, blank=True)
    declined_name = models.CharField(_("不接受或退回人"), max_length=50, blank=True)
    decline_reason = models.CharField(_("不接受或退回的理由"), max_length=500, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("案件共享")
        ordering = ["dispute", "valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="share_dates_in_order",
                violation_error_message=_("结束日期不能早于起始日期。"),
            ),
            ExclusionConstraint(
                name="share_once_at_a_time",
                expressions=[
                    ("dispute", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    (_DAYS, RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("这个单位已经可以看到本案。"),
            ),
            models.CheckConstraint(
                condition=Q(state=ShareState.SENT, accepted_at__isnull=True, declined_at__isnull=True)
                | Q(state=ShareState.ACCEPTED, accepted_at__isnull=False, declined_at__isnull=True)
                | Q(state=ShareState.REFUSED, accepted_at__isnull=True, declined_at__isnull=False)
                | Q(state=ShareState.RETURNED, accepted_at__isnull=False, declined_at__isnull=False),
                name="share_answered_with_dates",
            ),
            # Who does not take the case on sees it no longer, and says why.
            models.CheckConstraint(
                condition=Q(declined_at__isnull=True) | (Q(ended_at__isnull=False) & ~Q(decline_reason="")),
                name="share_declined_ends_with_reason",
                violation_error_message=_("请写不接受或退回的理由。"),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_name="")
                | (Q(accepted_at__isnull=False) & ~Q(accepted_name="")),
                name="share_accepted_by_somebody",
            ),
        ]
        triggers = database_guard(SHARE_TRANSITIONS, born="NEW.state = 'sent'")
        # Read by `visible_to` of disputes.
        indexes = [models.Index(fields=["organisation", "dispute"], name="share_cases")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_kind_display()}"

    def holds_on(self, day: datetime.date) -> bool:
        return self.ended_at is None and self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


class InterestQuerySet(models.QuerySet["Interest"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and those of the mediators of the centres that one leads or whose district one sees."""
        scope = user.scope
        return self.filter(
            Q(user=user)
            | Q(user__postings__organisation__in=scope.departments, user__postings__role__in=["mediator", "head"])
            | Q(user__postings__organisation__district__in=scope.districts)
        ).distinct()


class Interest(models.Model):
    """回避事项: what keeps somebody from mediating between certain people, as it was declared."""

    # PROTECT: a reason for which somebody was passed over stays readable.
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("调解员"), related_name="interests")
    kind = models.CharField(_("关系"), max_length=12, choices=InterestKind)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("单位"), null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("人员"), null=True, blank=True, related_name="+")
    # Who stands in no directory is known by name.
    name = models.CharField(_("姓名或单位名称"), max_length=100, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    declared_on = models.DateField(_("申报日期"))
    valid_to = models.DateField(_("有效至"), null=True, blank=True)
    declared_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("登记人"), related_name="+")

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("回避事项")
        ordering = ["user", "-declared_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(enterprise__isnull=False) | Q(person__isnull=False) | ~Q(name=""),
                name="interest_names_somebody",
                violation_error_message=_("请写与谁有关系。"),
            )
        ]
