from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unionops.org.models import Seen, User
from visits.models import Issue

from ..enums import Origin, Section
from .exchanges import Decision, Exchange


class AgendaItem(Seen, models.Model):
    """One point of an agenda: what it is about as it stood when it was prepared, and what the meeting said to it.

    ``data`` holds what the page needs and must not change any more: frozen figures, or how the issue or decision stood.
    """

    SEEN = ("title", "text")

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="items")
    section = models.CharField(_("议程"), max_length=12, choices=Section)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    origin = models.CharField(_("来源"), max_length=4, choices=Origin, default=Origin.AUTO)
    # What an automatic item is about, so that a second look finds it again.
    key = models.CharField(max_length=60, null=True, blank=True, editable=False)
    # PROTECT both: minutes name them.
    issue = models.ForeignKey(Issue, models.PROTECT, verbose_name=_("诉求"), null=True, blank=True, related_name="+")
    decision = models.ForeignKey(
        Decision, models.PROTECT, verbose_name=_("议定事项"), null=True, blank=True, related_name="agenda_items"
    )
    title = models.CharField(_("议题"), max_length=200, blank=True)
    text = models.TextField(_("说明"), max_length=2000, blank=True)
    note = models.TextField(_("会议记录"), max_length=5000, blank=True)
    data = models.JSONField(default=dict, blank=True)
    # Of the proposed cases those that the chair picked.
    chosen = models.BooleanField(_("选用"), default=False)
    dropped = models.BooleanField(_("不上会"), default=False)

    class Meta:
        verbose_name = _("议题")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["exchange", "section", "key"], name="agenda_item_once"),
            models.CheckConstraint(
                condition=Q(origin=Origin.AUTO, key__isnull=False)
                | (Q(origin=Origin.HAND, key__isnull=True) & ~Q(title="")),
                name="agenda_item_has_key_or_title",
                violation_error_message=_("请写议题。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.issue or self.decision or self.get_section_display())

    @property
    def is_touched(self) -> bool:
        """Somebody wrote or decided something on it: it stays on the agenda whatever becomes of what it is about."""
        return bool(self.text or self.note or self.chosen or self.dropped)


class Attendance(models.Model):
    """Who was asked to come, and whether they came."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="attendance")
    # PROTECT: minutes name them.
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    present = models.BooleanField(_("到会"), default=False)

    class Meta:
        verbose_name = _("参会人")
        ordering = ["user__pinyin", "id"]
        constraints = [models.UniqueConstraint(fields=["exchange", "user"], name="attendance_once")]
        # Read by «which exchanges do I see».
        indexes = [models.Index(fields=["user"], name="attendance_of_user")]
