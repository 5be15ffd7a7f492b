"""A care class that runs, for whoever tests services."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from services.actions import cases
from services.activities.models import Activity
from services.childcare.actions import access, children, classes
from services.childcare.actions.children import Person
from services.childcare.enums import CODE, Area, Kin, Way
from services.childcare.models import Child, ClassFile
from services.enums import Applicant, Shape
from services.models import Programme
from tests.world import World, make_user
from unionops.org.enums import Role

from .worlds import make_programme

# Valid numbers of children born in 2017, by their sequence.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(sequence: int, birth: str = "20170512") -> str:
    body = f"330602{birth}{sequence:03d}"
    return body + "10X98765432"[sum(int(one) * weight for one, weight in zip(body, WEIGHTS, strict=True)) % 11]


def activity(world: World, programme: Programme | None = None, **fields: Any) -> Activity:
    programme = programme or make_programme(
        world,
        Shape.ACTIVITY,
        steps=["publish", "account"],
        applicants=[Applicant.UNION],
        limits={"ballot": 1, "contest": 1},
    )
    values: dict[str, Any] = {
        "applicant_kind": Applicant.UNION, "applicant_name": "女工部", "title": "亲子读书会", "town": world.town,
        "starts_on": timezone.localdate(), "venue": "职工之家二楼",
    }  # fmt: skip
    found: Activity = cases.register(programme, by=world["officer"], **(values | fields))
    return found


def published(world: World, **fields: Any) -> Activity:
    found: Activity = cases.take(activity(world, **fields), "publish", by=world["officer"])
    return found


def running(world: World, **fields: Any) -> Activity:
    found: Activity = cases.take(published(world, **fields), "start", by=world["officer"])
    return found


@dataclass
class Class:
    world: World
    activity: Activity
    file: ClassFile

    def fresh(self) -> ClassFile:
        return ClassFile.objects.select_related("activity__programme").get(pk=self.file.pk)

    def take(self, verb: str, who: str = "officer") -> Activity:
        return cases.take(
            Activity.objects.select_related("programme").get(pk=self.activity.pk), verb, by=self.world[who]
        )

    def child(self, name: str = "何以宁", sequence: int = 12, **fields: Any) -> Child:
        values: dict[str, Any] = {
            "name": name, "sex": "female", "birth_on": datetime.date(2017, 5, 12), "grade": 3, "identity": identity(sequence),
            "school": "塔山小学", "health": "花生过敏", "guardian": Person("丁香兰", Kin.MOTHER, f"1580000{sequence:04d}", "1147"),
            "emergency": Person("邵美娟", Kin.FRIEND, "13600003300"), "pick_ups": [Person("茹玉珍", Kin.GRANDPARENT, "13700006620", "0428")], "consent_way": Way.PAPER, "consents": True,
        }  # fmt: skip
        shown = Activity.objects.select_related("programme").get(pk=self.activity.pk)
        made = children.enrol_child(shown, by=self.world["officer"], **(values | fields))
        return self.again(made)

    def again(self, child: Child) -> Child:
        return Child.objects.select_related("enrolment__activity__programme", "class_file__activity__programme").get(
            pk=child.pk
        )

    def let_in(self, who: str = "officer") -> None:
        grant = access.ask(self.fresh(), by=self.world[who], reason="带班", until=timezone.localdate())
        access.decide(grant, "grant", by=self.world["leader"])


def make_class(
    world: World,
    *,
    capacity: int = 2,
    least: int = 1,
    season: str = "2026 暑期",
    title: str = "塔山街道暑期托管班",
    **fields: Any,
) -> Class:
    """Accepted, open for enrolment; nobody is in it and nobody works in it."""
    programme = Programme.objects.filter(district=world.district, code=CODE).first() or make_programme(
        world, Shape.ACTIVITY, code=CODE, name="爱心托管班", steps=["publish", "account"], applicants=[Applicant.UNION]
    )
    made = activity(world, programme, title=title, capacity=capacity, **fields)
    found = classes.keep_file(made, by=world["officer"], season=season, least=least, age_from=6, age_to=12)
    classes.accept(found, by=world["officer"], seen=dict.fromkeys(Area.values, "合格"))
    made = cases.take(made, "publish", by=world["officer"])
    return Class(world, made, ClassFile.objects.select_related("activity__programme").get(pk=found.pk))


def staff(found: Class) -> None:
    today = timezone.localdate()
    officer = found.world["officer"]
    classes.add_carer(found.fresh(), by=officer, name="潘雨桐", duty="tutor", checked_on=today, check_number="CX-1")
    classes.insure(
        found.fresh(), by=officer, insurance_number="BX-2026-1", insured_until=today + datetime.timedelta(days=40)
    )


def running_class(world: World, **fields: Any) -> tuple[Class, Child]:
    """One child whose agreement is signed, a class that runs, and an officer who has been let in."""
    found = make_class(world, **fields)
    staff(found)
    child = found.child()
    children.sign_agreement(child, by=world["officer"])
    found.take("start")
    found.let_in()
    return found, found.again(child)


def teacher(world: World) -> None:
    """A second officer of the department who has not been let in."""
    world.people["teacher"] = make_user("teacher", Role.OFFICER, world.other_department)
