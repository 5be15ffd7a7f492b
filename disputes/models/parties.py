from __future__ import annotations

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.org.models import Enterprise, Person
from unionops.org.models.sealed_columns import SealedColumns

from ..enums import AgentKind, Consent, ContactWay, PartyKind, Power, Side
from .disputes import Dispute
from .parts import SpanQuerySet
from .sealing import file_guard


def holds_on(day: datetime.date, first: datetime.date | None, last: datetime.date | None) -> bool:
    """Whether a day lies in a span; no first day: from the beginning of the case, no last one: to its end."""
    return (first is None or first <= day) and (last is None or last >= day)


class PartyQuerySet(SpanQuerySet):
    def on(self, day: datetime.date) -> Self:
        """Those who are a party that day."""
        return self._within(day, "valid_from", "valid_to")

    def speaking(self, day: datetime.date) -> Self:
        """推举代表 whose term covers the day: they act and sign for all claimants."""
        return self.on(day).filter(is_elected=True)._within(day, "elected_from", "elected_to")

    def _within(self, day: datetime.date, first: str, last: str) -> Self:
        begun = Q(**{first: None}) | Q(**{f"{first}__lte": day})
        return self.filter(begun, Q(**{last: None}) | Q(**{f"{last}__gte": day}))


class Party(SealedColumns):
    """当事人: what the forms of application ask of a worker or an employer (办案规则 29), and whether it will be mediated."""

    SEALED = ("identity", "phone", "address")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT throughout: a case file stays whole.
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="parties")
    side = models.CharField(_("地位"), max_length=10, choices=Side)
    position = models.PositiveSmallIntegerField(_("次序"))
    kind = models.CharField(_("类别"), max_length=10, choices=PartyKind)
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("人员"), null=True, blank=True, related_name="+")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("单位"), null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("姓名或单位名称"), max_length=100)
    identity_sealed = models.BinaryField(null=True, editable=False)
    identity_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    identity_masked = models.CharField(_("身份证号"), max_length=20, blank=True, editable=False, default="")
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    phone_masked = models.CharField(_("电话"), max_length=30, blank=True, editable=False, default="")
    # Where papers are delivered (送达地址); of a worker it is the home.
    address_sealed = models.BinaryField(null=True, editable=False)
    address_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    address_masked = models.CharField(_("送达地址"), max_length=200, blank=True, editable=False, default="")
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    legal_representative = models.CharField(_("法定代表人"), max_length=50, blank=True)
    representative_post = models.CharField(_("法定代表人职务"), max_length=50, blank=True)
    claims = models.TextField(_("请求"), max_length=1000, blank=True)
    amount = models.DecimalField(_("请求金额（元）"), max_digits=14, decimal_places=2, default=0)
    # Whoever was there from the beginning has no first day; who leaves stays in the file with the last one.
    valid_from = models.DateField(_("参加日期"), null=True, blank=True)
    valid_to = models.DateField(_("退出日期"), null=True, blank=True)
    # 推举代表 of a collective case, with the 推举书 and the term for which they speak.
    is_elected = models.BooleanField(_("推举代表"), default=False)
    elected_from = models.DateField(_("代表起始日期"), null=True, blank=True)
    elected_to = models.DateField(_("代表结束日期"), null=True, blank=True)
    elected_proof = models.ForeignKey("casework.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    consent = models.CharField(_("调解意愿"), max_length=8, choices=Consent, blank=True)
    consent_on = models.DateField(_("表示意愿日期"), null=True, blank=True)
    consent_way = models.CharField(_("征询方式"), max_length=10, choices=ContactWay, blank=True)
    consent_by = models.CharField(_("由谁表示"), max_length=50, blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("当事人")
        ordering = ["dispute", "side", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispute", "side", "position"],
                name="party_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(kind=PartyKind.PERSON, enterprise__isnull=True, credit_code="")
                | Q(kind=PartyKind.ENTERPRISE, person__isnull=True, is_elected=False),
                name="party_is_person_or_enterprise",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="party_has_name"),
            models.CheckConstraint(
                condition=Q(consent="", consent_on__isnull=True) | (~Q(consent="") & Q(consent_on__isnull=False)),
                name="party_consent_with_date",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="party_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="party_dates_in_order",
                violation_error_message=_("结束日期不能早于起始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(elected_from=None) | Q(elected_to=None) | Q(elected_to__gte=F("elected_from")),
                name="party_elected_dates_in_order",
                violation_error_message=_("结束日期不能早于起始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(is_elected=True) | Q(elected_from=None, elected_to=None), name="party_term_when_elected"
            ),
        ]
        indexes = [
            # Read when somebody applies: earlier cases of the same people.
            models.Index(fields=["identity_hash"], condition=~Q(identity_hash=""), name="party_by_identity"),
            models.Index(fields=["phone_hash"], condition=~Q(phone_hash=""), name="party_by_phone"),
            models.Index(fields=["name", "side"], name="party_by_name"),
        ]
        triggers = [file_guard("party")]

    def __str__(self) -> str:
        return self.name

    @property
    def district_id(self) -> int:
        return self.dispute.district_id

    def takes_part_on(self, day: datetime.date) -> bool:
        return holds_on(day, self.valid_from, self.valid_to)

    def speaks_on(self, day: datetime.date) -> bool:
        """Acts and signs for all claimants that day."""
        return self.is_elected and self.takes_part_on(day) and holds_on(day, self.elected_from, self.elected_to)


class AgentQuerySet(SpanQuerySet):
    CASE = "party__dispute"


class Agent(SealedColumns):
    """代理人: who speaks for a party, by what power, from when to when (调解仲裁法 24, 25)."""

    SEALED = ("phone",)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    party = models.ForeignKey(Party, models.PROTECT, related_name="agents")
    kind = models.CharField(_("类别"), max_length=20, choices=AgentKind)
    name = models.CharField(_("姓名"), max_length=50)
    firm = models.CharField(_("所在单位"), max_length=100, blank=True)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    phone_masked = models.CharField(_("电话"), max_length=30, blank=True, editable=False, default="")
    power = models.CharField(_("授权"), max_length=8, choices=Power, default=Power.GENERAL)
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("结束日期"), null=True, blank=True)
    # 授权委托书.
    proof = models.ForeignKey("casework.Attachment", models.PROTECT, null=True, blank=True, related_name="+")

    objects = AgentQuerySet.as_manager()

    class Meta:
        verbose_name = _("代理人")
        ordering = ["party", "valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="agent_dates_in_order",
                violation_error_message=_("结束日期不能早于起始日期。"),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def speaks_on(self, day: datetime.date) -> bool:
        return holds_on(day, self.valid_from, self.valid_to)
