"""The list of exchanges, one exchange as a case page, its paper, and calling one by hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unionops.casework.permissions import refusal
from unionops.jinja import day, moment, short_day
from unionops.joining import listed
from unionops.org.enums import Role
from unionops.org.models import Event, Organisation, User
from unionops.org.views.answers import again, data, done, person, tried

from .. import permissions
from ..actions import exchanges as actions
from ..enums import ExchangeState
from ..forms.meetings import CallForm
from ..models import Exchange, ExchangeGroup
from ..models.exchanges import CHAIRING_ROLES
from ..permissions import choices
from ..presenting import decision_rows, parts, told_parts
from ..queries import exchange_list
from ..timeline import entries

PAGE_ROWS = 24


def calls_in(user: User) -> int | None:
    """The district in which this person may call an exchange."""
    posts = sorted(place for role, place in user.scope.posts if role in (*CHAIRING_ROLES, Role.CLERK))
    return posts[0] if posts else None


@require_safe
def exchanges(request: HttpRequest) -> HttpResponse:
    user = person(request)
    permissions.check_meets(user)
    page = Paginator(exchange_list(user), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "rows": [_row(exchange) for exchange in page.object_list],
        "page": page,
        "may_call": calls_in(user) is not None,
    }
    return render(request, "exchanges/exchanges.html", context)


def _row(exchange: Exchange) -> dict[str, Any]:
    return {
        "number": exchange.number, "month": exchange.period.label, "group": str(exchange.group or _("全区")),
        "url": address_of(exchange), "chair": exchange.chair.name, "when": moment(exchange.when) or _("时间待定"),
        "state": exchange.get_state_display(), "tone": tone_of(exchange), "decisions": exchange.decision_count,  # type: ignore[attr-defined]
        "open": exchange.open_count,  # type: ignore[attr-defined]
    }  # fmt: skip


def tone_of(exchange: Exchange) -> str:
    return {ExchangeState.SIGNED: "done", ExchangeState.PUT_OFF: "off"}.get(ExchangeState(exchange.state), "")


def address_of(exchange: Exchange) -> str:
    return reverse("exchanges:exchange", args=[exchange.pk])


def visible(request: HttpRequest, pk: UUID) -> Exchange:
    """The exchange if it exists for this person."""
    rows = Exchange.objects.visible_to(person(request)).select_related(
        "group__leader", "chair", "district", "signed_by"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
def exchange(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "exchanges/exchange.html", exchange_context(request, visible(request, pk)))


def exchange_context(request: HttpRequest, shown: Exchange, **extra: Any) -> dict[str, Any]:
    """All that the page shows; ``extra`` brings an open form."""
    user = person(request)
    found = choices(user, shown)
    may_arrange = not refusal(permissions.check_may_arrange, user, shown)
    may_minute = not refusal(permissions.check_may_minute, user, shown)
    people = list(shown.attendance.select_related("user"))
    return {
        "exchange": shown,
        "state": {"words": shown.get_state_display(), "tone": tone_of(shown)},
        "stepper": _steps(shown),
        "verbs": [_verb(shown, choice) for choice in found if choice.is_allowed],
        "refused": [
            {"label": choice.transition.label, "reason": choice.reason}
            for choice in found
            if not choice.is_allowed and shown.state in choice.transition.sources
        ],
        "care": _care(shown, user, may_arrange=may_arrange, may_minute=may_minute),
        "waiting": _("纪要已经签发，没有下一步。") if not shown.is_open else _("由主持人%(name)s和督办岗往下办。") % {"name": shown.chair.name},
        "parts": parts(user, shown),
        "decisions": decision_rows(shown.decisions.select_related("owner", "issue", "deadline").order_by("pk")),
        "may_arrange": may_arrange,
        "may_minute": may_minute,
        "present": listed(row.user.name for row in people if row.present),
        "absent": listed(row.user.name for row in people if not row.present),
        "asked": len(people),
        "lines": entries(_events(shown)),
        "active": "",
        "form": None,
        **extra,
    }  # fmt: skip


def _events(shown: Exchange) -> Any:
    return Event.objects.about("exchange", shown.pk).select_related("by").order_by("-at", "-pk")[:60]


def _verb(shown: Exchange, choice: Any) -> dict[str, Any]:
    transition = choice.transition
    return {
        "verb": transition.verb, "label": transition.label, "glyph": transition.icon,
        "url": reverse("exchanges:step", args=[shown.pk, transition.verb]), "usual": transition.usual,
    }  # fmt: skip


def _care(shown: Exchange, user: User, *, may_arrange: bool, may_minute: bool) -> list[dict[str, Any]]:
    """What is done around the meeting: name, words, glyph, address; ``inform`` opens in place."""
    found = []
    if may_minute:
        found.append(
            {
                "label": _("记议定事项"),
                "glyph": "journal-check",
                "url": reverse("exchanges:decide", args=[shown.pk]),
                "inform": True,
            }
        )
        found.append(
            {
                "label": _("写纪要"),
                "glyph": "journal-text",
                "url": reverse("exchanges:minutes", args=[shown.pk]),
                "inform": False,
            }
        )
    if may_arrange:
        found.append(
            {
                "label": _("整理议程"),
                "glyph": "list-check",
                "url": reverse("exchanges:agenda", args=[shown.pk]),
                "inform": False,
            }
        )
        found.append(
            {
                "label": _("时间、地点和参会人"),
                "glyph": "calendar-week",
                "url": reverse("exchanges:arrange", args=[shown.pk]),
                "inform": False,
            }
        )
    return found


def _steps(shown: Exchange) -> list[dict[str, str]]:
    here = {ExchangeState.PLANNED: 0, ExchangeState.PUT_OFF: 0, ExchangeState.HELD: 1, ExchangeState.SIGNED: 3}[
        ExchangeState(shown.state)
    ]
    notes = [short_day(shown.registered_at), day(shown.when), short_day(shown.closed_at)]
    labels = [_("准备议程"), _("开会议定"), _("签发纪要")]
    return [
        {"label": label, "note": note, "state": "done" if at < here else "here" if at == here else ""}
        for at, (label, note) in enumerate(zip(labels, notes, strict=True))
    ]


@require_safe
def exchange_print(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Before the meeting its material (domain D4), afterwards its minutes (D5), on A4."""
    shown = visible(request, pk)
    people = list(shown.attendance.select_related("user"))
    context = {
        "exchange": shown,
        "is_minutes": shown.state in (ExchangeState.HELD, ExchangeState.SIGNED),
        "parts": told_parts(person(request), shown),
        "decisions": decision_rows(shown.decisions.select_related("owner", "issue", "deadline").order_by("pk")),
        "asked": listed(row.user.name for row in people),
        "present": listed(row.user.name for row in people if row.present),
        "absent": listed(row.user.name for row in people if not row.present),
        "back": address_of(shown),
    }
    return render(request, "exchanges/print.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest) -> HttpResponse:
    """One that the clock has not prepared: an earlier month, or this one before it is over."""
    user = person(request)
    district = calls_in(user)
    if district is None:
        permissions.check_may_call(user, 0)
    assert district is not None
    groups = list(ExchangeGroup.objects.filter(district=district).current().select_related("leader"))
    form = CallForm(data(request), groups=groups)
    if form.is_bound and form.is_valid():
        place = Organisation.objects.get(pk=district)
        ok, made = tried(form, lambda: actions.prepare(place, by=user, **form.arguments()))
        if ok:
            return done(request, _("%(what)s的议程已经备好。") % {"what": made.heading}, address_of(made))
    return again(request, "exchanges/call.html", {"form": form, "back": reverse("exchanges:exchanges")})
