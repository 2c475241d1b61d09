"""Texts: characters are code points, positions count from 1, comparison is case-sensitive."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from engine.expression import limits
from engine.expression.function import function
from engine.expression.pattern import plain_pattern

_BLANKS = " \t\r\n\u3000\u00a0"


_ONE_CAPITAL = {"ß": "ẞ", "ᾳ": "ᾼ", "ῃ": "ῌ", "ῳ": "ῼ"} | {
    chr(code): chr(code + 8) for start in (0x1F80, 0x1F90, 0x1FA0) for code in range(start, start + 8)
}
"""Letters whose capital is usually written as two letters; here each letter stays one, as in SQL."""


def _bounded(value: str) -> str | None:
    return value if len(value) <= limits.MAX_TEXT else None


@function(
    "CONCAT(*texts: text) -> text",
    alias="拼接", zh="把文本连起来,空值跳过(+ 遇到空值则为空)。",
    examples=("CONCAT('a', 'b', 'c') == 'abc'", "CONCAT('a', None) == 'a'"), strict=False, source="Excel CONCAT",
)  # fmt: skip
def concat(*texts: str | None) -> str | None:
    """Join texts, skipping nulls (the operator + gives null)."""
    known = [text for text in texts if text is not None]
    return "".join(known) if sum(map(len, known)) <= limits.MAX_TEXT else None


@concat.columnar()
def _(sql: Any, *texts: Any) -> Any:
    return sql.short(sql.joined([sql.call("coalesce", text, sql.text("")) for text in texts]))


@function(
    "LEFT(text: text, n: number = 1) -> text", alias="左截", zh="左边 n 个字;n 为负时为空。",
    examples=("LEFT('珍珠耳环', 2) == '珍珠'", "LEFT('ab', 5) == 'ab'", "IS_NULL(LEFT('ab', -1))"), source="Excel LEFT",
)  # fmt: skip
def left(text: str, n: float) -> str | None:
    """Give the first *n* characters; null for a negative *n*."""
    return _bounded(text[: _size(n)]) if n >= 0 else None


@left.columnar()
def _(sql: Any, text: Any, n: Any) -> Any:
    return sql.bind(n, lambda size: sql.case((sql.ge(size, sql.number(0)), sql.part(text, sql.number(1), size))))


@function(
    "RIGHT(text: text, n: number = 1) -> text", alias="右截", zh="右边 n 个字;n 为负时为空。",
    examples=("RIGHT('珍珠耳环', 2) == '耳环'", "RIGHT('ab', 5) == 'ab'", "RIGHT('ab', 0) == ''"), source="Excel RIGHT",
)  # fmt: skip
def right(text: str, n: float) -> str | None:
    """Give the last *n* characters; null for a negative *n*."""
    size = _size(n)
    return _bounded(text[max(len(text) - size, 0) :]) if n >= 0 else None


@right.columnar()
def _(sql: Any, text: Any, n: Any) -> Any:
    return sql.right(text, n)


@function(
    "MID(text: text, start: number, n: number) -> text", alias="中截", zh="从第 start 个字起的 n 个字,从 1 数起。",
    examples=("MID('abcdef', 2, 3) == 'bcd'", "MID('ab', 5, 2) == ''", "IS_NULL(MID('ab', 0, 1))"), source="Excel MID",
)  # fmt: skip
def mid(text: str, start: float, n: float) -> str | None:
    """Give *n* characters from the *start*-th on, counting from 1; null for a start below 1 or a negative *n*."""
    if start < 1 or n < 0:
        return None
    first = _size(start) - 1
    return _bounded(text[first : first + _size(n)])


@mid.columnar()
def _(sql: Any, text: Any, start: Any, n: Any) -> Any:
    return sql.mid(text, start, n)


def _size(n: float) -> int:
    return math.floor(min(n, 1e9)) if n > -1 else -1


@function(
    "LENGTH(text: text) -> number", alias="字数", zh="文本的字数。",
    examples=("LENGTH('珍珠耳环') == 4", "LENGTH('') == 0"), source="Excel LEN",
)  # fmt: skip
def length(text: str) -> float:
    """Count the characters."""
    return float(len(text))


@length.columnar()
def _(sql: Any, text: Any) -> Any:
    return sql.double(sql.length(text))


@function(
    "LOWER(text: text) -> text", alias="小写", zh="字母变小写。",
    examples=("LOWER('AbC') == 'abc'", "LOWER('备A') == '备a'"), source="Excel LOWER",
)  # fmt: skip
def lower(text: str) -> str | None:
    """Turn letters into lower case, each into one letter."""
    if len(text) > limits.MAX_TEXT:
        return None
    if text.isascii():
        return text.lower()
    return "".join(["i" if c == "İ" else c if len(low := c.lower()) != 1 else low for c in text])


@lower.columnar("duckdb")
def _(sql: Any, text: Any) -> Any:
    return sql.short(sql.call("lower", text))


@function(
    "UPPER(text: text) -> text", alias="大写", zh="字母变大写。",
    examples=("UPPER('AbC') == 'ABC'", "UPPER('备a') == '备A'"), source="Excel UPPER",
)  # fmt: skip
def upper(text: str) -> str | None:
    """Turn letters into upper case, each into one letter."""
    if len(text) > limits.MAX_TEXT:
        return None
    if text.isascii():
        return text.upper()
    return "".join([_ONE_CAPITAL.get(c, c) if len(up := c.upper()) != 1 else up for c in text])


@upper.columnar("duckdb")
def _(sql: Any, text: Any) -> Any:
    return sql.short(sql.call("upper", text))


@function(
    "TRIM(text: text) -> text", alias="去空格", zh="去掉两头的空格(含全角空格)、制表符和换行。",
    examples=("TRIM('  a b　') == 'a b'",), source="Excel TRIM, without its change of inner spaces",
)  # fmt: skip
def trim(text: str) -> str | None:
    """Strip blanks (full-width ones too), tabs and line breaks from both ends."""
    return _bounded(text.strip(_BLANKS))


@trim.columnar()
def _(sql: Any, text: Any) -> Any:
    return sql.short(sql.trim(text, _BLANKS))


@function(
    "REPLACE(text: text, old: text, new: text) -> text", alias="替换", zh="把文本里所有的 old 换成 new;old 为空文本时不变。",
    examples=("REPLACE('a-b-c', '-', '+') == 'a+b+c'", "REPLACE('abc', '', 'x') == 'abc'"), source="Excel SUBSTITUTE",
)  # fmt: skip
def replace(text: str, old: str, new: str) -> str | None:
    """Put *new* in the place of every *old*; an empty *old* changes nothing."""
    if not old:
        return _bounded(text)
    size = len(text) + text.count(old) * (len(new) - len(old))
    return text.replace(old, new) if size <= limits.MAX_TEXT else None


@replace.columnar()
def _(sql: Any, text: Any, old: Any, new: Any) -> Any:
    return sql.replace(text, old, new)


@function(
    "CONTAINS(text: text, part: text) -> boolean", alias="包含", zh="文本里是否有这一段,区分大小写。",
    examples=("CONTAINS('珍珠耳环', '耳')", "not CONTAINS('abc', 'B')", "CONTAINS('abc', '')"),
)  # fmt: skip
def contains(text: str, part: str) -> bool:
    """Say whether *part* occurs, case-sensitively."""
    return part in text


@contains.columnar()
def _(sql: Any, text: Any, part: Any) -> Any:
    return sql.contains(text, part)


@function(
    "STARTS_WITH(text: text, part: text) -> boolean", alias="开头是", zh="文本是否以这一段开头,区分大小写。",
    examples=("STARTS_WITH('SKU-1', 'SKU')", "not STARTS_WITH('SKU-1', 'sku')"),
)  # fmt: skip
def starts_with(text: str, part: str) -> bool:
    """Say whether the text begins with *part*."""
    return text.startswith(part)


@starts_with.columnar()
def _(sql: Any, text: Any, part: Any) -> Any:
    return sql.eq(sql.part(text, sql.number(1), sql.double(sql.length(part)), limit=False), part)


@function(
    "ENDS_WITH(text: text, part: text) -> boolean", alias="结尾是", zh="文本是否以这一段结尾,区分大小写。",
    examples=("ENDS_WITH('a.csv', '.csv')", "not ENDS_WITH('a.csv', '.CSV')"),
)  # fmt: skip
def ends_with(text: str, part: str) -> bool:
    """Say whether the text ends with *part*."""
    return text.endswith(part)


@ends_with.columnar()
def _(sql: Any, text: Any, part: Any) -> Any:
    return sql.ends_with(text, part)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    import re2  # noqa: PLC0415 only formulas with MATCHES need it

    options = re2.Options()
    options.max_mem = 8 << 20
    options.log_errors = False
    return re2.compile(plain_pattern(pattern), options)


@function(
    "MATCHES(text: text, pattern: pattern) -> boolean",
    alias="符合", zh="整个文本是否符合模式(RE2、Java、JavaScript 共有的部分);超过 10000 字的文本为空。",
    examples=(r"MATCHES('A-001', '[A-Z]-\d{3}')", r"not MATCHES('xA-001', '[A-Z]-\d{3}')", "MATCHES('珍珠', '.{2}')"),
)  # fmt: skip
def matches(text: str, pattern: str) -> bool | None:
    """Say whether the whole text matches the pattern (what RE2, Java and JavaScript have in common)."""
    if len(text) > limits.MAX_TEXT:
        return None
    try:
        return _compiled(pattern).fullmatch(text) is not None
    except UnicodeEncodeError:
        return None  # half a surrogate pair is no character


@matches.columnar("duckdb", "spark", "postgres")
def _(sql: Any, text: Any, pattern: Any) -> Any:
    return sql.matches(text, plain_pattern(sql.value_of(pattern)))
