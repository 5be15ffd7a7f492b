"""The description of the API is valid, whole, and true: generated requests get the answers that it promises."""

from __future__ import annotations

import itertools
import re
from contextlib import contextmanager

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from knox.models import AuthToken
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from disputes.enums import CONFIRMATION_TRANSITIONS, SHARE_TRANSITIONS
from disputes.enums import TRANSITIONS as DISPUTE_TRANSITIONS
from services.shapes import shape_kinds
from tests.api.test_access import api_paths
from tests.sampling import WHOLE, taken
from tests.services import walking
from unionops import api
from unionops.api import RESOURCES
from unionops.wsgi import application
from visits.enums import TRANSITIONS

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
# Examples for each operation; with these the whole takes well under a minute.
OF_READS, OF_NONSENSE, OF_WRITES = (3 if WHOLE else 2), 2, 2
WRITTEN = (
    "/api/v1/issues/", "/api/v1/visits/", "/api/v1/enterprises/", "/api/v1/postings/", "/api/v1/disputes/",
    "/api/v1/confirmations/", *(f"/api/v1/{name}/" for name in walking.RESOURCES),
)  # fmt: skip
HELD = re.compile(r"\{(\w+)\}")


@contextmanager
def one_connection():
    """The application as the server calls it would close the connection of the test's transaction; so does Django's client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def description(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), one_connection():
        return schemathesis.openapi.from_wsgi("/api/schema/", application)


@pytest.fixture(scope="module")
def every_operation(description):
    return [found.ok() for found in description.get_all_operations()]


def by_method(operations, method):
    return [found for found in operations if found.method.upper() == method]


def test_the_description_is_a_valid_openapi_document(description):
    description.validate()
    assert description.raw_schema["openapi"].startswith("3.")


def test_no_two_things_of_the_description_have_one_name(db, capsys):
    """Of two that share a name the library keeps one, and says so: whoever reads the other would be misled."""
    api.description.cache_clear()
    api.description("zh-hans")

    assert [line for line in capsys.readouterr().err.splitlines() if "identical names" in line] == []


def test_every_address_is_described_and_every_description_has_an_address(description):
    plain = {HELD.sub("*", path) for path in description.raw_schema["paths"]}
    known = {re.sub(r"/([0-9a-f-]{36}|987654321)(?=/)", "/*", path).replace("/schema/", "/") for path in api_paths()}

    assert plain == known


def test_every_operation_says_its_name_its_answers_and_its_problems(description):
    names = []
    for path, methods in description.raw_schema["paths"].items():
        for method, operation in methods.items():
            names.append(operation["operationId"])
            assert operation["summary"], path
            problem = operation["responses"]["4XX"]["content"]["application/problem+json"]["schema"]["$ref"]
            assert problem.endswith("/Problem")
            headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
            assert ("Idempotency-Key" in headers) or method == "get" or path.startswith("/api/v1/token/"), path
    assert len(names) == len(set(names))


def test_the_resources_of_the_api_and_every_verb_are_there(description):
    paths = set(description.raw_schema["paths"])

    assert {f"/api/v1/{name}/" for name in RESOURCES} <= paths
    tables = {"issues": TRANSITIONS, "disputes": DISPUTE_TRANSITIONS, "confirmations": CONFIRMATION_TRANSITIONS}
    tables["letters"] = SHARE_TRANSITIONS
    # What the system does of itself asks nobody: it has no form, and no address.
    tables |= {name: kind.forms for name, kind in zip(walking.RESOURCES, shape_kinds(), strict=True)}
    for kind, table in tables.items():
        assert {f"/api/v1/{kind}/{{id}}/transitions/{verb}/" for verb in table} <= paths


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_the_description_comes_in_both_forms(db, client, form):
    response = client.get(reverse("api:schema"), {"format": form})

    assert response.status_code == 200
    assert form in response["Content-Type"]


@pytest.fixture
def signed_in(walked):
    """The things of a district, and the headers of somebody who sees all of them."""
    with one_connection():
        yield walked.things, {"Authorization": f"Bearer {AuthToken.objects.create(walked['clerk'])[1]}"}


def try_out(operation, mode, examples, signed_in):
    """Call an operation with generated requests, every second time on a thing that exists; nothing stays.

    Returns the statuses of the answers.
    """
    things, headers = signed_in
    resource = operation.path.split("/")[3]
    asked = itertools.count()
    statuses = set()

    @settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case):
        if next(asked) % 2 and "id" in (case.path_parameters or {}) and resource in things:
            case.path_parameters["id"] = str(things[resource])
        with transaction.atomic():
            statuses.add(case.call_and_validate(headers=headers, checks=CHECKS).status_code)
            transaction.set_rollback(True)

    call()
    return statuses


def test_generated_reads_are_answered_as_described(every_operation, signed_in):
    for operation in by_method(every_operation, "GET"):
        statuses = try_out(operation, GenerationMode.POSITIVE, OF_READS, signed_in)

        # Children are told of only to whoever has been let in to their class.
        assert statuses <= ({200, 400, 403, 404} if "/children/" in operation.path else {200, 400, 404}), operation.path


def test_generated_nonsense_is_answered_as_described(every_operation, signed_in):
    for operation in by_method(every_operation, "GET"):
        if list(operation.iter_parameters()) and taken("nonsense", operation.path, of=2):
            statuses = try_out(operation, GenerationMode.NEGATIVE, OF_NONSENSE, signed_in)

            assert statuses <= {200, 400, 401, 403, 404, 405, 406}, operation.path


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("start", WRITTEN)
def test_generated_writes_are_answered_as_described(every_operation, signed_in, start, mode):
    statuses = set()
    for operation in by_method(every_operation, "POST"):
        # Of the addresses of a resource each run writes to a share.
        if operation.path.startswith(start) and (operation.path == start or taken(operation.path, mode, of=5)):
            statuses |= try_out(operation, mode, OF_WRITES, signed_in)

    assert statuses - {404}
