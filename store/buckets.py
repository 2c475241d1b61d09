"""Token buckets and breakers that all workers share: how much may be sent under a limit, and what must rest."""

from __future__ import annotations

import math

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from store.models.callback import Bucket


def take(session: Session, name: str, *, most: float, per_seconds: float, now: float) -> float:
    """Take one of *most* tokens that grow back within *per_seconds*; return the seconds to wait, 0.0 when one was taken.

    Args:
        session: a writing transaction; the row is locked until it ends.
        name: of the limit.
        most: tokens in a full bucket.
        per_seconds: in which an empty bucket fills.
        now: seconds since the epoch.
    """
    bucket = _locked(session, name, most, now)
    if bucket.blocked_until > now:
        return bucket.blocked_until - now
    rate = most / per_seconds
    tokens = min(most, bucket.tokens + max(0.0, now - bucket.filled_at) * rate)
    bucket.filled_at = now
    if tokens < 1 - 1e-9:
        bucket.tokens = tokens
        return math.ceil((1 - tokens) / rate * 1000) / 1000
    bucket.tokens = tokens - 1
    return 0.0


def wait(session: Session, name: str, *, most: float, per_seconds: float, now: float) -> float:
    """Return the seconds until `take` would take one; nothing changes."""
    bucket = session.get(Bucket, name)
    if bucket is None:
        return 0.0
    if bucket.blocked_until > now:
        return bucket.blocked_until - now
    rate = most / per_seconds
    tokens = min(most, bucket.tokens + max(0.0, now - bucket.filled_at) * rate)
    return 0.0 if tokens >= 1 - 1e-9 else (1 - tokens) / rate


def block(session: Session, name: str, *, until: float, now: float) -> None:
    """Let nothing pass before *until*: the provider said so."""
    bucket = _locked(session, name, 0.0, now)
    bucket.blocked_until = max(bucket.blocked_until, until)


def count(session: Session, name: str, *, failed: bool, rest_after: int, rest: float, now: float) -> int:
    """Count a failure, or forget them all after a success; at *rest_after* in a row the bucket rests for *rest* seconds.

    Return how many failures in a row there were before.
    """
    if not failed and session.get(Bucket, name) is None:
        return 0
    bucket = _locked(session, name, 0.0, now)
    before = bucket.failures
    bucket.failures = bucket.failures + 1 if failed else 0
    if not failed:
        bucket.blocked_until = 0.0
    elif bucket.failures >= rest_after:
        bucket.blocked_until = max(bucket.blocked_until, now + rest)
    return before


def blocked(session: Session, prefix: str, now: float) -> dict[str, tuple[float, int]]:
    """Return (until when, failures) of the buckets under *prefix* that rest at *now*, by the rest of their names."""
    where = (Bucket.name.startswith(prefix, autoescape=True), Bucket.blocked_until > now)
    rows = session.scalars(select(Bucket).where(*where))
    return {row.name.removeprefix(prefix): (row.blocked_until, row.failures) for row in rows}


def failing(session: Session, prefix: str) -> dict[str, int]:
    """Return the failures in a row of each bucket under *prefix* that has any."""
    where = (Bucket.name.startswith(prefix, autoescape=True), Bucket.failures > 0)
    return {row.name.removeprefix(prefix): row.failures for row in session.scalars(select(Bucket).where(*where))}


def _locked(session: Session, name: str, most: float, now: float) -> Bucket:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"name": name, "tokens": most, "filled_at": now, "blocked_until": 0.0, "failures": 0}
    session.execute(dialect.insert(Bucket).values(row).on_conflict_do_nothing())
    found: Bucket = session.scalars(
        select(Bucket).where(Bucket.name == name).with_for_update().execution_options(populate_existing=True)
    ).one()
    return found
