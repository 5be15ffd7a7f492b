"""Lists of the directory and the settings cost the same for any number of rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.world import SINCE, World, make_enterprise, make_organisation, make_user
from unionops.org.enums import OrganisationKind, Role
from unionops.org.models import Event, KeyListEntry, Person
from visits.models import Category, LedgerImport, Route

GROW = {}


def grows(name: str, who: str):
    def keep(function):
        GROW[name] = (who, function)
        return function

    return keep


@grows("org:people", "leader")
def more_people(world: World, at: int) -> None:
    person = Person(district=world.district, town=world.town, name=f"陈桂芳{at}")
    person.set_names()
    person.save()


@grows("org:accounts", "admin")
def more_accounts(world: World, at: int) -> None:
    make_user(f"more{at}", Role.LIAISON, world.town)


@grows("org:organisations", "leader")
def more_organisations(world: World, at: int) -> None:
    make_organisation(OrganisationKind.BASE_UNION, f"第{at}基层工会", world.town)


@grows("org:log", "auditor")
def more_log(world: World, at: int) -> None:
    Event.objects.create(
        at=timezone.now(),
        kind="user",
        subject_id=str(at),
        verb="user.sign_in",
        by=world["cadre"],
        district=world.district,
    )


@grows("visits:imports", "clerk")
def more_ledgers(world: World, at: int) -> None:
    LedgerImport.objects.create(
        district=world.district,
        file_name=f"台账{at}.xlsx",
        sha256="1" * 64,
        created_by=world.people["clerk"],
        state="done",
    )


@grows("visits:categories", "admin")
def more_categories(world: World, at: int) -> Category:
    return Category.objects.create(code=f"X-{at}", name=f"类别{at}", parent=world.category.parent, position=500 + at)


@grows("visits:routes", "admin")
def more_routes(world: World, at: int) -> None:
    Route.objects.create(district=world.district, category=more_categories(world, at), department=world.department)


@grows("visits:key_enterprises", "leader")
def more_key_enterprises(world: World, at: int) -> None:
    firm = make_enterprise(world.town, f"重点纺织第{at}有限公司")
    KeyListEntry.objects.create(enterprise=firm, valid_from=SINCE)


@pytest.mark.parametrize("name", sorted(GROW))
def test_list_costs_the_same_for_any_number_of_rows(world, as_person, name):
    who, more = GROW[name]
    client, counts, made = as_person(who), [], 0
    for wanted in (1, 3, 100):
        while made < wanted:
            made += 1
            more(world, made)
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        counts.append(len(queries))

    # The hundredth row turns a page: its number is then counted apart.
    assert max(counts) - min(counts) <= 1, counts
    assert max(counts) <= 7, counts
