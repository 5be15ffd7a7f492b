"""For whom a source of the inbox has something: all sources are asked in one statement, put together once a process.

To build a query costs Python more time than PostgreSQL needs for the answer, and of twenty sources most have nothing for
most people. A source names querysets of which at least one has a row whenever the source has one for a person; what
differs from person to person stands in them as a value of `Own` and is filled in when they are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.db.models import Func, QuerySet
from django.db.models.expressions import RawSQL

from unionops import prepared

if TYPE_CHECKING:
    from unionops.org.models import User

    from .models import Case

Waits = Callable[[], Iterable[QuerySet[Any]]]


class Own(Enum):
    """What is filled in."""

    USER = "user"
    # Departments and towns.
    HOUSES = "houses"
    DISTRICTS = "districts"
    ROLES = "roles"
    PLACES = "places"


ME = RawSQL("%s", [Own.USER])


def among(column: str, own: Own) -> Func:
    """That the column is one of what this person has."""
    return prepared.among(column, own, "text" if own is Own.ROLES else "bigint")


def begun_by_me(model: type[Case], column: str = "registered_by") -> Waits:
    """What this person began and is still open."""
    return lambda: (model._default_manager.open().filter(**{column: ME}),)  # type: ignore[attr-defined]


class Doorbell:
    """The statement that asks all sources at once."""

    def __init__(self) -> None:
        self._built: tuple[str, list[Any]] | None = None

    def ring(self, user: User, sources: Mapping[str, Waits]) -> frozenset[str]:
        """Return the names of the sources that may have rows for this person."""
        if self._built is None:
            self._built = _build(sources)
        sql, params = self._built
        scope = user.scope
        own: dict[Any, Any] = {
            Own.USER: user.pk,
            Own.HOUSES: sorted(scope.departments | scope.towns),
            Own.DISTRICTS: sorted(scope.member_of),
            Own.ROLES: sorted(scope.roles),
            Own.PLACES: sorted({place for _role, place in scope.posts}),
        }
        rows = prepared.read(sql, [own[param] for param in params])
        return frozenset(name for (name,) in rows)


def _build(sources: Mapping[str, Waits]) -> tuple[str, list[Any]]:
    asked: list[str] = []
    params: list[Any] = []
    for name, waits in sources.items():
        found = []
        for rows in waits():
            sql, own = prepared.written_out(*rows.order_by().values("pk").query.sql_with_params(), Own)
            found.append(f"EXISTS ({sql})")
            params += own
        asked.append(f"SELECT '{name}' WHERE {' OR '.join(found)}")
    return " UNION ALL ".join(asked), params
