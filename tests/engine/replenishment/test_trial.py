"""Policies tried on a past that is known: more stock fills more, the nominal quantile covers, a short past is told."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from engine.problems import EvaluationError
from engine.replenishment.trial import try_policies

DAY = date(2026, 11, 25)


def sales(days, skus=12):
    draw = np.random.default_rng(3)
    rows = [
        (f"S{sku:02d}", DAY - timedelta(days=back), int(draw.poisson(3 + sku % 4)))
        for sku in range(skus)
        for back in range(1, days + 1)
    ]
    return pa.table({name: [row[at] for row in rows] for at, name in enumerate(("sku", "date", "quantity"))})


def test_each_policy_has_a_rising_curve():
    found = try_policies(sales(200), DAY, weeks=4)

    assert ["rs", "dynamic", "days_of_cover", "static_threshold"] == [one["type"] for one in found["policies"]]
    assert 12 == found["skus"]
    assert 0.8 <= found["coverage"] <= 1
    for policy in found["policies"]:
        fills = [point["fill"] for point in policy["points"]]
        assert sorted(fills) == fills
        assert policy["points"][0]["stock_days"] < policy["points"][-1]["stock_days"]


def test_a_short_past_is_told():
    with pytest.raises(EvaluationError):
        try_policies(sales(40), DAY, weeks=13)
