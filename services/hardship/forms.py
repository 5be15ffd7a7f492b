"""What is asked about a household, at a review, at an exit, and of a campaign."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.forms import formset_factory
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.reference import towns
from unionops.org.forms.fields import Day, Identity
from unionops.org.models import User

from ..claims.enums import PayWay
from ..claims.forms import People
from ..forms.asking import Money, Text, day, note
from ..models import BudgetLine
from .enums import INCOME, Category, Cause, Exclusion, ExitReason, FileState, Found, Health, ItemKind, Season
from .models import FileQuerySet, HouseholdFile
from .spot_checks import LEAST_SHARE

MOST_ROWS = 20
ALL = gettext_lazy("全部")


class MemberRow(forms.Form):
    """One of the household; a row without a name is nobody."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    name = Text(label=gettext_lazy("姓名"), max_length=50, required=False)
    relation = Text(label=gettext_lazy("与户主关系"), max_length=20, required=False)
    identity = Identity(label=gettext_lazy("身份证号"))
    born_on = Day(label=gettext_lazy("出生日期"), required=False)
    health = forms.ChoiceField(label=gettext_lazy("健康状况"), choices=Health.choices, required=False)
    unit = Text(label=gettext_lazy("单位或学校"), max_length=60, required=False)
    has_authorised = forms.BooleanField(label=gettext_lazy("已签授权"), required=False)
    spans: ClassVar = {
        "name": 3,
        "relation": 3,
        "identity": 6,
        "born_on": 3,
        "health": 3,
        "unit": 4,
        "has_authorised": 2,
    }

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("name") and not found.get("relation"):
            self.add_error("relation", _("请写与户主的关系。"))
        return found


class ItemRow(forms.Form):
    """Income or expenditure of a year; a row without an amount is none."""

    kind = forms.ChoiceField(
        label=gettext_lazy("项目"), required=False,
        choices=[
            (gettext_lazy("收入"), [(kind, kind.label) for kind in ItemKind if kind in INCOME]),
            (gettext_lazy("刚性支出"), [(kind, kind.label) for kind in ItemKind if kind not in INCOME]),
        ],
    )  # fmt: skip
    whose = Text(label=gettext_lazy("谁的"), max_length=50, required=False)
    amount = Money(label=gettext_lazy("一年（元）"))
    evidence = Text(label=gettext_lazy("依据"), max_length=100, required=False)
    spans: ClassVar = {"kind": 3, "whose": 3, "amount": 3, "evidence": 3}


Members = formset_factory(MemberRow, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
Items = formset_factory(ItemRow, extra=2, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


class HouseholdForm(forms.Form):
    """The household on one page: causes, what speaks against it, members, the numbers of a year."""

    main_cause = forms.ChoiceField(label=gettext_lazy("主要致困原因"), choices=Cause.choices)
    housing = Text(label=gettext_lazy("住房"), max_length=60, required=False)
    other_causes = forms.MultipleChoiceField(
        label=gettext_lazy("其他致困原因"), choices=Cause.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    exclusions = forms.MultipleChoiceField(
        label=gettext_lazy("有下面情形的请勾选，有一项就不能建档"), choices=Exclusion.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    accident_cost = Money(
        label=gettext_lazy("突发事件自担支出（元）"), help_text=gettext_lazy("赔偿、保险和救助之后自己承担的。")
    )
    authorised_on = Day(
        label=gettext_lazy("本人签授权的日期"), required=False,
        help_text=gettext_lazy("家庭经济状况核对授权委托书，本人当面签。"),
    )  # fmt: skip
    national_number = Text(label=gettext_lazy("全国帮扶系统编号"), max_length=40, required=False)
    spans: ClassVar = {"main_cause": 6, "housing": 6, "accident_cost": 4, "authorised_on": 4, "national_number": 4}
    looks: ClassVar = {"other_causes": "chips", "exclusions": "picks"}

    def __init__(self, data: QueryDict | None = None, *, file: HouseholdFile) -> None:
        names = ("main_cause", "housing", "other_causes", "exclusions", "authorised_on", "national_number")
        known = {name: getattr(file, name) for name in names}
        super().__init__(data, initial={**known, "accident_cost": file.accident_cost or None})
        # A number that is known is not shown again; an empty field keeps it.
        self.members = Members(
            data, prefix="member",
            initial=[
                {"key": str(one.pk), **{name: getattr(one, name) for name in ("name", "relation", "born_on", "health", "unit", "has_authorised")}}
                for one in file.members.all()
            ],
        )  # fmt: skip
        self.items = Items(
            data, prefix="item",
            initial=[{name: getattr(one, name) for name in ("kind", "whose", "amount", "evidence")} for one in file.items.all()],
        )  # fmt: skip
        for row, one in zip(self.members, file.members.all(), strict=False):
            if one.identity_masked:
                row.fields["identity"].help_text = _("已登记 %(number)s，要改再写。") % {"number": one.identity_masked}

    def is_valid(self) -> bool:
        found = super().is_valid()
        if not self.members.is_valid() or not self.items.is_valid():
            self.add_error(None, _("有的行没有写对，见下面标出的地方。"))
            return False
        return found

    def arguments(self) -> dict[str, Any]:
        facts = {**self.cleaned_data, "accident_cost": self.cleaned_data.get("accident_cost") or 0}
        members = [{**row, "id": row.get("key")} for row in self.members.cleaned_data if row.get("name")]
        items = [row for row in self.items.cleaned_data if row.get("amount") and row.get("kind")]
        return {"facts": facts, "members": members, "items": items}


class ReviewForm(forms.Form):
    visitors = People(
        label=gettext_lazy("入户人员（至少两人）"), max_length=200, help_text=gettext_lazy("姓名之间空一格。")
    )
    note = note(gettext_lazy("这一年的变化"))


class SpotForm(forms.Form):
    visitors = People(
        label=gettext_lazy("入户人员（至少两人）"), max_length=200, help_text=gettext_lazy("姓名之间空一格。")
    )
    result = forms.ChoiceField(label=gettext_lazy("结果"), choices=Found.choices, widget=forms.RadioSelect)
    note = note(gettext_lazy("看到的情况"))


class DrawForm(forms.Form):
    share = forms.IntegerField(
        label=gettext_lazy("比例（%）"), min_value=LEAST_SHARE, max_value=100, initial=LEAST_SHARE,
        help_text=gettext_lazy("不少于在档户数的百分之三十。"),
    )  # fmt: skip


class LeaveForm(forms.Form):
    reason = forms.ChoiceField(label=gettext_lazy("退档原因"), choices=ExitReason.choices, widget=forms.RadioSelect)
    told_on = day(gettext_lazy("告知本人的日期"))
    note = note()


class FileFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("编号、姓名"), max_length=50, required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), choices=[("", ALL), *FileState.choices], required=False)
    category = forms.ChoiceField(label=gettext_lazy("类别"), choices=[("", ALL), *Category.choices], required=False)
    town = forms.ChoiceField(label=gettext_lazy("镇街"), required=False)
    due = forms.ChoiceField(
        label=gettext_lazy("复核"), required=False,
        choices=[("", ALL), ("soon", gettext_lazy("快到复核")), ("over", gettext_lazy("过了复核期"))],
    )  # fmt: skip

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        units = [
            (str(unit.id), unit.short_name or unit.name)
            for district in sorted(user.scope.member_of)
            for unit in towns(district)
        ]
        self.fields["town"].choices = [("", ALL), *units]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def filter(self, files: FileQuerySet) -> FileQuerySet:
        wanted, today = self.wanted, timezone.localdate()
        if text := wanted.get("q", "").strip():
            files = files.filter(number__icontains=text) | files.filter(applicant_name__icontains=text)
        for name in ("state", "category", "town"):
            if value := wanted.get(name):
                files = files.filter(**{name: value})
        match wanted.get("due", ""):
            case "over":
                files = files.overdue(today)
            case "soon":
                files = files.open().filter(
                    deadline__soon_on__lte=today, deadline__due_on__gte=today, deadline__met_on=None
                )
        return files


class CampaignForm(forms.Form):
    name = Text(label=gettext_lazy("名称"), max_length=60)
    season = forms.ChoiceField(
        label=gettext_lazy("类别"), choices=[one for one in Season.choices if one[0] != Season.TEMPORARY],
        widget=forms.RadioSelect,
    )  # fmt: skip
    way = forms.ChoiceField(
        label=gettext_lazy("发放方式"), choices=PayWay.choices, widget=forms.RadioSelect, initial=PayWay.BANK
    )
    amount = Money(label=gettext_lazy("每户金额（元），物资写折价"), required=True)
    goods = Text(label=gettext_lazy("物资"), max_length=100, required=False)
    budget_line = forms.ModelChoiceField(label=gettext_lazy("预算科目"), queryset=BudgetLine.objects.none())
    spans: ClassVar = {"amount": 6, "goods": 6}
    looks: ClassVar = {"season": "chips", "way": "chips"}

    def __init__(self, data: QueryDict | None = None, *, programme: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["budget_line"]
        field.queryset = BudgetLine.objects.filter(
            district=programme.district_id, year=timezone.localdate().year, programmes=programme
        )
        field.label_from_instance = lambda line: _("%(line)s，还剩 %(left)s 元") % {
            "line": line, "left": f"{line.left:,.2f}"
        }  # fmt: skip


class ListForm(forms.Form):
    """Which households go on the list."""

    def __init__(self, data: Any, *, files: Any) -> None:
        super().__init__(data)
        self.fields["picked"] = forms.MultipleChoiceField(
            choices=[(str(file.pk), file.number) for file in files], required=False, label=_("名单")
        )

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("picked"):
            self.add_error(None, _("请先勾选要列入的家庭。"))
        return self.cleaned_data
