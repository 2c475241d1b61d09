"""The 23 places where engines were seen to differ: our readers give one value in each (specs of the language, by number)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from expression_ways import CONTEXT, Browser, by_duckdb, by_row, checked

from engine.expression import Context, check, columnar, evaluate, parse
from engine.problems import DefinitionError, EvaluationError

FIELDS = {"a": "number", "b": "number", "s": "text", "p": "boolean", "d": "date", "e": "date"}
RECORD: dict[str, Any] = {"a": 3.0, "b": 0.0, "s": "5", "p": True, "d": date(2026, 11, 12), "e": date(2026, 11, 1)}
SAME: list[tuple[str, str, Any]] = [
    ("1 true division of whole numbers", "7 / 2", 3.5),
    ("2 division by zero is null", "7 / b", None),
    ("2 zero by zero is null", "b / b", None),
    ("3 remainder by zero is null", "7 % b", None),
    ("3 quotient by zero is null", "7 // b", None),
    ("4 quotient floors", "-7 // 2", -4.0),
    ("4 remainder has the divisor's sign", "-7 % 3", 2.0),
    ("4 remainder has a negative divisor's sign", "7 % -3", -2.0),
    ("4 remainder of fractions", "7.5 % -2", -0.5),
    ("4 quotient of fractions as Python's", "1 // 0.1", 9.0),
    ("4 remainder of fractions as Python's", "1 % 0.1", 0.09999999999999995),
    ("5 literals are doubles", "0.1 + 0.2 == 0.3", False),
    ("5 products with literals are doubles", "a * 1.1 == 3.3", False),
    ("5 long literals keep their digits", "0.41000000000000003", 0.41000000000000003),
    ("6 round half away from zero", "ROUND(2.5)", 3.0),
    ("6 round half away from zero below it", "ROUND(-2.5)", -3.0),
    ("6 round on the decimal value", "ROUND(2.675, 2)", 2.68),
    ("7 comparison with null is null", "a < None", None),
    ("7 arithmetic with null is null", "a + None", None),
    ("7 not null is null", "not (a > None)", None),
    ("7 a condition that is null counts as false", "1 if a > None else 2", 2.0),
    ("7 == None asks for null", "a == None", False),
    ("7 None == None", "None == None", True),
    ("8 null in a list never matches", "a in [1, None]", False),
    ("8 a null left of in is null", "None in [1, 2]", None),
    ("8 MAX skips nulls", "MAX(7, None)", 7.0),
    ("9 not a number never arises", "1e308 * 10 - 1e308 * 10", None),
    ("9 nor does infinity", "1e308 * 10", None),
    ("12 power binds before minus", "-2 ** 2", -4.0),
    ("13 whole numbers do not wrap", "2147483647 + 1", 2147483648.0),
    ("13 nor when squared", "2147483647 * 2147483647", 2147483647.0**2),
    ("14 days between dates", "DAYS(d, e)", 11.0),
    ("14 a date and days", "e + 11 == d", True),
    ("14 a typed date", "d > DATE('2026-11-01')", True),
    ("15 chained comparisons", "1 < a < 5", True),
    ("15 a chain with null", "1 < a < None", None),
    ("15 a chain that is decided", "5 < a < None", False),
    ("16 cutting is no rounding", "ROUND_DOWN(2.7)", 2.0),
    ("16 cutting below zero", "ROUND_DOWN(-2.7)", -2.0),
    ("18 quotients by seven are exact", "a / 7", 3.0 / 7.0),
    ("21 text of a large number", "TEXT(10 ** 10 * 10 ** 6)", "10000000000000000"),
    ("21 positions count from one", "MID('abc', 1, 1)", "a"),
    ("21 texts compare by code point", "'Z' < 'a'", True),
    ("21 texts compare by code point beyond Latin", "'é' < 'z'", False),
]
REFUSED = [
    ("10 text equals number", "s == 5"), ("10 text plus number", "s + 1"), ("11 arithmetic of booleans", "p + 1"),
    ("11 numbers as conditions", "a and b"), ("11 texts as conditions", "s or s"), ("11 a number as a choice's condition", "1 if a else 2"),
    ("12 a caret", "a ^ 2"), ("12 a tower of powers", "2 ** 3 ** 2"), ("14 a date compared with a text", "d > '2026-11-01'"),
    ("14 a date compared with a number", "d < 3"), ("14 two dates added", "d + e"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "source", "expected"), SAME, ids=[claim for claim, *_ in SAME])
def test_every_reader_gives_the_value(browser: Browser, claim, source, expected):
    typed = checked(source, FIELDS)

    assert ([expected], [[expected]], [[expected]]) == (
        by_row(typed, [RECORD]), by_duckdb([typed], [RECORD], FIELDS), browser.run([typed], [RECORD]),
    )  # fmt: skip


@pytest.mark.parametrize(("claim", "source"), REFUSED, ids=[claim for claim, _ in REFUSED])
def test_it_is_refused_when_saved(claim, source):
    try:
        _, problems = check(parse(source), FIELDS)
    except DefinitionError as error:
        problems = error.problems

    assert problems


def test_9_not_a_number_is_null_at_input():
    typed = checked("a > 5", FIELDS)

    assert [None, None] == by_row(typed, [{"a": float("nan")}, {"a": float("inf")}])
    assert [[None, None]] == by_duckdb([typed], [{"a": float("nan")}, {"a": float("inf")}], FIELDS)


def test_13_whole_number_columns_are_doubles():
    connection = duckdb.connect()
    connection.execute("CREATE TABLE stock AS SELECT 2147483647::INT AS a")
    sql = columnar.to_sql(checked("a + 1", FIELDS), {})

    assert [(2147483648.0,)] == connection.execute(f"SELECT {sql} FROM stock").fetchall()


def test_13_whole_numbers_beyond_doubles_are_an_error_at_input():
    with pytest.raises(EvaluationError, match="2 的 53 次方"):
        evaluate(checked("a + 1", FIELDS), {"a": 2**53 + 1})

    assert 2.0**53 == evaluate(checked("a", FIELDS), {"a": 2**53})


def test_17_a_list_without_rows_adds_up_to_nothing():
    typed = checked("SUM(rows.q)", {"rows": {"type": "subform", "fields": {"q": "number"}}})

    assert [0.0, 0.0] == by_row(typed, [{"rows": []}, {}])


def test_20_sums_do_not_depend_on_order_within_a_reader():
    typed = checked("SUM(xs)", {"xs": "list[number]"})
    records = [{"xs": [0.1, 0.2, 0.3, 1e16, -1e16]}] * 50

    assert by_row(typed, records) == by_duckdb([typed], records, {"xs": "list[number]"})[0]


def test_22_decimals_of_a_database_are_numbers():
    assert 3.3000000000000003 == evaluate(checked("a * 1.1", FIELDS), {"a": Decimal("3.0000")})


def test_23_the_clock_is_given():
    later = Context(now=datetime(2027, 1, 1, tzinfo=UTC), zone="America/New_York")

    assert ["2026-11-25"] == by_row(checked("TODAY()"), [{}], CONTEXT)
    assert ["2026-12-31"] == by_row(checked("TODAY()"), [{}], later)
    assert [["2026-12-31"]] == by_duckdb([checked("TODAY()")], [{"a": 1.0}], {"a": "number"}, later)
    with pytest.raises(EvaluationError, match="评估时间"):
        evaluate(checked("TODAY()"), {})


def test_19_values_may_be_decimals_and_names_chinese():
    assert evaluate(parse("可用库存 < 日均销量 * 提前期"), {"可用库存": Decimal(9), "日均销量": 5, "提前期": 7})
