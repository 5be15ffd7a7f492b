"""Who is let in, what exists for whom, and that nothing answers in clear or in HTML."""

from __future__ import annotations

import base64
import datetime
import uuid

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from knox.models import AuthToken

from tests.api.conftest import Caller
from tests.disputes import wholes
from tests.disputes.stories import make_hall
from tests.kept import kept
from tests.sampling import taken
from tests.services import walking
from tests.world import PASSWORD, make_world
from unionops.casework.models import Deadline
from unionops.org.models import Contact, Person
from visits.actions.visits import VisitDraft, log_visit
from visits.enums import IssueState

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"
NAME, PHONE, IDENTITY = "欧阳丰收", "13812345678", "33060219900101001X"


@kept
def full_district():
    """The district with one of each thing in it, and another district next door."""
    found = make_world()
    found.neighbour = make_world("柯桥区总工会", "far_")
    found.things = make_things(found)
    return found


@pytest.fixture
def things(full_district):
    return full_district.things


def make_things(world):
    """One of each, with personal data in it."""
    person = Person(district=world.district, town=world.town, enterprise=world.enterprise, name=NAME)
    person.put("identity", IDENTITY, "330602********001X")
    person.put("phone", PHONE, "138****5678")
    person.identity_last4 = "001X"
    person.save()
    contact = Contact(enterprise=world.enterprise, name=NAME)
    contact.put("phone", PHONE, "138****5678")
    contact.save()
    issue = world.issue(IssueState.HANDLING, claimant_kind="person")
    issue.put("claimant_name", NAME, "欧**收")
    issue.put("claimant_phone", PHONE, "138****5678")
    issue.save()
    today = timezone.localdate()
    deadline = Deadline.objects.create(
        district=world.district, kind="issue", case_id=issue.pk, rule="issue.handle.3", rule_name="办理", unit="natural",
        length=15, started_on=today, soon_on=today, due_on=today + datetime.timedelta(days=15),
    )  # fmt: skip
    issue.deadline = deadline
    issue.save(update_fields=["deadline"])
    draft = VisitDraft(visited_on=today, enterprise=world.enterprise, contact_name=NAME, contact_phone=PHONE)
    visit = log_visit(draft, by=world["cadre"]).visit
    return {
        "organisations": world.department.pk,
        "enterprises": world.enterprise.pk,
        "people": person.pk,
        "postings": world.people["cadre"].postings.get().pk,
        "visits": visit.pk,
        "issues": issue.pk,
        "deadlines": deadline.pk,
        **wholes.one_of_each(make_hall(world), name=NAME, phone=PHONE, identity="330602196501010012"),
        **walking.one_of_each(world, applicant_name=NAME, phone=PHONE, identity=IDENTITY),
    }


# What exists for whom in the district: the auditor reads the log, not content; the administrator keeps the directory.
EVERYBODY = {
    "cadre", "other_cadre", "leader", "chief", "clerk", "handler", "other_handler", "town", "mediator", "officer", "auditor",
    "admin",
}  # fmt: skip
SEES = {
    "organisations": EVERYBODY,
    "postings": EVERYBODY,
    "enterprises": EVERYBODY - {"auditor"},
    # Town roles see the people of their own towns.
    "people": EVERYBODY - {"auditor", "admin", "other_cadre"},
    "visits": {"cadre", "town", "leader", "chief", "clerk"},
    "issues": {"cadre", "town", "leader", "chief", "clerk", "handler"},
    "deadlines": {"cadre", "town", "leader", "chief", "clerk", "handler"},
    # Whoever leads or keeps the district, and the staff of the centre.
    **{key: {"leader", "chief", "clerk", "mediator"} for key in wholes.RESOURCES},
    # Whoever leads or keeps the district, the department in charge, the town, and who registered it.
    **{key: {"leader", "chief", "clerk", "officer", "other_handler", "town", "cadre"} for key in walking.RESOURCES},
    "programmes": EVERYBODY,
}


@pytest.mark.parametrize("resource", SEES)
@pytest.mark.parametrize("name", sorted(EVERYBODY | {"unposted"}))
def test_what_exists_for_whom(world, things, callers, resource, name):
    call = callers(name)

    listed = {str(row["id"]) for row in call.get(f"/api/v1/{resource}/?limit=200").json()["results"]}
    detail = call.get(f"/api/v1/{resource}/{things[resource]}/")

    seen = name in SEES[resource]
    assert (str(things[resource]) in listed) is seen
    assert detail.status_code == (200 if seen else 404)


@pytest.mark.parametrize("resource", SEES)
def test_another_district_sees_nothing(world, things, elsewhere, callers, resource):
    for name in sorted(EVERYBODY):
        # Whoever leads a whole district is asked of everything: who sees nothing at home proves little here.
        if name != "leader" and not taken("elsewhere", resource, name, of=3):
            continue
        call = callers(name, elsewhere)
        listed = {str(row["id"]) for row in call.get(f"/api/v1/{resource}/?limit=200").json()["results"]}

        assert str(things[resource]) not in listed, name
        assert call.get(f"/api/v1/{resource}/{things[resource]}/").status_code == 404, name


@pytest.mark.parametrize("name", ["leader", "cadre", "handler", "clerk", "town", "mediator"])
def test_nothing_personal_leaves_in_clear(world, things, callers, name):
    call = callers(name)
    paths = [f"/api/v1/{resource}/{suffix}" for resource, pk in things.items() for suffix in ("", f"{pk}/")]
    paths += [f"/api/v1/{kind}/{things[kind]}/timeline/" for kind in ("issues", "disputes", *walking.RESOURCES)]
    paths += ["/api/v1/inbox/?tab=department"]

    for path in paths:
        text = call.get(path).content.decode()
        assert NAME not in text, path
        assert PHONE not in text, path
        assert IDENTITY not in text, path
        assert "330602196501010012" not in text, path


def api_paths():
    """Every address of the API, with made-up keys in it."""
    keys = {"uuid": str(uuid.uuid4()), "int": "987654321"}
    found = []
    for pattern in get_resolver().url_patterns:
        if str(pattern.pattern) == "api/":
            for version in pattern.url_patterns:
                for leaf in getattr(version, "url_patterns", []):
                    path = f"/api/v1/{leaf.pattern}"
                    for kind, key in keys.items():
                        for name in ("pk", "file", "contact", "child"):
                            path = path.replace(f"<{kind}:{name}>", key)
                    path = path.replace("<slug:item>", keys["int"])
                    found.append(path)
    return found


OPEN = {"/api/v1/"}


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"])
def test_nobody_gets_anything_without_signing_in(db, client, method):
    for path in api_paths():
        response = client.generic(method, path, b"{}", content_type="application/json")

        if path in OPEN or (path == "/api/v1/token/" and method == "POST"):
            assert response.status_code < 500
            continue
        assert response.status_code in (401, 405), path
        assert response["Content-Type"] == PROBLEM
        if response.status_code == 401:
            assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_made_up_keys_are_not_found_and_never_break(world, callers, method):
    call = callers("clerk")
    for path in api_paths():
        if "987654321" not in path and path.count("-") < 4:
            continue
        response = call(method, path, {}, if_match='"1"')

        assert response.status_code in (404, 405), path
        assert response["Content-Type"] == PROBLEM


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing/", "/api/v1/issues", "/api/v1/issues/not-a-uuid/", "/api/", "/api/v1/organisations/99999999999999999999/",
        f"/api/v1/organisations/{'9' * 5000}/", "/api/v1/deadlines/-1/", "/api/v2/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_not_there_answers_as_a_problem(world, callers, path, method):
    response = callers("clerk")(method, path, {})

    assert response.status_code in ({404} if method == "GET" else {404, 405})
    assert response["Content-Type"] == PROBLEM


# --- tokens


def sign_in(client, username, password=PASSWORD):
    return client.post("/api/v1/token/", {"username": username, "password": password}, content_type="application/json")


def test_token_opens_the_door_until_it_is_revoked(world, client):
    token = sign_in(client, "clerk").json()["token"]
    headers = {"authorization": f"Bearer {token}"}

    assert client.get("/api/v1/me/", headers=headers).json()["username"] == "clerk"
    assert client.delete("/api/v1/token/", headers=headers).status_code == 204
    assert client.get("/api/v1/me/", headers=headers).status_code == 401


def test_token_expires(world, client):
    response = sign_in(client, "clerk")
    AuthToken.objects.update(expiry=timezone.now() - datetime.timedelta(seconds=1))

    answer = client.get("/api/v1/me/", headers={"authorization": f"Bearer {response.json()['token']}"})

    assert answer.status_code == 401
    assert not AuthToken.objects.exists()


def test_all_tokens_are_revoked_together(world, client):
    tokens = [sign_in(client, "clerk").json()["token"] for _ in range(2)]

    assert client.delete("/api/v1/token/all/", headers={"authorization": f"Bearer {tokens[0]}"}).status_code == 204
    assert client.get("/api/v1/me/", headers={"authorization": f"Bearer {tokens[1]}"}).status_code == 401


def test_a_right_ends_with_its_posting_on_the_next_request(world, callers):
    issue = world.issue(IssueState.SUBMITTED)
    call = callers("clerk")
    assert call.get(f"/api/v1/issues/{issue.pk}/").status_code == 200

    world.people["clerk"].postings.update(valid_to=timezone.localdate() - datetime.timedelta(days=1))

    assert call.get(f"/api/v1/issues/{issue.pk}/").status_code == 404
    assert call.post(f"/api/v1/issues/{issue.pk}/transitions/void/", {"reason": "重复"}).status_code == 404


def test_five_wrong_passwords_lock_the_account_from_that_address(world, client):
    codes = [sign_in(client, "clerk", "wrong").status_code for _ in range(5)]

    locked = sign_in(client, "clerk")

    assert set(codes) <= {401, 429}
    assert locked.status_code == 429
    assert locked["Content-Type"] == PROBLEM
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert sign_in(elsewhere, "clerk").status_code == 201
    assert sign_in(client, "leader").status_code == 201


def test_an_inactive_account_has_no_token_and_loses_its_old_ones(world, client, callers):
    call = callers("clerk")
    world.people["clerk"].is_active = False
    world.people["clerk"].save(update_fields=["is_active"])

    assert call.get("/api/v1/me/").status_code == 401
    assert sign_in(client, "clerk").status_code == 401


def test_a_password_that_must_be_changed_opens_nothing(world, client, callers):
    call = callers("clerk")
    world.people["clerk"].must_change_password = True
    world.people["clerk"].save(update_fields=["must_change_password"])

    assert sign_in(client, "clerk").status_code == 403
    assert call.get("/api/v1/me/").status_code == 403


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer x", "Bearer \u4e2d", "Token " + "a" * 64, "Digest x", "Bearer a b", "Basic !!!"]
)
def test_bad_credentials_are_told_so(world, client, header):
    response = client.get("/api/v1/me/", headers={"authorization": header})

    assert response.status_code == 401
    assert response["Content-Type"] == PROBLEM


def basic(username, password):
    return {"authorization": "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()}


def test_passwords_in_the_header_only_in_demo_mode(world, client, settings):
    assert client.get("/api/v1/me/", headers=basic("clerk", PASSWORD)).status_code == 401

    settings.UNIONOPS_DEMO = True

    assert client.get("/api/v1/me/", headers=basic("clerk", PASSWORD)).status_code == 200
    assert client.get("/api/v1/me/", headers=basic("clerk", "wrong")).status_code == 401


def test_a_session_needs_its_csrf_token_to_write(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world["clerk"], backend="unionops.org.backends.PeopleBackend")
    issue = world.issue(IssueState.SUBMITTED)
    path = f"/api/v1/issues/{issue.pk}/transitions/void/"

    assert client.get("/api/v1/me/").status_code == 200
    refused = client.post(path, {"reason": "重复"}, content_type="application/json")
    client.cookies["csrftoken"] = "a" * 32
    allowed = client.post(path, {"reason": "重复"}, content_type="application/json", headers={"x-csrftoken": "a" * 32})

    assert (refused.status_code, refused["Content-Type"]) == (403, PROBLEM)
    assert allowed.status_code == 200


def test_a_token_needs_no_csrf_token(world):
    caller = Caller(world["clerk"])
    caller.client = Client(enforce_csrf_checks=True)
    issue = world.issue(IssueState.SUBMITTED)

    assert caller.post(f"/api/v1/issues/{issue.pk}/transitions/void/", {"reason": "重复"}).status_code == 200


def test_one_key_for_two_contents_answers_as_a_problem_and_does_nothing(world, callers):
    issue = world.issue(IssueState.SUBMITTED)
    clerk, address = callers("clerk"), f"/api/v1/issues/{issue.pk}/do/add_note/"
    assert clerk.post(address, {"text": "电话核过"}, idempotency_key="k-1").status_code < 300

    response = clerk.post(address, {"text": "另一句"}, idempotency_key="k-1")

    told = response.json()
    assert (response.status_code, response["Content-Type"]) == (409, "application/problem+json")
    assert told["type"] == "urn:unionops:problem:key-reused"
    assert (told["errors"], told["status"]) == ([], 409)
    assert "换一个键" in told["next_step"]


def test_key_that_is_too_long_is_named_as_the_fault(world, callers):
    issue = world.issue(IssueState.SUBMITTED)

    response = callers("clerk").post(f"/api/v1/issues/{issue.pk}/do/add_note/", {"text": "x"}, idempotency_key="k" * 65)

    told = response.json()
    assert (response.status_code, told["type"]) == (400, "urn:unionops:problem:invalid")
    assert [error["field"] for error in told["errors"]] == ["Idempotency-Key"]
    assert told["next_step"]


def test_contact_that_somebody_else_has_just_edited_is_told_with_its_version(world, things, callers):
    firm = f"/api/v1/enterprises/{world.enterprise.pk}/"
    (row,) = callers("clerk").get(firm).json()["contacts"]
    contact, seen = f"{firm}contacts/{row['id']}/", row["version"]
    assert callers("clerk").patch(contact, {"position": "工会主席"}).status_code == 428
    first = callers("clerk").patch(contact, {"position": "工会主席"}, version=seen)

    late = callers("clerk").patch(contact, {"position": "厂长"}, version=seen)

    (row,) = first.json()["contacts"]
    assert (first.status_code, first["ETag"]) == (200, f'"{row["version"]}"')
    assert (late.status_code, late.json()["current_version"]) == (409, row["version"])
    assert world.enterprise.contacts.get().position == "工会主席"
    assert callers("clerk").patch(contact, {"position": "厂长"}, version=row["version"]).status_code == 200
