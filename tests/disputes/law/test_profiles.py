"""Vectors of domain.md 3.11 and 8, each by the rule that leads to it, and every rule against counting on the fingers."""

import datetime
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disputes.law.articles import VERSIONS, Article, Law
from disputes.law.months import Length, length_of, months_later, whole_months
from disputes.law.profiles import (
    RULES,
    OnExpiry,
    Profile,
    StartEvent,
    TermUnit,
    check_agreed_end,
    check_extension,
    latest_extended,
    rule_of,
    statutory_exit,
    term_ends,
)
from disputes.law.terms import TERMS, LegalTerm, legal_term_ends
from tests.disputes.law.conftest import count_on_fingers
from unionops.china.calendar import DueDate, Span, Unit
from unionops.china.errors import InvalidValue

TODAY = date(2026, 11, 21)


def test_table_of_profiles():
    rows = [
        (rule.profile, rule.start_event, rule.length, rule.unit, rule.extendable, rule.cap, rule.on_expiry)
        for rule in RULES
    ]
    natural = TermUnit.NATURAL

    assert rows == [
        (Profile.ZJ_ORG, StartEvent.RECEIPT, 15, natural, True, None, OnExpiry.END),
        (Profile.ENT_COMMITTEE, StartEvent.ACCEPTANCE, 15, natural, True, None, OnExpiry.DEEMED_FAILED),
        (Profile.ONE_STOP_NEW, StartEvent.ACCEPTANCE, 15, natural, True, 15, OnExpiry.END),
        (Profile.COURT_PRE, StartEvent.COURT_PAPERS, 30, natural, True, None, OnExpiry.REPORT),
        (Profile.COURT_POST, StartEvent.COURT_PAPERS, 15, natural, True, None, OnExpiry.RETURN),
        (Profile.COURT_POST_SIMPLE, StartEvent.COURT_PAPERS, 7, natural, True, None, OnExpiry.RETURN),
        (Profile.ARB_ENTRUST, StartEvent.CONSENT, 10, TermUnit.WORKING, False, None, OnExpiry.HEARING),
        (Profile.PEOPLE_MED, StartEvent.ACCEPTANCE, 1, TermUnit.MONTH, True, None, OnExpiry.END),
    ]


@pytest.mark.parametrize(
    ("profile", "start", "ends"),
    [
        # Spring Festival: the 15th day lies in the holiday.
        (Profile.ZJ_ORG, date(2026, 2, 6), date(2026, 2, 24)),
        (Profile.COURT_PRE, date(2026, 2, 6), date(2026, 3, 9)),
        # National Day, with a working Sunday and a working Saturday on the way.
        (Profile.ZJ_ORG, date(2026, 9, 18), date(2026, 10, 8)),
        (Profile.ENT_COMMITTEE, date(2026, 9, 24), date(2026, 10, 9)),
        (Profile.ARB_ENTRUST, date(2026, 9, 18), date(2026, 10, 9)),
        (Profile.ONE_STOP_NEW, date(2025, 9, 20), date(2025, 10, 9)),
        (Profile.COURT_POST, date(2026, 2, 6), date(2026, 2, 24)),
        (Profile.COURT_POST_SIMPLE, date(2026, 11, 2), date(2026, 11, 9)),
        # 2026-02-28 is a working Saturday and the last day of its month.
        (Profile.PEOPLE_MED, date(2026, 1, 31), date(2026, 2, 28)),
        (Profile.PEOPLE_MED, date(2026, 9, 3), date(2026, 10, 8)),
    ],
)
def test_term_of_a_profile(calendar, profile, start, ends):
    assert term_ends(rule_of(profile, start), start, calendar) == DueDate(ends, provisional=False)


@pytest.mark.parametrize(
    ("term", "start", "ends"),
    [
        (LegalTerm.ACCEPTANCE, date(2026, 2, 6), date(2026, 2, 11)),
        (LegalTerm.ACCEPTANCE, date(2026, 9, 18), date(2026, 9, 22)),
        (LegalTerm.REVIEW_DECISION, date(2026, 9, 18), date(2026, 9, 24)),
        (LegalTerm.REVIEW_WINDOW, date(2026, 9, 24), date(2026, 10, 9)),
        (LegalTerm.CONFIRMATION_WINDOW, date(2026, 2, 6), date(2026, 3, 9)),
        (LegalTerm.ORDER_OBJECTION, date(2025, 9, 20), date(2025, 10, 9)),
        (LegalTerm.AWARD, date(2026, 2, 6), date(2026, 3, 23)),
    ],
)
def test_term_of_an_office(calendar, term, start, ends):
    assert legal_term_ends(term, start, calendar) == DueDate(ends, provisional=False)


def test_extension_of_an_office(calendar):
    start = date(2026, 11, 2)

    assert legal_term_ends(LegalTerm.REVIEW_DECISION, start, calendar).on == date(2026, 11, 9)
    assert legal_term_ends(LegalTerm.REVIEW_DECISION, start, calendar, extended=True).on == date(2026, 11, 16)
    assert legal_term_ends(LegalTerm.CONFIRMATION_DECISION, start, calendar, extended=True).on == date(2026, 11, 27)


@pytest.mark.parametrize("profile", Profile)
def test_term_over_the_year_end_is_provisional(calendar, profile):
    start = date(2026, 12, 25)
    due = term_ends(rule_of(profile, start), start, calendar)

    assert due.on.year == 2027
    assert due.provisional is True


def test_statutory_exit_does_not_ask_for_the_profile(calendar):
    assert statutory_exit(date(2026, 2, 6), calendar) == DueDate(date(2026, 2, 24), provisional=False)
    assert statutory_exit(date(2026, 12, 20), calendar).provisional is True


def test_capped_extension_of_both_sides(calendar):
    start = date(2026, 2, 6)
    rule = rule_of(Profile.ONE_STOP_NEW, start)

    assert latest_extended(rule, start, calendar) == DueDate(date(2026, 3, 9), provisional=False)
    assert term_ends(rule, start, calendar, extra_days=15).on == date(2026, 3, 9)
    check_agreed_end(rule, start, date(2026, 3, 9), calendar)
    with pytest.raises(InvalidValue) as over:
        check_agreed_end(rule, start, date(2026, 3, 10), calendar)
    assert over.value.code == "over_cap"
    with pytest.raises(InvalidValue) as days:
        term_ends(rule, start, calendar, extra_days=16)
    assert days.value.code == "over_cap"
    with pytest.raises(InvalidValue) as early:
        check_agreed_end(rule, start, date(2026, 2, 24), calendar)
    assert early.value.code == "too_early"


def test_extension_without_cap(calendar):
    start = date(2026, 2, 6)
    rule = rule_of(Profile.ZJ_ORG, start)

    assert latest_extended(rule, start, calendar) is None
    check_agreed_end(rule, start, date(2027, 2, 6), calendar)
    with pytest.raises(InvalidValue, match="原期限之后"):
        check_extension(rule, -1)


def test_no_extension_of_what_arbitration_entrusts(calendar):
    start = date(2026, 9, 18)
    rule = rule_of(Profile.ARB_ENTRUST, start)

    assert latest_extended(rule, start, calendar) == term_ends(rule, start, calendar)
    with pytest.raises(InvalidValue) as refused:
        check_agreed_end(rule, start, date(2026, 10, 12), calendar)
    assert refused.value.code == "not_extendable"
    assert "第70条" in str(refused.value)


def test_profile_before_its_source():
    with pytest.raises(InvalidValue) as early:
        rule_of(Profile.ONE_STOP_NEW, date(2023, 12, 31))

    assert early.value.code == "not_in_force"
    assert rule_of(Profile.ONE_STOP_NEW, date(2024, 1, 19)).cap == 15
    assert {rule_of(profile, TODAY) for profile in Profile} == set(RULES)


def test_every_term_names_its_article():
    articles = [rule.article for rule in RULES] + [rule.article for rule in TERMS.values()]

    assert set(TERMS) == set(LegalTerm)
    assert set(VERSIONS) == set(Law)
    assert all(article.version and str(article).startswith("《") for article in articles)
    assert str(Article(Law.MEDIATION, 47, 2)) == "《劳动争议调解仲裁法》第47条第2项"
    assert str(Article(Law.ONE_STOP)) == "《关于加强新就业形态劳动纠纷一站式调解工作的通知》"


starts = st.dates(date(2016, 7, 1), date(2026, 6, 30))
spans = st.lists(
    st.tuples(st.dates(date(2016, 7, 1), date(2026, 6, 30)), st.integers(0, 40)).map(
        lambda span: Span(span[0], span[0] + datetime.timedelta(days=span[1]))
    ),
    max_size=2,
)


def days_of(pauses):
    return {first + datetime.timedelta(days=step) for first, last in pauses for step in range((last - first).days + 1)}


@settings(max_examples=100)
@given(start=starts, rule=st.sampled_from(RULES), extra=st.integers(0, 15), pauses=spans)
def test_every_profile_agrees_with_counting_on_the_fingers(calendar, announced, start, rule, extra, pauses):
    extra = extra if rule.extendable else 0
    length = rule.length
    if rule.unit == TermUnit.MONTH:
        length = 31 if start.month in (1, 3, 5, 7, 8, 10, 12) else 30
        if start.month == 2:
            length = 29 if start.year % 4 == 0 else 28
        # The 29th to 31st of a longer month than the next one: the term ends with the next month.
        beyond = start + datetime.timedelta(days=length)
        length -= 0 if beyond.day == start.day else beyond.day

    due = term_ends(rule, start, calendar, extra_days=extra, pauses=pauses)

    only_working = rule.unit == TermUnit.WORKING
    assert due.on == count_on_fingers(
        announced, start, length + extra, only_working=only_working, paused=days_of(pauses)
    )


@settings(max_examples=60)
@given(start=starts, rule=st.sampled_from(list(TERMS.values())), extended=st.booleans())
def test_every_legal_term_agrees_with_counting_on_the_fingers(calendar, announced, start, rule, extended):
    due = legal_term_ends(rule.term, start, calendar, extended=extended)

    length = rule.length + (rule.extension if extended else 0)
    assert due.on == count_on_fingers(announced, start, length, only_working=rule.unit == Unit.WORKING)


@settings(max_examples=60)
@given(first=st.dates(date(2000, 1, 1), date(2030, 1, 1)), count=st.integers(0, 400))
def test_months_and_lengths_agree(first, count):
    later = months_later(first, count)

    assert (later.year * 12 + later.month) - (first.year * 12 + first.month) == count
    assert later.day == first.day or (later + datetime.timedelta(days=1)).day == 1
    last = later - datetime.timedelta(days=1)
    assert whole_months(first, last) == count
    assert length_of(first, last) == Length(count // 12, count % 12, 0)
