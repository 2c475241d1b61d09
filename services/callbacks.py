"""What providers report: a receipt moves the notice on, a click on a card or a reply decides, a word of leaving ends the notices.

Each report counts once, however often it comes. A click proves the person (the provider signs it); a reply by text message
is a weak proof: it takes note of alerts, and decides only where the workflow lets a bare link decide.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from engine.problems import BeihuoError, DefinitionError
from integrations.callback import CALLBACKS, CallbackRefused, Event, EventKind, Inbound, Received, answerer
from integrations.channel import CHANNELS
from services import acting, channels, replies
from services.directory import People
from services.refusal import Refused
from services.workspace import Workspace
from store import callbacks, outcomes
from store.database import Session
from workflows import Refused as StepRefused

Result = tuple[str, str]
_OK: Result = ("", "")
RECEIPTS = {EventKind.DELIVERED, EventKind.FAILED}


@dataclass(frozen=True, slots=True)
class _Taking:
    """The channel that reports, and the transaction in which a report is taken."""

    workspace: Workspace
    channel: str
    configured: channels.Configured
    identity: str


def receive(workspace: Workspace, *, key: str, secret: str, inbound: Inbound) -> Received:
    """Take a callback of the channel *key* and return what the provider expects for an answer.

    Raises:
        Refused: no channel has this address, or the callback does not prove where it comes from.
    """
    with workspace.read() as session:
        configured = channels.hooked(session, workspace, key, secret)
    if configured is None or configured.type not in CALLBACKS:
        raise Refused("not_found", "没有这个回调地址", "There is no such callback address")
    plug_in = CALLBACKS[configured.type]
    try:
        received = plug_in.receive(inbound, configured.settings)
    except (CallbackRefused, KeyError, ValueError, TypeError, AttributeError) as error:
        raise Refused("forbidden", f"回调未通过验证:{error}", f"The callback does not verify: {error}") from error
    taking = _Taking(workspace, key, configured, plug_in.identity)
    told = [_take(taking, event) for event in received.events]
    acted = [one for one in told if one != _OK]
    show = answerer(plug_in)
    return show(received, acted[0][0]) if acted and show else received


def _take(taking: _Taking, event: Event) -> Result:
    """Take one report in one transaction; what is refused is noted in one of its own, so that a repeat stays a repeat."""
    try:
        return taking.workspace.transact(lambda session: _taken(session, taking, event))
    except (Refused, StepRefused, DefinitionError, BeihuoError) as error:
        zh = str(getattr(error, "message", error))
        en = str(getattr(error, "message_en", error))
        with taking.workspace.write() as session:
            _add(session, taking, event, result=f"refused: {en}"[:500])
        return zh, en


def _taken(session: Session, taking: _Taking, event: Event) -> Result:
    number = _add(session, taking, event)
    if number is None:
        return _OK
    if event.kind in RECEIPTS:
        known = outcomes.receipt(
            session,
            channel=taking.channel,
            provider_id=event.provider_id,
            delivered=event.kind is EventKind.DELIVERED,
            code=event.text,
            now=taking.workspace.clock(),
        )
        callbacks.note(session, number, done=known)
        return _OK
    person = _person(session, taking, event.address)
    act = replies.take if event.kind is EventKind.REPLY else _click
    result = act(session, taking.workspace, taking.channel, person, event)
    callbacks.note(session, number, person=person, result=result[1][:500])
    return result


def _add(session: Session, taking: _Taking, event: Event, result: str = "") -> int | None:
    return callbacks.add(
        session,
        channel=taking.channel,
        key=event.key[:300],
        kind=event.kind.value,
        at=taking.workspace.clock(),
        provider_id=event.provider_id,
        address=event.address,
        text=(event.text or event.action)[:500],
        result=result,
    )


def _person(session: Session, taking: _Taking, address: str) -> str:
    """Return who has this address; nobody else may act through it.

    Raises:
        Refused: nobody active has it.
    """
    attribute = CHANNELS[taking.configured.type].address
    found = People(session, taking.workspace.clock()).who_has(attribute, address)
    if found is None:
        raise Refused(
            "forbidden", f"没有用户登记了 {address},请先在个人资料里填写", f"no user has the address {address}"
        )
    return found


def _click(session: Session, workspace: Workspace, channel: str, person: str, event: Event) -> Result:
    number = event.message_key.removeprefix("d").partition("-")[0]
    if not number.isdecimal():
        raise Refused("not_found", "这张卡片不认识", "this card is not known")
    request = acting.Act(op=event.action, by=person, via="card", request_id=f"{channel}:{event.key}"[:200])
    return acting.on_delivery(session, workspace, channel=channel, number=int(number), act=request)


def match_early(session: Session, workspace: Workspace, sent: list[tuple[str, str]]) -> None:
    """Let the receipts that came before their sending was noted count now.

    Args:
        session: the transaction that notes the sending.
        workspace: where.
        sent: (channel, the provider's id) of what was just accepted.
    """
    now: dt.datetime = workspace.clock()
    for one in callbacks.early(session, sent):
        if outcomes.receipt(
            session,
            channel=one.channel,
            provider_id=one.provider_id,
            delivered=one.kind == EventKind.DELIVERED.value,
            code=one.text,
            now=now,
        ):
            callbacks.note(session, one.id, done=True)
