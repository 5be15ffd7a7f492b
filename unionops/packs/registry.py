"""What papers there are. An app registers its own in `apps.ready`:

    register_pack(Pack(code="weekly_bulletin", title=_("周通报"), roles=DISTRICT_WIDE, form=WeekForm, gather=weekly))

``gather`` gets a `Wanted` and returns a `documents.Document`; the generic renderers make the files from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from django import forms
from django.http import QueryDict

from unionops.casework.transitions import Text
from unionops.org.models import User

from .documents import Document
from .enums import Format


class PackForm(forms.Form):
    """What a pack asks before it is made. The base asks nothing.

    ``query`` are the parameters of the page that led here: what a list shows, is what its paper holds.
    """

    def __init__(self, data: Any = None, *, user: User, query: QueryDict | None = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.user = user
        self.query = query if query is not None else QueryDict()

    def parameters(self) -> dict[str, Any]:
        """The answers as JSON, after `is_valid`."""
        return {}

    def shown(self) -> list[tuple[str, str]]:
        """(label, words) of what is already decided and stands above the questions."""
        return []

    def told(self) -> str:
        """What distinguishes this paper from another one of its pack, for its title: «2026 年第 46 周»."""
        return ""


@dataclass(frozen=True)
class Wanted:
    """What is gathered for whom. ``tell`` takes the progress in per cent of the gathering."""

    user: User
    parameters: Mapping[str, Any]
    tell: Callable[[int], None] = lambda _done: None


Gather = Callable[[Wanted], Document]
# Writes a format by itself, from the rows and not from a document, and its line in the log; for what is too long for one.
Stream = Callable[[Wanted, IO[bytes]], object]


@dataclass(frozen=True, kw_only=True)
class Pack:
    code: str
    title: Text
    roles: frozenset[str]
    gather: Gather
    note: Text = ""
    icon: str = "file-earmark-text"
    formats: Sequence[Format] = (Format.DOCX, Format.XLSX, Format.PDF)
    form: type[PackForm] = PackForm
    streams: Mapping[Format, Stream] = field(default_factory=dict)
    # The codes of its sections that a Word template may place one by one.
    sections: Sequence[str] = ()
    # A paper about one thing is asked for on the page of that thing, not in the list of papers.
    listed: bool = True
    # Said below its questions in place of what is said of figures.
    hint: Text = ""
    # Which papers of the field it is, by their numbers (docs/documents.md): «D22», «D26 D29».
    documents: str = ""
    position: int = 50

    def is_for(self, user: User) -> bool:
        return user.scope.has(*self.roles)


_packs: dict[str, Pack] = {}


def register_pack(pack: Pack) -> None:
    _packs[pack.code] = pack


def find(code: str) -> Pack | None:
    return _packs.get(code)


def packs() -> list[Pack]:
    return sorted(_packs.values(), key=lambda pack: (pack.position, pack.code))
