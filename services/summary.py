"""The figures of one programme above its list: a few indicators, narrowed to it, each opening its rows."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
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
from .indicators import of_extra
from .models import Programme

# Before there were programmes.
FIRST_DAY = datetime.date(2000, 1, 1)
MOST_OWN = 4


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
        if figure.numerator:
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
    codes += [code for added in _added for code in added(programme)]
    usual = [found for code in codes if (found := indicators.find(code))]
    own = [of_extra(shape, extra) for extra in programme.extras if extra.counted and not extra.sealed]
    return [*usual, *own[:MOST_OWN]]
