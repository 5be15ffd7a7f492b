"""The second door: REST under /api/v1/, its OpenAPI description, and pages to read and try it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar

import yaml
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from disputes.api import urls as disputes_urls
from services.activities import api as activities_api
from services.api import urls as services_urls
from services.bookings import api as bookings_api
from services.childcare import api as childcare_api
from services.claims import api as claims_api
from services.hardship import api as hardship_api
from services.places import api as places_api
from unionops.casework.api import urls as casework_urls
from unionops.insight.api import urls as insight_urls
from unionops.org.api import urls as org_urls
from unionops.org.api.endpoints import Endpoint, answer
from unionops.org.api.payloads import dump
from visits.api import urls as visits_urls

app_name = "api"

RESOURCES = (
    "organisations", "enterprises", "people", "postings", "visits", "issues", "disputes", "parties", "sessions", "agreements",
    "obligations", "confirmations", "letters", "appointments", *services_urls.RESOURCES, *places_api.RESOURCES, *hardship_api.RESOURCES,
    *childcare_api.RESOURCES, *bookings_api.RESOURCES, "deadlines", "inbox", "categories", "rollups", "me",
)  # fmt: skip


class Doors(serializers.Serializer):
    """The addresses of the resources, by name."""

    resources = serializers.DictField(child=serializers.CharField())
    schema = serializers.CharField()
    docs = serializers.CharField()
    token = serializers.CharField()


class Root(Endpoint):
    tag, name = "access", "root"
    permission_classes = [AllowAny]
    authentication_classes = []
    summaries: ClassVar = {"GET": _("有哪些资源")}
    answers: ClassVar = {"GET": Doors}

    def get(self, request: Request) -> HttpResponse:
        self.no_query()
        return answer(
            {
                "resources": {name: reverse(f"api:{name}") for name in RESOURCES},
                "schema": reverse("api:schema"),
                "docs": reverse("api:docs"),
                "token": reverse("api:token"),
            }
        )


class NoSuchPlace(Endpoint):
    """Whatever has no endpoint answers in the same form as everything else."""

    schema = None  # type: ignore[assignment]
    permission_classes = [AllowAny]
    authentication_classes = []

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.http_method_names = [(request.method or "GET").lower()]
        setattr(self, self.http_method_names[0], self.refuse)
        return super().dispatch(request, *args, **kwargs)

    def refuse(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404


@lru_cache(maxsize=4)
def description(_language: str) -> Any:
    """What the API is, in the language that is active; made once a process, because making it takes a second."""
    return SchemaGenerator(api_version="v1").get_schema(request=None, public=True)


@lru_cache(maxsize=8)
def schema_text(language: str, form: str) -> bytes:
    found = description(language)
    if form == "json":
        return dump(found)
    # Written by libyaml where the library was built with it: in a quarter of the time.
    return yaml.dump(
        found, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), allow_unicode=True, sort_keys=False
    ).encode()


class SchemaView(Endpoint):
    schema = None  # type: ignore[assignment]
    permission_classes = [AllowAny]
    authentication_classes = []

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type

    def get(self, request: Request) -> HttpResponse:
        form = self.no_query(frozenset({"format"})).get("format", "json")
        form = "yaml" if form == "yaml" else "json"
        return HttpResponse(
            schema_text(get_language() or "", form), content_type=f"application/vnd.oai.openapi+{form}; charset=utf-8"
        )


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI in a page of ours: the library's own has a style block, which our content policy refuses."""

    template_name = "api_docs.html"
    permission_classes = [AllowAny]
    authentication_classes = []
    url_name = "api:schema"
    url_name_schema = "api:schema"


v1 = [
    path("", Root.as_view(), name="root"),
    *org_urls.urlpatterns,
    *casework_urls.urlpatterns,
    *insight_urls.urlpatterns,
    *visits_urls.urlpatterns,
    *disputes_urls.urlpatterns,
    *services_urls.urlpatterns,
    *activities_api.urlpatterns,
    *claims_api.urlpatterns,
    *places_api.urlpatterns,
    *bookings_api.urlpatterns,
    *hardship_api.urlpatterns,
    *childcare_api.urlpatterns,
]

urlpatterns = [
    path("v1/", include(v1)),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    re_path(r"", NoSuchPlace.as_view()),
]
