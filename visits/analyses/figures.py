"""The figures of a paper, counted once by the indicators and kept as JSON; whatever its text says stands in here.

The reader who counts is nobody's account: it sees the whole district, so that a paper says the same whoever prepares it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils import translation

from unionops.insight import indicators
from unionops.insight.dimensions import NONE
from unionops.insight.figures import Figure, Question, rows_of
from unionops.insight.frozen import freeze, freeze_divided
from unionops.insight.indicators import Asked, Unit
from unionops.insight.periods import Kind, Period, containing, span
from unionops.org.enums import Role
from unionops.org.models import Enterprise, Organisation, User
from unionops.org.models.accounts import Scope

from ..enums import COLLECTIVE_FROM, ClaimantKind
from ..models import Category
from .quarters import four_before, title_of
from .queries import officers_of, reflections_of, towns_of

Kept = dict[str, Any]
Where = Mapping[str, str]

# A cell with fewer anonymous workers is not told by the name of the firm (domain 2.10).
SMALLEST_CELL = 3
# As many sub-categories and firms as a sentence names; the table has them all.
MOST_NAMED = 10
REPEATED_FROM = 2
ARREARS = "WAGE-01"
CRITICAL = "1"

OVERVIEW = (
    "visit_count", "visited_firm_count", "coverage_rate", "issue_count", "resolution_rate", "substantive_rate", "closed_count",
    "flow_resolution_rate", "days_to_close", "on_time_rate", "satisfaction_rate", "participation_rate",
)  # fmt: skip
COMPARED = ("visit_count", "issue_count", "resolution_rate", "on_time_rate")
MONTHLY = ("visit_count", "resolution_rate")
BY_TOWN = ("visit_count", "issue_count", "resolution_rate", "on_time_rate", "firm_count")


def reader_of(district: Organisation) -> User:
    """The actor of scheduled work, who sees all of one district and nothing else."""
    reader = User.objects.system()
    here = frozenset({district.pk})
    reader.scope = Scope(
        roles=frozenset({Role.CHIEF}), member_of=here, districts=here, directory_of=here,
        posts=frozenset({(Role.CHIEF, district.pk)}),
    )  # fmt: skip
    return reader


def figure_of(kept: Kept) -> Figure:
    """A kept figure without its question; the paper is written by the product that counted it, so the indicator is known."""
    indicator = indicators.find(kept["indicator"])
    assert indicator is not None
    days = None if kept["days"] is None else Decimal(kept["days"])
    return Figure(indicator, kept["numerator"], kept["denominator"], days)


def build(district: Organisation, subject: Organisation, quarter: Period, at: datetime.date) -> dict[str, Any]:
    """Count everything that the paper of a town or of the district tells. About twenty statements, most of them names."""
    with translation.override("zh-hans"):
        return _Builder(district, subject, quarter, at).build()


class _Builder:
    def __init__(self, district: Organisation, subject: Organisation, quarter: Period, at: datetime.date) -> None:
        self.district, self.subject, self.quarter, self.at = district, subject, quarter, at
        self.of_district = subject.pk == district.pk
        self.where: Mapping[str, str] = {} if self.of_district else {"town": str(subject.pk)}
        self.asked = Asked(reader_of(district), quarter, at)

    def ask(
        self, code: str, period: Period | None = None, at: datetime.date | None = None, where: Where | None = None
    ) -> Question:
        indicator = indicators.find(code)
        assert indicator is not None, code
        asked = replace(self.asked, period=period or self.quarter, at=at or self.at)
        return Question(indicator, asked, "", {**self.where, **(where or {})})

    def aged(self, code: str, period: Period) -> Question:
        """Another quarter at the same age: as many days after its end as this one has now."""
        return self.ask(code, period, period.last + (self.at - self.quarter.last))

    def divided(self, code: str, by: str, where: Where | None = None) -> list[Kept]:
        return freeze_divided(replace(self.ask(code, where=where), by=by))

    def build(self) -> dict[str, Any]:
        first, last = four_before(self.quarter)
        earlier = span(first.first, last.last)
        months = self.months()
        collective = {"collective": "true"}
        arrears = {"subcategory": str(Category.objects.get(code=ARREARS).pk)}
        wanted = {
            **{f"overview.{code}": self.ask(code) for code in OVERVIEW},
            **{f"before.{code}": self.aged(code, self.quarter.before()) for code in COMPARED},
            **{f"year.{code}": self.aged(code, self.quarter.year_earlier()) for code in COMPARED},
            **{f"months.{month.code}.{code}": self.ask(code, month) for month in months for code in MONTHLY},
            "earlier": self.ask("issue_count", earlier, earlier.last),
            "risks.arrears": self.ask("issue_count", where=arrears),
            "risks.collective": self.ask("issue_count", where=collective),
            "risks.critical": self.ask("issue_count", where={"urgency": CRITICAL}),
            "risks.overdue": self.ask("overdue_count"),
            "open": self.ask("open_count"),
        }
        kept = dict(zip(wanted, freeze(list(wanted.values())), strict=True))
        categories = self.divided("issue_count", "subcategory")
        return {
            "subject": str(self.subject),
            "quarter": self.quarter.code,
            "title": title_of(self.quarter),
            "at": self.at.isoformat(),
            "rules": {"smallest_cell": SMALLEST_CELL, "collective_from": COLLECTIVE_FROM, "most": MOST_NAMED},
            "overview": {code: kept[f"overview.{code}"] for code in OVERVIEW},
            "trend": self.trend(kept, months),
            "common": {"kinds": _kinds(categories), "parts": _named(categories)},
            "fresh": self.fresh(categories, earlier, kept["earlier"], first, last),
            "repeated": self.repeated(),
            "risks": {
                **{name: kept[f"risks.{name}"] for name in ("arrears", "collective", "critical", "overdue")},
                "arrears_by_town": self.divided("issue_count", "town", arrears) if self.of_district else [],
                "collective_by_town": self.divided("issue_count", "town", collective) if self.of_district else [],
            },
            "ageing": {"open": kept["open"], "parts": self.divided("open_count", "age")},
            "towns": self.towns() if self.of_district else [],
            "reflections": self.reflections(),
        }

    def months(self) -> list[Period]:
        first = containing(self.quarter.first, Kind.MONTH)
        second = containing(first.last + datetime.timedelta(days=1), Kind.MONTH)
        return [first, second, containing(self.quarter.last, Kind.MONTH)]

    def trend(self, kept: Mapping[str, Kept], months: Iterable[Period]) -> dict[str, Any]:
        before, year = self.quarter.before(), self.quarter.year_earlier()
        return {
            "months": [
                {"month": month.code, **{code: kept[f"months.{month.code}.{code}"] for code in MONTHLY}}
                for month in months
            ],
            "before": {"title": title_of(before), "figures": {code: kept[f"before.{code}"] for code in COMPARED}},
            "year": {"title": title_of(year), "figures": {code: kept[f"year.{code}"] for code in COMPARED}},
            "changes": {
                name: {code: change(kept[f"overview.{code}"], kept[f"{name}.{code}"]) for code in COMPARED}
                for name in ("before", "year")
            },
        }

    def fresh(self, now: list[Kept], earlier: Period, registered: Kept, first: Period, last: Period) -> dict[str, Any]:
        """Sub-categories that nobody had raised in the four quarters before."""
        known = {
            kept["where"]["subcategory"]
            for kept in freeze_divided(replace(self.ask("issue_count", earlier, earlier.last), by="subcategory"))
        }
        fresh = [kept for kept in _named(now) if kept["where"]["subcategory"] not in known]
        return {
            "since": {"first": title_of(first), "last": title_of(last)},
            "earlier": registered,
            "kinds": len(fresh),
            "parts": fresh,
        }

    def repeated(self) -> dict[str, Any]:
        """Firms of which more than one issue was raised. Few anonymous workers of a firm are told by its town only."""
        firms = [kept for kept in self.divided("issue_count", "firm") if kept["numerator"] >= REPEATED_FROM]
        firms = [kept for kept in firms if kept["where"]["firm"] != NONE]
        small = self.small_cells([kept["where"]["firm"] for kept in firms])
        named = [kept for kept in firms if kept["where"]["firm"] not in small and kept["label"]]
        grouped: dict[str, dict[str, Any]] = {}
        for kept in firms:
            if kept not in named:
                town = small.get(kept["where"]["firm"], "") or str(self.subject)
                cell = grouped.setdefault(town, {"town": town, "firms": 0, "issues": 0})
                cell["firms"] += 1
                cell["issues"] += kept["numerator"]
        return {
            "firms": len(firms),
            "issues": sum(kept["numerator"] for kept in firms),
            "parts": named,
            "grouped": sorted(grouped.values(), key=lambda cell: (-cell["issues"], cell["town"])),
        }

    def small_cells(self, firms: list[str]) -> dict[str, str]:
        """Of these firms those of whose workers fewer than three wish to be unknown, with the town of each."""
        unknown = Q(claimant_kind=ClaimantKind.ANONYMOUS) | Q(claimant_kind=ClaimantKind.PERSON, hide_from_firm=True)
        rows = rows_of(self.ask("issue_count")).filter(unknown, enterprise__in=firms).order_by()
        people = dict(rows.values("enterprise").annotate(n=Sum("claimant_count")).values_list("enterprise", "n"))
        small = [firm for firm, count in people.items() if count < SMALLEST_CELL]
        places = Enterprise.objects.filter(pk__in=small).values_list("pk", "town__short_name", "town__name")
        return {str(pk): short or full or "" for pk, short, full in places}

    def towns(self) -> list[dict[str, Any]]:
        """The towns by resolution rate; without a rate a town has no rank."""
        found = {code: {kept["where"]["town"]: kept for kept in self.divided(code, "town")} for code in BY_TOWN}
        rows: list[dict[str, Any]] = []
        for town in towns_of(self.district.pk, self.quarter):
            key = str(town.pk)
            cells = {code: found[code].get(key) or self._nothing(code, key, str(town)) for code in BY_TOWN}
            firms, issues = cells["firm_count"]["numerator"], cells["issue_count"]["numerator"]
            per_hundred = (Decimal(issues) * 100 / firms).quantize(Decimal("0.1"), ROUND_HALF_UP) if firms else None
            rows.append({"town": str(town), **cells, "per_hundred": None if per_hundred is None else str(per_hundred)})
        rates = [figure_of(row["resolution_rate"]).value for row in rows]
        for row, rate in zip(rows, rates, strict=True):
            row["rank"] = None if rate is None else 1 + sum(other is not None and other > rate for other in rates)
        return sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0, -row["issue_count"]["numerator"]))

    def _nothing(self, code: str, key: str, label: str) -> Kept:
        """A town in which nothing was counted has a zero, not a gap."""
        question = self.ask(code, where={"town": key})
        return {
            "indicator": code, "period": self.quarter.code, "at": self.at.isoformat(), "where": dict(question.kept), "label": label,
            "numerator": 0, "denominator": 0 if question.indicator.share else None, "days": None,
        }  # fmt: skip

    def reflections(self) -> dict[str, Any]:
        officers = officers_of(self.district.pk, self.quarter)
        if not self.of_district:
            officers = [officer for officer in officers if self.subject.pk in officer.town_ids]
        known = {officer.id: officer for officer in officers}
        rows = list(reflections_of(self.district.pk, self.quarter))
        if not self.of_district:
            rows = [row for row in rows if row.author_id in known]
        written = {row.author_id for row in rows}
        return {
            "expected": len(officers),
            "handed_in": len(rows),
            "missing": len(set(known) - written),
            "parts": [{"id": str(row.pk), "title": row.title, "author": row.author.name} for row in rows],
        }


def _named(parts: list[Kept]) -> list[Kept]:
    return [kept for kept in parts if kept["label"]]


def _kinds(parts: list[Kept]) -> int:
    return len(_named(parts))


def change(now: Kept, then: Kept) -> dict[str, Any] | None:
    """How a figure moved, in its own unit; None where there is nothing to compare with."""
    here, there = figure_of(now), figure_of(then)
    if here.value is None or there.value is None or (there.numerator == 0 and not there.denominator):
        return None
    difference = here.value - there.value
    words = f"{abs(difference):,.0f}" if here.indicator.unit == Unit.COUNT else f"{abs(difference):,f}"
    return {"by": words, "way": (difference > 0) - (difference < 0)}
