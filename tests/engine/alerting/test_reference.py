"""The compiled query and the reference by hand agree: on who breaches, at which level, with which values, on what is unknown."""

from __future__ import annotations

import datetime as dt
import json
import random
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.alerting.calendars import by_key
from engine.alerting.evaluation import evaluate
from engine.alerting.plan import make_plan, ready
from engine.alerting.prepare import Asked
from engine.alerting.reference import Reference
from engine.alerting.subject import World
from engine.tables.source import open_tables

DAY = dt.date(2026, 11, 11)
NOW = dt.datetime(2026, 11, 11, 1, tzinfo=dt.UTC)
SKUS = [f"A{number}" for number in range(6)]
PLACES = ["hd", "hn"]
CALENDAR = {
    "key": "promotion",
    "events": [
        {
            "name": "双11",
            "phases": [{"name": "正式", "from": "2026-11-10", "to": "2026-11-11"}],
            "where": "sku.category == '爆款'",
        },
        {"name": "春节", "from": "2026-02-10", "to": "2026-02-20"},
    ],
}


def shop(seed: int, quantity: str = "integer") -> dict[str, pa.Table]:
    """A small shop, made of *seed*: gaps, empty fields, launches, promotions, stockouts, several channels."""
    rnd = random.Random(seed)
    values: dict[str, Any] = {
        "integer": lambda: rnd.choice([None, *range(-2, 12)]),
        "decimal": lambda: Decimal(rnd.randrange(-2000, 12000)) / 1000,
        "double": lambda: rnd.choice([None, float("nan"), rnd.uniform(-2, 12)]),
    }
    kinds = {"integer": pa.int32(), "decimal": pa.decimal128(18, 3), "double": pa.float64()}
    launches = [None, None, DAY, *(DAY - dt.timedelta(days=age) for age in (1, 2, 5, 20, 400))]
    sku = pa.table(
        {
            "code": SKUS,
            "category": [rnd.choice(["爆款", "新品", None]) for _ in SKUS],
            "lead_time_days": pa.array([rnd.choice([None, 0, 3, 7]) for _ in SKUS], pa.int64()),
            "supplier": [rnd.choice(["S1", "S2", "S9", None]) for _ in SKUS],
            "launched_on": pa.array([rnd.choice(launches) for _ in SKUS], pa.date32()),
        }
    )
    supplier = pa.table({"code": ["S1", "S2"], "lead_time_days": pa.array([4.5, None], pa.float64())})
    pairs = [(s, w) for s in SKUS for w in PLACES]
    stock = pa.table(
        {
            "sku": [s for s, _ in pairs],
            "warehouse": [w for _, w in pairs],
            "on_hand": pa.array([rnd.choice([None, *range(40)]) for _ in pairs], pa.int32()),
            "reserved": pa.array([rnd.randrange(5) for _ in pairs], pa.int64()),
            "price": pa.array([Decimal(rnd.randrange(10000)) / 100 for _ in pairs], pa.decimal128(18, 4)),
            "is_promo": [rnd.choice([True, False, None]) for _ in pairs],
            "checked_on": pa.array([rnd.choice([None, DAY, DAY - dt.timedelta(days=9)]) for _ in pairs], pa.date32()),
        }
    )
    days = [DAY - dt.timedelta(days=age) for age in (*range(-1, 30), *range(360, 380))]
    sold = [(s, w, c, d) for s, w in pairs for c in ("tmall", "jd") for d in days if rnd.random() < 0.4]
    sales = pa.table(
        {
            "sku": [row[0] for row in sold],
            "warehouse": [row[1] for row in sold],
            "channel": [row[2] for row in sold],
            "date": pa.array([row[3] for row in sold], pa.date32()),
            "quantity": pa.array([values[quantity]() for _ in sold], kinds[quantity]),
            "exceptional": pa.array([rnd.choice([None, 0, 1]) for _ in sold], pa.int32()),
            "price": pa.array([rnd.choice([None, 9.9, 12.5]) for _ in sold], pa.float64()),
            "promotion": pa.array([rnd.choice([None, None, "", "618"]) for _ in sold], pa.string()),
            "in_stock": pa.array([rnd.choice([None, True, True, False]) for _ in sold], pa.bool_()),
        }
    )
    return {"sku": sku, "supplier": supplier, "stock": stock, "sales": sales}


def by_query(rule: dict, tables: dict[str, pa.Table]) -> tuple[dict, int]:
    """(keys → (level, values)), number of unknown records, by the compiled query."""
    found = evaluate(rule, tables, now=NOW, calendars=[CALENDAR])
    keys = found.keys[rule["key"]]
    rows = {
        tuple(row[key] for key in keys): (row["level"], json.loads(row["values"])) for row in found.breaches.to_pylist()
    }
    return rows, sum(one.count for one in found.unknown)


def by_hand(rule: dict, tables: dict[str, pa.Table]) -> tuple[dict, int]:
    """The same by the reference."""
    world, asked = World(open_tables(tables)), Asked(NOW, "Asia/Shanghai", by_key([CALENDAR]))
    (plan,) = ready([make_plan(rule, world, asked.calendars, DAY)])
    reference = Reference(plan, NOW, DAY, "Asia/Shanghai", asked.calendars)
    rows, unknown = {}, 0
    for record in reference.records():
        outcome = reference.judge(record)
        if outcome is not None and outcome.level is not None:
            rows[tuple(reference.keys(record).values())] = (outcome.level, outcome.values)
        unknown += outcome is not None and outcome.unknown
    return rows, unknown


OPTIONS = st.sampled_from(
    [
        "",
        ", exclude='spikes'",
        ", exclude='promotions'",
        ", exclude='stockouts'",
        ", offset=2",
        ", by='sku'",
        ", by='warehouse'",
        ", min_days=4",
        ", exclude='stockouts', offset=1, min_days=3",
    ]
)
DAYS = st.sampled_from([1, 2, 7, 14])
WINDOWS = st.builds(
    "{}({}, {}{})".format,
    st.sampled_from(
        [
            "avg_daily",
            "sum_over",
            "max_over",
            "min_over",
            "median_over",
            "std_over",
            "trend",
            "same_period_last_year",
            "year_over_year",
        ]
    ),
    st.sampled_from(["sales.quantity", "sales.quantity", "sales.quantity * sales.price"]),
    DAYS,
    OPTIONS,
)
OTHER_WINDOWS = st.one_of(
    st.builds("percentile_over(sales.quantity, {}, {}{})".format, DAYS, st.sampled_from([0.1, 0.5, 0.9]), OPTIONS),
    st.builds("ewma(sales.quantity, {}{})".format, st.sampled_from([1, 3, 0.5]), OPTIONS),
    st.builds("days_since_last(sales.quantity{})".format, st.sampled_from(["", ", by='sku'"])),
    st.builds(
        "count_days({}, {}{})".format,
        st.sampled_from(
            ["sales.quantity > 3", "sales.quantity == 0", "sales.price < 10", "sales.quantity < 2 or sales.in_stock"]
        ),
        DAYS,
        OPTIONS,
    ),
    st.sampled_from(["available()", "days_of_cover()", "today_so_far(sales.quantity)"]),
)
LEAVES = st.sampled_from(
    ["on_hand", "reserved", "price", "sku.lead_time_days", "sku.supplier.lead_time_days", "5", "0.3"]
)
NUMBERS = st.recursive(
    st.one_of(LEAVES, WINDOWS, OTHER_WINDOWS),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
    max_leaves=3,
)
CONDITIONS = st.recursive(
    st.one_of(
        st.builds("{} {} {}".format, NUMBERS, st.sampled_from(["<", "<=", ">", "=="]), NUMBERS),
        st.sampled_from(
            ["is_promo", "sku.category == '爆款'", "sku.category in ['新品', '常销']", "warehouse != 'hd'"]
        ),
    ),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
    max_leaves=2,
)
RULES = st.fixed_dictionaries(
    {
        "key": st.just("r"),
        "over": st.just("stock"),
        "let": st.fixed_dictionaries({"daily": WINDOWS}, optional={"free": st.just("on_hand - reserved - daily")}),
        "levels": st.lists(
            st.fixed_dictionaries(
                {
                    "level": st.sampled_from(["info", "warning", "critical"]),
                    "when": st.one_of(CONDITIONS, st.builds("daily > {}".format, NUMBERS)),
                }
            ),
            min_size=1,
            max_size=3,
        ),
    },
    optional={
        "where": CONDITIONS,
        "on_unknown": st.sampled_from(["ignore", "warn", "fire"]),
        "during": st.just(
            [
                {
                    "calendar": "promotion",
                    "replace": True,
                    "let": {"daily": "avg_daily(sales.quantity, 3)"},
                    "levels": [{"level": "critical", "when": "on_hand < 20"}],
                }
            ]
        ),
        "overrides": st.just([{"where": "warehouse == 'hd'", "let": {"daily": "reserved / on_hand"}}]),
    },
)


@settings(max_examples=60, deadline=None)
@given(rule=RULES, seed=st.integers(0, 10_000), quantity=st.sampled_from(["integer", "decimal", "double"]))
def test_any_rule_over_any_shop(rule: dict, seed: int, quantity: str):
    """Random rules over random shops: the same records, levels, values to the last bit, and as many unknown."""
    tables = shop(seed, quantity)
    assert by_hand(rule, tables) == by_query(rule, tables)


@pytest.mark.parametrize(
    "source",
    [
        "stockout_risk(7) > 0.2",
        "safety_stock(0.95) > 3",
        "reorder_point(0.9) > on_hand",
        "days_since_launch() < 30",
    ],
)
def test_stock_functions(source: str):
    """Stock functions come to the same in both ways, up to the last digits of e^x."""
    rule = {"key": "r", "over": "stock", "levels": [{"level": "warning", "when": source}]}
    hand, query = by_hand(rule, shop(3)), by_query(rule, shop(3))
    assert hand[1] == query[1]
    assert set(hand[0]) == set(query[0])
    for keys, (_, values) in hand[0].items():
        assert values == pytest.approx(query[0][keys][1], rel=1e-12)
