import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionops.china.search import Query, index_tokens, normalise, query_tokens, read_query, split_pinyin


@pytest.mark.parametrize("typed", ["V26-1774", "v26-1774", " V26 - 1774", "v26 1774", "Ｖ２６－１７７４"])
def test_case_number_in_any_spelling(typed):
    assert read_query(typed).number == "V26-1774"


def test_short_case_number_is_filled_up():
    assert read_query("s26-71").number == "S26-0071"


def test_digits_are_tail_of_a_number_and_part_of_a_code():
    query = read_query("0602")

    assert query.digits == "0602"
    assert query.credit_code == "0602"
    assert query.initials == ""
    assert not query.chinese


def test_credit_code_in_small_letters():
    assert read_query("91330600700000000j").credit_code == "91330600700000000J"


def test_mobile_and_identity():
    assert read_query("138 1234 5678").phone == "13812345678"
    assert read_query("33060219900101001x").identity == "33060219900101001X"


def test_letters_are_initials_and_pinyin():
    query = read_query("zengguo")

    assert query.initials == "zengguo"
    assert query.pinyin[0] == "zeng guo"


def test_chinese_is_nothing_else():
    assert read_query("会稽 v26") == Query("会稽 v26", chinese=True)


def test_empty_query_is_false():
    assert not read_query("  \u200b ")


def test_query_is_cut_to_its_longest_length():
    assert len(read_query("防" * 100_000).text) == 100


@pytest.mark.parametrize(
    ("letters", "first", "among"),
    [
        ("zhangsan", "zhang san", "zhang san"),
        ("xian", "xian", "xi an"),
        ("xi'an", "xi an", "xi an"),
        ("fangang", "fang ang", "fan gang"),
        ("zhangs", "zhang s", "zhang s"),
        ("zh", "zh", "zh"),
    ],
)
def test_split_pinyin(letters, first, among):
    ways = split_pinyin(letters)

    assert ways[0] == first
    assert among in ways


@pytest.mark.parametrize("letters", ["xxxx", "bcdf", "v"])
def test_initials_are_no_pinyin(letters):
    assert split_pinyin(letters) == []


@given(st.text("aeinghuxz' ", max_size=60))
def test_split_keeps_all_letters(letters):
    for way in split_pinyin(letters):
        assert way.replace(" ", "") == letters.replace(" ", "").replace("'", "")


@given(st.text(max_size=50))
def test_any_text_is_a_query(text):
    query = read_query(text)

    assert query.text == normalise(query.text)


def test_tokens_of_a_text():
    assert index_tokens("防暑降温费 500元，Ａ3车间") == ["防暑", "暑降", "降温", "温费", "500", "元", "a3", "车间"]


@pytest.mark.parametrize("fragment", ["防暑降", "温费", "Ａ3车间"])
def test_fragment_of_a_text_is_found(fragment):
    assert set(query_tokens(fragment)) <= set(index_tokens("防暑降温费 500元，Ａ3车间"))


def test_single_character_has_no_token():
    assert query_tokens("防") == []


@given(st.text("防暑降温费工会𠮷", min_size=2, max_size=30), st.data())
def test_every_fragment_of_two_or_more_characters_is_found(text, data):
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))

    tokens = query_tokens(text[start:end])

    assert tokens
    assert set(tokens) <= set(index_tokens(text))
