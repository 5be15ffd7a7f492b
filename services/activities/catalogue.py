"""Programmes of the catalogue that are activities (domain 1): rows of `services.models.Programme`, made where a district wants them.

Each row holds what differs from the shape; ``figures`` are what was published, which the demonstration reproduces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..enums import Applicant, FieldKind, Relation, Shape
from ..extra import Extra, write_extras
from ..shapes import YEAR_PLAN
from .enums import ActivityVerb as V

# Part of the name of the department that usually runs the programmes of a group, the best first.
DEPARTMENTS = {
    "文体活动": ("宣教", "女工"), "技能提升": ("经济", "劳动"), "就业服务": ("服务中心", "权保"), "关爱服务": ("女工", "服务中心"),
    "评选和测评": ("组织", "基层"), "宣讲和思想引领": ("宣教", "组织"),
}  # fmt: skip
CULTURE, SKILL, WORK, CARE, HONOUR, VOICE = (
    "文体活动",
    "技能提升",
    "就业服务",
    "关爱服务",
    "评选和测评",
    "宣讲和思想引领",
)
KIND = FieldKind


def counted(key: str, label: str, unit: str, at: str = V.FINISH, kind: str = KIND.WHOLE, **more: Any) -> Extra:
    """A number that is asked when the activity is over, and added up in the figures."""
    return Extra(key=key, label=label, kind=kind, at=at, unit=unit, counted=True, public=False, **more)


def row(
    catalogue: str, code: str, prefix: str, name: str, summary: str, group: str, *, steps: Sequence[str] = (V.PUBLISH, V.ACCOUNT),
    fields: Sequence[Extra] = (), figures: Mapping[str, str] | None = None, icon: str = "calendar3", **more: Any,
) -> dict[str, Any]:  # fmt: skip
    return {
        "shape": Shape.ACTIVITY, "catalogue": catalogue, "code": code, "prefix": prefix, "name": name, "summary": summary, "group": group, "department": list(DEPARTMENTS[group]),
        "icon": icon, "applicants": [Applicant.UNION], "steps": list(steps), "fields": write_extras(fields),
        "figures": [{"label": label, "value": value} for label, value in (figures or {}).items()], "keep_years": 5, **more,
    }  # fmt: skip


def choice(key: str, label: str, *choices: str, required: bool = False) -> Extra:
    return Extra(key=key, label=label, kind=KIND.CHOICE, choices=choices, required=required)


# With the leader's approval of the plan and its money.
APPROVED = (V.APPROVE, V.PUBLISH, V.ACCOUNT)
# Nobody enrols beforehand: who comes is counted.
UNENROLLED = (V.ACCOUNT,)

PROGRAMMES: list[dict[str, Any]] = [
    row("C06", "appraisal", "CP", "请你来评“家”", "会员给工会打分：名单冻结、一人一票、不记名，公布回收率", HONOUR, icon="clipboard-check",
        limits={"ballot": 1}, steps=(), names={"verb:start": "开始测评", "verb:finish": "公布结果", "state:running": "测评中", "state:finished": "已公布"},
        fields=(Extra(key="rectify", label="整改事项", kind=KIND.PARAGRAPH, at=V.ARCHIVE, public=False),),
        figures={"发出": "141 票", "收回": "137 票", "满意": "127 票", "基本满意": "10 票"}),
    row("C18", "reform", "CG", "产业工人队伍建设改革", "人教培、师带徒、岗位练兵和安全培训的场次与人次", SKILL,
        fields=(choice("sort", "内容", "技能竞赛", "技能培训", "师带徒", "岗位练兵", "安全培训", "学徒制", "四技五小", "健康体检"), counted("trained", "培训人次", "人次"),
                counted("upgraded", "晋升等级", "人次"), counted("spent_on", "人教培经费", "元", kind=KIND.MONEY), counted("practised", "实训", "人次"),
                counted("apprentices", "现代学徒", "人次"), counted("champions", "省级技术状元", "人"), counted("experts", "技术能手", "人"),
                counted("methods", "先进操作法", "项"), counted("awards", "省级奖励", "项"), counted("party", "推优入党", "名"), counted("safety", "安全培训", "人次"),
                counted("checked", "健康体检", "人次"), counted("screened", "两癌筛查", "人次"),
                Extra(key="allowance", label="班组长和带徒津贴", kind=KIND.TEXT, hint="每月多少元，从哪年起")),
        figures={"人教培经费": "8500 万元", "培训": "6.3 万余人次", "技能提升": "1.8 万余人次", "竞赛": "370 多项", "竞赛参加": "11 万人次", "实训": "2000 余人次",
                 "现代学徒制": "近 1000 人次", "省级技术状元": "12 人", "技术能手": "111 人", "先进操作法": "15 项", "推优入党": "797 名",
                 "安全培训": "10 万余人次", "健康体检": "4.6 万多人次", "两癌筛查": "1200 多人次", "省级奖励": "1 项"}),
    row("C24", "homes", "JJ", "我的工会·我的家", "匠心、暖心、舒心之家和“1314”竞赛，看参与率", CULTURE, icon="house-door",
        limits={"contest": 1}, fields=(choice("home", "哪一个家", "匠心之家", "暖心之家", "舒心之家"), counted("should", "应参加", "人"), counted("took_part", "实际参加", "人", part_of="should")),
        figures={"四项全员竞赛": "4 项", "竞赛参与率": "100%"}),
    row("C25", "models", "LM", "劳模展示和交流", "流动展览馆、交流营、先锋号创建", HONOUR, icon="star",
        fields=(choice("sort", "形式", "流动展览", "交流营", "三人谈", "示范课", "结对收徒"), counted("photos", "照片", "张"), counted("videos", "视频", "部"), counted("words", "文字", "字"),
                Extra(key="partner", label="和谁交流")),
        figures={"照片": "22 张", "视频": "9 部", "文字": "2.7 万余字", "交流营": "30 人 + 30 人", "历年交流营": "300 多人"}),
    row("C32", "training", "PX", "职工技能培训", "小时学、半日学、观摩学，发证书", SKILL, icon="journal-text", is_public=True, steps=APPROVED,
        fields=(choice("format", "形式", "小时学", "半日学", "观摩学", "学历提升", required=True),
                choice("list", "课程", "行业讲理论", "企业讲操作", "专家讲提升", "消防安全", "整理收纳", "养老护理", "电商直播"),
                Extra(key="lessons", label="课时", kind=KIND.WHOLE, unit="小时"), counted("certificates", "发证书", "本"), counted("hired", "结业后就业", "人")),
        figures={"徐州公益培训班": "15 个", "西宁快递小哥": "40 名", "海宁产业工人": "10 万", "烟台培训": "5 万多名", "烟台带动就业": "1 万余人"}),
    row("C33", "contests", "JS", "劳动和技能竞赛", "项目、选手、评委打分、名次和奖励", SKILL, icon="flag", limits={"contest": 1}, steps=APPROVED,
        fields=(Extra(key="events", label="竞赛项目", required=True), counted("subjects", "科目", "个"), counted("awarded", "授奖", "人"), counted("titles", "技术能手", "人")),
        figures={"大理第 16 届选手": "53 名", "大理第 16 届科目": "2 个"}),
    row("C34", "school_match", "XQ", "校企对接会", "企业需求和毕业生信息对接，签约", WORK, icon="intersect",
        fields=(counted("firms", "到场企业", "家"), counted("listed", "平台企业", "家"), counted("schools", "学校", "所"), counted("signed", "签约", "家"), counted("graduates", "毕业生信息", "条")),
        figures={"启动企业": "63 家", "平台企业": "25 家", "学校": "38 所", "现场签约": "8 家"}),
    row("C35", "job_fairs", "ZP", "招聘会", "企业、岗位、应聘、意向，三十天后看入职", WORK, icon="people", is_public=True, steps=(V.PUBLISH, V.ACCOUNT),
        fields=(choice("way", "方式", "现场", "线上", "直播"), counted("firms", "企业", "家"), counted("jobs", "岗位", "个"), counted("visitors", "到场求职", "人次"), counted("cvs", "收到简历", "份"),
                counted("intentions", "达成意向", "人"), counted("retrained", "再就业培训", "名"), counted("hired", "三十天后入职", "人", at=V.ARCHIVE)),
        figures={"场次": "30 余场", "企业": "900 余家", "岗位": "逾 1 万个", "再培训": "3 万余名", "济南人工智能专场": "50 余家"}),
    row("C37", "craft_college", "JX", "工匠学院", "匠心人才计划：讲座、实验室、带徒", SKILL,
        fields=(counted("talents", "学员", "人"), counted("labs", "联合实验室", "个"))),
    row("C40", "new_year_gifts", "LB", "迎新年大礼包", "在岗过年的职工，一人一份，扫码或名单领取", CARE, icon="heart", steps=APPROVED, is_public=True,
        fields=(Extra(key="who_may", label="领取条件", required=True),), figures={"领取": "近 1 万名"}),
    row("C42", "health_events", "YZ", "义诊和体检", "只记人数，不记任何人的诊断", CARE, icon="life-preserver",
        fields=(choice("sort", "内容", "上门体检", "义诊", "两癌筛查", "理发", "心理团辅"), counted("hospitals", "医院", "家"), counted("experts", "专家", "人次"),
                counted("served", "服务", "人")),
        figures={"首站义诊": "1000 余名", "医院": "7 家", "专家": "10 余名"}),
    row("C43", "childcare", "TG", "爱心托管班", "寒暑假孩子有人看：验收、同意、签到接送、出勤和补助", CARE, icon="people-fill", is_public=True,
        steps=(V.PUBLISH, V.ACCOUNT), limits={"attendance_percent": 70},
        names={"verb:start": "开班", "verb:finish": "结班", "state:running": "开班中", "state:finished": "已结班"},
        documents=["场地验收表", "人员查询结果", "保险单", "协议书"],
        fields=(Extra(key="area", label="场地面积", kind=KIND.DECIMAL, unit="㎡"), Extra(key="fee", label="收费", kind=KIND.MONEY, unit="元", hint="不收费写 0")),
        figures={"浦江 2024 班次": "18", "浦江 2024 儿童": "逾 500", "浦江累计班次": "70 余班次", "浦江累计儿童": "近 2500 名", "内蒙古班级": "110 多个",
                 "内蒙古儿童": "4.5 万余人次", "鄂尔多斯班级": "60 家", "鄂尔多斯儿童": "2400 多名", "阿拉善班级": "4 家", "阿拉善儿童": "300 余人", "每名补助": "1400 元"}),
    row("C47", "matchmaking", "XQJ", "相亲交友", "只为这次活动用，结束后删除个人情况", CARE, icon="heart", is_public=True, is_confidential=True, keep_years=1,
        limits={"erase_days": 1}, fields=(counted("pairs", "牵手", "对"),)),
    row("C48", "one_yuan", "YY", "一元购和普惠", "有库存、先到先得或抽签，一人一份", CARE, icon="cash-stack", is_public=True,
        fields=(choice("way", "怎么发", "一元抢购", "抽签", "内购会", "年货会", "优惠券"), counted("kinds", "商品", "种"), counted("stock", "份数", "份"),
                counted("entrants", "参与", "名"), counted("units", "参与单位", "家"), counted("sold", "成交额", "元", kind=KIND.MONEY),
                counted("vouchers", "核销优惠券", "张")),
        figures={"一元购商品": "10 种", "一元购份数": "2000 余份", "一元购参与": "5 万名", "一元购单位": "37 家", "一元购抢到": "1997 名", "内购会": "2 场",
                 "内购会成交": "50 多万元", "年货会原来": "4 场", "年货会后来": "10 场"}),
    row("C49", "mind_care", "XL", "心理关爱", "预约和团辅只记人数，谈了什么不记", CARE, icon="chat-square-text", is_confidential=True,
        fields=(choice("sort", "形式", "团体辅导", "个别咨询", "讲座"), counted("served", "服务", "人次"))),
    row("C50", "families", "QZ", "亲子和女职工活动", "亲子游、读书会、三八活动", CARE, icon="people",
        fields=(choice("sort", "内容", "亲子游", "假游", "读书", "三八活动", "手工"), counted("families", "家庭", "组"), counted("unions", "参加工会", "个")),
        figures={"玫瑰书香场次": "2106 场", "玫瑰书香参加": "23.6 万人次", "玫瑰书香工会": "33 个", "亲子": "20 余组", "三八展演": "500 余名",
                 "陕西农林水利参加": "50 余名", "陕西农林水利": "8 对"}),
    row("C53", "lecture_hall", "DJ", "职工大讲堂", "系列讲座，一期接一期", VOICE, icon="megaphone", is_public=True,
        fields=(Extra(key="topic", label="主题", required=True), Extra(key="lecturer", label="主讲人"))),
    row("C54", "preaching", "XJ", "“五进”宣讲", "进企业、车间、班组、工地、园区，形式多样", VOICE, icon="megaphone",
        steps=UNENROLLED, limits={YEAR_PLAN: 100},
        fields=(choice("into", "进哪里", "企业", "车间", "班组", "工地", "园区", required=True), choice("form", "形式", "评书", "相声", "小品", "快板", "戏曲", "党课"),
                counted("firms", "企业", "家", target=100), counted("listeners", "听众", "人次", target=5000)),
        figures={"拱墅计划企业": "100 家以上", "拱墅计划听众": "5000 人次"}),
    row("C55", "model_talks", "LX", "劳模宣讲和结对", "劳模走上讲台，结对带徒", VOICE, icon="megaphone", steps=UNENROLLED,
        fields=(counted("talks", "宣讲", "场"), counted("pairs", "结对", "对"))),
    row("C57", "basketball", "LQ", "职工篮球赛", "队伍、赛程、名次", CULTURE, icon="flag", limits={"contest": 1}, steps=APPROVED,
        fields=(counted("teams", "队伍", "支"), counted("players", "队员", "人"), counted("spectators", "观众", "人次")),
        figures={"仰山杯队伍": "17 家", "仰山杯队员": "200 多名"}),
    row("C58", "culture", "WH", "职工文化活动", "展演、读书、节日活动", CULTURE, icon="star",
        fields=(choice("sort", "内容", "文艺展演", "读书", "摄影书画", "节日活动"), counted("audience", "观众", "人次"))),
    row("C59", "couplets", "WF", "送万福进万家", "写春联，同时普法、义剪", CULTURE, icon="pencil", steps=UNENROLLED,
        fields=(counted("couplets", "春联和福字", "副"), counted("leaflets", "普法资料", "份"), counted("haircuts", "义剪", "人")),
        figures={"春联": "500 余副", "资料": "200 余份", "服务": "100 余名"}),
    row("C60", "farewells", "NH", "年会和退休欢送", "新春年会、员工关爱、荣退", CULTURE, icon="people",
        fields=(choice("sort", "内容", "新春年会", "生日会", "退休欢送"), counted("retired", "荣退", "人")),
        figures={"荣退": "2 人"}),
    row("C61", "volunteers", "ZY", "职工志愿服务", "护水、送粥、大篷车，记志愿时长", CARE, icon="heart", is_public=True,
        fields=(counted("hours", "志愿时长", "小时", kind=KIND.DECIMAL), counted("served", "服务", "人次"))),
    row("C63", "commendation", "PY", "年度评议总结", "年终评议、评优表彰", HONOUR, icon="star-fill", steps=APPROVED,
        deciders={f"verb:{V.APPROVE}": [Relation.CHIEF]},
        fields=(counted("people", "表彰个人", "人"), counted("groups", "表彰集体", "个"))),
    row("C65", "digital_craft", "SZ", "数字经济工匠培育", "产业工人数字技能和技术创新", SKILL, icon="table",
        fields=(counted("trained", "培育", "人"), counted("innovations", "创新成果", "项"), counted("patents", "专利", "项"))),
    row("C29", "team_events", "FW", "劳模工匠服务队活动", "五支队伍，每队一年十场；六个一百", SKILL, icon="people-fill", steps=UNENROLLED,
        fields=(choice("sort", "内容", "技术指导", "技能培训", "精神宣讲", "义诊", "调研", "帮扶结对", required=True), counted("guided", "技术指导", "人次"),
                # The six hundreds of a year: people, firms and parks, problems, young talents, trainings, talks.
                counted("volunteers", "服务团队", "人", target=100), counted("firms", "企业园区", "家", target=100), counted("solved", "解决难题", "个", target=100, part_of="problems"),
                counted("apprentices", "青蓝人才", "名", target=100), counted("trainings", "技能培训", "场", target=100), counted("talks", "精神宣讲", "场", target=100),
                counted("problems", "收集难题", "个"), counted("trained", "培训", "人"), counted("pairs", "带徒的工匠", "名"), counted("clinics", "义诊进企业", "场"),
                counted("families", "结对困难职工", "名"), counted("surveys", "调研", "次"), counted("techniques", "推广新技术", "项")),
        figures={"工匠": "108 名", "队伍": "5 支", "难题": "327 个", "解决": "109 个", "解决率": "33.33%", "培训": "4600 名", "技术指导": "372 人次", "义诊进企业": "13 场",
                 "结对困难职工": "30 余名", "调研": "25 次", "带徒工匠": "26 名", "青年技工": "52 名", "新技术": "10 余项"}),
    row("C46", "retreat_shows", "LT", "疗休养推介", "把基地介绍给单位，现场问价比路线", CARE, icon="megaphone", steps=UNENROLLED,
        fields=(Extra(key="bases", label="推介哪些基地", required=True), counted("units", "到会单位", "家")), figures={"浦江 2024 年推介": "6 场"}),
    row("C31", "craft_help", "ZQ", "助企行集中服务", "理论解惑、实操指导、精神传承三部分一次做完", SKILL, icon="tools", steps=UNENROLLED,
        fields=(Extra(key="theory", label="理论解惑", kind=KIND.YES_NO, at=V.FINISH), Extra(key="practice", label="实操指导", kind=KIND.YES_NO, at=V.FINISH),
                Extra(key="spirit", label="精神传承", kind=KIND.YES_NO, at=V.FINISH), counted("people", "劳模工匠", "人次"), counted("problems", "解决难题", "个"),
                counted("trained", "培训", "人")),
        figures={"浙江试点场次": "1899", "劳模工匠": "7491 人次", "难题": "5595 个", "培训": "74421 人"}),
]  # fmt: skip
