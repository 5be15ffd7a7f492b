from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unionops.casework.transitions import database_guard
from unionops.org.models import User

from ..models import BudgetLine, ServiceCase
from .enums import END_STATES, TRANSITIONS, ClaimState


class Claim(ServiceCase):
    """申领: a claim of a person, firm or union on a programme."""

    TRANSITIONS = TRANSITIONS
    END_STATES = END_STATES
    FIRST_STATE = ClaimState.SUBMITTED

    state = models.CharField(_("状态"), max_length=12, choices=ClaimState, default=ClaimState.SUBMITTED)
    amount_asked = models.DecimalField(_("申请金额（元）"), max_digits=14, decimal_places=2, default=0)
    amount = models.DecimalField(_("批准金额（元）"), max_digits=14, decimal_places=2, default=0)
    # PROTECT throughout: four eyes are proved by them for as long as the claim is kept (domain 4.2).
    budget_line = models.ForeignKey(
        BudgetLine, models.PROTECT, verbose_name=_("预算科目"), null=True, blank=True, related_name="claims"
    )
    checked_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("初审人"), null=True, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("审批人"), null=True, related_name="+")

    class Meta(ServiceCase.Meta):
        verbose_name = _("申领")
        constraints = [
            *ServiceCase.Meta.constraints,
            models.CheckConstraint(
                condition=Q(amount_asked__gte=0) & Q(amount__gte=0),
                name="claim_amounts_not_negative",
                violation_error_message=_("金额不能小于零。"),
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(approved_by=None) | ~Q(checked_by=models.F("approved_by")),
                name="claim_four_eyes",
                violation_error_message=_("初审和审批不能是同一个人。"),
            ),
        ]
        triggers = database_guard(TRANSITIONS, born="NEW.state = 'submitted' OR NEW.ledger_import_id IS NOT NULL")
