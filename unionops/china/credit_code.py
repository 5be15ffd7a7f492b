"""统一社会信用代码, GB 32100-2015.

Codes of village co-operatives (N2…), the army (A1…) and religious bodies begin with letters; trade unions begin with 8.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from .errors import InvalidValue

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_BLANKS = re.compile(r"[\s\-]+")
# Authority and kind (GB 32100 table), with the two that old lists add under 5.
_PREFIXES = frozenset(
    [
        "11",
        "12",
        "13",
        "19",
        "21",
        "29",
        "31",
        "32",
        "33",
        "34",
        "35",
        "39",
        "41",
        "49",
        "51",
        "52",
        "53",
        "54",
        "55",
        "59",
        "61",
        "62",
        "69",
        "71",
        "72",
        "79",
        "81",
        "89",
        "91",
        "92",
        "93",
        "A1",
        "A9",
        "N1",
        "N2",
        "N3",
        "N9",
        "Y1",
    ]
)


class InvalidCreditCode(InvalidValue):
    """The text is not a unified social credit code."""


@lru_cache(maxsize=65536)
def read_credit_code(text: str) -> str:
    """Return the code in its 18 capital characters, or raise ``InvalidCreditCode`` with the reason."""
    code = _BLANKS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not code:
        raise InvalidCreditCode("empty", _("请填统一社会信用代码。"))
    if len(code) == 15 and code.isdecimal():
        raise InvalidCreditCode("old", _("15 位的工商注册号已停用，请填 18 位统一社会信用代码。"))
    if len(code) != LENGTH:
        raise InvalidCreditCode("length", _("统一社会信用代码应为 18 位。"))
    if not _VALUES.keys() >= set(code):
        raise InvalidCreditCode("format", _("统一社会信用代码只用数字和大写字母，不用 I、O、S、V、Z。"))
    if code[:2] not in _PREFIXES or not code[2:8].isdecimal():
        raise InvalidCreditCode("prefix", _("统一社会信用代码的前 8 位不对：登记部门、类别或行政区划有误。"))
    if check_digit(code) != code[-1]:
        raise InvalidCreditCode("check_digit", _("统一社会信用代码校验位不符，请对照营业执照核对每一位。"))
    return code


def check_digit(code: str) -> str:
    total = sum(weight * _VALUES[character] for weight, character in zip(_WEIGHTS, code, strict=False))
    return ALPHABET[-total % 31]


def is_union_code(code: str) -> bool:
    """Whether the code is that of a trade union itself, not of the firm in which it lives."""
    return code.startswith("8")
