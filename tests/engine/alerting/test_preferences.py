"""What a person wants of a route's alerts: which, through what, when; each "no" has its reason."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.alerting.preferences import Reason, channels, told_at, unwanted
from engine.alerting.route import is_quiet

ALERT = {"rule": "low", "level": "warning", "sku": "A001", "warehouse": "hd", "sku.category": "爆款"}
ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("preferences", "reason"),
    [
        ({}, None),
        ({"left_rules": ["low"]}, Reason.LEFT_RULE),
        ({"muted_skus": ["A001"]}, Reason.MUTED_SKU),
        ({"only": {"category": ["新品"]}}, Reason.NOT_SUBSCRIBED_CATEGORY),
        ({"only": {"category": ["爆款"], "warehouse": ["hn"]}}, Reason.NOT_SUBSCRIBED_WAREHOUSE),
        ({"only": {"sku": ["A002"]}}, Reason.NOT_SUBSCRIBED_SKU),
        ({"only": {"category": [], "sku": ["A001"]}}, None),
    ],
)
def test_what_is_wanted(preferences, reason):
    assert reason == unwanted(preferences, ALERT)


def test_an_alert_without_the_field_passes():
    """A subscription to a warehouse does not hide what is about no warehouse."""
    assert unwanted({"only": {"warehouse": ["hn"]}}, {"rule": "low", "sku": "A001"}) is None


def test_the_person_s_own_channels_of_a_level_come_first():
    own = {"channels": {"critical": ["sms"], "info": []}}

    assert [["sms"], ["wecom"], ["wecom"]] == [
        channels(own, level, ["wecom"]) for level in ("critical", "warning", "info")
    ]


NIGHT = {"quiet": [{"from": "22:00", "to": "08:00"}]}
LATE = dt.datetime(2026, 11, 25, 15, 10, tzinfo=dt.UTC)  # 23:10 in Shanghai


def test_quiet_hours_put_off_what_is_not_critical():
    morning = dt.datetime(2026, 11, 26, 0, 0, tzinfo=dt.UTC)

    assert (morning, Reason.QUIET_HOURS) == told_at(NIGHT, "warning", LATE, ZONE)
    assert (LATE, None) == told_at(NIGHT, "critical", LATE, ZONE)
    assert (morning, Reason.QUIET_HOURS) == told_at({**NIGHT, "critical_breaks_quiet": False}, "critical", LATE, ZONE)


def test_the_route_s_quiet_hours_hold_for_everything():
    at, reason = told_at({}, "critical", LATE, ZONE, [{"from": "23:00", "to": "23:30"}])

    assert (dt.datetime(2026, 11, 25, 15, 30, tzinfo=dt.UTC), Reason.ROUTE_QUIET) == (at, reason)


CLOCK = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))


@given(start=CLOCK, end=CLOCK, minutes=st.integers(0, 100_000))
def test_nobody_is_told_in_quiet_hours(start, end, minutes):
    """Whatever the hours and the moment: what is told later is told outside of them, and never earlier than it is due."""
    due = LATE + dt.timedelta(minutes=minutes)
    at, reason = told_at({"quiet": [{"from": start, "to": end}]}, "warning", due, ZONE)

    assert at >= due
    assert not is_quiet([{"from": start, "to": end}], at, ZONE)
    assert (reason is None) == (at == due)
