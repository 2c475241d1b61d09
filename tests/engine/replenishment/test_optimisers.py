"""Transfers and buying plans respect every limit and come within their bound; small cases against exhaustive search."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.replenishment.buying import Offer, buy, tiers_of
from engine.replenishment.transfer import transfers


def problem(seed, count=60, places=4):
    draw = np.random.default_rng(seed)
    balance = np.round(draw.normal(0, 15, (count, places)))
    cost = draw.uniform(1, 4, (places, places))
    worth = draw.uniform(5, 50, (count, 1)) * draw.uniform(0.5, 1.5, (count, places))
    return np.maximum(balance, 0), np.maximum(-balance, 0), worth, cost


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_transfers_meet_their_limits_and_the_programme_s_bound(seed):
    surplus, need, worth, cost = problem(seed)
    free = transfers(surplus, need, worth, cost)
    loose = transfers(surplus, need, worth, cost, free.units.sum(axis=0) * 0.999)
    assert free.value == pytest.approx(loose.bound, rel=0.05)
    tight = transfers(surplus, need, worth, cost, np.floor(free.units.sum(axis=0) * 0.6))
    assert (tight.units.sum(axis=0) <= np.floor(free.units.sum(axis=0) * 0.6)).all()
    for plan in (free, tight):
        assert (plan.units.sum(axis=2) <= surplus).all()
        assert (plan.units.sum(axis=1) <= need).all()
        assert (plan.units == np.floor(plan.units)).all()
    assert tight.value <= free.value + 1e-6
    assert tight.gap < 0.02


def test_closed_lanes_are_not_used():
    surplus, need, worth, cost = problem(1)
    cost[0, :] = np.inf
    assert 0 == transfers(surplus, need, worth, cost).units[:, 0, :].sum()


def offer(seed, count=40):
    draw = np.random.default_rng(seed)
    levels = np.array([0.2, 0.5, 0.8, 0.95])
    quantiles = draw.lognormal(2.5, 0.7, count)[:, None] * np.array([0.4, 0.9, 1.5, 2.4])
    pack = draw.choice([1.0, 6.0, 12.0], count)
    tiers, profit = tiers_of(
        quantiles, levels, np.zeros(count), draw.uniform(2, 9, count), draw.uniform(1, 4, count), pack
    )
    cost, supplier = draw.uniform(2, 9, count), draw.integers(0, 3, count)
    return Offer(tiers, profit, cost, pack, draw.choice([0.0, 24.0], count), supplier, np.full(3, 150.0), 900.0)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_a_buying_plan_meets_every_limit(seed):
    wanted = offer(seed)
    found = buy(wanted)
    assert (found.units @ wanted.cost) <= wanted.budget + 1e-6
    assert (np.bincount(wanted.supplier, found.units, 3) <= wanted.capacity + 1e-6).all()
    assert (found.units % wanted.pack == 0).all()
    assert ((found.units == 0) | (found.units >= wanted.moq)).all()
    assert found.gap <= 0.01


def test_the_plan_is_the_best_of_all():
    """Three SKUs, one tier each, a budget: by trying everything."""
    tiers, profit = np.array([[4.0], [4.0], [4.0]]), np.array([[5.0], [4.0], [3.0]])
    cost = np.array([5.0, 3.0, 2.0])
    wanted = Offer(tiers, profit, cost, np.ones(3), np.zeros(3), np.zeros(3, dtype=np.int64), np.array([100.0]), 21.0)
    best = max(
        float(np.dot(units, profit[:, 0]))
        for units in itertools.product(range(5), repeat=3)
        if np.dot(units, cost) <= 21
    )
    assert best == pytest.approx(buy(wanted).value)


def test_out_of_time_falls_back_to_the_greedy_plan():
    found = buy(offer(3, count=400), seconds=1e-6)
    assert not found.optimal
    assert found.units.sum() > 0
    assert "greedy" in found.note_en
