"""The pages of care classes: all classes, the tablet of a day, one child, the written rule for guardians."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unionops.casework.permissions import refusal
from unionops.jinja import clock
from unionops.org.errors import ActionError, Conflict, NotAllowed
from unionops.org.forms.accounts import RevealForm
from unionops.org.forms.fields import refuse
from unionops.org.models import User
from unionops.org.views.answers import data, person, secret

from ..activities.enums import END_STATES, SEATED, EnrolmentState
from ..activities.models import Activity
from ..activities.views import SHAPE, offers
from ..models import Programme
from ..views.finding import visible_case
from .actions import access, days
from .doings import child_of, file_of
from .enums import CODE, RULE_VERSION, THERE, DayState, DayVerb
from .forms import ArriveForm
from .models import CareNote, Child, ChildDay, ClassFile, PickUp
from .permissions import check_cares, check_may_see

ALONE, STRANGER, OTHER = "alone", "stranger", "other"
HERE = (EnrolmentState.AGREED, EnrolmentState.ATTENDING)


@require_safe
def classes(request: HttpRequest) -> HttpResponse:
    """Every class that the person may see: which run today, who is there, what is missing."""
    user, today = person(request), timezone.localdate()
    programme = Programme.objects.visible_to(user).filter(code=CODE).first()
    found = ClassFile.objects.filter(activity__in=Activity.objects.visible_to(user)).select_related(
        "activity__programme", "activity__town"
    )
    rows = (
        found.annotate(
            seated=Count("children", filter=Q(children__enrolment__state__in=SEATED), distinct=True),
            there=Count("children__days", filter=Q(children__days__day=today, children__days__state=DayState.ARRIVED), distinct=True),
        )
        .order_by("-activity__starts_on", "-pk")[:100]
    )  # fmt: skip
    context = {
        "programme": programme,
        "rows": [{"file": one, "is_over": one.activity.state in END_STATES} for one in rows],
        "waiting": Activity.objects.visible_to(user)
        .filter(programme__code=CODE, class_file=None, closed_at=None)
        .order_by("-registered_at")[:20],
    }
    return render(request, "childcare/classes.html", context)


# --- the tablet


@require_http_methods(["GET", "HEAD", "POST"])
def day(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who is here today, who may take this child home: one tap in, two taps out."""
    case, user = visible_case(request, SHAPE, pk), person(request)
    found = file_of(case)
    if refusal(check_may_see, user, found):
        return render(
            request,
            "childcare/closed.html",
            {"case": case, "offers": offers(user, case, "ask"), "asked": _open_asking(user, found)},
        )
    error: ActionError | None = None
    if request.method == "POST":
        try:
            said, kid = _tap(request, found, user)
        except Conflict:
            raise
        except ActionError as refused:
            error = refused
        else:
            if said[0]:
                (messages.warning if said[1] else messages.success)(request, said[0])
            return HttpResponseRedirect(f"{request.path}?kid={kid}#pick-up" if kid else request.path)
    else:
        access.read(found, by=user, page="day")
    return _draw(request, case, found, user, error)


def _open_asking(user: User, found: ClassFile) -> Any:
    return found.grants.filter(asked_by=user, state="asked").first()


def _tap(request: HttpRequest, found: ClassFile, user: User) -> tuple[tuple[str, bool], str]:
    """Do what was tapped; returns what is said, whether it warns, and which child stays open."""
    posted = request.POST
    child = _kid(found, posted.get("kid", ""))
    name, verb, who = child.enrolment.name, posted.get("verb", ""), posted.get("who", "")
    if verb in (DayVerb.MISS, DayVerb.EXCUSE, DayVerb.CORRECT):
        days.mark(child, verb, by=user)
        return ("", False), str(child.enrolment.serial)
    if verb == DayVerb.ARRIVE:
        days.arrive(child, by=user, **_brought(posted))
        return (_("%(name)s 已签到。") % {"name": name}, False), ""
    if verb == "back":
        days.arrive(child, by=user)
        return (_("%(name)s 已回班。") % {"name": name}, False), ""
    if who == STRANGER:
        days.turn_away(child, by=user, who=posted.get("stranger", ""))
        return (_("%(name)s 没有被接走：名单外的人不能接走孩子，已记下并通知负责人。") % {"name": name}, True), str(
            child.enrolment.serial
        )
    taken_by = None
    if who and who != ALONE:
        # Whoever is not on the list of this child is refused by the action, whatever was sent.
        taken_by = get_object_or_404(PickUp, pk=_uuid(who))
    days.pick_up(child, by=user, person=taken_by, alone=who == ALONE, for_a_while=verb == DayVerb.STEP_OUT)
    return (_("%(name)s 已接走。") % {"name": name}, False), ""


def _brought(posted: Any) -> dict[str, Any]:
    """Who brought the child, and how warm it was, as the keywords of the action."""
    form = ArriveForm(posted)
    if not form.is_valid():
        field, reasons = next(iter(form.errors.items()))
        raise ActionError(str(reasons[0]), field=field)
    who = form.cleaned_data["who"]
    return {
        "brought_by": get_object_or_404(PickUp, pk=_uuid(who)) if who not in ("", ALONE, OTHER) else None,
        "alone": who == ALONE, "other": form.cleaned_data["other"] if who == OTHER else "",
        "temperature": form.cleaned_data["temperature"],
    }  # fmt: skip


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise ActionError(_("请选是谁。"), field="who") from error


def _kid(found: ClassFile, serial: str) -> Child:
    children = Child.objects.select_related("enrolment__activity__programme")
    child = get_object_or_404(
        children, class_file=found, enrolment__serial=int(serial) if serial.isdecimal() and len(serial) < 9 else 0
    )
    child.class_file = found
    return child


GLYPHS = {
    DayState.EXPECTED: "clock", DayState.ARRIVED: "check-circle-fill", DayState.OUT: "signpost-split",
    DayState.PICKED_UP: "house-door", DayState.ABSENT: "exclamation-triangle-fill", DayState.LEAVE: "slash-circle",
}  # fmt: skip
LOOKS = {
    DayState.ARRIVED: "in", DayState.OUT: "off", DayState.PICKED_UP: "out", DayState.ABSENT: "late", DayState.LEAVE: "off",
}  # fmt: skip


def _draw(
    request: HttpRequest, case: Activity, found: ClassFile, user: User, error: ActionError | None
) -> HttpResponse:
    now = timezone.localtime()
    today = {
        row.child_id: row
        for row in ChildDay.objects.filter(child__class_file=found, day=now.date()).select_related(
            "left_with", "brought_by"
        )
    }
    children = list(
        found.children.filter(released_at=None, enrolment__state__in=HERE)
        .select_related("enrolment")
        .order_by("enrolment__serial")
    )
    is_late = case.state == "running" and now >= days.late_from(found, now)
    tiles = [_tile(child, today.get(child.pk), is_late) for child in children]
    wanted = request.GET.get("kid") or request.POST.get("kid") or ""
    chosen = next((child for child in children if str(child.enrolment.serial) == wanted), None)
    show = request.GET.get("show", "")
    counts = {state: sum(tile["state"] == state for tile in tiles) for state in DayState.values}
    tabs = [
        {
            "label": label,
            "count": counts.get(state, len(tiles)) if state else len(tiles),
            "url": f"{request.path}?show={state}" if state else request.path,
            "current": state == show,
        }
        for state, label in (
            ("", _("全部")),
            ("arrived", _("在班")),
            ("picked_up", _("已接走")),
            ("expected", _("待签到")),
            ("absent", _("未到")),
            ("leave", _("请假")),
        )
    ]
    context = {
        "case": case, "file": found, "now": now, "tiles": [tile for tile in tiles if not show or tile["state"] == show],
        "tabs": tabs, "kid": _side(chosen, today.get(chosen.pk), user) if chosen else None, "error": error,
        "day_number": (now.date() - case.starts_on).days + 1 if case.starts_on else 0,
        "day_count": (case.ends_on - case.starts_on).days + 1 if case.starts_on and case.ends_on else 0, "is_running": case.state == "running",
        "late": [tile for tile in tiles if tile["look"] == "late" and tile["state"] == DayState.ARRIVED],
    }  # fmt: skip
    return render(request, "childcare/day.html", context, status=error.status if error else 200)


def _tile(child: Child, row: ChildDay | None, is_late: bool) -> dict[str, Any]:
    state = DayState(row.state) if row else DayState.EXPECTED
    words, look = str(state.label), LOOKS.get(state, "")
    if row and state == DayState.ARRIVED:
        words = _("已到 %(time)s") % {"time": clock(row.arrived_at)}
        if is_late:
            words, look = _("超时未接"), "late"
    elif row and state in (DayState.PICKED_UP, DayState.OUT):
        who = row.left_with.get_kin_display() if row.left_with else _("自己")
        pattern = _("已接 %(time)s %(who)s") if state == DayState.PICKED_UP else _("离开 %(time)s %(who)s")
        words = pattern % {"time": clock(row.left_at), "who": who}
    return {
        "serial": child.enrolment.serial, "name": child.enrolment.name, "grade": child.get_grade_display(),
        "state": state.value, "words": words, "look": look, "glyph": GLYPHS[state], "mind": bool(child.health_sealed),
    }  # fmt: skip


def _side(child: Child, row: ChildDay | None, user: User) -> dict[str, Any]:
    """What the hand-over panel shows of one child: masked persons with what is compared at the door, what happened today."""
    seen = dict(
        ChildDay.objects.filter(child=child, left_with__isnull=False, state=DayState.PICKED_UP)
        .values_list("left_with")
        .annotate(Count("pk"))
    )
    brought = _brought_words(row) if row else ""
    lines = [(clock(row.arrived_at), brought)] if row and row.arrived_at else []
    if row and row.temperature_masked:
        lines.append((clock(row.arrived_at), _("体温%(words)s") % {"words": row.temperature_masked}))
    last = ChildDay.objects.filter(child=child, brought_by__removed_at=None, brought_by__isnull=False).order_by("-day")
    usual = last.values_list("brought_by", flat=True).first()
    if row and row.left_at:
        lines.append((clock(row.left_at), str(row.get_state_display())))
    today = timezone.localdate()
    notes = CareNote.objects.filter(child=child, at__date=today).order_by("at")
    lines += [(clock(note.at), str(note.get_kind_display())) for note in notes]
    return {
        "child": child, "name": child.enrolment.name, "serial": child.enrolment.serial, "grade": child.get_grade_display(),
        "state": row.state if row else DayState.EXPECTED.value, "lines": lines, "mind": bool(child.health_sealed),
        "brought": brought, "usual": usual, "contact": access.contact_of(child),
        "people": [
            {
                "pk": one.pk, "kin": one.kin, "words": f"{one.kin} {one.name}", "phone": one.phone, "tail": one.card, "seen": seen.get(one.pk, 0),
            }
            for one in access.read_takers(child, by=user)
        ],
    }  # fmt: skip


def _brought_words(row: ChildDay) -> str:
    """到班, and who brought the child; the name of whoever is not on the list is sealed."""
    if row.arrived_at is None:
        return ""
    if row.brought_by is not None:
        return _("到班，%(who)s送") % {"who": row.brought_by.get_kin_display()}
    return _("到班，自己来的") if row.came_alone else _("到班")


# --- one child


@require_safe
def child(request: HttpRequest, pk: UUID, child: UUID) -> HttpResponse:
    """All that is known of a child, for whoever has been let in; opening it is an entry of the log."""
    case, user = visible_case(request, SHAPE, pk), person(request)
    shown = child_of(case, str(child))
    access.read(shown.class_file, by=user, page="child", child=shown)
    rows = list(shown.days.select_related("left_with", "brought_by").order_by("-day")[:60])
    context = {
        "case": case,
        "child": shown,
        "guardians": shown.guardians.all(),
        "contact": access.contact_of(shown),
        "pick_ups": [
            {"row": one, "offers": offers(user, case, "drop-pick-up", item=one.pk)} for one in shown.pick_ups.filter(removed_at=None)
        ],
        "days": rows,
        "there": sum(row.state in THERE for row in rows),
        "held": len(rows),
        "notes": shown.notes.select_related("by")[:20],
        "offers": offers(user, case, *(["agree"] if shown.enrolment.state == EnrolmentState.CONFIRMED else []), "care", "add-pick-up", "contact", "alone", "consent", item=shown.pk),
    }  # fmt: skip
    return render(request, "childcare/child.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def health(request: HttpRequest, pk: UUID, child: UUID) -> HttpResponse:
    """Ask why, then show allergies and health once, with what was measured at the door."""
    return _revealed(
        request, pk, child, "health", _("第 %(n)d 号的过敏和健康"), partial(access.read_health, measured=True)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def phones(request: HttpRequest, pk: UUID, child: UUID) -> HttpResponse:
    """Ask why, then show once whom to call about a child, in the order in which they are tried."""
    return _revealed(request, pk, child, "phones", _("第 %(n)d 号的家长和紧急联系人"), access.read_phones)


def _revealed(
    request: HttpRequest, pk: UUID, child: UUID, field: str, words: str, read: Callable[..., str]
) -> HttpResponse:
    case, user = visible_case(request, SHAPE, pk), person(request)
    shown = child_of(case, str(child))
    check_cares(user, shown.class_file)
    form = RevealForm(data(request))
    context: dict[str, Any] = {
        "form": form, "what": words % {"n": shown.enrolment.serial}, "place": f"{field}-{shown.pk}", "action": request.path,
        "back": f"{reverse('childcare:day', args=[pk])}?kid={shown.enrolment.serial}",
    }  # fmt: skip
    part = bool(request.htmx)  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        try:
            context["value"] = read(shown, by=user, reason=form.cleaned_data["reason"])
        except NotAllowed:
            raise
        except ActionError as error:
            refuse(form, error)
        else:
            return secret(request, "org/_revealed.html" if part else "org/revealed.html", context)
    response = render(
        request, "org/_reveal.html" if part else "org/reveal.html", context, status=422 if form.errors else 200
    )
    response.is_refused_form = bool(form.errors)  # type: ignore[attr-defined]
    if form.errors and part:
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response


@require_safe
def children(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The children of a class by name, for whoever has been let in."""
    case, user = visible_case(request, SHAPE, pk), person(request)
    found = file_of(case)
    if refusal(check_may_see, user, found):
        return render(
            request,
            "childcare/closed.html",
            {"case": case, "offers": offers(user, case, "ask"), "asked": _open_asking(user, found)},
        )
    access.read(found, by=user, page="children")
    rows = found.children.select_related("enrolment").order_by("enrolment__serial")[:200]
    context = {"case": case, "rows": rows, "offers": offers(user, case, "child")}
    return render(request, "childcare/children.html", context)


@require_safe
def sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """签到接送表 of today (domain D22), for whoever has been let in."""
    case, user = visible_case(request, SHAPE, pk), person(request)
    found, today = file_of(case), timezone.localdate()
    access.read(found, by=user, page="sheet")
    days_ = {
        row.child_id: row
        for row in ChildDay.objects.filter(child__class_file=found, day=today).select_related("left_with", "brought_by")
    }
    here = found.children.filter(released_at=None, enrolment__state__in=HERE).select_related("enrolment")
    rows = [(one, days_.get(one.pk)) for one in here.order_by("enrolment__serial")]
    return render(request, "childcare/sheet.html", {"case": case, "file": found, "rows": rows})


@require_safe
def papers(request: HttpRequest, pk: UUID, child: UUID) -> HttpResponse:
    """报名表 and 协议书 of a child (domain D22), for whoever has been let in; health stays sealed."""
    case, user = visible_case(request, SHAPE, pk), person(request)
    shown = child_of(case, str(child))
    form = access.read_form(shown, by=user)
    context = {"case": case, "file": shown.class_file, "child": shown, **form}
    return render(request, "childcare/papers.html", context)


@login_not_required
@require_safe
def rule(request: HttpRequest) -> HttpResponse:
    """The written rule for the data of children under 14 (个人信息保护法 Art 31)."""
    return render(request, "childcare/rule.html", {"version": RULE_VERSION})
