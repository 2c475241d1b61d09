"""Order lines become demand: cancellations netted, repeats dropped, spikes and tags apart, the future left out."""

from datetime import date

import pandas as pd

from engine.forecasting import demand_from_lines


def test_lines():
    rows = [
        ("1", "a", "2026-01-01", 2, None),
        ("2", "a", "2026-01-01", 3, None),
        ("2", "a", "2026-01-01", 3, None),
        ("3", "a", "2026-01-01", -1, None),
        ("4", "a", "2026-01-02", 500, None),
        ("5", "a", "2026-01-02", 4, "KOL"),
        ("6", "a", "2026-01-02", 1, None),
        ("7", "a", "2026-01-09", 9, None),
    ]
    lines = pd.DataFrame(rows, columns=["order", "sku", "date", "quantity", "tag"])
    found = demand_from_lines(lines, date(2026, 1, 5))
    assert [4.0, 505.0] == list(found.frame["quantity"])
    assert [0.0, 504.0] == list(found.frame["exceptional"])
    assert {"lines": 8, "duplicates": 1, "cancelled": 1, "future": 1, "spikes": 1, "tagged": 1} == found.report
