"""The quarterly analysis of a town or of the district, its sections, and the reflections of the officers."""

from __future__ import annotations

import datetime
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.casework.models import Case, CaseQuerySet
from unionops.casework.transitions import database_guard
from unionops.insight.periods import Kind, Period, containing
from unionops.org.enums import Role
from unionops.org.models import Organisation, User

from ..models import Issue, Visit
from .enums import (
    ANALYSIS_TRANSITIONS,
    DRAFT_STATES,
    END_STATES,
    MOST_CHARACTERS,
    REFLECTION_TRANSITIONS,
    AnalysisState,
    Part,
    ReflectionState,
)


def towns_served(user: User) -> set[int]:
    """The towns in which the person is stationed as a cadre: whoever is analysed does not write the analysis."""
    return {organisation for role, organisation in user.scope.posts if role == Role.LIAISON}


class AnalysisQuerySet(CaseQuerySet):
    def visible_to(self, user: User) -> Self:
        """District-wide roles see all, a cadre the papers of the own towns, a town union its own once it is signed."""
        scope = user.scope
        return self.filter(
            Q(district__in=scope.districts)
            | Q(subject__in=towns_served(user), district__in=scope.member_of)
            | Q(subject__in=scope.towns, district__in=scope.member_of, state=AnalysisState.SIGNED)
        )

    def of_quarter(self, quarter: Period) -> Self:
        return self.filter(starts_on=quarter.first)


class Analysis(Case):
    """季分析 of one quarter: frozen figures, a text for each section, and who signed it."""

    TRANSITIONS = ANALYSIS_TRANSITIONS
    END_STATES = END_STATES

    state = models.CharField(_("状态"), max_length=12, choices=AnalysisState, default=AnalysisState.DRAFT)
    # PROTECT throughout: what was signed is history.
    subject = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("分析对象"), related_name="+")
    starts_on = models.DateField(_("季度首日"))
    # The last day that the figures count; the whole of it.
    cut_off = models.DateField(_("截止日"))
    figures = models.JSONField(_("数字"))
    figures_at = models.DateTimeField(_("取数时间"), default=timezone.now)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("送审人"), null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("送审时间"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("审核人"), null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    signed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("签发人"), null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(_("签发时间"), null=True, blank=True)
    return_reason = models.TextField(_("退回的理由"), max_length=1000, blank=True)
    # Stays on the paper, also when it is signed again.
    reopen_reason = models.TextField(_("重新打开的理由"), max_length=1000, blank=True)
    reopened_at = models.DateTimeField(_("重新打开的时间"), null=True, blank=True)

    objects = AnalysisQuerySet.as_manager()

    class Meta:
        verbose_name = _("季分析")
        ordering = ["-starts_on", "subject__path"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "starts_on"], name="analysis_once"),
            models.UniqueConstraint(fields=["district", "number"], name="analysis_number_once"),
            models.CheckConstraint(
                condition=Q(starts_on__day=1, starts_on__month__in=[1, 4, 7, 10]), name="analysis_of_a_quarter"
            ),
            models.CheckConstraint(
                condition=Q(state=AnalysisState.SIGNED, signed_at__isnull=False, signed_by__isnull=False)
                | (~Q(state=AnalysisState.SIGNED) & Q(signed_at=None, signed_by=None)),
                name="analysis_signed_by_somebody",
            ),
        ]
        # Read by the list of a quarter.
        indexes = [models.Index(fields=["district", "starts_on"], name="analysis_by_quarter")]
        triggers = [
            *database_guard(ANALYSIS_TRANSITIONS, born="NEW.state = 'draft'"),
            pgtrigger.Trigger(
                name="frozen_once_signed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="signed", new__state="signed"),
                func="""
                IF (NEW.figures, NEW.cut_off, NEW.title, NEW.signed_at) IS DISTINCT FROM
                   (OLD.figures, OLD.cut_off, OLD.title, OLD.signed_at) THEN
                    RAISE EXCEPTION 'a signed analysis is frozen' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    @property
    def quarter(self) -> Period:
        return containing(self.starts_on, Kind.QUARTER)

    @property
    def of_district(self) -> bool:
        return self.subject_id == self.district_id

    @property
    def is_draft(self) -> bool:
        return self.state in DRAFT_STATES


class Section(models.Model):
    """One section of an analysis: what the figures say by themselves, and what a person made of it."""

    analysis = models.ForeignKey(Analysis, models.CASCADE, related_name="sections")
    part = models.CharField(_("部分"), max_length=12, choices=Part)
    position = models.PositiveSmallIntegerField()
    # Written from the figures as they are now.
    generated = models.TextField(_("生成稿"), blank=True)
    text = models.TextField(_("正文"), max_length=MOST_CHARACTERS, blank=True)
    is_edited = models.BooleanField(_("改过"), default=False)
    # What was generated when the person wrote: a refresh shows which of its sentences no longer agree.
    based_on = models.TextField(blank=True, editable=False)
    # What was thrown away by the last reset, until the next change.
    undo_text = models.TextField(blank=True, editable=False)
    # PROTECT: history.
    edited_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("修改人"), null=True, blank=True, related_name="+"
    )
    edited_at = models.DateTimeField(_("修改时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("季分析的部分")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["analysis", "part"], name="analysis_section_once"),
            models.CheckConstraint(
                condition=Q(edited_by=None, edited_at=None) | Q(edited_by__isnull=False, edited_at__isnull=False),
                name="analysis_section_edited_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_once_signed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                IF EXISTS (SELECT 1 FROM analyses_analysis WHERE id = COALESCE(NEW.analysis_id, OLD.analysis_id)
                           AND state = 'signed') THEN
                    RAISE EXCEPTION 'a signed analysis is frozen' USING ERRCODE = 'check_violation';
                END IF;
                RETURN COALESCE(NEW, OLD);
                """,
            )
        ]


class ReflectionQuerySet(CaseQuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own, and for district-wide roles whatever has been handed in: a draft is nobody else's."""
        scope = user.scope
        handed_in = Q(district__in=scope.districts) & ~Q(state=ReflectionState.DRAFT)
        return self.filter(handed_in | Q(author=user, district__in=scope.member_of))

    def of_quarter(self, quarter: Period) -> Self:
        return self.filter(starts_on=quarter.first)

    def handed_in(self) -> Self:
        return self.filter(state=ReflectionState.SUBMITTED)


class Reflection(Case):
    """调研心得: what an officer makes of a quarter."""

    TRANSITIONS = REFLECTION_TRANSITIONS
    END_STATES = frozenset({ReflectionState.SUBMITTED})

    state = models.CharField(_("状态"), max_length=12, choices=ReflectionState, default=ReflectionState.DRAFT)
    # PROTECT: history.
    author = models.ForeignKey(User, models.PROTECT, verbose_name=_("作者"), related_name="+")
    starts_on = models.DateField(_("季度首日"))
    text = models.TextField(_("正文"), max_length=MOST_CHARACTERS, blank=True)
    visits = models.ManyToManyField(Visit, verbose_name=_("相关走访"), related_name="+", blank=True)
    issues = models.ManyToManyField(Issue, verbose_name=_("相关诉求"), related_name="+", blank=True)
    return_reason = models.TextField(_("退回的理由"), max_length=1000, blank=True)
    # Handed in after the last day for it.
    late = models.BooleanField(_("迟交"), default=False)

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("调研心得")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "author", "starts_on"],
                name="reflection_once",
                violation_error_message=_("这个季度的心得已经有一份。"),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__day=1, starts_on__month__in=[1, 4, 7, 10]), name="reflection_of_a_quarter"
            ),
        ]
        # Read by the list of a quarter and by the papers of it.
        indexes = [models.Index(fields=["district", "starts_on"], name="reflection_by_quarter")]
        triggers = database_guard(REFLECTION_TRANSITIONS, born="NEW.state = 'draft'")

    @property
    def quarter(self) -> Period:
        return containing(self.starts_on, Kind.QUARTER)

    @property
    def handed_in_on(self) -> datetime.date | None:
        return timezone.localdate(self.closed_at) if self.closed_at else None
