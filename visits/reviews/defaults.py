"""The schemes with which a district begins; from the second year on it begins with those of the year before.

The weights follow the order of domain 2.9: quantity, quality, effect, satisfaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .enums import Kind


@dataclass(frozen=True)
class Line:
    """One criterion as it is written; a line without a code is scored by hand from 0 to 100."""

    name: str
    weight: Decimal
    code: str = ""
    floor: Decimal = Decimal(0)
    full: Decimal = Decimal(100)


@dataclass(frozen=True)
class Draft:
    """A scheme as it is written: places in per cent for those appraised, in number for submissions."""

    lines: Sequence[Line]
    first: int
    second: int
    third: int = 0
    pass_mark: int = 60


def _line(name: str, weight: int, code: str = "", floor: int = 0, full: int = 100) -> Line:
    return Line(name, Decimal(weight), code, Decimal(floor), Decimal(full))


DEFAULTS = {
    Kind.CADRE: Draft(
        (
            _line("周走访达标率", 25, "weekly_quota_rate", 0, 90),
            _line("走访家次", 15, "visit_count", 0, 40),
            _line("化解率", 25, "resolution_rate", 70, 98),
            _line("满意率", 15, "satisfaction_rate", 80, 100),
            _line("超期率", 10, "overdue_rate", 20, 0),
            _line("调研和总结", 10),
        ),
        20,
        40,
    ),
    Kind.TOWN: Draft(
        (
            _line("走访家次", 20, "visit_count", 0, 80),
            _line("重点企业覆盖率", 25, "coverage_rate", 60, 100),
            _line("化解率", 25, "resolution_rate", 70, 98),
            _line("满意率", 10, "satisfaction_rate", 80, 100),
            _line("超期率", 10, "overdue_rate", 20, 0),
            _line("重点工作完成情况", 10),
        ),
        20,
        40,
    ),
    Kind.DEPARTMENT: Draft(
        (
            _line("办结率", 25, "closure_rate", 70, 100),
            _line("按期办结率", 25, "on_time_rate", 70, 100),
            _line("满意率", 20, "satisfaction_rate", 80, 100),
            _line("重办率", 10, "reopen_rate", 20, 0),
            _line("重点工作完成情况", 20),
        ),
        20,
        40,
    ),
    Kind.RESEARCH: Draft(
        (_line("选题价值", 25), _line("调查深度", 30), _line("对策可行", 30), _line("文字表达", 15)), 1, 2, 3
    ),
    Kind.SUGGESTION: Draft(
        (_line("针对性", 30), _line("可行性", 30), _line("预期效益", 30), _line("表述", 10)), 1, 2, 3
    ),
}
