"""Sales of the ledger as facts: a day that nobody imports is folded into the `sales` facts, so that forecasts and rules see it."""

from __future__ import annotations

import datetime as dt

from services.workspace import Workspace
from store import ledger as kept
from store import records

FORM = "sales"
STOCK = "stock"
_LOOK_BACK = 31


def fold(workspace: Workspace, until: dt.date) -> int:
    """Append what the ledger sold on each of the last days up to *until* that has no sales yet; return the rows.

    A day that an import has filled stays as the import says: the same sale is never counted twice.
    """
    import pyarrow as pa  # noqa: PLC0415 once a night

    with workspace.read() as session:
        if records.state(session, STOCK) is None:
            return 0
        days = [day for day in kept.sale_days(session, until.isoformat()) if _recent(day, until)]
        sold = {day: kept.sold(session, day) for day in days}
    if not sold:
        return 0
    facts = workspace.facts(FORM)
    there, written = set(facts.days()), 0
    for day, rows in sold.items():
        date, batch = dt.date.fromisoformat(day), f"ledger-sales:{day}"
        if date in there or facts.has_batch(batch):
            continue
        revenue = [None if row["revenue"] is None else float(row["revenue"]) for row in rows]
        table = pa.table(
            {
                "sku": pa.array([row["sku"] for row in rows], pa.string()),
                "warehouse": pa.array([row["warehouse"] for row in rows], pa.string()),
                "channel": pa.array([row["channel"] or None for row in rows], pa.string()),
                "date": pa.array([date] * len(rows), pa.date32()),
                "quantity": pa.array([int(row["quantity"]) for row in rows], pa.int64()),
                "exceptional": pa.array([0] * len(rows), pa.int64()),
                "revenue": pa.array(revenue, pa.float64()),
                "in_stock": pa.array([True] * len(rows), pa.bool_()),
            }
        )
        facts.append(table, batch)
        written += table.num_rows
    return written


def _recent(day: str, until: dt.date) -> bool:
    return (until - dt.date.fromisoformat(day)).days <= _LOOK_BACK
