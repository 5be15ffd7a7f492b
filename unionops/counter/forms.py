"""What is asked at the public counter: few fields, wide ones, in plain words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from unionops.casework.attachments import PICTURES, BadFile, check_file
from unionops.org.forms.fields import Name, Phone, Text

from .models import SignedLink

MOST_FILES = 5
ACCEPTED = (*sorted(PICTURES), "pdf", "doc", "docx")


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to five photos or papers; each is checked by its content."""

    widget = Files(attrs={"multiple": True, "accept": ",".join(f".{kind}" for kind in ACCEPTED)})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [super(FilesField, self).clean(file, initial) for file in data or []]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("最多上传 %(most)d 份。"), params={"most": MOST_FILES})
        for file in files:
            try:
                check_file(file, ACCEPTED)
            except BadFile as error:
                raise forms.ValidationError(str(error)) from error
        return files


class PhoneForm(forms.Form):
    phone = Phone(
        label=_("手机号"), required=True, help_text=_("我们会发一条验证码短信，只用来确认是您本人。"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national"}),
        error_messages={"required": _("请填手机号。")},
    )  # fmt: skip


class CodeForm(forms.Form):
    code = forms.RegexField(
        r"^\s*\d{6}\s*$", label=_("验证码"), help_text=_("六位数字，5 分钟内有效。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 12}),
        error_messages={"required": _("请填短信里的六位数字。"), "invalid": _("请填短信里的六位数字。")},
    )  # fmt: skip


class CheckForm(forms.Form):
    number = Text(
        label=_("回执编号"), max_length=40, help_text=_("例如 MD-7K3Q-9XW2-H，横线可以不写，大小写都行。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("请填回执编号。")},
    )  # fmt: skip
    code = Text(
        label=_("查询码"), max_length=12, help_text=_("回执上的六位数字。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("请填查询码。")},
    )  # fmt: skip


class SigningForm(forms.Form):
    """Who answers a link; purposes add their own fields."""

    name = Name(label=_("您的姓名"), error_messages={"required": _("请写您的姓名。")})
    organisation = Text(label=_("您的单位"), max_length=100, error_messages={"required": _("请写您的单位。")})

    def __init__(self, data: Any = None, *, link: SignedLink, **options: Any) -> None:
        super().__init__(data, **options)
        self.link = link
