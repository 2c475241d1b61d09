"""Numbers and dates as texts, and texts as numbers."""

from __future__ import annotations

import re
from typing import Any

from engine.expression.context import Context
from engine.expression.formats import DateFormat, NumberFormat, plain, read_format, write_date, write_number
from engine.expression.function import function
from engine.expression.rmb import rmb_upper as write_rmb

_BLANKS = " \t\r\n\u3000\u00a0"
_NUMERAL = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?%?|[+-]?\.[0-9]+%?")


def _fits_format(kinds: tuple[str, ...], values: tuple[Any, ...]) -> tuple[int, str, str] | None:
    form = read_format(values[1]) if isinstance(values[1], str) else None
    if form is None or (kinds[0] == "number") is isinstance(form, NumberFormat) or kinds[0] in {"null", "any"}:
        return None
    return 1, "格式与值的类型不符", "the format does not suit the value's type"


@function(
    "TEXT(x: number, format: format = None) -> text", "TEXT(x: moment, format: format = 'yyyy-mm-dd') -> text",
    alias="转文本", zh="把数值或日期写成文本,格式是 Excel 格式的一小部分:0、0.00、#,##0.00、0.0%、yyyy-mm-dd、m月d日、hh:mm。",
    examples=("TEXT(3) == '3'", "TEXT(0.1) == '0.1'", "TEXT(1234.5, '#,##0.00') == '1,234.50'", "TEXT(0.125, '0.0%') == '12.5%'",
              "TEXT(DATE(2026, 11, 1), 'm月d日') == '11月1日'", "TEXT(10 ** 10 * 10 ** 6) == '10000000000000000'"),
    strict=False, context=True, verify=_fits_format, source="Excel TEXT",
)  # fmt: skip
def text_(context: Context, x: Any, form: str | None) -> str | None:
    """Write a number or a date as text, in a format that is a small part of Excel's."""
    if x is None:
        return None
    read = read_format(form) if form else None
    if isinstance(x, float):
        if read is None:
            return plain(x)
        return write_number(x, read) if isinstance(read, NumberFormat) else None
    moment = context.local(x) if hasattr(x, "tzinfo") else x
    return write_date(moment, read) if isinstance(read, DateFormat) else None


@text_.columnar("duckdb", "spark")
def _(sql: Any, x: Any, form: Any) -> Any:
    return sql.written(x, sql.value_of(form))


@function(
    "VALUE(text: text) -> number", alias="转数值", zh="把文本读成数值:可带千分位、正负号和百分号;读不出为空。",
    examples=("VALUE('12.5') == 12.5", "VALUE('1,234') == 1234", "VALUE('12%') == 0.12", "IS_NULL(VALUE('abc'))"),
    source="Excel VALUE",
)  # fmt: skip
def value_(text: str) -> float | None:
    """Read a number from a text: sign, thousands separators and a percent sign are understood; else null."""
    written = text.strip(_BLANKS) if len(text) <= 400 else ""
    if len(written) > 300 or not _NUMERAL.fullmatch(written):
        return None
    number = float(written.replace(",", "").removesuffix("%"))
    return number / 100 if written.endswith("%") else number


@value_.columnar("duckdb", "spark")
def _(sql: Any, text: Any) -> Any:
    return sql.read_number(text, _BLANKS, _NUMERAL.pattern)


@function(
    "RMB_UPPER(amount: number) -> text", alias="人民币大写", zh="人民币金额的大写;一万亿及以上为空。",
    examples=("RMB_UPPER(1234.5) == '壹仟贰佰叁拾肆元伍角整'", "RMB_UPPER(100001) == '壹拾万零壹元整'", "RMB_UPPER(0) == '零元整'",
              "RMB_UPPER(0.05) == '伍分'"), source="中国人民银行《支付结算办法》",
)  # fmt: skip
def rmb_upper(amount: float) -> str | None:
    """Write an amount of renminbi in capital numerals; null from one trillion on."""
    return write_rmb(amount)


@rmb_upper.columnar("duckdb")
def _(sql: Any, amount: Any) -> Any:
    return sql.rmb_upper(amount)
