from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from unionops.china import days
from unionops.china.calendar import DueDate, Unit, due_date
from unionops.china.days import InvalidNotice, announce_year, fill_calendar, unconfirmed_years, working_calendar
from unionops.china.models import CalendarDay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_calendar(db: None) -> None:
    """Migrating has filled it; these tests fill it themselves."""
    CalendarDay.objects.all().delete()


NATIONAL_DAY = {date(2027, 10, day): "国庆节" for day in range(1, 8)}


def test_fill_knows_the_announced_years_and_estimates_the_rest():
    filled = fill_calendar()

    assert filled.added == CalendarDay.objects.count() == 5844
    assert CalendarDay.objects.get(date=date(2026, 10, 10)).is_workday is True
    assert CalendarDay.objects.get(date=date(2026, 2, 17)).name == "春节"
    assert unconfirmed_years() == list(range(2027, 2036))


def test_fill_twice_changes_nothing():
    fill_calendar(2026, 2027)

    assert fill_calendar(2026, 2027) == (0, 0)


def test_fill_repairs_its_own_days_and_leaves_those_of_the_office():
    fill_calendar(2027, 2027)
    CalendarDay.objects.filter(date=date(2027, 3, 1)).update(is_workday=False)
    CalendarDay.objects.filter(date=date(2027, 3, 2)).update(is_workday=False, source=CalendarDay.Source.OFFICE)

    filled = fill_calendar(2027, 2027)

    assert filled == (0, 1)
    assert CalendarDay.objects.get(date=date(2027, 3, 1)).is_workday is True
    assert CalendarDay.objects.get(date=date(2027, 3, 2)).is_workday is False


def test_announced_year_is_confirmed_with_its_swapped_days():
    fill_calendar(2026, 2028)

    announce_year(2027, rest=NATIONAL_DAY, work={date(2027, 9, 26), date(2027, 10, 9)}, notice="国办发明电〔2026〕7号")

    calendar = working_calendar()
    assert unconfirmed_years() == [2028]
    assert calendar.is_workday(date(2027, 10, 7)) is False
    assert calendar.is_workday(date(2027, 10, 9)) is True
    assert calendar.is_workday(date(2027, 10, 10)) is False
    assert due_date(calendar, date(2027, 9, 30), 1, Unit.WORKING) == DueDate(date(2027, 10, 8), provisional=False)
    assert CalendarDay.objects.get(date=date(2027, 10, 9)).notice == "国办发明电〔2026〕7号"


def test_a_later_fill_leaves_the_announced_year_alone():
    announce_year(2027, rest=NATIONAL_DAY, work=set(), notice="通知")

    assert fill_calendar(2027, 2027) == (0, 0)
    assert CalendarDay.objects.get(date=date(2027, 10, 7)).is_workday is False


@pytest.mark.parametrize(
    ("rest", "work", "code"),
    [
        ({date(2026, 10, 1): "国庆节"}, set(), "other_year"),
        ({}, {date(2028, 1, 1)}, "other_year"),
        ({date(2027, 10, 9): "国庆节"}, {date(2027, 10, 9)}, "both"),
        ({}, {date(2027, 10, 8)}, "no_weekend"),
    ],
)
def test_notice_that_cannot_be_right_is_refused(rest, work, code):
    with pytest.raises(InvalidNotice) as caught:
        announce_year(2027, rest=rest, work=work, notice="通知")

    assert caught.value.code == code
    assert CalendarDay.objects.count() == 0


def test_calendar_is_loaded_once_while_nobody_edits(django_assert_num_queries):
    fill_calendar(2026, 2026)
    first = working_calendar()

    with django_assert_num_queries(1):
        second = working_calendar()

    assert second is first


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE china_calendarday SET is_workday = false WHERE date = '2026-11-20'",
        "DELETE FROM china_calendarday WHERE date = '2026-11-20'; INSERT INTO china_calendarday VALUES ('2026-11-20', false, '', 'office', '', true)",
    ],
)
def test_edit_by_any_statement_is_seen_at_once(statement):
    fill_calendar(2026, 2026)
    assert working_calendar().is_workday(date(2026, 11, 20)) is True

    with connection.cursor() as cursor:
        cursor.execute(statement)

    assert working_calendar().is_workday(date(2026, 11, 20)) is False


def test_edit_that_was_rolled_back_leaves_no_trace():
    fill_calendar(2026, 2026)
    with pytest.raises(RuntimeError), transaction.atomic():
        CalendarDay.objects.filter(date=date(2026, 11, 20)).update(is_workday=False)
        assert working_calendar().is_workday(date(2026, 11, 20)) is False
        raise RuntimeError

    assert working_calendar().is_workday(date(2026, 11, 20)) is True

    CalendarDay.objects.filter(date=date(2026, 11, 19)).update(is_workday=False)

    assert working_calendar().is_workday(date(2026, 11, 19)) is False
    assert working_calendar().is_workday(date(2026, 11, 20)) is True


@pytest.mark.django_db(transaction=True)
def test_edit_of_another_connection_is_seen_after_its_commit():
    fill_calendar(2026, 2026)
    assert working_calendar().is_workday(date(2026, 11, 20)) is True
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("UPDATE china_calendarday SET is_workday = false WHERE date = '2026-11-20'")
    finally:
        other.close()

    assert working_calendar().is_workday(date(2026, 11, 20)) is False


def test_empty_table_is_monday_to_friday_and_not_held(monkeypatch):
    monkeypatch.setattr(days, "_held", None)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM china_calendarday; DELETE FROM china_calendarstamp")

    assert working_calendar().is_workday(date(2026, 11, 20)) is True
    assert days._held is None

    CalendarDay.objects.create(date=date(2026, 11, 20), is_workday=False, confirmed=True)

    assert working_calendar().is_workday(date(2026, 11, 20)) is False


def test_command_says_what_it_did(capsys):
    call_command("load_calendar", "--from", "2026", "--to", "2027")

    said = capsys.readouterr().out
    assert "新增 730 天" in said
    assert "2027" in said
