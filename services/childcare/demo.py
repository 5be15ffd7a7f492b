"""A class that runs in the demo: twelve children with their families, who was there yesterday and who is there today."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.utils import timezone

from unionops.china.identity import check_digit
from unionops.org.models import User
from visits.demo.district import Demo

from ..actions import cases
from ..activities.enums import ActivityVerb as V
from ..activities.models import Activity
from ..enums import Applicant
from ..models import Programme
from .actions import access, children, classes, days
from .actions.children import Person
from .enums import CODE, Area, Kin, SafetyItem, Way
from .models import Child

# Child, a girl or a boy, grade, who takes it home beside the mother, health.
CHILDREN = (
    ("沈小禾", "female", 3, "沈建平", Kin.FATHER, ""), ("俞子墨", "male", 2, "俞国良", Kin.GRANDPARENT, "牛奶过敏"),
    ("何以宁", "female", 1, "茹玉珍", Kin.GRANDPARENT, "花生过敏，随身带药"), ("陈知远", "male", 4, "陈卫东", Kin.FATHER, ""),
    ("金若兰", "female", 3, "金水根", Kin.GRANDPARENT, ""), ("章可欣", "female", 2, "章立强", Kin.FATHER, ""),
    ("陆一鸣", "male", 5, "陆文斌", Kin.FATHER, ""), ("骆诗雨", "female", 1, "骆彩娣", Kin.GRANDPARENT, "哮喘"),
    ("孟晨曦", "male", 3, "孟永法", Kin.GRANDPARENT, ""), ("裘天乐", "male", 6, "裘伟明", Kin.FATHER, ""),
    ("陶乐之", "female", 2, "陶秋月", Kin.OTHER, ""), ("丁香凝", "female", 4, "丁志平", Kin.FATHER, ""),
)  # fmt: skip
MOTHERS = (
    "丁海燕",
    "徐晓敏",
    "丁雅芳",
    "周丽华",
    "吴佳颖",
    "朱玲飞",
    "董燕萍",
    "傅红英",
    "冯亚琴",
    "蒋春兰",
    "余静怡",
    "阮莉莉",
)
# A neighbour who is called when the mother does not answer.
CONTACTS = ("邵美娟", "宣国华", "娄小芬", "倪志强")
BEGAN_BEFORE, LASTS = 3, 20
# So many have a day before this one; so many have come today, one of the others is on leave.
WITH_A_DAY_BEFORE, HERE = 11, 8
NORMAL = Decimal("36.5")


def load(demo: Demo, now: datetime.datetime) -> None:
    """Deterministic; where nobody runs care classes there is none."""
    programme = Programme.objects.filter(district=demo.district, code=CODE).first()
    desk = next(iter(demo.staff.get(programme.organisation_id, ())), None) if programme else None
    if programme is None or desk is None:
        return
    keeper = demo.people["officer"]
    row = _begun(demo, programme, desk, keeper, now)
    found = classes.keep_file(
        row, by=keeper, season=f"{timezone.localdate(now).year} 秋季", grade_from=1, grade_to=6, age_from=5, age_to=13, takes_temperature=True,
    )  # fmt: skip
    classes.accept(found, by=desk, seen=dict.fromkeys(Area.values, "合格"))
    row = cases.take(row, V.PUBLISH, by=desk)
    today = timezone.localdate(now)
    for name, duty in (("潘雨桐", "tutor"), ("宋明朗", "volunteer"), ("车晓舟", "volunteer")):
        classes.add_carer(found, by=keeper, name=name, duty=duty, checked_on=today - datetime.timedelta(days=40), check_number=f"CX-{name}")  # fmt: skip
    classes.insure(found, by=keeper, insurance_number="PZ20260901", insured_until=today + datetime.timedelta(days=60))
    kids = [_child(row, keeper, number) for number in range(len(CHILDREN))]
    for child in kids:
        children.sign_agreement(child, by=keeper)
    row = cases.take(row, V.START, by=desk)
    classes.check_safety(found, by=keeper, good=SafetyItem.values)
    asked = access.ask(found, by=keeper, reason="带班、签到和接送", until=today + datetime.timedelta(days=LASTS))
    access.decide(asked, "grant", by=demo.people["leader"])
    _days(kids, keeper, now)


def _begun(demo: Demo, programme: Programme, desk: User, keeper: User, now: datetime.datetime) -> Activity:
    first = timezone.localdate(now) - datetime.timedelta(days=BEGAN_BEFORE)
    made: Activity = cases.register(
        programme, by=keeper, applicant_kind=Applicant.UNION, applicant_name=programme.organisation.name, town=demo.towns[0],
        title="塔山街道放学托管班", venue="塔山街道职工之家二楼", target="双职工家庭的小学生", capacity=24, starts_on=first,
        ends_on=first + datetime.timedelta(days=LASTS - 1), description="作业辅导、手工和体育课。不上学科培训。",
        now=now - datetime.timedelta(days=10),
    )  # fmt: skip
    return made


def _child(row: Activity, keeper: User, number: int) -> Child:
    name, sex, grade, other, kin, health = CHILDREN[number]
    birth = datetime.date(timezone.localdate().year - 6 - grade, 3, number + 1)
    # The last but one digit is odd for a boy.
    body = f"330602{birth:%Y%m%d}{100 + 2 * number + (sex == 'male'):03d}"
    made = children.enrol_child(
        row, by=keeper, name=name, sex=sex, birth_on=birth, grade=grade, identity=body + check_digit(body), school="塔山小学",
        health=health, guardian=Person(MOTHERS[number], Kin.MOTHER, f"1380000{2100 + number}", f"{1100 + number}"),
        emergency=Person(CONTACTS[number % len(CONTACTS)], Kin.FRIEND, f"1360000{3300 + number}"), pick_ups=[Person(other, kin, f"1370000{6600 + number}", f"0{400 + number}")], consent_way=Way.PAPER, consents=True,
    )  # fmt: skip
    return _again(made)


def _again(child: Child) -> Child:
    known = Child.objects.select_related("enrolment__activity__programme", "class_file__activity__programme")
    return known.get(pk=child.pk)


def _days(kids: list[Child], keeper: User, now: datetime.datetime) -> None:
    """Yesterday they went home with somebody of the list; today some are there."""
    local = timezone.localtime(now)
    yesterday = local - datetime.timedelta(days=1)
    for number, child in enumerate(map(_again, kids[:WITH_A_DAY_BEFORE])):
        came = yesterday.replace(hour=8, minute=10 + number)
        days.arrive(child, by=keeper, brought_by=child.pick_ups.first(), temperature=NORMAL, now=came)
        days.pick_up(child, by=keeper, person=child.pick_ups.last(), now=came.replace(hour=17))
    for child in kids[:HERE]:
        here = _again(child)
        days.arrive(here, by=keeper, brought_by=here.pick_ups.first(), temperature=NORMAL, now=now)
    days.mark(_again(kids[-1]), "excuse", by=keeper, reason="发烧", now=now)
