from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import PARENT_KINDS, ROOT_KINDS, EnterpriseStatus, Industry, OrganisationKind, Role, SizeClass
from ..models import Contact, Enterprise, Organisation, Person, User
from .accounts import label_in_tree
from .fields import CreditCode, Day, Identity, Lines, Name, Phone, Text, keep_number, keep_version

BLANK: list[tuple[str, Any]] = [("", "—")]


def towns_of(user: User) -> QuerySet[Organisation]:
    """Towns that a person may choose: of every district whose directory they see."""
    return (
        Organisation.objects.towns()
        .filter(district__in=user.scope.directory_of)
        .valid_on(timezone.localdate())
        .order_by("path")
    )


class EnterpriseForm(forms.Form):
    name = Text(label=_("单位名称"), max_length=100)
    town = forms.ModelChoiceField(label=_("镇街"), queryset=Organisation.objects.none(), empty_label=_("请选择"))
    credit_code = CreditCode(label=_("统一社会信用代码"))
    override_reason = Text(
        label=_("代码校验不符的说明"), max_length=100, required=False,
        help_text=_("执照上的代码确实过不了校验时才写；由督办岗或系统管理员登记。"),
    )  # fmt: skip
    size_class = forms.ChoiceField(label=_("规模"), choices=[*BLANK, *SizeClass.choices], required=False)
    industry = forms.ChoiceField(label=_("行业"), choices=[*BLANK, *Industry.choices], required=False)
    new_employment = forms.BooleanField(label=_("新就业形态"), required=False)
    reform_pilot = forms.BooleanField(label=_("产改试点"), required=False)
    staff_count = forms.IntegerField(label=_("职工人数"), min_value=0, max_value=10_000_000, required=False)
    member_count = forms.IntegerField(label=_("会员人数"), min_value=0, max_value=10_000_000, required=False)
    address = Text(label=_("地址"), max_length=200, required=False)
    aliases = Lines(label=_("曾用名和简称"), help_text=_("一行一个，按哪个都找得到。"))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["town"].queryset = towns_of(user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        staff, members = values.get("staff_count"), values.get("member_count")
        if staff is not None and members is not None and members > staff:
            self.add_error("member_count", _("会员人数不能多于职工人数。"))
        return values


class ConfirmForm(forms.Form):
    credit_code = CreditCode(label=_("统一社会信用代码"), required=True, help_text=_("对照营业执照填写。"))
    override_reason = Text(label=_("代码校验不符的说明"), max_length=100, required=False)


class OnForm(forms.Form):
    """One day, for steps that only ask when."""

    on = Day(label=_("日期"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].initial = timezone.localdate


class MergeForm(forms.Form):
    duplicate = forms.ModelChoiceField(
        label=_("重复的那一家"), queryset=Enterprise.objects.none(), widget=forms.HiddenInput
    )
    reason = Text(label=_("理由"), max_length=200, required=False)

    def __init__(self, *args: Any, enterprises: QuerySet[Enterprise], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["duplicate"].queryset = enterprises  # type: ignore[attr-defined]


class ContactForm(forms.Form):
    name = Name(label=_("联系人"))
    position = Text(label=_("职务"), max_length=50, required=False)
    phone = Phone(label=_("电话"))
    is_main = forms.BooleanField(label=_("主要联系人"), required=False)

    def __init__(self, *args: Any, contact: Contact | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if contact is not None:
            keep_number(self, "phone", contact.phone_masked)
            keep_version(self, contact.version)


class PersonForm(forms.Form):
    name = Name()
    identity = Identity(label=_("身份证号"))
    phone = Phone(label=_("手机"))
    town = forms.ModelChoiceField(label=_("镇街"), queryset=Organisation.objects.none(), empty_label=_("请选择"))
    enterprise = forms.ModelChoiceField(
        label=_("工作单位"), queryset=Enterprise.objects.none(), widget=forms.HiddenInput, required=False
    )
    # What stands in the search box: without scripts the name alone must do.
    enterprise_name = Text(label=_("工作单位"), max_length=100, required=False)
    new_employment = forms.BooleanField(label=_("新就业形态"), required=False)
    note = Text(label=_("备注"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, person: Person | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["town"].queryset = towns_of(user)  # type: ignore[attr-defined]
        self.fields["enterprise"].queryset = Enterprise.objects.visible_to(user)  # type: ignore[attr-defined]
        if person is not None:
            keep_number(self, "identity", person.identity_masked)
            keep_number(self, "phone", person.phone_masked)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        name = values.pop("enterprise_name", "")
        if name and values.get("enterprise") is None and "enterprise" not in self.errors:
            found = self.fields["enterprise"].queryset.filter(name=name).first()  # type: ignore[attr-defined]
            if found is None:
                self.add_error("enterprise_name", _("名录里没有这家单位。请从候选里选，或先登记单位。"))
            values["enterprise"] = found
        elif not name:
            values["enterprise"] = None
        return values


class OrganisationForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("类别"),
        choices=[choice for choice in OrganisationKind.choices if choice[0] not in ROOT_KINDS],
    )
    parent = forms.ModelChoiceField(label=_("上级"), queryset=Organisation.objects.none(), empty_label=None)
    name = Text(label=_("名称"), max_length=100)
    short_name = Text(label=_("简称"), max_length=40, required=False)
    code = Text(label=_("代码"), max_length=20, required=False)
    aliases = Lines(label=_("曾用名和别名"), help_text=_("一行一个。导入台账时按别名也认得。"))
    valid_from = Day(label=_("启用日期"), required=False)

    def __init__(
        self, *args: Any, parents: QuerySet[Organisation], organisation: Organisation | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]
        self.fields["parent"].label_from_instance = label_in_tree  # type: ignore[attr-defined]
        if organisation is not None:
            del self.fields["kind"]
            keep_version(self, organisation.version)
            if organisation.district_id is None:
                del self.fields["parent"]


def parents_for(user: User, organisation: Organisation | None = None) -> QuerySet[Organisation]:
    """Where in the tree something may be hung: below what can have anything below it, never below itself."""
    kinds = {kind for allowed in PARENT_KINDS.values() for kind in allowed}
    if organisation is not None:
        kinds = set(PARENT_KINDS[OrganisationKind(organisation.kind)])
    found = Organisation.objects.visible_to(user).filter(kind__in=kinds).valid_on(timezone.localdate())
    if organisation is not None:
        found = found.exclude(path__startswith=organisation.path)
    return found.order_by("path")


class EnterpriseFilter(forms.Form):
    """The filter bar of the directory, which is also its address."""

    q = Text(label=_("名称、拼音首字母或信用代码"), max_length=100, required=False)
    town = forms.TypedChoiceField(label=_("镇街"), required=False, coerce=int, empty_value=None)
    key = forms.ChoiceField(
        label=_("重点"), choices=[("", _("全部")), ("1", _("重点企业")), ("0", _("非重点"))], required=False
    )
    size_class = forms.ChoiceField(label=_("规模"), choices=[("", _("全部")), *SizeClass.choices], required=False)
    industry = forms.ChoiceField(label=_("行业"), choices=[("", _("全部")), *Industry.choices], required=False)
    new_employment = forms.ChoiceField(
        label=_("新就业形态"), choices=[("", _("全部")), ("1", _("是")), ("0", _("否"))], required=False
    )
    reform_pilot = forms.ChoiceField(
        label=_("产改试点"), choices=[("", _("全部")), ("1", _("是")), ("0", _("否"))], required=False
    )
    idle = forms.TypedChoiceField(
        label=_("未走访"), required=False, coerce=int, empty_value=None,
        choices=[("", _("不限")), (30, _("30 天以上")), (60, _("60 天以上")), (90, _("90 天以上")), (180, _("半年以上"))],
    )  # fmt: skip
    status = forms.ChoiceField(
        label=_("状态"), required=False,
        choices=[("", _("在业和待核实")), *EnterpriseStatus.choices, ("all", _("全部"))],
    )  # fmt: skip

    def __init__(self, *args: Any, towns: Iterable[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["town"].choices = [("", _("全部")), *towns]  # type: ignore[attr-defined]


class PersonFilter(forms.Form):
    """Numbers are asked by POST, so that they stand in no address and no log (trust 53)."""

    q = Text(label=_("姓名、拼音首字母"), max_length=50, required=False)
    number = Text(label=_("身份证号、手机号或末四位"), max_length=40, required=False)
    town = forms.TypedChoiceField(label=_("镇街"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, towns: Iterable[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["town"].choices = [("", _("全部")), *towns]  # type: ignore[attr-defined]


class AccountFilter(forms.Form):
    q = Text(label=_("姓名、登录名、拼音首字母"), max_length=50, required=False)
    role = forms.ChoiceField(label=_("角色"), required=False)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("可登录")), ("off", _("已停用")), ("all", _("全部"))]
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [("", _("全部")), *Role.choices]  # type: ignore[attr-defined]


class LogFilter(forms.Form):
    person = Text(label=_("操作人"), max_length=50, required=False)
    verb = forms.ChoiceField(label=_("动作"), required=False)
    day = Day(label=_("日期"), required=False)

    def __init__(self, *args: Any, verbs: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["verb"].choices = [("", _("全部")), *verbs]  # type: ignore[attr-defined]
