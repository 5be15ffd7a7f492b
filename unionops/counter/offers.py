"""What can be done at the public counter: rooms say so at the start."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Offer:
    """One large button of the public home page; ``hint`` says in plain words what one needs for it."""

    key: str
    label: Text
    hint: Text
    icon: str
    url_name: str
    order: int


_offers: dict[str, Offer] = {}


def register_offer(offer: Offer) -> None:
    _offers[offer.key] = offer


def offers() -> list[Offer]:
    return sorted(_offers.values(), key=lambda offer: (offer.order, offer.key))
