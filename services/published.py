"""What was reported of the programmes (domain 1, seeds 0 to 4), as the demo has it: rows that add up to it, and the figure
of the product that says so.

docs/programmes.md tells both of each programme, and a test asks every figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple


@dataclass(frozen=True, kw_only=True)
class Published:
    """What was reported of a year, as the register of the year has it: so many rows that add up to so much.

    ``ended`` of the rows are closed, all unless it says fewer; ``state`` is where they stand instead of their end.
    ``own`` are counted fields of the programme, ``columns`` those of the shape, whole where the number is; ``answers``
    how many rows took which answer of a choice; ``alike`` is the same in every row.
    """

    year: int
    rows: int
    people: int = 0
    amount: Decimal = Decimal(0)
    ended: int | None = None
    state: str = ""
    own: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, Decimal | int] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    alike: Mapping[str, Any] = field(default_factory=dict)


# «余», «逾», «近» and «超» stand for the number itself.
PUBLISHED: dict[str, tuple[Published, ...]] = {
    # Claims.
    # The first thirteen, then those that joined.
    "alliances": (
        Published(year=2022, rows=1, state="approved", own={"member_unions": 13, "workers": 3000}),
        Published(year=2023, rows=1, state="approved", own={"member_unions": 86, "firms": 738, "workers": 6071}),
        Published(year=2024, rows=1, state="approved", own={"member_unions": 5, "workers": 2200}),
    ),
    "area_service": (Published(year=2023, rows=18, own={"visited": 340, "needs": 200, "matched": 30}),),
    # The three actions of a year, on the public board of goals.
    "brands": (
        Published(
            year=2023, rows=3, state="approved", alike={"year": 2023, "goal": "年末走访征求意见，定下一年给职工办的实事。"},
            answers={"action": {"匠心筑梦·稳企惠工": 1, "职工心愿·娘家情怀": 1, "爱在四季·工会有约": 1}},
        ),
    ),
    "collective_contracts": (
        Published(
            year=2024, rows=1000, people=40_000, own={"firms": 940, "workers": 40_000},
            answers={"performed": {"已履约": 980, "部分履约": 20}}, alike={"kind": "工资专项"},
        ),
    ),
    # Nearly ten thousand who drive and deliver joined in two years, 640 of them at one firm.
    "founding": (
        Published(year=2023, rows=30, people=9360, own={"new_form": 9360, "members": 9360}),
        Published(year=2024, rows=70, people=640, own={"new_form": 640, "members": 640}),
    ),
    "graduates": (Published(year=2023, rows=38),),
    "hardship": (Published(year=2024, rows=140, people=140, amount=Decimal(280_000)),),
    "helper_roster": (Published(year=2025, rows=30, state="verified", alike={"platform": "晋源社区"}),),
    # A team that was honoured with what it had done.
    "honours": (
        Published(
            year=2021, rows=1, state="approved", alike={"title": "工人先锋号", "level": "全国", "year": 2021},
            own={"team_size": 36, "patents": 12, "innovations": 78, "improvements": 105, "saved": 1_059_100, "output": 78_675_000},
        ),
    ),
    "membership": (
        Published(year=2023, rows=23, people=23, state="checked", alike={"gathering": "舟山新业态集中入会"}),
        Published(year=2024, rows=640, people=640, state="checked", alike={"unit": "韵达物流绍兴公司", "new_form": "快递员"}),
    ),
    "mutual_aid": (Published(year=2024, rows=9000, people=9000, amount=Decimal(1_250_000)),),
    "outings": (Published(year=2024, rows=65, amount=Decimal(650_000)),),
    "proposals": (
        Published(year=2023, rows=1000, own={"applied": 500}), Published(year=2024, rows=366, own={"works": 74}),
    ),
    # Of a payroll of six million two per cent, all of it returned.
    "rebates": (
        Published(
            year=2023, rows=1, amount=Decimal(120_000), own={"received": 120_000}, alike={"period": 2023, "payroll": "6000000", "size": "小型"},
        ),
    ),
    # Heat supplies, a list of each town; hard times that pass: a hundred people, a hundred thousand yuan.
    "relief": (
        # What a large firm gave in a year, a list each month.
        Published(year=2023, rows=12, amount=Decimal(23_000_000)),
        Published(year=2024, rows=17, people=10_000, own={"parcels": 10_000}),
        Published(year=2024, rows=100, people=100, amount=Decimal(100_000), own={"helped": 100}, alike={"temporary": True}),
    ),
    "retreats": (
        Published(year=2024, rows=120, people=12_000, amount=Decimal(24_000_000), own={"people": 12_000}),
    ),
    "stability": (Published(year=2024, rows=600),),
    "startups": (
        Published(
            year=2024, rows=173, people=1736, own={"jobs": 1736},
            answers={"grown": {"高新技术企业": 15, "瞪羚企业": 3, "拟上市企业": 1, "小微企业": 154}},
        ),
    ),
    # Orders.
    "check_ups": (Published(year=2024, rows=35, people=8900, own={"checked": 8900}),),
    "craft_visits": (
        Published(year=2024, rows=1899, people=74_421, own={"people": 7491, "problems": 5595, "trained": 74_421}),
    ),
    "cross_region": (
        Published(year=2024, rows=120, columns={"jobs": 3000, "saved": Decimal(8_000_000)}, own={"bases": 6, "items": 70}),
    ),
    "expert_panels": (Published(year=2023, rows=3),),
    # 327 problems were collected, 109 of them solved.
    "expert_visits": (Published(year=2024, rows=327, ended=109, own={"guided": 372, "trained": 4600}),),
    "law_lectures": (Published(year=2024, rows=15, people=2000, own={"attended": 2000}),),
    "school_firms": (Published(year=2024, rows=63, ended=8),),
    # 3,628 problems were collected until the end of 2023.
    "tech_line": (Published(year=2023, rows=100),),
    "tech_orders": (
        # Thirty-two firms finished orders of thirty million.
        Published(year=2021, rows=32, columns={"orders_kept": Decimal(30_000_000)}),
        Published(year=2022, rows=3318),
        Published(year=2023, rows=310, columns={"saved": Decimal(20_000_000), "orders_kept": Decimal(120_000_000)}),
    ),
    "ten_minutes": (Published(year=2024, rows=29),),
    # Places.
    "drivers_homes": (
        Published(
            year=2023, rows=1, state="open", columns={"area": 2000}, own={"chargers": 16, "wash_bays": 2, "toilets": 1, "canteen_area": 400},
        ),
    ),
    "mothers_rooms": (Published(year=2024, rows=99, state="open"),),
    "reading_rooms": (
        Published(year=2023, rows=7, state="open", own={"audio_lists": 30}), Published(year=2024, rows=4, ended=0),
    ),
    # Activities.
    "appraisal": (Published(year=2024, rows=1),),
    "basketball": (Published(year=2024, rows=1, people=200, own={"teams": 17, "players": 200}),),
    # A region, a city of it and a league; then Pujiang, 70 classes until 2024.
    "childcare": (
        Published(year=2020, rows=4, people=300), Published(year=2021, rows=110, people=45_000), Published(year=2022, rows=60, people=2400),
        Published(year=2023, rows=52, people=2000), Published(year=2024, rows=18, people=500),
    ),
    "contests": (Published(year=2023, rows=1, people=53, own={"subjects": 2}),),
    "couplets": (Published(year=2024, rows=1, people=100, own={"couplets": 500, "leaflets": 200}),),
    "craft_help": (
        Published(year=2024, rows=1899, people=74_421, own={"people": 7491, "problems": 5595, "trained": 74_421}),
    ),
    "families": (
        Published(year=2022, rows=1, people=50, own={"families": 8}, alike={"sort": "手工"}),
        Published(year=2023, rows=2106, people=236_000, own={"unions": 33}, alike={"sort": "读书"}),
        Published(year=2024, rows=1, own={"families": 20}, alike={"sort": "亲子游"}),
        Published(year=2025, rows=1, people=500, alike={"sort": "三八活动"}),
    ),
    "farewells": (Published(year=2024, rows=1, people=2, own={"retired": 2}),),
    "health_events": (Published(year=2024, rows=1, people=1000, own={"hospitals": 7, "experts": 10, "served": 1000}),),
    # Everybody takes part in the four contests; how many these are was not told.
    "homes": (Published(year=2024, rows=4, own={"should": 2720, "took_part": 2720}),),
    "job_fairs": (
        Published(year=2023, rows=1, own={"firms": 50}), Published(year=2024, rows=30, own={"firms": 900, "jobs": 10_000, "retrained": 30_000}),
    ),
    "models": (
        Published(year=2023, rows=9, people=300, alike={"sort": "交流营"}), Published(year=2024, rows=2, people=60, own={"photos": 22, "videos": 9, "words": 27_000}),
    ),
    "new_year_gifts": (Published(year=2024, rows=1, people=10_000),),
    "one_yuan": (
        Published(year=2021, rows=4, alike={"way": "年货会"}), Published(year=2022, rows=10, alike={"way": "年货会"}),
        Published(year=2023, rows=2, own={"sold": 500_000}, alike={"way": "内购会"}),
        Published(year=2024, rows=1, people=1997, own={"kinds": 10, "stock": 2000, "entrants": 50_000, "units": 37}, alike={"way": "一元抢购"}),
    ),
    "preaching": (Published(year=2024, rows=100, people=5000, own={"firms": 100, "listeners": 5000}),),
    "reform": (
        Published(
            year=2024, rows=370, people=110_000, alike={"sort": "技能竞赛", "allowance": "班组长每月 200–1000 元，师傅带徒每人每月 300 元"},
            own={
                "trained": 63_000, "upgraded": 18_000, "spent_on": 85_000_000, "practised": 2000, "apprentices": 1000, "champions": 12,
                "experts": 111, "methods": 15, "awards": 1, "party": 797, "safety": 100_000, "checked": 46_000, "screened": 1200,
            },
        ),
    ),
    "retreat_shows": (Published(year=2024, rows=6),),
    "school_match": (Published(year=2023, rows=1, own={"firms": 63, "listed": 25, "schools": 38, "signed": 8}),),
    # Five teams, ten events each.
    "team_events": (
        Published(
            year=2024, rows=50,
            own={
                "volunteers": 108, "guided": 372, "trained": 4600, "problems": 327, "solved": 109, "pairs": 26, "apprentices": 52, "clinics": 13,
                "families": 30, "surveys": 25, "techniques": 10,
            },
        ),
    ),
    "training": (
        Published(year=2021, rows=1, people=50_000, own={"hired": 10_000}, alike={"format": "半日学", "list": "电商直播"}),
        Published(year=2022, rows=1, people=100_000, alike={"format": "学历提升"}),
        Published(year=2023, rows=1, people=40, alike={"format": "小时学", "list": "行业讲理论"}), Published(year=2024, rows=15),
    ),
}  # fmt: skip


class Reproduced(NamedTuple):
    """A published figure by its label in the catalogue, and the figure of the product that says the same in the demo.

    ``code`` is the indicator, of the programme alone unless it is ``whole``; ``years`` its period as an address has it.
    """

    label: str
    code: str
    years: str
    words: str
    whole: bool = False


R = Reproduced
# What of it the demo has: every figure that a programme was reported with.
REPRODUCED: dict[str, tuple[Reproduced, ...]] = {
    "alliances": (
        R("黄岩首批", "own_claim_member_unions", "2022", "13"), R("黄岩首批职工", "own_claim_workers", "2022", "3,000"),
        R("黄岩累计组织", "own_claim_member_unions", "2022-01-01..2023-12-31", "99"), R("黄岩累计企业", "own_claim_firms", "2022-01-01..2023-12-31", "738"),
        R("黄岩累计职工", "own_claim_workers", "2022-01-01..2023-12-31", "9,071"), R("越城快递行业联合会", "own_claim_member_unions", "2024", "5"),
        R("越城快递行业联合会职工", "own_claim_workers", "2024", "2,200"),
    ),
    "area_service": (
        R("宁海走访服务企业", "own_claim_visited", "2023", "340"), R("宁海收集需求", "own_claim_needs", "2023", "200"),
        R("宁海匹配企业", "own_claim_matched", "2023", "30"),
    ),
    "basketball": (R("仰山杯队伍", "own_activity_teams", "2024", "17"), R("仰山杯队员", "own_activity_players", "2024", "200")),
    "check_ups": (R("体检企业", "order_count", "2024", "35"), R("体检职工", "own_order_checked", "2024", "8,900")),
    "childcare": (
        R("浦江 2024 班次", "activity_count", "2024", "18"), R("浦江 2024 儿童", "activity_people", "2024", "500"),
        R("浦江累计班次", "activity_count", "2023-01-01..2024-12-31", "70"), R("浦江累计儿童", "activity_people", "2023-01-01..2024-12-31", "2,500"),
        R("内蒙古班级", "activity_count", "2021", "110"), R("内蒙古儿童", "activity_people", "2021", "45,000"),
        R("鄂尔多斯班级", "activity_count", "2022", "60"), R("鄂尔多斯儿童", "activity_people", "2022", "2,400"),
        R("阿拉善班级", "activity_count", "2020", "4"), R("阿拉善儿童", "activity_people", "2020", "300"),
    ),
    "collective_contracts": (
        R("浦江 2024 年工资集体合同", "claim_count", "2024", "1,000"), R("覆盖企业", "own_claim_firms", "2024", "940"),
        R("覆盖职工", "own_claim_workers", "2024", "40,000"), R("履约率", "own_claim_performed", "2024", "98.00"),
    ),
    "contests": (R("大理第 16 届选手", "activity_people", "2023", "53"), R("大理第 16 届科目", "own_activity_subjects", "2023", "2")),
    "couplets": (
        R("春联", "own_activity_couplets", "2024", "500"), R("资料", "own_activity_leaflets", "2024", "200"), R("服务", "activity_people", "2024", "100"),
    ),
    "craft_help": (
        R("浙江试点场次", "activity_count", "2024", "1,899"), R("劳模工匠", "own_activity_people", "2024", "7,491"),
        R("难题", "own_activity_problems", "2024", "5,595"), R("培训", "own_activity_trained", "2024", "74,421"),
    ),
    "craft_visits": (
        R("浙江试点服务", "order_count", "2024", "1,899"), R("劳模工匠", "own_order_people", "2024", "7,491"),
        R("难题", "own_order_problems", "2024", "5,595"), R("培训", "own_order_trained", "2024", "74,421"),
    ),
    "cross_region": (
        R("对外服务", "order_count", "2024", "120"), R("基地", "own_order_bases", "2024", "6"), R("带动就业", "order_jobs", "2024", "3,000"),
        R("合作项目", "own_order_items", "2024", "70"), R("合作金额", "order_saved", "2024", "8,000,000.00"),
    ),
    "drivers_homes": (
        R("充电枪", "own_place_chargers", "2023", "16"), R("洗车工位", "own_place_wash_bays", "2023", "2"), R("厕所", "own_place_toilets", "2023", "1"),
        R("食堂", "own_place_canteen_area", "2023", "400.00"),
    ),
    "expert_panels": (
        R("已办", "order_count", "2023", "3"), R("一场线上专家", "order_panel_experts", "2023", "4.0"),
    ),
    "expert_visits": (
        R("收集难题", "order_count", "2024", "327"), R("解决", "order_ended_count", "2024", "109"), R("解决率", "order_finished_rate", "2024", "33.33"),
        R("技术指导", "own_order_guided", "2024", "372"), R("培训", "own_order_trained", "2024", "4,600"),
    ),
    "families": (
        R("玫瑰书香场次", "activity_count", "2023", "2,106"), R("玫瑰书香参加", "activity_people", "2023", "236,000"),
        R("玫瑰书香工会", "own_activity_unions", "2023", "33"), R("亲子", "own_activity_families", "2024", "20"), R("三八展演", "activity_people", "2025", "500"),
        R("陕西农林水利参加", "activity_people", "2022", "50"), R("陕西农林水利", "own_activity_families", "2022", "8"),
    ),
    "farewells": (R("荣退", "own_activity_retired", "2024", "2"),),
    "founding": (
        R("韵达绍兴网点", "claim_count", "2024", "70"), R("韵达绍兴快递员", "own_claim_members", "2024", "640"),
        R("越城新就业形态入会", "own_claim_new_form", "2023-01-01..2024-12-31", "10,000"),
    ),
    "graduates": (R("长春平台院校", "claim_count", "2023", "38"),),
    "hardship": (R("浦江 2024 年发放", "claim_amount_paid", "2024", "280,000.00"),),
    "health_events": (
        R("首站义诊", "own_activity_served", "2024", "1,000"), R("医院", "own_activity_hospitals", "2024", "7"), R("专家", "own_activity_experts", "2024", "10"),
    ),
    "helper_roster": (R("太原晋源帮办员", "claim_count", "2025", "30"),),
    "homes": (R("四项全员竞赛", "activity_count", "2024", "4"), R("竞赛参与率", "own_activity_took_part_rate", "2024", "100.00")),
    "honours": (
        R("安踏精益工程部", "own_claim_team_size", "2021", "36"), R("安踏专利", "own_claim_patents", "2021", "12"),
        R("安踏创新案例", "own_claim_innovations", "2021", "78"), R("安踏改善案例", "own_claim_improvements", "2021", "105"),
        R("安踏节约成本", "own_claim_saved", "2021", "1,059,100.00"), R("安踏新增产值", "own_claim_output", "2021", "78,675,000.00"),
    ),
    "job_fairs": (
        R("场次", "activity_count", "2024", "30"), R("企业", "own_activity_firms", "2024", "900"), R("岗位", "own_activity_jobs", "2024", "10,000"),
        R("再培训", "own_activity_retrained", "2024", "30,000"), R("济南人工智能专场", "own_activity_firms", "2023", "50"),
    ),
    "law_lectures": (R("普法宣传", "order_count", "2024", "15"), R("受众", "own_order_attended", "2024", "2,000")),
    "membership": (R("韵达绍兴快递员入会", "claim_people", "2024", "640"), R("舟山集中入会代表", "claim_people", "2023", "23")),
    "models": (
        R("照片", "own_activity_photos", "2024", "22"), R("视频", "own_activity_videos", "2024", "9"), R("文字", "own_activity_words", "2024", "27,000"),
        R("交流营", "activity_people", "2024", "60"), R("历年交流营", "activity_people", "2023", "300"),
    ),
    "mothers_rooms": (R("建成", "place_count", "2024", "99"),),
    "mutual_aid": (
        R("2024 年度理赔", "claim_count", "2024", "9,000"), R("2024 年度补助", "claim_amount_paid", "2024", "1,250,000.00"),
        R("2025 年度参保单位", "mutual_units", "2025", "528", whole=True), R("2025 年度参保", "mutual_people", "2025", "29,428", whole=True),
    ),
    "new_year_gifts": (R("领取", "activity_people", "2024", "10,000"),),
    "one_yuan": (
        R("一元购商品", "own_activity_kinds", "2024", "10"), R("一元购份数", "own_activity_stock", "2024", "2,000"),
        R("一元购参与", "own_activity_entrants", "2024", "50,000"), R("一元购单位", "own_activity_units", "2024", "37"),
        R("一元购抢到", "activity_people", "2024", "1,997"), R("内购会成交", "own_activity_sold", "2023", "500,000.00"),
        R("内购会", "activity_count", "2023", "2"), R("年货会原来", "activity_count", "2021", "4"), R("年货会后来", "activity_count", "2022", "10"),
    ),
    "outings": (R("浦江 2024 年春秋游", "claim_amount_paid", "2024", "650,000.00"),),
    "preaching": (R("拱墅计划企业", "own_activity_firms", "2024", "100"), R("拱墅计划听众", "own_activity_listeners", "2024", "5,000")),
    "proposals": (
        R("荆门石化解决诉求", "claim_count", "2024", "366"), R("荆门石化办理民生实事", "own_claim_works", "2024", "74"),
        R("云锡提合理化建议", "claim_count", "2023", "1,000"), R("云锡转化运用成果", "own_claim_applied", "2023", "500"),
    ),
    "reading_rooms": (
        R("有声书屋", "place_count", "2023", "7"), R("筹建", "place_count", "2024", "4"), R("扫码书单", "own_place_audio_lists", "2023", "30"),
    ),
    "rebates": (R("光大芯业", "claim_amount_paid", "2023", "120,000.00"),),
    "reform": (
        R("人教培经费", "own_activity_spent_on", "2024", "85,000,000.00"), R("培训", "own_activity_trained", "2024", "63,000"),
        R("技能提升", "own_activity_upgraded", "2024", "18,000"), R("竞赛", "activity_count", "2024", "370"), R("竞赛参加", "activity_people", "2024", "110,000"),
        R("实训", "own_activity_practised", "2024", "2,000"), R("现代学徒制", "own_activity_apprentices", "2024", "1,000"),
        R("省级技术状元", "own_activity_champions", "2024", "12"), R("技术能手", "own_activity_experts", "2024", "111"),
        R("先进操作法", "own_activity_methods", "2024", "15"), R("推优入党", "own_activity_party", "2024", "797"),
        R("安全培训", "own_activity_safety", "2024", "100,000"), R("健康体检", "own_activity_checked", "2024", "46,000"),
        R("两癌筛查", "own_activity_screened", "2024", "1,200"), R("省级奖励", "own_activity_awards", "2024", "1"),
    ),
    "relief": (
        R("临时性生活困难", "own_claim_helped", "2024", "100"), R("临时性生活困难发放", "claim_amount_paid", "2024", "100,000.00"),
        R("夏送清凉", "own_claim_parcels", "2024", "10,000"), R("荆门石化一年帮扶", "claim_amount_paid", "2023", "23,000,000.00"),
    ),
    "retreat_shows": (R("浦江 2024 年推介", "activity_count", "2024", "6"),),
    "retreats": (R("浦江 2024 年疗休养", "claim_people", "2024", "12,000"), R("浦江 2024 年疗休养经费", "claim_amount_paid", "2024", "24,000,000.00")),
    "school_firms": (R("启动时企业", "order_count", "2024", "63"), R("现场签约", "order_ended_count", "2024", "8")),
    "school_match": (
        R("启动企业", "own_activity_firms", "2023", "63"), R("平台企业", "own_activity_listed", "2023", "25"), R("学校", "own_activity_schools", "2023", "38"),
        R("现场签约", "own_activity_signed", "2023", "8"),
    ),
    "stability": (R("浦江 2024 年", "claim_count", "2024", "600"),),
    "startups": (R("福州中心团队", "claim_count", "2024", "173"), R("福州中心带动就业", "own_claim_jobs", "2024", "1,736")),
    "team_events": (
        R("工匠", "own_activity_volunteers", "2024", "108"), R("难题", "own_activity_problems", "2024", "327"), R("解决", "own_activity_solved", "2024", "109"), R("解决率", "own_activity_solved_rate", "2024", "33.33"),
        R("培训", "own_activity_trained", "2024", "4,600"), R("技术指导", "own_activity_guided", "2024", "372"), R("义诊进企业", "own_activity_clinics", "2024", "13"),
        R("结对困难职工", "own_activity_families", "2024", "30"), R("调研", "own_activity_surveys", "2024", "25"), R("带徒工匠", "own_activity_pairs", "2024", "26"),
        R("青年技工", "own_activity_apprentices", "2024", "52"), R("新技术", "own_activity_techniques", "2024", "10"),
    ),
    "tech_line": (R("线上答复率", "order_reply_rate", "2023", "100.00"),),
    "tech_orders": (
        R("一年服务企业", "order_visits", "2023", "100"), R("解决难题", "order_count", "2023", "310"), R("平均接单", "order_accept_minutes_mean", "2023", "5.0"),
        R("线上答复率", "order_reply_rate", "2023", "100.00"), R("节约成本", "order_saved", "2023", "20,000,000.00"),
        R("拓展订单", "order_orders_kept", "2023", "120,000,000.00"), R("收集难题", "order_count", "2022-01-01..2023-12-31", "3,628"),
        R("完成订单企业", "order_count", "2021", "32"), R("完成订单", "order_orders_kept", "2021", "30,000,000.00"),
    ),
    "ten_minutes": (R("试点企业", "order_count", "2024", "29"),),
    "training": (
        R("徐州公益培训班", "activity_count", "2024", "15"), R("西宁快递小哥", "activity_people", "2023", "40"), R("海宁产业工人", "activity_people", "2022", "100,000"),
        R("烟台培训", "activity_people", "2021", "50,000"), R("烟台带动就业", "own_activity_hired", "2021", "10,000"),
    ),
}  # fmt: skip

# What the demo has of a programme beside its rows, and the test that counts it.
DEMO = "tests/services/test_demo.py"
BESIDE: dict[str, tuple[str, str]] = {
    "appraisal": ("发出 141 票，收回 137 票，总体满意 127、基本满意 10", DEMO),
    "expert_panels": ("全年计划 50 场，每场 4 位专家", DEMO),
    "helpers": ("30 名帮办员在名册里", DEMO),
    "mutual_aid": ("528 家单位、29,428 人参保", DEMO),
    "stations": ("2024-2026 年规划 90 家，已提升 14 家（15.56%），42 场服务 20,160 人", DEMO),
    "team_events": ("5 支队伍 108 名工匠，每队一年 10 场", DEMO),
    "tech_orders": ("118 名工匠在名册里，接单平均 5 分钟", DEMO),
    "ten_minutes": ("120 名宣讲员在名册里", DEMO),
}

# Labels of the catalogue whose figure is no indicator: a plan, a rule, a register or a ballot. Where it is shown, and the test.
SHOWN_BESIDE: dict[tuple[str, str], tuple[str, str]] = {
    ("appraisal", "发出"): ("选票", DEMO),
    ("appraisal", "收回"): ("选票", DEMO),
    ("appraisal", "满意"): ("选票", DEMO),
    ("appraisal", "基本满意"): ("选票", DEMO),
    ("benefits", "节日每年最多"): ("批准时的上限", "tests/services/test_benefits.py"),
    ("benefits", "生日每年最多"): ("批准时的上限", "tests/services/test_benefits.py"),
    ("benefits", "结婚、生育、住院、退休、去世每次最多"): ("批准时的上限", "tests/services/test_benefits.py"),
    ("childcare", "每名补助"): ("补助测算", "tests/services/test_childcare.py"),
    ("drivers_homes", "面积"): ("场所资料", DEMO),
    ("expert_panels", "今年计划"): ("每年计划办结", DEMO),
    ("hazards", "可能导致事故，奖励"): ("奖励测算", "tests/services/test_claims.py"),
    ("hazards", "可直接引发事故，奖励"): ("奖励测算", "tests/services/test_claims.py"),
    ("retreats", "每人"): ("经费除以人数", DEMO),
    ("startups", "高新技术企业"): ("填报的“成长为”", DEMO),
    ("startups", "瞪羚企业"): ("填报的“成长为”", DEMO),
    ("startups", "拟上市企业"): ("填报的“成长为”", DEMO),
    ("stations", "提升改造"): ("覆盖规划和 `place_upgraded` 2024: 14", DEMO),
    ("stations", "开展活动"): ("`place_services` 2024: 42", DEMO),
    ("stations", "服务户外劳动者"): ("`place_served` 2024: 20,160", DEMO),
    ("stations", "2024-2026 年规划"): ("覆盖规划", DEMO),
    ("team_events", "队伍"): ("服务队名册", DEMO),
    ("tech_orders", "帮帮团工匠"): ("师傅名册", DEMO),
    ("ten_minutes", "讲师"): ("师傅名册", DEMO),
}

# What was published of an entry and is nowhere in the demo, and why not.
GOAL, NOT_ROWS, TRADE = (
    "a goal or plan of another body, no result",
    "told in words, without a number of cases",
    "the size of a trade, no result of a union",
)
NOT_IN_DEMO: dict[str, tuple[tuple[str, str], ...]] = {
    "C06": (("十三个维度满意率 93.26%", "practice of another union; the demo shows the ballot of 141"),),
    "C08": (("基层工会委员和工会小组长 272 名，一线职工超 40%", "they are accounts; the demo has one for each role"),),
    "C15": (("长兴普法资料 200 余份", "reproduced with C59, where they were given out"),),
    "C18": (("培训班上千场", NOT_ROWS),),
    "C19": (("舟山巡游出租从业 2000 余人、网约车从业 1800 余人", TRADE),),
    "C25": (("安踏效率提升 10.24%、会议 68 次、产量增加 67.14 万件", "of one team; shares and pieces do not add up over teams"),),
    "C31": (("全国每年工匠服务 3 万人次、企业 2 万家、难题 3 万个、职工 30 万人次", GOAL),),
    "C36": (
        ("全总 2024 年扶持 5 万名创业、带动 50 万人次", GOAL), ("烟台三年计划 6 万多个岗位、500 多名创业者", GOAL),
        ("烟台直播平台 78 个、增收 15%～30%", "places of another body, and shares that do not add up"),
    ),
    "C42": (("广东计划专家超千人次、职工逾 5 万名", GOAL),),
    "C43": (
        ("内蒙古 20 家各 3 万元、阿拉善 4 家各 2 万元", "paid by a region to classes of its own choice; the product reckons by its table"),
        ("青山区 173 名、24.22 万元", "the arithmetic, 1,400 yuan each, is asked in tests/services/test_childcare.py"),
    ),
    "C48": (("商品价值 26～84 元", "a price of each article, no sum"),),
    "C57": (("“长BA”每年几万名", NOT_ROWS),),
}  # fmt: skip
