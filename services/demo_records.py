"""The records of the demo shop: its SKUs, suppliers, sources, promotions and the stock it ends with."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from services.demo_days import CHANNELS, PHASES, PROMOTION, WAREHOUSES, Items, Play
from services.demo_words import CATEGORIES, MATERIALS, SUPPLIERS


def records_of(
    items: Items, play: Play, codes: list[str], first: dt.date, last: dt.date
) -> dict[str, list[dict[str, Any]]]:
    """Return the records of each form, in an order in which links find their targets."""
    suppliers = [
        {
            "code": f"S{place + 1:02d}",
            "name": name,
            "lead_time_days": lead,
            "email": f"s{place + 1:02d}@supplier.example",
        }
        for place, (name, _, lead) in enumerate(SUPPLIERS)
    ]
    stock = [
        {
            "sku": code,
            "warehouse": warehouse,
            "on_hand": int(play.on_hand[-1][sku, at]),
            "reserved": int(play.reserved[-1][sku, at]),
            "in_transit": int(play.arriving[-1][sku, at]),
            "on_order": 0,
        }
        for sku, code in enumerate(codes)
        for at, (warehouse, _, _) in enumerate(WAREHOUSES)
    ]
    return {
        "warehouse": [{"code": code, "name": name, "region": region} for code, name, region in WAREHOUSES],
        "supplier": suppliers,
        "sku": _sku_rows(items, play, codes, first),
        "source": _source_rows(items, codes),
        "promotion": _promotion_rows(first, last),
        "stock": stock,
    }


def _sku_rows(items: Items, play: Play, codes: list[str], first: dt.date) -> list[dict[str, Any]]:
    recent = np.stack(play.sold[-28:]).sum(axis=(0, 2, 3)) / min(28, len(play.sold))
    place_now = len(play.sold)
    rows = []
    for sku, code in enumerate(codes):
        category, nouns = CATEGORIES[sku % len(CATEGORIES)][:2]
        turn = sku // len(CATEGORIES)
        noun, material = nouns[turn % len(nouns)], MATERIALS[(turn // len(nouns)) % len(MATERIALS)]
        launched = int(items.launched[sku])
        daily_each = float(items.rate[sku]) / len(WAREHOUSES)
        rows.append(
            {
                "code": code,
                "name": f"{material}{noun}",
                "category": category,
                "stage": _stage(items, sku, float(recent[sku]), place_now),
                "safety_stock": max(2, round(daily_each * 4)),
                "unit_cost": float(items.cost[sku]),
                "price": float(items.price[sku]),
                "launched_on": (first + dt.timedelta(days=max(launched, 0) or -(sku % 900) - 30)).isoformat(),
                "owner": "chen" if sku % 3 else "lin",
                "supplier": f"S{int(items.supplier[sku]) + 1:02d}",
                "lead_time_days": int(items.lead[sku]),
                "moq": int(10 * (1 + sku % 3)),
                "pack_size": (1, 6, 12)[sku % 3],
                "active": not (recent[sku] == 0 and place_now > items.fades[sku] + 120),
            }
        )
    return rows


def _stage(items: Items, sku: int, recent: float, now: int) -> str:
    if items.launched[sku] >= 0 and now - items.launched[sku] <= 60:
        return "新品"
    if now > items.fades[sku] + 60:
        return "衰退"
    return "爆品" if recent >= 12 else "常销" if recent >= 1.5 else "长尾"


def _source_rows(items: Items, codes: list[str]) -> list[dict[str, Any]]:
    rows = []
    for sku, code in enumerate(codes):
        main = int(items.supplier[sku])
        for rank in range(1 + sku % 2):
            place = (main + rank * 7) % len(SUPPLIERS)
            rows.append(
                {
                    "sku": code,
                    "supplier": f"S{place + 1:02d}",
                    "price": round(float(items.cost[sku]) * (1 + 0.08 * rank), 2),
                    "lead_time_days": int(SUPPLIERS[place][2]),
                    "moq": int(10 * (1 + sku % 3)),
                    "pack_size": (1, 6, 12)[sku % 3],
                    "preferred": rank == 0,
                }
            )
    return rows


def _promotion_rows(first: dt.date, last: dt.date) -> list[dict[str, Any]]:
    rows = []
    for year in range(first.year, last.year + 2):
        for name, start, end, times, phase in PHASES:
            rows.append(
                {
                    "code": f"{year}-{name}-{phase}",
                    "name": f"{year} {name} {phase}",
                    "from_date": dt.date(year, *start).isoformat(),
                    "to_date": dt.date(year, *end).isoformat(),
                    "channels": list(CHANNELS),
                    "discount": 0.15 if times >= PROMOTION else 0.0,
                    "multiplier": times,
                }
            )
    return rows
