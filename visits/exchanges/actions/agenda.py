"""What people do with an agenda: put something on it, move it, take it off, and write down what was said."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import finish, lock
from unionops.org.actions.saving import check_columns, check_version
from unionops.org.errors import ActionError
from unionops.org.models import User
from visits.models import Issue

from ..enums import FIGURES, Origin, Section
from ..models import AgendaItem, Exchange
from ..permissions import check_may_arrange, check_may_minute

Now = datetime.datetime | None
# Parts that fill themselves from decisions and figures; people add to the others.
OPEN_SECTIONS = tuple(section for section in Section if section not in FIGURES | {Section.DECISIONS})


@transaction.atomic
def add_item(
    exchange: Exchange,
    *,
    by: User,
    section: str,
    title: str,
    text: str = "",
    issue: Issue | None = None,
    now: Now = None,
) -> AgendaItem:
    row = lock(exchange)
    check_may_arrange(by, row)
    if section not in OPEN_SECTIONS:
        raise ActionError(_("这一部分由系统列出，不能另加。"), field="section")
    position = max(row.items.filter(section=section).values_list("position", flat=True), default=0) + 1
    item = AgendaItem(
        exchange=row,
        section=section,
        origin=Origin.HAND,
        position=position,
        title=title.strip(),
        text=text.strip(),
        issue=issue,
    )
    check_columns(item)
    item.save(force_insert=True)
    finish(row, "add_item", by=by, now=now, what=item.title)
    return item


@transaction.atomic
def edit_item(
    item: AgendaItem, *, by: User, text: str, title: str = "", version: int | None = None, now: Now = None
) -> AgendaItem:
    """What the secretary explains beforehand; only a point that a person has put there has a title of its own."""
    lock(item.exchange)
    row = AgendaItem.objects.select_related("exchange").get(pk=item.pk)
    check_may_arrange(by, row.exchange)
    check_version(row, version)
    if row.origin == Origin.HAND:
        row.title = title.strip()
    row.text = text.strip()
    check_columns(row)
    row.save(update_fields=["title", "text"])
    finish(row.exchange, "edit_item", by=by, now=now, what=str(row))
    return row


@transaction.atomic
def move_item(item: AgendaItem, *, by: User, up: bool) -> AgendaItem:
    """One place up or down among the items of its part that are talked about."""
    exchange = lock(item.exchange)
    check_may_arrange(by, exchange)
    rows = list(exchange.items.filter(section=item.section, dropped=False))
    at = next((place for place, row in enumerate(rows) if row.pk == item.pk), None)
    other = None if at is None else at - 1 if up else at + 1
    if at is not None and other is not None and 0 <= other < len(rows):
        rows[at], rows[other] = rows[other], rows[at]
        for place, row in enumerate(rows, start=1):
            row.position = place
        AgendaItem.objects.bulk_update(rows, ["position"])
        finish(exchange, "move_item", by=by, what=str(item))
    return item


@transaction.atomic
def drop_item(item: AgendaItem, *, by: User, dropped: bool, now: Now = None) -> AgendaItem:
    """Not talked about this time; it can be taken back."""
    exchange = lock(item.exchange)
    check_may_arrange(by, exchange)
    row = exchange.items.get(pk=item.pk)
    if row.dropped != dropped:
        row.dropped = dropped
        row.save(update_fields=["dropped"])
        finish(exchange, "drop_item" if dropped else "restore_item", by=by, now=now, what=str(row))
    return row


@transaction.atomic
def choose_item(item: AgendaItem, *, by: User, chosen: bool, now: Now = None) -> AgendaItem:
    """The chair picks the typical cases from the proposals."""
    exchange = lock(item.exchange)
    check_may_arrange(by, exchange)
    row = exchange.items.get(pk=item.pk)
    if row.section != Section.TYPICAL:
        raise ActionError(_("只有典型案例要选用。"))
    if row.chosen != chosen:
        row.chosen = chosen
        row.save(update_fields=["chosen"])
        finish(exchange, "choose_item", by=by, now=now, what=str(row), on=chosen)
    return row


@transaction.atomic
def record_minutes(
    exchange: Exchange, *, by: User, notes: Mapping[int, str], summary: str, present: Collection[int], guests: str = "",
    version: int | None = None, now: Now = None,
) -> Exchange:  # fmt: skip
    """What was said to each item (by its key), in sum, and who was there. The timeline keeps what stood there before.

    ``notes`` and ``present`` name only items and people of this exchange; others are left alone.
    """
    now = now or timezone.now()
    row = lock(exchange, version=version)
    check_may_minute(by, row)
    changes: dict[str, list[object]] = {}
    for item in row.items.filter(pk__in=notes):
        text = notes[item.pk].strip()
        if text != item.note:
            changes[f"note-{item.pk}"] = [item.note, text]
            item.note = text
            item.save(update_fields=["note"])
    for name, value in (("summary", summary.strip()), ("guests", guests.strip())):
        if value != getattr(row, name):
            changes[name] = [getattr(row, name), value]
            setattr(row, name, value)
    was = sorted(row.attendance.filter(present=True).values_list("user", flat=True))
    row.attendance.update(present=False)
    row.attendance.filter(user__in=present).update(present=True)
    now_there = sorted(row.attendance.filter(present=True).values_list("user", flat=True))
    if was != now_there:
        changes["present"] = [list(was), list(now_there)]
    if changes:
        finish(row, "minutes", by=by, now=now, changes=changes)
    return row
