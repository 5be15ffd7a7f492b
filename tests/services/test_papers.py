"""Every paper of services from its real page: each format opens and holds what it must, who may ask, and what is written down."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from services.actions import cases
from services.actions.programmes import install
from services.activities.actions import enrolments, meetings, opinions, planning, spending
from services.activities.models import Activity
from services.catalogue import row_for
from services.childcare.actions import children, classes, days
from services.claims.models import Claim
from services.enums import Applicant, Shape
from services.management.commands.describe_documents import DOCUMENTS, PAGES, page, papers_of, proof_of
from services.models import Programme
from services.mutual.models import Plan
from services.orders.models import Order
from services.papers import making
from services.papers.table import CasePaper, case_papers, list_papers
from services.places.actions.running import give_service
from services.places.enums import Given
from tests.kept import kept
from tests.packs.conftest import content, made, read
from tests.sampling import taken
from tests.services.caring import identity, make_class, running, staff
from tests.services.craftsmen import craft_programme, make_craftsman, post_order
from tests.services.joining import IDENTITY, NAME, covering
from tests.services.worlds import make_line, make_programme, number_of
from tests.world import World, make_enterprise, make_world
from unionops.insight.asking import rows_url
from unionops.insight.figures import Question, figure_of
from unionops.insight.indicators import Asked
from unionops.insight.indicators import find as find_indicator
from unionops.insight.periods import Kind, containing
from unionops.org.errors import NotAllowed
from unionops.org.models import Event
from unionops.packs.models import Download

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
CODES = (
    "relief", "hazards", "supervision_letters", "legal_aid", "collective_contracts", "founding", "membership", "mutual_aid",
    "rebates", "stations", "childcare",
)  # fmt: skip
STUDENT, CHILD, PHONE, HEALTH = "李小满", "何以宁", "15800000012", "花生过敏"
# Nobody who asks is told these: they are in no paper but those of SECRETS.
SECRETS = {
    STUDENT: {"student_aid"},
    "鲁迅中学": {"student_aid"},
    CHILD: {"class_enrolment", "class_agreement", "class_attendance"},
    PHONE: {"class_enrolment"},
    HEALTH: {"class_enrolment"},
    number_of(7): set(),
    identity(12): set(),
    "13800002047": set(),
}
ALL = {"officer", "town", "leader"}
OFFICE = {"officer", "leader"}
WORK = {"officer", "town"}
# Code: (the case, words that it must hold, who of ALL may make it).
WANTED: dict[str, tuple[str, tuple[str, ...], set[str]]] = {
    "claim_approval": ("aid", ("陈桂芳", "申请金额", "各级意见"), ALL),
    "student_aid": ("study", (STUDENT, "鲁迅中学", "本科", "6,000.00", "叁仟元整", "监护人声明"), WORK),
    "hazard_register": ("hazard", ("二号机房", "匿名", "奖励最先报告的人"), OFFICE),
    "hazard_check": ("hazard", ("可直接引发事故", "已更换电缆"), OFFICE),
    "hazard_reward": ("hazard", ("3,000.00元", "叁仟元整", "凭报告编号"), OFFICE),
    "contract_performance": ("contract", ("女职工特殊保护", "备字12"), ALL),
    "supervision_letter": ("letter", ("工会劳动法律监督意见书", "十五个工作日", "拖欠七月工资", "劳动法第五十条"), ALL),
    "delivery_receipt": ("letter", ("送达回证", "直接", "拒收或留置"), ALL),
    "legal_aid_report": ("aid", ("追回加班费", "9,200.00", "章律师"), ALL),
    "activity_plan": ("event", ("亲子读书会", "读书", "绘本", "2,000.00元", "贰仟元整"), ALL),
    "activity_sign_in": ("event", ("职工一", "138****", "签字", "读书"), WORK),
    "activity_goods": ("event", ("绘本领用", "职工一", "本人签领"), WORK),
    "activity_satisfaction": ("event", ("很满意", "100.00%", "孩子喜欢"), WORK),
    "activity_expenses": ("event", ("冲回：租场地", "-300.00", "买绘本", "450.00"), OFFICE),
    "ballot_sheet": ("poll", ("不记名", "组织建设", "□"), ALL),
    "ballot_result": ("poll", ("发出", "3 票", "回收率", "100.00%"), ALL),
    "class_opening": ("class", ("潘雨桐", "CX-1", "场地验收", "BX-2026-1"), ALL),
    "class_enrolment": ("class", (CHILD, PHONE, HEALTH, "丁香兰", "0428"), {"officer"}),
    "class_agreement": ("class", (CHILD, "茹玉珍（祖辈）", "一式两份", "不上文化课"), {"officer"}),
    "class_attendance": ("class", (CHILD, "已到", "接人签字"), {"officer"}),
    "class_safety": ("class", ("√", "×", "灭火器过期"), ALL),
    "class_subsidy": ("class", ("签协议并参加的孩子", "1 名", "收款"), OFFICE),
    "children_rule": ("class", ("不满十四周岁", "如果泄露"), ALL),
    "privacy_consent": ("aid", ("单独同意", "敏感个人信息", "办结后"), ALL),
    "access_log": ("study", ("查看完整内容", "核对", "身份证号"), OFFICE),
}  # fmt: skip
# What domain 7 says that each of them has, beside what it tells of this case; D16 to D19 in tests/services/test_hardship.py.
COLUMNS: dict[str, tuple[str, ...]] = {
    # D20
    "student_aid": ("学生姓名", "学校和年级", "就读阶段", "学费", "申请金额", "不满十四周岁"),
    # D21
    "mutual_aid_roster": ("单位", "参保人数", "互助金（元）"), "mutual_aid_claims": ("姓名", "补助项目", "出院日期", "总费用（元）", "个人自付（元）", "补助（元）", "状态"),
    "claim_approval": ("申请金额", "各级意见", "经办人", "审核人", "审批人"),
    # D22
    "class_opening": ("季次", "主办工会", "地点", "名额", "招收年级", "场地面积", "收费", "保单号", "辅导老师", "验收", "审批意见"),
    "class_enrolment": ("孩子姓名", "性别", "出生日期", "年级", "学校", "监护人", "关系", "电话", "紧急联系人", "过敏和健康", "接送人", "自己离开", "同意"),
    "class_agreement": ("甲方", "乙方", "托管时间", "接送人", "保单号"), "class_attendance": ("到班", "送来人", "离开", "接走人", "情况"),
    "class_safety": ("消防器材", "疏散通道", "食品留样", "急救箱", "门窗", "监控", "演练"), "class_subsidy": ("适用档次", "申请补助", "人均", "意外记录", "家长评价", "账号"),
    # D25
    "rebate_summary": ("单位", "统一社会信用代码", "入库经费（元）", "返还比例", "应返还（元）", "批准返还（元）", "账号", "状态"),
    "rebate_anomalies": ("应缴（元）", "实缴（元）", "差额（元）"),
    # D26
    "hazard_register": ("报告编号", "报告时间", "报告人", "地点和部位", "隐患情况", "已向单位报告过", "受理"),
    "hazard_check": ("核查结论", "隐患等级", "核查人", "整改措施"), "hazard_reward": ("奖励金额", "三十日", "审批人"),
    # D27
    "founding_register": ("职工数", "女职工", "会员数", "组织形式", "批复文号", "选举日期", "法人资格证号", "状态"),
    "member_roster": ("姓名", "性别", "身份证号", "电话", "单位", "岗位", "新就业形态", "入会日期"), "member_list": ("集中入会", "入会日期", "签名"),
    # D28
    "contract_register": ("种类", "覆盖企业", "覆盖职工", "工资增幅", "备案号", "期满日", "履约检查"), "contracts_expiring": ("期满日", "剩余天数", "续签打算"),
    "contract_performance": ("条款", "履行情况", "检查结论", "职工方代表"),
    # D29
    "supervision_letter": ("依据", "主席（副主席）", "书面答复"), "delivery_receipt": ("送达文书", "送达方式", "送达日期", "受送达人签名"),
    # D30
    "legal_aid_report": ("受援人", "事项", "援助方式", "承办律师", "结果", "挽回金额"),
    # D31
    "activity_plan": ("时间", "地点", "名额", "日程", "预算", "物资"), "activity_sign_in": ("序号", "姓名", "单位", "签字"),
    "activity_goods": ("物品", "数量", "单价（元）", "领用时间", "签字"), "activity_satisfaction": ("发放对象", "收回", "满意率", "意见和建议"),
    "activity_expenses": ("日期", "科目", "用途", "收款方", "金额（元）", "预算科目", "结余"),
    # D32
    "ballot_sheet": ("测评项目", "满意", "基本满意", "不满意"), "ballot_result": ("发出", "收回", "回收率", "测评项目", "满意", "基本满意"),
}  # fmt: skip
# Code: (answers, words).
LISTS: dict[str, tuple[dict[str, object], tuple[str, ...]]] = {
    "mutual_aid_roster": ({}, ("恒润", "100.00", "HZ-1", "合计")),
    "mutual_aid_claims": ({}, ("住院自付", "31,000.00", "合计")),
    "rebate_summary": ({"year": "2025"}, ("6,000,000.00", "150,000.00", "合计")),
    "rebate_anomalies": ({"year": "2025"}, ("多缴", "少缴", "30,000.00", "-20,000.00")),
    "founding_register": ({}, ("基层委员会", "2026", "合计")),
    "member_roster": ({}, ("陆一鸣", "快递员", "330602")),
    "member_list": ({}, ("陆一鸣", "快递员集中入会", "签名")),
    "contract_register": ({}, ("工资专项", "备字12", "3.5 %", "合计")),
    "contracts_expiring": ({}, ("剩余天数", "20", "备字12")),
}


@kept
def cabinet() -> World:
    """One case of everything of which there are papers, and an officer who has been let in to the children."""
    world = make_world()
    world.neighbour = make_world("柯桥区总工会", "next_")
    install(world.district, [row for code in CODES if (row := row_for(code))], by=world["admin"])
    Programme.objects.filter(district=world.district).update(organisation=world.other_department)
    _claims(world)
    _activities(world)
    return world


def _claim(
    world: World, code: str, details: dict[str, Any], extras: dict[str, Any] | None = None, **fields: Any
) -> Claim:
    """Registered with what the programme asks at first; what later steps ask is put beside it."""
    values: dict[str, Any] = {
        "applicant_kind": Applicant.ENTERPRISE,
        "enterprise": world.enterprise,
        "town": world.town,
    }
    programme = Programme.objects.get(district=world.district, code=code)
    asked = {
        key: value for key, value in details.items() if key in {extra.key for extra in programme.extras_at("register")}
    }
    row: Claim = cases.register(programme, by=world["cadre"], extras=asked | (extras or {}), **(values | fields))
    Claim.objects.filter(pk=row.pk).update(details=details | row.details)
    row.refresh_from_db()
    return row


def _person(name: str = "陈桂芳", **more: Any) -> dict[str, Any]:
    return {
        "applicant_kind": Applicant.PERSON,
        "applicant_name": name,
        "enterprise": None,
        "phone": "13800002047",
        **more,
    }


def _claims(world: World) -> None:
    things, soon = world.things, timezone.localdate() + datetime.timedelta(days=20)
    things["study"] = _claim(
        world, "relief", {"level": "本科", "fee": "6000.00"}, {"student": STUDENT, "school": "鲁迅中学"},
        **_person(identity=number_of(7), amount_asked=Decimal(3000)),
    )  # fmt: skip
    cases.reveal(things["study"], "identity", by=world["officer"], reason="核对")
    things["hazard"] = _claim(
        world, "hazards", {"place": "二号机房", "hazard": "电缆破皮", "told_firm": True, "grade": "可直接引发事故", "rectified": "已更换电缆"},
        applicant_kind=Applicant.ANONYMOUS, enterprise=None,
    )  # fmt: skip
    Claim.objects.filter(pk=things["hazard"].pk).update(amount=Decimal(3000))
    things["letter"] = _claim(
        world, "supervision_letters",
        {"letter": "意见书", "facts": "拖欠七月工资", "basis": "劳动法第五十条", "demand": "三日内补发", "served_how": "直接", "served_on": "2026-08-03"},
    )  # fmt: skip
    things["aid"] = _claim(
        world, "legal_aid", {"matter": "加班费", "kind": "仲裁代理", "lawyer": "章律师", "result": "追回加班费", "recovered": "9200.00"}, **_person(amount_asked=Decimal(800))
    )  # fmt: skip
    things["contract"] = _claim(
        world, "collective_contracts",
        {"kind": "工资专项", "firms": 3, "workers": 410, "raise_rate": "3.5", "file_no": "备字12", "ends_on": soon.isoformat()},
    )  # fmt: skip
    _claim(world, "founding", {"staff": 88, "members": 70, "form": "基层委员会", "approval_no": "总工〔2026〕8号"})
    member = _claim(
        world, "membership", {"unit": "韵达网点", "new_form": "快递员", "gathering": "快递员集中入会", "joined_on": "2026-05-01"},
        **_person("陆一鸣", identity=number_of(8)),
    )  # fmt: skip
    Claim.objects.filter(pk=member.pk).update(state="checked")
    covering(world, Programme.objects.get(district=world.district, code="mutual_aid"))
    _claim(
        world, "mutual_aid",
        {"plan_year": timezone.localdate().year, "item": "住院自付", "discharged_on": timezone.localdate(), "total_cost": "31000.00", "own_cost": "9000.00"},
        **_person(NAME, identity=IDENTITY),
    )  # fmt: skip
    for received in ("150000.00", "100000.00"):
        details = {"period": 2025, "staff": 90, "payroll": "6000000.00", "received": received}
        _claim(world, "rebates", details, enterprise=make_enterprise(world.town))


def _activities(world: World) -> None:
    officer, things = world["officer"], world.things
    programme = make_programme(
        world, Shape.ACTIVITY, steps=["publish", "account"], applicants=[Applicant.UNION], limits={"ballot": 1}
    )
    values: dict[str, Any] = {
        "applicant_kind": Applicant.UNION, "applicant_name": "女工部", "title": "亲子读书会", "town": world.town,
        "starts_on": timezone.localdate(), "venue": "职工之家二楼", "description": "一起读书",
    }  # fmt: skip
    row: Activity = cases.register(programme, by=world["cadre"], **values)
    line = make_line(world, programme)
    planning.change_plan(row, by=officer, budget=Decimal(2000), budget_line=line)
    session = planning.add_session(
        row,
        by=officer,
        held_on=timezone.localdate(),
        starts_at=datetime.time(9),
        ends_at=datetime.time(11),
        topic="读书",
    )
    row = cases.take(Activity.objects.get(pk=row.pk), "publish", by=officer)
    people = [
        enrolments.enrol(row, by=officer, name=name, phone=f"1380000{2050 + at}", unit="恒润纺织")
        for at, name in enumerate(("职工一", "职工二"))
    ]
    goods = spending.bring(row, by=officer, name="绘本", quantity=30, worth=Decimal(15))
    row = cases.take(Activity.objects.get(pk=row.pk), "start", by=officer)
    meetings.call_roll(session, [people[0].pk], by=officer)
    spending.hand_out(goods, people[0], by=officer)
    for what, amount in (("租场地", Decimal(300)), ("买绘本", Decimal(450))):
        spent = spending.spend(
            row, by=officer, kind="culture", what=what, payee="新华书店", amount=amount, paid_on=timezone.localdate(), budget_line=line
        )  # fmt: skip
        if what == "租场地":
            spending.reverse(spent, by=officer, reason="记错")
    opinions.rate(people[0], by=officer, score=5, words="孩子喜欢")
    things["event"] = row
    home: Activity = cases.register(programme, by=world["cadre"], **(values | {"title": "请你来评“家”"}))
    home = cases.take(home, "publish", by=officer)
    home = cases.take(home, "start", by=officer)
    for _name, code in opinions.open_poll(home, by=officer, members=["甲", "乙", "丙"], items=["组织建设", "维权"]):
        opinions.vote(home.poll, code=code, grades={0: "satisfied", 1: "basically"}, by=officer)
    opinions.close_poll(home, by=officer)
    things["poll"] = home
    _class(world)


def _class(world: World) -> None:
    officer = world["officer"]
    found = make_class(world, extras={"area": Decimal(60), "fee": Decimal(0)})
    staff(found)
    child = found.child()
    children.sign_agreement(child, by=officer)
    found.take("start")
    found.let_in()
    days.arrive(found.again(child), by=officer, alone=True)
    classes.check_safety(
        found.fresh(),
        by=officer,
        good=["escape", "food", "first_aid", "doors", "cameras", "drill"],
        note="灭火器过期，已换",
    )
    world.things["class"] = found.activity


def _query(world: World, code: str) -> str:
    return f"case={world.things[WANTED[code][0]].pk}"


def _answers(paper: CasePaper, case: Any) -> dict[str, object]:
    return {"about": paper.abouts(case)[0][0]} if paper.abouts else {}


def test_each_paper_in_each_format_says_what_it_must_and_no_more(cabinet: World, client: Client) -> None:
    world = cabinet
    client.force_login(world["officer"])
    assert {paper.code for paper in case_papers()} == set(WANTED)
    lacking: dict[tuple[str, str], list[str]] = {}
    for paper in case_papers():
        key, words, _who = WANTED[paper.code]
        case = type(world.things[key]).objects.select_related("programme").get(pk=world.things[key].pk)
        for form in paper.formats:
            if form != "docx" and not taken(paper.code, form, of=4):
                continue
            row = made(client, paper.code, form, _query(world, paper.code), **_answers(paper, case))
            text = read(form, content(client, row)).replace("\n", "")
            if missing := [word for word in (*words, *COLUMNS.get(paper.code, ())) if not _says(text, word)]:
                lacking[paper.code, form] = missing
            for secret, told in SECRETS.items():
                assert (secret in text) is (paper.code in told), (paper.code, form, secret)
            # What is told in full stands in the file and nowhere else.
            assert (row.document is None) is (paper.guard is not None), paper.code
    assert lacking == {}


def _says(text: str, word: str) -> bool:
    """A workbook keeps numbers as numbers."""
    return word in text or word.replace(",", "").removesuffix(".00") in text


def test_who_may_ask_for_a_paper(cabinet: World, client: Client) -> None:
    """The form and the part 文书 of the page of the case agree; whoever is of another district finds nothing."""
    world = cabinet
    assert world.neighbour is not None
    for name in (*sorted(ALL), "other_cadre", "auditor"):
        client.force_login(world[name])
        shown = {
            key: client.get(reverse(f"services:{world.things[key].programme.shape}", args=[world.things[key].pk]))
            for key in ({key for key, _words, _who in WANTED.values()} if name in ("officer", "leader") else ())
        }
        for code, (key, _words, who) in WANTED.items():
            if name not in ALL and not taken(code, name, of=4):
                continue
            status = client.get(_address(world, code)).status_code
            assert (status == 200) is (name in who), (code, name, status)
            assert status in (200, 403, 404), (code, name, status)
            if key in shown and shown[key].status_code == 200:
                assert (f"/packs/{code}/new/" in shown[key].content.decode()) is (name in who), (code, name)
    client.force_login(world.neighbour["officer"])
    assert {client.get(_address(world, code)).status_code for code in WANTED if taken(code, of=2)} == {404}
    client.logout()
    assert client.get(_address(world, "access_log")).status_code == 302


def _address(world: World, code: str) -> str:
    return f"{reverse('packs:new', args=[code])}?{_query(world, code)}"


def test_each_making_with_personal_data_is_written_down(cabinet: World, client: Client) -> None:
    world = cabinet
    client.force_login(world["officer"])
    guarded = {paper.code: paper for paper in case_papers() if paper.guard}
    assert set(guarded) == {"student_aid", "class_enrolment", "class_agreement", "class_attendance"}
    for code, paper in guarded.items():
        case = world.things[WANTED[code][0]]
        before = _readings()
        page_of = client.get(_address(world, code)).content.decode()
        assert "每次制作都记入查看记录" in page_of
        assert not [secret for secret in SECRETS if secret in page_of], code
        assert _readings() == before
        made(client, code, "docx", _query(world, code), **_answers(paper, case))
        assert _readings() > before, code
    shown = Event.objects.about("claim", world.things["study"].pk).filter(verb="claim.reveal").order_by("-pk")[0]
    assert shown.data["reason"] == "制作《金秋助学申请表》"
    assert not Download.objects.filter(pack__in=guarded).exclude(document=None).exists()


def _readings() -> int:
    return Event.objects.filter(verb__in=("claim.reveal", "classfile.read", "child.reveal")).count()


def test_a_grant_that_has_ended_makes_no_paper(cabinet: World) -> None:
    world, paper = cabinet, next(paper for paper in case_papers() if paper.code == "class_agreement")
    row = Activity.objects.select_related("programme").get(pk=world.things["class"].pk)
    assert paper.abouts is not None
    (about, words), *_rest = paper.abouts(row)
    assert CHILD not in words
    assert making.written(paper, row, by=world["officer"], about=about)
    row.class_file.grants.update(until=timezone.localdate() - datetime.timedelta(days=1))
    with pytest.raises(NotAllowed):
        making.written(paper, row, by=world["officer"], about=about)


def test_each_register_in_each_format(cabinet: World, client: Client) -> None:
    world = cabinet
    assert world.neighbour is not None
    assert {paper.code for paper in list_papers()} == set(LISTS)
    lacking: dict[tuple[str, str], list[str]] = {}
    for code, (answers, words) in LISTS.items():
        asked = {"year": str(timezone.localdate().year), **answers}
        client.force_login(world["clerk"])
        for form in ("docx", "xlsx", "pdf"):
            if form != "docx" and not taken(code, form, of=4):
                continue
            text = read(form, content(client, made(client, code, form, "", **asked))).replace("\n", "")
            if missing := [word for word in (*words, *COLUMNS[code]) if not _says(text, word)]:
                lacking[code, form] = missing
            assert not [secret for secret in SECRETS if secret in text], code
        if not taken(code, "next door", of=4):
            continue
        client.force_login(world.neighbour["clerk"])
        assert world.enterprise.name not in read("docx", content(client, made(client, code, "docx", "", **asked)))
        for name, status in (("auditor", 403), ("cadre", 403)):
            client.force_login(world[name])
            assert client.get(reverse("packs:new", args=[code])).status_code == status, (code, name)
    assert lacking == {}


def test_an_assessment_tells_what_a_programme_keeps(cabinet: World, client: Client) -> None:
    client.force_login(cabinet["admin"])
    text = read("docx", content(client, made(client, "privacy_assessment", "docx", "", programme="relief")))
    for word in ("学生姓名", "敏感，加密存放", "办结后 30 年", "未成年人信息"):
        assert word in text


def test_an_order_and_the_lectures_of_a_week(cabinet: World, client: Client) -> None:
    world, today = cabinet, timezone.localdate()
    order = post_order(world, craft_programme(world))
    lectures = craft_programme(world, code="ten_minutes", name="班前十分钟", limits={})
    craftsman = make_craftsman(world, "孙讲师", account=False)
    asked = post_order(world, lectures, trade="", description="")
    Order.objects.filter(pk=asked.pk).update(
        wanted_on=today,
        craftsman=craftsman,
        accepted_at=timezone.now(),
        details={"topic": "安全生产", "shift": "7:50", "audience": 40},
    )
    client.force_login(world["officer"])
    sheet = read("docx", content(client, made(client, "order_sheet", "docx", f"order={order.pk}")))
    week = containing(today, Kind.WEEK).code
    rota = read("docx", content(client, made(client, "lecture_rota", "docx", "", period=week)))
    wanted = (
        "技术派工单",
        "模具飞边",
        "服务记录",
        "成效确认书",
        order.number,
        "企业（盖章）",
        "登记时间",
        "技术难题",
    )
    assert [word for word in wanted if word not in sheet] == []
    wanted = ("安全生产", "7:50", "孙讲师", "班前十分钟", "日期", "单位", "讲什么", "讲师")
    assert [word for word in wanted if word not in rota] == []


def test_who_is_in_mutual_aid_by_person(cabinet: World, client: Client) -> None:
    """Of a year or of one unit, numbers masked; the workbook has every line and stands in the log."""
    world = cabinet
    plan = Plan.objects.get(district=world.district)
    unit = plan.units.get()
    wanted = {"docx": ("参保人员花名册", NAME, "恒润"), "xlsx": (NAME, "恒润")}
    client.force_login(world["clerk"])
    for form, words in wanted.items():
        text = read(form, content(client, made(client, "mutual_aid_people", form, "", plan=str(plan.pk))))
        assert [word for word in words if word not in text] == [], form
        assert IDENTITY not in text
        assert IDENTITY[-4:] in text
    text = read("docx", content(client, made(client, "mutual_aid_people", "docx", f"unit={unit.pk}")))
    assert NAME in text
    assert Event.objects.filter(verb="user.export", data__list="医疗互助参保人员花名册").count() == 1
    page = client.get(f"/services/mutual/units/{unit.pk}/").content.decode()
    assert f"mutual_aid_people/new/?unit={unit.pk}" in page
    assert world.neighbour is not None
    client.force_login(world.neighbour["clerk"])
    assert client.get(reverse("packs:new", args=["mutual_aid_people"]), {"unit": str(unit.pk)}).status_code == 404


def test_whose_turn_it_is_to_speak(cabinet: World, client: Client) -> None:
    """讲师轮值表: who speaks where this week; who spoke least stands first, on the page and in the form too."""
    world, today = cabinet, timezone.localdate()
    row = running(world)
    often, seldom = (
        planning.keep_speaker(world.district, by=world["officer"], name=name, unit="机修车间", topics="安全")
        for name in ("甲讲师", "乙讲师")
    )
    planning.add_session(
        row, by=world["officer"], held_on=today, starts_at=datetime.time(7, 50), ends_at=datetime.time(8), topic="冬季防火", speaker=often
    )  # fmt: skip
    client.force_login(world["officer"])
    week = containing(today, Kind.WEEK).code
    text = read("docx", content(client, made(client, "speaker_rota", "docx", "", period=week)))
    assert [word for word in ("讲师轮值表", "07:50", "甲讲师", "冬季防火", "轮值次序") if word not in text] == []
    turns = text.rpartition("能讲的题目")[2]
    assert turns.index(seldom.name) < turns.index(often.name)
    page = client.get("/services/teams/").content.decode()
    assert page.index(seldom.name) < page.index(often.name)
    asked = client.get(f"/services/activity/{row.pk}/do/session/").content.decode()
    assert asked.index("乙讲师 机修车间（今年 0 场）") < asked.index("甲讲师 机修车间（今年 1 场）")


def test_services_at_stations_of_a_year(cabinet: World, client: Client) -> None:
    world = cabinet
    programme = Programme.objects.get(district=world.district, code="stations")
    place = cases.register(
        programme, by=world["officer"], applicant_kind=Applicant.UNION, applicant_name="斗门街道总工会", title="府山驿站", town=world.town,
    )  # fmt: skip
    give_service(place, by=world["officer"], kind=Given.values[0], people=35, what="送凉茶")
    client.force_login(world["officer"])
    asked = {"year": str(timezone.localdate().year)}
    text = read("docx", content(client, made(client, "place_services", "docx", "programme=stations", **asked)))
    for word in ("户外劳动者驿站服务登记表", "府山驿站", "送凉茶", "35", "合计"):
        assert word in text
    year = containing(timezone.localdate(), Kind.YEAR)
    for code, said in (("place_services", "1"), ("place_served", "35"), ("place_upgraded", "0")):
        indicator = find_indicator(code)
        assert indicator is not None
        told = Question(
            indicator, Asked(world["officer"], year, timezone.localdate()), "", {"programme": str(programme.pk)}
        )
        assert figure_of(told).words == said
        assert client.get(rows_url(told)).status_code == 200


def test_every_document_of_the_field_is_made_somewhere() -> None:
    """D16 to D35 are whole; docs/documents.md says where each is made and which test makes it."""
    missing = [number for number in DOCUMENTS if not papers_of(number) and number not in PAGES]
    assert missing == []
    named = [proof_of(pack) for number in DOCUMENTS for pack in papers_of(number)]
    named += [found.test for pages in PAGES.values() for found in pages]
    assert [test for test in named if not (ROOT / test).is_file()] == []
    stored = (ROOT / "docs/documents.md").read_text(encoding="utf-8")
    assert stored == page(), "manage.py describe_documents > docs/documents.md"
