from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from disputes.law.awards import AwardParty, Item, after_set_aside, estimate_award, next_step
from disputes.law.causes import NATURES, Nature, all_natures, natures_of
from disputes.law.routes import (
    CONFIRMATIONS,
    RELIEFS,
    ROUTE_ARTICLES,
    AgreementFacts,
    Route,
    confirmation_window,
    confirmations,
    openness,
    reliefs,
    review_window,
)
from disputes.law.terms import LegalTerm
from unionops.china.calendar import DueDate
from unionops.china.errors import InvalidValue

D = Decimal
MINIMUM = D(2490)


@pytest.mark.parametrize(
    ("cause", "amount", "is_final"),
    [
        ("PAY_ARREARS", "29880.00", True),
        ("PAY_ARREARS", "29880.01", False),
        ("COMP_SEVERANCE", "20000", True),
        ("PAY_DOUBLE", "66000", False),
        # National standards of time, leave and insurance: whatever the amount.
        ("TIME_REST", "100000", True),
        ("SI_MATERNITY", "100000", True),
        ("SI_INJURY", None, True),
        ("REL_CONFIRM", None, False),
        ("CON_TERMINATE", None, False),
        ("PAY_BONUS", None, False),
        ("NEW_PAY", "100", False),
    ],
)
def test_item_of_an_award(cause, amount, is_final):
    estimate = estimate_award([Item(cause, D(amount) if amount else None)], minimum_wage=MINIMUM)

    assert estimate.limit == D(29880)
    assert estimate.all_final is is_final
    assert estimate.is_mixed is False
    assert estimate.items[0].article.number == 47


def test_each_item_is_measured_alone():
    items = [Item("PAY_ARREARS", D(29000)), Item("COMP_SEVERANCE", D(29000))]

    assert estimate_award(items, minimum_wage=MINIMUM).all_final is True


def test_final_and_other_items_together():
    estimate = estimate_award([Item("PAY_ARREARS", D(29000)), Item("COMP_ILLEGAL", D(90000))], minimum_wage=MINIMUM)

    assert (estimate.all_final, estimate.is_mixed) == (False, True)
    assert "分别制作裁决书" in estimate.notes[0]
    assert [item.why for item in estimate.items] == [
        "29,000.00 元，不超过当地月最低工资标准十二个月的金额 29,880.00 元。",
        "90,000.00 元，超过当地月最低工资标准十二个月的金额 29,880.00 元。",
    ]


def test_award_on_nothing():
    assert estimate_award([], minimum_wage=MINIMUM).all_final is False
    with pytest.raises(InvalidValue):
        estimate_award([Item("PAY_ARREARS", D(-1))], minimum_wage=MINIMUM)


@pytest.mark.parametrize(
    ("side", "is_final", "term", "ends"),
    [
        (AwardParty.WORKER, True, LegalTerm.WORKER_SUIT, date(2026, 2, 24)),
        (AwardParty.EMPLOYER, True, LegalTerm.SET_ASIDE, date(2026, 3, 9)),
        (AwardParty.WORKER, False, LegalTerm.SUIT, date(2026, 2, 24)),
        (AwardParty.EMPLOYER, False, LegalTerm.SUIT, date(2026, 2, 24)),
    ],
)
def test_next_step_after_an_award(calendar, side, is_final, term, ends):
    step = next_step(side, date(2026, 2, 6), calendar, is_final=is_final)

    assert (step.term, step.ends) == (term, DueDate(ends, provisional=False))
    assert step.article.number == {LegalTerm.WORKER_SUIT: 48, LegalTerm.SET_ASIDE: 49, LegalTerm.SUIT: 50}[term]


def test_suit_after_an_award_was_set_aside(calendar):
    assert after_set_aside(date(2026, 12, 25), calendar).ends.provisional is True


def test_working_causes():
    assert len(NATURES) == 36
    assert natures_of("pay_arrears") == {Nature.PAY}
    assert all_natures(["PAY_DOUBLE", "SI_INJURY"]) == {Nature.DAMAGES, Nature.STANDARDS, Nature.INJURY_MEDICAL}
    assert all_natures([]) == frozenset()
    with pytest.raises(KeyError):
        natures_of("UNKNOWN")


EFFECT = date(2026, 9, 24)
PAY = AgreementFacts(EFFECT, frozenset({"PAY_ARREARS"}), by_people_committee=True, due_on=date(2026, 11, 2))
LATE = date(2026, 11, 3)


def test_both_windows(calendar):
    assert review_window(EFFECT, calendar) == DueDate(date(2026, 10, 9), provisional=False)
    assert confirmation_window(EFFECT, calendar) == DueDate(date(2026, 10, 26), provisional=False)
    assert [window.ends for window in confirmations(PAY, EFFECT, calendar)] == [
        review_window(EFFECT, calendar), confirmation_window(EFFECT, calendar),
    ]  # fmt: skip
    assert confirmation_window(date(2026, 12, 25), calendar).provisional is True


def answers(routes):
    return {found.route: found.is_open for found in routes}


def test_routes_are_open_in_their_time(calendar):
    both = {Route.ARBITRATION_REVIEW: True, Route.JUDICIAL_CONFIRMATION: True}

    assert answers(confirmations(PAY, date(2026, 10, 9), calendar)) == both
    assert answers(confirmations(PAY, date(2026, 10, 10), calendar)) == both | {Route.ARBITRATION_REVIEW: False}
    assert not any(answers(confirmations(PAY, date(2026, 10, 27), calendar)).values())
    late = openness(Route.ARBITRATION_REVIEW, PAY, date(2026, 10, 10), calendar)
    assert late.reasons == ("期限已于 2026-10-09 届满。",)
    # The agreed day itself is still in time.
    assert not any(answers(reliefs(PAY, date(2026, 11, 2), calendar)).values())
    assert answers(reliefs(PAY, LATE, calendar)) == {
        Route.PAYMENT_ORDER: True,
        Route.ARBITRATION: True,
        Route.PAY_SUIT: True,
        Route.ENFORCEMENT: False,
        Route.INSPECTION: True,
    }


# Which routes close when one fact changes; the rest stay as they are.
CHANGES = [
    (
        {"causes": frozenset({"PAY_ARREARS", "REL_CONFIRM"})},
        {"arbitration_review", "judicial_confirmation", "pay_suit"},
    ),
    (
        {"causes": frozenset({"NEW_PAY"})},
        {"arbitration_review", "arbitration", "pay_suit", "payment_order", "inspection"},
    ),
    ({"causes": frozenset({"SI_MATERNITY"})}, {"pay_suit", "payment_order", "inspection"}),
    ({"causes": frozenset({"COMP_SEVERANCE"})}, {"pay_suit"}),
    ({"causes": frozenset({"SI_INJURY"})}, {"pay_suit"}),
    ({"only_payment": False}, {"judicial_confirmation", "pay_suit"}),
    ({"by_people_committee": False}, {"judicial_confirmation"}),
    ({"in_jurisdiction": False}, {"arbitration_review"}),
    (
        {"court_confirmed_on": date(2026, 10, 8)},
        {"arbitration_review", "judicial_confirmation", "payment_order", "arbitration", "pay_suit"},
    ),
    (
        {"reviewed_on": date(2026, 10, 8)},
        {"arbitration_review", "judicial_confirmation", "payment_order", "arbitration", "pay_suit"},
    ),
    ({"due_on": None}, {"payment_order", "arbitration", "pay_suit", "inspection"}),
    ({"by_people_committee": False, "by_court_listed_org": True, "only_payment": False}, {"pay_suit"}),
]


@pytest.mark.parametrize(("change", "closed"), CHANGES)
def test_what_closes_a_route(calendar, change, closed):
    changed = replace(PAY, **change)
    found = [openness(route, changed, EFFECT, calendar) for route in CONFIRMATIONS]
    found += [openness(route, changed, LATE, calendar) for route in RELIEFS if route != Route.ENFORCEMENT]

    assert {answer.route for answer in found if not answer.is_open} == {Route(value) for value in closed}
    assert all(answer.article == ROUTE_ARTICLES[answer.route] for answer in found)


def test_confirmed_agreement_is_enforced_for_two_years(calendar):
    confirmed = replace(PAY, court_confirmed_on=date(2026, 10, 8))
    found = openness(Route.ENFORCEMENT, confirmed, LATE, calendar)

    assert found.is_open is True
    assert found.ends == DueDate(date(2028, 11, 2), provisional=True)
    assert openness(Route.ENFORCEMENT, confirmed, date(2028, 11, 3), calendar).is_open is False
