"""What changed between two vintages, and which step did it: level, model, promotion or a person."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from engine.forecasting.archive import days

# What a change of each step means; the step's part is what it adds to the one before.
PARTS = (
    ("level", "base", None),
    ("model", "model", "base"),
    ("promotion", "promotion", "model"),
    ("person", "person", "promotion"),
)


def changes(before: tuple[date, Path], after: tuple[date, Path], length: int = 28, most: int = 20) -> dict[str, Any]:
    """Return how the forecast of the days that both vintages cover moved, in all and for the items that moved most.

    Args:
        before: day and folder of the earlier vintage.
        after: day and folder of the later one.
        length: days from the later one's day that are compared.
        most: how many items to name.

    Returns:
        `{"from", "to", "before", "after", "parts": {part: units}, "items": [{sku, before, after, reason, parts}]}`.
    """
    first, last = after[0], after[0] + timedelta(days=length - 1)
    old, new = (_by_sku(folder, first, last) for folder in (before[1], after[1]))
    both = old.add_suffix("_old").join(new.add_suffix("_new"), how="outer").fillna(0.0)
    parts = pd.DataFrame(
        {name: _part(both, step, base, "_new") - _part(both, step, base, "_old") for name, step, base in PARTS}
    )
    moved = (both["person_new"] - both["person_old"]).abs().sort_values(ascending=False, kind="stable")
    items = []
    for sku in moved.index[moved > 0.5][:most]:
        own = {str(name): float(value) for name, value in parts.loc[sku].items()}
        items.append(
            {"sku": sku, "before": float(both.loc[sku, "person_old"]), "after": float(both.loc[sku, "person_new"]),
             "reason": max(own, key=lambda name: abs(own[name])), "parts": own}
        )  # fmt: skip
    return {
        "from": first.isoformat(), "to": last.isoformat(), "before": float(both["person_old"].sum()),
        "after": float(both["person_new"].sum()), "parts": {name: float(parts[name].sum()) for name in parts}, "items": items,
    }  # fmt: skip


def _by_sku(folder: Path, first: date, last: date) -> pd.DataFrame:
    found = days(folder, by=("sku",), since=first, until=last)
    return found.groupby("sku")[["base", "model", "promotion", "person"]].sum()


def _part(both: pd.DataFrame, step: str, base: str | None, side: str) -> pd.Series[float]:
    return both[step + side] - (both[base + side] if base else 0.0)
