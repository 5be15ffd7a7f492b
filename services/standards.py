"""Numbers that governments and the federation set, by the codes under which the rules ask for them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from unionops.casework.transitions import Text


@dataclass(frozen=True)
class Standard:
    code: str
    name: Text
    unit: Text


# Whatever else an office wants to keep gets a code of its own on the page.
STANDARDS = (
    Standard("subsistence_standard", _("低保标准"), _("元/月")),
    Standard("hardship_relative_factor", _("相对困难是低保标准的几倍"), _("倍")),
    Standard("hardship_accident_share", _("意外致困：支出占全年收入"), _("比例")),
    Standard("living_aid_deep", _("深度困难生活救助"), _("元")),
    Standard("living_aid_relative", _("相对困难生活救助"), _("元")),
    Standard("living_aid_accidental", _("意外致困救助"), _("元")),
    Standard("fund_due_rate", _("工会经费应缴比例"), _("比例")),
    Standard("fund_base_share", _("基层留成比例"), _("比例")),
    Standard("rebate_ratio", _("小微企业经费返还比例"), _("比例")),
    Standard("hazard_reward_may", _("隐患奖励：可能导致事故"), _("元")),
    Standard("hazard_reward_direct", _("隐患奖励：可直接引发事故"), _("元")),
    Standard("hazard_insider_extra", _("隐患奖励：本单位职工加发"), _("比例")),
    Standard("benefit_holiday", _("节日慰问：每人每年最多"), _("元")),
    Standard("benefit_birthday", _("生日慰问：每人每年最多"), _("元")),
    Standard("benefit_hardship", _("困难慰问：每人每年最多"), _("元")),
    Standard("benefit_event", _("结婚、生育、住院、退休、去世慰问：每次最多"), _("元")),
)


def standard(code: str) -> Standard | None:
    return next((one for one in STANDARDS if one.code == code), None)
