"""Rounding by doubles gives what decimal arithmetic gives."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expression.rounding import away_from_zero, half_away, multiples, toward_zero

PRICES = st.one_of(
    st.integers(-(10**12), 10**12).map(lambda n: n / 1000),
    st.integers(-(10**9), 10**9).map(lambda n: float(Decimal(n) / 10**4)),
    st.floats(-1e9, 1e9),
)


def by_decimal(value: float, digits: int, rounding: str) -> float:
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), rounding))


@settings(max_examples=400, derandomize=True, deadline=None)
@given(value=PRICES, digits=st.integers(-3, 4))
def test_as_decimals_do(value, digits):
    assert by_decimal(value, digits, ROUND_HALF_UP) == half_away(value, digits)
    assert by_decimal(value, digits, ROUND_DOWN) == toward_zero(value, digits)
    assert by_decimal(value, digits, ROUND_UP) == away_from_zero(value, digits)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(count=st.integers(-10_000, 10_000), step=st.sampled_from([1.0, 5.0, 12.0, 0.5, 0.25, 0.1, 0.05, 0.01]))
def test_a_multiple_is_its_own_multiple(count, step):
    value = float(Decimal(count) * Decimal(repr(step)))

    assert value == multiples(value, step, up=True) == multiples(value, step, up=False)


def test_a_number_without_digits_beyond_the_place_stays():
    assert 1e300 == half_away(1e300, 2)
    assert 4503599627370497.5 == half_away(4503599627370497.5, 0)


def test_packs_are_filled():
    assert (24.0, 12.0) == (multiples(13, 12, up=True), multiples(13, 12, up=False))
    assert (-12.0, -24.0) == (multiples(-13, 12, up=True), multiples(-13, 12, up=False))
