"""The curve as SVG: whatever the numbers, it is well-formed, small, and holds no text of a user unescaped."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree as ET

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from web.pages.curve import curve_svg
from web.pages.words import WORDS

NUMBERS = st.lists(st.none() | st.floats(-1e6, 1e6) | st.integers(0, 10**6), max_size=70)


def curve(days=60, **changed):
    first = dt.date(2026, 9, 26)
    return {
        "days": [(first + dt.timedelta(days=n)).isoformat() for n in range(days)],
        "sales": [n % 7 for n in range(days)],
        "stock": [max(0, 90 - 2 * n) for n in range(days)],
        "threshold": [30] * days,
        "promotions": [],
        "stockouts": [],
        **changed,
    }


def test_no_days_no_drawing():
    assert "" == curve_svg({"days": []}, WORDS["zh"])


def test_days_out_of_stock_are_shaded_and_promotions_named():
    """One rectangle a day without stock; the promotion's band carries its name, escaped."""
    svg = curve_svg(
        curve(
            stockouts=["2026-11-10", "2026-11-11"],
            promotions=[{"name": "<双11>", "from": "2026-11-01", "to": "2026-11-11"}],
        ),
        WORDS["zh"],
    )
    tree = ET.fromstring(svg)
    rectangles = list(tree.iter("rect"))

    assert 3 == len(rectangles)
    assert ["<双11>"] == [title.text for title in tree.iter("title")]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NUMBERS, NUMBERS, NUMBERS)
def test_any_numbers_give_a_small_well_formed_drawing(sales, stock, threshold):
    svg = curve_svg(curve(sales=sales, stock=stock, threshold=threshold), WORDS["en"])

    ET.fromstring(svg)
    assert len(svg) < 9_000
    assert "nan" not in svg
