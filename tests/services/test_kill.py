"""Workers that are killed while sending lose nothing: bounded version of `benchmarks/notices.py`."""

from __future__ import annotations

import pytest

from benchmarks import notices


@pytest.fixture
def loopback(monkeypatch):
    monkeypatch.setenv("BEIHUO_ALLOWED_HOSTS", "127.0.0.1")


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_nothing_is_lost_to_kill_9(kind, request, loopback):
    """40 sends, three workers, 3 kills: all sent, repeats at most one a kill, each under the same key."""
    url = "" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    found = notices.kill(url, sends=40, kills=3)

    assert (0, 0) == (found["never_sent"], found["not_accepted"])
    assert found["repeats"] <= found["kills"]


def test_a_storm_is_one_message_a_person_and_channel(loopback):
    """300 alerts of one run: one digest to the mailbox, one to the shared channel."""
    found = notices.storm("", alerts=300)

    assert (300, {"chen/mailbox": 1, "everybody/hook": 1}) == (found["fired"], found["messages"])


def test_a_provider_that_was_down_for_hours_is_caught_up_with(loopback):
    """Few calls while it is down, each notice once when it is back, the urgent ones first."""
    found = notices.down("", queued=60)

    assert ({"accepted": 60}, 0, 1.0) == (found["states"], found["repeats"], found["urgent_share_first_quarter"])
    assert found["calls_while_down"] <= 60 + 6 * 12  # the first round, then one at a time
