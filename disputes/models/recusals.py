from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unionops.casework.transitions import database_guard
from unionops.org.models import User

from ..enums import RECUSAL_TRANSITIONS, InterestKind, RecusalState
from .parties import Party
from .parts import PartQuerySet
from .team import TeamMember

S = RecusalState
_ASKED_FOR = (S.ASKED, S.GRANTED, S.DECLINED)
_STOOD_BACK = (S.DECLARED, S.GRANTED)


class Recusal(models.Model):
    """回避: why a member of the team does not go on with a case, said by that person or asked for by a party."""

    # PROTECT throughout: why somebody was replaced stays readable.
    dispute = models.ForeignKey("disputes.Dispute", models.PROTECT, related_name="recusals")
    seat = models.ForeignKey(TeamMember, models.PROTECT, verbose_name=_("办案人员"), related_name="recusals")
    kind = models.CharField(_("关系"), max_length=12, choices=InterestKind)
    # With whom the relation is, where it is with one of the parties.
    party = models.ForeignKey(
        Party, models.PROTECT, verbose_name=_("与哪一方有关系"), null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("理由"), max_length=500)
    state = models.CharField(_("状态"), max_length=10, choices=RecusalState)
    asked_by = models.ForeignKey(
        Party, models.PROTECT, verbose_name=_("申请的当事人"), null=True, blank=True, related_name="+"
    )
    asked_on = models.DateField(_("提出日期"))
    recorded_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("登记人"), related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("决定人"), null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decision_note = models.CharField(_("决定的理由"), max_length=500, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("回避")
        ordering = ["dispute", "recorded_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["seat"],
                condition=Q(state=S.ASKED),
                name="recusal_asked_once",
                violation_error_message=_("对这个人的回避申请还没有决定。"),
            ),
            models.UniqueConstraint(
                fields=["seat"], condition=Q(state__in=_STOOD_BACK), name="recusal_stands_back_once"
            ),
            models.CheckConstraint(
                condition=Q(state=S.DECLARED, asked_by__isnull=True) | Q(state__in=_ASKED_FOR, asked_by__isnull=False),
                name="recusal_asked_by_a_party",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[S.DECLARED, S.ASKED], decided_at__isnull=True, decided_by__isnull=True)
                | Q(state__in=[S.GRANTED, S.DECLINED], decided_at__isnull=False, decided_by__isnull=False),
                name="recusal_decided_with_date",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.DECLINED) | ~Q(decision_note=""),
                name="recusal_declined_with_reason",
                violation_error_message=_("驳回要写理由。"),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="recusal_has_reason"),
        ]
        triggers = database_guard(RECUSAL_TRANSITIONS, born="NEW.state IN ('declared', 'asked')")

    def __str__(self) -> str:
        return f"{self.seat.user} {self.get_state_display()}"
