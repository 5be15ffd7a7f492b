"""What one may come to in the demo: a training, a job fair, and a care class of the winter holiday, open at the public counter."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from unionops.org.models import User
from visits.demo.district import Demo

from ..actions import cases
from ..activities.enums import ActivityVerb as V
from ..activities.models import Activity
from ..childcare.actions import classes
from ..childcare.enums import CODE, Area
from ..enums import Applicant
from ..models import Programme

OPEN: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "training",
        {
            "title": "电商直播入门班", "days": 21, "length": 5, "venue": "职工学校三楼", "target": "想学直播带货的职工", "capacity": 40,
            "description": "晚上上课，十次课，结业发证书。电脑和手机支架现场提供。",
            "extras": {"format": "半日学", "list": "电商直播", "lessons": 20},
        },
    ),
    (
        "job_fairs",
        {
            "title": "春风行动招聘会", "days": 35, "length": 1, "venue": "工人文化宫广场", "target": "求职的职工和毕业生", "capacity": 0,
            "description": "六十家企业到场，带身份证和简历。", "extras": {"way": "现场"},
        },
    ),
)  # fmt: skip


def load(demo: Demo, now: datetime.datetime) -> None:
    """Deterministic; a programme that nobody runs has nothing."""
    known = {row.code: row for row in Programme.objects.filter(district=demo.district)}
    for code, told in OPEN:
        if programme := known.get(code):
            _publish(demo, programme, _plan(demo, programme, now, **told))
    if programme := known.get(CODE):
        _class(demo, programme, now)


def _desk(demo: Demo, programme: Programme) -> User | None:
    return next(iter(demo.staff.get(programme.organisation_id, ())), None)


def _plan(demo: Demo, programme: Programme, now: datetime.datetime, *, days: int, length: int, **told: Any) -> Activity | None:  # fmt: skip
    desk, starts_on = _desk(demo, programme), timezone.localdate(now) + datetime.timedelta(days=days)
    if desk is None:
        return None
    made: Activity = cases.register(
        programme, by=desk, applicant_kind=Applicant.UNION, applicant_name=programme.organisation.name, town=demo.towns[0],
        starts_on=starts_on, ends_on=starts_on + datetime.timedelta(days=length - 1), now=now - datetime.timedelta(days=3),
        enrol_until=starts_on - datetime.timedelta(days=3), **told,
    )  # fmt: skip
    return made


def _publish(demo: Demo, programme: Programme, row: Activity | None) -> None:
    desk = _desk(demo, programme)
    if row is None or desk is None:
        return
    if programme.uses(V.APPROVE):
        row = cases.take(row, V.APPROVE, by=demo.people["leader"])
    cases.take(row, V.PUBLISH, by=desk)


def _class(demo: Demo, programme: Programme, now: datetime.datetime) -> None:
    row = _plan(
        demo, programme, now, days=60, length=20, title="斗门街道寒假托管班", venue="斗门街道职工之家", target="双职工家庭的小学生", capacity=30,
        priority_groups=["困难职工家庭", "新就业形态劳动者家庭"], description="有作业辅导、手工和体育课，中午供餐。不上学科培训。",
    )  # fmt: skip
    desk = _desk(demo, programme)
    if row is None or desk is None:
        return
    season = f"{row.starts_on.year} 寒假" if row.starts_on else "寒假"
    found = classes.keep_file(row, by=desk, season=season, grade_from=1, grade_to=6, age_from=6, age_to=12)
    classes.accept(found, by=desk, seen=dict.fromkeys(Area.values, "合格"))
    _publish(demo, programme, row)
