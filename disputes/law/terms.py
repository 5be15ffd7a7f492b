"""Terms of the offices around a mediation: who must answer or decide by when, with the article."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from unionops.china.calendar import DueDate, Unit, WorkingDays, due_date

from .articles import Article, Law


class LegalTerm(TextChoices):
    NEGOTIATION_ANSWER = "negotiation_answer", gettext_lazy("对方回应协商要求")
    ACCEPTANCE = "acceptance", gettext_lazy("调解组织决定受理")
    ONLINE_CONTACT = "online_contact", gettext_lazy("在线调解联系对方")
    REVIEW_WINDOW = "review_window", gettext_lazy("共同申请仲裁审查")
    REVIEW_DECISION = "review_decision", gettext_lazy("仲裁审查结束")
    CONFIRMATION_WINDOW = "confirmation_window", gettext_lazy("共同申请司法确认")
    CONFIRMATION_ACCEPTANCE = "confirmation_acceptance", gettext_lazy("法院决定是否受理司法确认")
    CONFIRMATION_DECISION = "confirmation_decision", gettext_lazy("法院作出是否确认的决定")
    SPECIAL_PROCEDURE = "special_procedure", gettext_lazy("司法确认案件审结")
    ORDER_ACCEPTANCE = "order_acceptance", gettext_lazy("法院通知是否受理支付令申请")
    ORDER_ISSUE = "order_issue", gettext_lazy("法院发出支付令")
    ORDER_OBJECTION = "order_objection", gettext_lazy("债务人清偿或提出异议")
    ARBITRATION_ACCEPTANCE = "arbitration_acceptance", gettext_lazy("仲裁委员会决定是否受理")
    AWARD = "award", gettext_lazy("仲裁裁决")
    WORKER_SUIT = "worker_suit", gettext_lazy("劳动者不服终局裁决起诉")
    SET_ASIDE = "set_aside", gettext_lazy("用人单位申请撤销终局裁决")
    SUIT = "suit", gettext_lazy("不服仲裁裁决起诉")
    SUIT_AFTER_SET_ASIDE = "suit_after_set_aside", gettext_lazy("终局裁决被撤销后起诉")


@dataclass(frozen=True, slots=True)
class TermRule:
    term: LegalTerm
    length: int
    unit: Unit
    # Days that the head of the office may add.
    extension: int
    article: Article


def _term(
    term: LegalTerm, length: int, law: Law, article: int, *, unit: Unit = Unit.NATURAL, extension: int = 0
) -> TermRule:
    return TermRule(term, length, unit, extension, Article(law, article))


# In the rules of arbitration 3, 5 and 10 days are working days, 15 and 45 natural ones (办案规则 80).
TERMS: dict[LegalTerm, TermRule] = {
    rule.term: rule
    for rule in (
        _term(LegalTerm.NEGOTIATION_ANSWER, 5, Law.NEGOTIATION, 10),
        _term(LegalTerm.ACCEPTANCE, 3, Law.NEGOTIATION, 22, unit=Unit.WORKING),
        _term(LegalTerm.ONLINE_CONTACT, 3, Law.COURT_ONLINE, 15, unit=Unit.WORKING),
        _term(LegalTerm.REVIEW_WINDOW, 15, Law.CASE_RULES, 74),
        _term(LegalTerm.REVIEW_DECISION, 5, Law.CASE_RULES, 76, unit=Unit.WORKING, extension=5),
        _term(LegalTerm.CONFIRMATION_WINDOW, 30, Law.CIVIL_PROCEDURE, 205),
        _term(LegalTerm.CONFIRMATION_ACCEPTANCE, 3, Law.PEOPLE_CONFIRMATION, 4),
        _term(LegalTerm.CONFIRMATION_DECISION, 15, Law.PEOPLE_CONFIRMATION, 5, extension=10),
        _term(LegalTerm.SPECIAL_PROCEDURE, 30, Law.CIVIL_PROCEDURE, 187),
        _term(LegalTerm.ORDER_ACCEPTANCE, 5, Law.CIVIL_PROCEDURE, 226),
        _term(LegalTerm.ORDER_ISSUE, 15, Law.CIVIL_PROCEDURE, 227),
        _term(LegalTerm.ORDER_OBJECTION, 15, Law.CIVIL_PROCEDURE, 227),
        _term(LegalTerm.ARBITRATION_ACCEPTANCE, 5, Law.CASE_RULES, 30, unit=Unit.WORKING),
        _term(LegalTerm.AWARD, 45, Law.MEDIATION, 43, extension=15),
        _term(LegalTerm.WORKER_SUIT, 15, Law.MEDIATION, 48),
        _term(LegalTerm.SET_ASIDE, 30, Law.MEDIATION, 49),
        _term(LegalTerm.SUIT, 15, Law.MEDIATION, 50),
        _term(LegalTerm.SUIT_AFTER_SET_ASIDE, 15, Law.MEDIATION, 49),
    )
}


def legal_term_ends(term: LegalTerm, start: datetime.date, calendar: WorkingDays, *, extended: bool = False) -> DueDate:
    """The last day of an office's or a party's term, by the article that `TERMS` names for it."""
    rule = TERMS[term]
    return due_date(calendar, start, rule.length + (rule.extension if extended else 0), rule.unit)
