"""Logins of browsers and tokens of programs; only hashes of their secrets are kept."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from store.models.user import LoginSession, Token, User


@dataclass(frozen=True, slots=True)
class Login:
    """A login that is still good."""

    user: str
    csrf: str
    created_at: dt.datetime
    seen_at: dt.datetime
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class TokenState:
    """A program's token, without its secret."""

    id: int
    user: str
    name: str
    created_at: dt.datetime
    expires_at: dt.datetime | None
    used_at: dt.datetime | None
    revoked_at: dt.datetime | None


def digest(secret: str) -> str:
    """Return the hash under which a long random *secret* is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def add(
    session: Session,
    secret: str,
    *,
    user: str,
    csrf: str,
    now: dt.datetime,
    expires_at: dt.datetime,
    address: str | None = None,
    browser: str | None = None,
) -> None:
    """Keep a new login; it ends when the person's epoch moves on."""
    epoch = session.scalar(select(User.epoch).where(User.key == user)) or 0
    session.add(
        LoginSession(
            token_hash=digest(secret),
            user=user,
            epoch=epoch,
            csrf=csrf,
            created_at=now,
            seen_at=now,
            expires_at=expires_at,
            address=address,
            browser=browser,
        )
    )
    session.flush()


def find(session: Session, secret: str, now: dt.datetime) -> Login | None:
    """Return the login of *secret* when it has not ended and its person is active."""
    row = session.scalar(
        select(LoginSession)
        .join(User, (User.key == LoginSession.user) & (User.epoch == LoginSession.epoch))
        .where(LoginSession.token_hash == digest(secret), LoginSession.expires_at > now, User.active.is_(True))
    )
    return Login(row.user, row.csrf, row.created_at, row.seen_at, row.expires_at) if row else None


def touch(session: Session, secret: str, *, now: dt.datetime, expires_at: dt.datetime) -> None:
    """Note that a login was used, and until when it is good now."""
    session.execute(
        update(LoginSession).where(LoginSession.token_hash == digest(secret)).values(seen_at=now, expires_at=expires_at)
    )


def end(session: Session, secret: str) -> None:
    """End one login."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == digest(secret)))


def end_expired(session: Session, now: dt.datetime) -> None:
    """Forget the logins that have ended."""
    session.execute(delete(LoginSession).where(LoginSession.expires_at <= now))


def add_token(
    session: Session, secret: str, *, user: str, name: str, now: dt.datetime, expires_at: dt.datetime | None
) -> TokenState:
    """Keep a new token of a program."""
    token = Token(token_hash=digest(secret), user=user, name=name, created_at=now, expires_at=expires_at)
    session.add(token)
    session.flush()
    return _token(token)


def find_token(session: Session, secret: str, now: dt.datetime) -> TokenState | None:
    """Return the token of *secret* when it is still good and its person is active."""
    token = session.scalar(
        select(Token)
        .join(User, User.key == Token.user)
        .where(Token.token_hash == digest(secret), Token.revoked_at.is_(None), User.active.is_(True))
    )
    if token is None or (token.expires_at is not None and token.expires_at <= now):
        return None
    return _token(token)


def tokens(session: Session, user: str | None = None) -> list[TokenState]:
    """Return the tokens of *user*, or of all, newest first."""
    statement = select(Token).order_by(Token.id.desc())
    if user is not None:
        statement = statement.where(Token.user == user)
    return [_token(token) for token in session.scalars(statement)]


def use_token(session: Session, token_id: int, now: dt.datetime) -> None:
    """Note that a token was used."""
    session.execute(update(Token).where(Token.id == token_id).values(used_at=now))


def revoke_token(session: Session, token_id: int, now: dt.datetime) -> bool:
    """End a token; return whether it was good until now."""
    ended = session.execute(
        update(Token).where(Token.id == token_id, Token.revoked_at.is_(None)).values(revoked_at=now).returning(Token.id)
    )
    return ended.first() is not None


def _token(token: Token) -> TokenState:
    return TokenState(
        token.id, token.user, token.name, token.created_at, token.expires_at, token.used_at, token.revoked_at
    )
