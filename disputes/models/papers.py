from __future__ import annotations

import json
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.casework.models import Attachment
from unionops.org.models import User
from unionops.org.sealed import seal, unseal

from ..papers.kinds import PaperKind
from .disputes import Dispute
from .parts import PartQuerySet
from .sealing import file_guard


def _of_sealed_volume(row: str) -> str:
    return f"SELECT FROM disputes_casefile f WHERE f.dispute_id = {row}.dispute_id AND f.volume = {row}.volume"


class SealedContent(models.Model):
    """Words that are kept as every other personal data is kept: encrypted, and bound to their row."""

    content_sealed = models.BinaryField(editable=False)

    class Meta:
        abstract = True

    @property
    def _place(self) -> str:
        return f"{self._meta.db_table}.content:{self.pk}"

    def put_content(self, text: str) -> None:
        self.content_sealed = seal(text, place=self._place)

    def open_content(self) -> str:
        return unseal(self.content_sealed, place=self._place)

    @property
    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.open_content())
        return found


class Paper(SealedContent):
    """文书: a paper of the case as it was last made, under the number that it keeps.

    ``about`` is the key of the session, party, obligation or follow-up that it is about, empty where it is the case.
    ``content`` is sealed: papers hold identities, and notes of what one side said alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT throughout: a case file stays whole.
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="papers")
    volume = models.PositiveSmallIntegerField(_("卷"), default=1)
    kind = models.CharField(_("文书"), max_length=16, choices=PaperKind)
    about = models.CharField(max_length=40, blank=True)
    # Counts those of one kind in a case: the second notice has another number than the first.
    serial = models.PositiveSmallIntegerField(_("序号"))
    number = models.CharField(_("文号"), max_length=60, blank=True)
    # What was asked before it was made: to which court, which risk.
    answers = models.JSONField(_("填写的内容"), default=dict)
    made_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("制作人"), related_name="+")
    made_at = models.DateTimeField(_("制作时间"), default=timezone.now)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("调解文书")
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "volume", "kind", "about"], name="paper_once_about_a_thing"),
            models.UniqueConstraint(fields=["dispute", "kind", "serial"], name="paper_serial_once"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="paper_of_open_volume",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                IF TG_OP <> 'INSERT' THEN
                    IF EXISTS ({_of_sealed_volume("OLD")}) THEN
                        RAISE EXCEPTION 'the file is sealed' USING ERRCODE = 'check_violation';
                    END IF;
                END IF;
                IF TG_OP <> 'DELETE' THEN
                    IF EXISTS ({_of_sealed_volume("NEW")}) THEN
                        RAISE EXCEPTION 'the file is sealed' USING ERRCODE = 'check_violation';
                    END IF;
                END IF;
                RETURN coalesce(NEW, OLD);
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()


class CaseFile(SealedContent):
    """案卷 of one volume, sealed when the case is put away: what it holds, frozen, with the hash of all of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="case_files")
    volume = models.PositiveSmallIntegerField(_("卷"))
    # SHA-256 of the content's canonical JSON: papers word by word, and the hash of each file that was attached.
    content_sha256 = models.CharField(_("内容校验值"), max_length=64)
    # What is said about each item that the file lacks (卷宗情况说明).
    statement = models.CharField(_("卷宗情况说明"), max_length=1000, blank=True)
    lacking = models.JSONField(_("缺少的材料"), default=list)
    keep_until = models.DateField(_("保管至"))
    sealed_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("立卷人"), related_name="+")
    sealed_at = models.DateTimeField(_("立卷时间"), default=timezone.now)
    # The bound file, made by a worker after the sealing and never made anew.
    stored_as = models.CharField(max_length=80, blank=True)
    pages = models.PositiveIntegerField(_("页数"), null=True, blank=True)
    size = models.PositiveIntegerField(_("大小"), null=True, blank=True)
    sha256 = models.CharField(_("文件校验值"), max_length=64, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("案卷")
        ordering = ["dispute", "volume"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "volume"], name="case_file_once_a_volume"),
            models.CheckConstraint(
                condition=Q(stored_as="", sha256="", pages__isnull=True, size__isnull=True)
                | ~Q(stored_as="") & ~Q(sha256="") & Q(pages__gt=0, size__gt=0),
                name="case_file_bound_or_not",
            ),
            models.CheckConstraint(
                condition=Q(lacking=[]) | ~Q(statement=""),
                name="case_file_lacks_with_reason",
                violation_error_message=_("缺少材料的，要写明情况。"),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="case_file_stays_sealed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                IF TG_OP = 'UPDATE' THEN
                    IF OLD.stored_as = '' THEN
                        -- The worker brings the bound file, once.
                        OLD.stored_as = NEW.stored_as;
                        OLD.pages = NEW.pages;
                        OLD.size = NEW.size;
                        OLD.sha256 = NEW.sha256;
                    END IF;
                    IF NEW IS NOT DISTINCT FROM OLD THEN
                        RETURN NEW;
                    END IF;
                END IF;
                RAISE EXCEPTION 'the file is sealed' USING ERRCODE = 'check_violation';
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispute.number} {self.volume}"


class FiledAttachment(Attachment):
    """Attachments of disputes, for the guard of sealed files: the table is that of the case work."""

    class Meta:
        proxy = True
        verbose_name = _("卷内材料")
        triggers = [file_guard("attachment")]
