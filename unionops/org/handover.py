"""What moves when one person takes over from another. Each domain registers its open work at start-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise

from .models import Organisation, User


class Mover(Protocol):
    def __call__(self, giver: User, taker: User, *, organisation: Organisation, by: User) -> int: ...


@dataclass(frozen=True)
class Handover:
    """Open work of one kind: ``preview`` counts what a person holds for an organisation, ``move`` gives it on."""

    name: str
    label: str | Promise
    preview: Callable[[User, Organisation], int]
    move: Mover


_handovers: dict[str, Handover] = {}


def register_handover(
    name: str, label: str | Promise, preview: Callable[[User, Organisation], int], move: Mover
) -> None:
    _handovers[name] = Handover(name, label, preview, move)


def handovers() -> list[Handover]:
    return list(_handovers.values())


def open_work(user: User, organisation: Organisation) -> int:
    """How many open cases a person holds for an organisation, over all kinds. One statement for each kind."""
    return sum(handover.preview(user, organisation) for handover in handovers())
