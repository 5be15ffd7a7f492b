"""The yearly statistics (D21): every number is an indicator and opens its rows."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.insight import indicators, periods
from unionops.insight.asking import FIGURE_ROLES, rows_url
from unionops.insight.figures import WHOLE, Figure, Question, answer
from unionops.insight.indicators import Asked, Unit
from unionops.jinja import money
from unionops.org.models import User

from .indicators import CODES
from .models import Plan

LABELS = {
    "mutual_units": lambda: _("参保单位（家）"), "mutual_people": lambda: _("参保人数"), "mutual_members": lambda: _("会员数"),
    "mutual_rate": lambda: _("参保率"),    "mutual_fee": lambda: _("互助金（元）"), "claim_count": lambda: _("理赔申请（件）"), "claim_amount_paid": lambda: _("理赔金额（元）"),
}  # fmt: skip
CLAIM_CODES = ("claim_count", "claim_amount_paid")


def statistics(plan: Plan, user: User) -> list[dict[str, Any]]:
    """(label, words, address) of each figure of the plan's year, then participation and the mean of a claim."""
    whole = periods.span(datetime.date(plan.year, 1, 1), datetime.date(plan.year, 12, 31))
    asked = Asked(user, whole, max(timezone.localdate(), plan.starts_on))
    questions = []
    for code in (*CODES, *CLAIM_CODES):
        found = indicators.find(code)
        assert found is not None
        questions.append(
            Question(found, asked, "", {"programme": str(plan.programme_id)} if code in CLAIM_CODES else {})
        )
    figures = {question.indicator.code: found[WHOLE] for question, found in zip(questions, answer(questions), strict=True)}  # fmt: skip
    may_open = user.scope.has(*FIGURE_ROLES)
    rows = [
        {
            "label": LABELS[question.indicator.code](), "value": _words(figures[question.indicator.code]),
            "url": rows_url(question) if may_open and figures[question.indicator.code].numerator else "",
        }
        for question in questions
    ]  # fmt: skip
    count, paid = figures["claim_count"].numerator, figures["claim_amount_paid"].value or 0
    if count:
        rows.append({"label": _("件均（元）"), "value": money((Decimal(paid) / Decimal(count)).quantize(Decimal("0.01"))), "url": ""})  # fmt: skip
    return rows


def _words(figure: Figure) -> str:
    return f"{figure.words}%" if figure.indicator.unit == Unit.RATE and figure.value is not None else figure.words
