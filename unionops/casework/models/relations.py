from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unionops.org.models import Organisation, User

from ..enums import LinkKind, Satisfaction, SupervisionKind, Way


class FollowUp(models.Model):
    """回访: somebody who did not handle the case asks the claimant. Due on its own deadline; a sample is drawn monthly."""

    # PROTECT: kept for the statistics.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    case_id = models.UUIDField()
    is_sample = models.BooleanField(_("随机抽查"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    due_on = models.DateField(_("最晚回访"))
    attempts = models.PositiveSmallIntegerField(_("未联系上次数"), default=0)
    done_at = models.DateTimeField(_("回访时间"), null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("回访人"), null=True, blank=True, related_name="+")
    way = models.CharField(_("回访方式"), max_length=10, choices=Way, blank=True)
    resolved = models.BooleanField(_("问题解决了"), null=True)
    satisfaction = models.CharField(_("满意度"), max_length=10, choices=Satisfaction, blank=True)
    note = models.TextField(_("回访记录"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("回访")
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True, resolved__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False, resolved__isnull=False),
                name="follow_up_done_at_by_result",
            )
        ]
        indexes = [
            models.Index(fields=["kind", "case_id"], name="follow_up_of_case"),
            models.Index(fields=["district", "due_on"], condition=Q(done_at=None), name="follow_up_waiting"),
        ]


class Supervision(models.Model):
    """催办 before a case is due, 督办 as a formal order with its own answer."""

    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    case_id = models.UUIDField()
    sort = models.CharField(_("类别"), max_length=10, choices=SupervisionKind)
    text = models.CharField(_("要求"), max_length=500)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("被督办单位"), null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("督办人"), related_name="+")
    at = models.DateTimeField(_("时间"))
    answer_due_on = models.DateField(_("限期答复"), null=True, blank=True)
    answer = models.CharField(_("答复"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("督办")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="supervision_answer_whole",
            )
        ]
        indexes = [models.Index(fields=["kind", "case_id"], name="supervision_of_case")]


class Task(models.Model):
    """A piece of work with an owner and a date: a milestone of a rectification, a task of a consultation."""

    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    case_id = models.UUIDField()
    origin = models.CharField(_("来源"), max_length=20)
    what = models.CharField(_("事项"), max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, verbose_name=_("责任人"), null=True, blank=True, related_name="+")
    due_on = models.DateField(_("完成期限"))
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("完成情况"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("任务")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="task_done_at_and_by",
            )
        ]
        indexes = [
            models.Index(fields=["kind", "case_id"], name="task_of_case"),
            models.Index(fields=["owner", "due_on"], condition=Q(done_at=None), name="task_of_owner"),
            models.Index(fields=["organisation", "due_on"], condition=Q(done_at=None), name="task_of_organisation"),
        ]


class CaseLink(models.Model):
    """Two things that belong together; read in both directions."""

    from_kind = models.CharField(max_length=30)
    from_id = models.UUIDField()
    to_kind = models.CharField(max_length=30)
    to_id = models.UUIDField()
    sort = models.CharField(_("关系"), max_length=12, choices=LinkKind)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("关联")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["from_kind", "from_id", "to_kind", "to_id"], name="case_link_once"),
            models.CheckConstraint(condition=~Q(from_id=models.F("to_id")), name="case_link_not_itself"),
        ]
        indexes = [models.Index(fields=["to_kind", "to_id"], name="case_link_back")]


class Watch(models.Model):
    """A person who wants to be told of a case that is not in their hands (关注)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="watches")
    kind = models.CharField(max_length=30)
    case_id = models.UUIDField()

    class Meta:
        verbose_name = _("关注")
        constraints = [models.UniqueConstraint(fields=["user", "kind", "case_id"], name="watch_once")]
        indexes = [models.Index(fields=["kind", "case_id"], name="watch_of_case")]
