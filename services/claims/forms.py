"""What each step of a claim asks."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from ..forms.asking import Money, RegisterForm, StepForm, note, paragraph
from .enums import ClaimVerb as V


class ClaimRegisterForm(RegisterForm):
    amount_asked = Money(label=_("申请金额（元）"))
    spans: ClassVar = {**RegisterForm.spans, "amount_asked": 6}


class NoteForm(StepForm):
    note = note()


class ReasonForm(StepForm):
    reason = paragraph(_("理由"))


class ApproveForm(StepForm):
    amount = Money(label=_("批准金额（元）"))
    note = note(_("审批意见"))


FORMS: dict[str, type[StepForm]] = {
    **dict.fromkeys(V.values, NoteForm),
    V.ASK_MORE: ReasonForm,
    V.REFUSE: ReasonForm,
    V.WITHDRAW: ReasonForm,
    V.APPROVE: ApproveForm,
}
