"""A case and a programme for the pages about them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from unionops.org.views.answers import person

from ..models import Programme
from ..queries import seen
from ..shapes import kind_for

# What the page of any case names.
RELATED = (
    "programme", "organisation", "district", "town", "issue", "deadline", "registered_by", "holder_user",
    "holder_organisation", "person", "enterprise",
)  # fmt: skip


def visible_case(request: HttpRequest, shape: str, pk: UUID) -> Any:
    """The case if it exists for this person."""
    kind = kind_for(shape)
    cases = seen(kind, person(request)).select_related(*RELATED, *kind.related)
    return get_object_or_404(cases, pk=pk)


def visible_programme(request: HttpRequest, code: str) -> Programme:
    programmes = Programme.objects.visible_to(person(request)).select_related("organisation", "district")
    return get_object_or_404(programmes, code=code)
