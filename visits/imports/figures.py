"""The figures by which an office checks an import: always the same keys, whatever the file holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from ..ledger import Problem, Reading

# Key → what it says of a file that holds nothing of the kind.
EMPTY: dict[str, Any] = {
    "year": None,
    "visits": 0,
    "issues": 0,
    "resolved": 0,
    "rejected_rows": {},
    "duplicates": 0,
    "ignored_rows": 0,
    "visits_by_month": {},
    "enterprises": 0,
    "key_enterprises": 0,
    "cadres": 0,
    "towns": 0,
}


def figures_of(reading: Reading) -> dict[str, Any]:
    return {**EMPTY, **reading.summary()}


def added(all_figures: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The figures of several files as those of one."""
    total: dict[str, Any] = dict(EMPTY)
    for figures in all_figures:
        for key, value in figures.items():
            before = total[key]
            if isinstance(value, dict):
                total[key] = dict(Counter(before) + Counter(value))
            elif key == "year":
                total[key] = before if value is None else value
            else:
                total[key] = before + value
    return total


def refused_rows(reading: Reading) -> list[dict[str, Any]]:
    """One entry a row, with the cell for which it is refused."""
    problems: dict[tuple[str, int], Problem] = {}
    for problem in reading.problems:
        problems.setdefault((problem.sheet, problem.row), problem)
    several = len(reading.parts) > 1
    return [refusal_of(problem, name_sheet=several) for problem in problems.values()]


def refusal_of(problem: Problem, *, name_sheet: bool = False) -> dict[str, Any]:
    place = {"sheet": problem.sheet} if name_sheet else {}
    return {
        **place,
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "reason": problem.text,
        "kind": problem.reason,
    }
