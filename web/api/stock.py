"""Stock: the curve of one SKU in one warehouse."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import curve, question_rights, stock_matrix
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


@api.get("/stock/matrix")
@endpoint(
    "viewer",
    query={
        "q": {"type": "string", "maxLength": 200},
        "category": {"type": "string", "maxLength": 200},
        "only": {"enum": ["short", "out", "over"]},
        "sort": {"enum": list(stock_matrix.SORTS)},
        "limit": {"type": "integer", "minimum": 1, "maximum": 500},
        "cursor": {"type": "string", "maxLength": 20},
    },
)
def show_matrix(query: dict[str, Any]) -> dict[str, Any]:
    """库存矩阵 / SKUs by warehouses: what is there, what comes, how many days it lasts."""
    see_all_stock()
    return stock_matrix.matrix(workspace(), **query)


def see_all_stock() -> None:
    """Refuse who may not see every row of stock: matrices, ledgers, plans and books tell of all of them."""
    question_rights.ask(workspace(), user=principal().key, over="stock", sources=CURVE_READS)
