"""Registers: 医疗互助理赔 (D21), 驿站服务登记 (D23), 经费返还汇总和缴费异常 (D25), 建会和会员 (D27), 集体合同 (D28)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.packs.documents import Cell, Column, Value

from ..claims import reckoning
from ..claims.enums import ClaimState
from ..claims.models import Claim
from ..enums import Shape
from .claims import CONTRACTS
from .parts import count, extra, money, numbered_as, town_of
from .table import ListPaper, register_papers

MUTUAL, REBATES, FOUNDING, MEMBERS = "mutual_aid", "rebates", "founding", "membership"
OVER = (ClaimState.REFUSED, ClaimState.WITHDRAWN)
# A renewal may be asked for ninety days before the end (浙江省集体合同条例 Art 30).
EXPIRING_DAYS = 90
PLACE = [Column("编号", width=11), Column("单位", width=18), Column("镇街", width=9)]
WHO = [Column("编号", width=11), Column("姓名", width=9), Column("镇街", width=9)]


def _living(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Without what was refused or withdrawn."""
    return rows.exclude(state__in=OVER)


def _who(case: Any) -> list[Cell]:
    return [numbered_as(case), case.applicant_name, town_of(case)]


def _firm(case: Any) -> list[Cell]:
    return [numbered_as(case), case.enterprise.name if case.enterprise else case.applicant_name, town_of(case)]


# --- D21


def _medical(case: Claim) -> list[Cell]:
    return [
        *_who(case), extra(case, "unit"), extra(case, "item"), extra(case, "discharged_on"), money(case, "total_cost"),
        money(case, "own_cost"), case.amount or None, case.state_words,
    ]  # fmt: skip


# --- D25


class _Refunds:
    """Refunds by the numbers that were in force when each claim was worked out; those of a day are read once a paper."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, datetime.date], Mapping[str, Decimal]] = {}

    def of(self, case: Claim) -> reckoning.Refund | None:
        kept = case.reckoned.get("on")
        key = (case.district_id, datetime.date.fromisoformat(kept) if kept else timezone.localdate(case.registered_at))
        if key not in self.known:
            self.known[key] = reckoning.rebate_numbers(*key)[0]
        return reckoning.refund_for(case, self.known[key])

    def line(self, case: Claim) -> list[Cell]:
        found = self.of(case)
        return [
            *_firm(case), _code(case), count(case, "staff"), money(case, "payroll"), money(case, "received"),
            Value(100 * found.ratio, "rate") if found else None, found.refund if found else None, case.amount or None, case.account_masked,
            case.state_words,
        ]  # fmt: skip

    def anomaly(self, case: Claim) -> list[Cell] | None:
        """Only who paid too much or too little."""
        found = self.of(case)
        if found is None or not found.difference:
            return None
        sort = "多缴" if found.difference > 0 else "少缴"
        return [
            *_firm(case), _code(case), extra(case, "period"), money(case, "payroll"), found.due, found.received,
            found.difference, sort, "",
        ]  # fmt: skip


def _code(case: Claim) -> str:
    return str(case.enterprise.credit_code or "") if case.enterprise else ""


# --- D27


def _union(case: Claim) -> list[Cell]:
    return [
        *_firm(case), count(case, "staff"), count(case, "women"), count(case, "new_form"), count(case, "members"), extra(case, "form"),
        extra(case, "approval_no"), extra(case, "elected_on"), extra(case, "certificate"), case.state_words,
    ]  # fmt: skip


def _member(case: Claim) -> list[Cell]:
    return [
        *_who(case), extra(case, "sex"), case.identity_masked, case.phone_masked, extra(case, "unit"), extra(case, "post"),
        extra(case, "new_form"), extra(case, "joined_on"), case.state_words,
    ]  # fmt: skip


def _joining(case: Claim) -> list[Cell]:
    return [
        *_who(case),
        extra(case, "unit"),
        extra(case, "new_form"),
        extra(case, "gathering"),
        extra(case, "joined_on"),
        "",
    ]


def _members(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(state=ClaimState.CHECKED)


def _gathered(rows: QuerySet[Any]) -> QuerySet[Any]:
    return _living(rows).exclude(details__gathering=None).exclude(details__gathering="")


# --- D28


def _contract(case: Claim) -> list[Cell]:
    return [
        *_firm(case), extra(case, "kind"), count(case, "firms"), count(case, "workers"), extra(case, "raise_rate"),
        extra(case, "file_no"), extra(case, "ends_on"), extra(case, "performed"), case.state_words,
    ]  # fmt: skip


def _ends_on(case: Claim) -> datetime.date:
    return datetime.date.fromisoformat(case.details["ends_on"])


def _expiring(case: Claim) -> list[Cell]:
    left = (_ends_on(case) - timezone.localdate()).days
    return [
        *_firm(case), extra(case, "kind"), count(case, "workers"), extra(case, "file_no"), extra(case, "ends_on"), left, "", "",
    ]  # fmt: skip


def _to_expire(rows: QuerySet[Any]) -> QuerySet[Any]:
    # Days stand in ISO form, so that their texts are in the order of the days.
    last = timezone.localdate() + datetime.timedelta(days=EXPIRING_DAYS)
    return rows.filter(closed_at=None, details__ends_on__lte=last.isoformat()).exclude(state__in=OVER)


CONTRACT_COLUMNS = [
    *PLACE, Column("种类", width=9), Column("覆盖企业", "count", 7), Column("覆盖职工", "count", 7), Column("工资增幅", width=7),
    Column("备案号", width=11), Column("期满日", width=10), Column("履约检查", width=8), Column("状态", width=9),
]  # fmt: skip


def declare() -> None:
    claim = Shape.CLAIM
    register_papers(
        ListPaper(
            code="mutual_aid_claims", documents="D21", title=_("医疗互助理赔统计表"), note=_("一年的理赔逐笔和合计"), shape=claim,
            programmes=(MUTUAL,), rows=_living, row=_medical, sums=("总费用（元）", "个人自付（元）", "补助（元）"), icon="hospital",
            columns=[
                *WHO, Column("单位", width=14), Column("补助项目", width=9), Column("出院日期", width=10), Column("总费用（元）", "money", 10),
                Column("个人自付（元）", "money", 10), Column("补助（元）", "money", 10), Column("状态", width=9),
            ],
        ),
        ListPaper(
            code="rebate_summary", documents="D25", title=_("工会经费返还汇总表"), note=_("一个年度的返还逐户和合计"), shape=claim,
            programmes=(REBATES,), year="details__period", rows=_living, reader=lambda: _Refunds().line, icon="arrow-repeat",
            sums=("职工数", "工资总额（元）", "入库经费（元）", "应返还（元）", "批准返还（元）"),
            columns=[
                *PLACE, Column("统一社会信用代码", width=21), Column("职工数", "count", 7), Column("工资总额（元）", "money", 12),
                Column("入库经费（元）", "money", 11), Column("返还比例", "rate", 8), Column("应返还（元）", "money", 11), Column("批准返还（元）", "money", 11), Column("账号", width=9), Column("状态", width=9),
            ],
        ),
        ListPaper(
            code="rebate_anomalies", documents="D25", title=_("工会经费缴费异常表"), note=_("多缴和少缴的单位"), shape=claim,
            programmes=(REBATES,), year="details__period", rows=_living, reader=lambda: _Refunds().anomaly, icon="exclamation-triangle",
            sums=("应缴（元）", "实缴（元）", "差额（元）"),
            columns=[
                *PLACE, Column("统一社会信用代码", width=21), Column("年度", width=6), Column("工资总额（元）", "money", 12), Column("应缴（元）", "money", 11),
                Column("实缴（元）", "money", 11), Column("差额（元）", "money", 11), Column("情形", width=6), Column("处理", width=8),
            ],
            said="应缴按全年工资总额和当年计提比例计算；差额为实缴减应缴，负数是少缴。",
        ),
        ListPaper(
            code="founding_register", documents="D27", title=_("建会情况表"), note=_("从线索到登记开户的各单位"), shape=claim,
            programmes=(FOUNDING,), rows=_living, row=_union, sums=("职工数", "女职工", "新就业形态", "会员数"), icon="diagram-3",
            columns=[
                *PLACE, Column("职工数", "count", 7), Column("女职工", "count", 6), Column("新就业形态", "count", 7), Column("会员数", "count", 6),
                Column("组织形式", width=9), Column("批复文号", width=11), Column("选举日期", width=10), Column("法人资格证号", width=11), Column("状态", width=9),
            ],
        ),
        ListPaper(
            code="member_roster", documents="D27", title=_("会员花名册"), note=_("在册会员，号码打码"), shape=claim, programmes=(MEMBERS,),
            year="", rows=_members, row=_member, icon="person-badge",
            columns=[
                *WHO, Column("性别", width=5), Column("身份证号", width=15), Column("电话", width=10), Column("单位", width=14), Column("岗位", width=8),
                Column("新就业形态", width=9), Column("入会日期", width=10), Column("状态", width=9),
            ],
        ),
        ListPaper(
            code="member_list", documents="D27", title=_("集中入会名单"), note=_("集中入会仪式上入会的职工"), shape=claim, programmes=(MEMBERS,),
            rows=_gathered, row=_joining, icon="people",
            columns=[*WHO, Column("单位", width=16), Column("新就业形态", width=10), Column("集中入会", width=14), Column("入会日期", width=10), Column("签名", width=10)],
        ),
        ListPaper(
            code="contract_register", documents="D28", title=_("集体合同台账"), note=_("覆盖、备案、期满和履约"), shape=claim,
            programmes=(CONTRACTS,), rows=_living, row=_contract, sums=("覆盖企业", "覆盖职工"), columns=CONTRACT_COLUMNS,
        ),
        ListPaper(
            code="contracts_expiring", documents="D28", title=_("集体合同到期提醒表"), note=_("九十天内期满和已经期满的合同"), shape=claim,
            programmes=(CONTRACTS,), year="", rows=_to_expire, row=_expiring, order=("details__ends_on", "number"), icon="clock",
            said=f"列出 {EXPIRING_DAYS} 天内期满和已经期满未续签的合同；期满前 {EXPIRING_DAYS} 天内双方都可以提出重新签订。",
            columns=[
                *PLACE, Column("种类", width=9), Column("覆盖职工", "count", 7), Column("备案号", width=11), Column("期满日", width=10),
                Column("剩余天数", "count", 7), Column("联系情况", width=12), Column("续签打算", width=12),
            ],
        ),
    )  # fmt: skip
