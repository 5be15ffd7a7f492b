"""What people without an account fill in about a dispute, and what the centre fills in to send them a link."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.counter.forms import FilesField, SigningForm
from unionops.org.enums import OrganisationKind
from unionops.org.forms.fields import Day, Identity, Name, Phone, Text
from unionops.org.models import Organisation
from visits.forms.steps import Money, paragraph

from ..actions.intake import DisputeDraft, PartyDraft
from ..enums import SHARE_TRANSITIONS, ApplicationForm, PartyKind, ShareVerb, Side, Source
from ..forms.cases import cause_choices
from ..models import Share

PLEASE_CHOOSE = gettext_lazy("请选择")


def centre_choices() -> list[tuple[str, list[tuple[int, str]]]]:
    """Every mediation centre of today, under its district."""
    found: dict[str, list[tuple[int, str]]] = {}
    centres = Organisation.objects.filter(kind=OrganisationKind.MEDIATION_CENTRE).valid_on(timezone.localdate())
    for centre in centres.select_related("district").order_by("district__path", "path", "pk"):
        district = centre.district.name if centre.district else centre.name
        found.setdefault(district, []).append((centre.pk, centre.name))
    return list(found.items())


class ApplyForm(forms.Form):
    """申请调解: as the form of application asks (办案规则 29), with fewer and plainer words."""

    centre = forms.TypedChoiceField(
        label=gettext_lazy("到哪里调解"), coerce=int, error_messages={"required": gettext_lazy("请选择到哪里调解。")}
    )
    name = Name(label=gettext_lazy("您的姓名"), error_messages={"required": gettext_lazy("请写您的姓名。")})
    identity = Identity(label=gettext_lazy("身份证号"), help_text=gettext_lazy("现在可以不填，立案时要核对。"))
    address = Text(
        label=gettext_lazy("送达地址"), max_length=200, required=False, help_text=gettext_lazy("调解书寄到哪里。")
    )
    employer = Text(
        label=gettext_lazy("单位名称"), max_length=100, help_text=gettext_lazy("写营业执照或工资条上的全称最好。"),
        error_messages={"required": gettext_lazy("请写单位名称。")},
    )  # fmt: skip
    employer_phone = Phone(label=gettext_lazy("单位电话"))
    employer_address = Text(label=gettext_lazy("单位地址"), max_length=200, required=False)
    cause = forms.ChoiceField(
        label=gettext_lazy("为了什么事"), error_messages={"required": gettext_lazy("请选择为了什么事。")}
    )
    claims = paragraph(
        gettext_lazy("您要求什么"), 1000, 3, help_text=gettext_lazy("例如：补发 9 月、10 月工资 9200 元。"),
        error_messages={"required": gettext_lazy("请写您要求什么。")},
    )  # fmt: skip
    amount = Money(label=gettext_lazy("一共多少元"))
    facts = paragraph(
        gettext_lazy("事情的经过"), 3000, 5, help_text=gettext_lazy("什么时候进厂、说好多少工资、什么时候开始有争议。"),
        error_messages={"required": gettext_lazy("请写事情的经过。")},
    )  # fmt: skip
    people_count = forms.IntegerField(
        label=gettext_lazy("有几个人一起申请"), min_value=1, max_value=10_000, initial=1, required=False
    )
    employment_ended_on = Day(label=gettext_lazy("离职日期"), required=False, help_text=gettext_lazy("还在职就不填。"))
    new_employment = forms.BooleanField(label=gettext_lazy("我是外卖员、快递员、网约车司机等"), required=False)
    papers = FilesField(
        label=gettext_lazy("照片和材料"), required=False,
        help_text=gettext_lazy("工资条、合同、聊天记录的照片等，最多 5 份，每份不超过 20 MB。"),
    )  # fmt: skip
    agrees = forms.BooleanField(
        label=gettext_lazy("我同意工会为调解联系单位，并使用我填的这些内容。"),
        error_messages={"required": gettext_lazy("要您同意才能联系单位。")},
    )  # fmt: skip

    groups = (
        (gettext_lazy("您"), ("centre", "name", "identity", "address")),
        (gettext_lazy("单位"), ("employer", "employer_phone", "employer_address")),
        (
            gettext_lazy("争议"),
            ("cause", "claims", "amount", "facts", "people_count", "employment_ended_on", "new_employment", "papers"),
        ),
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        choices = centre_choices()
        centre, cause = self.fields["centre"], self.fields["cause"]
        centre.choices = [("", PLEASE_CHOOSE), *choices]  # type: ignore[attr-defined]
        if sum(len(of_district) for _district, of_district in choices) == 1:
            centre.initial = choices[0][1][0][0]
        cause.choices = [("", PLEASE_CHOOSE), *cause_choices()]  # type: ignore[attr-defined]

    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(heading, [self[name] for name in names]) for heading, names in self.groups]

    def clean_employment_ended_on(self) -> Any:
        on = self.cleaned_data["employment_ended_on"]
        if on and on > timezone.localdate():
            raise forms.ValidationError(_("离职日期不能晚于今天。"))
        return on

    def draft(self, phone: str) -> DisputeDraft:
        """What the centre registers; the telephone is the one that was verified."""
        found = self.cleaned_data
        amount = found["amount"] or Decimal(0)
        applicant = PartyDraft(
            side=Side.APPLICANT, name=found["name"], identity=found["identity"], phone=phone, address=found["address"],
            claims=found["claims"], amount=amount,
        )  # fmt: skip
        firm = PartyDraft(
            side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE, name=found["employer"], phone=found["employer_phone"],
            address=found["employer_address"],
        )  # fmt: skip
        return DisputeDraft(
            organisation=Organisation.objects.get(pk=found["centre"]),
            source=Source.SELF_SERVICE,
            application_form=ApplicationForm.WRITTEN,
            cause=found["cause"],
            claims=found["claims"],
            facts=found["facts"],
            parties=[applicant, firm],
            amount_claimed=amount,
            people_count=found["people_count"] or 1,
            new_employment=found["new_employment"],
            employment_ended_on=found["employment_ended_on"],
        )


class InviteForm(forms.Form):
    """To whom a link goes and how long it works."""

    name = Name(label=gettext_lazy("发给谁"))
    organisation = Text(label=gettext_lazy("单位"), max_length=100)
    phone = Phone(label=gettext_lazy("电话"), help_text=gettext_lazy("方便以后联系，选填。"))
    days = forms.TypedChoiceField(
        label=gettext_lazy("有效期"), coerce=int, initial=7, widget=forms.RadioSelect,
        choices=[(1, gettext_lazy("1 天")), (3, gettext_lazy("3 天")), (7, gettext_lazy("7 天")), (14, gettext_lazy("14 天"))],
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = paragraph(
        gettext_lazy("理由"), 500, 3, error_messages={"required": gettext_lazy("请写不接受或退回的理由。")}
    )


class NothingForm(forms.Form):
    """A step that asks only whether one means it."""


class _AnswerForm(SigningForm):
    """An answer, and why where it is not a yes."""

    YES = ""
    answer = forms.ChoiceField(
        label=gettext_lazy("答复"), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择您的答复。")},
    )  # fmt: skip
    note = paragraph(gettext_lazy("说明"), 500, 3, required=False)
    field_order = ("answer", "note", "name", "organisation")

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("answer") and found["answer"] != self.YES and not found.get("note") and "note" not in self.errors:
            self.add_error("note", _("请写明理由。"))
        return found


class ElementsAnswerForm(_AnswerForm):
    YES = "agreed"
    # Which saving of the form the person has read.
    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        answers = [("agreed", _("确认无误")), ("differs", _("有不同意见"))]
        self.fields["answer"].choices = answers  # type: ignore[attr-defined]


class LetterAnswerForm(_AnswerForm):
    """The answers that the letter takes now."""

    YES = ShareVerb.ACCEPT.value

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        state = Share.objects.filter(pk=self.link.part).values_list("state", flat=True).first()
        answers = [(verb, step.label) for verb, step in SHARE_TRANSITIONS.items() if state in step.sources]
        self.fields["answer"].choices = answers  # type: ignore[attr-defined]
