"""One case of a programme: whom it serves, how far it is, what comes next, what happened."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from unionops.casework import deadlines
from unionops.casework.attachments import attachments_of
from unionops.casework.models import CaseLink, Watch
from unionops.casework.permissions import refusal
from unionops.casework.subjects import subject
from unionops.jinja import day, short_day
from unionops.org.enums import Role
from unionops.org.events import kind_of
from unionops.org.models import Event, User
from unionops.org.views.answers import person
from visits.explaining import explanation

from ..extra import pairs
from ..permissions import check_may_reveal, check_records, choices, unmet
from ..queries import earlier_cases, page_of
from ..shapes import ShapeKind, kind_for, panels_of, specialties_of
from ..timeline import FILES, MOVES, READS, entries
from .finding import visible_case

MOST_EVENTS = 150
FILE_GLYPHS = {
    "image": "file-earmark-image", "pdf": "file-earmark-pdf", "word": "file-earmark-word", "sheet": "file-earmark-excel",
}  # fmt: skip


@require_safe
def case(request: HttpRequest, pk: UUID, shape: str) -> HttpResponse:
    return render(
        request, "services/case.html", case_context(request, visible_case(request, shape, pk), kind_for(shape))
    )


def case_context(request: HttpRequest, shown: Any, kind: ShapeKind) -> dict[str, Any]:
    """All that the page shows."""
    user, name = person(request), kind_of(shown)
    found = choices(user, shown)
    lacking = unmet(user, shown, found)
    show = request.GET.get("show", "")
    events = Event.objects.about(name, shown.pk).select_related("by").order_by("-at", "-pk")[:MOST_EVENTS]
    lines = entries(shown, events)
    may_keep = not refusal(check_records, user, shown)
    return {
        "case": shown,
        "programme": shown.programme,
        "shape": kind.shape,
        "pen": _pen(shown),
        "tags": _tags(shown),
        "deadline": _deadline(shown),
        "explanation": explanation(shown.deadline) if shown.is_open and shown.deadline else None,
        "stepper": _steps(shown, kind),
        "verbs": [
            {
                "verb": choice.transition.verb, "glyph": choice.transition.icon, "usual": choice.transition.usual,
                "label": shown.programme.word("verb", choice.transition.verb, choice.transition.label),
                "url": reverse("services:step", args=[kind.shape, shown.pk, choice.transition.verb]),
            }
            for choice in found
            if choice.is_allowed
        ],
        "refused": [
            {"label": shown.programme.word("verb", choice.transition.verb, choice.transition.label), "reason": choice.reason}
            for choice in found
            if not choice.is_allowed and shown.state in choice.transition.sources and choice not in lacking
        ],
        "lacking": [
            {"label": shown.programme.word("verb", choice.transition.verb, choice.transition.label), "reason": choice.reason}
            for choice in lacking
        ],
        "waiting": _waiting(shown),
        "facts": [*kind.facts(shown), *pairs(shown.programme.extras, shown.details)],
        "sealed": sealed_rows(shown),
        "may_reveal": not refusal(check_may_reveal, user, shown),
        "may_upload": may_keep,
        "is_watched": Watch.objects.filter(user=user, kind=name, case_id=shown.pk).exists(),
        "panels": panels_of(shown, user),
        "related": related(user, shown),
        "documents": shown.programme.documents,
        "files": files_of(shown, user, may_remove=may_keep),
        "specialties": specialties_of(shown.programme),
        "lines": [line for line in lines if not show or line.group == show],
        "line_count": len(lines),
        "line_tabs": [
            {"label": label, "url": f"{page_of(shown)}?show={key}#events" if key else page_of(shown), "current": key == show}
            for key, label in (("", _("全部")), (MOVES, _("动作")), (FILES, _("材料")), (READS, _("查看记录")))
        ],
    }  # fmt: skip


def _pen(shown: Any) -> dict[str, str]:
    if not shown.is_open:
        return {"words": shown.state_words, "tone": "done"}
    where = holder_of(shown)
    return {"words": f"{where} {shown.state_words}".strip(), "tone": ""}


def holder_of(shown: Any) -> str:
    """Who holds the pen, in words: a person, an organisation, or a post of the district."""
    if shown.holder_user:
        return str(shown.holder_user.name)
    return short(shown.holder_organisation) or (str(Role(shown.holder_role).label) if shown.holder_role else "")


def short(organisation: Any) -> str:
    return (organisation.short_name or organisation.name) if organisation else ""


def _tags(shown: Any) -> list[dict[str, Any]]:
    tags: list[dict[str, Any]] = [{"words": shown.programme.name}]
    if shown.programme.is_confidential:
        tags.append({"words": _("保密"), "glyph": "lock-fill", "lock": True})
    return tags


def _deadline(shown: Any) -> dict[str, str] | None:
    if shown.deadline is None or not shown.is_open:
        return None
    lamp = deadlines.lamp_of(shown.deadline)
    return {
        "state": lamp.light,
        "words": _("%(what)s %(left)s，%(day)s到期")
        % {"what": shown.deadline.rule_name, "left": lamp.words, "day": day(shown.deadline.due_on)},
    }


def _steps(shown: Any, kind: ShapeKind) -> list[dict[str, Any]]:
    """The stages that this programme has, with where the case stands."""
    # An end beside the line (refused, withdrawn) makes no stage of its own.
    aside = kind.model.END_STATES - kind.line_states
    used = (kind.stands(shown.programme) - aside) | {shown.state}
    stages = [stage for stage in kind.stages if stage.states & used]
    here = next((at for at, stage in enumerate(stages) if shown.state in stage.states), 0)
    found = []
    for at, stage in enumerate(stages):
        ended = at == here and not shown.is_open
        state = "done" if at < here or ended else "here" if at == here else ""
        note = ""
        if at == 0:
            note = short_day(shown.registered_at)
        elif ended:
            note = short_day(shown.closed_at)
        elif state == "here":
            days = (timezone.localdate() - timezone.localtime(shown.state_since).date()).days
            note = _("第 %(n)d 天") % {"n": days + 1}
        found.append({"label": str(stage.label), "note": note, "state": state})
    return found


def _waiting(shown: Any) -> str:
    if not shown.is_open:
        return _("已经办结，没有下一步。")
    if shown.state in kind_for(shown.programme.shape).resting:
        return _("现在没有要办的事。")
    who = holder_of(shown)
    return _("现在由%(who)s办理，没有要您做的动作。") % {"who": who}


def sealed_rows(shown: Any) -> list[dict[str, str]]:
    """What is kept sealed and may be looked at for a reason: name, label, the masked words."""
    rows = [
        {"name": name, "label": str(shown._meta.get_field(f"{name}_masked").verbose_name), "masked": masked}
        for name in shown.SEALED
        if (masked := getattr(shown, f"{name}_masked"))
    ]
    if shown.details_sealed:
        rows += [
            {"name": extra.key, "label": extra.label, "masked": "••••"}
            for extra in shown.programme.extras
            if extra.sealed
        ]
    return rows


def related(user: User, shown: Any) -> list[dict[str, str]]:
    """What it came from, what came of it, and earlier cases of the same person."""
    name = kind_of(shown)
    rows = []
    for link in CaseLink.objects.filter(Q(from_kind=name, from_id=shown.pk) | Q(to_kind=name, to_id=shown.pk)):
        kind, key = (link.to_kind, link.to_id) if link.from_id == shown.pk else (link.from_kind, link.from_id)
        known = subject(kind)
        other: Any = known.get_for(user, key) if known else None
        if known and other is not None:
            url = reverse(known.url_name, args=[key])
            rows.append(
                {"glyph": "link-45deg", "label": str(other)[:40], "url": url, "note": str(link.get_sort_display())}
            )
    return [*rows, *earlier_cases(user, shown)]


def files_of(shown: Any, user: User, *, may_remove: bool) -> list[dict[str, Any]]:
    shape = shown.programme.shape
    return [
        {
            "name": file.caption or file.name,
            "url": reverse("casework:file", args=[file.pk]),
            "glyph": next(
                (glyph for word, glyph in FILE_GLYPHS.items() if word in file.content_type), "file-earmark-text"
            ),
            "note": short_day(file.uploaded_at),
            "remove_url": reverse("services:remove_file", args=[shape, shown.pk, file.pk])
            if may_remove and file.uploaded_by_id == user.pk
            else "",
        }
        for file in attachments_of(shown)
    ]
