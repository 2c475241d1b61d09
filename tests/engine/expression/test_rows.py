"""Columns of sub-forms: row by row in every reader."""

from __future__ import annotations

import pytest
from expression_ways import Browser, by_duckdb, by_row, checked

FIELDS = {"lines": {"type": "subform", "label": "明细", "fields": {"q": "number", "p": "number", "t": "text", "sku": {"type": "link", "fields": {"w": "number"}}}},
          "limit": "number", "tags": "list[text]"}  # fmt: skip
RECORDS = [
    {"lines": [{"q": 2, "p": 10.0, "t": "a", "sku": {"w": 1.5}}, {"q": 3, "p": None, "t": "b"}, {"q": None, "p": 1.0, "t": None, "sku": {"w": 2}}, {"q": -1, "p": 4.5, "t": "a"}], "limit": 2, "tags": ["a"]},
    {"lines": [], "limit": 2, "tags": None}, {"lines": None, "limit": None}, {"lines": [{}, {"q": 7}], "limit": 5, "tags": []},
]  # fmt: skip
FORMULAS = {
    "SUM(lines.q)": [4.0, 0.0, 0.0, 7.0],
    "SUM(lines.q * lines.p)": [15.5, 0.0, 0.0, 0.0],
    "SUM(明细.q * 明细.p, 1)": [16.5, 1.0, 1.0, 1.0],
    "COUNT_IF(lines.q > limit)": [1.0, 0.0, 0.0, 1.0],
    "SUM_IF(lines.q, lines.t == 'a')": [1.0, 0.0, 0.0, 0.0],
    "AVERAGE_IF(lines.p, lines.q > 0)": [10.0, None, None, None],
    "MAX_IF(lines.q, IS_NULL(lines.p))": [3.0, None, None, 7.0],
    "MAX(lines.q)": [3.0, None, None, 7.0],
    "COUNT(lines.t)": [3.0, 0.0, 0.0, 0.0],
    "JOIN(UNIQUE(lines.t), '/')": ["a/b", "", None, ""],
    "3 in lines.q": [True, False, None, False],
    "IF(SUM(lines.q) > limit, 'big', 'small')": ["big", "small", "small", "big"],
    "MAX(ROUND(lines.p * 1.5), 0)": [15.0, 0.0, 0.0, 0.0],
    "COUNT_IF(lines.t in tags)": [2.0, 0.0, 0.0, 0.0],
}


@pytest.mark.parametrize("source", list(FORMULAS))
def test_rows_by_record_and_in_the_browser(browser: Browser, source):
    typed = checked(source, FIELDS)

    assert FORMULAS[source] == by_row(typed, RECORDS)
    assert [FORMULAS[source]] == browser.run([typed], RECORDS)


def test_rows_along_a_link():
    assert [3.5] == by_row(checked("SUM(lines.sku.w)", FIELDS), RECORDS[:1])


def test_rows_in_a_table():
    """A table holds a sub-form as list columns named by path; the same flat record is understood by row."""
    flat = [
        {"lines.q": [2.0, 3.0, None, -1.0], "lines.p": [10.0, None, 1.0, 4.5], "lines.t": ["a", "b", None, "a"], "limit": 2.0, "tags": ["a"]},
        {"lines.q": [], "lines.p": [], "lines.t": [], "limit": 2.0, "tags": None},
        {"lines.q": None, "lines.p": None, "lines.t": None, "limit": None, "tags": None},
    ]  # fmt: skip
    types = {
        "lines.q": "list[number]",
        "lines.p": "list[number]",
        "lines.t": "list[text]",
        "limit": "number",
        "tags": "list[text]",
    }
    trees = [checked(source, FIELDS) for source in FORMULAS]
    expected = [by_row(tree, flat) for tree in trees]

    assert expected == by_duckdb(trees, flat, types)
    assert [values[:3] for values in FORMULAS.values()] == expected
