"""The published results of programmes are in the demo as rows, and the figures that count them say what was published."""

from __future__ import annotations

import datetime
import random
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from services import catalogue
from services.actions.programmes import install
from services.activities import demo as activities_demo
from services.activities.models import Poll, Team
from services.activities.queries import progress, result
from services.bookings import demo as bookings_demo
from services.bookings.models import Booking
from services.claims import demo as claims_demo
from services.claims.models import Claim
from services.demo import begin_some, published_of, write_published
from services.models import Programme
from services.mutual import demo as mutual_demo
from services.mutual.models import UnitEnrolment
from services.orders import demo as orders_demo
from services.orders.catalogue import CRAFT_CODES, TECH
from services.orders.models import Craftsman
from services.places import demo as places_demo
from services.places.models import CoveragePlan, Place, ServiceGiven
from services.places.queries import progress as plan_progress
from services.published import BESIDE, NOT_IN_DEMO, PUBLISHED, REPRODUCED, SHOWN_BESIDE, Published
from services.shapes import kind_for
from tests.sampling import WHOLE
from tests.world import World, make_enterprise
from unionops.insight.asking import rows_url
from unionops.insight.figures import Question, figure_of, rows_of
from unionops.insight.indicators import Asked, find
from unionops.insight.periods import parse
from unionops.org.models import User
from unionops.org.paging import MOST_COUNTED
from visits.demo.district import Demo

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(world: World) -> Demo:
    """The district as the demo finds it when it writes its registers."""
    found = Demo(
        world.district, User.objects.system(), random.Random(1), towns=[world.town, world.other_town], people=world.people,
        firms=[make_enterprise(world.town) for _number in range(9)],
    )  # fmt: skip
    install(found.district, catalogue.rows(), by=found.system)
    return found


def words(world: World, programme: Programme | None, code: str, years: str) -> str:
    """A figure as a page of the product says it, of one programme or of all."""
    return figure_of(question(world, programme, code, years)).words


def question(world: World, programme: Programme | None, code: str, years: str) -> Question:
    span, indicator = parse(years), find(code)
    assert indicator is not None, code
    where = {"programme": str(programme.pk)} if programme else {}
    return Question(indicator, Asked(world["leader"], span, timezone.localdate()), "", where)


def test_figures_of_past_years_are_those_that_were_published(world: World, demo: Demo, client: Client) -> None:
    programmes = list(Programme.objects.filter(district=world.district))
    # Thousands of rows are written only when every test is.
    results = [(programme, found) for programme, found in published_of(programmes) if found.rows <= 330 or WHOLE]
    for programme, published in results:
        write_published(demo, programme, published, demo.pick)
    orders_demo.load(demo, timezone.now())
    claims_demo.load(demo, timezone.now())
    begin_some(demo, programmes, demo.pick, timezone.now() - datetime.timedelta(hours=1))
    assert len(results) > 40
    assert {programme.code for programme in programmes} == {row["code"] for row in catalogue.rows()}
    whole: dict[tuple[Programme, int], list[Published]] = {}
    for programme, published in results:
        whole.setdefault((programme, published.year), []).append(published)
    for (programme, year), parts in whole.items():

        def told(figure: str, programme: Programme = programme, year: int = year) -> str:
            return words(world, programme, f"{programme.shape}_{figure}", str(year))

        rows = sum(one.rows for one in parts)
        assert told("count") == f"{rows:,}", programme.code
        assert told("people") == f"{sum(one.people for one in parts):,}", programme.code
        if not any(one.state for one in parts):
            ended = sum(one.rows if one.ended is None else one.ended for one in parts)
            assert told("finished_rate") == f"{Decimal(100 * ended) / rows:.2f}", programme.code
        if amount := sum(one.amount for one in parts):
            assert told("amount_paid") == f"{amount:,.2f}", programme.code
        for column, total in [pair for one in parts for pair in one.columns.items()]:
            found = kind_for(programme.shape).model.objects.filter(programme=programme, registered_at__year=year)
            assert sum(found.values_list(column, flat=True)) == total, (programme.code, column)
    known = {programme.code: programme for programme in programmes}
    written = {(programme.code, published.year) for programme, published in results}
    shown = [
        (code, one)
        for code, figures in REPRODUCED.items()
        for one in figures
        if not one.whole
        and all((code, found.year) in written for found in PUBLISHED[code] if str(found.year) in one.years)
    ]
    assert len(shown) > 90
    for code, one in shown:
        assert words(world, known[code], one.code, one.years) == one.words, (code, one)
    # Each opens its rows: 74 of the proposals became something for everybody.
    client.force_login(world["leader"])
    asked = question(world, known["school_match"], "own_activity_listed", "2023")
    assert rows_of(asked).count() == 1
    assert "校企对接" in client.get(rows_url(asked)).content.decode()
    if WHOLE:
        asked = question(world, known["proposals"], "own_claim_works", "2024")
        assert rows_of(asked).count() == 74
    # 24,000,000 yuan for 12,000 people were 2,000 each, 1,250,000 for 9,000 claims 138.89 (domain 8).
    for code, figure, each in (("retreats", "people", "2000.00"), ("mutual_aid", "count", "138.89")):
        if (code, 2024) in written:
            paid, whom = (
                Decimal(words(world, known[code], f"claim_{one}", "2024").replace(",", ""))
                for one in ("amount_paid", figure)
            )
            assert f"{paid / whom:.2f}" == each
    grown = Claim.objects.filter(programme__code="startups")
    assert [grown.filter(details__grown=what).count() for what in ("高新技术企业", "瞪羚企业", "拟上市企业")] == [
        15,
        3,
        1,
    ]
    # A rebate tells its arithmetic, and whose policy it was.
    assert Claim.objects.get(programme__code="rebates", ledger_import__isnull=False).reckoned["amount"] == "120000.00"
    # A panel of a plan of fifty: four experts each, and its list says how far the plan is.
    sums = client.get("/services/p/expert_panels/sums/").content.decode()
    assert "年度目标" in sums
    assert "6.00%" in sums or timezone.localdate().year > 2026
    assert Place.objects.get(programme__code="drivers_homes").area == 2000


def test_each_published_figure_is_one_of_the_product_or_stands_where_it_is_said() -> None:
    """The number in the words of the catalogue is the number that the figure of the demo says."""
    for row in catalogue.rows():
        known = {one.label: one for one in REPRODUCED.get(row["code"], ())}
        labels = [figure["label"] for figure in row.get("figures", ())]
        assert set(known) <= set(labels), row["code"]
        assert len(set(labels)) == len(labels), row["code"]
        for figure in row.get("figures", ()):
            if one := known.get(figure["label"]):
                assert number_in(figure["value"]) == Decimal(one.words.replace(",", "")), (row["code"], figure)
            else:
                assert (row["code"], figure["label"]) in SHOWN_BESIDE, (row["code"], figure)
    assert {code for code, _label in SHOWN_BESIDE} <= {row["code"] for row in catalogue.rows()}
    assert set(NOT_IN_DEMO) <= set(catalogue.ENTRIES)


def test_a_long_list_adds_up_when_it_is_asked(world: World, client: Client) -> None:
    """Adding up grows with the table: the list comes with its figures as long as it can be counted, or offers them."""
    demo = Demo(world.district, User.objects.system(), random.Random(1), towns=[world.town], people=world.people)
    install(demo.district, [row for row in catalogue.rows() if row["code"] == "proposals"], by=demo.system)
    programme, at_once = Programme.objects.get(code="proposals"), 'hx-trigger="load"'
    client.force_login(world["leader"])
    for rows, expected in ((MOST_COUNTED, True), (1, False)):
        write_published(demo, programme, Published(year=2024 + rows % 2, rows=rows), demo.pick)
        page = client.get("/services/p/proposals/").content.decode()
        assert (at_once in page, "toggle from:closest details once" in page) == (expected, not expected)
        assert "/services/p/proposals/sums/" in page
    assert "1,001" in client.get("/services/p/proposals/sums/").content.decode()
    # A search shows what it finds; the figures are those of the whole programme.
    assert at_once not in client.get("/services/p/proposals/?state=open").content.decode()


TIMES = {"": 1, "万": 10**4, "亿": 10**8}


def number_in(text: str) -> Decimal:
    """8500 万元 is 85,000,000; 30 人 + 30 人 is 60; what stands about a number says only that it was rounded."""
    found = re.findall(r"(\d+(?:\.\d+)?)\s*[余多]?\s*([万亿]?)", text)
    return sum((Decimal(digits) * TIMES[more] for digits, more in found), Decimal(0))


def test_what_was_published_beside_the_cases_is_there_too(world: World) -> None:
    """The ballot of the appraisal, the teams, the craftsmen and speakers, who is in mutual aid."""
    demo = Demo(
        world.district, User.objects.system(), random.Random(1), towns=[world.town, world.other_town], people=world.people,
        firms=[make_enterprise(world.town) for _number in range(3)],
    )  # fmt: skip
    codes = {"appraisal", "team_events", "mutual_aid", *CRAFT_CODES, "ten_minutes", "helpers"}
    install(demo.district, [row for row in catalogue.rows() if row["code"] in codes], by=demo.system)
    for programme, published in published_of(list(Programme.objects.filter(code__in=("appraisal", "team_events")))):
        write_published(demo, programme, published, demo.pick)
    activities_demo.load(demo, timezone.now())
    orders_demo.enter(demo, demo.pick)
    mutual_demo.load(demo, timezone.now())
    found = result(Poll.objects.get())
    assert (found["issued"], found["returned"], found["rows"][-1]["votes"]) == (141, 137, [127, 10, 0])
    assert [(row["held"], row["left"]) for row in progress(world.district, 2024)] == [(10, 0)] * 5
    assert sum(len(team.members) for team in Team.objects.all()) == 108
    assert Craftsman.objects.filter(programmes__code=TECH).count() == 118
    serving = {code: Craftsman.objects.filter(programmes__code=code).count() for code in ("ten_minutes", "helpers")}
    assert serving == {"ten_minutes": 120, "helpers": 30}
    units = UnitEnrolment.objects.filter(plan__year=timezone.localdate().year)
    assert (units.count(), sum(units.values_list("people", flat=True))) == (528, 29_428)
    # So many minutes until somebody accepted: the published five on the average.
    assert sum(orders_demo.MINUTES) == 5 * len(orders_demo.MINUTES)
    assert {code for code in BESIDE if code != "stations"} <= codes


def test_the_stations_of_the_demo_are_those_of_the_plan(world: World) -> None:
    """Fourteen upgraded of ninety, forty-two services for twenty thousand people, and a house that is booked."""
    install(
        world.district,
        [row for row in catalogue.rows() if row["code"] in ("stations", "workers_homes")],
        by=world["admin"],
    )
    Programme.objects.update(organisation=world.other_department)
    demo = Demo(
        world.district, User.objects.system(), random.Random(1), towns=[world.town] * places_demo.UPGRADED, people=world.people,
        staff={world.other_department.pk: [world["officer"]]},
    )  # fmt: skip
    if WHOLE:
        places_demo.tell(demo, timezone.now())
        assert plan_progress(CoveragePlan.objects.get()).done == 14
        given = ServiceGiven.objects.all()
        assert (given.count(), sum(given.values_list("people", flat=True))) == (42, 20_160)
        stations = Programme.objects.get(code="stations")
        told = [words(world, stations, f"place_{what}", "2024") for what in ("upgraded", "services", "served")]
        assert told == ["14", "42", "20,160"]
    # Each run counts what the demo writes; the whole of the tests writes it.
    assert (places_demo.UPGRADED, places_demo.SERVICES, places_demo.SERVICES * places_demo.PEOPLE) == (14, 42, 20_160)
    bookings_demo.load(demo, timezone.now())
    assert [one.state for one in Booking.objects.order_by("starts")] == ["confirmed"] * 3 + ["asked"]
