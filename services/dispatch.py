"""Send what waits in the outbox: claim, render, send, note what became of it; at least once, and nothing lost.

What the built-in mailbox gets is delivered in the claiming transaction itself. Everything else is sent outside of any
transaction under a lease: a worker that dies leaves a row that another one sends again under the same key. A notice
that cannot reach its recipient is put into the recipient's mailbox, so that it is seen at all.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from integrations.channel import CHANNELS, Message, Outcome, OutcomeState, Recipient
from services import channels, webhook_calls
from services.definitions import all_current_in
from services.rendering import Renderer, as_path
from services.workspace import Workspace
from store import messages, outbox
from store.database import Session
from store.outbox import AttemptState, Delivery

MAILBOX = "mailbox"
MOST_ATTEMPTS = 14  # with the waits below: about a day
LEASE = dt.timedelta(seconds=60)
_WAITS = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600)  # seconds; the last one repeats
_RENEW = 15.0
_THREADS = 8
_REST_AFTER = 5
_REST = dt.timedelta(seconds=30)
_COSTLY = ("sms",)


def worker_name() -> str:
    """Return the name of this process among the workers."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass
class Breakers:
    """Channels that rest after several temporary failures in a row, so that one that is down holds up no other."""

    failures: dict[str, int] = field(default_factory=dict)
    until: dict[str, dt.datetime] = field(default_factory=dict)

    def resting(self, now: dt.datetime) -> list[str]:
        """Return the channels to leave alone at *now*."""
        return [channel for channel, moment in self.until.items() if moment > now]

    def note(self, channel: str, *, failed: bool, now: dt.datetime) -> None:
        """Count what a sending came to."""
        self.failures[channel] = self.failures.get(channel, 0) + 1 if failed else 0
        if self.failures[channel] >= _REST_AFTER:
            self.until[channel] = now + _REST


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A claimed row, rendered, with the channel that will take it."""

    delivery: Delivery
    message: Message
    channel: channels.Configured
    name: str


_BREAKERS = Breakers()


def work(
    workspace: Workspace,
    *,
    limit: int = 100,
    worker: str = "",
    stopping: Callable[[], bool] = lambda: False,
    breakers: Breakers = _BREAKERS,
) -> int:
    """Send what is due, up to *limit* rows; return how many were taken.

    Args:
        workspace: where.
        limit: rows at most.
        worker: this worker's name, in the log of attempts.
        stopping: asked between sendings; once true, what was not begun is given back.
        breakers: channels that rest.
    """
    name = worker or worker_name()
    now = workspace.clock()
    with workspace.read() as session:
        if not outbox.has_work(session, now):
            return 0
    with workspace.write() as session:
        taken = outbox.take(session, now, worker=name, limit=limit, lease=LEASE, channels_not=breakers.resting(now))
        outside = _prepare(session, workspace, taken, name) if taken else []
    if outside:
        _send_all(workspace, outside, name, stopping, breakers)
    return len(taken)


def _prepare(session: Session, workspace: Workspace, taken: Sequence[Delivery], worker: str) -> list[_Prepared]:
    """Render the claimed rows; deliver those of the mailbox here and now; return those to be sent outside."""
    renderer = Renderer(session, workspace, all_current_in(session, "message"))
    ready: dict[str, channels.Configured | None] = {}
    outside: list[_Prepared] = []
    inside: list[tuple[Delivery, Message]] = []
    for delivery in taken:
        if delivery.channel not in ready and delivery.message != webhook_calls.WORD:
            ready[delivery.channel] = channels.configured(session, workspace, delivery.channel)
        configured = channels.Configured("", {}) if delivery.message == webhook_calls.WORD else ready[delivery.channel]
        try:
            message = _rendered(renderer, delivery)
        except Exception as error:  # noqa: BLE001 one poisoned row must not stop the others
            _give_up(session, workspace, delivery, worker, f"无法生成文字 / cannot be rendered: {error}")
            continue
        if delivery.channel == MAILBOX:
            inside.append((delivery, message))
        elif configured is None or (configured.type and configured.type not in CHANNELS):
            _give_up(session, workspace, delivery, worker, "渠道未设置或已停用 / the channel is not set up, or off")
        elif delivery.attempt > MOST_ATTEMPTS:
            _give_up(session, workspace, delivery, worker, "多次发送未成功 / too many attempts", state="dead")
        else:
            outside.append(_Prepared(delivery, message, configured, renderer.name(delivery.recipient)))
    _deliver_inside(session, workspace, inside, worker)
    return outside


def _rendered(renderer: Renderer, delivery: Delivery) -> Message:
    if delivery.message == webhook_calls.WORD:
        return Message(delivery.idempotency_key, delivery.title, "")
    return renderer.message(delivery)


def _deliver_inside(
    session: Session, workspace: Workspace, inside: Sequence[tuple[Delivery, Message]], worker: str
) -> None:
    now = workspace.clock()
    rows = [
        {
            "idempotency_key": delivery.idempotency_key,
            "user": delivery.recipient,
            "at": now,
            "title": message.title,
            "body": message.body,
            "link": as_path(message.link, workspace),
            "language": message.language,
            "episode_id": delivery.episode_id,
            "instance": delivery.instance,
            "seat_id": delivery.payload.get("seat_id"),
        }
        for delivery, message in inside
    ]
    messages.add_many(session, rows)
    outbox.settle_accepted(session, [delivery for delivery, _ in inside], now=now, worker=worker)


def _send_all(
    workspace: Workspace,
    prepared: Sequence[_Prepared],
    worker: str,
    stopping: Callable[[], bool],
    breakers: Breakers,
) -> None:
    """Send side by side; note each end as it comes, and prolong the leases of the rest."""
    stopped = threading.Event()

    def send(one: _Prepared) -> Outcome | None:
        if stopped.is_set() or stopping():
            return None
        return _send(workspace, one)

    with ThreadPoolExecutor(min(_THREADS, len(prepared)), thread_name_prefix="send") as pool:
        waiting: dict[Future[Outcome | None], _Prepared] = {pool.submit(send, one): one for one in prepared}
        try:
            while waiting:
                done, _ = wait(waiting, timeout=_RENEW, return_when=FIRST_COMPLETED)
                ended = [(waiting.pop(future), future.result()) for future in done]
                with workspace.write() as session:
                    _settle(session, workspace, ended, worker, breakers)
                    outbox.renew(session, [one.delivery for one in waiting.values()], LEASE)
        finally:
            stopped.set()


def _send(workspace: Workspace, one: _Prepared) -> Outcome:
    delivery = one.delivery
    try:
        if delivery.message == webhook_calls.WORD:
            return webhook_calls.call(workspace, delivery)
        to = Recipient(delivery.recipient, delivery.address, one.name)
        return CHANNELS[one.channel.type].send(one.message, [to], one.channel.settings)[0]
    except Exception as error:  # noqa: BLE001 a bug of one channel must not lose what waits behind it
        return Outcome(delivery.recipient, OutcomeState.RETRY, "error", f"{type(error).__name__}: {error}")


def _settle(
    session: Session,
    workspace: Workspace,
    ended: Sequence[tuple[_Prepared, Outcome | None]],
    worker: str,
    breakers: Breakers,
) -> None:
    now = workspace.clock()
    ends = []
    for one, outcome in ended:
        if outcome is None:
            outbox.release(session, [one.delivery])
            continue
        breakers.note(one.delivery.channel, failed=outcome.state is OutcomeState.RETRY, now=now)
        columns = _columns(one, outcome, now)
        attempt = AttemptState(one.delivery.attempt, now, outcome.state.value, outcome.code, outcome.text[:2000])
        ends.append((one.delivery, columns, attempt))
        if columns["state"] in {"failed", "dead"}:
            _to_mailbox(session, workspace, one.delivery, str(columns["error"]))
    outbox.settle_many(session, ends, worker)


def _columns(one: _Prepared, outcome: Outcome, now: dt.datetime) -> dict[str, Any]:
    """Return what an outcome makes of the row."""
    text = " ".join(filter(None, (outcome.code, outcome.text)))[:2000]
    common: dict[str, Any] = {"code": outcome.code, "error": text, "provider_id": outcome.provider_id or None}
    if outcome.state is OutcomeState.ACCEPTED:
        return {**common, "state": "accepted", "sent_at": now, "error": None}
    if outcome.state is OutcomeState.PERMANENT:
        return {**common, "state": "failed"}
    unsure = one.delivery.unsure + (outcome.state is OutcomeState.UNKNOWN)
    if one.channel.type.endswith(_COSTLY) and unsure > 1:
        # It may have arrived twice already, and each one costs money.
        return {**common, "state": "failed", "unsure": unsure}
    if one.delivery.attempt >= MOST_ATTEMPTS:
        return {**common, "state": "dead", "unsure": unsure}
    return {**common, "state": "queued", "unsure": unsure, "due_at": now + backoff(one.delivery.attempt, outcome)}


def backoff(attempt: int, outcome: Outcome) -> dt.timedelta:
    """Return how long to wait after the *attempt*-th failure: longer each time, never less than the provider asks."""
    wanted = _WAITS[min(attempt, len(_WAITS)) - 1] * random.uniform(0.9, 1.1)  # noqa: S311 jitter, not a secret
    return dt.timedelta(seconds=max(wanted, outcome.retry_after or 0))


def _give_up(
    session: Session, workspace: Workspace, delivery: Delivery, worker: str, reason: str, state: str = "failed"
) -> None:
    """Note that a row cannot be sent as it is; its recipient finds it in the mailbox."""
    now = workspace.clock()
    attempt = AttemptState(delivery.attempt, now, "permanent", "", reason[:2000])
    outbox.settle_many(session, [(delivery, {"state": state, "error": reason[:2000]}, attempt)], worker)
    _to_mailbox(session, workspace, delivery, reason)


def _to_mailbox(session: Session, workspace: Workspace, delivery: Delivery, reason: str) -> None:
    """Put a notice that could not be sent into the recipient's mailbox; a call to a server has no mailbox."""
    if delivery.message == webhook_calls.WORD:
        webhook_calls.give_up(workspace, session, delivery, reason)
        return
    if not delivery.recipient or delivery.channel == MAILBOX:
        return
    row: Mapping[str, Any] = {
        "idempotency_key": f"{delivery.idempotency_key}:{MAILBOX}",
        "channel": MAILBOX,
        "recipient": delivery.recipient,
        "severity": delivery.severity,
        "message": delivery.message,
        "title": delivery.title,
        "payload": delivery.payload,
        "episode_id": delivery.episode_id,
        "instance": delivery.instance,
    }
    outbox.enqueue(session, [row], now=workspace.clock())
