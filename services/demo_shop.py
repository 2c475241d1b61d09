"""The demo shop: a simulated web shop, the same for the same seed and first day, day after day.

Everything here is invented by a random generator: demand with seasons, weekdays, 618 and 双11 in phases, live-stream
spikes, new and dying items, suppliers who are late, warehouses that run out. A day depends only on the days before it,
so that a shop that is generated again up to a later day has the same past.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from services.demo_days import CHANNELS, DAYS, PROMOTION, WAREHOUSES, Integers, Items, Play, items_of, multiple, play_of
from services.demo_records import records_of
from services.demo_words import CATEGORIES

__all__ = ["CHANNELS", "DAYS", "WAREHOUSES", "Shop", "generate", "sku_codes"]


@dataclass(frozen=True)
class Shop:
    """The shop up to its last day: facts as tables, the records of each form as rows."""

    sales: pa.Table
    snapshots: pa.Table
    records: dict[str, list[dict[str, Any]]]
    first: dt.date
    last: dt.date


def generate(first: dt.date, days: int = DAYS, skus: int = 840, seed: int = 618) -> Shop:
    """Return the shop of *skus* items from *first* over *days* days.

    Args:
        first: the shop's first day; together with *seed* and *skus* it decides everything.
        days: how many days to play; the first DAYS of a longer play are the same as those of a shorter one.
        skus: number of items.
        seed: of the random generator.
    """
    items = items_of(skus, seed)
    play = play_of(items, first, days, seed)
    codes = sku_codes(skus)
    sales = _sales_table(play, items, codes, first)
    snapshots = _snapshot_table(play, codes, first)
    last = first + dt.timedelta(days=days - 1)
    return Shop(sales, snapshots, records_of(items, play, codes, first, last), first, last)


def sku_codes(skus: int) -> list[str]:
    """Return the codes of the items: a letter for the category and a number (`A001`)."""
    return [f"{chr(65 + place % len(CATEGORIES))}{place // len(CATEGORIES) + 1:03d}" for place in range(skus)]


def _codes(values: list[str], place: Integers) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(place, pa.int32()), pa.array(values)).cast(pa.string())


def _dates(place: Integers, first: dt.date) -> pa.Array:
    start = (first - dt.date(1970, 1, 1)).days
    return pa.array((place + start).astype(np.int32)).cast(pa.date32())


def _sales_table(play: Play, items: Items, codes: list[str], first: dt.date) -> pa.Table:
    sold, spikes = np.stack(play.sold), np.stack(play.spikes)
    out = np.stack(play.out)
    shown = sold > 0
    # A day that sold nothing because nothing was there leaves one row, so that it is not taken for a lack of demand.
    shown[:, :, :, 0] |= out & (sold.sum(axis=3) == 0)
    day, sku, warehouse, channel = np.nonzero(shown)
    quantity = sold[day, sku, warehouse, channel]
    events = [multiple(first + dt.timedelta(days=place)) for place in range(len(play.sold))]
    promotion = np.array([times >= PROMOTION for times, _ in events])
    names = pa.array([name if times >= PROMOTION else None for times, name in events], pa.string())
    price = np.round(items.price[sku] * np.where(promotion[day], 0.85, 1.0), 2)
    return pa.table(
        {
            "sku": _codes(codes, sku),
            "warehouse": _codes([row[0] for row in WAREHOUSES], warehouse),
            "channel": _codes(list(CHANNELS), channel),
            "date": _dates(day, first),
            "quantity": pa.array(quantity, pa.int64()),
            "exceptional": pa.array(spikes[day, sku, warehouse, channel], pa.int64()),
            "revenue": pa.array(np.round(price * quantity, 2)),
            "price": pa.array(price),
            "promotion": names.take(pa.array(day)),
            "in_stock": pa.array(~out[day, sku, warehouse]),
        }
    )


def _snapshot_table(play: Play, codes: list[str], first: dt.date) -> pa.Table:
    on_hand = np.stack(play.on_hand)
    day, sku, warehouse = (axis.ravel() for axis in np.indices(on_hand.shape))
    count = on_hand.size
    return pa.table(
        {
            "sku": _codes(codes, sku),
            "warehouse": _codes([row[0] for row in WAREHOUSES], warehouse),
            "date": _dates(day, first),
            "on_hand": pa.array(on_hand.ravel(), pa.int64()),
            "reserved": pa.array(np.stack(play.reserved).ravel(), pa.int64()),
            "in_transit": pa.array(np.stack(play.arriving).ravel(), pa.int64()),
            "on_order": pa.array(np.zeros(count, np.int64)),
            "estimated": pa.array(np.zeros(count, np.bool_)),
        }
    )
