"""Receipts: a number and a query code for whoever brought something to the public counter."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

from django.db import IntegrityError, models, transaction
from django.urls import reverse

from unionops.org.events import kind_of
from unionops.org.sealed import blind_index

from ..limits import Limit, forget, give_back, spend
from ..models import Receipt
from ..numbers import is_prefix, new_number, read_number

if TYPE_CHECKING:
    from ..visitors import Visitor

CODE_DIGITS = 6
# Wrong answers; who knows the code is never counted. Many people share one address of a mobile network.
PER_NUMBER = Limit("receipt.number", 5, 1800)
PER_ADDRESS = Limit("receipt.address", 30, 3600)
_NOBODY = Receipt(number="00000000000", salt="")


@transaction.atomic
def make_receipt(thing: models.Model, *, prefix: str, visitor: Visitor | None = None) -> Receipt:
    """Give the thing a random number, in the transaction in which it comes into being."""
    assert is_prefix(prefix), prefix
    for _try in range(5):
        try:
            with transaction.atomic():
                return Receipt.objects.create(
                    number=new_number(prefix),
                    kind=kind_of(thing),
                    subject_id=str(thing.pk),
                    salt=secrets.token_hex(16),
                    visitor_id=visitor.key if visitor else None,
                )
        except IntegrityError:
            # One in 2^40: the next is another one.
            continue
    raise AssertionError("five random numbers were taken")


def code_of(receipt: Receipt) -> str:
    """The query code, made from number, salt and the key of the house: it can be shown again and is stored nowhere."""
    return f"{int(blind_index(f'receipt:{receipt.number}:{receipt.salt}')[:15], 16) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def find_receipt(number: str, code: str, *, address: str) -> Receipt | None:
    """The receipt, or None where number or code is wrong; after some wrong answers TooMany, for any number alike."""
    asked = read_number(number)
    key = asked or number[:40]
    # Counted first: many guesses at once are many guesses.
    spend(PER_ADDRESS, address)
    spend(PER_NUMBER, key)
    found = Receipt.objects.filter(number=asked).first() if asked else None
    digits = "".join(sign for sign in code if sign.isdecimal())
    if hmac.compare_digest(code_of(found or _NOBODY).encode(), digits.encode()) and found is not None:
        forget(PER_NUMBER, key)
        give_back(PER_ADDRESS, address)
        return found
    return None


def receipts_of(thing: models.Model) -> models.QuerySet[Receipt]:
    return Receipt.objects.filter(kind=kind_of(thing), subject_id=str(thing.pk))


def receipt_url(receipt: Receipt) -> str:
    """The page that shows number and query code to the visitor who has just made it."""
    return reverse("counter:receipt", args=[receipt.number])
