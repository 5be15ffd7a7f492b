"""What the steps of an activity ask, and what is asked beside them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from unionops.org.forms.fields import Day, Identity, Lines, Name, Phone, Text, keep_version
from unionops.org.models import User

from ..forms.asking import PLEASE_CHOOSE, Money, RegisterForm, StepForm, note, paragraph
from ..models import BudgetLine, Programme
from .enums import ActivityVerb as V
from .enums import EnrolmentState, ExpenseKind, Grade
from .models import Activity, Entry, Poll, Speaker, Team
from .queries import by_turn


class PlanFields(forms.Form):
    """The plan of an activity, asked when it begins and when it changes."""

    starts_on = Day(label=gettext_lazy("开始日期"), required=False)
    ends_on = Day(label=gettext_lazy("结束日期"), required=False)
    venue = Text(label=gettext_lazy("地点"), max_length=120, required=False)
    target = Text(label=gettext_lazy("面向"), max_length=120, required=False)
    capacity = forms.IntegerField(
        label=gettext_lazy("名额"),
        min_value=0,
        max_value=100000,
        required=False,
        help_text=gettext_lazy("0 就是不限。"),
    )
    enrol_until = Day(label=gettext_lazy("报名截止"), required=False)
    priority_groups = Lines(label=gettext_lazy("优先对象，一行一类"), longest=40)
    is_checked = forms.BooleanField(label=gettext_lazy("报名要审核"), required=False)
    is_drawn = forms.BooleanField(label=gettext_lazy("抽签录取"), required=False)
    budget = Money(label=gettext_lazy("预算（元）"), required=False)
    budget_line = forms.ModelChoiceField(
        label=gettext_lazy("预算科目"), queryset=BudgetLine.objects.none(), required=False, empty_label=PLEASE_CHOOSE
    )
    team = forms.ModelChoiceField(
        label=gettext_lazy("服务队"), queryset=Team.objects.none(), required=False, empty_label=PLEASE_CHOOSE
    )

    def offer(self, programme: Programme) -> None:
        district = programme.district_id
        lines = BudgetLine.objects.filter(district=district, programmes=programme)
        self.fields["budget_line"].queryset = lines  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.filter(district=district, ended_at=None)  # type: ignore[attr-defined]

    def check_days(self) -> None:
        found = self.cleaned_data
        if found.get("starts_on") and found.get("ends_on") and found["ends_on"] < found["starts_on"]:
            self.add_error("ends_on", _("结束日期不能早于开始日期。"))
        for name in ("capacity", "budget"):
            found[name] = found.get(name) or 0


PLAN_SPANS = {
    "starts_on": 4, "ends_on": 4, "enrol_until": 4, "venue": 6, "target": 6, "capacity": 4, "budget": 4, "budget_line": 4,
    "team": 4, "is_checked": 4, "is_drawn": 4,
}  # fmt: skip


class ActivityRegisterForm(PlanFields, RegisterForm):
    title = Text(label=pgettext_lazy("活动", "名称"), max_length=100)

    spans: ClassVar = {**RegisterForm.spans, **PLAN_SPANS}
    field_order = (
        "title",
        "applicant_kind",
        "applicant_name",
        "town",
        "starts_on",
        "ends_on",
        "enrol_until",
        "venue",
        "target",
    )

    def fill(self) -> None:
        self.offer(self.programme)
        # Who holds it is a union; people come in later, one by one.
        for name in ("identity", "phone", "enterprise_name"):
            self.fields.pop(name, None)
        organiser = self.fields["applicant_name"]
        organiser.label, organiser.required = _("主办单位"), True
        organiser.initial = self.programme.organisation.name
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        self.check_days()
        return super().clean()


class NoteForm(StepForm):
    note = note()


class ReasonForm(StepForm):
    reason = paragraph(gettext_lazy("理由"))


class FinishForm(StepForm):
    people_served = forms.IntegerField(
        label=gettext_lazy("服务人数"), required=False, min_value=0, max_value=10**7,
        help_text=gettext_lazy("不写就按签到数计。"),
    )  # fmt: skip
    note = note()


FORMS: dict[str, type[StepForm]] = {
    **dict.fromkeys((V.APPROVE, V.PUBLISH, V.START, V.ACCOUNT, V.ARCHIVE), NoteForm),
    V.FINISH: FinishForm,
    V.CANCEL: ReasonForm,
}


# --- beside the steps


class DoForm(forms.Form):
    """Asks for one thing beside the steps; ``item`` is what it is about, if it is about one."""

    # The column width (of 12) of each field that is not whole, how choices are drawn, and a page to read before.
    spans: ClassVar[dict[str, int]] = {}
    looks: ClassVar[dict[str, str]] = {}
    link: ClassVar[str] = ""
    link_words: ClassVar[Any] = ""

    def __init__(
        self, data: QueryDict | None = None, *, case: Activity, user: User, item: Any = None, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.case, self.user, self.item = case, user, item
        self.fill()

    def fill(self) -> None:
        """Give fields the choices of this case."""

    def arguments(self) -> dict[str, Any]:
        """The keywords of the action, once the form is valid."""
        return dict(self.cleaned_data)

    def choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = [("", PLEASE_CHOOSE), *choices]  # type: ignore[attr-defined]


class PlanForm(PlanFields, DoForm):
    spans: ClassVar = PLAN_SPANS

    def __init__(self, data: QueryDict | None = None, *, case: Activity, **options: Any) -> None:
        known = {name: getattr(case, name) for name in self.base_fields}
        super().__init__(data, case=case, **{**options, "initial": known})

    def fill(self) -> None:
        self.offer(self.case.programme)
        keep_version(self, self.case.version)

    def clean(self) -> dict[str, Any]:
        self.check_days()
        return self.cleaned_data


class EnrolForm(DoForm):
    name = Name()
    phone = Phone(label=gettext_lazy("手机"))
    identity = Identity(label=gettext_lazy("身份证号"))
    unit = Text(label=gettext_lazy("单位"), max_length=100, required=False)
    group = forms.ChoiceField(label=gettext_lazy("优先对象"), required=False)
    note = Text(label=gettext_lazy("备注"), max_length=200, required=False)

    def fill(self) -> None:
        self.choose("group", [(group, group) for group in self.case.priority_groups])
        if not self.case.priority_groups:
            del self.fields["group"]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if not found.get("phone") and not found.get("identity") and not self.errors:
            self.add_error("phone", _("请写手机或身份证号，好认出是同一个人。"))
        return found


class NothingForm(DoForm):
    """Nothing is asked; whether to do it is."""


class WhyForm(DoForm):
    reason = Text(label=gettext_lazy("理由"), max_length=200)


class SpeakerChoice(forms.ModelChoiceField):
    """Whose turn it is stands first."""

    def label_from_instance(self, one: Speaker) -> str:
        return _("%(name)s（今年 %(n)d 场）") % {"name": one, "n": one.talks}  # type: ignore[attr-defined]


class SessionForm(DoForm):
    held_on = Day(label=gettext_lazy("日期"))
    starts_at = forms.TimeField(label=gettext_lazy("开始"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends_at = forms.TimeField(label=gettext_lazy("结束"), widget=forms.TimeInput(attrs={"type": "time"}))
    place = Text(label=gettext_lazy("地点"), max_length=120, required=False)
    topic = Text(label=gettext_lazy("内容"), max_length=120, required=False)
    speaker = SpeakerChoice(
        label=gettext_lazy("宣讲员"), queryset=Speaker.objects.none(), required=False, empty_label=PLEASE_CHOOSE,
        help_text=gettext_lazy("轮值：今年讲得少的排在前面。"),
    )  # fmt: skip

    def fill(self) -> None:
        self.fields["speaker"].queryset = by_turn(self.case.district_id)  # type: ignore[attr-defined]
        self.fields["held_on"].initial = self.case.starts_on
        self.fields["place"].initial = self.case.venue

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("starts_at") and found.get("ends_at") and found["ends_at"] <= found["starts_at"]:
            self.add_error("ends_at", _("结束时间要晚于开始时间。"))
        return found


class HeadsForm(DoForm):
    heads = forms.IntegerField(label=gettext_lazy("到场人数"), min_value=0, max_value=100000)


class SeriesForm(DoForm):
    starts_on = Day(label=gettext_lazy("新一期的开始日期"))


class GoodsForm(DoForm):
    name = Text(label=gettext_lazy("物品"), max_length=60)
    quantity = forms.IntegerField(label=gettext_lazy("数量"), min_value=1, max_value=100000)
    worth = Money(label=gettext_lazy("单价（元）"), required=False)

    def clean_worth(self) -> Any:
        return self.cleaned_data.get("worth") or 0


class HandOutForm(DoForm):
    who = forms.IntegerField(label=gettext_lazy("报名序号"), min_value=1, help_text=gettext_lazy("名单第一列的号。"))


class ExpenseForm(DoForm):
    kind = forms.ChoiceField(label=gettext_lazy("支出科目"), choices=[("", PLEASE_CHOOSE), *ExpenseKind.choices])
    what = Text(label=gettext_lazy("用途"), max_length=120)
    payee = Text(label=gettext_lazy("收款方"), max_length=100)
    amount = Money(label=gettext_lazy("金额（元）"))
    paid_on = Day(label=gettext_lazy("支付日期"))
    budget_line = forms.ModelChoiceField(
        label=gettext_lazy("预算科目"), queryset=BudgetLine.objects.none(), empty_label=PLEASE_CHOOSE
    )

    def fill(self) -> None:
        lines = BudgetLine.objects.filter(district=self.case.district_id, programmes=self.case.programme)
        self.fields["budget_line"].queryset = lines  # type: ignore[attr-defined]
        self.fields["budget_line"].initial = self.case.budget_line_id


class RateForm(DoForm):
    score = forms.TypedChoiceField(
        label=gettext_lazy("评分"), coerce=int, choices=[(n, n) for n in (5, 4, 3, 2, 1)], widget=forms.RadioSelect
    )
    words = Text(label=gettext_lazy("意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    anonymous = forms.BooleanField(label=gettext_lazy("不记名"), required=False, initial=True)


class PollForm(DoForm):
    members = Lines(label=gettext_lazy("有表决权的会员，一行一人"), most=5000, longest=50, required=True)
    items = Lines(
        label=gettext_lazy("测评项目，一行一项"), most=20, longest=60, help_text=gettext_lazy("不写就用评家的七项。")
    )
    quorum = forms.IntegerField(label=gettext_lazy("有效回收率（%）"), min_value=1, max_value=100, initial=50)


class EntryForm(DoForm):
    name = Text(label=gettext_lazy("选手或队伍"), max_length=60)
    unit = Text(label=gettext_lazy("单位"), max_length=100, required=False)
    event = Text(label=gettext_lazy("项目"), max_length=60, required=False)


class ScoreForm(DoForm):
    entry = forms.ModelChoiceField(
        label=gettext_lazy("选手或队伍"), queryset=Entry.objects.none(), empty_label=PLEASE_CHOOSE
    )
    judge = Text(label=gettext_lazy("评委"), max_length=50)
    points = forms.DecimalField(label=gettext_lazy("得分"), min_value=0, max_value=1000, max_digits=7, decimal_places=3)

    def fill(self) -> None:
        self.fields["entry"].queryset = self.case.entries.all()  # type: ignore[attr-defined]


class EnrolmentFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("姓名、单位"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False, choices=[("", gettext_lazy("全部")), *EnrolmentState.choices]
    )


class TeamForm(forms.Form):
    name = Text(label=gettext_lazy("队名"), max_length=60)
    trade = Text(label=gettext_lazy("工种"), max_length=20, required=False)
    leader = Name(label=gettext_lazy("队长"))
    liaison = Text(label=gettext_lazy("联络员"), max_length=100, required=False)
    members = Lines(label=gettext_lazy("队员，一行一人"), most=300, longest=50)
    quota = forms.IntegerField(label=gettext_lazy("每年场次"), min_value=1, max_value=365, initial=10)

    def __init__(self, data: QueryDict | None = None, *, team: Team | None = None) -> None:
        super().__init__(data, initial={name: getattr(team, name) for name in Team.SEEN} if team else None)
        if team:
            keep_version(self, team.version)


class SpeakerForm(forms.Form):
    name = Name()
    unit = Text(label=gettext_lazy("单位"), max_length=100, required=False)
    topics = Text(label=gettext_lazy("能讲的题目"), max_length=200, required=False)


# --- doors without an account


class CheckInForm(forms.Form):
    name = Name()
    phone = Phone(label=gettext_lazy("手机"), required=True)


class BallotForm(forms.Form):
    code = Text(label=gettext_lazy("票号"), max_length=20)

    def __init__(self, data: QueryDict | None = None, *, poll: Poll) -> None:
        super().__init__(data)
        for at, item in enumerate(poll.items):
            self.fields[f"item_{at}"] = forms.ChoiceField(label=item, choices=Grade.choices, widget=forms.RadioSelect)
        self.fields["comment"] = Text(
            label=_("意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("可以不写。截止以后才给计票的人看，不带姓名、票号和时间；请不要写自己的姓名。"),
        )  # fmt: skip

    def grades(self) -> dict[int, str]:
        return {int(name[5:]): value for name, value in self.cleaned_data.items() if name.startswith("item_")}
