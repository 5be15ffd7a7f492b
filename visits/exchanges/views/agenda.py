"""Work on an exchange before and during the meeting: its agenda, who comes, the minutes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unionops.casework.permissions import refusal
from unionops.jinja import moment
from unionops.joining import listed
from unionops.org.errors import ActionError, Conflict, NotAllowed
from unionops.org.forms.fields import refuse
from unionops.org.models import User
from unionops.org.views.answers import again, data, done, person, tried, version

from ..actions import agenda as actions
from ..actions import exchanges as steps
from ..forms.meetings import ArrangeForm, ItemForm, ItemTextForm, MinutesForm
from ..merging import Collision, Merged, merge
from ..models import AgendaItem, Exchange
from ..permissions import check_may_arrange, check_may_minute, check_may_refresh
from ..presenting import parts
from ..queries import agenda_of
from .meetings import address_of, visible


@require_POST
def refresh(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = visible(request, pk)
    steps.refresh(shown, by=person(request))
    return done(request, _("议程已按现在的情况更新，写过的说明都还在。"), reverse("exchanges:agenda", args=[shown.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every item with its small verbs; one form, its buttons name the item."""
    shown, user = visible(request, pk), person(request)
    check_may_arrange(user, shown)
    if request.method == "POST":
        _tidy(request, shown, user)
        return HttpResponseRedirect(f"{request.path}#item-{request.POST.get('do', '').rpartition(':')[2]}")
    items = agenda_of(shown, with_dropped=True)
    context = {
        "exchange": shown, "back": address_of(shown), "parts": parts(user, shown, items),
        "open_sections": set(actions.OPEN_SECTIONS), "may_refresh": not refusal(check_may_refresh, user, shown),
    }  # fmt: skip
    return render(request, "exchanges/agenda.html", context)


def _tidy(request: HttpRequest, shown: Exchange, user: User) -> None:
    verb, _colon, key = request.POST.get("do", "").partition(":")
    found = shown.items.filter(pk=int(key)).first() if key.isascii() and key.isdecimal() and len(key) < 19 else None
    if found is None:
        raise Http404
    match verb:
        case "up" | "down":
            actions.move_item(found, by=user, up=verb == "up")
        case "drop" | "restore":
            actions.drop_item(found, by=user, dropped=verb == "drop")
        case "choose" | "leave":
            actions.choose_item(found, by=user, chosen=verb == "choose")
        case _:
            raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def item_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible(request, pk), person(request)
    check_may_arrange(user, shown)
    back = reverse("exchanges:agenda", args=[shown.pk])
    form = ItemForm(data(request), user=user, exchange=shown, section=request.GET.get("section", ""))
    if form.is_bound and form.is_valid():
        ok, made = tried(form, lambda: actions.add_item(shown, by=user, **form.cleaned_data))
        if ok:
            return done(request, _("已加到议程：%(what)s") % {"what": made.title}, back)
    return again(request, "exchanges/item.html", {"form": form, "exchange": shown, "back": back, "title": _("加议题")})


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, pk: UUID, item: int) -> HttpResponse:
    shown, user = visible(request, pk), person(request)
    check_may_arrange(user, shown)
    found: AgendaItem = get_object_or_404(shown.items.select_related("issue", "decision"), pk=item)
    back = reverse("exchanges:agenda", args=[shown.pk])
    form = ItemTextForm(data(request), item=found)
    if form.is_bound and form.is_valid():
        ok, _row = tried(form, lambda: actions.edit_item(found, by=user, **form.cleaned_data))
        if ok:
            return done(request, _("说明已保存。"), f"{back}#item-{found.pk}")
    return again(request, "exchanges/item.html", {"form": form, "exchange": shown, "back": back, "title": str(found)})


@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible(request, pk), person(request)
    check_may_arrange(user, shown)
    form = ArrangeForm(data(request), exchange=shown)
    if form.is_bound and form.is_valid():
        ok, _row = tried(form, lambda: steps.arrange(shown, by=user, version=version(request), **form.arguments()))
        if ok:
            return done(request, _("已安排，新请的人会收到通知。"), address_of(shown))
    context = {"form": form, "exchange": shown, "back": address_of(shown), "version": shown.version}
    return again(request, "exchanges/arrange.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was said to each item and who was there. Two who write at once are merged; where both wrote one decides."""
    shown, user = visible(request, pk), person(request)
    check_may_minute(user, shown)
    items = agenda_of(shown)
    form = MinutesForm(data(request), exchange=shown, items=items)
    status, current = 200, shown.version
    crossed: Merged | None = None
    if form.is_bound:
        status = 422
        seen = version(request)
        if form.is_valid() and seen is not None and seen < current:
            crossed = merge(shown, form.facts(), since=seen)
            form = _with(request, shown, items, crossed)
            if form.is_valid() and crossed.collisions:
                status = 409
                form.add_error(None, _("您打开以后，别人也写了这份纪要。您写的都还在，核对后再保存一次。"))
        if form.is_valid() and not (crossed and crossed.collisions):
            try:
                actions.record_minutes(shown, by=user, version=None if seen is None else current, **form.arguments())
            except NotAllowed:
                raise
            except Conflict:
                # Yet another one in this very moment: their version is merged as the first one would have been.
                return minutes(request, pk)
            except ActionError as error:
                refuse(form, error)
            else:
                words = _("纪要已保存。")
                if crossed and crossed.taken:
                    words = _("纪要已保存。您打开以后别人写的也都留着。")
                return done(request, words, address_of(shown))
    context = {
        "form": form, "exchange": shown, "back": address_of(shown), "version": current, "parts": parts(user, shown, items),
        "crossed": [_beside(form, shown, one) for one in crossed.collisions] if crossed else [],
        "merged": len(crossed.taken) if crossed else 0,
    }  # fmt: skip
    response = render(request, "exchanges/minutes.html", context, status=status)
    response.is_refused_form = form.is_bound  # type: ignore[attr-defined]
    return response


def _with(request: HttpRequest, shown: Exchange, items: list[AgendaItem], crossed: Merged) -> MinutesForm:
    """The form as typed, with what the other wrote where nothing was typed."""
    posted = request.POST.copy()
    for fact, value in crossed.taken.items():
        posted.setlist(fact, [str(one) for one in value] if isinstance(value, list) else [value])
    form = MinutesForm(posted, exchange=shown, items=items)
    form.is_valid()
    return form


def _beside(form: MinutesForm, shown: Exchange, one: Collision) -> dict[str, Any]:
    field = form[one.fact]
    about = next((str(item) for item in form.items if one.fact == f"note-{item.pk}"), field.label)

    def words(value: Any) -> str:
        if isinstance(value, list):
            return listed(User.objects.filter(pk__in=value).values_list("name", flat=True)) or "—"
        return str(value or "—")

    return {
        "label": about, "anchor": field.auto_id, "mine": words(one.mine), "theirs": words(one.theirs), "by": one.by,
        "when": moment(one.at),
    }  # fmt: skip
