"""The sales behind a forecast, as pages draw them: units a day of a group, what was exceptional, days without stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from services import forecast_inputs
from services.workspace import Workspace
from store.database import Session

# What a group may be named by; the first two belong to the item, the region to the warehouse.
LEVELS = ("category", "sku", "warehouse", "region", "channel")
Where = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Places:
    """What belongs to what: items by code, regions by warehouse, names for people."""

    items: pd.DataFrame
    regions: dict[str, str]
    warehouses: dict[str, str]

    def keys(self, where: Where) -> dict[str, list[str]]:
        """Return *where* as the key columns that sales and forecasts have: categories as SKUs, regions as warehouses."""
        wanted: dict[str, list[str]] = {
            name: [str(where[name])] for name in ("warehouse", "channel") if where.get(name)
        }
        if where.get("sku"):
            wanted["sku"] = [str(where["sku"])]
        elif where.get("category"):
            wanted["sku"] = forecast_inputs.chosen_skus(self.items, {"category": where["category"]})
        if where.get("region") and "warehouse" not in wanted:
            wanted["warehouse"] = [code for code, region in self.regions.items() if region == where["region"]]
        return wanted

    def name(self, level: str, code: str) -> str:
        """Return what people call a code."""
        if level == "sku":
            found = self.items.loc[self.items["code"].astype(str) == code, "name"]
            return str(found.iloc[0]) if len(found) and found.iloc[0] else code
        return self.warehouses.get(code, code) if level == "warehouse" else code


def places(session: Session) -> Places:
    """Return what belongs to what."""
    items, regions = forecast_inputs.items_of(session), forecast_inputs.regions_of(session)
    return Places(items, regions, forecast_inputs.warehouse_names(session))


def rows(workspace: Workspace, since: dt.date, until: dt.date, keys: Mapping[str, Sequence[str]]) -> pa.Table:
    """Return the sales rows of *since* … *until* that have the *keys*: sku, warehouse, channel, date, units, exceptional, in_stock."""
    facts = workspace.facts("sales")
    there = facts.schema().names
    wanted = ("sku", "warehouse", "channel", "date", "quantity", "exceptional", "in_stock")
    table = facts.read(columns=[name for name in wanted if name in there], since=since, until=until)
    for name, values in keys.items():
        if name in table.column_names:
            table = table.filter(
                pc.is_in(table[name], value_set=pa.array([str(value) for value in values], pa.string()))
            )
    return table


def daily(table: pa.Table, since: dt.date, days: int) -> dict[str, Any]:
    """Return ordinary and exceptional units of each of *days* days, and the days on which something was out of stock."""
    if not table.num_rows:
        return {"units": np.zeros(days), "exceptional": np.zeros(days), "out": []}
    place = pc.subtract(table["date"].cast(pa.date32()).cast(pa.int32()), (since - dt.date(1970, 1, 1)).days).to_numpy()
    inside = (place >= 0) & (place < days)
    quantity = pc.fill_null(pc.cast(table["quantity"], pa.float64()), 0.0).to_numpy()
    exceptional = np.zeros(len(quantity))
    if "exceptional" in table.column_names:
        exceptional = pc.fill_null(pc.cast(table["exceptional"], pa.float64()), 0.0).to_numpy()
    out: list[int] = []
    if "in_stock" in table.column_names:
        gone = ~pc.fill_null(table["in_stock"], True).to_numpy(zero_copy_only=False)
        out = sorted({int(number) for number in place[inside & gone]})
    return {
        "units": np.bincount(place[inside], (quantity - exceptional)[inside], days),
        "exceptional": np.bincount(place[inside], exceptional[inside], days),
        "out": out,
    }
