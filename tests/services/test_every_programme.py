"""Every programme of the catalogue, from its registration to its end, through the doors that people use.

One walk for all shapes: the form that begins a case, then each usual step by whoever may take it, with its form filled in by
what its fields hold. What a shape needs beside its steps stands in tests/services/everything (VALUES, prepare).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from services.actions import cases
from services.actions.programmes import install
from services.catalogue import WALKED_BY, rows
from services.claims import actions as payments
from services.claims.models import Claim, Entry
from services.enums import AT_BIRTH, Applicant
from services.hardship import actions as households
from services.models import Programme
from services.outside.forms import PublicForm
from services.permissions import refuse
from services.shapes import ShapeKind, kind_for, shape_kinds
from tests.columns import walk_columns
from tests.counter.telephones import verified
from tests.kept import kept
from tests.sampling import taken
from tests.services.test_hardship import opened, plan
from tests.services.test_outside import slip
from tests.services.walking import APPLICANT, IDENTITY, PHONE, filled, prepare, values_of
from tests.services.worlds import make_issue, make_programme
from tests.world import World, make_user, make_world
from unionops.casework.models import Task
from unionops.org.enums import Role
from unionops.org.models import Event
from visits.models import Issue

pytestmark = pytest.mark.django_db

# Who is asked to take a step, in this order; the first who may does it.
PEOPLE = ("officer", "other_handler", "handler", "second", "third", "town", "cadre", "leader", "chief", "clerk")
# More steps than any programme has: a walk that is longer goes round in circles.
MOST_STEPS = 30
# Beside the catalogue: each shape with all its steps and with none that may be left out.
WHOLE = [(f"{kind.shape}_{size}", kind.shape) for kind in shape_kinds() for size in ("longest", "shortest")]
# Each run walks every eighth programme of the catalogue, always the same ones; UNIONOPS_TESTS=full walks all.
CODES = [row["code"] for row in rows() if row["code"] not in WALKED_BY and taken("walk", row["code"], of=8)]


@kept
def federation() -> World:
    """A district that has taken the whole catalogue."""
    world = make_world()
    # Four eyes need more than one pair.
    for name in ("second", "third"):
        world.people[name] = make_user(name, Role.OFFICER, world.department)
    install(world.district, rows(), by=world["admin"])
    for name, shape in WHOLE:
        steps = sorted(kind_for(shape).optional) if name.endswith("longest") else []
        make_programme(world, shape, code=name, steps=steps)
    return world


@pytest.mark.parametrize("code", [*(name for name, _shape in WHOLE), *CODES])
def test_it_is_walked_from_registration_to_its_end(federation: World, client: Client, code: str) -> None:
    world, programme = federation, Programme.objects.get(code=code)
    kind = kind_for(programme.shape)
    case = begin(world, client, programme, kind)
    walked: list[str] = []
    while case.is_open:
        walked.append(next_verb(case, kind))
        assert len(walked) < MOST_STEPS, case.state
        case = go_on(world, client, case, kind, walked[-1])
    assert case.closed_at is not None
    taken = [
        event.verb.partition(".")[2]
        for event in Event.objects.about(kind.model._meta.model_name, case.pk).order_by("pk")
    ]
    assert taken[0] == "register"
    assert [verb for verb in taken if verb in walked] == walked
    # Every step that the programme uses was taken, or what stands for it where one leads past it.
    assert {verb for verb in kind.line_of(programme) if case_could(kind, programme, verb)} <= set(walked)
    listed = client.get(reverse("services:cases", args=[code]), {"state": "closed"}).content.decode()
    assert case.number in listed


@pytest.mark.parametrize("shape", [kind.shape for kind in shape_kinds()])
def test_an_issue_of_a_visit_goes_into_any_programme_and_its_answer_comes_back(
    federation: World, client: Client, shape: str
) -> None:
    world, programme, kind = federation, Programme.objects.get(code=f"{shape}_shortest"), kind_for(shape)
    issue = make_issue(world)
    case = begin(world, client, programme, kind, issue)
    assert (case.issue, case.channel) == (issue, "issue")
    walk_columns(client, reverse("services:cases", args=[programme.code]))
    # Both ways: the page of each leads to the other, and so does each list of links behind the API.
    pages = {reverse("visits:issue", args=[issue.pk]): case, reverse(f"services:{shape}", args=[case.pk]): issue}
    for page, other in pages.items():
        assert other.number in client.get(page).content.decode(), page
    while case.is_open:
        case = go_on(world, client, case, kind, next_verb(case, kind))
    task = Task.objects.get(case_id=issue.pk, done_at=None)
    assert case.number in task.what
    client.force_login(world["handler"])
    told = f"{programme.name} {case.number}"
    assert told in client.get(f"/issues/{issue.pk}/answer/").content.decode()
    issue.refresh_from_db()
    answer = {"result_kind": "resolved", "result_text": task.what, "answer_way": "phone", "version": issue.version}
    assert client.post(f"/issues/{issue.pk}/answer/", answer).status_code == 302
    issue.refresh_from_db()
    assert issue.state in ("answered", "followup_due")


def test_relief_goes_from_the_list_of_a_campaign_to_the_book(world: World) -> None:
    file = opened(world)
    campaign = plan(world)
    households.list_files(campaign, [file], by=world["officer"])
    for verb, by in (("check", "town"), ("approve", "leader")):
        assert households.take_all(campaign, verb, by=world[by]) == (1, [])
    claim = Claim.objects.get(campaign_item__campaign=campaign)
    payments.confirm_batch(
        payments.make_batch(campaign.programme, [claim], by=world["officer"]), by=world["other_handler"]
    )
    claim = cases.take(claim, "sign", by=world["town"], signed_by="陈桂芳", signed_on=timezone.localdate())
    claim = cases.take(claim, "account", by=world["officer"])
    assert (claim.state, claim.amount) == ("closed", Decimal(500))
    assert Entry.objects.filter(claim=claim).count() == 1


# What a visitor types where a field does not tell: a lecture is for a firm.
PUBLIC = [row["code"] for row in rows() if row.get("is_public") and row["shape"] in ("claim", "order")]
# Apply for aid, ask for an expert, a lecture and a lawyer, make a suggestion, join; the others by turns.
ASKED = ("hardship", "tech_orders", "ten_minutes", "law_advice", "proposals", "membership")


@pytest.mark.parametrize("code", [code for code in PUBLIC if code in ASKED or taken("door", code, of=4)])
def test_whoever_shows_a_telephone_asks_for_it_without_an_account(federation: World, client: Client, code: str) -> None:
    """The page of the programme, its form with only what visitors are asked, a receipt, and what becomes of it."""
    world, programme, kind = (
        federation,
        Programme.objects.get(code=code),
        kind_for(Programme.objects.get(code=code).shape),
    )
    cache.clear()
    visitor = Client()
    assert programme.name in visitor.get("/public/services/").content.decode()
    assert programme.name in visitor.get(f"/public/services/{programme.pk}/").content.decode()
    page = f"/public/services/{programme.pk}/apply/"
    assert visitor.get(page)["Location"].startswith("/public/phone/")
    verified(visitor)
    shown = visitor.get(page).content.decode()
    hidden = [extra.key for extra in programme.extras if extra.at != AT_BIRTH or not extra.public]
    assert not [key for key in hidden if f'name="extra_{key}"' in shown]
    form = PublicForm(programme=programme, anonymous=False)
    values = filled(
        form,
        {
            "applicant_name": APPLICANT,
            "town": world.town.pk,
            **({"identity": IDENTITY} if "identity" in form.fields else {}),
        },
    )
    known = slip(visitor, visitor.post(page, values))
    case = kind.model.objects.get(programme=programme)
    assert (case.channel, case.registered_by.username) == ("public", "system")
    told = visitor.post("/public/check/", known).content.decode()
    assert case.state_words in told
    assert APPLICANT not in told
    assert visitor.post("/public/check/", known | {"code": "000000"}).status_code == 422
    assert "/public/services/mine/withdraw/" in visitor.post("/public/services/mine/", known).content.decode()
    # The desk finds it.
    client.force_login(world["officer" if programme.organisation == world.other_department else "handler"])
    assert case.number in client.get(f"/search/?q={case.number}").content.decode()


def begin(world: World, client: Client, programme: Programme, kind: ShapeKind, issue: Issue | None = None) -> Any:
    """As the cadre of the town registers it, or the handler of an issue; the empty form comes first, and what is missing is told."""
    if issue is None:
        address, user = reverse("services:register", args=[programme.code]), world["cadre"]
    else:
        address, user = reverse("services:from_issue", args=[issue.pk, programme.code]), world["handler"]
    client.force_login(user)
    assert client.get(address).status_code == 200
    form = kind.register_form(user=user, programme=programme)
    values = {
        "applicant_kind": programme.applicants[0],
        "town": world.town.pk,
        **values_of(kind.shape).get("register", {}),
    }
    if programme.applicants[0] != Applicant.ANONYMOUS:
        values |= {"applicant_name": APPLICANT, "phone": PHONE}
        if programme.applicants[0] == Applicant.PERSON:
            values["identity"] = IDENTITY
    answer = client.post(address, filled(form, values))
    assert answer.status_code == 302, said(answer)
    (case,) = kind.model.objects.filter(programme=programme)
    assert answer["Location"] == reverse(f"services:{kind.shape}", args=[case.pk])
    return fresh(case, kind)


def go_on(world: World, client: Client, case: Any, kind: ShapeKind, verb: str) -> Any:
    """The next step of the programme, taken by the first person who may take it."""
    prepare(world, case, verb)
    case = fresh(case, kind)
    reasons = {name: refuse(world[name], case, verb) for name in PEOPLE}
    name = next((name for name, reason in reasons.items() if reason is None), "")
    assert name, (case.state, verb, {name: str(reason) for name, reason in reasons.items()})
    client.force_login(world[name])
    form = kind.forms[verb](user=world[name], case=case, verb=verb)
    data = {**filled(form, values_of(kind.shape).get(verb, {})), "version": case.version}
    answer = client.post(reverse("services:step", args=[kind.shape, case.pk, verb]), data)
    assert answer.status_code == 302, (verb, said(answer))
    before, case = case, fresh(case, kind)
    assert case.version > before.version
    return case


def next_verb(case: Any, kind: ShapeKind) -> str:
    for verb in kind.line_of(case.programme):
        if kind.expected(case.programme, verb) == case.state and case_could(kind, case.programme, verb):
            return verb
    open_now = [
        verb for verb, row in kind.table.items() if case.state in row.sources and kind.used(case.programme, verb)
    ]
    usual = [verb for verb in open_now if kind.table[verb].usual]
    # What stays open for years ends when somebody closes it.
    return next(iter(usual), "") or next(
        verb for verb in open_now if kind.table[verb].targets[0] in kind.model.END_STATES
    )


def case_could(kind: ShapeKind, programme: Programme, verb: str) -> bool:
    """Whether the table lets the step be taken where the line of this programme comes to it."""
    return kind.expected(programme, verb) in kind.table[verb].sources


def fresh(case: Any, kind: ShapeKind) -> Any:
    return kind.model.objects.select_related("programme", *kind.related).get(pk=case.pk)


def said(answer: Any) -> str:
    """What the page says is wrong, without the page around it."""
    text = answer.content.decode()
    found = re.search(r'class="errors".*?</ul>', text, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", found[0])[-150:] if found else text[:300]
