"""The plan moves before it buys, keeps to money and capacity, and clears only what lies too long."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.replenishment.workbench import work_out

TERMS = {
    "incoming": 0.0, "deviation": 1.0, "protection": 14.0, "unit_cost": 10.0, "price": 25.0, "moq": 0.0, "pack_size": 1.0,
    "supplier": "S1", "reason": "位置 0", "reason_en": "position 0", "abc_xyz": "AX", "stage": "常销",
}  # fmt: skip


def place(sku, warehouse, available, wanted, daily=1.0, **more):
    row = {"sku": sku, "warehouse": warehouse, "available": available, "wanted": wanted, "order_up_to": 20.0}
    return {**TERMS, **row, "daily": daily, **more}


def lines(found, kind):
    return [line for line in found.lines if line["kind"] == kind]


def test_moves_come_before_purchases():
    """Hd has 200 and keeps 42; hn lacks 30 and gets it from there; nothing is bought."""
    found = work_out(pd.DataFrame([place("A", "hd", 200, 0), place("A", "hn", 0, 30)]))
    (move,) = lines(found, "transfer")

    assert ("hd", "hn", 30) == (move["from_warehouse"], move["warehouse"], move["quantity"])
    assert [] == lines(found, "buy")
    assert "多出 158" in move["reason"]


def test_the_rest_is_bought_in_packs_and_minimum_lots():
    rows = [place("A", "hd", 52, 0), place("A", "hn", 0, 30, pack_size=12.0, moq=24.0)]
    found = work_out(pd.DataFrame(rows))

    assert [10] == [line["quantity"] for line in lines(found, "transfer")]
    (bought,) = lines(found, "buy")
    assert 24 == bought["quantity"]
    assert "已先调入 10" in bought["reason"]


def test_without_transfers_all_is_bought():
    found = work_out(pd.DataFrame([place("A", "hd", 200, 0), place("A", "hn", 0, 30)]), move=False)

    assert [30] == [line["quantity"] for line in lines(found, "buy")]


def test_half_a_year_of_stock_is_proposed_for_clearance():
    found = work_out(pd.DataFrame([place("A", "hd", 400, 0, daily=1.0), place("B", "hd", 100, 0, daily=1.0)]))
    (clear,) = lines(found, "clear")

    assert ("A", 310) == (clear["sku"], clear["quantity"])
    assert "占用 3,100 元" in clear["reason"]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40), st.sampled_from(["S1", "S2"])), min_size=2, max_size=8),
    st.integers(0, 3000),
    st.integers(0, 60),
)
def test_money_and_capacity_hold(wishes, budget, capacity):
    """Whatever is wanted: never more than the budget, than a supplier delivers, or than the policy wants."""
    rows = [
        place(f"A{n}", "hd", have, want, supplier=supplier, daily=3.0)
        for n, (have, want, supplier) in enumerate(wishes)
    ]
    found = work_out(pd.DataFrame(rows), budget=float(budget), capacity={"S2": float(capacity)})
    bought = lines(found, "buy")

    assert budget >= sum(line["quantity"] * 10 for line in bought)
    assert capacity >= sum(line["quantity"] for line in bought if line["supplier"] == "S2")
    want = {row["sku"]: row["wanted"] for row in rows}
    assert all(line["quantity"] <= want[line["sku"]] for line in bought)


def test_urgent_lines_come_first():
    rows = [place("A", "hd", 30, 10, daily=2.0), place("B", "hd", 0, 10, daily=2.0)]

    assert ["B", "A"] == [line["sku"] for line in work_out(pd.DataFrame(rows)).lines]


@pytest.mark.parametrize("count", [0, 1])
def test_small_plans(count):
    found = work_out(
        pd.DataFrame([place("A", "hd", 0, 5)])[:count] if count else pd.DataFrame([place("A", "hd", 9, 0)])
    )

    assert count == len(found.lines)
    assert np.isfinite(found.summary["needed"])
