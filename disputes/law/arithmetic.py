"""Sums that show how they were done: a quantity carries its value and its formula, so the two cannot differ."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from .articles import Article
from .money import rounded, shown

_SUM, _PRODUCT, _ATOM = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact value with the formula it came from; nothing is rounded before the end of a line."""

    value: Fraction
    formula: str
    _binds: int = _ATOM

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.value + other.value, f"{self.formula} + {other.formula}", _SUM)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity(self.value - other.value, f"{self.formula} − {other._within(_PRODUCT)}", _SUM)

    def __mul__(self, other: Quantity) -> Quantity:
        return Quantity(self.value * other.value, f"{self._within(_PRODUCT)} × {other._within(_ATOM)}", _PRODUCT)

    def __truediv__(self, other: Quantity) -> Quantity:
        return Quantity(self.value / other.value, f"{self._within(_PRODUCT)} ÷ {other._within(_ATOM)}", _PRODUCT)

    def _within(self, binds: int) -> str:
        return self.formula if self._binds >= binds else f"({self.formula})"


def yuan(amount: Decimal) -> Quantity:
    return Quantity(Fraction(amount), shown(amount) if amount >= 0 else f"({shown(amount)})")


def number(value: Decimal | int | str) -> Quantity:
    """Days, months, hours and other bare numbers, written without useless zeros."""
    exact = Decimal(value)
    return Quantity(Fraction(exact), f"{exact.normalize():f}")


def percent(value: int) -> Quantity:
    return Quantity(Fraction(value, 100), f"{value}%")


def total(quantities: list[Quantity]) -> Quantity:
    """The sum of one or more."""
    return reduce(Quantity.__add__, quantities)


class Unit(TextChoices):
    YUAN = "yuan", pgettext_lazy("计算单位", "元")
    MONTHS = "months", pgettext_lazy("计算单位", "个月")
    DAYS = "days", pgettext_lazy("计算单位", "天")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sum: what it is, the formula in numbers, the result to two decimals, the article it rests on."""

    words: str
    formula: str
    result: Decimal
    unit: Unit
    article: Article | None = None

    @property
    def carried(self) -> Quantity:
        """The printed result, to go on with: who checks the sum by hand has no other number."""
        return yuan(self.result) if self.unit == Unit.YUAN else number(self.result)


def line(words: str, quantity: Quantity, article: Article | None = None, *, unit: Unit = Unit.YUAN) -> Line:
    return Line(words, quantity.formula, rounded(quantity.value), unit, article)
