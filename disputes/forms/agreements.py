"""Forms of an agreement: its marks, what is performed and pressed for, and its confirmation with what the body decided."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.jinja import day_full as spelled
from unionops.jinja import money
from unionops.org.forms.fields import Lines, Text

from ..enums import ConfirmationKind, ConfirmationVerb, ContactWay, Mark
from ..models import Agreement, Obligation
from ..policies import confirmation_refusal
from ..terms import windows
from .asking import About, Asking, Paper, day, must_bring, paragraph, radios
from .steps import ReasonForm


class MarkForm(Asking):
    """Those of the marks that the draft still lacks: at one table several are put on one day and stand on one page."""

    submit = gettext_lazy("登记签章")
    spans: ClassVar = {"on": 4}
    looks: ClassVar = {"mark": "picks"}
    mark = forms.MultipleChoiceField(
        label=gettext_lazy("哪几项"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请选择签章。")},
    )  # fmt: skip
    on = day(gettext_lazy("签章日期"))
    signed_by = Lines(
        label=gettext_lazy("由谁签的"), most=10, longest=50,
        help_text=gettext_lazy("代理人或推举代表签的，写姓名，一行一人；那天要还在授权或任期内。"),
    )  # fmt: skip
    scan = Paper(gettext_lazy("签章页扫描件"))

    def fill(self) -> None:
        must_bring(self, "scan")
        self.fields["mark"].choices = [  # type: ignore[attr-defined]
            (mark.value, mark.label) for mark in self.thing.missing_marks
        ]

    def about(self) -> About:
        return _marks_of(self.thing)

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        found["marks"] = found.pop("mark")
        return found


def _marks_of(agreement: Agreement) -> About:
    return [(str(mark.label), spelled(on)) for mark in Mark if (on := agreement.marked_on(mark))]


class WithdrawMarkForm(ReasonForm):
    submit = gettext_lazy("撤回签章")
    mark = radios(gettext_lazy("哪一项"), [])
    field_order = ["mark", "reason"]

    def fill(self) -> None:
        self.fields["mark"].choices = [  # type: ignore[attr-defined]
            (mark.value, mark.label) for mark in Mark if self.thing.marked_on(mark)
        ]


class Alongside(Asking):
    """With an obligation those of the same debtor and day that one proof shows, each of which can be left out."""

    also = forms.MultipleChoiceField(
        label=gettext_lazy("同一天的还有"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("没有一起履行的，去掉勾。"),
    )  # fmt: skip

    def fill(self) -> None:
        one: Obligation = self.thing
        rows = (
            Obligation.objects.waiting()
            .filter(agreement=one.agreement_id, due_on=one.due_on, debtor=one.debtor_id, kind=one.kind)
            .exclude(pk=one.pk)
            .select_related("creditor")
            .order_by("position")
        )
        self.others = {str(row.pk): row for row in rows}
        if not self.others:
            del self.fields["also"]
            return
        self.fields["also"].choices = [  # type: ignore[attr-defined]
            (pk, f"{row.creditor.name} {row.what} {money(row.amount) if row.amount else ''}".strip())
            for pk, row in self.others.items()
        ]

    def suggested(self) -> dict[str, Any]:
        return {"also": list(self.others)}

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        found["also"] = [self.others[pk] for pk in found.pop("also", [])]
        return found


class FulfilForm(Alongside):
    submit = gettext_lazy("登记履行")
    spans: ClassVar = {"on": 4, "proof_note": 8}
    looks: ClassVar = {"also": "picks"}
    on = day(gettext_lazy("履行日期"))
    proof_note = Text(label=gettext_lazy("凭什么确认已履行"), max_length=200, required=False)
    proof = Paper(gettext_lazy("履行凭证（转账回单、收条）"))
    field_order = ("on", "proof_note", "proof", "also")

    def about(self) -> About:
        return _of_obligation(self.thing)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if (
            not (found.get("proof") or found.get("proof_known") or found.get("proof_note"))
            and "proof" not in self.errors
        ):
            self.add_error("proof_note", _("请上传履行凭证，或写明凭什么确认已履行。"))
        return found


def _of_obligation(one: Obligation) -> About:
    return [
        (_("义务"), one.what),
        (_("义务人"), one.debtor.name),
        *([(_("金额（元）"), money(one.amount))] if one.amount is not None else []),
        (_("履行期限"), spelled(one.due_on)),
    ]


class PressForm(Alongside):
    submit = gettext_lazy("登记催促")
    spans: ClassVar = {"way": 8, "on": 4}
    looks: ClassVar = {"way": "segments", "also": "picks"}
    field_order = ("way", "on", "note", "also")
    way = radios(gettext_lazy("联系方式"), ContactWay.choices, initial=ContactWay.PHONE)
    on = day(gettext_lazy("催促日期"))
    note = Text(label=gettext_lazy("说明"), max_length=1000, required=False)

    def about(self) -> About:
        return _of_obligation(self.thing)


class ApplyForm(Asking):
    submit = gettext_lazy("登记申请")
    after = gettext_lazy("过了期限也照样登记，由受理机构决定")
    spans: ClassVar = {"body": 8, "applied_on": 4}
    kind = radios(gettext_lazy("确认方式"), [])
    body = Text(label=gettext_lazy("向哪里申请"), max_length=100)
    applied_on = day(gettext_lazy("申请日期"))
    paper = Paper(gettext_lazy("申请书"))

    def fill(self) -> None:
        against = {kind: confirmation_refusal(self.dispute, kind) for kind in ConfirmationKind}
        self.closed = [(str(kind.label), reason) for kind, reason in against.items() if reason]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind.value, kind.label) for kind, reason in against.items() if not reason
        ]

    def about(self) -> About:
        open_until = [
            (str(ConfirmationKind(kind).label), _("期限到 %(day)s") % {"day": spelled(window.due_on)})
            for kind, window in windows(self.dispute).items()
        ]
        return [*open_until, *self.closed]


# ---- of a confirmation: what the body decided


class ConfirmationForm(Asking):
    def about(self) -> About:
        return [(str(self.thing.get_kind_display()), self.thing.body), (_("申请日期"), spelled(self.thing.applied_on))]


class AcceptConfirmationForm(ConfirmationForm):
    submit = gettext_lazy("登记受理")
    spans: ClassVar = {"accepted_on": 4, "number": 8}
    accepted_on = day(gettext_lazy("受理日期"))
    number = Text(label=gettext_lazy("文书号"), max_length=60, required=False)
    paper = Paper(gettext_lazy("受理通知书"))


class ConfirmConfirmationForm(ConfirmationForm):
    submit = gettext_lazy("登记确认")
    after = gettext_lazy("确认后可以申请强制执行")
    spans: ClassVar = {"decided_on": 4, "number": 8}
    decided_on = day(gettext_lazy("决定日期"))
    number = Text(label=gettext_lazy("文书号"), max_length=60)
    paper = Paper(gettext_lazy("裁定书、调解书或支付令"))


class RefuseConfirmationForm(ConfirmationForm):
    submit = gettext_lazy("登记不予确认")
    spans: ClassVar = {"decided_on": 4, "number": 8}
    decided_on = day(gettext_lazy("决定日期"))
    number = Text(label=gettext_lazy("文书号"), max_length=60, required=False)
    reason = paragraph(gettext_lazy("不予确认的理由"), 500)
    paper = Paper(gettext_lazy("决定书"))


class WithdrawConfirmationForm(ConfirmationForm):
    submit = gettext_lazy("撤回申请")
    reason = paragraph(gettext_lazy("理由"), 500)


CONFIRMATION_FORMS: dict[str, type[Asking]] = {
    ConfirmationVerb.ACCEPT: AcceptConfirmationForm,
    ConfirmationVerb.CONFIRM: ConfirmConfirmationForm,
    ConfirmationVerb.REFUSE: RefuseConfirmationForm,
    ConfirmationVerb.WITHDRAW: WithdrawConfirmationForm,
}
assert set(CONFIRMATION_FORMS) == set(ConfirmationVerb), "every verb of the table has its form"
