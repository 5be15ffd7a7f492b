"""The programmes of places that a district begins with, and what an inspection of each looks at (domain 1.E, 4.5).

Rows only: a district changes names, limits and lists on its own pages, and makes further programmes without code.
"""

from __future__ import annotations

from typing import Any

from ..enums import Applicant, Shape
from .enums import BASE_FACILITIES, Facility

F = Facility
WITH_UPGRADE = ["start_building", "accept", "plan_upgrade", "upgrade"]


def _place(code: str, name: str, prefix: str, catalogue: str, icon: str, summary: str, **more: Any) -> dict[str, Any]:
    return {
        "shape": Shape.PLACE, "code": code, "name": name, "prefix": prefix, "catalogue": catalogue, "icon": icon,
        "summary": summary, "group": "阵地建设", "applicants": [Applicant.UNION], "steps": ["accept"], "is_public": True,
        "terms": {"rectifying": [15, "natural"]}, "limits": {"inspect_days": 90, "repair_days": 7, "serious_days": 1}, **more,
    }  # fmt: skip


PROGRAMMES: list[dict[str, Any]] = [
    _place(
        "stations", "户外劳动者驿站", "YZ", "C44", "shop", "给户外劳动者歇脚、喝水、热饭、充电的地方。", steps=WITH_UPGRADE,
        limits={"inspect_days": 30, "repair_days": 7, "serious_days": 1},
        figures=[
            {"label": "提升改造", "value": "14 家"}, {"label": "开展活动", "value": "42 场"}, {"label": "服务户外劳动者", "value": "2 万余人"},
            {"label": "2024-2026 年规划", "value": "90 家"},
        ],
    ),
    _place(
        "drivers_homes", "司机之家", "SJ", "C44", "truck", "给货车和网约车司机停车、充电、吃饭、洗浴的地方。", steps=WITH_UPGRADE,
        figures=[
            {"label": "面积", "value": "2000 平方米"}, {"label": "充电枪", "value": "16 个"}, {"label": "洗车工位", "value": "2 个"},
            {"label": "厕所", "value": "1 座"}, {"label": "食堂", "value": "400 平方米"},
        ],
        fields=[
            {"key": "chargers", "label": "充电枪", "kind": "whole", "unit": "个", "counted": True},
            {"key": "wash_bays", "label": "洗车工位", "kind": "whole", "unit": "个", "counted": True},
            {"key": "canteen_area", "label": "食堂面积", "kind": "decimal", "unit": "㎡", "counted": True},
            {"key": "toilets", "label": "厕所", "kind": "whole", "unit": "座", "counted": True},
        ],
    ),
    _place(
        "mothers_rooms", "妈咪暖心小屋", "MM", "C45", "heart", "给孕期和哺乳期女职工的私密、干净的小屋。",
        limits={"inspect_days": 90, "repair_days": 7, "serious_days": 1, "five_area": 10, "five_capacity": 2},
        figures=[{"label": "建成", "value": "99 家"}],
    ),
    _place(
        "reading_rooms", "职工书屋", "SW", "C56", "book", "看书、听书的地方，有声书扫码就能听。",
        limits={"inspect_days": 180, "repair_days": 14, "serious_days": 1},
        figures=[{"label": "有声书屋", "value": "7 家"}, {"label": "筹建", "value": "4 家"}, {"label": "扫码书单", "value": "30 种"}],
        fields=[
            {"key": "books", "label": "藏书", "kind": "whole", "unit": "册", "counted": True},
            {"key": "audio_lists", "label": "有声书单", "kind": "whole", "unit": "种", "counted": True},
            {"key": "renewed", "label": "多久更新", "kind": "text", "hint": "例如：每周一"},
        ],
    ),
    _place(
        "workers_homes", "职工之家和工人文化宫", "ZJ", "C22", "house-heart", "职工活动、培训和调解用的场所，可以预约。",
        limits={"inspect_days": 180, "repair_days": 14, "serious_days": 1, "booking": 1, "booking_days": 60},
        fields=[
            {
                "key": "functions", "label": "功能", "kind": "many",
                "choices": ["劳动争议调解室", "劳模创新工作室", "教育培训室", "文体活动室", "工享社团"],
            },
            {"key": "booking", "label": "预约办法", "kind": "text"},
        ],
    ),
    _place(
        "legal_aid_stations", "法律援助工作站", "FZ", "C15", "shield-check", "职工问法律、申请援助的地方。",
        limits={"inspect_days": 180, "repair_days": 14, "serious_days": 3, "five_area": 15, "five_capacity": 4},
        fields=[{"key": "lawyer_days", "label": "律师值班", "kind": "text", "hint": "例如：每周三下午"}],
    ),
    _place(
        "retreat_bases", "疗休养基地", "LJ", "C46", "tree", "公布的疗休养基地：价格、接待能力和上次检查，单位只能从中选。",
        limits={"inspect_days": 365, "repair_days": 30, "serious_days": 7},
        fields=[
            {"key": "price", "label": "每人每天价格", "kind": "money"},
            {"key": "beds", "label": "床位", "kind": "whole", "unit": "张", "counted": True},
            {"key": "listed_until", "label": "名录有效期至", "kind": "day"},
        ],
    ),
    _place(
        "care_rooms", "心理关爱室", "XG", "C49", "chat-heart", "和咨询师谈一谈的地方；谈了什么不留记录。",
        limits={
            "inspect_days": 180, "repair_days": 14, "serious_days": 1, "five_area": 10, "five_capacity": 2, "booking": 1,
            "booking_days": 30, "booking_silent": 1,
        },
    ),
]  # fmt: skip

# What a place of a programme must have; elsewhere the base services of a station hold.
BASES: dict[str, tuple[str, ...]] = {
    "mothers_rooms": (F.DOOR_LOCK, F.BASIN, F.SOCKET, F.FRIDGE, F.NON_SLIP),
    "reading_rooms": (F.REST, F.BOOKS, F.AUDIO_BOOKS, F.WIFI, F.CHARGE),
    "workers_homes": (F.REST, F.WATER, F.TOILET, F.MEETING, F.WIFI),
    "legal_aid_stations": (F.REST, F.WATER, F.PRIVATE_ROOM),
    "care_rooms": (F.REST, F.WATER, F.PRIVATE_ROOM),
    "retreat_bases": (F.REST, F.WATER, F.MEAL, F.TOILET, F.PARKING, F.WIFI),
    "drivers_homes": (F.REST, F.WATER, F.MEAL, F.CHARGE, F.TOILET, F.SHOWER, F.PARKING, F.WIFI),
}

# An exclamation mark in front: serious, to be mended within a day.
CHECKLISTS: dict[str, tuple[str, ...]] = {
    "stations": (
        "标识清楚，名称统一", "按公示时间开放", "地面、桌椅干净", "饮水有，水质合格", "微波炉能用", "充电插座能用", "！药箱药品没有过期",
        "空调能用", "！消防器材有效，通道畅通", "！电线插座没有破损", "管理制度上墙", "巡查记录齐全",
    ),
    "mothers_rooms": (
        "标识清楚", "！门锁能从里面锁上", "地面防滑、干净", "洗手台能用", "冰箱能用、干净", "插座能用", "！电线插座没有破损", "消毒记录齐全",
    ),
    "reading_rooms": ("按公示时间开放", "图书摆放整齐", "有声书二维码能扫", "借阅登记齐全", "照明良好", "！消防器材有效，通道畅通"),
    "workers_homes": ("按公示时间开放", "场地干净", "设备能用", "！消防器材有效，通道畅通", "！电线插座没有破损", "活动登记齐全"),
    "legal_aid_stations": ("标识清楚", "值班表公开", "有人值班", "有单独谈话间", "来访登记齐全", "！来访人资料锁好"),
    "care_rooms": ("标识清楚，不惹眼", "环境安静、私密", "预约电话能打通", "！来访人资料锁好", "地面、沙发干净"),
    "retreat_bases": ("价格和公布的一致", "客房干净", "！食堂证照有效", "！消防器材有效，通道畅通", "！旅游意外保险有效", "不带购物和变相旅游"),
    "drivers_homes": (
        "标识清楚", "全天开放", "淋浴能用、干净", "食堂证照有效", "车位和充电桩能用", "！消防器材有效，通道畅通", "！电线插座没有破损", "厕所干净",
    ),
}  # fmt: skip


def base_facilities(code: str) -> tuple[str, ...]:
    return tuple(str(one) for one in BASES.get(code, BASE_FACILITIES))


def usual_checklist(code: str) -> tuple[str, ...]:
    return CHECKLISTS.get(code, CHECKLISTS["stations"])


def read_checklist(lines: tuple[str, ...] | list[str]) -> list[tuple[str, bool]]:
    """(item, is serious) of each line."""
    return [(line.lstrip("!！ "), line.lstrip().startswith(("!", "！"))) for line in lines]
