"""Reads for the pages and the inbox."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from unionops.casework.deadlines import NO_LAMP, lamp_of
from unionops.casework.enums import Urgency
from unionops.casework.inbox import InboxRow
from unionops.casework.search import Hit, contains
from unionops.casework.waiting import ME
from unionops.org.models import User

from .enums import KEEPING_ROLES, Kind, ReviewState, SubmissionState
from .models import Assignment, Author, Objection, Result, Review, Submission, SubmissionResult


def results_of(review: Review, kind: str) -> QuerySet[Result]:
    """The last round of one kind, best first; those that could not be counted stand last."""
    rows = Result.objects.filter(subject__review=review, subject__kind=kind, round=review.round)
    return rows.select_related("subject").order_by("rank", "subject_id")


def papers_of(review: Review) -> QuerySet[Submission]:
    """Submissions with the numbers of their reviewers, for the office."""
    active = Q(assignments__isnull=False, assignments__ended_at=None)
    return (
        Submission.objects.filter(review=review)
        .exclude(state=SubmissionState.DRAFT)
        .select_related("organisation")
        .prefetch_related("authors__user")
        .annotate(
            judges=Count("assignments", filter=active),
            scored=Count("assignments", filter=active & Q(assignments__scored_at__isnull=False)),
        )
        .order_by("kind", "number")
    )


def ranking_of(review: Review, kind: str) -> QuerySet[SubmissionResult]:
    rows = SubmissionResult.objects.filter(submission__review=review, submission__kind=kind, round=review.round)
    return (
        rows.select_related("submission__organisation")
        .prefetch_related("submission__authors__user")
        .order_by("rank", "submission__number")
    )


def assignments_of(user: User) -> QuerySet[Assignment]:
    """What this person reviews; nothing here leads to an author."""
    return (
        Assignment.objects.visible_to(user)
        .exclude(submission__review__state__in=[ReviewState.PREPARING, ReviewState.OPEN])
        .select_related("submission__review")
        .order_by("-submission__review__year", "submission__kind", "submission__number")
    )


# The inbox


def scoring_inbox(user: User, most: int) -> Iterable[InboxRow]:
    rows = assignments_of(user).filter(submission__review__state=ReviewState.SCORING, scored_at=None)
    for pk, number, title, kind in rows.values_list(
        "pk", "submission__number", "submission__title", "submission__kind"
    )[:most]:
        yield _row(
            kind="assignment", kind_label=_("评审"), icon="clipboard-check", number=number, title=title,
            url=reverse("reviews:score", args=[pk]), place=str(Kind(kind).label), step=_("评分"), lamp=NO_LAMP,
        )  # fmt: skip


def scoring_waits() -> Iterable[QuerySet[Assignment]]:
    return (Assignment.objects.filter(reviewer=ME, ended_at=None, scored_at=None),)


def submission_inbox(user: User, most: int) -> Iterable[InboxRow]:
    """What came back to its authors, and their drafts while submissions are taken."""
    rows = Submission.objects.filter(
        authors__user=user,
        district__in=user.scope.member_of,
        state__in=[SubmissionState.RETURNED, SubmissionState.DRAFT],
        review__state=ReviewState.OPEN,
    )
    for pk, number, title, kind, state in rows.order_by("number").values_list("pk", "number", "title", "kind", "state")[
        :most
    ]:
        yield _row(
            kind="submission", kind_label=_("申报"), icon="journal-text", number=number, title=title,
            url=reverse("reviews:submission", args=[pk]), place=str(Kind(kind).label), step=_("提交"), lamp=NO_LAMP,
            back=_("退回修改") if state == SubmissionState.RETURNED else "",
        )  # fmt: skip


def submissions_waiting() -> Iterable[QuerySet[Author]]:
    unsent = [SubmissionState.RETURNED, SubmissionState.DRAFT]
    return (Author.objects.filter(user=ME, submission__state__in=unsent),)


def objection_inbox(user: User, most: int) -> Iterable[InboxRow]:
    kept = {place for role, place in user.scope.posts if role in KEEPING_ROLES}
    if not kept:
        return
    rows = Objection.objects.filter(
        review__district__in=kept, review__state=ReviewState.PUBLISHED, answered_at=None
    ).exclude(by=user)
    for row in rows.select_related("review__deadline").order_by("pk")[:most]:
        yield _row(
            kind="objection", kind_label=_("异议"), icon="chat-dots", number=row.review.number, title=row.text[:60],
            url=reverse("reviews:answer", args=[row.pk]), place=row.review.title, step=_("答复"),
            lamp=lamp_of(row.review.deadline),
        )  # fmt: skip


def _row(**fields: Any) -> InboxRow:
    return InboxRow(urgency=Urgency.NORMAL, **fields)


def find_submissions(user: User, query: str, most: int) -> list[Hit]:
    """Only what one may read with its authors; a reviewer finds nothing of what they review."""
    rows = Submission.objects.visible_to(user).filter(contains("title", query) | contains("number", query))
    return [
        Hit(title, f"{number} · {Kind(kind).label}", reverse("reviews:submission", args=[pk]))
        for pk, number, title, kind in rows.order_by("-number").values_list("pk", "number", "title", "kind")[:most]
    ]
