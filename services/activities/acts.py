"""What the steps of an activity change beside its state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from unionops.org.errors import InvalidTransition

from ..shapes import Act, Turn
from .actions.meetings import served
from .actions.planning import PLAN, check_plan
from .actions.spending import total
from .enums import ActivityVerb as V
from .enums import EnrolmentState as E
from .enums import Presence
from .models import Activity
from .rules import rule_of


def begin(row: Activity, fields: Mapping[str, Any]) -> None:
    for name in PLAN:
        if fields.get(name) is not None:
            setattr(row, name, fields[name])
    check_plan(row)


def publish(turn: Turn) -> None:
    if turn.row.starts_on is None:
        raise InvalidTransition(_("还没有定日期。"), next_step=_("请先在活动方案里写开始日期。"))
    if turn.row.is_drawn:
        # Shown now and never changed: with it everybody can check the seed that is told with the result.
        turn.data["commitment"] = turn.row.commitment


def finish(turn: Turn) -> None:
    """Who was there has completed it; how many that were stays with the case."""
    row = turn.row
    there = row.enrolments.filter(
        state__in=(E.CONFIRMED, E.AGREED, E.ATTENDING), attendance__presence=Presence.PRESENT
    ).values("pk")
    row.enrolments.filter(pk__in=list(there.distinct().values_list("pk", flat=True))).update(state=E.COMPLETED)
    own = rule_of(row).finished(row)
    row.people_served = turn.fields.get("people_served") or (served(row) if own is None else own)
    turn.data["served"] = row.people_served


def account(turn: Turn) -> None:
    """What has been spent, once and for all; a poll that still runs would be cut off."""
    row = turn.row
    row.spent = total(row)
    turn.data["spent"] = row.spent
    if row.budget and row.spent > row.budget and not turn.fields.get("note"):
        raise InvalidTransition(_("结算超出预算，请在说明里写明原因。"))


ACTS: dict[str, Act] = {V.PUBLISH: publish, V.FINISH: finish, V.ACCOUNT: account}
