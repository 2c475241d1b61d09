"""ABC by value and XYZ by steadiness: which SKUs matter and which can be foreseen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.forecasting.panel import Floats

Texts = npt.NDArray[np.str_]
# Pareto: A makes 80 % of the value, B the next 15 %.
ABC_SHARES = (0.80, 0.95)
# Coefficient of variation of weekly sales: below ½ a mean says nearly all, above 1 hardly anything.
XYZ_LIMITS = (0.5, 1.0)
# Service targets by class: dear and steady goods first, the long tail last; users change them in the policy.
SERVICE = {
    "AX": 0.98, "AY": 0.97, "AZ": 0.95, "BX": 0.97, "BY": 0.95, "BZ": 0.92, "CX": 0.95, "CY": 0.92, "CZ": 0.90,
}  # fmt: skip


def abc_classes(value: Floats, shares: Sequence[float] = ABC_SHARES) -> Texts:
    """Return A, B or C for each SKU by its share in the total *value* (money sold)."""
    value = np.maximum(np.nan_to_num(value), 0.0)
    total = value.sum()
    rank = np.argsort(-value, kind="stable")
    before = np.zeros(len(value))
    before[rank] = np.cumsum(value[rank]) - value[rank]
    share = before / total if total > 0 else np.ones(len(value))
    return np.where(share < shares[0], "A", np.where(share < shares[1], "B", "C"))


def xyz_classes(sales: Floats, limits: Sequence[float] = XYZ_LIMITS) -> Texts:
    """Return X, Y or Z for each SKU by the coefficient of variation of its *sales* (N, periods)."""
    mean = sales.mean(axis=1)
    variation = np.where(mean > 0, sales.std(axis=1) / np.maximum(mean, 1e-12), np.inf)
    return np.where(variation <= limits[0], "X", np.where(variation <= limits[1], "Y", "Z"))
