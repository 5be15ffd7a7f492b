"""Claims and what belongs to them: visits to the home, publications, objections, payments, and the book of what was paid."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.casework.transitions import database_guard
from unionops.org.models import Organisation, User
from unionops.org.models.sealed_columns import SealedColumns

from ..enums import Applicant
from ..models import BudgetLine, Programme, ServiceCase
from .enums import END_STATES, TRANSITIONS, UNCOUNTED, ClaimState, EntryKind, PaymentState, PayWay


class Claim(ServiceCase):
    """申领: a claim of a person, firm or union on a programme."""

    TRANSITIONS = TRANSITIONS
    END_STATES = END_STATES
    FIRST_STATE = ClaimState.SUBMITTED
    SEALED = (*ServiceCase.SEALED, "account")

    state = models.CharField(_("状态"), max_length=12, choices=ClaimState, default=ClaimState.SUBMITTED)
    amount_asked = models.DecimalField(_("申请金额（元）"), max_digits=14, decimal_places=2, default=0)
    amount = models.DecimalField(_("批准金额（元）"), max_digits=14, decimal_places=2, default=0)
    # {document: file of the case, or «seen» for a paper that was looked at}.
    papers = models.JSONField(_("材料核对"), default=dict, blank=True)
    # What a rule with numbers made of the case: {"amount", "lines": [[label, words]], "parameters": [ids], "on"}.
    reckoned = models.JSONField(_("测算"), default=dict, blank=True)
    payee = models.CharField(_("户名"), max_length=60, blank=True)
    bank = models.CharField(_("开户银行"), max_length=60, blank=True)
    account_sealed = models.BinaryField(null=True, editable=False)
    account_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    account_masked = models.CharField(_("银行账号"), max_length=30, blank=True, editable=False, default="")
    # PROTECT throughout: four eyes are proved by them for as long as the claim is kept (domain 4.2).
    budget_line = models.ForeignKey(
        BudgetLine, models.PROTECT, verbose_name=_("预算科目"), null=True, blank=True, related_name="claims"
    )
    checked_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("初审人"), null=True, related_name="+")
    verified_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("核对人"), null=True, related_name="+")
    audited_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("经审人"), null=True, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("审批人"), null=True, related_name="+")
    approved_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    # 名册: whom a firm or union names, as blind indexes alone; nobody can be read out of them, the same person is known again.
    roster = ArrayField(models.CharField(max_length=64), default=list, blank=True, editable=False)
    signed_on = models.DateField(_("签收日期"), null=True, blank=True)
    signed_by = models.CharField(_("签收人"), max_length=60, blank=True)

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
                condition=(Q(checked_by=None) | ~Q(checked_by=F("registered_by")))
                & (Q(verified_by=None) | Q(checked_by__isnull=False) | ~Q(verified_by=F("registered_by")))
                & (
                    Q(audited_by=None)
                    | (
                        ~Q(audited_by=F("registered_by"))
                        & (Q(checked_by=None) | ~Q(checked_by=F("audited_by")))
                        & (Q(verified_by=None) | ~Q(verified_by=F("audited_by")))
                        & (Q(approved_by=None) | ~Q(approved_by=F("audited_by")))
                    )
                )
                & (
                    Q(approved_by=None)
                    | (
                        ~Q(approved_by=F("registered_by"))
                        & (Q(checked_by=None) | ~Q(checked_by=F("approved_by")))
                        & (Q(verified_by=None) | ~Q(verified_by=F("approved_by")))
                    )
                ),
                name="claim_four_eyes",
                violation_error_message=_("登记、初审和审批不能是同一个人。"),
            ),
        ]
        indexes = [
            *ServiceCase.Meta.indexes,
            # Asked by a roster for whoever was on one before.
            GinIndex(fields=["roster"], name="claim_by_roster"),
        ]
        triggers = database_guard(TRANSITIONS, born="NEW.state = 'submitted' OR NEW.ledger_import_id IS NOT NULL")

    @property
    def is_nameless(self) -> bool:
        return self.applicant_kind == Applicant.ANONYMOUS


class HomeVisit(models.Model):
    """入户核实: who went, what they saw (domain 4.1: at least two persons)."""

    # CASCADE throughout: parts of the claim, which is never deleted by people.
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="visits")
    visited_on = models.DateField(_("入户日期"))
    visitors = ArrayField(models.CharField(max_length=50), verbose_name=_("入户人员"))
    findings = models.TextField(_("看到的情况"), max_length=2000)
    photos_agreed = models.BooleanField(_("同意拍摄住处"), default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("入户核实")
        ordering = ["-visited_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(visitors__len__gte=2),
                name="home_visit_by_two",
                violation_error_message=_("入户要有两个人。"),
            )
        ]


class PublicationQuerySet(models.QuerySet["Publication"]):
    def running(self, day: datetime.date | None = None) -> Self:
        """Those that hang on the wall on the day."""
        day = day or timezone.localdate()
        return self.filter(starts_on__lte=day, ends_on__gte=day, stopped_on=None)


class Publication(models.Model):
    """公示 of one claim. All that the public reads stands here, masked when it was written; never read from the claim.

    domain 4.1: no number, telephone, address, diagnosis, account or name of a child.
    """

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="publications")
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    name_masked = models.CharField(_("姓名"), max_length=100)
    unit = models.CharField(_("单位"), max_length=60, blank=True)
    category = models.CharField(_("类别"), max_length=30, blank=True)
    cause = models.CharField(_("原因"), max_length=30, blank=True)
    aid = models.CharField(_("拟办事项"), max_length=60, blank=True)
    amount = models.DecimalField(_("金额（元）"), max_digits=14, decimal_places=2, default=0)
    place = models.CharField(_("公示地点"), max_length=60, blank=True)
    complaint_phone = models.CharField(_("监督电话"), max_length=30)
    starts_on = models.DateField(_("公示起"))
    ends_on = models.DateField(_("公示止"))
    working_days = models.PositiveSmallIntegerField(_("工作日"))
    stopped_on = models.DateField(_("撤下日期"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("公示")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="publication_dates_in_order"),
            models.UniqueConstraint(fields=["claim"], condition=Q(stopped_on=None), name="publication_once_at_a_time"),
        ]
        # Read by the public page.
        indexes = [models.Index(fields=["ends_on"], condition=Q(stopped_on=None), name="publication_running")]


class Objection(SealedColumns):
    """异议: who objects stays sealed; what is objected and what was answered belongs to the claim."""

    SEALED = ("contact",)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="objections")
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="objections")
    contact_sealed = models.BinaryField(null=True, editable=False)
    contact_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    contact_masked = models.CharField(_("反映人"), max_length=30, blank=True, editable=False, default="")
    text = models.TextField(_("异议内容"), max_length=2000)
    received_on = models.DateField(_("收到日期"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    upheld = models.BooleanField(_("异议成立"), null=True)
    answer = models.TextField(_("处理意见"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("异议")
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(upheld=None, answer="", answered_by=None, answered_at=None)
                | (
                    Q(upheld__isnull=False, answered_by__isnull=False, answered_at__isnull=False)
                    & ~Q(answer="")
                    & ~Q(answered_by=F("by"))
                ),
                name="objection_answered_whole_and_by_another",
                violation_error_message=_("登记异议和处理异议不能是同一个人。"),
            )
        ]


class BatchQuerySet(models.QuerySet["PaymentBatch"]):
    def visible_to(self, user: User) -> Self:
        """The department that pays, and who sees the whole district."""
        scope = user.scope
        return self.filter(
            Q(organisation__in=scope.departments) | Q(district__in=scope.districts), district__in=scope.member_of
        )


class PaymentBatch(models.Model):
    """发放批次: what goes to the bank in one list."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT throughout: vouchers are kept thirty years.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("项目"), related_name="+")
    number = models.CharField(_("批次号"), max_length=20)
    note = models.CharField(_("说明"), max_length=100, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("制单人"), related_name="+")
    made_at = models.DateTimeField(_("制单时间"), default=timezone.now)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("发放批次")
        ordering = ["-made_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["district", "number"], name="payment_batch_unique_number")]
        # Read by the list of batches.
        indexes = [models.Index(fields=["organisation", "-made_at"], name="payment_batch_list")]

    def __str__(self) -> str:
        return self.number


class Payment(SealedColumns):
    """One attempt to pay a claim; a returned one stays, the next is a new row."""

    SEALED = ("account",)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT throughout: vouchers are kept thirty years.
    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="payments")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payments")
    budget_line = models.ForeignKey(BudgetLine, models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=PaymentState, default=PaymentState.SENT)
    way = models.CharField(_("发放方式"), max_length=8, choices=PayWay, default=PayWay.BANK)
    amount = models.DecimalField(_("金额（元）"), max_digits=14, decimal_places=2)
    payee = models.CharField(_("户名"), max_length=60)
    bank = models.CharField(_("开户银行"), max_length=60, blank=True)
    account_sealed = models.BinaryField(null=True, editable=False)
    account_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    account_masked = models.CharField(_("银行账号"), max_length=30, blank=True, editable=False, default="")
    witnesses = ArrayField(models.CharField(max_length=50), verbose_name=_("见证人"), default=list, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    paid_on = models.DateField(_("到账日期"), null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("登记到账的人"), null=True, related_name="+")
    voucher = models.CharField(_("凭证号"), max_length=40, blank=True)
    returned_on = models.DateField(_("退回日期"), null=True, blank=True)
    return_reason = models.CharField(_("退回原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("付款")
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=~Q(state=PaymentState.RETURNED), name="payment_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(way=PayWay.CASH) | Q(witnesses__len__gte=2),
                name="payment_cash_before_two",
                violation_error_message=_("发现金要有两个见证人。"),
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payment_not_negative"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(way=PayWay.GOODS) | ~Q(confirmed_by=F("made_by")),
                name="payment_four_eyes",
                violation_error_message=_("制单的人不能登记到账，请换一个人。"),
            ),
        ]


class Entry(models.Model):
    """A line of the book. It is never changed: what is wrong is put right by a line that takes it back (domain 4.16)."""

    # PROTECT throughout: vouchers are kept thirty years.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="entries")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="entries")
    budget_line = models.ForeignKey(BudgetLine, models.PROTECT, null=True, related_name="entries")
    kind = models.CharField(_("摘要"), max_length=10, choices=EntryKind)
    # Below zero where it takes back.
    amount = models.DecimalField(_("金额（元）"), max_digits=14, decimal_places=2)
    voucher = models.CharField(_("凭证号"), max_length=40, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    takes_back = models.OneToOneField("self", models.PROTECT, null=True, related_name="taken_back_by")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("账目")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=EntryKind.PAID, amount__gte=0, takes_back=None)
                | Q(kind=EntryKind.REVERSED, amount__lte=0, takes_back__isnull=False),
                name="entry_sign_fits_kind",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"


def committed_to(claim: Claim, states: Any) -> models.QuerySet[Claim]:
    """Other claims of the same person or firm in the same programme, in whatever street, that count towards a limit.

    Without an identity number or a firm nobody is known again, and nothing is found.
    """
    others = Claim.objects.filter(programme=claim.programme_id, **states).exclude(pk=claim.pk)
    if claim.identity_hash:
        return others.filter(identity_hash=claim.identity_hash)
    if claim.enterprise_id:
        return others.filter(enterprise=claim.enterprise_id)
    return others.none()


def named_before(claim: Claim, roster: Collection[str], since: int) -> models.QuerySet[Claim]:
    """Other claims of the programme, of the year ``since`` or later, that name one of these people."""
    others = Claim.objects.filter(programme=claim.programme_id, roster__overlap=list(roster)).exclude(pk=claim.pk)
    return others.filter(registered_at__year__gte=since).exclude(state__in=UNCOUNTED).order_by("registered_at")
