"""公民身份号码, GB 11643-1999: 6 area digits, 8 of the birth date, 3 of the sequence, 1 check digit.

The area is never a reason to refuse: counties are founded and renamed, numbers stay (domain 5.1).
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .errors import InvalidValue

OLDEST = 120
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_FORMAT = re.compile(r"[1-9]\d{16}[\dX]")
_BLANKS = re.compile(r"[\s\-]+")
# GB/T 2260, first level.
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
    ]
)
_PERMIT_AREAS = frozenset({"810000", "820000", "830000"})


class InvalidIdentity(InvalidValue):
    """The text is not an identity number."""


class IdentityKind(StrEnum):
    RESIDENT = "resident"
    # Residence permit of people from Hong Kong, Macao and Taiwan.
    PERMIT = "permit"
    # Permanent residence card of foreigners in the version of 2023.
    FOREIGN = "foreign"


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class Identity:
    number: str
    kind: IdentityKind
    birth_date: datetime.date
    sex: Sex
    area_known: bool


def read_identity(text: str, *, today: datetime.date | None = None) -> Identity:
    """Return what the number says, or raise ``InvalidIdentity`` with the reason."""
    number = _BLANKS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not number:
        raise InvalidIdentity("empty", _("请填身份证号。"))
    if len(number) == 15 and number.isdecimal():
        raise InvalidIdentity("old", _("15 位的旧身份证号已停用，请填 18 位号码。"))
    if len(number) != 18:
        raise InvalidIdentity("length", _("身份证号应为 18 位。"))
    if not _FORMAT.fullmatch(number):
        raise InvalidIdentity("format", _("身份证号前 17 位应为数字，末位为数字或 X。"))
    birth_date = _birth_date(number, today or timezone.localdate())
    if check_digit(number) != number[17]:
        raise InvalidIdentity("check_digit", _("身份证号校验位不符，请核对每一位。"))
    kind = _kind(number)
    return Identity(
        number=number,
        kind=kind,
        birth_date=birth_date,
        sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE,
        area_known=kind != IdentityKind.RESIDENT or number[:2] in _PROVINCES,
    )


def check_digit(number: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return _CHECK[total % 11]


def mask_identity(number: str, *, short: bool = False) -> str:
    """330602********0012 on work pages, the last four alone on lists and of other documents."""
    if len(number) != 18:
        shown = min(4, len(number) // 3)
        return "*" * (len(number) - shown) + number[len(number) - shown :]
    return "****" + number[-4:] if short else number[:6] + "*" * 8 + number[-4:]


def _kind(number: str) -> IdentityKind:
    if number[:6] in _PERMIT_AREAS:
        return IdentityKind.PERMIT
    return IdentityKind.FOREIGN if number[0] == "9" else IdentityKind.RESIDENT


def _birth_date(number: str, today: datetime.date) -> datetime.date:
    try:
        born = datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise InvalidIdentity("birth_date", _("身份证号里的出生日期不存在。")) from None
    if born > today:
        raise InvalidIdentity("birth_future", _("身份证号里的出生日期在今天之后。"))
    if age_on(born, today) > OLDEST:
        raise InvalidIdentity("birth_old", _("身份证号里的出生日期早于 120 年前。"))
    return born


def age_on(born: datetime.date, day: datetime.date) -> int:
    """Full years; who was born on 29 February is a year older on 1 March of a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
