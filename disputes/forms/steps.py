"""One form a verb of the dispute: shape and wording only, the rules are the action's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.forms.formsets import BaseFormSet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.china.errors import InvalidValue
from unionops.jinja import day_full as spelled
from unionops.jinja import money
from unionops.joining import bracketed, listed
from unionops.org.forms.fields import Lines, Text

from ..actions.agreements import ObligationDraft
from ..actions.sessions import OfferDraft
from ..enums import (
    OPPOSED,
    ContactWay,
    FailReason,
    Mark,
    ObligationKind,
    PauseReason,
    RefusalReason,
    Route,
    SessionKind,
    Side,
    TransferReason,
    Verb,
)
from ..exits import Way, ways_after_breach
from ..law import instalments
from ..models import Dispute, Elements, Obligation, Party
from ..models.agreements import ObligationQuerySet
from ..papers.filing import file_list, lack_words
from ..policies import waivers_in
from ..terms import extension_left, rule_for
from .asking import About, Asking, Choices, Money, Paper, day, must_bring, paragraph, radios, today
from .assigning import AssignForm
from .rows import SIDES, ObligationRows, OfferRows, meant

# What the warning says of a right that an agreement seems to give away (`policies.waivers_in`).
WAIVED = {
    "social_insurance": gettext_lazy("放弃社会保险的约定无效（解释二第 19 条）。"),
    "work_injury": gettext_lazy("放弃工伤认定、劳动能力鉴定的约定无效。"),
    "minimum_wage": gettext_lazy("低于最低工资的约定无效。"),
}


class ReasonForm(Asking):
    submit = gettext_lazy("确定")
    reason = paragraph(gettext_lazy("理由"))


class NoteForm(Asking):
    submit = gettext_lazy("确定")
    note = Text(label=gettext_lazy("说明"), max_length=1000, required=False)


class AskConsentForm(Asking):
    submit = gettext_lazy("记下征询")
    after = gettext_lazy("对方怎么答复，再记在当事人名下")
    spans: ClassVar = {"way": 8, "contacted_on": 4, "person": 4, "note": 8}
    looks: ClassVar = {"way": "segments"}
    way = radios(gettext_lazy("联系方式"), ContactWay.choices, initial=ContactWay.PHONE)
    contacted_on = day(gettext_lazy("联系日期"))
    person = Text(label=gettext_lazy("联系了谁"), max_length=50)
    note = Text(label=gettext_lazy("说明"), max_length=1000, required=False)


class AcceptForm(Asking):
    submit = gettext_lazy("受理")
    spans: ClassVar = {"accepted_on": 4, "note": 8}
    accepted_on = day(gettext_lazy("受理日期"))
    note = Text(label=gettext_lazy("说明"), max_length=1000, required=False)
    scope_checked = forms.BooleanField(
        label=gettext_lazy("已审查：属于受理范围，双方是适格的当事人，还没有仲裁裁决或者法院判决"), required=False
    )  # fmt: skip

    def about(self) -> About:
        parties = self.dispute.parties.on(today()).exclude(side=Side.THIRD)
        return [(party.name, party.get_consent_display() or _("还没有表示意愿")) for party in parties[:12]]


class RefuseForm(Asking):
    submit = gettext_lazy("不予受理")
    after = gettext_lazy("登记人会收到通知")
    reason = radios(gettext_lazy("事由"), RefusalReason.choices)
    note = paragraph(gettext_lazy("告知申请人的理由和救济途径"))


class HoldSessionForm(Asking):
    submit = gettext_lazy("记下这次调解")
    caution = gettext_lazy(
        "背对背时，笔录和出价只有调解员和这一方看得到，这一方同意公开之前，对方、联动单位和领导都看不到。"
    )
    rows_title = gettext_lazy("双方的要求和出价")
    rows_more = gettext_lazy("再加一条")
    row_spans: ClassVar = {"side": 3, "kind": 3, "amount": 3, "terms": 3}
    spans: ClassVar = {"held_at": 6, "place": 6, "next_on": 4, "present": 6, "points": 6}
    looks: ClassVar = {"kind": "segments", "side_heard": "picks"}
    heights: ClassVar = {"text": 8}
    kind = radios(gettext_lazy("方式"), SessionKind.choices)
    # Shown for back to back alone (static/css/unionops.css).
    side_heard = radios(gettext_lazy("听取哪一方"), SIDES, required=False)
    held_at = forms.DateTimeField(
        label=gettext_lazy("调解时间"), initial=timezone.now,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    place = Text(label=gettext_lazy("地点"), max_length=100, required=False)
    present = Lines(
        label=gettext_lazy("在场人"), required=True, most=30, longest=60, help_text=gettext_lazy("一行一人。")
    )
    points = paragraph(gettext_lazy("争议焦点"), 2000, required=False)
    text = paragraph(gettext_lazy("调解笔录"), 10000, 6)
    next_on = day(gettext_lazy("下次日期"), required=False, initial=None)

    def make_rows(self, data: QueryDict | None) -> BaseFormSet[Any]:
        return OfferRows(data, prefix="offer")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("kind") != SessionKind.BACK_TO_BACK:
            # Picked before the kind was changed; nobody sees it any more.
            found["side_heard"] = ""
        elif not found.get("side_heard"):
            self.add_error("side_heard", _("背对背调解要写听取哪一方，其他方式不写。"))
        return found

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        found["offers"] = [OfferDraft(**row) for row in meant(self.rows)]
        return found


class ExtendForm(Asking):
    submit = gettext_lazy("延期")
    spans: ClassVar = {"days": 4, "applicant_agreed_on": 4, "respondent_agreed_on": 4}
    days = forms.IntegerField(label=gettext_lazy("延长几天"), min_value=1, max_value=365)
    applicant_agreed_on = day(gettext_lazy("申请人同意日期"))
    respondent_agreed_on = day(gettext_lazy("被申请人同意日期"))
    reason = paragraph(gettext_lazy("理由"))

    def about(self) -> About:
        term, left = self.dispute.term, extension_left(self.dispute)
        most = _("双方约定，规则没有上限") if left is None else _("最多 %(days)d 天") % {"days": left}
        return [
            (_("时限规则"), self.dispute.get_rule_profile_display()),
            (_("调解期限"), spelled(term.due_on) if term else _("还没有起算")),
            (_("还能延期"), most),
        ]


class SuspendForm(Asking):
    submit = gettext_lazy("中止")
    after = gettext_lazy("中止期间不计入调解期限")
    reason = radios(gettext_lazy("事由"), PauseReason.choices)
    note = Text(label=gettext_lazy("说明"), max_length=1000, required=False)


class ResumeForm(Asking):
    submit = gettext_lazy("恢复调解")
    after = gettext_lazy("期限从今天接着算")
    note = paragraph(gettext_lazy("中止的原因怎样消除了"), 1000)

    def about(self) -> About:
        return [(_("中止的事由"), self.dispute.get_pause_reason_display())]


class AgreeForm(Asking):
    """The whole agreement: what, how, how much, and in rows who owes whom what by when."""

    submit = gettext_lazy("拟定协议")
    after = gettext_lazy("每次拟定是一稿，签章只对这一稿有效")
    template = "disputes/_agree.html"
    rows_title = gettext_lazy("双方的义务")
    rows_more = gettext_lazy("再加一项")
    row_spans: ClassVar = {
        "kind": 3, "debtor": 3, "creditor": 3, "due_on": 3, "what": 6, "amount": 3, "instalment": 3,
    }  # fmt: skip
    spans: ClassVar = {"way": 8, "total": 4}
    heights: ClassVar = {"result": 5}
    # They split the total and are no part of the agreement.
    PLAN: ClassVar = ("split_count", "split_first", "split_shares")
    result = paragraph(gettext_lazy("协议结果"), 5000, 4)
    way = Text(label=gettext_lazy("履行方式"), max_length=300)
    total = Money(label=gettext_lazy("总金额（元）"), required=True)
    facts = paragraph(gettext_lazy("主要事实和责任"), 5000, required=False)
    warnings_read = forms.BooleanField(
        label=gettext_lazy("已向双方说明这样的约定无效，仍按这样写"), required=False
    )  # fmt: skip
    split_count = forms.IntegerField(
        label=gettext_lazy("分几期"), required=False, min_value=1, max_value=instalments.MOST_INSTALMENTS
    )
    split_first = day(gettext_lazy("首期日期"), required=False, initial=None, help_text=gettext_lazy("每月一期。"))
    split_shares = Text(
        label=gettext_lazy("各期比例（%）"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("如 30、30、40；不写就平均分。"),
    )

    def fill(self) -> None:
        self.parties: list[Party] = list(self.dispute.parties.on(today()))
        self.previous = self.dispute.agreements.filter(volume=self.dispute.volume).order_by("-version").first()
        self.warnings = self._warnings()
        if not self.warnings:
            del self.fields["warnings_read"]

    def _warnings(self) -> list[str]:
        """In words, what the text that was sent seems to give away."""
        data = self.data
        texts = [str(data.get(name, "")) for name in data if name in ("result", "way") or name.endswith("-what")]
        return [str(WAIVED[code]) for code in waivers_in(*texts)]

    @property
    def plain_fields(self) -> list[Any]:
        return [self[name] for name in ("facts", "result", "way", "total")]

    @property
    def plan_fields(self) -> list[Any]:
        return [self[name] for name in self.PLAN]

    def suggested(self) -> dict[str, Any]:
        if self.previous is None:
            known = Elements.objects.filter(dispute=self.dispute).first()
            return {"facts": (known and known.agreed_facts) or self.dispute.facts}
        return {name: getattr(self.previous, name) for name in ("result", "way", "total", "facts")}

    def make_rows(self, data: QueryDict | None) -> BaseFormSet[Any]:
        # Only for a form that was not sent: a sent row that is the same as before would count as left empty.
        initial: list[dict[str, Any]] | None = None
        if data is None:
            before = [_row_of(obligation) for obligation in self.previous.obligations.all()] if self.previous else []
            initial = before or [{"kind": ObligationKind.PAY, **self.usual_sides()}]
        rows = ObligationRows(
            data, prefix="owe", initial=initial, form_kwargs={"parties": party_choices(self.parties)}
        )  # fmt: skip
        rows.extra = 1
        return rows

    def usual_sides(self) -> dict[str, str]:
        """Mostly the firm pays the worker."""
        first = {side: next((str(one.pk) for one in self.parties if one.side == side), "") for side in OPPOSED}
        return {"debtor": first[Side.RESPONDENT], "creditor": first[Side.APPLICANT]}

    def about(self) -> About:
        if self.previous is None:
            return []
        return [(_("上一稿"), _("第 %(n)d 稿，%(day)s") % {"n": self.previous.version, "day": spelled(self.previous.drafted_at)})]  # fmt: skip

    # ---- the running sum

    @property
    def sum_line(self) -> tuple[str, str]:
        """(words, tone) of the instalments against the total, as they stand in the form."""
        total, found = _yuan(self["total"].value()), Decimal(0)
        assert self.rows is not None
        for form in self.rows.forms:
            found += _yuan(form["amount"].value())
        return compared(found, total)

    # ---- splitting the total

    def split(self) -> AgreeForm:
        """The same form with the total in instalments: what is to be paid is written anew, other duties stay."""
        assert isinstance(self.data, QueryDict)
        self.full_clean()
        plan, problem = self._plan()
        if problem is not None:
            self.quiet()
            self.add_error(*problem)
            return self
        return self._again(self.data, self._rows_with(plan))

    def _plan(self) -> tuple[list[instalments.Instalment], tuple[str, str] | None]:
        found = self.cleaned_data
        total, first = found.get("total"), found.get("split_first")
        if total is None or total <= 0:
            return [], ("total", _("请先写大于零的总金额。"))
        if first is None:
            return [], ("split_first", _("请写首期日期。"))
        shares = [part for part in found.get("split_shares", "").replace("%", " ").replace("％", " ").replace("，", " ").replace("、", " ").replace(",", " ").split() if part]  # fmt: skip
        try:
            if shares:
                percents = [Decimal(part) for part in shares]
                days = instalments.monthly_dates(first, len(percents))
                return instalments.percent_plan(total, list(zip(days, percents, strict=True))), None
            if not found.get("split_count"):
                return [], ("split_count", _("请写分几期。"))
            return instalments.monthly_plan(total, first, found["split_count"]), None
        except InvalidValue as error:
            return [], ("split_shares" if shares else "split_count", str(error))
        except ArithmeticError:
            return [], ("split_shares", _("请写数字，如 30、30、40。"))

    def _rows_with(self, plan: list[instalments.Instalment]) -> list[dict[str, str]]:
        assert self.rows is not None
        typed = [{name: str(form[name].data or "") for name in form.fields} for form in self.rows.forms]
        kept = [row for row in typed if row["kind"] != ObligationKind.PAY and (row["what"] or row["due_on"])]
        paid = next(
            (row for row in typed if row["kind"] == ObligationKind.PAY and row["debtor"] and row["creditor"]), {}
        )
        sides = {name: paid[name] for name in ("debtor", "creditor")} if paid else self.usual_sides()
        return kept + [
            {
                **sides, "kind": ObligationKind.PAY.value, "due_on": part.due_on.isoformat(), "amount": f"{part.amount:.2f}",
                "instalment": str(part.number) if len(plan) > 1 else "",
                "what": _("第 %(n)d 期付款") % {"n": part.number} if len(plan) > 1 else _("一次付清"),
            }
            for part in plan
        ]  # fmt: skip

    def _again(self, data: QueryDict, rows: list[dict[str, str]]) -> AgreeForm:
        sent = data.copy()
        for name in [name for name in sent if re.match(r"owe-\d+-", name)]:
            del sent[name]
        sent["owe-TOTAL_FORMS"], sent["owe-INITIAL_FORMS"] = str(len(rows)), "0"
        for position, row in enumerate(rows):
            for name, value in row.items():
                sent[f"owe-{position}-{name}"] = value
        form = AgreeForm(sent, user=self.user, dispute=self.dispute)
        form.quiet()
        return form

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        for name in self.PLAN:
            found.pop(name, None)
        known = {str(party.pk): party for party in self.parties}
        found["obligations"] = [
            ObligationDraft(
                debtor=known[row["debtor"]],
                creditor=known[row["creditor"]],
                what=row["what"],
                due_on=row["due_on"],
                kind=row["kind"],
                amount=row["amount"] or None,
                instalment=row["instalment"] if row["kind"] == ObligationKind.PAY else None,
            )
            for row in meant(self.rows)
        ]
        return found


def _row_of(obligation: Obligation) -> dict[str, Any]:
    names = ("kind", "due_on", "what", "amount", "instalment")
    return {name: getattr(obligation, name) for name in names} | {
        "debtor": str(obligation.debtor_id), "creditor": str(obligation.creditor_id),
    }  # fmt: skip


def party_choices(parties: Iterable[Party]) -> Choices:
    # The side first: a long name is cut off in a narrow list.
    return [(str(party.pk), f"{party.get_side_display()} · {party.name}") for party in parties]


def _yuan(value: Any) -> Decimal:
    try:
        found = Decimal(str(value or "0").replace(",", "").replace("，", "").strip())
    except ArithmeticError:
        return Decimal(0)
    return found if found.is_finite() else Decimal(0)


def compared(found: Decimal, total: Decimal) -> tuple[str, str]:
    """The words that static/js/rows.js also says while somebody types."""
    said = {"sum": money(found), "gap": money(abs(total - found))}
    if found == total:
        return _("各期合计 {sum} 元，与总金额相符").format(**said), "good"
    if found < total:
        return _("各期合计 {sum} 元，还差 {gap} 元").format(**said), "warn"
    return _("各期合计 {sum} 元，多出 {gap} 元").format(**said), "warn"


class TalkAgainForm(ReasonForm):
    submit = gettext_lazy("继续调解")
    after = gettext_lazy("这一稿留在案卷里，没有效力")
    reason = paragraph(gettext_lazy("哪一方为什么不签"))


class MakeEffectiveForm(Asking):
    submit = gettext_lazy("协议生效")
    after = gettext_lazy("确认窗口和履行期限从生效日起算")
    spans: ClassVar = {"effective_on": 4}
    effective_on = day(gettext_lazy("生效日期"))
    consent_list = Paper(gettext_lazy("被代表职工签名的同意名单"))

    def fill(self) -> None:
        if not self.dispute.is_collective:
            for name in ("consent_list", "consent_list_known"):
                self.fields.pop(name, None)
            self.papers = []
        else:
            must_bring(self, "consent_list")
        drafts = self.dispute.agreements.filter(volume=self.dispute.volume, effective_on=None)
        agreement = drafts.order_by("-version").first()
        self.marked = {mark: agreement.marked_on(mark) for mark in Mark} if agreement else {}

    def about(self) -> About:
        return [(str(mark.label), spelled(on) if on else _("还没有")) for mark, on in self.marked.items()]

    def suggested(self) -> dict[str, Any]:
        return {"effective_on": max((on for on in self.marked.values() if on), default=today())}


class FinishForm(NoteForm):
    submit = gettext_lazy("履行完毕")
    after = gettext_lazy("一个月后安排案后回访")

    def about(self) -> About:
        return [(one.what, _performed(one)) for one in owed(self.dispute)]


def owed(dispute: Dispute) -> ObligationQuerySet:
    """What the agreement of this volume that has effect binds to."""
    found: ObligationQuerySet = Obligation.objects.standing().filter(
        agreement__dispute=dispute, agreement__volume=dispute.volume
    )
    return found


def _performed(obligation: Obligation) -> str:
    if obligation.fulfilled_on is not None:
        return _("已履行") + " " + spelled(obligation.fulfilled_on)
    return _("没有履行") + " " + spelled(obligation.due_on)


class BreachForm(NoteForm):
    submit = gettext_lazy("登记未履行")
    after = gettext_lazy("仲裁时效重新起算，分管领导会收到通知")

    def about(self) -> About:
        late = owed(self.dispute).overdue(today())
        pressed = [(one.what, spelled(one.pressed_on) if one.pressed_on else _("还没有催促")) for one in late]
        return pressed or [(_("到期未履行"), _("没有到期未履行的义务。"))]


class FinishLateForm(FinishForm):
    submit = gettext_lazy("逾期履行完毕")


class ChooseRouteForm(Asking):
    """Only the ways that the law leaves open; why the others are closed stands below."""

    submit = gettext_lazy("确定途径")
    template = "disputes/_routes.html"
    spans: ClassVar = {"to": 6, "letter_number": 6}
    route = radios(gettext_lazy("救济途径"), [])
    to = Text(
        label=gettext_lazy("向哪里申请"), max_length=100, required=False, help_text=gettext_lazy("不再追究的不写。")
    )  # fmt: skip
    letter_number = Text(label=gettext_lazy("函号"), max_length=60, required=False)
    note = Text(label=gettext_lazy("说明"), max_length=1000, required=False)

    def fill(self) -> None:
        agreement = self.dispute.agreements.filter(volume=self.dispute.volume, effective_on__isnull=False).first()
        ways = ways_after_breach(self.dispute, agreement, on=today()) if agreement else []
        self.closed: list[Way] = [way for way in ways if way.reason]
        self.fields["route"].choices = [  # type: ignore[attr-defined]
            (way.route.value, way.route.label) for way in ways if not way.reason
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("route") not in (None, Route.NONE) and not found.get("to"):
            self.add_error("to", _("请写向哪里申请。"))
        return found


class FailForm(Asking):
    submit = gettext_lazy("终止调解")
    after = gettext_lazy("要告知双方可以申请仲裁，仲裁时效重新起算")
    reason = radios(gettext_lazy("原因"), FailReason.choices)
    note = Text(label=gettext_lazy("说明"), max_length=1000, required=False)

    def about(self) -> About:
        rule, term = rule_for(self.dispute), self.dispute.term
        return [
            (_("时限规则"), self.dispute.get_rule_profile_display()),
            (_("调解期限"), spelled(term.due_on) if term else _("还没有起算")),
            (_("期限届满"), f"{rule.on_expiry.label}{bracketed(str(rule.article))}"),
        ]


class WithdrawForm(ReasonForm):
    submit = gettext_lazy("撤回申请")
    settled_privately = forms.BooleanField(
        label=gettext_lazy("双方自行和解，计入调解成功"), required=False
    )  # fmt: skip


class TransferForm(Asking):
    submit = gettext_lazy("移送")
    after = gettext_lazy("有激化风险或涉嫌犯罪的，分管领导马上收到通知")
    spans: ClassVar = {"to": 6, "letter_number": 6}
    reason = radios(gettext_lazy("事由"), TransferReason.choices)
    to = Text(label=gettext_lazy("移送给哪个单位"), max_length=100)
    letter_number = Text(label=gettext_lazy("函号"), max_length=60, required=False)
    note = Text(label=gettext_lazy("说明"), max_length=1000, required=False)


class ArchiveForm(Asking):
    """What the file lacks stands above the question why."""

    submit = gettext_lazy("归档")
    after = gettext_lazy("归档后共享结束，案卷不再更改")
    statement = Text(label=gettext_lazy("卷宗情况说明"), max_length=1000, required=False)
    note = Text(label=gettext_lazy("说明"), max_length=1000, required=False)

    def fill(self) -> None:
        self.lack = lack_words(file_list(self.dispute))
        if self.lack:
            self.fields["statement"].required = True
            self.fields["statement"].help_text = _("缺的材料，逐项写明原因；补齐后可以不写。")
        else:
            del self.fields["statement"]

    def about(self) -> About:
        ended = self.dispute.ended_on
        found = [(_("调解结果"), self.dispute.get_outcome_display()), (_("结案日期"), spelled(ended) if ended else "—")]
        return [*found, (_("卷宗还缺"), listed(self.lack) or _("齐全"))]


class ReopenForm(ReasonForm):
    submit = gettext_lazy("重启案件")
    after = gettext_lazy("另立一卷，原来的经过都在")


FORMS: dict[str, type[Asking]] = {
    Verb.ASK_CONSENT: AskConsentForm,
    Verb.ACCEPT: AcceptForm,
    Verb.REFUSE: RefuseForm,
    Verb.ASSIGN: AssignForm,
    Verb.HOLD_SESSION: HoldSessionForm,
    Verb.EXTEND: ExtendForm,
    Verb.SUSPEND: SuspendForm,
    Verb.RESUME: ResumeForm,
    Verb.AGREE: AgreeForm,
    Verb.TALK_AGAIN: TalkAgainForm,
    Verb.MAKE_EFFECTIVE: MakeEffectiveForm,
    Verb.FINISH: FinishForm,
    Verb.BREACH: BreachForm,
    Verb.FINISH_LATE: FinishLateForm,
    Verb.CHOOSE_ROUTE: ChooseRouteForm,
    Verb.FAIL: FailForm,
    Verb.WITHDRAW: WithdrawForm,
    Verb.TRANSFER: TransferForm,
    Verb.ARCHIVE: ArchiveForm,
    Verb.REOPEN: ReopenForm,
}
assert set(FORMS) == set(Verb), "every verb of the table has its form"
