"""Sales to forecast: small, made by rule, the same every time."""

import os
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

DAY = date(2026, 1, 5)
SHARED = Path(os.environ.get("BEIHUO_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))


def made(series=40, days=400, seed=1):
    """Poisson sales with a weekday profile: Saturdays sell double, Mondays half."""
    draw = np.random.default_rng(seed)
    dates = [DAY - timedelta(days=days - number) for number in range(days)]
    weekday = np.array([{5: 2.0, 0: 0.5}.get(day.weekday(), 1.0) for day in dates])
    rate = draw.lognormal(1.5, 0.8, series)
    units = draw.poisson(rate[:, None] * weekday[None, :])
    sku = np.repeat([f"S{number:03d}" for number in range(series)], days)
    frame = pd.DataFrame({"sku": sku, "date": np.tile(pd.to_datetime(dates), series), "quantity": units.reshape(-1)})
    return frame, rate


@pytest.fixture(scope="session")
def sales():
    """40 series × 400 days before DAY."""
    return made()[0]


@pytest.fixture(scope="session")
def shared_data():
    """The folder of the real data sets."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not there")
    return SHARED
