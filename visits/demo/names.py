"""Invented names: none of them is that of a known firm or person."""

from __future__ import annotations

import random

from unionops.china.credit_code import check_digit

TOWNS = (
    ("330602001", "塔山街道"), ("330602002", "府山街道"), ("330602003", "北海街道"), ("330602004", "城南街道"), ("330602005", "稽山街道"),
    ("330602006", "迪荡街道"), ("330602007", "东湖街道"), ("330602008", "灵芝街道"), ("330602009", "东浦街道"), ("330602010", "鉴湖街道"),
    ("330602011", "斗门街道"), ("330602012", "皋埠街道"), ("330602013", "马山街道"), ("330602014", "孙端街道"), ("330602015", "陶堰街道"),
    ("330602016", "沥海街道"), ("330602108", "富盛镇"),
)  # fmt: skip
_FAMILIES = "陈王张李吴沈徐周朱俞金章何孟董傅冯蒋余茹阮单裘娄谢祝严潘施鲁"
_GIVEN = [
    "建国",
    "海燕",
    "立强",
    "晓敏",
    "国良",
    "雅芳",
    "志平",
    "丽华",
    "卫东",
    "佳颖",
    "文斌",
    "彩娣",
    "永法",
    "思源",
    "伟明",
    "玲飞",
    "柏林",
    "燕萍",
    "炳荣",
    "梦瑶",
    "水根",
    "红英",
    "林海",
    "亚琴",
    "越峰",
    "春兰",
    "宏伟",
    "静怡",
    "阿毛",
    "莉莉",
    "关根",
    "秋月",
    "泽宇",
    "慧娟",
    "兴祥",
    "美凤",
    "天宇",
    "苏芬",
    "金木",
    "雪梅",
]
_BRANDS = [
    "恒润",
    "越泰",
    "鉴湖春",
    "会稽",
    "兰亭坊",
    "禹风",
    "镜水",
    "沈园",
    "咸丰",
    "云栖",
    "昌华",
    "锦绣",
    "三江",
    "稽北",
    "海纳",
    "卓越",
    "远景",
    "天圣",
    "东盛",
    "宏达",
    "金鹭",
    "百川",
    "明珠",
    "凯达",
    "华美",
    "新越",
    "永昌",
    "丰泽",
    "晨光",
    "利群",
    "正大",
    "嘉禾",
    "瑞丰",
    "同济",
    "安泰",
    "顺达",
    "万通",
    "康尔",
    "佳源",
    "立新",
    "沃野",
    "晶宏",
    "蓝海",
    "绿源",
    "祥瑞",
    "博远",
    "中越",
    "富强",
    "和顺",
    "长青",
]
# Trade, industry, the usual number of staff.
_TRADES = (
    ("纺织", "textile", 180), ("印染", "textile", 320), ("服饰", "apparel", 90), ("家纺", "apparel", 60), ("精密机械", "machinery", 140),
    ("汽配", "machinery", 210), ("电子", "electronics", 260), ("光电", "electronics", 110), ("新材料", "chemistry", 95), ("生物医药", "medicine", 130),
    ("酒业", "food", 160), ("食品", "food", 75), ("建设", "construction", 240), ("物流", "logistics", 85), ("餐饮管理", "catering", 45),
    ("商贸", "retail", 30), ("物业服务", "property", 120), ("环境服务", "public", 150),
)  # fmt: skip
_FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "集团有限公司", "科技有限公司")


def people(pick: random.Random, count: int) -> list[str]:
    """Different names: two people of one name cannot be told apart in a ledger."""
    names = sorted(f"{family}{given}" for family in _FAMILIES for given in _GIVEN)
    return pick.sample(names, count)


def firms(pick: random.Random, count: int) -> list[tuple[str, str, int]]:
    """(name, industry, staff) of different firms."""
    wanted = sorted(f"绍兴{brand}{trade}|{industry}|{staff}" for brand in _BRANDS for trade, industry, staff in _TRADES)
    found = []
    for line in pick.sample(wanted, count):
        name, industry, staff = line.split("|")
        found.append((name + pick.choice(_FORMS), industry, max(4, round(int(staff) * pick.uniform(0.3, 2.2)))))
    return found


def credit_code(pick: random.Random) -> str:
    body = "91330602MA" + "".join(pick.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(7))
    return body + check_digit(body)


def phone(pick: random.Random) -> str:
    return f"1{pick.choice(('37', '38', '57', '58', '86', '87'))}{pick.randrange(10**8):08d}"
