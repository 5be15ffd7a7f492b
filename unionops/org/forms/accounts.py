from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import ROLE_KINDS, Language, Role
from ..models import Organisation, Posting, User
from .fields import Day, Name, Phone, Text, keep_number, keep_version


class SignInForm(forms.Form):
    username = forms.CharField(label=_("登录名"), max_length=50)
    password = forms.CharField(label=_("密码"), max_length=128, strip=False, widget=forms.PasswordInput)

    def clean_username(self) -> str:
        return unicodedata.normalize("NFKC", self.cleaned_data["username"]).strip()


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("原密码"), max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    new = forms.CharField(
        label=_("新密码"), max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 12 位。几个不相干的词连起来，好记也难猜。"),
    )  # fmt: skip
    again = forms.CharField(
        label=_("再写一遍新密码"), max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new", again):
            raise forms.ValidationError(_("两遍新密码不一样。"))
        return again


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(label=_("语言"), choices=Language.choices)
    email = forms.EmailField(label=_("邮箱"), max_length=254, required=False)
    digest = forms.BooleanField(
        label=_("工作日早上把与我有关的事发到邮箱"), required=False
    )  # fmt: skip


class AccountForm(forms.Form):
    """What an administrator keeps of a person."""

    name = Name()
    phone = Phone(label=_("手机"))
    email = forms.EmailField(label=_("邮箱"), max_length=254, required=False)
    weekly_quota = forms.IntegerField(
        label=_("每周走访家数"), min_value=0, max_value=40, initial=4, help_text=_("不走访的岗位写 0。")
    )

    def __init__(self, *args: Any, account: User | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if account is not None:
            keep_number(self, "phone", account.phone_masked)
            keep_version(self, account.version)


class PostingForm(forms.Form):
    organisation = forms.ModelChoiceField(
        label=_("单位"), queryset=Organisation.objects.none(), empty_label=_("请选择")
    )
    role = forms.ChoiceField(label=_("角色"), choices=[("", _("请选择")), *Role.choices])
    valid_from = Day(label=_("起始日期"))
    valid_to = Day(label=_("结束日期"), required=False, help_text=_("没有定结束日期就空着。"))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["organisation"]
        field.queryset = postable(user)  # type: ignore[attr-defined]
        field.label_from_instance = label_in_tree  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = timezone.localdate

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        start, end = values.get("valid_from"), values.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", _("结束日期不能早于起始日期。"))
        return values


def postable(user: User) -> Any:
    """Organisations of one's districts that take postings today, in tree order."""
    kinds = {kind for kinds in ROLE_KINDS.values() for kind in kinds}
    administered = user.scope.administers
    return (
        Organisation.objects.filter(Q(district__in=administered) | Q(pk__in=administered), kind__in=kinds)
        .valid_on(timezone.localdate())
        .order_by("path")
    )


def label_in_tree(organisation: Organisation) -> str:
    return "　" * (organisation.path.count(".") - 1) + organisation.name


class NewAccountForm(AccountForm, PostingForm):
    """An account and its first post."""

    username = forms.RegexField(
        label=_("登录名"), regex=r"^[\w.\-]{2,50}\Z", max_length=50,
        error_messages={"invalid": _("登录名 2 至 50 位，用字母、数字、点、横线。")},
        help_text=_("例如姓名全拼 chenliquan。以后不能改。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    field_order = (
        "name", "username", "organisation", "role", "valid_from", "valid_to", "phone", "email", "weekly_quota",
    )  # fmt: skip

    def clean_username(self) -> str:
        return unicodedata.normalize("NFKC", self.cleaned_data["username"]).lower()


class EndForm(forms.Form):
    on = Day(label=_("最后一天"), help_text=_("从第二天起，这个人不再看到这里的事。"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].initial = timezone.localdate


class DeactivateForm(forms.Form):
    reason = Text(label=_("原因"), max_length=100, help_text=_("例如：调离、退休。写进日志。"))


class HandOverForm(forms.Form):
    taker = forms.ModelChoiceField(label=_("接手的人"), queryset=User.objects.none(), empty_label=_("请选择"))
    on = Day(label=_("从哪天起"), help_text=_("当天或以前。这一天起由接手的人负责。"))
    postings = forms.ModelMultipleChoiceField(
        label=_("交接哪些岗位"), queryset=Posting.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: User, giver: User, postings: list[Posting], **options: Any) -> None:
        super().__init__(*args, **options)
        colleagues = User.objects.visible_to(user).filter(is_active=True).exclude(pk=giver.pk)
        self.fields["taker"].queryset = colleagues.order_by("pinyin", "pk")  # type: ignore[attr-defined]
        self.fields["postings"].queryset = Posting.objects.filter(pk__in=[row.pk for row in postings])  # type: ignore[attr-defined]
        self.fields["on"].initial = timezone.localdate


class LeaveForm(forms.Form):
    starts_on = Day(label=_("从"))
    ends_on = Day(label=_("到"))
    reason = Text(label=_("事由"), max_length=50, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        start, end = values.get("starts_on"), values.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("结束日期不能早于开始日期。"))
        return values


class RevealForm(forms.Form):
    reason = Text(
        label=_("为什么要看"),
        min_length=4,
        max_length=100,
        help_text=_("例如：联系反映人核实加班天数。谁看过、为什么看，都记下来。"),
    )
