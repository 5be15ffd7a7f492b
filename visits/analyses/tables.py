"""The tables beside the text: the same kept figures, each with the address of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from unionops.insight.drawing import unit_of
from unionops.insight.frozen import Frozen, thaw
from unionops.insight.indicators import Unit
from unionops.insight.periods import parse
from unionops.org.models import User

from .enums import Part
from .figures import OVERVIEW, Kept
from .sentences import Piece, opened

# As many towns as a district may have.
MOST_SHOWN = 20
Figures = Mapping[str, Any]
Cell = dict[str, Any]
Table = dict[str, Any]


class Tables:
    """The figures of a paper for one reader: what opens to rows opens to what this person sees."""

    def __init__(self, figures: Figures, user: User) -> None:
        self.figures, self.user = figures, user

    def of(self, part: str) -> Table | None:
        make = {
            Part.OVERVIEW: self._overview, Part.TREND: self._trend, Part.COMMON: self._common, Part.FRESH: self._fresh,
            Part.REPEATED: self._repeated, Part.RISKS: self._risks, Part.AGEING: self._ageing, Part.TOWNS: self._towns,
        }.get(Part(part))  # fmt: skip
        return make() if make else None

    def lines(self, part: str, text: str) -> list[list[Cell]]:
        """The lines of a text in pieces {text, url}: its numbers open what they count."""
        return [[self._piece(part, one) for one in line] for line in opened(part, self.figures, text)]

    def _piece(self, part: str, piece: Piece) -> Cell:
        if piece.is_lines:
            return {"text": piece.words, "url": f"#{anchor_of(part)}"}
        found = thaw(piece.kept, self.user) if piece.kept else None
        if found is None:
            return {"text": piece.words, "url": ""}
        name = found.label or str(found.figure.indicator.name)
        return {"text": piece.words, "url": found.whole_url if piece.is_whole else found.url, "label": name}

    def bars(self) -> Table | None:
        """The towns as bars of their resolution rate, for the picture above their table."""
        rows = [row for row in self.figures["towns"] if row["rank"] is not None]
        if not rows:
            return None
        return {"rate": True, "bars": [bar for row in rows if (bar := self._bar(row))]}

    def _bar(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        found = thaw(row["resolution_rate"], self.user)
        if found is None or not found.figure.denominator:
            return None
        done = 100 * found.figure.numerator / found.figure.denominator
        return {
            "label": row["town"], "page": "", "url": found.url, "value": found.words, "rate": found.figure.value,
            "numerator": f"{found.figure.numerator:,}", "denominator": f"{found.figure.denominator:,}",
            "done_length": f"{done:.2f}", "rest_length": f"{100 - done:.2f}",
        }  # fmt: skip

    def _cell(self, kept: Kept | None) -> Cell:
        found = thaw(kept, self.user) if kept else None
        if found is None:
            return {"text": "—", "url": ""}
        if found.figure.value is None:
            return {"text": found.words, "url": "", "found": found}
        cell: Cell = {"text": _with_unit(found), "url": found.url, "found": found}
        if found.figure.indicator.unit == Unit.RATE:
            cell["part"] = f"{found.figure.numerator:,}"
            cell["whole"], cell["whole_url"] = f"{found.figure.denominator:,}", found.whole_url
        return cell

    def _row(self, label: str, *cells: Cell) -> dict[str, Any]:
        return {"label": label, "cells": list(cells)}

    def _name(self, kept: Kept) -> str:
        found = thaw(kept, self.user)
        return str(found.figure.indicator.name) if found else kept["indicator"]

    def _overview(self) -> Table:
        # JSON in PostgreSQL keeps no order of keys.
        told = self.figures["overview"]
        rows = [self._row(self._name(told[code]), self._cell(told[code])) for code in OVERVIEW if code in told]
        return _table([_("指标"), _("本季度")], rows)

    def _trend(self) -> Table:
        trend = self.figures["trend"]
        rows = []
        for row in trend["months"]:
            cohort = self._cell(row["resolution_rate"])
            registered = {"text": f"{row['resolution_rate']['denominator']:,}", "url": cohort.get("whole_url", "")}
            rows.append(self._row(parse(row["month"]).label, self._cell(row["visit_count"]), registered, cohort))
        for name, label in (("before", pgettext("表头", "上季度")), ("year", _("去年同期"))):
            found = trend[name]["figures"]
            rows.append(
                self._row(
                    label, self._cell(found["visit_count"]), self._cell(found["issue_count"]), self._cell(found["resolution_rate"])
                )
            )  # fmt: skip
        return _table([_("期间"), _("走访家次"), pgettext("指标", "登记诉求"), _("化解率")], rows)

    def _parts(self, parts: Sequence[Kept], by: str) -> Table | None:
        rows = [self._row(kept["label"], self._cell(kept)) for kept in parts]
        return _table([by, _("件数")], rows) if rows else None

    def _common(self) -> Table | None:
        return self._parts(self.figures["common"]["parts"], _("二级类别"))

    def _fresh(self) -> Table | None:
        return self._parts(self.figures["fresh"]["parts"], _("二级类别"))

    def _repeated(self) -> Table | None:
        found = self.figures["repeated"]
        rows = [self._row(kept["label"], self._cell(kept)) for kept in found["parts"]]
        rows += [
            self._row(
                _("%(town)s（%(n)d 家，不列名）") % {"town": cell["town"], "n": cell["firms"]},
                {"text": f"{cell['issues']:,}", "url": ""},
            )
            for cell in found["grouped"]
        ]
        foot = self._row(_("合计"), {"text": f"{found['issues']:,}", "url": ""})
        return _table([_("单位"), _("件数")], rows, foot) if rows else None

    def _risks(self) -> Table:
        risks = self.figures["risks"]
        named = (
            ("arrears", _("欠薪")),
            ("collective", _("集体诉求")),
            ("critical", _("特急")),
            ("overdue", _("超期未结")),
        )
        return _table([_("预警"), _("件数")], [self._row(label, self._cell(risks[key])) for key, label in named])

    def _ageing(self) -> Table | None:
        found = self.figures["ageing"]
        return self._parts(found["parts"], _("在办天数"))

    def _per_hundred(self, row: Mapping[str, Any]) -> Cell:
        """A ratio of two figures opens both."""
        issues, firms = thaw(row["issue_count"], self.user), thaw(row["firm_count"], self.user)
        if not row["per_hundred"] or issues is None or firms is None:
            return {"text": row["per_hundred"] or "—", "url": ""}
        return {
            "text": row["per_hundred"], "url": issues.url, "part": issues.words, "whole": firms.words, "whole_url": firms.url,
        }  # fmt: skip

    def _towns(self) -> Table | None:
        rows = [
            self._row(
                row["town"],
                {"text": str(row["rank"] or "—"), "url": ""},
                self._cell(row["visit_count"]), self._cell(row["issue_count"]), self._cell(row["resolution_rate"]),
                self._cell(row["on_time_rate"]), self._per_hundred(row),
            )
            for row in self.figures["towns"]
        ]  # fmt: skip
        head = [
            _("镇街"), _("名次"), _("走访家次"), pgettext("指标", "登记诉求"), _("化解率"), _("按期办结率"), _("每百家企业诉求"),
        ]  # fmt: skip
        return _table(head, rows) if rows else None


def _with_unit(found: Frozen) -> str:
    match found.figure.indicator.unit:
        case Unit.RATE:
            return f"{found.words} %"
        case Unit.DAYS | Unit.SUM:
            return f"{found.words} {unit_of(found.figure.indicator)}"
    return found.words


def anchor_of(part: str) -> str:
    """Where the lines stand that a text counts."""
    return f"figures-{part}"


def _table(head: list[str], rows: list[dict[str, Any]], foot: dict[str, Any] | None = None) -> Table:
    """Of a long table the page shows the first rows and unfolds the rest."""
    return {"head": head, "rows": rows[:MOST_SHOWN], "more": rows[MOST_SHOWN:], "foot": foot}
