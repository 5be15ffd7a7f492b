"""公示: grades and awards with their arithmetic for the whole district, objections and their answers, the A4 sheet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unionops.casework.deadlines import lamp_of
from unionops.casework.permissions import refusal
from unionops.org.models import User
from unionops.org.views.answers import data, person

from ..actions.objections import answer_objection, raise_objection
from ..actions.reviews import scheme_of
from ..enums import APPRAISED, SUBMITTED, Award, ReviewState
from ..forms.steps import AnswerForm, ObjectionForm
from ..models import Objection, Review, Subject
from ..permissions import check_keeps, check_objects, check_sees_results, keeps
from ..queries import ranking_of, results_of
from ..words import grade_rule
from .appraisal import GRADE_TONES
from .asking import ask, crumbs_of, visible_review
from .submissions import authors_of


@require_safe
def publication(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible_review(request, pk), person(request)
    check_sees_results(user, shown)
    keeper = keeps(user, shown.district_id)
    objections = Objection.objects.filter(review=shown).select_related("subject", "submission", "by", "answered_by")
    context = {
        "review": shown,
        "crumbs": crumbs_of(shown, (_("公示"), "")),
        "appraised": _appraised(shown),
        "submitted": _submitted(shown),
        "lamp": lamp_of(shown.deadline) if shown.deadline and shown.state == ReviewState.PUBLISHED else None,
        "days": _working_days(shown),
        "may_object": not refusal(check_objects, user, shown),
        "objections": [_objection(one, user, keeper, shown) for one in objections if _may_read(one, user, keeper)],
        "keeper": keeper,
    }
    return render(request, "reviews/publication.html", context)


def _working_days(shown: Review) -> int:
    """How many working days the comment period has, as its deadline was computed."""
    if shown.deadline is None:
        return 0
    return shown.deadline.length + shown.deadline.extra_days


def _appraised(shown: Review) -> list[dict[str, Any]]:
    found = []
    for kind in APPRAISED:
        rows = [
            {
                "name": row.subject.name,
                "place": row.subject.place,
                "url": reverse("reviews:subject", args=[shown.pk, row.subject_id]),
                "rank": row.rank or "—",
                "total": "—" if row.total is None else f"{row.total:.2f}",
                "grade": row.get_grade_display(),
                "tone": GRADE_TONES[row.grade],
            }
            for row in results_of(shown, kind)
        ]
        found.append({"kind": kind, "label": kind.label, "rows": rows, "rule": grade_rule(scheme_of(shown, kind))})
    return found


def _submitted(shown: Review) -> list[dict[str, Any]]:
    found = []
    for kind in SUBMITTED:
        rows = [
            {
                "title": row.submission.title,
                "url": reverse("reviews:submission", args=[row.submission_id]),
                "number": row.submission.number,
                "authors": authors_of(row.submission),
                "place": row.submission.organisation.short_name or row.submission.organisation.name,
                "rank": row.rank,
                "mean": f"{row.mean:.2f}",
                "award": row.get_award_display(),
                "won": row.award != Award.NONE,
            }
            for row in ranking_of(shown, kind)
        ]
        found.append({"kind": kind, "label": kind.label, "rows": rows, "rule": grade_rule(scheme_of(shown, kind))})
    return found


def _may_read(one: Objection, user: User, keeper: bool) -> bool:
    return keeper or one.by_id == user.pk or one.answered_at is not None


def _objection(one: Objection, user: User, keeper: bool, shown: Review) -> dict[str, Any]:
    about = one.subject.name if one.subject else one.submission.title if one.submission else _("整个评议")
    may_answer = keeper and one.answered_at is None and one.by_id != user.pk and shown.state == ReviewState.PUBLISHED
    return {
        "about": about,
        # Who objected is told to nobody but themselves and those who must answer.
        "by": one.by.name if keeper or one.by_id == user.pk else "",
        "at": one.at,
        "text": one.text,
        "answer": one.answer,
        "answered_at": one.answered_at,
        "answered_by": one.answered_by.name if one.answered_by else "",
        "upheld": one.upheld,
        "url": reverse("reviews:answer", args=[one.pk]) if may_answer else "",
    }


@require_safe
def print_all(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = visible_review(request, pk)
    check_sees_results(person(request), shown)
    context = {
        "review": shown, "appraised": _appraised(shown), "submitted": _submitted(shown),
        "back": reverse("reviews:publication", args=[shown.pk]), "printed": timezone.localdate(),
    }  # fmt: skip
    return render(request, "reviews/print.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible_review(request, pk), person(request)
    check_objects(user, shown)
    subjects = list(Subject.objects.filter(review=shown).order_by("kind", "pk"))
    papers = [row.submission for kind in SUBMITTED for row in ranking_of(shown, kind)]
    wanted = request.GET.get("about", "")
    form = ObjectionForm(data(request), subjects=subjects, submissions=papers, initial={"about": wanted})
    back = reverse("reviews:publication", args=[shown.pk])

    def act() -> None:
        about = form.cleaned_data["about"]
        raise_objection(
            shown, by=user, text=form.cleaned_data["text"],
            subject=next((one for one in subjects if f"s{one.pk}" == about), None),
            submission=next((one for one in papers if f"p{one.pk}" == about), None),
        )  # fmt: skip

    return ask(
        request, form, act, title=_("提出异议"), crumbs=crumbs_of(shown, (_("公示"), back), (_("提出异议"), "")), back=back,
        said=_("异议已提出，会在这里答复。"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    rows = Objection.objects.filter(review__in=Review.objects.visible_to(user))
    found = get_object_or_404(rows.select_related("review", "subject", "submission", "by"), pk=pk)
    check_keeps(user, found.review)
    form = AnswerForm(data(request))
    back = reverse("reviews:publication", args=[found.review_id])
    about = _objection(found, user, True, found.review)

    def act() -> None:
        answer_objection(found, by=user, answer=form.cleaned_data["answer"], upheld=form.cleaned_data["upheld"])

    return ask(
        request, form, act, title=_("答复异议"), crumbs=crumbs_of(found.review, (_("公示"), back), (_("答复异议"), "")), back=back,
        quote=_("%(by)s 对“%(about)s”：%(text)s") % about,
    )  # fmt: skip
