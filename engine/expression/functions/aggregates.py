"""Several values or a list to one: nulls are skipped. Columns of a sub-form are lists: SUM(lines.quantity * lines.price)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from engine.expression import limits
from engine.expression.function import function
from engine.expression.operators import div, finite


def _flat(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, tuple):
            yield from (item for item in value if item is not None)
        elif value is not None:
            yield value


def total_of(values: Sequence[Any]) -> float | None:
    """Return the sum from left to right, nulls skipped; of nothing it is 0."""
    total = 0.0
    for value in values:
        if value is not None:
            total += value
    return finite(total)


def _chosen(values: Sequence[Any] | None, conditions: Sequence[Any] | None) -> list[Any]:
    pairs = zip(values or (), conditions or (), strict=False)
    return [value for value, condition in pairs if condition is True and value is not None]


@function(
    "SUM(*values: number/list[number]) -> number", "SUM(*values: duration/list[duration]) -> duration",
    alias="求和", zh="求和,空值跳过;什么都没有时为 0。可以按子表逐行计算:SUM(lines.quantity * lines.price)。",
    examples=("SUM(1, 2, 3) == 6", "SUM(1, None, 2) == 3", "SUM([1, 2], 3) == 6"), strict=False, source="Excel SUM",
)  # fmt: skip
def sum_(*values: Any) -> float | None:
    """Add up, skipping nulls; the sum of nothing is 0."""
    return total_of([total_of(value) if isinstance(value, tuple) else value for value in values])


@sum_.columnar()
def _(sql: Any, *values: Any) -> Any:
    return sql.sum_of(values)


@function(
    "AVERAGE(*values: number/list[number]) -> number", "AVERAGE(*values: duration/list[duration]) -> duration",
    alias="平均值", zh="平均值,空值跳过;什么都没有时为空。",
    examples=("AVERAGE(1, 2, 6) == 3", "AVERAGE(1, None, 3) == 2", "IS_NULL(AVERAGE([]))"), strict=False,
    source="Excel AVERAGE",
)  # fmt: skip
def average(*values: Any) -> float | None:
    """Give the mean, skipping nulls; of nothing it is null."""
    total = sum_.row(*values)
    return None if total is None else div(total, float(sum(1 for _ in _flat(values))))


@average.columnar()
def _(sql: Any, *values: Any) -> Any:
    return sql.div(sql.sum_of(values), sql.count_of(values))


@function(
    "MIN(*values: O/list[O]) -> O",
    alias="最小值", zh="最小的值,空值跳过;全空为空。数值、日期、时长都可以。",
    examples=("MIN(3, 1, 2) == 1", "MIN(7, None) == 7", "IS_NULL(MIN(None, 1 / 0))", "MIN([3, 1]) == 1"), strict=False,
    source="Excel MIN",
)  # fmt: skip
def min_(*values: Any) -> Any:
    """Give the smallest value, skipping nulls."""
    return min(_flat(values), default=None)


@min_.columnar()
def _(sql: Any, *values: Any) -> Any:
    return sql.extreme(values, largest=False)


@function(
    "MAX(*values: O/list[O]) -> O",
    alias="最大值", zh="最大的值,空值跳过;全空为空。数值、日期、时长都可以。",
    examples=("MAX(3, 1, 2) == 3", "MAX(7, None) == 7", "MAX([3, 1], 5) == 5"), strict=False, source="Excel MAX",
)  # fmt: skip
def max_(*values: Any) -> Any:
    """Give the largest value, skipping nulls."""
    return max(_flat(values), default=None)


@max_.columnar()
def _(sql: Any, *values: Any) -> Any:
    return sql.extreme(values, largest=True)


@function(
    "COUNT(values: list[any]) -> number",
    alias="计数", zh="列表里不为空的项数;COUNT(lines) 是子表的行数。",
    examples=("COUNT([1, None, 3]) == 2", "COUNT([]) == 0"), strict=False, source="Excel COUNTA",
)  # fmt: skip
def count(values: Sequence[Any] | None) -> float:
    """Count the items that are not null; `COUNT(lines)` counts the rows of a sub-form."""
    return float(sum(1 for value in values or () if value is not None))


@count.columnar()
def _(sql: Any, values: Any) -> Any:
    return sql.count_of((values,))


@function(
    "COUNT_IF(condition: list[boolean]) -> number",
    alias="条件计数", zh="条件成立的行数:COUNT_IF(lines.quantity > 10)。",
    examples=("COUNT_IF([True, False, None]) == 1",), strict=False, source="Excel COUNTIF",
)  # fmt: skip
def count_if(conditions: Sequence[Any] | None) -> float:
    """Count the rows for which the condition holds: `COUNT_IF(lines.quantity > 10)`."""
    return float(sum(1 for condition in conditions or () if condition is True))


@count_if.columnar()
def _(sql: Any, conditions: Any) -> Any:
    return sql.count_of((sql.chosen(conditions, conditions),))


@function(
    "SUM_IF(values: list[number], condition: list[boolean]) -> number",
    alias="条件求和", zh="条件成立的行的值之和:SUM_IF(lines.quantity, lines.price > 10)。",
    examples=("SUM_IF([1, 2, 3], [True, False, True]) == 4",), strict=False, source="Excel SUMIF",
)  # fmt: skip
def sum_if(values: Sequence[Any] | None, conditions: Sequence[Any] | None) -> float | None:
    """Add up the values of the rows for which the condition holds."""
    return total_of(_chosen(values, conditions))


@sum_if.columnar()
def _(sql: Any, values: Any, conditions: Any) -> Any:
    return sql.sum_of((sql.chosen(values, conditions),), lists=True)


@function(
    "AVERAGE_IF(values: list[number], condition: list[boolean]) -> number",
    alias="条件平均", zh="条件成立的行的平均值;没有这样的行时为空。",
    examples=("AVERAGE_IF([1, 2, 3], [True, False, True]) == 2", "IS_NULL(AVERAGE_IF([1], [False]))"), strict=False,
    source="Excel AVERAGEIF",
)  # fmt: skip
def average_if(values: Sequence[Any] | None, conditions: Sequence[Any] | None) -> float | None:
    """Give the mean over the rows for which the condition holds; without any it is null."""
    chosen = _chosen(values, conditions)
    total = total_of(chosen)
    return None if total is None else div(total, float(len(chosen)))


@average_if.columnar()
def _(sql: Any, values: Any, conditions: Any) -> Any:
    chosen = sql.chosen(values, conditions)
    return sql.div(sql.sum_of((chosen,), lists=True), sql.count_of((chosen,)))


@function(
    "MAX_IF(values: list[O], condition: list[boolean]) -> O",
    alias="条件最大", zh="条件成立的行里最大的值;没有这样的行时为空。",
    examples=("MAX_IF([1, 2, 3], [True, True, False]) == 2",), strict=False, source="Excel MAXIFS",
)  # fmt: skip
def max_if(values: Sequence[Any] | None, conditions: Sequence[Any] | None) -> Any:
    """Give the largest value of the rows for which the condition holds."""
    return max(_chosen(values, conditions), default=None)


@max_if.columnar()
def _(sql: Any, values: Any, conditions: Any) -> Any:
    return sql.extreme((sql.chosen(values, conditions),), largest=True, lists=True)


@function(
    "MIN_IF(values: list[O], condition: list[boolean]) -> O",
    alias="条件最小", zh="条件成立的行里最小的值;没有这样的行时为空。",
    examples=("MIN_IF([1, 2, 3], [False, True, True]) == 2",), strict=False, source="Excel MINIFS",
)  # fmt: skip
def min_if(values: Sequence[Any] | None, conditions: Sequence[Any] | None) -> Any:
    """Give the smallest value of the rows for which the condition holds."""
    return min(_chosen(values, conditions), default=None)


@min_if.columnar()
def _(sql: Any, values: Any, conditions: Any) -> Any:
    return sql.extreme((sql.chosen(values, conditions),), largest=False, lists=True)


@function(
    "JOIN(values: list[text], separator: text = '、') -> text",
    alias="连接", zh="把列表里的文本用分隔符连起来,空值跳过;分隔符省略为顿号。",
    examples=("JOIN(['a', None, 'b'], '-') == 'a-b'", "JOIN(['甲', '乙']) == '甲、乙'"), strict=False,
    source="Excel TEXTJOIN",
)  # fmt: skip
def join(values: Sequence[Any] | None, separator: str | None) -> str | None:
    """Join the texts of a list with a separator, skipping nulls; a result beyond the limit is null."""
    if separator is None or values is None:
        return None
    texts = [value for value in values if value is not None]
    size = sum(map(len, texts)) + len(separator) * max(len(texts) - 1, 0)
    return separator.join(texts) if size <= limits.MAX_TEXT else None


@join.columnar("duckdb", "spark")
def _(sql: Any, values: Any, separator: Any) -> Any:
    return sql.join(values, separator)


@function(
    "UNIQUE(values: list[T]) -> list[T]",
    alias="去重", zh="去掉重复的项和空值,保持先后顺序。",
    examples=("COUNT(UNIQUE([1, 2, 1, None])) == 2", "JOIN(UNIQUE(['b', 'a', 'b']), '') == 'ba'"), source="Excel UNIQUE",
)  # fmt: skip
def unique(values: Sequence[Any]) -> tuple[Any, ...]:
    """Drop repeated items and nulls, keeping the order of first appearance."""
    return tuple(dict.fromkeys(value for value in values if value is not None))


@unique.columnar("duckdb", "spark")
def _(sql: Any, values: Any) -> Any:
    return sql.unique(values)
