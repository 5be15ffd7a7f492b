"""What a programme with rules of its own adds to those of every activity. It registers at start-up (childcare does)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from unionops.org.errors import ActionError
from unionops.org.models import User

from .models import Activity, Enrolment


@dataclass(frozen=True)
class Rule:
    """``against`` says what stands against a step; ``enrols`` is False where people come in by a form of its own;
    ``left`` is told of each enrolment that has ended, ``seated`` of each that got its place from the waiting list; ``finished`` answers how many were served when it ends."""

    against: Callable[[User, Activity, str], ActionError | None] = lambda user, row, verb: None
    enrols: bool = True
    left: Callable[[Enrolment], None] = lambda enrolment: None
    seated: Callable[[Enrolment], None] = lambda enrolment: None
    finished: Callable[[Activity], int | None] = lambda activity: None


_rules: dict[str, Rule] = {}
USUAL = Rule()


def register_rule(code: str, rule: Rule) -> None:
    _rules[code] = rule


def rule_of(activity: Activity) -> Rule:
    return _rules.get(activity.programme.code, USUAL)
