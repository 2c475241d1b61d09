"""Windows over a facts table. Evaluation day D, window D−n … D−1; a day without a row counts 0.

The tables layer supplies these as columns; the row form says what each one is: it takes the window's daily values, oldest
first (`engine.expression.windows` makes them from rows).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.expression.function import function

Days = Sequence[float]
_OPTIONS = (
    "*, exclude: 'spikes'/'promotions'/'stockouts' = None, by: word = None, offset: whole = 0, min_days: whole = None"
)


@function(
    f"avg_daily(x: facts, n: whole, {_OPTIONS}) -> number",
    alias="日均", zh="最近 n 天的日均。未满 n 天的新品按已上市天数平均。",
    examples=("avg_daily(sales.quantity, 7) == 4",), family="series",
)  # fmt: skip
def avg_daily(days: Days) -> float | None:
    """Give the mean of the last *n* days; since its launch for a product younger than that."""
    return math.fsum(days) / len(days) if days else None


@function(
    f"sum_over(x: facts, n: whole, {_OPTIONS}) -> number",
    alias="累计", zh="最近 n 天的合计。", examples=("sum_over(sales.quantity, 7) == 28",), family="series",
)  # fmt: skip
def sum_over(days: Days) -> float | None:
    """Add up the last *n* days."""
    return math.fsum(days) if days else None


@function(
    f"max_over(x: facts, n: whole, {_OPTIONS}) -> number",
    alias="最高日", zh="最近 n 天里最高的一天。", examples=("max_over(sales.quantity, 7) == 7",), family="series",
)  # fmt: skip
def max_over(days: Days) -> float | None:
    """Give the highest of the last *n* days."""
    return max(days, default=None)


@function(
    f"min_over(x: facts, n: whole, {_OPTIONS}) -> number",
    alias="最低日", zh="最近 n 天里最低的一天。", examples=("min_over(sales.quantity, 7) == 1",), family="series",
)  # fmt: skip
def min_over(days: Days) -> float | None:
    """Give the lowest of the last *n* days."""
    return min(days, default=None)


@function(
    f"median_over(x: facts, n: whole, {_OPTIONS}) -> number",
    alias="日中位数", zh="最近 n 天的中位数。", examples=("median_over(sales.quantity, 7) == 4",), family="series",
)  # fmt: skip
def median_over(days: Days) -> float | None:
    """Give the median of the last *n* days."""
    return _quantile(days, 0.5)


@function(
    f"std_over(x: facts, n: whole, {_OPTIONS}) -> number",
    alias="日标准差", zh="最近 n 天的样本标准差(由 Σx 与 Σx² 计算);不足两天为空。",
    examples=("std_over(sales.quantity, 7) == SQRT(28 / 6)",), family="series",
)  # fmt: skip
def std_over(days: Days) -> float | None:
    """Give the sample standard deviation of the last *n* days, from Σx and Σx²; null below two days."""
    count = len(days)
    if count < 2:
        return None
    total, squares = math.fsum(days), math.fsum(day * day for day in days)
    return math.sqrt(max((squares - total * total / count) / (count - 1), 0.0))


@function(
    f"percentile_over(x: facts, n: whole, p: share, {_OPTIONS}) -> number",
    alias="日分位数", zh="最近 n 天的 p 分位数,两个值之间线性插值(Excel PERCENTILE.INC)。",
    examples=("percentile_over(sales.quantity, 7, 0.5) == 4",), family="series", source="Excel PERCENTILE.INC",
)  # fmt: skip
def percentile_over(days: Days, p: float) -> float | None:
    """Give the *p*-quantile of the last *n* days, interpolated between values."""
    return _quantile(days, p)


def _quantile(days: Days, p: float) -> float | None:
    if not days:
        return None
    ordered = sorted(days)
    place = p * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


@function(
    f"count_days(condition: check, n: whole, {_OPTIONS}) -> number",
    alias="达标天数", zh="最近 n 天里条件成立的天数:count_days(sales.quantity > 0, 30)。",
    examples=("count_days(sales.quantity > 3, 7) == 4",), family="series",
)  # fmt: skip
def count_days(days: Sequence[bool | None]) -> float | None:
    """Count the days among the last *n* on which the condition holds."""
    return float(sum(1 for day in days if day is True)) if days else None


@function(
    "days_since_last(x: facts, *, by: word = None) -> number",
    alias="距上次天数", zh="距最近一次大于 0 的那天已有几天(昨天为 1);从未有过为空。",
    examples=("days_since_last(sales.quantity) == 1",), family="series",
)  # fmt: skip
def days_since_last(days: Days) -> float | None:
    """Give the days since the last one above 0 (yesterday is 1); null where there was none."""
    return next((float(back) for back, day in enumerate(reversed(days), 1) if day > 0), None)


@function(
    f"trend(x: facts, n: whole, {_OPTIONS}) -> number",
    alias="趋势", zh="最近 n 天的最小二乘斜率,每天增加多少;不足两天为空。",
    examples=("trend(sales.quantity, 7) == 1",), family="series",
)  # fmt: skip
def trend(days: Days) -> float | None:
    """Give the least-squares slope a day over the last *n* days; null below two days."""
    count = len(days)
    if count < 2:
        return None
    middle = (count - 1) / 2
    spread = math.fsum((index - middle) ** 2 for index in range(count))
    return math.fsum((index - middle) * day for index, day in enumerate(days)) / spread


@function(
    f"same_period_last_year(x: facts, n: whole, {_OPTIONS}) -> number",
    alias="去年同期", zh="去年同期 n 天的合计(窗口整体前移 364 天,星期对齐)。",
    examples=("IS_NULL(same_period_last_year(sales.quantity, 7))",), family="series",
)  # fmt: skip
def same_period_last_year(days: Days) -> float | None:
    """Add up the same *n* days of the last year: the window moved 364 days back, so that weekdays agree."""
    return math.fsum(days) if days else None


@function(
    f"year_over_year(x: facts, n: whole, {_OPTIONS}) -> number",
    alias="同比", zh="最近 n 天的合计 ÷ 去年同期的合计 − 1。",
    examples=("IS_NULL(year_over_year(sales.quantity, 7))",), family="series",
)  # fmt: skip
def year_over_year(days: Days, before: Days) -> float | None:
    """Give the sum of the last *n* days over that of the same days of the last year, minus 1."""
    past = math.fsum(before)
    return math.fsum(days) / past - 1 if days and past else None


@function(
    f"ewma(x: facts, half_life: number, {_OPTIONS}) -> number",
    alias="指数加权日均", zh="指数加权平均,half_life 天前的权重减半;用最近 365 天。",
    examples=("ewma(sales.quantity, 7) > 4",), family="series",
)  # fmt: skip
def ewma(days: Days, half_life: float) -> float | None:
    """Give the exponentially weighted mean: a day *half_life* days older weighs half; over the last 365 days."""
    if not days or half_life <= 0:
        return None
    weights = [0.5 ** (back / half_life) for back in range(len(days) - 1, -1, -1)]
    return math.fsum(weight * day for weight, day in zip(weights, days, strict=True)) / math.fsum(weights)


@function(
    "today_so_far(x: facts, *, by: word = None) -> number",
    alias="今日累计", zh="评估日到此刻为止的合计(小时粒度)。", examples=("today_so_far(sales.quantity) == 8",), family="series",
)  # fmt: skip
def today_so_far(hours: Days) -> float:
    """Add up the evaluation day until now, from the hour grain."""
    return math.fsum(hours)


@function(
    "avg_hourly(x: facts, n: whole, *, by: word = None) -> number",
    alias="时均", zh="最近 n 小时的每小时平均(小时粒度)。", examples=("avg_hourly(sales.quantity, 2) == 4",), family="series",
)  # fmt: skip
def avg_hourly(hours: Days) -> float | None:
    """Give the mean of the last *n* hours, from the hour grain."""
    return math.fsum(hours) / len(hours) if hours else None
