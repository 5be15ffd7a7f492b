"""Typed reading of the environment; a missing or wrong value ends with one sentence that names it."""

import os

from django.core.exceptions import ImproperlyConfigured

MISSING = object()


def text(name: str, default: object = MISSING) -> str:
    value = os.environ.get(name)
    if value is None:
        if default is MISSING:
            raise ImproperlyConfigured(f"{name} is not set; README.md says what it is for.")
        return str(default)
    return value


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "").lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    if value:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return default


def number(name: str, default: int) -> int:
    value = os.environ.get(name)
    try:
        return int(value) if value else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a number, not {value!r}.") from error
