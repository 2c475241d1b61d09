"""Live formulas of a form: one changed cell in a sub-form of 1,000 rows with 10 formulas, in the browser's own code.

    python benchmarks/forms.py [--rows 1000] [--formulas 10] [--repeat 200]

Goal: at most 200 ms a change, and only the cells that the change touches are computed again. The code runs in Node (the same
V8 engine as Chromium) without the page around it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from form_builder import browser_logic, check_form

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

GOAL_MS = 200.0


def form(formulas: int) -> dict[str, Any]:
    """Return an order whose rows have *formulas* formulas, each on the one before, with totals of the whole."""
    columns: list[dict[str, Any]] = [
        {"key": "price", "type": "number", "label": "单价"},
        {"key": "quantity", "type": "number", "label": "数量"},
    ]
    for place in range(formulas):
        before = f"f{place - 1} * 1.01 + quantity" if place else "price * quantity"
        columns.append(
            {"key": f"f{place}", "type": "formula", "label": f"公式{place}", "expression": before, "decimals": 2}
        )
    last = f"f{formulas - 1}"
    return {
        "key": "order",
        "name": "订单",
        "fields": [
            {"key": "lines", "type": "sub_form", "label": "明细", "fields": columns, "max_rows": 5000},
            {"key": "total", "type": "formula", "label": "合计", "expression": f"SUM(lines.{last})"},
            {"key": "note", "type": "text", "label": "备注"},
            {"key": "other", "type": "formula", "label": "无关", "expression": "LENGTH(note)"},
        ],
    }


def main() -> int:
    """Measure and print; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--formulas", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=200)
    given = parser.parse_args()
    from form_ways import FormPage

    document = form(given.formulas)
    if check_form(document, {}):
        raise SystemExit("the benchmark's own form is wrong")
    logic, _ = browser_logic(document, {})
    rows = [{"price": 1 + n % 90, "quantity": 1 + n % 7} for n in range(given.rows)]
    page = FormPage()
    told = page.ask(
        {"form": document, "logic": logic, "rows": rows, "sub": "lines", "column": "price", "repeat": given.repeat}
    )
    page.close()
    expected = given.formulas + 1
    if told["values"]["total"] is None:
        raise SystemExit("the total was not computed")
    fast, few = told["median"] <= GOAL_MS, told["evaluations"] == expected
    print(f"{given.rows} rows x {given.formulas} formulas, {given.repeat} changes of one cell")
    print(
        f"median {told['median']:.2f} ms, worst {told['worst']:.2f} ms (goal {GOAL_MS:.0f} ms): {'PASS' if fast else 'FAIL'}"
    )
    print(f"{told['evaluations']:.0f} of {given.rows * given.formulas + 2} expressions computed a change (expected {expected}): {'PASS' if few else 'FAIL'}")  # fmt: skip
    return 0 if fast and few else 1


if __name__ == "__main__":
    sys.exit(main())
