"""The years at a glance, one review with its steps, and the steps themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unionops.casework.deadlines import lamp_of
from unionops.jinja import short_day
from unionops.org.enums import CASE_ROLES
from unionops.org.models import Event, Organisation, User
from unionops.org.views.answers import data, person, version

from ..actions.reviews import STEPS, make_review, unscored
from ..enums import APPRAISED, KEEPING_ROLES, SUBMITTED, Kind, ReviewState, SubmissionState
from ..enums import STEPS as PROGRESS
from ..forms.steps import REVIEW_FORMS, MakeForm
from ..models import Review, Submission
from ..permissions import (
    check_may_make,
    check_review,
    keeps,
    may_make,
    review_choices,
    sees_all,
    sees_results,
)
from ..queries import assignments_of
from ..timeline import entries
from .asking import ask, crumbs_of, visible_review

MOST_YEARS = 30


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    user = person(request)
    shown = Q(submissions__state=SubmissionState.SUBMITTED)
    rows = (
        Review.objects.visible_to(user)
        .select_related("deadline")
        .annotate(papers=Count("submissions", filter=shown, distinct=True), judged=Count("subjects", distinct=True))
        .order_by("-year", "-pk")[:MOST_YEARS]
    )
    to_score = assignments_of(user).filter(submission__review__state=ReviewState.SCORING)
    context = {
        "rows": [_row(row, user) for row in rows],
        "tabs": room_tabs("reviews", to_score=to_score.filter(scored_at=None).count(), user=user),
        "may_make": may_make(user),
    }
    return render(request, "reviews/reviews.html", context)


def room_tabs(current: str, *, user: User, to_score: int = 0) -> list[dict[str, Any]]:
    """年评议 and one's own part in it."""
    tabs: list[tuple[str, str, int | None]] = [("reviews", _("各年评议"), None)]
    if user.scope.has(*CASE_ROLES):
        tabs += [("mine", _("我的申报"), None), ("scoring", _("我的评审"), to_score or None)]
    return [
        {"label": label, "url": reverse(f"reviews:{name}"), "count": count, "current": name == current}
        for name, label, count in tabs
    ]


def _row(row: Review, user: User) -> dict[str, Any]:
    return {
        "title": row.title,
        "url": reverse("reviews:review", args=[row.pk]),
        "number": row.number,
        "state": row.get_state_display(),
        "tone": "done" if row.state == ReviewState.FINAL else "",
        "closes_on": short_day(row.closes_on),
        "papers": row.papers,  # type: ignore[attr-defined]
        "judged": row.judged,  # type: ignore[attr-defined]
        "lamp": lamp_of(row.deadline) if row.state == ReviewState.PUBLISHED else None,
        "publication": reverse("reviews:publication", args=[row.pk]) if sees_results(user, row) else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    user = person(request)
    check_may_make(user)
    kept = {place for role, place in user.scope.posts if role in KEEPING_ROLES}
    district = Organisation.objects.filter(pk__in=kept).order_by("pk").first()
    assert district is not None, "whoever may make a review is posted to a district"
    form = MakeForm(data(request))

    def act() -> None:
        make_review(district, form.cleaned_data["year"], by=user, cut_off=form.cleaned_data["cut_off"])

    back = reverse("reviews:reviews")
    return ask(request, form, act, title=_("建立年评议"), crumbs=[(_("年评议"), back)], back=back)


@require_safe
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = visible_review(request, pk)
    return render(request, "reviews/review.html", review_context(person(request), shown))


def review_context(user: User, shown: Review) -> dict[str, Any]:
    keeper, whole = keeps(user, shown.district_id), sees_all(user, shown)
    choices = review_choices(user, shown) if keeper else []
    # Scores given by hand stand with their reasons in the arithmetic of each subject.
    events = Event.objects.about("review", shown.pk).exclude(verb="review.score_subject").select_related("by")
    missing = unscored(shown) if keeper and shown.state == ReviewState.SCORING else []
    return {
        "review": shown,
        "crumbs": [*crumbs_of(shown)[:1], (shown.title, "")],
        "stepper": _progress(shown),
        "verbs": [_verb(shown, choice.transition) for choice in choices if choice.is_allowed],
        "refused": [
            {"label": choice.transition.label, "reason": choice.reason}
            for choice in choices
            if not choice.is_allowed and shown.state in choice.transition.sources
        ],
        "keeper": keeper,
        "missing": missing,
        "may_edit": keeper and shown.state == ReviewState.PREPARING,
        "kinds": _kinds(shown),
        "may_submit": shown.state == ReviewState.OPEN and user.scope.has(*CASE_ROLES)
        and (shown.closes_on is None or timezone.localdate() <= shown.closes_on),
        "sees_results": sees_results(user, shown),
        "sees_all": whole,
        "lines": entries(events.order_by("-at", "-pk")[:100]) if whole else [],
        "lamp": lamp_of(shown.deadline) if shown.deadline and shown.state == ReviewState.PUBLISHED else None,
    }  # fmt: skip


def _kinds(shown: Review) -> list[dict[str, Any]]:
    """Each kind with its scheme and how much there is of it."""
    counts = dict(shown.subjects.values_list("kind").annotate(n=Count("pk")).order_by())
    counts |= dict(
        Submission.objects.filter(review=shown, state=SubmissionState.SUBMITTED)
        .values_list("kind")
        .annotate(n=Count("pk"))
        .order_by()
    )
    versions = dict(shown.schemes.values_list("kind").annotate(n=Count("pk")).order_by())
    return [
        {
            "label": kind.label,
            "count": counts.get(kind, 0),
            "unit": _("人") if kind == Kind.CADRE else _("个") if kind in APPRAISED else _("份"),
            "version": versions.get(kind, 0),
            "scheme": reverse("reviews:scheme", args=[shown.pk, kind.value]),
            "table": reverse("reviews:appraisal", args=[shown.pk, kind.value]) if kind in APPRAISED else "",
        }
        for kind in (*APPRAISED, *SUBMITTED)
    ]


def _progress(shown: Review) -> list[dict[str, Any]]:
    states = [state for _name, _label, state in PROGRESS]
    here = states.index(ReviewState(shown.state))
    notes = {
        "submit": _("到 %(day)s") % {"day": short_day(shown.closes_on)} if shown.closes_on else "",
        "publish": _("到 %(day)s") % {"day": short_day(shown.deadline.due_on)} if shown.deadline else "",
        "confirm": short_day(shown.closed_at),
    }
    over = shown.state == ReviewState.FINAL
    return [
        {
            "label": label,
            "note": notes.get(name, ""),
            "state": "done" if at < here or (over and at == here) else "here" if at == here else "",
        }
        for at, (name, label, _state) in enumerate(PROGRESS)
    ]


def _verb(shown: Review, transition: Any) -> dict[str, Any]:
    return {
        "verb": transition.verb, "label": transition.label, "glyph": transition.icon, "usual": transition.usual,
        "url": reverse("reviews:step", args=[shown.pk, transition.verb]),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    if verb not in REVIEW_FORMS:
        raise Http404
    shown, user = visible_review(request, pk), person(request)
    if request.method != "POST":
        check_review(user, shown, verb)
    form = REVIEW_FORMS[verb](data(request))
    transition = shown.TRANSITIONS[verb]
    back = reverse("reviews:review", args=[shown.pk])

    def act() -> None:
        STEPS[verb](shown, by=user, version=version(request), **form.arguments())

    return ask(
        request, form, act, title=str(transition.label), crumbs=crumbs_of(shown, (str(transition.label), "")), back=back,
        version=shown.version,
    )  # fmt: skip
