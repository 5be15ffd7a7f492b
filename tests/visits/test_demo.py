"""The demo district: the published figures by SQL, and work waiting for every role."""

from __future__ import annotations

import datetime
import random
import re
from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests import database
from tests.sampling import taken
from tests.weight import LIGHT, weight
from unionops.casework.inbox import all_sources, elsewhere, inbox, waiting_sources
from unionops.casework.models import Deadline, FollowUp, Notice
from unionops.casework.sheets import plain
from unionops.china.credit_code import read_credit_code
from unionops.insight.figures import WHOLE, Figure, Question, answer, figure_of
from unionops.insight.indicators import Asked, find
from unionops.insight.periods import parse
from unionops.management.commands import up
from unionops.org.models import Enterprise, Organisation, User
from visits.analyses.models import Analysis, Reflection
from visits.demo import names
from visits.demo.loading import SEED, load
from visits.demo.texts import TEXTS
from visits.enums import IssueState
from visits.models import Category, Consultation, Issue, Rectification, Visit, VisitPlan

PASSWORD = "unionops-demo"
ACCOUNTS = ("cadre", "leader", "handler", "town", "clerk", "mediator", "officer", "auditor", "admin")
WITH_ISSUES = ("cadre", "leader", "handler", "town", "clerk", "mediator", "officer")
PERIOD = ["2023-04-01", "2025-01-15"]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Loaded once for all tests of this file; the copy of the database is put back afterwards."""
    with django_db_blocker.unblock():
        load(PASSWORD)
        yield
        database.copy()


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def one(sql: str, parameters: object = ()) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()


# The published result


def test_published_figures():
    (visits,) = one("SELECT count(*) FROM visits_visit WHERE visited_on BETWEEN %s AND %s", PERIOD)
    issues, resolved = one(
        "SELECT count(*), count(*) FILTER (WHERE state = 'closed' AND result_kind IN ('resolved', 'explained_accepted')"
        " AND (closed_at AT TIME ZONE 'Asia/Shanghai')::date <= '2025-01-15')"
        " FROM visits_issue WHERE state NOT IN ('void', 'merged')"
        " AND (registered_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %s AND %s",
        PERIOD,
    )

    assert (visits, issues, resolved) == (1833, 925, 876)
    assert f"{resolved / issues:.2%}" == "94.70%"


def test_published_district():
    assert one("SELECT count(*) FROM org_organisation WHERE kind = 'town'") == (17,)
    assert one("SELECT count(DISTINCT user_id) FROM org_posting WHERE role = 'liaison'") == (23,)
    assert one("SELECT count(*) FROM org_keylistentry WHERE valid_to IS NULL") == (87,)
    covered = one(
        "SELECT count(DISTINCT k.enterprise_id) FROM org_keylistentry k JOIN visits_visit v ON v.enterprise_id = k.enterprise_id"
        " WHERE v.visited_on BETWEEN %s AND %s",
        PERIOD,
    )
    assert covered == (87,)
    visited = one(
        "SELECT count(DISTINCT town_id), count(DISTINCT officer_id) FROM visits_visit WHERE visited_on BETWEEN %s AND %s",
        PERIOD,
    )
    assert visited == (17, 23)


def figure(code: str, username: str = "leader", by: str = "") -> dict[str, Figure]:
    period = parse("..".join(PERIOD))
    asked = Asked(User.objects.get(username=username), period, period.last)
    return answer([Question(find(code), asked, by)])[0]


def test_published_figures_by_the_indicators():
    assert figure("visit_count")[WHOLE].words == "1,833"
    assert figure("issue_count")[WHOLE].words == "925"
    rate = figure("resolution_rate")[WHOLE]
    assert (rate.numerator, rate.denominator, rate.words) == (876, 925, "94.70")
    covered = figure("coverage_rate")[WHOLE]
    assert (covered.numerator, covered.denominator, covered.words) == (87, 87, "100.00")
    assert len(figure("visit_count", by="town")) == 17
    assert len(figure("visit_count", by="cadre")) == 23
    months = figure("resolution_rate", by="month")
    assert min(months) == "2023-04"
    assert max(months) == "2025-01"
    assert sum(month.numerator for month in months.values()) == 876


def test_published_figures_stay_what_they_were_on_any_later_day():
    period = parse("..".join(PERIOD))
    today = Asked(User.objects.get(username="leader"), period, timezone.localdate())
    assert figure_of(Question(find("resolution_rate"), today)).numerator == 876


def test_dashboard_shows_the_published_result():
    client = Client()
    client.force_login(User.objects.get(username="leader"))
    text = client.get(f"/insight/?period={'..'.join(PERIOD)}").content.decode()

    for told in (">1,833<", ">925<", ">876<", ">94.70<", "17 个镇街", "23 名驻联干部", ">87</a>/<a"):
        assert told in text, told


def test_the_first_report_is_told_as_it_was():
    """153 problems solved for enterprises from May to October 2023 (domain C01)."""
    client = Client()
    client.force_login(User.objects.get(username="leader"))
    text = client.get("/insight/?period=2023-05-01..2023-10-31").content.decode()

    assert re.search(r'solved_for_firms_count&amp;period=2023-05-01..2023-10-31">153<', text)


def test_the_weekly_quota_is_met_as_a_district_meets_it():
    rate = figure("weekly_quota_rate")[WHOLE]

    assert 75 < rate.value < 90
    assert User.objects.filter(postings__role="liaison", weekly_quota__lt=1).count() == 0


def test_the_years_after_the_report_go_on():
    today = timezone.localdate()
    client = Client()
    client.force_login(User.objects.get(username="leader"))
    text = client.get("/insight/?all=1").content.decode()

    assert Visit.objects.filter(visited_on__year=today.year - 1).count() > 500
    assert "较上期" in text


@pytest.mark.parametrize("of", ["", "town", "department", "cadre", "key-enterprises", "wall"])
def test_boards_of_a_whole_history_stay_light(of):
    leader = User.objects.get(username="leader")
    client = Client()
    client.force_login(leader)
    key = {
        "town": Organisation.objects.get(name="斗门街道").pk, "department": Organisation.objects.get(name="权保部").pk,
        "cadre": User.objects.get(username="cadre").pk,
    }.get(of)  # fmt: skip
    path = f"/insight/{of}/{key}/" if key else f"/insight/{of}/" if of else "/insight/"
    query = f"{path}?period={'..'.join(PERIOD)}"
    page = client.get(query)
    text = page.content.decode()
    parts = re.findall(r'<a class="prow prow--more" href="[^"]*(&amp;part=[^"]+)"', text)
    weights = {part: weight(client.get(query + unescape(part))) for part in parts} | {"": weight(page)}

    assert max(weights.values()) < LIGHT, weights


def test_a_cadre_and_a_town_see_their_own_part():
    everybody = figure("issue_count", by="town")
    own = figure("issue_count", "town", by="town")
    assert len(own) == 1
    assert own.items() <= everybody.items()
    assert 0 < figure("visit_count", "cadre")[WHOLE].numerator < 1833
    assert figure("visit_count", "auditor")[WHOLE].numerator == 0


def test_nothing_of_the_published_period_is_still_open():
    """So that work in the demo never changes what was published."""
    old = Issue.objects.filter(registered_at__lt=datetime.datetime(2025, 1, 16, tzinfo=datetime.UTC))
    assert not old.open().exists()
    assert not Visit.objects.filter(visited_on__range=PERIOD, late=True).exists()


def test_no_visit_on_a_day_off():
    days = set(Visit.objects.filter(visited_on__range=PERIOD).values_list("visited_on", flat=True))
    assert datetime.date(2024, 2, 12) not in days  # Spring Festival
    assert datetime.date(2024, 10, 1) not in days
    assert {day.weekday() for day in days} >= {0, 1, 2, 3, 4}


# The present


@pytest.mark.parametrize("username", ACCOUNTS)
def test_every_account_can_sign_in_and_is_posted(username):
    user = User.objects.get(username=username)
    assert user.check_password(PASSWORD)
    assert user.scope.roles


def test_the_start_tells_of_the_accounts_in_demo_mode_only(settings):
    told = {}
    for settings.UNIONOPS_DEMO in (True, False):
        said = StringIO()
        up.Command(stdout=said).announce("127.0.0.1", 8000, 9.5, is_new=True)
        assert said.getvalue().startswith("UnionOps is ready at http://127.0.0.1:8000/")
        told[settings.UNIONOPS_DEMO] = said.getvalue()

    assert set(ACCOUNTS) <= set(re.findall(r"^  (\w+) ", told[True], re.MULTILINE))
    assert "unionops-demo" in told[True]
    assert "unionops-demo" not in told[False]


@pytest.mark.parametrize("username", WITH_ISSUES)
def test_every_inbox_has_something(username):
    rows = inbox(User.objects.get(username=username))

    assert len(rows) >= 2
    assert {row.url for row in rows}


@pytest.mark.parametrize("username", ["cadre", "handler", "clerk"])
def test_something_is_late(username):
    assert any(row.lamp.is_over for row in inbox(User.objects.get(username=username)))


def test_every_state_has_an_issue():
    found = set(Issue.objects.values_list("state", flat=True))
    passing = {IssueState.ANSWERED, IssueState.EXPLAINED, IssueState.MERGED}
    assert found >= set(IssueState) - passing


def test_present_is_alive():
    today = timezone.localdate()
    assert Visit.objects.filter(visited_on__gt=today - datetime.timedelta(days=42)).count() > 100
    assert not Visit.objects.filter(visited_on__gt=today).exists()
    assert Consultation.objects.filter(concluded_at=None).exists()
    assert Rectification.objects.filter(approved_at=None).exists()
    assert Rectification.objects.exclude(approved_at=None).exists()
    assert FollowUp.objects.filter(done_at=None).exists()
    assert Notice.objects.filter(read_at=None).exists()
    year, week, _weekday = today.isocalendar()
    cadre = User.objects.get(username="cadre")
    assert VisitPlan.objects.filter(user=cadre, iso_year=year, iso_week=week).count() == 1
    assert Deadline.objects.running().filter(due_on__lt=today).exists()


def test_nothing_happens_in_the_future():
    now = timezone.now()
    assert not Issue.objects.filter(registered_at__gt=now).exists()
    assert one("SELECT count(*) FROM org_event WHERE at > now() + interval '1 minute'") == (0,)


def test_open_issues_carry_a_running_clock():
    assert not Issue.objects.open().filter(deadline=None).exists()


def test_a_quarter_was_analysed():
    """The district's paper is signed, those of the towns stand everywhere on their way, some cadres owe a reflection."""
    whole = Analysis.objects.get(subject__kind="district")
    assert (whole.state, whole.figures["overview"]["issue_count"]["numerator"] > 100) == ("signed", True)
    assert set(Analysis.objects.values_list("state", flat=True)) == {"draft", "submitted", "returned", "signed"}
    assert Analysis.objects.count() == 18
    assert whole.figures["reflections"]["missing"] > 0
    assert set(Reflection.objects.values_list("state", flat=True)) == {"submitted", "returned"}


# Its words and names


def test_texts_have_categories():
    codes = set(Category.objects.values_list("code", flat=True))
    assert {text.category for text in TEXTS} <= codes
    assert len({plain(text.title) for text in TEXTS}) == len(TEXTS)
    assert not Issue.objects.filter(title__contains="{").exists()


def test_firms_have_valid_codes_and_different_names():
    firms = list(Enterprise.objects.values_list("name", "credit_code"))
    assert len(dict(firms)) == len(firms) == 132
    for _name, code in firms:
        assert read_credit_code(code) == code


def test_same_seed_same_firms_and_people():
    def drawn() -> tuple:
        pick = random.Random(SEED)
        return names.people(pick, 80), names.firms(pick, 132), names.credit_code(pick)

    assert drawn() == drawn()
    people, firms, _code = drawn()
    assert User.objects.get(username="cadre").name == people[0]
    assert set(Enterprise.objects.values_list("name", flat=True)) == {name for name, _industry, _staff in firms}


# The command


def test_demo_is_loaded_once_and_only_in_demo_mode(settings):
    settings.UNIONOPS_DEMO = False
    with pytest.raises(CommandError, match="UNIONOPS_DEMO"):
        call_command("load_demo")
    settings.UNIONOPS_DEMO = True
    with pytest.raises(CommandError, match="accounts already"):
        call_command("load_demo")


# Any number of visits


@pytest.mark.django_db
def test_simulation_adds_visits_with_issues(settings):
    settings.UNIONOPS_DEMO = True
    before = Visit.objects.count(), Issue.objects.count()
    last = datetime.date(2022, 12, 30)

    call_command("simulate", visits=2000, seed=5, first=datetime.date(2022, 1, 1), last=last, verbosity=0)

    added = Visit.objects.filter(ledger_import__file_name="simulated-2000.xlsx")
    issues = Issue.objects.filter(visit__in=added)
    assert Visit.objects.count() - before[0] == added.count() == 2000
    assert 0.4 < (Issue.objects.count() - before[1]) / 2000 < 0.6
    assert issues.count() == Issue.objects.count() - before[1]
    assert {visit.visited_on.year for visit in added} == {2022}
    assert 0.9 < issues.resolved().count() / issues.count() < 0.98


def test_every_source_of_the_inbox_that_has_rows_says_so():
    """The inbox asks only the sources that say that somebody waits: one that keeps silent loses its rows."""
    told, silent = set(), []
    for user in User.objects.filter(is_active=True):
        asked = {source.name for source in waiting_sources(user)}
        # That of who can sign in, and of a share of all the others.
        if user.username in ACCOUNTS or taken(user.username, of=5):
            assert elsewhere(user) == sum(source.elsewhere(user) for source in all_sources().values())
        for name, source in all_sources().items():
            if source.waits and next(iter(source.rows(user, 1)), None):
                told.add(name)
                if name not in asked:
                    silent.append((user.username, name))
    assert not silent
    assert told >= {"issue", "task", "supervision", "analysis", "reflection", "decision", "dispute", "claim", "order", "activity",
                    "place", "repair"}  # fmt: skip
