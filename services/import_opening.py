"""Opening stock by a stated rule: where a shop's sales are known and its stock is not, so that rules can run at once."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from services import bulk
from services.import_codes import Note
from services.workspace import Workspace
from store import records
from store.database import Session

WINDOW_DAYS = 28
COVER_DAYS = 14
SAFETY_DAYS = 7


def usual_sales(table: pa.Table, days: int = WINDOW_DAYS) -> dict[tuple[str, str], float]:
    """Return (sku, warehouse) → units a day, one-off orders left out, over the last *days* days of the facts *table*."""
    last: dt.date = pc.max(table["date"]).as_py()
    recent = table.filter(pc.greater(table["date"], pa.scalar(last - dt.timedelta(days=days), pa.date32())))
    ordinary = pc.subtract(recent["quantity"].cast(pa.float64()), recent["exceptional"].cast(pa.float64()))
    sums = recent.append_column("ordinary", ordinary).group_by(["sku", "warehouse"]).aggregate([("ordinary", "sum")])
    found = {(row["sku"], row["warehouse"]): row["ordinary_sum"] / days for row in sums.to_pylist()}
    everything = table.group_by(["sku", "warehouse"]).aggregate([]).to_pylist()
    return {
        (row["sku"], row["warehouse"]): max(found.get((row["sku"], row["warehouse"]), 0.0), 0.0) for row in everything
    }


def sku_values(usual: dict[tuple[str, str], float]) -> dict[str, dict[str, Any]]:
    """Return sku → the values of a SKU that is new: a safety stock of a week's sales of its smallest warehouse.

    A SKU has one safety stock and its warehouses differ: the largest would warn in all the others.
    """
    daily: dict[str, float] = {}
    for (sku, _), rate in usual.items():
        if rate > 0:
            daily[sku] = min(daily.get(sku, rate), rate)
    skus = {sku for sku, _ in usual}
    return {sku: {"safety_stock": math.ceil(daily.get(sku, 0.0) * SAFETY_DAYS)} for sku in skus}


def open_stock(
    session: Session, workspace: Workspace, *, usual: dict[tuple[str, str], float], user: str, batch: str
) -> Note | None:
    """Give every SKU that was sold and has no stock record an opening stock of two weeks' usual sales; say so."""
    there = records.arrow(session, "stock", ["sku", "warehouse"]).to_pylist()
    known = {(row["sku"], row["warehouse"]) for row in there}
    rows = [
        {"sku": sku, "warehouse": warehouse, "on_hand": math.ceil(rate * COVER_DAYS)}
        for (sku, warehouse), rate in sorted(usual.items())
        if (sku, warehouse) not in known
    ]
    if not rows:
        return None
    bulk.bulk_upsert_in(session, workspace, form="stock", rows=rows, user=user, batch=batch)
    zh = (
        f"没有库存数据:给 {len(rows):,} 个商品×仓库推算了期初库存 = 文件最后 {WINDOW_DAYS} 天的日均销量 × {COVER_DAYS} 天"
        f"(新商品的安全库存 = 销量最小的仓的日均 × {SAFETY_DAYS} 天)。这是推算,不是真实库存,请尽快导入库存表"
    )
    en = (
        f"no stock is known: {len(rows):,} SKU × warehouse were given an opening stock of {COVER_DAYS} days of the average "
        f"daily sales of the file's last {WINDOW_DAYS} days (new SKUs a safety stock of {SAFETY_DAYS} days of their smallest warehouse). This is an "
        "estimate, not your stock: import a stock file soon"
    )
    return zh, en
