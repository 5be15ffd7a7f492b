"""Papers of a care class (D22): 开班申请表, 报名表, 协议书, 签到接送表, 安全检查表, 补助经费申请表; and the rule for children (D35).

Whatever names a child needs the approved access of `childcare.permissions`, and each making is a line in the log of the class.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.joining import listed
from unionops.org.models import User
from unionops.packs.documents import Block, Cell, Column, Document, Section, Table, Value, paragraph

from ..activities.models import Activity
from ..activities.permissions import MONEY, WORKING
from ..childcare.actions import access
from ..childcare.actions.classes import reckon
from ..childcare.doings import file_of
from ..childcare.enums import CODE, RULE_VERSION, Area, SafetyItem
from ..childcare.models import Child, ChildDay, ClassFile, Contact
from ..childcare.permissions import check_cares
from ..enums import Relation, Shape
from .parts import day, extras_of, numbered_as, sheet, short, span, stamps, town_of, yuan
from .table import TABLES, Abouts, CasePaper, Given, Guard, register_papers

OFFICE = WORKING | {Relation.LEADER, Relation.CHIEF}
MOST_CHILDREN, MOST_DAYS = 200, 40
HERE = ("confirmed", "agreed", "attending", "completed")


def _check(user: User, row: Activity) -> None:
    check_cares(user, _file(row) or file_of(row))


def _log(given: Given, title: str) -> None:
    found = file_of(given.case)
    child = found.children.filter(pk=given.about).first() if _is_key(given.about) else None
    access.read(found, by=given.user, page=title, child=child)


def _is_key(text: str) -> bool:
    return len(text) == 36


CHILDREN = Guard(_("孩子和监护人的信息"), _check, _log)


def _file(row: Activity) -> ClassFile | None:
    return getattr(row, "class_file", None)


def _hours(found: ClassFile) -> str:
    return f"{found.hours_from:%H:%M}至{found.hours_to:%H:%M}"


def _class(row: Activity, found: ClassFile) -> list[tuple[str, Cell]]:
    return [
        ("编号", numbered_as(row)), ("班级名称", row.title), ("季次", found.season), ("主办工会", row.applicant_name), ("镇街", town_of(row)),
        ("时间", span(row.starts_on, row.ends_on)), ("每天", _hours(found)), ("地点", row.venue),
    ]  # fmt: skip


def opening(given: Given) -> Document:
    """开班申请表: no child is named."""
    row: Activity = given.case
    found = file_of(row)
    head = [
        *_class(row, found), ("名额", f"{row.capacity} 名"), ("最少人数", f"{found.least} 名"),
        ("招收年级", f"{found.get_grade_from_display()}至{found.get_grade_to_display()}"),
        ("招收年龄", f"{found.age_from} 至 {found.age_to} 岁"), ("办班次数", "新办" if found.is_new else "续办"),
        ("优先对象", listed(row.priority_groups)), *extras_of(row), ("预算", yuan(row.budget)), ("保单号", found.insurance_number),
    ]  # fmt: skip
    areas: list[list[Cell]] = [[area.label, found.acceptance.get(area.value, "")] for area in Area]
    staff: list[list[Cell]] = [
        [one.name, one.get_duty_display(), day(one.checked_on), one.check_number]
        for one in found.carers.filter(left_on=None)
    ]
    return Document(
        "爱心托管班开班申请表",
        [
            Section("一、班级", [sheet(head)], "class"),
            Section("二、人员", [Table("", [Column("姓名", width=10), Column("职责", width=10), Column("违法犯罪记录查询日期", width=14), Column("查询编号", width=14)], staff, empty="还没有登记人员。")], "staff"),
            Section("三、场地验收", [Table("", [Column("方面", width=9), Column("情况", width=33)], areas, tall=True), sheet([("验收日期", day(found.accepted_on)), ("验收人", found.accepted_by.name if found.accepted_by else "")])], "areas"),
            Section("四、课程和活动安排", _described(row), "content"),
            stamps("五、审批意见", "主办工会", "镇街总工会", "区总工会"),
        ],
        organisation=short(row.district), number=row.number, signatures=["申请人", "负责人"],
    )  # fmt: skip


def _described(row: Activity) -> list[Block]:
    return [paragraph(row.description or "（另附）"), paragraph("不上文化课，不做学科培训。")]


# --- one child


def children_of(row: Activity) -> Abouts:
    """By number, so that nobody is named before the paper is made."""
    found = _file(row)
    if found is None:
        return []
    rows = found.children.filter(released_at=None).select_related("enrolment").order_by("enrolment__serial")
    return [(str(one.pk), f"第 {one.enrolment.serial} 号 {one.get_grade_display()}") for one in rows[:MOST_CHILDREN]]


def _child(given: Given) -> Child:
    return file_of(given.case).children.select_related("enrolment").get(pk=given.about)


def enrolment(given: Given) -> Document:
    """报名表: telephones in full, since they are called; allergies for those who care for the child; the number masked."""
    row, one = given.case, _child(given)
    found = file_of(row)
    health = access.read_health(one, by=given.user, reason="制作《托管班报名表》") if one.health_sealed else "无"
    head: list[tuple[str, Cell]] = [
        ("孩子姓名", one.enrolment.name), ("性别", one.get_sex_display()), ("出生日期", day(one.birth_on)), ("身份证号", one.identity_masked),
        ("年级", one.get_grade_display()), ("学校", one.school), ("优先对象", one.enrolment.group), ("过敏和健康", health),
        ("自己离开", "监护人同意" if one.may_leave_alone else "不可以"),
    ]  # fmt: skip
    people: list[list[Cell]] = [
        ["监护人", who.open("name"), who.get_kin_display(), who.open("phone"), ""] for who in one.guardians.all()
    ] + [
        ["紧急联系人", who.open("name"), who.get_kin_display(), who.open("phone"), ""] for who in Contact.objects.filter(child=one)
    ] + [
        ["接送人", who.open("name"), who.get_kin_display(), who.open("phone"), who.open("card")] for who in one.pick_ups.filter(removed_at=None)
    ]  # fmt: skip
    columns = [
        Column("身份", width=8), Column("姓名", width=9), Column("关系", width=8), Column("电话", width=13), Column("证件后四位", width=10),
    ]  # fmt: skip
    return Document(
        "爱心托管班报名表",
        [
            Section("一、孩子", [sheet(head)], "child"),
            Section("二、监护人、紧急联系人和接送人", [Table("", columns, people)], "people"),
            Section("三、监护人同意", [
                paragraph(
                    f"本人是孩子的监护人，已经阅读《儿童个人信息保护规则》（{one.consent_version}），同意为照看和接送孩子使用以上信息，"
                    f"同意方式：{one.get_consent_way_display()}，{day(one.consent_at)}。本人可以随时撤回同意。"
                ),
            ], "consent"),
        ],
        organisation=short(row.district), number=row.number, subtitle=f"{row.title}　第 {one.enrolment.serial} 号",
        meta=[("时间", f"{span(row.starts_on, row.ends_on)}，每天{_hours(found)}"), ("地点", row.venue)],
        signatures=["监护人", "经办人"],
    )  # fmt: skip


def agreement(given: Given) -> Document:
    """协议书 between the union and the guardian; one for each."""
    row, one = given.case, _child(given)
    found = file_of(row)
    guardian = one.guardians.first()
    takers = listed(f"{who.open('name')}（{who.get_kin_display()}）" for who in one.pick_ups.filter(removed_at=None))
    terms = [
        f"托管时间：{span(row.starts_on, row.ends_on)}，每天{_hours(found)}。地点：{row.venue or '＿＿＿＿＿＿'}。",
        f"孩子只交给名单上的接送人：{takers or '＿＿＿＿＿＿'}。换人由监护人事先改授权，名单外的人不能接走。"
        + ("监护人同意孩子自己离开。" if one.may_leave_alone else "孩子不可以自己离开。"),
        f"按时接送。超过接走时间 {found.late_after} 分钟，工作人员联系监护人。",
        "孩子的过敏、疾病等情况由监护人如实告知；用药要有监护人授权；隐瞒的后果由监护人承担。",
        "甲方配备经查询没有违法犯罪记录的人员，每天检查消防、疏散、食品和门窗；发生意外立即救治，并马上通知监护人。",
        f"甲方为孩子投保，保单号：{found.insurance_number or '＿＿＿＿＿＿'}。",
        "托管班不上文化课。出勤不足规定比例的，下一季不优先录取；有事不来的，监护人当天请假。",
        "个人信息按《儿童个人信息保护规则》处理。监护人可以查阅、更正、要求删除，也可以随时撤回同意；撤回后孩子退出托管班。",
        "孩子不适应、需要特殊照护或者多次违反安全规定的，经与监护人协商可以退班。",
        "本协议一式两份，双方各执一份，自双方签字盖章之日起生效。争议协商解决，协商不成的依法处理。",
    ]
    return Document(
        "爱心托管班协议书",
        [
            Section("", [
                paragraph(f"甲方：{row.applicant_name or row.district.name}"),
                paragraph(f"乙方（监护人）：{guardian.open('name') if guardian else '＿＿＿＿'}（{guardian.get_kin_display() if guardian else ''}）"),
                paragraph(f"孩子：{one.enrolment.name}，{one.get_sex_display()}，{day(one.birth_on)}出生，{one.get_grade_display()}"),
                *(paragraph(f"{at}. {term}") for at, term in enumerate(terms, start=1)),
            ], "terms"),
        ],
        organisation=short(row.district), number=row.number, signatures=["甲方（盖章）", "乙方（监护人）"],
        day=one.agreement_on or given.on,
    )  # fmt: skip


# --- a day


def days_of(row: Activity) -> Abouts:
    """Today, and each day on which somebody was expected."""
    found = _file(row)
    if found is None:
        return []
    held = ChildDay.objects.filter(child__class_file=found).order_by("-day").values_list("day", flat=True).distinct()
    days: list[datetime.date] = list(dict.fromkeys([timezone.localdate(), *held[:MOST_DAYS]]))
    return [(one.isoformat(), day(one)) for one in days]


def attendance(given: Given) -> Document:
    """签到接送表 of a day: who brought and took whom, and a place to sign for each."""
    row: Activity = given.case
    found, on = file_of(row), datetime.date.fromisoformat(given.about)
    kept = {
        one.child_id: one
        for one in ChildDay.objects.filter(child__class_file=found, day=on).select_related("left_with", "brought_by")
    }
    rows: list[list[Cell]] = []
    children = found.children.filter(released_at=None, enrolment__state__in=HERE).select_related("enrolment")
    for one in children.order_by("enrolment__serial"):
        seen = kept.get(one.pk)
        taken = f"{seen.left_with.name_masked}（{seen.left_with.get_kin_display()}）" if seen and seen.left_with else ""
        if seen and seen.left_alone:
            taken = "自己离开"
        brought = (
            f"{seen.brought_by.name_masked}（{seen.brought_by.get_kin_display()}）" if seen and seen.brought_by else ""
        )
        if seen and seen.came_alone:
            brought = "自己来的"
        rows.append(
            [
                str(one.enrolment.serial), one.enrolment.name, one.get_grade_display(), _clock(seen and seen.arrived_at), brought, "",
                _clock(seen and seen.left_at), taken, "", seen.get_state_display() if seen else "",
            ]
        )  # fmt: skip
    columns = [
        Column("序号", width=4), Column("姓名", width=8), Column("年级", width=7), Column("到班", width=6), Column("送来人", width=12), Column("送人签字", width=9),
        Column("离开", width=6), Column("接走人", width=12), Column("接人签字", width=9), Column("情况", width=7),
    ]  # fmt: skip
    return Document(
        "托管班签到接送表", [Section("", [Table("", columns, rows, tall=True, empty="还没有录取的孩子。")], "rows")],
        organisation=short(row.district), number=row.number, subtitle=f"{row.title}　{day(on)}", meta=[("地点", row.venue)],
        note="孩子只交给名单上的接送人。", signatures=["辅导老师", "负责人"], landscape=True,
    )  # fmt: skip


def _clock(value: Any) -> str:
    return timezone.localtime(value).strftime("%H:%M") if value else ""


# --- safety and money


def safety(given: Given) -> Document:
    """安全检查表: each check with its seven items; before the first one, an empty sheet."""
    row: Activity = given.case
    checks = list(file_of(row).safety_checks.select_related("by").order_by("on", "pk"))
    rows: list[list[Cell]] = [
        [day(one.on), *("√" if item.value in one.good else "×" for item in SafetyItem), one.note, one.by.name] for one in checks
    ]  # fmt: skip
    rows += [["", *("" for _item in SafetyItem), "", ""] for _line in range(10 if not rows else 0)]
    columns = [
        Column("日期", width=11), *(Column(item.label, width=7) for item in SafetyItem), Column("问题和整改", width=18), Column("检查人", width=8),
    ]  # fmt: skip
    return Document(
        "托管班安全检查表", [Section("", [Table("", columns, rows, tall=True)], "rows")], organisation=short(row.district),
        number=row.number, subtitle=row.title, meta=[("地点", row.venue)], note="“√”合格，“×”不合格；不合格的写明问题和整改。",
        signatures=["检查人", "负责人"], landscape=True,
    )  # fmt: skip


def subsidy(given: Given) -> Document:
    """经费申请表: the arithmetic as it was kept with the class, or of today; no child is named."""
    row: Activity = given.case
    found = file_of(row)
    counted = found.subsidy or reckon(found, given.on)
    amount = Decimal(counted["amount"])
    rows: list[list[Cell]] = [
        ["签协议并参加的孩子", f"{counted['children']} 名"], ["适用档次", f"{counted['least']} 名及以上，{'新办' if counted['is_new'] else '续办'}" if counted["least"] else "不到最少人数"],
        ["补助标准依据", counted["source"] or "默认标准"], ["申请补助", yuan(amount) or "0.00元"],
        ["人均（元）", counted["per_child"]], ["意外记录", f"{counted['incidents']} 次"],
        ["家长评价", f"{row.feedback.count()} 份"], ["实际支出（元）", Value(row.spent, "money") if row.spent else ""],
    ]  # fmt: skip
    return Document(
        "爱心托管班补助经费申请表",
        [
            Section("一、班级", [sheet(_class(row, found))], "class"),
            Section("二、测算", [Table("", [Column("项目", width=12), Column("内容", width=30)], rows)], "counted"),
            Section("三、收款", [sheet([("户名", ""), ("开户银行", ""), ("账号", "")], blank=True)], "account"),
            stamps("四、审批意见", "镇街总工会", "主办科室", "分管领导"),
        ],
        organisation=short(row.district), number=row.number, signatures=["申请人", "负责人"],
    )  # fmt: skip


# --- D35


RULE = (
    ("收集什么，为什么", "孩子的姓名、身份证号、年级和学校，用来报名和防止重复占名额；监护人、紧急联系人和接送人的姓名、电话，用来联系和安全接送；过敏和健康情况，以及有的班每天签到量的体温，用来照看孩子。没有别的用途。"),
    ("谁能看", "名单上的姓名对别人隐藏。带班的人要写明理由和期限，由分管领导同意后才能看，每次查看都记下来。过敏和健康情况加密保存，另外写理由才能看。"),
    ("保存多久", "每天的出勤记录保存一年，协议保存三年，照片除非另外同意保存六个月。"),
    ("监护人的权利", "监护人可以要求查看、复制、更正、删除，也可以随时撤回同意。撤回后孩子退出托管班，健康情况、紧急联系人和接送人不再保存。"),
    ("如果泄露", "马上补救，并告诉监护人和主管部门。"),
)  # fmt: skip


def rule(given: Given) -> Document:
    """未满十四周岁未成年人个人信息处理规则 (个人信息保护法 Art 31), with the place where the guardian signs."""
    row: Activity = given.case
    return Document(
        "儿童个人信息保护规则",
        [
            *(Section(f"{'一二三四五'[at]}、{heading}", [paragraph(said)], f"part{at}") for at, (heading, said) in enumerate(RULE)),
            Section("", [paragraph("本人是孩子的监护人，已经阅读并理解以上规则，同意按规则处理孩子的个人信息。")], "consent"),
        ],
        organisation=short(row.district), subtitle=f"适用于不满十四周岁的孩子　版本 {RULE_VERSION}", signatures=["监护人", "日期"],
    )  # fmt: skip


def declare() -> None:
    codes, shape = frozenset({CODE}), Shape.ACTIVITY
    has_file = lambda row: _file(row) is not None  # noqa: E731 -- said once for six rows
    register_papers(
        CasePaper(
            code="class_opening", documents="D22", title=_("托管班开班申请表"), note=_("班级、人员、验收和审批"), shape=shape, programmes=codes,
            who=OFFICE, write=opening, applies=has_file, icon="people",
        ),
        CasePaper(
            code="class_enrolment", documents="D22", title=_("托管班报名表"), note=_("一个孩子一张"), shape=shape, programmes=codes,
            write=enrolment, applies=has_file, guard=CHILDREN, abouts=children_of, ask=_("哪个孩子"), icon="people",
        ),
        CasePaper(
            code="class_agreement", documents="D22", title=_("托管班协议书"), note=_("和监护人签，一式两份"), shape=shape, programmes=codes,
            write=agreement, applies=has_file, guard=CHILDREN, abouts=children_of, ask=_("哪个孩子"), icon="people",
        ),
        CasePaper(
            code="class_attendance", documents="D22", title=_("托管班签到接送表"), note=_("一天一张"), shape=shape, programmes=codes,
            write=attendance, applies=has_file, guard=CHILDREN, abouts=days_of, ask=_("哪一天"), formats=TABLES, icon="pencil-square",
        ),
        CasePaper(
            code="class_safety", documents="D22", title=_("托管班安全检查表"), note=_("逐次检查的七项"), shape=shape, programmes=codes,
            who=OFFICE, write=safety, applies=has_file, formats=TABLES, icon="shield-check",
        ),
        CasePaper(
            code="class_subsidy", documents="D22", title=_("托管班补助经费申请表"), note=_("人数、档次和算式"), shape=shape, programmes=codes,
            who=MONEY | {Relation.LEADER, Relation.CHIEF}, write=subsidy, applies=has_file, icon="cash-stack",
        ),
        CasePaper(
            code="children_rule", documents="D35", title=_("儿童个人信息保护规则"), note=_("打印给监护人签字"), shape=shape, programmes=codes,
            write=rule, icon="lock",
        ),
    )  # fmt: skip
