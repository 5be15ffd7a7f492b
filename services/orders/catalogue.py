"""The programmes of the field that are orders, as rows (domain 1): what an administrator would fill in on the page of settings.

Each is a mapping of fields of `services.models.Programme` without district and department. The published figures stand beside
those programmes for which the field has told some.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..enums import AT_BIRTH, Applicant, FieldKind, Relation, Shape
from ..shapes import YEAR_PLAN
from .enums import OrderState as S
from .enums import OrderVerb as V

TECH = "tech_orders"
# Programmes whose people work from the dispatch board and the register of craftsmen.
CRAFT_CODES = (TECH, "tech_line", "cross_region", "expert_panels", "craft_visits", "expert_visits")
# Programmes that bring a speaker: their menu and rota are one paper (D33).
LECTURE_CODES = ("ten_minutes", "law_lectures", "policy_briefings", "psychology_lectures")
WORKING_DAYS = "working"
BOTH = [Applicant.ENTERPRISE, Applicant.UNION]
CRAFT_STEPS = [V.ADVISE, V.VISIT, V.CONVENE, V.CONCLUDE, V.SOLVE, V.TRY, V.CONFIRM, V.REFER]
CRAFT_LIMITS = {
    "accept_minutes": 5,
    "ask_at_once": 1,
    "most_asked": 5,
    "reply_hours": 24,
    "auto_push": 1,
    "technical": 1,
}
# Somebody is called who comes and speaks: half an hour to answer, no technical questions.
CALL_LIMITS = {"accept_minutes": 240, "ask_at_once": 1, "most_asked": 5, "reply_hours": 24}
LECTURE_NAMES = {
    "state:posted": "待排讲师", "state:pushed": "等讲师应约", "state:accepted": "已排讲师", "state:solved": "已讲",
    "state:partly": "讲了一部分", "state:unsolved": "没有讲成", "verb:push": "约讲师", "verb:assign": "指定讲师", "verb:accept": "应约",
    "verb:decline": "去不了", "verb:record_outcome": "登记讲课", "verb:close": "归档", "verb:hand_back": "退回重排",
}  # fmt: skip


SKILLS, LAW, CARE, THOUGHT = "技能提升", "维权", "关爱服务", "宣讲和思想引领"
# Parts of the name of the department that usually runs it, the best first.
DEPARTMENTS = {
    SKILLS: ("经济", "生产", "产改"),
    LAW: ("权保", "权益", "法律"),
    CARE: ("职工服务", "女工", "保障"),
    THOUGHT: ("组宣", "宣教"),
}


def _row(
    code: str,
    catalogue: str,
    name: str,
    prefix: str,
    summary: str,
    icon: str,
    group: str,
    applicants: Sequence[str],
    **more: Any,
) -> dict[str, Any]:
    return {
        "department": DEPARTMENTS[group], "code": code, "catalogue": catalogue, "name": name, "prefix": prefix, "shape": Shape.ORDER, "summary": summary, "icon": icon,
        "group": group, "applicants": list(applicants), "steps": [], "names": {}, "fields": [], "documents": [], "deciders": {},
        "terms": {S.POSTED: [1, WORKING_DAYS]}, "limits": {}, "is_confidential": False, "is_public": True, "keep_years": 5, "figures": [],
        **more,
    }  # fmt: skip


def _field(key: str, label: str, kind: str = FieldKind.TEXT, **more: Any) -> dict[str, Any]:
    return {"key": key, "label": label, "kind": kind, "at": AT_BIRTH, **more}


def _lecture(topics: list[str], *fields: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _field("topic", "讲什么", FieldKind.CHOICE, choices=topics, required=True),
        *fields,
        _field("audience", "预计人数", FieldKind.WHOLE, unit="人"),
        _field("place", "地点"),
        _field("attended", "实到人数", FieldKind.WHOLE, unit="人", at=V.RECORD, counted=True, public=False),
        _field("feedback", "听的人怎么说", FieldKind.PARAGRAPH, at=V.RECORD, public=False),
    ]


PROGRAMMES: list[dict[str, Any]] = [
    _row(
        TECH, "C26", "技术派工单", "JP", "企业的技术难题派给劳模工匠“帮帮团”，几分钟内有人接单。", "tools", SKILLS, BOTH,
        steps=CRAFT_STEPS, limits=CRAFT_LIMITS, documents=["技术难题说明"],
        terms={S.POSTED: [1, WORKING_DAYS], S.ACCEPTED: [3, WORKING_DAYS]},
        figures=[
            {"label": "帮帮团工匠", "value": "118 名"}, {"label": "一年服务企业", "value": "100 余家次"}, {"label": "解决难题", "value": "310 多个"},
            {"label": "平均接单", "value": "5 分钟"}, {"label": "线上答复率", "value": "100%"}, {"label": "节约成本", "value": "2000 余万元"},
            {"label": "拓展订单", "value": "1.2 亿元"}, {"label": "收集难题", "value": "3628 条"},
            {"label": "完成订单企业", "value": "32 家"}, {"label": "完成订单", "value": "3000 万元"},
        ],
    ),
    _row(
        "tech_line", "C27", "网约技术专线", "WY", "在手机上约工匠，先在线上问答，再定要不要上门。", "telephone-inbound", SKILLS,
        [Applicant.PERSON, *BOTH], steps=[V.ADVISE, V.VISIT, V.SOLVE, V.CONFIRM, V.REFER],
        limits={**CRAFT_LIMITS, "ask_at_once": 2}, figures=[{"label": "线上答复率", "value": "100%"}],
    ),
    _row(
        "cross_region", "C28", "对口协作技术服务", "KQ", "为对口地区的企业远程会诊、送技上门、带动就业。", "globe2", SKILLS, BOTH,
        steps=CRAFT_STEPS, limits={**CRAFT_LIMITS, "accept_minutes": 60}, is_public=False,
        fields=[
            _field("partner", "对口地区", required=True), _field("base", "协作基地", at=V.CONFIRM, public=False),
            _field("bases", "建立基地", FieldKind.WHOLE, unit="个", at=V.CONFIRM, counted=True, public=False),
            _field("items", "合作项目", FieldKind.WHOLE, unit="项", at=V.CONFIRM, counted=True, public=False),
            _field("income", "带动增收", FieldKind.MONEY, at=V.CONFIRM, counted=True, public=False),
        ],
        figures=[
            {"label": "对外服务", "value": "120 余次"}, {"label": "基地", "value": "6 个"}, {"label": "带动就业", "value": "3000 余人"},
            {"label": "合作项目", "value": "70 余项"}, {"label": "合作金额", "value": "约 800 万元"},
        ],
    ),
    _row(
        "expert_panels", "C30", "专家会诊", "HZ", "几位专家先在线上碰头，再到现场一起看。", "people", SKILLS, BOTH,
        steps=CRAFT_STEPS, limits={**CRAFT_LIMITS, "auto_push": 0, "accept_minutes": 30, "ask_at_once": 3, YEAR_PLAN: 50},
        names={"state:consulting": "会诊中"},
        figures=[{"label": "今年计划", "value": "50 余场"}, {"label": "已办", "value": "3 场"}, {"label": "一场线上专家", "value": "4 位"}],
    ),
    _row(
        "craft_visits", "C31", "劳模工匠助企行", "ZQ", "理论解惑、实操指导、精神传承，一次上门做三件事。", "building-gear", SKILLS, BOTH,
        steps=[V.VISIT, V.CONFIRM], limits={**CALL_LIMITS, "technical": 1},
        fields=[
            _field("parts", "要哪几样", FieldKind.MANY, choices=["理论解惑", "实操指导", "精神传承"], required=True),
            _field("people", "劳模工匠", FieldKind.WHOLE, unit="人次", at=V.RECORD, counted=True, public=False),
            _field("problems", "解决难题", FieldKind.WHOLE, unit="个", at=V.RECORD, counted=True, public=False),
            _field("trained", "培训职工", FieldKind.WHOLE, unit="人", at=V.RECORD, counted=True, public=False),
        ],
        figures=[
            {"label": "浙江试点服务", "value": "1899 场"}, {"label": "劳模工匠", "value": "7491 人次"}, {"label": "难题", "value": "5595 个"},
            {"label": "培训", "value": "74421 人"},
        ],
    ),
    _row(
        "expert_visits", "C29", "工匠服务队上门指导", "FW", "服务队带着技术到企业、园区，每队一年不少于十场。", "person-badge", SKILLS, BOTH,
        steps=[V.VISIT, V.CONFIRM], limits={**CALL_LIMITS, "technical": 1},
        fields=[
            _field("service", "服务内容", FieldKind.CHOICE, choices=["技术攻关", "技能培训", "精神宣讲", "师徒结对"], required=True),
            _field("guided", "指导人次", FieldKind.WHOLE, at=V.RECORD, counted=True, public=False),
            _field("trained", "培训人数", FieldKind.WHOLE, at=V.RECORD, counted=True, public=False),
        ],
        figures=[
            {"label": "收集难题", "value": "327 个"}, {"label": "解决", "value": "109 个"}, {"label": "解决率", "value": "33.33%"},
            {"label": "技术指导", "value": "372 人次"}, {"label": "培训", "value": "4600 名"},
        ],
    ),
    _row(
        "school_firms", "C34", "校企人才需求", "XQ", "企业报人才需求，院校来接，谈成签约。", "mortarboard", SKILLS, [Applicant.ENTERPRISE],
        steps=[V.CONFIRM], limits={**CALL_LIMITS, "accept_minutes": 4320, "ask_at_once": 3},
        names={
            "state:posted": "已入需求库", "state:pushed": "等院校应约", "state:accepted": "洽谈中", "state:solved": "已谈成",
            "state:partly": "部分谈成", "state:unsolved": "没有谈成", "state:confirmed": "已签约", "verb:push": "推给院校",
            "verb:accept": "院校应约", "verb:record_outcome": "登记洽谈结果", "verb:confirm": "登记签约",
        },
        fields=[
            _field("post", "岗位", required=True), _field("number", "需要人数", FieldKind.WHOLE, unit="人", required=True),
            _field("pay", "月薪", FieldKind.MONEY), _field("major", "专业要求"),
            _field("hired", "录用人数", FieldKind.WHOLE, unit="人", at=V.RECORD, counted=True, public=False),
            _field("agreed_on", "协议日期", FieldKind.DAY, at=V.CONFIRM, public=False),
        ],
        figures=[{"label": "启动时企业", "value": "63 家"}, {"label": "现场签约", "value": "8 家"}],
    ),
    _row(
        "ten_minutes", "C52", "班前十分钟点单", "BQ", "班前点一位讲师，十分钟讲一件事。", "megaphone", THOUGHT, BOTH,
        limits=CALL_LIMITS, names=LECTURE_NAMES,
        fields=_lecture(
            ["党的创新理论", "安全生产", "劳动法律", "身边劳模", "企业文化"], _field("shift", "班前几点", required=True),
            _field("form", "形式", FieldKind.CHOICE, choices=["宣讲", "评书", "小品", "快板", "观影"]),
        ),
        figures=[{"label": "试点企业", "value": "29 家"}, {"label": "讲师", "value": "120 人"}],
    ),
    _row(
        "law_advice", "C15", "法律咨询", "FZ", "律师当面或电话解答，内容保密。", "chat-heart", LAW, [Applicant.PERSON, *BOTH],
        steps=[V.ADVISE], limits={**CALL_LIMITS, "accept_minutes": 60}, is_confidential=True, keep_years=10,
        names={
            "state:posted": "待接待", "state:accepted": "律师已接", "state:advised": "已答复", "state:solved": "已解答", "verb:accept": "接待",
            "verb:advise": "答复", "verb:record_outcome": "登记咨询结果",
        },
        fields=[
            _field("topic", "什么事", FieldKind.CHOICE, choices=["工资", "工伤", "社保", "合同", "解除补偿", "女职工", "其他"], required=True),
            _field("way", "怎么谈", FieldKind.CHOICE, choices=["电话", "当面", "代写文书"]),
            _field("minutes", "用时", FieldKind.WHOLE, unit="分钟", at=V.RECORD, counted=True, public=False),
        ],
    ),
    _row(
        "law_lectures", "C15", "普法点单", "PF", "律师到企业讲一堂法律课。", "journal-check", LAW, BOTH, limits=CALL_LIMITS,
        names=LECTURE_NAMES,
        fields=_lecture(["劳动合同", "工资和加班", "工伤预防和认定", "女职工权益", "新就业形态", "反诈和借贷"], _field("leaflets", "资料份数", FieldKind.WHOLE)),
        figures=[{"label": "普法宣传", "value": "15 场"}, {"label": "受众", "value": "2000 余名"}],
    ),
    _row(
        "policy_briefings", "C23", "惠企政策宣讲", "ZC", "经费返还、社保、稳岗政策，上门讲清怎么办。", "bank", LAW, BOTH,
        limits=CALL_LIMITS, names=LECTURE_NAMES, fields=_lecture(["小微企业经费返还", "稳岗返还", "技能提升补贴", "社保缓缴", "医疗互助"]),
    ),
    _row(
        "psychology_lectures", "C49", "心理讲座和团辅", "XL", "心理老师到企业带团体辅导；只记人数，不记谈了什么。", "heart-pulse", CARE, BOTH,
        limits=CALL_LIMITS, names=LECTURE_NAMES,
        fields=_lecture(["压力和情绪", "夫妻和亲子", "新员工适应", "夜班和睡眠", "突发事件后的支持"]),
    ),
    _row(
        "check_ups", "C42", "免费上门体检", "TJ", "医院到企业体检义诊；只记人数，不存诊断。", "hospital", CARE, BOTH,
        steps=[V.CONFIRM], limits={**CALL_LIMITS, "accept_minutes": 2880},
        names={
            "state:posted": "待排医院", "state:pushed": "等医院应约", "state:accepted": "已排期", "state:solved": "已体检", "verb:push": "约医院",
            "verb:accept": "应约", "verb:record_outcome": "登记体检",
        },
        fields=[
            _field("staff", "要体检的人数", FieldKind.WHOLE, unit="人", required=True),
            _field("items", "项目", FieldKind.MANY, choices=["常规", "职业病筛查", "两癌筛查", "心电图", "中医义诊"]),
            _field("checked", "实际体检", FieldKind.WHOLE, unit="人", at=V.RECORD, counted=True, public=False),
        ],
        figures=[{"label": "体检企业", "value": "35 家"}, {"label": "体检职工", "value": "8900 余名"}],
    ),
    _row(
        "helpers", "C09", "邻里帮办团", "BB", "网约车司机、外卖小哥、快递员帮老人和行动不便的邻居跑一趟。", "truck", CARE, [Applicant.PERSON],
        limits={**CALL_LIMITS, "accept_minutes": 30, "ask_at_once": 3, "auto_push": 1},
        deciders={f"verb:{V.RECORD}": [Relation.ASSIGNEE, Relation.DESK, Relation.TOWN]},
        names={
            "state:posted": "待帮办", "state:pushed": "等帮办员", "state:accepted": "有人帮办", "state:solved": "已帮办", "verb:accept": "我来帮",
            "verb:record_outcome": "登记帮办", "verb:close": "办结",
        },
        fields=[
            _field("errand", "要帮什么", FieldKind.CHOICE, choices=["买菜送药", "陪同就医", "搬抬修理", "代办证件", "反映意见", "其他"], required=True),
            _field("vest", "马甲编号", at=V.RECORD, public=False),
        ],
    ),
]  # fmt: skip
