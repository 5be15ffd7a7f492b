"""Parts of the case page that other files of the room bring along at start-up: a panel of the law, of the desk, of the papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from unionops.casework.together import Counted
from unionops.org.models import User

from .models import Dispute

# What the panel shows of this case to this person; None where it has nothing to show. With ``reads`` it is given their rows.
Context = Callable[..., dict[str, Any] | None]
Who = Callable[[Dispute, User], bool]
# The rows that a panel needs: the page reads those of all panels in its own one statement.
Read = QuerySet[Any] | Counted
Reads = Callable[[Dispute, User], Mapping[str, Read]]


@dataclass(frozen=True)
class CasePanel:
    """``template`` finds its context as ``panel``, and the case as ``dispute``."""

    key: str
    order: int
    template: str
    context: Context
    who: Who | None = None
    reads: Reads | None = None


_panels: dict[str, CasePanel] = {}


def register_case_panel(
    key: str, order: int, template: str, context: Context, who: Who | None = None, reads: Reads | None = None
) -> None:
    """Put a panel on the case page; lower orders stand first.

    ``who`` hides it without asking for its context. ``reads`` names its queries; ``context`` is then called with the case,
    the person and {name: rows}, and asks the database nothing itself.
    """
    _panels[key] = CasePanel(key, order, template, context, who, reads)


def shown_to(dispute: Dispute, user: User) -> list[CasePanel]:
    """The panels of this case for this person, in their order."""
    panels = sorted(_panels.values(), key=lambda panel: (panel.order, panel.key))
    return [panel for panel in panels if panel.who is None or panel.who(dispute, user)]


def reads_of(panels: list[CasePanel], dispute: Dispute, user: User) -> dict[str, Read]:
    """{panel.name: query} of all that the panels want to know."""
    return {
        f"{panel.key}.{name}": rows
        for panel in panels
        if panel.reads is not None
        for name, rows in panel.reads(dispute, user).items()
    }


def panels_of(panels: list[CasePanel], dispute: Dispute, user: User, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each panel that has something to show to this person, with what it shows; ``found`` answers `reads_of`."""
    shown = []
    for panel in panels:
        if panel.reads is None:
            context = panel.context(dispute, user)
        else:
            begin = f"{panel.key}."
            own = {key.removeprefix(begin): rows for key, rows in found.items() if key.startswith(begin)}
            context = panel.context(dispute, user, own)
        if context is not None:
            shown.append({"key": panel.key, "template": panel.template, "panel": context})
    return shown
