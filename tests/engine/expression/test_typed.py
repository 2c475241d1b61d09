"""A list of nulls takes the type that is asked of it, however it is wrapped, so that tables can hold it."""

from __future__ import annotations

import pytest
from expression_strategies import FIELDS
from expression_ways import by_duckdb, by_row

from engine.expression import check, parse


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("JOIN(UNIQUE([]))", ""),
        ("JOIN(UNIQUE(UNIQUE([None])), 'a')", ""),
        ("JOIN((UNIQUE([None]) if True else ts))", ""),
        ("COUNT(UNIQUE([None]))", 0.0),
        ("MAX(UNIQUE([]))", None),
    ],
)
def test_an_empty_list_has_the_type_asked_for_all_the_way_down(source, value):
    typed, problems = check(parse(source), FIELDS)
    record = dict.fromkeys(FIELDS)

    assert ([], [value], [[value]]) == (problems, by_row(typed, [record]), by_duckdb([typed], [record], FIELDS))
