"""Forms of what is done around an issue without moving it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.casework.enums import Satisfaction, SupervisionKind, Urgency, Way
from unionops.org.forms.fields import Day, Name, Phone, Text
from unionops.org.models import Posting, User

from ..actions.care import CORRECTABLE
from ..enums import ClaimantKind
from ..models import Category, Issue
from ..queries import category_words
from .steps import StepForm, paragraph


class NoteForm(StepForm):
    submit = _("记进展")
    text = paragraph(_("进展"), 500)


class UrgencyForm(StepForm):
    submit = _("调整")
    after = _("正在走的期限按新的时限从头算")
    looks: ClassVar = {"urgency": "segments"}
    urgency = forms.TypedChoiceField(label=_("轻重缓急"), choices=Urgency.choices, coerce=int, widget=forms.RadioSelect)
    reason = Text(label=_("理由"), max_length=1000)

    def suggested(self, issue: Issue) -> dict[str, Any]:
        return {"urgency": issue.urgency}


class ExtendForm(StepForm):
    submit = _("同意延期")
    spans: ClassVar = {"days": 3, "reason": 9}
    days = forms.IntegerField(label=_("延长几天"), min_value=1, max_value=60)
    reason = Text(label=_("理由"), max_length=1000)


class AssignForm(StepForm):
    submit = _("指定经办人")
    handler = forms.ModelChoiceField(label=_("经办人"), queryset=User.objects.none(), empty_label=_("请选择"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        posted = Posting.objects.on(timezone.localdate()).filter(organisation=self.issue.lead_department_id)
        self.fields["handler"].queryset = User.objects.filter(is_active=True, pk__in=posted.values("user"))  # type: ignore[attr-defined]


class SuperviseForm(StepForm):
    submit = _("发出")
    spans: ClassVar = {"answer_due_on": 4}
    looks: ClassVar = {"sort": "segments"}
    sort = forms.ChoiceField(
        label=_("类别"), choices=SupervisionKind.choices, widget=forms.RadioSelect, initial=SupervisionKind.REMIND
    )
    text = paragraph(_("要求"), 500)
    answer_due_on = Day(label=_("限期答复（督办必填）"), required=False)


class AnswerSupervisionForm(StepForm):
    submit = _("答复督办")
    answer = paragraph(_("答复"), 500)


class AttemptForm(StepForm):
    submit = _("登记未联系上")
    note = Text(label=_("说明"), max_length=300, required=False)


class ReplyForm(StepForm):
    submit = _("登记答复")
    spans: ClassVar = {"replied_on": 4}
    reply = paragraph(_("对方答复"), 2000)
    replied_on = Day(label=_("答复日期"))

    def suggested(self, issue: Issue) -> dict[str, Any]:
        return {"replied_on": timezone.localdate()}


class CompleteTaskForm(StepForm):
    submit = _("销号")
    note = Text(label=_("完成情况"), max_length=300, required=False)


class LinkForm(StepForm):
    submit = _("关联")
    other = Text(label=_("另一件的编号"), max_length=20)

    def clean_other(self) -> Issue:
        number = self.cleaned_data["other"].strip().upper()
        found = Issue.objects.visible_to(self.user).filter(district=self.issue.district_id, number=number).first()
        if found is None:
            raise forms.ValidationError(_("没有编号为 %(number)s 的诉求。"), params={"number": number})
        return found


class SampleForm(StepForm):
    submit = _("记下抽查结果")
    looks: ClassVar = {"way": "segments", "resolved": "segments", "satisfaction": "segments"}
    way = forms.ChoiceField(label=_("抽查方式"), choices=Way.choices, widget=forms.RadioSelect, initial=Way.PHONE)
    resolved = forms.TypedChoiceField(
        label=_("问题解决了吗"), choices=[("1", _("解决了")), ("0", _("没有解决"))], widget=forms.RadioSelect,
        coerce=lambda value: value == "1",
    )  # fmt: skip
    satisfaction = forms.ChoiceField(
        label=_("反映人评价"), choices=Satisfaction.choices, widget=forms.RadioSelect, required=False
    )
    note = paragraph(_("记录"), 2000, required=False)


class RevealForm(StepForm):
    submit = _("查看")
    reason = Text(label=_("理由"), max_length=200)


class RemoveFileForm(StepForm):
    submit = _("移除")
    reason = Text(label=_("理由"), max_length=200)


def category_choices(current: Category | None = None) -> list[tuple[str, Any]]:
    """Second-level categories under their first level, as the office ordered them."""
    rows = (
        Category.objects.filter(is_active=True).order_by("position", "pk").values_list("pk", "parent", category_words())
    )
    children: dict[int | None, list[tuple[int, str]]] = {}
    for pk, parent, name in rows:
        children.setdefault(parent, []).append((pk, name))
    return [("", _("请选择")), *((name, children.get(pk) or [(pk, name)]) for pk, name in children.get(None, []))]


class CorrectForm(StepForm):
    """The facts. A masked name or number is never sent back: left empty it stays, an anonymous claimant has none."""

    submit = _("保存更正")
    after = _("改动会记入经过")
    spans: ClassVar = {
        "category": 6, "claimant_kind": 6, "claimant_name": 4, "claimant_phone": 4, "claimant_count": 4,
        "new_employment": 4, "is_sensitive": 4, "hide_from_firm": 4,
    }  # fmt: skip
    title = Text(label=_("标题"), max_length=120)
    category = forms.ModelChoiceField(label=_("类别"), queryset=Category.objects.filter(is_active=True))
    claimant_kind = forms.ChoiceField(label=_("反映人类别"), choices=ClaimantKind.choices)
    claimant_name = Name(label=_("反映人姓名"), required=False)
    claimant_phone = Phone(label=_("反映人电话"))
    claimant_count = forms.IntegerField(label=_("涉及人数"), min_value=1, max_value=100_000)
    demand = paragraph(_("诉求"), 2000, 2, required=False)
    description = paragraph(_("情况"), 5000, 4, required=False)
    new_employment = forms.BooleanField(label=_("新就业形态"), required=False)
    is_sensitive = forms.BooleanField(label=_("敏感"), required=False)
    hide_from_firm = forms.BooleanField(label=_("反映人对企业保密"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"].choices = category_choices()  # type: ignore[attr-defined]
        for name in ("claimant_name", "claimant_phone"):
            if masked := getattr(self.issue, f"{name}_masked"):
                self.fields[name].help_text = _("现为 %(masked)s，不改就空着。") % {"masked": masked}

    def suggested(self, issue: Issue) -> dict[str, Any]:
        return {name: getattr(issue, name) for name in CORRECTABLE if name in self.base_fields} | {
            "category": issue.category_id
        }

    def arguments(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        numbers = {name: found.pop(name) or None for name in ("claimant_name", "claimant_phone")}
        return {"fields": found, **numbers}
