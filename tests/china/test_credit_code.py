import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionops.china.credit_code import ALPHABET, InvalidCreditCode, check_digit, is_union_code, read_credit_code


@pytest.mark.parametrize(
    "code", ["91330600700000000J", "81330602MC00000008", "92330602MA2D00000X", "N2330602MF0000000W"]
)
def test_code_of_every_authority_is_accepted(code):
    assert read_credit_code(code) == code


@pytest.mark.parametrize("prefix", ["A1", "A9", "N1", "N3", "N9", "Y1", "11", "54", "55", "89"])
def test_prefix_with_letters_is_accepted(prefix):
    code = _code(f"{prefix}330602MA2D00000")

    assert read_credit_code(code) == code


@pytest.mark.parametrize(
    "typed",
    ["91330600700000000j", " 9133 0600 7000 00000J", "９１３３０６００７０００００００0Ｊ", "91330600-700000000J"],
)
def test_typing_habits_are_forgiven(typed):
    assert read_credit_code(typed) == "91330600700000000J"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "empty"),
        ("330602000012345", "old"),
        ("9133060070000000", "length"),
        ("91330600700000000JJ", "length"),
        ("9133060070000000OJ", "format"),
        ("9133060070000000中J", "format"),
        ("98330600700000000J", "prefix"),
        ("9133060A700000000J", "prefix"),
        ("91330600700000000K", "check_digit"),
        ("9133060070000000J0", "check_digit"),
    ],
)
def test_wrong_code_is_refused_with_its_reason(code, reason):
    with pytest.raises(InvalidCreditCode) as caught:
        read_credit_code(code)

    assert caught.value.code == reason
    assert str(caught.value)


def test_union_codes_begin_with_eight():
    assert is_union_code("81330602MC00000008") is True
    assert is_union_code("91330600700000000J") is False


@given(
    subject=st.text(ALPHABET, min_size=9, max_size=9),
    position=st.integers(8, 16),
    step=st.integers(1, len(ALPHABET) - 1),
)
def test_one_wrong_character_never_passes(subject, position, step):
    code = _code(f"91330602{subject}")
    assert read_credit_code(code) == code

    wrong = ALPHABET[(ALPHABET.index(code[position]) + step) % len(ALPHABET)]

    with pytest.raises(InvalidCreditCode):
        read_credit_code(code[:position] + wrong + code[position + 1 :])


@given(st.text(max_size=25))
def test_any_text_is_read_or_refused(text):
    try:
        assert len(read_credit_code(text)) == 18
    except InvalidCreditCode as refused:
        assert str(refused)


def _code(first_17: str) -> str:
    return first_17 + check_digit(first_17)
