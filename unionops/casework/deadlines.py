"""Clocks of cases: started by a step, met by the next, paused with a reason; they inform and never block."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from unionops.china import calendar
from unionops.china.calendar import ONE_DAY, Computation, Span
from unionops.china.days import working_calendar
from unionops.org.errors import ActionError
from unionops.org.events import kind_of
from unionops.org.models import User

from .enums import Light
from .models import Case, Deadline, DeadlinePause, Term


@dataclass(frozen=True, slots=True)
class Lamp:
    """How a deadline stands on a day: computed on each read, so that it is never stale."""

    light: str
    due_on: datetime.date | None
    days: int
    words: str

    @property
    def is_over(self) -> bool:
        return self.light == Light.OVER


# The end of the rule code of a clock that runs to an agreed date.
AGREED = ".agreed"

NO_LAMP = Lamp(Light.OK, None, 0, "")


def lamp(
    due_on: datetime.date | None,
    soon_on: datetime.date | None,
    paused_on: datetime.date | None,
    met_on: datetime.date | None,
    *,
    provisional: bool = False,
    today: datetime.date | None = None,
) -> Lamp:
    if due_on is None:
        return NO_LAMP
    return _lamp(due_on, soon_on, paused_on, met_on, provisional, today or timezone.localdate(), get_language() or "")


@lru_cache(maxsize=4096)
def _lamp(
    due_on: datetime.date,
    soon_on: datetime.date | None,
    paused_on: datetime.date | None,
    met_on: datetime.date | None,
    provisional: bool,
    today: datetime.date,
    language: str,
) -> Lamp:
    left = (due_on - today).days
    if met_on is not None:
        late = (met_on - due_on).days
        if late > 0:
            return Lamp(
                Light.LATE, due_on, -late, ngettext("逾期 %(n)d 天办结", "逾期 %(n)d 天办结", late) % {"n": late}
            )
        return Lamp(Light.DONE, due_on, 0, _("按期"))
    if paused_on is not None:
        return Lamp(Light.HOLD, due_on, left, _("暂停计时"))
    mark = _("（暂定）") if provisional else ""
    if left < 0:
        return Lamp(Light.OVER, due_on, left, ngettext("超 %(n)d 天", "超 %(n)d 天", -left) % {"n": -left})
    if left == 0:
        return Lamp(Light.SOON, due_on, 0, _("今天到期"))
    light = Light.SOON if soon_on is not None and today >= soon_on else Light.OK
    return Lamp(light, due_on, left, ngettext("余 %(n)d 天", "余 %(n)d 天", left) % {"n": left} + mark)


def lamp_of(deadline: Deadline | None, today: datetime.date | None = None) -> Lamp:
    if deadline is None:
        return NO_LAMP
    return lamp(
        deadline.due_on, deadline.soon_on, deadline.paused_on, deadline.met_on,
        provisional=deadline.provisional, today=today,
    )  # fmt: skip


def build_all(wanted: Sequence[tuple[Case, str]], *, on: datetime.date) -> list[Deadline]:
    """Make clocks without saving them, for cases that begin together."""
    return build_each([(case, code, on) for case, code in wanted])


def build_each(wanted: Sequence[tuple[Case, str, datetime.date]]) -> list[Deadline]:
    """As `build_all`, each from a day of its own: one reading of the terms and of the calendar.

    The term is copied, so that a later edit of the table changes nothing here.
    """
    terms = Term.objects.in_bulk({code for _case, code, _on in wanted}, field_name="code")
    days = working_calendar() if wanted else None
    found = []
    for case, code, on in wanted:
        term = terms[code]
        deadline = Deadline(
            district_id=case.district_id,
            kind=kind_of(case),
            case_id=case.pk,
            rule=term.code,
            rule_name=term.name,
            unit=term.unit,
            length=term.length,
            started_on=on,
        )
        _compute(deadline, [], days)
        found.append(deadline)
    return found


def start(case: Case, code: str, *, on: datetime.date) -> Deadline:
    (deadline,) = build_all([(case, code)], on=on)
    deadline.save(force_insert=True)
    return deadline


def measure(case: Case, rule: str, name: str, *, on: datetime.date, length: int, unit: calendar.Unit) -> Deadline:
    """Start a clock whose length a law sets, not a row that administrators edit."""
    deadline = Deadline(
        district_id=case.district_id, kind=kind_of(case), case_id=case.pk, rule=rule, rule_name=name,
        unit=unit, length=length, started_on=on,
    )  # fmt: skip
    _compute(deadline, [])
    deadline.save(force_insert=True)
    return deadline


def _compute(deadline: Deadline, pauses: Sequence[Span], days: calendar.WorkCalendar | None = None) -> None:
    days = days or working_calendar()
    length = deadline.length + deadline.extra_days
    due = calendar.due_date(days, deadline.started_on, length, deadline.unit, pauses)
    deadline.due_on, deadline.provisional = due.on, due.provisional
    deadline.soon_on = calendar.soon_date(days, deadline.started_on, length, deadline.unit, pauses)


def _spans(deadline: Deadline) -> list[Span]:
    """The finished pauses; one that still runs moves the due date when it ends."""
    return [Span(pause.starts_on, pause.ends_on) for pause in deadline.pauses.all() if pause.ends_on is not None]


def _of(case: Case, rule: str = "") -> list[Deadline]:
    """The running clocks of a case, locked; a rule names its clocks by the beginning of their code."""
    found = Deadline.objects.select_for_update().running().about(kind_of(case), case.pk).order_by("pk")
    return [deadline for deadline in found if deadline.rule.startswith(rule)]


def running(case: Case, rule: str) -> Deadline | None:
    """Return the clock of a rule that runs now; a step that finds none goes on without: no deadline blocks."""
    return next(iter(_of(case, rule)), None)


def meet(case: Case, *, on: datetime.date, rule: str = "") -> None:
    """The running clocks of the rule, or all of them, are met."""
    for deadline in _of(case, rule):
        _end_pause(deadline, on)
        deadline.met_on = on
        deadline.save(update_fields=["met_on", "paused_on", "due_on", "soon_on", "provisional"])


def drop(case: Case) -> None:
    """The running clocks no longer apply: the case was declined, merged or voided."""
    Deadline.objects.running().about(kind_of(case), case.pk).update(dropped=True, paused_on=None)


def pause(case: Case, *, on: datetime.date, reason: str, by: User) -> None:
    """From this day on nothing counts, until `resume`."""
    for deadline in _of(case):
        if deadline.paused_on is None:
            DeadlinePause.objects.create(deadline=deadline, starts_on=on, reason=reason, approved_by=by)
            deadline.paused_on = on
            deadline.save(update_fields=["paused_on"])


def resume(case: Case, *, on: datetime.date) -> None:
    """The day of resuming counts again; the due date moves by what the pause removed."""
    for deadline in _of(case):
        if deadline.paused_on is not None:
            _end_pause(deadline, on)
            deadline.save(update_fields=["paused_on", "due_on", "soon_on", "provisional"])


def _end_pause(deadline: Deadline, on: datetime.date) -> None:
    if deadline.paused_on is None:
        return
    last = max(on - ONE_DAY, deadline.paused_on - ONE_DAY)
    deadline.pauses.filter(ends_on=None).update(ends_on=last)
    deadline.paused_on = None
    _compute(deadline, _spans(deadline))


def extend(deadline: Deadline, days: int) -> Deadline:
    """More days of the same unit; counted from the old start, so that the whole stays explainable."""
    row = Deadline.objects.select_for_update().get(pk=deadline.pk)
    row.extra_days += days
    _compute(row, _spans(row))
    row.escalated_at = None
    row.save(update_fields=["extra_days", "due_on", "soon_on", "provisional", "escalated_at"])
    return row


def change_term(case: Case, rule: str, code: str) -> None:
    """Measure the running clocks of a rule anew with another term, from their own start."""
    term = Term.objects.get(code=code)
    for deadline in _of(case, rule):
        deadline.rule, deadline.rule_name = term.code, term.name
        deadline.unit, deadline.length = term.unit, term.length
        _compute(deadline, _spans(deadline))
        deadline.save()


def set_due(case: Case, rule: str, *, due_on: datetime.date) -> Deadline | None:
    """Run the clock of a rule to the date of an approved timetable instead of a counted term."""
    deadline = running(case, rule)
    if deadline is None:
        return None
    deadline.unit = calendar.Unit.NATURAL
    deadline.length, deadline.extra_days = max(1, (due_on - deadline.started_on).days), 0
    _compute(deadline, [])
    # The date of the timetable was agreed as it is; it does not roll.
    deadline.due_on = due_on
    deadline.rule = f"{rule}{AGREED}"
    deadline.rule_name = _("整改清单约定的期限")
    deadline.save()
    return deadline


def agree(case: Case, rule: str, name: str, *, on: datetime.date, due_on: datetime.date, ahead: int = 0) -> Deadline:
    """Start a clock that runs to an agreed date instead of a counted term; it does not roll. The date is not before ``on``.

    It is soon from ``ahead`` days before it on, where that is said.
    """
    deadline = Deadline(
        district_id=case.district_id, kind=kind_of(case), case_id=case.pk, rule=f"{rule}{AGREED}", rule_name=name,
        unit=calendar.Unit.NATURAL, length=max(1, (due_on - on).days), started_on=on,
    )  # fmt: skip
    _compute(deadline, [])
    deadline.due_on, deadline.provisional = due_on, False
    deadline.soon_on = due_on - datetime.timedelta(days=ahead) if ahead else min(deadline.soon_on, due_on)
    deadline.save(force_insert=True)
    return deadline


def explain(deadline: Deadline, today: datetime.date | None = None) -> Computation:
    """Every day on the way to the due date, for the page that shows how it was computed."""
    pauses = _spans(deadline)
    if deadline.paused_on is not None:
        pauses.append(Span(deadline.paused_on, today or timezone.localdate()))
    length = deadline.length + deadline.extra_days
    return calendar.explain_due_date(working_calendar(), deadline.started_on, length, deadline.unit, pauses)


@transaction.atomic
def recompute_provisional() -> int:
    """After a year was announced or a day of the calendar edited: running clocks are measured anew. Returns how many moved."""
    moved = 0
    wanted = Deadline.objects.running().filter(Q(provisional=True) | Q(due_on__gte=timezone.localdate()))
    for deadline in wanted.exclude(rule__endswith=AGREED).select_for_update().prefetch_related("pauses"):
        before = deadline.due_on, deadline.provisional
        _compute(deadline, _spans(deadline))
        if (deadline.due_on, deadline.provisional) != before:
            deadline.save(update_fields=["due_on", "soon_on", "provisional"])
            moved += 1
    return moved


def working_day_after(day: datetime.date, count: int) -> datetime.date:
    if count < 0:
        raise ActionError(_("天数不能小于零。"))
    return calendar.due_date(working_calendar(), day, count, calendar.Unit.WORKING).on


def is_working_day(day: datetime.date) -> bool:
    return working_calendar().is_workday(day)


def working_days(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    days = working_calendar()
    day = first
    while day <= last:
        if days.is_workday(day):
            yield day
        day += ONE_DAY
