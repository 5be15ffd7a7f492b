from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.org.models import User

from ..enums import OPPOSED, OfferKind, SessionKind, Side
from .disputes import Dispute
from .parts import PartQuerySet
from .sealing import file_guard
from .team import TeamMember


class Session(models.Model):
    """One round of talks: that it took place. What was said stands in its note, which fewer people see."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT throughout: a case file stays whole.
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField(_("第几次"))
    kind = models.CharField(_("方式"), max_length=14, choices=SessionKind)
    # Who was heard alone; empty when both were.
    side_heard = models.CharField(_("听取哪一方"), max_length=10, choices=Side, blank=True)
    held_at = models.DateTimeField(_("调解时间"))
    place = models.CharField(_("地点"), max_length=100, blank=True)
    present = ArrayField(models.CharField(max_length=60), verbose_name=_("在场人"), default=list)
    next_on = models.DateField(_("下次日期"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("记录人"), related_name="+")
    recorded_at = models.DateTimeField(_("记录时间"), default=timezone.now)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("调解记录")
        ordering = ["dispute", "number"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "number"], name="session_number_once"),
            # Alone with one side is back to back, and back to back is alone with one side.
            models.CheckConstraint(
                condition=Q(kind=SessionKind.BACK_TO_BACK, side_heard__in=OPPOSED)
                | (~Q(kind=SessionKind.BACK_TO_BACK) & Q(side_heard="")),
                name="session_back_to_back_with_one_side",
                violation_error_message=_("背对背调解要写听取哪一方，其他方式不写。"),
            ),
        ]
        triggers = [file_guard("session")]

    def __str__(self) -> str:
        return f"{self.dispute} · {self.number}"

    @property
    def is_alone(self) -> bool:
        return bool(self.side_heard)


class SecretQuerySet(PartQuerySet):
    """What one side said alone (domain 3.6, hard rules): ``SIDE`` is the way to the side that said it.

    Seen by the mediators of the case and by those who represent that side in it, while they do; after the side has
    released it, by whoever sees the case. Heads, leaders and clerks who do not mediate it see it no sooner.
    """

    SIDE = "side"

    def visible_to(self, user: User) -> Self:
        seats = TeamMember.objects.of(user)
        mediated = seats.mediating().filter(dispute=OuterRef(self.CASE))
        own = seats.filter(dispute=OuterRef(self.CASE), side=OuterRef(self.SIDE)).exclude(side="")
        common = Q(**{self.SIDE: ""}) | Q(released_at__isnull=False)
        return super().visible_to(user).filter(common | Exists(mediated) | Exists(own))


class SessionNoteQuerySet(SecretQuerySet):
    CASE = "session__dispute"
    SIDE = "session__side_heard"


class SessionNote(models.Model):
    """调解笔录: what was said in a session."""

    # A file may bear in its name what was said; the log of the district is read by people who must not hear it.
    FILES_UNNAMED = True

    session = models.OneToOneField(Session, models.PROTECT, primary_key=True, related_name="note")
    text = models.TextField(_("笔录"), max_length=10000)
    points = models.TextField(_("争议焦点"), max_length=2000, blank=True)
    # 在场人签名的笔录.
    signed_on = models.DateField(_("签名日期"), null=True, blank=True)
    scan = models.ForeignKey("casework.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(_("公开时间"), null=True, blank=True)
    released_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("公开人"), null=True, blank=True, related_name="+"
    )

    objects = SessionNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("调解笔录")
        ordering = ["session"]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="session_note_released_at_and_by",
            )
        ]
        triggers = [file_guard("sessionnote")]

    @property
    def district_id(self) -> int:
        """Files of a note are kept with the note: they are as secret as it is."""
        return self.session.dispute.district_id


class Offer(models.Model):
    """What one side asks or gives, at one time: the gap between the latest of both is what is left to mediate."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="offers")
    session = models.ForeignKey(Session, models.PROTECT, null=True, blank=True, related_name="offers")
    side = models.CharField(_("哪一方"), max_length=10, choices=Side)
    kind = models.CharField(_("类别"), max_length=8, choices=OfferKind)
    amount = models.DecimalField(_("金额（元）"), max_digits=14, decimal_places=2, null=True, blank=True)
    terms = models.CharField(_("条件"), max_length=500, blank=True)
    made_on = models.DateField(_("提出日期"))
    recorded_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("记录人"), related_name="+")
    recorded_at = models.DateTimeField(_("记录时间"), default=timezone.now)
    released_at = models.DateTimeField(_("公开时间"), null=True, blank=True)
    released_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("公开人"), null=True, blank=True, related_name="+"
    )

    objects = SecretQuerySet.as_manager()

    class Meta:
        verbose_name = _("要求和出价")
        ordering = ["dispute", "made_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(side__in=OPPOSED), name="offer_of_one_side"),
            models.CheckConstraint(
                condition=Q(amount__gte=0) | Q(amount__isnull=True) & ~Q(terms=""),
                name="offer_says_something",
                violation_error_message=_("请写金额，或者写条件。"),
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="offer_released_at_and_by",
            ),
        ]
