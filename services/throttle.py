"""What may leave now: the providers' limits as token buckets that all workers share, and channels that rest after failures.

A bucket lets at most *most* messages pass in **any** window of its length: a quarter at once, the rest evenly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from integrations.channel import CHANNELS, Limit
from store import buckets, outcomes
from store.database import Session
from store.outbox import Delivery

REST_AFTER = 5
REST = 30.0  # seconds
_BREAKER, _LIMIT = "breaker:", "limit:"


def limits_of(kind: str) -> Sequence[Limit]:
    """Return the limits that a channel's plug-in declares."""
    return tuple(getattr(CHANNELS[kind], "limits", ())) if kind in CHANNELS else ()


def resting(session: Session, kinds: Mapping[str, str], now: float) -> list[str]:
    """Return the channels to leave alone at *now*: those that failed in a row, and those whose limit is used up."""
    found = set(buckets.blocked(session, _BREAKER, now))
    for channel, kind in kinds.items():
        for number, limit in enumerate(limits_of(kind)):
            if limit.by == "channel" and buckets.wait(session, _name(channel, number), now=now, **_shape(limit)) > 0:
                found.add(channel)
    return sorted(found)


def admit(session: Session, delivery: Delivery, kind: str, now: float) -> float:
    """Take the delivery's place under each limit of its channel; return the seconds to wait where there is none."""
    for number, limit in enumerate(limits_of(kind)):
        name = _name(delivery.channel, number, delivery.address if limit.by == "address" else "")
        waiting = buckets.take(session, name, now=now, **_shape(limit))
        if waiting > 0:
            return waiting
    return 0.0


def note(session: Session, channel: str, *, failed: bool, retry_after: float | None, now: float) -> None:
    """Count what a sending came to; a provider's own wish to wait silences the whole channel where it limits channels."""
    before = buckets.count(session, _BREAKER + channel, failed=failed, rest_after=REST_AFTER, rest=REST, now=now)
    if not failed and before >= REST_AFTER:
        # It is back: what waits only because it was down goes now, the most urgent first.
        outcomes.hasten(session, channel, dt.datetime.fromtimestamp(now, dt.UTC))
    if failed and retry_after:
        buckets.block(session, _name(channel, 0), until=now + retry_after, now=now)


def half_open(session: Session) -> frozenset[str]:
    """Return the channels that have failed in a row: once they have rested, one message at a time tries whether they are back."""
    return frozenset(name for name, failures in buckets.failing(session, _BREAKER).items() if failures >= REST_AFTER)


def states(session: Session, now: float) -> dict[str, dict[str, Any]]:
    """Return how each channel that has trouble stands: `open` (rests), `half_open` (the next one tries), failures, until."""
    blocked = buckets.blocked(session, _BREAKER, now)
    return {
        channel: {
            "state": "open" if channel in blocked else "half_open" if failures >= REST_AFTER else "closed",
            "failures": failures,
            "until": blocked[channel][0] if channel in blocked else None,
        }
        for channel, failures in buckets.failing(session, _BREAKER).items()
    }


def _name(channel: str, number: int, address: str = "") -> str:
    return f"{_LIMIT}{channel}:{number}:{address}"


def _shape(limit: Limit) -> dict[str, float]:
    burst = max(1.0, limit.most // 4)
    steady = max(limit.most - burst, limit.most / 2) / limit.seconds
    return {"most": burst, "per_seconds": burst / steady}
