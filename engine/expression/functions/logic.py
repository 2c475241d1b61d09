"""Conditions and choices."""

from __future__ import annotations

from typing import Any

from engine.expression.function import function
from engine.expression.operators import kleene_and, kleene_or


@function(
    "IF(condition: boolean, then: T, otherwise: T = None) -> T",
    alias="如果", zh="条件成立时取第二个参数,否则(不成立或未知)取第三个;省略第三个时为空。",
    examples=("IF(2 > 1, '补货', '观望') == '补货'", "IF(None, 1, 2) == 2", "IS_NULL(IF(1 > 2, 3))"),
    strict=False, operator="if", source="Excel IF",
)  # fmt: skip
def if_(condition: bool | None, then: Any, otherwise: Any) -> Any:  # noqa: FBT001 a formula's argument
    """Give *then* where the condition holds, else (not, or unknown) *otherwise*; left out, that is null."""
    return then if condition is True else otherwise


@function(
    "IFS(*condition: boolean, *value: T, otherwise: T = None) -> T",
    alias="多条件", zh="依次判断,取第一个成立的条件后面的值;都不成立时取最后一个单独的参数,没有则为空。",
    examples=("IFS(1 > 2, 'a', 2 > 1, 'b') == 'b'", "IFS(1 > 2, 'a', 'c') == 'c'", "IS_NULL(IFS(1 > 2, 'a'))"),
    strict=False, source="Excel IFS",
)  # fmt: skip
def ifs(*args: Any) -> Any:
    """Give the value after the first condition that holds; else the last single argument, else null."""
    for condition, value in zip(args[::2], args[1::2], strict=False):
        if condition is True:
            return value
    return args[-1] if len(args) % 2 else None


@ifs.columnar()
def _(sql: Any, *args: Any) -> Any:
    pairs = list(zip(args[::2], args[1::2], strict=False))
    return sql.case(*pairs, default=args[-1] if len(args) % 2 else None)


@function(
    "SWITCH(value: T, *case: T, *result: U, otherwise: U = None) -> U",
    alias="匹配", zh="取第一个与之相等的选项后面的值;都不等时取最后一个单独的参数,没有则为空。",
    examples=("SWITCH(2, 1, '一', 2, '二') == '二'", "SWITCH('x', 'a', 1, 0) == 0", "IS_NULL(SWITCH(3, 1, '一'))"),
    strict=False, source="Excel SWITCH",
)  # fmt: skip
def switch(value: Any, *args: Any) -> Any:
    """Give the result after the first case that equals the value; else the last single argument, else null."""
    for case, result in zip(args[::2], args[1::2], strict=False):
        if value is not None and case is not None and value == case:
            return result
    return args[-1] if len(args) % 2 else None


@switch.columnar()
def _(sql: Any, value: Any, *args: Any) -> Any:
    def build(bound: Any) -> Any:
        pairs = [(sql.eq(bound, case), result) for case, result in zip(args[::2], args[1::2], strict=False)]
        return sql.case(*pairs, default=args[-1] if len(args) % 2 else None)

    return sql.bind(value, build)


@function(
    "AND(*conditions: boolean) -> boolean",
    alias="并且", zh="全部成立才成立;有一个不成立就不成立,否则有未知就是未知。与 and、且 相同。",
    examples=("AND(1 < 2, 2 < 3)", "not AND(1 < 2, None, 3 < 2)"),
    strict=False, operator="and", source="Excel AND",
)  # fmt: skip
def and_(*conditions: bool | None) -> bool | None:
    """Hold where all conditions hold, in three-valued logic; the same as the operator `and`."""
    outcome: bool | None = True
    for condition in conditions:
        outcome = kleene_and(outcome, condition)
    return outcome


@function(
    "OR(*conditions: boolean) -> boolean",
    alias="或者", zh="有一个成立就成立;全部不成立才不成立,否则是未知。与 or、或 相同。",
    examples=("OR(1 > 2, 2 < 3)", "OR(None, 1 < 2)", "IS_NULL(OR(None, 1 > 2))"),
    strict=False, operator="or", source="Excel OR",
)  # fmt: skip
def or_(*conditions: bool | None) -> bool | None:
    """Hold where any condition holds, in three-valued logic; the same as the operator `or`."""
    outcome: bool | None = False
    for condition in conditions:
        outcome = kleene_or(outcome, condition)
    return outcome


@function(
    "NOT(condition: boolean) -> boolean",
    alias="并非", zh="成立变不成立,不成立变成立,未知仍是未知。与 not、非 相同。",
    examples=("NOT(1 > 2)", "IS_NULL(NOT(None))"), operator="not", source="Excel NOT",
)  # fmt: skip
def not_(condition: bool) -> bool:  # noqa: FBT001 a formula's argument
    """Hold where the condition does not; unknown stays unknown."""
    return not condition


@function(
    "IF_NULL(value: T, *others: T) -> T",
    alias="空值取", zh="第一个不为空的值;都为空则为空。",
    examples=("IF_NULL(None, 7) == 7", "IF_NULL(3, 7) == 3", "IF_NULL(None, None, 'x') == 'x'"), strict=False,
)  # fmt: skip
def if_null(*values: Any) -> Any:
    """Give the first value that is not null."""
    return next((value for value in values if value is not None), None)


@if_null.columnar()
def _(sql: Any, *values: Any) -> Any:
    return sql.call("coalesce", *values)


@function(
    "IS_NULL(value: T/list[T]) -> boolean",
    alias="为空", zh="是否为空。空文本不算空。",
    examples=("IS_NULL(None)", "not IS_NULL('')", "IS_NULL(1 / 0)"), strict=False, operator="is_null",
)  # fmt: skip
def is_null(value: Any) -> bool:
    """Say whether the value is null; an empty text is not."""
    return value is None
