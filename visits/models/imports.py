from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.org.models import Organisation, User

from ..enums import ImportState


class LedgerImportQuerySet(models.QuerySet["LedgerImport"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(district__in=user.scope.districts | user.scope.administers)


class LedgerImport(models.Model):
    """One reading of one office ledger: previewed, then written whole or in its good rows, and undone as a whole."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT: what an import brought in stays traceable.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    file_name = models.CharField(_("文件名"), max_length=150)
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=80, blank=True)
    sort = models.CharField(_("台账种类"), max_length=20, blank=True)
    mapping = models.JSONField(_("列对应"), default=dict)
    state = models.CharField(_("状态"), max_length=10, choices=ImportState, default=ImportState.READING)
    # The keys of the summary that `import_ledger` prints, and the refused rows.
    summary = models.JSONField(_("结果"), default=dict)
    # When somebody last began or went on with the work, and how often it was handed out again because nobody did.
    touched_at = models.DateTimeField(default=timezone.now, editable=False)
    restarts = models.PositiveSmallIntegerField(default=0, editable=False)
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)
    error = models.CharField(_("错误"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("上传人"), related_name="+")
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = LedgerImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("台账导入")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name
