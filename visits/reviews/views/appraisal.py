"""How each kind is judged, the table of those appraised, and the whole arithmetic of one of them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unionops.insight import indicators
from unionops.insight.frozen import thaw
from unionops.insight.indicators import Unit
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.forms.fields import refuse
from unionops.org.models import User
from unionops.org.views.answers import data, person, version

from .. import measuring
from ..actions.reviews import draft_of, scheme_of, score_subject, set_scheme
from ..enums import APPRAISED, Kind, ReviewState
from ..forms.schemes import SchemeForm
from ..forms.steps import ManualScoreForm
from ..models import Criterion, ManualScore, Result, Review, Scheme, Subject
from ..permissions import check_keeps, check_sees_results, keeps, sees_all, sees_results
from ..queries import results_of
from ..words import grade_rule, plain, points_rule, quantity, unit_words
from .asking import ask, crumbs_of, links_figures, visible_review

GRADE_TONES = {"excellent": "done", "good": "done", "pass": "ok", "fail": "over", "none": "hold"}
SCORING = (ReviewState.OPEN, ReviewState.SCORING)


def _kind(text: str, allowed: tuple[Kind, ...] = tuple(Kind)) -> Kind:
    if text not in allowed:
        raise Http404
    return Kind(text)


@require_safe
def scheme(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """The scheme that counts, or an earlier version with ``?version=``."""
    shown, sort = visible_review(request, pk), _kind(kind)
    versions = list(Scheme.objects.filter(review=shown, kind=sort).select_related("made_by").order_by("-version"))
    wanted = request.GET.get("version", "")
    found = next((one for one in versions if str(one.version) == wanted), versions[0])
    here = reverse("reviews:scheme", args=[shown.pk, sort.value])
    context = {
        "review": shown,
        "kind": sort,
        "scheme": found,
        "lines": [_criterion(one) for one in found.criteria.order_by("position")],
        "rule": grade_rule(found),
        "points_rule": points_rule() if sort in APPRAISED else "",
        "versions": [
            {
                "label": _("第 %(n)d 版") % {"n": one.version},
                "url": f"{here}?version={one.version}",
                "current": one == found,
            }
            for one in versions
        ],
        "crumbs": crumbs_of(shown, (_("%(kind)s评议办法") % {"kind": sort.label}, "")),
        "may_edit": keeps(person(request), shown.district_id) and shown.state == ReviewState.PREPARING,
    }
    return render(request, "reviews/scheme.html", context)


def _criterion(one: Criterion) -> dict[str, Any]:
    indicator = indicators.find(one.code) if one.code else None
    return {
        "name": one.name,
        "meaning": indicator.meaning if indicator else "",
        "how": indicator.name if indicator else _("由人打分"),
        "weight": plain(one.weight),
        "floor": plain(one.floor) if one.code else "0",
        "full": plain(one.full) if one.code else "100",
        "unit": unit_words(indicator),
        "less": bool(indicator and indicator.strength < 0),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def scheme_edit(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    shown, user, sort = visible_review(request, pk), person(request), _kind(kind)
    check_keeps(user, shown, ReviewState.PREPARING)
    form = SchemeForm(data(request), kind=sort, draft=draft_of(shown, sort))
    back = reverse("reviews:scheme", args=[shown.pk, sort.value])
    if form.is_bound and form.is_valid():
        try:
            set_scheme(shown, sort, form.draft(), by=user, version=version(request))
        except (InvalidTransition, NotAllowed):
            raise
        except ActionError as error:
            refuse(form, error)
        else:
            return HttpResponseRedirect(back)
    context = {
        "review": shown, "kind": sort, "form": form, "back": back, "version": shown.version,
        "appraised": sort in APPRAISED,
        "crumbs": crumbs_of(shown, (_("%(kind)s评议办法") % {"kind": sort.label}, back), (_("修改"), "")),
    }  # fmt: skip
    refused = form.is_bound
    response = render(request, "reviews/scheme_edit.html", context, status=422 if refused else 200)
    response.is_refused_form = refused  # type: ignore[attr-defined]
    return response


@require_safe
def appraisal(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """Before the results who is appraised and what is still to be scored; afterwards ranks and grades."""
    shown, user, sort = visible_review(request, pk), person(request), _kind(kind, APPRAISED)
    settled = sees_results(user, shown)
    context: dict[str, Any] = {
        "review": shown,
        "kind": sort,
        "settled": settled,
        "tabs": [
            {
                "label": one.label,
                "url": reverse("reviews:appraisal", args=[shown.pk, one.value]),
                "current": one == sort,
            }
            for one in APPRAISED
        ],
        "crumbs": crumbs_of(shown, (_("评议%(kind)s") % {"kind": sort.label}, "")),
        "rule": grade_rule(scheme_of(shown, sort)) if settled else "",
    }
    if settled:
        context["rows"] = [_result(shown, row) for row in results_of(shown, sort)]
    else:
        context |= _waiting(shown, sort, user)
    return render(request, "reviews/appraisal.html", context)


def _result(review: Review, row: Result) -> dict[str, Any]:
    return {
        "name": row.subject.name,
        "place": row.subject.place,
        "url": reverse("reviews:subject", args=[review.pk, row.subject_id]),
        "rank": row.rank or "—",
        "total": "—" if row.total is None else f"{row.total:.2f}",
        "grade": row.get_grade_display(),
        "tone": GRADE_TONES[row.grade],
    }


def _waiting(review: Review, kind: Kind, user: User) -> dict[str, Any]:
    by_hand = list(scheme_of(review, kind).criteria.filter(code="").order_by("position"))
    may = keeps(user, review.district_id) and review.state in SCORING
    # Scores given by hand are part of the result: nobody else reads them before it is published.
    scores = (
        {
            (row.subject_id, row.criterion_id): row
            for row in ManualScore.objects.filter(subject__review=review, criterion__in=by_hand)
        }
        if sees_all(user, review)
        else {}
    )
    rows = [
        {
            "name": one.name,
            "place": one.place,
            "cells": [
                {
                    "label": criterion.name,
                    "score": plain(given.score) if (given := scores.get((one.pk, criterion.pk))) else "",
                    "url": reverse("reviews:score_subject", args=[review.pk, one.pk, criterion.pk])
                    if may and one.user_id != user.pk
                    else "",
                }
                for criterion in by_hand
            ],
        }
        for one in Subject.objects.filter(review=review, kind=kind).order_by("pk")
    ]
    return {"rows": rows, "by_hand": [one.name for one in by_hand] if sees_all(user, review) else []}


@require_safe
def subject(request: HttpRequest, pk: UUID, subject: int) -> HttpResponse:
    """Value, floor, full, points, weight, product, sum: everything that made the total."""
    shown, user = visible_review(request, pk), person(request)
    check_sees_results(user, shown)
    found = get_object_or_404(
        Result.objects.filter(subject__review=shown, round=shown.round).select_related("subject"), subject=subject
    )
    lines = measuring.lines_of(found.sheet)
    products = [line.product for line in lines if line.product is not None]
    sort = Kind(found.subject.kind)
    same = Result.objects.filter(subject__review=shown, subject__kind=sort, round=shown.round)
    context = {
        "review": shown,
        "subject": found.subject,
        "result": found,
        "tone": GRADE_TONES[found.grade],
        "lines": [_line(line, user) for line in lines],
        "left_out": [line.name for line in lines if line.product is None],
        "sum": plain(sum(products, Fraction(0)), 4) if products else "",
        "total": "—" if found.total is None else f"{found.total:.2f}",
        "points_rule": points_rule(),
        "rule": grade_rule(scheme_of(shown, sort)),
        "ranked": same.exclude(rank=None).count(),
        "tied": same.filter(rank=found.rank).count() if found.rank else 0,
        "crumbs": crumbs_of(
            shown,
            (_("评议%(kind)s") % {"kind": sort.label}, reverse("reviews:appraisal", args=[shown.pk, sort.value])),
            (found.subject.name, ""),
        ),
        "back": reverse("reviews:appraisal", args=[shown.pk, sort.value]),
    }
    return render(request, "reviews/subject.html", context)


def _line(line: measuring.Reckoned, user: User) -> dict[str, Any]:
    indicator = indicators.find(line.code) if line.code else None
    kept = thaw(line.kept, user) if line.kept else None
    opens = links_figures(user)
    figure = kept.figure if kept else None
    return {
        "name": line.name,
        "note": line.note,
        "by": line.by,
        "value": quantity(line.value, indicator),
        "url": kept.url if kept and opens else "",
        "whole_url": kept.whole_url if kept and opens else "",
        "numerator": figure.numerator if figure and indicator and indicator.unit == Unit.RATE else None,
        "denominator": figure.denominator if figure else None,
        "floor": plain(line.floor),
        "full": plain(line.full),
        "points": "—" if line.points is None else plain(line.points, 4),
        "weight": plain(line.weight),
        "scaled": "—" if line.scaled is None else plain(line.scaled, 4),
        "product": "—" if line.product is None else plain(line.product, 4),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def score(request: HttpRequest, pk: UUID, subject: int, criterion: int) -> HttpResponse:
    shown, user = visible_review(request, pk), person(request)
    check_keeps(user, shown, *SCORING)
    about = get_object_or_404(Subject, review=shown, pk=subject)
    one = get_object_or_404(Criterion, scheme=scheme_of(shown, about.kind), pk=criterion, code="")
    known = ManualScore.objects.filter(subject=about, criterion=one).select_related("by").first()
    form = ManualScoreForm(data(request), initial={"score": plain(known.score), "note": known.note} if known else None)
    back = reverse("reviews:appraisal", args=[shown.pk, about.kind])

    def act() -> None:
        score_subject(
            about, one, by=user, score=Decimal(form.cleaned_data["score"]), note=form.cleaned_data["note"],
            version=version(request),
        )  # fmt: skip

    title = _("给%(name)s打分：%(what)s") % {"name": about.name, "what": one.name}
    return ask(
        request, form, act, title=title, crumbs=crumbs_of(shown, (str(Kind(about.kind).label), back), (about.name, "")),
        back=back, said=_("已给%(name)s打分。") % {"name": about.name},
        version=known.version if known else 0, note=_given(known) if known else "",
    )  # fmt: skip


def _given(known: ManualScore) -> str:
    facts = {"who": known.by.name, "score": plain(known.score), "note": known.note}
    return _("现在是%(who)s打的 %(score)s 分：%(note)s") % facts
