"""A shop of two SKUs and two warehouses over the base forms: what the tests of the ledger are told with."""

from __future__ import annotations

from services import packs, records
from services.workspace import Workspace
from store import ledger as kept


def prepare(workspace: Workspace, on_hand: int = 0) -> Workspace:
    """Return the workspace with the base forms, two SKUs, two warehouses, a supplier and one stock row."""
    packs.install(workspace, pack="base", user="admin")
    supplier = {"code": "S1", "name": "义乌小商品", "lead_time_days": 7}
    records.create(workspace, form="supplier", values=supplier, user="admin")
    for code in ("A1", "A2"):
        values = {"code": code, "name": code, "unit_cost": 2, "supplier": "S1"}
        records.create(workspace, form="sku", values=values, user="admin")
    for code in ("hd", "hn"):
        records.create(workspace, form="warehouse", values={"code": code, "name": code}, user="admin")
    values = {"sku": "A1", "warehouse": "hd", "on_hand": on_hand}
    records.create(workspace, form="stock", values=values, user="admin")
    return workspace


def row_of(workspace: Workspace, sku: str = "A1", warehouse: str = "hd"):
    """Return on hand, reserved, in transit and on order of a place; None where there is no row."""
    with workspace.read() as session:
        found = kept.stock_rows(session, [(sku, warehouse)])
    return tuple(found[0][name] for name in kept.NUMBERS) if found else None
