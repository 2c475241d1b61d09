"""Promotions are learned, planned and never inflate the level; a person's multiplier wins."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from engine.forecasting import forecast

DAY = date(2026, 1, 5)


@pytest.fixture(scope="module")
def promoted(sales):
    """Four promotions of five days in the past that doubled everything; one planned on days 2 … 6 from DAY."""
    dates = [DAY - timedelta(days=offset - step) for offset in (300, 210, 120, 40) for step in range(5)]
    changed = sales.copy()
    on = changed.date.isin(pd.to_datetime(dates))
    changed.loc[on, "quantity"] *= 2
    planned = [DAY + timedelta(days=step) for step in range(2, 7)]
    plan = pd.DataFrame({"date": pd.to_datetime([*dates, *planned]), "promotion": "大促"})
    return changed, plan


def test_uplift_is_learned_and_only_planned_days_get_it(promoted):
    changed, plan = promoted
    usual = forecast(changed, 7, as_of=DAY, challenge=False, future=plan[plan.date < pd.Timestamp(DAY)])
    found = forecast(changed, 7, as_of=DAY, challenge=False, future=plan)
    ratio = found.groupby("ds")["mean"].sum() / usual.groupby("ds")["mean"].sum()
    assert 2.0 == pytest.approx(ratio.iloc[2:].mean(), rel=0.1)
    assert 1.0 == pytest.approx(ratio.iloc[:2].mean(), rel=0.03)


def test_past_promotions_do_not_inflate_the_level(promoted, sales):
    changed, plan = promoted
    clean = forecast(sales, 2, as_of=DAY, challenge=False, total=True)["mean"].sum()
    found = forecast(changed, 2, as_of=DAY, challenge=False, total=True, future=plan)["mean"].sum()
    assert clean == pytest.approx(found, rel=0.03)


def test_the_multiplier_of_a_person_wins(promoted):
    changed, plan = promoted
    own = plan.assign(multiplier=np.where(plan.date >= pd.Timestamp(DAY), 5.0, np.nan))
    usual = forecast(changed, 7, as_of=DAY, challenge=False, future=plan[plan.date < pd.Timestamp(DAY)])
    found = forecast(changed, 7, as_of=DAY, challenge=False, future=own)
    ratio = found.groupby("ds")["mean"].sum() / usual.groupby("ds")["mean"].sum()
    assert 5.0 == pytest.approx(ratio.iloc[2:].mean(), rel=0.01)


def test_a_plan_for_one_sku_leaves_the_others_alone(promoted):
    changed, plan = promoted
    one = plan.assign(sku="S003")
    usual = forecast(changed, 7, as_of=DAY, challenge=False, total=True, future=one[one.date < pd.Timestamp(DAY)])
    found = forecast(changed, 7, as_of=DAY, challenge=False, total=True, future=one)
    changed_rows = ~np.isclose(usual["mean"], found["mean"], rtol=1e-9)
    assert ["S003"] == list(found["sku"][changed_rows])
