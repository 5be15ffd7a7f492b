import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionops.china.identity import (
    IdentityKind,
    InvalidIdentity,
    Sex,
    age_on,
    check_digit,
    mask_identity,
    read_identity,
)

TODAY = datetime.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("number", "born"),
    [
        ("33060219900101001X", datetime.date(1990, 1, 1)),
        ("330602196501010012", datetime.date(1965, 1, 1)),
        ("330681197501010012", datetime.date(1975, 1, 1)),
        ("330625197501010011", datetime.date(1975, 1, 1)),
        ("330604200001010018", datetime.date(2000, 1, 1)),
        ("330113202201010010", datetime.date(2022, 1, 1)),
    ],
)
def test_number_of_any_age_of_its_county_is_accepted(number, born):
    identity = read_identity(number, today=TODAY)

    assert identity.number == number
    assert identity.birth_date == born
    assert identity.kind == IdentityKind.RESIDENT
    assert identity.area_known is True


def test_sex_is_the_parity_of_the_seventeenth_digit():
    assert read_identity("33060219900101001X", today=TODAY).sex == Sex.MALE
    assert read_identity(_number("33060219900101002"), today=TODAY).sex == Sex.FEMALE


@pytest.mark.parametrize("area", ["810000", "820000", "830000"])
def test_residence_permit_is_accepted(area):
    identity = read_identity(_number(f"{area}19900101001"), today=TODAY)

    assert identity.kind == IdentityKind.PERMIT
    assert identity.area_known is True


def test_permanent_residence_card_begins_with_nine():
    identity = read_identity(_number("93384019800229001"), today=TODAY)

    assert identity.kind == IdentityKind.FOREIGN
    assert identity.birth_date == datetime.date(1980, 2, 29)


def test_unknown_area_is_no_error():
    assert read_identity(_number("99999919900101001"), today=TODAY).kind == IdentityKind.FOREIGN
    assert read_identity(_number("38000019900101001"), today=TODAY).area_known is False


@pytest.mark.parametrize(
    "typed",
    ["33060219900101001x", " 330602 19900101 001X ", "330602-19900101-001x", "３３０６０２１９９００１０１００１Ｘ"],
)
def test_typing_habits_are_forgiven(typed):
    assert read_identity(typed, today=TODAY).number == "33060219900101001X"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("330602900101001", "old"),
        ("33060219900101001", "length"),
        ("33060219900101001XX", "length"),
        ("33060219900101A01X", "format"),
        ("X3060219900101001X", "format"),
        ("03060219900101001X", "format"),
        ("33060219900101001①②"[:18], "check_digit"),
        ("330602199001010011", "check_digit"),
        ("110101198502300016", "birth_date"),
        ("330602202702010014", "birth_future"),
        ("330602190001010010", "birth_old"),
        ("330602199013010010", "birth_date"),
        ("330602000001010010", "birth_date"),
    ],
)
def test_wrong_number_is_refused_with_its_reason(number, code):
    with pytest.raises(InvalidIdentity) as caught:
        read_identity(number, today=TODAY)

    assert caught.value.code == code
    assert str(caught.value)


def test_oldest_age_is_120():
    assert read_identity(_number("33060219061121001"), today=TODAY).birth_date.year == 1906
    with pytest.raises(InvalidIdentity):
        read_identity(_number("33060219051121001"), today=TODAY)


def test_age_changes_on_the_birthday():
    born = datetime.date(2004, 2, 29)

    assert age_on(born, datetime.date(2026, 2, 28)) == 21
    assert age_on(born, datetime.date(2026, 3, 1)) == 22


@given(
    area=st.integers(110000, 659999),
    born=st.dates(datetime.date(1930, 1, 1), TODAY),
    sequence=st.integers(0, 999),
    position=st.integers(0, 16),
    wrong=st.integers(1, 9),
)
def test_one_wrong_digit_never_passes_the_check_digit(area, born, sequence, position, wrong):
    number = _number(f"{area}{born:%Y%m%d}{sequence:03d}")
    assert read_identity(number, today=TODAY).birth_date == born

    digit = str((int(number[position]) + wrong) % 10)
    mistyped = number[:position] + digit + number[position + 1 :]

    with pytest.raises(InvalidIdentity):
        read_identity(mistyped, today=TODAY)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        assert len(read_identity(text, today=TODAY).number) == 18
    except InvalidIdentity as refused:
        assert str(refused)


@pytest.mark.parametrize(
    ("number", "masked", "short"),
    [
        ("330602199001010012", "330602********0012", "****0012"),
        ("E12345678", "******678", "******678"),
        ("AB1", "**1", "**1"),
        ("AB", "**", "**"),
        ("", "", ""),
    ],
)
def test_mask_shows_no_birth_date(number, masked, short):
    assert mask_identity(number) == masked
    assert mask_identity(number, short=True) == short


def _number(first_17: str) -> str:
    return first_17 + check_digit(first_17)
