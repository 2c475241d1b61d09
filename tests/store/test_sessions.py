"""Logins and tokens: only hashes are kept, and each ends when it should."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from store import sessions, users
from store.database import Database, Session

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def session(database: Database, now: dt.datetime) -> Iterator[Session]:
    """A transaction with one person and one login."""
    with database.write() as session:
        users.add(session, key="lin", name="林晓", now=now)
        sessions.add(session, "secret", user="lin", csrf="c", now=now, expires_at=now + HOUR)
        yield session


def test_a_login_is_found_by_its_secret(session: Session, now: dt.datetime) -> None:
    """Another secret finds nothing."""
    assert "lin" == sessions.find(session, "secret", now).user
    assert sessions.find(session, "Secret", now) is None


def test_the_secret_itself_is_not_kept(session: Session) -> None:
    """Whoever reads the table cannot sign in."""
    kept = session.execute(text("SELECT token_hash FROM login_session")).scalar_one()

    assert "secret" not in kept
    assert 64 == len(kept)


def test_a_login_ends(session: Session, now: dt.datetime) -> None:
    """By time, by signing out, by a new password, by being switched off."""
    assert sessions.find(session, "secret", now + HOUR) is None
    sessions.touch(session, "secret", now=now, expires_at=now + 2 * HOUR)
    assert sessions.find(session, "secret", now + HOUR) is not None
    users.change(session, "lin", active=False)
    assert sessions.find(session, "secret", now) is None
    users.change(session, "lin", active=True)
    users.change(session, "lin", end_sessions=True)
    assert sessions.find(session, "secret", now) is None


def test_signing_out_ends_one_login(session: Session, now: dt.datetime) -> None:
    """Another browser stays signed in."""
    sessions.add(session, "other", user="lin", csrf="c", now=now, expires_at=now + HOUR)
    sessions.end(session, "secret")

    assert sessions.find(session, "secret", now) is None
    assert sessions.find(session, "other", now) is not None


def test_ended_logins_are_forgotten(session: Session, now: dt.datetime) -> None:
    """The table does not grow for ever."""
    sessions.end_expired(session, now + HOUR)

    assert 0 == session.execute(text("SELECT count(*) FROM login_session")).scalar_one()


def test_a_token_works_until_it_is_revoked_or_expires(session: Session, now: dt.datetime) -> None:
    """Revoking twice says that it was done before."""
    one = sessions.add_token(session, "t1", user="lin", name="ERP", now=now, expires_at=None)
    sessions.add_token(session, "t2", user="lin", name="BI", now=now, expires_at=now + HOUR)

    assert "lin" == sessions.find_token(session, "t1", now + 1000 * HOUR).user
    assert sessions.find_token(session, "t2", now + HOUR) is None
    assert [True, False] == [sessions.revoke_token(session, one.id, now), sessions.revoke_token(session, one.id, now)]
    assert sessions.find_token(session, "t1", now) is None
    assert ["BI", "ERP"] == [token.name for token in sessions.tokens(session, "lin")]
