"""Numbers and rules of the review in words."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from unionops.insight.indicators import Indicator, Unit

from .enums import APPRAISED, TRIM_FROM
from .models import Scheme


def plain(value: Decimal | Fraction | int, places: int = 2) -> str:
    """At most so many decimals, half up, without noughts at the end: 12.5, 83.3333, 100."""
    exact = Fraction(value)
    scale = 10**places
    number = Decimal(math.floor(abs(exact) * scale + Fraction(1, 2))).scaleb(-places)
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"-{text}" if exact < 0 and number else text


def unit_words(indicator: Indicator | None) -> str:
    if indicator is None:
        return _("分")
    match indicator.unit:
        case Unit.RATE:
            return "%"
        case Unit.DAYS:
            return str(indicator.days_unit or _("天"))
        case Unit.SUM:
            return str(indicator.amount_unit)
    return str(indicator.rows.unit)


def quantity(value: Fraction | None, indicator: Indicator | None) -> str:
    return "—" if value is None else f"{plain(value, 4)} {unit_words(indicator)}"


def points_rule() -> str:
    return _(
        "得分 =（数值 − 零分线）÷（满分线 − 零分线）× 100，低于 0 按 0，高于 100 按 100；越低越好的指标，满分线比零分线低，算法一样。"
        "没有分母的项目不计，其余项目的权重按比例折算到 100。计算用精确分数，只在最后一步四舍五入到两位小数；表里的数显示到四位。"
    )


def grade_rule(scheme: Scheme) -> str:
    """Places, ties and the pass mark of a scheme, as it is applied."""
    if scheme.kind in APPRAISED:
        return _(
            "名次按总分，同分同名次，后面的名次空出（1、2、2、4）。优秀不超过参评数的 %(first)s%%，优秀和良好合计不超过 %(both)s%%，"
            "不满一个名额的不计。并列的不拆开：名额放不下整组，就整组评下一等，空出的名额留给下一等。低于 %(mark)s 分不合格。"
        ) % {"first": scheme.first, "both": scheme.first + scheme.second, "mark": scheme.pass_mark}
    return _(
        "每份材料由至少三位评委匿名评分，每位的得分是各项分数乘权重之和。评委满 %(trim)s 位起去掉一个最高分、一个最低分，其余取平均，"
        "四舍五入到两位小数。同分同名次，后面的名次空出。一等奖 %(first)s 名、二等奖 %(second)s 名、三等奖 %(third)s 名，是上限：并列的不拆开，"
        "名额放不下整组，就整组评下一等。低于 %(mark)s 分不评奖。"
    ) % {
        "trim": TRIM_FROM, "first": scheme.first, "second": scheme.second, "third": scheme.third, "mark": scheme.pass_mark,
    }  # fmt: skip
