"""Something to show on each page of the annual review, for the walks over every page of the product."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from tests.world import World
from visits.reviews.actions import reviews, scoring, submissions
from visits.reviews.enums import Kind
from visits.reviews.models import Assignment, Criterion, Objection, Review, Submission

from . import stories

# Only for what is sent.
NO_REVIEW_PAGES = ("reviews:picture_add", "reviews:picture_remove", "reviews:blind_picture")
REVIEW_KEEPERS = (
    ("reviews:score_subject", "clerk"), ("reviews:scoring", "mediator"), ("reviews:score", "mediator"),
    ("reviews:decline", "mediator"), ("reviews:mine", "cadre"), ("reviews:submission", "cadre"), ("reviews:", "leader"),
)  # fmt: skip
PUBLIC, OPEN, SCORED, PREPARED = (stories.timezone.localdate().year - back for back in (1, 0, 2, 3))
# Which of the reviews a page shows; all others show the published one.
YEARS = {
    "submission_new": OPEN, "submission": OPEN, "submission_edit": OPEN, "submission_step": OPEN, "scheme_edit": PREPARED,
    "score_subject": SCORED, "panel": SCORED, "draw": SCORED, "papers": SCORED, "reviewers": SCORED, "replace": SCORED,
    "score": SCORED, "decline": SCORED, "step": SCORED, "review": SCORED,
}  # fmt: skip


def make_reviews(world: World) -> None:
    """One published with an objection, one in scoring, one being prepared, one that takes submissions."""
    review = stories.published(world, all_five=True)
    stories.object_to(world, review, "town")
    _scored(world)
    reviews.make_review(world.district, PREPARED, by=world["clerk"])
    today = timezone.localdate()
    now = reviews.make_review(world.district, OPEN, by=world["clerk"], cut_off=today)
    now = reviews.open_review(now, by=world["clerk"], closes_on=today + stories.DAY)
    paper = stories.write(world, now, hand_in=False)
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(out, "PNG")
    submissions.add_picture(paper, SimpleUploadedFile("调研.png", out.getvalue()), by=world["cadre"])


def _scored(world: World) -> None:
    review = reviews.make_review(world.district, SCORED, by=world["clerk"])
    day = timezone.localdate() - stories.DAY
    review = reviews.open_review(review, by=world["clerk"], closes_on=day, now=timezone.now() - 30 * stories.DAY)
    paper = stories.write(world, review)
    review = reviews.start_scoring(review, by=world["clerk"])
    scoring.set_panel(review, [world[name] for name in stories.PANEL], by=world["clerk"])
    for name in ("mediator", "officer", "handler"):
        scoring.assign(paper, world[name], by=world["clerk"])


def review_value(name: str, key: str) -> Any:
    page = name.removeprefix("reviews:")
    review = Review.objects.get(year=YEARS.get(page, PUBLIC))
    if key == "pk":
        if page == "answer":
            return Objection.objects.get().pk
        if page in ("score", "decline"):
            return Assignment.objects.get(submission__review=review, reviewer__username__endswith="mediator").pk
        if page == "replace":
            return Assignment.objects.filter(submission__review=review).latest("pk").pk
        if page in ("submission", "submission_edit", "submission_step", "reviewers"):
            return Submission.objects.get(review=review).pk
        return review.pk
    return {
        "kind": Kind.CADRE, "verb": "submit" if page == "submission_step" else "settle",
        "subject": review.subjects.filter(kind=Kind.CADRE).values_list("pk", flat=True).first(),
        "criterion": Criterion.objects.filter(scheme__review=review, scheme__kind=Kind.CADRE, code="")
        .values_list("pk", flat=True).first(),
    }[key]  # fmt: skip
