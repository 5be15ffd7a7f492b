"""The five teams of the demo with their ten events each (domain C29), the appraisal of a union as it came back (C06), speakers."""

from __future__ import annotations

import datetime
import random

from unionops.org.sealed import blind_index
from visits.demo.district import Demo
from visits.demo.names import people

from .enums import APPRAISAL_ITEMS, Grade
from .models import Activity, Comment, Poll, Speaker, Tally, Team, Voter

SEED = 108
TEAMS = ("模具", "纺织", "电气", "焊接", "数控")
MEMBERS, QUOTA = 108, 10
# Ballots of the last item, the whole opinion: given out, come back, satisfied; the rest of those is «basically».
ISSUED, RETURNED, SATISFIED = 141, 137, 127
COMMENTS = (
    "食堂夜班没有热饭，盼着早点解决。", "去年提的电动车棚修好了，谢谢。", "文体活动能不能也照顾倒班的班组？",
    "经费用在哪里，每季度贴出来看看就好。",
)  # fmt: skip
TALKS = (
    ("赵明理", "区委党校", "形势政策"),
    ("钱安全", "应急管理局", "安全生产"),
    ("孙普法", "司法局", "劳动法律"),
    ("李工匠", "恒润纺织", "工匠精神"),
)


def load(demo: Demo, now: datetime.datetime) -> None:
    """Deterministic; what a programme was not installed for is left out."""
    pick = random.Random(SEED)  # noqa: S311 -- the same result on every machine, nothing secret
    names = people(pick, MEMBERS)
    teams = Team.objects.bulk_create(
        Team(
            district=demo.district, name=f"{trade}劳模工匠服务队", trade=trade, leader=own[0], liaison=f"{own[1]}、{own[2]}", members=own, quota=QUOTA,
        )
        for trade, own in ((trade, names[at :: len(TEAMS)]) for at, trade in enumerate(TEAMS))
    )  # fmt: skip
    events = Activity.objects.filter(district=demo.district, programme__code="team_events", team=None)
    for at, event in enumerate(events.order_by("number")):
        event.team = teams[at % len(teams)]
        event.save(update_fields=["team"])
    Speaker.objects.bulk_create(
        Speaker(district=demo.district, name=name, unit=unit, topics=topic) for name, unit, topic in TALKS
    )
    row = Activity.objects.filter(district=demo.district, programme__code="appraisal").order_by("number").first()
    if row is not None:
        appraise(row, people(pick, ISSUED))


def appraise(row: Activity, members: list[str]) -> Poll:
    """The secret ballot of a year ago as it was counted."""
    opened = row.registered_at
    poll = Poll.objects.create(
        activity=row, items=[str(item) for item in APPRAISAL_ITEMS], opened_at=opened, closed_at=opened + datetime.timedelta(days=7)
    )  # fmt: skip
    Voter.objects.bulk_create(
        Voter(poll=poll, name=name, code_hash=blind_index(f"{poll.key}:{at}"), has_voted=at < RETURNED)
        for at, name in enumerate(members)
    )
    counted = {Grade.SATISFIED: SATISFIED, Grade.BASICALLY: RETURNED - SATISFIED, Grade.NOT: 0}
    Tally.objects.bulk_create(
        Tally(poll=poll, item=item, grade=grade, votes=votes)
        for item in range(len(APPRAISAL_ITEMS))
        for grade, votes in counted.items()
    )
    Comment.objects.bulk_create(Comment(poll=poll, words=words) for words in COMMENTS)
    return poll
