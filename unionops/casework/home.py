"""工作台 beside the inbox: panels and buttons that the rooms above register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .transitions import Text

if TYPE_CHECKING:
    from unionops.org.models import User


@dataclass(frozen=True)
class Panel:
    """A card of the home page. ``read`` returns what its template names, or None where it has nothing to say."""

    name: str
    position: int
    template: str
    roles: frozenset[str]
    read: Callable[[User], dict[str, Any] | None]


@dataclass(frozen=True)
class Button:
    label: Text
    icon: str
    url_name: str
    roles: frozenset[str]
    primary: bool = False


_panels: dict[str, Panel] = {}
_buttons: list[Button] = []


def register_panel(panel: Panel) -> None:
    _panels[panel.name] = panel


def register_button(button: Button) -> None:
    _buttons.append(button)


def panels(user: User) -> list[tuple[str, dict[str, Any]]]:
    """(template, context) of what this person sees, in order."""
    mine = sorted(
        (panel for panel in _panels.values() if user.scope.has(*panel.roles)), key=lambda panel: panel.position
    )
    found = ((panel.template, panel.read(user)) for panel in mine)
    return [(template, context) for template, context in found if context is not None]


def buttons(user: User) -> list[Button]:
    return [button for button in _buttons if user.scope.has(*button.roles)]
