"""The claim made whole: who may when, the wall, the money, the rules with numbers."""

from __future__ import annotations

import datetime
import io
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone
from uuid6 import uuid7

from services.actions import cases, money
from services.actions import programmes as settings
from services.claims import actions
from services.claims.catalogue import PROGRAMMES
from services.claims.enums import LINE, ClaimState, PaymentState
from services.claims.models import Claim, Entry, Objection, Payment, PaymentBatch, Publication
from services.claims.numbering import new_batch
from services.claims.reckoning import refund_of
from services.enums import Applicant
from services.models import BudgetLine, Parameter, Programme
from services.permissions import refuse
from services.shapes import kind_for
from tests.api.conftest import Caller
from tests.world import SINCE, World, make_user, make_world
from unionops.casework.deadlines import lamp_of
from unionops.casework.models import Deadline, Task
from unionops.org.enums import Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Event, Posting
from unionops.packs import registry

from .worlds import make_issue, make_line, make_programme, number_of, publish_and_clear

ALL_STEPS = ["visit", "check", "verify", "publish", "clear", "audit", "approve", "pay", "confirm_paid", "sign", "object", "settle_objection", "bank_return", "pay_again", "review", "exit", "pause", "resume"]  # fmt: skip
ACCOUNT = "6222020200011112222"
ROLES = (
    "cadre",
    "town",
    "officer",
    "other_handler",
    "handler",
    "leader",
    "chief",
    "clerk",
    "mediator",
    "auditor",
    "admin",
    "unposted",
)
DESK = {"officer", "other_handler"}
LOCAL = DESK | {"town"}
# verb: (where it is allowed when every step of the line is used, by whom). Written from domain 4.1, 4.2 and 4.16.
ALLOWED: dict[str, tuple[set[str], set[str]]] = {
    "check": ({"submitted"}, LOCAL),
    "ask_more": ({"submitted", "checked"}, LOCAL),
    "supplement": ({"supplement"}, LOCAL | {"cadre"}),
    "visit": ({"checked"}, LOCAL),
    "verify": ({"visited"}, DESK),
    "pause": ({"verified"}, LOCAL),
    "resume": ({"paused"}, LOCAL),
    "publish": ({"verified"}, DESK),
    "object": ({"published"}, LOCAL),
    "settle_objection": ({"objected"}, DESK),
    "clear": ({"published"}, DESK),
    "audit": ({"cleared"}, DESK),
    "approve": ({"audited"}, {"leader", "chief"}),
    "pay": ({"approved"}, DESK),
    "confirm_paid": ({"paying"}, DESK),
    "bank_return": ({"paying", "paid"}, DESK),
    "pay_again": ({"returned"}, DESK),
    "sign": ({"paid"}, LOCAL),
    "account": ({"signed"}, DESK),
    "review": ({"held"}, DESK),
    "exit": ({"held"}, DESK),
    "refuse": ({"submitted", "supplement", "checked", "visited", "verified", "paused", "published", "objected", "cleared", "audited"}, DESK | {"leader", "chief"}),
    "withdraw": ({"submitted", "supplement", "checked", "visited", "verified", "paused", "published", "objected", "cleared", "audited"}, LOCAL | {"cadre"}),
    "cancel": ({"approved", "returned"}, DESK | {"leader"}),
}  # fmt: skip


def begin(world: World, programme: Programme, **fields: Any) -> Claim:
    values: dict[str, Any] = {
        "applicant_kind": Applicant.PERSON, "applicant_name": "陈桂芳", "identity": "33060219900101001X",
        "phone": "13800002047", "town": world.town, "amount_asked": Decimal(1000), "account": ACCOUNT, "bank": "工商银行",
    }  # fmt: skip
    return cases.register(programme, by=world["cadre"], **(values | fields))


def approved(world: World, programme: Programme, amount: int = 1000, **fields: Any) -> Claim:
    """A claim of a programme that only approves and pays."""
    claim = begin(world, programme, **fields)
    line = BudgetLine.objects.filter(programmes=programme).first()
    return cases.take(claim, "approve", by=world["leader"], amount=Decimal(amount), budget_line=line)


def test_the_pen_lies_with_whoever_is_next(world: World) -> None:
    programme = make_programme(
        world, steps=["check", "approve", "pay", "confirm_paid"], limits={"leader_ceiling": 1500}
    )
    line = make_line(world, programme)
    claim = begin(world, programme)
    hands = [claim.holder_organisation]
    claim = cases.take(claim, "check", by=world["officer"])
    hands.append(claim.holder_role)
    claim = cases.take(claim, "approve", by=world["leader"], amount=Decimal(1000), budget_line=line)
    hands.append(claim.holder_organisation)
    assert hands == [world.town, "leader", world.other_department]
    large = cases.take(begin(world, programme, amount_asked=Decimal(2000)), "check", by=world["officer"])
    assert large.holder_role == "chief"
    assert large in Claim.objects.in_hands_of(world["chief"])


@pytest.fixture
def paying(world: World) -> Programme:
    programme = make_programme(world, steps=["approve", "pay", "confirm_paid", "sign", "bank_return", "pay_again"])
    make_line(world, programme, total=5000)
    return programme


def in_state(world: World, programme: Programme, state: str) -> Claim:
    """A claim that stands in a state, as a ledger would bring it."""
    claim = begin(world, programme)
    claim.pk, claim.state, claim.ledger_import = uuid7(), state, world.imported
    claim.number = f"{claim.number}-{state[:4]}"[:20]
    claim.closed_at = timezone.now() if state in Claim.END_STATES else None
    claim.save(force_insert=True)
    return Claim.objects.select_related("programme").get(pk=claim.pk)


def test_who_may_take_which_step_in_which_state(world: World) -> None:
    programme = make_programme(world, steps=ALL_STEPS)
    people = {role: world[role] for role in ROLES}
    wrong = []
    for state in ClaimState.values:
        claim = in_state(world, programme, state)
        for verb in Claim.TRANSITIONS:
            states, roles = ALLOWED[verb]
            for role, person in people.items():
                may = refuse(person, claim, verb) is None
                if may != (state in states and role in roles):
                    wrong.append((state, verb, role, may))
    assert not wrong


def test_a_helper_pauses_and_goes_on_and_the_term_stands_still(world: World) -> None:
    """C09: applied, trained, active, paused, left; the days of the pause are none of the term's."""
    row = next(one for one in PROGRAMMES if one["code"] == "helper_roster")
    programme = make_programme(
        world, code="helper_roster", steps=row["steps"], names=row["names"], terms={"verified": [10, "working"]}
    )
    officer = world["officer"]
    # A Monday in a month without holidays.
    start = timezone.make_aware(datetime.datetime(2026, 3, 2, 9))

    def on(days: int) -> datetime.datetime:
        return start + datetime.timedelta(days=days)

    claim = cases.register(
        programme, by=world["cadre"], applicant_kind="person", applicant_name="陈桂芳", town=world.town, now=start
    )
    for verb in ("check", "verify"):
        claim = cases.take(claim, verb, by=officer, now=start)
    due = claim.deadline.due_on
    with pytest.raises(ActionError, match="理由"):
        cases.take(claim, "pause", by=officer, now=on(1))
    claim = cases.take(claim, "pause", by=world["town"], reason="回老家两周", now=on(1))
    assert (claim.state_words, lamp_of(claim.deadline, on(30).date()).words) == ("已暂停", "暂停计时")
    with pytest.raises(InvalidTransition):
        cases.take(claim, "verify", by=officer)
    claim = cases.take(claim, "resume", by=officer, now=on(15))
    claim.deadline.refresh_from_db()
    assert (claim.state, claim.deadline.due_on - due) == ("verified", datetime.timedelta(days=14))
    told = Event.objects.about("claim", claim.pk).get(verb="claim.pause")
    assert told.data["text"] == "回老家两周"
    # Whoever is paused may leave at once.
    claim = cases.take(claim, "pause", by=officer, reason="不再送餐", now=on(16))
    claim = cases.take(claim, "account", by=officer, now=on(20))
    assert (claim.state, Deadline.objects.filter(case_id=claim.pk, met_on=None).exists()) == ("closed", False)


def test_a_pause_has_a_term_of_its_own_and_passes_over_no_approval(world: World) -> None:
    programme = make_programme(
        world, steps=["verify", "approve", "pause", "resume"], terms={"verified": [10, "working"], "paused": [30, "natural"]}
    )  # fmt: skip
    claim = cases.take(begin(world, programme), "verify", by=world["officer"])
    before = claim.deadline
    claim = cases.take(claim, "pause", by=world["officer"], reason="等判决")
    assert claim.deadline.rule == "service.paused"
    with pytest.raises(InvalidTransition, match="先恢复"):
        cases.take(claim, "account", by=world["other_handler"])
    claim = cases.take(claim, "resume", by=world["officer"])
    assert claim.deadline == before
    assert lamp_of(claim.deadline).words != "暂停计时"


def test_four_eyes_whoever_it_is(world: World) -> None:
    """Somebody in every post at once: what one has done, one may not confirm; another one may."""
    programme = make_programme(world, steps=["check", "verify", "approve", "pay", "confirm_paid"])
    line = make_line(world, programme)

    def everybody(name: str) -> Any:
        person = make_user(name, Role.TOWN, world.town)
        for role, unit in ((Role.OFFICER, world.other_department), (Role.LEADER, world.district), (Role.CHIEF, world.district), (Role.LIAISON, world.town)):  # fmt: skip
            Posting.objects.create(user=person, organisation=unit, role=role, valid_from=SINCE)
        return person

    one, two, three = everybody("one"), everybody("two"), everybody("three")
    table = [
        # (who registers, checks, verifies, approves, pays) and the step that is refused.
        ((one, one), "check"), ((one, two, three, one), "approve"), ((one, two, three, two), "approve"),
        ((one, two, three, three), "approve"), ((two, one, one, three, three), "pay"), ((two, one, one, three, one), ""),
    ]  # fmt: skip
    verbs = ("register", "check", "verify", "approve", "pay")
    for people, refused in table:
        claim: Any = None
        for verb, person in zip(verbs, people, strict=False):
            given: dict[str, Any] = {"amount": Decimal(10), "budget_line": line} if verb == "approve" else {}
            if verb == "register":
                claim = cases.register(
                    programme,
                    by=person,
                    applicant_kind="person",
                    applicant_name="陈桂芳",
                    town=world.town,
                    account=ACCOUNT,
                )
            elif verb == refused and person is people[-1] and verb == verbs[len(people) - 1]:
                with pytest.raises(NotAllowed, match="换一个人"):
                    cases.take(claim, verb, by=person, **given)
            else:
                claim = cases.take(claim, verb, by=person, **given)
    with pytest.raises(Error), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(approved_by=claim.registered_by)


# (what somebody has done, what they may then not do). Written from domain 4.2: maker, checker and approver differ; a
# payment is made by one and said to have arrived by another; who heard an objection does not settle it.
APART = {
    ("register", "check"), ("register", "approve"), ("check", "approve"), ("verify", "approve"), ("approve", "pay"),
    ("register", "audit"), ("check", "audit"), ("verify", "audit"), ("audit", "approve"),
    ("approve", "pay_again"), ("approve", "confirm_paid"), ("approve", "account"), ("pay", "confirm_paid"),
    ("object", "settle_objection"),
}  # fmt: skip
# Where it is kept who did it: on the claim, on its payment, on its objection.
DONE_BY: dict[str, Callable[[Claim, Any], Any]] = {
    **{
        verb: lambda claim, user, column=column: Claim.objects.filter(pk=claim.pk).update(**{column: user})
        for verb, column in (
            ("register", "registered_by"), ("check", "checked_by"), ("verify", "verified_by"), ("audit", "audited_by"),
            ("approve", "approved_by"),
        )
    },
    "pay": lambda claim, user: claim.payments.update(made_by=user),
    "object": lambda claim, user: claim.objections.update(by=user),
}  # fmt: skip


def test_four_eyes_for_every_role_at_every_step(world: World) -> None:
    """Whatever somebody has done before, in whatever post they come to the next step: the table says whether they may."""
    programme = make_programme(world, steps=ALL_STEPS)
    line = make_line(world, programme)
    strangers = [make_user(f"stranger{number}") for number in range(len(DONE_BY))]
    seen, wrong = set(), []
    for state in ClaimState.values:
        claim = in_state(world, programme, state)
        Objection.objects.create(claim=claim, text="他家有店", received_on=timezone.localdate(), by=strangers[0])
        batch = new_batch(programme, by=strangers[0], now=timezone.now())
        Payment.objects.create(
            batch=batch, claim=claim, budget_line=line, amount=1, payee="陈桂芳", made_by=strangers[0],
            state="sent" if state == "paying" else "returned",
        )  # fmt: skip
        for done, stranger in zip(DONE_BY, strangers, strict=True):
            DONE_BY[done](claim, stranger)
        for verb, (states, roles) in ALLOWED.items():
            # The steps of the line, and those beside it that the rule names; sending back is nobody's approval.
            if state not in states or verb not in {*LINE, *(later for _earlier, later in APART)}:
                continue
            for role in roles & {"officer", "other_handler", "town", "leader", "chief"}:
                person = world[role]
                for done, do in DONE_BY.items():
                    with transaction.atomic():
                        do(claim, person)
                        fresh = Claim.objects.select_related("programme").get(pk=claim.pk)
                        error = refuse(person, fresh, verb)
                        transaction.set_rollback(True)
                    seen.add((done, verb))
                    wanted = "换一个人" if (done, verb) in APART else ""
                    if bool(error) != bool(wanted) or wanted not in str(error):
                        wrong.append((done, verb, role, str(error)))
    assert not wrong
    assert seen >= APART


def test_the_database_itself_keeps_four_eyes(world: World) -> None:
    """Whoever goes past the actions is refused by the tables; a batch says it before anything is taken."""
    programme = make_programme(world, steps=["approve", "pay", "confirm_paid"])
    make_line(world, programme)
    claim = approved(world, programme)
    batch = actions.make_batch(programme, [claim], by=world["officer"])
    with pytest.raises(NotAllowed, match="制单的人不能登记到账"):
        actions.confirm_batch(batch, by=world["officer"])
    one, two, three = (make_user(name) for name in ("one", "two", "three"))
    four = make_user("four")
    whole = {"registered_by": one, "checked_by": two, "verified_by": two, "audited_by": four, "approved_by": three}
    Claim.objects.filter(pk=claim.pk).update(**whole)
    for change in (
        {"checked_by": one}, {"approved_by": one}, {"approved_by": two}, {"verified_by": three},
        {"audited_by": one}, {"audited_by": two}, {"audited_by": three}, {"approved_by": four},
        {"checked_by": None, "verified_by": one},
    ):  # fmt: skip
        with pytest.raises(Error), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(**change)
    with pytest.raises(Error), transaction.atomic():
        Payment.objects.update(confirmed_by=world["officer"])
    Payment.objects.update(confirmed_by=world["other_handler"])
    # Where nobody checks, whoever registered it does not verify it either.
    short = make_programme(world, steps=["verify", "approve"])
    mine = cases.register(short, by=world["officer"], applicant_kind="person", applicant_name="陈桂芳", town=world.town)
    with pytest.raises(NotAllowed, match="换一个人"):
        cases.take(mine, "verify", by=world["officer"])
    assert cases.take(mine, "verify", by=world["other_handler"]).state == ClaimState.VERIFIED


def test_the_wall_shows_nothing_but_what_may_hang_there(world: World, client: Client) -> None:
    programme = make_programme(world, steps=["check", "publish", "clear", "approve", "object", "settle_objection"])
    claim = begin(world, programme, description="丈夫肝病住院")
    claim = cases.take(claim, "check", by=world["officer"])
    for field, text in (("unit", "陈桂芳的单位"), ("cause", "13800002047"), ("aid", "330602********001X")):
        with pytest.raises(ActionError, match="公示里不能有"):
            cases.take(claim, "publish", by=world["officer"], complaint_phone="85120000", **{field: text})
    with pytest.raises(ActionError, match="不少于 5"):
        cases.take(claim, "publish", by=world["officer"], complaint_phone="85120000", working_days=4)
    claim = cases.take(claim, "publish", by=world["officer"], complaint_phone="85120000", unit="恒润纺织", cause="因病")
    found = Publication.objects.get(claim=claim)
    pack = registry.find("claim_notice")
    assert pack is not None
    paper = pack.gather(registry.Wanted(world["officer"], {"programme": programme.pk})).as_json()
    # Page, file and API.
    for page in (
        *(Client().get(url).content.decode() for url in ("/public/notices/", f"/public/notices/{programme.pk}/")),
        str(paper), str(Caller(world["officer"]).get(f"/api/v1/claims/{claim.pk}/publications/").json()["publications"]),
    ):  # fmt: skip
        assert "陈**" in page
        assert "85120000" in page
        for secret in (
            "陈桂芳",
            "33060219900101001X",
            "001X",
            "13800002047",
            "2047",
            "肝病",
            ACCOUNT,
            "2222",
            claim.number,
        ):
            assert secret not in page, secret
    assert claim.deadline.due_on > found.ends_on
    with pytest.raises(InvalidTransition, match="才满"):
        cases.take(claim, "clear", by=world["officer"])
    # Somebody objects: unfounded, and it hangs on; upheld, and the step before is done again.
    claim = cases.take(claim, "object", by=world["town"], text="他家有店", contact="李四 13900001111")
    claim = cases.take(claim, "settle_objection", by=world["officer"], upheld=False, answer="店已关")
    assert claim.state == ClaimState.PUBLISHED
    claim = cases.take(claim, "object", by=world["town"], text="还有一家店")
    claim = cases.take(claim, "settle_objection", by=world["officer"], upheld=True, answer="再核实")
    assert claim.state == ClaimState.SUBMITTED
    assert "陈**" not in Client().get("/public/notices/").content.decode()
    first = claim.objections.exclude(contact_hash="").get()
    client.force_login(world["officer"])
    page = client.get(f"/services/claim/{claim.pk}/").content.decode()
    assert "13900001111" not in page
    seen = client.post(f"/services/claim/{claim.pk}/objections/{first.pk}/contact/", {"reason": "要当面答复"})
    assert "13900001111" in seen.content.decode()
    with pytest.raises(InvalidTransition, match="不公示"):
        secret_one = make_programme(world, steps=["publish", "clear"], is_confidential=True)
        cases.take(begin(world, secret_one), "publish", by=world["officer"], complaint_phone="85120000")


def test_publication_counts_working_days(world: World) -> None:
    programme = make_programme(world, steps=["publish", "clear", "approve"])
    then = timezone.make_aware(datetime.datetime(2026, 9, 18, 9))
    claim = cases.take(begin(world, programme), "publish", by=world["officer"], complaint_phone="85120000", now=then)
    # 2026-09-20 is worked for the holidays, 09-25 to 09-27 are free.
    assert Publication.objects.get(claim=claim).ends_on == datetime.date(2026, 9, 24)


def test_ceilings_and_levels(world: World, paying: Programme) -> None:
    paying.limits = {"case_ceiling": 2000, "year_ceiling": 2500, "leader_ceiling": 1500, "once_a_year": 2}
    paying.save()
    line = BudgetLine.objects.get(programmes=paying)
    with pytest.raises(ActionError, match="每件最多"):
        approved(world, paying, 2001)
    with pytest.raises(NotAllowed, match="主要领导"):
        cases.take(Claim.objects.get(), "approve", by=world["leader"], amount=Decimal(1600), budget_line=line)
    cases.take(Claim.objects.get(), "approve", by=world["chief"], amount=Decimal(1600), budget_line=line)
    # The same person in another street, known by the number alone.
    other = begin(world, paying, town=world.other_town, applicant_name="陈贵芳")
    with pytest.raises(ActionError, match="还能批 900"):
        cases.take(other, "approve", by=world["leader"], amount=Decimal(1000), budget_line=line)
    with pytest.raises(ActionError, match="今年已经申领过"):
        begin(world, paying, town=world.other_town)
    with pytest.raises(ActionError, match="身份证号"):
        begin(world, paying, identity="")
    with pytest.raises(ActionError, match="预算科目"):
        cases.take(other, "approve", by=world["leader"], amount=Decimal(10))


def test_an_earlier_claim_is_shown_before_another_begins(world: World, paying: Programme, client: Client) -> None:
    first = begin(world, paying)
    client.force_login(world["other_cadre"])
    url, form = f"/services/p/{paying.code}/new/", {
        "applicant_kind": "person", "applicant_name": "陈桂芳", "identity": "33060219900101001X", "amount_asked": "500",
    }  # fmt: skip
    answer = client.post(url, form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert first.number in page
    assert "斗门街道" in page
    assert "2047" not in page
    assert client.post(url, form | {"seen_before": "on"}).status_code == 302


def test_what_goes_on_stays_on_the_books_and_is_reviewed(world: World, client: Client) -> None:
    """Booked, on the books for a year, reviewed, on for another, and left with a reason; the issue is answered when it is booked."""
    programme = make_programme(
        world, name="工享社团", steps=["approve", "review", "exit"], names={"state:held": "活动中"}
    )
    issue = make_issue(world)
    claim = cases.open_from_issue(
        issue, programme, by=world["handler"], applicant_kind="person", applicant_name="陈桂芳", town=world.town
    )
    claim = cases.take(claim, "approve", by=world["leader"])
    claim = cases.take(claim, "account", by=world["officer"])
    today = timezone.localdate()
    assert (claim.state, claim.state_words, claim.closed_at) == ("held", "活动中", None)
    assert 365 <= (claim.deadline.due_on - today).days <= 380
    client.force_login(world["handler"])
    assert (
        f"{programme.name} {claim.number} 已办结：活动中" in client.get(f"/issues/{issue.pk}/answer/").content.decode()
    )
    # Nobody has to do with it before the review is near.
    client.force_login(world["officer"])
    assert claim.number not in client.get("/todo/").content.decode()
    Deadline.objects.filter(pk=claim.deadline_id).update(soon_on=today)
    assert claim.number in client.get("/todo/").content.decode()
    review, leave = (f"/services/claim/{claim.pk}/steps/{verb}/" for verb in ("review", "exit"))
    assert client.post(review, {"version": claim.version, "goes_on": "1", "findings": ""}).status_code == 422
    sent = {"version": claim.version, "goes_on": "1", "findings": "活动照常，成员二十人"}
    assert client.post(review, sent).status_code == 302
    first, claim = claim.deadline_id, Claim.objects.get(pk=claim.pk)
    assert (claim.state, claim.deadline_id == first, claim.deadline.met_on) == ("held", False, None)
    assert "活动照常，成员二十人" in client.get(f"/services/claim/{claim.pk}/").content.decode()
    assert Task.objects.filter(case_id=issue.pk).count() == 1
    # Whoever drops the step that leads out would leave it there for ever.
    with pytest.raises(ActionError, match="有 1 件停在“活动中”"):
        settings.change(programme, by=world["admin"], steps=["approve"])
    assert client.post(leave, {"version": claim.version, "reason": ""}).status_code == 422
    assert client.post(leave, {"version": claim.version, "reason": "成员都离职了"}).status_code == 302
    claim.refresh_from_db()
    assert (claim.state, claim.is_open) == ("closed", False)
    # A review may end it as well; without these steps the book ends it.
    other = cases.take(begin(world, programme), "approve", by=world["leader"])
    other = cases.take(cases.take(other, "account", by=world["officer"]), "review", by=world["officer"], goes_on=False, findings="解散")  # fmt: skip
    assert other.state == "closed"
    settings.change(programme, by=world["admin"], steps=["approve"])
    plain = cases.take(begin(world, Programme.objects.get(pk=programme.pk)), "approve", by=world["leader"])
    assert cases.take(plain, "account", by=world["officer"]).state == "closed"


def test_open_cases_go_on_when_a_step_is_dropped(world: World) -> None:
    programme = make_programme(world, steps=["check", "verify", "publish", "clear", "approve"])
    claim = cases.take(begin(world, programme), "check", by=world["officer"])
    programme = settings.change(programme, by=world["admin"], steps=["verify", "publish", "clear", "approve"])
    claim = cases.take(Claim.objects.get(pk=claim.pk), "verify", by=world["officer"])
    shown = cases.take(claim, "publish", by=world["officer"], complaint_phone="85120000")
    with pytest.raises(ActionError, match="有 1 件停在“公示中”"):
        settings.change(programme, by=world["admin"], steps=["approve"])
    cases.take(shown, "withdraw", by=world["officer"], reason="不办了")
    settings.change(programme, by=world["admin"], steps=["approve"])


def test_papers_are_ticked_off(world: World) -> None:
    programme = make_programme(world, steps=["check", "approve"], documents=["户口本", "诊断证明"])
    claim = begin(world, programme)
    with pytest.raises(ActionError, match="还缺：诊断证明"):
        cases.take(claim, "check", by=world["officer"], papers={"户口本": "seen"})
    done = cases.take(claim, "check", by=world["officer"], papers={"户口本": "seen", "诊断证明": "seen"})
    assert done.state == ClaimState.CHECKED


def test_a_visit_takes_two(world: World) -> None:
    programme = make_programme(world, steps=["visit", "approve"])
    claim = begin(world, programme)
    with pytest.raises(ActionError, match="两个人"):
        cases.take(claim, "visit", by=world["town"], visitors=["王一", "王一"], findings="属实")
    claim = cases.take(claim, "visit", by=world["town"], visitors=["王一", "李二"], findings="属实")
    assert claim.visits.get().visitors == ["王一", "李二"]


def cells(data: bytes) -> str:
    return " ".join(
        str(cell.value) for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows() for cell in row
    )


def test_money_goes_by_a_batch_and_the_book_is_only_added_to(world: World, paying: Programme, client: Client) -> None:
    first, second = approved(world, paying, 1000), approved(world, paying, 800, identity="", applicant_name="王强")
    client.force_login(world["officer"])
    assert client.post(f"/services/payments/new/{paying.code}/", {}).status_code == 422
    made = client.post(
        f"/services/payments/new/{paying.code}/", {"picked": [str(first.pk), str(second.pk)], "note": "十一月"}
    )
    batch = PaymentBatch.objects.get()
    assert made["Location"] == f"/services/payments/{batch.pk}/"
    page = client.get(made["Location"]).content.decode()
    assert ACCOUNT not in page
    # Whoever made the batch finds no way to say that it has arrived.
    confirm = f"/services/payments/{batch.pk}/confirm/"
    assert confirm not in page
    assert (
        client.get(confirm).status_code,
        client.post(confirm, {"paid_on": timezone.localdate().isoformat()}).status_code,
    ) == (403, 403)
    assert client.post(f"/services/payments/{batch.pk}/bank-list/", {"reason": ""}).status_code == 422
    bank = client.post(f"/services/payments/{batch.pk}/bank-list/", {"reason": "送银行代发"})
    assert ACCOUNT in cells(b"".join(bank.streaming_content))
    assert Event.objects.filter(verb="claim.reveal", data__reason__icontains=batch.number).count() == 2
    roster = cells(b"".join(client.get(f"/services/payments/{batch.pk}/roster.xlsx").streaming_content))
    assert "2222" in roster
    assert ACCOUNT not in roster
    # One comes back before it was booked, the other afterwards; both are paid again.
    second = cases.take(second, "bank_return", by=world["officer"], reason="户名不符")
    assert actions.confirm_batch(batch, by=world["other_handler"], voucher="记-12") == 1
    line = BudgetLine.objects.get()
    assert (line.promised, line.paid) == (800, 1000)
    first = cases.take(first, "bank_return", by=world["officer"], reason="账号已销")
    line.refresh_from_db()
    assert (line.promised, line.paid) == (1800, 0)
    again = actions.make_batch(paying, [Claim.objects.get(pk=row.pk) for row in (first, second)], by=world["officer"])
    actions.confirm_batch(again, by=world["other_handler"])
    first = cases.take(first, "sign", by=world["town"], signed_by="陈桂芳")
    assert list(first.payments.values_list("state", flat=True)) == [PaymentState.RETURNED, PaymentState.PAID]
    entry = first.entries.get(kind="paid", taken_back_by=None)
    with pytest.raises(NotAllowed, match="换一个人"):
        actions.correct(entry, by=world["other_handler"], reason="多发")
    actions.correct(entry, by=world["officer"], reason="多发")
    with pytest.raises(InvalidTransition, match="已经冲回"):
        actions.correct(entry, by=world["officer"], reason="多发")
    line.refresh_from_db()
    assert (line.promised, line.paid, line.left) == (0, 800, 4200)
    assert list(first.entries.values_list("amount", flat=True)) == [1000, -1000, 1000, -1000]
    for change in (lambda: Entry.objects.update(amount=1), lambda: Entry.objects.all().delete()):
        with pytest.raises(Error), transaction.atomic():
            change()
    for name, status in (("leader", 200), ("cadre", 404), ("handler", 404)):
        client.force_login(world[name])
        assert client.get(f"/services/payments/{batch.pk}/").status_code == status, name


def test_what_is_not_paid_is_free_again(world: World, paying: Programme) -> None:
    claim = approved(world, paying, 3000)
    with pytest.raises(ActionError, match="只剩 2,000"):
        approved(world, paying, 3000, identity="")
    cases.take(claim, "cancel", by=world["leader"], reason="重复")
    assert BudgetLine.objects.get().left == 5000
    cash = approved(world, paying, 100, identity="", account="")
    with pytest.raises(ActionError, match="没有银行账号"):
        cases.take(cash, "pay", by=world["officer"])
    with pytest.raises(ActionError, match="两个见证人"):
        cases.take(cash, "pay", by=world["officer"], way="cash", witnesses=["王一"])
    cases.take(cash, "pay", by=world["officer"], way="cash", witnesses=["王一", "李二"])


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_for_the_last_thousand() -> None:
    world = make_world()
    programme = make_programme(world, steps=["approve", "pay", "confirm_paid"])
    line = make_line(world, programme, total=1000)
    claims = [begin(world, programme, identity="") for _n in range(20)]
    leader, refused, gate = world["leader"], [], threading.Barrier(20)

    def approve(claim: Claim) -> None:
        try:
            gate.wait(30)
            cases.take(claim, "approve", by=leader, amount=Decimal(300), budget_line=line)
        except ActionError as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=(claim,)) for claim in claims]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    line.refresh_from_db()
    assert (line.promised, line.paid, line.left) == (900, 0, 100)
    assert Claim.objects.filter(state=ClaimState.APPROVED).count() == 3
    assert len(refused) == 17
    assert all("只剩" in words for words in refused)
    # And twenty payments at once: three claims have money, each is paid once and confirmed by somebody else.
    refused.clear()
    gate = threading.Barrier(20)
    approved_ones = list(Claim.objects.filter(state=ClaimState.APPROVED).order_by("pk"))

    def pay(number: int) -> None:
        try:
            gate.wait(30)
            cases.take(approved_ones[number % 3], "pay", by=world["officer"])
        except ActionError as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=pay, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Payment.objects.count(), len(refused)) == (3, 17)
    for claim in Claim.objects.filter(state=ClaimState.PAYING):
        cases.take(claim, "confirm_paid", by=world["other_handler"])
    line.refresh_from_db()
    assert (line.promised, line.paid, line.left) == (0, 900, 100)


@pytest.mark.parametrize(
    ("payroll", "received", "ratio", "expected"),
    [
        (6_000_000, 120_000, "1", ("120000.00", "72000.00", "48000.00", "120000.00")),
        (6_000_000, 120_000, "0.4", ("120000.00", "72000.00", "48000.00", "48000.00")),
        (15_000_000, 300_000, "0.4", ("300000.00", "180000.00", "120000.00", "120000.00")),
    ],
)
def test_refund(payroll: int, received: int, ratio: str, expected: tuple[str, ...]) -> None:
    found = refund_of(Decimal(payroll), Decimal(received), ratio=Decimal(ratio))
    assert (found.due, found.base, found.upper, found.refund) == tuple(map(Decimal, expected))


def make_from_catalogue(world: World, code: str) -> Programme:
    (row,) = [row for row in PROGRAMMES if row["code"] == code]
    columns = {name: value for name, value in row.items() if name != "audit_department"}
    if "audit" in row["steps"]:
        columns["audit_organisation"] = world.department
    programme = Programme.objects.create(district=world.district, organisation=world.other_department, **columns)
    make_line(world, programme, total=1_000_000)
    return programme


def test_a_contract_shines_yellow_ninety_days_before_it_ends(world: World, client: Client) -> None:
    """履行中 has no counted term: its clock is the day on which the contract ends (domain C16, 4.11)."""
    programme, today = make_from_catalogue(world, "collective_contracts"), timezone.localdate()
    client.force_login(world["officer"])
    for days, light in ((60, "soon"), (200, "ok"), (-1, "over")):
        ends_on = today + datetime.timedelta(days=days)
        row = cases.register(
            programme, by=world["cadre"], applicant_kind="enterprise", enterprise=world.enterprise, town=world.town, extras={"kind": "工资专项"}
        )  # fmt: skip
        with pytest.raises(ActionError, match="企业方代表不能多于职工方代表"):
            cases.take(row, "check", by=world["town"], extras={"worker_delegates": 3, "firm_delegates": 4})
        row = cases.take(row, "check", by=world["town"], extras={"worker_delegates": 4, "firm_delegates": 4})
        row = cases.take(row, "verify", by=world["officer"], extras={"vote": "到会 40，赞成 38"})
        assert row.deadline.rule_name == "集体协商和工资集体合同 已通过"
        row = cases.take(row, "approve", by=world["leader"], extras={"ends_on": ends_on})
        clock = row.deadline
        assert (clock.due_on, clock.soon_on) == (ends_on, ends_on - datetime.timedelta(days=90))
        assert lamp_of(clock).light == light
        told = client.get(f"/services/p/{programme.code}/?due={'over' if days < 0 else 'soon'}").content.decode()
        assert (row.number in told) is (light != "ok")
    row = cases.take(row, "account", by=world["officer"], extras={"performed": "已履约"})
    assert row.deadline is None


def test_a_policy_of_its_day_decides_the_refund(world: World) -> None:
    programme = make_from_catalogue(world, "rebates")
    money.set_parameter(
        world.district,
        by=world["admin"],
        code="rebate_ratio",
        value=Decimal("0.4"),
        valid_from=datetime.date(2025, 1, 1),
    )
    claim = cases.register(
        programme, by=world["cadre"], applicant_kind="enterprise", enterprise=world.enterprise, account=ACCOUNT,
        extras={"period": 2025, "payroll": Decimal(6_000_000), "received": Decimal(120_000)},
    )  # fmt: skip
    claim = cases.take(claim, "check", by=world["town"], papers=dict.fromkeys(programme.documents, "seen"))
    claim = cases.take(claim, "verify", by=world["officer"])
    assert Decimal(claim.reckoned["amount"]) == 48000
    claim = cases.take(claim, "audit", by=world["handler"], extras={"audit": "数字一致"})
    # A new policy changes nothing that was worked out before it.
    money.set_parameter(
        world.district, by=world["admin"], code="rebate_ratio", value=Decimal(1), valid_from=timezone.localdate()
    )
    assert Decimal(Claim.objects.get(pk=claim.pk).reckoned["amount"]) == 48000
    with pytest.raises(ActionError, match="测算是 48,000"):
        cases.take(claim, "approve", by=world["leader"], amount=Decimal(50000), budget_line=make_line(world, programme))
    assert Parameter.objects.filter(code="rebate_ratio", valid_to=None).count() == 1
    with pytest.raises(ActionError, match="起生效"):
        money.set_parameter(
            world.district,
            by=world["admin"],
            code="rebate_ratio",
            value=Decimal(1),
            valid_from=datetime.date(2025, 6, 1),
        )


def test_a_hazard_is_reported_without_a_name_and_rewarded(world: World, client: Client) -> None:
    programme = make_from_catalogue(world, "hazards")
    claim = cases.register(
        programme, by=world["cadre"], applicant_kind="anonymous", town=world.town,
        extras={"place": "二号车间", "hazard": "防爆电箱打开", "reporter_note": "我在二班"},
    )  # fmt: skip
    # The town is told nothing of it, though it happened there.
    assert not Claim.objects.visible_to(world["town"]).exists()
    claim = cases.take(claim, "check", by=world["officer"], extras={"first": "是"})
    claim = cases.take(claim, "verify", by=world["officer"], extras={"grade": "可直接引发事故"})
    assert Decimal(claim.reckoned["amount"]) == 3000
    claim = cases.take(claim, "approve", by=world["leader"], budget_line=make_line(world, programme))
    claim = cases.take(claim, "pay", by=world["officer"], way="cash", payee="凭码领取", witnesses=["王一", "李二"])
    assert cases.take(claim, "confirm_paid", by=world["other_handler"]).state == ClaimState.PAID


def reported(world: World, programme: Programme, first: str = "是", **graded: Any) -> Claim:
    """A hazard as far as its grading."""
    claim = cases.register(
        programme, by=world["cadre"], applicant_kind="anonymous", extras={"place": "二号车间", "hazard": "防爆电箱打开"}
    )
    extras, more = {"first": first}, graded.pop("earlier", "")
    claim = cases.take(claim, "check", by=world["officer"], extras=extras | ({"earlier": more} if more else {}))
    return cases.take(claim, "verify", by=world["officer"], extras={"grade": "可直接引发事故", **graded})


def test_who_works_there_has_a_fifth_more_and_only_the_first_is_rewarded(world: World, client: Client) -> None:
    programme = make_from_catalogue(world, "hazards")
    insider = reported(world, programme, insider="是")
    client.force_login(world["leader"])
    page = client.get(f"/services/claim/{insider.pk}/").content.decode()
    assert "3,000.00 × 20% = 600.00 元" in page
    assert "3,000.00 + 600.00 = 3,600.00 元" in page
    line = make_line(world, programme)
    assert cases.take(insider, "approve", by=world["leader"], budget_line=line).amount == 3600
    outsider = reported(world, programme, insider="不是")
    with pytest.raises(ActionError, match="测算是 3,000"):
        cases.take(outsider, "approve", by=world["leader"], amount=Decimal(3600), budget_line=line)
    # The second of the same hazard names the first, and can only be answered.
    for earlier in ("", "YH-1999-0001", insider.number[:-1]):
        with pytest.raises(ActionError, match="前面那件报告的编号"):
            reported(world, programme, first="前面有人报过", earlier=earlier)
    second = reported(world, programme, first="前面有人报过", earlier=insider.number)
    assert Decimal(second.reckoned["amount"]) == 0
    assert f"{insider.number} 已经报过" in client.get(f"/services/claim/{second.pk}/").content.decode()
    with pytest.raises(InvalidTransition, match="只奖励首个报告人"):
        cases.take(second, "approve", by=world["leader"], amount=Decimal(0), budget_line=line)
    assert cases.take(second, "refuse", by=world["leader"], reason="前面有人报过").state_words == "不予奖励"
    # The share is a standard with validity, as the reward is.
    money.set_parameter(
        world.district, by=world["admin"], code="hazard_insider_extra", value=Decimal("0.1"), valid_from=timezone.localdate()
    )  # fmt: skip
    assert Decimal(reported(world, programme, insider="是").reckoned["amount"]) == 3300


def test_another_department_audits_before_the_approval(world: World, client: Client) -> None:
    programme = make_from_catalogue(world, "rebates")
    claim = cases.register(
        programme, by=world["cadre"], applicant_kind="enterprise", enterprise=world.enterprise, account=ACCOUNT,
        extras={"period": 2025, "payroll": Decimal(6_000_000), "received": Decimal(120_000)},
    )  # fmt: skip
    claim = cases.take(claim, "check", by=world["town"], papers=dict.fromkeys(programme.documents, "seen"))
    claim = cases.take(claim, "verify", by=world["officer"])
    assert claim.holder_organisation == world.department
    line, page = make_line(world, programme), f"/services/claim/{claim.pk}/"
    with pytest.raises(InvalidTransition, match="请先经审"):
        cases.take(claim, "approve", by=world["leader"], budget_line=line)
    for who in ("officer", "other_handler", "leader", "town"):
        with pytest.raises(NotAllowed, match="经审科室"):
            cases.take(claim, "audit", by=world[who], extras={"audit": "一致"})
    client.force_login(world["handler"])
    assert claim.number in client.get("/todo/").content.decode()
    assert client.get(page).status_code == 200
    step = f"{page}steps/audit/"
    assert client.post(step, {"version": claim.version}).status_code == 422
    assert client.post(step, {"version": claim.version, "extra_audit": "数字一致"}).status_code == 302
    claim.refresh_from_db()
    assert (claim.state, claim.audited_by, claim.holder_role) == ("audited", world["handler"], "leader")
    # Whoever audits goes on seeing what was audited, and takes no other step of it.
    assert "数字一致" in client.get(page).content.decode()
    with pytest.raises(NotAllowed):
        cases.take(claim, "refuse", by=world["handler"], reason="不批")
    assert cases.take(claim, "approve", by=world["leader"], budget_line=line).state == "approved"
    # A programme with the step and nobody to take it is not saved.
    with pytest.raises(ActionError, match="请选经审科室"):
        settings.change(programme, by=world["admin"], audit_organisation=None)


def test_a_person_is_on_a_roster_once_in_so_many_years(world: World, client: Client) -> None:
    """疗休养: five days at most, and each of them once in two years, as the page of the programme has it."""
    programme = make_from_catalogue(world, "retreats")
    client.force_login(world["cadre"])
    address = f"/services/p/{programme.code}/new/"
    form = {
        "applicant_kind": "enterprise", "enterprise_name": world.enterprise.name, "town": world.town.pk, "amount_asked": "10000",
        "extra_people": "2", "extra_base": "兰亭疗休养基地", "extra_starts_on": timezone.localdate().isoformat(), "extra_days": "5",
        "roster": f"陈桂芳 {number_of(1)}\n王建华，{number_of(2)}", "seen_before": "on",
    }  # fmt: skip
    for change, said in (
        ({"extra_days": "6"}, "小于或等于"), ({"roster": ""}, "必填"), ({"roster": "陈桂芳 330602199001010019"}, "第 1 行"),
        ({"roster": number_of(1)}, "请写姓名"), ({"roster": f"陈 {number_of(1)}\n桂 {number_of(1)}"}, "同一个人"),
    ):  # fmt: skip
        answer = client.post(address, form | change)
        assert (answer.status_code, said in answer.content.decode()) == (422, True), change
    assert client.post(address, form).status_code == 302
    first = Claim.objects.get()
    assert len(first.roster) == 2
    kept = str(Claim.objects.values().get())
    assert "陈桂芳" not in kept
    assert number_of(1) not in kept
    again = form | {"roster": f"李四 {number_of(3)}\n王建华 {number_of(2)}"}
    answer = client.post(address, again)
    assert answer.status_code == 422
    assert f"王建华在 {first.number} 的名册里" in answer.content.decode()
    # Last year still counts, two years ago does not; what was withdrawn never went.
    for years, status in ((1, 422), (2, 302)):
        that_year = timezone.now().replace(year=timezone.localdate().year - years, month=7, day=1)
        Claim.objects.filter(pk=first.pk).update(registered_at=that_year)
        assert client.post(address, again).status_code == status
    cases.take(Claim.objects.exclude(pk=first.pk).get(), "withdraw", by=world["cadre"], reason="不去了")
    assert client.post(address, again).status_code == 302
    # Another number on the page of the programme is another rule.
    settings.change(programme, by=world["admin"], limits={**programme.limits, "roster_years": 0})
    assert client.post(address, {**again, "roster": ""}).status_code == 302
    with pytest.raises(ActionError, match="天数最多 5 天"):
        cases.register(
            programme, by=world["cadre"], applicant_kind="enterprise", enterprise=world.enterprise,
            extras={"people": 2, "base": "兰亭", "starts_on": timezone.localdate(), "days": 6},
        )  # fmt: skip


def test_bounds_are_set_on_the_page_of_a_programme(world: World, client: Client) -> None:
    """How much a number may be, and from which number on a choice is settled: the administrator says it, the action checks."""
    client.force_login(world["admin"])
    basic: dict[str, Any] = {
        "shape": "claim", "name": "小组建会", "organisation": world.other_department.pk, "applicants": ["union"], "keep_years": "5",
        "steps": [], "extra-TOTAL_FORMS": "2", "extra-INITIAL_FORMS": "0",
        "extra-0-label": "人数", "extra-0-kind": "whole", "extra-0-at": "register", "extra-0-unit": "人", "extra-0-least": "3", "extra-0-most": "90",
        "extra-1-label": "形式", "extra-1-kind": "choice", "extra-1-at": "register", "extra-1-choices": "委员会、小组",
    }  # fmt: skip
    assert client.post("/services/settings/new/", basic).status_code == 302
    made = Programme.objects.get(name="小组建会")
    count, form = (extra.key for extra in made.extras)
    page = f"/services/settings/{made.pk}/"
    assert f'<option value="{count}">人数</option>' in client.get(page).content.decode()
    rows = basic | {"extra-INITIAL_FORMS": "2", "extra-0-key": count, "extra-1-key": form, "version": made.version}
    for wrong, said in (
        ({"extra-0-most": "2"}, "最多不能比最少还小"), ({"extra-1-by": count}, "两样一起写"), ({"extra-1-most": "2"}, "只有数字和金额"),
        ({"extra-0-by": count, "extra-0-by_from": "9"}, "这里不用写"),
        ({"extra-1-kind": "text", "extra-1-by": count, "extra-1-by_from": "9"}, "只有单选和数字"), ({"extra-1-alarm": "9"}, "只有不加密的日期"),
        ({"steps": ["audit"]}, "请选经审科室"),
    ):  # fmt: skip
        answer = client.post(page, rows | wrong)
        assert (answer.status_code, said in answer.content.decode()) == (422, True), wrong
    audited = {"steps": ["audit"], "audit_organisation": world.department.pk}
    answer = client.post(page, rows | audited | {"extra-1-by": count, "extra-1-by_from": "25"})
    assert answer.status_code == 302
    made = Programme.objects.get(pk=made.pk)
    assert [(one.least, one.most, one.by, one.by_from) for one in made.extras] == [(3, 90, "", 0), (0, 0, count, 25)]
    assert (made.audit_organisation, made.version) == (world.department, 2)
    client.force_login(world["officer"])
    given = {"applicant_kind": "union", "applicant_name": "恒润工会", "town": world.town.pk}
    for number, sort, status in (
        ("2", "小组", 422),
        ("91", "委员会", 422),
        ("25", "小组", 422),
        ("25", "委员会", 302),
        ("24", "小组", 302),
    ):
        answer = client.post(
            f"/services/p/{made.code}/new/", {**given, f"extra_{count}": number, f"extra_{form}": sort}
        )
        assert answer.status_code == status, (number, sort)
    sent = {
        "programme": made.code,
        "applicant_kind": "union",
        "applicant_name": "恒润工会",
        "details": {count: 25, form: "小组"},
    }
    answer = client.post("/api/v1/claims/", sent, content_type="application/json")
    assert answer.status_code == 422
    assert "只能选" in answer.content.decode()


def test_a_large_union_needs_a_committee(world: World) -> None:
    programme = make_from_catalogue(world, "founding")
    claim = cases.register(programme, by=world["cadre"], applicant_kind="enterprise", enterprise=world.enterprise)
    claim = cases.take(claim, "check", by=world["officer"])
    for answer in ({}, {"form": "联合工会"}):
        with pytest.raises(ActionError, match="会员数达到 25 人，组织形式只能选“基层委员会”"):
            cases.take(claim, "verify", by=world["officer"], extras={"members": 25, **answer})
    with transaction.atomic():
        small = cases.take(claim, "verify", by=world["officer"], extras={"members": 24, "form": "联合工会"})
        assert small.state == "verified"
        transaction.set_rollback(True)
    done = cases.take(claim, "verify", by=world["officer"], extras={"members": 25, "form": "基层委员会"})
    assert done.details["form"] == "基层委员会"


def sample(extra: dict[str, Any]) -> Any:
    return {
        "whole": max(1, extra.get("least", 0)), "decimal": Decimal(1), "money": Decimal(100), "day": timezone.localdate(), "yes_no": True,
        "many": extra.get("choices", ())[:1], "choice": (extra.get("choices") or [""])[0],
    }.get(extra["kind"], "写明")  # fmt: skip


def walk(world: World, programme: Programme) -> Claim:
    """Take every step of the line of a programme, each with what it asks."""
    kind, wanted = kind_for("claim"), programme.applicants[0]

    def extras(moment: str) -> dict[str, Any]:
        return {row["key"]: sample(row) for row in programme.fields if row.get("at", "register") == moment}

    claim = cases.register(
        programme, by=world["cadre"], applicant_kind=wanted, town=world.town, amount_asked=Decimal(100), account=ACCOUNT,
        applicant_name="陈桂芳" if wanted == "person" else "", identity="33060219900101001X" if wanted == "person" else "",
        enterprise=world.enterprise if wanted != "person" else None, extras=extras("register"),
        roster=[("陈桂芳", number_of(7))],
    )  # fmt: skip
    line = make_line(world, programme)
    given: dict[str, Callable[[], dict[str, Any]]] = {
        "check": lambda: {"papers": dict.fromkeys(programme.documents, "seen")},
        "approve": lambda: {"amount": Decimal(100), "budget_line": line} if programme.uses("pay") else {},
        "pay": lambda: {"payee": "陈桂芳"},
        "visit": lambda: {"visitors": ["王一", "李二"], "findings": "看了台账，问了职工"},
    }
    leaders = {"check": "supervision_letters", "approve": programme.code}
    for verb in kind.line_of(programme):
        if verb == "publish":
            claim = publish_and_clear(claim, world)
        if verb in ("publish", "clear"):
            continue
        # Whoever has made a payment does not confirm it.
        by = world[
            "leader"
            if leaders.get(verb) == programme.code
            else "other_handler"
            if verb == "confirm_paid"
            else "handler"
            if verb == "audit"
            else "officer"
        ]
        claim = cases.take(claim, verb, by=by, extras=extras(verb), **given.get(verb, dict)())
    return claim


def test_every_programme_of_the_catalogue_goes_to_its_end(world: World) -> None:
    assert len({row["prefix"] for row in PROGRAMMES}) == len(PROGRAMMES)
    for row in PROGRAMMES:
        assert set(row["steps"]) <= set(Claim.TRANSITIONS), row["code"]
        assert {field.get("at", "register") for field in row["fields"]} <= {"register", *Claim.TRANSITIONS}, row["code"]
        programme = make_from_catalogue(world, row["code"])
        # Those that stand on a file of the household, and on an enrolment, have their own tests.
        if row["code"] not in ("hardship", "relief", "mutual_aid"):
            assert walk(world, programme).state == ClaimState.CLOSED, row["code"]
    assert set(LINE) <= set(ClaimState.values) | set(Claim.TRANSITIONS)


def test_standards_and_budgets_are_kept_by_the_administrator(world: World, paying: Programme, client: Client) -> None:
    client.force_login(world["admin"])
    form = {"code": "subsistence_standard", "value": "1062", "valid_from": "2025-07-01", "source": "文件"}
    assert client.post("/services/settings/parameters/new/", form).status_code == 302
    assert client.post("/services/settings/parameters/new/", form).status_code == 422
    assert "1062" in client.get("/services/settings/parameters/").content.decode()
    line = {"year": "2026", "name": "送温暖", "source": "工会经费", "total": "3,000", "programmes": [paying.pk]}
    assert client.post("/services/settings/budgets/new/", line).status_code == 302
    assert client.post("/services/settings/budgets/new/", line).status_code == 422
    made = BudgetLine.objects.get(name="送温暖")
    assert (
        client.post(f"/services/settings/budgets/{made.pk}/raise/", {"amount": "-3001", "reason": "核减"}).status_code
        == 422
    )
    assert (
        client.post(f"/services/settings/budgets/{made.pk}/raise/", {"amount": "500", "reason": "追加"}).status_code
        == 302
    )
    made.refresh_from_db()
    assert made.total == 3500
    assert Event.objects.filter(verb__in=["parameter.set", "budgetline.open", "budgetline.raise"]).count() == 3
    client.force_login(world["officer"])
    assert client.get("/services/settings/budgets/").status_code == 403
