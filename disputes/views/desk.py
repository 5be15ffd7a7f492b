"""The desk of a mediation centre: the day, the rooms and their book, the calendar outside, the view of the head."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionops.casework.deadlines import lamp_of
from unionops.org.enums import OrganisationKind, Role
from unionops.org.errors import NotAllowed
from unionops.org.models import Organisation, User
from unionops.org.views.answers import Step, again, data, done, person, secret, step, tried

from .. import agenda
from ..actions import appointments, feeds
from ..forms.desk import BookForm, CancelForm, CloseRoomForm, EditRoomForm, RoomForm
from ..ics import calendar_text
from ..models import Appointment, CalendarFeed, Dispute, Duty, Room
from ..outside.panel import letters_of

ONE_DAY = datetime.timedelta(days=1)
# Coming appointments of a room that its page shows.
MOST_COMING = 50


def asked_day(request: HttpRequest) -> datetime.date:
    """The day in the address, today where there is none or none that can be read."""
    try:
        found = parse_date(request.GET.get("on", ""))
    except ValueError:
        found = None
    return found if found is not None and 2000 <= found.year <= 2100 else timezone.localdate()


def _cases(rows: list[Dispute], today: datetime.date) -> list[dict[str, Any]]:
    return [{"case": row, "lamp": lamp_of(row.deadline, today)} for row in rows]


@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """The mediator's day: whom to meet, what is due, what has to be pressed for."""
    user = person(request)
    centres = agenda.check_enters_desk(user)
    on, today = asked_day(request), timezone.localdate()
    context = {
        "today": today,
        "shown": agenda.day_of(user, centres, on),
        "before": on - ONE_DAY,
        "after": on + ONE_DAY,
        "cases": _cases(agenda.carried_by(user), today),
        "owed": agenda.obligations_due(user, today),
        "feed": CalendarFeed.objects.filter(user=user).first(),
        "may_book": bool(user.scope.departments),
        "heads": heads_centre(user, centres),
        "on_duty": Duty.objects.standing()
        .filter(centre__in=centres, day=on)
        .select_related("user")
        .order_by("part", "pk"),
    }
    return again(request, "disputes/day.html", context)


def heads_centre(user: User, centres: list[Organisation]) -> bool:
    scope = user.scope
    return any(scope.holds(Role.HEAD, centre.pk) or centre.district_id in scope.districts for centre in centres)


@require_http_methods(["GET", "HEAD", "POST"])
def rooms(request: HttpRequest) -> HttpResponse:
    """The rooms of the centres; the head or an administrator opens one."""
    user = person(request)
    kept = kept_centres(user)
    if not kept:
        agenda.check_enters_desk(user)
    form = RoomForm(data(request), centres=kept) if kept else None
    if request.method == "POST":
        if form is None:
            raise NotAllowed(_("调解室由中心负责人或系统管理员维护。"))
        if form.is_valid():
            fields = form.cleaned_data
            ok, room = tried(form, lambda: appointments.open_room(by=user, **fields))
            if ok:
                return done(request, _("已添加%(name)s。") % {"name": room.name}, reverse("disputes:rooms"))
    found = Room.objects.visible_to(user).select_related("organisation")
    own = {centre.pk for centre in kept}
    rows = [
        {"room": room, "url": reverse("disputes:room", args=[room.pk]) if room.organisation_id in own else ""}
        for room in found.order_by("-is_active", "organisation__name", "name")
    ]
    context = {"rooms": rows, "form": form, "heads": heads_centre(user, agenda.centres_of(user))}
    return again(request, "disputes/rooms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def room(request: HttpRequest, pk: int) -> HttpResponse:
    """A room as its keeper sees it: name and seats, what is still to come in it, and the way to close it."""
    found, user = _kept_room(request, pk), person(request)
    form = EditRoomForm(data(request), room=found)
    if form.is_bound and form.is_valid():
        fields = form.cleaned_data
        ok, _saved = tried(form, lambda: appointments.edit_room(found, by=user, **fields))
        if ok:
            return done(request, _("已保存。"), reverse("disputes:rooms"))
    return _room_page(request, found, form=form)


def _kept_room(request: HttpRequest, pk: int) -> Room:
    user = person(request)
    found = get_object_or_404(Room.objects.visible_to(user).select_related("organisation"), pk=pk)
    appointments.check_keeps_rooms(user, found.organisation)
    return found


def _room_page(
    request: HttpRequest, found: Room, *, form: EditRoomForm | None = None, closing: CloseRoomForm | None = None
) -> HttpResponse:
    coming = list(found.appointments.coming().select_related("dispute", "room", "mediator"))
    context = {
        "room_row": found,
        "coming": [{"row": row, "on": timezone.localdate(row.starts_at).isoformat()} for row in coming[:MOST_COMING]],
        "coming_count": len(coming),
        "edit_form": form or EditRoomForm(room=found),
        "close_form": closing or CloseRoomForm(None, room=found, has_coming=bool(coming)),
        "form": closing or form,
    }
    return again(request, "disputes/room.html", context)


@require_POST
def room_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Closed when nothing is to come, or when what is to come has gone to another room."""
    found, user = _kept_room(request, pk), person(request)
    has_coming = found.appointments.coming().exists()
    form = CloseRoomForm(request.POST, room=found, has_coming=has_coming)
    if form.is_valid():
        ok, _closed = tried(
            form, lambda: appointments.close_room(found, by=user, move_to=form.cleaned_data.get("move_to"))
        )
        if ok:
            return done(request, _("已停用%(name)s。") % {"name": found.name}, reverse("disputes:rooms"))
    return _room_page(request, found, closing=form)


@require_POST
def room_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = _kept_room(request, pk), person(request)
    appointments.reopen_room(found, by=user)
    return done(request, _("%(name)s又可以预约了。") % {"name": found.name}, reverse("disputes:rooms"))


def kept_centres(user: User) -> list[Organisation]:
    """The centres whose rooms and rota the person keeps."""
    scope = user.scope
    found = Organisation.objects.filter(kind=OrganisationKind.MEDIATION_CENTRE, district__in=scope.member_of)
    return [centre for centre in found if appointments.keeps_rooms(user, centre)]


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    """The appointment book: what is taken on a day, and the form that takes a time."""
    user = person(request)
    centres = agenda.check_enters_desk(user)
    form = BookForm(data(request), user=user, centres=centres, initial=_suggested(request))
    if form.is_bound and form.is_valid():
        fields = form.cleaned_data
        starts_at, ends_at = form.moments()
        ok, _made = tried(
            form,
            lambda: appointments.book(
                fields["dispute"], by=user, room=fields["room"], starts_at=starts_at, ends_at=ends_at,
                kind=fields["kind"], mediator=fields["mediator"], note=fields["note"],
                link=fields["link"],
            ),
        )  # fmt: skip
        if ok:
            return done(request, _("已预约。"), f"{reverse('disputes:book')}?on={fields['on'].isoformat()}")
    on = asked_day(request)
    context = {
        "form": form,
        "on": on,
        "before": on - ONE_DAY,
        "after": on + ONE_DAY,
        "taken": agenda.appointments_on(user, centres, on),
        "has_rooms": Room.objects.filter(organisation__in=centres, is_active=True).exists(),
        "may_book": bool(user.scope.departments),
        "heads": heads_centre(user, centres),
    }
    return again(request, "disputes/book.html", context)


def _suggested(request: HttpRequest) -> dict[str, Any]:
    return {"on": asked_day(request), "kind": "face_to_face", "dispute": request.GET.get("dispute", "")}


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: Any) -> HttpResponse:
    """Call an appointment off, with the reason that its mediator reads."""
    user = person(request)
    found = get_object_or_404(Appointment.objects.visible_to(user).select_related("dispute", "room"), pk=pk)
    back = f"{reverse('disputes:book')}?on={timezone.localdate(found.starts_at).isoformat()}"
    form = CancelForm(data(request))
    asked = Step(
        title=_("取消%(number)s的预约") % {"number": found.dispute.number}, submit=_("取消预约"), back=back, danger=True
    )
    return step(
        request, form, asked, lambda: appointments.cancel(found, by=user, reason=form.cleaned_data["reason"]),
        _("预约已取消。"),
    )  # fmt: skip


@require_safe
def centre(request: HttpRequest) -> HttpResponse:
    """What the head of a centre asks: who carries how much, what is late, who should stand back."""
    user = person(request)
    centres = agenda.check_heads_centre(user)
    today = timezone.localdate()
    load = agenda.load_of(centres, today)
    context = {
        "centres": centres,
        "load": load,
        "most": max((row.carried for row in load), default=0) or 1,
        "late": _cases(agenda.overdue_in(user, centres, today), today),
        "waiting": _cases(agenda.unassigned_in(user, centres), today),
        "conflicts": agenda.conflicts_in(user, centres, today),
        "letters": letters_of(user, centres),
    }
    return again(request, "disputes/centre.html", context)


@require_POST
def feed_make(request: HttpRequest) -> HttpResponse:
    """The new address is told once."""
    user = person(request)
    agenda.check_enters_desk(user)
    made = feeds.make_feed(user, by=user)
    address = request.build_absolute_uri(reverse("disputes:calendar_feed", args=[made]))
    return secret(request, "disputes/feed.html", {"address": address})


@require_POST
def feed_revoke(request: HttpRequest) -> HttpResponse:
    user = person(request)
    feeds.revoke_feed(user, by=user)
    return done(request, _("日历地址已停用。"), reverse("disputes:day"))


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, key: str) -> HttpResponse:
    """A person's appointments for a calendar program: whoever knows the address reads it, so it holds no names of parties."""
    now = timezone.now()
    user = feeds.reader_of(key, now=now)
    if user is None:
        raise Http404
    with translation.override("zh-hans"):
        text = calendar_text(agenda.feed_rows(user, now), name=_("调解预约"), now=now)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="mediation.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
