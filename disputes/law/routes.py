"""The ways that a mediation agreement opens: confirmation while it is fresh, payment and other relief when it is broken."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from unionops.china.calendar import DueDate, WorkingDays, due_date
from unionops.china.calendar import Unit as DayUnit

from .articles import Article, Law
from .causes import MONEY, Nature, all_natures
from .months import months_later
from .terms import LegalTerm, legal_term_ends


class Route(TextChoices):
    ARBITRATION_REVIEW = "arbitration_review", gettext_lazy("仲裁审查确认")
    JUDICIAL_CONFIRMATION = "judicial_confirmation", gettext_lazy("司法确认")
    PAYMENT_ORDER = "payment_order", gettext_lazy("支付令")
    ARBITRATION = "arbitration", pgettext_lazy("救济途径", "申请仲裁")
    PAY_SUIT = "pay_suit", gettext_lazy("凭调解协议直接起诉")
    ENFORCEMENT = "enforcement", gettext_lazy("申请强制执行")
    INSPECTION = "inspection", gettext_lazy("劳动保障监察投诉")


# Both sides apply together.
CONFIRMATIONS = (Route.ARBITRATION_REVIEW, Route.JUDICIAL_CONFIRMATION)
# One side alone, after the other did not perform in time.
RELIEFS = (Route.PAYMENT_ORDER, Route.ARBITRATION, Route.PAY_SUIT, Route.ENFORCEMENT, Route.INSPECTION)

ROUTE_ARTICLES: dict[Route, Article] = {
    Route.ARBITRATION_REVIEW: Article(Law.CASE_RULES, 75),
    Route.JUDICIAL_CONFIRMATION: Article(Law.CIVIL_PROCEDURE, 205),
    Route.PAYMENT_ORDER: Article(Law.MEDIATION, 16),
    Route.ARBITRATION: Article(Law.MEDIATION, 15),
    Route.PAY_SUIT: Article(Law.LABOUR_CASES_1, 51),
    Route.ENFORCEMENT: Article(Law.CIVIL_PROCEDURE, 250),
    Route.INSPECTION: Article(Law.MEDIATION, 9),
}


@dataclass(frozen=True)
class AgreementFacts:
    """What the routes ask of an effective agreement; ``causes`` are the working codes of what it settles.

    ``only_payment``: it settles nothing but what is to be paid. ``due_on``: the earliest date that was not kept, for an
    agreement that was broken. ``in_jurisdiction``: the committee is the one of the mediation organisation's place.
    ``ordered_on``: a payment order took effect. ``order_ended``: one was asked for, and the court ended the procedure.
    """

    effective_on: datetime.date
    causes: frozenset[str]
    only_payment: bool = True
    by_people_committee: bool = False
    by_court_listed_org: bool = False
    in_jurisdiction: bool = True
    court_confirmed_on: datetime.date | None = None
    reviewed_on: datetime.date | None = None
    ordered_on: datetime.date | None = None
    order_ended: bool = False
    due_on: datetime.date | None = None

    @cached_property
    def natures(self) -> frozenset[Nature]:
        return all_natures(self.causes)

    @property
    def confirmed(self) -> bool:
        """There is a paper that a court enforces."""
        return any(on is not None for on in (self.court_confirmed_on, self.reviewed_on, self.ordered_on))


@dataclass(frozen=True, slots=True)
class Openness:
    """Whether a route is open on a day; ``reasons`` say why not. ``ends`` is its last day, where it has one."""

    route: Route
    reasons: tuple[str, ...]
    ends: DueDate | None
    article: Article

    @property
    def is_open(self) -> bool:
        return not self.reasons


def review_window(effective_on: datetime.date, calendar: WorkingDays) -> DueDate:
    """15 natural days after effect (办案规则 74, 令17号 27)."""
    return legal_term_ends(LegalTerm.REVIEW_WINDOW, effective_on, calendar)


def confirmation_window(effective_on: datetime.date, calendar: WorkingDays) -> DueDate:
    """30 natural days after effect (民事诉讼法 205, 人民调解法 33)."""
    return legal_term_ends(LegalTerm.CONFIRMATION_WINDOW, effective_on, calendar)


def confirmations(agreement: AgreementFacts, on: datetime.date, calendar: WorkingDays) -> list[Openness]:
    """Both ways of confirmation, to be shown from the moment of effect."""
    return [openness(route, agreement, on, calendar) for route in CONFIRMATIONS]


def reliefs(agreement: AgreementFacts, on: datetime.date, calendar: WorkingDays) -> list[Openness]:
    """The ways that open when an agreement is not performed in time (调解仲裁法 9, 15, 16; 解释（一）51)."""
    return [openness(route, agreement, on, calendar) for route in RELIEFS]


def openness(route: Route, agreement: AgreementFacts, on: datetime.date, calendar: WorkingDays) -> Openness:
    """Whether the route is open on the day, with every reason against it, by the article of `ROUTE_ARTICLES`."""
    ends = _last_day(route, agreement, calendar)
    reasons = against(route, agreement, on)
    if ends is not None and on > ends.on:
        reasons += (_("期限已于 %(day)s 届满。") % {"day": ends.on},)
    return Openness(route, reasons, ends, ROUTE_ARTICLES[route])


def against(route: Route, agreement: AgreementFacts, on: datetime.date) -> tuple[str, ...]:
    """Every reason against the route but the end of its time."""
    return tuple(_AGAINST[route](agreement, on))


def _last_day(route: Route, agreement: AgreementFacts, calendar: WorkingDays) -> DueDate | None:
    if route == Route.ARBITRATION_REVIEW:
        return review_window(agreement.effective_on, calendar)
    if route == Route.JUDICIAL_CONFIRMATION:
        return confirmation_window(agreement.effective_on, calendar)
    if route == Route.ENFORCEMENT and agreement.due_on is not None:
        return _two_years(agreement.due_on, calendar)
    if route == Route.INSPECTION and agreement.due_on is not None:
        return _two_years(agreement.due_on, calendar)
    return None


def _two_years(start: datetime.date, calendar: WorkingDays) -> DueDate:
    """民事诉讼法 250 (enforcement) and 劳动保障监察条例 20 (inspection)."""
    return due_date(calendar, start, (months_later(start, 24) - start).days, DayUnit.NATURAL)


def _against_review(agreement: AgreementFacts, on: datetime.date) -> Iterator[str]:
    """办案规则 75; the time is looked at by `openness`."""
    if Nature.NOT_LABOUR in agreement.natures:
        yield _("不属于仲裁委员会受理的争议。")
    if Nature.RELATION in agreement.natures:
        yield _("确认劳动关系的协议不能申请仲裁审查。")
    if not agreement.in_jurisdiction:
        yield _("应当向调解组织所在地的仲裁委员会申请。")
    if agreement.court_confirmed_on is not None:
        yield _("调解协议已经人民法院司法确认。")
    if agreement.reviewed_on is not None:
        yield _("仲裁委员会已经出具调解书。")


def _against_confirmation(agreement: AgreementFacts, on: datetime.date) -> Iterator[str]:
    """民事诉讼法 205; 解释（一）52: before a people's mediation committee, for agreements on payment only."""
    if agreement.court_confirmed_on is not None:
        yield _("调解协议已经人民法院司法确认。")
    if agreement.reviewed_on is not None:
        yield _("仲裁委员会已经出具调解书。")
    if agreement.by_court_listed_org:
        return
    if not agreement.by_people_committee:
        yield _("调解组织既不是人民调解委员会，也不是法院特邀调解组织。")
    elif not agreement.only_payment or Nature.RELATION in agreement.natures:
        yield _("人民调解委员会主持的劳动争议调解，只有仅就给付义务达成的协议才能申请司法确认。")


def _against_unbroken(agreement: AgreementFacts, on: datetime.date) -> Iterator[str]:
    if agreement.due_on is None or on <= agreement.due_on:
        yield _("约定的履行期限还没有过。")


def _against_order(agreement: AgreementFacts, on: datetime.date) -> Iterator[str]:
    """调解仲裁法 16: pay, medical costs of an injury, compensation, damages; not performed in the agreed time."""
    yield from _against_unbroken(agreement, on)
    if not agreement.natures & MONEY:
        yield _("只有拖欠劳动报酬、工伤医疗费、经济补偿或者赔偿金的协议可以申请支付令。")
    yield from _against_confirmed(agreement)


def _against_confirmed(agreement: AgreementFacts) -> Iterator[str]:
    if agreement.confirmed:
        yield _("已有生效的裁定书、仲裁调解书或者支付令，可以直接申请强制执行。")


def _against_arbitration(agreement: AgreementFacts, on: datetime.date) -> Iterator[str]:
    """调解仲裁法 15."""
    yield from _against_unbroken(agreement, on)
    if Nature.NOT_LABOUR in agreement.natures:
        yield _("不属于仲裁委员会受理的争议。")
    yield from _against_confirmed(agreement)


def _against_suit(agreement: AgreementFacts, on: datetime.date) -> Iterator[str]:
    """解释（一）51: an agreement on nothing but pay may be sued upon as a civil case; 13: any after the end of an order."""
    yield from _against_unbroken(agreement, on)
    if not agreement.order_ended and (not agreement.only_payment or agreement.natures != {Nature.PAY}):
        yield _("只有仅就劳动报酬达成的协议可以直接起诉。")
    yield from _against_confirmed(agreement)


def _against_enforcement(agreement: AgreementFacts, on: datetime.date) -> Iterator[str]:
    """民事诉讼法 206, 227 and 247: a confirmed agreement or an order is enforced, an unconfirmed agreement is not."""
    yield from _against_unbroken(agreement, on)
    if not agreement.confirmed:
        yield _("没有仲裁调解书、司法确认裁定书或者生效的支付令，不能直接申请强制执行。")


def _against_inspection(agreement: AgreementFacts, on: datetime.date) -> Iterator[str]:
    """调解仲裁法 9: unpaid pay, injury costs, compensation, damages."""
    yield from _against_unbroken(agreement, on)
    if not agreement.natures & MONEY:
        yield _("只有拖欠劳动报酬、工伤医疗费、经济补偿或者赔偿金的，可以向劳动保障监察投诉。")


_AGAINST: dict[Route, Callable[[AgreementFacts, datetime.date], Iterator[str]]] = {
    Route.ARBITRATION_REVIEW: _against_review,
    Route.JUDICIAL_CONFIRMATION: _against_confirmation,
    Route.PAYMENT_ORDER: _against_order,
    Route.ARBITRATION: _against_arbitration,
    Route.PAY_SUIT: _against_suit,
    Route.ENFORCEMENT: _against_enforcement,
    Route.INSPECTION: _against_inspection,
}
