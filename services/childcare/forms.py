"""What is asked about a class, a child and a day."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.org.forms.fields import Day, Identity, Name, Phone, Text, keep_version

from ..activities.forms import DoForm
from ..activities.models import Activity
from ..forms.asking import PLEASE_CHOOSE
from .actions.children import Person, contact_of
from .enums import GRADES, Area, Duty, Kin, NoteKind, SafetyItem, Sex, Way
from .models import ClassFile, Guardian

CLOCK = forms.TimeInput(attrs={"type": "time"})


class FileForm(DoForm):
    spans: ClassVar = dict.fromkeys(
        ("season", "least", "late_after", "hours_from", "hours_to", "is_new", "takes_temperature", "grade_from", "grade_to", "age_from", "age_to"), 4
    ) | dict.fromkeys(("grade_from", "grade_to", "age_from", "age_to"), 3)  # fmt: skip

    season = Text(
        label=gettext_lazy("季次"), max_length=20, help_text=gettext_lazy("如“2026 暑期”。一个孩子一季只能上一个班。")
    )
    hours_from = forms.TimeField(label=gettext_lazy("每天开始"), widget=CLOCK)
    hours_to = forms.TimeField(label=gettext_lazy("每天结束"), widget=CLOCK)
    late_after = forms.IntegerField(label=gettext_lazy("超时未接（分钟）"), min_value=1, max_value=120)
    grade_from = forms.TypedChoiceField(label=gettext_lazy("最低年级"), coerce=int, choices=GRADES)
    grade_to = forms.TypedChoiceField(label=gettext_lazy("最高年级"), coerce=int, choices=GRADES)
    age_from = forms.IntegerField(label=gettext_lazy("最小年龄"), min_value=2, max_value=17)
    age_to = forms.IntegerField(label=gettext_lazy("最大年龄"), min_value=2, max_value=17)
    least = forms.IntegerField(label=gettext_lazy("最少人数"), min_value=1, max_value=100)
    is_new = forms.BooleanField(label=gettext_lazy("新办"), required=False)
    takes_temperature = forms.BooleanField(label=gettext_lazy("签到要量体温"), required=False)

    def __init__(self, data: QueryDict | None = None, *, case: Activity, **options: Any) -> None:
        found = ClassFile.objects.filter(activity=case).first() or ClassFile(activity=case)
        known = {name: getattr(found, name) for name in self.base_fields}
        super().__init__(data, case=case, **{**options, "initial": known})
        keep_version(self, found.version)


class AcceptForm(DoForm):
    spans: ClassVar = {f"area_{area}": 6 for area in Area}

    def fill(self) -> None:
        for area in Area:
            self.fields[f"area_{area}"] = Text(label=area.label, max_length=200)

    def arguments(self) -> dict[str, Any]:
        return {"seen": {name[5:]: value for name, value in self.cleaned_data.items()}}


class CarerForm(DoForm):
    name = Name()
    duty = forms.ChoiceField(label=gettext_lazy("职责"), choices=Duty.choices)
    checked_on = Day(label=gettext_lazy("违法犯罪记录查询日期"), required=False)
    check_number = Text(label=gettext_lazy("查询编号"), max_length=40, required=False)


class RecheckForm(DoForm):
    checked_on = Day(label=gettext_lazy("违法犯罪记录查询日期"))
    check_number = Text(label=gettext_lazy("查询编号"), max_length=40)


class InsuranceForm(DoForm):
    insurance_number = Text(label=gettext_lazy("保单号"), max_length=40)
    insured_until = Day(label=gettext_lazy("保险到期"))


class SafetyForm(DoForm):
    good = forms.MultipleChoiceField(
        label=gettext_lazy("合格的项目"),
        choices=SafetyItem.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = Text(
        label=gettext_lazy("问题和整改"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ChildForm(DoForm):
    spans: ClassVar = {
        "name": 4, "identity": 4, "birth_on": 4, "sex": 4, "grade": 4, "school": 4, "group": 4, "guardian_name": 3, "guardian_kin": 3,
        "guardian_phone": 3, "guardian_tail": 3, "unit": 12, "emergency_name": 4, "emergency_kin": 4, "emergency_phone": 4, "other_name": 3, "other_kin": 3, "other_phone": 3, "other_tail": 3,
    }  # fmt: skip
    looks: ClassVar = {"sex": "chips", "consent_way": "chips"}
    link = "childcare:rule"
    link_words = gettext_lazy("儿童个人信息保护规则")

    name = Name(label=gettext_lazy("孩子姓名"))
    sex = forms.ChoiceField(label=gettext_lazy("性别"), choices=Sex.choices, widget=forms.RadioSelect)
    identity = Identity(label=gettext_lazy("孩子身份证号"), required=True)
    birth_on = Day(label=gettext_lazy("出生日期"))
    grade = forms.TypedChoiceField(label=gettext_lazy("年级"), coerce=int, choices=[("", PLEASE_CHOOSE), *GRADES])
    school = Text(label=gettext_lazy("学校"), max_length=60, required=False)
    group = forms.ChoiceField(label=gettext_lazy("优先对象"), required=False)
    health = Text(
        label=gettext_lazy("过敏和健康"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("加密保存，写明理由才能看。"),
    )  # fmt: skip
    guardian_name = Name(label=gettext_lazy("监护人姓名"))
    guardian_kin = forms.ChoiceField(label=gettext_lazy("与孩子的关系"), choices=[("", PLEASE_CHOOSE), *Kin.choices])
    guardian_phone = Phone(label=gettext_lazy("监护人手机"), required=True)
    guardian_tail = Text(label=gettext_lazy("监护人身份证后四位"), max_length=4, required=False)
    unit = Text(label=gettext_lazy("监护人单位"), max_length=100, required=False)
    emergency_name = Name(label=gettext_lazy("紧急联系人"))
    emergency_kin = forms.ChoiceField(
        label=gettext_lazy("紧急联系人与孩子的关系"), choices=[("", PLEASE_CHOOSE), *Kin.choices]
    )
    emergency_phone = Phone(
        label=gettext_lazy("紧急联系人手机"), required=True, help_text=gettext_lazy("监护人电话打不通时找这个人。")
    )
    other_name = Name(label=gettext_lazy("另一位接送人"), required=False)
    other_kin = forms.ChoiceField(
        label=gettext_lazy("另一位与孩子的关系"), choices=[("", PLEASE_CHOOSE), *Kin.choices], required=False
    )
    other_phone = Phone(label=gettext_lazy("另一位手机"))
    other_tail = Text(label=gettext_lazy("另一位身份证后四位"), max_length=4, required=False)
    may_leave_alone = forms.BooleanField(label=gettext_lazy("监护人同意孩子自己离开"), required=False)
    consent_way = forms.ChoiceField(label=gettext_lazy("监护人怎样同意"), choices=Way.choices, widget=forms.RadioSelect)
    consents = forms.BooleanField(
        label=gettext_lazy("监护人看过《儿童个人信息保护规则》，同意收集孩子的信息，包括健康情况")
    )

    def fill(self) -> None:
        self.choose("group", [(group, group) for group in self.case.priority_groups])
        if not self.case.priority_groups:
            del self.fields["group"]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("other_name") and not found.get("other_kin"):
            self.add_error("other_kin", _("请选与孩子的关系。"))
        return found

    def arguments(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        guardian = Person(
            found.pop("guardian_name"),
            found.pop("guardian_kin"),
            found.pop("guardian_phone"),
            found.pop("guardian_tail"),
        )
        other = Person(*(found.pop(f"other_{part}") for part in ("name", "kin", "phone", "tail")))
        emergency = Person(*(found.pop(f"emergency_{part}") for part in ("name", "kin", "phone")))
        return {**found, "guardian": guardian, "emergency": emergency, "pick_ups": [other] if other.name else []}


class AskForm(DoForm):
    reason = Text(label=gettext_lazy("理由"), max_length=200)
    until = Day(label=gettext_lazy("看到哪一天"))

    def fill(self) -> None:
        self.fields["until"].initial = self.case.ends_on or timezone.localdate()


class PickUpForm(DoForm):
    name = Name()
    kin = forms.ChoiceField(label=gettext_lazy("与孩子的关系"), choices=Kin.choices)
    phone = Phone(label=gettext_lazy("手机"))
    card_tail = Text(label=gettext_lazy("身份证后四位"), max_length=4, required=False)
    guardian = forms.ModelChoiceField(
        label=gettext_lazy("授权的监护人"), queryset=Guardian.objects.none(), empty_label=None
    )

    def fill(self) -> None:
        self.fields["guardian"].queryset = self.item.guardians.all()  # type: ignore[attr-defined]
        self.fields["guardian"].label_from_instance = lambda one: f"{one.get_kin_display()} {one.name_masked}"  # type: ignore[attr-defined]


class ContactForm(DoForm):
    emergency_name = Name(label=gettext_lazy("紧急联系人"))
    emergency_kin = forms.ChoiceField(label=gettext_lazy("与孩子的关系"), choices=Kin.choices)
    emergency_phone = Phone(label=gettext_lazy("手机"), required=True)

    def fill(self) -> None:
        keep_version(self, contact_of(self.item).version)

    def arguments(self) -> dict[str, Any]:
        person = Person(*(self.cleaned_data[f"emergency_{part}"] for part in ("name", "kin", "phone")))
        return {"person": person, "version": self.cleaned_data["version"]}


class ArriveForm(forms.Form):
    """Who brought a child: a key of its list, «alone» or «other»; the temperature where it is taken."""

    who = forms.CharField(required=False)
    other = Text(required=False, max_length=100)
    temperature = forms.DecimalField(
        required=False, max_digits=4, decimal_places=1,
        error_messages=dict.fromkeys(("invalid", "max_digits", "max_decimal_places"), gettext_lazy("体温写得不对，请写 36.5 这样的数。")),
    )  # fmt: skip


class AloneForm(DoForm):
    allowed = forms.BooleanField(label=gettext_lazy("同意孩子自己离开"), required=False)
    guardian = forms.ModelChoiceField(
        label=gettext_lazy("授权的监护人"), queryset=Guardian.objects.none(), empty_label=None
    )

    def fill(self) -> None:
        self.fields["guardian"].queryset = self.item.guardians.all()  # type: ignore[attr-defined]
        self.fields["guardian"].label_from_instance = lambda one: f"{one.get_kin_display()} {one.name_masked}"  # type: ignore[attr-defined]
        self.fields["allowed"].initial = self.item.may_leave_alone
        keep_version(self, self.item.version)


class CareForm(DoForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("类别"),
        choices=[one for one in NoteKind.choices if one[0] not in (NoteKind.TURNED_AWAY, NoteKind.BROUGHT)],
        widget=forms.RadioSelect,
    )
    words = Text(label=gettext_lazy("内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    authorised_by = forms.ModelChoiceField(
        label=gettext_lazy("用药由谁授权"), queryset=Guardian.objects.none(), required=False, empty_label=PLEASE_CHOOSE
    )

    def fill(self) -> None:
        self.fields["authorised_by"].queryset = self.item.guardians.all()  # type: ignore[attr-defined]
        self.fields["authorised_by"].label_from_instance = lambda one: f"{one.get_kin_display()} {one.name_masked}"  # type: ignore[attr-defined]
