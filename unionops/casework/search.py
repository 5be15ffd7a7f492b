"""One search over everything a person may see. Domains register their sources at start-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from .transitions import Text

if TYPE_CHECKING:
    from unionops.org.models import User


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class SearchSource:
    name: str
    label: Text
    icon: str
    position: int
    # (user, query, most) -> hits, already limited to what the person may see
    find: Callable[[User, str, int], list[Hit]]


@dataclass(frozen=True, slots=True)
class Group:
    source: SearchSource
    hits: list[Hit]


_sources: dict[str, SearchSource] = {}


def register_search(source: SearchSource) -> None:
    _sources[source.name] = source


def search(user: User, query: str, most: int = 6) -> list[Group]:
    found = (
        Group(source, source.find(user, query, most)) for source in sorted(_sources.values(), key=lambda s: s.position)
    )
    return [group for group in found if group.hits]


def contains(column: str, text: str) -> Q:
    """Any piece of the text, also two Chinese characters; the scope of the person has narrowed the rows before."""
    return Q(**{f"{column}__icontains": text})
