"""The published results of programmes are in the demo as rows, and the figures that count them say what was published."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal

import pytest
from django.utils import timezone

from services import catalogue
from services.actions.programmes import install
from services.activities import demo as activities_demo
from services.activities.models import Poll, Team
from services.activities.queries import progress, result
from services.bookings import demo as bookings_demo
from services.bookings.models import Booking
from services.demo import begin_some, published_of, write_published
from services.models import Programme
from services.mutual import demo as mutual_demo
from services.mutual.models import UnitEnrolment
from services.orders import demo as orders_demo
from services.orders.catalogue import CRAFT_CODES, TECH
from services.orders.models import Craftsman
from services.places import demo as places_demo
from services.places.models import CoveragePlan, ServiceGiven
from services.places.queries import progress as plan_progress
from services.published import BESIDE, PUBLISHED
from services.shapes import kind_for
from tests.sampling import WHOLE
from tests.world import World, make_enterprise
from unionops.insight.figures import Question, figure_of
from unionops.insight.indicators import Asked, find
from unionops.insight.periods import parse
from unionops.org.models import User
from visits.demo.district import Demo

pytestmark = pytest.mark.django_db


def test_figures_of_past_years_are_those_that_were_published(world: World) -> None:
    demo = Demo(
        world.district, User.objects.system(), random.Random(1), towns=[world.town, world.other_town], people=world.people,
        firms=[make_enterprise(world.town) for _number in range(9)],
    )  # fmt: skip
    install(demo.district, catalogue.rows(), by=demo.system)
    programmes = list(Programme.objects.filter(district=world.district))
    # Thousands of rows are written only when every test is.
    results = [(programme, found) for programme, found in published_of(programmes) if found.rows <= 330 or WHOLE]
    for programme, published in results:
        write_published(demo, programme, published, demo.pick)
    begin_some(demo, programmes, demo.pick, timezone.now() - datetime.timedelta(hours=1))
    assert len(results) > 30
    assert {programme.code for programme in programmes} == {row["code"] for row in catalogue.rows()}
    for programme, published in results:

        def words(
            figure: str, programme: Programme = programme, year: int = published.year, *, own: bool = False
        ) -> str:
            span, indicator = parse(str(year)), find(f"own_{figure}" if own else f"{programme.shape}_{figure}")
            assert indicator is not None
            asked = Asked(world["leader"], span, timezone.localdate())
            return figure_of(Question(indicator, asked, "", {"programme": str(programme.pk)})).words

        assert words("count") == f"{published.rows:,}", programme.code
        assert words("people") == f"{published.people:,}", programme.code
        ended = published.rows if published.ended is None else published.ended
        if not published.state:
            assert words("finished_rate") == f"{Decimal(100 * ended) / published.rows:.2f}", programme.code
        if published.amount:
            assert words("amount_paid") == f"{published.amount:,.2f}", programme.code
        if programme.code == "retreats":
            # 24,000,000 yuan for 12,000 people were 2,000 each (domain 8).
            paid, people = (Decimal(words(one).replace(",", "")) for one in ("amount_paid", "people"))
            assert paid / people == 2000
        for key, own in published.own.items():
            # Money has two places after the point.
            assert words(f"{programme.shape}_{key}", own=True) in (f"{own:,}", f"{own:,.2f}"), (programme.code, key)
        for column, total in published.columns.items():
            rows = kind_for(programme.shape).model.objects.filter(
                programme=programme, registered_at__year=published.year
            )
            assert sum(rows.values_list(column, flat=True)) == total, (programme.code, column)
    # Of 1,250,000 yuan for 9,000 claims each got 138.89 (domain 8).
    assert round(Decimal(1_250_000) / 9_000, 2) == Decimal("138.89")
    assert {one.code for one in programmes} >= set(PUBLISHED)


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
    # Each run counts what the demo writes; the whole of the tests writes it.
    assert (places_demo.UPGRADED, places_demo.SERVICES, places_demo.SERVICES * places_demo.PEOPLE) == (14, 42, 20_160)
    bookings_demo.load(demo, timezone.now())
    assert [one.state for one in Booking.objects.order_by("starts")] == ["confirmed"] * 3 + ["asked"]
