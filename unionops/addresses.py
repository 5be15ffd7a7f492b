"""Addresses that a page names by the dozen: each is worked out once a process, for reversing one costs as much as drawing a row."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.urls import reverse

_ANY = UUID(int=0)


def page(name: str) -> str:
    """The address of a page without arguments."""
    return _page(name, settings.ROOT_URLCONF)


def pages_of_rows(name: str) -> Callable[[UUID], str]:
    """How the pages of one kind of record are addressed by their key."""
    before, after = _around(name, settings.ROOT_URLCONF)
    return lambda key: f"{before}{key}{after}"


@lru_cache(maxsize=4096)
def _page(name: str, _urls: str) -> str:
    return reverse(name)


@lru_cache(maxsize=256)
def _around(name: str, _urls: str) -> tuple[str, str]:
    before, _key, after = reverse(name, args=[_ANY]).partition(str(_ANY))
    return before, after
