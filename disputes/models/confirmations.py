from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.casework.transitions import database_guard
from unionops.org.models import User

from ..enums import CONFIRMATION_TRANSITIONS, LIVE_CONFIRMATIONS, ConfirmationKind, ConfirmationState
from .agreements import Agreement
from .parts import PartQuerySet

C = ConfirmationState


class ConfirmationQuerySet(PartQuerySet):
    CASE = "agreement__dispute"


class Confirmation(models.Model):
    """仲裁审查、司法确认、支付令 of an agreement (domain 3.3); its states are a machine beside that of the dispute."""

    TRANSITIONS = CONFIRMATION_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT throughout: a case file stays whole.
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="confirmations")
    kind = models.CharField(_("方式"), max_length=20, choices=ConfirmationKind)
    state = models.CharField(_("状态"), max_length=12, choices=ConfirmationState, default=ConfirmationState.APPLIED)
    body = models.CharField(_("受理机构"), max_length=100)
    applied_on = models.DateField(_("申请日期"))
    # Whether the window had closed; the body that decides may still say otherwise.
    is_late = models.BooleanField(_("超过申请期限"), default=False)
    accepted_on = models.DateField(_("受理日期"), null=True, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    number = models.CharField(_("文书号"), max_length=60, blank=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    paper = models.ForeignKey("casework.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    applied_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("登记人"), related_name="+")

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("协议确认")
        ordering = ["agreement", "applied_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(state__in=LIVE_CONFIRMATIONS),
                name="confirmation_one_at_a_time",
                violation_error_message=_("这份协议已有在办或已确认的申请。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[C.ACCEPTED, C.CONFIRMED]) | Q(accepted_on__isnull=False),
                name="confirmation_accepted_with_date",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[C.CONFIRMED, C.REFUSED], decided_on__isnull=False)
                | (~Q(state__in=[C.CONFIRMED, C.REFUSED]) & Q(decided_on__isnull=True)),
                name="confirmation_decided_with_date",
            ),
            models.CheckConstraint(
                condition=~Q(state=C.CONFIRMED) | ~Q(number=""),
                name="confirmation_confirmed_with_number",
                violation_error_message=_("请写裁定书、调解书或支付令的文书号。"),
            ),
            models.CheckConstraint(
                condition=~Q(state=C.REFUSED) | ~Q(reason=""), name="confirmation_refused_with_reason"
            ),
        ]
        triggers = [
            *database_guard(CONFIRMATION_TRANSITIONS, born="NEW.state = 'applied'"),
            pgtrigger.Trigger(
                name="confirmation_of_effect",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                IF (SELECT effective_on FROM disputes_agreement WHERE id = NEW.agreement_id) IS NULL THEN
                    RAISE EXCEPTION 'only an agreement that has effect is confirmed' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    @property
    def district_id(self) -> int:
        return self.agreement.dispute.district_id
