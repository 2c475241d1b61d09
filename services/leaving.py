"""The way out of notices: a signed address that mutes one rule (or one channel) for one person, by one POST (RFC 8058)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

from services import preferences
from services.directory import People
from services.refusal import Refused
from services.workspace import Workspace
from store import definitions


def address(workspace: Workspace, *, person: str, channel: str, rule: str) -> str:
    """Return the address by which *person* leaves *rule*, or *channel* where the notice is of no rule."""
    raw = json.dumps([person, "" if rule else channel, rule], ensure_ascii=False, separators=(",", ":")).encode()
    told = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return f"{workspace.settings.base_url}/u/{told}.{_signature(workspace, told)}"


def look(workspace: Workspace, *, token: str) -> dict[str, str]:
    """Return whom and what an address is about; nothing changes.

    Raises:
        Refused: it was not made here.
    """
    person, channel, rule = _read(workspace, token)
    with workspace.read() as session:
        people = People(session, workspace.clock())
        state = definitions.get(session, "rule", rule) if rule else None
        return {
            "person": people.name(person),
            "language": people.language(person),
            "channel": channel,
            "rule": state.name if state else rule,
        }


def leave(workspace: Workspace, *, token: str) -> dict[str, str]:
    """Mute the rule, or the channel, for the person; doing it again changes nothing.

    Raises:
        Refused: the address was not made here.
    """
    person, channel, rule = _read(workspace, token)
    with workspace.write() as session:
        preferences.leave(session, workspace, person=person, channel=channel, rule=rule)
    return look(workspace, token=token)


def _read(workspace: Workspace, token: str) -> tuple[str, str, str]:
    told, _, signature = token.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(workspace, told).encode()):
        raise Refused("not_found", "这个链接无效", "This link is not valid")
    person, channel, rule = json.loads(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)))
    return str(person), str(channel), str(rule)


def _signature(workspace: Workspace, told: str) -> str:
    digest = hmac.new(workspace.secret.encode(), f"leave:{told}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")
