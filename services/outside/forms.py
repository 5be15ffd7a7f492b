"""The application form of a programme for somebody without an account: few fields, in plain words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.reference import towns
from unionops.counter.forms import CheckForm, FilesField
from unionops.org.forms.fields import Identity, Name, Text
from unionops.org.models import Organisation, User

from ..enums import AT_BIRTH, Applicant, FieldKind, Shape
from ..forms.asking import PLEASE_CHOOSE, ExtraFields, note
from ..models import Programme
from ..shapes import kind_for
from .applying import asked_of_visitor, takes_anonymous

STARS = [("5", gettext_lazy("很满意")), ("4", gettext_lazy("满意")), ("3", gettext_lazy("一般")), ("2", gettext_lazy("不满意")), ("1", gettext_lazy("很不满意"))]  # fmt: skip


class PublicForm(ExtraFields):
    """Made from the programme: for whom it is, its public fields, and what its shape asks of everybody."""

    applicant_kind = forms.ChoiceField(label=gettext_lazy("您代表谁"), widget=forms.RadioSelect)
    applicant_name = Name(
        label=gettext_lazy("您的姓名"),
        max_length=100,
        error_messages={"required": gettext_lazy("请写姓名或单位名称。")},
    )
    contact_name = Name(label=gettext_lazy("联系人"), required=False)
    identity = Identity(label=gettext_lazy("身份证号"), help_text=gettext_lazy("现在可以不填，审核时要核对。"))
    town = forms.TypedChoiceField(label=gettext_lazy("在哪个镇街"), coerce=int, empty_value=None, required=False)
    description = note(gettext_lazy("什么事"), most=3000, required=True, error_messages={"required": gettext_lazy("请写是什么事。")})  # fmt: skip
    papers = FilesField(
        label=gettext_lazy("照片和材料"), required=False, help_text=gettext_lazy("最多 5 份，每份不超过 20 MB。")
    )
    agrees = forms.BooleanField(
        label=gettext_lazy("我同意工会为办理这件事使用我填的这些内容，以后可以撤回。"),
        error_messages={"required": gettext_lazy("要您同意才能办理。")},
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, programme: Programme, anonymous: bool) -> None:
        super().__init__(data, files)
        self.programme, self.anonymous = programme, anonymous
        self._ask_who()
        units = [(unit.id, unit.short_name or unit.name) for unit in towns(programme.district_id)]
        self.fields["town"].choices = [("", PLEASE_CHOOSE), *units]  # type: ignore[attr-defined]
        self.fields["papers"].help_text = self._papers_help()
        self._ask_of_shape()
        extras = tuple(extra for extra in programme.extras_at(AT_BIRTH) if extra.public)
        self.add_extras(extras, {})
        if any(extra.required and extra.kind == FieldKind.PARAGRAPH for extra in extras):
            # What it is about is asked in the programme's own words; nobody writes it twice.
            del self.fields["description"]
        # Papers and consent stand last, whatever the programme asks.
        for name in ("papers", "agrees"):
            self.fields[name] = self.fields.pop(name)
        for field in self.fields.values():
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _("请填写%(label)s。") % {"label": field.label}
        # A file of ours is kept after the case is there.
        self.paper_fields = []

    def _ask_who(self) -> None:
        kinds = [kind for kind in self.programme.applicants if kind != Applicant.ANONYMOUS]
        if self.anonymous:
            for name in ("applicant_kind", "applicant_name", "contact_name", "identity"):
                del self.fields[name]
            return
        field = self.fields["applicant_kind"]
        field.choices = [(kind, Applicant(kind).label) for kind in kinds]  # type: ignore[attr-defined]
        field.initial = kinds[0]
        if len(kinds) == 1:
            field.widget, field.required = forms.HiddenInput(), False
        if kinds == [Applicant.PERSON]:
            del self.fields["contact_name"]
        elif Applicant.PERSON in kinds:
            self.fields["applicant_name"].label = gettext_lazy("姓名或单位名称")
        else:
            self.fields["applicant_name"].label = gettext_lazy("单位名称")
        if self.programme.shape != Shape.CLAIM or Applicant.PERSON not in kinds or self.programme.seals_reporter:
            del self.fields["identity"]
        elif self.programme.limit("once_a_year") and kinds == [Applicant.PERSON]:
            number = self.fields["identity"]
            number.required, number.help_text = True, gettext_lazy("这个项目每年有次数，要写身份证号才能核对。")

    def _papers_help(self) -> Any:
        wanted = self.programme.documents
        if not wanted:
            return self.fields["papers"].help_text
        return _("要交：%(names)s。最多 5 份，每份不超过 20 MB。") % {"names": "、".join(wanted)}

    def _ask_of_shape(self) -> None:
        if takes_anonymous(self.programme):
            # Whoever reports something asks for nothing.
            return
        kind = kind_for(self.programme.shape)
        whole = kind.register_form(user=User.objects.system(), programme=self.programme)
        for name in asked_of_visitor(self.programme):
            if name in whole.fields:
                self.fields[name] = whole.fields[name]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        kinds = [kind for kind in self.programme.applicants if kind != Applicant.ANONYMOUS]
        if not self.anonymous and len(kinds) == 1:
            found["applicant_kind"] = kinds[0]
        return found

    def given(self) -> dict[str, Any]:
        """The keywords of the registration, with the extras as one mapping; papers and consent are not among them."""
        found = self.arguments()
        for name in ("papers", "agrees"):
            found.pop(name, None)
        town = found.pop("town", None)
        if town:
            found["town"] = Organisation.objects.get(pk=town)
        contact = found.pop("contact_name", "")
        if contact:
            told = _("联系人：%(name)s") % {"name": contact}
            found["description"] = "\n".join(filter(None, (found.get("description"), told)))
        return found


class RateForm(CheckForm):
    """Number and code go with it, for nobody is signed in."""

    stars = forms.ChoiceField(label=gettext_lazy("您满意吗"), choices=STARS, widget=forms.RadioSelect, error_messages={"required": gettext_lazy("请选满意程度。")})  # fmt: skip
    words = Text(
        label=gettext_lazy("还想说什么"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class TakeBackForm(CheckForm):
    reason = Text(
        label=gettext_lazy("为什么撤回"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    sure = forms.BooleanField(
        label=gettext_lazy("我要撤回"), error_messages={"required": gettext_lazy("请勾上，再按一次。")}
    )
