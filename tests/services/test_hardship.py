"""One household, one file: judged by the numbers, opened by approval, reviewed each year, left with a reason."""

from __future__ import annotations

import datetime
import itertools
import random
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.db import Error, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from services.actions import cases, money
from services.claims import actions as payments
from services.claims.catalogue import PROGRAMMES
from services.claims.models import Claim, PaymentBatch, Publication
from services.hardship import actions, demo
from services.hardship.arithmetic import judge
from services.hardship.enums import Category, FileState, Outcome, Season
from services.hardship.models import Campaign, HouseholdFile
from services.models import Programme
from tests.api.conftest import Caller
from tests.packs.conftest import content, made, read
from tests.world import World
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Event, User
from visits.demo.district import Demo

from .worlds import make_line, make_standard, number_of, publish_and_clear

ACCOUNT = "6222020200011112222"
SEEN = ("个人困难申请", "户口本", "家庭身份证复印件", "经济状况核对授权委托书")
# A child born in 2015 and a husband.
MEMBERS = [
    {"name": "李建国", "relation": "丈夫", "identity": "330602196501010012", "health": "severe", "has_authorised": True},
    {"name": "李小满", "relation": "女儿", "born_on": datetime.date(2015, 6, 1), "unit": "鲁迅小学"},
]  # fmt: skip
INCOME, RIGID = (
    [{"kind": "wage", "amount": Decimal(60000), "whose": "本人"}],
    {"kind": "illness", "amount": Decimal(30000)},
)


def programme_of(world: World, code: str) -> Programme:
    (row,) = [row for row in PROGRAMMES if row["code"] == code]
    made, _new = Programme.objects.get_or_create(
        district=world.district, code=code, defaults={"organisation": world.other_department, **row}
    )
    make_line(world, made)
    return made


def apply(world: World, **fields: Any) -> HouseholdFile:
    make_standard(world)
    given: dict[str, Any] = {
        "applicant_kind": "person", "applicant_name": "陈桂芳", "identity": "33060219900101001X", "phone": "13800002047",
        "town": world.town, "account": ACCOUNT, "extras": {"unit": "恒润纺织", "diagnosis": "慢性肾病"},
    }  # fmt: skip
    claim = cases.register(programme_of(world, "hardship"), by=world["cadre"], **(given | fields))
    return HouseholdFile.objects.get(claim=claim)


def write(file: HouseholdFile, by: Any, *, rigid: int = 30000, **facts: Any) -> HouseholdFile:
    items = [*INCOME, RIGID | {"amount": Decimal(rigid)}]
    olds = [str(old.pk) for old in file.members.order_by("-identity_hash")]
    known = [{**one, "id": old} for one, old in itertools.zip_longest(MEMBERS, olds, fillvalue="")]
    return actions.write_household(
        file, by=by, members=known, items=items,
        facts={"main_cause": "illness", "authorised_on": timezone.localdate(), "exclusions": [], **facts},
    )  # fmt: skip


def to_verified(world: World, file: HouseholdFile) -> Claim:
    claim = cases.take(file.claim, "check", by=world["town"], papers=dict.fromkeys(SEEN, "seen"))
    claim = cases.take(claim, "visit", by=world["town"], visitors=["王一", "李二"], findings="属实")
    return cases.take(claim, "verify", by=world["officer"], extras={"check_result": "属实"})


def opened(world: World, **fields: Any) -> HouseholdFile:
    file = write(apply(world, **fields), world["town"])
    claim = publish_and_clear(to_verified(world, file), world)
    cases.take(claim, "approve", by=world["leader"], amount=Decimal(3000), budget_line=make_line(world))
    return HouseholdFile.objects.get(pk=file.pk)


@pytest.mark.parametrize(
    ("rigid", "per_head", "category"), [(30000, "833.33", Category.DEEP), (6000, "1500.00", Category.RELATIVE)]
)
def test_the_numbers_of_the_field(rigid: int, per_head: str, category: Category) -> None:
    found = judge(Decimal(60000), Decimal(rigid), 3, Decimal(1062))
    assert (found.per_head, found.category) == (Decimal(per_head), category)


yuan = st.decimals(0, 500_000, places=2)


@settings(max_examples=60)
@given(yuan, yuan, st.integers(1, 9), st.decimals(100, 5000, places=2), yuan)
def test_the_category_is_what_the_rule_says(
    income: Decimal, rigid: Decimal, people: int, standard: Decimal, cost: Decimal
) -> None:
    found = judge(income, rigid, people, standard, accident_cost=cost)
    # In whole fen, with no division at all.
    rest, line = int((income - rigid) * 100), int(standard * 100) * 12 * people
    expected = (
        Category.DEEP if rest < line else Category.RELATIVE if rest < 2 * line
        else Category.ACCIDENTAL if cost * 10 > income * 8 and cost else Category.NONE
    )  # fmt: skip
    assert found.category == expected
    assert abs(found.per_head * 12 * people - (income - rigid)) <= Decimal("0.005") * 12 * people
    # Who must spend more is never judged better off, nor is a household under a higher standard.
    rank = [Category.DEEP, Category.RELATIVE, Category.ACCIDENTAL, Category.NONE]
    assert rank.index(judge(income, rigid + 1200, people, standard, accident_cost=cost).category) <= rank.index(
        found.category
    )
    assert rank.index(judge(income, rigid, people, standard + 50, accident_cost=cost).category) <= rank.index(
        found.category
    )


def test_a_file_from_the_application_to_the_exit(world: World, client: Client) -> None:
    file = apply(world)
    claim = cases.take(file.claim, "check", by=world["town"], papers=dict.fromkeys(SEEN, "seen"))
    claim = cases.take(claim, "visit", by=world["town"], visitors=["王一", "李二"], findings="属实")
    for lacking, words in (({}, "授权"), ({"authorised_on": timezone.localdate()}, "成年人都要签")):
        if lacking:
            actions.write_household(
                file, by=world["town"], facts=lacking, members=[MEMBERS[0] | {"has_authorised": False}], items=[]
            )
        with pytest.raises(InvalidTransition, match=words):
            cases.take(claim, "verify", by=world["officer"], extras={"check_result": "属实"})
    file = write(HouseholdFile.objects.get(pk=file.pk), world["town"], exclusions=["car"])
    with pytest.raises(InvalidTransition, match="排除情形"):
        cases.take(claim, "verify", by=world["officer"], extras={"check_result": "属实"})
    file = write(file, world["town"])
    claim = cases.take(claim, "verify", by=world["officer"], extras={"check_result": "属实"})
    assert ["月人均", "（60,000.00 − 30,000.00）÷ 12 ÷ 3 = 833.33 元"] in claim.reckoned["lines"]
    with pytest.raises(InvalidTransition, match="不能再改"):
        write(file, world["town"])
    # The standard rises: what was judged stays judged by its own row.
    money.set_parameter(
        world.district,
        by=world["admin"],
        code="subsistence_standard",
        value=Decimal(1200),
        valid_from=timezone.localdate(),
    )
    claim = publish_and_clear(claim, world, category="深度困难", cause="因病")
    line = make_line(world)
    cases.take(claim, "approve", by=world["leader"], amount=Decimal(3000), budget_line=line)
    file = HouseholdFile.objects.get(pk=file.pk)
    assert (file.state, file.category) == (FileState.ACTIVE, Category.DEEP)
    assert file.assessments.get().standard.value == 1062
    assert file.deadline.due_on == actions.a_year_after(timezone.localdate())
    client.force_login(world["officer"])
    page = client.get(f"/services/hardship/{file.pk}/").content.decode()
    assert "未成年人" in page
    for secret in ("李小满", "鲁迅小学", "330602196501010012", "慢性肾病", ACCOUNT):
        assert secret not in page, secret
    member = file.members.exclude(identity_hash="").get()
    seen = client.post(f"/services/hardship/{file.pk}/members/{member.pk}/reveal/", {"reason": "核对低保信息"})
    assert "330602196501010012" in seen.content.decode()
    assert Event.objects.about("householdfile", file.pk).filter(verb="householdfile.reveal").count() == 1
    # A year on: less to spend on illness, another category; and then none at all.
    write(file, world["officer"], rigid=6000)
    with pytest.raises(ActionError, match="两个人"):
        actions.review(file, by=world["officer"], visitors=["王一"])
    assert actions.review(file, by=world["officer"], visitors=["王一", "李二"]).outcome == Outcome.DOWNGRADE
    write(file, world["officer"], rigid=50000)
    assert actions.review(file, by=world["officer"], visitors=["王一", "李二"]).outcome == Outcome.UPGRADE
    assert actions.review(file, by=world["officer"], visitors=["王一", "李二"]).outcome == Outcome.KEEP
    with pytest.raises(NotAllowed):
        actions.leave_file(file, by=world["town"], reason="moved")
    actions.leave_file(file, by=world["officer"], reason="moved", told_on=timezone.localdate())
    file = HouseholdFile.objects.get(pk=file.pk)
    assert (file.state, file.exit_reason) == (FileState.EXITED, "moved")
    assert file.keep_until == actions.a_year_after(timezone.localdate(), 10)
    with pytest.raises(Error), transaction.atomic():
        HouseholdFile.objects.filter(pk=file.pk).update(state="applying")


def test_whoever_is_no_longer_poor_leaves_at_the_review(world: World) -> None:
    file = opened(world)
    items = [{"kind": "wage", "amount": Decimal(300000)}]
    actions.write_household(file, by=world["officer"], facts={}, members=[], items=items)
    assert actions.review(file, by=world["officer"], visitors=["王一", "李二"]).outcome == Outcome.EXIT
    assert HouseholdFile.objects.get(pk=file.pk).exit_reason == "income"


def test_one_household_one_file_across_streets(world: World) -> None:
    file = opened(world)
    programme = file.claim.programme
    programme.limits = {}
    programme.save()
    for number in ("33060219900101001X", "330602196501010012"):
        with pytest.raises(ActionError, match=file.number):
            apply(world, town=world.other_town, identity=number, applicant_name="李某")
    other = apply(world, town=world.other_town, identity="", applicant_name="王强")
    with pytest.raises(ActionError, match="一户只建一份"):
        write(other, world["officer"])


def test_a_refused_application_leaves_a_closed_file(world: World) -> None:
    file = apply(world)
    cases.take(file.claim, "refuse", by=world["officer"], reason="不符合")
    assert HouseholdFile.objects.get(pk=file.pk).state == FileState.CLOSED


def test_who_sees_a_file(world: World, elsewhere: World, client: Client) -> None:
    file = opened(world)
    seen = {
        "officer": 200, "other_handler": 200, "town": 200, "cadre": 200, "leader": 200, "chief": 200, "clerk": 200, "handler": 404,
        "other_cadre": 404, "mediator": 404, "auditor": 404, "unposted": 404,
    }  # fmt: skip
    for name, status in seen.items():
        client.force_login(world[name])
        assert client.get(f"/services/hardship/{file.pk}/").status_code == status, name
        assert (file.number in client.get("/services/hardship/").content.decode()) == (status == 200), name
    client.force_login(elsewhere["leader"])
    assert client.get(f"/services/hardship/{file.pk}/").status_code == 404
    client.force_login(world["cadre"])
    assert client.get(f"/services/hardship/{file.pk}/review/").status_code == 403


def plan(world: World, **fields: Any) -> Campaign:
    programme = programme_of(world, "relief")
    given = {
        "name": "两节送温暖",
        "season": Season.WINTER,
        "amount": Decimal(500),
        "budget_line": make_line(world),
        **fields,
    }
    return actions.plan_campaign(programme, by=world["officer"], **given)


def test_a_campaign_by_the_bank_and_one_with_goods(world: World, client: Client) -> None:
    file = opened(world)
    campaign = plan(world)
    assert actions.list_files(campaign, [file], by=world["officer"]) == 1
    assert actions.list_files(campaign, [file], by=world["officer"]) == 0
    # The same kind in the same year: once.
    assert actions.list_files(plan(world, name="第二次"), [file], by=world["officer"]) == 0
    with pytest.raises(InvalidTransition, match="换一个人"):
        actions.take_all(campaign, "check", by=world["officer"])
    assert actions.take_all(campaign, "check", by=world["town"]) == (1, [])
    assert actions.take_all(campaign, "approve", by=world["leader"]) == (1, [])
    with pytest.raises(InvalidTransition, match="发放批次"):
        actions.take_all(campaign, "pay", by=world["officer"])
    claim = Claim.objects.get(campaign_item__campaign=campaign)
    batch = payments.make_batch(campaign.programme, [claim], by=world["officer"])
    payments.confirm_batch(batch, by=world["other_handler"])
    client.force_login(world["officer"])
    roster = read("xlsx", b"".join(client.get(f"/services/payments/{batch.pk}/roster.xlsx").streaming_content))
    heads = ("序号", "姓名", "单位", "类别", "项目", "金额（元）", "卡号后四位", "签收人", "签收日期")
    assert [word for word in (*heads, "陈桂芳", "恒润纺织", "深度困难", "500", "2222") if word not in roster] == []
    assert ACCOUNT not in roster
    goods = plan(world, name="夏送清凉", season=Season.SUMMER, way="goods", goods="毛巾、凉茶")
    actions.list_files(goods, [file], by=world["officer"])
    for verb, by in (("check", "town"), ("approve", "leader"), ("pay", "officer")):
        actions.take_all(goods, verb, by=world[by])
    client.force_login(world["town"])
    page = client.get(f"/services/relief/{goods.pk}/").content.decode()
    assert "登记签收" in page
    given = Claim.objects.get(campaign_item__campaign=goods)
    assert (given.state, given.amount, given.payments.get().way) == ("paid", 500, "goods")


def test_no_payment_without_an_active_file_but_for_temporary_aid(world: World) -> None:
    programme, line = programme_of(world, "relief"), make_line(world)

    def ask(**extras: Any) -> Claim:
        claim = cases.register(
            programme, by=world["cadre"], applicant_kind="person", applicant_name="王强", town=world.town, extras=extras
        )
        return cases.take(claim, "check", by=world["town"])

    with pytest.raises(InvalidTransition, match="没有在档"):
        cases.take(ask(), "approve", by=world["leader"], amount=Decimal(300), budget_line=line)
    cases.take(ask(temporary=True), "approve", by=world["leader"], amount=Decimal(300), budget_line=line)
    file = opened(world)
    campaign = plan(world)
    actions.list_files(campaign, [file], by=world["officer"])
    actions.take_all(campaign, "check", by=world["town"])
    actions.leave_file(file, by=world["officer"], reason="died")
    with pytest.raises(InvalidTransition, match="没有在档"):
        actions.take_all(campaign, "approve", by=world["leader"])


def test_papers_say_what_the_file_says_and_no_more(world: World, client: Client) -> None:
    file = opened(world)
    actions.review(file, by=world["officer"], visitors=["王一", "李二"], note="病情稳定")
    shown = apply(world, identity=number_of(1), applicant_name="周明珠")
    shown = actions.write_household(
        shown, by=world["town"], facts={"authorised_on": timezone.localdate()}, members=[], items=[RIGID]
    )
    claim = to_verified(world, shown)
    cases.take(claim, "publish", by=world["officer"], complaint_phone="85120000", category="深度困难")
    client.force_login(world["officer"])
    wanted = {
        "household_file": (
            f"file={file.pk}",
            {},
            (
                "833.33",
                "因病",
                "深度困难",
                "未成年人",
                "初审",
                "陈桂芳",
                "家庭成员",
                "工资",
                "60,000.00",
                "刚性支出",
                "30,000.00",
                "各级意见",
                "基层工会",
                "镇街总工会",
                "区总工会",
            ),
        ),
        "household_review": (
            f"file={file.pk}",
            {},
            ("病情稳定", "保持", "原年收入（元）", "现年收入（元）", "60,000.00", "原类别", "现类别", "结论"),
        ),
        "claim_approval": (f"case={file.claim_id}", {}, ("3,000.00", "2222", "入户核实")),
        "claim_notice": (
            "",
            {"programme": str(claim.programme_id)},
            ("周**", "85120000", "单位", "深度困难", "致困原因", "拟帮扶", "公示起", "公示止", "监督电话"),
        ),
    }
    for code, (query, answers, words) in wanted.items():
        text = read("docx", content(client, made(client, code, "docx", query, **answers)))
        for word in words:
            assert word in text, (code, word)
        for secret in (
            "33060219900101001X",
            "330602196501010012",
            ACCOUNT,
            "李小满",
            "鲁迅小学",
            "慢性肾病",
            "13800002047",
            "周明珠",
        ):
            assert secret not in text, (code, secret)


def test_the_demo_has_a_household_at_each_stage(world: World) -> None:
    """One on the wall today, one on its way, three with a file (one moved by its review), one that has left; goods given, money with the bank."""
    for code in ("hardship", "relief"):
        programme_of(world, code)
    colleagues = {world.other_department.pk: [world["officer"], world["other_handler"]]}
    told = Demo(
        world.district, User.objects.system(), random.Random(1), towns=[world.town], people=world.people, staff=colleagues,
        stationed={world.town.pk: [world["cadre"]]},
    )  # fmt: skip
    demo.load(told, timezone.now())
    files = HouseholdFile.objects.all()
    assert Counter(files.values_list("state", "category")) == {
        ("active", "deep"): 1, ("active", "relative"): 2, ("exited", "deep"): 1, ("applying", ""): 2,
    }  # fmt: skip
    assert files.get(reviews__isnull=False).reviews.get().outcome == Outcome.DOWNGRADE
    assert Claim.objects.filter(state="visited", programme__code="hardship").count() == 1
    wall = Client().get("/public/notices/").content.decode()
    shown = Publication.objects.get(stopped_on=None)
    assert (shown.name_masked in wall, shown.category, shown.cause) == (True, "深度困难", "因病")
    assert shown.claim.applicant_name not in wall
    assert Counter(Claim.objects.filter(programme__code="relief").values_list("state", flat=True)) == {
        "signed": 4,
        "paying": 3,
    }
    assert PaymentBatch.objects.get(note="两节送温暖").payments.filter(state="sent", way="bank").count() == 3


def test_the_buttons_of_a_file_are_doors_of_the_api(world: World) -> None:
    """Written down, reviewed and left by the same actions as on the pages; what is not sent stays, and no name leaves."""
    file = apply(world)
    place = f"/api/v1/households/{file.pk}/"
    town, officer, chief = (Caller(world[name]) for name in ("town", "officer", "chief"))
    told = town.get(place).json()
    assert told["allowed"] == ["write"]
    assert {one["verb"]: one["reason"] for one in told["refused"]} == dict.fromkeys(
        ("review", "leave"), "复核和退档由主办科室办理。"
    )
    assert {one["verb"] for one in chief.get(place).json()["refused"]} == {"write", "review", "leave"}
    household = {
        "main_cause": "illness", "authorised_on": timezone.localdate().isoformat(),
        "members": [
            {"name": "李建国", "relation": "丈夫", "identity": "330602196501010012", "health": "severe", "has_authorised": True},
            {"name": "李小满", "relation": "女儿", "born_on": "2015-06-01", "unit": "鲁迅小学"},
        ],
        "items": [{"kind": "wage", "amount": "60000.00", "whose": "本人"}, {"kind": "illness", "amount": "30000.00"}],
    }  # fmt: skip
    step = f"{place}transitions/write/"
    assert chief.post(step, household).status_code == 403
    wrong = town.post(step, {**household, "members": [{"name": "李建国", "identity": "330602196501010011"}]})
    assert wrong.status_code == 400
    assert {one["field"] for one in wrong.json()["errors"]} == {"members.0.relation", "members.0.identity"}
    assert town.post(step, household, if_match='"99"').status_code == 409
    told = town.post(step, household).json()
    members = {one["relation"]: one for one in told["members"]}
    assert (members["丈夫"]["name"], members["女儿"]["name"], members["女儿"]["is_minor"]) == ("李*国", "", True)
    assert [(one["kind"], one["amount"]) for one in told["items"]] == [("wage", "60000.00"), ("illness", "30000.00")]
    # Somebody known by the key alone keeps name and number; a fact alone changes nothing else.
    town.post(step, {"members": [{"id": members["丈夫"]["id"], "unit": "恒润纺织"}], "main_cause": "illness"})
    husband = file.members.get()
    assert (husband.name, husband.unit, husband.open("identity")) == ("李建国", "恒润纺织", "330602196501010012")
    assert file.items.count() == 2
    claim = publish_and_clear(to_verified(world, file), world)
    cases.take(claim, "approve", by=world["leader"], amount=Decimal(3000), budget_line=make_line(world))
    assert officer.get(place).json()["assessments"][0]["category"] == "relative"
    assert officer.post(f"{place}transitions/review/", {"visitors": "王一"}).status_code == 422
    told = officer.post(f"{place}transitions/review/", {"visitors": "王一 李二", "note": "丈夫还在治病"}).json()
    assert (told["state"], told["category"]) == ("active", "relative")
    assert officer.post(f"{place}transitions/leave/", {"reason": "nothing"}).status_code == 400
    told = officer.post(f"{place}transitions/leave/", {"reason": "moved", "note": "迁出"}).json()
    assert (told["state"], told["exit_reason"], told["allowed"]) == ("exited", "moved", [])
    assert [one.verb for one in Event.objects.about("householdfile", file.pk).order_by("pk")] == [
        "householdfile.register", "householdfile.write", "householdfile.write", "householdfile.open", "householdfile.review",
        "householdfile.exit",
    ]  # fmt: skip
