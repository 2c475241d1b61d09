"""The demo shop is the same for the same seed, has a shop's life in it, and loading it again duplicates nothing."""

from __future__ import annotations

import datetime as dt

import pyarrow.compute as pc
import pytest

from services import alerts, demo, users
from services.demo_shop import CHANNELS, DAYS, WAREHOUSES, generate
from services.refusal import Refused

FIRST = dt.date(2024, 11, 25)


@pytest.fixture(scope="module")
def shop():
    return generate(FIRST, DAYS, skus=160)


def test_the_same_seed_is_the_same_shop():
    one, other = generate(FIRST, 60, skus=24), generate(FIRST, 60, skus=24)

    assert one.sales.equals(other.sales)
    assert one.snapshots.equals(other.snapshots)
    assert one.records == other.records
    assert not one.sales.equals(generate(FIRST, 60, skus=24, seed=1).sales)


def test_a_longer_play_has_the_same_past():
    short, long = generate(FIRST, 60, skus=24), generate(FIRST, 61, skus=24)

    past = long.sales.filter(pc.less(long.sales["date"], short.last + dt.timedelta(days=1)))
    assert past.sort_by([(name, "ascending") for name in ("date", "sku", "warehouse", "channel")]).equals(
        short.sales.sort_by([(name, "ascending") for name in ("date", "sku", "warehouse", "channel")])
    )


def test_the_shop_has_what_a_shop_has(shop):
    sales = shop.sales

    assert len(pc.unique(shop.snapshots["date"])) == DAYS
    assert set(CHANNELS) == set(pc.unique(sales["channel"]).to_pylist())
    assert {code for code, _, _ in WAREHOUSES} == set(pc.unique(sales["warehouse"]).to_pylist())
    assert {"新品", "爆品", "常销", "长尾", "衰退"} <= {row["stage"] for row in shop.records["sku"]}
    assert pc.min(sales["quantity"]).as_py() == 0
    assert pc.all(pc.less_equal(sales["exceptional"], sales["quantity"])).as_py()
    assert pc.sum(sales["exceptional"]).as_py() > 0
    assert pc.min(shop.snapshots["on_hand"]).as_py() == 0


def test_a_day_without_goods_is_not_taken_for_a_day_without_demand(shop):
    out = shop.sales.filter(pc.invert(shop.sales["in_stock"]))
    ends = shop.snapshots.filter(pc.equal(shop.snapshots["on_hand"], 0)).select(["sku", "warehouse", "date"])
    empty = {tuple(row.values()) for row in ends.to_pylist()}

    assert out.num_rows > 20
    assert {(row["sku"], row["warehouse"], row["date"]) for row in out.to_pylist()} <= empty


def test_promotions_lift_the_sales(shop):
    def daily(first, last):
        inside = pc.and_(pc.greater_equal(shop.sales["date"], first), pc.less_equal(shop.sales["date"], last))
        days = (last - first).days + 1
        return pc.sum(shop.sales.filter(inside)["quantity"]).as_py() / days

    assert daily(dt.date(2025, 11, 10), dt.date(2025, 11, 11)) > 2 * daily(dt.date(2025, 9, 1), dt.date(2025, 9, 30))
    assert daily(dt.date(2025, 6, 16), dt.date(2025, 6, 18)) > 1.8 * daily(dt.date(2025, 7, 1), dt.date(2025, 7, 31))


def test_loading_tells_the_story_and_loading_again_adds_nothing(ws, clock):
    steps = []

    first = demo.load(ws, progress=lambda step, done, total: steps.append(step), skus=40, days=120)
    again = demo.load(ws, skus=40, days=120)

    assert [
        "packs",
        "people",
        "shop",
        "records",
        "sales",
        "snapshots",
        "forecast",
        "evaluate",
        "chain",
        "deliver",
    ] == list(dict.fromkeys(steps))
    assert (40, 3, 120) == (first["rows"]["sku"], first["rows"]["warehouse"], len(ws.facts("stock_snapshot").days()))
    assert first["evaluation"]["fired"] > 0
    assert first["evaluation"]["examples"][0]["explanation"]
    assert first["delivered"] > 0
    assert again["already"]
    assert (0, 0, 0) == (again["evaluation"]["fired"], again["delivered"], again["evaluation"]["tasks"])
    assert first["tasks"] == again["tasks"]
    assert ws.facts("sales").read().num_rows == first["rows"]["sales"]
    assert {"admin", "lin", "chen", "wang", "guest"} == {person["key"] for person in users.list_(ws)}


def test_on_a_later_day_only_the_new_days_come(ws, clock):
    demo.load(ws, skus=40, days=60)
    before = ws.facts("sales").read()

    clock.pass_(days=2)
    later = demo.load(ws, skus=40, days=60)

    after = ws.facts("sales").read()
    assert not later["already"]
    assert (60, 62) == (len(pc.unique(before["date"])), len(pc.unique(after["date"])))
    assert before.num_rows == after.filter(pc.less_equal(after["date"], pc.max(before["date"]))).num_rows


def test_ones_own_workspace_is_left_alone(ws):
    users.create(
        ws, values={"key": "boss", "name": "老板", "password": "a-long-password", "roles": ["admin"]}, user="system"
    )

    with pytest.raises(Refused, match="BEIHUO_DATA_DIR"):
        demo.load(ws, skus=8, days=30)
    assert ["boss"] == [person["key"] for person in users.list_(ws)]


def test_every_alert_of_the_demo_says_why(ws):
    demo.load(ws, skus=40, days=120)

    found = alerts.list_(ws, limit=100)["items"]
    assert found
    assert all("<" in one["explanation"] and one["explanation_en"] for one in found)
