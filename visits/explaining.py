"""How the deadline of an issue was computed, in sentences and day by day (interface: «这个期限怎么算出来的»)."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework import deadlines
from unionops.casework.enums import Light
from unionops.casework.models import Deadline
from unionops.china.calendar import DayKind, Step
from unionops.jinja import WEEKDAYS, day, short_day

# A longer way is shown by its first and last days.
MOST_DAYS = 40
_MARKS = {
    DayKind.START: "o", DayKind.COUNTED: "u", DayKind.PAUSED: "p", DayKind.REST: "", DayKind.ROLLED: "", DayKind.DUE: "x",
}  # fmt: skip


def explanation(deadline: Deadline | None) -> dict[str, Any] | None:
    if deadline is None:
        return None
    today = timezone.localdate()
    lamp = deadlines.lamp_of(deadline, today)
    steps = deadlines.explain(deadline, today).steps
    tone = {Light.SOON: "soon", Light.OVER: "over"}.get(Light(lamp.light), "calm")
    return {"tone": tone, "lines": _lines(deadline, steps), "days": [_day(step, today) for step in steps[-MOST_DAYS:]]}


def _lines(deadline: Deadline, steps: list[Step]) -> list[tuple[str, str]]:
    length = deadline.length + deadline.extra_days
    rule = _("%(name)s，%(length)d 个%(unit)s") % {
        "name": deadline.rule_name, "length": length, "unit": deadline.get_unit_display(),
    }  # fmt: skip
    if deadline.extra_days:
        rule += _("（含延期 %(days)d 天）") % {"days": deadline.extra_days}
    lines = [(_("规则"), rule), (_("起算"), _("%(day)s 开始，当天不计") % {"day": day(deadline.started_on)})]
    for pause in deadline.pauses.all():
        until = short_day(pause.ends_on) if pause.ends_on else _("现在")
        lines.append(
            (
                _("暂停"),
                _("%(first)s 至 %(last)s，%(reason)s，%(who)s 批准")
                % {
                    "first": short_day(pause.starts_on),
                    "last": until,
                    "reason": pause.reason,
                    "who": pause.approved_by,
                },
            )
        )
    rolled = [step for step in steps if step.kind == DayKind.ROLLED]
    if rolled:
        lines.append(
            (_("顺延"), _("最后一天逢休息日，顺延到 %(day)s") % {"day": day(deadline.due_on)})
        )  # fmt: skip
    if deadline.provisional:
        lines.append((_("暂定"), _("这段日子里有的年份节假日还没公布，公布后自动重算。")))
    return lines


def _day(step: Step, today: datetime.date) -> dict[str, Any]:
    notes = {
        DayKind.START: _("起算日"),
        DayKind.DUE: _("到期"),
        DayKind.PAUSED: _("暂停"),
        DayKind.COUNTED: _("第%(n)s天") % {"n": step.number},
    }
    note = notes.get(step.kind) or step.name or str(WEEKDAYS[step.day.weekday()])
    is_today = step.day == today
    if is_today and step.kind != DayKind.DUE:
        note = _("今天")
    return {"day": step.day.day, "note": note, "mark": _MARKS[step.kind], "now": is_today}
