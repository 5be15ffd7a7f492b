"""What a programme with a fixed code adds to the steps of a claim: rules that only it has, and numbers that it works out."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from unionops.org.errors import ActionError
from unionops.org.models import User

from ..models import Parameter
from ..shapes import Turn
from .models import Claim


@dataclass(frozen=True)
class Reckoned:
    """The amount that a rule gives, the arithmetic in words, and the rows of parameters that it was worked out by."""

    amount: Decimal | None
    lines: Sequence[tuple[str, str]]
    parameters: Sequence[Parameter] = ()
    # What of it may hang on the wall: {"category", "cause"}.
    public: Mapping[str, str] = field(default_factory=dict)

    def as_json(self, on: datetime.date) -> dict[str, Any]:
        return {
            "amount": None if self.amount is None else str(self.amount),
            "lines": [[str(label), str(words)] for label, words in self.lines],
            "parameters": [row.pk for row in self.parameters],
            "public": {key: str(words) for key, words in self.public.items()},
            "on": on.isoformat(),
        }


@dataclass(frozen=True, kw_only=True)
class Special:
    """``reckon`` is asked again at each step before the approval; an old case keeps what was worked out for it."""

    code: str
    begun: Callable[[Claim, Mapping[str, Any], User], None] = lambda row, fields, by: None
    against: Callable[[User, Claim, str], ActionError | None] = lambda user, row, verb: None
    reckon: Callable[[Claim, datetime.date], Reckoned | None] = lambda row, on: None
    # After the act of a step, before the row is saved.
    taken: Callable[[Turn], None] = lambda turn: None
    # What the list that is signed says of whom (D18): {claim: (unit, category)}.
    listed: Callable[[Sequence[Claim]], Mapping[Any, tuple[str, str]]] = lambda rows: {}


_specials: dict[str, Special] = {}


def register_special(special: Special) -> None:
    _specials[special.code] = special


def special_of(claim: Claim) -> Special | None:
    return _specials.get(claim.programme.code)
