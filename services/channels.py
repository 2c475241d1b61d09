"""Set up notification channels: settings checked by the channel's own schema, secrets write-only, a test message on request."""

from __future__ import annotations

import secrets as random
from dataclasses import dataclass
from typing import Any

from engine.definitions import problems_in
from engine.problems import DefinitionError, Problem, UnknownName
from integrations import CHANNELS, Message, Outcome, OutcomeState, Recipient
from integrations.callback import CALLBACKS
from services import secrets, throttle
from services.directory import People
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import audit, callbacks, users
from store import settings as kept
from store.database import Session

_PREFIX = "channel:"
MAILBOX = "mailbox"
_EXPLAINED = {
    OutcomeState.ACCEPTED: ("已受理,请在收件端查看", "accepted: look for it at the recipient"),
    OutcomeState.RETRY: ("暂时发不出去,系统会自动重试", "not possible now; real notices are tried again by themselves"),
    OutcomeState.PERMANENT: (
        "被拒绝:请按对方的说明检查设置或收件人",
        "refused: check the settings or the recipient by the provider's words",
    ),
    OutcomeState.UNKNOWN: ("没有收到应答,可能已送达", "no answer came; it may have arrived"),
}


@dataclass(frozen=True, slots=True)
class Configured:
    """A channel ready to send: the plug-in's name and its settings, secrets included."""

    type: str
    settings: dict[str, Any]


def configured(session: Session, workspace: Workspace, key: str) -> Configured | None:
    """Return the channel *key* with its secrets, or None where it is not set up or switched off."""
    if key == MAILBOX:
        return Configured(MAILBOX, {})
    value = kept.get(session, _PREFIX + key)
    if value is None or not value["enabled"]:
        return None
    return Configured(
        value["type"], {**value["settings"], **secrets.decrypt(workspace, kept.secret(session, _PREFIX + key))}
    )


def list_(workspace: Workspace) -> dict[str, Any]:
    """Return every channel as the API shows it; the built-in mailbox first."""
    with workspace.read() as session:
        keys = [name.removeprefix(_PREFIX) for name in kept.every(session, _PREFIX)]
        states = throttle.states(session, workspace.clock().timestamp())
        shown = [{**_shown(session, workspace, key), "breaker": states.get(key)} for key in keys]
        return {"items": [{**_mailbox(), "breaker": None}, *shown]}


def reports(workspace: Workspace, *, key: str) -> dict[str, Any]:
    """Return what the provider of a channel reported last (receipts, replies, clicks), and what came of each."""
    with workspace.read() as session:
        people = People(session, workspace.clock())
        found = callbacks.recent(session, channel=key, limit=50)
    names = ("id", "kind", "at", "address", "text", "result", "done")
    return {
        "items": [{**{name: getattr(one, name) for name in names}, "person": people.name(one.person)} for one in found]
    }


def get(workspace: Workspace, key: str) -> dict[str, Any]:
    """Return one channel as the API shows it."""
    if key == MAILBOX:
        return _mailbox()
    with workspace.read() as session:
        return _shown(session, workspace, key)


def save(
    workspace: Workspace,
    *,
    key: str,
    type: str,  # noqa: A002 the API's word
    name: str,
    settings: dict[str, Any],
    user: str,
    enabled: bool = True,
) -> dict[str, Any]:
    """Keep a channel; a secret that is absent or null stays as it was.

    Raises:
        DefinitionError: the settings do not fit the channel's schema.
    """
    if key == MAILBOX:
        raise Refused("conflict", "站内消息不需要设置", "the built-in mailbox needs no set-up")
    schema = _schema(type)
    hidden = _secret_names(schema)
    with workspace.write() as session:
        before = kept.get(session, _PREFIX + key)
        known = (
            secrets.decrypt(workspace, kept.secret(session, _PREFIX + key)) if before and before["type"] == type else {}
        )
        given = {name: value for name, value in settings.items() if not (name in hidden and value is None)}
        whole = {**{name: value for name, value in known.items() if name in hidden}, **given}
        problems = problems_in(schema, whole, "$.settings")
        if problems:
            raise DefinitionError(problems)
        value = {
            "type": type,
            "name": name,
            "enabled": enabled,
            "settings": {name: value for name, value in whole.items() if name not in hidden},
            "hook": before["hook"] if before else random.token_urlsafe(24),
        }
        encrypted = secrets.encrypt(workspace, {name: whole[name] for name in hidden if name in whole})
        now = workspace.clock()
        kept.put(session, _PREFIX + key, value, user=user, now=now, encrypted=encrypted)
        _note(session, workspace, user, "channel.saved", key, f"保存渠道“{name}”", f"saved channel “{name}”")
        return _shown(session, workspace, key)


def remove(workspace: Workspace, *, key: str, user: str) -> None:
    """Forget a channel; what waits for it in the outbox fails with the reason."""
    with workspace.write() as session:
        if kept.get(session, _PREFIX + key) is None:
            raise not_found("渠道", "channel", key)
        kept.remove(session, _PREFIX + key)
        _note(session, workspace, user, "channel.removed", key, f"删除渠道“{key}”", f"removed channel “{key}”")


def try_(workspace: Workspace, *, key: str, user: str, address: str = "") -> dict[str, Any]:
    """Send a test message to *address*, or to the acting person, and explain what the provider said."""
    with workspace.read() as session:
        channel = configured(session, workspace, key)
        person = users.get(session, user)
    if channel is None:
        raise not_found("已启用的渠道", "enabled channel", key)
    plug_in = CHANNELS[channel.type]
    to = Recipient(user, address or (address_of(person, plug_in.address) if person else ""), user)
    if plug_in.address and not to.address:
        text = f"请先在个人资料里填写“{plug_in.address}”,或直接填写测试地址"
        raise Refused("invalid", text, f"give an address, or fill in “{plug_in.address}” of your own profile")
    message = Message(
        random.token_hex(16),
        "备货:测试消息",
        "收到这条消息,说明渠道已经可用。\nThis channel works.",
        data={"type": "test"},
    )
    outcomes = plug_in.send(message, [to], channel.settings)
    zh, en = _EXPLAINED[outcomes[0].state]
    return {"outcomes": [_as_dict(outcome) for outcome in outcomes], "explanation": zh, "explanation_en": en}


def address_of(person: Any, attribute: str) -> str:
    """Return the address that a channel needs from a person: their e-mail, phone, or an id of that name."""
    if attribute in {"email", "phone"}:
        return str(getattr(person, attribute, "") or "")
    return str((getattr(person, "addresses", None) or {}).get(attribute, "")) if attribute else ""


def hooked(session: Session, workspace: Workspace, key: str, secret: str) -> Configured | None:
    """Return the channel *key* when *secret* is the one in its callback address."""
    value = kept.get(session, _PREFIX + key)
    if value is None or not random.compare_digest(value["hook"], secret):
        return None
    return configured(session, workspace, key)


def _schema(type_: str) -> dict[str, Any]:
    try:
        return CHANNELS[type_].schema
    except UnknownName as error:
        hint = f"是否想用“{error.suggestion}”?" if error.suggestion else ""
        hint_en = f"did you mean “{error.suggestion}”?" if error.suggestion else ""
        raise DefinitionError(
            [Problem("$.type", f"没有名为“{type_}”的通知渠道", hint, f"no channel is called “{type_}”", hint_en)]
        ) from error


def _secret_names(schema: dict[str, Any]) -> list[str]:
    return [name for name, field in schema["properties"].items() if field.get("secret")]


def _shown(session: Session, workspace: Workspace, key: str) -> dict[str, Any]:
    value = kept.get(session, _PREFIX + key)
    if value is None:
        raise not_found("渠道", "channel", key)
    hidden = _secret_names(CHANNELS[value["type"]].schema) if value["type"] in CHANNELS else []
    stored = secrets.decrypt(workspace, kept.secret(session, _PREFIX + key))
    hook = f"{workspace.settings.base_url}/hooks/{key}/{value['hook']}" if value["type"] in CALLBACKS else None
    return {
        "key": key,
        "type": value["type"],
        "name": value["name"],
        "enabled": value["enabled"],
        "settings": {**value["settings"], **dict.fromkeys(hidden)},
        "secrets_set": sorted(stored),
        "hook_url": hook,
    }


def _mailbox() -> dict[str, Any]:
    return {
        "key": MAILBOX,
        "type": MAILBOX,
        "name": "站内消息",
        "enabled": True,
        "settings": {},
        "secrets_set": [],
        "hook_url": None,
    }


def _note(session: Session, workspace: Workspace, user: str, action: str, key: str, zh: str, en: str) -> None:
    entry = audit.Entry(
        at=workspace.clock(), actor=user, action=action, kind="channel", key=key, summary=zh, summary_en=en
    )
    audit.add(session, entry)


def _as_dict(outcome: Outcome) -> dict[str, Any]:
    return {
        "person": outcome.person,
        "state": outcome.state.value,
        "code": outcome.code,
        "text": outcome.text,
        "provider_id": outcome.provider_id,
    }
