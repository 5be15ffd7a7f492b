"""What needs no database: coordinates, opening hours, the arithmetic of stars."""

from __future__ import annotations

import datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.places import geo, hours
from services.places.geo import BD09, GCJ02, WGS84, Point
from services.places.rating import DEFAULTS, Measures, rate

places = st.builds(Point, st.floats(73.5, 134.5), st.floats(18.2, 53.5))
# (WGS-84, GCJ-02) of the test vectors that the open implementations share: Shanghai, Shenzhen, Beijing twice.
VECTORS = (
    (Point(121.5272106, 31.1774276), Point(121.531541859215, 31.17530398364597)),
    (Point(113.912316, 22.543847), Point(113.9171764808363, 22.540796131694766)),
    (Point(116.404, 39.915), Point(116.41024449916938, 39.91640428150164)),
    (Point(116.377817, 39.911954), Point(116.38404722455657, 39.91334545536069)),
)
# (BD-09, GCJ-02) of one place each, as coordtransform has them for Beijing.
BAIDU = (
    (Point(116.404, 39.915), Point(116.39762729119315, 39.90865673957631)),
    (Point(116.41036949371029, 39.92133699351021), Point(116.404, 39.915)),
)


@pytest.mark.parametrize(("wgs", "gcj"), VECTORS)
def test_the_formula_is_the_one_that_everybody_uses(wgs, gcj):
    assert geo.metres_between(geo.wgs84_to_gcj02(wgs), gcj) < 0.001
    assert geo.metres_between(geo.gcj02_to_wgs84(gcj), wgs) < 0.001


@pytest.mark.parametrize(("bd", "gcj"), BAIDU)
def test_baidu(bd, gcj):
    assert geo.metres_between(geo.bd09_to_gcj02(bd), gcj) < 1
    assert geo.metres_between(geo.gcj02_to_bd09(gcj), bd) < 1


@given(places, st.sampled_from([WGS84, GCJ02, BD09]))
def test_there_and_back_is_the_same_place(point, system):
    there = geo.from_wgs84(point, system)
    assert geo.metres_between(geo.to_wgs84(there, system), point) < 1
    if system != WGS84:
        assert 20 < geo.metres_between(there, point) < 2500


@given(places, st.floats(-0.02, 0.02), st.floats(-0.02, 0.02), st.floats(-0.02, 0.02), st.floats(-0.02, 0.02))
def test_nearer_on_the_plane_is_nearer_on_the_ground(here, east, north, east2, north2):
    """Of two places within some kilometres the map's plane never prefers the clearly farther one."""
    one, other = (
        Point(here.longitude + east, here.latitude + north),
        Point(here.longitude + east2, here.latitude + north2),
    )
    ground = geo.metres_between(here, one), geo.metres_between(here, other)
    if ground[0] * 1.01 + 1 < ground[1]:
        x, y = geo.mercator(here)
        near, far = ((a - x) ** 2 + (b - y) ** 2 for a, b in (geo.mercator(one), geo.mercator(other)))
        assert near < far


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("120.58,30.01", Point(120.58, 30.01)), ("30.01，120.58", Point(120.58, 30.01)), ("0,0", None), ("a,b", None), ("1", None),
        ("nan,30", None),
    ],
)  # fmt: skip
def test_a_point_is_read_either_way_round(text, point):
    assert geo.read_point(text) == point


def test_outside_nothing_is_shifted():
    paris = Point(2.35, 48.85)
    assert geo.from_wgs84(paris, GCJ02) == geo.to_wgs84(paris, GCJ02) == paris


# --- hours

spans = st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 1440)), max_size=3)
weeks = st.dictionaries(st.integers(0, 6).map(str), spans.map(lambda found: [(b, b + n) for b, n in found]), max_size=7)


@given(weeks, st.integers(0, hours.WEEK - 1))
def test_a_week_is_its_days(days, minute):
    """The merged week is open exactly when some span of some day is, also over midnight and over Sunday."""
    plain = any(
        int(number) * hours.DAY + begin <= at < int(number) * hours.DAY + end
        for number, found in days.items()
        for begin, end in found
        for at in (minute, minute + hours.WEEK)
    )
    week = hours.week_of(days)
    assert any(begin <= minute < end for begin, end in week) == plain
    assert all(one[1] < other[0] for one, other in pairwise(week))


@given(st.lists(st.integers(0, 1440), min_size=2, max_size=4, unique=True).filter(lambda found: len(found) % 2 == 0))
def test_hours_are_read_as_they_are_written(minutes):
    edges = sorted(minutes)
    found = list(zip(edges[::2], edges[1::2], strict=True))
    assert hours.read_spans(hours.write_spans(found)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8:00-18:00", [(480, 1080)]), ("8-12、13：30-18", [(480, 720), (810, 1080)]), ("22:00-6:00", [(1320, 1800)]),
        ("休", []), ("全天", [(0, 1440)]), ("18:00-24:00", [(1080, 1440)]),
    ],
)  # fmt: skip
def test_hours_as_people_write_them(text, found):
    assert hours.read_spans(text) == found


@pytest.mark.parametrize(
    "text", ["上午", "8:00", "8:00-12:00、11:00-18:00", "25:00-26:00", "8:00-8:00", "8:70-9:00", "24:00-8:00"]
)
def test_hours_that_are_none(text):
    with pytest.raises(hours.NoHours):
        hours.read_spans(text)


@given(st.integers(101, 1231), st.integers(101, 1231), st.dates(datetime.date(2026, 1, 1), datetime.date(2027, 12, 31)))
def test_a_season_and_its_rest_are_the_year(begin, end, day):
    today = hours.day_of_year(day)
    inside = hours.in_season(begin, end, day)
    assert inside == (begin <= today <= end if begin <= end else not end < today < begin)
    assert hours.in_season(None, None, day)


# --- stars


def limit(name):
    return DEFAULTS[name]


PERFECT = Measures(
    base_facilities=8, base_wanted=8, extra_facilities=4, area=Decimal(30), capacity=20, hours=Decimal(84), inspections=1,
    passed=12, judged=12, services=6, failed=0, late=0,
)  # fmt: skip


def changed(**fields):
    return Measures(**({name: getattr(PERFECT, name) for name in PERFECT.__dataclass_fields__} | fields))


def test_stars_by_the_standard():
    assert (rate(PERFECT, limit).total, rate(PERFECT, limit).stars) == (100, 5)
    # Ninety points and more, but too small for five stars.
    small = rate(changed(area=Decimal("29.9")), limit)
    assert (small.stars, bool(small.held_back)) == (4, True)
    seven = rate(changed(base_facilities=7), limit)
    assert (seven.lines[0].sum, seven.lines[0].points, seven.total) == (
        "7 ÷ 8 × 40",
        Decimal("35.00"),
        Decimal("95.00"),
    )
    faulty = rate(changed(failed=3, late=1), limit)
    assert (faulty.total, faulty.stars) == (Decimal("89.00"), 4)
    assert rate(changed(inspections=0), limit).stars == 0


numbers = st.integers(0, 500)


@given(
    st.builds(
        Measures, *[numbers] * 3, st.decimals(0, 5000, places=1), numbers, st.decimals(0, 168, places=1), *[numbers] * 6
    )
)
def test_the_lines_are_the_sum(measures):
    found = rate(measures, limit)
    assert found.total == max(0, sum(line.points for line in found.lines)) <= 100
    assert 0 <= found.stars <= 5
