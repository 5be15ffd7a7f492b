"""The log that the auditor reads: who did what to which thing, and who read what in full and why."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unionops.joining import listed

from ..models import Event, User
from ..paging import Order, Page, page_of

NEWEST = Order("at", "at")

KINDS: dict[str, str | Promise] = {
    "organisation": _("组织"),
    "enterprise": _("企业"),
    "contact": _("联系人"),
    "person": _("人员"),
    "user": _("账号"),
    "visit": _("走访"),
    "issue": _("诉求"),
    "attachment": _("附件"),
    "ledgerimport": _("台账导入"),
    "calendarday": _("日历"),
    "term": _("办理时限"),
    "category": _("问题类别"),
    "route": _("分派规则"),
    "officetemplate": _("文书模板"),
    "analysis": _("季分析"),
    "reflection": _("调研心得"),
    "exchange": _("月交流"),
    "decision": _("议定事项"),
    "exchangegroup": _("走访组"),
    "dispute": _("调解案件"),
}

VERBS: dict[str, str | Promise] = {
    "create": _("新建"),
    "edit": _("修改"),
    "edit_preferences": _("改个人设置"),
    "put_on_duty": _("排班"),
    "take_off_duty": _("撤班"),
    "make_feed": _("生成日历订阅地址"),
    "revoke_feed": _("停用日历订阅地址"),
    "close": _("停用"),
    "reopen": _("恢复"),
    "confirm": _("核实"),
    "merge": _("合并"),
    "enter_key_list": _("列为重点企业"),
    "leave_key_list": _("移出重点企业"),
    "add_contact": _("加联系人"),
    "edit_contact": _("改联系人"),
    "remove_contact": _("删联系人"),
    "post": _("任职"),
    "end_posting": _("结束任职"),
    "withdraw_posting": _("撤回未开始的任职"),
    "hand_over": _("交接"),
    "take_leave": _("请假"),
    "cancel_leave": _("销假"),
    "deactivate": _("停用账号"),
    "reactivate": _("启用账号"),
    "reset_password": _("重置密码"),
    "change_password": _("修改密码"),
    "unlock": _("解锁"),
    "lock": _("因输错密码锁定"),
    "sign_in": _("登录"),
    "sign_out": _("退出"),
    "reveal": _("查看完整信息"),
    "export": _("导出"),
    "announce": _("公布日历"),
    "issue_link": _("发出签名链接"),
    "open_link": _("签名链接被打开"),
    "answer_link": _("签名链接有了答复"),
    "refuse_link": _("别的设备来打开签名链接"),
    "revoke_link": _("撤销签名链接"),
}

# Columns and facts as they are called in an entry.
FIELD_NAMES: dict[str, str | Promise] = {
    "name": _("名称"),
    "short_name": _("简称"),
    "username": _("登录名"),
    "code": _("代码"),
    "kind": _("类别"),
    "parent": _("上级"),
    "aliases": _("曾用名和别名"),
    "valid_from": _("起始日期"),
    "valid_to": _("结束日期"),
    "on": _("日期"),
    "town": _("镇街"),
    "credit_code": _("统一社会信用代码"),
    "size_class": _("规模"),
    "industry": _("行业"),
    "new_employment": _("新就业形态"),
    "reform_pilot": _("产改试点"),
    "staff_count": _("职工人数"),
    "member_count": _("会员人数"),
    "address": _("地址"),
    "longitude": _("经度"),
    "latitude": _("纬度"),
    "enterprise": _("单位"),
    "note": _("备注"),
    "identity": _("身份证号"),
    "phone": _("电话"),
    "email": _("邮箱"),
    "weekly_quota": _("每周走访家数"),
    "language": _("语言"),
    "digest": _("每日邮件"),
    "organisation": _("单位"),
    "role": _("角色"),
    "reason": _("理由"),
    "field": _("查看的项目"),
    "masked": _("掩码"),
    "version": _("版本"),
    "to": _("交给"),
    "moved": _("转走的在办事项"),
    "postings_ended": _("结束的任职"),
    "attempts": _("清除的错误次数"),
    "duplicate": _("被合并的一家"),
    "is_main": _("主要联系人"),
    "starts_on": _("从"),
    "ends_on": _("到"),
    "is_workday": _("工作日"),
    "unit": _("单位（日）"),
    "length": _("天数"),
    "source": _("依据"),
    "notice": _("依据的通知"),
    "year": _("年份"),
    "recomputed": _("重算的期限"),
}

# What the auditor asks for by one word.
GROUPS: tuple[tuple[str, str | Promise], ...] = (
    ("reveal", _("查看完整信息")),
    ("export", _("导出")),
    ("sign_in", _("登录")),
    ("lock", _("因输错密码锁定")),
    ("account", _("账号和任职")),
    ("directory", _("名录")),
    ("settings", _("设置")),
)
_ACCOUNT = (
    "user.create", "user.edit", "user.post", "user.end_posting", "user.withdraw_posting", "user.hand_over",
    "user.deactivate", "user.reactivate", "user.reset_password", "user.change_password", "user.unlock",
)  # fmt: skip


class Entry(NamedTuple):
    """One line of the log; the first two columns are key and sort."""

    id: int
    at: datetime.datetime
    kind: str
    subject_id: str
    verb: str
    by: str
    address: str | None
    data: dict[str, Any]

    @property
    def kind_label(self) -> str:
        return str(KINDS.get(self.kind, self.kind))

    @property
    def verb_label(self) -> str:
        name = self.verb.partition(".")[2]
        return str(VERBS.get(name, name))

    @property
    def about(self) -> str:
        """What it was done to, as far as the entry names it."""
        found = (self.data.get(name) for name in ("name", "enterprise", "organisation", "number", "username", "year"))
        return next((str(text) for text in found if text), "")

    @property
    def is_reading(self) -> bool:
        return self.verb.endswith(".reveal")


class Sentence(NamedTuple):
    """One line under «经过» on a page of the directory."""

    at: datetime.datetime
    who: str
    what: str
    quote: str
    is_reading: bool


def sentences(events: QuerySet[Event]) -> list[Sentence]:
    return [_sentence(event) for event in events.select_related("by")]


def _sentence(event: Event) -> Sentence:
    name = event.verb.partition(".")[2]
    data = event.data
    fields = listed(FIELD_NAMES.get(field, field) for field in data.get("changes", {}))
    is_reading = name == "reveal"
    quote = str(data.get("reason", "")) or fields
    return Sentence(event.at, event.by.name, str(VERBS.get(name, name)), quote, is_reading)


ENTRY_COLUMNS = ("pk", "at", "kind", "subject_id", "verb", "by__name", "address", "data")


def log(user: User, wanted: Mapping[str, Any]) -> QuerySet[Event]:
    rows = Event.objects.visible_to(user)
    if wanted.get("person"):
        rows = rows.filter(Q(by__name__icontains=wanted["person"]) | Q(by__username=wanted["person"]))
    if wanted.get("verb"):
        rows = rows.filter(_verbs(wanted["verb"]))
    if wanted.get("day"):
        start = timezone.make_aware(datetime.datetime.combine(wanted["day"], datetime.time()))
        rows = rows.filter(at__gte=start, at__lt=start + datetime.timedelta(days=1))
    return rows


def _verbs(group: str) -> Q:
    match group:
        case "account":
            return Q(verb__in=_ACCOUNT)
        case "directory":
            return Q(kind__in=("enterprise", "person", "organisation")) & ~Q(verb__endswith=".reveal")
        case "settings":
            return Q(kind__in=("calendarday", "term", "category", "route"))
        case _:
            return Q(verb__endswith=f".{group}")


def log_page(user: User, wanted: Mapping[str, Any], after: str = "") -> Page:
    page = page_of(log(user, wanted), NEWEST, values=ENTRY_COLUMNS, after=after)
    return replace(page, rows=[Entry(*row) for row in page.rows])
