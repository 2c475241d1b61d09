"""The API's JSON: what goes out can be read by any program, what comes in can be kept by any database."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import flask
import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.json_provider import Provider, bad_text, plain

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text() | st.dates() | st.decimals(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@pytest.fixture
def provider():
    return Provider(flask.Flask("test"))


def test_moments_are_utc_and_days_are_days():
    """A moment of Shanghai goes out in UTC with Z; a day stays a day."""
    shanghai = dt.timezone(dt.timedelta(hours=8))

    assert "2026-11-25T02:00:00Z" == plain(dt.datetime(2026, 11, 25, 10, tzinfo=shanghai))
    assert "2026-11-25" == plain(dt.date(2026, 11, 25))


def test_numbers_that_are_none_become_null_and_decimals_numbers():
    assert [None, None, 12, 0.5] == plain([float("nan"), float("inf"), Decimal("12.00"), Decimal("0.5")])


def test_chinese_is_sent_as_it_is(provider):
    assert '{"name":"低库存预警"}' == provider.dumps({"name": "低库存预警"})


@pytest.mark.parametrize("text", ["NaN", '{"a": Infinity}', "{", "[1,]", ""])
def test_what_is_no_json_is_refused(provider, text):
    with pytest.raises(ValueError):
        provider.loads(text)


@given(ANYTHING)
def test_whatever_goes_out_is_strict_json(value):
    """Any value of ours becomes JSON that a strict reader takes, and reading it back changes nothing."""
    text = Provider(flask.Flask("test")).dumps(value)

    assert plain(value) == json.loads(text, parse_constant=pytest.fail)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"a": ["x", "b\0"]}, "$.a[1]"),
        ({"a": {"b": "\ud800"}}, "$.a.b"),
        ({"a\0": 1}, "$.(键)"),
        ("好", None),
        ({"a": [1, None, True, "乐"]}, None),
    ],
)
def test_text_that_no_database_keeps_is_found(value, path):
    assert path == bad_text(value)


def test_deep_nesting_is_found():
    value: list = []
    for _ in range(200):
        value = [value]

    assert bad_text(value) is not None
