from __future__ import annotations

from typing import Any

from disputes.models import Dispute
from tests.world import World

from . import cases

# Only for what is sent, or answered with a file.
NO_PAGES: tuple[str, ...] = ()
# Who opens a page, by the beginning of its name.
KEEPERS: tuple[tuple[str, str], ...] = (("disputes:papers", "mediator"),)


def make(world: World) -> None:
    """The case in talks of the other part has papers as well."""


def value(name: str, key: str) -> Any:
    """What stands for a key in the address of a page; None where another part knows."""
    return Dispute.objects.get(claims=cases.CLAIMS).pk if name == "disputes:papers" else None
