"""What every shape gets without a line of its own: its place in the inbox, in search, in files, notices and the log, its figures."""

from __future__ import annotations

from functools import partial

from unionops.casework.inbox import InboxSource, register_inbox
from unionops.casework.search import SearchSource, register_search
from unionops.casework.subjects import Subject, register_subject
from unionops.casework.waiting import begun_by_me
from unionops.org.events import kind_of

from . import boards, counted, indicators, packs, queries
from .shapes import ShapeKind


def open_doors(kind: ShapeKind) -> None:
    name = kind_of(kind.model)
    register_subject(Subject(name, kind.model, f"services:{kind.shape}"))
    register_inbox(
        InboxSource(
            name,
            partial(queries.inbox_rows, kind),
            kind.model.objects.waiting,
            elsewhere=partial(queries.elsewhere, kind),
            begun_rows=partial(queries.begun_rows, kind),
            begun=begun_by_me(kind.model),
            department=partial(queries.desk_rows, kind),
            watched=partial(queries.watched_rows, kind),
            masked=partial(queries.masked_titles, kind),
        )
    )
    register_search(SearchSource(name, kind.label, kind.icon, 30, partial(queries.find, kind)))
    counted.declare(kind)
    indicators.declare(kind)
    boards.declare()
    packs.declare(kind)
