"""What a worker may claim, computed line by line so that both sides can check it by hand.

Rates of a place and a year (minimum wage, average pay, heat standard) are arguments. Amounts are yuan, half up to the fen
at the end of each line. A calculator says what the rule gives, not what a tribunal will find.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.china.calendar import ONE_DAY, WorkingDays, workdays_between
from unionops.china.errors import InvalidValue

from .arithmetic import Line, Quantity, Unit, line, number, percent, total, yuan
from .articles import Article, Law
from .money import check_amount
from .months import length_of, months_later, whole_months

ZERO = Decimal(0)
# 人社部发〔2025〕2号: paid days of a month; the notice of 2008 had the same number.
PAID_DAYS = number("21.75")
# 21.75 days of 8 hours.
PAID_HOURS = number(174)
ADDITION_PERCENT = (50, 100)
CAP_YEARS = 12
CAP_TIMES = 3
DOUBLE_PAY_MONTHS = 12
MATERNITY_DAYS, DIFFICULT_DAYS, FURTHER_CHILD_DAYS = 98, 15, 15
EARLY_MISCARRIAGE_DAYS, LATE_MISCARRIAGE_DAYS, LATE_MISCARRIAGE_MONTH = 15, 42, 4
# Fund and employer reckon a day of maternity leave as a thirtieth of the month.
DAYS_OF_MONTH = number(30)
DAYS_OF_YEAR = number(365)
LONGEST_YEAR = 366
LABOUR_CONTRACT_LAW_FROM = datetime.date(2008, 1, 1)


class Payer(TextChoices):
    EMPLOYER = "employer", gettext_lazy("用人单位")
    FUND = "fund", gettext_lazy("生育保险基金")


@dataclass(frozen=True, slots=True)
class ClaimSum:
    """The amount that is still to be paid, never below zero, with the lines that lead to it and what to bear in mind."""

    amount: Decimal
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    payer: Payer = Payer.EMPLOYER
    # A working day on the way lies in a year whose holidays are not announced yet.
    provisional: bool = False


@dataclass(slots=True)
class _Sheet:
    """The lines of a claim while it is computed."""

    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(
        self, words: str, quantity: Quantity, article: Article | None = None, *, unit: Unit = Unit.YUAN
    ) -> Quantity:
        """Write a line; what is returned is its printed result."""
        self.lines.append(line(words, quantity, article, unit=unit))
        return self.lines[-1].carried

    def less_paid(self, due: Quantity, paid: Decimal) -> None:
        if paid:
            self.add(_("减去已付"), due - yuan(paid))

    def claim(self, payer: Payer = Payer.EMPLOYER, *, provisional: bool = False) -> ClaimSum:
        """The last line is what is left to pay."""
        amount = self.lines[-1].result if self.lines else ZERO
        if amount < 0:
            self.notes.append(_("已付的超过应付的，没有差额。"))
        return ClaimSum(max(amount, ZERO), tuple(self.lines), tuple(self.notes), payer, provisional)


def wage_arrears(*, monthly_pay: Decimal, months: Decimal, days: Decimal = ZERO, paid: Decimal = ZERO) -> ClaimSum:
    """Months and days of work at the agreed pay, less what was paid (劳动法 50, 劳动合同法 30; a day is pay ÷ 21.75)."""
    check_amount(monthly_pay, paid)
    _check_numbers(months, days)
    sheet, article = _Sheet(), Article(Law.CONTRACT, 30)
    due = []
    if months or not days:
        due.append(sheet.add(_("按月应发工资"), yuan(monthly_pay) * number(months), article))
    if days:
        due.append(
            sheet.add(_("不满整月的天数应发工资"), yuan(monthly_pay) / PAID_DAYS * number(days), Article(Law.PAY_DAYS))
        )
    sheet.less_paid(_sum(sheet, due), paid)
    return sheet.claim()


def minimum_wage_gap(*, standard: Decimal, paid_monthly: Decimal, months: Decimal, extras: Decimal = ZERO) -> ClaimSum:
    """What each month's pay lacks of the local minimum wage, without what the minimum does not count (劳动法 48, 最低工资规定 12).

    ``extras`` are pay for longer hours, allowances for heat, shifts and the like, and what the law gives as welfare.
    """
    check_amount(standard, paid_monthly, extras)
    _check_numbers(months)
    if extras > paid_monthly:
        raise InvalidValue("out_of_range", _("加班费、津贴和补贴不能多于实发。"))
    sheet, article = _Sheet(), Article(Law.MINIMUM_WAGE, 12)
    counted = yuan(paid_monthly)
    if extras:
        counted = sheet.add(_("剔除加班费、津贴和补贴的月工资"), counted - yuan(extras), article)
    if counted.value >= Fraction(standard):
        sheet.notes.append(_("月工资不低于当地最低工资标准，没有差额。"))
        sheet.lines.clear()
        return sheet.claim()
    lacking = sheet.add(_("每月低于最低工资标准"), yuan(standard) - counted, Article(Law.LABOUR, 48))
    sheet.add(_("最低工资差额"), lacking * number(months), article)
    return sheet.claim()


def arrears_addition(*, arrears: Decimal, percentage: int) -> ClaimSum:
    """50 to 100 per cent more when the employer did not pay by the day the labour bureau ordered (劳动合同法 85)."""
    check_amount(arrears)
    low, high = ADDITION_PERCENT
    if not low <= percentage <= high:
        reason = _("加付赔偿金的比例在 %(low)s%% 到 %(high)s%% 之间。") % {"low": low, "high": high}
        raise InvalidValue("out_of_range", reason)
    sheet = _Sheet(notes=[_("劳动行政部门责令限期支付，逾期仍不支付的才加付。")])
    sheet.add(_("逾期不付的加付赔偿金"), yuan(arrears) * percent(percentage), Article(Law.CONTRACT, 85))
    return sheet.claim()


def overtime(
    *,
    monthly_pay: Decimal,
    workday_hours: Decimal = ZERO,
    rest_day_hours: Decimal = ZERO,
    holiday_hours: Decimal = ZERO,
    paid: Decimal = ZERO,
) -> ClaimSum:
    """150, 200 and 300 per cent of the hour's pay, which is the month's ÷ 174 (劳动法 44, 人社部发〔2025〕2号).

    Rest-day hours are those for which no other day off was given.
    """
    check_amount(monthly_pay, paid)
    _check_numbers(workday_hours, rest_day_hours, holiday_hours)
    sheet = _Sheet()
    parts = (
        (_("工作日延长工作时间"), workday_hours, 150, 1),
        (_("休息日工作，没有安排补休"), rest_day_hours, 200, 2),
        (_("法定休假日工作"), holiday_hours, 300, 3),
    )
    due = [
        sheet.add(words, yuan(monthly_pay) / PAID_HOURS * number(hours) * percent(rate), Article(Law.LABOUR, 44, item))
        for words, hours, rate, item in parts
        if hours
    ]
    if due:
        sheet.less_paid(_sum(sheet, due), paid)
    return sheet.claim()


def severance(
    *,
    started_on: datetime.date,
    ended_on: datetime.date,
    average_pay: Decimal,
    local_average_pay: Decimal | None = None,
    minimum_wage: Decimal | None = None,
) -> ClaimSum:
    """N: a month's pay for each year, a rest of six months or more a year, less than six months half (劳动合同法 47).

    - ``average_pay``: of the 12 months before the end, all that was due (实施条例 27); below the local minimum wage that counts;
    - above three times the local average pay: that cap, and 12 years at most;
    - ``ended_on`` is the last day of the employment.
    """
    sheet = _severance(started_on, ended_on, average_pay, local_average_pay, minimum_wage)
    return sheet.claim()


def unlawful_dismissal(
    *,
    started_on: datetime.date,
    ended_on: datetime.date,
    average_pay: Decimal,
    local_average_pay: Decimal | None = None,
    minimum_wage: Decimal | None = None,
) -> ClaimSum:
    """2N: twice the severance of Art 47 (劳动合同法 87); it takes the place of N (实施条例 25)."""
    sheet = _severance(started_on, ended_on, average_pay, local_average_pay, minimum_wage)
    sheet.add(_("违法解除或者终止的赔偿金（2N）"), sheet.lines[-1].carried * number(2), Article(Law.CONTRACT, 87))
    sheet.notes.append(_("支付了赔偿金的，不再支付经济补偿。"))
    return sheet.claim()


def _severance(
    started_on: datetime.date,
    ended_on: datetime.date,
    average_pay: Decimal,
    local_average_pay: Decimal | None,
    minimum_wage: Decimal | None,
) -> _Sheet:
    check_amount(average_pay, local_average_pay or ZERO, minimum_wage or ZERO)
    _check_order(started_on, ended_on)
    sheet, article = _Sheet(), Article(Law.CONTRACT, 47)
    if started_on < LABOUR_CONTRACT_LAW_FROM:
        sheet.notes.append(
            _("2008年1月1日以前的年限，按当时的规定另行计算（%(article)s）。") % {"article": Article(Law.CONTRACT, 97)}
        )
    months = _service(sheet, started_on, ended_on, article)
    pay = yuan(average_pay)
    if minimum_wage is not None and average_pay < minimum_wage:
        pay = sheet.add(
            _("平均工资低于当地最低工资标准，按最低工资计算"), yuan(minimum_wage), Article(Law.CONTRACT_RULES, 27)
        )
    if local_average_pay is not None and pay.value > Fraction(local_average_pay) * CAP_TIMES:
        words = _("月工资高于当地上年度职工月平均工资三倍，按三倍计算")
        pay = sheet.add(words, yuan(local_average_pay) * number(CAP_TIMES), article)
        if months.value > CAP_YEARS:
            months = sheet.add(_("按三倍计算的，年限最高十二年"), number(CAP_YEARS), article, unit=Unit.MONTHS)
    sheet.add(_("经济补偿（N）"), pay * months, article)
    return sheet


def _service(sheet: _Sheet, started_on: datetime.date, ended_on: datetime.date, article: Article) -> Quantity:
    length = length_of(started_on, ended_on)
    words = _("工作年限 %(years)s 年 %(months)s 个月零 %(days)s 天，折合") % length._asdict()
    if not (length.months or length.days):
        return sheet.add(words, number(length.years), article, unit=Unit.MONTHS)
    rest = number(1) if length.months >= 6 else number("0.5")
    return sheet.add(words, number(length.years) + rest if length.years else rest, article, unit=Unit.MONTHS)


def notice_pay(*, last_month_pay: Decimal) -> ClaimSum:
    """A month's pay instead of 30 days' notice, by the pay of the month before (劳动合同法 40, 实施条例 20)."""
    check_amount(last_month_pay)
    sheet = _Sheet()
    sheet.add(_("代通知金，按上一个月工资"), yuan(last_month_pay) * number(1), Article(Law.CONTRACT_RULES, 20))
    return sheet.claim()


def double_pay(
    *,
    started_on: datetime.date,
    worked_until: datetime.date,
    monthly_pay: Decimal,
    calendar: WorkingDays,
    contract_on: datetime.date | None = None,
) -> ClaimSum:
    """The second pay of the months without a written contract (劳动合同法 82, 实施条例 6 and 7, 解释（二）6).

    - from the day after a full month to the day before the contract, at most to the day before a full year: 11 months;
    - by the month; what is less than a month by its working days, at pay ÷ 21.75, never more than the month;
    - ``worked_until`` is the last day of work, or the day of reckoning.
    """
    check_amount(monthly_pay)
    _check_order(started_on, worked_until)
    sheet, article = _Sheet(), Article(Law.CONTRACT, 82)
    first = months_later(started_on, 1)
    last = min(worked_until, months_later(started_on, DOUBLE_PAY_MONTHS) - ONE_DAY)
    if contract_on is not None:
        last = min(last, contract_on - ONE_DAY)
    if last < first:
        sheet.notes.append(_("没有超过一个月未订立书面劳动合同的期间。"))
        return sheet.claim()
    # Counted from the start of work: the months of somebody who began on the 31st do not drift.
    months = whole_months(started_on, last) - 1
    rest = months_later(started_on, 1 + months)
    due = []
    if months:
        words = _("%(first)s 至 %(last)s 未订立书面劳动合同，满月的部分") % {"first": first, "last": rest - ONE_DAY}
        due.append(sheet.add(words, yuan(monthly_pay) * number(months), article))
    if rest <= last:
        days = number(workdays_between(calendar, rest, last))
        words = _("%(first)s 至 %(last)s 不满一个月，按实际工作日") % {"first": rest, "last": last}
        part = yuan(monthly_pay) / PAID_DAYS * days if days.value <= PAID_DAYS.value else yuan(monthly_pay)
        due.append(sheet.add(words, part, Article(Law.LABOUR_CASES_2, 6)))
    _sum(sheet, due)
    sheet.notes.append(_("这是应当每月另付的第二倍工资，不含正常工资。"))
    return sheet.claim(provisional=rest <= last and not calendar.all_confirmed(rest, last))


def leave_days(worked_years: int) -> int:
    """Days of paid leave a year by all years of work: 5 from one, 10 from ten, 15 from twenty (职工带薪年休假条例 3)."""
    if worked_years < 1:
        return 0
    if worked_years < 10:
        return 5
    return 10 if worked_years < 20 else 15


def unused_leave(
    *,
    monthly_pay: Decimal,
    worked_years: int,
    taken: Decimal = ZERO,
    days_of_year: int | None = None,
    agreed_days: int | None = None,
    normal_pay_received: bool = True,
) -> ClaimSum:
    """300 per cent of the day's pay for each day not taken, of which the normal pay is 100 (企业职工带薪年休假实施办法 10-12).

    - ``monthly_pay``: average of the last 12 months without overtime; a day is ÷ 21.75;
    - ``days_of_year``: calendar days with this employer in the year somebody came or left: ÷ 365 × days, whole days only;
    - ``agreed_days``: what a contract gives beyond the legal days (13); days taken beyond the due ones are not taken back.
    """
    check_amount(monthly_pay)
    _check_numbers(taken, Decimal(worked_years), Decimal(agreed_days or 0), Decimal(days_of_year or 0))
    if days_of_year is not None and days_of_year > LONGEST_YEAR:
        raise InvalidValue("out_of_range", _("一年最多 %(days)s 天。") % {"days": LONGEST_YEAR})
    sheet = _Sheet()
    due_days = max(leave_days(worked_years), agreed_days or 0)
    days = sheet.add(_("全年应享受的年休假"), number(due_days), Article(Law.LEAVE, 3), unit=Unit.DAYS)
    if days_of_year is not None:
        days = sheet.add(
            _("按在本单位的日历天数折算"), number(days_of_year) / DAYS_OF_YEAR * days, Article(Law.LEAVE_RULES, 12),
            unit=Unit.DAYS,
        )  # fmt: skip
        # The printed days are rounded; 4.998 must not become five.
        whole = days_of_year * due_days // 365
        days = sheet.add(_("不足一整天的部分不计"), number(whole), Article(Law.LEAVE_RULES, 12), unit=Unit.DAYS)
    if taken:
        left = days - number(taken) if days.value > Fraction(taken) else number(0)
        days = sheet.add(_("减去已休的天数"), left, unit=Unit.DAYS)
    rate = percent(200 if normal_pay_received else 300)
    sheet.add(
        _("未休年休假工资报酬，正常工资已付的另付两倍") if normal_pay_received else _("未休年休假工资报酬"),
        yuan(monthly_pay) / PAID_DAYS * days * rate,
        Article(Law.LEAVE_RULES, 10),
    )
    return sheet.claim()


def maternity_allowance(
    *,
    insured: bool,
    unit_average_pay: Decimal | None = None,
    own_pay: Decimal | None = None,
    difficult: bool = False,
    children: int = 1,
    further_days: int = 0,
    miscarriage_month: int | None = None,
    paid: Decimal = ZERO,
) -> ClaimSum:
    """Leave days at a thirtieth of the month's pay (女职工劳动保护特别规定 7 and 8, 社会保险法 56).

    - 98 days, 15 more for a difficult birth, 15 more for each child after the first; ``further_days`` are the province's;
    - a miscarriage: 15 days before the fourth full month, 42 from it;
    - insured: the fund pays by the unit's average pay of last year; else the employer by her own pay before the leave.
    """
    base = unit_average_pay if insured else own_pay
    if base is None:
        reason = _("请填写用人单位上年度职工月平均工资。") if insured else _("请填写产假前的月工资。")
        raise InvalidValue("missing", reason)
    check_amount(base, own_pay or ZERO, paid)
    if children < 1 or further_days < 0 or (miscarriage_month is not None and miscarriage_month < 0):
        raise InvalidValue("negative", _("天数、月数和人数不能小于零。"))
    sheet = _Sheet()
    days = sheet.add(
        _("产假天数"), _maternity_days(difficult, children, further_days, miscarriage_month), Article(Law.WOMEN, 7),
        unit=Unit.DAYS,
    )  # fmt: skip
    words = _("生育津贴，按用人单位上年度职工月平均工资") if insured else _("生育津贴，按产假前工资")
    due = sheet.add(words, yuan(base) / DAYS_OF_MONTH * days, Article(Law.WOMEN, 8))
    sheet.less_paid(due, paid)
    if insured and own_pay is not None and own_pay > base:
        sheet.notes.append(_("本人产假前工资高于生育津贴标准的，差额可以要求用人单位补足。"))
    return sheet.claim(Payer.FUND if insured else Payer.EMPLOYER)


def _maternity_days(difficult: bool, children: int, further_days: int, miscarriage_month: int | None) -> Quantity:
    if miscarriage_month is not None:
        is_late = miscarriage_month >= LATE_MISCARRIAGE_MONTH
        return number(LATE_MISCARRIAGE_DAYS if is_late else EARLY_MISCARRIAGE_DAYS)
    parts = [number(MATERNITY_DAYS)]
    if difficult:
        parts.append(number(DIFFICULT_DAYS))
    if children > 1:
        parts.append(number(FURTHER_CHILD_DAYS) * number(children - 1))
    if further_days:
        parts.append(number(further_days))
    return total(parts)


def heat_allowance(*, monthly_standard: Decimal, months: Decimal, paid: Decimal = ZERO) -> ClaimSum:
    """The province's monthly standard for each month of work in the heat (防暑降温措施管理办法 17)."""
    check_amount(monthly_standard, paid)
    _check_numbers(months)
    sheet = _Sheet()
    due = sheet.add(_("高温津贴"), yuan(monthly_standard) * number(months), Article(Law.HEAT, 17))
    sheet.less_paid(due, paid)
    return sheet.claim()


def _sum(sheet: _Sheet, parts: Sequence[Quantity]) -> Quantity:
    """The only part, or a further line that adds them up."""
    return parts[0] if len(parts) == 1 else sheet.add(_("合计"), total(list(parts)))


def _check_numbers(*numbers: Decimal) -> None:
    if any(not value.is_finite() or value < 0 for value in numbers):
        raise InvalidValue("negative", _("天数、月数和人数不能小于零。"))


def _check_order(first: datetime.date, last: datetime.date) -> None:
    if last < first:
        raise InvalidValue("backwards", _("结束日期不能早于开始日期。"))
