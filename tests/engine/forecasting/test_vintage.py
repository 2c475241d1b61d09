"""A vintage's steps and totals agree, its files read back as they were written, and channels add up to their series."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from engine.forecasting import Override, archive, archive_channels
from engine.forecasting.hierarchy import moved_grid
from engine.forecasting.vintage import vintage

DAY = date(2026, 1, 5)


@pytest.fixture(scope="module")
def sales():
    """Twelve items that sell by chance, three hundred days."""
    draw = np.random.default_rng(4)
    days = pd.to_datetime([DAY - timedelta(days=300 - number) for number in range(300)])
    units = draw.poisson(draw.lognormal(1.5, 0.8, 12)[:, None] * np.ones((12, 300)))
    sku = np.repeat([f"S{number:02d}" for number in range(12)], 300)
    return pd.DataFrame({"sku": sku, "date": np.tile(days, 12), "quantity": units.reshape(-1)})


@pytest.fixture(scope="module")
def found(sales):
    """A plan doubles a week that begins ten days ahead; one like it happened before."""
    days = [DAY - timedelta(days=100 - n) for n in range(7)] + [DAY + timedelta(days=10 + n) for n in range(7)]
    plan = pd.DataFrame({"date": pd.to_datetime(days), "promotion": "party", "multiplier": [np.nan] * 7 + [2.0] * 7})
    return vintage(sales, 50, DAY, future=plan, challenge=False)


def test_the_horizon_is_whole_blocks_of_four_weeks(found):
    assert (12, 56) == found.steps["promotion"].shape
    assert (7, 14, 28, 42, 56) == found.knots


def test_a_promotion_is_what_it_adds_to_the_model(found):
    """The planned multiplier stands between the two steps on its days, and nothing on usual ones."""
    ratio = found.steps["promotion"] / found.steps["model"]
    np.testing.assert_allclose(ratio[:, 10:17], 2.0)
    np.testing.assert_allclose(ratio[:, :10], 1.0)


def test_naive_is_last_week_again(found, sales):
    last = sales[sales.date >= pd.Timestamp(DAY - timedelta(days=7))].pivot_table(
        index="sku", columns="date", values="quantity"
    )
    np.testing.assert_allclose(found.steps["naive"][:, :7], last.to_numpy())
    np.testing.assert_allclose(found.steps["naive"][:, 7:14], last.to_numpy())


def test_files_read_back_and_totals_are_sums_of_days(found, tmp_path):
    person = found.steps["promotion"] * 1.5
    archive.write(tmp_path, found, person)
    days = archive.days(tmp_path, by=("sku",))
    totals = archive.totals(tmp_path, 14, (0.5, 0.9)).set_index("sku")
    first = days[days["ds"] < pd.Timestamp(DAY + timedelta(days=14))].groupby("sku")["person"].sum()
    np.testing.assert_allclose(totals["mean"], first.loc[totals.index], rtol=1e-5)
    assert (totals["q0.5"] <= totals["q0.9"]).all()
    grids = archive.read_grids(tmp_path)
    np.testing.assert_allclose(grids.person, person[np.argsort(found.keys["sku"].to_numpy())], rtol=1e-5)


def test_a_new_word_of_a_person_replaces_the_old_one(found, tmp_path):
    archive.write(tmp_path, found, found.steps["promotion"])
    grids = archive.read_grids(tmp_path)
    archive.replace_person(tmp_path, grids, grids.promotion * 3)
    again = archive.read_grids(tmp_path)
    np.testing.assert_allclose(again.person, again.promotion * 3, rtol=1e-5)


def test_an_override_of_one_channel_changes_that_channel_and_the_sum_alone(found, tmp_path):
    """Half goes through each of two channels; one is doubled on three days: it doubles, the other stays."""
    shares = {"a": np.full(12, 0.5), "b": np.full(12, 0.5)}
    said = Override({"channel": "a"}, DAY, DAY + timedelta(days=2), 2.0, relative=True)
    person, added = moved_grid(found.steps["promotion"], found.keys, [said], DAY, DAY, shares)
    archive.write(tmp_path, found, person)
    archive_channels.write_channels(tmp_path, found.keys, DAY, shares, added)
    one, two = (archive_channels.of_channel(tmp_path, name)["person"].to_numpy() for name in ("a", "b"))
    usual = found.steps["promotion"].sum(axis=0) / 2
    np.testing.assert_allclose(one[:3], 2 * usual[:3], rtol=1e-5)
    np.testing.assert_allclose(two, usual, rtol=1e-5)
    np.testing.assert_allclose(one + two, person.sum(axis=0), rtol=1e-5)


def test_an_override_of_everything_is_shared_out_in_proportion(found):
    said = Override({}, DAY, DAY + timedelta(days=6), 700.0)
    person, _ = moved_grid(found.steps["promotion"], found.keys, [said], DAY, DAY)
    assert 700.0 == pytest.approx(person[:, :7].sum())
    ratio = person[:, :7] / found.steps["promotion"][:, :7]
    np.testing.assert_allclose(ratio, ratio.flat[0])
    np.testing.assert_allclose(person[:, 7:], found.steps["promotion"][:, 7:])
