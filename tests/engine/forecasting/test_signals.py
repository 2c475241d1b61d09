"""A signal that moves demand is let in with its effect; one that does not is kept out, with the reason."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.forecasting.signals import align, judge

BAKERY = Path(__file__).parents[3] / "sample_data" / "bakery.parquet"

DAY = date(2026, 1, 5)


@pytest.fixture
def shop():
    """Ten items over a year and a half; every degree above usual sells three percent more."""
    draw = np.random.default_rng(3)
    days = 540
    dates = pd.to_datetime([DAY - timedelta(days=days - number) for number in range(days + 28)])
    warmth = draw.normal(0, 4, days + 28)
    units = draw.poisson(60 * np.exp(0.03 * warmth[None, :days]) * np.ones((10, 1)))
    sales = pd.DataFrame(
        {
            "sku": np.repeat([f"S{n}" for n in range(10)], days),
            "date": np.tile(dates[:days], 10),
            "quantity": units.reshape(-1),
        }
    )
    return sales, pd.DataFrame({"date": dates, "value": warmth})


def test_a_signal_that_helps_is_let_in_with_its_effect(shop):
    sales, signal = shop
    effect, coming = judge("warmth", align(sales, signal, DAY, 28, ["sku"]))
    assert effect.accepted
    assert "helps" == effect.reason
    assert effect.with_ < effect.without
    assert 0.03 == pytest.approx(effect.per_unit, abs=0.006)
    assert (10, 28) == coming.shape
    ahead = signal["value"].to_numpy()[-28:]
    assert np.corrcoef(np.log(coming[0]), ahead)[0, 1] > 0.9


def test_noise_is_kept_out(shop):
    sales, signal = shop
    noise = signal.assign(value=np.random.default_rng(9).normal(size=len(signal)))
    effect, coming = judge("noise", align(sales, noise, DAY, 28, ["sku"]))
    assert not effect.accepted
    assert "no_gain" == effect.reason
    assert (coming == 1.0).all()


def test_what_is_not_known_ahead_is_told_and_kept_out(shop):
    effect, coming = judge("warmth", align(*shop, DAY, 28, ["sku"]), known_ahead=False)
    assert "unknown_ahead" == effect.reason
    assert (coming == 1.0).all()


def test_a_short_history_teaches_nothing(shop):
    sales, signal = shop
    sales = sales[sales.date >= pd.Timestamp(DAY - timedelta(days=100))]
    effect, _ = judge("warmth", align(sales, signal, DAY, 28, ["sku"]))
    assert "too_short" == effect.reason


def test_nothing_of_the_held_out_days_decides_about_the_slope(shop):
    """What happens after the split may change the verdict, not what was learned before it: a spoilt end is found out."""
    sales, signal = shop
    late = sales.date >= pd.Timestamp(DAY - timedelta(days=60))
    spoilt = sales.assign(quantity=np.where(late, np.random.default_rng(1).poisson(60, len(sales)), sales.quantity))
    effect, _ = judge("warmth", align(spoilt, signal, DAY, 28, ["sku"]))
    assert not effect.accepted


@pytest.mark.parametrize("name", ["rain_mm", "temp_avg_celsius"])
def test_the_bakerys_weather_is_judged_by_its_backtest(name):
    """Whatever the verdict, it follows from the two errors, and the effect of a unit is small."""
    rows = pd.read_parquet(BAKERY)
    keys = {"sku": rows["product_id"].astype(str), "location": rows["store_id"].astype(str)}
    day = (pd.to_datetime(rows["date"]).max() - pd.Timedelta(days=27)).date()
    sales = pd.DataFrame({**keys, "date": pd.to_datetime(rows["date"]), "quantity": rows["units"].astype(float)})
    signal = pd.DataFrame(
        {"location": keys["location"], "date": sales["date"], "value": rows[name].astype(float)}
    ).drop_duplicates(["location", "date"])
    effect, _ = judge(name, align(sales, signal, day, 28, ["sku", "location"]))
    assert effect.accepted == (effect.with_ <= effect.without * 0.995 and effect.reason == "helps")
    assert abs(effect.per_unit) < 0.05
