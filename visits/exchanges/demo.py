"""What the demo tells of the monthly exchange: two groups, last month's meeting with its decisions, this month's agenda."""

from __future__ import annotations

import datetime

from django.utils import timezone

from unionops.casework.deadlines import working_day_after
from unionops.casework.models import Notice
from unionops.insight.periods import Kind, containing
from unionops.org.errors import ActionError
from unionops.org.models import User
from visits.demo.district import CADRE_TOWNS, SINCE, Demo
from visits.demo.present import READ_AFTER

from .actions import agenda, decisions, exchanges, groups
from .enums import DecisionKind, Section
from .models import Exchange, ExchangeGroup

ONE_DAY = datetime.timedelta(days=1)
PLACE = "三楼会议室"
SUMMARY = (
    "各镇街通报了走访情况。欠薪和加班类诉求仍占一半以上，节前要把拖欠苗头摸清；逾期件由主办科室逐件说明，下次会上销号。"
)
NOTES = {
    Section.VISITS: "两个镇街家次偏少，本月补上；重点企业按名单走完。",
    Section.NEW_ISSUES: "工资类集中在纺织、家纺企业，和订单回款慢有关。",
    Section.UNRESOLVED: "主办科室说明了原因，逐件定了办结日期。",
    Section.FOCUS: "节前欠薪排查，企业不少于二十家；冬季用工安全同步看。",
}


def tell(demo: Demo, now: datetime.datetime) -> None:
    """The towns of the demo's cadre are in the first group, which its leader presides over."""
    first, second = _group(demo, "东片走访组", "leader"), _group(demo, "西片走访组", "chief")
    month = containing(timezone.localdate(now), Kind.MONTH)
    opened = min(_at(working_day_after(month.first - ONE_DAY, 1), 8), now)
    system = User.objects.system()
    for group in (first, second):
        made = exchanges.prepare(
            demo.district, by=system, month=month.before().first, group=group, place=PLACE, now=opened,
            planned_at=_at(working_day_after(timezone.localdate(opened if group == first else now), 2), 14),
        )  # fmt: skip
        if group == first:
            _hold(demo, made, now)
    exchanges.prepare(
        demo.district, by=demo.people["clerk"], month=month.first, group=first, now=now,
        planned_at=_at(working_day_after(month.last, 3), 14),
    )  # fmt: skip
    Notice.objects.filter(kind__in=["exchange", "decision"], at__lt=now - READ_AFTER).update(read_at=now - READ_AFTER)


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def _group(demo: Demo, name: str, leader: str) -> ExchangeGroup:
    admin, half = demo.people["admin"], len(demo.towns) // 2
    group = groups.create_group(demo.district, by=admin, name=name, leader=demo.people[leader])
    for place, town in enumerate(demo.towns):
        if (place >= half or town.name in CADRE_TOWNS) == (leader == "leader"):
            groups.add_member(group, by=admin, town=town, valid_from=SINCE)
    return group


def _hold(demo: Demo, exchange: Exchange, now: datetime.datetime) -> None:
    """The meeting of last month: who came, what was said, four decisions, the signature."""
    leader, clerk = demo.people["leader"], demo.people["clerk"]
    held = min(_at(working_day_after(timezone.localdate(exchange.registered_at), 2), 14), now)
    exchange = exchanges.hold(exchange, by=clerk, held_at=held, place=PLACE, now=held)
    for item in exchange.items.filter(section=Section.TYPICAL).order_by("position")[:2]:
        agenda.choose_item(item, by=leader, chosen=True, now=held)
    people = list(exchange.attendance.order_by("user__pinyin").values_list("user", flat=True))
    notes = {
        item.pk: NOTES[Section(item.section)] for item in exchange.items.order_by("-position") if item.section in NOTES
    }
    seen: set[str] = set()
    for item in exchange.items.filter(pk__in=notes).order_by("position"):
        if item.section in seen:
            del notes[item.pk]
        seen.add(item.section)
    absent = people[2:3] if people[2:3] != [leader.pk] else people[3:4]
    agenda.record_minutes(
        exchange, by=clerk, notes=notes, summary=SUMMARY, present=[one for one in people if one not in absent],
        guests="区人社局劳动监察大队 1 人", now=held,
    )  # fmt: skip
    _decide(demo, exchange, held, now)
    exchanges.sign(exchange, by=leader, now=min(held + 2 * ONE_DAY, now))


def _decide(demo: Demo, exchange: Exchange, held: datetime.datetime, now: datetime.datetime) -> None:
    today = timezone.localdate(now)
    leader, clerk, people = demo.people["leader"], demo.people["clerk"], demo.people
    tasks = [
        ("斗门、马山两个街道节前走访欠薪苗头企业，不少于二十家，列出名单。", people["cadre"], today + 5 * ONE_DAY),
        ("把经费返还、医疗互助的办理口径印成一页纸，发到每名驻联干部。", people["officer"], today + 12 * ONE_DAY),
        ("逾期诉求逐件写明原因和办结日期，报督办岗。", people["handler"], today - ONE_DAY),
    ]
    made = [
        decisions.decide(
            exchange, by=leader, text=text, owner=owner, due_on=max(due, timezone.localdate(held)), now=held
        )
        for text, owner, due in tasks
    ]
    decisions.report(made[1], by=people["officer"], result="一页纸已印好 60 份，周五例会上发到每名驻联干部。", now=now)
    for item in exchange.items.filter(section=Section.UNRESOLVED, issue__isnull=False).select_related("issue"):
        if item.issue is None or not item.issue.is_open or item.issue.registered_at > held:
            continue
        try:
            decisions.decide(
                exchange, by=clerk, kind=DecisionKind.SUPERVISE, issue=item.issue, owner=people["handler"],
                text="主办科室说明进展，定下办结日期。", due_on=max(today + 3 * ONE_DAY, timezone.localdate(held)), now=held,
            )  # fmt: skip
        except ActionError:
            continue
        return
