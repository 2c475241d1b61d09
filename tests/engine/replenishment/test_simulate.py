"""The replay of a policy: conservation, equal-fill reading, and what more stock does."""

import numpy as np
import pytest

from engine.replenishment.chart import trade_off
from engine.replenishment.simulate import at_fill, simulate

DRAW = np.random.default_rng(1)
DEMAND = DRAW.poisson(2.0, (50, 140)).astype(float)
PRICE = DRAW.uniform(5, 20, 50)


def run(level, **options):
    return simulate(DEMAND, np.full((50, 20), float(level)), 7, (5, 6, 7), PRICE, **options)


def test_more_stock_serves_more_and_costs_more():
    found = [run(level) for level in (10, 25, 40, 80)]
    assert [part.fill for part in found] == sorted(part.fill for part in found)
    assert [part.stock_days for part in found] == sorted(part.stock_days for part in found)
    assert 1.0 == pytest.approx(found[-1].fill, abs=1e-3)
    assert found[-1].empty < 0.01


def test_nothing_but_demand_is_lost():
    found = run(20)
    asked = float(PRICE @ DEMAND.sum(axis=1))
    assert found.lost_value == pytest.approx(asked * (1 - found.fill))


def test_equal_fill_lies_between_the_neighbours():
    sweep = [run(level) for level in (10, 25, 40, 80)]
    found = at_fill(sweep, 0.9)
    assert min(part.stock_days for part in sweep) < found.stock_days < max(part.stock_days for part in sweep)
    assert at_fill(sweep, 0.1) is None


def test_packs_mean_fewer_order_lines():
    assert run(30, pack=np.full(50, 24.0)).orders < run(30).orders


def test_the_chart_is_a_picture():
    picture = trade_off({"a <b>": [run(25), run(40)]}, "title")
    assert picture.startswith("<svg")
    assert "a &lt;b&gt;" in picture
