from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.china.pinyin import pinyin_key

from ..enums import EnterpriseStatus, Industry, SizeClass
from .organisations import Organisation
from .sealed_columns import SealedColumns
from .seen import Seen

if TYPE_CHECKING:
    from .accounts import User


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    def visible_to(self, user: User) -> Self:
        """The directory of the districts in which the person works; auditors and partners have none."""
        return self.filter(district__in=user.scope.directory_of)

    def key_on(self, day: datetime.date) -> Self:
        return self.filter(pk__in=KeyListEntry.objects.on(day).values("enterprise"))


class Enterprise(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT both: visits and issues point here, and organisations are history.
    district = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("所属区"), related_name="+")
    town = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("镇街"), null=True, blank=True, related_name="enterprises"
    )
    name = models.CharField(_("单位名称"), max_length=100)
    aliases = ArrayField(models.CharField(max_length=100), verbose_name=_("曾用名和简称"), default=list, blank=True)
    pinyin = models.CharField(max_length=500, editable=False, default="")
    initials = models.CharField(max_length=150, editable=False, default="")
    # Null, not empty: unique where it is known.
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, null=True, blank=True)
    credit_code_reason = models.CharField(_("代码校验不符的说明"), max_length=100, blank=True)
    size_class = models.CharField(_("规模"), max_length=10, choices=SizeClass, blank=True)
    industry = models.CharField(_("行业"), max_length=20, choices=Industry, blank=True)
    new_employment = models.BooleanField(_("新就业形态"), default=False)
    # 产业工人队伍建设改革试点 (domain C18).
    reform_pilot = models.BooleanField(_("产改试点"), default=False)
    staff_count = models.PositiveIntegerField(_("职工人数"), null=True, blank=True)
    member_count = models.PositiveIntegerField(_("会员人数"), null=True, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField(_("纬度"), max_digits=8, decimal_places=6, null=True, blank=True)
    status = models.CharField(_("状态"), max_length=12, choices=EnterpriseStatus, default=EnterpriseStatus.ACTIVE)
    closed_on = models.DateField(_("停业日期"), null=True, blank=True)
    ledger_import_id = models.UUIDField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("企业")
        ordering = ["pinyin", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "credit_code"],
                name="enterprise_unique_credit_code",
                violation_error_message=_("这个统一社会信用代码已经在名录里。"),
            ),
            models.CheckConstraint(
                condition=Q(status=EnterpriseStatus.CLOSED, closed_on__isnull=False)
                | (~Q(status=EnterpriseStatus.CLOSED) & Q(closed_on__isnull=True)),
                name="enterprise_closed_with_date",
                violation_error_message=_("停业的企业要写停业日期。"),
            ),
        ]
        indexes = [
            # Read by the directory in the order of its pinyin.
            models.Index(fields=["district", "pinyin", "id"], name="enterprise_directory"),
            models.Index(fields=["town", "pinyin"], name="enterprise_by_town"),
            # Read by the two-keystroke search of the visit form.
            GinIndex(fields=["initials"], name="enterprise_initials", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["name"], name="enterprise_name", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    def set_names(self) -> None:
        self.pinyin, self.initials = pinyin_key(self.name)


class KeyListEntryQuerySet(models.QuerySet["KeyListEntry"]):
    def on(self, day: datetime.date) -> Self:
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class KeyListEntry(models.Model):
    """The period for which an enterprise stands on the list of key enterprises (重点企业)."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, verbose_name=_("企业"), related_name="key_entries")
    valid_from = models.DateField(_("列入日期"))
    valid_to = models.DateField(_("移出日期"), null=True, blank=True)

    objects = KeyListEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("重点企业名单")
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="key_list_dates_in_order",
                violation_error_message=_("移出日期不能早于列入日期。"),
            ),
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(valid_to__isnull=True), name="key_list_one_open_entry"
            ),
        ]


class Contact(Seen, SealedColumns):
    """Whom to call at an enterprise."""

    SEALED = ("phone",)
    SEEN = ("name", "position", "phone_hash", "is_main")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, verbose_name=_("企业"), related_name="contacts")
    name = models.CharField(_("联系人"), max_length=50)
    position = models.CharField(_("职务"), max_length=50, blank=True)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, default="", db_index=True)
    phone_masked = models.CharField(_("电话"), max_length=30, blank=True, editable=False, default="")
    is_main = models.BooleanField(_("主要联系人"), default=False)

    class Meta:
        verbose_name = _("联系人")
        ordering = ["-is_main", "id"]

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: User) -> Self:
        """People of the districts in which one works; town roles see those of their own towns."""
        scope = user.scope
        own_towns = Q(town__in=scope.towns)
        if scope.departments or scope.districts:
            return self.filter(Q(district__in=scope.directory_of) | own_towns)
        return self.filter(own_towns)


class Person(SealedColumns):
    """A worker, once for all domains: found again by the keyed hash of the identity number."""

    SEALED = ("identity", "phone")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT both: as for enterprises.
    district = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("所属区"), related_name="+")
    town = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("镇街"), null=True, blank=True, related_name="+"
    )
    # SET_NULL: a person stays when the firm leaves the directory.
    enterprise = models.ForeignKey(
        Enterprise, models.SET_NULL, verbose_name=_("工作单位"), null=True, blank=True, related_name="people"
    )
    name = models.CharField(_("姓名"), max_length=50)
    pinyin = models.CharField(max_length=300, editable=False, default="")
    initials = models.CharField(max_length=120, editable=False, default="")
    identity_sealed = models.BinaryField(null=True, editable=False)
    identity_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    identity_masked = models.CharField(_("身份证号"), max_length=20, blank=True, editable=False, default="")
    identity_last4 = models.CharField(max_length=4, blank=True, editable=False, default="")
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    phone_masked = models.CharField(_("手机"), max_length=30, blank=True, editable=False, default="")
    new_employment = models.BooleanField(_("新就业形态"), default=False)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("人员")
        ordering = ["pinyin", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "identity_hash"],
                condition=~Q(identity_hash=""),
                name="person_unique_identity",
                violation_error_message=_("这个身份证号已经登记过。"),
            )
        ]
        indexes = [
            # Read by the directory, by «find before create» and by search.
            models.Index(fields=["district", "pinyin", "id"], name="person_directory"),
            models.Index(fields=["phone_hash"], name="person_by_phone"),
            GinIndex(fields=["initials"], name="person_initials", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    def set_names(self) -> None:
        self.pinyin, self.initials = pinyin_key(self.name)
