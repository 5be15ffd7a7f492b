"""Reviewers: what the office does with them, and what they themselves see — nothing that leads to an author."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unionops.casework.attachments import attachments_of, store_path
from unionops.casework.permissions import refusal
from unionops.joining import listed
from unionops.org.models import User
from unionops.org.views.answers import data, person, version

from ..actions.scoring import Drawn, assign, criteria_of, decline, draw, give_scores, set_panel
from ..conflicts import reasons_against
from ..enums import LEAST_REVIEWERS, Kind, ReviewState, SubmissionState
from ..forms.steps import AssignForm, NothingForm, PanelForm, ReasonForm, ScoreForm
from ..models import Assignment, Submission
from ..permissions import check_assigns, check_keeps, check_scores
from ..queries import assignments_of, papers_of
from ..words import plain
from .asking import ask, crumbs_of, visible_review
from .reviews import room_tabs
from .submissions import STATE_TONES, visible_submission

WORKING = (ReviewState.PREPARING, ReviewState.OPEN, ReviewState.SCORING)


# The office


@require_safe
def papers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every submission with its state and how far its reviewers are."""
    shown, user = visible_review(request, pk), person(request)
    check_keeps(user, shown)
    context = {
        "review": shown,
        "rows": [
            {
                "number": row.number,
                "title": row.title,
                "url": reverse("reviews:submission", args=[row.pk]),
                "kind": Kind(row.kind).label,
                "authors": listed(one.user.name for one in row.authors.all()),
                "place": row.organisation.short_name or row.organisation.name,
                "state": row.get_state_display(),
                "tone": STATE_TONES[row.state],
                "judges": row.judges,  # type: ignore[attr-defined]
                "scored": row.scored,  # type: ignore[attr-defined]
                "few": row.judges < LEAST_REVIEWERS,  # type: ignore[attr-defined]
                "reviewers": reverse("reviews:reviewers", args=[row.pk])
                if shown.state == ReviewState.SCORING and row.state == SubmissionState.SUBMITTED
                else "",
            }
            for row in papers_of(shown)
        ],
        "scoring": shown.state == ReviewState.SCORING,
        "panel": list(shown.panel.select_related("user").order_by("user__pinyin", "user_id")),
        "may_panel": shown.state in WORKING,
        "crumbs": crumbs_of(shown, (_("申报材料和评委"), "")),
    }
    return render(request, "reviews/papers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def panel(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible_review(request, pk), person(request)
    check_keeps(user, shown, *WORKING)
    form = PanelForm(data(request), review=shown)
    back = reverse("reviews:papers", args=[shown.pk])
    return ask(
        request, form, lambda: set_panel(shown, form.users(), by=user, version=version(request)), title=_("评委库"),
        crumbs=crumbs_of(shown, (_("申报材料和评委"), back), (_("评委库"), "")), back=back,
        version=shown.version,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def draw_all(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible_review(request, pk), person(request)
    check_keeps(user, shown, ReviewState.SCORING)
    form = NothingForm(data(request))
    drawn: list[Drawn] = []
    back = reverse("reviews:papers", args=[shown.pk])

    def act() -> None:
        drawn.append(draw(shown, by=user))

    note = _("给评委不足 %(n)d 人的材料补抽，先抽能评的人最少的，再抽任务最少的人；和作者同一单位的不抽。") % {
        "n": LEAST_REVIEWERS
    }
    response = ask(
        request, form, act, title=_("抽取评委"),
        crumbs=crumbs_of(shown, (_("申报材料和评委"), back), (_("抽取评委"), "")), back=back, note=note,
    )  # fmt: skip
    if drawn:
        _tell(request, drawn[0])
    return response


def _tell(request: HttpRequest, drawn: Drawn) -> None:
    if drawn.short:
        messages.warning(
            request, _("这些材料能评的人不够，请往评委库加人：%(numbers)s") % {"numbers": listed(drawn.short)}
        )


@require_http_methods(["GET", "HEAD", "POST"])
def reviewers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who judges one submission, whom one may still choose, and whom not with the reason."""
    shown, user = visible_submission(request, pk), person(request)
    check_assigns(user, shown)
    members = [one.user for one in shown.review.panel.select_related("user").order_by("user__pinyin", "user_id")]
    rows = list(shown.assignments.select_related("reviewer").order_by("pk"))
    active = {row.reviewer_id for row in rows if row.ended_at is None}
    against = reasons_against(shown.review, [shown], members)
    fit = [(one.pk, one.name) for one in members if (shown.pk, one.pk) not in against and one.pk not in active]
    form = AssignForm(data(request), people=fit)
    here = reverse("reviews:reviewers", args=[shown.pk])

    def act() -> None:
        assign(shown, User.objects.get(pk=form.cleaned_data["reviewer"]), by=user)

    back = reverse("reviews:papers", args=[shown.review_id])
    return ask(
        request, form, act, title=_("评委"), crumbs=crumbs_of(shown.review, (_("申报材料和评委"), back), (shown.number, "")),
        back=here, said=_("已指定评委。"), template="reviews/reviewers.html", submission=shown, papers=back,
        rows=[_judge(row) for row in rows], fit=fit,
        excluded=[(one.name, against[shown.pk, one.pk]) for one in members if (shown.pk, one.pk) in against],
    )  # fmt: skip


def _judge(row: Assignment) -> dict[str, Any]:
    return {
        "name": row.reviewer.name,
        "drawn": row.is_drawn,
        "ended": row.end_reason,
        "scored_at": row.scored_at,
        "replace": "" if row.ended_at or row.scored_at else reverse("reviews:replace", args=[row.pk]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    rows = Assignment.objects.active().filter(submission__in=Submission.objects.visible_to(user))
    row = get_object_or_404(rows.select_related("submission__review", "reviewer"), pk=pk)
    paper = row.submission
    check_assigns(user, paper)
    form = ReasonForm(data(request))
    back = reverse("reviews:reviewers", args=[paper.pk])
    return ask(
        request, form, lambda: decline(row, by=user, reason=form.cleaned_data["reason"]),
        title=_("更换评委%(name)s") % {"name": row.reviewer.name}, crumbs=crumbs_of(paper.review, (paper.number, back), (_("更换"), "")),
        back=back, note=_("换下以后，从评委库里另抽一位。"),
    )  # fmt: skip


# The reviewer: from here on no author, no organisation, no other score


def own_assignment(request: HttpRequest, pk: UUID) -> Assignment:
    return get_object_or_404(assignments_of(person(request)), pk=pk)


@require_safe
def scoring(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rows = list(assignments_of(user)[:200])
    waiting = [row for row in rows if row.scored_at is None and row.submission.review.state == ReviewState.SCORING]
    context = {
        "rows": [
            {
                "title": row.submission.title,
                "url": reverse("reviews:score", args=[row.pk]),
                "number": row.submission.number,
                "kind": Kind(row.submission.kind).label,
                "year": row.submission.review.title,
                "scored": row.scored_at is not None,
            }
            for row in rows
        ],
        "waiting": len(waiting),
        "tabs": room_tabs("scoring", user=user, to_score=len(waiting)),
    }
    return render(request, "reviews/scoring.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def score(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The text, the pictures and the fields of the scores: with one thumb on a phone."""
    row, user = own_assignment(request, pk), person(request)
    paper = row.submission
    criteria = criteria_of(paper)
    given = {mark.criterion_id: mark.score for mark in row.marks.all()}
    initial = {f"c{pk}": plain(value) for pk, value in given.items()} | {"comment": row.comment}
    form = ScoreForm(data(request), criteria=criteria, initial=initial)
    back = reverse("reviews:scoring")

    def act() -> None:
        give_scores(row, form.scores(), by=user, comment=form.cleaned_data["comment"])

    return ask(
        request, form, act, title=_("评分"), crumbs=[(_("年评议"), reverse("reviews:reviews")), (_("我的评审"), back), (paper.number, "")],
        back=back, said=_("已给 %(number)s 评分。") % {"number": paper.number},
        template="reviews/score.html", assignment=row, paper=_blind(paper), closed=refusal(check_scores, user, row),
        pictures=[
            {"url": reverse("reviews:blind_picture", args=[row.pk, number]), "caption": _("图 %(n)d") % {"n": number}}
            for number, _one in enumerate(attachments_of(paper), 1)
        ],
    )  # fmt: skip


def _blind(paper: Submission) -> dict[str, Any]:
    """All that a reviewer is told of a submission."""
    return {
        "number": paper.number, "title": paper.title, "kind": Kind(paper.kind).label, "text": paper.text,
        "effect": paper.effect, "year": paper.review.title,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def decline_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    row, user = own_assignment(request, pk), person(request)
    if request.method != "POST":
        check_scores(user, row)
    form = ReasonForm(data(request))
    back = reverse("reviews:scoring")
    return ask(
        request, form, lambda: decline(row, by=user, reason=form.cleaned_data["reason"]), title=_("申请回避"),
        crumbs=[(_("我的评审"), back), (row.submission.number, reverse("reviews:score", args=[row.pk])), (_("申请回避"), "")],
        back=back, said=_("已回避，材料另抽评委。"), note=_("猜到作者是谁、和作者有关系的，请写明理由回避，系统另抽一位评委。"),
    )  # fmt: skip


@require_safe
def picture(request: HttpRequest, pk: UUID, number: int) -> HttpResponseBase:
    """A picture by its place in the submission: neither its address nor its name is that of its maker."""
    row = own_assignment(request, pk)
    files = list(attachments_of(row.submission))
    if not 1 <= number <= len(files):
        raise Http404
    found = files[number - 1]
    suffix = found.stored_as.rpartition(".")[2]
    try:
        stream = store_path(found.stored_as).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        stream, content_type=found.content_type, filename=f"{row.submission.number}-{number}.{suffix}"
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
