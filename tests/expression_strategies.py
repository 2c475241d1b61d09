"""Hypothesis strategies for formulas and the records they are evaluated for."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

FIELDS: dict[str, str] = {
    "a": "number", "b": "number", "c": "number", "s": "text", "t": "text", "p": "boolean", "q": "boolean", "d": "date",
    "e": "date", "m": "datetime", "n": "datetime", "u": "duration", "xs": "list[number]", "ts": "list[text]",
}  # fmt: skip
NUMBERS = [0.0, -0.0, 1.0, -1.0, 2.0, 3.0, 7.0, -7.0, 0.5, -2.5, 2.5, 0.1, 0.2, 0.3, 1.1, 3.3, 2.675, 1.005, 1e-9, -1e-300,
           1e300, -1e300, 1.7e308, 5e-324, 9007199254740992.0, 4503599627370497.5, 123456.789, 1e15, 999999999999999.9, 43.2]  # fmt: skip
TEXTS = ["", "a", "A", "abc", "备货", "珍珠耳环", " x ", "A-001", "1,234.5", "-12%", "0.1", "é", "😀", "ab备c", "%", "_", "'", '"',
         "\\", "　全角　", "\ue000", "Ｚ", "a'b--"]  # fmt: skip
DAYS = [date(2024, 2, 29), date(2026, 1, 31), date(2026, 11, 25), date(2026, 10, 1), date(2026, 10, 10), date(1, 1, 1),
        date(9999, 12, 31), date(2000, 2, 29), date(1900, 3, 1), date(2025, 12, 31), date(2026, 3, 8)]  # fmt: skip
MOMENTS = [datetime(2026, 3, 8, 6, 59, 59, tzinfo=UTC), datetime(2026, 3, 8, 7, 30, tzinfo=UTC), datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
           datetime(2026, 11, 1, 6, 30, tzinfo=UTC), datetime(2026, 11, 25, 16, 0, 0, 1, tzinfo=UTC), datetime(2024, 2, 29, 15, 59, 59, 999999, tzinfo=UTC),
           datetime(1970, 1, 1, tzinfo=UTC)]  # fmt: skip
PATTERNS = [".*", "[a-z]+", r"\w+-\d{3}", "珍.*", "(?:a|b)*c?", "[^a]?", ".{2,4}", "a|abc|备货"]


def _or_null(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values, values, values)


_number = st.one_of(
    st.sampled_from(NUMBERS), st.integers(-50, 50).map(float), st.floats(allow_nan=False, allow_infinity=False)
)
_text = st.one_of(st.sampled_from(TEXTS), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6))
_day = st.one_of(st.sampled_from(DAYS), st.dates(date(2020, 1, 1), date(2030, 12, 31)))
_moment = st.one_of(
    st.sampled_from(MOMENTS),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)),  # noqa: DTZ001
)
VALUES = {
    "number": _or_null(_number), "text": _or_null(_text), "boolean": _or_null(st.booleans()), "date": _or_null(_day),
    "datetime": _or_null(_moment), "duration": _or_null(st.integers(-400_000, 400_000).map(float)),
    "list[number]": _or_null(st.lists(_or_null(st.integers(-9, 9).map(float)), max_size=4)),
    "list[text]": _or_null(st.lists(_or_null(st.sampled_from(TEXTS)), max_size=4)),
}  # fmt: skip
records = st.fixed_dictionaries({name: VALUES[word] for name, word in FIELDS.items()})


def _quote(text: str) -> str:
    return (
        "'"
        + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
        + "'"
    )


def _literal(word: str) -> st.SearchStrategy[str]:
    if word == "number":
        return st.sampled_from(NUMBERS).map(lambda value: f"({value!r})" if value < 0 else repr(abs(value)))
    if word == "text":
        return st.sampled_from(TEXTS).map(_quote)
    if word == "boolean":
        return st.sampled_from(["True", "False"])
    if word == "date":
        return st.sampled_from(DAYS).map(lambda day: f"DATE('{day.isoformat()}')")
    return {
        "datetime": st.just("NOW()"),
        "duration": st.integers(-50, 50).map(lambda n: f"DURATION({n}, 'hour')"),
        "list[number]": st.lists(st.integers(-9, 9), max_size=3).map(lambda items: f"[{', '.join(map(str, items))}]"),
        "list[text]": st.lists(st.sampled_from(TEXTS), max_size=3).map(
            lambda items: f"[{', '.join(map(_quote, items))}]"
        ),
    }[word]


def _leaf(word: str) -> st.SearchStrategy[str]:
    fields = st.sampled_from([name for name, each in FIELDS.items() if each == word])
    return st.one_of(
        fields, fields, _literal(word), st.just("None") if word in {"number", "text", "boolean"} else fields
    )


# Every way to make a value of a type: a template whose braces name the types of its parts.
TEMPLATES: dict[str, list[str]] = {
    "number": [
        "({number} + {number})", "({number} - {number})", "({number} * {number})", "({number} / {number})",
        "({number} // {number})", "({number} % {number})", "(-{number})", "({number} ** 2)", "({number} ** -1)", "({number} ** 0)",
        "({number} ** 3)", "({number} ** 0.5)", "({number} if {boolean} else {number})", "IF({boolean}, {number})",
        "IFS({boolean}, {number}, {boolean}, {number}, {number})", "SWITCH({text}, {text}, {number}, {text}, {number})",
        "IF_NULL({number}, {number})", "ABS({number})", "ROUND({number})", "ROUND({number}, 2)", "ROUND({number}, -1)",
        "ROUND_UP({number}, 1)", "ROUND_DOWN({number}, 2)", "CEILING({number})", "CEILING({number}, {number})",
        "FLOOR({number}, {number})", "FLOOR({number}, 0.1)", "MOD({number}, {number})", "SQRT({number})", "CLAMP({number}, {number}, {number})",
        "MIN({number}, {number})", "MAX({number}, {number}, {number})", "SUM({number}, {number})", "SUM({list[number]}, {number})",
        "AVERAGE({number}, {number})", "AVERAGE({list[number]})", "COUNT({list[text]})", "COUNT({list[number]})", "MAX({list[number]})",
        "SUM_IF({list[number]}, [True, False, None])", "AVERAGE_IF({list[number]}, [True, True])", "MIN_IF({list[number]}, [True, False, True])",
        "LENGTH({text})", "VALUE({text})", "YEAR({date})", "MONTH({datetime})", "DAY({date})", "HOUR({datetime})", "WEEKDAY({date})",
        "WEEKDAY({datetime})", "DAYS({date}, {date})", "DAYS({datetime}, {date})", "({date} - {date})", "HOURS({datetime}, {datetime})",
        "WORKDAYS({date}, {date})", "({duration} / {duration})", "DAYS_TO_PROMOTION()",
    ],
    "text": [
        "({text} + {text})", "CONCAT({text}, {text})", "LEFT({text}, {number})", "RIGHT({text}, {number})", "MID({text}, {number}, {number})",
        "TRIM({text})", "REPLACE({text}, {text}, {text})", "TEXT({number})", "TEXT({number}, '0.00')", "TEXT({number}, '#,##0.0')",
        "TEXT({number}, '0%')", "TEXT({date}, 'yyyy-mm-dd')", "TEXT({date}, 'm月d日')", "TEXT({datetime}, 'yyyy/mm/dd hh:mm:ss')",
        "JOIN({list[text]}, {text})", "JOIN(UNIQUE({list[text]}))", "({text} if {boolean} else {text})", "IF_NULL({text}, {text})",
        "RMB_UPPER({number})", "LOWER('AbÉЖΩ备')", "UPPER({text})", "SWITCH({number}, {number}, {text}, {text})",
    ],
    "boolean": [
        "({number} < {number})", "({number} <= {number})", "({number} == {number})", "({number} != {number})", "({text} < {text})",
        "({text} >= {text})", "({text} == {text})", "({date} < {date})", "({date} == {date})", "({datetime} >= {datetime})",
        "({duration} > {duration})", "({boolean} and {boolean})", "({boolean} or {boolean})", "(not {boolean})", "({boolean} == {boolean})",
        "({number} < {number} <= {number})", "({text} == {text} == {text})", "({number} in [{number}, {number}, None])",
        "({number} not in [1, 2, None])", "({text} in {list[text]})", "({text} not in ['a', {text}])", "({date} in [{date}, {date}])",
        "({number} in {list[number]})", "IS_NULL({number})", "IS_NULL({text})", "IS_NULL({list[text]})", "({number} == None)",
        "(None != {text})", "CONTAINS({text}, {text})", "STARTS_WITH({text}, {text})", "ENDS_WITH({text}, {text})",
        *(f"MATCHES({{text}}, {_quote(pattern)})" for pattern in PATTERNS), "IS_HOLIDAY({date})", "AND({boolean}, {boolean}, {boolean})",
        "({boolean} if {boolean} else {boolean})",
    ],
    "date": [
        "({date} + {number})", "({number} + {date})", "({date} - {number})", "DATE({number}, {number}, {number})", "DATE({datetime})",
        "DATE_ADD({date}, {number}, 'month')", "DATE_ADD({date}, {number}, 'year')", "DATE_ADD({date}, {number}, 'week')",
        "DATE_ADD({date}, {number}, 'day')", "DATE_ADD({date}, {number}, 'quarter')", "TODAY()", "MIN({date}, {date})", "MAX({date}, {date})",
        "WORKDAY({date}, {number})", "IF_NULL({date}, {date})", "({date} if {boolean} else {date})",
    ],
    "datetime": [
        "({datetime} + {number})", "({datetime} - {number})", "({datetime} + {duration})", "({duration} + {datetime})", "({datetime} - {duration})",
        "DATE_ADD({datetime}, {number}, 'hour')", "DATE_ADD({datetime}, {number}, 'month')", "DATE_ADD({datetime}, 1, 'day')",
        "IF_NULL({datetime}, {datetime})", "MAX({datetime}, {datetime})", "({datetime} if {boolean} else {datetime})",
    ],
    "duration": [
        "({duration} + {duration})", "({duration} - {duration})", "({duration} * {number})", "({duration} / {number})", "({datetime} - {datetime})",
        "(-{duration})", "SUM({duration}, {duration})", "DURATION({number}, 'minute')",
    ],
    "list[number]": ["UNIQUE({list[number]})", "[{number}, {number}]"],
    "list[text]": ["UNIQUE({list[text]})", "[{text}, {text}]"],
}  # fmt: skip

PART = re.compile(r"\{(number|text|boolean|date|datetime|duration|list\[number\]|list\[text\])\}")


@st.composite
def sources(draw: st.DrawFn, word: str | None = None, depth: int = 3) -> str:
    """Draw the source of a formula of a type (any scalar where *word* is None)."""
    wanted = word or draw(
        st.sampled_from(["number", "number", "text", "boolean", "boolean", "date", "datetime", "duration"])
    )
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        return draw(_leaf(wanted))
    pieces = PART.split(draw(st.sampled_from(TEMPLATES[wanted])))
    parts = [draw(sources(piece, depth - 1)) if index % 2 else piece for index, piece in enumerate(pieces)]
    formula = "".join(parts)
    return "(s + None)" if (wanted, formula) == ("text", "(None + None)") else formula  # two nulls add to a number
