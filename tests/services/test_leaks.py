"""Children, diagnoses, bank accounts and whoever reported a hazard leave by no door: a mark is put into every kind of
secret and looked for in every answer, for everybody, at each stage; in every table, line of the log, notice and e-mail."""

from __future__ import annotations

import datetime
import itertools
import logging
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from services.actions import cases
from services.activities.actions import opinions, planning
from services.activities.doings import doings
from services.activities.models import Poll
from services.bookings.enums import TRANSITIONS as BOOKED
from services.childcare.actions import children, days
from services.childcare.actions.children import Person
from services.childcare.enums import Kin
from services.childcare.models import Carer
from services.claims import actions as money
from services.claims.models import Claim, Entry, Objection, PaymentBatch
from services.hardship import actions as households
from services.hardship.models import Campaign, HouseholdFile, Member
from services.outside import applying
from services.papers.table import case_papers, list_papers
from services.shapes import kind_of_case, shape_kinds
from tests.api.conftest import Caller
from tests.browser.test_every_page import SERVICE_SPACES, named
from tests.leaks import Found, in_tables, log_lines, look, walk
from tests.sampling import WHOLE, taken
from tests.services.caring import identity, make_class, running, staff
from tests.services.joining import covering
from tests.services.places.stations import booked, make_venue
from tests.services.visitors import hazard_programme, visitor
from tests.services.worlds import A_MONTH_AGO, CLAIM_STEPS, make_line, make_programme, make_standard
from tests.world import World
from unionops import api
from unionops.casework import deadlines
from unionops.casework.attachments import attach
from unionops.casework.jobs import send_digests
from unionops.casework.models import Attachment
from unionops.counter.actions.receipts import code_of
from unionops.org.events import record_event
from unionops.org.models import Event, User
from unionops.packs import registry

pytestmark = pytest.mark.django_db

APPLICANT, CHILD, MINOR = "33060219900101001X", identity(77), identity(31)
ACCOUNT = "6217003320045678123"
# None of these words stands in anything that may be known.
SIGNS: dict[str, list[str]] = {
    "child": ["欧阳星辰"],
    "health": ["腰果过敏标记"],
    "guardian": ["上官晓月"],
    "telephone": ["15899990001"],
    "picker": ["司马外婆"],
    # The nought keeps it apart from any number of a row.
    "contact": ["公冶邻家", "15899990002"],
    "card": ["0739"],
    "stranger": ["慕容陌客"],
    "school": ["星海标记小学"],
    "minor": ["夏侯小禾", "银杏标记小学"],
    "number": [APPLICANT, CHILD, MINOR],
    "diagnosis": ["左肾透明细胞癌"],
    "paper": ["出院小结标记"],
    "account": [ACCOUNT],
    "reporter": ["百里长风", "13812345671", "澹台敢言", "13812345672"],
    "objector": ["独孤不平", "13900001117"],
    # Written on a ballot that has been counted, and on one that still runs.
    "comment": ["食堂油烟标记"],
    "comment_early": ["宿舍漏雨标记"],
    "booker": ["闻人小楼"],
    "booker_phone": ["13855550009"],
}
# Who reads what by asking for nothing else than a page, and where: whoever was let in to the children, whoever writes the
# household down, whoever sees the claim to which a paper belongs.
DESK = {"officer", "other_handler"}
READS: dict[str, tuple[set[str], tuple[str, ...]]] = {
    **dict.fromkeys(
        ("child", "guardian", "picker", "card", "school", "contact"), ({"officer"}, ("/services/childcare/",))
    ),
    "minor": (DESK | {"town"}, ("/household/",)),
    # Whoever counts, when nobody can vote any more.
    "comment": (DESK | {"town"}, ("/services/activity/", "/ballot/")),
    # The book of a place, for whoever keeps it.
    "booker": (DESK | {"town"}, ("/places/bookings/", "/bookings/")),
    "paper": (DESK | {"town", "cadre", "leader", "chief", "clerk"}, ("/services/claim/", "/attachments/", "/files/")),
}
# Who reads it when a reason is given.
REVEALS = {
    "account": DESK | {"town"}, "diagnosis": DESK | {"town"}, "number": DESK | {"town"}, "objector": DESK, "reporter": DESK,
    "health": {"officer"},
}  # fmt: skip
NOBODY, FAR = "nobody", "far_officer"
# Pages of the frame, of the figures and of the log that tell of cases.
FRAME = (
    "casework:home", "casework:inbox", "casework:notices", "insight:board", "org:log", "org:me", "visits:issues",
    "packs:downloads", "org:people", "org:enterprises",
)  # fmt: skip
# Addresses that name a thing without any of these secrets, a form of somebody's own, or the one device that made it.
ELSEWHERE = {
    "services:order", "services:place", "services:drop_view", "services:import_look", "services:choose_for_issue",
    "services:from_issue", "orders:", "places:", "outside:receipt", "activities:check_in", "activities:vote",
    "activities:session", "activities:code",
}  # fmt: skip
LOOKED_FOR = ("欧阳星辰", "13812345671", "夏侯小禾", ACCOUNT, "左肾", "百里长风")
# Entries of the log whose data might say more than that something was done.
TELLING = "reveal|attach|record|household|visit|object|consent|read"
OF_CHILD = {"agree", "add-pick-up", "contact", "alone", "consent", "care"}
OF_GRANT = {"grant", "deny", "revoke"}


class Secrets:
    """A household in need whose claim goes its whole way, one that hangs on the wall, three hazards, a class with a child, an
    hour of a room that somebody asked for."""

    def __init__(self, world: World) -> None:
        self.world = world
        make_standard(world)
        sealed = {"key": "diagnosis", "label": "病情", "kind": "paragraph", "sealed": True, "public": False}
        self.hardship = make_programme(
            world, code="hardship", name="困难职工建档帮扶", steps=[*CLAIM_STEPS, "visit"], fields=[sealed]
        )
        self.aid = make_programme(world, code="aid", name="医疗互助", fields=[sealed], steps=CLAIM_STEPS[2:])
        self.hazards = hazard_programme(world, steps=CLAIM_STEPS[:2] + CLAIM_STEPS[4:7])
        self.line = make_line(world, self.hardship, self.aid, self.hazards)
        self.claim = self._ask(self.hardship, "沈玉兰", identity=APPLICANT)
        paper = SimpleUploadedFile(f"{SIGNS['paper'][0]}.txt", SIGNS["paper"][0].encode())
        self.paper = attach(self.claim, paper, by=world["cadre"])
        self.file = HouseholdFile.objects.get(claim=self.claim)
        households.write_household(
            self.file, by=world["town"], facts={"main_cause": "illness", "authorised_on": timezone.localdate()},
            members=[
                {"name": "李建国", "relation": "丈夫", "identity": "330602196501010012", "has_authorised": True},
                {"name": SIGNS["minor"][0], "relation": "女儿", "identity": MINOR, "unit": SIGNS["minor"][1]},
            ],
            items=[{"kind": "wage", "amount": Decimal(30000)}, {"kind": "illness", "amount": Decimal(20000)}],
        )  # fmt: skip
        self.shown = self._ask(self.aid, "王建华")
        self.shown = cases.take(self.shown, "publish", by=world["officer"], complaint_phone="85120000", unit="恒润纺织")
        self.shown = cases.take(
            self.shown, "object", by=world["town"], text="他家有店", contact=" ".join(SIGNS["objector"])
        )
        # The list of a unit has the number of the same applicant.
        self.unit = covering(world, make_programme(world, code="mutual_aid", name="职工医疗互助理赔"))
        self._report()
        self._keep_a_child()
        self.ballots = [self._vote(name) for name in ("comment", "comment_early")]
        opinions.close_poll(self.ballots[0], by=world["officer"])
        self.booking = booked(
            world, make_venue(world), public=True, name=SIGNS["booker"][0], phone=SIGNS["booker_phone"][0]
        )

    def _ask(self, programme: Any, name: str, **more: Any) -> Claim:
        return cases.register(  # type: ignore[no-any-return]
            programme, by=self.world["cadre"], applicant_kind="person", applicant_name=name, town=self.world.town,
            account=ACCOUNT, bank="工商银行", amount_asked=Decimal(1000), extras={"diagnosis": SIGNS["diagnosis"][0]}, **more,
        )  # fmt: skip

    def _report(self) -> None:
        """With a name from home and at the office, and without one from home; a paper bears the name of whoever took it."""
        name, phone, other, other_phone = SIGNS["reporter"]
        given = {
            "applicant_kind": "person",
            "applicant_name": name,
            "description": "消防通道堵了",
            "extras": {"place": "三号车间"},
        }
        picture = SimpleUploadedFile(f"{name}拍的.txt", b"1")
        named_one, receipt = applying.apply(
            self.hazards, given, [picture], visitor=visitor(phone), device="0" * 64, address="127.0.0.1"
        )
        nameless, other_receipt = applying.apply(
            self.hazards, {**given, "applicant_name": ""}, [], visitor=None, device="1" * 64, address="127.0.0.2"
        )
        at_office = cases.register(
            self.hazards, by=self.world["clerk"], applicant_kind="person", applicant_name=other, phone=other_phone,
            extras={"place": "四号车间"},
        )  # fmt: skip
        self.reports: list[Claim] = [named_one, at_office, nameless]
        # Six digits may stand in any long number: the sign before and the sign after are looked at too.
        self.codes = [code_of(one) for one in (receipt, other_receipt)]

    def _keep_a_child(self) -> None:
        world = self.world
        found = make_class(world)
        staff(found)
        child = found.child(
            SIGNS["child"][0], identity=CHILD, health=SIGNS["health"][0], school=SIGNS["school"][0],
            guardian=Person(SIGNS["guardian"][0], Kin.MOTHER, SIGNS["telephone"][0]),
            pick_ups=[Person(SIGNS["picker"][0], Kin.GRANDPARENT, card_tail=SIGNS["card"][0])],
            emergency=Person(SIGNS["contact"][0], Kin.FRIEND, SIGNS["contact"][1]),
        )  # fmt: skip
        children.sign_agreement(child, by=world["officer"])
        found.take("start")
        found.let_in()
        self.group, self.child = found, found.again(child)
        self.team = planning.keep_team(world.district, by=world["officer"], name="第一服务队", leader="王师傅")
        days.arrive(self.child, by=world["officer"], other=SIGNS["stranger"][0], temperature=Decimal("36.6"))
        days.turn_away(self.child, by=world["officer"], who=SIGNS["stranger"][0])
        days.write(found.fresh(), "incident", by=world["officer"], words=SIGNS["health"][0], child=self.child)

    def _vote(self, name: str) -> Any:
        row = running(self.world)
        for _member, code in opinions.open_poll(
            row, by=self.world["officer"], members=["甲", "乙", "丙"], items=["服务"]
        ):
            opinions.vote(row.poll, code=code, grades={0: "not"}, comment=SIGNS[name][0], by=User.objects.system())
        return row

    def cases(self) -> list[Any]:
        claims = [self.claim, self.shown, *self.reports]
        again = {
            one.pk: one for one in Claim.objects.select_related("programme").filter(pk__in=[one.pk for one in claims])
        }
        return [again[one.pk] for one in claims] + [self.fresh_class()]

    def fresh_class(self) -> Any:
        return type(self.group.activity).objects.select_related("programme").get(pk=self.group.activity.pk)


# --- every address, with every key that leads to one of the secrets


def doors(secret: Secrets) -> Iterator[tuple[str, str]]:
    """(what it is called, address)."""
    known = keys(secret)
    for name, pattern in named(get_resolver().url_patterns):
        wanted = ",".join(sorted(pattern.pattern.converters))
        if not wanted:
            if name in FRAME or name.partition(":")[0] in (*SERVICE_SPACES, "counter"):
                yield name, reverse(name)
        elif name.partition(":")[0] in SERVICE_SPACES and not any(name.startswith(other) for other in ELSEWHERE):
            # A new address that leads to one of these things must say here how it is asked for.
            rows = known[name] if name in known else known[wanted]
            for number, row in enumerate(rows):
                yield f"{name} {number}", reverse(name, kwargs=row)
    for number, case in enumerate(secret.cases()):
        page = reverse(f"services:{kind_of_case(case).shape}", args=[case.pk])
        yield f"reads {number}", f"{page}?show=reads"
        yield f"number {number}", f"{reverse('casework:search')}?q={case.number}"
    lists = (
        reverse("casework:search"), reverse("services:cases", args=[secret.hardship.code]),
        reverse("activities:enrolments", args=[secret.group.activity.pk]),
    )  # fmt: skip
    for words, (number, address) in itertools.product(LOOKED_FOR, enumerate(lists)):
        yield f"search {words} {number}", f"{address}?q={words}"
    yield "board", reverse("insight:whole", args=["services"])
    for kind in shape_kinds():
        yield f"rows {kind.shape}", f"{reverse('insight:rows')}?indicator={kind.shape}_count"
    for number, attachment in enumerate(Attachment.objects.filter(removed_at=None).order_by("pk")):
        yield f"file {number}", reverse("casework:file", args=[attachment.pk])
    for number, event in enumerate(Event.objects.filter(verb__regex=TELLING).order_by("pk")):
        yield f"entry {number}", reverse("org:log_entry", args=[event.pk])


def main_doors(secret: Secrets) -> Iterator[str]:
    """Where a secret would be read if it were not kept: asked by everybody in every run."""
    yield reverse("services:claim", args=[secret.claim.pk])
    yield reverse("services:claim", args=[secret.reports[1].pk])
    yield reverse("services:export", args=["hardship"])
    yield reverse("hardship:household", args=[secret.file.pk])
    yield reverse("casework:file", args=[secret.paper.pk])
    yield reverse("bookings:bookings", args=[secret.booking.place_id])
    for ballot in secret.ballots:
        yield reverse("services:activity", args=[ballot.pk])
        yield reverse("services:export", args=[ballot.programme.code])
    for name in ("child", "papers"):
        yield reverse(f"childcare:{name}", args=[secret.group.activity.pk, secret.child.pk])


def batches_of(secret: Secrets) -> list[Any]:
    return list(PaymentBatch.objects.values_list("pk", flat=True))


def keys(secret: Secrets) -> dict[str, list[dict[str, Any]]]:
    """What stands in an address, by its name, or for all addresses with the same keys."""
    found = secret.cases()
    claims, group = found[:-1], found[-1]
    shapes = [{"shape": kind_of_case(case).shape, "pk": case.pk} for case in found]
    reports = [{"shape": "claim", "pk": case.pk} for case in secret.reports]
    grant = secret.group.file.grants.get()
    what = {**dict.fromkeys(OF_CHILD, secret.child.pk), **dict.fromkeys(OF_GRANT, grant.pk)}
    what |= {
        "recheck": Carer.objects.get().pk,
        "let-go": Carer.objects.get().pk,
        "drop-pick-up": secret.child.pick_ups.first().pk,
    }  # type: ignore[union-attr]
    in_class = [{"pk": group.pk}]
    batches = batches_of(secret)
    campaigns = list(Campaign.objects.values_list("pk", flat=True))
    programmes = [
        secret.hardship,
        secret.aid,
        secret.hazards,
        group.programme,
        *(one.programme for one in secret.ballots),
    ]
    return {
        "code": [{"code": programme.code} for programme in programmes],
        "pk,shape": shapes,
        "services:claim": [{"pk": case.pk} for case in claims],
        "services:activity": in_class,
        "services:programme_edit": [{"pk": secret.hardship.pk}],
        "services:programme_retire": [{"pk": secret.hardship.pk}],
        "services:budget_raise": [{"pk": secret.line.pk}],
        # Of the steps those that the case can take now: the others are refused before they are drawn.
        "services:step": [
            {"shape": row["shape"], "pk": case.pk, "verb": verb}
            for row, case in zip(shapes, found, strict=True)
            for verb, transition in case.TRANSITIONS.items()
            if case.state in transition.sources and transition.on_page
        ],
        "services:reveal": [
            {**row, "name": name} for row in shapes[:2] for name in ("identity", "phone", "account", "diagnosis")
        ],
        "services:remove_file": [{**shapes[0], "file": secret.paper.pk}],
        "claims:notice": [{"programme": programme.pk} for programme in programmes[:3]],
        **{name: [{"pk": pk} for pk in batches] for name in ("claims:batch", "claims:bank_list", "claims:roster", "claims:confirm")},
        "claims:batch_new": [{"code": programme.code} for programme in programmes[:3]],
        "claims:correct": [{"pk": entry.claim_id, "entry": entry.pk} for entry in Entry.objects.all()],
        "claims:contact": [{"pk": one.claim_id, "objection": one.pk} for one in Objection.objects.all()],
        **{f"hardship:{name}": [{"pk": secret.file.pk}] for name in ("file", "household", "review", "leave")},
        "hardship:member": [{"pk": secret.file.pk, "member": one.pk} for one in Member.objects.all()],
        **{f"hardship:{name}": [{"pk": pk} for pk in campaigns] for name in ("campaign", "campaign_list")},
        "hardship:campaign_step": [{"pk": pk, "verb": "check"} for pk in campaigns],
        "activities:enrolments": in_class,
        "activities:team_edit": [{"pk": secret.team.pk}],
        "activities:do": [{"pk": group.pk, "what": one.key} for one in doings() if one.item is None],
        "activities:do_one": [
            {"pk": group.pk, "what": one.key, "item": what.get(one.key, secret.child.enrolment_id)} for one in doings() if one.item
        ],
        **{f"childcare:{name}": in_class for name in ("day", "children", "sheet")},
        **{f"childcare:{name}": [{"pk": group.pk, "child": secret.child.pk}] for name in ("child", "health", "phones", "papers")},
        **{f"outside:{name}": [{"pk": secret.hazards.pk}] for name in ("programme", "sign", "apply", "anonymous")},
        **{f"outside:{name}": in_class for name in ("activity", "enrol")},
        "outside:wish": [{"programme": secret.aid.pk}],
        "hardship:check": [{"pk": 1}],
        **{f"mutual:{name}": [{"pk": secret.unit.plan_id}] for name in ("plan", "plan_edit", "unit_new")},
        "mutual:plan_step": [{"pk": secret.unit.plan_id, "verb": "end"}],
        **{f"mutual:{name}": [{"pk": secret.unit.pk}] for name in ("unit", "unit_paid")},
        "outside:reporter": reports,
        "outside:bearer": reports,
        **{f"bookings:{name}": [{"pk": secret.booking.place_id}] for name in ("bookings", "new")},
        "bookings:step": [{"pk": secret.booking.pk, "verb": verb} for verb in BOOKED],
        **{f"bookings:{name}": [{"code": secret.booking.place.public_code}] for name in ("public", "ask")},
    }  # fmt: skip


def api_doors(secret: Secrets) -> Iterator[tuple[str, str]]:
    for word in ("claims", "activities"):
        yield word, f"/api/v1/{word}/"
        yield f"search {word}", f"/api/v1/{word}/?q={SIGNS['child'][0]}"
    for number, case in enumerate(secret.cases()):
        word = "activities" if case == secret.group.activity else "claims"
        for part in ("", "timeline/", "attachments/", *(("publications/",) if word == "claims" else ())):
            yield f"{word} {part} {number}", f"/api/v1/{word}/{case.pk}/{part}"
    # What hangs on a case and has addresses of its own: each reading address of the API that leads to one of these secrets.
    held = {
        "activities": secret.group.activity.pk, "care-classes": secret.group.file.pk, "households": secret.file.pk,
        "bookings": secret.booking.pk, "places": secret.booking.place_id, "programmes": secret.hardship.pk,
    }  # fmt: skip
    for path in read_paths():
        word = path.split("/", maxsplit=1)[0]
        if word in held:
            place = path.replace("<uuid:pk>", str(held[word])).replace("<int:pk>", str(held[word]))
            yield path, f"/api/v1/{place.replace('<uuid:child>', str(secret.child.pk))}"
    for kind in ("claim", "activity", "child", "classfile", "householdfile"):
        yield f"events {kind}", f"/api/v1/events/?kind={kind}"
    yield "inbox", "/api/v1/inbox/"


def read_paths() -> Iterator[str]:
    """Every address of the API that answers a question, as its pattern."""
    for leaf in api.v1:
        view: Any = getattr(leaf.callback, "view_class", None)
        if view is not None and hasattr(view, "get"):
            yield str(leaf.pattern)


def main_api_doors(secret: Secrets) -> Iterator[str]:
    yield f"/api/v1/claims/{secret.claim.pk}/"
    yield f"/api/v1/claims/{secret.claim.pk}/attachments/"
    yield f"/api/v1/care-classes/{secret.group.file.pk}/children/{secret.child.pk}/"
    yield f"/api/v1/households/{secret.file.pk}/"
    yield f"/api/v1/bookings/{secret.booking.pk}/"
    for ballot in secret.ballots:
        for part in ("", "ballot/", "acts/", "timeline/"):
            yield f"/api/v1/activities/{ballot.pk}/{part}"


def reveals(secret: Secrets) -> Iterator[str]:
    """Where a secret is told to whoever may know it and says why."""
    claim, shown = secret.claim.pk, secret.shown.pk
    for name in ("identity", "account", "diagnosis"):
        yield reverse("services:reveal", args=["claim", claim, name])
    yield reverse("hardship:member", args=[secret.file.pk, Member.objects.get(unit=SIGNS["minor"][1]).pk])
    yield reverse("claims:contact", args=[shown, Objection.objects.get().pk])
    for report in secret.reports[:2]:
        yield reverse("outside:reporter", args=["claim", report.pk])
    yield reverse("childcare:health", args=[secret.group.activity.pk, secret.child.pk])


def stage_doors(secret: Secrets, case: Claim) -> Iterator[str]:
    """Where a case is told of while it goes on."""
    yield reverse("services:claim", args=[case.pk])
    yield (
        f"/services/payments/{case.payments.latest('made_at').batch_id}/"
        if case.payments.exists()
        else "/public/notices/"
    )
    if case.pk == secret.claim.pk:
        yield reverse("hardship:file", args=[secret.file.pk])


# --- who asks


def people(world: World) -> list[str]:
    return [*world.people, FAR, NOBODY]


def user_of(world: World, elsewhere: World, name: str) -> User:
    return elsewhere["officer"] if name == FAR else world[name]


def browser_of(world: World, elsewhere: World, name: str) -> Client:
    client = Client()
    if name != NOBODY:
        client.force_login(user_of(world, elsewhere, name))
    return client


def leaks(found: Found) -> Found:
    """What was read by whom or where it may not be read."""
    bad: Found = {}
    for (who, secret), urls in found.items():
        allowed, places = READS.get(secret, (set(), ()))
        wrong = {url for url in urls if who not in allowed or not any(place in url for place in places)}
        if wrong:
            bad[who, secret] = wrong
    return bad


def heard(found: Found) -> dict[str, set[str]]:
    return {secret: {who for who, of in found if of == secret} for secret in dict.fromkeys(of for _who, of in found)}


def papers(secret: Secrets) -> Iterator[str]:
    """What the office prints of these cases, as the worker makes it for whoever may ask; the texts of the files."""
    asking = (
        # Papers with a guard tell what they tell to whoever says why; tests/services/test_papers.py holds who that is.
        *(
            (paper.code, {"case": str(case.pk)}) for case, paper in itertools.product(secret.cases(), case_papers())
            if paper.guard is None and paper.abouts is None and paper.is_of(case) and paper.applies(case)
        ),
        *(
            (paper.code, {"programme": secret.aid.code, "year": timezone.localdate().year}) for paper in list_papers()
            if paper.programmes or paper.shape == "claim"
        ),
        ("claim_notice", {"programme": secret.aid.pk}), ("service_year", {"period": str(timezone.localdate().year)}),
        *((pack.code, {"file": str(secret.file.pk)}) for pack in registry.packs() if pack.code.startswith("household_")),
    )  # fmt: skip
    for code, parameters in asking:
        pack = registry.find(code)
        assert pack is not None, code
        yield str(pack.gather(registry.Wanted(secret.world["officer"], parameters)).as_json())


# --- how the cases go on


def until_the_bank_has_them(secret: Secrets) -> Iterator[Claim]:
    """The household's claim, then the report with a name, each as it stands after one more step."""
    world, officer = secret.world, secret.world["officer"]
    claim = secret.claim
    for verb, by, more in (
        ("check", world["town"], {}), ("visit", world["town"], {"visitors": ["陈一", "王二"], "findings": "住两间旧房"}),
        ("verify", officer, {}), ("publish", officer, {"now": timezone.now() - A_MONTH_AGO, "complaint_phone": "85120000"}),
        ("clear", officer, {}), ("approve", world["leader"], {"amount": Decimal(1000), "budget_line": secret.line}),
    ):  # fmt: skip
        yield (claim := cases.take(claim, verb, by=by, **more))
    money.make_batch(secret.hardship, [claim], by=officer)
    yield claim
    for number, report in enumerate(secret.reports[:2]):
        cases.take(report, "check", by=officer)
        cases.take(report, "verify", by=officer, extras={"grade": "可直接引发事故"})
        cases.take(report, "approve", by=world["leader"], budget_line=secret.line)
        name = SIGNS["reporter"][2 * number]
        yield cases.take(report, "pay", by=officer, way="bank", payee=name, account=ACCOUNT, bank="工商银行")


def to_the_end(secret: Secrets) -> Iterator[Claim]:
    """Sent back by the bank, paid again, signed, booked; reported, paid, over; reviewed, and out of the register."""
    officer, other = secret.world["officer"], secret.world["other_handler"]
    claim = cases.take(secret.claim, "bank_return", by=officer, reason="户名不符")
    yield claim
    money.make_batch(secret.hardship, [claim], by=officer)
    for verb, by in (("confirm_paid", other), ("sign", officer), ("account", officer)):
        yield (claim := cases.take(claim, verb, by=by))
    households.review(secret.file, by=officer, visitors=["陈一", "王二"])
    yield claim
    for report in secret.reports[:2]:
        for verb, by in (("confirm_paid", other), ("account", officer)):
            yield cases.take(report, verb, by=by)


# --- the tables


AT_EACH_STAGE = ("leader",)
# Whoever may know something, and somebody of each other kind.
ASKING = ("officer", "other_handler", "town", "cadre", "leader", "auditor", FAR)
# Whoever reads one of the secrets, and somebody of another district.
TOLD = {*itertools.chain.from_iterable(who for who, _where in READS.values()), "auditor", FAR, NOBODY}
# Each run asks every door by one in so many people, always the same ones; UNIONOPS_TESTS=full asks it by everybody.
SHARE = 40


def test_no_door_tells_of_children_diagnoses_accounts_and_reporters(world: World, elsewhere: World) -> None:
    for user in world.people.values():
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org", digest=True)
    found: Found = {}
    with log_lines() as lines:
        secret = Secrets(world)
        signs = {**SIGNS, "code": secret.codes}
        browsers = {name: browser_of(world, elsewhere, name) for name in people(world)}

        def at_a_stage(case: Claim) -> None:
            for name in (name for name in AT_EACH_STAGE if taken("stage", case.state, name, of=2)):
                walk(found, name, browsers[name].get, stage_doors(secret, case), signs)

        for case in until_the_bank_has_them(secret):
            at_a_stage(case)
        pages, records = list(doors(secret)), list(api_doors(secret))
        for name, browser in browsers.items():
            # Of those whom nothing is told each run asks a share.
            if name not in TOLD and not taken("main", name, of=3):
                continue
            walk(found, name, browser.get, main_doors(secret), signs)
            walk(found, name, browser.get, (url for of, url in pages if taken("page", name, of, of=SHARE)), signs)
            if name != NOBODY and (name in ASKING or taken("api", name, of=3)):
                ask = Caller(user_of(world, elsewhere, name)).get
                walk(found, name, ask, main_api_doors(secret), signs)
                walk(found, name, ask, (url for of, url in records if taken("api", name, of, of=SHARE)), signs)
        for text in papers(secret):
            look(found, "papers", "papers", text, signs)
        told = told_for_a_reason(secret, browsers, signs)
        for case in to_the_end(secret):
            at_a_stage(case)
        # Mail goes out on working days.
        on = deadlines.working_day_after(timezone.localdate(), 1)
        send_digests(timezone.make_aware(datetime.datetime.combine(on, datetime.time(9))))

    assert leaks(found) == {}
    # The same table finds what may be read, by everybody who may: nobody is shut out, and no mark is looked for in vain.
    assert heard(found) == {secret: who for secret, (who, _where) in READS.items()}
    assert heard(told) == REVEALS
    # Nothing sealed stands in clear in any table; a name stands only where it belongs.
    assert in_tables(signs) == {
        "booker": {"bookings_booking"}, "comment": {"activities_comment"}, "comment_early": {"activities_comment"}, "child": {"activities_enrolment"}, "school": {"childcare_child"}, "minor": {"hardship_member"}, "paper": {"casework_attachment"},
    }  # fmt: skip
    look(found, "log", "log", "\n".join(lines), signs)
    for message in mail.outbox:
        look(found, "mail", "mail", f"{message.subject} {message.body}", signs)
    assert leaks(found) == {}
    assert lines
    assert mail.outbox


def told_for_a_reason(secret: Secrets, browsers: dict[str, Client], signs: Any) -> Found:
    """What everybody is told who asks for what is sealed, with a reason; the answer is kept by nobody."""
    found: Found = {}
    told = [*reveals(secret), *(reverse("claims:bank_list", args=[pk]) for pk in batches_of(secret))]
    for name in browsers if WHOLE else ASKING:
        browser = browsers[name]
        for url in told:
            answer = browser.post(url, {"reason": "核对本人情况", "_key": uuid.uuid4().hex})
            if answer.status_code == 200:
                assert "no-store" in answer["Cache-Control"], url
            look(found, name, url, answer, signs)
    return found


def test_planted_leak_is_found(world: World, elsewhere: World) -> None:
    """A secret in a title, in a line of the timeline, in the name of a file, in a line of the log: the table names the door."""
    secret = Secrets(world)
    browsers = {name: browser_of(world, elsewhere, name) for name in ("leader", "cadre", "other_cadre")}
    name, words = SIGNS["reporter"][0], SIGNS["diagnosis"][0]
    report, officer = secret.reports[0], world["officer"]
    page, log = reverse("services:claim", args=[report.pk]), reverse("org:log")
    household = reverse("services:claim", args=[secret.claim.pk])
    ballot = reverse("services:activity", args=[secret.ballots[0].pk])
    for plant, who, url, mark in (
        (lambda: Claim.objects.filter(pk=report.pk).update(title=name), "leader", page, "reporter"),
        (lambda: record_event(secret.claim, "note", by=officer, data={"text": words}), "cadre", household, "diagnosis"),
        (lambda: attach(secret.claim, SimpleUploadedFile(f"{words}.txt", b"1"), by=officer), "leader", household, "diagnosis"),
        (lambda: Claim.objects.filter(pk=secret.claim.pk).update(account_masked=ACCOUNT), "leader", household, "account"),
        (lambda: Poll.objects.update(items=SIGNS["comment_early"]), "leader", ballot, "comment_early"),
    ):  # fmt: skip
        found: Found = {}
        with transaction.atomic():
            plant()
            for reader in (who, "other_cadre"):
                walk(found, reader, browsers[reader].get, [url, log], SIGNS)
            in_clear = in_tables(SIGNS)
            transaction.set_rollback(True)
        assert url in leaks(found)[who, mark]
        assert mark in in_clear
        assert not {reader for reader, _mark in leaks(found)} & {"other_cadre"}
    with log_lines() as lines:
        logging.getLogger("services").warning("sent to %s", ACCOUNT)
    assert any(ACCOUNT in line for line in lines)
