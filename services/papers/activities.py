"""Papers about one activity: 活动方案, 签到表, 物资领用表, 满意度表, 经费结算表 (D31), 评家测评表和统计 (D32)."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.casework.permissions import refusal
from unionops.joining import listed
from unionops.packs.documents import Block, Cell, Column, Document, Section, Table, Value, paragraph, paragraphs

from ..activities import queries
from ..activities.enums import SEATED, Grade
from ..activities.models import Activity, Attendance, Handout, Poll
from ..activities.permissions import MONEY, WORKING, check_works
from ..childcare.enums import CODE as CHILDCARE
from ..enums import Relation, Shape
from .parts import day, extras_of, numbered_as, opinions, sheet, short, span, stamps, town_of, yuan
from .table import TABLES, Abouts, CasePaper, Given, register_papers

# Lines left for whoever comes without having enrolled.
SPARE_LINES = 6
BLANK_LINES = 24
MOST_WORDS = 100


def plan(given: Given) -> Document:
    row: Activity = given.case
    head: list[tuple[str, Cell]] = [
        ("编号", numbered_as(row)), ("活动名称", row.title), ("项目", row.programme.name), ("主办单位", row.applicant_name),
        ("镇街", town_of(row)), ("时间", span(row.starts_on, row.ends_on)), ("地点", row.venue), ("面向", row.target),
        ("名额", f"{row.capacity} 人" if row.capacity else "不限"), ("报名截止", day(row.enrol_until)),
        ("优先对象", listed(row.priority_groups)), ("录取办法", "公开抽签" if row.is_drawn else ""),
        ("服务队", row.team.name if row.team else ""), *extras_of(row),
    ]  # fmt: skip
    sessions: list[list[Cell]] = [
        [
            day(one.held_on), f"{one.starts_at:%H:%M}–{one.ends_at:%H:%M}", one.place or row.venue, one.topic,
            listed(turn.speaker.name for turn in one.engagements.all()),
        ]
        for one in row.sessions.prefetch_related("engagements__speaker")
    ]  # fmt: skip
    money: list[tuple[str, Cell]] = [
        ("预算", yuan(row.budget)), ("预算科目", str(row.budget_line) if row.budget_line else ""),
    ]  # fmt: skip
    return Document(
        "活动方案",
        [
            Section("一、基本情况", [sheet(head)], "facts"),
            Section("二、目的和内容", paragraphs(row.description) or [paragraph("（待补充）")], "content"),
            Section("三、日程", [Table("", _SCHEDULE, sessions, empty="还没有排场次。")], "sessions"),
            Section("四、经费和物资", [sheet(money), Table("物资", _GOODS, _goods(row), empty="没有物资。")], "money"),
            Section("五、安全", [paragraph("活动前检查场地、消防和用电；人多的活动定好疏散路线和现场负责人；需要保险的先投保。")], "safety"),
            stamps("六、审批意见", "主办科室", "分管领导"),
        ],
        organisation=short(row.district), number=row.number, subtitle=row.title, signatures=["经办人"],
    )  # fmt: skip


_SCHEDULE = [
    Column("日期", width=14), Column("时间", width=10), Column("地点", width=11), Column("内容", width=13), Column("讲课或带队", width=9),
]  # fmt: skip
_GOODS = [
    Column("物品", width=14), Column("数量", "count", 6), Column("单价（元）", "money", 8), Column("金额（元）", "money", 9),
    Column("已发", "count", 6), Column("结存", "count", 6),
]  # fmt: skip


def _goods(row: Activity) -> list[list[Cell]]:
    return [
        [one.name, one.quantity, Value(one.worth, "money"), Value(one.worth * one.quantity, "money"), one.given, one.quantity - one.given]
        for one in row.goods.all()
    ]  # fmt: skip


# --- 签到表


def sessions_of(row: Activity) -> Abouts:
    found = [
        (str(one.pk), f"{one.held_on:%m-%d} {one.starts_at:%H:%M} {one.topic}".strip()) for one in row.sessions.all()
    ]
    return found or [("whole", day(row.starts_on) or row.title)]


def sign_in(given: Given) -> Document:
    """By name where people have enrolled, and empty lines for whoever comes as well; telephones stay masked."""
    row: Activity = given.case
    session = next((one for one in row.sessions.all() if str(one.pk) == given.about), None)
    there = {
        found.enrolment_id: found
        for found in Attendance.objects.filter(session=session, enrolment__activity=row)
        if session is not None
    }
    people = list(row.enrolments.filter(state__in=SEATED))
    rows: list[list[Cell]] = []
    for at, one in enumerate(people, start=1):
        seen = there.get(one.pk)
        came = timezone.localtime(seen.at).strftime("%H:%M") if seen and seen.presence == "present" else ""
        rows.append([str(at), one.name, one.unit, one.phone_masked, came, "", ""])
    spare = SPARE_LINES if rows else BLANK_LINES
    rows += [[str(at), "", "", "", "", "", ""] for at in range(len(rows) + 1, len(rows) + 1 + spare)]
    columns = [
        Column("序号", width=5), Column("姓名", width=8), Column("单位", width=15), Column("电话", width=10), Column("系统签到", width=7),
        Column("签字", width=9), Column("备注", width=6),
    ]  # fmt: skip
    place = (session.place if session else "") or row.venue
    when = (
        f"{day(session.held_on)} {session.starts_at:%H:%M}–{session.ends_at:%H:%M}"
        if session
        else span(row.starts_on, row.ends_on)
    )
    head: list[tuple[str, Cell]] = [("时间", when), ("地点", place), ("内容", session.topic if session else "")]
    return Document(
        "活动签到表", [Section("", [Table("", columns, rows, tall=True)], "rows")], organisation=short(row.district),
        number=row.number, subtitle=row.title, meta=[line for line in head if line[1]], signatures=["签到人", "负责人"],
    )  # fmt: skip


# --- 物资领用表


def handouts(given: Given) -> Document:
    """Each article with who took it; where nothing has been given out yet, the list to sign."""
    row: Activity = given.case
    columns = [
        Column("序号", width=5), Column("姓名", width=9), Column("单位", width=16), Column("领用时间", width=11), Column("签字", width=11),
    ]  # fmt: skip
    blocks: list[Block] = [Table("物资", _GOODS, _goods(row))]
    people = list(row.enrolments.filter(state__in=SEATED))
    for one in row.goods.all():
        taken = list(Handout.objects.filter(goods=one).select_related("enrolment").order_by("at", "pk"))
        named: list[list[Cell]] = [
            [str(at), given_to.enrolment.name, given_to.enrolment.unit, given_to.at, ""] for at, given_to in enumerate(taken, start=1)
        ]  # fmt: skip
        waiting = {found.enrolment_id for found in taken}
        rest = [person for person in people if person.pk not in waiting]
        named += [[str(at), person.name, person.unit, "", ""] for at, person in enumerate(rest, start=len(named) + 1)]
        named += [
            [str(at), "", "", "", ""] for at in range(len(named) + 1, len(named) + 1 + (0 if named else BLANK_LINES))
        ]
        blocks.append(Table(f"{one.name}领用", columns, named, tall=True))
    return Document(
        "活动物资领用表", [Section("", blocks, "rows")], organisation=short(row.district), number=row.number, subtitle=row.title,
        note="一人一份，本人签领；代领的写明代领人。", signatures=["发放人", "证明人", "负责人"],
    )  # fmt: skip


# --- 满意度表


_SCORES = ((5, "很满意"), (4, "满意"), (3, "一般"), (2, "不满意"), (1, "很不满意"))


def satisfaction(given: Given) -> Document:
    row: Activity = given.case
    counted = dict(row.feedback.order_by().values_list("score").annotate(Count("pk")))
    whole, opinion = sum(counted.values()), queries.opinion(row)
    rows: list[list[Cell]] = [
        [label, counted.get(score, 0), Value(Decimal(100 * counted.get(score, 0)) / whole if whole else None, "rate")]
        for score, label in _SCORES
    ]
    rows.append(["合计", whole, Value(Decimal(100) if whole else None, "rate")])
    head: list[tuple[str, Cell]] = [
        ("发放对象", f"{row.enrolments.filter(state__in=SEATED).count()} 人"), ("收回", f"{whole} 份"), ("平均分（满分 5）", opinion["mean"]),
        ("满意率（4 分以上）", f"{Decimal(100 * opinion['good']) / whole:.2f}%" if whole else ""),
    ]  # fmt: skip
    words = [
        paragraph(f"{at}. {one.words}") for at, one in enumerate(row.feedback.exclude(words="")[:MOST_WORDS], start=1)
    ]
    return Document(
        "活动满意度表",
        [
            Section("一、汇总", [sheet(head), Table("", [Column("评价", width=14), Column("份数", "count", 10), Column("占比", "rate", 10)], rows)], "total"),
            Section("二、意见和建议", words or [paragraph("没有写意见的。")], "words"),
            Section("三、改进措施", [sheet([("改进措施", "")], blank=True)], "measures"),
        ],
        organisation=short(row.district), number=row.number, subtitle=row.title, signatures=["统计人", "负责人"],
        note="评价不记名。",
    )  # fmt: skip


# --- 经费结算表


def settlement(given: Given) -> Document:
    """Every voucher in its order; what was put right stands as a line of its own below zero."""
    row: Activity = given.case
    expenses = list(row.expenses.select_related("budget_line"))
    lines: list[list[Cell]] = [
        [
            str(at), day(one.paid_on), one.get_kind_display(), f"冲回：{one.what}" if one.reverses_id else one.what, one.payee,
            Value(one.amount, "money"), str(one.budget_line),
        ]
        for at, one in enumerate(expenses, start=1)
    ]  # fmt: skip
    total = sum((one.amount for one in expenses), Decimal(0))
    if lines:
        lines.append(["", "合计", "", "", "", Value(total, "money"), ""])
    kinds: dict[str, Decimal] = {}
    for one in expenses:
        kinds[one.get_kind_display()] = kinds.get(one.get_kind_display(), Decimal(0)) + one.amount
    by_kind: list[list[Cell]] = [[label, Value(amount, "money")] for label, amount in kinds.items()]
    head: list[tuple[str, Cell]] = [
        ("预算", yuan(row.budget)), ("实际支出", yuan(total) if total > 0 else "0.00元"),
        ("结余（超支为负）", f"{row.budget - total:,.2f}元" if row.budget else ""),
        ("参加人数", f"{row.people_served} 人" if row.people_served else ""),
        ("人均（元）", f"{total / row.people_served:,.2f}" if row.people_served and total > 0 else ""),
    ]  # fmt: skip
    columns = [
        Column("序号", width=5), Column("日期", width=9), Column("科目", width=8), Column("用途", width=14), Column("收款方", width=14),
        Column("金额（元）", "money", 10), Column("预算科目", width=13),
    ]  # fmt: skip
    return Document(
        "活动经费结算表",
        [
            Section("一、汇总", [sheet(head), Table("按科目", [Column("科目", width=20), Column("金额（元）", "money", 12)], by_kind)], "total"),
            Section("二、明细", [Table("", columns, lines, empty="没有支出。")], "rows"),
            Section("三、经过", [opinions(row)], "steps"),
        ],
        organisation=short(row.district), number=row.number, subtitle=row.title, signatures=["经办人", "证明人", "审核人", "审批人"], landscape=True,
    )  # fmt: skip


# --- D32


def _poll(row: Activity) -> Poll | None:
    return getattr(row, "poll", None)


def ballot(given: Given) -> Document:
    """The sheet that a member fills in: nothing on it tells whose it is."""
    poll = Poll.objects.get(activity=given.case)
    rows: list[list[Cell]] = [
        [str(at), item, *("□" for _grade in Grade)] for at, item in enumerate(poll.items, start=1)
    ]
    columns = [
        Column("序号", width=5), Column("测评项目", width=18), *(Column(grade.label, width=8) for grade in Grade),
    ]  # fmt: skip
    return Document(
        "评“家”测评表",
        [
            Section("", [paragraph("本表不记名。请在每一项选一格打“√”，多选或者不选的，这一项作废。"), Table("", columns, rows, tall=True)], "items"),
            Section("意见和建议", [sheet([("意见", "\n\n\n"), ("建议", "\n\n\n")], blank=True)], "words"),
        ],
        organisation=short(given.case.district), subtitle=given.case.title,
    )  # fmt: skip


def _written(poll: Poll, given: Given) -> list[Block]:
    """The comments, for whoever counts."""
    found = queries.comments(poll, counts=not refusal(check_works, given.user, given.case))
    return [paragraph(f"{at}. {words}") for at, words in enumerate(found, start=1)]


def ballot_result(given: Given) -> Document:
    row: Activity = given.case
    poll = Poll.objects.get(activity=row)
    found = queries.result(poll)
    issued, returned = found["issued"], found["returned"]
    rows: list[list[Cell]] = []
    for line in found["rows"] if found["is_told"] else ():
        votes, whole = line["votes"], sum(line["votes"])
        good = Decimal(100 * sum(votes[:2])) / whole if whole else None
        rows.append([line["item"], *(Value(one, "count") for one in votes), whole, Value(good, "rate")])
    columns = [
        Column("测评项目", width=16), *(Column(grade.label, "count", 8) for grade in Grade), Column("有效票", "count", 8),
        Column("满意和基本满意", "rate", 11),
    ]  # fmt: skip
    head: list[tuple[str, Cell]] = [
        ("发出", f"{issued} 票"), ("收回", f"{returned} 票"), ("回收率", f"{Decimal(100 * returned) / issued:.2f}%" if issued else ""),
        ("有效回收率", f"{found['quorum']}%"), ("是否有效", "有效" if found["is_valid"] else "无效，未达到有效回收率"),
    ]  # fmt: skip
    return Document(
        "评“家”测评统计表",
        [
            Section("一、回收", [sheet(head)], "returned"),
            Section("二、结果", [Table("", columns, rows, empty="收回的票太少，不列结果，免得认出是谁投的。")], "result"),
            *([Section("三、意见", words, "words")] if (words := _written(poll, given)) else []),
        ],
        organisation=short(row.district), number=row.number, subtitle=row.title, signatures=["计票人", "监票人"],
    )  # fmt: skip


def _is_closed(row: Activity) -> bool:
    poll = _poll(row)
    return poll is not None and poll.closed_at is not None


def declare() -> None:
    money = MONEY | {Relation.LEADER, Relation.CHIEF}
    register_papers(
        CasePaper(
            code="activity_plan", documents="D31", title=_("活动方案"), note=_("时间、日程、经费和审批"), shape=Shape.ACTIVITY,
            write=plan, icon="calendar3",
        ),
        CasePaper(
            code="activity_sign_in", documents="D31", title=_("活动签到表"), note=_("一场一张，有名单也有空行"), shape=Shape.ACTIVITY,
            who=WORKING, write=sign_in, abouts=sessions_of, ask=_("哪一场"), formats=TABLES, icon="pencil-square",
            applies=lambda row: row.programme.code != CHILDCARE,
        ),
        CasePaper(
            code="activity_goods", documents="D31", title=_("活动物资领用表"), note=_("每样物品一张名单，本人签领"), shape=Shape.ACTIVITY,
            who=WORKING, write=handouts, formats=TABLES, icon="gift",
            applies=lambda row: row.programme.code != CHILDCARE and row.goods.exists(),
        ),
        CasePaper(
            code="activity_satisfaction", documents="D31", title=_("活动满意度表"), note=_("不记名评价的汇总和意见"), shape=Shape.ACTIVITY,
            who=WORKING, write=satisfaction, applies=lambda row: row.feedback.exists(), icon="star",
        ),
        CasePaper(
            code="activity_expenses", documents="D31", title=_("活动经费结算表"), note=_("逐笔支出和预算对照"), shape=Shape.ACTIVITY,
            who=money, write=settlement, applies=lambda row: row.expenses.exists(), formats=TABLES, icon="cash-stack",
        ),
        CasePaper(
            code="ballot_sheet", documents="D32", title=_("评“家”测评表"), note=_("空白的不记名测评表"), shape=Shape.ACTIVITY,
            write=ballot, applies=lambda row: _poll(row) is not None, icon="clipboard-check",
        ),
        CasePaper(
            code="ballot_result", documents="D32", title=_("评“家”测评统计表"), note=_("发出、收回和各项结果"), shape=Shape.ACTIVITY,
            write=ballot_result, applies=_is_closed, formats=TABLES, icon="clipboard-check",
        ),
    )  # fmt: skip
