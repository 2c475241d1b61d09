"""Attempts: a sliding window, by key."""

from __future__ import annotations

import pytest

from web.errors import WebError
from web.limits import Attempts, refuse_soon


@pytest.fixture
def clock():
    class Clock:
        now = 100.0

        def __call__(self):
            return self.now

    return Clock()


def test_the_next_attempt_waits_until_the_oldest_failure_is_past(clock):
    """Three failures in a minute close the door until the first of them is a minute old."""
    attempts = Attempts(3, 60, clock)
    for _ in range(3):
        attempts.failed("lin")
        clock.now += 10

    assert 30.0 == attempts.wait("lin")
    assert 0.0 == attempts.wait("chen")

    clock.now += 31

    assert 0.0 == attempts.wait("lin")


def test_success_forgets_the_failures(clock):
    attempts = Attempts(2, 60, clock)
    attempts.failed("lin")
    attempts.failed("lin")
    attempts.succeeded("lin")

    assert 0.0 == attempts.wait("lin")


def test_memory_is_bounded(clock):
    """A flood of made-up names forgets the oldest ones instead of growing without end."""
    attempts = Attempts(1, 60, clock)
    for number in range(10_050):
        attempts.failed(str(number))

    assert 0.0 == attempts.wait("0")
    assert attempts.wait("10049") > 0


def test_refusal_says_when_to_come_back(clock):
    attempts = Attempts(1, 60, clock)
    attempts.failed("lin")

    with pytest.raises(WebError) as refused:
        refuse_soon(attempts, "lin")

    assert (429, "61") == (refused.value.status, refused.value.headers["Retry-After"])
    assert "61" in refused.value.detail
    assert "61" in refused.value.detail_en
