"""调研心得: the list of a quarter with who has not handed in, one reflection, and writing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unionops.insight.periods import Period
from unionops.jinja import day_full, moment
from unionops.joining import listed
from unionops.org.enums import Role
from unionops.org.errors import ActionError, Conflict, NotAllowed
from unionops.org.forms.fields import refuse
from unionops.org.models import Event, Organisation, User
from unionops.org.views.answers import again, data, done, person, tried, version

from ..actions import reflections as actions
from ..enums import ReflectionState, ReflectionVerb
from ..forms import ReflectionForm, ReturnReflectionForm
from ..models import Reflection
from ..permissions import (
    check_may_edit_reflection,
    check_reads,
    check_reflection,
    check_writes,
    refuse_reflection,
    stands,
)
from ..quarters import hand_in_by, quarter_of, quarters_before, read_quarter
from ..queries import is_signed, officers_of
from ..timeline import entries

MOST_QUARTERS = 3


def page_of(reflection: Reflection) -> str:
    return reverse("analyses:reflection", args=[reflection.pk])


def visible_reflection(request: HttpRequest, pk: UUID) -> Reflection:
    found: Reflection = get_object_or_404(
        Reflection.objects.visible_to(person(request)).select_related("author", "district"), pk=pk
    )
    return found


@require_safe
def reflections(request: HttpRequest) -> HttpResponse:
    """What has come in and what has not: a cadre sees the own one, district-wide roles all."""
    user = person(request)
    check_reads(user)
    today = timezone.localdate()
    shown = read_quarter(request.GET.get("period", ""), today)
    mine = Reflection.objects.visible_to(user).of_quarter(shown).select_related("author").order_by("closed_at", "pk")
    rows = list(mine)
    writes = user.scope.has(Role.LIAISON) and not any(row.author_id == user.pk for row in rows)
    context = {
        "quarter": shown,
        "due": day_full(hand_in_by(shown)),
        "quarters": _quarter_links(shown, today),
        "rows": [_line(row, user) for row in rows],
        "missing": _missing(user, shown),
        "write_url": f"{reverse('analyses:reflection_new')}?period={shown.code}" if writes else "",
        "reads_all": bool(user.scope.districts),
    }
    return render(request, "analyses/reflections.html", context)


def _quarter_links(shown: Period, today: Any) -> list[dict[str, Any]]:
    found = {quarter.code: quarter for quarter in (quarter_of(today), *quarters_before(today, MOST_QUARTERS), shown)}
    base = reverse("analyses:reflections")
    return [
        {"label": quarter.label, "url": f"{base}?period={quarter.code}", "current": quarter.code == shown.code}
        for quarter in sorted(found.values(), key=lambda quarter: quarter.first, reverse=True)
    ]


def _line(row: Reflection, user: User) -> dict[str, Any]:
    own = row.author_id == user.pk and row.is_open
    return {
        "url": reverse("analyses:reflection_edit", args=[row.pk]) if own else page_of(row),
        "title": row.title or _("还没写标题"),
        "number": row.number,
        "author": row.author.name,
        "state": row.get_state_display(),
        "tone": {ReflectionState.SUBMITTED: "done", ReflectionState.RETURNED: "late"}.get(
            ReflectionState(row.state), "ok"
        ),
        "at": moment(row.closed_at),
        "late": row.late and not row.is_open,
    }


def _missing(user: User, quarter: Period) -> list[dict[str, str]]:
    """Who owes one, for whoever reads them all."""
    found = []
    for district in sorted(user.scope.districts):
        written = set(
            Reflection.objects.of_quarter(quarter)
            .handed_in()
            .filter(district=district)
            .values_list("author", flat=True)
        )
        found += [
            {"name": officer.name, "part": listed(officer.towns)}
            for officer in officers_of(district, quarter)
            if officer.id not in written
        ]
    return found


@require_safe
def reflection(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "analyses/reflection.html", _context(request, visible_reflection(request, pk)))


def _context(request: HttpRequest, shown: Reflection) -> dict[str, Any]:
    user = person(request)
    signed = is_signed(shown.district_id, shown.quarter)
    return {
        "reflection": shown,
        "visits": shown.visits.visible_to(user).select_related("enterprise").order_by("-visited_on", "pk"),
        "issues": shown.issues.visible_to(user).order_by("-registered_at", "pk"),
        "may_edit": "author" in stands(user, shown) and shown.is_open,
        "may_return": refuse_reflection(user, shown, ReflectionVerb.RETURN, is_signed=signed) is None,
        "lines": entries(Event.objects.about("reflection", shown.pk).select_related("by").order_by("-at", "-pk")[:50]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def reflection_new(request: HttpRequest) -> HttpResponse:
    """The first saving makes it; before that nothing is kept but on the device."""
    user = person(request)
    quarter = read_quarter(request.GET.get("period", ""), timezone.localdate())
    district = _own_district(user, quarter)
    known = Reflection.objects.of_quarter(quarter).filter(author=user, district=district).first()
    if known is not None:
        # What a second window sends is measured against what the first has kept; nothing typed is lost.
        return _write(request, known, quarter) if request.method == "POST" else HttpResponseRedirect(_address(known))
    draft = Reflection(district=district, author=user, starts_on=quarter.first)
    return _write(request, draft, quarter)


def _own_district(user: User, quarter: Period) -> Organisation:
    held = sorted(user.scope.member_of)
    check_writes(user, held[0] if held else 0, quarter)
    return Organisation.objects.get(pk=held[0])


def _address(reflection: Reflection) -> str:
    return reverse("analyses:reflection_edit", args=[reflection.pk]) if reflection.is_open else page_of(reflection)


@require_http_methods(["GET", "HEAD", "POST"])
def reflection_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = visible_reflection(request, pk)
    check_may_edit_reflection(person(request), shown)
    return _write(request, shown, shown.quarter)


def _write(request: HttpRequest, shown: Reflection, quarter: Period) -> HttpResponse:
    """Two buttons: keep what is there, or hand it in."""
    user = person(request)
    form = ReflectionForm(data(request), reflection=shown, user=user)
    is_new = shown._state.adding
    current, status = shown.version, 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                kept = _keep(request, shown, quarter, form, is_new=is_new)
            except NotAllowed:
                raise
            except Conflict as conflict:
                current, status = conflict.current_version, 409
                form.add_error(None, _("您在别的地方也改了这份心得。要用这里写的，就再按一次。"))
            except ActionError as error:
                refuse(form, error)
            else:
                handed = kept.state == ReflectionState.SUBMITTED
                said = _("心得已交上。") if handed else _("草稿已存。")
                messages.success(request, said)
                return HttpResponseRedirect(_address(kept))
    context = {
        "form": form, "reflection": shown, "quarter": quarter, "version": current, "is_new": is_new,
        "due": day_full(hand_in_by(quarter)), "is_late": timezone.localdate() > hand_in_by(quarter),
        "back": f"{reverse('analyses:reflections')}?period={quarter.code}",
    }  # fmt: skip
    response = render(request, "analyses/reflection_edit.html", context, status=status)
    response.is_refused_form = form.is_bound  # type: ignore[attr-defined]
    return response


def _keep(
    request: HttpRequest, shown: Reflection, quarter: Period, form: ReflectionForm, *, is_new: bool
) -> Reflection:
    user = person(request)
    handed_in = request.POST.get("do") == "hand_in"
    if is_new:
        return actions.start_reflection(shown.district, quarter, by=user, handed_in=handed_in, **form.arguments())
    act = actions.hand_in if handed_in else actions.save_reflection
    return act(shown, by=user, version=version(request), **form.arguments())


@require_http_methods(["GET", "HEAD", "POST"])
def reflection_return(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible_reflection(request, pk), person(request)
    signed = is_signed(shown.district_id, shown.quarter)
    check_reflection(user, shown, ReflectionVerb.RETURN, is_signed=signed)
    form = ReturnReflectionForm(data(request))
    if form.is_bound and form.is_valid():
        ok, _result = tried(
            form, lambda: actions.return_reflection(shown, by=user, version=version(request), **form.arguments())
        )
        if ok:
            return done(request, _("已退给作者。"), f"{reverse('analyses:reflections')}?period={shown.quarter.code}")
    context = {"form": form, "reflection": shown, "back": page_of(shown), "version": shown.version}
    return again(request, "analyses/reflection_return.html", context)
