"""The catalogue: every work system of domain section 1, and where it lives.

A programme of the catalogue is a row in ``services.<shape>.catalogue.PROGRAMMES``: the fields of `Programme` as a mapping,
and ``department``, a part of the name (or several, the best first) of the department that usually runs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

from .shapes import ShapeKind, shape_kinds

Row = Mapping[str, Any]


class Elsewhere(NamedTuple):
    """An entry that is no programme: its page by URL name, how it is configured there, and the test that walks it."""

    room: str
    page: str
    configuration: str
    test: str
    figures: tuple[str, ...] = ()


def rows() -> list[dict[str, Any]]:
    """The programmes of every shape that is installed, by number, each with its shape."""
    found = [
        {"department": DEPARTMENTS.get(row.get("catalogue", ""), ()), **row, "shape": kind.shape}
        for kind in shape_kinds()
        for row in rows_of(kind)
    ]
    return sorted(found, key=lambda row: (row.get("catalogue", ""), row["code"]))


def rows_of(kind: ShapeKind) -> list[Row]:
    """What a shape brings along; a shape without a catalogue brings nothing."""
    module = f"{kind.model.__module__.partition('.models')[0]}.catalogue"
    if find_spec(module) is None:
        return []
    return list(import_module(module).PROGRAMMES)


def row_for(code: str) -> dict[str, Any] | None:
    return next((row for row in rows() if row["code"] == code), None)


def missing() -> Iterator[str]:
    """Entries that neither a programme nor another room carries."""
    carried = {row.get("catalogue", "") for row in rows()} | set(ELSEWHERE)
    return (number for number in ENTRIES if number not in carried)


# Which department usually runs an entry, by a part of its name; a row may say otherwise.
_CARE, _RIGHTS, _SKILL, _BUILD, _CULTURE, _WOMEN = "服务中心", "权保", "经济", "组宣", "文化宫", "女工"
DEPARTMENTS: dict[str, str] = {
    **dict.fromkeys(("C38", "C39", "C40", "C41", "C42", "C44", "C46", "C48", "C49", "C51", "C64", "C35", "C36"), _CARE),
    **dict.fromkeys(("C06", "C10", "C11", "C15", "C16", "C17"), _RIGHTS),
    **dict.fromkeys(
        ("C07", "C18", "C25", "C26", "C27", "C28", "C29", "C30", "C31", "C32", "C33", "C34", "C37", "C65"), _SKILL
    ),
    **dict.fromkeys(("C09", "C19", "C20", "C21", "C24", "C52", "C53", "C54", "C55", "C61"), _BUILD),
    **dict.fromkeys(("C22", "C56", "C57", "C58", "C59", "C60"), _CULTURE),
    **dict.fromkeys(("C43", "C45", "C47", "C50"), _WOMEN),
    "C23": "财务",
}

VISITS, DISPUTES, INSIGHT = "visits", "disputes", "insight"

# Entries of the catalogue that have rooms of their own since before there were programmes.
ELSEWHERE: dict[str, Elsewhere] = {
    "C01": Elsewhere(
        VISITS, "visits:visits", "weekly plan, visit, issue, monthly exchange, quarterly analysis, yearly review",
        "tests/visits/test_demo.py::test_published_figures_by_the_indicators",
        ("走访 1833 家（次）", "记录问题 925 个，解决 876 个，94.70%", "17 个镇街、87 家重点企业、23 名驻联人员"),
    ),
    "C02": Elsewhere(VISITS, "visits:issues", "ways on from an issue: dispute, programme of any shape; the link is kept both ways", "tests/services/test_every_programme.py::test_an_issue_of_a_visit_goes_into_any_programme_and_its_answer_comes_back"),
    "C03": Elsewhere(VISITS, "visits:issues", "tasks with a person and a day, supervision orders, follow-up by phone, on site or by the worker", "tests/visits/test_issue_pages.py::test_whole_way_through_the_pages"),
    "C04": Elsewhere(VISITS, "visits:plan", "areas between district and firm; postings tie a cadre to towns and firms; quota of visits a week", "tests/visits/test_visit_pages.py::test_plan_is_made_dropped_and_ones_own"),
    "C05": Elsewhere(VISITS, "visits:issues", "supervision by a leader, with an answer due", "tests/visits/test_issue_pages.py::test_order_is_answered_on_the_page"),
    "C08": Elsewhere(VISITS, "visits:register", "an issue is registered for a worker, with its claimant", "tests/visits/test_issue_pages.py::test_issue_by_telephone_is_registered"),
    "C12": Elsewhere(
        DISPUTES, "disputes:disputes", "partner bodies as seats of the team; cases shared with court, labour and justice",
        "tests/disputes/test_demo.py::test_figures_say_the_same", ("受理 50 件，调解成功率超 85%",),
    ),
    "C13": Elsewhere(
        DISPUTES, "disputes:disputes", "sessions back to back and face to face, obligations of both sides, follow-up after a month",
        "tests/disputes/test_demo.py::test_maternity_case_was_found_by_screening_and_paid_after_a_month", ("2.5 万元生育津贴",),
    ),
    "C14": Elsewhere(DISPUTES, "disputes:day", "mediation centre with rooms, rota and appointments", "tests/disputes/test_desk.py::test_booked_called_off_and_never_twice"),
    "C62": Elsewhere(INSIGHT, "insight:board", "the board of services and the yearly paper of figures", "tests/services/test_figures.py::test_the_paper_of_the_year_says_what_the_figures_say"),
    "C63": Elsewhere(VISITS, "reviews:reviews", "yearly review of cadres, departments and towns; chosen proposals", "tests/reviews/test_pages.py::test_from_the_draft_to_the_submission_on_the_pages"),
}  # fmt: skip

# Which test walks a programme from its beginning to its end: one test walks all of them, but those that stand on a file of a
# household. With UNIONOPS_TESTS=full it takes every programme through its pages, else every fourth.
WALK = "tests/services/test_every_programme.py"
WALKED_BY: dict[str, str] = {
    "hardship": "tests/browser/services/test_hardship.py::test_from_a_visit_to_the_exit",
    "relief": f"{WALK}::test_relief_goes_from_the_list_of_a_campaign_to_the_book",
}

ENTRIES: dict[str, str] = {
    "C01": "“越工周记”每周走访", "C02": "走访诉求的去向", "C03": "走访、清单、督办", "C04": "片区化服务和蹲点调研",
    "C05": "领导结对和清障拔钉", "C06": "请你来评“家”", "C07": "合理化建议", "C08": "“舒心之家”工会专班", "C09": "帮办团",
    "C10": "职工有奖报告事故隐患", "C11": "职工权益保护巡察和劳动法律监督", "C12": "“4+N”联动调解", "C13": "“总对总”诉调对接",
    "C14": "八字桥工作室", "C15": "法律服务、法律援助和普法", "C16": "工资集体合同和集体协商", "C17": "职工队伍稳定排查化解",
    "C18": "产改试点", "C19": "建会入会兴会", "C20": "新业态工会联盟和行业联合会", "C21": "基层工会品牌和实事项目",
    "C22": "职工之家和工人文化宫", "C23": "小微企业工会经费返还", "C24": "“我的工会·我的家”竞赛", "C25": "劳模评选和展示",
    "C26": "劳模工匠帮帮团派工单", "C27": "网约专线", "C28": "对口协作和远程答复", "C29": "劳模工匠服务队“六个一百”",
    "C30": "技术会诊", "C31": "劳模工匠助企行", "C32": "技能培训", "C33": "劳动和技能竞赛", "C34": "校企对接",
    "C35": "招聘会", "C36": "工会帮就业和创业", "C37": "匠心人才计划", "C38": "困难职工建档帮扶",
    "C39": "送温暖、送清凉、金秋助学", "C40": "新年大礼包", "C41": "职工医疗互助", "C42": "体检、义诊和两癌筛查",
    "C43": "爱心托管班", "C44": "户外劳动者驿站", "C45": "妈咪暖心小屋", "C46": "疗休养和春秋游", "C47": "相亲交友",
    "C48": "普惠服务：一元购、内购会", "C49": "心理关爱", "C50": "亲子和女职工活动", "C51": "福利待遇",
    "C52": "班前十分钟和点单十分钟", "C53": "职工大讲堂", "C54": "“五进”宣讲", "C55": "劳模宣讲和结对", "C56": "有声职工书屋",
    "C57": "职工篮球赛", "C58": "文化活动", "C59": "送万福进万家", "C60": "新春年会和退休欢送", "C61": "职工志愿服务",
    "C62": "提升职工生活品质试点", "C63": "年度评议", "C64": "劳模健康管理", "C65": "数字工匠和技术创新",
}  # fmt: skip
