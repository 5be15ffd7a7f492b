"""What somebody without an account is asked before coming to an activity, bringing a child, or wishing for a place."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.reference import towns
from unionops.china.identity import Sex as BornAs
from unionops.china.identity import read_identity
from unionops.counter.visitors import Visitor
from unionops.org.forms.fields import Identity, Name, Phone, Text
from unionops.org.models import Organisation

from ..activities.models import Activity
from ..childcare.actions.children import Person
from ..childcare.enums import GRADES, Kin, Sex
from ..forms.asking import PLEASE_CHOOSE
from ..models import Programme

_LONG = forms.Textarea(attrs={"rows": 3})
TAIL = r"^\d{3}[\dXx]$"


class EnrolForm(forms.Form):
    """Made for one activity; the telephone is known already."""

    name = Name(label=gettext_lazy("您的姓名"), error_messages={"required": gettext_lazy("请写您的姓名。")})
    unit = Text(label=gettext_lazy("工作单位"), max_length=100, required=False)
    identity = Identity(
        label=gettext_lazy("身份证号"),
        help_text=gettext_lazy("可以不填。替别人报名要填那个人的，一个手机号才能报几个人。"),
    )
    group = forms.ChoiceField(label=gettext_lazy("优先对象"), required=False)
    note = Text(label=gettext_lazy("想说明的"), max_length=200, required=False)
    agrees = forms.BooleanField(
        label=gettext_lazy("我同意主办单位为这次活动使用我填的内容，以后可以撤回。"),
        error_messages={"required": gettext_lazy("要您同意才能报名。")},
    )

    def __init__(self, data: Any = None, *, activity: Activity) -> None:
        super().__init__(data)
        _offer_groups(self, activity)

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "agrees"}


def _offer_groups(form: forms.Form, activity: Activity) -> None:
    """Who belongs to a group that is asked in first says so; it is checked afterwards."""
    if not activity.priority_groups:
        del form.fields["group"]
        return
    form.fields["group"].choices = [("", _("都不是")), *((one, one) for one in activity.priority_groups)]  # type: ignore[attr-defined]
    form.fields["group"].help_text = _("选了的，审核时要看证明。")


class BringForm(forms.Form):
    """A child with its guardian, who has shown the telephone. Birth and sex stand in the number of the child."""

    # The cards of the page, in their order: (heading, fields).
    PARTS: ClassVar = (
        (gettext_lazy("孩子"), ("name", "identity", "grade", "school", "group", "health")),
        (gettext_lazy("您是孩子的监护人"), ("guardian_name", "guardian_kin", "guardian_tail", "unit")),
        (gettext_lazy("打不通您的电话时找谁"), ("emergency_name", "emergency_kin", "emergency_phone")),
        (gettext_lazy("还有谁可以来接"), ("first_name", "first_kin", "first_phone", "first_tail", "second_name", "second_kin", "second_phone", "second_tail", "may_leave_alone")),
    )  # fmt: skip
    OTHERS: ClassVar = ("first", "second")

    name = Name(label=gettext_lazy("孩子姓名"), error_messages={"required": gettext_lazy("请写孩子的姓名。")})
    identity = Identity(
        label=gettext_lazy("孩子身份证号"), required=True, help_text=gettext_lazy("户口本上有。加密保存，用来防止重复占名额。"),
        error_messages={"required": gettext_lazy("请写孩子的身份证号。")},
    )  # fmt: skip
    grade = forms.TypedChoiceField(
        label=gettext_lazy("年级"), coerce=int, choices=[("", PLEASE_CHOOSE), *GRADES],
        error_messages={"required": gettext_lazy("请选年级。")},
    )  # fmt: skip
    school = Text(label=gettext_lazy("学校"), max_length=60, required=False)
    group = forms.ChoiceField(label=gettext_lazy("优先对象"), required=False)
    health = Text(
        label=gettext_lazy("过敏和健康"), max_length=500, required=False, widget=_LONG,
        help_text=gettext_lazy("老师照看孩子要知道的，比如对牛奶过敏。加密保存，带班老师写明理由才能看。"),
    )  # fmt: skip
    guardian_name = Name(label=gettext_lazy("您的姓名"), error_messages={"required": gettext_lazy("请写您的姓名。")})
    guardian_kin = forms.ChoiceField(
        label=gettext_lazy("您是孩子的"), choices=[("", PLEASE_CHOOSE), *Kin.choices],
        error_messages={"required": gettext_lazy("请选与孩子的关系。")},
    )  # fmt: skip
    guardian_tail = forms.RegexField(
        TAIL, label=gettext_lazy("您的身份证后四位"), required=False, help_text=gettext_lazy("来接的时候核对。"),
        error_messages={"invalid": gettext_lazy("请写后四位，最后一位可以是 X。")},
    )  # fmt: skip
    unit = Text(label=gettext_lazy("您的工作单位"), max_length=100, required=False)
    emergency_name = Name(
        label=gettext_lazy("紧急联系人"), error_messages={"required": gettext_lazy("请写紧急联系人的姓名。")}
    )
    emergency_kin = forms.ChoiceField(
        label=gettext_lazy("紧急联系人是孩子的"), choices=[("", PLEASE_CHOOSE), *Kin.choices],
        error_messages={"required": gettext_lazy("请选与孩子的关系。")},
    )  # fmt: skip
    emergency_phone = Phone(
        label=gettext_lazy("紧急联系人的手机"), required=True, help_text=gettext_lazy("这个人不能接走孩子；要能接，请在下面再写一次。"),
        error_messages={"required": gettext_lazy("请写紧急联系人的手机。")},
    )  # fmt: skip
    may_leave_alone = forms.BooleanField(label=gettext_lazy("我同意孩子放学后自己离开"), required=False)
    agrees = forms.BooleanField(
        label=gettext_lazy("我是孩子的监护人，看过上面的规则，同意为托管收集和使用孩子的这些信息，以后可以撤回。"),
        error_messages={"required": gettext_lazy("没有监护人同意，不能登记孩子的信息。")},
    )
    agrees_health = forms.BooleanField(
        label=gettext_lazy("我另外同意收集孩子的过敏和健康情况，只用来照看孩子。"), required=False
    )

    def __init__(self, data: Any = None, *, activity: Activity, visitor: Visitor) -> None:
        super().__init__(data)
        self.visitor = visitor
        for other in self.OTHERS:
            self._ask_for_other(other)
        _offer_groups(self, activity)

    def _ask_for_other(self, other: str) -> None:
        words = {
            "first": (_("第一位的姓名"), _("第一位是孩子的"), _("第一位的手机"), _("第一位的身份证后四位")),
            "second": (_("第二位的姓名"), _("第二位是孩子的"), _("第二位的手机"), _("第二位的身份证后四位")),
        }[other]
        self.fields[f"{other}_name"] = Name(label=words[0], required=False)
        self.fields[f"{other}_kin"] = forms.ChoiceField(label=words[1], choices=[("", PLEASE_CHOOSE), *Kin.choices], required=False)  # fmt: skip
        self.fields[f"{other}_phone"] = Phone(label=words[2])
        self.fields[f"{other}_tail"] = forms.RegexField(
            TAIL, label=words[3], required=False, error_messages={"invalid": _("请写后四位，最后一位可以是 X。")}
        )

    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(heading, [self[name] for name in names if name in self.fields]) for heading, names in self.PARTS]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        for other in self.OTHERS:
            if found.get(f"{other}_name") and not found.get(f"{other}_kin"):
                self.add_error(f"{other}_kin", _("请选与孩子的关系。"))
        if found.get("health") and not found.get("agrees_health"):
            # Health of a child is agreed to on its own (个人信息保护法 29, 31).
            self.add_error("agrees_health", _("写了健康情况，要您另外同意；不同意就请把它删掉。"))
        return found

    def given(self) -> dict[str, Any]:
        """The keywords of `enrol_child`."""
        found = self.cleaned_data
        born = read_identity(found["identity"])
        guardian = Person(found["guardian_name"], found["guardian_kin"], self.visitor.phone(), found["guardian_tail"])
        others = [
            Person(*(found[f"{other}_{part}"] for part in ("name", "kin", "phone", "tail")))
            for other in self.OTHERS
            if found[f"{other}_name"]
        ]
        return {
            "name": found["name"], "identity": born.number, "birth_on": born.birth_date,
            "sex": Sex.MALE if born.sex == BornAs.MALE else Sex.FEMALE, "grade": found["grade"], "school": found["school"],
            "health": found["health"], "group": found.get("group", ""), "unit": found["unit"], "guardian": guardian,
            "emergency": Person(found["emergency_name"], found["emergency_kin"], found["emergency_phone"]),
            "pick_ups": others, "may_leave_alone": found["may_leave_alone"], "consents": found["agrees"],
        }  # fmt: skip


class WishForm(forms.Form):
    """Where somebody would like a place, and why."""

    address = Text(
        label=gettext_lazy("设在哪里"), max_length=120, help_text=gettext_lazy("写路名、门牌或附近的单位，好去看。"),
        error_messages={"required": gettext_lazy("请写建议的地点。")},
    )  # fmt: skip
    town = forms.TypedChoiceField(label=gettext_lazy("在哪个镇街"), coerce=int, empty_value=None, required=False)
    reason = Text(
        label=gettext_lazy("为什么要设在这里"), max_length=1000, widget=_LONG, error_messages={"required": gettext_lazy("请写理由。")}
    )  # fmt: skip

    def __init__(self, data: Any = None, *, programme: Programme) -> None:
        super().__init__(data)
        units = [(unit.id, unit.short_name or unit.name) for unit in towns(programme.district_id)]
        self.fields["town"].choices = [("", PLEASE_CHOOSE), *units]  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        town = found.pop("town")
        return {**found, "town": Organisation.objects.get(pk=town) if town else None}
