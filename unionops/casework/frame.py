"""What the frame of every page shows: the rooms, the bell, who is here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from unionops.org.enums import DIRECTORY_ROLES, Role
from unionops.org.models import User

from .models import Notice
from .transitions import Text


@dataclass(frozen=True)
class Room:
    """One entry of the side bar; ``roles`` says for whom it is drawn (the views decide who may enter)."""

    name: str
    label: Text
    icon: str
    url_name: str
    position: int
    roles: frozenset[str]


_rooms: dict[str, Room] = {}

EVERYBODY = frozenset(Role)


def register_room(room: Room) -> None:
    _rooms[room.name] = room


register_room(Room("home", _("工作台"), "house-door", "casework:home", 10, EVERYBODY))
register_room(Room("directory", _("名录"), "building", "org:enterprises", 80, frozenset(DIRECTORY_ROLES)))
register_room(Room("settings", _("设置"), "gear", "org:settings", 90, frozenset({Role.ADMIN, Role.AUDITOR})))


def frame(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"request": request, "user": user, "rooms": [], "unread": 0, "demo": settings.UNIONOPS_DEMO}
    return {
        "request": request,
        "user": user,
        "rooms": rooms_of(user),
        # Counted when the template asks, so that a fragment costs no query.
        "unread": _lazily(lambda: Notice.objects.visible_to(user).unread()[:100].count()),
        "demo": settings.UNIONOPS_DEMO,
    }


def _lazily(count: Callable[[], int]) -> Any:
    return SimpleLazyObject(count)


def rooms_of(user: User) -> list[dict[str, Any]]:
    return [
        {"name": room.name, "label": room.label, "icon": room.icon, "url": reverse(room.url_name)}
        for room in sorted(_rooms.values(), key=lambda room: room.position)
        if user.scope.has(*room.roles)
    ]
