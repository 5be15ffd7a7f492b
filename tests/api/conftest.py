"""A client of the API by role: session-less, with a token as a program would use it."""

from __future__ import annotations

import datetime
import json
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from tests.conftest import far_world
from tests.disputes import wholes
from tests.disputes.stories import make_hall
from tests.kept import kept
from tests.services import walking
from tests.world import World, make_world
from unionops.casework.models import Deadline
from unionops.org.models import Contact, Person
from visits.actions.visits import VisitDraft, log_visit
from visits.enums import IssueState


class Caller:
    """One person's program; answers are read as JSON."""

    def __init__(self, user: Any) -> None:
        _made, self.token = AuthToken.objects.create(user)
        self.client = Client()
        self.headers = {"authorization": f"Bearer {self.token}"}

    def __call__(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        body = {} if data is None else {"data": data, "content_type": "application/json"}
        return self.client.generic(method, path, headers=self.headers | names, **_bytes(body))

    def get(self, path: str, **headers: str) -> Any:
        return self("GET", path, **headers)

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        return self("POST", path, {} if data is None else data, **headers)

    def patch(self, path: str, data: Any, version: int | None = None, **headers: str) -> Any:
        if version is not None:
            headers["if_match"] = f'"{version}"'
        return self("PATCH", path, data, **headers)


def _bytes(body: dict[str, Any]) -> dict[str, Any]:
    if "data" in body and not isinstance(body["data"], bytes):
        body["data"] = json.dumps(body["data"]).encode()
    return body


@pytest.fixture
def callers(world: World) -> Any:
    """Return the program of a person by name, made once."""
    made: dict[str, Caller] = {}

    def caller(name: str, of: World = world) -> Caller:
        key = f"{of.district.pk}:{name}"
        if key not in made:
            made[key] = Caller(of[name])
        return made[key]

    return caller


@kept
def walked() -> World:
    """A district with one of each thing that has an address, by the word in it, and a district next door."""
    found = make_world()
    today = timezone.localdate()
    issue = found.issue(IssueState.HANDLING)
    deadline = Deadline.objects.create(
        district=found.district, kind="issue", case_id=issue.pk, rule="issue.handle.3", rule_name="办理", unit="natural",
        length=15, started_on=today, soon_on=today, due_on=today + datetime.timedelta(days=15),
    )  # fmt: skip
    found.things = {
        "organisations": found.department.pk,
        "enterprises": found.enterprise.pk,
        "people": Person.objects.create(district=found.district, town=found.town, name="欧阳丰收").pk,
        "postings": found.people["cadre"].postings.get().pk,
        "visits": log_visit(VisitDraft(visited_on=today, enterprise=found.enterprise), by=found["cadre"]).visit.pk,
        "issues": issue.pk,
        "deadlines": deadline.pk,
        "attachments": uuid.uuid4(),
        "contact": Contact.objects.create(enterprise=found.enterprise, name="王建国").pk,
        "file": uuid.uuid4(),
        "child": uuid.uuid4(),
        **wholes.one_of_each(make_hall(found)),
        **walking.one_of_each(found),
    }
    found.neighbour = far_world()
    return found
