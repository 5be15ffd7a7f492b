"""A kept figure says what it said when it was kept, and still opens to the rows that it asked for."""

from __future__ import annotations

import json

import pytest

from unionops.insight.frozen import freeze, freeze_divided, thaw
from visits.actions import steps

from .conftest import at, find
from .test_figures import ask, told

pytestmark = pytest.mark.django_db


def test_a_kept_figure_does_not_change_with_its_rows(history):
    leader = history["leader"]
    kept = json.loads(json.dumps(freeze([ask("resolution_rate", leader), ask("days_to_close", leader)])))
    before = told("resolution_rate", leader)
    steps.void(find(history, "waiting"), by=leader, reason="重复登记", now=at(5, 20))

    rate, days = (thaw(one, leader) for one in kept)
    assert (rate.figure.numerator, rate.figure.denominator) == before != told("resolution_rate", leader)
    assert days.figure.value is not None
    assert days.whole_url == "" != rate.whole_url


def test_a_divided_figure_keeps_the_names_of_its_parts(history, client):
    leader = history["leader"]
    client.force_login(leader)
    parts = [thaw(one, leader) for one in freeze_divided(ask("visit_count", leader, by="town"))]
    assert [part.label for part in parts] == [str(history.town), str(history.other_town)]
    assert sum(part.figure.numerator for part in parts) == told("visit_count", leader)
    for part in parts:
        assert f"{part.figure.numerator:,}" in client.get(part.url).content.decode()


def test_a_figure_of_an_indicator_that_is_gone_is_nothing(history):
    (kept,) = freeze([ask("visit_count", history["leader"])])
    assert thaw({**kept, "indicator": "of_old"}, history["leader"]) is None
