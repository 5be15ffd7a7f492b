"""The published results of programmes are in the demo as rows, and the figures that count them say what was published."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal

import pytest
from django.utils import timezone

from services import catalogue
from services.actions.programmes import install
from services.demo import begin_some, published_of, write_published
from services.models import Programme
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
    results = [(programme, found) for programme, found in published_of(programmes) if found.rows <= 400 or WHOLE]
    for programme, published in results:
        write_published(demo, programme, published, demo.pick)
    begin_some(demo, programmes, demo.pick, timezone.now() - datetime.timedelta(hours=1))
    assert len(results) > 8
    assert {programme.code for programme in programmes} == {row["code"] for row in catalogue.rows()}
    for programme, published in results:

        def words(figure: str, programme: Programme = programme, year: int = published.year) -> str:
            span, indicator = parse(str(year)), find(f"{programme.shape}_{figure}")
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
        for column, total in published.columns.items():
            rows = kind_for(programme.shape).model.objects.filter(programme=programme)
            assert sum(rows.values_list(column, flat=True)) == total, (programme.code, column)
    # Of 1,250,000 yuan for 9,000 claims each got 138.89 (domain 8).
    assert round(Decimal(1_250_000) / 9_000, 2) == Decimal("138.89")
