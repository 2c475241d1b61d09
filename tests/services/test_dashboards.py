"""What a dashboard's widgets show: numbers, groups with their labels, rows; one that fails leaves the others standing."""

from __future__ import annotations

from typing import Any

from services import dashboards, publish, records
from services.workspace import Workspace

BOARD: dict[str, Any] = {
    "kind": "dashboard",
    "key": "board",
    "name": "看板",
    "widgets": [
        {
            "id": "short",
            "type": "number",
            "form": "stock",
            "filter": "on_hand < sku.safety_stock",
            "aggregate": "count",
        },
        {"id": "held", "type": "number", "form": "stock", "measure": "on_hand * 2", "aggregate": "sum"},
        {"id": "mean", "type": "number", "form": "stock", "measure": "on_hand", "aggregate": "average"},
        {
            "id": "where",
            "type": "bar",
            "form": "stock",
            "measure": "on_hand",
            "aggregate": "sum",
            "group_by": ["warehouse"],
        },
        {"id": "rows", "type": "table", "form": "stock", "columns": ["sku", "on_hand"], "sort": "-on_hand", "limit": 2},
        {"id": "open", "type": "alerts"},
    ],
}


def prepared(workspace: Workspace) -> Workspace:
    """Three records in two warehouses, and the dashboard."""
    for code in ("hd", "hn"):
        records.create(workspace, form="warehouse", values={"code": code, "name": code}, user="admin")
    for code, warehouse, on_hand in (("A", "hd", 5), ("B", "hd", 50), ("C", "hn", 30)):
        records.create(workspace, form="sku", values={"code": code, "name": code}, user="admin")
        stock = {"sku": code, "warehouse": warehouse, "on_hand": on_hand}
        records.create(workspace, form="stock", values=stock, user="admin")
    publish.publish_many(workspace, [BOARD], user="admin")
    return workspace


def test_each_widget_shows_its_own(shop: Workspace) -> None:
    """Links are followed, groups come largest first with what people call them; lists are left to the pages."""
    shown = dashboards.data(prepared(shop), key="board", user="admin")["widgets"]

    assert ({"value": 1.0}, {"value": 170.0}) == (shown["short"], shown["held"])
    assert 85 / 3 == shown["mean"]["value"]
    assert [("hd", 55.0), ("hn", 30.0)] == [(one["key"], one["value"]) for one in shown["where"]["groups"]]
    assert ["B", "C"] == [row["values"]["sku"] for row in shown["rows"]["items"]]
    assert "open" not in shown


def test_nothing_has_no_mean(shop: Workspace) -> None:
    """Nothing counts 0 and sums to 0, and has no average."""
    publish.publish_many(shop, [BOARD], user="admin")
    shown = dashboards.data(shop, key="board", user="admin")["widgets"]

    assert [0.0, 0, None] == [shown[name]["value"] for name in ("short", "held", "mean")]
    assert [] == shown["where"]["groups"]
