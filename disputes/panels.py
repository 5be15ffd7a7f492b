"""Parts of the case page that other files of the room bring along at start-up: a panel of the law, of the desk, of the papers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from unionops.org.models import User

from .models import Dispute

# What the panel shows of this case to this person; None where it has nothing to show.
Context = Callable[[Dispute, User], dict[str, Any] | None]
Who = Callable[[Dispute, User], bool]


@dataclass(frozen=True)
class CasePanel:
    """``template`` finds its context as ``panel``, and the case as ``dispute``."""

    key: str
    order: int
    template: str
    context: Context
    who: Who | None = None


_panels: dict[str, CasePanel] = {}


def register_case_panel(key: str, order: int, template: str, context: Context, who: Who | None = None) -> None:
    """Put a panel on the case page; lower orders stand first. ``who`` hides it without asking for its context."""
    _panels[key] = CasePanel(key, order, template, context, who)


def panels_of(dispute: Dispute, user: User) -> list[dict[str, Any]]:
    """Each panel that has something to show to this person, with what it shows."""
    shown = []
    for panel in sorted(_panels.values(), key=lambda panel: (panel.order, panel.key)):
        if panel.who is not None and not panel.who(dispute, user):
            continue
        context = panel.context(dispute, user)
        if context is not None:
            shown.append({"key": panel.key, "template": panel.template, "panel": context})
    return shown
