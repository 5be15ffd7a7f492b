"""The craftsmen of the demo: 118 in five teams, and a few weeks of technical orders that they took within minutes."""

from __future__ import annotations

import datetime
import random

from django.db import connection
from django.utils import timezone

from unionops.org.models import User
from visits.demo.district import Demo
from visits.demo.more import register_demo
from visits.demo.names import people

from ..actions import cases
from ..enums import Applicant
from ..models import Programme
from .catalogue import CRAFT_CODES, TECH
from .enums import OrderState
from .enums import OrderVerb as V
from .models import Craftsman, Order, Panelist, SiteVisit, Squad

SEED = 118
CRAFTSMEN = 118
TEAMS = (
    ("模具服务队", "模具"),
    ("纺织印染服务队", "纺织"),
    ("电气服务队", "电气"),
    ("焊接服务队", "焊接"),
    ("数控服务队", "数控"),
)
SKILLS = {
    "模具": ("热流道", "精雕", "抛光"), "纺织": ("染色", "织造", "断纱"), "电气": ("变频", "伺服", "配电"), "焊接": ("氩弧焊", "机器人焊", "探伤"),
    "数控": ("五轴", "编程", "刀具"),
}  # fmt: skip
TITLES = ("浙江工匠", "绍兴工匠", "首席技师", "高级技师", "劳动模范")
PROBLEMS = {
    "模具": "模具飞边，良率只有七成", "纺织": "高支纱断头多，停台时间长", "电气": "变频器老跳闸，整条线停", "焊接": "薄板焊接变形", "数控": "五轴加工震刀，光洁度不够",
}  # fmt: skip
# Who serves the other programmes: title, the codes of the programmes, how many.
OTHERS: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("律师", ("law_advice", "law_lectures"), 4), ("宣讲团讲师", ("ten_minutes", "policy_briefings"), 120),
    ("心理咨询师", ("psychology_lectures",), 3), ("医院体检科", ("check_ups",), 2), ("外卖骑手", ("helpers",), 30),
    ("院校就业办", ("school_firms",), 3),
)  # fmt: skip
# Minutes until somebody accepted; their mean and their middle are the published five.
MINUTES = (2, 3, 4, 4, 5, 5, 6, 6, 7, 8)
# Who was at each panel, and how many firms were visited for the orders of the year that was told.
PANEL, VISITS, VISITED_IN = 4, 100, 2023


def load(demo: Demo, now: datetime.datetime) -> None:
    """Deterministic: the same craftsmen and orders on every machine."""
    programme = Programme.objects.filter(district=demo.district, code=TECH).first()
    if programme is None:
        return
    pick = random.Random(SEED)  # noqa: S311 -- the same result on every machine, nothing secret
    enter(demo, pick)
    take_register(demo)
    staff = demo.staff.get(programme.organisation_id) or []
    if staff:
        serve(demo, programme, staff[0], pick, now)


def enter(demo: Demo, pick: random.Random) -> None:
    teams = [Squad.objects.create(district=demo.district, name=name, trade=trade) for name, trade in TEAMS]
    names = people(pick, CRAFTSMEN + sum(count for _title, _codes, count in OTHERS))
    known = dict(Programme.objects.filter(district=demo.district).values_list("code", "pk"))
    rows = []
    for at, name in enumerate(names[:CRAFTSMEN]):
        team = teams[at % len(teams)]
        firm = pick.choice(demo.firms)
        rows.append(
            Craftsman(
                district=demo.district, name=name, title=TITLES[at % len(TITLES)], trades=[team.trade],
                skills=pick.sample(SKILLS[team.trade], 2), enterprise=firm, town_id=firm.town_id, team=team,
                is_available=at % 23 != 0,
            )
        )  # fmt: skip
    served: list[tuple[Craftsman, tuple[str, ...]]] = [(row, CRAFT_CODES) for row in rows]
    rest = iter(names[CRAFTSMEN:])
    for title, codes, count in OTHERS:
        for _number in range(count):
            other = Craftsman(district=demo.district, name=next(rest), title=title, town=pick.choice(demo.towns))
            served.append((other, codes))
    Craftsman.objects.bulk_create(row for row, _codes in served)
    through = Craftsman.programmes.through
    through.objects.bulk_create(
        through(craftsman_id=row.pk, programme_id=known[code])
        for row, codes in served
        for code in codes
        if code in known
    )
    for team, (_name, _trade) in zip(teams, TEAMS, strict=True):
        members = [row.name for row in rows if row.team is team]
        team.leader_name, team.liaison_names = members[0], "、".join(members[1:3])
        team.save(update_fields=["leader_name", "liaison_names"])


# Whoever had an order of a register: the craftsmen by turns, the minutes by turns, an answer within two hours.
TAKEN = """
    WITH known AS (
        SELECT o.id, row_number() OVER (PARTITION BY o.programme_id, date_part('year', o.registered_at) ORDER BY o.number) AS n
        FROM orders_order o JOIN services_programme p ON p.id = o.programme_id
        WHERE o.district_id = %(district)s AND o.ledger_import_id IS NOT NULL AND o.state <> 'posted' AND p.code = ANY(%(codes)s)
    )
    UPDATE orders_order o
    SET craftsman_id = (%(craftsmen)s::bigint[])[1 + n %% %(count)s], accepted_at = o.registered_at + make_interval(mins => minutes),
        first_reply_at = o.registered_at + make_interval(mins => 11 * minutes), outcome = 'solved'
    FROM (SELECT id, n, (%(minutes)s::int[])[1 + n %% %(length)s] AS minutes FROM known) k WHERE k.id = o.id
"""


def take_register(demo: Demo) -> None:
    """What the registers of past years tell of each order beside its result: who had it, and within how many minutes."""
    craftsmen = list(
        Craftsman.objects.filter(district=demo.district, programmes__code=TECH)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            TAKEN,
            {
                "district": demo.district.pk, "codes": list(CRAFT_CODES), "craftsmen": craftsmen, "count": len(craftsmen),
                "minutes": list(MINUTES), "length": len(MINUTES),
            },
        )  # fmt: skip
    visited = Order.objects.filter(district=demo.district, programme__code=TECH, registered_at__year=VISITED_IN)
    SiteVisit.objects.bulk_create(
        SiteVisit(
            order=order, on=timezone.localdate(order.registered_at), hours=3, people=order.craftsman.name, findings="到现场看了设备，当场试过。",
            recorded_by=demo.system, recorded_at=order.registered_at + datetime.timedelta(hours=8),
        )
        for order in visited.exclude(craftsman=None).select_related("craftsman").order_by("number")[:VISITS]
    )  # fmt: skip
    panels = Order.objects.filter(district=demo.district, programme__code="expert_panels").order_by("number")
    Panelist.objects.bulk_create(
        Panelist(order=order, craftsman_id=craftsmen[(PANEL * at + seat) % len(craftsmen)], invited_at=order.registered_at, was_present=True)
        for at, order in enumerate(panels)
        for seat in range(PANEL)
    )  # fmt: skip


def serve(demo: Demo, programme: Programme, desk: User, pick: random.Random, now: datetime.datetime) -> None:
    """Twelve orders of the last six weeks: most are solved, one waits for an answer, one for the dispatcher."""
    cadre = demo.people["cadre"]
    for at in range(12):
        trade = TEAMS[at % len(TEAMS)][1]
        firm = pick.choice(demo.firms)
        came = now - datetime.timedelta(days=44 - 4 * at, hours=3)
        order: Order = cases.register(
            programme, by=cadre, applicant_kind=Applicant.ENTERPRISE, enterprise=firm, town=firm.town, now=came,
            title=PROBLEMS[trade], description=f"{PROBLEMS[trade]}，请师傅来看看。", trade=trade,
            skills=[pick.choice(SKILLS[trade])],
        )  # fmt: skip
        if at == 11:
            continue
        order = cases.take(order, V.PUSH, by=desk, now=now if at == 10 else came)
        if at == 10:
            continue
        taken = came + datetime.timedelta(minutes=MINUTES[at % len(MINUTES)])
        order = cases.take(order, V.ACCEPT, by=desk, now=taken)
        order = cases.take(
            order, V.ADVISE, by=desk, reply="先拍照片，量一下参数发来。", now=taken + datetime.timedelta(hours=1)
        )
        if at > 7:
            continue
        day = taken + datetime.timedelta(days=1)
        order = cases.take(order, V.SOLVE, by=desk, solution="换易损件，重调参数，试机两小时正常。", now=day)
        order = cases.take(order, V.RECORD, by=desk, outcome=OrderState.SOLVED, people_served=3, now=day)
        order = cases.take(order, V.CONFIRM, by=desk, confirmed_name="生产厂长", rating="5", now=day)
        cases.take(order, V.CLOSE, by=desk, now=day)


def declare() -> None:
    register_demo(load)
