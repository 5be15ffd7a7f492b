"""What every form of a step shares: what it knows of the case, the programme's own fields, the papers that it brings."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from unionops.casework.reference import towns
from unionops.casework.scans import Paper, papers_of
from unionops.org.forms.fields import Day, Identity, Name, Phone, Text
from unionops.org.models import Enterprise, Organisation, User
from visits.forms.steps import PLEASE_CHOOSE, Money, UnitField, paragraph

from ..enums import AT_BIRTH, Applicant
from ..extra import Extra
from ..models import Programme, ServiceCase
from .extras import form_field, form_name

__all__ = [
    "PLEASE_CHOOSE",
    "ConfirmForm",
    "Day",
    "Money",
    "Paper",
    "ProgressForm",
    "RegisterForm",
    "RemoveFileForm",
    "StepForm",
    "Text",
    "day",
    "note",
    "paragraph",
]


def today() -> datetime.date:
    return timezone.localdate()


def day(label: str | Promise, **options: Any) -> Day:
    """A day that is today unless somebody writes another."""
    return Day(label=label, **{"initial": today, **options})


def note(label: str | Promise = "", **options: Any) -> Text:
    return paragraph(label or gettext_lazy("说明"), **{"required": False, **options})


class ExtraFields(forms.Form):
    """Adds the programme's own fields of one moment, and takes them out again as one mapping."""

    # The column width (of 12) of each field that is not whole, and how choices are drawn.
    spans: ClassVar[dict[str, int]] = {}
    looks: ClassVar[dict[str, str]] = {}
    submit: ClassVar[str | Promise] = ""
    after: ClassVar[str | Promise] = ""
    caution: ClassVar[str | Promise] = ""
    # The part of the form that only one of them has.
    template: ClassVar[str] = ""

    def add_extras(self, extras: tuple[Extra, ...], known: dict[str, Any]) -> None:
        self.extras = extras
        for extra in extras:
            field = form_field(extra)
            if extra.key in known and not extra.sealed:
                field.initial = known[extra.key]
            self.fields[form_name(extra)] = field
        self.paper_fields = papers_of(self.fields)

    def arguments(self) -> dict[str, Any]:
        """The keywords of the action; papers are still to be kept by the caller."""
        found = dict(self.cleaned_data)
        extras = {extra.key: found.pop(form_name(extra), None) for extra in self.extras}
        return {**found, "extras": extras}

    def about(self) -> list[tuple[str, str]]:
        """(label, words) that stand above the fields."""
        return []


class StepForm(ExtraFields):
    """What a verb asks for: its own fields, then those of the programme."""

    def __init__(
        self, data: QueryDict | None = None, files: Any = None, *, user: User, case: ServiceCase, verb: str
    ) -> None:
        super().__init__(data, files)
        self.user, self.verb = user, verb
        # Of the shape whose form it is.
        self.case: Any = case
        self.add_extras(case.programme.extras_at(verb), case.details)
        self.fill()

    def fill(self) -> None:
        """Give fields the choices of this case."""


class RegisterForm(ExtraFields):
    """Who asks for the service, and what the programme wants to know at the beginning."""

    applicant_kind = forms.ChoiceField(label=gettext_lazy("服务对象"), widget=forms.RadioSelect)
    applicant_name = Name(label=gettext_lazy("姓名或单位名称"), max_length=100, required=False)
    enterprise_name = Text(
        label=gettext_lazy("名录里的单位"), max_length=100, required=False,
        help_text=gettext_lazy("写全称或统一社会信用代码；名录里没有的，写在上一栏。"),
    )  # fmt: skip
    identity = Identity(label=gettext_lazy("身份证号"))
    phone = Phone(label=gettext_lazy("手机"))
    town = UnitField(label=gettext_lazy("镇街"), required=False)
    description = note(pgettext_lazy("服务", "情况"))

    spans: ClassVar = {"applicant_name": 6, "enterprise_name": 6, "identity": 6, "phone": 6, "town": 6}
    looks: ClassVar = {"applicant_kind": "chips"}

    def __init__(
        self, data: QueryDict | None = None, files: Any = None, *, user: User, programme: Programme,
        initial: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, files, initial=initial)
        self.user, self.programme = user, programme
        kinds = [(kind, Applicant(kind).label) for kind in programme.applicants]
        field = self.fields["applicant_kind"]
        field.choices = kinds  # type: ignore[attr-defined]
        if len(kinds) == 1:
            field.initial, field.widget, field.required = kinds[0][0], forms.HiddenInput(), False
        if Applicant.PERSON not in programme.applicants:
            del self.fields["identity"]
        if not {Applicant.ENTERPRISE, Applicant.UNION} & set(programme.applicants):
            del self.fields["enterprise_name"]
        units = [(unit.id, unit.short_name or unit.name) for unit in towns(programme.district_id)]
        self.fields["town"].choices = [("", PLEASE_CHOOSE), *units]  # type: ignore[attr-defined]
        self.add_extras(programme.extras_at(AT_BIRTH), {})
        self.fill()

    def fill(self) -> None:
        """Give fields the choices of this programme."""

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if len(self.programme.applicants) == 1:
            found["applicant_kind"] = self.programme.applicants[0]
        text = found.pop("enterprise_name", "")
        found["enterprise"] = None
        if text:
            seen = Enterprise.objects.visible_to(self.user).filter(district=self.programme.district_id)
            found["enterprise"] = seen.filter(name=text).first() or seen.filter(credit_code=text).first()
            if found["enterprise"] is None:
                self.add_error("enterprise_name", _("名录里没有“%(name)s”。") % {"name": text})
        kind = found.get("applicant_kind")
        if kind in (Applicant.ENTERPRISE, Applicant.UNION):
            found["identity"] = ""
        elif found["enterprise"] is not None:
            # A worker is not the firm; where they work is told in words.
            found["enterprise"] = None
        if kind == Applicant.ANONYMOUS:
            found.update(applicant_name="", identity="", phone="")
        elif kind and not found.get("applicant_name") and found["enterprise"] is None:
            self.add_error("applicant_name", _("请写姓名或单位名称。"))
        return found

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        town = found.pop("town", None)
        if town:
            found["town"] = Organisation.objects.get(pk=town)
        return found


class ProgressForm(forms.Form):
    text = paragraph(gettext_lazy("进展"), 2000)


class RemoveFileForm(forms.Form):
    reason = Text(label=gettext_lazy("移除的理由"), max_length=200)


class ConfirmForm(forms.Form):
    """Nothing is asked; whether to do it is."""
