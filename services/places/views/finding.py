"""A place, a repair and a programme for the pages about them."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from unionops.org.views.answers import person

from ...enums import Shape
from ...models import Programme
from ...views.finding import RELATED, visible_programme
from ..models import Place, Repair


def visible_place(request: HttpRequest, pk: UUID) -> Place:
    return get_object_or_404(Place.objects.visible_to(person(request)).select_related(*RELATED), pk=pk)


def visible_repair(request: HttpRequest, pk: UUID) -> Repair:
    repairs = Repair.objects.visible_to(person(request)).select_related(
        "place__programme", "place__town", "reported_by", "repaired_by", "checked_by"
    )
    return get_object_or_404(repairs, pk=pk)


def place_programme(request: HttpRequest, code: str) -> Programme:
    """A programme of places; another one has no map."""
    found = visible_programme(request, code)
    if found.shape != Shape.PLACE:
        raise Http404
    return found
