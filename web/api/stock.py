"""Stock: the curve of one SKU in one warehouse."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import curve
from web.api.alerts import CURVE, DAYS
from web.endpoint import endpoint, workspace

api = APIBlueprint("stock", __name__, tag="stock 库存")
CODE = {"type": "string", "minLength": 1, "maxLength": 200}


@api.get("/stock/curve")
@endpoint("viewer", query={"sku": CODE, "warehouse": CODE, **DAYS}, required=("sku",), answer=CURVE)
def show_curve(query: dict[str, Any]) -> dict[str, Any]:
    """销量与库存曲线 / Sales and stock by day; of all warehouses together when none is named."""
    keys: dict[str, str] = {name: query[name] for name in ("sku", "warehouse") if name in query}
    return curve.of_keys(workspace(), keys=keys, days=query.get("days", 60))
