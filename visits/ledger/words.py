"""The words of offices and what they mean here: categories (domain 2.5), urgency (2.6), results (2.4), modes (2.2)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from unionops.casework.enums import Satisfaction, Urgency
from unionops.casework.sheets import plain
from unionops.org.enums import Industry, SizeClass

from ..enums import RESOLVED_RESULTS, Policy, ResultKind, TargetType, VisitMode

_ALIKE = 80


class Outcome(NamedTuple):
    """What a ledger says of an issue: a result of ours, or none while it is open."""

    kind: str = ""
    # The word is known; what is not known stays open and is shown to the person.
    known: bool = True

    @property
    def resolved(self) -> bool:
        return self.kind in RESOLVED_RESULTS


OTHER = "OTH"

# Code of the category → words. A word is listed under the narrowest meaning that it has.
_SUBJECTS = {
    "ORG": "建会入会 工会组建 组织建设 建会 组建工会 工会建设 union founding",
    "ORG-01": "新建工会 筹建工会 成立工会 尚未组建工会 未建会 建立工会",
    "ORG-02": "换届选举 换届 选举",
    "ORG-03": "会员入会 入会 会员发展 发展会员",
    "ORG-04": "新业态入会 骑手入会 货车司机入会",
    "ORG-05": "法人登记 法人变更 法人资格 工会法人",
    "ORG-06": "组织规范化 规范化建设 工会规范",
    "ORG-07": "工会活力 工会作用",
    "FUND": "经费返还 返还经费 工会经费 经费",
    "FUND-01": "小微返还 小微企业经费返还 小微企业工会经费返还 小微经费返还 小额缴费",
    "FUND-02": "经费拨缴 经费缴纳 经费收缴 拨缴",
    "FUND-03": "经费使用合规 经费使用 经费合规",
    "FUND-04": "账户开设 开户 工会账户",
    "EMPL": "劳动用工规范 劳动用工 用工 用工规范 劳动关系",
    "EMPL-01": "合同签订 合同 劳动合同 签订合同",
    "EMPL-02": "规章制度 厂规",
    "EMPL-03": "工时休假 工时 休假 加班时间 年休假",
    "EMPL-04": "劳务派遣 劳务外包 派遣 外包",
    "EMPL-05": "试用期",
    "EMPL-06": "实习 暑期工 实习生",
    "EMPL-07": "超龄用工 超龄",
    "EMPL-08": "社保缴纳 社保 五险 社会保险 公积金",
    "WAGE": "工资 工资待遇 薪资 薪酬 劳动报酬 工资福利",
    "WAGE-01": "欠薪 工资拖欠 拖欠工资 讨薪 未发工资 工资未按时发放 工资没发 工资没有发 工资未发 工资还没发 没发工资 没有发工资 工资拖 欠工资 工钱",
    "WAGE-02": "加班费 加班工资",
    "WAGE-03": "最低工资",
    "WAGE-04": "工资集体协商 集体协商 工资协商",
    "WAGE-05": "高温津贴 高温补贴 高温费",
    "WAGE-06": "生育津贴",
    "WAGE-07": "提成 计件 计件工资",
    "SKILL": "技能培训 培训 技能提升 职业技能",
    "SKILL-01": "培训需求",
    "SKILL-02": "师资对接 消防培训 专业老师 师资 讲师",
    "SKILL-03": "技能等级认定 技能等级 技能鉴定 职称",
    "SKILL-04": "技能竞赛 竞赛 技能比武 劳动竞赛",
    "SKILL-05": "学历提升 学历",
    "SKILL-06": "技术难题 技术攻关",
    "SAFE": "安全隐患 安全 安全生产 安全健康 隐患",
    "SAFE-01": "消防 消防隐患 消防安全 消防栓 消防通道",
    "SAFE-02": "设备安全 设备隐患 设备",
    "SAFE-03": "职业危害 职业病 粉尘 噪声 噪音",
    "SAFE-04": "高温 防暑降温 高温作业",
    "SAFE-05": "重大隐患 重大事故隐患",
    "SAFE-06": "劳保用品 劳保 劳动保护",
    "RECRUIT": "招工用工 招工难 招工 招聘 缺工 用工荒 用工难 缺操作工",
    "RECRUIT-01": "季节性缺工 季节性用工",
    "RECRUIT-02": "留人难 人员流失 流动性大",
    "RECRUIT-03": "招聘会",
    "RECRUIT-04": "转岗",
    "RECRUIT-05": "大学生就业 高校毕业生",
    "HARD": "困难帮扶 困难职工 帮扶 帮困 困难救助 生活困难",
    "HARD-01": "因病 因病致困 大病 患病",
    "HARD-02": "因残 残疾",
    "HARD-03": "子女上学 金秋助学 助学",
    "HARD-04": "意外致困",
    "HARD-05": "临时困难 临时救助",
    "HARD-06": "送温暖 慰问",
    "SOCIAL": "交友婚恋 交友 青年交友 婚恋 相亲 单身",
    "SOCIAL-01": "联谊需求 联谊 交友需求",
    "SOCIAL-02": "联谊活动 交友活动",
    "LAW": "法律服务 法律 维权",
    "LAW-01": "法律咨询 政策法律咨询 经济补偿金",
    "LAW-02": "法律援助",
    "LAW-03": "普法 法治宣传 普法宣传",
    "LAW-04": "调解申请 劳动争议 劳动纠纷 调解",
    "MED": "医疗互助 互助保障 职工互助 互助 医疗保障",
    "MED-01": "互助参保 医疗互助参保 参保",
    "MED-02": "互助理赔 理赔 互助报销",
    "MED-03": "互助政策",
    "CULT": "文体活动 文体 文化体育 文化活动 文娱",
    "CULT-01": "活动场地 篮球场 场地 健身器材 健身房",
    "CULT-02": "社团 兴趣小组",
    "CULT-03": "赛事 比赛 运动会",
    "CULT-04": "职工书屋 书屋",
    "CULT-05": "疗休养 春秋游",
    "NEW": "新就业形态 新业态 外卖员 快递员 骑手 网约车 货车司机 新就业群体",
    "NEW-01": "驿站需求 驿站 户外劳动者驿站 爱心驿站",
    "NEW-02": "骑手停车 充电 充电位 换电",
    "NEW-03": "平台规则 平台奖惩 超时罚款 罚款",
    "NEW-04": "骑手意外 意外伤害",
    "NEW-05": "派单",
    "CHILD": "托育子女 托育 子女托管 子女",
    "CHILD-01": "托管班 爱心托管 暑托班 托管",
    "CHILD-02": "子女入学 入学 上学难",
    "CHILD-03": "妈咪小屋 母婴室 妈咪暖心小屋",
    "WOMAN": "女职工权益 女职工 女工权益",
    "WOMAN-01": "孕产哺乳 孕期 哺乳 三期",
    "WOMAN-02": "产假 育儿假",
    "WOMAN-03": "就业歧视 性别歧视",
    "ENV": "生产生活条件 生活条件 工作环境 后勤 生活保障",
    "ENV-01": "停车棚 停车难 电动车停车 停车位 停车",
    "ENV-02": "宿舍 住宿 公租房 住房",
    "ENV-03": "食堂 就餐 用餐 伙食",
    "ENV-04": "交通 公交 班车 通勤",
    "ENV-05": "车间环境",
    "DEMO": "民主管理",
    "DEMO-01": "职代会 职工代表大会",
    "DEMO-02": "厂务公开",
    "DEMO-03": "合理化建议",
    "ENT": "企业发展 企业经营 企业困难 生产经营 经营困难 惠企",
    "ENT-01": "惠企政策 企业政策 政策咨询",
    "ENT-02": "融资 贷款 资金困难",
    "ENT-03": "用电 限电",
    "ENT-04": "审批",
    "ENT-05": "证照 执照",
    "OTH": "其他 其它 综合",
}
_SUBJECT_OF = {plain(word): code for code, words in _SUBJECTS.items() for word in words.split()}
# Longest word first, so that 小微企业经费返还 is not read as 经费.
_SUBJECT_IN_TEXT = re.compile(
    "|".join(sorted(map(re.escape, (w for w in _SUBJECT_OF if len(w) > 1)), key=len, reverse=True))
)

_URGENCY_OF = {
    plain(word): int(level)
    for level, words in {
        Urgency.CRITICAL: "特急 特别紧急 非常紧急 十万火急 红 红色 特级 一级",
        Urgency.URGENT: "急 紧急 加急 较急 急件 高 橙 橙色 重 二级 重要",
        Urgency.NORMAL: "一般 普通 正常 常规 中 黄 黄色 平件 平 三级 不急",
        Urgency.PLANNED: "缓 缓办 可缓 低 轻 长期 蓝 蓝色 绿 四级",
    }.items()
    for word in words.split()
}

_R = ResultKind
_OUTCOME_OF = {
    plain(word) or word: Outcome(kind)
    for kind, words in {
        _R.RESOLVED: (
            "已解决 解决 已办结 办结 已化解 化解 已完成 完成 已处理 处理完毕 已落实 落实 已办理 已反馈 办毕 已销号 销号"
            " √ ✓ ✔ ☑ 是 对 y yes ok 已答复 已整改 整改到位 整改完成 已协调解决 已对接 已到位 已缴纳 已支付 已发放"
        ),
        _R.EXPLAINED: (
            "当场解释 解释 已解释 现场解释 当场答复 现场答复 解释认可 已当场解释 政策解释 即时解答 解答 已解答"
        ),
        _R.PARTLY: "部分解决 基本解决 部分办结 部分完成",
        _R.NOT_SOLVABLE: "无法解决 政策所限 不能解决 政策不允许 难以解决 不具备条件",
        _R.UNFOUNDED: "不属实 查无此事 反映不实",
        _R.WITHDRAWN: "撤回 已撤回 撤诉 自行撤回",
        _R.CONVERTED: "转专案 已立案 立案 已转调解 转调解 已转困难帮扶",
        _R.TRANSFERRED: "转外部门 已转办 转办 已移交 移交 已转相关部门 转相关部门 转交 已转交",
        _R.PLANNED: "纳入计划 列入计划 已列入计划 限期整改 列入整改 长期推进",
    }.items()
    for word in words.split()
} | {
    plain(word) or word: Outcome()
    for word in [
        "正在办理",
        "办理中",
        "处理中",
        "进行中",
        "未解决",
        "未办结",
        "未化解",
        "未完成",
        "待办理",
        "待处理",
        "待解决",
        "待办",
        "在办",
        "跟进中",
        "持续跟进",
        "待跟进",
        "推进中",
        "未处理",
        "协调中",
        "已提交",
        "已上报",
        "上报",
        "提交",
        "已流转",
        "流转中",
        "流转",
        "交办",
        "已交办",
        "整改中",
        "待回访",
        "待反馈",
        "×",
        "✗",
        "✘",
        "否",
        "无",
        "n",
        "no",
        "x",
        "未",
        "-",
        "/",
        "—",
    ]
}
# Words that turn what follows them into its opposite: 未能解决, 尚未办结, 正在解决.
_NOT_YET = re.compile("未|没|待|尚|正在|暂|难|不|拟|将|计划|准备|中$")
_OUTCOME_IN_TEXT = (
    (re.compile("部分|基本"), Outcome(_R.PARTLY)),
    (re.compile("解释|答复|解答|说明"), Outcome(_R.EXPLAINED)),
    (re.compile("解决|办结|化解|完成|落实|处理|整改到位|发放|支付|到位"), Outcome(_R.RESOLVED)),
    (re.compile("转办|移交|转交|转至|转相关"), Outcome(_R.TRANSFERRED)),
)

_MODE_OF = {
    plain(word): str(mode)
    for mode, words in {
        VisitMode.SITE: "实地 实地走访 上门 上门走访 现场 现场走访 入企 下车间 走访 面对面 线下 实地调研",
        VisitMode.PHONE: "电话 电话走访 电话联系 电访 致电",
        VisitMode.ONLINE: "线上 微信 视频 网络 线上走访 腾讯会议 钉钉 线上联系 qq 浙政钉",
        VisitMode.TALK: "座谈 座谈会 集中座谈 座谈交流 恳谈 恳谈会",
        VisitMode.STATIONED: "蹲点 蹲点调研 跟班 跟班蹲点 驻点 驻企",
    }.items()
    for word in words.split()
}

_POLICY_WORDS = (
    (Policy.REFUND, re.compile("返还|小微|工会经费")),
    (Policy.MUTUAL_AID, re.compile("医疗互助|互助保障|互助")),
    (Policy.LEGAL, re.compile("法律|普法|维权|劳动合同法|工会法")),
    (Policy.HARDSHIP, re.compile("困难|帮扶|救助|送温暖")),
    (Policy.SKILLS, re.compile("技能|培训补贴")),
    (Policy.CARE_CLASS, re.compile("托管|托育|暑托")),
)

_SATISFACTION = (
    (re.compile("不满|不太满|较差|差评"), Satisfaction.NOT),
    (re.compile("非常满|很满|十分满|特别满"), Satisfaction.VERY),
    (re.compile("基本满|较满|比较满|一般"), Satisfaction.BASIC),
    (re.compile("满意"), Satisfaction.SATISFIED),
)

_SIZE_WORDS = (
    (re.compile("大型|特大|^大$|规上大"), SizeClass.LARGE),
    (re.compile("中型|^中$"), SizeClass.MEDIUM),
    (re.compile("小型|^小$|规下"), SizeClass.SMALL),
    (re.compile("微型|^微$|个体"), SizeClass.MICRO),
)

_INDUSTRY_WORDS = (
    (re.compile("纺织|印染|化纤|轻纺"), Industry.TEXTILE),
    (re.compile("服装|家纺|服饰"), Industry.APPAREL),
    (re.compile("机械|模具|汽配|装备|五金|汽车|金属|设备"), Industry.MACHINERY),
    (re.compile("电子|信息|软件|半导体|光电|通信|互联网|集成电路"), Industry.ELECTRONICS),
    (re.compile("化工|建材|新材料|塑料|橡胶"), Industry.CHEMISTRY),
    (re.compile("医药|生物|医疗器械"), Industry.MEDICINE),
    (re.compile("食品|酿造|酒|饮料|黄酒"), Industry.FOOD),
    (re.compile("建筑|建设|装饰|施工|房地产"), Industry.CONSTRUCTION),
    (re.compile("物流|快递|运输|仓储|邮政"), Industry.LOGISTICS),
    (re.compile("餐饮|住宿|酒店|宾馆"), Industry.CATERING),
    (re.compile("商贸|零售|批发|贸易|超市"), Industry.RETAIL),
    (re.compile("物业|家政|保洁|保安"), Industry.PROPERTY),
    (re.compile("公共|教育|卫生|机关|事业|环卫|公交|水务|电力"), Industry.PUBLIC),
    (re.compile("其他|其它"), Industry.OTHER),
)

# What is visited and is no firm, known by the end of its name.
_TARGETS = (
    (re.compile("(?:街道|镇|乡)?总工会$|^.{2,6}(?:街道|镇|乡)$"), TargetType.TOWN),
    (re.compile("联合会$|工会联盟$|行业工会"), TargetType.FEDERATION),
    (re.compile("驿站|司机之家|爱心站|户外劳动者"), TargetType.STATION),
    (re.compile("工地|项目部|标段"), TargetType.SITE),
    (re.compile("家中$|家里$|家庭$|^困难职工"), TargetType.HOUSEHOLD),
)

NO_ISSUE = frozenset(
    [
        "无",
        "没有",
        "暂无",
        "无问题",
        "无诉求",
        "没有问题",
        "未发现问题",
        "未反映问题",
        "无反映",
        "没",
        "无意见",
        "暂无问题",
        "暂无诉求",
        "均无",
        "暂未发现",
        "none",
        "no",
        "n",
    ]
) | {""}
LONGEST_NO_ISSUE = 8
_DITTO = frozenset({"同上", "同前", "〃", "″", "〞", '"', "''", "“", "”", "..", "…", "上同", "同左", "^"})


def is_no_issue(text: str) -> bool:
    """Whether the cell says in words, or with a stroke, that nothing was raised."""
    return plain(text) in NO_ISSUE


def is_ditto(text: str) -> bool:
    return text.strip() in _DITTO


@lru_cache(maxsize=4096)
def read_subject(text: str) -> str | None:
    """The category that a word names: known word, then a known word inside, then one spelled nearly so."""
    word = plain(text)
    if not word:
        return None
    if known := _SUBJECT_OF.get(word):
        return known
    if inside := _SUBJECT_IN_TEXT.search(word):
        return _SUBJECT_OF[inside.group()]
    alike = process.extractOne(word, _SUBJECT_OF.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return _SUBJECT_OF[alike[0]] if alike else None


def guess_subject(text: str) -> str | None:
    """The category that the words of an issue point to, for ledgers that leave the category blank."""
    inside = _SUBJECT_IN_TEXT.search(plain(text))
    return _SUBJECT_OF[inside.group()] if inside else None


def subjects_in(text: str) -> list[str]:
    """Every category that the words of an issue may mean, what was named at most length first."""
    said = plain(text)
    named = sorted((word for word in _SUBJECT_OF if len(word) > 1 and word in said), key=len, reverse=True)
    return list(dict.fromkeys(_SUBJECT_OF[word] for word in named))


def read_urgency(text: str) -> int | None:
    word = plain(text)
    return _URGENCY_OF.get(word) or _URGENCY_OF.get(word.removesuffix("件").removesuffix("级")) if word else None


def read_outcome(text: str) -> Outcome:
    """A known word, else what a sentence says: 已联系人社部门解决 is resolved, 尚未解决 is not."""
    word = plain(text) or text.strip()
    if not word:
        return Outcome()
    if known := _OUTCOME_OF.get(word):
        return known
    if _NOT_YET.search(word):
        return Outcome(known=len(word) <= 8)
    return next((outcome for pattern, outcome in _OUTCOME_IN_TEXT if pattern.search(word)), Outcome(known=False))


def read_mode(text: str) -> str | None:
    word = plain(text)
    if known := _MODE_OF.get(word):
        return known
    inside = sorted((w for w in _MODE_OF if len(w) > 1 and w in word), key=len)
    return _MODE_OF[inside[-1]] if inside else None


def read_policies(text: str) -> tuple[str, ...]:
    return tuple(str(policy) for policy, pattern in _POLICY_WORDS if pattern.search(text))


def read_satisfaction(text: str) -> str:
    return next((str(level) for pattern, level in _SATISFACTION if pattern.search(text)), "")


def read_size(text: str) -> str:
    word = plain(text)
    return next((str(size) for pattern, size in _SIZE_WORDS if pattern.search(word)), "")


def read_industry(text: str) -> str:
    return next((str(industry) for pattern, industry in _INDUSTRY_WORDS if pattern.search(text)), "")


def target_type_of(name: str) -> str:
    return next((str(kind) for pattern, kind in _TARGETS if pattern.search(name)), str(TargetType.ENTERPRISE))
