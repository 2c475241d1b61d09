"""The row side starts without the libraries of the other rooms."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from engine.expression import parse, check, evaluate
typed, problems = check(parse("a > 1"), {"a": "number"})
assert evaluate(typed, {"a": 2}) is True and not problems
heavy = {"duckdb", "sqlglot", "flask", "sqlalchemy", "numpy", "pandas", "pyarrow", "deltalake", "pyspark"}
print(sorted(heavy & set(sys.modules)))
"""


def test_evaluating_needs_no_table_engine_web_or_database():
    answer = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)

    assert "[]\n" == answer.stdout
