from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from unionops.insight.dimensions import dimensions
from unionops.insight.indicators import TimeRole, Unit, indicators

UNITS = {
    Unit.COUNT: "count",
    Unit.RATE: "per cent, two decimals",
    Unit.DAYS: "natural days, one decimal",
    Unit.SUM: "sum",
}
TIMES = {
    TimeRole.REGISTERED: "registered in the period (cohort)",
    TimeRole.CLOSED: "closed in the period (flow)",
    TimeRole.VISITED: "visited in the period",
    TimeRole.DUE: "due in the period",
    TimeRole.DONE: "done in the period",
    TimeRole.STANDING: "standing at the cut-off",
}
HEAD = """\
# Indicators

Written by `manage.py describe_indicators`; a test fails when it is stale.

Each figure has a period and a cut-off: the last day that counts, the whole of it. Without one in the address it is the last
day of the period, or today while the period runs. A rate without a denominator is «—». Days are those of Asia/Shanghai.
The numerator is always a part of the denominator, and both are only what the person who asks may see.
"""


def page() -> str:
    """The page docs/indicators.md, from the declarations."""
    english = {}
    with translation.override("en"):
        for indicator in indicators():
            english[indicator.code] = str(indicator.name), str(indicator.meaning), str(indicator.days_unit)
        labels = {dimension.code: str(dimension.label) for dimension in dimensions()}
    parts = [HEAD, "## Dimensions\n", "| code | 名称 | name |", "|---|---|---|"]
    with translation.override("zh-hans"):
        parts += [
            f"| `{dimension.code}` | {dimension.label} | {labels[dimension.code]} |" for dimension in dimensions()
        ]
        parts.append("\n## Figures")
        for indicator in indicators():
            name, meaning, measure = english[indicator.code]
            divided = ", ".join(f"`{code}`" for code in indicator.dimensions)
            value = UNITS[indicator.unit]
            if indicator.unit == Unit.DAYS:
                value = f"{measure}, one decimal" if measure else value
                value += ", mean" if indicator.percentile is None else f", percentile {indicator.percentile:.0%}"
            if indicator.amount:
                value += f", of `{indicator.amount}`"
            if indicator.amount_of:
                value += f" in `{indicator.amount_of}`"
            parts += [
                f"\n### `{indicator.code}` {indicator.name} — {name}\n",
                f"{indicator.meaning}  ",
                f"{meaning}\n",
                "| unit | rows | time | dimensions | source |",
                "|---|---|---|---|---|",
                f"| {value} | {indicator.rows.code} ({indicator.rows.unit}) | {TIMES[indicator.time]} | {divided} | {indicator.source} |",
            ]
    return "\n".join([*parts, ""])


class Command(BaseCommand):
    help = "Write the page of the indicators: manage.py describe_indicators > docs/indicators.md"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(page(), ending="")
