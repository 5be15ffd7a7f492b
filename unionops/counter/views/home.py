"""The public home page: what can be done here without an account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ..doors import open_door
from ..offers import offers
from ..visitors import visitor_of


@open_door
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    shown = [
        {"label": offer.label, "hint": offer.hint, "icon": offer.icon, "url": reverse(offer.url_name)} for offer in offers()
    ]  # fmt: skip
    return render(request, "counter/home.html", {"offers": shown, "visitor": visitor_of(request)})
