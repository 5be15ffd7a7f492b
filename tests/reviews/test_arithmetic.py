"""Points, weights, ranks, ties, places and means against a plain second reckoning."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, getcontext, localcontext
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from visits.reviews import arithmetic

values = st.decimals("-1000", "100000", places=2)
weights = st.lists(st.decimals("0.01", "100", places=2), min_size=1, max_size=8)
scores = st.lists(st.one_of(st.none(), st.decimals("0", "100", places=1)), max_size=30)


@given(values, values, values)
def test_points_are_a_straight_line_between_floor_and_full(value, floor, full):
    assume(floor != full)

    found = arithmetic.points(value, floor, full)

    low, high = sorted((floor, full))
    if value <= low:
        assert found == (0 if floor < full else 100)
    elif value >= high:
        assert found == (100 if floor < full else 0)
    else:
        # The way walked from the floor, in hundredths of the whole way.
        assert found * abs(Fraction(full) - Fraction(floor)) == abs(Fraction(value) - Fraction(floor)) * 100


@given(values, values, values, values)
def test_points_never_fall_on_the_way_to_the_full_mark(one, other, floor, full):
    assume(floor != full)
    nearer, farther = sorted((one, other), key=lambda value: value if floor < full else -value, reverse=True)

    assert arithmetic.points(nearer, floor, full) >= arithmetic.points(farther, floor, full)


@given(st.fractions(0, 100, max_denominator=100_000))
def test_rounding_is_half_up_to_two_decimals(value):
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        expected = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)

    assert arithmetic.rounded(value) == expected
    assert getcontext().prec == 28


def test_a_half_is_rounded_up():
    assert arithmetic.rounded(Fraction("84.125")) == Decimal("84.13")
    assert arithmetic.rounded(Fraction("84.1249999")) == Decimal("84.12")


@given(
    st.lists(st.tuples(st.decimals("0.01", "100", places=2), st.one_of(st.none(), st.fractions(0, 100))), max_size=8)
)
def test_total_is_the_mean_by_weight_of_what_could_be_counted(lines):
    counted = [(Fraction(weight), points) for weight, points in lines if points is not None]

    found = arithmetic.total(lines)

    if not counted:
        assert found is None
    else:
        assert found == sum(w * p for w, p in counted) / sum(w for w, _p in counted)
        assert 0 <= found <= 100


@given(weights)
def test_scaled_weights_are_a_hundred_again(found):
    lines = [(weight, Fraction(50) if at % 2 == 0 else None) for at, weight in enumerate(found)]

    scaled = [weight for weight in arithmetic.scaled(lines) if weight is not None]

    assert sum(scaled) == 100


@given(scores)
def test_ranks_are_those_of_a_sorted_list(found):
    ordered = sorted((score for score in found if score is not None), reverse=True)

    assert arithmetic.ranks(found) == [None if score is None else ordered.index(score) + 1 for score in found]


def test_ties_leave_the_ranks_behind_them_free():
    assert arithmetic.ranks([Decimal(9), Decimal(8), Decimal(8), Decimal(7)]) == [1, 2, 2, 4]


@given(scores, st.lists(st.integers(0, 6), min_size=1, max_size=3))
def test_places_are_given_to_whole_groups_from_the_top(found, places):
    ranks = arithmetic.ranks(found)

    classes = arithmetic.placed(ranks, places)

    assert classes == _given_out(found, places)
    for number in range(len(places)):
        # The ceiling is never broken, and nobody worse stands above somebody better.
        assert sum(1 for one in classes if one is not None and one <= number) <= sum(places[: number + 1])
    pairs = [(score, one) for score, one in zip(found, classes, strict=True) if score is not None]
    assert all(a <= b for score, a in pairs for other, b in pairs if score >= other)


def _given_out(found, places):
    """The same rule told as a clerk would do it: group by group, down the list of classes."""
    result: dict[Decimal, int] = {}
    taken, current = 0, 0
    for score in sorted({one for one in found if one is not None}, reverse=True):
        size = found.count(score)
        while current < len(places) and taken + size > sum(places[: current + 1]):
            current += 1
        result[score] = current
        taken += size
    return [None if score is None else result[score] for score in found]


def test_a_tie_at_the_border_is_not_parted():
    ranks = arithmetic.ranks([Decimal(9), Decimal(8), Decimal(8), Decimal(7)])

    assert arithmetic.placed(ranks, [2, 2]) == [0, 1, 1, 1]
    assert arithmetic.placed(ranks, [1, 1]) == [0, 2, 2, 2]
    assert arithmetic.placed(arithmetic.ranks([Decimal(9)] * 3), [2]) == [1, 1, 1]


@given(st.lists(st.fractions(0, 100), min_size=1, max_size=12))
def test_mean_leaves_out_one_highest_and_one_lowest_from_five_on(found):
    mean = arithmetic.trimmed_mean(found, 5)

    left = list(found)
    if len(found) >= 5:
        left.remove(max(left))
        left.remove(min(left))
    assert mean.value == sum(left) / len(left)
    assert sorted(mean.kept + mean.dropped) == sorted(found)


@given(st.integers(0, 200), st.integers(0, 100))
def test_a_share_gives_whole_places_only(count, per_cent):
    places = arithmetic.share_of(count, per_cent)

    assert places * 100 <= count * per_cent < (places + 1) * 100
