"""Every address of the API for every role, made from the resolver and the forms: no 500, 404 to outsiders, 403 to others.

The bodies are lawful, so that what is refused is refused for who asks and not for what was written.
"""

from __future__ import annotations

import datetime
import uuid
from itertools import pairwise
from typing import NamedTuple

import pytest
from django.db import transaction
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone
from rest_framework import serializers

from disputes.api.forms import centres
from disputes.models import Room
from services.api.forms import Code
from services.enums import Shape
from services.models import Programme
from tests.disputes import wholes
from tests.disputes.stories import make_hall
from tests.sampling import taken
from tests.services import walking
from tests.world import make_enterprise, make_user
from unionops.casework.models import Deadline
from unionops.org.api.fields import CreditCode, Day, Form, Key, Keys, LongKey, Moment, Number, Text
from unionops.org.enums import Role
from unionops.org.models import Enterprise, Organisation, Person, User
from visits.actions.visits import VisitDraft, log_visit
from visits.api.forms import CategoryKey
from visits.enums import IssueState
from visits.models import Issue

pytestmark = pytest.mark.django_db

ROLES = (
    "cadre", "other_cadre", "leader", "chief", "clerk", "handler", "other_handler", "town", "mediator", "officer", "auditor",
    "admin", "unposted",
)  # fmt: skip
METHODS = ("GET", "POST", "PATCH", "DELETE")
# Everybody's own: what they answer depends on nobody's role.
OWN = ("token/", "me/", "inbox/", "categories/")


# Days of what has been done.
DONE = (
    "visited_on", "replied_on", "on", "valid_from", "raised_on", "contacted_on", "applicant_agreed_on",
    "respondent_agreed_on", "applied_on", "accepted_on", "decided_on", "asked_on", "signed_on",
)  # fmt: skip


class Door(NamedTuple):
    path: str
    method: str
    form: type[serializers.Serializer] | None
    # As it is written in the routes: the same in each run, while the keys in the path are new.
    template: str

    @property
    def of_thing(self):
        return "<" in self.template


@pytest.fixture
def things(walked):
    return walked.things


def leaves():
    (api,) = [found for found in get_resolver().url_patterns if str(found.pattern) == "api/"]
    (first,) = [found for found in api.url_patterns if str(found.pattern) == "v1/"]
    return first.url_patterns


def doors(things):
    """Each address with each of its methods and the form that it reads."""
    for leaf in leaves():
        template = str(leaf.pattern)
        if not template or template.startswith(OWN):
            continue
        path = template
        for kind in ("uuid", "int"):
            path = path.replace(f"<{kind}:pk>", str(things.get(template.split("/", maxsplit=1)[0])))
            for name in ("contact", "file", "child"):
                path = path.replace(f"<{kind}:{name}>", str(things[name]))
        # A row of an activity by its key: none has this one.
        path = path.replace("<slug:item>", str(things["file"]))
        view = leaf.callback.view_class(**leaf.callback.view_initkwargs)
        for method in METHODS:
            if hasattr(view, method.lower()):
                form = view.forms.get(method)
                yield Door(f"/api/v1/{path}", method, form, template)


def lawful(form, world, *, whole):
    """Values that the form takes, for its required fields or for one of all."""
    fields = form().fields
    # Where it was is not asked of a form that names a firm, and the other way round.
    wanted = {
        name: field for name, field in fields.items() if field.required or (whole and name in ("enterprise", "town"))
    }
    body = {name: value_of(field, world) for name, field in wanted.items()}
    shape = next((shape for shape in Shape.values if form.__name__.lower().startswith(shape)), "")
    if shape and "programme" in body:
        body["programme"] = Programme.objects.filter(shape=shape, district=world.district).first().code
    if not whole:
        return dict(list(body.items())[:1])
    return body


def value_of(field, world):
    match field:
        case serializers.ListSerializer():
            return [lawful(type(field.child), world, whole=True)]
        case serializers.ListField():
            return [value_of(field.child, world)]
        case serializers.DictField():
            # What a calculator asks.
            return {"monthly_pay": "6200.00", "months": "1"}
        case CategoryKey() | Key() | LongKey():
            return key_of(field, world)
        case Day():
            # What is planned lies ahead, what has been done does not.
            done = field.field_name in DONE
            return str(timezone.localdate() + datetime.timedelta(days=0 if done else 7))
        case serializers.ChoiceField():
            return next(iter(field.choices))
    plain = {Moment: timezone.now().isoformat(), CreditCode: "91330602MA2D8EXY31", Number: 1}
    plain |= {serializers.BooleanField: True, serializers.DecimalField: "1.00", Text: "说明情况"}
    plain |= {serializers.UUIDField: str(uuid.UUID(int=1))}
    plain |= {Code: str(world.town.pk if field.field_name == "town" else world.enterprise.pk)}
    return next(value for kind, value in plain.items() if isinstance(field, kind))


def key_of(field, world):
    if isinstance(field, CategoryKey):
        return world.category.pk
    if isinstance(field, Keys):
        return [world.other_department.pk]
    if isinstance(field, LongKey):
        if field.model in (Enterprise, Issue):
            return str((make_enterprise(world.town) if field.model is Enterprise else world.issue()).pk)
        return str(field.model.objects.first().pk)
    if field.model is Room:
        return Room.objects.get().pk
    if field.narrow is centres:
        return world.people["mediator"].postings.get().organisation_id
    if field.model is User:
        return world.people["handler"].pk
    return (world.town if field.field_name == "town" else world.department).pk


def knock(call, door, world):
    """Ask once with a lawful body; nothing stays."""
    body = None
    if door.form is not None and issubclass(door.form, Form):
        body = lawful(door.form, world, whole=door.method == "POST")
    with transaction.atomic():
        headers = {"if_match": "*"} if door.method in ("PATCH", "DELETE") else {}
        response = call(
            door.method, door.path, body if body is not None else ({} if door.method != "GET" else None), **headers
        )
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize("name", ROLES)
def test_no_address_breaks_for_any_role(world, things, callers, name):
    call = callers(name)
    for door in doors(things):
        if not taken("breaks", name, door.method, door.template, of=6):
            continue
        response = knock(call, door, world)

        assert response.status_code < 500, door
        if response.status_code >= 400:
            assert response["Content-Type"] == "application/problem+json", door
            problem = response.json()
            assert problem["detail"], door
            assert problem["status"] == response.status_code


@pytest.mark.parametrize("name", [name for name in ROLES if name != "unposted"])
def test_nothing_of_another_district_exists_at_any_address(world, things, elsewhere, callers, name):
    call = callers(name, elsewhere)
    for door in doors(things):
        if door.of_thing and taken("elsewhere", name, door.method, door.template, of=6):
            assert knock(call, door, world).status_code == 404, door


def test_nothing_exists_at_any_address_for_an_account_without_a_posting(world, things, callers):
    for door in doors(things):
        if door.of_thing:
            assert knock(callers("unposted"), door, world).status_code == 404, door


# Who sees the thing but may not change it, by resource.
READERS = {
    "organisations": "cadre", "enterprises": "chief", "people": "chief", "postings": "cadre", "visits": "chief", "issues": "chief",
    **dict.fromkeys((*wholes.RESOURCES, *walking.RESOURCES, *walking.PARTS), "chief"),
}  # fmt: skip
# What moves by steps: the state, or that a part is not there, is told before who asks.
BY_STEPS = ("issues", *wholes.RESOURCES, *walking.RESOURCES, *walking.PARTS)


def test_who_may_only_read_is_refused_every_change(world, things, callers):
    refused = 0
    for door in doors(things):
        resource = door.path.split("/")[3]
        if door.method == "GET" or resource not in READERS or "watch" in door.path or "attachments" in door.path:
            continue
        response = knock(callers(READERS[resource]), door, world)

        told = {403, 409, 404} if resource in BY_STEPS and door.of_thing else {403}
        if resource == "claims" and door.of_thing:
            # The chief decides large sums: where the step is theirs, it is asked what it needs.
            told |= {400}
        assert response.status_code in told, (door, response.content.decode())
        refused += response.status_code == 403
    assert refused > 40


# --- lists


def fill(world, resource, numbers):
    today = timezone.localdate()
    for number in numbers:
        match resource:
            case "organisations":
                Organisation.objects.create(
                    kind="base_union", name=f"基层工会{number}", parent=world.town, district=world.district
                )
            case "enterprises":
                make_enterprise(world.town)
            case "people":
                Person.objects.create(
                    district=world.district, town=world.town, enterprise=world.enterprise, name="王建国"
                )
            case "postings":
                make_user(f"more{number}", Role.LIAISON, world.town)
            case "visits":
                log_visit(VisitDraft(visited_on=today, enterprise=make_enterprise(world.town)), by=world["cadre"])
            case "issues":
                world.issue(IssueState.HANDLING, handler=world.people["handler"])
            case "deadlines":
                issue = world.issue(IssueState.HANDLING)
                Deadline.objects.create(
                    district=world.district, kind="issue", case_id=issue.pk, rule="issue.handle.3", rule_name="办理",
                    unit="natural", length=15, started_on=today, soon_on=today, due_on=today,
                )  # fmt: skip


LISTS = (
    "organisations",
    "enterprises",
    "people",
    "postings",
    "visits",
    "issues",
    "deadlines",
    *wholes.RESOURCES,
    *walking.RESOURCES,
    *walking.PARTS,
    "programmes",
)


@pytest.mark.parametrize("resource", LISTS)
def test_a_list_costs_the_same_for_any_number_of_rows(world, callers, resource):
    # The book of a place is read by whoever keeps it.
    call = callers("officer" if resource == "bookings" else "leader")
    costs = {}
    hall = make_hall(world)
    for before, count in pairwise((0, 1, 3, 100)):
        if resource in wholes.RESOURCES:
            wholes.fill(hall, resource, range(before, count))
        fill(world, resource, range(before, count))
        walking.fill(world, resource, range(before, count))
        with CaptureQueriesContext(transaction.get_connection()) as seen:
            rows = call.get(f"/api/v1/{resource}/?limit=200").json()["results"]
        costs[count] = len(seen)
        assert len(rows) >= count

    assert len(set(costs.values())) == 1, costs
    assert costs[100] <= 6


def test_the_inbox_costs_the_same_for_any_number_of_rows(world, callers):
    call = callers("handler")
    costs = []
    for count in (1, 2, 97):
        for _ in range(count):
            world.issue(
                IssueState.HANDLING, handler=world.people["handler"], holder_user=world.people["handler"],
                holder_organisation=world.department,
            )  # fmt: skip
        with CaptureQueriesContext(transaction.get_connection()) as seen:
            rows = call.get("/api/v1/inbox/").json()["results"]
        costs.append(len(seen))

    assert len(rows) == Issue.objects.in_hands_of(world["handler"]).count() == 100
    assert len(set(costs)) == 1, costs
