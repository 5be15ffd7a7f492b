"""A review of last year brought to any state through the actions that the pages call."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from tests.world import World
from unionops.org.models import User
from visits.reviews.actions import objections, reviews, scoring, submissions
from visits.reviews.enums import APPRAISED, Kind, ReviewState, SubmissionState
from visits.reviews.models import Assignment, Criterion, Review, Subject, Submission

PANEL = ("other_cadre", "handler", "other_handler", "officer", "mediator")
DAY = datetime.timedelta(days=1)
# Marks of the five, in the order of PANEL.
MARKS = (80, 90, 70, 85, 95)


def year() -> int:
    return timezone.localdate().year - 1


def make(world: World) -> Review:
    return reviews.make_review(world.district, year(), by=world["clerk"])


def opened(world: World, closes_in: int = 10) -> Review:
    day = timezone.localdate() + DAY * closes_in
    now = timezone.now() - DAY * 30 if closes_in < 0 else None
    return reviews.open_review(make(world), by=world["clerk"], closes_on=day, now=now)


def write(world: World, review: Review, who: str = "cadre", *, hand_in: bool = True, **fields: Any) -> Submission:
    author = world[who]
    values: dict[str, Any] = {
        "kind": Kind.RESEARCH, "title": f"计件工资争议的成因 {Submission.objects.count()}", "text": "走访五十家，记下三十一件。",
        "effect": "八家企业签了约定。", "organisation": author.postings.get().organisation,
    }  # fmt: skip
    # Handed in before the last day, whenever the test looks at it.
    now = timezone.make_aware(datetime.datetime.combine(review.closes_on, datetime.time(1)))
    draft = submissions.SubmissionDraft(**(values | fields))
    found = submissions.begin_submission(review, draft, by=author, now=min(now, timezone.now()))
    return submissions.submit(found, by=world[who], now=min(now, timezone.now())) if hand_in else found


def scoring_began(world: World, *authors: str, **fields: Any) -> Review:
    """Closed yesterday, one submission of each author, the panel chosen."""
    review = opened(world, -1)
    for who in authors or ("cadre",):
        write(world, review, who, **fields)
    review = reviews.start_scoring(review, by=world["clerk"])
    scoring.set_panel(review, [world[name] for name in PANEL], by=world["clerk"])
    return review


def assigned(world: World, *authors: str, all_five: bool = False, **fields: Any) -> Review:
    review = scoring_began(world, *authors, **fields)
    scoring.draw(review, by=world["clerk"], seed=7)
    if all_five:
        for paper in Submission.objects.filter(review=review):
            for name in PANEL:
                if not paper.assignments.filter(reviewer=world[name]).exists():
                    scoring.assign(paper, world[name], by=world["clerk"])
    return review


def mark_all(world: World, review: Review) -> None:
    of_name = {world.people[name].pk: mark for name, mark in zip(PANEL, MARKS, strict=True)}
    rows = Assignment.objects.active().filter(submission__review=review, scored_at=None)
    for row in rows.select_related("submission__review"):
        marks = {one.pk: Decimal(of_name[row.reviewer_id]) for one in scoring.criteria_of(row.submission)}
        scoring.give_scores(row, marks, by=User.objects.get(pk=row.reviewer_id), comment="措施可行")


def by_hand(world: World, review: Review, score: int = 80) -> None:
    for kind in APPRAISED:
        criteria = Criterion.objects.filter(scheme=reviews.scheme_of(review, kind), code="")
        for subject in Subject.objects.filter(review=review, kind=kind):
            for one in criteria:
                reviews.score_subject(subject, one, by=world["clerk"], score=Decimal(score), note="按时完成")


def ready(world: World, *authors: str, **options: Any) -> Review:
    review = assigned(world, *authors, **options)
    mark_all(world, review)
    by_hand(world, review)
    return review


def settled(world: World, *authors: str, **options: Any) -> Review:
    return reviews.settle(ready(world, *authors, **options), by=world["clerk"])


def published(world: World, *authors: str, days_ago: int = 0, **options: Any) -> Review:
    review = settled(world, *authors, **options)
    return reviews.publish(review, by=world["leader"], now=timezone.now() - DAY * days_ago)


def final(world: World, *authors: str, **options: Any) -> Review:
    return reviews.confirm(published(world, *authors, days_ago=30, **options), by=world["leader"])


IN_STATE = {
    ReviewState.PREPARING: make,
    ReviewState.OPEN: lambda world: opened(world, -1),
    ReviewState.SCORING: ready,
    ReviewState.RESULTS: settled,
    ReviewState.PUBLISHED: lambda world: published(world, days_ago=30),
    ReviewState.FINAL: final,
}


def submission_in(world: World, state: str) -> Submission:
    review = opened(world)
    paper = write(world, review, hand_in=state != SubmissionState.DRAFT)
    match state:
        case SubmissionState.RETURNED:
            return submissions.return_back(paper, by=world["clerk"], reason="请去掉单位")
        case SubmissionState.WITHDRAWN:
            return submissions.withdraw(paper, by=world["cadre"])
    return paper


def object_to(world: World, review: Review, who: str = "cadre") -> Any:
    return objections.raise_objection(review, by=world[who], text="数不对，请再看")
