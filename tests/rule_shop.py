"""A small shop made of a seed, and the day on which rules are tried on it."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pyarrow as pa

DAY = dt.date(2026, 11, 11)
NOW = dt.datetime(2026, 11, 11, 1, tzinfo=dt.UTC)
SKUS = [f"A{number}" for number in range(6)]
PLACES = ["hd", "hn"]
CALENDAR = {
    "key": "promotion",
    "events": [
        {
            "name": "双11",
            "phases": [{"name": "正式", "from": "2026-11-10", "to": "2026-11-11"}],
            "where": "sku.category == '爆款'",
        },
        {"name": "春节", "from": "2026-02-10", "to": "2026-02-20"},
    ],
}


def shop(seed: int, quantity: str = "integer") -> dict[str, pa.Table]:
    """A small shop, made of *seed*: gaps, empty fields, launches, promotions, stockouts, several channels."""
    rnd = random.Random(seed)
    values: dict[str, Any] = {
        "integer": lambda: rnd.choice([None, *range(-2, 12)]),
        "decimal": lambda: Decimal(rnd.randrange(-2000, 12000)) / 1000,
        "double": lambda: rnd.choice([None, float("nan"), rnd.uniform(-2, 12)]),
    }
    kinds = {"integer": pa.int32(), "decimal": pa.decimal128(18, 3), "double": pa.float64()}
    launches = [None, None, DAY, *(DAY - dt.timedelta(days=age) for age in (1, 2, 5, 20, 400))]
    sku = pa.table(
        {
            "code": SKUS,
            "category": [rnd.choice(["爆款", "新品", None]) for _ in SKUS],
            "lead_time_days": pa.array([rnd.choice([None, 0, 3, 7]) for _ in SKUS], pa.int64()),
            "supplier": [rnd.choice(["S1", "S2", "S9", None]) for _ in SKUS],
            "launched_on": pa.array([rnd.choice(launches) for _ in SKUS], pa.date32()),
        }
    )
    supplier = pa.table({"code": ["S1", "S2"], "lead_time_days": pa.array([4.5, None], pa.float64())})
    pairs = [(s, w) for s in SKUS for w in PLACES]
    stock = pa.table(
        {
            "sku": [s for s, _ in pairs],
            "warehouse": [w for _, w in pairs],
            "on_hand": pa.array([rnd.choice([None, *range(40)]) for _ in pairs], pa.int32()),
            "reserved": pa.array([rnd.randrange(5) for _ in pairs], pa.int64()),
            "price": pa.array([Decimal(rnd.randrange(10000)) / 100 for _ in pairs], pa.decimal128(18, 4)),
            "grade": pa.array([rnd.choice(["A", "B", None]) for _ in pairs], pa.string()),
            "is_promo": [rnd.choice([True, False, None]) for _ in pairs],
            "checked_on": pa.array([rnd.choice([None, DAY, DAY - dt.timedelta(days=9)]) for _ in pairs], pa.date32()),
        }
    )
    days = [DAY - dt.timedelta(days=age) for age in (*range(-1, 30), *range(360, 380))]
    sold = [(s, w, c, d) for s, w in pairs for c in ("tmall", "jd") for d in days if rnd.random() < 0.4]
    sales = pa.table(
        {
            "sku": [row[0] for row in sold],
            "warehouse": [row[1] for row in sold],
            "channel": [row[2] for row in sold],
            "date": pa.array([row[3] for row in sold], pa.date32()),
            "quantity": pa.array([values[quantity]() for _ in sold], kinds[quantity]),
            "exceptional": pa.array([rnd.choice([None, 0, 1]) for _ in sold], pa.int32()),
            "price": pa.array([rnd.choice([None, 9.9, 12.5]) for _ in sold], pa.float64()),
            "promotion": pa.array([rnd.choice([None, None, "", "618"]) for _ in sold], pa.string()),
            "in_stock": pa.array([rnd.choice([None, True, True, False]) for _ in sold], pa.bool_()),
        }
    )
    return {"sku": sku, "supplier": supplier, "stock": stock, "sales": sales}
