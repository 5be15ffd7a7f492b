import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from unionops.china.pinyin import FULL_MOST, INITIALS_MOST, pinyin_key


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("单雄信", "shan xiong xin", "sxx dxx"),
        ("曾国强", "zeng guo qiang", "zgq cgq"),
        ("仇英", "qiu ying", "qy cy"),
        ("区大相", "ou da xiang", "odx qdx"),
        ("朴槿", "piao jin", "pj"),
        ("翟志刚", "zhai zhi gang", "zzg dzg"),
        ("解珍", "xie zhen", "xz jz"),
        ("王芳", "wang fang", "wf"),
        ("欧阳小丰", "ou yang xiao feng", "oyxf"),
        ("万俟雪", "mo qi xue", "mqx"),
        ("尉迟恭", "yu chi gong", "ycg"),
        ("𠮷野", "ji ye", "jy"),
        ("阿卜杜拉·买买提", "a bo du la mai mai ti", "abdlmmt ebdlmmt"),
        ("John Smith", "john smith", "johnsmith"),
        ("", "", ""),
    ],
)
def test_person(name, full, initials):
    assert pinyin_key(name) == (full, initials)


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        (
            "绍兴市会稽汽配集团有限公司",
            "shao xing shi kuai ji qi pei ji tuan you xian gong si",
            "sxskjqpjtyxgs sxshjqpjtyxgs",
        ),
        ("重庆银行绍兴分行", "chong qing yin hang shao xing fen hang", "cqyhsxfh zqyhsxfh"),
        ("3M中国", "3m zhong guo", "3mzg"),
        ("区总工会", "qu zong gong hui", "qzgh ozgh"),
        ("皋埠街道", "gao bu jie dao", "gbjd hbjd"),
    ],
)
def test_firm_or_office(name, full, initials):
    found_full, found_initials = pinyin_key(name)

    assert found_full == full
    assert found_initials.split()[0] == initials.split()[0]
    assert set(initials.split()) <= set(found_initials.split())


def test_surnames_sort_together():
    names = ["方安", "范刚", "程安", "陈刚", "方刚", "范安"]

    assert sorted(names, key=pinyin_key) == ["陈刚", "程安", "范安", "范刚", "方安", "方刚"]


def test_unknown_character_stands_for_itself():
    full, initials = pinyin_key("王\U0003134a")

    assert full == "wang \U0003134a"
    assert initials == "w\U0003134a"


@given(st.text("绍兴市长城重会行乐单曾𠮷王A9 ·（）", max_size=100))
def test_keys_fit_their_columns(name):
    full, initials = pinyin_key(name)

    assert len(full) <= FULL_MOST
    assert len(initials) <= INITIALS_MOST
    assert len(set(initials.split())) == len(initials.split())


@pytest.mark.parametrize(
    "name", ["绍兴轩亭快递集团有限公司", "浙江若耶环保科技股份有限公司", "职工服务中心", "迪荡街道总工会"]
)
def test_common_names_read_as_in_the_dictionary(name):
    assert pinyin_key(name)[0] == " ".join(lazy_pinyin(name))
