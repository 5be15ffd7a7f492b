"""The visit as it is typed on a phone: the visit itself and the issues heard on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.casework.attachments import PICTURES, BadFile, check_file
from unionops.casework.enums import Urgency
from unionops.casework.reference import Colleague, colleagues, departments, towns
from unionops.org.forms.fields import Day, Name, Phone, Text
from unionops.org.models import Enterprise, Organisation, User

from ..actions.register import IssueDraft
from ..actions.visits import VisitDraft
from ..enums import ClaimantKind, Grade, Handling, Heading, Policy, TargetType, VisitMode
from ..models import Category, Visit
from ..permissions import VISITING_ROLES
from .care import category_choices
from .steps import Offered, paragraph

ISSUES = "issues"
MOST_ISSUES = 20
MOST_PHOTOS = 12


class Clock(forms.TimeField):
    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(**{"widget": widget, "required": False, **options})


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Photos(forms.FileField):
    """Several pictures in one field; each one that cannot be kept is named with its reason."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": ManyFiles(attrs={"accept": "image/*"}), "required": False, **options})

    def clean(self, data: Sequence[UploadedFile], initial: Any = None) -> list[UploadedFile]:
        files = list(data or [])
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(_("一次最多 %(most)d 张照片。"), params={"most": MOST_PHOTOS})
        reasons = []
        for file in files:
            try:
                check_file(file, PICTURES)
            except BadFile as error:
                reasons.append(str(error))
        if reasons:
            raise forms.ValidationError(reasons)
        return files


class FolkChoice(forms.CheckboxSelectMultiple):
    """Check boxes for people: each says where the person is posted and by which keys it is found."""

    people: Sequence[Colleague] = ()

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **options)
        person = next((person for person in self.people if person.id == value), None)
        if person is not None:
            option |= {"place": person.place, "keys": person.keys}
        return option


class Folk(forms.TypedMultipleChoiceField):
    """People out of a list; who has left it since the form was opened is asked about, not dropped in silence."""

    widget = FolkChoice

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"coerce": int, "required": False, **options})
        self.error_messages["invalid_choice"] = _("选中的人里有人已不在岗，请重新选择。")

    def offer(self, people: Sequence[Colleague]) -> None:
        self.choices = [(person.id, person.name) for person in people]
        self.widget.people = people


def check_name(heading: str) -> str:
    return f"check-{heading}"


def facts_of(visit: Visit) -> dict[str, Any]:
    """What the form shows of a visit as it is now."""
    found = {name: getattr(visit, name) for name in VisitFacts.base_fields}
    for heading in Heading.values:
        said = visit.checklist.get(heading, {})
        found[check_name(heading)], found[f"{check_name(heading)}-note"] = said.get("grade", ""), said.get("note", "")
    return found


class VisitFacts(forms.Form):
    """What a visit says and what may be corrected in it later."""

    visited_on = Day(label=_("走访日期"))
    started_at = Clock(label=_("开始"))
    ended_at = Clock(label=_("结束"))
    mode = forms.ChoiceField(
        label=_("走访方式"), choices=VisitMode.choices, widget=forms.RadioSelect, initial=VisitMode.SITE
    )
    interviewee_count = forms.IntegerField(label=_("访谈人数"), min_value=0, max_value=30_000, required=False)
    companions = Text(label=_("陪同人员"), max_length=200, required=False)
    contact_name = Name(label=_("联系人"), required=False)
    contact_role = Text(label=_("职务"), max_length=50, required=False)
    policies = forms.MultipleChoiceField(
        label=_("宣传的政策"), choices=Policy.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    summary = paragraph(_("小结"), 5000, 4, required=False)
    next_plan = Text(label=_("下次打算"), max_length=200, required=False)
    place = Text(label=_("走访地点"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for heading, label in Heading.choices:
            self.fields[check_name(heading)] = forms.ChoiceField(
                label=label, choices=Grade.choices, widget=forms.RadioSelect, required=False
            )
            self.fields[f"{check_name(heading)}-note"] = Text(label=label, max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        start, end = found.get("started_at"), found.get("ended_at")
        if start and end and end < start:
            self.add_error("ended_at", _("结束时间不能早于开始时间。"))
        for heading in Heading.values:
            if found.get(f"{check_name(heading)}-note") and not found.get(check_name(heading)):
                self.add_error(check_name(heading), _("写了备注，请选良好、关注或问题。"))
        return found

    def checklist(self) -> dict[str, dict[str, str]]:
        said = {}
        for heading in Heading.values:
            grade = self.cleaned_data[check_name(heading)]
            note = self.cleaned_data[f"{check_name(heading)}-note"]
            if grade:
                said[heading] = {"grade": grade, **({"note": note} if note else {})}
        return said

    def facts(self) -> dict[str, Any]:
        """The columns of a visit that this form speaks of."""
        return {name: self.cleaned_data[name] for name in VisitFacts.base_fields} | {"checklist": self.checklist()}


class VisitForm(VisitFacts):
    # Made by the page, kept by the draft: the same visit sent again is the same visit.
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    enterprise = forms.UUIDField(required=False, widget=forms.HiddenInput)
    target_name = Text(label=_("走访哪家"), max_length=100, required=False)
    target_type = forms.ChoiceField(label=_("走访对象"), choices=TargetType.choices, required=False)
    town = forms.TypedChoiceField(label=_("镇街"), coerce=int, empty_value=None, required=False)
    officers = Folk(label=_("同行干部"))
    contact_phone = Phone(label=_("电话"))
    late_reason = Text(
        label=_("补录理由"), max_length=200, required=False, help_text=_("过了走访后的下周一才登记的，写明为什么。")
    )
    photos = Photos(label=_("照片"))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        initial = {"client_id": uuid7(), "visited_on": timezone.localdate(), **options.pop("initial", {})}
        super().__init__(*args, initial=initial, **options)
        self.user = user
        self.fields["town"].choices = [("", _("随企业")), *town_choices(user)]  # type: ignore[attr-defined]
        others = [
            one
            for district in sorted(user.scope.member_of)
            for one in colleagues(district, VISITING_ROLES)
            if one.id != user.pk
        ]
        self.fields["officers"].offer(others)  # type: ignore[attr-defined]
        # With scripts the field is filled as soon as an enterprise is chosen, without them by hand.
        self.fields["target_name"].widget.attrs["required"] = True

    def clean_enterprise(self) -> Enterprise | None:
        pk = self.cleaned_data["enterprise"]
        if pk is None:
            return None
        found = Enterprise.objects.visible_to(self.user).filter(pk=pk).select_related("town").first()
        if found is None:
            raise forms.ValidationError(_("名录里没有这家企业，请重新选择。"))
        return found

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        name = found.get("target_name", "")
        found["target_type"] = found.get("target_type") or TargetType.ENTERPRISE
        if not name and not found.get("enterprise") and not {"target_name", "enterprise"} & self.errors.keys():
            self.add_error("target_name", _("请写明走访的是哪家。"))
        if name and not found.get("enterprise") and found["target_type"] == TargetType.ENTERPRISE:
            found["enterprise"] = self._named(name)
        if name and not found.get("enterprise") and not found.get("town") and "town" not in self.errors:
            self.add_error("town", _("名录里没有选到企业，请选择镇街。"))
        return found

    def _named(self, name: str) -> Enterprise | None:
        """A name that was typed in full and not chosen from the list is still that enterprise."""
        same = Enterprise.objects.visible_to(self.user).filter(name=name).select_related("town")[:2]
        return same[0] if len(same) == 1 else None

    def draft(self) -> VisitDraft:
        found = self.cleaned_data
        enterprise = found["enterprise"]
        town = found["town"] if enterprise is None else None
        return VisitDraft(
            **self.facts(),
            enterprise=enterprise,
            target_name="" if enterprise else found["target_name"],
            target_type=TargetType.ENTERPRISE if enterprise else found["target_type"],
            town=Organisation.objects.get(pk=town) if town else None,
            officers=list(User.objects.filter(pk__in=found["officers"])) if found["officers"] else (),
            contact_phone=found["contact_phone"],
            late_reason=found["late_reason"],
            client_id=found["client_id"],
        )


def town_choices(user: User) -> list[tuple[int, str]]:
    return [
        (unit.id, unit.short_name or unit.name) for district in sorted(user.scope.member_of) for unit in towns(district)
    ]


def _department_choices(user: User) -> list[tuple[int, str]]:
    return [
        (unit.id, unit.short_name or unit.name)
        for district in sorted(user.scope.member_of)
        for unit in departments(district)
    ]


class HeardForm(forms.Form):
    """One issue heard on the visit: the least that routing needs is asked first."""

    title = Text(label=_("问题是什么"), max_length=120, widget=forms.Textarea(attrs={"rows": 2}))
    category = forms.TypedChoiceField(label=_("类别"), coerce=int)
    urgency = forms.TypedChoiceField(
        label=_("轻重缓急"), choices=Urgency.choices, coerce=int, initial=Urgency.NORMAL, widget=forms.RadioSelect
    )
    handling = forms.ChoiceField(
        label=_("怎么办"), choices=Handling.choices, initial=Handling.SUBMIT, widget=forms.RadioSelect
    )
    explanation = paragraph(_("怎么解释的"), 2000, 2, required=False)
    explanation_basis = Text(label=_("政策依据"), max_length=200, required=False, widget=Offered())
    understood = forms.TypedChoiceField(
        label=_("对方明白了吗"), choices=[("True", _("表示明白")), ("False", _("没有明白"))], widget=forms.RadioSelect,
        coerce=lambda value: value == "True", required=False, empty_value=None,
    )  # fmt: skip
    department = forms.TypedChoiceField(label=_("建议科室"), coerce=int, empty_value=None, required=False)
    demand = paragraph(_("诉求"), 2000, 2, required=False)
    description = paragraph(_("情况"), 5000, 3, required=False)
    claimant_kind = forms.ChoiceField(
        label=_("反映人"), choices=ClaimantKind.choices, initial=ClaimantKind.ANONYMOUS, widget=forms.RadioSelect
    )
    claimant_name = Name(label=_("姓名"), required=False)
    claimant_phone = Phone(label=_("电话"))
    claimant_count = forms.IntegerField(label=_("涉及人数"), min_value=1, max_value=100_000, initial=1, required=False)
    hide_from_firm = forms.BooleanField(label=_("反映人对企业保密"), required=False, initial=True)
    new_employment = forms.BooleanField(label=_("新就业形态"), required=False)
    is_sensitive = forms.BooleanField(label=_("敏感"), required=False)

    def __init__(self, *args: Any, categories: Choices, units: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"].choices = categories  # type: ignore[attr-defined]
        self.fields["department"].choices = units  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if (
            found.get("handling") == Handling.EXPLAIN
            and not found.get("explanation")
            and "explanation" not in self.errors
        ):
            self.add_error("explanation", _("请写怎么解释的。"))
        if (
            found.get("handling") == Handling.EXPLAIN
            and not found.get("explanation_basis")
            and "explanation_basis" not in self.errors
        ):
            self.add_error("explanation_basis", _("请写解释依据的政策。"))
        if found.get("handling") == Handling.EXPLAIN and found.get("understood") is None:
            self.add_error("understood", _("请选对方明白了没有。"))
        if (
            found.get("claimant_kind") not in (None, ClaimantKind.ANONYMOUS)
            and not found.get("claimant_name")
            and "claimant_name" not in self.errors
        ):
            self.add_error("claimant_name", _("请写反映人是谁，或者选匿名。"))
        return found


class HeardFormSet(BaseFormSet):
    """The issues of one visit; cards that nobody touched are no issues."""

    def drafts(self) -> list[IssueDraft]:
        filled = [form.cleaned_data for form in self.forms if form.has_changed()]
        categories = Category.objects.filter(is_active=True).select_related("parent").in_bulk(
            {found["category"] for found in filled}
        )  # fmt: skip
        units = Organisation.objects.in_bulk({found["department"] for found in filled} - {None})
        return [_issue(dict(found), categories, units) for found in filled]


def _issue(found: dict[str, Any], categories: dict[int, Category], units: dict[int, Organisation]) -> IssueDraft:
    department = found.pop("department")
    return IssueDraft(
        **found
        | {
            "category": categories[found["category"]],
            "claimant_count": found["claimant_count"] or 1,
            "understood": bool(found["understood"]),
        },
        suggested_department=units.get(department),
    )


_HeardForms = formset_factory(
    HeardForm, formset=HeardFormSet, extra=1, max_num=MOST_ISSUES, absolute_max=MOST_ISSUES, validate_max=True
)


Choices = tuple[tuple[Any, Any], ...]


def issue_choices(user: User) -> tuple[Choices, Choices]:
    """The categories and the departments that a card offers to this person."""
    categories = ((name, tuple(found) if isinstance(found, list) else found) for name, found in category_choices())
    return tuple(categories), (("", gettext("按类别分派")), *_department_choices(user))


def heard_forms(data: Any, categories: Choices, units: Choices) -> HeardFormSet:
    shared = {"categories": categories, "units": units}
    found: HeardFormSet = _HeardForms(data, prefix=ISSUES, form_kwargs=shared)  # type: ignore[assignment]
    return found


def faults(form: forms.BaseForm, issues: BaseFormSet) -> dict[str, list[str]]:
    """Every error under the name of its control, as the phone's form shows them."""
    found: dict[str, list[str]] = {}

    def add(one: forms.BaseForm) -> None:
        for name, errors in one.errors.items():
            shown = one.add_prefix(name) if name in one.fields else str(PLEASE_MEND)
            found.setdefault(shown, []).extend(map(str, errors))

    add(form)
    for issue in issues.forms:
        add(issue)
    if issues.non_form_errors():
        found.setdefault(ISSUES, []).extend(map(str, issues.non_form_errors()))
    return found


PLEASE_MEND = _("请看这里")
