"""What an administrator says of a programme: names, steps, fields of its own, limits, who decides, what is public."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.forms import formset_factory
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.reference import departments
from unionops.china.calendar import Unit
from unionops.china.pinyin import pinyin_key
from unionops.joining import bracketed
from unionops.org.forms.fields import Lines, Text
from visits.forms.steps import PLEASE_CHOOSE

from ..actions.programmes import AUDIT
from ..enums import AT_BIRTH, Applicant, FieldKind, Relation, Shape
from ..extra import MOST_EXTRAS, NUMBERS, Extra, write_extras
from ..models import BudgetLine, Programme
from ..shapes import OWN, ShapeKind, kind_for

# Shapes whose cases are paid from a budget line.
SPENDING = (Shape.CLAIM, Shape.ACTIVITY)
MOST_LINES = 60
DECIDERS = [(one.value, one.label) for one in Relation if one != Relation.SYSTEM]


class CatalogueForm(forms.Form):
    """Which rows of the catalogue a district takes; all of them unless somebody unticks one."""

    codes = forms.MultipleChoiceField(
        label=gettext_lazy("项目"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("一个也没有选。请至少勾一个项目，或者取消。")},
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, rows: list[dict[str, Any]]) -> None:
        super().__init__(data, initial={"codes": [row["code"] for row in rows]})
        self.rows = rows
        self.fields["codes"].choices = [(row["code"], row["name"]) for row in rows]  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """(group, rows) in the order of the catalogue, each row with whether it is ticked."""
        ticked = set(self["codes"].value() or ())
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.rows:
            shown = {
                **row, "shape_words": Shape(row["shape"]).label, "ticked": row["code"] in ticked,
                "icon": row.get("icon") or kind_for(row["shape"]).icon,
            }  # fmt: skip
            found.setdefault(row.get("group") or _("其他"), []).append(shown)
        return list(found.items())

    def chosen(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["code"] in self.cleaned_data["codes"]]


COUNTABLE = (*NUMBERS, FieldKind.CHOICE, FieldKind.YES_NO)
# Numbers of a field of its own that need not be there.
WHOLE_OR_NOT = ("target", "least", "most", "by_from", "alarm")


class ExtraRow(forms.Form):
    """One field of the programme's own; a row without a name is no field."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    label = Text(label=gettext_lazy("字段名称"), max_length=40, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("内容"), choices=FieldKind.choices, required=False)
    at = forms.ChoiceField(label=gettext_lazy("哪一步填"), required=False)
    choices = Text(label=gettext_lazy("有哪些选项，用顿号分开"), max_length=300, required=False)
    unit = Text(label=gettext_lazy("单位"), max_length=10, required=False)
    target = forms.IntegerField(label=gettext_lazy("每年目标"), min_value=1, max_value=10**9, required=False)
    least = forms.IntegerField(label=gettext_lazy("最少"), min_value=1, max_value=10**9, required=False)
    most = forms.IntegerField(label=gettext_lazy("最多"), min_value=1, max_value=10**9, required=False)
    # A choice is bound by it from some number on, a number may not pass it.
    by = forms.ChoiceField(label=gettext_lazy("看哪个数字"), required=False)
    by_from = forms.IntegerField(
        label=gettext_lazy("到多少时只能选第一项"), min_value=1, max_value=10**9, required=False
    )
    alarm = forms.IntegerField(label=gettext_lazy("到期前几天提醒"), min_value=1, max_value=999, required=False)
    required = forms.BooleanField(label=gettext_lazy("必填"), required=False)
    sealed = forms.BooleanField(label=gettext_lazy("加密保存"), required=False)
    counted = forms.BooleanField(label=gettext_lazy("计入统计"), required=False)
    public = forms.BooleanField(label=gettext_lazy("自助申请时问"), required=False, initial=True)

    spans: ClassVar = {
        "label": 4, "kind": 4, "at": 4, "choices": 12, "unit": 3, "least": 3, "most": 3, "target": 3, "by": 6, "by_from": 6, "alarm": 3, "required": 3, "sealed": 3, "counted": 3, "public": 3,
    }  # fmt: skip

    def __init__(
        self, *args: Any, moments: list[tuple[str, Any]], numbers: list[tuple[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].choices = moments  # type: ignore[attr-defined]
        self.fields["by"].choices = [("", gettext_lazy("不看")), *numbers]  # type: ignore[attr-defined]
        if not numbers:
            # A number is there to be looked at once the programme has been saved with it.
            del self.fields["by"], self.fields["by_from"]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("label") and found.get("kind") in (FieldKind.CHOICE, FieldKind.MANY) and not found.get("choices"):
            self.add_error("choices", _("请写选项。"))
        if found.get("counted") and found.get("kind") not in COUNTABLE:
            self.add_error("counted", _("只有数字、金额、单选和是否能计入统计。"))
        if found.get("target") and (not found.get("counted") or found.get("kind") not in NUMBERS):
            self.add_error("target", _("只有计入统计的数字和金额能定目标。"))
        if (found.get("least") or found.get("most")) and found.get("kind") not in NUMBERS:
            self.add_error("most" if found.get("most") else "least", _("只有数字和金额有最少和最多。"))
        if found.get("least") and found.get("most") and found["least"] > found["most"]:
            self.add_error("most", _("最多不能比最少还小。"))
        is_number = found.get("kind") in NUMBERS
        if is_number and found.get("by_from"):
            self.add_error("by_from", _("数字不能多于所看的数字，这里不用写。"))
        elif not is_number and bool(found.get("by")) != bool(found.get("by_from")):
            self.add_error("by_from", _("看哪个数字、到多少，两样一起写。"))
        if found.get("by") and not is_number and found.get("kind") != FieldKind.CHOICE:
            self.add_error("by", _("只有单选和数字能看另一个数字。"))
        if found.get("alarm") and (found.get("kind") != FieldKind.DAY or found.get("sealed")):
            self.add_error("alarm", _("只有不加密的日期能提醒。"))
        return found


class ProgrammeForm(forms.Form):
    """The whole of a programme on one page; what the shape asks stands in the order in which it happens."""

    name = Text(label=gettext_lazy("名称"), max_length=40)
    code = forms.SlugField(
        label=gettext_lazy("代码"), max_length=40, required=False, help_text=gettext_lazy("网址里用；不写就按拼音取。")
    )
    series = Text(
        label=gettext_lazy("编号字头"),
        max_length=3,
        required=False,
        help_text=gettext_lazy("一至三个大写字母，如 HB。"),
    )
    group = Text(label=gettext_lazy("分组"), max_length=20, required=False)
    summary = Text(label=gettext_lazy("简介"), max_length=200, required=False)
    organisation = forms.TypedChoiceField(label=gettext_lazy("主办科室"), coerce=int)
    audit_organisation = forms.TypedChoiceField(
        label=gettext_lazy("经审科室"), coerce=int, empty_value=None, required=False,
        help_text=gettext_lazy("勾了“经审”的要选，由这个科室经审。"),
    )  # fmt: skip
    applicants = forms.MultipleChoiceField(
        label=gettext_lazy("服务对象"), choices=Applicant.choices, widget=forms.CheckboxSelectMultiple
    )
    steps = forms.MultipleChoiceField(
        label=gettext_lazy("采用的步骤"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("没勾的步骤跳过。"),
    )  # fmt: skip
    documents = Lines(label=gettext_lazy("须交材料，一行一种"), longest=60)
    is_public = forms.BooleanField(label=gettext_lazy("开放自助申请"), required=False)
    public_fields = forms.MultipleChoiceField(
        label=gettext_lazy("公开哪些内容"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("公示、公众页面和公开数据里，勾的谁都能看到，没勾的不出现。姓名总是打码，证件、电话、账号从不公开。"),
    )  # fmt: skip
    is_confidential = forms.BooleanField(label=gettext_lazy("对外保密，只有主办科室和区领导能看"), required=False)
    budget_lines = forms.TypedMultipleChoiceField(
        label=gettext_lazy("从哪些预算科目里付"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    keep_years = forms.IntegerField(label=gettext_lazy("保存年限"), min_value=1, max_value=50, initial=5)

    spans: ClassVar = {
        "name": 6,
        "group": 6,
        "organisation": 6,
        "audit_organisation": 6,
        "code": 4,
        "series": 4,
        "keep_years": 4,
    }
    looks: ClassVar = {"applicants": "chips", "steps": "picks", "budget_lines": "chips", "public_fields": "chips"}

    def __init__(
        self, data: QueryDict | None = None, *, district_id: int, shape: str, programme: Programme | None = None
    ) -> None:
        self.kind: ShapeKind = kind_for(shape)
        self.programme, self.district_id = programme, district_id
        super().__init__(data, initial=self._known() if programme else {"applicants": [Applicant.PERSON]})
        self.fields["organisation"].choices = [  # type: ignore[attr-defined]
            (unit.id, unit.short_name or unit.name) for unit in departments(district_id)
        ]
        self._offer_audit()
        self._offer_budgets()
        self._offer_public()
        table = self.kind.table
        spare = [verb for verb in table if verb in self.kind.optional | self.kind.spare]
        self.fields["steps"].choices = [(verb, table[verb].label) for verb in spare]  # type: ignore[attr-defined]
        if programme is not None:
            # An address, a number series and a shape stay what they are while cases refer to them.
            del self.fields["code"], self.fields["series"]
        self._add_names()
        self._add_deciders()
        self._add_terms()
        self._add_limits()
        self.rows = self._rows(data)

    def _offer_audit(self) -> None:
        """Only where the shape knows that step."""
        if AUDIT not in self.kind.table:
            del self.fields["audit_organisation"]
            return
        units = self.fields["organisation"].choices  # type: ignore[attr-defined]
        self.fields["audit_organisation"].choices = [("", PLEASE_CHOOSE), *units]  # type: ignore[attr-defined]
        if self.programme:
            self.initial["audit_organisation"] = self.programme.audit_organisation_id

    def _offer_budgets(self) -> None:
        """The lines of this year and later, and those that it has; only where money is spent."""
        if self.kind.shape not in SPENDING:
            del self.fields["budget_lines"]
            return
        lines = BudgetLine.objects.filter(district=self.district_id, year__gte=timezone.localdate().year)
        own = set(self.programme.budget_lines.values_list("pk", flat=True)) if self.programme else set()
        lines = (lines | BudgetLine.objects.filter(pk__in=own)).distinct()
        self.fields["budget_lines"].choices = [(one.pk, str(one)) for one in lines[:MOST_LINES]]  # type: ignore[attr-defined]
        self.initial["budget_lines"] = sorted(own)
        if not lines:
            del self.fields["budget_lines"]

    def _offer_public(self) -> None:
        """What everybody may read; a shape whose cases nobody outside reads has nothing to choose."""
        offered = self.kind.publishable(self.programme)
        if not offered:
            del self.fields["public_fields"]
            return
        self.fields["public_fields"].choices = offered  # type: ignore[attr-defined]
        known = self.kind.published(self.programme) if self.programme else {key for key, _label in self.kind.public}
        self.initial["public_fields"] = sorted(known)

    def flow(self) -> list[dict[str, Any]]:
        """The steps in the order in which they happen; those that cannot be left out have no box."""
        return [self._step(verb) for verb in self.kind.line]

    def beside(self) -> list[dict[str, Any]]:
        """What may be needed beside the order of the steps."""
        return [self._step(verb) for verb in self.kind.table if verb in self.kind.spare]

    def _step(self, verb: str) -> dict[str, Any]:
        chosen = self["steps"].value() or ()
        open_steps = self.kind.optional | self.kind.spare
        known = self.programme.word("verb", verb, "") if self.programme else ""
        label = known or self.kind.table[verb].label
        return {"verb": verb, "label": label, "is_fixed": verb not in open_steps, "ticked": verb in chosen}

    def deciding(self) -> list[dict[str, Any]]:
        """Of each step who may take it: a box for each relation."""
        found = []
        for name in self.decider_fields:
            bound = self[name]
            ticked = set(bound.value() or ())
            boxes = [{"value": value, "label": label, "ticked": value in ticked} for value, label in DECIDERS]
            found.append({"name": name, "label": bound.label, "boxes": boxes, "id": bound.auto_id})
        return found

    @property
    def deciders(self) -> list[Any]:
        return [label for _value, label in DECIDERS]

    @property
    def groups(self) -> list[str]:
        """Groups that the district has already, to be offered while one types."""
        rows = Programme.objects.filter(district=self.district_id).exclude(group="")
        return sorted(set(rows.values_list("group", flat=True)))

    @property
    def shape_words(self) -> str:
        return str(Shape(self.kind.shape).label)

    def _known(self) -> dict[str, Any]:
        assert self.programme is not None
        programme = self.programme
        names = (
            "name",
            "group",
            "summary",
            "applicants",
            "steps",
            "documents",
            "is_public",
            "is_confidential",
            "keep_years",
        )
        return {**{name: getattr(programme, name) for name in names}, "organisation": programme.organisation_id}

    def _verbs(self) -> list[str]:
        """The steps that the programme takes; who takes them and what they are called is asked once they are known."""
        programme = self.programme
        return [verb for verb in self.kind.table if programme is not None and self.kind.used(programme, verb)]

    def _states(self) -> list[tuple[str, Any]]:
        """The states in which a case of the programme can stand."""
        found = self.kind.stands(self.programme) if self.programme else frozenset()
        return [(state, label) for state, label in self.kind.states.choices if state in found]

    def _add_names(self) -> None:
        known = self.programme.names if self.programme else {}
        self.name_fields = []
        for kind, key, label in (
            *(("state", state, label) for state, label in self._states()),
            *(("verb", verb, self.kind.table[verb].label) for verb in self._verbs()),
        ):
            name = f"name_{kind}_{key}"
            self.fields[name] = Text(label=label, max_length=20, required=False, initial=known.get(f"{kind}:{key}", ""))
            self.name_fields.append(name)

    def _add_deciders(self) -> None:
        known = self.programme.deciders if self.programme else {}
        self.decider_fields = []
        for verb in self._verbs():
            transition, name = self.kind.table[verb], f"who_{verb}"
            self.fields[name] = forms.MultipleChoiceField(
                label=str(transition.label), required=False, choices=DECIDERS, widget=forms.CheckboxSelectMultiple,
                initial=known.get(f"verb:{verb}") or [actor for actor in transition.actors if actor in dict(DECIDERS)],
            )  # fmt: skip
            self.decider_fields.append(name)

    def _add_terms(self) -> None:
        known = self.programme.terms if self.programme else {}
        self.term_fields = []
        for state, label in self._states():
            if state in self.kind.model.END_STATES:
                continue
            length, unit = known.get(state) or (None, Unit.WORKING)
            self.fields[f"term_{state}"] = forms.IntegerField(
                label=label, required=False, min_value=1, max_value=999, initial=length
            )
            self.fields[f"unit_{state}"] = forms.ChoiceField(
                label=_("单位"), required=False, choices=[(Unit.WORKING, _("工作日")), (Unit.NATURAL, _("自然日"))],
                initial=unit,
            )  # fmt: skip
            self.term_fields.append((f"term_{state}", f"unit_{state}"))

    def _add_limits(self) -> None:
        known = self.programme.limits if self.programme else {}
        self.limit_fields = []
        for key, label, unit, default in self.kind.all_limits:
            field = forms.DecimalField(
                label=f"{label}{bracketed(unit)}", required=False, min_value=0, max_digits=12, decimal_places=2,
                initial=known.get(key, default), widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )  # fmt: skip
            self.fields[f"limit_{key}"] = field
            self.limit_fields.append(f"limit_{key}")

    def moments(self) -> list[tuple[str, Any]]:
        return [(AT_BIRTH, _("登记时")), *((verb, transition.label) for verb, transition in self.kind.table.items())]

    def _rows(self, data: QueryDict | None) -> Any:
        known = [
            {**extra.__dict__, "choices": "、".join(extra.choices), **{name: getattr(extra, name) or None for name in WHOLE_OR_NOT}}
            for extra in (self.programme.extras if self.programme else ())
        ]  # fmt: skip
        numbers = [(extra.key, extra.label) for extra in self._numbers()]
        made = formset_factory(ExtraRow, extra=1, max_num=MOST_EXTRAS, absolute_max=MOST_EXTRAS)
        return made(data, prefix="extra", initial=known, form_kwargs={"moments": self.moments(), "numbers": numbers})

    def _numbers(self) -> list[Extra]:
        return [
            one for one in (self.programme.extras if self.programme else ()) if one.kind in NUMBERS and not one.sealed
        ]

    def is_valid(self) -> bool:
        found = super().is_valid()
        if not self.rows.is_valid():
            self.add_error(None, _("有的字段没有写对，见下面标出的地方。"))
            return False
        return found

    def arguments(self) -> dict[str, Any]:
        """The keywords of actions.programmes.save."""
        found, extras = dict(self.cleaned_data), self._extras()
        names = {name.removeprefix("name_").replace("_", ":", 1): found.pop(name) for name in self.name_fields}
        deciders = {f"verb:{name.removeprefix('who_')}": found.pop(name) for name in self.decider_fields}
        usual = {f"verb:{verb}": list(transition.actors) for verb, transition in self.kind.table.items()}
        terms = {}
        for length, unit in self.term_fields:
            days, kind = found.pop(length), found.pop(unit)
            if days:
                terms[length.removeprefix("term_")] = [days, kind or Unit.WORKING]
        limits = {}
        for name in self.limit_fields:
            value = found.pop(name)
            if value is not None:
                limits[name.removeprefix("limit_")] = int(value) if value == value.to_integral_value() else float(value)
        return {
            **found,
            "names": self._kept("names", names) | {key: word for key, word in names.items() if word},
            "deciders": self._kept("deciders", deciders)
            | {key: who for key, who in deciders.items() if who and set(who) != set(usual[key])},
            "terms": self._kept("terms", [length.removeprefix("term_") for length, _unit in self.term_fields]) | terms,
            "limits": limits,
            "fields": write_extras(extras),
            **self._public(found, extras),
        }

    def _public(self, found: dict[str, Any], extras: list[Extra]) -> dict[str, Any]:
        """A field that is gone, or is sealed from now on, is public no longer."""
        if "public_fields" not in found:
            return {}
        open_ones = {key for key, _label in self.kind.public} | {f"{OWN}{one.key}" for one in extras if not one.sealed}
        return {"public_fields": [key for key in found["public_fields"] if key in open_ones]}

    def _kept(self, column: str, asked: Iterable[str]) -> dict[str, Any]:
        """What was said of steps and states that are not asked about now."""
        known: dict[str, Any] = getattr(self.programme, column) if self.programme else {}
        asked = set(asked)
        return {key: value for key, value in known.items() if key not in asked}

    def _extras(self) -> list[Extra]:
        found: dict[str, Extra] = {}
        for row in self.rows.cleaned_data:
            if not row.get("label"):
                continue
            key = row.get("key") or _key(row["label"], found)
            known = next((one for one in (self.programme.extras if self.programme else ()) if one.key == key), None)
            choices = tuple(part.strip() for part in re.split(r"[、,，]", row.get("choices") or "") if part.strip())
            found[key] = Extra(
                key=key, label=row["label"], kind=row.get("kind") or FieldKind.TEXT, at=row.get("at") or AT_BIRTH,
                required=bool(row.get("required")), choices=choices, unit=row.get("unit") or "",
                sealed=bool(row.get("sealed")), counted=bool(row.get("counted")), by=row.get("by") or "",
                **{name: row.get(name) or 0 for name in WHOLE_OR_NOT},
                hint=known.hint if known else "", part_of=known.part_of if known else "", public=bool(row.get("public")),
            )  # fmt: skip
        return list(found.values())


def _key(label: str, taken: dict[str, Extra]) -> str:
    """A key from the sound of the label; a second field of the same sound gets a number."""
    base = re.sub(r"[^a-z0-9]+", "_", pinyin_key(label)[0].replace(" ", "").lower()).strip("_")[:30] or "field"
    if not base[0].isalpha():
        base = f"f_{base}"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key
