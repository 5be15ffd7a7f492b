"""Visits and issues as rows of a ledger, drawn at random from what people say."""

from __future__ import annotations

import datetime
import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass

from unionops.org.models import Enterprise, User

from ..enums import Policy, ResultKind, TargetType, VisitMode
from ..ledger import Extra, IssueRow, VisitRow
from .district import Demo
from .texts import COMPANIONS, PLANS, POSITIONS, SUMMARIES, TEXTS, UNSOLVED, WORKSHOPS, Text

MODES = (VisitMode.SITE,) * 14 + (
    VisitMode.PHONE,
    VisitMode.TALK,
    VisitMode.TALK,
    VisitMode.ONLINE,
    VisitMode.STATIONED,
)
# How often two officers of one town go together.
TOGETHER = 0.12
SATISFACTION = ("very", "very", "satisfied", "satisfied", "satisfied", "basic", "", "")
# Days from the visit to the end of an issue, by urgency.
DAYS = {1: (0, 3), 2: (1, 7), 3: (2, 20), 4: (8, 30)}


@dataclass(frozen=True)
class Said:
    """One line filled with a number and a workshop."""

    text: Text
    title: str
    description: str
    demand: str
    result: str
    count: int


def say(text: Text, pick: random.Random) -> Said:
    count = pick.randint(text.few, text.many)
    words = {"n": count, "w": pick.choice(WORKSHOPS)}
    return Said(
        text,
        text.title.format(**words),
        text.description.format(**words),
        text.demand.format(**words),
        text.result.format(**words),
        count,
    )


def claimants(said: Said) -> int:
    """The number counts people only where the text says so."""
    written = said.text.title + said.text.description
    return said.count if "{n} 名" in written or "{n} 人" in written else 1


class RowMaker:
    """Draws visits; the same seed draws the same ones."""

    def __init__(self, demo: Demo, pick: random.Random, *, sheet: str, seed: int) -> None:
        self._demo = demo
        self._pick = pick
        self._sheet = sheet
        self._seed = seed
        self._count = 0
        self._by_town: dict[int, list[Enterprise]] = {}
        for firm in demo.firms:
            self._by_town.setdefault(firm.town_id or 0, []).append(firm)
        self._towns = sorted(set(demo.stationed) & set(self._by_town))
        self._weights = [len(demo.stationed[town]) + len(self._by_town[town]) / 4 for town in self._towns]

    def firm(self) -> Enterprise:
        (town,) = self._pick.choices(self._towns, self._weights)
        return self._pick.choice(self._by_town[town])

    def visit(
        self, day: datetime.date, issues: Sequence[IssueRow], firm: Enterprise | None = None, officer: User | None = None
    ) -> VisitRow:  # fmt: skip
        pick = self._pick
        firm = firm or self.firm()
        assert firm.town_id is not None
        here = self._demo.stationed[firm.town_id]
        cadres = [officer or pick.choice(here)]
        others = [user for user in here if user != cadres[0]]
        if others and pick.random() < TOGETHER:
            cadres.append(pick.choice(others))
        contact = self._demo.contacts.get(firm.pk)
        self._count += 1
        return VisitRow(
            sheet=self._sheet,
            row=self._count + 1,
            on=day,
            half="",
            at=datetime.time(pick.randrange(8, 17), pick.choice((0, 15, 30, 45))),
            until=None,
            cadres=tuple(cadre.pk for cadre in cadres),
            cadre_text="、".join(cadre.name for cadre in cadres),
            town=firm.town_id,
            enterprise=firm.pk,
            enterprise_name=firm.name,
            credit_code=firm.credit_code or "",
            target_type=TargetType.ENTERPRISE,
            contact=contact.name if contact else "",
            phone="",
            staff=firm.staff_count,
            mode=pick.choice(MODES),
            note="",
            extra=Extra(
                companions=pick.choice(COMPANIONS),
                contact_role=pick.choice(POSITIONS),
                interviewed=pick.randrange(1, 9),
                summary=pick.choice(SUMMARIES).format(w=pick.choice(WORKSHOPS)),
                policies=tuple(sorted(pick.sample(Policy.values, pick.randrange(0, 3)))),
                next_plan=pick.choice(PLANS),
            ),
            issues=tuple(issue._replace(row=self._count + 1) for issue in issues),
            fingerprint=hashlib.blake2b(f"{self._seed}:{self._count}".encode(), digest_size=20).hexdigest(),
        )

    def issue(self, day: datetime.date, last_day: datetime.date, *, solved: bool = True) -> IssueRow:
        """An issue that has ended by the last day."""
        pick = self._pick
        text = pick.choice(TEXTS)
        said = say(text, pick)
        kind, answer = self._outcome(said, solved=solved)
        days = 0 if kind == ResultKind.EXPLAINED else pick.randint(*DAYS[text.urgency])
        department = self._demo.department_of(text.category)
        return IssueRow(
            row=0,
            text=said.title,
            demand=said.demand,
            subject=text.category,
            urgency=text.urgency,
            department=department.pk,
            department_text=department.name,
            outcome=kind,
            resolved=solved,
            state_text=answer,
            resolved_on=min(day + datetime.timedelta(days=days), last_day),
            claimants=claimants(said),
            satisfaction=pick.choice(SATISFACTION) if solved else "",
            note="",
        )

    def _outcome(self, said: Said, *, solved: bool) -> tuple[ResultKind, str]:
        pick = self._pick
        if not solved:
            kind = pick.choices(sorted(UNSOLVED), (4, 5, 1, 2))[0]
            return ResultKind(kind), pick.choice(UNSOLVED[kind])
        if said.text.explanation and pick.random() < 0.5:
            return ResultKind.EXPLAINED, said.text.explanation
        return ResultKind.RESOLVED, said.result
