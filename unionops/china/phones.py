"""Telephone numbers as people write them (domain 5.3)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from .errors import InvalidValue

_NOISE = re.compile(r"[\s\-‐-―−.·()]+")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#|,)\s*(\d{1,6})$", re.IGNORECASE)
_TRAILING_EXTENSION = re.compile(r"^(0\d{2,3}-?\d{7,8})-(\d{1,6})$")
_COUNTRY = re.compile(r"^(?:\+86|0086|86(?=1[3-9]\d{9}$))")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))([2-9]\d{6,7})")
_LOCAL = re.compile(r"[2-9]\d{6,7}")
_SERVICE = re.compile(r"[48]00\d{7}|1[0-24-9]\d{3}|9[56]\d{3,4}")


class InvalidPhone(InvalidValue):
    """The text is not a telephone number."""


class PhoneKind(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    # 400 and 800 numbers, short numbers such as 12351.
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Phone:
    """``number`` is what is stored: 11 digits of a mobile, 0575-85123456 or 0575-85123456-801 of a land line."""

    number: str
    kind: PhoneKind


def read_phone(text: str, *, area_code: str = "") -> Phone:
    """Return the number in its stored form, or raise ``InvalidPhone``. ``area_code`` completes local land lines."""
    plain, extension = _split_extension(unicodedata.normalize("NFKC", text).strip())
    digits = _COUNTRY.sub("", _NOISE.sub("", plain))
    if not digits:
        raise InvalidPhone("empty", _("请填电话号码。"))
    if not digits.isascii() or not digits.isdecimal():
        raise InvalidPhone("format", _("电话号码里有不是数字的字符。"))
    if _MOBILE.fullmatch(digits):
        return Phone(digits, PhoneKind.MOBILE)
    if digits[0] == "1" and len(digits) > 5:
        raise InvalidPhone("mobile", _("手机号应为 11 位，以 13 至 19 开头。"))
    suffix = f"-{extension}" if extension else ""
    if _SERVICE.fullmatch(digits):
        return Phone(digits, PhoneKind.SERVICE)
    # A spreadsheet that took the number for a number has dropped its leading zero.
    if landline := _LANDLINE.fullmatch(digits) or _LANDLINE.fullmatch("0" + digits):
        return Phone("-".join(landline.groups()) + suffix, PhoneKind.LANDLINE)
    if _LOCAL.fullmatch(digits):
        return Phone((f"{area_code}-" if area_code else "") + digits + suffix, PhoneKind.LANDLINE)
    raise InvalidPhone("landline", _("电话号码不对：手机 11 位，固定电话为区号加 7 至 8 位。"))


def mask_phone(number: str) -> str:
    """138****5678; of anything else the last four digits, or fewer when it is short."""
    if _MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[7:]}"
    area, dash, rest = number.partition("-")
    if dash and area.startswith("0"):
        return f"{area}-{_hide(rest)}"
    return _hide(number)


def _hide(text: str) -> str:
    shown = min(4, len(text) // 3)
    return "*" * (len(text) - shown) + text[len(text) - shown :]


def _split_extension(text: str) -> tuple[str, str]:
    if trailing := _TRAILING_EXTENSION.match(text.replace(" ", "")):
        return trailing.group(1), trailing.group(2)
    if extension := _EXTENSION.search(text):
        return text[: extension.start()], extension.group(1)
    return text, ""
