"""The calendar knows festivals, lunar holidays and moved workdays; the shop learns only what stands out."""

from datetime import date, timedelta

import numpy as np
import pytest

from engine.forecasting.calendar import HOLIDAY, WORKDAY, festival, holiday
from engine.forecasting.calendar_effect import calendar_weights


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2025, 11, 11), "双11"),
        (date(2025, 6, 18), "618"),
        (date(2025, 11, 28), "黑五"),
        (date(2026, 1, 10), "年货节"),
        (date(2025, 4, 9), None),
    ],
)
def test_festivals(day, name):
    assert name == festival(day)


def test_lunar_holidays_and_moved_workdays():
    assert HOLIDAY == holiday(date(2025, 1, 29))[0]
    assert WORKDAY == holiday(date(2025, 1, 26))[0]
    assert holiday(date(2025, 3, 12)) is None
    assert holiday(date(2090, 1, 1)) is None


def test_a_strong_holiday_is_learned_and_noise_is_not():
    """618 sold threefold in two years; everything else is noise of 10 %."""
    start, days = date(2024, 1, 1), 728
    draw = np.random.default_rng(3)
    units = 1000 * np.exp(draw.normal(0, 0.1, days))
    for number in range(days):
        if festival(start + timedelta(days=number)) == "618":
            units[number] *= 3
    weights, effects = calendar_weights(start, units, np.zeros(days, dtype=bool), days)
    assert "618" in {effect.label for effect in effects}
    assert 1.5 < weights[(date(2025, 6, 17) - start).days] < 3.0
    assert 1.0 == weights[(date(2025, 4, 9) - start).days]
