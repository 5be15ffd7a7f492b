"""The programmes of the demo: the whole catalogue, published results of past years as closed rows, and fresh cases in hand."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from django.utils import timezone
from uuid6 import uuid7

from unionops.casework.deadlines import working_days
from unionops.casework.numbering import spell, take_numbers
from unionops.china.identity import check_digit
from unionops.org.events import event_of
from visits.demo.district import Demo
from visits.demo.more import register_demo
from visits.demo.names import people, phone
from visits.enums import ImportState
from visits.imports.copying import copy_objects
from visits.models import LedgerImport

from . import catalogue
from .actions import cases
from .actions.imports import end_of
from .actions.programmes import install
from .enums import AT_BIRTH, Applicant, Channel, FieldKind, Shape
from .extra import Extra
from .ledger import KIND
from .models import Programme
from .published import PUBLISHED, Published
from .shapes import kind_for, specialties_of

SEED = 20240101
MOST_TOLD = 1000
# Names among which those of the register are drawn.
POOL = 600


def load(demo: Demo, now: datetime.datetime) -> None:
    """Deterministic: the same cases on every machine."""
    install(demo.district, catalogue.rows(), by=demo.system)
    programmes = list(Programme.objects.filter(district=demo.district).order_by("catalogue", "code"))
    pick = random.Random(SEED)  # noqa: S311 -- the same result on every machine, nothing secret
    for programme, published in published_of(programmes):
        write_published(demo, programme, published, pick)
    begin_some(demo, programmes, pick, now)


def published_of(programmes: Sequence[Programme]) -> Iterator[tuple[Programme, Published]]:
    """Each year of a programme of which something was reported."""
    for programme in programmes:
        for published in PUBLISHED.get(programme.code, ()):
            yield programme, published


def write_published(demo: Demo, programme: Programme, published: Published, pick: random.Random) -> None:
    """Whole tables at a time: the cases, and where they are not thousands one line of timeline each."""
    rows = _rows(demo, programme, published, pick, _register_of(demo, programme, published))
    copy_objects(rows)
    if published.rows > MOST_TOLD:
        return
    source = {"source": str(Channel.IMPORT.label), "version": 1}
    copy_objects([event_of(row, "register", by=demo.system, data=source, now=row.registered_at) for row in rows])


def _register_of(demo: Demo, programme: Programme, published: Published) -> LedgerImport:
    name = f"{programme.name}-{published.year}"
    return LedgerImport.objects.create(
        district=demo.district, file_name=f"{name}.xlsx", sha256=blake2b(name.encode(), digest_size=32).hexdigest(),
        sort=KIND, state=ImportState.DONE, progress=100, created_by=demo.people["clerk"], mapping={"programme": programme.pk},
        finished_at=_noon(datetime.date(published.year + 1, 1, 8)), summary={"rows": published.rows, "refused_count": 0},
    )  # fmt: skip


def _rows(
    demo: Demo, programme: Programme, published: Published, pick: random.Random, record: LedgerImport
) -> list[Any]:
    kind, count = kind_for(programme.shape), published.rows
    model: Any = kind.model
    days = list(working_days(datetime.date(published.year, 1, 2), datetime.date(published.year, 11, 20)))
    on = sorted(pick.choices(days, k=count))
    numbers = take_numbers(demo.district, programme.prefix, published.year, count)
    shares: dict[str, list[Any]] = {
        name: _split_whole(total, count, pick) if isinstance(total, int) else _split(total, count, pick)
        for name, total in published.columns.items()
    }
    amounts = _split(published.amount, count, pick) if published.amount else []
    ended = count if published.ended is None else published.ended
    own = _own(programme, published, ended, pick)
    served = _split_whole(published.people, count, pick)
    names = pick.choices(people(pick, POOL), k=count)
    end, first = published.state or end_of(programme), kind.model.FIRST_STATE
    rows = []
    for at, (day, number) in enumerate(zip(on, numbers, strict=True)):
        is_over, whole = at < ended, _noon(day)
        state = end if is_over else first
        closed = _noon(day + datetime.timedelta(days=pick.randrange(3, 40)))
        who = _applicant(demo, programme, names[at], pick)
        row = model(
            id=uuid7(), district=demo.district, number=spell(programme.prefix, day.year, number),
            title=f"{programme.name}：{who['applicant_name'] or '匿名'}"[:120], registered_at=whole, registered_by=demo.people["clerk"],
            state=state, state_since=closed if is_over else whole, closed_at=closed if state in kind.model.END_STATES else None,
            programme=programme, organisation_id=programme.organisation_id, channel=Channel.IMPORT, people_served=served[at],
            ledger_import=record, details={**published.alike, **own[at]}, **who,
            **{name: values[at] for name, values in shares.items()},
        )  # fmt: skip
        if programme.shape == Shape.ACTIVITY:
            row.starts_on = row.ends_on = day
        if amounts:
            row.amount_asked = row.amount = amounts[at]
        cases.hold_pen(row)
        rows.append(row)
    return rows


def _own(programme: Programme, published: Published, ended: int, pick: random.Random) -> list[dict[str, Any]]:
    """What stands in the counted fields of each row: what is asked when it is over only where it is over."""
    found: list[dict[str, Any]] = [{} for _row in range(published.rows)]
    known = {extra.key: extra for extra in programme.extras}
    for key, total in published.own.items():
        holding = published.rows if known[key].at == AT_BIRTH else ended
        for row, value in zip(found, _split_whole(total, holding, pick), strict=False):
            # A row with none of it says nothing of it: the figure opens those that have some.
            if value:
                row[key] = str(value) if known[key].kind in (FieldKind.MONEY, FieldKind.DECIMAL) else value
    for key, counts in published.answers.items():
        answers = [answer for answer, count in counts.items() for _row in range(count)]
        for row, answer in zip(found, answers, strict=False):
            row[key] = answer
    return found


def _applicant(demo: Demo, programme: Programme, name: str, pick: random.Random) -> dict[str, Any]:
    kinds = programme.applicants
    if programme.seals_reporter:
        return {"applicant_kind": Applicant.ANONYMOUS, "applicant_name": "", "town": pick.choice(demo.towns)}
    if Applicant.PERSON in kinds:
        return {"applicant_kind": Applicant.PERSON, "applicant_name": name, "town": pick.choice(demo.towns)}
    firm = pick.choice(demo.firms)
    return {
        "applicant_kind": kinds[0], "applicant_name": firm.name, "town_id": firm.town_id,
        "enterprise": firm if kinds[0] in (Applicant.ENTERPRISE, Applicant.UNION) else None,
    }  # fmt: skip


def _split(total: Decimal, count: int, pick: random.Random) -> list[Decimal]:
    """Amounts that differ by up to a half and add up to the cent."""
    cents = _split_whole(int(total * 100), count, pick)
    return [Decimal(cent) / 100 for cent in cents]


def _split_whole(total: int, count: int, pick: random.Random) -> list[int]:
    if total == count:
        return [1] * count
    mean = total // count
    parts = [mean + (pick.randrange(-mean // 2, mean // 2 + 1) if mean > 1 else 0) for _part in range(count)]
    # What is over or missing is spread one by one, so that no part is below zero.
    rest, at = total - sum(parts), 0
    step = 1 if rest > 0 else -1
    whole, left = divmod(abs(rest), count)
    for place in range(count):
        parts[place] += step * whole
    while left:
        if parts[at] + step >= 0:
            parts[at] += step
            left -= 1
        at = (at + 1) % count
    if min(parts) < 0:
        return [total // count + (place < total % count) for place in range(count)]
    return parts


def _noon(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))


# --- the present


def begin_some(demo: Demo, programmes: Sequence[Programme], pick: random.Random, now: datetime.datetime) -> None:
    """Two fresh claims in each programme that has no pages of its own, by the action that the pages call."""
    cadre = demo.people["cadre"]
    for programme in programmes:
        if programme.shape != Shape.CLAIM or specialties_of(programme) or programme.is_confidential:
            continue
        for days in (9, 2):
            kind = programme.applicants[0]
            firm = pick.choice(demo.firms)
            is_person = kind == Applicant.PERSON
            cases.register(
                programme, by=cadre, applicant_kind=kind, applicant_name=people(pick, 1)[0] if is_person else firm.name,
                enterprise=None if is_person else firm, town=pick.choice(demo.towns), phone=phone(pick),
                description="走访时提出，材料随后补齐。", now=now - datetime.timedelta(days=days),
                extras={extra.key: _typed(extra, pick, now) for extra in programme.extras_at("register") if extra.required},
                roster=_roster(programme, pick),
            )  # fmt: skip


def _roster(programme: Programme, pick: random.Random) -> list[tuple[str, str]]:
    """Whom a firm names, where the programme asks for it."""
    if not programme.limit("roster_years"):
        return []
    bodies = [
        f"330602{pick.randrange(1966, 2003)}{pick.randrange(1, 13):02d}{pick.randrange(1, 29):02d}{at:02d}7"
        for at in range(12)
    ]
    return [(name, body + check_digit(body)) for name, body in zip(people(pick, len(bodies)), bodies, strict=True)]


def _typed(extra: Extra, pick: random.Random, now: datetime.datetime) -> Any:
    match extra.kind:
        case FieldKind.CHOICE:
            return extra.choices[0]
        case FieldKind.MANY:
            return [extra.choices[0]]
        case FieldKind.WHOLE:
            usual = timezone.localdate(now).year if "年" in extra.label else pick.randrange(5, 60)
            return max(extra.least, min(usual, extra.most or usual))
        case FieldKind.MONEY | FieldKind.DECIMAL:
            return Decimal(pick.randrange(20, 200) * 100)
        case FieldKind.DAY:
            return timezone.localdate(now) - datetime.timedelta(days=20)
        case FieldKind.YES_NO:
            return True
    return "见附件"


def declare() -> None:
    register_demo(load)
