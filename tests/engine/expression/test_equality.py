"""The readers agree: closures, simpleeval, DuckDB and the browser give the same value and the same null.

`BEIHUO_EQUALITY_EXAMPLES=2000` runs more generated formulas than the bounded, fixed number that runs by default.
"""

from __future__ import annotations

import os

from expression_strategies import FIELDS, records, sources
from expression_ways import Browser, by_duckdb, by_row
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.expression import check, parse

EXAMPLES = int(os.environ.get("BEIHUO_EQUALITY_EXAMPLES", "25"))
COMPARED = {"values": 0}


def checked_ones(texts: list[str]):
    trees = []
    for text in texts:
        typed, problems = check(parse(text), FIELDS)
        assert [] == problems, (text, problems)
        trees.append(typed)
    return trees


@settings(
    phases=[Phase.explicit, Phase.generate],  # shrinking such formulas takes minutes
    max_examples=EXAMPLES, derandomize="BEIHUO_EQUALITY_EXAMPLES" not in os.environ, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(texts=st.lists(sources(), min_size=4, max_size=10), rows=st.lists(records, min_size=3, max_size=6))
def test_generated_formulas_have_one_value(browser: Browser, texts, rows):
    trees = checked_ones(texts)
    by_closures = [by_row(tree, rows) for tree in trees]
    in_browser = browser.run(trees, rows)
    in_table = by_duckdb(trees, rows, FIELDS)
    COMPARED["values"] += 3 * len(trees) * len(rows)

    for text, row, table, page in zip(texts, by_closures, in_table, in_browser, strict=True):
        for values, one, other, third in zip(rows, row, table, page, strict=True):
            assert (text, values, one, one) == (text, values, other, third)
