"""What the reading of a ledger yields: typed rows, and what was wrong with the others."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .directory import Key


class IssueRow(NamedTuple):
    row: int
    text: str
    demand: str
    # Code of a category.
    subject: str
    urgency: int
    department: Key | None
    department_text: str
    # A ``ResultKind``, or nothing while the issue is open.
    outcome: str
    resolved: bool
    state_text: str
    resolved_on: datetime.date | None
    claimants: int | None
    satisfaction: str
    note: str


class Extra(NamedTuple):
    """What only some ledgers say of a visit."""

    companions: str = ""
    contact_role: str = ""
    interviewed: int | None = None
    summary: str = ""
    policies: tuple[str, ...] = ()
    next_plan: str = ""


class VisitRow(NamedTuple):
    sheet: str
    row: int
    on: datetime.date
    # "am", "pm" or nothing
    half: str
    at: datetime.time | None
    # The last day of a visit of several days.
    until: datetime.date | None
    cadres: tuple[Key, ...]
    cadre_text: str
    town: Key
    # None: not in the directory; then name and code say who it is.
    enterprise: Key | None
    enterprise_name: str
    credit_code: str
    target_type: str
    contact: str
    phone: str
    staff: int | None
    mode: str
    note: str
    extra: Extra
    issues: tuple[IssueRow, ...]
    # The same for the same content, in whatever spelling, file or order.
    fingerprint: str


class EnterpriseRow(NamedTuple):
    sheet: str
    row: int
    name: str
    credit_code: str
    town: Key | None
    size_class: str
    industry: str
    staff: int | None
    members: int | None
    contact: str
    contact_role: str
    phone: str
    address: str
    is_key: bool
    note: str
    fingerprint: str


class CadreRow(NamedTuple):
    sheet: str
    row: int
    name: str
    towns: tuple[Key, ...]
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    phone: str
    note: str
    fingerprint: str


class Problem(NamedTuple):
    """One cell that could not be read, with the reason in words; only what is ``refused`` keeps its row out."""

    sheet: str
    row: int
    field: str
    # The header as it stands in the file.
    column: str
    value: str
    # date, town, credit_code, enterprise, cadre, name, order …
    reason: str
    detail: str
    hint: str = ""
    refused: bool = True

    @property
    def text(self) -> str:
        return reason_text(self.reason, self.detail, self.value, self.hint)


class Duplicate(NamedTuple):
    sheet: str
    row: int
    first_sheet: str
    first_row: int


class Bad(NamedTuple):
    """A cell that has no reading; stands where the value would."""

    reason: str
    detail: str
    hint: str = ""


def reason_text(reason: str, detail: str, value: str, hint: str) -> str:
    text = str(REASONS.get(f"{reason}.{detail}") or REASONS[reason]) % {"value": value, "hint": hint}
    return f"{text}{_HINTS[reason] % {'hint': hint}}" if hint and reason in _HINTS else text


_HEADCOUNT = _("“%(value)s”看不出是多少人。")
REASONS: dict[str, str | Promise] = {
    "date.missing": _("没有日期。"),
    "date.unreal": _("“%(value)s”不是真实的日期。"),
    "date.vague": _("“%(value)s”不能确定是哪一天。"),
    "date.no_year": _("“%(value)s”没有写年份，表头上方也没有唯一的年份。"),
    "date.number": _("“%(value)s”是数字，分不清是几月几日。"),
    "date.future": _("“%(value)s”晚于今天。"),
    "date.too_early": _("“%(value)s”早于 2000 年，可能是录入错误。"),
    "date.order": _("结束日期“%(value)s”早于起始日期。"),
    "date": _("“%(value)s”看不出是什么日期。"),
    "town.missing": _("没有镇街。"),
    "town": _("镇街名录里没有“%(value)s”。"),
    "credit_code.length": _("统一社会信用代码“%(value)s”不是 18 位。"),
    "credit_code.old": _("“%(value)s”是 15 位的旧注册号，请换成 18 位统一社会信用代码。"),
    "credit_code.format": _("统一社会信用代码“%(value)s”里有不该出现的字符。"),
    "credit_code.prefix": _("统一社会信用代码“%(value)s”的前 8 位不对。"),
    "credit_code.check_digit": _("统一社会信用代码“%(value)s”校验位不符。"),
    "credit_code.rounded": _("“%(value)s”是按数字录入的，表格软件已丢掉后几位，请按文本重新录入。"),
    "credit_code.other_name": _("代码“%(value)s”在名录里是“%(hint)s”，与本行的名称不同。"),
    "credit_code.other_code": _("这家企业在名录里的代码是“%(hint)s”，与“%(value)s”不同。"),
    "credit_code.twice": _("代码“%(value)s”在前面已经属于“%(hint)s”。"),
    "credit_code": _("没有统一社会信用代码。"),
    "enterprise.missing": _("没有写企业。"),
    "enterprise.new": _("名录里没有“%(value)s”，导入时会新建，待核实。"),
    "enterprise.long": _("企业名称超过 100 个字。"),
    "enterprise": _("企业“%(value)s”认不出。"),
    "cadre.missing": _("没有写驻联干部。"),
    "cadre.some": _("“%(value)s”里有不在名录的人：%(hint)s。"),
    "cadre.namesake": _("“%(value)s”有同名的人，凭镇街分不出是哪一位。"),
    "cadre": _("干部名录里没有“%(value)s”。"),
    "name": _("没有姓名。"),
    "order": _("这一行没有走访，只有问题，而上面没有它所属的走访。"),
    "phone": _("电话“%(value)s”的格式不对，按原文保留。"),
    "staff": _HEADCOUNT,
    "members": _HEADCOUNT,
    "interviewed": _HEADCOUNT,
    "claimants": _HEADCOUNT,
    "mode": _("走访方式“%(value)s”认不出，按实地走访记。"),
    "category.guessed": _("没有写类别，按内容归入“%(hint)s”。"),
    "category": _("类别“%(value)s”认不出，归入其他。"),
    "urgency": _("紧急程度“%(value)s”认不出，按一般记。"),
    "department": _("科室“%(value)s”不在名录里，按原文保留。"),
    "result": _("办理情况“%(value)s”认不出，按未办结记。"),
    "resolved_on": _("办结日期“%(value)s”看不出是哪一天。"),
    "key": _("“%(value)s”看不出是不是重点企业，按不是记。"),
    "size": _("规模“%(value)s”认不出。"),
    "industry": _("行业“%(value)s”认不出。"),
}
_HINTS: dict[str, str | Promise] = {
    "town": _("名录里相近的是“%(hint)s”。"),
    "enterprise": _("名录里相近的是“%(hint)s”。"),
}
