"""One decision: what was decided, who sees to it, how it stands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from unionops.casework.deadlines import lamp_of
from unionops.jinja import day
from unionops.org.models import Event
from unionops.org.views.answers import person
from visits.models import Issue

from ..enums import DecisionState
from ..models import Decision
from ..permissions import decision_choices
from ..timeline import entries


def page_of(decision: Decision) -> str:
    return reverse("exchanges:decision", args=[decision.pk])


def visible_decision(request: HttpRequest, pk: UUID) -> Decision:
    rows = Decision.objects.visible_to(person(request)).select_related(
        "exchange__group", "exchange__chair", "owner", "deadline", "issue", "made_by", "reported_by", "confirmed_by"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
def decision(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "exchanges/decision.html", decision_context(request, visible_decision(request, pk)))


def decision_context(request: HttpRequest, shown: Decision, **extra: Any) -> dict[str, Any]:
    user = person(request)
    found = decision_choices(user, shown)
    light = lamp_of(shown.deadline)
    due = None
    if shown.state == DecisionState.OPEN and light.words:
        due = {
            "state": light.light,
            "words": _("%(left)s，%(day)s到期") % {"left": light.words, "day": day(shown.due_on)},
        }
    elif shown.deadline is not None and shown.state != DecisionState.OPEN and light.words:
        due = {"state": light.light, "words": light.words}
    events = Event.objects.about("decision", shown.pk).select_related("by").order_by("-at", "-pk")[:60]
    return {
        "decision": shown,
        "tone": {DecisionState.DONE: "done", DecisionState.WITHDRAWN: "off"}.get(DecisionState(shown.state), ""),
        "deadline": due,
        "verbs": [
            {
                "verb": choice.transition.verb, "label": choice.transition.label, "glyph": choice.transition.icon,
                "url": reverse("exchanges:decision_step", args=[shown.pk, choice.transition.verb]), "usual": choice.transition.usual,
            }
            for choice in found
            if choice.is_allowed
        ],
        "refused": [
            {"label": choice.transition.label, "reason": choice.reason}
            for choice in found
            if not choice.is_allowed and shown.state in choice.transition.sources
        ],
        "waiting": _("已经了结，没有下一步。") if not shown.is_open else _("现在由%(who)s落实。") % {"who": shown.owner.name},
        "sees_issue": bool(shown.issue_id and Issue.objects.visible_to(user).filter(pk=shown.issue_id).exists()),
        "lines": entries(events),
        "active": "",
        "form": None,
        **extra,
    }  # fmt: skip
