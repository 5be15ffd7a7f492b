"""The pages of an activity beside its case page: who is enrolled, a session with its code, teams and speakers; and two
doors without an account: signing in at the door of a session, and voting."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from unionops.casework.permissions import refusal
from unionops.casework.search import contains
from unionops.china.names import mask_name
from unionops.org.enums import CASE_ROLES
from unionops.org.errors import ActionError
from unionops.org.forms.fields import refuse
from unionops.org.models import Organisation, User
from unionops.org.views.answers import Step, again, data, done, person, secret, step, tried

from ..forms.filters import TradeFilter
from ..qr import picture
from ..queries import page_of
from ..views.finding import visible_case
from . import doings, queries
from .actions import meetings, opinions, planning
from .enums import SEATED, EnrolmentState, Presence
from .forms import BallotForm, CheckInForm, EnrolmentFilter, SpeakerForm, TeamForm
from .models import Activity, ActivitySession, Enrolment, Poll, Team
from .permissions import check_works

SHAPE = "activity"


# --- whatever is done beside the steps


@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, pk: UUID, what: str, item: str = "") -> HttpResponse:
    """Ask, then do it: one page for everything that doings.py knows."""
    case, user, doing = visible_case(request, SHAPE, pk), person(request), doings.find(what)
    if bool(item) != (doing.item is not None):
        raise Http404
    about = doing.item(case, item) if doing.item else None
    doing.check(user, case)
    form = doing.form(data(request), case=case, user=user, item=about)
    back = doing.back(case, about, user) if doing.back else page_of(case)
    asked = Step(title=doing.label, submit=doing.label, back=back, text=doing.text, danger=doing.danger)
    if request.method == "POST" and form.is_valid():
        ok, made = tried(form, lambda: doing.act(case, about, user, form.arguments()))
        if ok and what == "poll":
            return secret(
                request, "activities/codes.html", {"case": case, "codes": made, "address": _vote_address(request, case)}
            )
        if ok:
            return done(
                request, _("%(verb)s：已办好。") % {"verb": doing.label}, page_of(made) if what == "series" else back
            )
    template = "org/_step.html" if request.htmx else "activities/step.html"  # type: ignore[attr-defined]
    return again(request, template, {"form": form, "step": asked, "case": case})


def _vote_address(request: HttpRequest, case: Activity) -> str:
    return request.build_absolute_uri(reverse("activities:vote", args=[Poll.objects.get(activity=case).key]))


def offers(user: User, case: Activity, *keys: str, item: Any = None) -> list[dict[str, Any]]:
    """The buttons of what this person may do now."""
    found = []
    for key in keys:
        doing = doings.find(key)
        if not refusal(doing.check, user, case):
            args = [case.pk, key, str(item)] if item is not None else [case.pk, key]
            name = "activities:do_one" if item is not None else "activities:do"
            found.append(
                {"url": reverse(name, args=args), "label": doing.label, "glyph": doing.icon, "is_long": doing.is_long}
            )
    return found


# --- the list of who is enrolled


@require_safe
def enrolments(request: HttpRequest, pk: UUID) -> HttpResponse:
    case, user = visible_case(request, SHAPE, pk), person(request)
    form = EnrolmentFilter(request.GET)
    found = case.enrolments.order_by("serial")
    wanted = form.cleaned_data if form.is_valid() else {}
    if wanted.get("state"):
        found = found.filter(state=wanted["state"])
    if text := (wanted.get("q") or "").strip():
        # Children are not found by their names here.
        found = found.filter(contains("name", text) | contains("unit", text), is_hidden=False)
    after = request.GET.get("after", "")
    shown = list(found.filter(serial__gt=int(after) if after.isdecimal() and len(after) < 9 else 0)[: ROWS + 1])
    more, shown = len(shown) > ROWS, shown[:ROWS]
    ranks = queries.ranks(case)
    query = request.GET.copy()
    query["after"] = str(shown[-1].serial) if more else ""
    context = {
        "case": case,
        "filter": form,
        "is_filtered": any(wanted.values()),
        "rows": [_row(user, case, one, ranks) for one in shown],
        "numbers": queries.numbers(case),
        "next_url": f"{request.path}?{query.urlencode()}" if more else "",
        "first_url": request.path if after else "",
        "offers": offers(user, case, "enrol", "draw"),
        "draw": draw_facts(case),
    }
    return render(request, "activities/enrolments.html", context)


ROWS = 50
# Whose events the page of teams tells: this year and those before it.
YEARS = 3


def _row(user: User, case: Activity, one: Enrolment, ranks: dict[Any, int]) -> dict[str, Any]:
    state = one.get_state_display()
    if one.pk in ranks:
        state = _("候补第 %(n)d 位") % {"n": ranks[one.pk]}
    keys = doings.OF_ENROLMENT.get(EnrolmentState(one.state), ())
    return {
        "serial": one.serial, "name": mask_name(one.name, public=True) if one.is_hidden else one.name, "unit": one.unit,
        "group": one.group, "phone": one.phone_masked, "state": state, "at": one.enrolled_at,
        "offers": offers(user, case, *keys, item=one.pk),
    }  # fmt: skip


def draw_facts(case: Activity) -> dict[str, Any] | None:
    """What is needed to draw again: the seed when it is out, its hash before."""
    if not case.is_drawn:
        return None
    return {"commitment": case.commitment, "seed": case.seed if case.drawn_at else "", "drawn_at": case.drawn_at}


# --- a session


@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Call the roll: one row a person, all of it sent at once; the code for the door stands beside it."""
    case, user = visible_case(request, SHAPE, pk), person(request)
    one = get_object_or_404(ActivitySession.objects.prefetch_related("engagements__speaker"), activity=case, pk=number)
    one.activity = case
    if request.method == "POST":
        known = {
            str(serial): key for serial, key in case.enrolments.filter(state__in=SEATED).values_list("serial", "pk")
        }
        chosen = [known[text] for text in request.POST.getlist("present") if text in known]
        meetings.call_roll(one, chosen, by=user)
        return done(request, _("已记下到场 %(n)d 人。") % {"n": len(chosen)}, request.path)
    there = dict(one.attendance.values_list("enrolment", "presence"))
    context = {
        "case": case,
        "session": one,
        "speakers": [str(row.speaker) for row in one.engagements.all()],
        "people": [
            {
                "serial": seat.serial, "unit": seat.unit, "presence": there.get(seat.pk, ""),
                "name": mask_name(seat.name, public=True) if seat.is_hidden else seat.name,
            }
            for seat in case.enrolments.filter(state__in=SEATED).order_by("serial")
        ],
        "present": sum(presence == Presence.PRESENT for presence in there.values()),
        "may_call": not refusal(check_works, user, case) and case.state in ("running", "finished"),
        "address": request.build_absolute_uri(reverse("activities:check_in", args=[one.key])),
        "offers": offers(user, case, "heads", "drop", item=one.pk),
    }  # fmt: skip
    return render(request, "activities/session.html", context)


@require_GET
def code(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """The QR code of the door of a session, as a drawing."""
    case = visible_case(request, SHAPE, pk)
    one = get_object_or_404(ActivitySession, activity=case, pk=number)
    address = request.build_absolute_uri(reverse("activities:check_in", args=[one.key]))
    return picture(address, keep="private, max-age=3600")


# --- teams and speakers


@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    user = person(request)
    district = _district(user)
    this = timezone.localdate().year
    years = range(this, this - YEARS, -1)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else this
    known = Team.objects.filter(district=district, ended_at=None).exclude(trade="").order_by("trade")
    form = TradeFilter(request.GET, trades=known.values_list("trade", flat=True))
    trade = form.wanted()
    context = {
        "year": year,
        "years": years,
        "filter": form,
        "is_filtered": bool(trade),
        "rows": queries.progress(district, year, trade),
        "speakers": queries.by_turn(district)[:200],
        "may_print": user.scope.has(*CASE_ROLES),
        "may_keep": not refusal(planning.check_keeps_teams, user, district),
    }
    return render(request, "activities/teams.html", context)


def _district(user: User) -> Organisation:
    found = Organisation.objects.filter(pk__in=user.scope.member_of).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def team_new(request: HttpRequest) -> HttpResponse:
    return _keep(request, TeamForm(data(request)), planning.keep_team, _("新建服务队"))


@require_http_methods(["GET", "HEAD", "POST"])
def team_edit(request: HttpRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(Team, district=_district(person(request)), ended_at=None, pk=pk)
    return _keep(request, TeamForm(data(request), team=team), partial(planning.keep_team, team=team), team.name)


@require_http_methods(["GET", "HEAD", "POST"])
def speaker_new(request: HttpRequest) -> HttpResponse:
    return _keep(request, SpeakerForm(data(request)), planning.keep_speaker, _("新增宣讲员"))


def _keep(request: HttpRequest, form: django_forms.Form, action: Callable[..., Any], title: str) -> HttpResponse:
    user = person(request)
    district = _district(user)
    planning.check_keeps_teams(user, district)
    asked = Step(title=title, submit=_("保存"), back=reverse("activities:teams"))
    return step(request, form, asked, lambda: action(district, by=user, **form.cleaned_data), _("已保存。"))


# --- doors without an account


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, key: str) -> HttpResponse:
    """Somebody at the door scans the code and says who they are."""
    found = get_object_or_404(ActivitySession.objects.select_related("activity__programme"), key=key)
    form = CheckInForm(data(request))
    arrived = False
    if form.is_bound and form.is_valid():
        try:
            meetings.check_in(
                key, **form.cleaned_data, address=request.META.get("REMOTE_ADDR", ""), by=User.objects.system()
            )
            arrived = True
        except ActionError as error:
            refuse(form, error)
    return again(request, "activities/check_in.html", {"form": form, "session": found, "arrived": arrived})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, key: str) -> HttpResponse:
    """A member votes with the code that they were given; the page never learns a name."""
    poll = get_object_or_404(Poll.objects.select_related("activity"), key=key)
    form = BallotForm(data(request), poll=poll)
    arrived = False
    if form.is_bound and form.is_valid():
        try:
            given = form.cleaned_data
            opinions.vote(
                poll, code=given["code"], grades=form.grades(), comment=given["comment"], by=User.objects.system(),
                address=request.META.get("REMOTE_ADDR", ""),
            )  # fmt: skip
            arrived = True
        except ActionError as error:
            refuse(form, error)
    context = {"form": form, "poll": poll, "arrived": arrived}
    # Whoever happens to be signed in leaves no answer of theirs behind.
    return (secret if arrived else again)(request, "activities/vote.html", context)
