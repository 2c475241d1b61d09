"""A forecast finds what made the sales, is coherent, says only what the past says, and reads every kind of table."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from engine.forecasting import forecast
from engine.forecasting.ledger import coverage
from engine.problems import DefinitionError

DAY = date(2026, 1, 5)


def test_rows_cover_every_day_of_the_horizon(sales):
    found = forecast(sales, 10, as_of=DAY, challenge=False)
    assert ["sku", "unique_id", "ds", "mean", "q0.5", "q0.9", "q0.95"] == list(found.columns)
    assert [DAY + timedelta(days=number) for number in range(10)] == sorted(set(found["ds"].dt.date))
    assert 40 * 10 == len(found)


def test_means_of_days_add_up_to_the_total(sales):
    days = forecast(sales, 28, as_of=DAY, challenge=False).groupby("sku")["mean"].sum()
    total = forecast(sales, 28, as_of=DAY, challenge=False, total=True).set_index("sku")["mean"]
    np.testing.assert_allclose(total.to_numpy(), days.to_numpy(), rtol=1e-9)


def test_weekdays_are_found(sales):
    """Saturdays were made to sell twice and Mondays half of a usual day."""
    found = forecast(sales, 7, as_of=DAY, challenge=False).groupby("ds")["mean"].sum()
    by_weekday = {day.weekday(): value for day, value in found.items()}
    assert 2.0 == pytest.approx(by_weekday[5] / by_weekday[2], rel=0.1)
    assert 0.5 == pytest.approx(by_weekday[0] / by_weekday[2], rel=0.1)


def test_level_is_found(sales):
    usual = sales.groupby("sku")["quantity"].mean()
    found = forecast(sales, 28, as_of=DAY, challenge=False, total=True).set_index("sku")["mean"] / 28
    assert usual.sum() == pytest.approx(found.sum(), rel=0.03)


def test_quantiles_cover_what_they_say(sales):
    """The sales of the last 28 days, forecast from the rows before them, lie within q0.9 in about 90 % of the series."""
    day = DAY - timedelta(days=28)
    found = forecast(sales, 28, as_of=day, total=True, levels=[0.5, 0.9]).set_index("sku")
    sold = sales[sales.date >= pd.Timestamp(day)].groupby("sku")["quantity"].sum()
    assert 0.8 <= coverage(sold.to_numpy(float), found["q0.9"].to_numpy()) <= 1.0
    assert (found["q0.5"] <= found["q0.9"]).all()


def test_nothing_of_the_day_or_later_is_read(sales):
    before = forecast(sales, 14, as_of=DAY - timedelta(days=30), total=True)
    changed = sales.copy()
    changed.loc[changed.date >= pd.Timestamp(DAY - timedelta(days=30)), "quantity"] = 10_000
    after = forecast(changed, 14, as_of=DAY - timedelta(days=30), total=True)
    pd.testing.assert_frame_equal(before, after)


def test_days_out_of_stock_are_masked_not_zero(sales):
    empty = sales.copy()
    empty["in_stock"] = True
    gone = (empty.sku == "S001") & (empty.date >= pd.Timestamp(DAY - timedelta(days=20)))
    empty.loc[gone, ["quantity", "in_stock"]] = [0, False]
    masked = forecast(empty, 7, as_of=DAY, total=True, challenge=False).set_index("sku")["mean"]["S001"]
    zero = forecast(empty.drop(columns="in_stock"), 7, as_of=DAY, total=True, challenge=False).set_index("sku")["mean"][
        "S001"
    ]
    full = forecast(sales, 7, as_of=DAY, total=True, challenge=False).set_index("sku")["mean"]["S001"]
    assert full == pytest.approx(masked, rel=0.15)
    assert zero < 0.8 * full


def test_exceptional_units_are_a_stream_of_their_own(sales):
    spiked = sales.copy()
    spiked["exceptional"] = 0
    day = (spiked.sku == "S002") & (spiked.date == pd.Timestamp(DAY - timedelta(days=3)))
    spiked.loc[day, "quantity"] += 5_000
    spiked.loc[day, "exceptional"] = 5_000
    found = {
        stream: forecast(spiked, 7, as_of=DAY, total=True, challenge=False, stream=stream).set_index("sku")["mean"][
            "S002"
        ]
        for stream in ("ordinary", "exceptional", "all")
    }
    usual = forecast(sales, 7, as_of=DAY, total=True, challenge=False).set_index("sku")["mean"]["S002"]
    assert usual == pytest.approx(found["ordinary"], rel=1e-9)
    assert found["exceptional"] > 0
    assert found["all"] > 2 * usual


def test_files_and_frames_give_the_same(sales, tmp_path):
    renamed = sales.rename(columns={"sku": "item", "quantity": "units"})
    renamed.to_csv(tmp_path / "s.csv", index=False)
    renamed.to_parquet(tmp_path / "s.parquet")
    mapping = {"sku": "item", "quantity": "units"}
    frame = forecast(sales, 7, as_of=DAY, total=True, challenge=False)
    for name in ("s.csv", "s.parquet"):
        found = forecast(tmp_path / name, 7, as_of=DAY, total=True, challenge=False, mapping=mapping)
        pd.testing.assert_frame_equal(frame, found)


def test_weekly_rows_are_weeks(sales):
    """Weekly sums forecast as weeks agree with the days they were summed from."""
    weeks = sales.assign(date=sales.date - pd.to_timedelta(sales.date.dt.day_of_week, unit="D"))
    weeks = weeks.groupby(["sku", "date"], as_index=False)["quantity"].sum()
    found = forecast(weeks, 3, as_of=DAY, period="week", challenge=False)
    assert [DAY, DAY + timedelta(days=7), DAY + timedelta(days=14)] == sorted(set(found["ds"].dt.date))
    days = forecast(sales, 21, as_of=DAY, total=True, challenge=False)["mean"].sum()
    assert days == pytest.approx(found["mean"].sum(), rel=0.02)


def test_all_that_is_wrong_is_told(sales):
    with pytest.raises(DefinitionError) as told:
        forecast(sales, 0, levels=[1.5], period="month")
    assert ["$.horizon", "$.levels", "$.period"] == [problem.path for problem in told.value.problems]
    with pytest.raises(DefinitionError, match="quantity"):
        forecast(sales.rename(columns={"quantity": "pieces"}), 7)


def test_a_series_without_sales_is_zero(sales):
    extra = pd.DataFrame({"sku": ["NEW"], "date": [pd.Timestamp(DAY - timedelta(days=9))], "quantity": [0]})
    found = forecast(pd.concat([sales, extra]), 7, as_of=DAY, total=True, challenge=False).set_index("sku")
    assert 0.0 == found["mean"]["NEW"] == found["q0.95"]["NEW"]


@pytest.mark.spark
def test_spark_gives_the_same(sales, tmp_path):
    sales.to_parquet(tmp_path / "s.parquet", coerce_timestamps="us")
    ours = forecast(tmp_path / "s.parquet", 10, as_of=DAY, total=True, challenge=False)
    theirs = forecast(tmp_path / "s.parquet", 10, as_of=DAY, total=True, challenge=False, spark="local[2]")
    np.testing.assert_allclose(ours["mean"].to_numpy(), theirs["mean"].to_numpy(), rtol=1e-9)
    np.testing.assert_allclose(ours["q0.95"].to_numpy(), theirs["q0.95"].to_numpy(), rtol=1e-9)


@pytest.mark.shared_data
def test_real_orders_beat_the_28_day_mean(shared_data):
    """One origin of online_retail: the error of 28-day totals is clearly below that of the mean of the last 28 days."""
    path = shared_data / "online_retail_skuday.parquet"
    day = date(2011, 6, 1)
    found = forecast(path, 28, as_of=day, total=True, mapping={"quantity": "units"}, keys=["sku"]).set_index("sku")
    rows = pd.read_parquet(path, columns=["sku", "date", "units"])
    rows["date"] = pd.to_datetime(rows["date"])

    def between(start, end):
        inside = (rows.date >= pd.Timestamp(start)) & (rows.date < pd.Timestamp(end))
        return rows[inside].groupby("sku").units.sum().reindex(found.index).fillna(0)

    sold, before = between(day, day + timedelta(days=28)), between(day - timedelta(days=28), day)
    assert (found["mean"] - sold).abs().sum() < 0.9 * (before - sold).abs().sum()
