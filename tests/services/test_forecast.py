"""Forecasts as a use case: queued, made, cancelled, kept, overridden at any level, scored, read by rules and plans."""

from __future__ import annotations

import datetime as dt

import pyarrow.parquet as pq
import pytest

from engine.forecasting import archive
from engine.problems import DefinitionError
from services import (
    demo,
    forecast,
    forecast_accuracy,
    forecast_drift,
    forecast_explore,
    forecast_overrides,
    forecast_signals,
    forecast_store,
    nightly,
    promotion_review,
    promotions,
)
from services.refusal import Refused
from services.workspace import Settings, open_workspace
from store import forecasts, messages

NOW = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 25)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A tiny demo shop with its vintages; the tests below leave what they change as it was."""
    made = open_workspace(Settings(data_dir=tmp_path_factory.mktemp("shop")), lambda: NOW)
    demo.load(made, skus=16, days=420)
    yield made
    made.close()


def test_a_run_is_queued_once_made_and_kept(shop):
    first = forecast.start(shop, user="chen")
    again = forecast.start(shop, user="chen")
    assert ("queued", first["id"]) == (first["status"], again["id"])
    assert 1 == forecast.work(shop)
    run = forecast.get(shop, run=first["id"])
    assert ("done", 56, TODAY.isoformat()) == (run["status"], run["horizon"], run["day"])
    assert ["naive", "base", "model", "promotion", "person"] == list(run["result"]["totals"])
    assert run["result"]["changes"]["since_day"] <= run["day"]
    assert 0 == forecast.work(shop)


def test_a_run_that_waits_is_cancelled_at_once_and_one_that_is_over_cannot_be(shop):
    run = forecast.start(shop, user="chen", day=TODAY - dt.timedelta(days=1))
    assert "cancelled" == forecast.cancel(shop, run=run["id"], user="chen")["status"]
    assert 0 == forecast.work(shop)
    with pytest.raises(Refused, match="已经结束"):
        forecast.cancel(shop, run=run["id"], user="chen")


def test_a_run_that_is_being_made_ends_at_its_next_step(shop):
    """The wish to cancel reaches the maker while it works; no file is left."""
    run = forecast.start(shop, user="chen", day=TODAY - dt.timedelta(days=2))
    with shop.write() as session:
        taken = forecasts.take(session)
        forecasts.change_run(session, run["id"], cancel=True)
    forecast.make(shop, taken)
    assert "cancelled" == forecast.get(shop, run=run["id"])["status"]
    assert not forecast_store.folder_of(shop, run["id"]).exists()


def test_the_parts_of_every_level_add_up(shop):
    whole = forecast_explore.series(shop, where={})["totals"]
    expected = next(total["mean"] for total in whole if total["days"] == 28)
    for level in ("category", "sku", "warehouse", "region", "channel"):
        parts = forecast_explore.children(shop, level=level, where={}, limit=500)["items"]
        assert expected == pytest.approx(sum(part["next"] for part in parts), rel=0.001), level


def test_an_override_counts_at_once_down_to_the_channel_and_can_be_taken_back(shop):
    category = forecast_explore.children(shop, level="category", where={})["items"][0]["code"]
    where = {"category": category, "channel": "tmall"}
    before = forecast_explore.series(shop, where=where)["forecast"]["mean"][:3]
    other = forecast_explore.series(shop, where={"category": category, "channel": "jd"})["forecast"]["mean"][:3]
    values = {"where": where, "from": "2026-11-25", "to": "2026-11-27", "value": 3, "relative": True, "reason": "直播"}
    said = forecast_overrides.add(shop, values=values, user="chen")
    after = forecast_explore.series(shop, where=where)["forecast"]["mean"][:3]
    assert [3 * value for value in before] == pytest.approx(after, rel=0.01)
    same = forecast_explore.series(shop, where={"category": category, "channel": "jd"})["forecast"]["mean"][:3]
    assert other == pytest.approx(same, rel=0.01)
    forecast_overrides.withdraw(shop, override=said["id"], user="chen")
    back = forecast_explore.series(shop, where=where)["forecast"]["mean"][:3]
    assert before == pytest.approx(back, rel=0.01)


def test_an_override_needs_a_reason_days_in_sight_and_a_level_that_exists(shop):
    """All that is wrong is said at once."""
    values = {"where": {"colour": "red"}, "from": "2026-01-01", "to": "2026-01-02", "value": -1, "reason": ""}
    with pytest.raises(DefinitionError) as told:
        forecast_overrides.add(shop, values=values, user="chen")
    assert {"$.to", "$.value", "$.reason", "$.where.colour"} == {problem.path for problem in told.value.problems}


def test_what_is_known_of_an_item_is_checked_and_kept(shop):
    sku, other = (part["code"] for part in forecast_explore.children(shop, level="sku", where={})["items"][:2])
    with pytest.raises(DefinitionError):
        forecast_overrides.put_item(shop, sku=sku, analogs=[], ends_on="2026-13-45", user="chen")
    with pytest.raises(Refused):
        forecast_overrides.put_item(shop, sku=sku, analogs=["nobody"], ends_on=None, user="chen")
    forecast_overrides.put_item(shop, sku=sku, analogs=[other], ends_on="2026-12-31", user="chen")
    assert {"sku": sku, "analogs": [other], "ends_on": "2026-12-31"} == forecast_overrides.item(shop, sku=sku)
    forecast_overrides.put_item(shop, sku=sku, analogs=[], ends_on=None, user="chen")


def test_the_reckoning_has_every_step_and_every_persons_balance(shop):
    report = forecast_accuracy.report(shop)
    assert ["series", "sku", "category", "warehouse", "total"] == [level["level"] for level in report["levels"]]
    assert {"wang", "chen"} == {one["author"] for one in report["people"]["authors"]}
    for change in report["people"]["changes"]:
        gained = abs(change["without"] - change["actual"]) - abs(change["with"] - change["actual"])
        assert change["gained"] == pytest.approx(gained, abs=0.2)


def test_rules_that_ask_get_the_table_of_totals_and_others_none(shop):
    rule = {"levels": [{"level": "warning", "when": "available() < forecast(9, 0.9) and bias(28) < 1"}]}
    table = forecast_store.rule_table(shop, [rule], TODAY)
    assert {"sku", "warehouse", "ds", "horizon", "mean", "q0.9", "forecast_error", "bias"} <= set(table.column_names)
    assert {9, 28} <= set(table["horizon"].to_pylist())
    assert {TODAY} == set(table["ds"].to_pylist())
    assert forecast_store.rule_table(shop, [{"levels": [{"when": "on_hand < 3"}]}], TODAY) is None


def test_totals_for_plans_are_sums_of_the_days(shop):
    table = forecast_store.totals(shop, days=10).to_pandas()
    days = forecast_store.daily(shop, days=10).to_pandas().groupby(["sku", "warehouse"])["mean"].sum()
    assert table.set_index(["sku", "warehouse"])["mean"].to_dict() == pytest.approx(days.to_dict(), rel=1e-4)


def test_a_plan_is_kept_heeded_and_reviewed(shop):
    event = next(one for one in promotions.calendar(shop)["events"] if one["plan"])
    review = promotion_review.review(shop, plan=event["plan"])
    assert review["over"]
    assert sum(review["actual"]) == pytest.approx(review["figures"]["actual"], rel=0.01)
    assert sum(review["planned"]) == pytest.approx(review["figures"]["planned"], rel=0.01)
    assert {part["name"] for part in review["phases"]} <= {part["name"] for part in event["phases"]}


def test_more_visitors_ask_for_more_and_a_price_below_cost_for_nothing(shop):
    """The buy follows demand and margin: sold at a loss, not one piece is worth buying."""
    phases = [{"name": "高潮", "from": "2027-01-05", "to": "2027-01-10", "multiplier": 2}]
    scenarios = [{"name": "平", "traffic": 1}, {"name": "多", "traffic": 2.5}, {"name": "亏", "discount": 0.9}]
    few, many, loss = promotions.simulate(shop, values={"phases": phases, "scenarios": scenarios})["scenarios"]
    assert few["demand"] < many["demand"] < loss["demand"]
    assert few["buy"] < many["buy"]
    assert many["risk_after"] < many["risk"]
    assert 0 == loss["buy"]


def test_a_signal_is_kept_by_name_and_new_values_win(shop):
    rows = [{"date": f"2026-11-{day:02d}", "value": day} for day in range(1, 21)]
    forecast_signals.put(shop, name="traffic", rows=rows)
    told = forecast_signals.put(shop, name="traffic", rows=[{"date": "2026-11-20", "value": "7"}])
    assert (20, "2026-11-01", "2026-11-20") == (told["rows"], told["from"], told["to"])
    with pytest.raises(DefinitionError):
        forecast_signals.put(shop, name="Bad Name", rows=[{"date": "x", "value": "y"}])
    forecast_signals.remove(shop, name="traffic")
    assert [] == forecast_signals.list_(shop)


@pytest.fixture
def spoilt(shop):
    """The shop with quantiles of its past vintages at a third of what they were; afterwards as it was."""
    files = [folder / archive.TOTALS for _, _, folder in forecast_accuracy.vintages(shop, 7)[0]]
    kept = {file: file.read_bytes() for file in files}
    for file in files:
        table = pq.read_table(file).to_pandas()
        ratios = [name for name in table.columns if name.startswith("ratio_")]
        table[ratios] /= 3
        table.to_parquet(file, index=False)
    yield shop
    for file, content in kept.items():
        file.write_bytes(content)


def test_drifted_quantiles_are_told_once_to_those_who_design(spoilt):
    with spoilt.read() as session:
        newest = forecasts.newest(session)
        before = messages.count_unread(session, "lin")
    drift = forecast_drift.watch(spoilt, newest)
    assert [0.9, 0.95] == [one["level"] for one in drift]
    forecast_drift.watch(spoilt, newest)
    with spoilt.read() as session:
        assert before + 1 == messages.count_unread(session, "lin")
    assert drift == forecast.get(spoilt, run=newest.id)["result"]["drift"]


def test_the_night_queues_a_forecast_and_sunday_a_duel(shop):
    nightly.WORK["forecast"](shop, NOW)
    nightly.WORK["forecast_duel"](shop, NOW)
    with shop.write() as session:
        waiting = {run.trigger: run.options for run in forecasts.runs(session, state="queued")}
        assert {"nightly": {}, "weekly": {"challenge": True}} == waiting
        for run in forecasts.runs(session, state="queued"):
            forecasts.change_run(session, run.id, state="cancelled")


def test_without_sales_there_is_nothing_to_forecast(ws):
    with pytest.raises(Refused, match="先导入销量"):
        forecast.start(ws)
    nightly.WORK["forecast"](ws, NOW)
    assert [] == forecast.list_(ws)
