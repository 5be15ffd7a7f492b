"""Why a value was not accepted, in words for the person who typed it."""

from __future__ import annotations

from django.utils.functional import Promise


class InvalidValue(ValueError):
    """``code`` is stable for programs, ``reason`` is for people."""

    def __init__(self, code: str, reason: str | Promise) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)
