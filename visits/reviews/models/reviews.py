from __future__ import annotations

from typing import Self

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from unionops.casework.models import Case, CaseQuerySet
from unionops.casework.transitions import database_guard
from unionops.org.models import Organisation, Seen, User
from unionops.org.models.events import append_only

from ..enums import REVIEW_END, REVIEW_TRANSITIONS, Grade, Kind, ReviewState

# Scores of reviewers and of the appraisal's own criteria.
SCORE = [MinValueValidator(0), MaxValueValidator(100)]


class ReviewQuerySet(CaseQuerySet):
    def visible_to(self, user: User) -> Self:
        """Everybody of the district from the opening on; while it is prepared whoever sees the whole district."""
        scope = user.scope
        begun = Q(district__in=scope.member_of) & ~Q(state=ReviewState.PREPARING)
        return self.filter(begun | Q(district__in=scope.districts))


class Review(Case):
    """年评议 of one district and year (domain 2.9)."""

    TRANSITIONS = REVIEW_TRANSITIONS
    END_STATES = REVIEW_END

    state = models.CharField(_("状态"), max_length=20, choices=ReviewState, default=ReviewState.PREPARING)
    year = models.PositiveSmallIntegerField(_("年度"))
    cut_off = models.DateField(_("数据截至"))
    closes_on = models.DateField(_("申报截止日"), null=True, blank=True)
    # How often results were computed: what a round found stays, whatever a later one finds.
    round = models.PositiveSmallIntegerField(_("第几次计算"), default=0)
    published_at = models.DateTimeField(_("公示时间"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("年评议")
        ordering = ["-year", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "year"],
                name="review_once_a_year",
                violation_error_message=_("这一年的评议已经有了。"),
            ),
            models.CheckConstraint(
                condition=Q(state=ReviewState.PREPARING) | Q(closes_on__isnull=False),
                name="review_open_has_closing_day",
            ),
        ]
        triggers = database_guard(REVIEW_TRANSITIONS, born="NEW.state = 'preparing'")


class Scheme(models.Model):
    """How one kind is judged, in one version; the last version counts, and from the opening on none is added."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="schemes")
    kind = models.CharField(_("对象"), max_length=12, choices=Kind)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    # Of those appraised the share of all in per cent, of submissions a number.
    first = models.PositiveSmallIntegerField(_("第一档名额"))
    second = models.PositiveSmallIntegerField(_("第二档名额"))
    third = models.PositiveSmallIntegerField(_("第三档名额"), default=0)
    pass_mark = models.PositiveSmallIntegerField(_("及格线"), default=60, validators=[MaxValueValidator(100)])
    # PROTECT: who set the rules stays known.
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("制定时间"))

    class Meta:
        verbose_name = _("评议办法")
        ordering = ["review", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["review", "kind", "version"], name="scheme_version_once"),
            models.CheckConstraint(condition=Q(pass_mark__lte=100), name="scheme_pass_mark_in_range"),
        ]
        triggers = [
            *append_only("scheme"),
            pgtrigger.Trigger(
                name="scheme_while_preparing",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                IF (SELECT state FROM reviews_review WHERE id = NEW.review_id FOR SHARE) <> 'preparing' THEN
                    RAISE EXCEPTION 'the schemes of an open review are frozen' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    append_only = True


class Criterion(models.Model):
    """One line of a scheme: an indicator, or a score given by hand where ``code`` is empty."""

    append_only = True

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(_("指标"), max_length=40, blank=True)
    name = models.CharField(_("名称"), max_length=60)
    weight = models.DecimalField(_("权重"), max_digits=5, decimal_places=2)
    # The value that earns nothing and the value that earns all.
    floor = models.DecimalField(_("零分线"), max_digits=10, decimal_places=2, default=0)
    full = models.DecimalField(_("满分线"), max_digits=10, decimal_places=2, default=100)

    class Meta:
        verbose_name = _("评议项目")
        ordering = ["scheme", "position"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "position"], name="criterion_position_once"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="criterion_weight_in_range"),
            models.CheckConstraint(condition=~Q(floor=F("full")), name="criterion_floor_is_not_full"),
        ]
        triggers = [
            *append_only("criterion"),
            pgtrigger.Trigger(
                name="criterion_weights_whole",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="""
                IF (SELECT sum(weight) FROM reviews_criterion WHERE scheme_id = NEW.scheme_id) <> 100 THEN
                    RAISE EXCEPTION 'the weights of a scheme are 100 together' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NULL;
                """,
            ),
        ]


class Subject(models.Model):
    """Who is appraised, as they were called when the review opened."""

    # PROTECT throughout: an appraisal is history.
    review = models.ForeignKey(Review, models.PROTECT, related_name="subjects")
    kind = models.CharField(_("对象"), max_length=12, choices=Kind)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("名称"), max_length=100)
    place = models.CharField(_("单位"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("评议对象")
        ordering = ["kind", "id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "user"], name="subject_user_once"),
            models.UniqueConstraint(fields=["review", "organisation"], name="subject_organisation_once"),
            models.CheckConstraint(
                condition=Q(user__isnull=True, organisation__isnull=False)
                | Q(user__isnull=False, organisation__isnull=True),
                name="subject_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The value of the dimension by which its figures are divided."""
        return str(self.user_id or self.organisation_id)


class ManualScore(Seen, models.Model):
    """A score given by hand, with its reason."""

    SEEN = ("score", "note")

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    score = models.DecimalField(_("得分"), max_digits=5, decimal_places=2, validators=SCORE)
    note = models.CharField(_("评语"), max_length=200)
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("评议人"), related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("手工评分")
        ordering = ["subject", "criterion"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "criterion"], name="manual_score_once"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="manual_score_in_range"),
        ]


class Result(models.Model):
    """What a round found for one subject. ``sheet`` keeps every value that went into it (see measuring.py)."""

    append_only = True

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="results")
    round = models.PositiveSmallIntegerField()
    total = models.DecimalField(_("总分"), max_digits=5, decimal_places=2, null=True)
    rank = models.PositiveIntegerField(_("名次"), null=True)
    grade = models.CharField(_("等次"), max_length=10, choices=Grade)
    sheet = models.JSONField(_("计算表"))

    class Meta:
        verbose_name = _("评议结果")
        ordering = ["subject__kind", "rank", "subject_id"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "round"], name="result_once_a_round"),
            models.CheckConstraint(
                condition=Q(total__isnull=True, rank__isnull=True, grade=Grade.NONE)
                | Q(total__isnull=False, rank__isnull=False) & ~Q(grade=Grade.NONE),
                name="result_is_whole",
            ),
        ]
        triggers = append_only("result")
