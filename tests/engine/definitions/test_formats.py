"""The text formats of schemas: days, moments, durations, times, zones, cron, patterns."""

from __future__ import annotations

import pytest

from engine.definitions.formats import FORMATS


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("date", ["2026-11-11"], ["2026-11-31", "20261111", "2026-1-1"]),
        ("date-time", ["2026-11-11T08:00:00+08:00", "2026-11-11T00:00:00Z"], ["2026-11-11T08:00:00", "x"]),
        ("duration", ["P1D", "PT30M", "PT0S", "P1W", "P1DT2H"], ["P", "PT", "1D", "-P1D", "P1X", ""]),
        ("time", ["08:30", "23:59"], ["24:00", "8:30"]),
        ("timezone", ["Asia/Shanghai", "UTC"], ["Asia/Peking", "../etc/passwd", ""]),
        ("cron", ["0 8,14,20 * * *", "*/5 9-18 * * mon-fri", "0 0 1 jan *"], ["0 8 * *", "60 * * * *", "*/0 * * * *"]),
        ("regex", ["[A-Z]{2}-[0-9]+"], ["(", "(?=a)", r"(a)\1", "a" * 501]),
    ],
)
def test_formats(name: str, good: list[str], bad: list[str]):
    """Each format accepts its own texts and refuses the near misses."""
    assert [] == [text for text in good if not FORMATS[name](text)]
    assert [] == [text for text in bad if FORMATS[name](text)]
