"""What is asked when a dispute is received: both sides in one form, how it came, and what is claimed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.enums import Urgency
from unionops.casework.reference import units
from unionops.org.enums import OrganisationKind
from unionops.org.forms.fields import CreditCode, Day, Identity, Name, Phone, Text
from unionops.org.models import Enterprise, Organisation, User
from unionops.org.sealed import blind_index
from visits.enums import ClaimantKind
from visits.forms.steps import Money, paragraph
from visits.models import Issue

from ..actions.intake import DisputeDraft, PartyDraft
from ..causes import Cause
from ..enums import OFFERED_SOURCES, ApplicationForm, CaseGrade, PartyKind, RuleProfile, Side, Source
from ..terms import COURT_PROFILES
from .cases import cause_choices

# More claimants than this are imported as a list on the page of the case.
MOST_WORKERS = 5
MOST_EMPLOYERS = 2
PLEASE_CHOOSE = _("请选择")
# What comes to the centre from outside: issues and the workers' own applications have doors of their own.
SOURCES = (Source.WINDOW, Source.SCREENING, Source.HOTLINE, Source.COURT, Source.ARBITRATION, Source.INSPECTION)
# By whom it was commissioned, where the papers of a court measure the term.
COMMISSIONS = [(value, label) for value, label in RuleProfile.choices if value in COURT_PROFILES]

# The cause that the category of an issue suggests; whoever registers may choose another.
CAUSE_OF_CATEGORY = {
    "WAGE-01": Cause.PAY_ARREARS, "WAGE-02": Cause.PAY_OVERTIME, "WAGE-03": Cause.PAY_MIN, "WAGE-05": Cause.PAY_HEAT,
    "WAGE-06": Cause.SI_MATERNITY, "WAGE-07": Cause.PAY_BONUS, "EMPL-01": Cause.CON_SIGN, "EMPL-03": Cause.TIME_REST,
    "EMPL-04": Cause.DISP, "EMPL-05": Cause.CON_TERMINATE, "EMPL-06": Cause.PART, "EMPL-08": Cause.SI_UNPAID,
    "SAFE-03": Cause.SAFETY, "SAFE-06": Cause.SAFETY, "NEW-03": Cause.NEW_PENALTY, "NEW-04": Cause.NEW_INJURY,
    "NEW-05": Cause.NEW_PAY, "WOMAN-01": Cause.WOMAN, "WOMAN-02": Cause.WOMAN,
}  # fmt: skip


def centre_choices(user: User) -> list[tuple[str, str]]:
    """The centres of the person's district; one's own first."""
    district = next(iter(sorted(user.scope.member_of)), None)
    found = units(district, OrganisationKind.MEDIATION_CENTRE) if district else []
    own = user.scope.departments
    return [(str(unit.id), unit.name) for unit in sorted(found, key=lambda unit: unit.id not in own)]


def _centre(form: forms.Form) -> Organisation:
    found: Organisation = Organisation.objects.get(pk=form.cleaned_data["organisation"])
    return found


class WorkerForm(forms.Form):
    """One worker; a row without a name is nobody."""

    name = Name(label=_("姓名"), required=False)
    identity = Identity(label=_("身份证号"))
    phone = Phone(label=_("电话"))
    address = Text(label=_("送达地址"), max_length=200, required=False)
    amount = Money(label=_("请求金额（元）"))
    claims = Text(label=_("本人的请求"), max_length=1000, required=False)

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        others = any(value for name, value in found.items() if name != "name")
        if others and not found.get("name") and "name" not in self.errors:
            self.add_error("name", _("请写姓名。"))
        return found

    @property
    def is_somebody(self) -> bool:
        return bool(self.cleaned_data.get("name"))

    def draft(self, side: str) -> PartyDraft:
        found = self.cleaned_data
        return PartyDraft(
            side=side,
            name=found["name"],
            identity=found["identity"],
            phone=found["phone"],
            address=found["address"],
            claims=found["claims"],
            amount=found["amount"] or Decimal(0),
        )


class EmployerForm(forms.Form):
    """One employer: chosen in the directory, or by the name as it is told."""

    enterprise = forms.UUIDField(required=False, widget=forms.HiddenInput)
    name = Text(label=_("单位名称"), max_length=100, required=False)
    credit_code = CreditCode(label=_("统一社会信用代码"))
    legal_representative = Name(label=_("法定代表人"), required=False)
    phone = Phone(label=_("电话"))
    address = Text(label=_("送达地址"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_enterprise(self) -> Enterprise | None:
        pk = self.cleaned_data["enterprise"]
        if pk is None:
            return None
        found = Enterprise.objects.visible_to(self.user).filter(pk=pk).select_related("town").first()
        if found is None:
            raise forms.ValidationError(_("名录里没有这家单位，请重新选择。"))
        return found

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        others = any(found.get(name) for name in ("credit_code", "legal_representative", "phone", "address"))
        if others and not (found.get("name") or found.get("enterprise") or "name" in self.errors):
            self.add_error("name", _("请写单位名称。"))
        return found

    @property
    def is_somebody(self) -> bool:
        return bool(self.cleaned_data.get("name") or self.cleaned_data.get("enterprise"))

    def draft(self, side: str) -> PartyDraft:
        found = self.cleaned_data
        firm = found["enterprise"]
        return PartyDraft(
            side=side,
            kind=PartyKind.ENTERPRISE,
            enterprise=firm,
            name=firm.name if firm else found["name"],
            credit_code=found["credit_code"],
            legal_representative=found["legal_representative"],
            phone=found["phone"],
            address=found["address"],
        )


WorkerRows = formset_factory(WorkerForm, extra=MOST_WORKERS, max_num=MOST_WORKERS, validate_max=True)
EmployerRows = formset_factory(EmployerForm, extra=MOST_EMPLOYERS, max_num=MOST_EMPLOYERS, validate_max=True)


class RegisterForm(forms.Form):
    """登记: at the window, by screening, from court, arbitration or inspection, by the hotline."""

    organisation = forms.TypedChoiceField(label=_("调解组织"), coerce=int)
    source = forms.ChoiceField(
        label=_("来源"), choices=[(source.value, source.label) for source in SOURCES], initial=Source.WINDOW,
        widget=forms.RadioSelect,
    )  # fmt: skip
    application_form = forms.ChoiceField(
        label=_("申请方式"), initial=ApplicationForm.WRITTEN, widget=forms.RadioSelect,
        choices=[(form.value, form.label) for form in ApplicationForm if form != ApplicationForm.NONE],
        help_text=_("日常排查发现的由中心主动调解，不用申请，双方都同意才受理。"),
    )  # fmt: skip
    received_on = Day(label=_("收到日期"))
    rule_profile = forms.ChoiceField(
        label=_("法院委派委托方式"), required=False, choices=[("", PLEASE_CHOOSE), *COMMISSIONS],
        help_text=_("法院来的案件从签收材料那天起算期限。"),
    )  # fmt: skip
    commission_number = Text(label=_("委派委托案号"), max_length=60, required=False)
    papers_signed_on = Day(label=_("签收材料日期"), required=False)
    applicant = forms.ChoiceField(
        label=_("谁申请调解"), choices=[("worker", pgettext_lazy("谁申请", "职工")), ("employer", pgettext_lazy("谁申请", "用人单位"))],
        initial="worker", widget=forms.RadioSelect,
    )  # fmt: skip
    cause = forms.ChoiceField(label=_("案由"))
    claims = paragraph(_("请求事项"), 2000, 2)
    facts = paragraph(_("事实和理由"), 5000, 4, required=False)
    grade = forms.ChoiceField(
        label=_("等级"), choices=CaseGrade.choices, initial=CaseGrade.GENERAL, widget=forms.RadioSelect
    )
    urgency = forms.TypedChoiceField(
        label=_("轻重缓急"), choices=Urgency.choices, coerce=int, initial=Urgency.NORMAL, widget=forms.RadioSelect
    )
    people_count = forms.IntegerField(
        label=_("涉及人数"), min_value=1, max_value=100_000, required=False,
        help_text=_("十人以上是集体争议；名单可以登记后再补。"),
    )  # fmt: skip
    known_on = Day(label=_("知道权利受侵害之日"), required=False)
    employment_ended_on = Day(label=_("劳动关系终止之日"), required=False)
    new_employment = forms.BooleanField(label=_("新就业形态"), required=False)
    # Shown when the same people have an earlier case; ticked by whoever has looked at it.
    seen = forms.BooleanField(label=_("看过了，这是另一件争议"), required=False)

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data, initial={"received_on": timezone.localdate()})
        self.user = user
        self.fields["organisation"].choices = centre_choices(user)  # type: ignore[attr-defined]
        self.fields["cause"].choices = [("", PLEASE_CHOOSE), *cause_choices()]  # type: ignore[attr-defined]
        # Nobody has applied for what the centre itself has found.
        is_offered = bool(data and data.get("source") in OFFERED_SOURCES)
        self.fields["application_form"].required = not is_offered
        # Whoever applies says why (调解仲裁法 12); the letter of a court may leave it to the file that comes with it.
        came_by_letter = bool(data and data.get("application_form") == ApplicationForm.COMMISSION)
        self.fields["facts"].required = not (is_offered or came_by_letter)
        self.workers: BaseFormSet[WorkerForm] = WorkerRows(data, prefix="worker")
        self.employers: BaseFormSet[EmployerForm] = EmployerRows(data, prefix="employer", form_kwargs={"user": user})

    @property
    def parts(self) -> list[forms.BaseForm]:
        """The form and each of its rows, for the list of errors."""
        return [self, *self.workers.forms, *self.employers.forms]

    def is_valid(self) -> bool:
        return bool(super().is_valid() & self.workers.is_valid() & self.employers.is_valid())

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("source") in OFFERED_SOURCES:
            found["application_form"] = ApplicationForm.NONE
        if found.get("source") == Source.COURT and not found.get("rule_profile"):
            self.add_error("rule_profile", _("请选择法院是委派还是委托。"))
        if found.get("source") == Source.ARBITRATION:
            found["rule_profile"] = RuleProfile.ARB_ENTRUST
        elif found.get("source") != Source.COURT:
            found["rule_profile"] = ""
        if self.workers.is_valid() and self.employers.is_valid():
            if not any(row.is_somebody for row in self.workers.forms):
                self.add_error(None, _("请写职工一方的姓名。"))
            if not any(row.is_somebody for row in self.employers.forms):
                self.add_error(None, _("请写用人单位一方的名称。"))
        return found

    def drafts(self) -> Iterator[PartyDraft]:
        """The applicants first."""
        worker = Side.APPLICANT if self.cleaned_data["applicant"] == "worker" else Side.RESPONDENT
        employer = Side.RESPONDENT if worker == Side.APPLICANT else Side.APPLICANT
        found = [row.draft(worker) for row in self.workers.forms if row.is_somebody]
        found += [row.draft(employer) for row in self.employers.forms if row.is_somebody]
        yield from sorted(found, key=lambda party: party.side != Side.APPLICANT)

    def same_people(self) -> dict[str, Any]:
        """By what earlier cases of these people are found."""
        parties = list(self.drafts())
        workers = [party for party in parties if party.kind == PartyKind.PERSON]
        firms = [party for party in parties if party.kind == PartyKind.ENTERPRISE]
        return {
            "identities": [blind_index(worker.identity) for worker in workers if worker.identity],
            "pairs": [(worker.name, firm.name) for worker in workers for firm in firms],
        }

    def draft(self) -> DisputeDraft:
        found = dict(self.cleaned_data)
        for name in ("applicant", "seen"):
            found.pop(name)
        found["organisation"] = _centre(self)
        parties = list(self.drafts())
        amounts = sum((party.amount for party in parties), Decimal(0))
        workers = sum(party.kind == PartyKind.PERSON for party in parties)
        found["people_count"] = max(found["people_count"] or 0, workers)
        return DisputeDraft(**found, parties=parties, amount_claimed=amounts)


class FromIssueForm(forms.Form):
    """转调解立案: the facts come along; only what the issue does not say is asked."""

    organisation = forms.TypedChoiceField(label=_("调解组织"), coerce=int)
    cause = forms.ChoiceField(label=_("案由"))
    applicant_name = Name(label=_("申请人姓名"), required=False)
    applicant_phone = Phone(label=_("申请人电话"))
    respondent_name = Text(label=_("被申请人（单位名称）"), max_length=100, required=False)
    note = Text(label=_("说明"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, user: User, issue: Issue) -> None:
        super().__init__(data, initial={"cause": CAUSE_OF_CATEGORY.get(issue.category.code, "")})
        self.fields["organisation"].choices = centre_choices(user)  # type: ignore[attr-defined]
        self.fields["cause"].choices = [("", PLEASE_CHOOSE), *cause_choices()]  # type: ignore[attr-defined]
        named = issue.claimant_kind != ClaimantKind.ANONYMOUS and (issue.claimant_name_masked or issue.claimant_id)
        if named:
            del self.fields["applicant_name"], self.fields["applicant_phone"]
        else:
            self.fields["applicant_name"].required = True
        if issue.enterprise_id is not None:
            del self.fields["respondent_name"]
        else:
            self.fields["respondent_name"].required = True
            self.fields["respondent_name"].initial = issue.visit.target_name if issue.visit else ""

    def arguments(self) -> dict[str, Any]:
        found = self.cleaned_data
        arguments: dict[str, Any] = {
            "organisation": _centre(self), "cause": found["cause"], "note": found["note"],
        }  # fmt: skip
        if found.get("applicant_name"):
            arguments["applicant"] = PartyDraft(
                side=Side.APPLICANT, name=found["applicant_name"], phone=found["applicant_phone"]
            )
        if found.get("respondent_name"):
            arguments["respondent"] = PartyDraft(
                side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE, name=found["respondent_name"]
            )
        return arguments


class RemoveFileForm(forms.Form):
    reason = Text(label=_("移除的理由"), max_length=200)
