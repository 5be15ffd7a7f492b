from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from services.actions import cases
from services.claims import actions
from services.claims.models import Claim, Entry, Objection, PaymentBatch
from services.enums import Applicant, Shape
from services.hardship import actions as households
from services.hardship.enums import Season
from services.hardship.models import Campaign, HouseholdFile, Member, SpotCheck
from services.hardship.spot_checks import draw
from services.models import BudgetLine, Parameter, Programme
from tests.services.worlds import make_line, make_programme, make_standard, publish_and_clear
from tests.world import World

NO_PAGES: tuple[str, ...] = ("claims:bank_list", "claims:roster")
KEEPERS: tuple[tuple[str, str], ...] = (
    ("services:parameter", "admin"), ("services:budget", "admin"), ("claims:correct", "other_handler"), ("claims:confirm", "other_handler"),
    ("claims:", "officer"),
    ("hardship:check", "town"), ("hardship:", "officer"),
)  # fmt: skip
NAME = "临时生活困难帮扶"
# What a step wants where its fields do not tell.
VALUES: dict[str, dict[str, dict[str, Any]]] = {
    Shape.CLAIM: {
        "register": {
            "amount_asked": "1000.00",
            "account": "6222020200011112222",
            "bank": "工商银行",
            "roster": "陈桂芳 33060219900101001X",
        },
        "check": {**{f"paper_{number}": "seen" for number in range(12)}, "extra_first": "是"},
        "visit": {"visitors": "陈一 王二"},
        "publish": {"working_days": "7", "complaint_phone": "85120000"},
        # Whoever stays without a name is paid by the slip that they hold.
        "pay": {"payee": "凭回执领取"},
    }
}


def prepare(world: World, case: Any, verb: str) -> None:
    """Money to pay from before somebody approves; days that have passed before a notice is taken down."""
    if not isinstance(case, Claim):
        return
    if verb == "approve" and case.programme.uses("pay"):
        make_line(world, case.programme)
    if verb == "clear":
        day = timezone.localdate() - datetime.timedelta(days=20)
        case.publications.update(starts_on=day, ends_on=day + datetime.timedelta(days=10))


def make(world: World) -> None:
    programme = make_programme(world, Shape.CLAIM, name=NAME, terms={"submitted": [5, "working"]})
    cases.register(
        programme, by=world["cadre"], applicant_kind=Applicant.PERSON, applicant_name="陈桂芳", phone="13800002047",
        town=world.town, amount_asked=Decimal(3000), description="丈夫住院",
    )  # fmt: skip
    make_paid(world)
    make_household(world)


def make_paid(world: World) -> None:
    """One that hangs on the wall with an objection, one that waits for a batch, one that is on the way, one that is booked."""
    officer = world["officer"]
    short = make_programme(
        world, name="慰问金", code="paid_quickly",
        steps=["publish", "clear", "approve", "pay", "confirm_paid", "sign", "object", "settle_objection"],
    )  # fmt: skip
    line = make_line(world, short)

    def ask(name: str) -> Claim:
        return cases.register(
            short, by=world["cadre"], applicant_kind="person", applicant_name=name, town=world.town, amount_asked=Decimal(500),
            account="6222020200011112222", bank="工商银行",
        )  # fmt: skip

    shown = cases.take(ask("王建华"), "publish", by=officer, complaint_phone="85120000", unit="恒润纺织")
    cases.take(shown, "object", by=world["town"], text="他家有店", contact="李四 13900001111")
    for name, batched in (("周平", False), ("吴敏", True), ("郑涛", True)):
        claim = publish_and_clear(ask(name), world)
        claim = cases.take(claim, "approve", by=world["leader"], amount=Decimal(500), budget_line=line)
        if batched:
            actions.make_batch(short, [claim], by=officer)
    last = Claim.objects.get(applicant_name="郑涛")
    last = cases.take(last, "confirm_paid", by=world["other_handler"])
    cases.take(last, "sign", by=officer)


def make_household(world: World) -> None:
    """A household in need, and a campaign with it on the list."""
    make_standard(world)
    steps = ["verify", "approve", "pay", "confirm_paid", "sign"]
    programme = make_programme(world, code="hardship", name="困难职工建档帮扶", steps=steps)
    relief = make_programme(
        world, code="relief", name="帮扶慰问发放", steps=["check", "approve", "pay", "confirm_paid", "sign"]
    )
    line = make_line(world, programme, relief)
    claim = cases.register(
        programme, by=world["cadre"], applicant_kind="person", applicant_name="沈玉兰", identity="33060219900101001X",
        town=world.town, account="6222020200011112222",
    )  # fmt: skip
    file = HouseholdFile.objects.get(claim=claim)
    households.write_household(
        file, by=world["town"], facts={"main_cause": "illness", "authorised_on": claim.registered_at.date()},
        members=[{"name": "李建国", "relation": "丈夫", "identity": "330602196501010012", "has_authorised": True}],
        items=[{"kind": "wage", "amount": Decimal(30000)}, {"kind": "illness", "amount": Decimal(20000)}],
    )  # fmt: skip
    claim = cases.take(claim, "verify", by=world["officer"])
    cases.take(claim, "approve", by=world["leader"], amount=Decimal(2000), budget_line=line)
    campaign = households.plan_campaign(
        relief, by=world["officer"], name="两节送温暖", season=Season.WINTER, amount=Decimal(500), budget_line=line
    )
    draw(programme, by=world["officer"])
    households.list_files(campaign, [HouseholdFile.objects.get(pk=file.pk)], by=world["officer"])


def case() -> Claim:
    return Claim.objects.select_related("programme").get(programme__name=NAME)


def value(name: str, key: str) -> Any:
    if name == "services:claim":
        return case().pk
    if name.startswith("services:budget"):
        return BudgetLine.objects.get().pk
    if name.startswith("services:parameter"):
        return Parameter.objects.get().pk
    if name == "hardship:check":
        return SpotCheck.objects.get().pk
    if name.startswith("hardship:"):
        return {
            "pk": Campaign.objects.get().pk if "campaign" in name else HouseholdFile.objects.get().pk,
            "member": Member.objects.get().pk, "verb": "check",
        }[key]  # fmt: skip
    if name == "claims:correct":
        entry = Entry.objects.get()
        return {"pk": entry.claim_id, "entry": entry.pk}[key]
    if name == "claims:contact":
        objection = Objection.objects.get()
        return {"pk": objection.claim_id, "objection": objection.pk}[key]
    if name.startswith("claims:"):
        programme = Programme.objects.get(code="paid_quickly")
        waiting = PaymentBatch.objects.get(payments__state="sent")
        return {"pk": waiting.pk, "code": programme.code, "programme": programme.pk}[key]
    return None
