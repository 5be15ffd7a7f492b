"""What the clock, the elements form and the calculators ask for: shape and wording, the rules are the law's."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unionops.org.forms.fields import Day, Text
from visits.forms.steps import Money, paragraph

from ..enums import ContractState, LimitationKind, Side
from ..models import Dispute, Elements, Party

CHOOSE = ("", _("请选择"))


def count(label: str | Promise, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        **{"label": label, "required": False, "min_value": 0, "max_digits": 8, "decimal_places": 2, "localize": False,
           "widget": forms.TextInput(attrs={"inputmode": "decimal"}), **options}
    )  # fmt: skip


def whole(label: str | Promise, most: int, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        **{"label": label, "required": False, "min_value": 0, "max_value": most, "localize": False,
           "widget": forms.TextInput(attrs={"inputmode": "numeric"}), **options}
    )  # fmt: skip


class DatesForm(forms.Form):
    """The two days from which the year may run."""

    known_on = Day(label=_("知道权利受侵害之日"), required=False)
    employment_ended_on = Day(label=_("劳动关系终止之日"), required=False)

    def clean(self) -> dict[str, Any]:
        for name in ("known_on", "employment_ended_on"):
            day = self.cleaned_data.get(name)
            if day is not None and day > timezone.localdate():
                self.add_error(name, _("日期不能晚于今天。"))
        return self.cleaned_data


class EventForm(forms.Form):
    """What interrupted or suspended the year, and its proof."""

    kind = forms.ChoiceField(label=_("发生了什么"), choices=[CHOOSE, *LimitationKind.choices])
    on = Day(label=_("发生日期"))
    note = Text(label=_("说明"), max_length=200, required=False)
    proof = forms.FileField(
        label=_("证据"), required=False, help_text=_("送达凭证、回执、聊天记录等；没有证据的，时效按较早的日期提醒。")
    )


class ProofForm(forms.Form):
    proof = forms.FileField(label=_("证据"))


class ElementsForm(forms.Form):
    groups: ClassVar = (
        (_("劳动关系"), (("started_on", 3), ("ended_on", 3), ("post", 3), ("contract", 3))),
        (_("工资、考勤和社保"), (("monthly_pay", 4), ("pay_structure", 8), ("attendance", 6), ("insurance", 6))),
        (_("争议"), (("agreed_facts", 6), ("focus", 6))),
    )
    started_on = Day(label=_("入职日期"), required=False)
    ended_on = Day(label=_("离职日期"), required=False)
    post = Text(label=_("岗位"), max_length=60, required=False)
    contract = forms.ChoiceField(label=_("劳动合同"), choices=[CHOOSE, *ContractState.choices], required=False)
    monthly_pay = Money(label=_("月工资（元）"))
    pay_structure = paragraph(_("工资构成和发放"), required=False)
    attendance = paragraph(_("考勤和工时"), required=False)
    insurance = paragraph(_("社会保险"), 500, required=False)
    agreed_facts = paragraph(_("双方没有争议的事实"), 3000, required=False)
    focus = paragraph(_("争议焦点"), 3000, required=False)


class TakeOverForm(forms.Form):
    party = forms.ModelChoiceField(label=_("写入哪位申请人的请求"), queryset=Party.objects.none())

    def __init__(self, *args: Any, dispute: Dispute, **options: Any) -> None:
        super().__init__(*args, **options)
        applicants = dispute.parties.filter(side=Side.APPLICANT, valid_to=None)
        self.fields["party"].queryset = applicants  # type: ignore[attr-defined]
        self.fields["party"].empty_label = None  # type: ignore[attr-defined]


class CalculatorForm(forms.Form):
    """The arguments of one calculator; what is left empty is not passed on, so that the law's own default holds."""

    spans: ClassVar[dict[str, int]] = {}

    def asked(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value is not None and value != ""}

    @classmethod
    def known(cls, elements: Elements | None) -> dict[str, Any]:
        """What the elements form already says, for the fields of this calculator."""
        if elements is None:
            return {}
        pay = elements.monthly_pay
        known = {
            "started_on": elements.started_on, "ended_on": elements.ended_on, "worked_until": elements.ended_on,
            "monthly_pay": pay, "average_pay": pay, "own_pay": pay, "last_month_pay": pay,
        }  # fmt: skip
        return {name: value for name, value in known.items() if name in cls.base_fields and value is not None}


class WageArrearsForm(CalculatorForm):
    monthly_pay = Money(label=_("月工资（元）"), required=True)
    months = count(_("拖欠几个整月"), required=True)
    days = count(_("不满整月的工作日天数"))
    paid = Money(label=_("其中已付（元）"))


class OvertimeForm(CalculatorForm):
    monthly_pay = Money(label=_("加班费基数，月工资（元）"), required=True)
    workday_hours = count(_("工作日加班小时"))
    rest_day_hours = count(_("休息日加班小时（没有补休）"))
    holiday_hours = count(_("法定休假日加班小时"))
    paid = Money(label=_("其中已付（元）"))

    def clean(self) -> dict[str, Any]:
        hours = ("workday_hours", "rest_day_hours", "holiday_hours")
        if not any(self.cleaned_data.get(name) or name in self.errors for name in hours):
            self.add_error("workday_hours", _("请至少写一种加班的小时数。"))
        return self.cleaned_data


class SeveranceForm(CalculatorForm):
    started_on = Day(label=_("入职日期"))
    ended_on = Day(label=_("最后工作日"))
    average_pay = Money(label=_("离职前十二个月平均工资（元）"), required=True)
    local_average_pay = Money(label=_("当地上年度职工月平均工资（元）"))
    minimum_wage = Money(label=_("当地月最低工资标准（元）"))


class DoublePayForm(CalculatorForm):
    started_on = Day(label=_("入职日期"))
    worked_until = Day(label=_("最后工作日，或算到哪天"))
    monthly_pay = Money(label=_("月工资（元）"), required=True)
    contract_on = Day(label=_("补签合同的日期"), required=False)


class LeaveForm(CalculatorForm):
    monthly_pay = Money(label=_("前十二个月平均工资，不含加班费（元）"), required=True)
    worked_years = whole(_("累计工作几年"), 60, required=True)
    taken = count(_("已休天数"))
    days_of_year = whole(_("当年在本单位的日历天数"), 366)
    agreed_days = whole(_("合同约定的年休假天数"), 60)


class MaternityForm(CalculatorForm):
    insured = forms.TypedChoiceField(
        label=_("生育保险"), choices=[("1", _("参加了")), ("0", _("没有参加"))], coerce=lambda value: value == "1",
        widget=forms.RadioSelect, initial="1",
    )  # fmt: skip
    unit_average_pay = Money(label=_("用人单位上年度职工月平均工资（元）"))
    own_pay = Money(label=_("产假前的月工资（元）"))
    difficult = forms.BooleanField(label=_("难产"), required=False)
    children = whole(_("生育几个孩子"), 9, initial=1)
    further_days = whole(_("省里增加的产假天数"), 200)
    paid = Money(label=_("其中已付（元）"))


class NoticeForm(CalculatorForm):
    last_month_pay = Money(label=_("解除前上一个月的工资（元）"), required=True)


class MinimumWageForm(CalculatorForm):
    standard = Money(label=_("当地月最低工资标准（元）"), required=True)
    paid_monthly = Money(label=_("每月实发（元）"), required=True)
    extras = Money(label=_("其中加班费、津贴和补贴（元）"))
    months = count(_("几个月"), required=True)


class AdditionForm(CalculatorForm):
    arrears = Money(label=_("责令支付而逾期未付的金额（元）"), required=True)
    percentage = whole(
        _("加付比例（%）"), 100, required=True, min_value=50, help_text=_("由劳动行政部门在 50% 到 100% 之间定。")
    )


class HeatForm(CalculatorForm):
    monthly_standard = Money(label=_("本省高温津贴月标准（元）"), required=True)
    months = count(_("高温天气作业几个月"), required=True)
    paid = Money(label=_("其中已付（元）"))


CALCULATOR_FORMS: dict[str, type[CalculatorForm]] = {
    "wage_arrears": WageArrearsForm,
    "minimum_wage": MinimumWageForm,
    "overtime": OvertimeForm,
    "severance": SeveranceForm,
    "unlawful_dismissal": SeveranceForm,
    "double_pay": DoublePayForm,
    "unused_leave": LeaveForm,
    "maternity_allowance": MaternityForm,
    "notice_pay": NoticeForm,
    "heat_allowance": HeatForm,
    "arrears_addition": AdditionForm,
}
