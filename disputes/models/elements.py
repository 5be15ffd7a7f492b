from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.org.models import User

from ..enums import ContractState
from .disputes import Dispute
from .parts import PartQuerySet
from .sealing import file_guard


class Elements(models.Model):
    """要素表: what decides the sums of a labour dispute, asked once and read by both sides (domain 3.8)."""

    # PROTECT: part of the case file.
    dispute = models.OneToOneField(Dispute, models.PROTECT, primary_key=True, related_name="elements")
    started_on = models.DateField(_("入职日期"), null=True, blank=True)
    ended_on = models.DateField(_("离职日期"), null=True, blank=True)
    post = models.CharField(_("岗位"), max_length=60, blank=True)
    contract = models.CharField(_("劳动合同"), max_length=12, choices=ContractState, blank=True)
    monthly_pay = models.DecimalField(_("月工资（元）"), max_digits=14, decimal_places=2, null=True, blank=True)
    pay_structure = models.TextField(_("工资构成和发放"), max_length=1000, blank=True)
    attendance = models.TextField(_("考勤和工时"), max_length=1000, blank=True)
    insurance = models.TextField(_("社会保险"), max_length=500, blank=True)
    agreed_facts = models.TextField(_("双方没有争议的事实"), max_length=3000, blank=True)
    focus = models.TextField(_("争议焦点"), max_length=3000, blank=True)
    # Each {kind, asked, amount, payer, lines, notes}: what was typed and the sum as it was shown line by line that day.
    claims = models.JSONField(_("计算的请求"), default=list, blank=True)
    saved_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("填写人"), related_name="+")
    saved_at = models.DateTimeField(_("填写时间"), default=timezone.now)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("要素表")
        ordering = ["dispute"]
        constraints = [
            models.CheckConstraint(
                condition=Q(started_on__isnull=True) | Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="elements_dates_in_order",
                violation_error_message=_("离职日期不能早于入职日期。"),
            ),
            models.CheckConstraint(
                condition=Q(monthly_pay__isnull=True) | Q(monthly_pay__gte=0), name="elements_pay_not_negative"
            ),
        ]
        triggers = [file_guard("elements")]

    def __str__(self) -> str:
        return str(self.dispute_id)
