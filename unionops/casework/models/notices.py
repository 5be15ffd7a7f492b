from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unionops.org.models import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    """One line that concerns one person, with the way to the thing. The words are made from verb and data when read."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=30)
    case_id = models.UUIDField()
    number = models.CharField(_("编号"), max_length=20)
    title = models.CharField(_("标题"), max_length=120)
    verb = models.CharField(_("事情"), max_length=50)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("已读"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("已发邮件"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["user", "-at"], name="notice_list"),
            # Read by the bell of every page.
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
        ]
