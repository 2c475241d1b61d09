"""Weighted average cost, moving and monthly; opening + in − out = closing to the cent; vouchers balance."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.inventory.costing import value_entries
from engine.inventory.voucher import FORMATS, arranged, lines


def entry(kind, units, *, cost=None, day="2026-11-10", sku="A1"):
    on_hand = 0 if kind in {"order", "reserve"} else units
    return {
        "kind": kind, "sku": sku, "warehouse": "hd", "d_on_hand": on_hand, "d_in_transit": 0, "unit_cost": cost,
        "day": day, "document": "PO1", "actor": "chen",
    }  # fmt: skip


def test_the_moving_average_follows_every_receipt():
    """100 at 2, then 50 at 5: 3 each; 60 sold cost 180."""
    moves = [entry("receive", 100, cost=2), entry("receive", 50, cost=5), entry("sale", -60), entry("reserve", 5)]
    valued, opening, closing = value_entries(moves, {}, start="2026-11-01")

    assert [Decimal(200), Decimal(250), Decimal(180)] == [one.amount for one in valued]
    assert {} == opening
    assert (Decimal(90), Decimal(270)) == (closing["A1"].units, closing["A1"].value)


def test_the_monthly_average_takes_later_receipts_in():
    """Sold before the dear receipt: the month's average is 3 all the same."""
    moves = [entry("receive", 100, cost=2), entry("sale", -60), entry("receive", 50, cost=5)]
    periodic, _, end = value_entries(moves, {}, start="2026-11-01", method="periodic")
    perpetual, _, _ = value_entries(moves, {}, start="2026-11-01")

    assert Decimal(180) == periodic[1].amount
    assert Decimal(120) == perpetual[1].amount
    assert Decimal(270) == end["A1"].value


def test_an_opening_without_a_price_is_valued_at_the_standard_cost():
    valued, _, closing = value_entries([entry("edit", 10), entry("sale", -10)], {"A1": 1.5}, start="2026-11-01")

    assert [Decimal("15.00"), Decimal("15.00")] == [one.amount for one in valued]
    assert Decimal(0) == closing["A1"].value


def test_the_period_begins_where_it_begins():
    moves = [entry("receive", 100, cost=2, day="2026-10-31"), entry("sale", -10, day="2026-11-02")]
    valued, opening, closing = value_entries(moves, {}, start="2026-11-01")

    assert ["sale"] == [one.entry["kind"] for one in valued]
    assert (Decimal(200), Decimal(180)) == (opening["A1"].value, closing["A1"].value)


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["receive", "sale", "return", "damage", "transfer_out"]),
        st.integers(1, 9),
        st.decimals("0.01", "9.99", places=2),
    ),
    max_size=40,
)


@pytest.mark.parametrize("method", ["perpetual", "periodic"])
@given(moves=MOVES)
def test_the_books_balance_to_the_cent(method, moves):
    stock, entries = 0, []
    for kind, units, cost in moves:
        sign = 1 if kind in {"receive", "return"} else -1
        if kind != "transfer_out" and stock + sign * units < 0:
            continue
        stock += 0 if kind == "transfer_out" else sign * units
        entries.append(entry(kind, sign * units, cost=cost if kind == "receive" else None))
    valued, _, closing = value_entries(entries, {"A1": 1}, start="2026-11-01", method=method)
    owned = [one for one in valued if one.entry["kind"] != "transfer_out"]
    change = sum(one.amount if one.units > 0 else -one.amount for one in owned)

    assert change == sum(one.value for one in closing.values())
    assert stock == sum(one.units for one in closing.values())
    rows = list(lines(valued))
    assert sum(row["debit"] for row in rows) == sum(row["credit"] for row in rows)


def test_a_voucher_in_each_format():
    valued, _, _ = value_entries([entry("receive", 100, cost=2)], {}, start="2026-11-01")
    for columns in FORMATS.values():
        head, *rows = arranged(lines(valued), columns)
        assert list(columns) == head
        assert 2 == len(rows)
    first = dict(zip(FORMATS["kingdee"], list(arranged(lines(valued), FORMATS["kingdee"]))[1], strict=True))

    assert ("2026-11-10", "记", "1405", "库存商品", "200", "0") == tuple(
        first[name] for name in ("日期", "凭证字", "科目代码", "科目名称", "借方金额", "贷方金额")
    )
