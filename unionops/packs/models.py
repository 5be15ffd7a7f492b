from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.casework.transitions import database_guard
from unionops.org.models import Organisation, User

from .enums import TRANSITIONS, UNDER_WAY, DownloadState, Format


class DownloadQuerySet(models.QuerySet["Download"]):
    def visible_to(self, user: User) -> Self:
        """A download belongs to its maker and to nobody else."""
        return self.filter(maker=user.pk)


class Download(models.Model):
    """One file that somebody asked for: waited for, made by a worker, fetched, and gone after some days.

    It keeps the content from which the file was made, so that the same paper in another format says the same.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # CASCADE: what nobody can fetch any more has no use.
    maker = models.ForeignKey(User, models.CASCADE, verbose_name=_("制作人"), related_name="+")
    pack = models.CharField(_("材料"), max_length=40)
    title = models.CharField(_("标题"), max_length=120)
    # What the form of the pack asked, as JSON; the function that gathers reads nothing else.
    parameters = models.JSONField(_("条件"), default=dict)
    format = models.CharField(_("格式"), max_length=4, choices=Format)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    state = models.CharField(_("状态"), max_length=10, choices=DownloadState, default=DownloadState.WAITING)
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)
    # The frozen content (`documents.Document.as_json`); null until it is gathered and after it has expired.
    document = models.JSONField(_("内容"), null=True)
    stored_as = models.CharField(max_length=80, blank=True)
    size = models.PositiveBigIntegerField(_("大小"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    error = models.CharField(_("错误"), max_length=300, blank=True)
    asked_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    # When a worker began, and how often the work was handed out again because that worker was lost.
    touched_at = models.DateTimeField(default=timezone.now, editable=False)
    restarts = models.PositiveSmallIntegerField(default=0, editable=False)
    # Counts the beginnings: a worker that wakes up late finds that another one has begun since.
    attempt = models.PositiveSmallIntegerField(default=0, editable=False)
    ready_at = models.DateTimeField(_("做好时间"), null=True, blank=True)
    expires_at = models.DateTimeField(_("保留到"), null=True, blank=True)

    objects = DownloadQuerySet.as_manager()

    class Meta:
        verbose_name = _("下载")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="download_progress_per_cent"),
            models.CheckConstraint(
                condition=Q(state=DownloadState.READY, expires_at__isnull=False, ready_at__isnull=False)
                & ~Q(stored_as="")
                | ~Q(state=DownloadState.READY) & Q(stored_as=""),
                name="download_file_when_ready",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("ready_at")), name="download_expires_later"
            ),
        ]
        indexes = [
            # Read by the list of one person.
            models.Index(fields=["maker", "-asked_at", "-id"], name="download_list"),
            # Read by the jobs that look for lost work and for what has expired.
            models.Index(fields=["touched_at"], condition=Q(state__in=UNDER_WAY), name="download_under_way"),
            models.Index(fields=["expires_at"], condition=Q(state=DownloadState.READY), name="download_expiring"),
        ]
        triggers = database_guard(TRANSITIONS, born="NEW.state = 'waiting'")

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """What stands before the title of a notice."""
        return str(self.get_format_display())

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


class OfficeTemplateQuerySet(models.QuerySet["OfficeTemplate"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(district__in=user.scope.administers)


class OfficeTemplate(models.Model):
    """One version of an office's own Word template of a pack; the newest that is in use replaces the standard one."""

    # PROTECT: papers were made with it.
    district = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("所属区"), related_name="+")
    pack = models.CharField(_("材料"), max_length=40)
    version = models.PositiveIntegerField(_("版本"))
    file_name = models.CharField(_("文件名"), max_length=150)
    stored_as = models.CharField(max_length=80)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("上传人"), related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    in_use = models.BooleanField(_("在用"), default=True)

    objects = OfficeTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("文书模板")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["district", "pack", "version"], name="office_template_version_once"),
            models.UniqueConstraint(
                fields=["district", "pack"], condition=Q(in_use=True), name="office_template_one_in_use"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
