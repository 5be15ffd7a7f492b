from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unionops.casework.reference import departments, towns, units
from unionops.org.enums import OrganisationKind
from unionops.org.forms.fields import Text, keep_version

from ..models import Category
from .care import category_choices


class CategoryForm(forms.Form):
    parent = forms.ModelChoiceField(
        label=_("一级类别"),
        queryset=Category.objects.filter(parent=None),
        required=False,
        empty_label=_("（这是一级类别）"),
    )
    code = Text(label=_("代码"), max_length=20)
    name = Text(label=_("名称"), max_length=30)
    name_en = Text(label=_("英文名称"), max_length=60)
    position = forms.IntegerField(label=_("顺序"), min_value=0, max_value=9999, initial=0)
    is_active = forms.BooleanField(label=_("使用中"), required=False, initial=True)

    def __init__(self, *args: Any, category: Category | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.category = category
        if category is not None:
            # Figures of past years are counted by code and level: they stay.
            self.fields["code"].disabled = True
            self.fields["parent"].disabled = True
            keep_version(self, category.version)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].upper()
        taken = Category.objects.filter(code=code)
        if self.category is not None:
            taken = taken.exclude(pk=self.category.pk)
        if taken.exists():
            raise forms.ValidationError(_("代码 %(code)s 已经有了。"), params={"code": code})
        return code


class RouteForm(forms.Form):
    category = forms.TypedChoiceField(label=_("类别"), coerce=int)
    town = forms.TypedChoiceField(label=_("镇街"), coerce=int, empty_value=None, required=False)
    department = forms.TypedChoiceField(label=_("科室"), coerce=int)

    def __init__(self, *args: Any, district_id: int, **options: Any) -> None:
        super().__init__(*args, **options)
        first = [(pk, name) for pk, name in Category.objects.filter(parent=None).values_list("pk", "name")]
        self.fields["category"].choices = [("", _("请选择")), (_("整个一级类别"), first), *category_choices()[1:]]  # type: ignore[attr-defined]
        self.fields["town"].choices = [  # type: ignore[attr-defined]
            ("", _("全区")),
            *((unit.id, unit.short_name or unit.name) for unit in towns(district_id)),
        ]
        leading = [*departments(district_id), *units(district_id, OrganisationKind.MEDIATION_CENTRE)]
        self.fields["department"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择")),
            *((unit.id, unit.short_name or unit.name) for unit in leading),
        ]
