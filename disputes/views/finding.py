"""A case for the pages about it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from unionops.org.views.answers import person

from ..models import Dispute


def visible_dispute(request: HttpRequest, pk: UUID) -> Dispute:
    """The case if it exists for this person, with what its page names."""
    disputes = Dispute.objects.visible_to(person(request)).select_related(
        "organisation", "district", "town", "issue", "deadline", "term", "mediator", "registered_by", "holder_user",
        "holder_organisation",
    )  # fmt: skip
    found: Dispute = get_object_or_404(disputes, pk=pk)
    return found


def page_of(dispute: Dispute) -> str:
    return reverse("disputes:dispute", args=[dispute.pk])
