"""台账 of a mediation centre: one case a row, read with the parts that read the other ledgers of the office.

What a row says of a case decides where it stands in the pipeline. What cannot be said in the pipeline is refused in words.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.sheets import Cell, Field, is_blank, plain, show, text_of
from unionops.china.errors import InvalidValue
from unionops.china.identity import mask_identity, read_identity
from unionops.china.phones import mask_phone, read_phone
from visits.ledger import Directory
from visits.ledger.directory import Firm, Key, firm_text
from visits.ledger.lists import ListSheet
from visits.ledger.memo import Memo
from visits.ledger.readers import Readers, When
from visits.ledger.reading import register_kind
from visits.ledger.rows import Bad, Problem
from visits.ledger.visits import fingerprint_of

from .causes import Cause
from .enums import DisputeState, FailReason, Outcome, RefusalReason, Source

KIND = "disputes"
MOST_ROWS = 5000
LARGEST = Decimal(10) ** 12
S = DisputeState


def _field(name: str, label: str | Promise, words: str, *, required: bool = False) -> Field:
    return Field(name, label, tuple(words.split()), required)


FIELDS = (
    _field("number", gettext_lazy("原编号"), "案号 原案号 案件编号 原编号 卷号 编号 受理编号 登记编号"),
    _field(
        "received", gettext_lazy("收到日期"),
        "收到日期 登记日期 申请日期 收案日期 立案日期 来访日期 接待日期 登记时间 申请时间 收案时间 日期",
        required=True,
    ),
    _field("source", gettext_lazy("来源"), "来源 案件来源 争议来源 受理渠道 来源渠道 受理途径"),
    _field(
        "applicant", gettext_lazy("申请人"), "申请人 申请人姓名 职工姓名 劳动者 劳动者姓名 职工 当事人 甲方 姓名",
        required=True,
    ),
    _field("identity", gettext_lazy("身份证号"), "身份证号 身份证 身份证号码 证件号 证件号码 公民身份号码 申请人身份证号"),
    _field("phone", gettext_lazy("电话"), "电话 手机 手机号 手机号码 联系电话 联系方式 申请人电话"),
    _field("people", gettext_lazy("涉及人数"), "涉及人数 人数 涉案人数 劳动者人数 涉及职工数"),
    _field(
        "enterprise", gettext_lazy("被申请人"),
        "被申请人 被申请单位 被申请人名称 用人单位 单位名称 企业名称 单位 企业 用工单位 公司名称 乙方",
        required=True,
    ),
    _field("credit_code", gettext_lazy("统一社会信用代码"), "统一社会信用代码 社会信用代码 信用代码 单位代码"),
    _field("town", gettext_lazy("镇街"), "镇街 街道 镇(街) 所属镇街 所在镇街 属地"),
    _field("cause", gettext_lazy("案由"), "案由 争议类型 争议类别 纠纷类型 争议事由 纠纷类别 争议原因 类型"),
    _field("claims", gettext_lazy("请求事项"), "请求事项 请求 诉求 申请事项 仲裁请求 调解请求 主要诉求"),
    _field("facts", gettext_lazy("事实和理由"), "事实和理由 事实 案情 简要案情 基本情况 主要事实 争议情况 案情简介"),
    _field("amount", gettext_lazy("请求金额（元）"), "请求金额 涉案金额 标的额 标的 争议金额 申请金额 涉及金额 金额"),
    _field("accepted", gettext_lazy("受理日期"), "受理日期 受理时间"),
    _field("mediator", gettext_lazy("调解员"), "调解员 首席调解员 承办人 主办调解员 承办调解员 经办人 调解人"),
    _field("state", gettext_lazy("状态"), "状态 办理状态 案件状态 进度 办理进度 办理情况 是否结案"),
    _field("result", gettext_lazy("结果"), "结果 调解结果 处理结果 结案方式 办理结果 调处结果 是否成功"),
    _field("reason", gettext_lazy("原因"), "原因 不成原因 失败原因 不予受理原因 不受理原因 终止原因 理由"),
    _field("ended", gettext_lazy("结案日期"), "结案日期 结案时间 办结日期 办结时间 调解日期 调结日期 终结日期"),
    _field("agreed", gettext_lazy("协议金额（元）"), "协议金额 调解金额 达成金额 调解协议金额 兑现金额 支付金额 履行金额"),
    _field("fulfilment", gettext_lazy("履行情况"), "履行情况 履行状态 是否履行 协议履行情况 履行"),
    _field("fulfilled", gettext_lazy("履行日期"), "履行日期 履行时间 付款日期 兑现日期 到账日期"),
    _field("note", gettext_lazy("备注"), "备注 说明 其他说明"),
)  # fmt: skip
LABELS = {one.name: one.label for one in FIELDS}

# What offices write of a case → a state of the pipeline before its end, an outcome, or how an agreement is performed.
PERFORMING, PERFORMED, BROKEN, FILED, ENDED = "performing", "performed", "broken", "filed", "ended"
_STANDS = {
    S.REGISTERED: "已登记 登记 待受理 新收 未受理",
    S.CONSENT_PENDING: "征询意愿 征询中 征求意愿 征询",
    S.ACCEPTED: "已受理 受理 待调解 待指派 已立案",
    S.MEDIATING: "调解中 在调 正在调解 办理中 处理中 在办 进行中 未结 未办结 未结案",
    Outcome.AGREED: "达成协议 达成调解协议 调解成功 成功 调解达成 调成 已化解 化解 调解结案 已达成 和解协议 是",
    PERFORMING: "履行中 部分履行 分期履行 正在履行 协议履行中",
    PERFORMED: "已履行 履行完毕 履行到位 已全部履行 全部履行 即时履行 当场履行 已兑现 已付清 付清 已支付 已到账 已完成",
    BROKEN: "未履行 逾期未履行 拒不履行 违约 没有履行",
    Outcome.FAILED: "调解不成 不成 调解失败 失败 未达成 未能达成 未成功 终止调解 调解终止 不成功 未调成 未化解 否",
    Outcome.WITHDRAWN: "撤回 撤回申请 撤诉 撤销申请 已撤回 放弃申请",
    Outcome.SETTLED: "自行和解 和解撤回 和解 私下和解 自行和解撤回",
    Outcome.NOT_ACCEPTED: "不予受理 不受理 不符合受理",
    Outcome.TRANSFERRED: "移送 已移送 转办 移交 转送 移送处理",
    FILED: "已归档 归档",
    ENDED: "已结案 结案 办结 已办结 已结 终结",
}  # fmt: skip
_STAND_OF = {plain(word): str(stand) for stand, words in _STANDS.items() for word in words.split()}
# Where words begin at the same place the longest decides; a single sign is a word only by itself.
_STAND_IN_TEXT = re.compile(
    "|".join(sorted(map(re.escape, (word for word in _STAND_OF if len(word) > 1)), key=len, reverse=True))
)
_LIVE = frozenset({S.REGISTERED.value, S.CONSENT_PENDING.value, S.ACCEPTED.value, S.MEDIATING.value})
_AGREED = frozenset({Outcome.AGREED.value, PERFORMING, PERFORMED, BROKEN})

_FAIL_WORDS = {
    FailReason.REFUSED: "不愿 拒绝 不同意 不配合 退出",
    FailReason.GAP: "差距 分歧 意见不一 期望",
    FailReason.NO_CONTACT: "联系不上 失联 无法联系 下落不明 找不到",
    FailReason.TERM: "期限 到期 超期 逾期",
}
_REFUSAL_WORDS = {
    RefusalReason.NO_CONSENT: "不同意 不愿 拒绝",
    RefusalReason.ELSEWHERE: "仲裁 诉讼 法院 起诉",
    RefusalReason.SCOPE: "范围 不属于 非劳动争议",
    RefusalReason.PARTY: "不适格 主体 当事人",
}
_SOURCE_WORDS = {
    Source.WINDOW: "窗口 来访 现场 接待 上门",
    Source.VISIT: "走访 驻联",
    Source.SCREENING: "排查 巡查 主动",
    Source.HOTLINE: "热线 12351 12333 12345 电话 来电",
    Source.COURT: "法院 委派 委托 诉前",
    Source.ARBITRATION: "仲裁",
    Source.INSPECTION: "监察",
    Source.SELF_SERVICE: "自助 网上 线上 小程序 网络",
}
# Beside the names of the causes themselves; the narrowest first.
_CAUSE_WORDS = {
    Cause.PAY_OVERTIME: "加班",
    Cause.PAY_DOUBLE: "二倍工资 双倍工资 未签合同 未签订劳动合同",
    Cause.PAY_MIN: "最低工资",
    Cause.PAY_LEAVE: "年休假 年假",
    Cause.PAY_HEAT: "高温",
    Cause.PAY_BONUS: "提成 奖金 绩效",
    Cause.COMP_ILLEGAL: "违法解除 赔偿金",
    Cause.COMP_NOTICE: "代通知金",
    Cause.COMP_SEVERANCE: "经济补偿 补偿金",
    Cause.REL_CONFIRM: "确认劳动关系 劳动关系确认",
    Cause.CON_NONCOMPETE: "竞业",
    Cause.CON_TRAINING: "服务期",
    Cause.CON_CHANGE: "调岗 降薪",
    Cause.CON_TERMINATE: "解除 终止 辞退 开除",
    Cause.DISP: "派遣",
    Cause.PART: "实习 暑期工 非全日制",
    Cause.SI_INJURY: "工伤",
    Cause.SI_MATERNITY: "生育",
    Cause.SI_MEDICAL: "医疗保险",
    Cause.SI_PENSION: "养老",
    Cause.SI_UNEMP: "失业",
    Cause.SI_UNPAID: "社保 社会保险 公积金",
    Cause.WOMAN: "三期 孕期 哺乳",
    Cause.NEW_PAY: "骑手 外卖 网约车 新业态",
    Cause.LABOR_SERVICE: "劳务报酬 劳务费",
    Cause.PAY_ARREARS: "欠薪 拖欠 劳动报酬 工资 讨薪",
    Cause.TIME_REST: "工时 休息",
    Cause.WELFARE: "福利",
    Cause.COLLECTIVE: "集体合同",
    Cause.OTHER: "其他 其它",
}


@dataclass
class Cases(Directory):
    """What the office knows, and of the centre: its mediators of all times and the cases that it has already."""

    # Ended cases are filed: their papers lie in the office.
    files_ended: bool = True
    mediators: dict[str, tuple[int, ...]] = field(default_factory=dict)
    # (received, applicant, respondent) of the centre's cases, and fingerprints of rows that an import has brought.
    standing: set[tuple[datetime.date, str, str]] = field(default_factory=set)
    brought: set[str] = field(default_factory=set)


class DisputeRow(NamedTuple):
    """A case as the ledger tells it."""

    sheet: str
    row: int
    number: str
    received_on: datetime.date
    source: str
    applicant: str
    identity: str
    phone: str
    people: int
    firm: Firm
    town: Key | None
    cause: str
    claims: str
    facts: str
    amount: Decimal
    accepted_on: datetime.date | None
    mediator: int | None
    mediator_text: str
    state: str
    outcome: str
    reason: str
    reason_text: str
    ended_on: datetime.date | None
    agreed: Decimal | None
    # Empty, or how far the agreement is performed.
    performance: str
    fulfilled_on: datetime.date | None
    note: str
    fingerprint: str


class Stand(NamedTuple):
    """Where a row stands: the state of the pipeline, the outcome, the reason that it needs, and how it is performed."""

    state: str
    outcome: str = ""
    reason: str = ""
    performance: str = ""


class CaseReaders(Readers):
    directory: Cases
    covered = frozenset({"identity", "phone"})

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.identity = Memo(self._identity)
        self.cause = Memo(self._cause)
        self.source = Memo(self._source)
        self.mediator = Memo(self._mediator)
        self.stand = Memo(self._stand)
        self.money = Memo(self._money)
        self._doubted: set[tuple[str, str, str]] = set()

    def problem(self, name: str, cell: Cell, bad: Bad, *, refused: bool = True) -> Problem:
        """What cannot be read of a number stays out of the record of the import, where it would stand in clear."""
        found = super().problem(name, cell, bad, refused=refused)
        value = _covered(found.value) if name in ("identity", "phone") and found.value else found.value
        return found._replace(value=value, column=found.column or str(LABELS[name]))

    def doubt_once(self, name: str, cell: Cell, detail: str = "") -> None:
        key = (name, detail, show(cell))
        if key not in self._doubted:
            self._doubted.add(key)
            self.note(name, cell, detail)

    def past(self, name: str, cell: Cell) -> datetime.date | Bad | None:
        day = self.day[cell]
        if isinstance(day, datetime.date) and self.context.today is not None and day > self.context.today:
            return Bad("date", "future")
        return day

    def _firm(self, cells: tuple[Cell, Cell]) -> Firm | Bad:
        """The respondent, of the directory or by name: an employer that is not known there is not made."""
        name_cell, code_cell = cells
        name, code = self.firm_name(name_cell), self.code[code_cell]
        if isinstance(code, Bad):
            return code
        known = (self.directory.firms_by_code.get(code) if code else None) or self.directory.firm_by_name(name)
        if not name and not known:
            return Bad("enterprise", "missing")
        if len(name) > 100:
            return Bad("enterprise", "long")
        return known or Firm(None, name, code, None, firm_text(name))

    def _phone(self, cell: Cell) -> str:
        if is_blank(cell):
            return ""
        try:
            return read_phone(text_of(cell)).number
        except InvalidValue:
            self.note("phone", cell, "left_out")
            return ""

    def _identity(self, cell: Cell) -> str | Bad:
        if is_blank(cell):
            return ""
        try:
            return read_identity(text_of(cell)).number
        except InvalidValue:
            return Bad("identity", "")

    def _cause(self, cell: Cell) -> str:
        written = text_of(cell)
        for cause in Cause:
            if written and plain(str(cause.label)) == plain(written):
                return cause.value
        found = _meant(written, _CAUSE_WORDS)
        if found is None:
            self.note("cause", cell)
        return found or Cause.OTHER.value

    def _source(self, cell: Cell) -> str:
        written = text_of(cell)
        for source in Source:
            if written and plain(str(source.label)) == plain(written):
                return source.value
        found = _meant(written, _SOURCE_WORDS)
        if found is None and written:
            self.note("source", cell)
        return found or Source.WINDOW.value

    def _mediator(self, cell: Cell) -> int | Bad | None:
        written = plain(text_of(cell))
        if not written:
            return None
        found = self.directory.mediators.get(written, ())
        if len(found) == 1:
            return found[0]
        return Bad("mediator", "namesake" if found else "unknown")

    def _stand(self, cell: Cell) -> str | Bad:
        written = plain(text_of(cell))
        if not written:
            return ""
        if found := _STAND_OF.get(written):
            return found
        match = _STAND_IN_TEXT.search(written)
        return _STAND_OF[match.group()] if match else Bad("stand", "unknown")

    def _money(self, cell: Cell) -> Decimal | Bad | None:
        if is_blank(cell):
            return None
        text = re.sub(r"[,，￥¥\s]|人民币|元$|元整$", "", show(cell))
        times = 10_000 if text.endswith("万") else 1
        try:
            found = Decimal(text.removesuffix("万")) * times
        except InvalidOperation:
            return Bad("money", "")
        if not found.is_finite() or not 0 <= found < LARGEST:
            return Bad("money", "")
        return found.quantize(Decimal("0.01"))


def _covered(value: str) -> str:
    return f"{value[:3]}***"


def _meant(written: str, words: dict[Any, str]) -> str | None:
    text = plain(written)
    return (
        next(
            (str(meaning) for meaning, known in words.items() if any(plain(word) in text for word in known.split())),
            None,
        )
        if text
        else None
    )


class DisputeSheet(ListSheet):
    fields = tuple(one.name for one in FIELDS)
    readers_class = CaseReaders
    readers: CaseReaders

    def read(self, cells: tuple[Any, ...]) -> DisputeRow | None:
        cell = dict(zip(self.fields, cells, strict=True))
        readers, wrong = self.readers, _Wrong()
        received = wrong.or_none("received", readers.when[cell["received"]])
        accepted = wrong.or_none("accepted", readers.past("accepted", cell["accepted"]))
        ended = wrong.or_none("ended", readers.past("ended", cell["ended"]))
        fulfilled = wrong.or_none("fulfilled", readers.day[cell["fulfilled"]])
        identity = wrong.or_none("identity", readers.identity[cell["identity"]])
        firm = wrong.or_none("enterprise", readers.firm[cell["enterprise"], cell["credit_code"]])
        amount = wrong.or_none("amount", readers.money[cell["amount"]])
        agreed = wrong.or_none("agreed", readers.money[cell["agreed"]])
        applicant = readers.name[cell["applicant"]]
        if not applicant:
            wrong.add("applicant", Bad("applicant", "missing"))
        stand = wrong.or_none("state", self._stand(cell, wrong))
        mediator = self._mediator(cell, stand, wrong)
        if stand is not None:
            wrong.check_dates(stand, received, accepted, ended)
            if stand.performance == PERFORMED:
                wrong.check_past("fulfilled", fulfilled, readers.context.today)
        if wrong.found:
            self.refuse(cells, wrong.found)
            return None
        assert isinstance(received, When)
        assert isinstance(firm, Firm)
        assert stand is not None
        if accepted is None and (stand.state in _NEEDS_ACCEPTED):
            accepted = received.on
            readers.doubt_once("accepted", cell["accepted"], "as_received")
        fingerprint = fingerprint_of([received.text, plain(applicant), firm.text, readers.cause[cell["cause"]]])
        if not self._is_new(fingerprint, received.on, applicant, firm):
            return None
        self.tally.rows += 1
        town = readers.town[cell["town"]]
        if isinstance(town, Bad) and town.detail != "missing":
            readers.doubt_once("town", cell["town"])
        return DisputeRow(
            self.sheet.name, readers.row, text_of(cell["number"])[:60], received.on, readers.source[cell["source"]],
            applicant[:50], identity or "", readers.phone[cell["phone"]], max(1, readers.claimants[cell["people"]] or 1), firm,
            None if isinstance(town, Bad) else town.key, readers.cause[cell["cause"]], text_of(cell["claims"])[:2000],
            text_of(cell["facts"])[:4000], amount or Decimal(0), accepted, mediator, text_of(cell["mediator"])[:50],
            stand.state, stand.outcome, stand.reason, text_of(cell["reason"])[:200], ended if stand.outcome else None, agreed,
            stand.performance, fulfilled, text_of(cell["note"])[:500], fingerprint,
        )  # fmt: skip

    def _is_new(self, fingerprint: str, on: datetime.date, applicant: str, firm: Firm) -> bool:
        """Once in the file, and not yet at the centre: neither by an earlier import nor registered by hand."""
        readers, known = self.readers, self.readers.directory
        if fingerprint in known.brought or (on, plain(applicant), firm.text) in known.standing:
            self.tally.repeat(readers.row, self.sheet.name, readers.row)
            return False
        return self.tally.is_new(fingerprint, readers.row)

    def _mediator(self, cell: dict[str, Cell], stand: Stand | None, wrong: _Wrong) -> int | None:
        """Who mediates must be known while there is mediation; of a filed case the name alone is kept."""
        found = self.readers.mediator[cell["mediator"]]
        needed = stand is not None and stand.state in _NEEDS_MEDIATOR
        if isinstance(found, Bad):
            if needed or stand is None:
                wrong.add("mediator", found)
            else:
                self.readers.doubt_once("mediator", cell["mediator"], "kept")
            return None
        if needed and found is None:
            wrong.add("mediator", Bad("mediator", "missing"))
        return found

    def _stand(self, cell: dict[str, Cell], wrong: _Wrong) -> Stand | Bad | None:
        """The state of the pipeline that the three columns say together."""
        said = {}
        for name in ("state", "result", "fulfilment"):
            found = self.readers.stand[cell[name]]
            if isinstance(found, Bad):
                wrong.add(name, found)
                return None
            said[name] = in_column(name, cell[name], found)
        performance = said["fulfilment"]
        words = [said["result"], said["state"], performance]
        outcome = next((word for word in words if word and word not in _LIVE | {FILED, ENDED}), "")
        filed = FILED in words
        if not outcome:
            return _live(said, filed=filed or ENDED in words)
        if outcome in _AGREED:
            performance = next((word for word in words if word in (PERFORMING, PERFORMED, BROKEN)), "")
            return self._agreed(cell, performance, filed=filed)
        return self._over(cell, outcome, filed=filed)

    def _agreed(self, cell: dict[str, Cell], performance: str, *, filed: bool) -> Stand:
        away = filed or self.readers.directory.files_ended
        if performance == BROKEN:
            return Stand(S.BREACHED.value, Outcome.AGREED.value, performance=BROKEN)
        if performance == PERFORMING or (not performance and not away):
            return Stand(S.EFFECTIVE.value, Outcome.AGREED.value, performance=PERFORMING)
        if not performance:
            self.readers.doubt_once("fulfilment", cell["fulfilment"], "as_performed")
        return Stand(S.ARCHIVED.value if away else S.FULFILLED.value, Outcome.AGREED.value, performance=PERFORMED)

    def _over(self, cell: dict[str, Cell], outcome: str, *, filed: bool) -> Stand | Bad:
        """Ended without an agreement: what is not filed yet says why, as the step would."""
        away = filed or self.readers.directory.files_ended
        words = " ".join(text_of(cell[name]) for name in ("reason", "result", "state", "note"))
        known: dict[Any, str] = {Outcome.FAILED.value: _FAIL_WORDS, Outcome.NOT_ACCEPTED.value: _REFUSAL_WORDS}.get(
            outcome, {}
        )  # type: ignore[assignment]
        reason = (_meant(words, known) or "") if known else ""
        if known and not reason and not away:
            return Bad("reason", "fail" if outcome == Outcome.FAILED else "refusal")
        state = {
            Outcome.FAILED.value: S.FAILED, Outcome.NOT_ACCEPTED.value: S.NOT_ACCEPTED, Outcome.WITHDRAWN.value: S.WITHDRAWN,
            Outcome.SETTLED.value: S.WITHDRAWN, Outcome.TRANSFERRED.value: S.TRANSFERRED,
        }[outcome]  # fmt: skip
        return Stand((S.ARCHIVED if away else state).value, outcome, reason)


def in_column(name: str, cell: Cell, found: str) -> str:
    """«是否结案: 是» speaks of the end, «是否履行: 是» of the performance; what became of it is said elsewhere."""
    if name == "fulfilment":
        return {Outcome.AGREED.value: PERFORMED, Outcome.FAILED.value: BROKEN}.get(found, found)
    if name == "state" and plain(text_of(cell)) in ("是", "否"):
        return ENDED if found == Outcome.AGREED else S.MEDIATING.value
    return found


def _live(said: dict[str, str], *, filed: bool) -> Stand | Bad:
    live = next((word for word in (said["state"], said["result"]) if word in _LIVE), "")
    if filed or not live:
        return Bad("stand", "no_result" if filed else "missing")
    return Stand(live)


_NEEDS_MEDIATOR = frozenset(state.value for state in (S.MEDIATING, S.FAILED, S.EFFECTIVE, S.FULFILLED, S.BREACHED))
_NEEDS_ACCEPTED = _NEEDS_MEDIATOR | {S.ACCEPTED.value}


class _Wrong:
    """What stands against a row, column by column."""

    def __init__(self) -> None:
        self.found: list[tuple[str, Bad]] = []

    def add(self, name: str, bad: Bad) -> None:
        self.found.append((name, bad))

    def or_none(self, name: str, value: Any) -> Any:
        if isinstance(value, Bad):
            # A code that is wrong stands in a column of its own.
            self.add(value.reason if value.reason in ("credit_code", "reason") else name, value)
            return None
        return value

    def check_past(self, name: str, day: datetime.date | None, today: datetime.date | None) -> None:
        if day is not None and today is not None and day > today:
            self.add(name, Bad("date", "future"))

    def check_dates(
        self, stand: Stand, received: When | None, accepted: datetime.date | None, ended: datetime.date | None
    ) -> None:
        if received is not None and accepted is not None and accepted < received.on:
            self.add("accepted", Bad("order_of_days", "accepted"))
        if received is not None and ended is not None and ended < received.on:
            self.add("ended", Bad("order_of_days", "ended"))
        if stand.outcome and ended is None and all(name != "ended" for name, _bad in self.found):
            self.add("ended", Bad("ended", "missing"))


def _label(choices: Any) -> Callable[[Any], str]:
    return lambda value: str(choices(value).label) if value else ""


def _stand_shown(name: str, look: Any) -> str | Bad:
    found = look.readers.stand[look.cell]
    if isinstance(found, Bad) or not found:
        return found
    found = in_column(name, look.cell, found)
    names = {
        PERFORMING: _("协议履行中"), PERFORMED: _("履行完毕"), BROKEN: _("未履行"), FILED: _("已归档"), ENDED: _("已结案"),
    }  # fmt: skip
    if found in names:
        return names[found]
    return str(S(found).label if found in _LIVE else Outcome(found).label)


def _money_shown(look: Any) -> str | Bad:
    found = look.readers.money[look.cell]
    return found if isinstance(found, Bad) else "" if found is None else f"{found:,.2f}"


def _day_shown(look: Any) -> str | Bad:
    found = look.readers.day[look.cell]
    return found if isinstance(found, Bad) else found.isoformat() if found else ""


def _received_shown(look: Any) -> str | Bad:
    found = look.readers.when[look.cell]
    return found if isinstance(found, Bad) else found.on.isoformat()


def _identity_shown(look: Any) -> str | Bad:
    found = look.readers.identity[look.cell]
    return found if isinstance(found, Bad) else mask_identity(found) if found else ""


CaseReaders.showers = {
    "received": _received_shown,
    "accepted": _day_shown,
    "ended": _day_shown,
    "fulfilled": _day_shown,
    "applicant": lambda look: look.readers.name[look.cell],
    "identity": _identity_shown,
    "phone": lambda look: mask_phone(found) if (found := look.readers.phone[look.cell]) else "",
    "people": lambda look: str(look.readers.claimants[look.cell] or ""),
    "cause": lambda look: _label(Cause)(look.readers.cause[look.cell]),
    "source": lambda look: _label(Source)(look.readers.source[look.cell]),
    "mediator": lambda look: (
        found if isinstance(found := look.readers.mediator[look.cell], Bad) else text_of(look.cell)
    ),
    "amount": _money_shown,
    "agreed": _money_shown,
    "state": partial(_stand_shown, "state"),
    "result": partial(_stand_shown, "result"),
    "fulfilment": partial(_stand_shown, "fulfilment"),
    "reason": lambda look: text_of(look.cell),
}

REASONS: dict[str, Any] = {
    "applicant.missing": gettext_lazy("没有写申请人。"),
    "identity": gettext_lazy("身份证号“%(value)s”不对，请核对位数和校验码。"),
    "phone.left_out": gettext_lazy("电话“%(value)s”的格式不对，这个电话不导入。"),
    "cause": gettext_lazy("案由“%(value)s”认不出，归入其他。"),
    "source": gettext_lazy("来源“%(value)s”认不出，按窗口接待记。"),
    "mediator.unknown": gettext_lazy("“%(value)s”不是本中心的调解员，请先登记任职。"),
    "mediator.namesake": gettext_lazy("本中心有两位“%(value)s”，分不出是哪一位。"),
    "mediator.missing": gettext_lazy("没有写调解员，这个状态的案件要有调解员。"),
    "mediator.kept": gettext_lazy("“%(value)s”不是本中心的调解员，只保留姓名。"),
    "stand.unknown": gettext_lazy("“%(value)s”看不出案件办到哪一步。"),
    "stand.missing": gettext_lazy("没有写状态，也没有写结果。"),
    "stand.no_result": gettext_lazy("写了结案，没有写结果。"),
    "reason.fail": gettext_lazy("没有写清调解不成的原因：一方不愿继续、差距过大、联系不上或期限届满。"),
    "reason.refusal": gettext_lazy("没有写清不予受理的事由：不属于受理范围、不同意调解、已进入仲裁或诉讼，或当事人不适格。"),
    "ended.missing": gettext_lazy("有结果的案件要写结案日期。"),
    "accepted.as_received": gettext_lazy("没有写受理日期，按收到日期记。"),
    "fulfilment.as_performed": gettext_lazy("没有写履行情况，归档的按已履行记。"),
    "order_of_days.accepted": gettext_lazy("受理日期早于收到日期。"),
    "order_of_days.ended": gettext_lazy("结案日期早于收到日期。"),
    "money": gettext_lazy("“%(value)s”不是金额。"),
}  # fmt: skip


def register() -> None:
    """The shared reader of ledgers knows this kind when it is asked for it."""
    register_kind(KIND, FIELDS, DisputeSheet, REASONS)


def columns() -> Sequence[str]:
    """The columns that are understood, for the page that asks for the file."""
    return [str(one.label) for one in FIELDS]
