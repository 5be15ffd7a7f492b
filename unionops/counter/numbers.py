"""Receipt numbers: random, so that none can be guessed from another, and safe to read over the telephone.

A number is a prefix of two signs, eight random ones and a check sign (Luhn modulo 32), all of Crockford's base 32, which
has no I, L, O and U. `read_number` takes them as people type them.
"""

from __future__ import annotations

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = 2
BODY = 8
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}
# What is taken for another sign.
_MEANT = str.maketrans("OIL", "011")
_SEPARATORS = str.maketrans("", "", " -‐‑–—_.·")


def is_prefix(text: str) -> bool:
    return len(text) == PREFIX and all(sign in _VALUES for sign in text)


def new_number(prefix: str) -> str:
    """MD7K3Q9XW2H"""
    text = prefix + "".join(secrets.choice(ALPHABET) for _ in range(BODY))
    return text + check_sign(text)


def check_sign(text: str) -> str:
    """The sign that finds every single wrong sign and nearly every pair that changed places."""
    total, base = 0, len(ALPHABET)
    for place, sign in enumerate(reversed(text)):
        value = _VALUES[sign] * (2 if place % 2 == 0 else 1)
        total += value // base + value % base
    return ALPHABET[-total % base]


def read_number(text: str) -> str:
    """The number as it is stored, or nothing when it cannot be one."""
    plain = unicodedata.normalize("NFKC", text).upper().translate(_SEPARATORS).translate(_MEANT)
    if len(plain) != PREFIX + BODY + 1 or any(sign not in _VALUES for sign in plain):
        return ""
    return plain if check_sign(plain[:-1]) == plain[-1] else ""


def spell_number(number: str) -> str:
    """MD-7K3Q-9XW2-H"""
    return "-".join((number[:2], number[2:6], number[6:10], number[10:]))
