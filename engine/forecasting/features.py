"""What the global model sees of a series at an origin: levels against the base, spread, age, season, price, the days ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.forecasting.levels import History
from engine.forecasting.panel import Floats, Ints, Panel

YEAR = 52
WINDOWS = (1, 2, 4, 8, 13, 26, 52)
NAMES = (
    "log_base", "base_total", *(f"m{weeks}" for weeks in WINDOWS), "spread8", "spread26", "peak26", "share8", "share26",
    "idle", "age", "last_year", "last_year_next", "market_year", "start", "span", "lift",
    "stocked", "group", "days4", "days8", "days26",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """Weeks *start* … *stop* − 1 after an origin, plus the first days of week *stop* when *rest* is set."""

    start: int
    stop: int
    rest: bool = False

    @property
    def end(self) -> int:
        """Weeks after the origin at which everything of the window is known."""
        return self.stop + int(self.rest)


@dataclass(slots=True)
class Examples:
    """Rows for the model: features, the base forecast of the window's total and, in the past, what was sold.

    Args:
        x: (R, F) features, in the order of NAMES.
        row: (R,) series index.
        origin: (R,) week index.
        base: (R,) level × exposure of the window.
        actual: (R,) units sold in it (zero for the future).
    """

    x: Floats
    row: Ints
    origin: Ints
    base: Floats
    actual: Floats

    def take(self, chosen: Ints) -> Examples:
        """Return the chosen rows."""
        return Examples(self.x[chosen], self.row[chosen], self.origin[chosen], self.base[chosen], self.actual[chosen])


def joined(parts: Sequence[Examples]) -> Examples:
    """Return the rows of all *parts*."""
    return Examples(
        np.concatenate([part.x for part in parts]),
        np.concatenate([part.row for part in parts]),
        np.concatenate([part.origin for part in parts]),
        np.concatenate([part.base for part in parts]),
        np.concatenate([part.actual for part in parts]),
    )


@dataclass(slots=True)
class Maker:
    """Makes examples of one panel; levels of each origin are computed once.

    Args:
        panel: the sales.
        past: their cumulative sums.
        plain: (B + F,) exposure of each week without promotions, for the lift of a window.
        group: (N,) category code of each series, −1 where unknown.
        ahead: (N, F + 1) cumulative exposure of the weeks to come, and (N, F) of their first days.
    """

    panel: Panel
    past: History
    plain: Floats
    group: Ints
    ahead: Floats
    ahead_part: Floats | None
    _levels: dict[int, Floats] = field(default_factory=dict)

    def level(self, origin: int) -> Floats:
        """Return the blended level at *origin*."""
        if origin not in self._levels:
            self._levels[origin] = np.nan_to_num(self.past.level(origin))
        return self._levels[origin]

    def examples(self, origin: int, window: Window, limit: int | None = None) -> Examples:
        """Return the series that have a level at *origin* (at most *limit*, drawn), with the features of *window*."""
        level = self.level(origin)
        future = origin + window.end > self.past.weeks
        if future:
            units = np.zeros(len(level))
            exposure = self.ahead[:, window.stop] - self.ahead[:, window.start]
            if window.rest and self.ahead_part is not None:
                exposure = exposure + self.ahead_part[:, window.stop]
            rows = np.flatnonzero(level > 0)
        else:
            units, exposure = self.past.window(origin, window.start, window.stop, rest=window.rest)
            usual = np.quantile(exposure, 0.95)
            rows = np.flatnonzero((level > 0) & (exposure >= 0.5 * usual) & (exposure > 0))
        if limit is not None and len(rows) > limit:
            rows = np.sort(np.random.default_rng(origin).choice(rows, limit, replace=False))
        base = level * exposure
        x = self._features(origin, window, rows, exposure)
        return Examples(x, rows, np.full(len(rows), origin), base[rows], units[rows])

    def _features(self, origin: int, window: Window, rows: Ints, exposure: Floats) -> Floats:
        level = self.level(origin)[rows]
        columns = [np.log(level), np.log(level * exposure[rows])]
        columns += [self.past.mean(origin, weeks)[rows] / level for weeks in WINDOWS]
        columns += self._spread(origin, rows, level)
        columns += self._season(origin, window, rows)
        columns += [np.full(len(rows), float(window.start)), np.full(len(rows), float(window.stop - window.start))]
        plain = self.plain[origin + window.start : origin + window.end].sum()
        columns.append(exposure[rows] / max(plain, 1e-9))
        columns.append(
            self.past.window(origin, -4, 0)[1][rows] / max(self.plain[max(origin - 4, 0) : origin].sum(), 1e-9)
        )
        columns.append(self.group[rows].astype(np.float64))
        columns += self._frequency(origin, rows)
        return np.stack(columns, axis=1)

    def _spread(self, origin: int, rows: Ints, level: Floats) -> list[Floats]:
        low = max(origin - 26, 0)
        units = np.diff(self.past.units[rows, low : origin + 1], axis=1)
        exposure = np.diff(self.past.exposure[rows, low : origin + 1], axis=1)
        rate = np.where(exposure > 0, units / np.maximum(exposure, 1e-9), np.nan) / level[:, None]
        known = ~np.isnan(rate)
        filled = np.where(known, rate, 1.0)
        positive = (units > 0) & known
        weeks = np.arange(units.shape[1])
        idle = units.shape[1] - 1 - np.max(np.where(positive, weeks, -1), axis=1, initial=-1)
        share8 = positive[:, -8:].sum(axis=1) / np.maximum(known[:, -8:].sum(axis=1), 1)
        share26 = positive.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        age = origin - self.panel.first[rows] / 7
        return [
            filled[:, -8:].std(axis=1), filled.std(axis=1), filled.max(axis=1, initial=0.0), share8, share26,
            idle.astype(np.float64), np.minimum(age, 2 * YEAR),
        ]  # fmt: skip

    def _frequency(self, origin: int, rows: Ints) -> list[Floats]:
        """Days with a sale per unit of exposure: how often it sells, whatever the size of single orders."""
        low = max(origin - 26, 0)
        exposure = np.diff(self.past.exposure[rows, low : origin + 1], axis=1)
        days = _POPCOUNT[self.panel.sold[rows, low:origin]]
        open_ = np.maximum(exposure, 0.5)
        return [days[:, -weeks:].sum(axis=1) / open_[:, -weeks:].sum(axis=1) for weeks in (4, 8, 26)]

    def _season(self, origin: int, window: Window, rows: Ints) -> list[Floats]:
        """The same window a year ago against the level then: of the series, of the weeks after, and of the whole shop."""
        before = origin - YEAR
        unknown = np.full(len(rows), np.nan)
        if before < 4:
            return [unknown, unknown, unknown]
        then = self.level(before)[rows]
        units, exposure = (part[rows] for part in self.past.window(before, window.start, window.stop, rest=window.rest))
        later, later_exposure = (part[rows] for part in self.past.window(before, window.stop, window.stop + 4))
        own = _ratio(units, then * exposure)
        after = _ratio(later, then * later_exposure)
        market = self._market(before, window)
        return [own, after, np.full(len(rows), market)]

    def _market(self, origin: int, window: Window) -> float:
        """Return units sold by the whole shop in *window* against its levels at *origin*."""
        if origin < 4:
            return float("nan")
        units, exposure = self.past.window(origin, window.start, window.stop, rest=window.rest)
        expected = float((self.level(origin) * exposure).sum())
        return float(units[self.level(origin) > 0].sum() / expected) if expected > 0 else float("nan")


_POPCOUNT = np.array([bits.bit_count() for bits in range(256)], dtype=np.float64)


def _ratio(units: Floats, expected: Floats) -> Floats:
    # Below one expected unit a ratio is noise.
    return np.where(expected > 1, units / np.maximum(expected, 1), np.nan)
