"""案由: the working codes of a centre, each with its statutory group, its court cause and its column of the statistics.

What the law asks of a cause stands in ``law.causes.NATURES``.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Text


class Group(TextChoices):
    """The six kinds of 调解仲裁法 2, and what is mediated beside them (domain 3.7 A)."""

    RELATION = "a1", _("确认劳动关系")
    CONTRACT = "a2", _("订立、履行、变更、解除和终止劳动合同")
    DISMISSAL = "a3", _("除名、辞退和辞职、离职")
    CONDITIONS = "a4", _("工作时间、休息休假、社会保险、福利、培训以及劳动保护")
    MONEY = "a5", _("劳动报酬、工伤医疗费、经济补偿或者赔偿金等")
    OTHER = "a6", _("法律、法规规定的其他劳动争议")
    NEW = "new", _("新就业形态（非劳动关系）")
    OUTSIDE = "outside", _("劳务等民事争议")


class Column(TextChoices):
    """争议原因 of the yearbook (domain 3.7 C)."""

    PAY = "pay", _("劳动报酬")
    INSURANCE = "insurance", _("社会保险")
    CONTRACT = "contract", _("变更、解除、终止劳动合同")
    OTHER = "other", pgettext_lazy("争议原因", "其他")


class Cause(TextChoices):
    PAY_ARREARS = "pay_arrears", _("拖欠工资")
    PAY_OVERTIME = "pay_overtime", _("加班费")
    PAY_MIN = "pay_min", _("最低工资差额")
    PAY_DOUBLE = "pay_double", _("未签合同二倍工资")
    PAY_BONUS = "pay_bonus", _("提成奖金")
    PAY_LEAVE = "pay_leave", _("未休年假工资")
    PAY_HEAT = "pay_heat", _("高温津贴")
    COMP_SEVERANCE = "comp_severance", _("经济补偿")
    COMP_ILLEGAL = "comp_illegal", _("违法解除赔偿金")
    COMP_NOTICE = "comp_notice", _("代通知金")
    REL_CONFIRM = "rel_confirm", pgettext_lazy("案由", "确认劳动关系")
    CON_SIGN = "con_sign", _("合同订立")
    CON_CHANGE = "con_change", _("合同变更（调岗降薪）")
    CON_TERMINATE = "con_terminate", _("合同解除终止")
    CON_NONCOMPETE = "con_noncompete", _("竞业限制")
    CON_TRAINING = "con_training", _("培训服务期")
    DISP = "disp", _("劳务派遣")
    PART = "part", _("非全日制、实习、暑期工")
    SI_UNPAID = "si_unpaid", _("未缴社保损失")
    SI_INJURY = "si_injury", _("工伤待遇")
    SI_MATERNITY = "si_maternity", _("生育津贴")
    SI_MEDICAL = "si_medical", _("医疗保险待遇")
    SI_PENSION = "si_pension", _("养老保险待遇")
    SI_UNEMP = "si_unemp", _("失业保险待遇")
    WELFARE = "welfare", pgettext_lazy("案由", "福利")
    TIME_REST = "time_rest", _("工时休假")
    WOMAN = "woman", _("女职工三期")
    SAFETY = "safety", pgettext_lazy("案由", "劳动保护")
    FILE = "file", _("档案社保转移")
    COLLECTIVE = "collective", pgettext_lazy("案由", "集体合同")
    NEW_PAY = "new_pay", _("新业态报酬")
    NEW_PENALTY = "new_penalty", _("新业态奖惩")
    NEW_INJURY = "new_injury", _("新业态职业伤害")
    NEW_REST = "new_rest", _("新业态休息")
    LABOR_SERVICE = "labor_service", _("劳务报酬（非劳动关系）")
    OTHER = "other", pgettext_lazy("案由", "其他")


class Mapping(NamedTuple):
    """Where a working code stands in the three other lists. ``court`` is a cause of 民事案件案由规定 2020, part 6."""

    group: Group
    court: Text
    column: Column


G = Group
N = Column
_WAGES, _SEVERANCE, _CONTRACT = _("追索劳动报酬纠纷"), _("经济补偿金纠纷"), _("劳动合同纠纷")

CAUSES: dict[str, Mapping] = {
    Cause.PAY_ARREARS: Mapping(G.MONEY, _WAGES, N.PAY),
    Cause.PAY_OVERTIME: Mapping(G.MONEY, _WAGES, N.PAY),
    Cause.PAY_MIN: Mapping(G.MONEY, _WAGES, N.PAY),
    Cause.PAY_DOUBLE: Mapping(G.MONEY, _CONTRACT, N.PAY),
    Cause.PAY_BONUS: Mapping(G.MONEY, _WAGES, N.PAY),
    Cause.PAY_LEAVE: Mapping(G.MONEY, _WAGES, N.PAY),
    Cause.PAY_HEAT: Mapping(G.MONEY, _WAGES, N.PAY),
    Cause.COMP_SEVERANCE: Mapping(G.MONEY, _SEVERANCE, N.CONTRACT),
    Cause.COMP_ILLEGAL: Mapping(G.MONEY, _CONTRACT, N.CONTRACT),
    Cause.COMP_NOTICE: Mapping(G.MONEY, _CONTRACT, N.CONTRACT),
    Cause.REL_CONFIRM: Mapping(G.RELATION, _("确认劳动关系纠纷"), N.OTHER),
    Cause.CON_SIGN: Mapping(G.CONTRACT, _CONTRACT, N.OTHER),
    Cause.CON_CHANGE: Mapping(G.CONTRACT, _CONTRACT, N.CONTRACT),
    Cause.CON_TERMINATE: Mapping(G.DISMISSAL, _CONTRACT, N.CONTRACT),
    Cause.CON_NONCOMPETE: Mapping(G.CONTRACT, _("竞业限制纠纷"), N.OTHER),
    Cause.CON_TRAINING: Mapping(G.CONDITIONS, _CONTRACT, N.OTHER),
    Cause.DISP: Mapping(G.CONTRACT, _("劳务派遣合同纠纷"), N.OTHER),
    Cause.PART: Mapping(G.CONTRACT, _("非全日制用工纠纷"), N.OTHER),
    Cause.SI_UNPAID: Mapping(G.CONDITIONS, _("社会保险纠纷"), N.INSURANCE),
    Cause.SI_INJURY: Mapping(G.MONEY, _("工伤保险待遇纠纷"), N.INSURANCE),
    Cause.SI_MATERNITY: Mapping(G.CONDITIONS, _("生育保险待遇纠纷"), N.INSURANCE),
    Cause.SI_MEDICAL: Mapping(G.CONDITIONS, _("医疗保险待遇纠纷"), N.INSURANCE),
    Cause.SI_PENSION: Mapping(G.CONDITIONS, _("养老保险待遇纠纷"), N.INSURANCE),
    Cause.SI_UNEMP: Mapping(G.CONDITIONS, _("失业保险待遇纠纷"), N.INSURANCE),
    Cause.WELFARE: Mapping(G.CONDITIONS, _("福利待遇纠纷"), N.OTHER),
    Cause.TIME_REST: Mapping(G.CONDITIONS, _CONTRACT, N.OTHER),
    Cause.WOMAN: Mapping(G.CONDITIONS, _CONTRACT, N.OTHER),
    Cause.SAFETY: Mapping(G.CONDITIONS, _CONTRACT, N.OTHER),
    Cause.FILE: Mapping(G.OTHER, _CONTRACT, N.OTHER),
    Cause.COLLECTIVE: Mapping(G.CONTRACT, _("集体合同纠纷"), N.OTHER),
    Cause.NEW_PAY: Mapping(G.NEW, "", N.PAY),
    Cause.NEW_PENALTY: Mapping(G.NEW, "", N.OTHER),
    Cause.NEW_INJURY: Mapping(G.NEW, "", N.OTHER),
    Cause.NEW_REST: Mapping(G.NEW, "", N.OTHER),
    Cause.LABOR_SERVICE: Mapping(G.OUTSIDE, _("劳务合同纠纷"), N.OTHER),
    Cause.OTHER: Mapping(G.OTHER, "", N.OTHER),
}
assert set(CAUSES) == set(Cause), "every working code has its mapping"


def of_group(group: str) -> list[str]:
    """The working codes of a statutory group, for filters and for the statistics."""
    return [cause for cause, mapping in CAUSES.items() if mapping.group == group]


def of_column(column: str) -> list[str]:
    return [cause for cause, mapping in CAUSES.items() if mapping.column == column]
