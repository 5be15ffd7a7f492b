"""Yuan with two decimals; what is paid is rounded half up to the fen, once, at the end of its line."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from unionops.china.errors import InvalidValue

FEN = Decimal("0.01")
# What the columns hold: fourteen digits, two of them fen.
LARGEST = Decimal("999999999999.99")


def rounded(value: Fraction) -> Decimal:
    """To the fen, half up; exact, because a fraction has no digits to lose."""
    fen = int(abs(value) * 100 + Fraction(1, 2))
    return from_fen(-fen if value < 0 else fen)


def to_fen(amount: Decimal) -> int:
    """Whole fen of an amount that has no parts of a fen."""
    check_amount(amount)
    return int(amount * 100)


def from_fen(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def shown(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def check_amount(*amounts: Decimal) -> None:
    """An amount is finite, not below zero, fits its column and has no parts of a fen."""
    for amount in amounts:
        if not amount.is_finite() or amount < 0:
            raise InvalidValue("negative", _("金额不能小于零。"))
        if amount > LARGEST:
            raise InvalidValue("too_large", _("金额不能超过 %(largest)s 元。") % {"largest": shown(LARGEST)})
        if amount != amount.quantize(FEN):
            raise InvalidValue("fraction", _("金额最多写到分。"))
