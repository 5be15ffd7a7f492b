"""The laws that the rules stand on, each in the version that was read; a rule names its article, a page prints it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Law(TextChoices):
    MEDIATION = "mediation", gettext_lazy("劳动争议调解仲裁法")
    NEGOTIATION = "negotiation", gettext_lazy("企业劳动争议协商调解规定")
    CASE_RULES = "case_rules", gettext_lazy("劳动人事争议仲裁办案规则")
    ZHEJIANG = "zhejiang", gettext_lazy("浙江省劳动人事争议调解仲裁条例")
    ONE_STOP = "one_stop", gettext_lazy("关于加强新就业形态劳动纠纷一站式调解工作的通知")
    COURT_INVITED = "court_invited", gettext_lazy("最高人民法院关于人民法院特邀调解的规定")
    COURT_ONLINE = "court_online", gettext_lazy("人民法院在线调解规则")
    PEOPLE = "people", gettext_lazy("人民调解法")
    PEOPLE_WORK = "people_work", gettext_lazy("人民调解工作若干规定")
    PEOPLE_CONFIRMATION = "people_confirmation", gettext_lazy("关于人民调解协议司法确认程序的若干规定")
    CIVIL_PROCEDURE = "civil_procedure", gettext_lazy("民事诉讼法")
    CIVIL_CODE = "civil_code", gettext_lazy("民法典")
    LABOUR_CASES_1 = "labour_cases_1", gettext_lazy("最高人民法院关于审理劳动争议案件适用法律问题的解释（一）")
    LABOUR_CASES_2 = "labour_cases_2", gettext_lazy("最高人民法院关于审理劳动争议案件适用法律问题的解释（二）")
    LABOUR = "labour", gettext_lazy("劳动法")
    CONTRACT = "contract", gettext_lazy("劳动合同法")
    CONTRACT_RULES = "contract_rules", gettext_lazy("劳动合同法实施条例")
    LEAVE = "leave", gettext_lazy("职工带薪年休假条例")
    LEAVE_RULES = "leave_rules", gettext_lazy("企业职工带薪年休假实施办法")
    PAY_DAYS = "pay_days", gettext_lazy("关于职工全年月平均工作时间和工资折算问题的通知")
    MINIMUM_WAGE = "minimum_wage", gettext_lazy("最低工资规定")
    WOMEN = "women", gettext_lazy("女职工劳动保护特别规定")
    INSURANCE = "insurance", gettext_lazy("社会保险法")
    HEAT = "heat", gettext_lazy("防暑降温措施管理办法")
    LEGAL_AID = "legal_aid", gettext_lazy("法律援助法")
    INSPECTION = "inspection", gettext_lazy("劳动保障监察条例")


# Number of the act, or the day on which the version was passed: a later version may count its articles anew.
VERSIONS: dict[Law, str] = {
    Law.MEDIATION: "2007-12-29",
    Law.NEGOTIATION: "人社部令第17号",
    Law.CASE_RULES: "人社部令第33号",
    Law.ZHEJIANG: "2020-09-24",
    Law.ONE_STOP: "人社厅发〔2024〕4号",
    Law.COURT_INVITED: "法释〔2016〕14号",
    Law.COURT_ONLINE: "法释〔2021〕23号",
    Law.PEOPLE: "2010-08-28",
    Law.PEOPLE_WORK: "司法部令第75号",
    Law.PEOPLE_CONFIRMATION: "法释〔2011〕5号",
    Law.CIVIL_PROCEDURE: "2023-09-01",
    Law.CIVIL_CODE: "2020-05-28",
    Law.LABOUR_CASES_1: "法释〔2020〕26号",
    Law.LABOUR_CASES_2: "法释〔2025〕12号",
    Law.LABOUR: "2018-12-29",
    Law.CONTRACT: "2012-12-28",
    Law.CONTRACT_RULES: "国务院令第535号",
    Law.LEAVE: "国务院令第514号",
    Law.LEAVE_RULES: "人社部令第1号",
    Law.PAY_DAYS: "人社部发〔2025〕2号",
    Law.MINIMUM_WAGE: "劳动和社会保障部令第21号",
    Law.WOMEN: "国务院令第619号",
    Law.INSURANCE: "2018-12-29",
    Law.HEAT: "安监总安健〔2012〕89号",
    Law.LEGAL_AID: "2021-08-20",
    Law.INSPECTION: "国务院令第423号",
}


@dataclass(frozen=True, slots=True)
class Article:
    """``number`` is nothing for a notice that has no articles, ``item`` nothing for the whole article."""

    law: Law
    number: int | None = None
    item: int | None = None

    @property
    def version(self) -> str:
        return VERSIONS[self.law]

    def __str__(self) -> str:
        law = self.law.label
        if self.number is None:
            return _("《%(law)s》") % {"law": law}
        if self.item is None:
            return _("《%(law)s》第%(number)s条") % {"law": law, "number": self.number}
        return _("《%(law)s》第%(number)s条第%(item)s项") % {"law": law, "number": self.number, "item": self.item}
