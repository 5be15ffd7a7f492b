"""What the figures of programmes say of a spring that can be counted by hand; counted fields; the board and the list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from services.models import Programme
from services.shapes import kind_for, shape_kinds
from tests.kept import kept
from tests.services import spring
from tests.weight import LIGHT, weight
from tests.world import World, make_world
from unionops.insight.figures import Question, answer, figure_of, rows_of
from unionops.insight.indicators import Asked, find
from unionops.insight.periods import parse
from unionops.packs import registry
from unionops.packs.registry import Wanted

pytestmark = pytest.mark.django_db

SPRING = "2026-03-01..2026-05-31"


@kept
def served() -> World:
    return spring.serve(make_world())


@pytest.fixture
def world(served: World) -> World:
    return served


def ask(code: str, user: Any, by: str = "", **where: str) -> Question:
    span, indicator = parse(SPRING), find(code)
    assert indicator is not None, code
    return Question(indicator, Asked(user, span, span.last), by, where)


@pytest.mark.parametrize("shape", [kind.shape for kind in shape_kinds()])
def test_the_spring_counted_by_hand(world: World, shape: str) -> None:
    leader = world["leader"]

    def words(code: str, **where: str) -> str:
        return figure_of(ask(f"{shape}_{code}", leader, **where)).words

    assert (words("count"), words("ended_count"), words("open_count"), words("overdue_count")) == ("4", "2", "2", "1")
    assert (words("finished_rate"), words("people"), words("days_to_end")) == ("50.00", "6", "7.0")
    assert words("count", town=str(world.other_town.pk)) == "1"
    assert words("count", programme_group="帮扶") == "4"
    assert words("count", service_channel="import") == "4"
    if shape == "claim":
        assert {words(f"amount_{part}") for part in ("asked", "approved", "paid")} == {"1,000.00"}
    (months,) = answer([ask(f"{shape}_count", leader, by="month")])
    assert {key: figure.words for key, figure in months.items()} == {"2026-03": "1", "2026-04": "2", "2026-05": "1"}


def test_a_field_that_is_counted_has_a_figure(world: World) -> None:
    shape = shape_kinds()[0].shape
    programme = Programme.objects.get(code=f"{spring.CODE}{shape}")
    question = ask(f"own_{shape}_own", world["leader"], programme=str(programme.pk))
    assert (figure_of(question).words, figure_of(question).numerator) == ("200.00", 2)
    assert rows_of(question).count() == 2
    assert find(f"own_{shape}_nothing") is None
    assert find("own_nothing_own") is None


def test_a_choice_has_a_share_and_a_field_its_part_of_another(world: World, client: Client) -> None:
    """How many took the first answer; what one number is of another; what a year owes, on the list of the programme."""
    kind = shape_kinds()[0]
    programme = Programme.objects.get(code=f"{spring.CODE}{kind.shape}")
    programme.fields = [
        {"key": "kept", "label": "履约", "kind": "choice", "choices": ["已履约", "未履约"], "counted": True},
        {"key": "should", "label": "应参加", "kind": "whole", "unit": "人", "counted": True},
        {
            "key": "came",
            "label": "实际参加",
            "kind": "whole",
            "unit": "人",
            "counted": True,
            "part_of": "should",
            "target": 40,
        },
    ]
    programme.limits = {"year_plan": 4}
    programme.save()
    rows = kind.model.objects.filter(programme=programme).order_by("pk")
    for row, details in zip(
        rows, ({"kept": "已履约", "should": 20, "came": 5}, {"kept": "未履约"}, {"kept": "已履约", "should": 20, "came": 5}, {"kept": ""}), strict=True
    ):  # fmt: skip
        row.details = details
        row.save(update_fields=["details"])

    def figure(code: str) -> Question:
        return ask(f"own_{kind.shape}_{code}", world["leader"], programme=str(programme.pk))

    kept, part = figure_of(figure("kept")), figure_of(figure("came_rate"))
    assert (kept.words, kept.numerator, kept.denominator) == ("66.67", 2, 3)
    assert (part.words, figure_of(figure("came")).words) == ("25.00", "10")
    assert rows_of(figure("kept")).count() == 2
    assert find(f"own_{kind.shape}_should_rate") is None
    client.force_login(world["leader"])
    sums = client.get(f"/services/p/{programme.code}/sums/").content.decode()
    # Ten of forty, two of four.
    for words in ("66.67", "25.00%", "50.00%", "年度目标", "40 人", f"indicator=own_{kind.shape}_came&amp;period=2026"):
        assert words in sums, words


def test_the_board_and_the_list_open_their_rows(world: World, client: Client) -> None:
    client.force_login(world["leader"])
    board = client.get(f"/insight/of/services/?period={SPRING}")
    assert board.status_code == 200
    assert weight(board) < LIGHT
    for kind in shape_kinds():
        programme = Programme.objects.get(code=f"{spring.CODE}{kind.shape}")
        text = board.content.decode()
        assert f"indicator={kind.shape}_count" in text
        # Over one programme alone: the same board, narrowed, and so is what it opens.
        own = client.get(f"/insight/of/services/?period={SPRING}&programme={programme.pk}").content.decode()
        assert f"indicator={kind.shape}_count" in own
        assert f"programme={programme.pk}" in own
        shown = client.get(f"/services/p/{programme.code}/sums/").content.decode()
        assert f"/services/p/{programme.code}/sums/" in client.get(f"/services/p/{programme.code}/").content.decode()
        assert f"indicator=own_{kind.shape}_own" in shown
        rows = client.get(f"/insight/rows/?indicator=own_{kind.shape}_own&period={SPRING}&programme={programme.pk}")
        assert rows.content.decode().count(f'href="/services/{kind.shape}/') >= 2


def test_the_list_costs_the_same_for_any_number_of_rows(world: World, client: Client) -> None:
    client.force_login(world["leader"])
    for kind in shape_kinds():
        programme = Programme.objects.get(code=f"{spring.CODE}{kind.shape}")
        costs = []
        for more in (0, 3, 40):
            for _number in range(more):
                spring.make(world, programme, kind_for(kind.shape), spring.at(5, 7))
            with CaptureQueriesContext(connection) as asked:
                assert client.get(f"/services/p/{programme.code}/").status_code == 200
            costs.append(len(asked))
        assert len(set(costs[1:])) == 1, (kind.shape, costs)


def numbers(said: Any) -> Iterator[dict[str, Any]]:
    """The figures of a paper, wherever they stand."""
    match said:
        case {"kind": kind, "value": value} if kind != "text" and value is not None:
            yield said
        case dict():
            for part in said.values():
                yield from numbers(part)
        case list():
            for part in said:
                yield from numbers(part)


def test_the_paper_of_the_year_says_what_the_figures_say(world: World, client: Client) -> None:
    document = registry.find("service_year").gather(Wanted(world["leader"], {"period": "2026"}))  # type: ignore[union-attr]
    said = json.dumps(document.as_json(), ensure_ascii=False)
    assert [section.code for section in document.sections] == ["total", *(kind.shape for kind in shape_kinds()), "own"]
    # Every figure opens its rows.
    told = [one for one in numbers(document.as_json()["sections"]) if Decimal(one["value"])]
    assert [one for one in told if not one["url"].startswith("/insight/rows/?indicator=")] == []
    client.force_login(world["leader"])
    for url in sorted({one["url"] for one in told}):
        assert client.get(url).status_code == 200, url
    for kind in shape_kinds():
        programme = Programme.objects.get(code=f"{spring.CODE}{kind.shape}")
        assert programme.name in said
        assert f"indicator={kind.shape}_count&period=2026&programme={programme.pk}" in said
        assert f"indicator=own_{kind.shape}_own&period=2026&programme={programme.pk}" in said
    card = registry.find("scorecard").gather(Wanted(world["leader"], {"period": "2026"}))  # type: ignore[union-attr]
    codes = {one["code"] for one in numbers(card.as_json()["sections"])}
    assert codes >= {
        "claim_amount_paid",
        "order_count",
        "activity_people",
        "mutual_units",
        "mutual_people",
        "place_upgraded",
        "place_services",
        "place_served",
    }
