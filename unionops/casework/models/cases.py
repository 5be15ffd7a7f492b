from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.org.models import Organisation, User

from ..enums import Urgency
from ..transitions import Table
from ..waiting import ME, Own, among

if TYPE_CHECKING:
    from .deadlines import Deadline


class CaseQuerySet(models.QuerySet[Any]):
    """What every kind of case can be asked."""

    def visible_to(self, user: User) -> Self:
        raise TypeError("each kind of case says for itself who sees it")

    def open(self) -> Self:
        return self.exclude(state__in=self.model.END_STATES)

    def in_hands_of(self, user: User) -> Self:
        """Cases of which this person holds the pen: by name, through a department or town, or by a district role."""
        scope = user.scope
        shared = Q(holder_organisation__in=scope.departments | scope.towns)
        for role, organisation in scope.posts:
            shared |= Q(holder_role=role, district=organisation)
        return self.open().filter(Q(holder_user=user) | (Q(holder_user=None) & shared))

    def waiting(self) -> tuple[Self, ...]:
        """What `in_hands_of` finds for anybody, as questions that have an index each; whoever widens one widens the other."""
        nobody = self.open().filter(holder_user=None)
        return (
            self.open().filter(holder_user=ME),
            nobody.filter(among("holder_organisation", Own.HOUSES)),
            nobody.filter(among("district", Own.PLACES), among("holder_role", Own.ROLES)),
        )

    def overdue(self, today: datetime.date | None = None) -> Self:
        return self.open().filter(
            deadline__due_on__lt=today or timezone.localdate(), deadline__met_on=None, deadline__paused_on=None
        )


class Case(models.Model):
    """Anything that must be brought to an end: a state, somebody who holds the pen, and a deadline."""

    TRANSITIONS: ClassVar[Table]
    END_STATES: ClassVar[frozenset[str]]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT: cases are history.
    district = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("所属区"), related_name="+")
    number = models.CharField(_("编号"), max_length=20)
    title = models.CharField(_("标题"), max_length=120)
    urgency = models.PositiveSmallIntegerField(_("轻重缓急"), choices=Urgency, default=Urgency.NORMAL)
    state_since = models.DateTimeField(_("进入状态的时间"), default=timezone.now)
    registered_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    # Who holds the pen now: one person, or an organisation, or a role of the district.
    holder_user = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("在谁手上"), null=True, blank=True, related_name="+"
    )
    holder_organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("在哪个单位"), null=True, blank=True, related_name="+"
    )
    holder_role = models.CharField(_("在哪个岗位"), max_length=12, blank=True)
    # SET_NULL: the deadline that counts now; it belongs to the case, the case does not belong to it.
    deadline = models.ForeignKey(
        "casework.Deadline", models.SET_NULL, verbose_name=_("当前期限"), null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        state: str
        deadline_id: int | None
        current: Deadline

        def get_state_display(self) -> str: ...

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state not in self.END_STATES
