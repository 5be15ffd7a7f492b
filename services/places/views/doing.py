"""What is done with a place beside its steps: its data, store, services, visitors, stars, inspections and repairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from unionops.casework.attachments import PICTURES, BadFile, Prepared, attachments_of, check_file, keep, let_go, prepare
from unionops.casework.transitions import Text
from unionops.casework.views.steps import Asked, take
from unionops.org.errors import ActionError
from unionops.org.models import User
from unionops.org.views.answers import data, person, version

from ...queries import page_of
from ..actions import profile, running, upkeep
from ..enums import REPAIR_TRANSITIONS, Result
from ..forms.profile import ProfileForm
from ..forms.steps import (
    REPAIR_FORMS,
    HonourForm,
    InspectionForm,
    ReportForm,
    ServiceForm,
    StarsForm,
    SupplyForm,
    TallyForm,
)
from ..models import Inspection, Place, Repair
from ..permissions import check_judges, check_keeps, check_repair, repair_choices
from ..queries import checklist_of
from .finding import visible_place, visible_repair


@dataclass(frozen=True)
class Doing:
    title: Text
    form: type[Any]
    check: Callable[[User, Place], None]
    act: Callable[..., Any]
    has_version: bool = False


DOINGS: dict[str, Doing] = {
    "profile": Doing(gettext_lazy("完善资料"), ProfileForm, check_keeps, profile.change_profile, has_version=True),
    "report": Doing(gettext_lazy("报修"), ReportForm, check_keeps, upkeep.report),
    "supply": Doing(gettext_lazy("物资收发"), SupplyForm, check_keeps, running.move_supply),
    "service": Doing(gettext_lazy("登记服务"), ServiceForm, check_keeps, running.give_service),
    "tally": Doing(gettext_lazy("登记到访"), TallyForm, check_keeps, running.count_visits),
    "honour": Doing(gettext_lazy("登记荣誉"), HonourForm, check_judges, profile.honour),
    "stars": Doing(gettext_lazy("评定星级"), StarsForm, check_judges, running.give_stars),
}


@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    doing = DOINGS.get(what)
    if doing is None:
        raise Http404
    place, user = visible_place(request, pk), person(request)
    if request.method != "POST":
        doing.check(user, place)
    form = doing.form(data(request), request.FILES or None, place=place)
    asked = Asked(
        title=doing.title, name=what, back=page_of(place), version=place.version if doing.has_version else None,
    )  # fmt: skip

    def act() -> None:
        fields = form.arguments()
        if doing.has_version:
            fields["version"] = version(request)
        doing.act(place, by=user, **fields)

    return take(request, form, asked, act, drawing(request, place))


def drawing(request: HttpRequest, place: Place) -> Any:
    def draw(opened: dict[str, Any], status: int) -> HttpResponse:
        part = bool(request.htmx)  # type: ignore[attr-defined]
        context = {**opened, "case": place, "state": place.state_words, "place": place}
        if opened["name"] == "stars":
            context["sum"] = running.reckon(place, timezone.localdate())
        return render(request, "casework/_inform.html" if part else "services/step.html", context, status=status)

    return draw


# --- inspections


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The list of the programme on a phone, one thumb for each answer."""
    place, user = visible_place(request, pk), person(request)
    check_keeps(user, place)
    items = checklist_of(place.programme)
    form = InspectionForm(data(request), request.FILES or None, items=items)
    asked = Asked(
        title=_("巡查"),
        name="inspect",
        back=page_of(place),
        said=_("巡查已记下，不合格的已转报修。"),
    )

    def act() -> None:
        with photos_kept(form.photos(), place, user):
            upkeep.inspect(
                place, by=user, items=form.checked(), on=form.cleaned_data["on"], note=form.cleaned_data["note"]
            )

    def draw(opened: dict[str, Any], status: int) -> HttpResponse:
        context = {**opened, "place": place, "tones": {Result.PASS: "good", Result.FAIL: "bad"}}
        return render(request, "places/inspect.html", context, status=status)

    return take(request, form, asked, act, draw)


@contextmanager
def photos_kept(photos: list[tuple[str, Any]], place: Place, user: User) -> Iterator[None]:
    """Photos, each with its caption, become files of the place with what they belong to, or not at all."""
    prepared: list[tuple[str, Prepared]] = []
    try:
        for caption, upload in photos:
            try:
                check_file(upload, PICTURES)
                prepared.append((caption, prepare(upload)))
            except BadFile as error:
                raise ActionError(error.reason) from error
        with transaction.atomic():
            yield
            for caption, file in prepared:
                keep(place, file, by=user, caption=caption)
    finally:
        let_go([file for _caption, file in prepared])


@require_safe
def inspection(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    shown = get_object_or_404(
        Inspection.objects.visible_to(user).select_related("place__programme", "place__town", "by"), pk=pk
    )
    words = {str(one.value): one.label for one in Result}
    context = {
        "inspection": shown, "place": shown.place, "back": page_of(shown.place),
        "items": [{**item, "words": words[item["result"]]} for item in shown.items],
        "repairs": [
            {"repair": one, "url": reverse("places:repair", args=[one.pk])} for one in shown.repairs.order_by("due_on", "pk")
        ],
    }  # fmt: skip
    return render(request, "places/inspection.html", context)


# --- repairs


@require_safe
def repair(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible_repair(request, pk), person(request)
    found = repair_choices(user, shown)
    context = {
        "repair": shown, "place": shown.place, "back": page_of(shown.place),
        "stepper": _steps(shown),
        "verbs": [
            {
                "verb": one.transition.verb, "label": one.transition.label, "glyph": one.transition.icon,
                "usual": one.transition.usual, "url": reverse("places:repair_step", args=[shown.pk, one.transition.verb]),
            }
            for one in found
            if one.is_allowed
        ],
        "refused": [
            {"label": one.transition.label, "reason": one.reason}
            for one in found
            if not one.is_allowed and shown.state in one.transition.sources
        ],
        "pictures": _pictures(shown),
    }  # fmt: skip
    return render(request, "places/repair.html", context)


def _pictures(shown: Repair) -> list[dict[str, str]]:
    """What was photographed of it: when it was found, and when it was mended."""
    files = (
        attachments_of(shown.place)
        .filter(caption__in=[shown.what[:60], _photo_caption(shown)])
        .exclude(thumbnail_as="")
    )
    return [
        {
            "thumbnail": reverse("casework:thumbnail", args=[file.pk]), "url": reverse("casework:file", args=[file.pk]),
            "caption": file.caption,
        }
        for file in files
    ]  # fmt: skip


def _photo_caption(shown: Repair) -> str:
    return (_("修好：%(what)s") % {"what": shown.what})[:60]


def _steps(shown: Repair) -> list[dict[str, Any]]:
    order = ["open", "working", "repaired", "checked"]
    if shown.state == "dismissed":
        return [
            {"label": _("待处理"), "note": "", "state": "done"}, {"label": shown.get_state_display(), "note": "", "state": "done"},
        ]  # fmt: skip
    here = order.index(shown.state)
    labels = [_("待处理"), _("处理中"), _("已修复"), _("已复查")]
    ended = shown.closed_on is not None
    return [
        {"label": label, "note": "", "state": "done" if at < here or ended else "here" if at == here else ""}
        for at, label in enumerate(labels)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def repair_step(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    if verb not in REPAIR_FORMS:
        raise Http404
    shown, user = visible_repair(request, pk), person(request)
    if request.method != "POST":
        check_repair(user, shown, verb)
    form = REPAIR_FORMS[verb](data(request), request.FILES or None, place=shown.place)
    asked = Asked(
        title=REPAIR_TRANSITIONS[verb].label, name=verb, back=reverse("places:repair", args=[shown.pk]),
    )  # fmt: skip

    def act() -> None:
        fields = form.arguments()
        photo = fields.pop("photo", None)
        with photos_kept([(_photo_caption(shown), photo)] if photo else [], shown.place, user):
            upkeep.move_repair(shown, verb, by=user, **fields)

    return take(request, form, asked, act, drawing(request, shown.place))
