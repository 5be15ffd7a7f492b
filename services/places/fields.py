"""Two types that PostgreSQL has and Django does not: a point of the plane, and the opening minutes of a week."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F, FloatField, Func, Value
from django.db.models.functions import Ln, Radians, Tan

from .geo import MERCATOR_RADIUS, Point, mercator
from .hours import Span


class PointField(models.Field):
    """``point``: indexed by GiST, which finds the nearest rows without looking at the others."""

    def db_type(self, connection: Any) -> str:
        return "point"


class WeekField(models.Field):
    """``int4multirange``: when a place is open, in minutes from Monday 0:00 (hours.week_of)."""

    def db_type(self, connection: Any) -> str:
        return "int4multirange"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> list[Span]:
        return [(one.lower, one.upper) for one in value or ()]

    def get_prep_value(self, value: Iterable[Span] | None) -> str:
        spans = ",".join(f"[{begin},{end})" for begin, end in value or ())
        return f"{{{spans}}}"


@WeekField.register_lookup
class OpenAt(models.Lookup):
    """``week__open_at=minute``"""

    lookup_name = "open_at"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} @> %s::int4", [*parameters, int(self.rhs)]


def on_the_plane(longitude: str, latitude: str) -> Func:
    """The columns in degrees as a point of the plane of geo.mercator, for a generated column."""
    x = Radians(F(longitude), output_field=FloatField()) * Value(MERCATOR_RADIUS, output_field=FloatField())
    half = Radians(F(latitude), output_field=FloatField()) / Value(2.0) + Value(math.pi / 4)
    y = Ln(Tan(half, output_field=FloatField()), output_field=FloatField()) * Value(
        MERCATOR_RADIUS, output_field=FloatField()
    )
    return Func(x, y, function="point", output_field=PointField())


def away_from(column: str, point: Point) -> Func:
    """The distance on the plane: sorted by it, rows come from the index, the nearest first."""
    x, y = mercator(point)
    here = Func(Value(x), Value(y), function="point", output_field=PointField())
    return Func(F(column), here, template="%(expressions)s", arg_joiner=" <-> ", output_field=FloatField())
