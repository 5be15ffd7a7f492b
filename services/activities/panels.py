"""The parts that an activity adds to the page of its case."""

from __future__ import annotations

from typing import Any

from unionops.org.models import User

from ..permissions import relations
from . import queries
from .models import Activity, Poll
from .permissions import MONEY, WORKING
from .views import draw_facts, offers

MOST = 12


def enrolling(case: Activity, user: User) -> dict[str, Any]:
    return {
        **queries.numbers(case), "offers": offers(user, case, "enrol", "draw", "plan", "series"), "draw": draw_facts(case),
        "left": max(case.capacity - queries.numbers(case)["seated"], 0) if case.capacity else None,
    }  # fmt: skip


def meeting(case: Activity, user: User) -> dict[str, Any]:
    sessions = list(case.sessions.prefetch_related("engagements__speaker")[: MOST + 1])
    return {
        "rows": [
            {"session": one, "speakers": [row.speaker.name for row in one.engagements.all()]} for one in sessions[:MOST]
        ],
        "more": len(sessions) > MOST, "offers": offers(user, case, "session"),
    }  # fmt: skip


def spending(case: Activity, user: User) -> dict[str, Any] | None:
    goods = list(case.goods.all())
    expenses = list(case.expenses.select_related("budget_line")[:50]) if relations(user, case) & MONEY else []
    reversed_ids = {one.reverses_id for one in expenses}
    buttons = offers(user, case, "goods", "spend")
    if not goods and not expenses and not buttons:
        return None
    return {
        "goods": [{"row": one, "offers": offers(user, case, "give", item=one.pk)} for one in goods],
        "expenses": [
            {"row": one, "offers": [] if one.reverses_id or one.pk in reversed_ids else offers(user, case, "reverse", item=one.pk)}
            for one in expenses
        ],
        "spent": sum(one.amount for one in expenses), "offers": buttons,
    }  # fmt: skip


def opinions(case: Activity, user: User) -> dict[str, Any] | None:
    poll = Poll.objects.filter(activity=case).first()
    rating = queries.opinion(case)
    ranking = queries.ranking(case)
    works = bool(relations(user, case) & WORKING)
    keys = ["entry", *(["score"] if ranking else []), *([] if poll else ["poll"])]
    if poll and poll.closed_at is None:
        keys.append("close")
    buttons = offers(user, case, *keys)
    if not (poll or rating["count"] or ranking or buttons):
        return None
    return {
        "rating": rating, "words": list(case.feedback.exclude(words="")[:5]) if works else [], "ranking": ranking[:30],
        "poll": queries.result(poll) if poll else None, "comments": queries.comments(poll, counts=works) if poll else [],
        "offers": buttons,
    }  # fmt: skip
