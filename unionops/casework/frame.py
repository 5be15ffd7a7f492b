"""What the frame of every page shows: the rooms, the bell, who is here."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from unionops.addresses import page
from unionops.org.enums import DIRECTORY_ROLES, Role
from unionops.org.models import User
from unionops.prepared import Statement, gap

from .models import Notice
from .reference import units
from .transitions import Text

EVERYBODY = frozenset(Role)
# The bell counts so far; beyond it shows 99+.
MOST_UNREAD = 100
_unread = Statement(lambda: Notice.objects.filter(user=gap("user")).unread().order_by().values("pk")[:MOST_UNREAD])


@dataclass(frozen=True)
class Room:
    """One entry of the side bar; ``roles`` says for whom it is drawn (the views decide who may enter)."""

    key: str
    label: Text
    icon: str
    url_name: str
    position: int
    roles: frozenset[str]
    # A big entry stands in the middle of the phone's bottom bar; others with a tab position stand around it.
    tab: int = 0
    big: bool = False
    on_side: bool = True
    count: Callable[[User], int] | None = None


_rooms: dict[str, Room] = {}


def register_room(room: Room) -> None:
    _rooms[room.key] = room


register_room(Room("home", _("工作台"), "house-door", "casework:home", 10, EVERYBODY, tab=1))
register_room(Room("todo", _("待办"), "list-check", "casework:inbox", 11, EVERYBODY, tab=2, on_side=False))
register_room(Room("directory", _("名录"), "building", "org:enterprises", 80, frozenset(DIRECTORY_ROLES), tab=4))
register_room(Room("settings", _("设置"), "gear", "org:settings", 90, frozenset({Role.ADMIN, Role.AUDITOR})))
register_room(Room("me", _("我的"), "person", "org:me", 95, EVERYBODY, tab=5, on_side=False))


def _entry(room: Room) -> dict[str, Any]:
    return {"key": room.key, "label": room.label, "icon": room.icon, "url": page(room.url_name), "big": room.big}


class Frame:
    """Read by templates/base.html; what costs a query is read only when the template asks."""

    def __init__(self, request: HttpRequest, user: User) -> None:
        self.request = request
        self.user = user
        self.here = request.get_full_path()

    @cached_property
    def rooms(self) -> list[dict[str, Any]]:
        return [_entry(room) for room in self._mine if room.on_side]

    @cached_property
    def tabs(self) -> list[dict[str, Any]]:
        tabs = sorted((room for room in self._mine if room.tab), key=lambda room: (room.tab, room.position))
        # Five fit under a thumb; a big tab takes the middle and pushes the directory out.
        if len(tabs) > 5:
            tabs = [room for room in tabs if room.key != "directory"]
        # The last is always one's own page: there one signs out.
        return [_entry(room) for room in [*tabs[:4], *tabs[4:][-1:]]]

    @cached_property
    def offline(self) -> str:
        """The form that this person's device keeps for a workshop without a network; nothing for those who have none."""
        return next((page(room.url_name) for room in self._mine if room.big), "")

    @cached_property
    def _mine(self) -> list[Room]:
        return [
            room for room in sorted(_rooms.values(), key=lambda room: room.position) if self.user.scope.has(*room.roles)
        ]

    @cached_property
    def unread(self) -> int:
        return len(_unread.read(user=self.user.pk))

    @cached_property
    def links(self) -> dict[str, str]:
        return {
            "home": page("casework:home"),
            "search": page("casework:search"),
            "notices": page("casework:notices"),
            "me": page("org:me"),
            "language": page("org:language"),
            "sign_out": page("org:sign_out"),
        }

    @cached_property
    def organisation(self) -> str:
        """The district; people of a department or a town work in its name."""
        district = next(iter(sorted(self.user.scope.member_of)), None)
        found = next(iter(units(district)), None) if district else None
        return found.name if found else next(iter(self.user.scope.organisation_names), "")

    @cached_property
    def post(self) -> str:
        """Where the person works below the district, else empty."""
        return next((name for name in self.user.scope.organisation_names if name != self.organisation), "")

    @property
    def organisations(self) -> list[dict[str, Any]]:
        return []

    @property
    def today(self) -> datetime.date:
        return timezone.localdate()

    @property
    def language(self) -> str:
        return get_language() or ""


def frame(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {"request": request, "user": user, "frame": Frame(request, user) if user and user.is_authenticated else None}
