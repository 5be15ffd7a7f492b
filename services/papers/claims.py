"""Papers about one claim: 金秋助学申请表 (D20), 隐患三表 (D26), 一函两书和送达回证 (D29), 法律援助结案报告 (D30)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from unionops.packs.documents import Block, Cell, Column, Document, Section, Table, paragraph, paragraphs

from ..claims import packs
from ..claims.models import Claim
from ..enums import Applicant, Relation, Shape
from ..hardship.enums import RELIEF, Season
from ..hardship.models import HouseholdFile
from ..hardship.steps import active_file_of
from .parts import day, extra, extras_of, numbered_as, opinions, sheet, short, stamps, town_of, yuan
from .table import TABLES, CasePaper, Given, register_papers, whole

OFFICE = frozenset({Relation.DESK, Relation.LEADER, Relation.CHIEF})
CONTRACTS, HAZARDS, LETTERS, AID = "collective_contracts", "hazards", "supervision_letters", "legal_aid"


# --- D20


def _is_study(claim: Claim) -> bool:
    item = getattr(claim, "campaign_item", None)
    return bool(claim.details.get("level") or claim.details.get("fee")) or (
        item is not None and item.campaign.season == Season.STUDY
    )


def student_aid(given: Given) -> Document:
    """金秋助学申请表: the student by name only here, the household by its file; other minors stay unnamed."""
    claim: Claim = given.case
    file = active_file_of(claim)
    student: list[tuple[str, Cell]] = [
        ("学生姓名", given.sealed("student")), ("学校和年级", given.sealed("school")), ("就读阶段", extra(claim, "level")),
        ("学费（元/年）", extra(claim, "fee")),
    ]  # fmt: skip
    aid: list[tuple[str, Cell]] = [
        ("申请金额", yuan(claim.amount_asked)), ("批准金额", yuan(claim.amount)), ("申请理由", claim.description),
        ("户名", claim.payee), ("银行账号", claim.account_masked),
    ]  # fmt: skip
    return Document(
        "金秋助学申请表",
        [
            Section("一、申请人", [sheet(_applicant(claim))], "applicant"),
            Section("二、学生", [sheet(student, blank=True)], "student"),
            Section("三、家庭", _household(file), "household"),
            Section("四、助学金", [sheet(aid)], "aid"),
            Section(
                "五、监护人声明",
                [paragraph("以上情况属实。本人是学生的监护人，同意工会为审核和发放助学金使用上述信息；学生不满十四周岁的，按《儿童个人信息保护规则》处理。公示时不出现学生的姓名和学校。")],
                "consent",
            ),
            stamps("六、审批意见", "基层工会", "镇街总工会", "区总工会"),
        ],
        organisation=short(claim.district), number=claim.number, signatures=["申请人（监护人）", "经办人"],
    )  # fmt: skip


def _applicant(claim: Claim) -> list[tuple[str, Cell]]:
    return [
        ("编号", numbered_as(claim)), ("姓名", claim.applicant_name), ("身份证号", claim.identity_masked),
        ("电话", claim.phone_masked), ("镇街", town_of(claim)), ("申请日期", day(claim.registered_at)),
    ]  # fmt: skip


def _household(file: HouseholdFile | None) -> list[Block]:
    if file is None:
        return [paragraph("没有在档的困难职工档案（临时救助）。")]
    judged = file.assessments.first()
    lines: list[tuple[str, Cell]] = [
        ("档案编号", file.number), ("困难类别", file.get_category_display() if file.category else ""),
        ("主要致困原因", file.get_main_cause_display() if file.main_cause else ""), ("建档日期", day(file.opened_on)),
        ("家庭人口", f"{judged.people} 人" if judged else ""), ("家庭月人均（元）", f"{judged.per_head:,.2f}" if judged else ""),
    ]  # fmt: skip
    people: list[list[Cell]] = [
        ["未成年人" if one.is_minor() else one.name, one.relation, one.get_health_display(), "" if one.is_minor() else one.unit]
        for one in file.members.all()
    ]  # fmt: skip
    columns = [
        Column("姓名", width=10), Column("与户主关系", width=10), Column("健康状况", width=10), Column("单位", width=14),
    ]  # fmt: skip
    return [sheet(lines), Table("家庭成员", columns, people, empty="没有登记其他成员。")]


# --- D26: who reports is in none of them


def _reporter(claim: Claim) -> str:
    if claim.applicant_kind == Applicant.ANONYMOUS:
        return "匿名（凭报告编号和查询码查询）"
    return "实名（身份另行密封保管，不得向被报告单位泄露）"


def _report(claim: Claim) -> list[tuple[str, Cell]]:
    return [
        ("报告编号", numbered_as(claim)), ("报告时间", day(claim.registered_at)), ("报告方式", claim.get_channel_display()),
        ("报告人", _reporter(claim)), ("被报告单位", claim.enterprise.name if claim.enterprise else ""), ("镇街", town_of(claim)),
        *extras_of(claim, "place", "hazard", "told_firm"),
    ]  # fmt: skip


def hazard_register(given: Given) -> Document:
    claim: Claim = given.case
    accepted: list[tuple[str, Cell]] = [
        ("受理人", claim.checked_by.name if claim.checked_by else ""), ("是否受理", "" if claim.checked_by is None else "受理"),
        ("转交单位", ""),
    ]  # fmt: skip
    return Document(
        "事故隐患报告登记表",
        [
            Section("一、报告", [sheet(_report(claim))], "report"),
            Section("二、受理", [sheet(accepted, blank=True)], "accepted"),
        ],
        organisation=short(claim.district), number=claim.number, signatures=["登记人", "负责人"],
        note="同一隐患有多人报告的，奖励最先报告的人；联名报告的，奖励第一署名人。报告人的身份不在本表记载。",
    )  # fmt: skip


def hazard_check(given: Given) -> Document:
    claim: Claim = given.case
    found: list[tuple[str, Cell]] = [
        ("核查结论", "属实" if claim.details.get("grade") else ""), ("隐患等级", extra(claim, "grade")),
        ("核查人", claim.verified_by.name if claim.verified_by else ""), ("整改措施、责任人和期限", extra(claim, "rectified")),
        ("整改复查", ""),
    ]  # fmt: skip
    return Document(
        "事故隐患核查意见",
        [
            Section("一、隐患情况", [sheet(_report(claim))], "report"),
            Section("二、核查意见", [sheet(found, blank=True)], "found"),
        ],
        organisation=short(claim.district), number=claim.number, signatures=["核查人（两人）", "被查单位（盖章）"],
    )  # fmt: skip


def hazard_reward(given: Given) -> Document:
    claim: Claim = given.case
    lines: list[tuple[str, Cell]] = [
        ("报告编号", numbered_as(claim)), ("报告人", _reporter(claim)), ("隐患等级", extra(claim, "grade")),
        *((label, said) for label, said in claim.reckoned.get("lines", [])),
        ("奖励金额", yuan(claim.amount or claim.amount_asked)), ("预算科目", str(claim.budget_line) if claim.budget_line else ""),
        ("领取办法", "凭报告编号和查询码领取；委托他人领取的，出示委托书。"),
    ]  # fmt: skip
    return Document(
        "事故隐患报告奖励审批表",
        [Section("一、奖励", [sheet(lines)], "reward"), Section("二、经过", [opinions(claim)], "steps"), stamps("三、审批意见", "主办科室", "分管领导")],
        organisation=short(claim.district), number=claim.number, signatures=["经办人", "审核人", "审批人"],
        note="应当自通知之日起三十日内发给。报告人的身份不在本表记载。",
    )  # fmt: skip


# --- D29 (浙江省工会劳动法律监督条例 Art 21-23)


_CLOSE = {
    "提示函": "请你单位对照检查，及时改正，并将改正情况告知本会。",
    "意见书": "请你单位自收到本意见书之日起十五个工作日内改正，并书面答复本会。逾期不答复或者拒不改正的，本会将向人力资源和社会保障等部门提出处理建议。",
    "建议书": "经本会提出意见，该单位拒不签收、逾期不答复或者拒不改正。请你部门依法查处，并将处理结果告知本会。",
}


def letter(given: Given) -> Document:
    claim: Claim = given.case
    sort = extra(claim, "letter")
    to = "人力资源和社会保障局：" if sort == "建议书" else f"{claim.applicant_name}："
    firm = f"{claim.applicant_name}存在以下情况：" if sort == "建议书" else "经了解，你单位存在以下情况："
    basis = extra(claim, "basis")
    body: list[Block] = [
        paragraph(to), paragraph(firm), *paragraphs(extra(claim, "facts")), *([paragraph(f"依据：{basis}。")] if basis else []),
        *paragraphs(extra(claim, "demand")), paragraph(_CLOSE[sort]),
    ]  # fmt: skip
    signs = ["主席（副主席）", "承办人"] if sort == "意见书" else ["签发人", "承办人"]
    return Document(
        f"工会劳动法律监督{sort}", [Section("", body, "body")],
        organisation=claim.district.name, number=claim.number, signatures=signs, day=given.on,
    )  # fmt: skip


def receipt(given: Given) -> Document:
    claim: Claim = given.case
    lines: list[tuple[str, Cell]] = [
        ("送达文书", f"工会劳动法律监督{extra(claim, 'letter')}"), ("文书编号", numbered_as(claim)),
        ("受送达单位", claim.applicant_name), ("送达地点", ""), ("送达方式", extra(claim, "served_how")),
        ("送达日期", extra(claim, "served_on")), ("受送达人签名或盖章", ""), ("代收人及代收理由", ""), ("拒收或留置的情况、见证人", ""),
        ("备注", ""),
    ]  # fmt: skip
    return Document(
        "送达回证", [Section("", [sheet(lines, blank=True)], "served")], organisation=claim.district.name, number=claim.number,
        signatures=["送达人（两人）", "收件人"],
    )  # fmt: skip


# --- D30


def aid_report(given: Given) -> Document:
    claim: Claim = given.case
    case: list[tuple[str, Cell]] = [
        ("编号", numbered_as(claim)), ("受援人", claim.applicant_name), ("身份证号", claim.identity_masked), ("镇街", town_of(claim)),
        ("申请日期", day(claim.registered_at)), *extras_of(claim, "matter", "kind", "limitation", "lawyer"),
    ]  # fmt: skip
    result: list[tuple[str, Cell]] = [
        ("结果", extra(claim, "result")), ("挽回金额（元）", extra(claim, "recovered")),
        ("办案补贴", yuan(claim.amount)), ("结案日期", day(claim.closed_at)),
    ]  # fmt: skip
    return Document(
        "工会法律援助结案报告",
        [
            Section("一、案件", [sheet(case)], "case"), Section("二、案情", paragraphs(claim.description) or [paragraph("（略）")], "facts"),
            Section("三、办理经过", [opinions(claim)], "steps"), Section("四、结果", [sheet(result)], "result"),
            Section("五、受援人意见", [sheet([("满意度和意见", "")], blank=True)], "opinion"),
        ],
        organisation=short(claim.district), number=claim.number, signatures=["承办律师", "受援人", "主办科室"],
    )  # fmt: skip


# --- D28: one contract looked at


def performance(given: Given) -> Document:
    claim: Claim = given.case
    items = (
        "劳动报酬和最低工资", "工资增长幅度", "工作时间和休息休假", "劳动安全卫生", "保险福利", "女职工特殊保护", "职工培训", "向职工公布和报告一年一次",
    )  # fmt: skip
    rows: list[list[Cell]] = [[str(at), item, "", ""] for at, item in enumerate(items, start=1)]
    columns = [
        Column("序号", width=5),
        Column("条款", width=18),
        Column("履行情况", width=14),
        Column("问题和整改", width=18),
    ]
    head: list[tuple[str, Cell]] = [
        ("编号", numbered_as(claim)), ("单位", claim.applicant_name), ("覆盖企业（家）", extra(claim, "firms")),
        ("覆盖职工（人）", extra(claim, "workers")), *extras_of(claim, "kind", "raise_rate", "file_no", "ends_on", "performed"),
    ]  # fmt: skip
    return Document(
        "集体合同履约检查表",
        [
            Section("一、合同", [sheet(head)], "contract"), Section("二、检查", [Table("", columns, rows, tall=True)], "items"),
            Section("三、结论", [sheet([("检查结论", extra(claim, "performed"))], blank=True)], "result"),
        ],
        organisation=short(claim.district), number=claim.number, signatures=["检查人（两人）", "企业方代表", "职工方代表"],
    )  # fmt: skip


def _has(key: str) -> Any:
    return lambda claim: bool(claim.details.get(key))


def declare() -> None:
    register_papers(
        CasePaper(
            code="claim_approval", documents="D21 D25 D30", title=_("申领审批表"), note=_("一件申领的情况、金额和各级意见"), shape=Shape.CLAIM,
            write=lambda given: packs.approval(given.case), formats=TABLES,
        ),
        CasePaper(
            code="student_aid", documents="D20", title=_("金秋助学申请表"), note=_("学生、家庭和三级意见"), icon="mortarboard",
            shape=Shape.CLAIM, programmes=frozenset({RELIEF}), write=student_aid, applies=_is_study, guard=whole(_("学生的姓名和学校")),
        ),
        CasePaper(
            code="hazard_register", documents="D26", title=_("事故隐患报告登记表"), note=_("不写报告人是谁"), shape=Shape.CLAIM,
            programmes=frozenset({HAZARDS}), who=OFFICE, write=hazard_register, icon="exclamation-triangle",
        ),
        CasePaper(
            code="hazard_check", documents="D26", title=_("事故隐患核查意见"), note=_("等级、整改和复查"), shape=Shape.CLAIM,
            programmes=frozenset({HAZARDS}), who=OFFICE, write=hazard_check, applies=_has("grade"), icon="exclamation-triangle",
        ),
        CasePaper(
            code="hazard_reward", documents="D26", title=_("隐患报告奖励审批表"), note=_("等级、金额和各级意见"), shape=Shape.CLAIM,
            programmes=frozenset({HAZARDS}), who=OFFICE, write=hazard_reward, applies=_has("grade"), icon="exclamation-triangle",
        ),
        CasePaper(
            code="contract_performance", documents="D28", title=_("集体合同履约检查表"), note=_("逐条检查一份合同"), shape=Shape.CLAIM,
            programmes=frozenset({CONTRACTS}), write=performance,
        ),
        CasePaper(
            code="supervision_letter", documents="D29", title=_("劳动法律监督函书"), note=_("提示函、意见书或建议书"), shape=Shape.CLAIM,
            programmes=frozenset({LETTERS}), write=letter, applies=_has("letter"), icon="envelope-exclamation",
        ),
        CasePaper(
            code="delivery_receipt", documents="D29", title=_("送达回证"), note=_("随函书一起送达"), shape=Shape.CLAIM,
            programmes=frozenset({LETTERS}), write=receipt, applies=_has("letter"), icon="envelope-exclamation",
        ),
        CasePaper(
            code="legal_aid_report", documents="D30", title=_("法律援助结案报告"), note=_("案情、经过和结果"), shape=Shape.CLAIM,
            programmes=frozenset({AID}), who=OFFICE | {Relation.TOWN}, write=aid_report, applies=_has("result"), icon="bank",
        ),
    )  # fmt: skip
