import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionops.china.phones import InvalidPhone, Phone, PhoneKind, mask_phone, read_phone


@pytest.mark.parametrize(
    "typed",
    [
        "13812345678",
        " 138 1234 5678 ",
        "138-1234-5678",
        "+86 13812345678",
        "8613812345678",
        "008613812345678",
        "１３８１２３４５６７８",
        "138.1234.5678",
        "138－1234－5678",
    ],
)
def test_mobile_is_stored_as_eleven_digits(typed):
    assert read_phone(typed) == Phone("13812345678", PhoneKind.MOBILE)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0575-85123456", "0575-85123456"),
        ("057585123456", "0575-85123456"),
        ("(0575)85123456", "0575-85123456"),
        ("（0575）8512 3456", "0575-85123456"),
        ("57585123456", "0575-85123456"),
        ("+86 0575 85123456", "0575-85123456"),
        ("010-65123456", "010-65123456"),
        ("0575-85123456-801", "0575-85123456-801"),
        ("0575-85123456转801", "0575-85123456-801"),
        ("0575-85123456 分机 801", "0575-85123456-801"),
        ("85123456", "85123456"),
    ],
)
def test_land_line_keeps_area_and_extension(typed, stored):
    assert read_phone(typed) == Phone(stored, PhoneKind.LANDLINE)


def test_local_line_takes_the_area_code_of_the_office():
    assert read_phone("85123456", area_code="0575").number == "0575-85123456"


@pytest.mark.parametrize("number", ["4008123456", "8008108888", "12351", "12345", "95588", "400-812-3456"])
def test_service_number(number):
    assert read_phone(number).kind == PhoneKind.SERVICE


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        (" - ", "empty"),
        ("1381234567", "mobile"),
        ("138123456789", "mobile"),
        ("12812345678", "mobile"),
        ("张三", "format"),
        ("13812345678/13912345678", "format"),
        ("0575-123", "landline"),
        ("999", "landline"),
    ],
)
def test_wrong_number_is_refused_with_its_reason(typed, code):
    with pytest.raises(InvalidPhone) as caught:
        read_phone(typed)

    assert caught.value.code == code
    assert str(caught.value)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    try:
        assert read_phone(text).number
    except InvalidPhone as refused:
        assert str(refused)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_what_was_read_reads_again_to_itself(number):
    assert read_phone(read_phone(number).number).number == number


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812345678", "138****5678"),
        ("0575-85123456", "0575-******56"),
        ("12351", "****1"),
        ("4008123456", "*******456"),
        ("", ""),
        ("12", "**"),
    ],
)
def test_mask(number, masked):
    assert mask_phone(number) == masked
