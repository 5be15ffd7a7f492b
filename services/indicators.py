"""The figures of programmes, the same for every shape; `docs/indicators.md` is written from here.

They count the rows themselves. A number that a programme asks for by itself and marks as counted has a figure too, found by
its key when it is asked for: programmes are made while the product runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db.models import DateField, DecimalField, Func, IntegerField, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, TruncDate
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from unionops.insight.indicators import Asked, Indicator, TimeRole, Unit, register, register_finder

from . import counted
from .enums import FieldKind, Shape
from .extra import Extra
from .models import Programme
from .shapes import ShapeKind

SOURCE = "domain 1, 4"
# own_claim_paid: the field «paid» of programmes whose shape is claim.
# Fields that are answered, not measured: what is counted of them is a share.
ANSWERS = (FieldKind.CHOICE, FieldKind.YES_NO)
RATE = "_rate"
OWN = re.compile(rf"own_({'|'.join(Shape.values)})_([a-z][a-z0-9_]{{0,39}})", re.ASCII)


def _registered(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(registered_at__gte=asked.period.start, registered_at__lt=asked.end)


def _ended(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(closed_at__gte=asked.period.start, closed_at__lt=asked.end)


def _open(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(registered_at__lt=asked.until).filter(Q(closed_at=None) | Q(closed_at__gte=asked.until))


def _overdue(rows: QuerySet, asked: Asked) -> QuerySet:
    return _open(rows, asked).filter(deadline__due_on__lt=asked.at, deadline__met_on=None, deadline__paused_on=None)


def _ended_by_then(asked: Asked) -> Q:
    return Q(closed_at__lt=asked.until)


def _day(path: str) -> Combinable:
    return TruncDate(path, output_field=DateField())


DAYS_TO_END = Func(
    _day("closed_at"), _day("registered_at"), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()
)  # fmt: skip


def declare(kind: ShapeKind) -> None:
    rows, shape, label = counted.rows_of(kind.shape), kind.shape, kind.label
    register(
        Indicator(
            code=f"{shape}_count", name=format_lazy(_("{label}：登记"), label=label), unit=Unit.COUNT, rows=rows,
            time=TimeRole.REGISTERED, moment="registered_at", meaning=_("期内登记的件数，不论后来怎样。"), counted=_registered,
            source=SOURCE,
        ),
        Indicator(
            code=f"{shape}_finished_rate", name=format_lazy(_("{label}：办结率"), label=label), unit=Unit.RATE, rows=rows,
            time=TimeRole.REGISTERED, moment="registered_at", meaning=_("期内登记的，到截止日已经办结的占比；不予批准和撤回的也算办结。"),
            counted=_registered, share=_ended_by_then, source=SOURCE, strength=1,
        ),
        Indicator(
            code=f"{shape}_people", name=format_lazy(_("{label}：服务人数"), label=label), unit=Unit.SUM, rows=rows,
            time=TimeRole.REGISTERED, moment="registered_at", meaning=_("期内登记的，服务人数合计；一个人来两次算两人次。"),
            counted=_registered, amount="people_served", amount_unit=_("人次"), source=SOURCE, strength=1,
        ),
        Indicator(
            code=f"{shape}_ended_count", name=format_lazy(_("{label}：办结"), label=label), unit=Unit.COUNT, rows=rows,
            time=TimeRole.CLOSED, moment="closed_at", meaning=_("期内办结的件数，不论何时登记、结果如何。"), counted=_ended,
            source=SOURCE,
        ),
        Indicator(
            code=f"{shape}_days_to_end", name=format_lazy(_("{label}：办结天数中位数"), label=label), unit=Unit.DAYS, rows=rows,
            time=TimeRole.CLOSED, moment="closed_at", meaning=_("期内办结的，从登记到办结的自然日。"), counted=_ended,
            days=DAYS_TO_END, source=SOURCE, strength=-1,
        ),
        Indicator(
            code=f"{shape}_open_count", name=format_lazy(_("{label}：在办"), label=label), unit=Unit.COUNT, rows=rows,
            time=TimeRole.STANDING, moment="registered_at", meaning=_("到截止日还没有办结的件数，不论何时登记。"), counted=_open,
            source=SOURCE, strength=-1,
        ),
        Indicator(
            code=f"{shape}_overdue_count", name=format_lazy(_("{label}：超期"), label=label), unit=Unit.COUNT, rows=rows,
            time=TimeRole.STANDING, moment="registered_at", meaning=_("到截止日还没有办结、当前期限已过的件数；中止的不算。"),
            counted=_overdue, source=SOURCE, strength=-1,
        ),
    )  # fmt: skip
    if kind.shape == Shape.CLAIM:
        _declare_money(kind)
    register_finder(own_figure)


# Where the money of a claim is with the person for whom it was meant.
PAID = ("paid", "signed", "held", "closed")


def _approved(rows: QuerySet, asked: Asked) -> QuerySet:
    return _registered(rows, asked).filter(amount__gt=0)


def _paid(rows: QuerySet, asked: Asked) -> QuerySet:
    return _approved(rows, asked).filter(state__in=PAID, state_since__lt=asked.until)


def _declare_money(kind: ShapeKind) -> None:
    for code, name, meaning, narrowed, path in (
        ("amount_asked", _("申请金额"), _("期内登记的申领，申请金额合计。"), _registered, "amount_asked"),
        ("amount_approved", _("批准金额"), _("期内登记的申领，批准金额合计；还没批的是零。"), _approved, "amount"),
        ("amount_paid", _("发放金额"), _("期内登记的申领，到截止日已经到账、签收或结案的批准金额合计。"), _paid, "amount"),
    ):  # fmt: skip
        register(
            Indicator(
                code=f"{kind.shape}_{code}", name=format_lazy(_("{label}：{name}"), label=kind.label, name=name), unit=Unit.SUM,
                rows=counted.rows_of(kind.shape), time=TimeRole.REGISTERED, moment="registered_at", meaning=meaning,
                counted=narrowed, amount=path, amount_unit=_("元"), places=2, source="domain 4.2, 4.16",
            )
        )  # fmt: skip


# --- numbers that programmes ask for by themselves


def own_figure(code: str) -> Indicator | None:
    """The sum of a field that some programme marks as counted, or its share; None where no programme has it."""
    found = OWN.fullmatch(code)
    if found is None:
        return None
    shape, key = found.groups()
    if extra := _counted_field(shape, key):
        return of_extra(shape, extra)
    extra = _counted_field(shape, key.removesuffix(RATE)) if key.endswith(RATE) else None
    return share_of(shape, extra) if extra and extra.part_of else None


def _counted_field(shape: str, key: str) -> Extra | None:
    holding = (
        Programme.objects.filter(shape=shape, fields__contains=[{"key": key, "counted": True}])
        .exclude(fields__contains=[{"key": key, "sealed": True}])
        .order_by("pk")
    )
    return next((one for row in holding[:1] for one in row.extras if one.key == key), None)


def figures_of_extra(shape: str, extra: Extra) -> list[Indicator]:
    """Whatever is counted of a field: its sum, or the share of a choice, and its share of another field."""
    return [of_extra(shape, extra), *([share_of(shape, extra)] if extra.part_of else [])]


def of_extra(shape: str, extra: Extra) -> Indicator:
    """What a counted field adds up to; of a choice how many took the first of its answers."""
    if extra.kind in ANSWERS:
        return _of_answer(shape, extra)
    is_money, is_whole = extra.kind == FieldKind.MONEY, extra.kind == FieldKind.WHOLE
    return Indicator(
        code=own_code(shape, extra.key), name=extra.label, unit=Unit.SUM, rows=counted.rows_of(shape), time=TimeRole.REGISTERED,
        moment="registered_at", meaning=format_lazy(_("期内登记的，填了“{label}”的合计。"), label=extra.label),
        counted=_with_own(extra.key), amount="own_amount", amount_unit=_("元") if is_money else extra.unit,
        places=0 if is_whole else 2, source="programme",
    )  # fmt: skip


def _of_answer(shape: str, extra: Extra) -> Indicator:
    is_choice = extra.kind == FieldKind.CHOICE
    best: Any = extra.choices[0] if is_choice else True
    name = format_lazy(_("{label}：{answer}"), label=extra.label, answer=best if is_choice else _("是"))
    return Indicator(
        code=own_code(shape, extra.key), name=name, unit=Unit.RATE, rows=counted.rows_of(shape), time=TimeRole.REGISTERED,
        moment="registered_at", meaning=format_lazy(_("期内登记的，填了“{label}”的里面这样答的占比。"), label=extra.label),
        counted=_answered(extra.key), share=lambda asked: Q(**{f"details__{extra.key}": best}), source="programme",
    )  # fmt: skip


def share_of(shape: str, extra: Extra) -> Indicator:
    """What a counted field adds up to in per cent of another one of the same cases."""
    return Indicator(
        code=own_code(shape, extra.key + RATE), name=format_lazy(_("{label}占比"), label=extra.label), unit=Unit.RATE,
        rows=counted.rows_of(shape), time=TimeRole.REGISTERED, moment="registered_at", counted=_with_own(extra.key, extra.part_of),
        meaning=format_lazy(_("期内登记的，“{label}”的合计占应有合计的百分比。"), label=extra.label), share=lambda asked: Q(details__has_key=extra.key),
        amount="own_amount", amount_of="own_whole", amount_unit=extra.unit, source="programme",
    )  # fmt: skip


def own_code(shape: str, key: str) -> str:
    return f"own_{shape}_{key}"


def _answered(key: str) -> Callable[[QuerySet, Asked], QuerySet]:
    return lambda rows, asked: _registered(rows, asked).filter(details__has_key=key).exclude(**{f"details__{key}": ""})


def _with_own(key: str, whole: str = "") -> Callable[[QuerySet, Asked], QuerySet]:
    def narrowed(rows: QuerySet, asked: Asked) -> QuerySet:
        found = _registered(rows, asked).filter(details__has_key=key).alias(own_amount=_number(key))
        return found.filter(details__has_key=whole).alias(own_whole=_number(whole)) if whole else found

    return narrowed


def _number(key: str) -> Cast:
    return Cast(KeyTextTransform(key, "details"), DecimalField(max_digits=20, decimal_places=4))
