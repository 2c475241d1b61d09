"""Transfer before purchase: move stock between warehouses to where its sale is most likely, within truck capacities.

Each SKU alone is a small minimum-cost flow, solved exactly by taking the best move again and again (gains fall with
every unit). Lanes that then overflow their capacity are planned together by a linear programme, only over the SKUs that
use them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from engine.forecasting.panel import Flags, Floats, Ints

MIP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Transfers:
    """A transfer plan.

    Args:
        units: (N, W, W) whole units of each SKU from warehouse to warehouse.
        value: what it saves, money.
        bound: no plan can save more.
        seconds: time taken.
        note: how it was found, Chinese.
        note_en: the same, English.
    """

    units: Floats
    value: float
    bound: float
    seconds: float
    note: str
    note_en: str

    @property
    def gap(self) -> float:
        """How far the plan may be from the best one, as a share of the bound."""
        return max(self.bound - self.value, 0.0) / self.bound if self.bound > 0 else 0.0


def transfers(
    surplus: Floats,
    need: Floats,
    worth: Floats,
    cost: Floats,
    capacity: Floats | None = None,
    *,
    limit: float = MIP_SECONDS,
) -> Transfers:
    """Return what to move.

    Args:
        surplus: (N, W) units that a warehouse can give.
        need: (N, W) units that a warehouse lacks.
        worth: (N, W) money that a unit brings where it is needed.
        cost: (W, W) money to move a unit; infinity where there is no lane.
        capacity: (W, W) units a lane can carry over all SKUs; None for no limit.
        limit: seconds for the linear programme.
    """
    began = time.perf_counter()
    gain = worth[:, None, :] - cost[None, :, :]
    gain = np.where(np.isfinite(gain), gain, -np.inf)
    gain[:, np.arange(need.shape[1]), np.arange(need.shape[1])] = -np.inf
    surplus, need = np.floor(surplus), np.ceil(need)
    units = _flows(surplus, need, gain)
    bound = _value(units, gain)
    note, note_en = "逐 SKU 最小费用流", "min-cost flow by SKU"
    if capacity is not None and (units.sum(axis=0) > capacity).any():
        over: Flags = np.asarray(units.sum(axis=0) > capacity)
        units, bound, exact = _within(units, surplus, need, gain, capacity, over, limit)
        note += "+ 超载线路线性规划" if exact else "+ 超时,按收益贪心"
        note_en += " + linear programme over full lanes" if exact else " + out of time, greedy by gain"
    return Transfers(units, _value(units, gain), bound, time.perf_counter() - began, note, note_en)


def _value(units: Floats, gain: Floats) -> float:
    return float(np.where(units > 0, units * np.where(np.isfinite(gain), gain, 0.0), 0.0).sum())


def _flows(surplus: Floats, need: Floats, gain: Floats) -> Floats:
    """Solve every SKU's transport problem at once: best lane first, then improving swaps.

    A unit's worth depends on the destination and its cost on the lane, so the greedy plan is improved by exchanging the
    sources of two destinations until no exchange pays: the optimality condition of a transport problem on few nodes.
    """
    count, places = surplus.shape
    units = np.zeros((count, places, places))
    left, lack = surplus.copy(), need.copy()
    rows = np.arange(count)
    for _ in range(places * places):
        open_ = (left[:, :, None] > 0) & (lack[:, None, :] > 0) & (gain > 0)
        score = np.where(open_, gain, -np.inf).reshape(count, -1)
        best = score.argmax(axis=1)
        live = np.isfinite(score[rows, best])
        if not live.any():
            break
        source, target = best // places, best % places
        moved = np.where(live, np.minimum(left[rows, source], lack[rows, target]), 0.0)
        units[rows, source, target] += moved
        left[rows, source] -= moved
        lack[rows, target] -= moved
    return _improved(units, left, lack, gain)


def _improved(units: Floats, left: Floats, lack: Floats, gain: Floats) -> Floats:
    """Exchange sources and targets while it pays; every pass is vectorised over the SKUs."""
    places = units.shape[1]
    finite = np.where(np.isfinite(gain), gain, -1e15)
    for _ in range(4 * places):
        changed = False
        for a in range(places):
            for b in range(places):
                for c in range(places):
                    changed |= _reroute(units, left, lack, finite, a, b, c)
                    for d in range(places):
                        if a < c and b != d:
                            changed |= _swap(units, finite, a, b, c, d)
        if not changed:
            break
    return units


def _reroute(units: Floats, left: Floats, lack: Floats, gain: Floats, a: int, b: int, c: int) -> bool:
    """Move a→b to c→b (another source has stock left) or to a→c (another place lacks more)."""
    changed = False
    for other, free in (((c, b), left[:, c]), ((a, c), lack[:, c])):
        better = gain[:, other[0], other[1]] - gain[:, a, b]
        moved = np.where(better > 1e-9, np.minimum(units[:, a, b], free), 0.0)
        if other[0] == other[1] or not moved.any():
            continue
        changed = True
        units[:, a, b] -= moved
        units[:, other[0], other[1]] += moved
        np.subtract(free, moved, out=free)
        back = left[:, a] if other == (c, b) else lack[:, b]
        back += moved
    return changed


def _swap(units: Floats, gain: Floats, a: int, b: int, c: int, d: int) -> bool:
    """Exchange a→b, c→d for a→d, c→b."""
    if a in (b, d) or c in (b, d):
        return False
    better = gain[:, a, d] + gain[:, c, b] - gain[:, a, b] - gain[:, c, d]
    moved = np.where(better > 1e-9, np.minimum(units[:, a, b], units[:, c, d]), 0.0)
    if not moved.any():
        return False
    for source, target, sign in ((a, b, -1), (c, d, -1), (a, d, 1), (c, b, 1)):
        units[:, source, target] += sign * moved
    return True


def _within(
    units: Floats, surplus: Floats, need: Floats, gain: Floats, capacity: Floats, over: Flags, limit: float
) -> tuple[Floats, float, bool]:
    """Plan the SKUs that use an overflowing lane together; the others keep their flow and use up capacity."""
    shared: Flags = np.asarray((units[:, over] > 0).any(axis=1))
    kept = np.where(shared[:, None, None], 0.0, units)
    room = np.maximum(capacity - kept.sum(axis=0), 0.0)
    chosen = np.flatnonzero(shared)
    solved = _programme(surplus[chosen], need[chosen], gain[chosen], room, limit)
    if solved is None:
        kept[chosen] = _rounded(units[chosen], gain[chosen], room)
        return kept, _value(units, gain), False
    flows, best = solved
    bound = _value(kept, gain) + best
    whole = np.floor(flows + 1e-6)
    kept[chosen] = _rounded(whole, gain[chosen], room)
    _fill(kept, chosen, surplus, need, gain, capacity)
    return kept, bound, True


def _programme(surplus: Floats, need: Floats, gain: Floats, room: Floats, limit: float) -> tuple[Floats, float] | None:
    sku, source, target = np.nonzero((gain > 0) & (surplus > 0)[:, :, None] & (need > 0)[:, None, :])
    places, size = surplus.shape[1], len(sku)
    lane = source * places + target
    column = np.arange(size)
    ones = np.ones(size)
    count = len(surplus) * places
    rows = np.concatenate([sku * places + source, count + sku * places + target, 2 * count + lane])
    matrix = sparse.csr_matrix(
        (np.tile(ones, 3), (rows, np.tile(column, 3))), shape=(2 * count + places * places, size)
    )
    most = np.concatenate([surplus.reshape(-1), need.reshape(-1), room.reshape(-1)])
    got = linprog(
        -gain[sku, source, target],
        A_ub=matrix,
        b_ub=most,
        bounds=(0, None),
        method="highs-ipm",
        options={"time_limit": limit},
    )
    if got.status != 0:
        return None
    flows = np.zeros((len(surplus), places, places))
    flows[sku, source, target] = got.x
    return flows, float(-got.fun)


def _rounded(units: Floats, gain: Floats, room: Floats) -> Floats:
    """Cut lanes that are too full, the least gain first."""
    kept = units.copy()
    for source, target in zip(*np.nonzero(kept.sum(axis=0) > room), strict=True):
        order = np.argsort(-gain[:, source, target], kind="stable")
        used = np.cumsum(kept[order, source, target])
        allowed = np.maximum(room[source, target] - (used - kept[order, source, target]), 0.0)
        kept[order, source, target] = np.floor(np.minimum(kept[order, source, target], allowed))
    return kept


def _fill(units: Floats, chosen: Ints, surplus: Floats, need: Floats, gain: Floats, capacity: Floats) -> None:
    """Use what rounding left over: the best remaining moves that fit, unit by unit of the few fractional SKUs."""
    room = capacity - units.sum(axis=0)
    left = surplus[chosen] - units[chosen].sum(axis=2)
    lack = need[chosen] - units[chosen].sum(axis=1)
    open_ = (gain[chosen] > 0) & (left[:, :, None] > 0) & (lack[:, None, :] > 0) & (room[None, :, :] >= 1)
    moves = np.argwhere(open_)
    for place in np.argsort(-gain[chosen][open_], kind="stable"):
        row, source, target = moves[place]
        units_moved = np.floor(min(left[row, source], lack[row, target], room[source, target]))
        if units_moved > 0:
            units[chosen[row], source, target] += units_moved
            left[row, source] -= units_moved
            lack[row, target] -= units_moved
            room[source, target] -= units_moved
