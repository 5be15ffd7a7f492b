"""What somebody would write who wants nothing but the rows, or nothing but one row saved."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import orjson
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers
from rest_framework.generics import CreateAPIView
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer

from unionops.org.api.endpoints import Endpoint
from visits.models import Issue, Visit
from visits.queries import ISSUE_COLUMNS

Handler = Callable[[HttpRequest], HttpResponse]
ASKED = "HTTP_X_COUNT_STATEMENTS"
TOLD = "X-Statements"


@login_not_required
def one(request: HttpRequest) -> HttpResponse:
    """The least that a page with a database can do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        found = cursor.fetchone()
    return HttpResponse(orjson.dumps(found), content_type="application/json")


@login_not_required
def rows(request: HttpRequest) -> HttpResponse:
    """The columns of the issue list, the 50 newest rows of a district, for anybody."""
    found = Issue.objects.filter(district=request.GET["district"]).order_by("-registered_at", "-id")
    found = found.values("id", *ISSUE_COLUMNS)[:50]
    return HttpResponse(orjson.dumps(list(found)), content_type="application/json")


@login_not_required
def own_rows(request: HttpRequest) -> HttpResponse:
    """The same without the names of anything: what no list can go below."""
    columns = [column for column in ISSUE_COLUMNS if "__" not in column]
    found = Issue.objects.filter(district=request.GET["district"]).order_by("-registered_at", "-id")
    found = found.values("id", *columns)[:50]
    return HttpResponse(orjson.dumps(list(found)), content_type="application/json")


@csrf_exempt
@login_not_required
def insert(request: HttpRequest) -> HttpResponse:
    """One row, as it was sent, by anybody."""
    return _insert(request)


@csrf_exempt
def signed_insert(request: HttpRequest) -> HttpResponse:
    """One row, as it was sent, by a person with a post."""
    if not request.user.scope.posts:  # type: ignore[union-attr]
        return HttpResponse(status=403)
    return _insert(request)


def _insert(request: HttpRequest) -> HttpResponse:
    row = Visit.objects.create(**json.loads(request.body))
    return HttpResponse(orjson.dumps({"id": str(row.pk)}), status=201, content_type="application/json")


class VisitSerializer(serializers.ModelSerializer):
    iso_year = serializers.IntegerField()
    iso_week = serializers.IntegerField()

    class Meta:
        model = Visit
        fields = ("id", "district", "town", "enterprise", "officer", "submitted_by", "number", "visited_on", "iso_year",
                  "iso_week", "contact_name", "summary", "submitted_at")  # fmt: skip


class InsertView(CreateAPIView):
    """One row as the framework writes it: types and keys checked, signed in as in the API of the product."""

    queryset = Visit.objects.all()
    serializer_class = VisitSerializer
    authentication_classes = Endpoint.authentication_classes
    renderer_classes = (JSONRenderer,)
    parser_classes = (JSONParser,)


def count_statements(get_response: Handler) -> Handler:
    """Tell how many statements an answer took, when a request asks."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if ASKED not in request.META:
            return get_response(request)
        seen: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            seen.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            response = get_response(request)
        response[TOLD] = str(len(seen))
        return response

    return middleware
