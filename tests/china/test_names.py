import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionops.china.names import InvalidName, clean_name, clean_text, mask_name

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
WOMAN_MECHANIC = "\U0001f469\U0001f3fd\u200d\U0001f527"
FLAG = "\U0001f3f3\ufe0f\u200d\U0001f308"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("走访\x00记录", "走访记录"),
        ("a\u200bb\ufeffc", "abc"),
        ("\u202e反向\u202c", "反向"),
        ("soft\u00adhyphen", "softhyphen"),
        ("e\u0301", "é"),
        ("行一\r\n行二\r行三\u2028行四", "行一\n行二\n行三\n行四"),
        ("\x07铃\x1b[31m红", "铃[31m红"),
        ("  两头  ", "两头"),
        ("\ud800孤\udfff", "孤"),
        ("\ufffe非\uffff", "非"),
        ("㐂𠮷𬉼", "㐂𠮷𬉼"),
        (FAMILY, FAMILY),
        (WOMAN_MECHANIC, WOMAN_MECHANIC),
        (FLAG, FLAG),
        ("张\u200d三", "张三"),
        ("\u200d", ""),
    ],
)
def test_clean_text_drops_only_what_nobody_sees(typed, kept):
    assert clean_text(typed) == kept


def test_single_line_text_has_no_line_ends():
    assert clean_text("绍兴\n 轻纺\t城", multiline=False) == "绍兴 轻纺 城"


@given(st.text())
def test_clean_text_is_stable_and_storable(text):
    once = clean_text(text)

    assert clean_text(once) == once
    assert "\x00" not in once
    assert once.encode("utf-8").decode("utf-8") == once
    assert unicodedata.is_normalized("NFC", once)


def test_long_text_of_joiners_is_cleaned_in_linear_time():
    assert clean_text("\u200d" * 1_000_000 + "完") == "完"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张 三", "张三"),
        (" 张　三 ", "张三"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉・ 买买提", "阿卜杜拉·买买提"),
        ("John  Smith", "John Smith"),
        ("𠮷野", "𠮷野"),
        ("小王\U0001f600", "小王\U0001f600"),
    ],
)
def test_clean_name(typed, name):
    assert clean_name(typed) == name


@pytest.mark.parametrize(("typed", "code"), [("", "empty"), (" · ", "empty"), ("12345", "empty"), ("张" * 51, "long")])
def test_what_is_no_name_is_refused(typed, code):
    with pytest.raises(InvalidName) as caught:
        clean_name(typed)

    assert caught.value.code == code


@pytest.mark.parametrize(
    ("name", "masked", "public"),
    [
        ("张三", "张*", "张**"),
        ("张小丰", "张*丰", "张**"),
        ("欧阳小丰", "欧**丰", "欧**"),
        ("阿卜杜拉·买买提", "阿***·**提", "阿**"),
        ("𠮷三丰", "𠮷*丰", "𠮷**"),
        ("葛\U000e0100三", "葛\U000e0100*", "葛\U000e0100**"),
        ("张" + FAMILY, "张*", "张**"),
        ("John Smith", "J*** ****h", "J**"),
        ("张", "张", "张**"),
        ("", "", ""),
    ],
)
def test_mask_name(name, masked, public):
    assert mask_name(name) == masked
    assert mask_name(name, public=True) == public
