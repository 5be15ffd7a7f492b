"""What hangs on the wall of a claim, over HTTP: the masked rows that the public reads, and nothing of the claim itself."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request

from unionops.org.api.endpoints import Endpoint, answer, find

from .models import Claim


class PublicationRecord(serializers.Serializer):
    """公示：写的时候已经打码，不是从申领里读的。"""

    name = serializers.CharField(source="name_masked")
    unit = serializers.CharField()
    category = serializers.CharField()
    cause = serializers.CharField()
    aid = serializers.CharField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    place = serializers.CharField()
    complaint_phone = serializers.CharField()
    working_days = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    stopped_on = serializers.DateField(allow_null=True)


class PublicationsRecord(serializers.Serializer):
    claim = serializers.UUIDField()
    publications = PublicationRecord(many=True)


class Publications(Endpoint):
    tag, name = "services", "claim_publications"
    summaries: ClassVar = {"GET": gettext_lazy("一件申领的公示，最近的在前")}
    answers: ClassVar = {"GET": PublicationsRecord}

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        claim: Any = find(Claim.objects.visible_to(self.asker.user), pk)
        told = list(PublicationRecord(claim.publications.all(), many=True).data)
        return answer({"claim": pk, "publications": told})


urlpatterns: list[URLPattern] = [
    path("claims/<uuid:pk>/publications/", Publications.as_view(), name="claim_publications"),
]
