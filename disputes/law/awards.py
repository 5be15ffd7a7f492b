"""Before and after an award: is it likely to be final, and what may each side do against it, by when."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.china.calendar import DueDate, WorkingDays

from .articles import Article, Law
from .causes import MONEY, Nature, natures_of
from .money import check_amount, shown
from .terms import TERMS, LegalTerm, legal_term_ends

FINAL_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a claim: the working code of its cause and the amount, if it asks for money."""

    cause: str
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ItemEstimate:
    item: Item
    is_final: bool
    why: str
    article: Article


@dataclass(frozen=True, slots=True)
class AwardEstimate:
    """``limit`` is twelve months of the local minimum wage; ``notes`` are for the reader."""

    limit: Decimal
    items: tuple[ItemEstimate, ...]
    notes: tuple[str, ...]

    @property
    def all_final(self) -> bool:
        return bool(self.items) and all(item.is_final for item in self.items)

    @property
    def is_mixed(self) -> bool:
        return len({item.is_final for item in self.items}) > 1


def estimate_award(items: Sequence[Item], *, minimum_wage: Decimal) -> AwardEstimate:
    """Which items would be decided finally (调解仲裁法 47, 办案规则 50); ``minimum_wage`` is the local one of a month.

    Each item is measured alone. An estimate: the award itself says what it is (解释（一）18).
    """
    check_amount(minimum_wage)
    limit = minimum_wage * FINAL_MONTHS
    estimates = tuple(_estimate(item, limit) for item in items)
    estimate = AwardEstimate(limit, estimates, ())
    if not estimate.is_mixed:
        return estimate
    note = _(
        "终局和非终局的事项应分别制作裁决书（%(separate)s）；写在同一份裁决书里的，按非终局裁决处理（%(together)s）。"
    ) % {
        "separate": Article(Law.CASE_RULES, 50),
        "together": Article(Law.LABOUR_CASES_1, 20),
    }
    return AwardEstimate(limit, estimates, (note,))


def _estimate(item: Item, limit: Decimal) -> ItemEstimate:
    natures = natures_of(item.cause)
    if Nature.STANDARDS in natures:
        why = _("因执行国家劳动标准发生的争议，不论金额都是终局裁决。")
        return ItemEstimate(item, True, why, Article(Law.MEDIATION, 47, 2))
    article = Article(Law.MEDIATION, 47, 1)
    if not natures & MONEY:
        why = _("不是追索劳动报酬、工伤医疗费、经济补偿或者赔偿金。")
        return ItemEstimate(item, False, why, article)
    if item.amount is None:
        return ItemEstimate(item, False, _("没有写明金额，无法判断。"), article)
    check_amount(item.amount)
    numbers = {"amount": shown(item.amount), "limit": shown(limit)}
    if item.amount <= limit:
        why = _("%(amount)s 元，不超过当地月最低工资标准十二个月的金额 %(limit)s 元。") % numbers
        return ItemEstimate(item, True, why, article)
    why = _("%(amount)s 元，超过当地月最低工资标准十二个月的金额 %(limit)s 元。") % numbers
    return ItemEstimate(item, False, why, article)


class AwardParty(TextChoices):
    WORKER = "worker", gettext_lazy("劳动者")
    EMPLOYER = "employer", gettext_lazy("用人单位")


@dataclass(frozen=True, slots=True)
class NextStep:
    term: LegalTerm
    ends: DueDate
    article: Article
    words: str


def next_step(party: AwardParty, received_on: datetime.date, calendar: WorkingDays, *, is_final: bool) -> NextStep:
    """What a side may do against an award from the day it received it (调解仲裁法 48, 49, 50)."""
    if not is_final:
        return _step(
            LegalTerm.SUIT,
            received_on,
            calendar,
            _("不服裁决的，向有管辖权的基层人民法院起诉；期满不起诉，裁决书生效。"),
        )
    if party == AwardParty.WORKER:
        return _step(LegalTerm.WORKER_SUIT, received_on, calendar, _("不服终局裁决的，劳动者可以向基层人民法院起诉。"))
    return _step(
        LegalTerm.SET_ASIDE, received_on, calendar,
        _("用人单位不能起诉；有证据证明裁决有法定情形的，可以向仲裁委员会所在地的中级人民法院申请撤销。"),
    )  # fmt: skip


def after_set_aside(received_on: datetime.date, calendar: WorkingDays) -> NextStep:
    """A final award was set aside: either side may sue from the day it received the ruling (调解仲裁法 49)."""
    return _step(
        LegalTerm.SUIT_AFTER_SET_ASIDE, received_on, calendar, _("终局裁决被撤销的，当事人可以就该争议向人民法院起诉。")
    )


def _step(term: LegalTerm, received_on: datetime.date, calendar: WorkingDays, words: str) -> NextStep:
    return NextStep(term, legal_term_ends(term, received_on, calendar), TERMS[term].article, words)
