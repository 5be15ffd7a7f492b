from __future__ import annotations

import datetime
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.org.models import User

from ..enums import COPIES, Mark, ObligationKind
from .disputes import Dispute
from .parties import Party
from .parts import PartQuerySet
from .sealing import file_guard

# Each mark: the day on which it was put, and the scan that shows it.
MARKS = {
    Mark.APPLICANT: ("applicant_signed_on", "applicant_scan"),
    Mark.RESPONDENT: ("respondent_signed_on", "respondent_scan"),
    Mark.MEDIATOR: ("mediator_signed_on", "mediator_scan"),
    Mark.SEAL: ("sealed_on", "seal_scan"),
}


def _scan() -> Any:
    return models.ForeignKey("casework.Attachment", models.PROTECT, null=True, blank=True, related_name="+")


class Agreement(models.Model):
    """调解协议书: a draft in versions, of which one takes effect when the fourth mark stands (调解仲裁法 14)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT throughout: a case file stays whole.
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="agreements")
    version = models.PositiveSmallIntegerField(_("版本"))
    volume = models.PositiveSmallIntegerField(_("卷"), default=1)
    facts = models.TextField(_("主要事实和责任"), max_length=5000, blank=True)
    result = models.TextField(_("协议结果"), max_length=5000)
    way = models.CharField(_("履行方式"), max_length=300)
    # All money that the agreement moves; the instalments add up to it.
    total = models.DecimalField(_("总金额（元）"), max_digits=14, decimal_places=2)
    copies = models.PositiveSmallIntegerField(_("份数"), default=COPIES)
    # What the warning about rights that cannot be waived said when it was drawn up all the same.
    warnings = models.JSONField(_("不可放弃权利的提醒"), default=list)
    drafted_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("拟定人"), related_name="+")
    drafted_at = models.DateTimeField(_("拟定时间"), default=timezone.now)
    applicant_signed_on = models.DateField(_("申请人签名日期"), null=True, blank=True)
    applicant_scan = _scan()
    respondent_signed_on = models.DateField(_("被申请人签名日期"), null=True, blank=True)
    respondent_scan = _scan()
    mediator_signed_on = models.DateField(_("调解员签名日期"), null=True, blank=True)
    mediator_scan = _scan()
    sealed_on = models.DateField(_("盖章日期"), null=True, blank=True)
    seal_scan = _scan()
    # 同意名单: those for whom representatives signed have agreed (浙江条例 40).
    consent_list = _scan()
    effective_on = models.DateField(_("生效日期"), null=True, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("调解协议")
        ordering = ["dispute", "version"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "version"], name="agreement_version_once"),
            models.UniqueConstraint(
                fields=["dispute", "volume"],
                condition=Q(effective_on__isnull=False),
                name="agreement_one_has_effect",
                violation_error_message=_("本案已有生效的协议。"),
            ),
            models.CheckConstraint(
                condition=Q(effective_on__isnull=True)
                | Q(
                    applicant_signed_on__lte=F("effective_on"),
                    respondent_signed_on__lte=F("effective_on"),
                    mediator_signed_on__lte=F("effective_on"),
                    sealed_on__lte=F("effective_on"),
                    applicant_signed_on__isnull=False,
                    respondent_signed_on__isnull=False,
                    mediator_signed_on__isnull=False,
                    sealed_on__isnull=False,
                ),
                name="agreement_has_effect_by_four_marks",
                violation_error_message=_("双方签名、调解员签名和调解组织印章齐全，协议才生效。"),
            ),
            models.CheckConstraint(condition=Q(total__gte=0), name="agreement_total_not_negative"),
        ]
        triggers = [
            file_guard("agreement"),
            pgtrigger.Trigger(
                name="agreement_adds_up",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                IF TG_OP = 'UPDATE' THEN
                    -- A scan may be put into the file afterwards.
                    OLD.applicant_scan_id = NEW.applicant_scan_id;
                    OLD.respondent_scan_id = NEW.respondent_scan_id;
                    OLD.mediator_scan_id = NEW.mediator_scan_id;
                    OLD.seal_scan_id = NEW.seal_scan_id;
                    OLD.consent_list_id = NEW.consent_list_id;
                    IF OLD.effective_on IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
                        RAISE EXCEPTION 'an agreement that has effect is not changed' USING ERRCODE = 'check_violation';
                    END IF;
                END IF;
                IF NEW.effective_on IS NOT NULL THEN
                    IF NOT EXISTS (SELECT FROM disputes_obligation WHERE agreement_id = NEW.id) THEN
                        RAISE EXCEPTION 'an agreement binds somebody to something' USING ERRCODE = 'check_violation';
                    END IF;
                    IF (SELECT coalesce(sum(amount), 0) FROM disputes_obligation WHERE agreement_id = NEW.id) <> NEW.total THEN
                        RAISE EXCEPTION 'the instalments do not add up to the total' USING ERRCODE = 'check_violation';
                    END IF;
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispute.number} v{self.version}"

    def marked_on(self, mark: str) -> datetime.date | None:
        day: datetime.date | None = getattr(self, MARKS[Mark(mark)][0])
        return day

    @property
    def missing_marks(self) -> list[Mark]:
        return [mark for mark in MARKS if self.marked_on(mark) is None]

    @property
    def missing_scans(self) -> list[Mark]:
        """Marks that were put and that no page shows."""
        return [mark for mark, (day, scan) in MARKS.items() if getattr(self, day) and not getattr(self, f"{scan}_id")]

    @property
    def has_effect(self) -> bool:
        return self.effective_on is not None


class ObligationQuerySet(PartQuerySet):
    CASE = "agreement__dispute"

    def standing(self) -> Self:
        """Of agreements that have effect."""
        return self.filter(agreement__effective_on__isnull=False)

    def waiting(self) -> Self:
        return self.standing().filter(fulfilled_on=None)

    def overdue(self, today: datetime.date | None = None) -> Self:
        return self.waiting().filter(due_on__lt=today or timezone.localdate())


class Obligation(models.Model):
    """One thing that one party owes another by a day: an instalment, a paper, a deed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="obligations")
    position = models.PositiveSmallIntegerField(_("序号"))
    debtor = models.ForeignKey(Party, models.PROTECT, verbose_name=_("义务人"), related_name="owes")
    creditor = models.ForeignKey(Party, models.PROTECT, verbose_name=_("权利人"), related_name="is_owed")
    kind = models.CharField(_("类别"), max_length=8, choices=ObligationKind)
    what = models.CharField(_("内容"), max_length=300)
    amount = models.DecimalField(_("金额（元）"), max_digits=14, decimal_places=2, null=True, blank=True)
    # The number of the instalment, where money is paid in several.
    instalment = models.PositiveSmallIntegerField(_("第几期"), null=True, blank=True)
    due_on = models.DateField(_("履行期限"))
    fulfilled_on = models.DateField(_("履行日期"), null=True, blank=True)
    fulfilment_recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # 履行凭证: a transfer slip, a receipt.
    proof = models.ForeignKey("casework.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    proof_note = models.CharField(_("凭证说明"), max_length=200, blank=True)
    # When the debtor was last pressed for it (催促履行).
    pressed_on = models.DateField(_("催促日期"), null=True, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("履行义务")
        ordering = ["agreement", "position"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "position"], name="obligation_position_once"),
            models.CheckConstraint(
                condition=Q(kind=ObligationKind.PAY, amount__isnull=False, amount__gt=0)
                | (~Q(kind=ObligationKind.PAY) & Q(amount__isnull=True, instalment__isnull=True)),
                name="obligation_amount_when_paid",
                violation_error_message=_("付款要写大于零的金额，其他义务不写金额。"),
            ),
            models.CheckConstraint(condition=~Q(debtor=F("creditor")), name="obligation_between_two"),
            models.CheckConstraint(
                condition=Q(fulfilled_on__isnull=True, fulfilment_recorded_by__isnull=True)
                | Q(fulfilled_on__isnull=False, fulfilment_recorded_by__isnull=False),
                name="obligation_fulfilled_on_and_by",
            ),
            models.CheckConstraint(
                condition=Q(fulfilled_on__isnull=True) | Q(proof__isnull=False) | ~Q(proof_note=""),
                name="obligation_fulfilled_with_proof",
                violation_error_message=_("请上传履行凭证，或写明凭什么确认已履行。"),
            ),
        ]
        indexes = [
            # Read by the job that marks what is overdue and by the list of what is due.
            models.Index(fields=["due_on"], condition=Q(fulfilled_on=None), name="obligation_waiting"),
        ]
        triggers = [
            file_guard("obligation"),
            pgtrigger.Trigger(
                name="obligation_stands",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                IF TG_OP = 'UPDATE' THEN
                    IF (NEW.agreement_id, NEW.position, NEW.debtor_id, NEW.creditor_id, NEW.kind, NEW.what, NEW.due_on)
                        = (OLD.agreement_id, OLD.position, OLD.debtor_id, OLD.creditor_id, OLD.kind, OLD.what, OLD.due_on)
                        AND NEW.amount IS NOT DISTINCT FROM OLD.amount
                        AND NEW.instalment IS NOT DISTINCT FROM OLD.instalment THEN
                        RETURN NEW;
                    END IF;
                END IF;
                IF TG_OP <> 'DELETE' THEN
                    IF (SELECT effective_on FROM disputes_agreement WHERE id = NEW.agreement_id FOR SHARE) IS NOT NULL THEN
                        RAISE EXCEPTION 'the agreement has effect, what is owed stands' USING ERRCODE = 'check_violation';
                    END IF;
                END IF;
                IF TG_OP <> 'INSERT' THEN
                    IF (SELECT effective_on FROM disputes_agreement WHERE id = OLD.agreement_id FOR SHARE) IS NOT NULL THEN
                        RAISE EXCEPTION 'the agreement has effect, what is owed stands' USING ERRCODE = 'check_violation';
                    END IF;
                END IF;
                RETURN coalesce(NEW, OLD);
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_late(self) -> bool:
        return (self.fulfilled_on or timezone.localdate()) > self.due_on
