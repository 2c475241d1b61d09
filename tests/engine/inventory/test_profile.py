"""Pace, spread, class and stage of each place from its sales; the evaluation day itself is not read."""

from datetime import date, timedelta

import pyarrow as pa

from engine.inventory.profile import profile

DAY = date(2026, 11, 25)


def test_pace_class_and_stage():
    """28 a week in one place and one old sale in the other; what is sold today counts for nothing."""
    rows = [("A", "hd", DAY - timedelta(days=back), 4) for back in range(1, 239)]
    rows += [("B", "hn", DAY - timedelta(days=200), 1), ("A", "hd", DAY, 1000)]
    table = pa.table(
        {name: [row[at] for row in rows] for at, name in enumerate(("sku", "warehouse", "date", "quantity"))}
    )
    found = profile(table, [("B", "hn"), ("A", "hd"), ("A", "hn")], {"A": 10, "B": 10}, DAY)

    assert [0, 4, 0] == found["daily"].tolist()
    assert [0, 0, 0] == found["deviation"].tolist()
    assert ["CZ", "AX", "AX"] == found["abc_xyz"].tolist()
    assert "衰退" == found["stage"][0]
