"""Life stage of a SKU: new, hit, regular, long tail, declining; computed from its weeks, for policy and review."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.forecasting.panel import Floats, Ints

NEW, HIT, REGULAR, TAIL, DECLINING = "新品", "爆品", "常销", "长尾", "衰退"
# Eight weeks from the first sale: before that a level of 56 days does not exist.
NEW_WEEKS = 8
# The two recent months against the half year before: half of it is a decline, twice as much a rise.
DECLINE, RISE = 0.5, 2.0
# The top twentieth of units are the hits; a SKU that sells in less than a third of the weeks is the long tail.
HIT_SHARE, TAIL_WEEKS = 0.95, 1 / 3


def life_stages(sales: Floats, first_week: Ints) -> npt.NDArray[np.str_]:
    """Return the stage of each SKU.

    Args:
        sales: (N, B) units by week, oldest first.
        first_week: (N,) week of the first sale.
    """
    weeks = sales.shape[1]
    age = weeks - first_week
    recent = sales[:, -8:].mean(axis=1)
    before = sales[:, -34:-8].mean(axis=1) if weeks > 8 else recent
    selling = (sales[:, -26:] > 0).mean(axis=1)
    top = np.quantile(recent[recent > 0], HIT_SHARE) if (recent > 0).any() else np.inf
    stage = np.full(len(sales), REGULAR)
    stage[selling < TAIL_WEEKS] = TAIL
    stage[(before > 0) & (recent < DECLINE * before)] = DECLINING
    rising = (before > 0) & (recent >= RISE * before) & (recent >= np.median(recent))
    stage[((recent >= top) | rising) & (selling >= TAIL_WEEKS) & (recent >= DECLINE * before)] = HIT
    stage[(age <= NEW_WEEKS) & (sales.sum(axis=1) > 0)] = NEW
    return stage
