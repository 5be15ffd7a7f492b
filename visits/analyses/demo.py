"""The quarterly analysis of the demo: one whole round of the newest quarter in which the district had enough to tell."""

from __future__ import annotations

import datetime
import random
from typing import TYPE_CHECKING

from django.utils import timezone

from unionops.casework import deadlines
from unionops.insight.periods import Period

from ..models import Issue
from .quarters import is_closed, quarters_before

if TYPE_CHECKING:
    from unionops.org.models import User

    from ..demo.district import Demo

SEED = 20230705
# A quarter with fewer issues has nothing to compare.
ENOUGH = 30
LOOK_BACK = 16

TITLES_AND_TEXTS = (
    ("加班工资的争议，多半出在计算基数上", "这个季度跑下来，听到最多的是加班工资。真正不给的少，算法说不清的多。\n有的企业按最低工资作基数，有的按岗位工资，职工自己也说不准。\n建议做一张一页纸的算法对照表，走访时带着讲，班组长先讲明白。"),
    ("小微企业不是不想建会，是不知道怎么起头", "走访的十来家小微企业，老板都说“工会是好事”，可谁也没办过手续。\n陪着走了两家全流程，从申请到刻章用了三周，难点在找不到人牵头。\n想在下季试一试“镇街专干代跑一次”的办法。"),
    ("车间的热，不只是空调的事", "三家印染企业的高温岗位都装了风机，职工还是说热，问下来是轮换时间没有排好。\n和企业一起改了班次，每五十分钟换一次，反映少了。\n这类问题不花多少钱，关键是有人蹲下来看。"),
    ("驿站有了，停车和充电还没有", "骑手最关心的是车停哪里、电从哪里充。驿站门口划了线，旁边的商户又有意见。\n建议由街道牵头和物业、商户坐下来谈一次，把时间错开。"),
    ("回访要趁热", "答复以后一周内去回访，职工愿意说真话；过了一个月再问，都说“差不多了”。\n这个季度我试着把回访和下一次走访并在一起，省了一趟路，也问得更细。"),
    ("经费返还的政策，要讲三遍才听得进", "第一遍老板不信，第二遍会计来问，第三遍才真去办。\n带着样表去，当场填好，比发十份文件管用。"),
)  # fmt: skip
ADVICE = (
    "一、对加班工资计算基数做一张对照表，走访时逐家讲解。\n二、对两件以上诉求的企业安排一次联合走访，由权保部和镇街一起去。\n"
    "三、对超期未结的诉求逐件定人、定时间，每周报一次进展。"
)
PLAN = "一、重点企业走访一遍，不漏一家。\n二、把在办三十天以上的诉求清一遍。\n三、开一次政策集中宣讲，讲经费返还和医疗互助。"


def tell_of_quarters(demo: Demo, now: datetime.datetime) -> None:
    """The paper of the district signed, those of the towns on their way, some reflections handed in and one given back."""
    quarter = _quarter(demo, now)
    if quarter is None:
        return
    story = _Story(demo, quarter, now)
    story.write_reflections()
    story.write_papers()


def _quarter(demo: Demo, now: datetime.datetime) -> Period | None:
    today = timezone.localdate(now)
    for quarter in quarters_before(today, LOOK_BACK):
        registered = Issue.objects.filter(
            district=demo.district, registered_at__gte=quarter.start, registered_at__lt=quarter.end
        )
        if is_closed(quarter, today) and registered.count() >= ENOUGH:
            return quarter
    return None


class _Story:
    def __init__(self, demo: Demo, quarter: Period, now: datetime.datetime) -> None:
        self.demo, self.quarter, self.now = demo, quarter, now
        self.pick = random.Random(SEED)  # noqa: S311 -- the same story, nothing secret

    def at(self, working_days: int, hour: int = 10) -> datetime.datetime:
        """So many working days after the quarter, but never in the future."""
        day = deadlines.working_day_after(self.quarter.last, working_days)
        return min(timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour))), self.now)

    def write_reflections(self) -> None:
        from .actions import reflections as actions  # noqa: PLC0415 -- only the demo needs them here

        authors = [user for user in self.demo.liaisons if user != self.demo.people["cadre"]]
        authors = [self.demo.people["cadre"], *self.pick.sample(authors, len(TITLES_AND_TEXTS) - 1)]
        for place, (author, (title, text)) in enumerate(zip(authors, TITLES_AND_TEXTS, strict=True)):
            row = actions.start_reflection(
                self.demo.district, self.quarter, by=_fresh(author), handed_in=True, title=title, text=text,
                now=self.at(2 + place),
            )  # fmt: skip
            if place == len(TITLES_AND_TEXTS) - 1:
                actions.return_reflection(
                    row, by=_fresh(self.demo.people["clerk"]), reason="请补上是哪几家企业、各办成了多少。",
                    now=self.at(9),
                )  # fmt: skip

    def write_papers(self) -> None:
        from .actions import papers as actions  # noqa: PLC0415 -- only the demo needs them here
        from .enums import Part  # noqa: PLC0415

        clerk, leader, chief = (_fresh(self.demo.people[name]) for name in ("clerk", "leader", "chief"))
        rows = actions.prepare(self.demo.district, self.quarter, by=self.demo.system, now=self.at(8, 6))
        for place, row in enumerate(rows[:5]):
            actions.write(row, Part.ADVICE, by=clerk, text=ADVICE, now=self.at(9, 10))
            actions.write(row, Part.PLAN, by=clerk, text=PLAN, now=self.at(9, 11))
            # The fourth is still being written.
            if place != 3:
                actions.submit(row, by=clerk, now=self.at(9, 14))
        whole, first, _waiting, _written, poor = rows[:5]
        actions.review(whole, by=leader, now=self.at(9, 16))
        actions.sign(whole, by=chief, now=self.at(10, 9))
        actions.sign(first, by=leader, now=self.at(10, 10))
        actions.return_back(
            poor, by=leader, reason="风险预警里的欠薪，请写清是哪个行业、涉及多少人。", now=self.at(10, 11)
        )


def _fresh(user: User) -> User:
    """Rights are computed once an object: the story asks with those of today."""
    return type(user).objects.get(pk=user.pk)
