"""Numbers are masked until somebody says why; who read what stands in a log that only grows."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from tests.services.worlds import number_of
from unionops.org.actions.people import create_person
from unionops.org.actions.reveal import MOST_AN_HOUR
from unionops.org.models import Event, Person

PHONE = "13800002047"
IDENTITY = number_of(7)
REASON = "约定补发工资的时间"


@pytest.fixture
def worker(world) -> Person:
    return create_person(
        district=world.district, town=world.town, name="陈桂芳", identity=IDENTITY, phone=PHONE, by=world["cadre"]
    )


def reveal(browser, person: Person, name: str, **fields: str):
    return browser.post(reverse("org:person_reveal", args=[person.pk, name]), fields)


def test_pages_of_a_person_are_masked(world, as_person, worker):
    for address in (reverse("org:people"), *(reverse(f"org:{n}", args=[worker.pk]) for n in ("person", "person_edit"))):
        page = as_person("cadre").get(address).content.decode()
        assert "陈桂芳" in page
        assert PHONE not in page
        assert IDENTITY not in page


def test_search_by_number_finds_the_person_and_shows_no_number(world, as_person, worker):
    for number in (IDENTITY, PHONE, IDENTITY[-4:], PHONE[-4:]):
        page = as_person("cadre").post(reverse("org:people"), {"number": number}).content.decode()
        assert "陈桂芳" in page
    page = as_person("cadre").get(reverse("org:people"), {"number": number_of(8)}).content.decode()
    assert "陈桂芳" in page, "a number in the address is not read"


@pytest.mark.parametrize(("name", "value"), [("phone", PHONE), ("identity", IDENTITY)])
def test_number_is_shown_for_a_reason_and_written_down(world, as_person, worker, name, value):
    answer = reveal(as_person("cadre"), worker, name, reason=REASON)

    assert value in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    event = Event.objects.get(verb="person.reveal")
    assert (event.by, event.subject_id) == (world.people["cadre"], str(worker.pk))
    assert (event.data["field"], event.data["reason"]) == (name, REASON)
    assert value not in str(event.data)


@pytest.mark.parametrize("reason", ["", "   ", "看看"])
def test_without_a_reason_nothing_is_shown(world, as_person, worker, reason):
    answer = reveal(as_person("cadre"), worker, "phone", reason=reason)

    assert answer.status_code == 422
    assert PHONE not in answer.content.decode()
    assert not Event.objects.filter(verb="person.reveal").exists()


@pytest.mark.parametrize(
    ("who", "status"), [("leader", 403), ("chief", 403), ("admin", 404), ("other_cadre", 404), ("auditor", 404)]
)
def test_who_does_not_call_does_not_see(world, as_person, worker, who, status):
    assert reveal(as_person(who), worker, "phone", reason=REASON).status_code == status
    assert not Event.objects.filter(verb="person.reveal").exists()


def test_directory_cannot_be_copied_number_by_number(world, as_person, worker):
    browser = as_person("cadre")
    answers = [reveal(browser, worker, "phone", reason=REASON).status_code for _ in range(MOST_AN_HOUR + 1)]

    assert answers == [200] * MOST_AN_HOUR + [422]
    assert Event.objects.filter(verb="person.reveal").count() == MOST_AN_HOUR


def test_auditor_reads_who_looked_and_why_and_nobody_else_does(world, as_person, worker):
    reveal(as_person("cadre"), worker, "phone", reason=REASON)
    entry = Event.objects.get(verb="person.reveal")

    listed = as_person("auditor").get(reverse("org:log"), {"verb": "reveal"}).content.decode()
    assert REASON in listed
    assert PHONE not in listed
    assert REASON in as_person("auditor").get(reverse("org:log_entry", args=[entry.pk])).content.decode()
    for who in ("admin", "leader", "cadre"):
        assert as_person(who).get(reverse("org:log")).status_code == 403


@pytest.mark.parametrize(
    "sql", ["UPDATE org_event SET verb = 'x'", "DELETE FROM org_event", "TRUNCATE org_event CASCADE"]
)
def test_log_only_grows_even_by_hand_written_sql(world, worker, sql):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Event.objects.filter(verb="person.create").exists()


def test_number_lies_sealed_in_the_table(world, worker):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM org_person WHERE id = %s", [worker.pk])
        row = [bytes(value) if isinstance(value, memoryview) else value for value in cursor.fetchone()]

    assert PHONE not in str(row)
    assert IDENTITY not in str(row)
