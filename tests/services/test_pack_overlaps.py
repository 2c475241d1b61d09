"""Before a pack goes in, it is told which of its rules watch records that a rule here watches already."""

from __future__ import annotations

from services import packs, records


def test_rules_over_the_same_records_are_counted(ws):
    packs.install(ws, pack="daily_replenishment", user="admin", confirmed=True)
    records.create(ws, form="warehouse", values={"code": "hd", "name": "华东仓"}, user="admin")
    for code, on_hand in (("A", 3), ("B", -1), ("C", 500)):
        records.create(ws, form="sku", values={"code": code, "name": code, "safety_stock": 20}, user="admin")
        records.create(ws, form="stock", values={"sku": code, "warehouse": "hd", "on_hand": on_hand}, user="admin")

    found = packs.preview(ws, pack="daily_stocktake")["overlaps"]

    shared = {(one["rule"], one["other"]): (one["matches"], one["both"]) for one in found}
    assert (1, 1) == shared["negative_stock", "low_stock_static"]
    assert (1, 1) == shared["negative_stock", "low_stock_dynamic"]


def test_an_empty_workspace_has_none(ws):
    assert [] == packs.preview(ws, pack="daily_stocktake")["overlaps"]
