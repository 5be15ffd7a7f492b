"""What each step of a claim asks."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from unionops.casework.attachments import attachments_of
from unionops.china.identity import read_identity
from unionops.joining import listed
from unionops.org.errors import ActionError
from unionops.org.sealed import blind_index

from ..forms.asking import PLEASE_CHOOSE, Money, Paper, RegisterForm, StepForm, Text, day, note, paragraph
from ..models import BudgetLine
from ..shapes import kind_of_case
from .acts import public_name
from .enums import UNCOUNTED, PayWay
from .enums import ClaimVerb as V
from .models import Claim
from .rules import PUBLICATION_DAYS, place_of

MOST_SHOWN = 5
SEEN = "seen"


class People(forms.CharField):
    """Several names in one line, parted by blanks or commas of either language."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return [name for name in re.split(r"[、,，;；\s]+", text or "") if name]

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, list) else value


class Roster(forms.CharField):
    """(name, identity number) of each person, one a line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=20_000,
            widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "data-unionops-unkept": True}),
            **options,
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        found: dict[str, str] = {}
        for at, line in enumerate(filter(str.strip, text.splitlines()), start=1):
            *name, number = re.split(r"[,，;；\s]+", line.strip())
            try:
                known = read_identity(number).number
            except (ActionError, ValueError) as error:
                raise forms.ValidationError(
                    _("第 %(n)d 行：%(reason)s") % {"n": at, "reason": str(error)}, code="number"
                ) from None
            if not name:
                raise forms.ValidationError(_("第 %(n)d 行：请写姓名。") % {"n": at}, code="name")
            if known in found:
                raise forms.ValidationError(_("第 %(n)d 行：和前面是同一个人。") % {"n": at}, code="twice")
            found[known] = "".join(name)
        return [(name, number) for number, name in found.items()]


class ClaimRegisterForm(RegisterForm):
    """Who asks for how much; earlier claims of the same person are shown before another one begins."""

    amount_asked = Money(label=gettext_lazy("申请金额（元）"))
    payee = Text(label=gettext_lazy("户名"), max_length=60, required=False)
    bank = Text(label=gettext_lazy("开户银行"), max_length=60, required=False)
    account = Text(
        label=gettext_lazy("银行账号"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-unionops-unkept": True}),
        help_text=gettext_lazy("加密保存，页面上只显示后四位。"),
    )  # fmt: skip
    roster = Roster(
        label=gettext_lazy("名册，一行一人"),
        help_text=gettext_lazy("姓名、空格、身份证号。号码只用来核对有没有参加过，不保存。"),
    )
    seen_before = forms.BooleanField(
        label=gettext_lazy("已看过上面的记录，不是重复申领"), required=False, widget=forms.HiddenInput
    )
    spans: ClassVar = {**RegisterForm.spans, "amount_asked": 6, "payee": 4, "bank": 4, "account": 4}

    def fill(self) -> None:
        if not self.programme.limit("roster_years"):
            del self.fields["roster"]
        if not self.programme.uses(V.PAY):
            for name in ("amount_asked", "payee", "bank", "account"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        known = found.pop("seen_before", False)
        if not self.errors and not known and (others := self._earlier(found)):
            self.fields["seen_before"].widget = forms.CheckboxInput()
            self.add_error(
                "seen_before", _("今年已有申领：%(list)s。确实不是重复的，请勾选后再登记。") % {"list": listed(others)}
            )
        return found

    def _earlier(self, found: dict[str, Any]) -> list[str]:
        """Claims of this year by the same number or firm in whatever street; only what is needed to compare is told."""
        rows = Claim.objects.filter(
            district=self.programme.district_id, registered_at__year=timezone.localdate().year
        ).exclude(state__in=UNCOUNTED)
        if number := found.get("identity"):
            try:
                number = read_identity(number).number
            except ActionError:
                return []
            except ValueError:
                return []
            rows = rows.filter(identity_hash=blind_index(number))
        elif found.get("enterprise") is not None:
            rows = rows.filter(enterprise=found["enterprise"], programme=self.programme)
        else:
            return []
        return [
            _("%(programme)s %(number)s（%(place)s，%(state)s）")
            % {"programme": row.programme.name, "number": row.number, "place": place_of(row), "state": row.state_words}
            for row in rows.select_related("programme", "town")[:MOST_SHOWN]
        ]


class NoteForm(StepForm):
    note = note()


class ReasonForm(StepForm):
    reason = paragraph(gettext_lazy("理由"))


class CheckForm(StepForm):
    """Each paper is ticked off: which file it is, or that the original was seen."""

    note = note(gettext_lazy("初审意见"))

    def fill(self) -> None:
        files = [(str(file.pk), file.caption or file.name) for file in attachments_of(self.case)]
        choices = [("", _("没有")), (SEEN, _("看过原件")), *files]
        self.paper_names = {}
        row: Any = self.case
        for position, name in enumerate(self.case.programme.documents):
            field = f"paper_{position}"
            given = next((key for key, label in files if name in label), "")
            self.fields[field] = forms.ChoiceField(
                label=name, choices=choices, required=False, initial=row.papers.get(name) or given
            )
            self.paper_names[field] = name
        self.order_fields([*self.paper_names, "note"])

    def clean(self) -> dict[str, Any]:
        for field in self.paper_names:
            if not self.cleaned_data.get(field):
                self.add_error(field, _("还缺这份材料。请上传后再初审，或者要求补材料。"))
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        return {**found, "papers": {name: found.pop(field, "") for field, name in self.paper_names.items()}}


class VisitForm(StepForm):
    visited_on = day(gettext_lazy("入户日期"))
    visitors = People(
        label=gettext_lazy("入户人员（至少两人）"), max_length=200, help_text=gettext_lazy("姓名之间空一格。")
    )
    findings = paragraph(gettext_lazy("看到的情况"), 2000, 4)
    photos_agreed = forms.BooleanField(label=gettext_lazy("本人同意拍摄住处"), required=False)
    photo = Paper(gettext_lazy("住处照片"))
    spans: ClassVar = {"visited_on": 5, "visitors": 7}


class PublishForm(StepForm):
    """Only what may hang on a wall; the name is masked by itself."""

    working_days = forms.IntegerField(label=gettext_lazy("公示几个工作日"), min_value=1, max_value=60)
    complaint_phone = Text(label=gettext_lazy("监督电话"), max_length=30)
    unit = Text(label=gettext_lazy("单位"), max_length=60, required=False)
    category = Text(label=pgettext_lazy("公示", "类别"), max_length=30, required=False)
    cause = Text(label=gettext_lazy("原因（只写大类）"), max_length=30, required=False)
    aid = Text(label=gettext_lazy("拟办事项"), max_length=60, required=False)
    amount = Money(label=gettext_lazy("拟发金额（元）"))
    place = Text(label=gettext_lazy("张贴地点"), max_length=60, required=False)
    caution = gettext_lazy("公示里不写证件号、电话、住址、病名、账号和孩子的姓名；姓名自动打码。")
    spans: ClassVar = {
        "working_days": 6, "complaint_phone": 6, "unit": 6, "category": 6, "cause": 6, "aid": 6, "amount": 6, "place": 6,
    }  # fmt: skip

    def fill(self) -> None:
        row: Any = self.case
        programme = row.programme
        least = int(programme.limit("publication_days", PUBLICATION_DAYS))
        self.fields["working_days"].initial = least
        self.fields["aid"].initial = programme.name
        self.fields["amount"].initial = row.reckoned.get("amount") or row.amount_asked or None
        known = dict(row.reckoned.get("public") or {})
        for name, value in known.items():
            self.fields[name].initial = value
        kind = kind_of_case(row)
        for name in {key for key, _label in kind.public} - kind.published(programme):
            del self.fields[name]
        last = Claim.objects.filter(programme=programme, publications__isnull=False).order_by("-publications__pk")
        if phone := last.values_list("publications__complaint_phone", flat=True).first():
            self.fields["complaint_phone"].initial = phone

    def about(self) -> list[tuple[str, str]]:
        row: Any = self.case
        return [(_("公示的姓名"), public_name(row))]


class ObjectForm(StepForm):
    text = paragraph(gettext_lazy("异议内容"), 2000)
    contact = Text(
        label=gettext_lazy("反映人和联系方式"), max_length=100, required=False,
        help_text=gettext_lazy("加密保存，只有主办科室能看，每次查看都留记录。"),
    )  # fmt: skip
    received_on = day(gettext_lazy("收到日期"))
    spans: ClassVar = {"contact": 7, "received_on": 5}


class SettleForm(StepForm):
    upheld = forms.TypedChoiceField(
        label=gettext_lazy("结论"), coerce=lambda value: value == "1", widget=forms.RadioSelect,
        choices=[("0", gettext_lazy("异议不成立，继续公示")), ("1", gettext_lazy("异议成立，撤下公示重新核实"))],
    )  # fmt: skip
    answer = paragraph(gettext_lazy("处理意见"), 2000)
    looks: ClassVar = {"upheld": "picks"}

    def about(self) -> list[tuple[str, str]]:
        row: Any = self.case
        return [(_("异议"), one.text) for one in row.objections.filter(upheld=None)]


class ApproveForm(StepForm):
    amount = Money(label=gettext_lazy("批准金额（元）"))
    budget_line = forms.ModelChoiceField(
        label=gettext_lazy("预算科目"),
        queryset=BudgetLine.objects.none(),
        required=False,
        empty_label=str(PLEASE_CHOOSE),
    )
    note = note(gettext_lazy("审批意见"))
    spans: ClassVar = {"amount": 5, "budget_line": 7}

    def fill(self) -> None:
        row: Any = self.case
        if not row.programme.uses(V.PAY):
            # Nothing is paid: it is approved, not an amount.
            del self.fields["amount"], self.fields["budget_line"]
            return
        lines = BudgetLine.objects.filter(
            district=row.district_id, year=timezone.localdate().year, programmes=row.programme_id
        )
        field: Any = self.fields["budget_line"]
        field.queryset = lines
        field.label_from_instance = lambda line: _("%(line)s，还剩 %(left)s 元") % {
            "line": line, "left": f"{line.left:,.2f}"
        }  # fmt: skip
        self.fields["amount"].initial = row.reckoned.get("amount") or row.amount_asked or None
        if only := lines.first():
            field.initial = only.pk

    def about(self) -> list[tuple[str, str]]:
        return [(label, words) for label, words in self.case.reckoned.get("lines", [])]


class PayForm(StepForm):
    way = forms.ChoiceField(label=gettext_lazy("发放方式"), choices=PayWay.choices, widget=forms.RadioSelect)
    payee = Text(label=gettext_lazy("户名"), max_length=60, required=False)
    bank = Text(label=gettext_lazy("开户银行"), max_length=60, required=False)
    account = Text(
        label=gettext_lazy("银行账号"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-unionops-unkept": True}),
    )  # fmt: skip
    witnesses = People(label=gettext_lazy("见证人（发现金时两人）"), max_length=100, required=False)
    note = note()
    spans: ClassVar = {"payee": 4, "bank": 4, "account": 4}
    looks: ClassVar = {"way": "chips"}

    def fill(self) -> None:
        row: Any = self.case
        self.fields["way"].initial = PayWay.BANK
        self.fields["payee"].initial = row.payee or row.applicant_name
        self.fields["bank"].initial = row.bank
        if row.account_masked:
            self.fields["account"].help_text = _("已登记 %(account)s，要换再写。") % {"account": row.account_masked}


class ConfirmPaidForm(StepForm):
    paid_on = day(gettext_lazy("到账日期"))
    voucher = Text(label=gettext_lazy("凭证号"), max_length=40, required=False)
    spans: ClassVar = {"paid_on": 6, "voucher": 6}


class BankReturnForm(StepForm):
    reason = Text(label=gettext_lazy("退回原因"), max_length=200)
    returned_on = day(gettext_lazy("退回日期"))
    spans: ClassVar = {"reason": 8, "returned_on": 4}


class SignForm(StepForm):
    signed_by = Text(label=gettext_lazy("签收人"), max_length=60)
    signed_on = day(gettext_lazy("签收日期"))
    receipt = Paper(gettext_lazy("签收单或照片"))
    spans: ClassVar = {"signed_by": 6, "signed_on": 6}

    def fill(self) -> None:
        row: Any = self.case
        self.fields["signed_by"].initial = row.payee or row.applicant_name


class AccountForm(StepForm):
    voucher = Text(label=gettext_lazy("凭证号"), max_length=40, required=False)
    note = note()


class ReviewForm(StepForm):
    goes_on = forms.TypedChoiceField(
        label=gettext_lazy("结论"), coerce=lambda value: value == "1", widget=forms.RadioSelect,
        choices=[("1", gettext_lazy("继续在册")), ("0", gettext_lazy("不再符合，退出"))],
    )  # fmt: skip
    findings = paragraph(gettext_lazy("复核的情况"), 2000)
    looks: ClassVar = {"goes_on": "picks"}


class ExitForm(StepForm):
    reason = paragraph(gettext_lazy("退出的原因"))


FORMS: dict[str, type[StepForm]] = {
    **dict.fromkeys(V.values, NoteForm),
    V.CHECK: CheckForm,
    V.ASK_MORE: ReasonForm,
    V.VISIT: VisitForm,
    V.PAUSE: ReasonForm,
    V.PUBLISH: PublishForm,
    V.OBJECT: ObjectForm,
    V.SETTLE_OBJECTION: SettleForm,
    V.APPROVE: ApproveForm,
    V.PAY: PayForm,
    V.PAY_AGAIN: PayForm,
    V.CONFIRM_PAID: ConfirmPaidForm,
    V.BANK_RETURN: BankReturnForm,
    V.SIGN: SignForm,
    V.ACCOUNT: AccountForm,
    V.REVIEW: ReviewForm,
    V.EXIT: ExitForm,
    V.REFUSE: ReasonForm,
    V.WITHDRAW: ReasonForm,
    V.CANCEL: ReasonForm,
}
