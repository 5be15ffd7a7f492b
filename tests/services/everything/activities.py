from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from services.activities.actions import enrolments, opinions, planning
from services.activities.models import Activity, ActivitySession, Poll, Team
from services.childcare.actions import children, classes
from services.childcare.enums import CODE, Area
from services.childcare.models import Child, ClassFile
from services.enums import Shape
from tests.services.caring import Class, running, running_class, staff
from tests.world import World

# A drawing, and pages that only take what is sent.
NO_PAGES: tuple[str, ...] = ("activities:code", "childcare:health", "childcare:phones")
KEEPERS: tuple[tuple[str, str], ...] = (("activities:", "officer"), ("childcare:", "officer"))
TITLE = "亲子读书会"
# An activity is published only when it has a date.
VALUES: dict[str, dict[str, dict[str, Any]]] = {
    Shape.ACTIVITY: {"register": {"starts_on": timezone.localdate().isoformat()}}
}


def prepare(world: World, case: Any, verb: str) -> None:
    """A care class is accepted before it is published, and has staff, insurance and a child before it begins."""
    if getattr(getattr(case, "programme", None), "code", "") != CODE:
        return
    if verb == "publish":
        found = classes.keep_file(case, by=world["officer"], season="2026 暑期", least=1)
        classes.accept(found, by=world["officer"], seen=dict.fromkeys(Area.values, "合格"))
    elif verb == "start":
        found = Class(world, case, ClassFile.objects.get(activity=case))
        staff(found)
        children.sign_agreement(found.child(), by=world["officer"])


def make(world: World) -> None:
    """An activity with people in it, a session, a ballot; a care class with a child that has come."""
    officer = world["officer"]
    row = running(world, capacity=5, priority_groups=["困难职工"])
    for number in range(3):
        enrolments.enrol(row, by=officer, name=f"陈桂芳{number}", phone=f"1390000000{number}")
    planning.add_session(
        row, by=officer, held_on=timezone.localdate(), starts_at=datetime.time(12), ends_at=datetime.time(13)
    )
    planning.keep_team(world.district, by=officer, name="第一服务队", leader="王师傅")
    opinions.enter(row, by=officer, name="甲队")
    opinions.open_poll(row, by=officer, members=["会员甲", "会员乙"])
    running_class(world)


def case() -> Activity:
    return Activity.objects.get(title=TITLE)


def value(name: str, key: str) -> Any:
    if name.startswith("childcare:"):
        child = Child.objects.select_related("class_file").get()
        return {"pk": child.class_file.activity_id, "child": child.pk}.get(key)
    if name == "services:activity":
        return case().pk
    if name == "activities:team_edit":
        return Team.objects.get().pk
    if name.startswith("activities:"):
        one = ActivitySession.objects.get(activity=case())
        keys = {
            "pk": case().pk,
            "number": one.pk,
            "what": "heads" if name == "activities:do_one" else "enrol",
            "item": one.pk,
        }
        keys["key"] = Poll.objects.get().key if name == "activities:vote" else one.key
        return keys.get(key)
    return None
