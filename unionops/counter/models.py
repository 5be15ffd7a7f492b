from __future__ import annotations

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.org.events import kind_of
from unionops.org.models import User
from unionops.org.models.sealed_columns import SealedColumns

from .enums import LinkState
from .numbers import spell_number

MOST_TRIES = 5


class OneTimeCode(SealedColumns):
    """验证码: sent to a telephone, good once, for five minutes and five tries; what was verified is a visitor's session."""

    SEALED = ("phone",)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    phone_masked = models.CharField(_("手机"), max_length=30, blank=True, editable=False, default="")
    # Keyed: six digits are too few for a hash that anybody could compute.
    code_hash = models.CharField(max_length=64, editable=False)
    purpose = models.CharField(_("用途"), max_length=40)
    # The digest of the device that asked for it; no other may enter it.
    device = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(_("发送时间"), default=timezone.now)
    expires_at = models.DateTimeField(_("有效至"))
    tries = models.PositiveSmallIntegerField(_("输错次数"), default=0)
    used_at = models.DateTimeField(_("验证时间"), null=True, blank=True)
    # The visitor has gone before the session's time was over.
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("验证码")
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(tries__lte=MOST_TRIES), name="one_time_code_tries"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="one_time_code_expires"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(used_at__lte=F("expires_at")), name="one_time_code_used_in_time"
            ),
        ]
        # Read by the job that forgets them.
        indexes = [models.Index(fields=["made_at"], name="one_time_code_old")]

    def __str__(self) -> str:
        return self.phone_masked


class VisitorKey(models.Model):
    """The first answer to a keyed write of a device without an account (as casework.IdempotencyKey of accounts)."""

    device = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    made_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("自助办理的防重键")
        constraints = [models.UniqueConstraint(fields=["device", "key"], name="visitor_key_once")]


class Receipt(models.Model):
    """回执: a random number for something that came in at the public counter; its query code is derived, stored nowhere."""

    number = models.CharField(_("回执编号"), max_length=11, primary_key=True)
    kind = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=40)
    # Changed when the code is to be another one.
    salt = models.CharField(max_length=32, editable=False)
    # SET_NULL: codes are forgotten after a month, receipts stay.
    visitor = models.ForeignKey(OneTimeCode, models.SET_NULL, null=True, blank=True, related_name="receipts")
    made_at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = _("回执")
        ordering = ["-made_at"]
        # Read by the page of the case.
        indexes = [models.Index(fields=["kind", "subject_id"], name="receipt_of_thing")]

    def __str__(self) -> str:
        return spell_number(self.number)

    @property
    def prefix(self) -> str:
        return self.number[:2]


class SignedLinkQuerySet(models.QuerySet["SignedLink"]):
    def about(self, thing: models.Model) -> Self:
        return self.filter(kind=kind_of(thing), subject_id=str(thing.pk))


class SignedLink(SealedColumns):
    """签名链接: lets one outside person read one thing and answer, on one device, until a day."""

    SEALED = ("phone",)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # SHA-256 of 256 random bits: the secret itself is told once and kept nowhere.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    purpose = models.CharField(_("用途"), max_length=40)
    kind = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=40)
    # What of the thing it is about, where it is about a part of it.
    part = models.CharField(max_length=40, blank=True, default="")
    # PROTECT: who let somebody in stays known.
    made_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("发出人"), related_name="+")
    made_at = models.DateTimeField(_("发出时间"), default=timezone.now)
    for_name = models.CharField(_("姓名"), max_length=50)
    for_organisation = models.CharField(_("单位"), max_length=100, blank=True)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    phone_masked = models.CharField(_("电话"), max_length=30, blank=True, editable=False, default="")
    expires_at = models.DateTimeField(_("有效至"))
    opened_at = models.DateTimeField(_("打开时间"), null=True, blank=True)
    device = models.CharField(max_length=64, blank=True, editable=False, default="")
    used_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    used_name = models.CharField(_("答复人"), max_length=50, blank=True)
    used_organisation = models.CharField(_("答复人单位"), max_length=100, blank=True)
    answer = models.CharField(_("答复"), max_length=20, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    receipt = models.ForeignKey(Receipt, models.PROTECT, null=True, blank=True, related_name="+")
    # How often another device came with it.
    refused = models.PositiveIntegerField(_("被拒次数"), default=0)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SignedLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("签名链接")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="signed_link_expires"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, device="") | (Q(opened_at__isnull=False) & ~Q(device="")),
                name="signed_link_opened_by_a_device",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, used_name="", answer="")
                | (
                    Q(used_at__isnull=False, opened_at__isnull=False, revoked_at__isnull=True)
                    & Q(used_at__lte=F("expires_at"))
                    & ~Q(used_name="")
                    & ~Q(answer="")
                ),
                name="signed_link_answered_once_in_time",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="signed_link_revoked_at_and_by",
            ),
        ]
        # Read by the page of the thing.
        indexes = [models.Index(fields=["kind", "subject_id", "-made_at"], name="signed_link_of_thing")]

    def __str__(self) -> str:
        return self.for_organisation or self.for_name

    def state_at(self, now: datetime.datetime) -> LinkState:
        if self.used_at is not None:
            return LinkState.USED
        if self.revoked_at is not None:
            return LinkState.REVOKED
        if self.expires_at <= now:
            return LinkState.LATE
        return LinkState.OPENED if self.opened_at is not None else LinkState.WAITING

    @property
    def state_now(self) -> LinkState:
        return self.state_at(timezone.now())

    @property
    def is_live(self) -> bool:
        return self.state_now in (LinkState.WAITING, LinkState.OPENED)
