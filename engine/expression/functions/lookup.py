"""Look-ups into other forms. Their values are supplied by the server (columns in tables, `Context.rows` for one record)."""

from __future__ import annotations

from typing import Any

from engine.expression.function import function


@function(
    "LOOKUP(form: name, key: name, value: T, field: name) -> any",
    alias="查找", zh="另一张表里 key 字段等于 value 的第一条记录的字段;没有则为空。",
    examples=("LOOKUP('supplier', 'code', 'S1', 'lead_time_days') == 7",), family="lookup", source="Excel XLOOKUP",
)  # fmt: skip
def lookup(rows: list[Any]) -> Any:
    """Give the field of the first record of another form whose key field has the value; null without one."""
    return rows[0] if rows else None


@function(
    "SUM_OF(value: facts, condition: check = None) -> number",
    alias="汇总", zh="另一张表里符合条件的记录的值之和:SUM_OF(purchase_order.quantity, purchase_order.sku == sku)。",
    examples=("SUM_OF(supplier.lead_time_days, supplier.active == True) == 12",), family="lookup", source="Excel SUMIFS",
)  # fmt: skip
def sum_of(rows: list[Any]) -> Any:
    """Add up a value over the records of another form that meet the condition."""
    return sum((row for row in rows if row is not None), 0.0)


@function(
    "COUNT_OF(condition: check) -> number",
    alias="汇总计数", zh="另一张表里符合条件的记录数:COUNT_OF(purchase_order.status == 'sent')。",
    examples=("COUNT_OF(supplier.active == True) == 2",), family="lookup", source="Excel COUNTIFS",
)  # fmt: skip
def count_of(rows: list[Any]) -> Any:
    """Count the records of another form that meet the condition."""
    return float(len(rows))


@function(
    "AVERAGE_OF(value: facts, condition: check = None) -> number",
    alias="汇总平均", zh="另一张表里符合条件的记录的平均值;没有则为空。",
    examples=("AVERAGE_OF(supplier.lead_time_days, supplier.active == True) == 6",), family="lookup", source="Excel AVERAGEIFS",
)  # fmt: skip
def average_of(rows: list[Any]) -> Any:
    """Give the mean of a value over the records of another form that meet the condition; null without any."""
    known = [row for row in rows if row is not None]
    return sum(known, 0.0) / len(known) if known else None
