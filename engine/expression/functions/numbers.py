"""Arithmetic of single numbers."""

from __future__ import annotations

import math
from typing import Any

from engine.expression.function import function
from engine.expression.operators import finite, mod
from engine.expression.rounding import away_from_zero, half_away, multiples, toward_zero


@function(
    "ABS(x: number) -> number", "ABS(x: duration) -> duration",
    alias="绝对值", zh="绝对值。", examples=("ABS(-3) == 3", "IS_NULL(ABS(None))"), source="Excel ABS",
)  # fmt: skip
def abs_(x: float) -> float:
    """Give the magnitude of *x*."""
    return abs(x)


@abs_.columnar()
def _(sql: Any, x: Any) -> Any:
    return sql.call("abs", x)


@function(
    "ROUND(x: number, digits: whole = 0) -> number",
    alias="四舍五入", zh="按小数位四舍五入,恰好一半时远离 0(与 Excel 相同);位数可以为负。",
    examples=("ROUND(2.5) == 3", "ROUND(-2.5) == -3", "ROUND(2.675, 2) == 2.68", "ROUND(1.005, 2) == 1.01",
              "ROUND(1250, -2) == 1300"), source="Excel ROUND",
)  # fmt: skip
def round_(x: float, digits: float) -> float | None:
    """Round to *digits* decimals, halves away from zero, on the decimal value (as Excel)."""
    return finite(half_away(x, max(-15.0, min(15.0, digits))))


@round_.columnar()
def _(sql: Any, x: Any, digits: Any) -> Any:
    return sql.half_away(x, sql.value_of(digits))


@function(
    "ROUND_UP(x: number, digits: whole = 0) -> number",
    alias="向上舍入", zh="按小数位进位,远离 0。",
    examples=("ROUND_UP(2.1) == 3", "ROUND_UP(-2.1) == -3", "ROUND_UP(2.3, 1) == 2.3"), source="Excel ROUNDUP",
)  # fmt: skip
def round_up(x: float, digits: float) -> float | None:
    """Round to *digits* decimals away from zero."""
    return finite(away_from_zero(x, max(-15.0, min(15.0, digits))))


@round_up.columnar()
def _(sql: Any, x: Any, digits: Any) -> Any:
    return sql.cut(x, sql.value_of(digits), away=True)


@function(
    "ROUND_DOWN(x: number, digits: whole = 0) -> number",
    alias="向下舍入", zh="按小数位截断,靠近 0。",
    examples=("ROUND_DOWN(2.9) == 2", "ROUND_DOWN(-2.9) == -2", "ROUND_DOWN(0.29, 2) == 0.29"), source="Excel ROUNDDOWN",
)  # fmt: skip
def round_down(x: float, digits: float) -> float | None:
    """Cut to *digits* decimals, toward zero."""
    return finite(toward_zero(x, max(-15.0, min(15.0, digits))))


@round_down.columnar()
def _(sql: Any, x: Any, digits: Any) -> Any:
    return sql.cut(x, sql.value_of(digits), away=False)


@function(
    "CEILING(x: number, step: number = 1) -> number",
    alias="向上取整", zh="不小于 x 的最小的 step 的倍数;step 省略为 1,按整箱、起订量取整用它。",
    examples=("CEILING(2.1) == 3", "CEILING(-2.5) == -2", "CEILING(7, 5) == 10", "CEILING(2.3, 0.1) == 2.3",
              "IS_NULL(CEILING(7, 0))"), source="Excel CEILING.MATH",
)  # fmt: skip
def ceiling(x: float, step: float) -> float | None:
    """Give the smallest multiple of |step| that is not below *x*; null for a step of 0."""
    return _multiple(x, step, up=True)


@ceiling.columnar()
def _(sql: Any, x: Any, step: Any) -> Any:
    return sql.multiples(x, step, up=True)


@function(
    "FLOOR(x: number, step: number = 1) -> number",
    alias="向下取整", zh="不大于 x 的最大的 step 的倍数;step 省略为 1。",
    examples=("FLOOR(2.9) == 2", "FLOOR(-2.5) == -3", "FLOOR(7, 5) == 5", "FLOOR(2.3, 0.1) == 2.3"),
    source="Excel FLOOR.MATH",
)  # fmt: skip
def floor(x: float, step: float) -> float | None:
    """Give the largest multiple of |step| that is not above *x*; null for a step of 0."""
    return _multiple(x, step, up=False)


@floor.columnar()
def _(sql: Any, x: Any, step: Any) -> Any:
    return sql.multiples(x, step, up=False)


def _multiple(x: float, step: float, *, up: bool) -> float | None:
    found = multiples(x, step, up=up)
    return None if found is None else finite(found)


@function(
    "MOD(x: number, y: number) -> number",
    alias="取余", zh="x 除以 y 的余数,符号与 y 相同;y 为 0 时为空。与 % 相同。",
    examples=("MOD(7, 3) == 1", "MOD(-7, 3) == 2", "MOD(7, -3) == -2", "IS_NULL(MOD(7, 0))"), source="Excel MOD",
)  # fmt: skip
def mod_(x: float, y: float) -> float | None:
    """Give the remainder with the sign of *y*; null for y = 0."""
    return mod(x, y)


@mod_.columnar()
def _(sql: Any, x: Any, y: Any) -> Any:
    return sql.mod(x, y)


@function(
    "SQRT(x: number) -> number", alias="平方根", zh="平方根;负数为空。",
    examples=("SQRT(9) == 3", "IS_NULL(SQRT(-1))"), source="Excel SQRT",
)  # fmt: skip
def sqrt(x: float) -> float | None:
    """Give the square root; null below 0."""
    return math.sqrt(x) if x >= 0 else None


@sqrt.columnar()
def _(sql: Any, x: Any) -> Any:
    return sql.bind(x, lambda value: sql.case((sql.ge(value, sql.number(0)), sql.call("sqrt", value))))


@function(
    "LN(x: number) -> number", alias="自然对数", zh="自然对数;0 和负数为空。",
    examples=("LN(1) == 0", "IS_NULL(LN(0))"), source="Excel LN",
)  # fmt: skip
def ln(x: float) -> float | None:
    """Give the natural logarithm; null for 0 and below."""
    return math.log(x) if x > 0 else None


@ln.columnar()
def _(sql: Any, x: Any) -> Any:
    return sql.bind(x, lambda value: sql.case((sql.gt(value, sql.number(0)), sql.call("ln", value))))


@function(
    "EXP(x: number) -> number", alias="指数", zh="e 的 x 次方;大到无法表示时为空。",
    examples=("EXP(0) == 1", "IS_NULL(EXP(1000))"), source="Excel EXP",
)  # fmt: skip
def exp(x: float) -> float | None:
    """Give e to the power of *x*; null where that is not finite."""
    try:
        return math.exp(x)
    except OverflowError:
        return None


@exp.columnar()
def _(sql: Any, x: Any) -> Any:
    return sql.bind(x, lambda value: sql.case((sql.lt(value, sql.number(709.782712893384)), sql.call("exp", value))))


@function(
    "CLAMP(x: number, least: number, most: number) -> number",
    alias="限制", zh="把 x 限制在 least 与 most 之间。",
    examples=("CLAMP(7, 1, 5) == 5", "CLAMP(-7, 1, 5) == 1", "CLAMP(3, 1, 5) == 3"),
)  # fmt: skip
def clamp(x: float, least: float, most: float) -> float:
    """Keep *x* between *least* and *most*; where they cross, *least* wins."""
    return max(min(x, most), least)


@clamp.columnar()
def _(sql: Any, x: Any, least: Any, most: Any) -> Any:
    return sql.all_known((x, least, most), lambda a, b, c: sql.largest(sql.smallest(a, c), b))
