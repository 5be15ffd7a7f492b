"""A figure and the list behind it are the same rows, for every indicator, dimension and role; and cut-offs are honest."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disputes.models import Obligation
from services.childcare.models import CareNote, ChildDay
from services.orders.models import Offer
from services.places.models import ServiceGiven
from tests.sampling import taken
from tests.world import make_enterprise
from unionops.insight.dimensions import NONE, dimensions
from unionops.insight.figures import WHOLE, Figure, Question, answer, figure_of, rows_of
from unionops.insight.indicators import Asked, Part, Unit, find, indicators
from unionops.insight.periods import parse
from visits.actions import steps
from visits.enums import IssueState
from visits.models import Issue, OfficerWeek, Visit

from .conftest import at, draft, visit

pytestmark = pytest.mark.django_db

ROLES = (
    "cadre", "other_cadre", "leader", "chief", "clerk", "handler", "other_handler", "town", "mediator", "officer", "auditor",
    "admin", "unposted",
)  # fmt: skip
SPRING = "2026-03-01..2026-05-31"
# The way from a row that has no district of its own.
DISTRICT = {
    Obligation: "agreement__dispute__district",
    Offer: "order__district",
    ChildDay: "child__class_file__activity__district",
    CareNote: "class_file__activity__district",
    ServiceGiven: "place__district",
    Visit.officers.through: "visit__district",
}
CODES = [indicator.code for indicator in indicators()]


def ask(code, user, period=SPRING, day="", by="", **where):
    span = parse(period)
    cut_off = datetime.date.fromisoformat(day) if day else span.last
    return Question(find(code), Asked(user, span, cut_off), by, where)


def told(code, user, period=SPRING, day="", **where):
    figure = figure_of(ask(code, user, period, day, **where))
    return (figure.numerator, figure.denominator) if figure.denominator is not None else figure.numerator


# Every figure opens to its rows


@pytest.mark.parametrize("name", ROLES)
def test_a_list_is_as_long_as_its_figure(two_springs, name):
    user = two_springs[name]
    asked = 0
    # Of the divided figures each run takes a share; of the leader's, who sees everything, all ways to divide.
    ways, share = (1, 8) if name == "leader" else (16, 16)
    for indicator in indicators():
        # Who sees less is asked for a share: the indicators of one kind of rows differ in the same filters for all.
        if name != "leader" and not taken("whole", name, indicator.code, of=2):
            continue
        whole = ask(indicator.code, user)
        divided = [by for by in indicator.dimensions if taken(name, indicator.code, by, of=ways)]
        questions = [whole, *(ask(indicator.code, user, by=by) for by in divided)]
        all_rows = {}
        for question, figures in zip(questions, answer(questions), strict=True):
            for key, figure in figures.items():
                where = {question.by: key} if key != WHOLE else {}
                for part in indicator.parts:
                    if key != WHOLE and not taken(name, indicator.code, question.by, key, part, of=share):
                        continue
                    rows = list(rows_of(ask(indicator.code, user, **where), part).values_list("pk", flat=True))
                    place = (indicator.code, question.by, key, part)
                    assert len(rows) == len(set(rows)) == getattr(figure, part), place
                    all_rows.setdefault(part, len(rows))
                    asked += 1
            for part in indicator.parts:
                assert sum(getattr(figure, part) for figure in figures.values()) == all_rows[part]
    assert asked >= len(CODES) / (1 if name == "leader" else 4)


@pytest.mark.parametrize("name", ROLES)
def test_nobody_counts_what_they_may_not_see(two_springs, name):
    user, seen_by = two_springs[name], {}
    for indicator in indicators():
        model = indicator.rows.model
        if model not in seen_by:
            own = model.objects.filter(**{DISTRICT.get(model, "district"): two_springs.district})
            visible = getattr(model.objects, "visible_to", indicator.rows.visible)
            seen_by[model] = set(visible(user).values_list("pk", flat=True)) & set(own.values_list("pk", flat=True))
        for part in indicator.parts:
            if not taken("counts", name, indicator.code, part, of=4):
                continue
            counted = set(rows_of(ask(indicator.code, user), part).values_list("pk", flat=True))
            assert counted <= seen_by[model], (indicator.code, part)
        if name in ("auditor", "admin", "unposted") and indicator.rows.code in (
            "visit",
            "issue",
            "week",
            "dispute",
            "obligation",
        ):
            assert figure_of(ask(indicator.code, user)).numerator == 0


def test_the_spring_has_something_for_every_indicator(history):
    empty = [code for code in CODES if not (figure_of(ask(code, history["leader"])).numerator)]

    # Nobody was called three times in vain, and what is late was answered or still lies there.
    assert set(empty) <= {"unreached_count"}


def test_every_dimension_is_declared():
    known = {dimension.code for dimension in dimensions()}
    assert {code for indicator in indicators() for code in indicator.dimensions} == known


# One statement


def test_any_number_of_figures_costs_one_statement(history):
    leader = history["leader"]
    assert leader.scope
    everything = [ask(code, leader) for code in CODES]
    everything += [ask(code, leader, by=by) for code in ("resolution_rate", "visit_count") for by in ("town", "month")]
    for more in range(2):
        for number in range(more * 20):
            history.issue(IssueState.HANDLING, number=f"M26-{number}", registered_at=at(3, 6))
        with CaptureQueriesContext(connection) as seen:
            answer(everything)
        assert len(seen) == 1


# What the words mean


def test_spring_as_the_leader_sees_it(history):
    leader = history["leader"]
    counts = {code: told(code, leader) for code in CODES}

    assert counts["visit_count"] == 5
    assert counts["visited_firm_count"] == 2
    assert counts["coverage_rate"] == (2, 2)
    assert counts["issue_count"] == 6
    assert counts["resolution_rate"] == (2, 6)
    assert counts["substantive_rate"] == (1, 6)
    assert counts["explained_rate"] == (1, 6)
    assert counts["unresolved_count"] == 4
    assert counts["closed_count"] == 2
    assert counts["flow_resolution_rate"] == (2, 2)
    assert counts["sendback_rate"] == (1, 3)
    assert counts["reopen_rate"] == (1, 3)
    assert counts["satisfaction_rate"] == (1, 2)
    assert counts["participation_rate"] == (2, 2)
    assert counts["followup_rate"] == (2, 2)
    assert counts["revisit_agreement_rate"] == (1, 1)
    assert counts["open_count"] == 4
    days = figure_of(ask("days_to_close", leader))
    # On the spot: 0 days; the other from 3 March to 9 April: 37.
    assert days.value == Decimal("18.5")
    assert figure_of(ask("days_to_close_p90", leader)).value == Decimal("33.3")
    # Answered on the spot: 0 working days; 3 March to 8 April: 25; 30 March to 28 April: 20. The 6th of April is free.
    assert figure_of(ask("avg_handling_days", leader)).words == "15.0"
    assert figure_of(ask("handling_days", leader)).words == "20.0"
    assert figure_of(ask("avg_handling_days", leader, "2026-03-01..2026-04-27")).words == "12.5"


def test_two_visits_to_one_firm_are_two_visits_and_one_firm(world):
    visit(world, "cadre", world.enterprise, 3, 2)
    visit(world, "cadre", world.enterprise, 3, 4)

    assert told("visit_count", world["leader"]) == 2
    assert told("visited_firm_count", world["leader"]) == 1


def test_cohort_and_flow_are_two_things(history):
    leader = history["leader"]
    # Registered in March, closed in April: March's cohort, April's flow.
    assert told("resolution_rate", leader, "2026-03", "2026-03-31") == (1, 5)
    assert told("resolution_rate", leader, "2026-03", "2026-05-31") == (2, 5)
    assert told("flow_resolution_rate", leader, "2026-03") == (1, 1)
    assert told("flow_resolution_rate", leader, "2026-04") == (1, 1)
    assert told("resolution_rate", leader, "2026-04") == (0, 1)


def test_what_was_closed_after_the_cut_off_is_open_in_the_figure(history):
    leader = history["leader"]
    assert told("open_count", leader, "2026-04", "2026-04-08") == 5
    assert told("open_count", leader, "2026-04", "2026-04-09") == 4


def test_a_void_issue_counted_until_it_was_void(history):
    leader = history["leader"]
    assert told("issue_count", leader, "2026-03", "2026-03-09") == 4
    assert told("issue_count", leader, "2026-03", "2026-03-10") == 3


def test_an_appeal_leaves_earlier_figures_as_they_were(world):
    now, leader = timezone.now(), world["leader"]
    registered, closed = now - datetime.timedelta(days=30), now - datetime.timedelta(days=20)
    case = world.issue(IssueState.CLOSED, registered_at=registered, closed_at=closed)
    period = f"{timezone.localdate(registered)}..{timezone.localdate(now)}"
    earlier = f"{timezone.localdate(now) - datetime.timedelta(days=5)}"
    steps.appeal(case, by=leader, reason="又欠了")

    assert told("resolution_rate", leader, period) == (0, 1)
    assert told("open_count", leader, period) == 1
    assert told("resolution_rate", leader, period, earlier) == (1, 1)
    assert told("substantive_rate", leader, period, earlier) == (1, 1)
    assert told("explained_rate", leader, period, earlier) == (0, 1)
    assert told("flow_resolution_rate", leader, period, earlier) == (1, 1)
    assert told("open_count", leader, period, earlier) == 0
    assert (
        told("closed_count", leader, f"{timezone.localdate(registered)}..{timezone.localdate(registered)}", earlier)
        == 0
    )


def test_the_last_second_of_a_month_belongs_to_it(world):
    last = datetime.datetime(2026, 3, 31, 23, 59, 59, tzinfo=at(3, 31).tzinfo)
    for title, moment in (("last", last), ("first", last + datetime.timedelta(seconds=1))):
        world.issue(IssueState.HANDLING, title=title, registered_at=moment)

    assert told("issue_count", world["leader"], "2026-03") == 1
    assert told("issue_count", world["leader"], "2026-04") == 1
    found = answer([ask("issue_count", world["leader"], by="month")])[0]
    assert {key: figure.numerator for key, figure in found.items()} == {"2026-03": 1, "2026-04": 1}


def test_terms(history):
    leader = history["leader"]
    # «called» is with the second department and nobody signed; «reopened» was signed for far too late.
    assert told("response_rate", leader) == (1, 3)
    due, late = told("closure_rate", leader), told("overdue_rate", leader)
    assert due[1] == late[1] == told("on_time_rate", leader)[1]
    assert told("on_time_rate", leader)[0] + late[0] == due[1]


def test_weeks_of_the_officers(world):
    cadre = world.people["cadre"]
    cadre.weekly_quota = 1
    cadre.save()
    visit(world, "cadre", world.enterprise, 3, 3)
    cadre.leaves.create(starts_on=at(3, 9).date(), ends_on=at(3, 11).date())
    mine = OfficerWeek.objects.visible_to(world["cadre"])

    assert {week.officer_id for week in mine} == {cadre.pk}
    assert told("weekly_quota_rate", world["cadre"], "2026-W10") == (1, 1)
    # Three days of leave leave two working days: no visit is expected.
    assert told("weekly_quota_rate", world["cadre"], "2026-W11") == (0, 0)
    assert told("weekly_quota_rate", world["cadre"], "2026-W12") == (0, 1)
    # A week that is not over does not count.
    assert told("weekly_quota_rate", world["cadre"], "2026-W12", "2026-03-20") == (0, 0)
    assert told("weekly_quota_rate", world["leader"], "2026-W12") == (0, 2)


def test_a_posting_that_ends_in_the_middle_of_a_week(world):
    """Three days in post make a week of which a visit is expected, two do not; who moves has one week, in the town of before."""
    posting = world.people["cadre"].postings.get()
    tuesday = datetime.date(2026, 3, 17)
    expected = []
    for days in (1, 0):
        posting.valid_to = tuesday + datetime.timedelta(days)
        posting.save()
        expected.append(
            [told("weekly_quota_rate", world["leader"], week)[1] for week in ("2026-W11", "2026-W12", "2026-W13")]
        )
    world.people["cadre"].postings.create(
        organisation=world.other_town, role="liaison", valid_from=tuesday + datetime.timedelta(1)
    )
    (week,) = OfficerWeek.objects.filter(officer=world.people["cadre"], monday=datetime.date(2026, 3, 16))

    # The other one is the other cadre.
    assert expected == [[2, 2, 1], [2, 1, 1]]
    assert week.town == world.town
    assert told("weekly_quota_rate", world["leader"], "2026-W12") == (0, 2)


def test_a_rate_of_nothing_is_a_dash(world):
    figure = figure_of(ask("resolution_rate", world["leader"], "2001"))

    assert figure.value is None
    assert figure.words == "—"
    assert figure_of(ask("days_to_close", world["leader"], "2001")).words == "—"
    assert figure_of(ask("visit_count", world["leader"], "2001")).words == "0"


def test_rounding_is_that_of_the_office():
    rate = find("resolution_rate")

    assert Figure(rate, 876, 925).words == "94.70"
    assert Figure(rate, 109, 327).words == "33.33"
    assert Figure(rate, 3993, 4028).words == "99.13"
    assert Figure(rate, 3993, 4190).words == "95.30"
    assert Figure(find("visit_count"), 1833).words == "1,833"


def test_filters_narrow_and_what_does_not_apply_is_said(history):
    leader = history["leader"]
    category = str(history.category.parent_id)

    assert told("issue_count", leader, town=str(history.other_town.pk)) == 3
    assert told("issue_count", leader, category=category, town=str(history.town.pk)) == 2
    assert ask("visit_count", leader, category=category).ignored == ["category"]
    assert told("issue_count", leader, industry=NONE) == told("issue_count", leader) - 3


def test_units_are_whole():
    for indicator in indicators():
        assert (indicator.unit == Unit.RATE) == (Part.DENOMINATOR in indicator.parts)
        assert str(indicator.name)
        assert str(indicator.meaning)


def test_nothing_was_left_out(history):
    """The rows of the world are those of the test: a change of it is noticed here first."""
    assert Visit.objects.count() == 5
    assert Issue.objects.count() == 7
    assert draft(history, "x").title == "x"
    assert make_enterprise(history.town).pk
