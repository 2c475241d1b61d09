"""Levels add up, and what a person says about a total is shared out in proportion."""

from datetime import date

import pandas as pd
import pytest

from engine.forecasting import Override, apply_overrides, roll_up, value_added

DAY = date(2026, 1, 5)


def frame():
    return pd.DataFrame(
        {
            "sku": ["a", "a", "b", "b"],
            "category": ["x", "x", "x", "x"],
            "ds": pd.to_datetime(["2026-01-05", "2026-01-06"] * 2),
            "mean": [1.0, 3.0, 2.0, 2.0],
            "q0.9": [2.0, 6.0, 4.0, 4.0],
        }
    )


def test_roll_up_adds():
    assert [3.0, 5.0] == list(roll_up(frame(), ["category"])["mean"])


def test_an_absolute_total_is_shared_in_proportion():
    override = Override({"category": "x"}, DAY, date(2026, 1, 6), 16.0, author="lin", reason="直播")
    found = apply_overrides(frame(), [override], DAY)
    assert [2.0, 6.0, 4.0, 4.0] == list(found["mean"])
    assert [4.0, 12.0, 8.0, 8.0] == list(found["q0.9"])


def test_a_factor_multiplies_and_an_expired_word_does_not_count():
    factor = Override({"sku": "a"}, DAY, DAY, 3.0, relative=True)
    old = Override({"sku": "b"}, DAY, DAY, 100.0, expires=date(2026, 1, 1))
    assert [3.0, 3.0, 2.0, 2.0] == list(apply_overrides(frame(), [factor, old], DAY)["mean"])


def test_a_total_over_zero_means_is_shared_evenly():
    empty = frame().assign(mean=0.0)
    found = apply_overrides(empty, [Override({}, DAY, date(2026, 1, 6), 8.0)], DAY)
    assert [2.0] * 4 == list(found["mean"])


def test_value_added_says_who_helps():
    scored = pd.DataFrame(
        {
            "actual": [10.0, 10.0],
            "naive": [20.0, 20.0],
            "base": [15.0, 15.0],
            "person": [10.0, 30.0],
            "author": ["lin", "wang"],
        }
    )
    found = value_added(scored, ["author"]).set_index(["author", "step"])["added"]
    assert 0.5 == pytest.approx(found["lin", "base"])
    assert 0.5 == pytest.approx(found["lin", "person"])
    assert -1.5 == pytest.approx(found["wang", "person"])
