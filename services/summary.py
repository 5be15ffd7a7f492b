"""The figures of one programme above its list: a few indicators, narrowed to it, each opening its rows."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.insight import indicators, periods
from unionops.insight.asking import FIGURE_ROLES, rows_url
from unionops.insight.drawing import unit_of
from unionops.insight.figures import WHOLE, Question, answer
from unionops.insight.indicators import Asked, Indicator
from unionops.org.models import User

from .enums import Shape
from .indicators import figures_of_extra, of_extra
from .models import Programme
from .shapes import YEAR_PLAN

# Before there were programmes.
FIRST_DAY = datetime.date(2000, 1, 1)
MOST_OWN = 6
# Whose plans are told: this year and those before it.
YEARS = 4


# What a programme adds to the figures of its shape: codes of indicators.
Added = Callable[[Programme], Iterable[str]]
_added: list[Added] = []


def register_figures(added: Added) -> None:
    _added.append(added)


def figures_of(programme: Programme, user: User) -> list[dict[str, Any]]:
    """(words, unit, label, address) of each figure, all of them by one statement; nothing for who has no figures."""
    if not user.scope.has(*FIGURE_ROLES):
        return []
    today = timezone.localdate()
    asked = Asked(user, periods.span(FIRST_DAY, today), today)
    where = {"programme": str(programme.pk)}
    questions = [Question(indicator, asked, "", where) for indicator in _shown(programme)]
    found = []
    for question, figures in zip(questions, answer(questions), strict=True):
        figure, indicator = figures[WHOLE], question.indicator
        if figure.numerator and figure.value:
            label = LABELS.get(indicator.code.removeprefix(f"{programme.shape}_"))
            found.append(
                {"value": figure.words, "unit": unit_of(indicator), "label": label() if label else str(indicator.name), "url": rows_url(question)}
            )  # fmt: skip
    return found


LABELS: dict[str, Callable[[], str]] = {
    "count": lambda: _("累计登记"),
    "finished_rate": lambda: _("办结率"),
    "people": lambda: _("服务"),
    "amount_paid": lambda: _("发放"),
}


def _shown(programme: Programme) -> list[Indicator]:
    shape = programme.shape
    codes = [f"{shape}_count", f"{shape}_finished_rate", f"{shape}_people"]
    if shape == Shape.CLAIM:
        codes.append("claim_amount_paid")
    codes += added_figures(programme)
    usual = [found for code in codes if (found := indicators.find(code))]
    return [*usual, *own_figures(programme)[:MOST_OWN]]


def own_figures(programme: Programme) -> list[Indicator]:
    """What it counts by itself."""
    shape, counted = programme.shape, (extra for extra in programme.extras if extra.counted and not extra.sealed)
    return [indicator for extra in counted for indicator in figures_of_extra(shape, extra)]


def added_figures(programme: Programme) -> list[str]:
    """What its shape, or a programme of this code, is counted by beside what every shape has."""
    return [code for added in _added for code in added(programme)]


@dataclass(frozen=True)
class Planned:
    """What each year owes of something, and what was done of it: (words, share in per cent, rows), one a year."""

    label: str
    target: str
    unit: str
    done: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Plan:
    """The yearly targets of a programme against this year and those before it in which something was done."""

    years: Sequence[int]
    rows: Sequence[Planned]


def plan_of(programme: Programme, user: User) -> Plan | None:
    """All of it by one statement; None where nothing is owed, or for who has no figures."""
    targets = _targets(programme) if user.scope.has(*FIGURE_ROLES) else []
    if not targets:
        return None
    today = timezone.localdate()
    spans = [(year, periods.parse(str(year))) for year in range(today.year, today.year - YEARS, -1)]
    where = {"programme": str(programme.pk)}
    questions = [
        [Question(indicator, Asked(user, span, span.cut_off(today)), "", where) for _year, span in spans]
        for indicator, _label, _target in targets
    ]
    answers = iter(answer([question for row in questions for question in row]))
    figures = [[next(answers)[WHOLE] for _question in row] for row in questions]
    told = [at for at, (year, _span) in enumerate(spans) if year == today.year or any(row[at].value for row in figures)]
    rows = [
        Planned(
            label, f"{target:,}", unit_of(indicator),
            [(row[at].words, f"{100 * (row[at].value or 0) / target:.2f}", rows_url(asked[at]) if row[at].value else "") for at in told],
        )
        for (indicator, label, target), asked, row in zip(targets, questions, figures, strict=True)
    ]  # fmt: skip
    return Plan([spans[at][0] for at in told], rows)


def _targets(programme: Programme) -> list[tuple[Indicator, str, int]]:
    shape, found = programme.shape, []
    whole = indicators.find(f"{shape}_ended_count")
    if (plan := programme.limit(YEAR_PLAN)) and whole:
        found.append((whole, _("办结"), int(plan)))
    owed = (extra for extra in programme.extras if extra.target and extra.counted and not extra.sealed)
    return [*found, *((of_extra(shape, extra), extra.label, extra.target) for extra in owed)]
