"""Signing in: server-side sessions for browsers, bearer tokens for programs."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from services.audit import Entry
from services.audit import add as note
from services.refusal import Refused, not_found
from services.users import as_json, verify_password
from services.workspace import Workspace
from store import sessions, settings, users
from store.database import Session
from store.types import iso

IDLE = dt.timedelta(hours=12)
LONGEST = dt.timedelta(days=14)
_TOUCH = dt.timedelta(minutes=1)
_TRIES = 5
_CLOSED = dt.timedelta(minutes=5)


def sign_in(
    workspace: Workspace, *, username: str, password: str, address: str | None = None, browser: str | None = None
) -> dict[str, Any]:
    """Return `{token, csrf_token, user}`; the token is the cookie's secret.

    Raises:
        Refused: `unauthorized` (no such person, another password, switched off), or `too_many` after five failures.
    """
    now = workspace.clock()
    with workspace.read() as session:
        known = users.credentials(session, username)
    if known and known.locked_until and known.locked_until > now:
        raise Refused("too_many", "登录失败次数过多,请 5 分钟后再试", "too many failures: try again in 5 minutes")
    good = verify_password(known.password_hash if known else None, password) and known is not None and known.active
    if known is None or not good:
        if known is not None:
            _note_failure(workspace, username, known.failed_logins, now, address)
        raise Refused("unauthorized", "用户名或密码不对", "wrong user name or password")
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    with workspace.write() as session:
        sessions.add(
            session, token, user=username, csrf=csrf, now=now, expires_at=now + IDLE, address=address, browser=browser
        )
        users.note_login(session, username, now=now, failed=False, locked_until=None)
        note(session, _entry(now, username, "session.started", "登录", "signed in"))
        person = users.get(session, username)
    return {"token": token, "csrf_token": csrf, "user": as_json(person) if person else {}}


def _note_failure(
    workspace: Workspace, username: str, failed_before: int, now: dt.datetime, address: str | None
) -> None:
    locked = now + _CLOSED if (failed_before + 1) % _TRIES == 0 else None
    with workspace.write() as session:
        users.note_login(session, username, now=now, failed=True, locked_until=locked)
        place = address or "?"
        note(session, _entry(now, username, "session.refused", f"登录失败({place})", f"failed to sign in ({place})"))


def session(workspace: Workspace, *, token: str) -> dict[str, Any] | None:
    """Return `{user, csrf_token, expires_at}` of a login that is still good, or None; being used prolongs it."""
    now = workspace.clock()
    with workspace.read() as reading:
        login = sessions.find(reading, token, now)
        person = users.get(reading, login.user) if login else None
    if login is None or person is None:
        return None
    until = min(now + IDLE, login.created_at + LONGEST)
    if now - login.seen_at >= _TOUCH:
        with workspace.write() as writing:
            sessions.touch(writing, token, now=now, expires_at=until)
    return {"user": as_json(person), "csrf_token": login.csrf, "expires_at": iso(until)}


def sign_out(workspace: Workspace, *, token: str) -> None:
    """End a login."""
    with workspace.write() as writing:
        sessions.end(writing, token)


def bearer(workspace: Workspace, *, token: str) -> dict[str, Any] | None:
    """Return the person behind a program's token, or None."""
    now = workspace.clock()
    with workspace.read() as reading:
        found = sessions.find_token(reading, token, now)
        person = users.get(reading, found.user) if found else None
    if found is None or person is None:
        return None
    if found.used_at is None or now - found.used_at >= _TOUCH:
        with workspace.write() as writing:
            sessions.use_token(writing, found.id, now)
    return as_json(person)


def issue_token(
    workspace: Workspace, *, user: str, name: str, by: str, expires_at: dt.datetime | None = None
) -> dict[str, Any]:
    """Return `{id, token}`: a new token that lets a program act as *user*; it is shown this once."""
    secret = f"bh_{secrets.token_urlsafe(32)}"
    now = workspace.clock()
    with workspace.write() as writing:
        if users.get(writing, user) is None:
            raise not_found("用户", "user", user)
        made = sessions.add_token(writing, secret, user=user, name=name, now=now, expires_at=expires_at)
        note(writing, _entry(now, by, "token.issued", f"签发令牌 {name}({user})", f"issued token {name} ({user})"))
    return {"id": made.id, "token": secret}


def tokens(workspace: Workspace, *, user: str | None = None) -> dict[str, Any]:
    """Return the tokens of *user* (or of all), without their secrets."""
    with workspace.read() as reading:
        found = sessions.tokens(reading, user)
    items = [
        {
            "id": token.id,
            "user": token.user,
            "name": token.name,
            "created_at": iso(token.created_at),
            "expires_at": iso(token.expires_at),
            "used_at": iso(token.used_at),
            "revoked_at": iso(token.revoked_at),
        }
        for token in found
    ]
    return {"items": items, "next_cursor": None}


def revoke_token(workspace: Workspace, *, token_id: int, by: str) -> None:
    """End a program's token."""
    now = workspace.clock()
    with workspace.write() as writing:
        if not sessions.revoke_token(writing, token_id, now):
            raise not_found("令牌", "token", token_id)
        note(writing, _entry(now, by, "token.revoked", f"撤销令牌 {token_id}", f"revoked token {token_id}"))


def about_workspace(workspace: Workspace) -> dict[str, Any]:
    """Return what the browser should know of the workspace."""
    with workspace.read() as reading:
        return {
            "name": settings.get(reading, "workspace.name", "备货"),
            "timezone": workspace.settings.timezone,
            "evaluation_day": workspace.today().isoformat(),
            "is_demo": bool(settings.get(reading, "workspace.is_demo", default=False)),
            "language": settings.get(reading, "workspace.language", "zh"),
        }


def tidy(writing: Session, now: dt.datetime) -> None:
    """Forget the logins that have ended."""
    sessions.end_expired(writing, now)


def _entry(now: dt.datetime, actor: str, action: str, summary: str, summary_en: str) -> Entry:
    return Entry(at=now, actor=actor, action=action, kind="user", key=actor, summary=summary, summary_en=summary_en)
