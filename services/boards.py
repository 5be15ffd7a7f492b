"""The dashboard of services: how much is asked for, how much is done, in which programmes and towns."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from unionops.insight.boards import Board, Chart, Oldest, Tile, register
from unionops.org.enums import Role

from .enums import Shape
from .shapes import ShapeKind, shape_kinds

CODE = "services"
KEY = (_("已办结"), _("在办"), _("办结率（%）"))


def declare() -> None:
    """Anew with each shape that registers: the board shows those that there are."""
    kinds = shape_kinds()
    shapes = {kind.shape for kind in kinds}
    if not kinds:
        return
    register(
        Board(
            code=CODE,
            # For whoever leads the district or works in a programme.
            tab=lambda user: bool(user.scope.districts) or user.scope.has(Role.OFFICER, Role.HANDLER, Role.TOWN),
            title=_("服务"),
            note=_("件数按登记日期计；在办和超期是到截止日的"),
            tiles=tuple(_tiles(kinds)),
            charts=tuple(_charts(kinds)),
            more=tuple(f"{kind.shape}_{figure}" for kind in kinds for figure in ("ended_count", "days_to_end")),
            filters=("town", "programme"),
            oldest=Oldest(
                "claim_overdue_count", _("超期最久的申领"), "deadline__due_on", "title", "organisation__name"
            )
            if Shape.CLAIM in shapes
            else None,
        )
    )  # fmt: skip


def _tiles(kinds: Iterable[ShapeKind]) -> Iterable[Tile]:
    for at, kind in enumerate(kinds):
        shape = kind.shape
        yield Tile(f"{shape}_count", (f"{shape}_open_count", f"{shape}_overdue_count"), lead=at == 0)
        if shape == Shape.CLAIM:
            yield Tile("claim_amount_paid", ("claim_amount_approved", "claim_amount_asked"))
        if shape == Shape.ORDER:
            yield Tile("order_accept_minutes", ("order_accept_minutes_p90", "order_reply_rate"))
        # A place stays open for years: that it is not closed is no backlog.
        if shape != Shape.PLACE:
            yield Tile(f"{shape}_finished_rate", (f"{shape}_people",))


def _charts(kinds: Iterable[ShapeKind]) -> Iterable[Chart]:
    for kind in kinds:
        shape = kind.shape
        if shape == Shape.PLACE:
            yield Chart("bars", "place_count", "programme", kind.label, _("%(n)s 个项目，按登记的件数"), beside=True)
            continue
        yield Chart(
            "bars", f"{shape}_finished_rate", "programme", kind.label, _("%(n)s 个项目，按登记的件数"), key=KEY,
            beside=shape == Shape.ORDER,
        )  # fmt: skip
    for kind in kinds:
        if kind.shape == Shape.CLAIM:
            yield Chart(
                "months", "claim_finished_rate", "month", _("每月申领"), _("%(n)s 个月，按登记月份"), wide=True, key=KEY
            )
            yield Chart("bars", "claim_count", "town", _("从哪个镇街来"), _("%(n)s 个镇街"), beside=True)
