from __future__ import annotations

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.casework.models import Case, CaseQuerySet
from unionops.casework.transitions import database_guard
from unionops.org.models import Organisation, User
from unionops.org.models.events import append_only

from ..enums import (
    PUBLIC_STATES,
    SUBMISSION_CHOICES,
    SUBMISSION_END,
    SUBMISSION_TRANSITIONS,
    Award,
    SubmissionState,
)
from .reviews import SCORE, Criterion, Review, Subject

# No person judges what they wrote, nor what a colleague of the same posting wrote (of any since the year began). Whoever
# comes second waits for the first at the row of the submission, and then sees what the first has written.
_NO_CONFLICT = """
    PERFORM 1 FROM reviews_submission WHERE id = NEW.submission_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM reviews_assignment judge
        JOIN reviews_submission paper ON paper.id = judge.submission_id
        JOIN reviews_review year ON year.id = paper.review_id
        LEFT JOIN org_posting post ON post.user_id = judge.reviewer_id
            AND (post.valid_to IS NULL OR post.valid_to >= make_date(year.year, 1, 1))
        WHERE judge.submission_id = NEW.submission_id AND judge.ended_at IS NULL AND {whose}
            AND (post.organisation_id = paper.organisation_id OR EXISTS (
                SELECT 1 FROM reviews_author author
                LEFT JOIN org_posting theirs ON theirs.user_id = author.user_id
                    AND theirs.organisation_id = post.organisation_id
                    AND (theirs.valid_to IS NULL OR theirs.valid_to >= make_date(year.year, 1, 1))
                WHERE author.submission_id = paper.id AND (author.user_id = judge.reviewer_id OR theirs.id IS NOT NULL)
            ))
    ) THEN
        RAISE EXCEPTION 'a reviewer has a conflict of interest' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


def _no_conflict(name: str, whose: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.After, operation=pgtrigger.Insert, func=_NO_CONFLICT.format(whose=whose)
    )


class SubmissionQuerySet(CaseQuerySet):
    def visible_to(self, user: User) -> Self:
        """Its authors, and whoever sees the whole district; everybody of the district once the results are public.

        A reviewer does not see a submission: what they read is reached through their own assignment, without names.
        """
        scope = user.scope
        own = Author.objects.filter(user=user).values("submission")
        shown = Q(state=SubmissionState.SUBMITTED)
        public = shown & Q(review__state__in=PUBLIC_STATES, district__in=scope.member_of)
        kept = Q(district__in=scope.districts) & ~Q(state=SubmissionState.DRAFT)
        return self.filter(Q(pk__in=own, district__in=scope.member_of) | public | kept)


class Submission(Case):
    """优秀调研成果、合理化建议 as submitted (D8)."""

    TRANSITIONS = SUBMISSION_TRANSITIONS
    END_STATES = SUBMISSION_END

    # PROTECT throughout: what was judged is history.
    review = models.ForeignKey(Review, models.PROTECT, verbose_name=_("年评议"), related_name="submissions")
    state = models.CharField(_("状态"), max_length=20, choices=SubmissionState, default=SubmissionState.DRAFT)
    kind = models.CharField(_("类别"), max_length=12, choices=SUBMISSION_CHOICES)
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("申报单位"), related_name="+")
    text = models.TextField(_("内容"), max_length=12000, blank=True)
    effect = models.TextField(_("成效或预期效益"), max_length=2000, blank=True)
    other_authors = models.CharField(_("其他作者"), max_length=200, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    return_reason = models.CharField(_("退回理由"), max_length=500, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报材料")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="submission_unique_number"),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.SUBMITTED) | Q(submitted_at__isnull=False) & ~Q(text=""),
                name="submission_submitted_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.RETURNED) | ~Q(return_reason=""),
                name="submission_returned_has_reason",
            ),
        ]
        # Read by the list of the office and by the computing of results.
        indexes = [models.Index(fields=["review", "kind", "state"], name="submission_of_review")]
        triggers = database_guard(SUBMISSION_TRANSITIONS, born="NEW.state = 'draft'")


class Author(models.Model):
    """Who wrote it; the first is the one who submits."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="authors")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("作者")
        ordering = ["submission", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["submission", "user"], name="author_once")]
        triggers = [_no_conflict("author_is_no_reviewer", "TRUE")]


class PanelMember(models.Model):
    """Somebody who may be drawn as a reviewer of this year."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="panel")
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("评委"), related_name="+")

    class Meta:
        verbose_name = _("评委库")
        ordering = ["user__pinyin", "user_id"]
        constraints = [models.UniqueConstraint(fields=["review", "user"], name="panel_member_once")]


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: User) -> Self:
        """One's own, while one is the reviewer of it."""
        return self.active().filter(reviewer=user, submission__district__in=user.scope.member_of)

    def active(self) -> Self:
        return self.filter(ended_at=None)


class Assignment(models.Model):
    """One reviewer for one submission. It knows no author: everything a reviewer reads is reached from here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(User, models.PROTECT, verbose_name=_("评委"), related_name="+")
    is_drawn = models.BooleanField(_("抽取"), default=False)
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(_("指定时间"))
    # Declared a conflict, or replaced by the office.
    ended_at = models.DateTimeField(_("退出时间"), null=True, blank=True)
    end_reason = models.CharField(_("退出理由"), max_length=200, blank=True)
    scored_at = models.DateTimeField(_("评分时间"), null=True, blank=True)
    comment = models.TextField(_("评语"), max_length=1000, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("评审任务")
        ordering = ["submission", "id"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "reviewer"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="") | Q(ended_at__isnull=False) & ~Q(end_reason=""),
                name="assignment_end_has_reason",
            ),
        ]
        # Read by the inbox.
        indexes = [models.Index(fields=["reviewer"], condition=Q(ended_at=None), name="assignment_of_reviewer")]
        triggers = [_no_conflict("reviewer_is_no_author", "judge.id = NEW.id")]


class Mark(models.Model):
    """What one reviewer gave for one criterion."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="marks")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    score = models.DecimalField(_("得分"), max_digits=5, decimal_places=2, validators=SCORE)

    class Meta:
        verbose_name = _("评分")
        ordering = ["assignment", "criterion__position"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "criterion"], name="mark_once"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="mark_in_range"),
        ]


class SubmissionResult(models.Model):
    """What a round found for one submission; ``sheet`` keeps the scores from high to low, so that no order tells a name."""

    append_only = True

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="results")
    round = models.PositiveSmallIntegerField()
    mean = models.DecimalField(_("平均分"), max_digits=5, decimal_places=2)
    rank = models.PositiveIntegerField(_("名次"))
    award = models.CharField(_("奖项"), max_length=10, choices=Award)
    sheet = models.JSONField(_("计算表"))

    class Meta:
        verbose_name = _("评审结果")
        ordering = ["submission__kind", "rank", "submission_id"]
        constraints = [models.UniqueConstraint(fields=["submission", "round"], name="submission_result_once_a_round")]
        triggers = append_only("submission_result")


class Objection(models.Model):
    """What somebody of the district says against a published result, and what it was answered."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="objections")
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, blank=True, related_name="+")
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(_("异议"), max_length=2000)
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("提出人"), related_name="+")
    at = models.DateTimeField(_("提出时间"))
    upheld = models.BooleanField(_("成立"), null=True)
    answer = models.TextField(_("答复"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("公示异议")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, upheld__isnull=True, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False, upheld__isnull=False) & ~Q(answer=""),
                name="objection_answer_whole",
            )
        ]
        # Read by the inbox.
        indexes = [models.Index(fields=["review"], condition=Q(answered_at=None), name="objection_waiting")]
