"""The ratio table is calibrated on what it was made from, monotone, and readable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.forecasting.conformal import Misses, ratio_table


def made(count, seed):
    draw = np.random.default_rng(seed)
    expected = draw.lognormal(2, 1, count)
    return Misses(np.arange(count), np.zeros(count, dtype=np.int64), expected, expected * draw.lognormal(0, 0.5, count))


def test_coverage_is_nominal():
    missed = made(6000, 1)
    table = ratio_table(missed, [0.5, 0.9, 0.95])
    within = (missed.actual[:, None] <= table.quantiles(missed.expected)).mean(axis=0)
    assert [0.5, 0.9, 0.95] == pytest.approx(list(within), abs=0.01)
    assert 6 == len(table.frame())
    assert 6000 == table.frame()["count"].sum()


@given(st.integers(0, 700), st.integers(0, 50))
def test_quantiles_rise(count, seed):
    table = ratio_table(made(count, seed), [0.1, 0.5, 0.9])
    found = table.quantiles(np.array([0.0, 1.0, 1e6]))
    assert (np.diff(found, axis=1) >= 0).all()
    assert (found >= 0).all()
