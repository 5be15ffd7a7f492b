"""Fields that every form of this room uses: text without anything invisible, numbers that are read as people type them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unionops.china.credit_code import InvalidCreditCode, read_credit_code
from unionops.china.errors import InvalidValue
from unionops.china.identity import read_identity
from unionops.china.names import clean_name, clean_text
from unionops.china.phones import read_phone

from ..errors import ActionError


class Text(forms.CharField):
    """One line, or several with a text area, cleaned of what nobody sees."""

    def to_python(self, value: Any) -> str:
        multiline = isinstance(self.widget, forms.Textarea)
        return clean_text(super().to_python(value) or "", multiline=multiline)


class Name(forms.CharField):
    """A person's name as it is stored."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": _("姓名"), "max_length": 50, **options})

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if not text.strip():
            return ""
        try:
            return clean_name(text)
        except InvalidValue as error:
            raise forms.ValidationError(str(error), code=error.code) from error


class _Number(forms.CharField):
    """A number that is checked as it is typed; the empty text stays empty, or None where the old number is kept."""

    keeps = False

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 40, "required": False, **options})

    def read(self, text: str) -> str:
        raise NotImplementedError

    def to_python(self, value: Any) -> str | None:
        text = (super().to_python(value) or "").strip()
        if not text:
            return None if self.keeps else ""
        if self.keeps and text in REMOVE:
            return ""
        try:
            return self.read(text)
        except InvalidValue as error:
            raise forms.ValidationError(str(error), code=error.code) from error


class _Unkept(_Number):
    """A number that a device never keeps in the draft of a form."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-unionops-unkept": True}


class Phone(_Unkept):
    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})

    def read(self, text: str) -> str:
        return read_phone(text).number


class Identity(_Unkept):
    widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"})

    def read(self, text: str) -> str:
        return read_identity(text).number


class CreditCode(_Number):
    """A code whose check fails passes: whether it may be taken with a reason is the action's to say."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"})

    def read(self, text: str) -> str:
        try:
            return read_credit_code(text)
        except InvalidCreditCode as error:
            if error.code in ("check_digit", "prefix"):
                return text.strip()
            raise


# What one types to remove a number.
REMOVE = frozenset({"无", "none"})


def keep_number(form: forms.BaseForm, name: str, masked: str) -> None:
    """A number is never sent back to the browser: left empty it stays as it is (None), «无» removes it (empty text)."""
    field = form.fields[name]
    assert isinstance(field, _Number)
    field.keeps = True
    if masked:
        field.help_text = _("现为 %(masked)s。不改就空着，写“无”删除。") % {"masked": masked}


class Day(forms.DateField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options})


class Lines(forms.CharField):
    """A list, one entry a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, *, most: int = 20, longest: int = 100, **options: Any) -> None:
        super().__init__(**{"required": False, **options})
        self.most, self.longest = most, longest

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        text = clean_text(super().to_python(value) or "")
        lines = list(dict.fromkeys(line.strip() for line in text.split("\n") if line.strip()))
        if len(lines) > self.most or any(len(line) > self.longest for line in lines):
            raise forms.ValidationError(
                _("最多 %(most)d 行，每行最多 %(longest)d 个字。"), params={"most": self.most, "longest": self.longest}
            )
        return lines


def keep_version(form: forms.BaseForm, version: int) -> None:
    """The form says which version of the row the person saw."""
    form.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=version)


def refuse(form: forms.BaseForm, error: ActionError) -> None:
    """Show the refusal of an action at its field, with the next step in the same breath."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, f"{error.reason}{error.next_step}")
