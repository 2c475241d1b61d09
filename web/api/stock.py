"""Stock: the curve of one SKU in one warehouse."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import curve, question_rights
from web.api.alerts import CURVE, DAYS
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("stock", __name__, tag="stock 库存")
CURVE_READS = ("on_hand", "sum_of(sales.quantity)", "sum_of(stock_snapshot.on_hand)")
CODE = {"type": "string", "minLength": 1, "maxLength": 200}


@api.get("/stock/curve")
@endpoint("viewer", query={"sku": CODE, "warehouse": CODE, **DAYS}, required=("sku",), answer=CURVE)
def show_curve(query: dict[str, Any]) -> dict[str, Any]:
    """销量与库存曲线 / Sales and stock by day; of all warehouses together when none is named."""
    keys: dict[str, str] = {name: query[name] for name in ("sku", "warehouse") if name in query}
    question_rights.ask_about_keys(workspace(), user=principal().key, form="stock", keys=keys)
    question_rights.ask(workspace(), user=principal().key, over="stock", sources=CURVE_READS, whole=False)
    return curve.of_keys(workspace(), keys=keys, days=query.get("days", 60))
