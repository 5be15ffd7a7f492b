"""What was reported of the programmes (domain 1, seeds 0 to 4), as the demo has it: rows that add up to it.

docs/programmes.md says of each programme what the demo has, and a test asks the figures for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Published:
    """What was reported of a year, as the register of the year has it: so many rows that add up to so much.

    ``ended`` of the rows are closed, all unless it says fewer; ``state`` is where they stand instead of their end.
    ``own`` are counted fields of the programme, ``columns`` those of the shape, whole where the number is.
    """

    year: int
    rows: int
    people: int = 0
    amount: Decimal = Decimal(0)
    ended: int | None = None
    state: str = ""
    own: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, Decimal | int] = field(default_factory=dict)


# «余», «逾», «近» and «超» stand for the number itself.
PUBLISHED: dict[str, tuple[Published, ...]] = {
    # Claims.
    "alliances": (
        Published(year=2023, rows=1, own={"member_unions": 13, "workers": 3000}),
        Published(year=2024, rows=1, own={"member_unions": 5, "workers": 2200}),
    ),
    "collective_contracts": (Published(year=2024, rows=1000, people=40_000, own={"firms": 940, "workers": 40_000}),),
    "founding": (Published(year=2024, rows=70, people=640, own={"new_form": 640, "members": 640}),),
    "membership": (Published(year=2024, rows=640, people=640, state="checked"),),
    "mutual_aid": (Published(year=2024, rows=9000, people=9000, amount=Decimal(1_250_000)),),
    "proposals": (Published(year=2024, rows=366),),
    "rebates": (Published(year=2024, rows=1, amount=Decimal(120_000)),),
    # Hard times that pass: a hundred people, a hundred thousand yuan.
    "relief": (Published(year=2024, rows=100, people=100, amount=Decimal(100_000)),),
    "retreats": (
        Published(year=2024, rows=120, people=12_000, amount=Decimal(24_000_000), own={"people": 12_000}),
    ),
    "stability": (Published(year=2024, rows=600),),
    "startups": (Published(year=2024, rows=173, people=1736, own={"jobs": 1736}),),
    # Orders.
    "check_ups": (Published(year=2024, rows=35, people=8900, own={"checked": 8900}),),
    "craft_visits": (
        Published(year=2024, rows=1899, people=74_421, own={"problems": 5595, "trained": 74_421}),
    ),
    "cross_region": (Published(year=2024, rows=120, columns={"jobs": 3000}),),
    # 327 problems were collected, 109 of them solved.
    "expert_visits": (Published(year=2024, rows=327, ended=109, own={"guided": 372, "trained": 4600}),),
    "law_lectures": (Published(year=2024, rows=15, people=2000, own={"attended": 2000}),),
    "school_firms": (Published(year=2024, rows=63, ended=8),),
    "tech_orders": (
        Published(year=2023, rows=310, columns={"saved": Decimal(20_000_000), "orders_kept": Decimal(120_000_000)}),
    ),
    "ten_minutes": (Published(year=2024, rows=29),),
    # Places.
    "drivers_homes": (Published(year=2023, rows=1, state="open", own={"chargers": 16, "wash_bays": 2}),),
    "mothers_rooms": (Published(year=2024, rows=99, state="open"),),
    "reading_rooms": (
        Published(year=2023, rows=7, state="open", own={"audio_lists": 30}), Published(year=2024, rows=4, ended=0),
    ),
    # Activities.
    "appraisal": (Published(year=2024, rows=1),),
    "basketball": (Published(year=2024, rows=1, people=200, own={"teams": 17, "players": 200}),),
    "childcare": (
        Published(year=2023, rows=110, people=45_000), Published(year=2024, rows=18, people=500),
    ),
    "contests": (Published(year=2024, rows=1, people=53),),
    "couplets": (Published(year=2024, rows=1, people=100, own={"couplets": 500, "leaflets": 200}),),
    "craft_help": (
        Published(year=2024, rows=1899, people=74_421, own={"people": 7491, "problems": 5595, "trained": 74_421}),
    ),
    "families": (
        Published(year=2023, rows=2106, people=236_000), Published(year=2024, rows=1, own={"families": 20}),
    ),
    "farewells": (Published(year=2024, rows=1, people=2, own={"retired": 2}),),
    "health_events": (Published(year=2024, rows=1, people=1000, own={"hospitals": 7, "experts": 10, "served": 1000}),),
    "homes": (Published(year=2024, rows=4),),
    "job_fairs": (Published(year=2024, rows=30, own={"firms": 900, "jobs": 10_000}),),
    "models": (Published(year=2024, rows=2, people=60, own={"photos": 22, "videos": 9}),),
    "new_year_gifts": (Published(year=2024, rows=1, people=10_000),),
    "one_yuan": (
        Published(year=2024, rows=1, people=1997, own={"kinds": 10, "stock": 2000}),
    ),
    "preaching": (Published(year=2024, rows=100, people=5000, own={"firms": 100, "listeners": 5000}),),
    "reform": (
        Published(year=2024, rows=370, own={"trained": 63_000, "upgraded": 18_000, "spent_on": 85_000_000}),
    ),
    "school_match": (Published(year=2024, rows=1, own={"firms": 63, "schools": 38, "signed": 8}),),
    # Five teams, ten events each.
    "team_events": (
        Published(
            year=2024, rows=50, own={"guided": 372, "trained": 4600, "problems": 327, "solved": 109, "pairs": 26}
        ),
    ),
    "training": (Published(year=2024, rows=15),),
}  # fmt: skip

# What the demo has of a programme beside its rows, and the test that counts it.
BESIDE: dict[str, tuple[str, str]] = {
    "appraisal": ("发出 141 票，收回 137 票，总体满意 127、基本满意 10", "tests/services/test_demo.py"),
    "helpers": ("30 名帮办员在名册里", "tests/services/test_demo.py"),
    "mutual_aid": ("528 家单位、29,428 人参保", "tests/services/test_demo.py"),
    "stations": (
        "2024-2026 年规划 90 家，已提升 14 家（15.56%），42 场服务 20,160 人",
        "tests/services/test_demo.py",
    ),
    "team_events": ("5 支队伍 108 名工匠，每队一年 10 场", "tests/services/test_demo.py"),
    "tech_orders": ("118 名工匠在名册里，接单平均 5 分钟", "tests/services/test_demo.py"),
    "ten_minutes": ("120 名宣讲员在名册里", "tests/services/test_demo.py"),
}
