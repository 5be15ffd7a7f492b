"""What everybody may see without an account: the map, one place, its QR code; a fault or stars are sent from its page.

Nothing personal is shown and nothing of the visitor is kept. The pages stand on templates/places/public/base.html.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_ratelimit.core import get_usage

from unionops.org.errors import ActionError, TooMany
from unionops.org.forms.fields import refuse
from unionops.org.models import User
from unionops.org.views.answers import data, done

from ...enums import Applicant, Shape
from ...models import Programme
from ...qr import picture
from ...shapes import kind_for, own_facts
from .. import geo, hours
from ..actions.running import give_feedback
from ..actions.upkeep import report
from ..enums import SERVING, RepairSource
from ..forms.finding import FaultForm, StarsGivenForm
from ..models import Place
from ..queries import opinion
from .maps import data_of, listing

STATIONS = "stations"
# One visitor sends so much an hour: a whole round of a town fits, a flood does not.
MOST_AN_HOUR = "20/h"


def public_programmes() -> Any:
    return Programme.objects.running().filter(shape=Shape.PLACE, is_public=True, is_confidential=False)


@login_not_required
@require_safe
def stations(request: HttpRequest) -> HttpResponse:
    """The address that is printed: the stations of the district."""
    programme = public_programmes().filter(code=STATIONS).order_by("pk").first()
    if programme is None:
        return render(request, "places/public/none.html", {})
    return _map(request, programme)


@login_not_required
@require_safe
def programme_map(request: HttpRequest, programme: int) -> HttpResponse:
    return _map(request, get_object_or_404(public_programmes(), pk=programme))


def _map(request: HttpRequest, programme: Programme) -> HttpResponse:
    places = Place.objects.published().filter(programme=programme)
    context = listing(request, programme, places, reverse("places:public_data", args=[programme.pk]), is_public=True)
    others = public_programmes().filter(district=programme.district_id).exclude(pk=programme.pk)
    context |= {
        "programme": programme,
        "page_of": lambda row: reverse("places:public_place", args=[row.code]),
        "others": [
            {"label": one.name, "url": reverse("places:public_programme", args=[one.pk]), "glyph": one.icon} for one in others[:12]
        ],
    }  # fmt: skip
    return render(request, "places/public/map.html", context)


@login_not_required
@require_safe
def public_data(request: HttpRequest, programme: int) -> JsonResponse:
    found = get_object_or_404(public_programmes(), pk=programme)
    return data_of(request, found, Place.objects.published().filter(programme=found), is_public=True)


def published_place(code: str) -> Place:
    places = Place.objects.published().select_related("programme", "town", "district")
    return get_object_or_404(places, public_code=code)


@login_not_required
@require_safe
def public_place(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, published_place(code), FaultForm(), StarsGivenForm())


def _page(request: HttpRequest, place: Place, fault: FaultForm, stars: StarsGivenForm) -> HttpResponse:
    now, told = timezone.now(), kind_for(Shape.PLACE).published(place.programme)
    refused = fault.errors or stars.errors
    context = {
        "place": place,
        "programme": place.programme,
        "is_open": place.is_open_at(now),
        "is_serving": place.state in SERVING,
        "hours": hours.spell(place.hours),
        "season": _season(place),
        "told": told,
        "facilities": place.facility_labels(),
        "host": place.applicant_name if place.applicant_kind != Applicant.PERSON and "host" in told else "",
        "opinion": opinion(place) if "opinion" in told else None,
        "own": own_facts(place),
        "ways": ways_there(place),
        "fault": fault,
        "stars_form": stars,
        "back": _home(place.programme),
    }
    response = render(request, "places/public/place.html", context, status=422 if refused else 200)
    response.is_refused_form = bool(refused)  # type: ignore[attr-defined]
    return response


def _home(programme: Programme) -> str:
    return (
        reverse("places:public_stations")
        if programme.code == STATIONS
        else reverse("places:public_programme", args=[programme.pk])
    )


def _season(place: Place) -> str:
    begin, end = place.season
    if begin is None or end is None:
        return ""
    days = {"from": f"{begin // 100}-{begin % 100}", "to": f"{end // 100}-{end % 100}"}
    return _("每年 %(from)s 到 %(to)s") % days


def ways_there(place: Place) -> list[dict[str, str]]:
    """Links that open a map on the visitor's phone; each in the system that the map speaks."""
    if place.point is None:
        return []
    gcj = geo.from_wgs84(place.point, geo.GCJ02)
    name = place.title.replace(",", " ")
    wgs = place.point
    return [
        {"label": _("用高德导航"), "url": f"https://uri.amap.com/marker?position={gcj.longitude:.6f},{gcj.latitude:.6f}&name={name}"},
        {"label": _("用手机自带地图"), "url": f"geo:{wgs.latitude:.6f},{wgs.longitude:.6f}?q={wgs.latitude:.6f},{wgs.longitude:.6f}"},
    ]  # fmt: skip


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def fault(request: HttpRequest, code: str) -> HttpResponse:
    """Something is broken: it waits with the repairs of the place."""
    place = published_place(code)
    form = FaultForm(data(request))
    if form.is_bound and form.is_valid():
        _count(request)
        system = User.objects.system()
        try:
            report(
                place,
                by=system,
                what=form.cleaned_data["what"],
                detail=form.cleaned_data["detail"],
                source=RepairSource.PUBLIC,
            )
        except ActionError as error:
            refuse(form, error)
        else:
            return done(request, _("谢谢您，已经转给管这里的人。"), reverse("places:public_place", args=[code]))
    return _page(request, place, form, StarsGivenForm())


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stars(request: HttpRequest, code: str) -> HttpResponse:
    place = published_place(code)
    form = StarsGivenForm(data(request))
    if form.is_bound and form.is_valid():
        _count(request)
        system = User.objects.system()
        give_feedback(place, by=system, stars=form.cleaned_data["stars"], text=form.cleaned_data["text"])
        return done(request, _("谢谢您的评价。"), reverse("places:public_place", args=[code]))
    return _page(request, place, FaultForm(), form)


def _count(request: HttpRequest) -> None:
    """So often an hour from one address; the address itself is kept nowhere else."""
    usage = get_usage(request, group="places.public", key="ip", rate=MOST_AN_HOUR, increment=True)
    if usage is not None and usage["should_limit"]:
        raise TooMany(_("您发得太多了。"), next_step=_("请一小时后再试。"))


@login_not_required
@require_safe
def sign(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet with the QR code that hangs at the place."""
    place = published_place(code)
    context = {
        "place": place, "programme": place.programme, "hours": hours.spell(place.hours), "address": _address(request, place),
    }  # fmt: skip
    return render(request, "places/public/sign.html", context)


def _address(request: HttpRequest, place: Place) -> str:
    return request.build_absolute_uri(reverse("places:public_place", args=[place.public_code]))


@login_not_required
@require_safe
def qr(request: HttpRequest, code: str) -> HttpResponse:
    """The QR code of the page of the place, for its sign: black on white, with its quiet zone."""
    place = published_place(code)
    return picture(_address(request, place), keep="public, max-age=86400")
