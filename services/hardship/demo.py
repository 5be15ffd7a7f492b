"""Hardship aid in the demo: households at each stage of the way, one on the wall today, one near its review, and two campaigns (domain 4.1, 4.2)."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle
from typing import Any

from django.utils import timezone

from unionops.casework.models import Notice
from unionops.china.identity import check_digit
from unionops.org.models import Organisation, User
from visits.demo.district import Demo
from visits.demo.more import register_demo
from visits.demo.names import people, phone

from ..actions import cases, money
from ..claims import actions as payments
from ..claims.enums import ClaimVerb as V
from ..claims.models import Claim
from ..enums import DESK_ROLES, Applicant
from ..models import BudgetLine, Programme
from . import actions
from .enums import PROGRAMME, RELIEF, Cause, ExitReason, FileState, Health, ItemKind, Season
from .models import HouseholdFile

SEED = 20260101
PAPERS = ("个人困难申请", "户口本", "家庭身份证复印件", "经济状况核对授权委托书")
# The step, how many days after the application it was taken, and by whom: a notice hangs for five working days around New Year too.
WAY = (
    (V.CHECK, 2, "town"), (V.VISIT, 5, "town"), (V.VERIFY, 8, "desk"), (V.PUBLISH, 12, "desk"), (V.CLEAR, 32, "desk"), (V.APPROVE, 34, "leader"),
    (V.PAY, 36, "desk"), (V.CONFIRM_PAID, 39, "second"), (V.SIGN, 41, "town"), (V.ACCOUNT, 43, "desk"),
)  # fmt: skip


@dataclass(frozen=True)
class Story:
    """``steps`` of the way have been taken; money is that of a year."""

    days_ago: int
    cause: str
    unit: str
    ill: str
    wages: int
    rigid: tuple[tuple[str, int], ...]
    steps: int = len(WAY)


STORIES = (
    Story(335, Cause.ILLNESS, "恒润纺织", "慢性肾病，每周透析三次", 60000, ((ItemKind.ILLNESS, 30000),)),
    Story(210, Cause.SCHOOLING, "兰亭服饰", "", 58000, ((ItemKind.SCHOOLING, 14000),)),
    Story(400, Cause.DISABILITY, "鉴湖电气", "肢体残疾三级", 54000, ((ItemKind.DISABILITY, 24000),)),
    Story(300, Cause.JOBLESS, "古越酿造", "", 30000, ()),
    Story(14, Cause.ILLNESS, "东浦印染", "肺部手术后", 52000, ((ItemKind.ILLNESS, 26000),), steps=4),
    Story(7, Cause.SINGLE, "越城环卫", "", 46000, ((ItemKind.SCHOOLING, 6000),), steps=2),
)  # fmt: skip


@dataclass(frozen=True)
class Office:
    demo: Demo
    programme: Programme
    relief: Programme
    line: BudgetLine
    desk: User
    second: User
    pick: random.Random


def load(demo: Demo, now: datetime.datetime) -> None:
    """Deterministic; nothing where the programmes are not installed or one person alone runs them."""
    found = {row.code: row for row in Programme.objects.filter(district=demo.district, code__in=(PROGRAMME, RELIEF))}
    programme, relief = found.get(PROGRAMME), found.get(RELIEF)
    unit = programme.organisation_id if programme else 0
    desk = [user for user in demo.staff.get(unit, ()) if any(user.scope.holds(role, unit) for role in DESK_ROLES)]
    if programme is None or relief is None or len(desk) < 2:
        return
    admin, today = demo.people["admin"], timezone.localdate(now)
    # In the hours of the office, and never later than now.
    now = min(now, timezone.localtime(now).replace(hour=9, minute=20))
    line = money.open_line(
        demo.district, by=admin, year=today.year, name="困难职工帮扶", source="区级财政和工会经费", total=Decimal(300_000), programmes=[programme, relief]
    )  # fmt: skip
    money.set_parameter(
        demo.district, by=admin, code="subsistence_standard", value=Decimal(1062), source="演示数值，请按本地文件改",
        valid_from=today - datetime.timedelta(days=800),
    )  # fmt: skip
    office = Office(demo, programme, relief, line, desk[0], desk[1], random.Random(SEED))  # noqa: S311 -- the same story everywhere
    files = [_household(office, story, town, now) for story, town in zip(STORIES, cycle(demo.towns))]
    _cool(office, files[:4], now - datetime.timedelta(days=120))
    _review(office, files[2], now - datetime.timedelta(days=40))
    actions.leave_file(
        files[3], by=office.desk, reason=ExitReason.INCOME, note="已在新单位上岗，月人均收入超过标准。", told_on=today - datetime.timedelta(days=29),
        now=now - datetime.timedelta(days=30),
    )  # fmt: skip
    _warm(office, now - datetime.timedelta(days=6))
    # What is a week old has been read.
    old = now - datetime.timedelta(days=7)
    Notice.objects.filter(kind="claim", at__lt=old).update(read_at=old)


def _town_union(demo: Demo, town: Organisation) -> User:
    return next(user for name, user in demo.people.items() if name.startswith("town") and town.pk in user.scope.towns)


def _household(office: Office, story: Story, town: Organisation, now: datetime.datetime) -> HouseholdFile:
    demo, pick = office.demo, office.pick
    begun = now - datetime.timedelta(days=story.days_ago)
    local, liaison = _town_union(demo, town), demo.stationed[town.pk][0]
    worker, partner, child = people(pick, 3)
    claim: Claim = cases.register(
        office.programme, by=liaison, applicant_kind=Applicant.PERSON, applicant_name=worker, identity=_number(pick), phone=phone(pick), town=town,
        account=f"622202{pick.randrange(10**13):013d}", bank="工商银行绍兴分行", amount_asked=Decimal(3000), now=begun,
        description="走访时得知，本人书面申请。", extras={"unit": story.unit, "diagnosis": story.ill},
    )  # fmt: skip
    file = HouseholdFile.objects.get(claim=claim)
    members = [
        {"name": partner, "relation": "配偶", "identity": _number(pick), "health": Health.CHRONIC if story.ill else Health.HEALTHY, "has_authorised": True},
        {"name": child, "relation": "子女", "born_on": datetime.date(begun.year - 11, 5, 12)},
    ]  # fmt: skip
    items: list[dict[str, Any]] = [{"kind": ItemKind.WAGE, "amount": Decimal(story.wages), "whose": "本人"}]
    items += [{"kind": kind, "amount": Decimal(amount), "evidence": "票据"} for kind, amount in story.rigid]
    facts = {
        "main_cause": story.cause,
        "authorised_on": timezone.localdate(begun),
        "exclusions": [],
        "housing": "自有住房一套",
    }
    actions.write_household(
        file, by=local, facts=facts, members=members, items=items, now=begun + datetime.timedelta(days=1)
    )
    by = {"town": local, "desk": office.desk, "second": office.second, "leader": demo.people["leader"]}
    fields: dict[str, dict[str, Any]] = {
        V.CHECK: {"papers": dict.fromkeys(PAPERS, "seen")},
        V.VISIT: {"visitors": [local.name, liaison.name], "findings": "家里情况与申请一致，邻居也这样说。"},
        V.VERIFY: {"extras": {"check_result": "属实"}},
        V.PUBLISH: {"complaint_phone": "0575-85120000", "unit": story.unit, "aid": "生活救助", "amount": Decimal(3000), "place": "单位公开栏和社区公告栏"},
        V.APPROVE: {"amount": Decimal(3000), "budget_line": office.line},
        V.CONFIRM_PAID: {"voucher": f"记-{story.days_ago}"},
    }  # fmt: skip
    for verb, days, who in WAY[: story.steps]:
        at = begun + datetime.timedelta(days=days)
        given = dict(fields.get(verb, {}))
        if verb == V.PUBLISH:
            given |= dict(claim.reckoned.get("public") or {})
        claim = cases.take(claim, verb, by=by[who], now=at, **given)
    return HouseholdFile.objects.get(pk=file.pk)


def _number(pick: random.Random) -> str:
    body = f"330602{pick.randrange(1968, 1990)}{pick.randrange(1, 13):02d}{pick.randrange(1, 29):02d}{pick.randrange(100, 999)}"
    return body + check_digit(body)


def _review(office: Office, file: HouseholdFile, at: datetime.datetime) -> None:
    """A year on less has to be spent on the illness: the household moves to the easier category."""
    known = [
        {"id": str(one.pk), "name": one.name, "relation": one.relation, "has_authorised": True}
        for one in file.members.all()
    ]
    items = [
        {"kind": ItemKind.WAGE, "amount": Decimal(56000), "whose": "本人"},
        {"kind": ItemKind.DISABILITY, "amount": Decimal(8000)},
    ]
    actions.write_household(file, by=office.desk, facts={}, members=known, items=items, now=at)
    actions.review(
        file,
        by=office.desk,
        visitors=[office.desk.name, office.second.name],
        note="康复费用下降，本人已能上半天班。",
        now=at,
    )


def _cool(office: Office, files: list[HouseholdFile], at: datetime.datetime) -> None:
    """夏送清凉: goods, handed out and signed for."""
    campaign = actions.plan_campaign(
        office.relief, by=office.desk, name="夏送清凉", season=Season.SUMMER, amount=Decimal(200), budget_line=office.line, way="goods",
        goods="毛巾、凉茶、防暑药", now=at,
    )  # fmt: skip
    actions.list_files(campaign, files, by=office.desk, now=at)
    for local in {_town_union(office.demo, file.town) for file in files if file.town}:
        actions.take_all(campaign, V.CHECK, by=local, now=at)
    actions.take_all(campaign, V.APPROVE, by=office.demo.people["leader"], now=at)
    actions.take_all(campaign, V.PAY, by=office.desk, now=at)
    for claim in Claim.objects.filter(campaign_item__campaign=campaign).select_related("programme", "town"):
        cases.take(claim, V.SIGN, by=office.desk, now=at + datetime.timedelta(days=3))


def _warm(office: Office, at: datetime.datetime) -> None:
    """两节送温暖: approved, and with the bank since yesterday or so."""
    campaign = actions.plan_campaign(
        office.relief,
        by=office.desk,
        name="两节送温暖",
        season=Season.WINTER,
        amount=Decimal(1000),
        budget_line=office.line,
        now=at,
    )
    files = list(
        HouseholdFile.objects.filter(district=office.demo.district, state=FileState.ACTIVE).select_related(
            "claim", "town"
        )
    )
    actions.list_files(campaign, files, by=office.desk, now=at)
    for local in {_town_union(office.demo, file.town) for file in files if file.town}:
        actions.take_all(campaign, V.CHECK, by=local, now=at)
    actions.take_all(campaign, V.APPROVE, by=office.demo.people["leader"], now=at)
    claims = list(Claim.objects.filter(campaign_item__campaign=campaign).select_related("programme", "town"))
    payments.make_batch(office.relief, claims, by=office.desk, note=campaign.name, now=at + datetime.timedelta(days=4))


def declare() -> None:
    register_demo(load)
