"""Parts that several papers have: a sheet of lines, the head of a case, opinions, places to sign."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from unionops.china.capitals import in_capitals
from unionops.org.events import kind_of
from unionops.org.models import Event, Organisation
from unionops.packs.documents import Cell, Column, Section, Table, Value

from ..extra import pairs, words
from ..timeline import entries

Lines = Sequence[tuple[str, Cell]]


def sheet(rows: Lines, *, blank: bool = False, title: str = "") -> Table:
    """Label beside value; what is empty stays only where somebody shall write it in."""
    kept = [[label, said] for label, said in rows if blank or said not in (None, "", "—")]
    return Table(title, [Column("项目", width=10), Column("内容", width=34)], kept, tall=blank)


def yuan(amount: Decimal | None) -> str:
    """25,000.00元（大写：贰万伍仟元整）; a voucher names the sum twice."""
    return f"{amount:,.2f}元（大写：{in_capitals(amount)}）" if amount else ""


def day(value: datetime.date | datetime.datetime | None) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        value = timezone.localdate(value)
    return f"{value.year}年{value.month}月{value.day}日"


def span(first: datetime.date | None, last: datetime.date | None) -> str:
    if first is None or last is None or first == last:
        return day(first or last)
    return f"{day(first)}至{day(last)}"


def town_of(case: Any) -> str:
    return (case.town.short_name or case.town.name) if case.town else ""


def short(organisation: Organisation | None) -> str:
    return (organisation.short_name or organisation.name) if organisation else ""


def numbered_as(case: Any) -> Value:
    """Its number, leading to its page."""
    return Value(case.number, "text", reverse(f"services:{case.programme.shape}", args=[case.pk]))


def extras_of(case: Any, *keys: str) -> list[tuple[str, Cell]]:
    """The open fields of the programme that have been asked, or these of them."""
    if not keys:
        return [(label, said) for label, said, _wide in pairs(case.programme.extras, case.details, full=True)]
    known = {extra.key: extra for extra in case.programme.extras}
    return [(known[key].label, words(known[key], case.details.get(key), full=True)) for key in keys if key in known]


def extra(case: Any, key: str) -> str:
    """One open field in words; empty where nobody has been asked."""
    found = next((one for one in case.programme.extras if one.key == key and not one.sealed), None)
    said = words(found, case.details.get(key), full=True) if found else ""
    return "" if said == "—" else said


def money(case: Any, key: str) -> Decimal | None:
    kept = case.details.get(key)
    return Decimal(str(kept)) if kept not in (None, "") else None


def count(case: Any, key: str) -> int | None:
    kept = case.details.get(key)
    return int(kept) if kept not in (None, "") else None


def opinions(case: Any) -> Table:
    """Who took which step when, with what they wrote."""
    events = Event.objects.about(kind_of(case), case.pk).select_related("by").order_by("at", "pk")
    rows: list[list[Cell]] = [
        [day(line.at), line.text.rstrip("。"), line.quote] for line in entries(case, events) if line.group == "moves"
    ]
    return Table(
        "", [Column("日期", width=13), Column("谁办了什么", width=18), Column("意见", width=21)], rows, empty="还没有。"
    )


def stamps(heading: str, *offices: str) -> Section:
    """Places for the opinions of the levels, to be written and stamped by hand."""
    lines = [(office, "\n\n　　　　　　　　　　　　（盖章）　　　　年　　月　　日") for office in offices]
    return Section(heading, [sheet(lines, blank=True)], "opinions")
