"""Writing, handing in and reading a submission."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionops.casework.attachments import BadFile, attachments_of
from unionops.casework.permissions import refusal
from unionops.casework.views.steps import arrived
from unionops.joining import listed
from unionops.org.enums import CASE_ROLES
from unionops.org.errors import ActionError
from unionops.org.models import Event, Organisation, User
from unionops.org.views.answers import data, done, person, version

from ..actions.reviews import scheme_of
from ..actions.submissions import (
    STEPS,
    SubmissionDraft,
    add_picture,
    begin_submission,
    edit_submission,
    remove_picture,
)
from ..arithmetic import trimmed_mean
from ..enums import TRIM_FROM, Award, Kind, ReviewState, SubmissionState
from ..forms.steps import SUBMISSION_FORMS, SubmissionForm
from ..models import Review, Submission, SubmissionResult
from ..permissions import (
    check_edits,
    check_may_submit_to,
    check_submission,
    keeps,
    sees_results,
    submission_choices,
)
from ..queries import assignments_of
from ..timeline import entries
from ..words import grade_rule, plain
from .asking import ask, crumbs_of, visible_review
from .reviews import room_tabs

STATE_TONES = {"draft": "hold", "submitted": "done", "returned": "over", "withdrawn": "hold"}
MOST = 200


def visible_submission(request: HttpRequest, pk: UUID) -> Submission:
    rows = Submission.objects.visible_to(person(request)).select_related("review__deadline", "organisation")
    return get_object_or_404(rows, pk=pk)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rows = (
        Submission.objects.filter(authors__user=user, district__in=user.scope.member_of)
        .select_related("review", "organisation")
        .order_by("-review__year", "-pk")[:MOST]
    )
    open_now = Review.objects.visible_to(user).filter(state=ReviewState.OPEN)
    to_score = assignments_of(user).filter(submission__review__state=ReviewState.SCORING, scored_at=None).count()
    context = {
        "rows": [
            {
                "title": row.title,
                "url": reverse("reviews:submission", args=[row.pk]),
                "number": row.number,
                "kind": Kind(row.kind).label,
                "year": row.review.title,
                "state": row.get_state_display(),
                "tone": STATE_TONES[row.state],
            }
            for row in rows
        ],
        "tabs": room_tabs("mine", user=user, to_score=to_score),
        "open": [
            {"title": row.title, "url": reverse("reviews:submission_new", args=[row.pk]), "closes_on": row.closes_on}
            for row in open_now
            if not refusal(check_may_submit_to, user, row)
        ],
        "may_submit": user.scope.has(*CASE_ROLES),
    }
    return render(request, "reviews/mine.html", context)


def _draft(form: SubmissionForm) -> SubmissionDraft:
    found = form.cleaned_data
    return SubmissionDraft(
        kind=found["kind"], title=found["title"], text=found["text"], effect=found["effect"],
        organisation=Organisation.objects.get(pk=found["organisation"]), other_authors=found["other_authors"],
        authors=list(User.objects.filter(pk__in=found["people"])),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible_review(request, pk), person(request)
    check_may_submit_to(user, shown)
    form = SubmissionForm(data(request), review=shown, author=user)
    made: list[Submission] = []

    def act() -> None:
        made.append(begin_submission(shown, _draft(form), by=user))

    response = ask(
        request, form, act, title=_("申报材料"), crumbs=crumbs_of(shown, (_("申报材料"), "")),
        back=reverse("reviews:mine"), template="reviews/submission_edit.html", review=shown,
        submit=_("存为草稿"), note=_("先存草稿，看过一遍再提交。"),
    )  # fmt: skip
    if made:
        # The message of `ask` stands already; the address is that of what was made.
        response["Location"] = reverse("reviews:submission", args=[made[0].pk])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible_submission(request, pk), person(request)
    check_edits(user, shown)
    first = shown.authors.select_related("user").order_by("position", "pk").first()
    form = SubmissionForm(data(request), review=shown.review, author=first.user if first else user, submission=shown)
    back = reverse("reviews:submission", args=[shown.pk])

    def act() -> None:
        edit_submission(shown, _draft(form), by=user, version=version(request))

    return ask(
        request, form, act, title=_("修改材料"), crumbs=crumbs_of(shown.review, (shown.number, back), (_("修改"), "")),
        back=back, said=_("已保存。"), version=shown.version,
        template="reviews/submission_edit.html", review=shown.review, submit=_("保存"), note="",
    )  # fmt: skip


@require_safe
def submission(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible_submission(request, pk), person(request)
    author = shown.authors.filter(user=user).exists()
    keeper = keeps(user, shown.district_id)
    choices = submission_choices(user, shown) if author or keeper else []
    events = Event.objects.about("submission", shown.pk).select_related("by").order_by("-at", "-pk")[:60]
    settled = sees_results(user, shown.review)
    result = SubmissionResult.objects.filter(submission=shown, round=shown.review.round).first() if settled else None
    may_edit = not refusal(check_edits, user, shown)
    context = {
        "submission": shown,
        "review": shown.review,
        "crumbs": crumbs_of(shown.review, (shown.number, "")),
        "back": reverse("reviews:mine") if author else reverse("reviews:review", args=[shown.review_id]),
        "kind": Kind(shown.kind).label,
        "tone": STATE_TONES[shown.state],
        "authors": authors_of(shown),
        "pictures": pictures_of(shown, may_edit=may_edit),
        "may_edit": may_edit,
        "may_assign": keeper and not author and shown.review.state == ReviewState.SCORING and shown.state == SubmissionState.SUBMITTED,
        "verbs": [
            {
                "verb": choice.transition.verb, "label": choice.transition.label, "glyph": choice.transition.icon,
                "usual": choice.transition.usual,
                "url": reverse("reviews:submission_step", args=[shown.pk, choice.transition.verb]),
            }
            for choice in choices
            if choice.is_allowed
        ],
        "result": result,
        "award": Award(result.award).label if result else "",
        "scores": _scores(result) if result else None,
        "rule": grade_rule(scheme_of(shown.review, shown.kind)) if result else "",
        "lines": entries(events) if author or keeper else [],
        "takes_part": author or keeper,
    }  # fmt: skip
    return render(request, "reviews/submission.html", context)


def authors_of(shown: Submission) -> str:
    return listed([*(one.user.name for one in shown.authors.all()), shown.other_authors])


def pictures_of(shown: Submission, *, may_edit: bool) -> list[dict[str, Any]]:
    return [
        {
            "url": reverse("casework:file", args=[one.pk]),
            "thumbnail": reverse("casework:thumbnail", args=[one.pk]),
            "caption": _("图 %(n)d") % {"n": number},
            "remove_url": reverse("reviews:picture_remove", args=[shown.pk, one.pk]) if may_edit else "",
        }
        for number, one in enumerate(attachments_of(shown), 1)
    ]


def _scores(result: SubmissionResult) -> dict[str, Any]:
    """The arithmetic of a mean: every score without its name, which were left out, and the sum."""
    exact = [Fraction(one["score"]) for one in result.sheet["scores"]]
    mean = trimmed_mean(exact, TRIM_FROM)
    last = len(exact) - 1
    return {
        "criteria": [(name, plain(Fraction(weight))) for name, weight in result.sheet["criteria"]],
        "rows": [
            {
                "marks": [plain(Fraction(mark)) for mark in one["marks"]],
                "score": plain(score, 4),
                "dropped": bool(mean.dropped) and at in (0, last),
            }
            for at, (one, score) in enumerate(zip(result.sheet["scores"], exact, strict=True))
        ],
        "sum": plain(sum(mean.kept, Fraction(0)), 4),
        "count": len(mean.kept),
        "mean": f"{result.mean:.2f}",
        "comments": result.sheet["comments"],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    if verb not in SUBMISSION_FORMS:
        raise Http404
    shown, user = visible_submission(request, pk), person(request)
    if request.method != "POST":
        check_submission(user, shown, verb)
    form = SUBMISSION_FORMS[verb](data(request))
    label = str(shown.TRANSITIONS[verb].label)
    back = reverse("reviews:submission", args=[shown.pk])

    def act() -> None:
        STEPS[verb](shown, by=user, version=version(request), **form.arguments())

    return ask(
        request, form, act, title=label, crumbs=crumbs_of(shown.review, (shown.number, back), (label, "")), back=back,
        version=shown.version,
    )  # fmt: skip


@require_POST
def add_pictures(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible_submission(request, pk), person(request)
    check_edits(user, shown)
    refused = []
    for file in request.FILES.getlist("files")[:12]:
        try:
            add_picture(shown, file, by=user)
        except BadFile as error:
            refused.append(str(error))
    if request.htmx:  # type: ignore[attr-defined]
        context = {"pictures": pictures_of(shown, may_edit=True), "not_kept": refused}
        return render(request, "reviews/_pictures.html", context, status=422 if refused else 200)
    if refused:
        raise ActionError(" ".join(refused), field="files")
    return done(request, _("已上传。"), reverse("reviews:submission", args=[shown.pk]))


@require_POST
def remove_one(request: HttpRequest, pk: UUID, file: UUID) -> HttpResponse:
    shown, user = visible_submission(request, pk), person(request)
    check_edits(user, shown)
    remove_picture(shown, get_object_or_404(attachments_of(shown), pk=file), by=user)
    return arrived(request, _("已移除。"), reverse("reviews:submission", args=[shown.pk]))
