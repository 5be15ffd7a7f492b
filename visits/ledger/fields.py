"""What the three kinds of ledgers have columns for, and under which headers offices keep it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unionops.casework.sheets import Field

VISITS = "visits"
ENTERPRISES = "enterprises"
CADRES = "cadres"

_TOWN_WORDS = (
    "镇街 镇(街) 街道 所属镇街 所在镇街 镇街名称 所属街道 乡镇街道 街镇 镇乡街道 属地 所属乡镇 辖区 驻联镇街 "
    "联系镇街 责任镇街 镇街总工会 所在街道 片区"
)
_ENTERPRISE_WORDS = (
    "企业名称 单位名称 走访企业 走访企业名称 走访单位 走访单位名称 被走访单位 企业 单位 公司名称 企业全称 "
    "受访企业 受访单位 走访对象名称 用人单位 联系企业"
)
_CODE_WORDS = "统一社会信用代码 社会信用代码 信用代码 统一信用代码 组织机构代码 企业代码 单位代码 税号 纳税人识别号"
_CONTACT_WORDS = "联系人 企业联系人 联系人姓名 对接人 工会主席 企业负责人 负责人 受访人 接待人"
_PHONE_WORDS = "联系电话 电话 手机 手机号 手机号码 联系方式 联系手机 电话号码 联系人电话"
_STAFF_WORDS = "职工人数 职工数 员工人数 员工数 从业人数 用工人数 在职职工数 职工总数 人数 从业人员"
_NOTE_WORDS = "备注 说明 其他说明"


def _field(name: str, label: str | Promise, words: str, *, required: bool = False) -> Field:
    return Field(name, label, tuple(words.split()), required)


VISIT_FIELDS = (
    _field("sequence", _("序号"), "序号 编号 序 no 走访编号 行号"),
    _field(
        "date",
        _("走访日期"),
        "走访日期 走访时间 日期 时间 走访日 登记日期 登记日 调研日期 下访日期 走访年月日 服务日期",
        required=True,
    ),
    _field(
        "cadre",
        _("驻联干部"),
        "驻联干部 驻联人员 走访人 走访人员 走访干部 联系干部 干部 工会干部 驻企干部 参加人员 走访人姓名 联络员 "
        "责任人 包联干部",
    ),
    _field("companions", _("陪同人员"), "陪同人员 陪同 陪同人 随行人员"),
    _field("town", _("镇街"), _TOWN_WORDS),
    _field("enterprise", _("企业"), _ENTERPRISE_WORDS),
    _field("credit_code", _("统一社会信用代码"), _CODE_WORDS),
    _field("contact", _("联系人"), f"{_CONTACT_WORDS} 走访对象 对象 访谈对象 接访人"),
    _field("contact_role", _("联系人职务"), "职务 联系人职务 岗位"),
    _field("phone", _("联系电话"), _PHONE_WORDS),
    _field("staff", _("职工人数"), _STAFF_WORDS),
    _field("interviewed", _("访谈人数"), "访谈人数 座谈人数 受访人数 访谈职工数"),
    _field("mode", _("走访方式"), "走访方式 方式 走访形式 形式 联系方式方法 调研方式"),
    _field("summary", _("了解情况"), "了解情况 走访情况 走访内容 主要内容 基本情况 工作内容 小结 走访记录"),
    _field("policies", _("宣传政策"), "宣传政策 政策宣传 宣讲政策 宣传内容"),
    _field("next_plan", _("下次打算"), "下次打算 下步打算 下一步打算 下步计划 下一步工作"),
    _field(
        "issue",
        _("问题诉求"),
        "问题诉求 问题 问题描述 存在问题 反映问题 诉求 诉求内容 发现问题 收集问题 困难问题 问题及诉求 问题内容 "
        "企业诉求 意见建议 反映的问题 问题和诉求 问题建议",
    ),
    _field("demand", _("具体诉求"), "具体诉求 诉求 职工诉求 希望解决 期望 要求"),
    _field("category", _("问题类别"), "问题类别 类别 问题分类 问题类型 诉求类别 类型 分类 诉求类型"),
    _field("urgency", _("紧急程度"), "紧急程度 紧急度 轻重缓急 缓急 等级 优先级 紧急"),
    _field(
        "department",
        _("承办科室"),
        "承办科室 承办部门 责任科室 责任部门 交办科室 办理科室 牵头科室 流转科室 主办科室 承办单位",
    ),
    _field(
        "result",
        _("办理情况"),
        "办理情况 办理结果 结果 处理情况 处理结果 解决情况 是否解决 是否化解 办结情况 进展 落实情况 处置情况 状态 "
        "办理进度 是否办结 化解情况 办理状态",
    ),
    _field("resolved_on", _("办结日期"), "办结日期 解决日期 办结时间 解决时间 反馈日 反馈日期 完成时间 化解时间"),
    _field("claimants", _("涉及人数"), "涉及人数 反映人数 诉求人数 涉及职工数 惠及人数"),
    _field("satisfaction", _("满意度"), "满意度 满意情况 评价 回访满意度 满意程度"),
    _field("note", _("备注"), f"{_NOTE_WORDS} 回访情况"),
)

ENTERPRISE_FIELDS = (
    _field("sequence", _("序号"), "序号 编号 序 no"),
    _field("enterprise", _("单位名称"), f"{_ENTERPRISE_WORDS} 名称", required=True),
    _field("credit_code", _("统一社会信用代码"), _CODE_WORDS),
    _field("town", _("镇街"), _TOWN_WORDS),
    _field("size", _("规模"), "企业规模 规模 规模类型 企业类型 大中小微"),
    _field("industry", _("行业"), "行业 所属行业 行业类别 行业门类"),
    _field("staff", _("职工人数"), _STAFF_WORDS),
    _field("members", _("会员人数"), "会员人数 会员数 工会会员数 入会人数"),
    _field("contact", _("联系人"), _CONTACT_WORDS),
    _field("contact_role", _("联系人职务"), "职务 联系人职务"),
    _field("phone", _("联系电话"), _PHONE_WORDS),
    _field("address", _("地址"), "地址 企业地址 单位地址 经营地址 注册地址 住所 详细地址"),
    _field("key", _("是否重点企业"), "是否重点企业 重点企业 重点 是否重点 重点联系企业"),
    _field("note", _("备注"), _NOTE_WORDS),
)

CADRE_FIELDS = (
    _field("sequence", _("序号"), "序号 编号 序 no"),
    _field("name", _("姓名"), "姓名 干部姓名 驻联干部 驻联人员 干部 名字 联系干部", required=True),
    _field("town", _("驻联镇街"), f"{_TOWN_WORDS} 驻联单位", required=True),
    _field("from", _("起始日期"), "起始日期 开始日期 起始时间 开始时间 任职日期 驻联起始 起始 自 驻联开始"),
    _field("until", _("结束日期"), "结束日期 截止日期 结束时间 终止日期 截止时间 驻联截止 结束 至 驻联结束"),
    _field("phone", _("手机"), _PHONE_WORDS),
    _field("note", _("备注"), _NOTE_WORDS),
)

KINDS: dict[str, tuple[Field, ...]] = {
    VISITS: VISIT_FIELDS,
    ENTERPRISES: ENTERPRISE_FIELDS,
    CADRES: CADRE_FIELDS,
}
# Ledgers of other rooms: read where somebody says what the file is, never guessed (`reading.register_kind`).
OTHER_KINDS: dict[str, tuple[Field, ...]] = {}


def fields_of(kind: str) -> tuple[Field, ...]:
    """What a ledger of this kind may have columns for."""
    return KINDS[kind] if kind in KINDS else OTHER_KINDS[kind]
