"""The form fields of a programme's own fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from unionops.joining import bracketed
from unionops.org.forms.fields import Day, Text

from ..enums import FieldKind
from ..extra import Extra


def form_name(extra: Extra) -> str:
    return f"extra_{extra.key}"


def form_field(extra: Extra) -> forms.Field:
    """The form field of an extra; amounts and numbers are never below zero."""
    options: dict[str, Any] = {"label": _labelled(extra), "required": extra.required, "help_text": extra.hint}
    pairs = [(choice, choice) for choice in extra.choices]
    match extra.kind:
        case FieldKind.PARAGRAPH:
            return Text(max_length=5000, widget=forms.Textarea(attrs={"rows": 3}), **options)
        case FieldKind.WHOLE:
            return forms.IntegerField(min_value=extra.least, max_value=extra.most or 10**9, **options)
        case FieldKind.DECIMAL:
            return forms.DecimalField(max_digits=14, decimal_places=4, **options)
        case FieldKind.MONEY:
            widget = forms.TextInput(attrs={"inputmode": "decimal"})
            return forms.DecimalField(min_value=0, max_digits=14, decimal_places=2, widget=widget, **options)
        case FieldKind.DAY:
            return Day(**options)
        case FieldKind.CHOICE:
            return forms.ChoiceField(choices=[("", gettext_lazy("请选择")), *pairs], **options)
        case FieldKind.MANY:
            return forms.MultipleChoiceField(choices=pairs, widget=forms.CheckboxSelectMultiple, **options)
        case FieldKind.YES_NO:
            # A box that must be ticked is a declaration; one that need not be is a fact.
            return forms.BooleanField(**options)
    return Text(max_length=300, **options)


def _labelled(extra: Extra) -> str:
    return f"{extra.label}{bracketed(extra.unit)}"
