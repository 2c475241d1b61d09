"""The compiled query and the reference by hand agree: on who breaches, at which level, with which values, on what is unknown."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_shop import CALENDAR, DAY, NOW, shop

from engine.alerting.calendars import by_key
from engine.alerting.evaluation import evaluate
from engine.alerting.plan import make_plan, ready
from engine.alerting.prepare import Asked
from engine.alerting.reference import Reference
from engine.alerting.subject import World
from engine.tables.source import open_tables


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
# Rules that begin with the same test are worked out on the rows that pass it only.
LEADING = st.builds(
    "{} == '{}' and {}".format, st.sampled_from(["grade", "sku.category"]), st.sampled_from(["A", "爆款"]), CONDITIONS
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
                    "when": st.one_of(CONDITIONS, LEADING, st.builds("daily > {}".format, NUMBERS)),
                }
            ),
            min_size=1,
            max_size=3,
        ),
    },
    optional={
        "where": st.one_of(CONDITIONS, LEADING),
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


@settings(max_examples=40, deadline=None)
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
