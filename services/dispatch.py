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
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from integrations.channel import CHANNELS, Message, Outcome, OutcomeState, Recipient, Sent, updater
from services import budget, callbacks, channels, throttle, webhook_calls
from services.addressing import MAILBOX, channel_types
from services.cards import CARD
from services.definitions import all_current_in
from services.rendering import Renderer, as_path
from services.undelivered import give_up, to_mailbox
from services.workspace import Workspace
from store import messages, outbox
from store.database import Session
from store.outbox import AttemptState, Delivery

MOST_ATTEMPTS = 32  # with the waits below: about a day
LEASE = dt.timedelta(seconds=60)
_WAITS = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600)  # seconds; the last one repeats
RENEW = 15.0
THREADS = 8


def worker_name() -> str:
    """Return the name of this process among the workers."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A claimed row, rendered, with the channel that will take it."""

    delivery: Delivery
    message: Message
    channel: channels.Configured
    name: str
    sent: Sent | None = None


def work(
    workspace: Workspace,
    *,
    limit: int = 100,
    worker: str = "",
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is due, up to *limit* rows; return how many were taken.

    Args:
        workspace: where.
        limit: rows at most.
        worker: this worker's name, in the log of attempts.
        stopping: asked between sendings; once true, what was not begun is given back.
    """
    name = worker or worker_name()
    now = workspace.clock()
    with workspace.read() as session:
        if not outbox.has_work(session, now):
            return 0
    with workspace.write() as session:
        kinds = channel_types(session)
        resting = throttle.resting(session, kinds, now.timestamp())
        taken = outbox.take(session, now, worker=name, limit=limit, lease=LEASE, channels_not=resting)
        outside = _admitted(session, workspace, _prepare(session, workspace, taken, name), name) if taken else []
    if outside:
        _send_all(workspace, outside, name, stopping)
    return len(taken)


def _admitted(session: Session, workspace: Workspace, prepared: Sequence[_Prepared], worker: str) -> list[_Prepared]:
    """Return those that may leave now; the others wait for their provider's limit, or go a way that costs nothing."""
    now, admitted, spent = workspace.clock(), [], Counter[str]()
    full: set[str] = set()
    trying = throttle.half_open(session)
    for one in prepared:
        kind, channel = one.channel.type, one.delivery.channel
        if channel in full:
            outbox.release(session, [one.delivery])
            continue
        reason = budget.exceeded(session, workspace, one.delivery, spent) if budget.costs(kind) else ""
        if reason:
            give_up(session, workspace, one.delivery, worker, reason, told=True)
            budget.tell_instead(session, workspace, one.delivery)
            continue
        wait_for = throttle.admit(session, one.delivery, kind, now.timestamp()) if kind else 0.0
        if wait_for > 0:
            by_channel = any(limit.by == "channel" for limit in throttle.limits_of(kind))
            full |= {channel} if by_channel else set()
            outbox.release(session, [one.delivery], None if by_channel else now + dt.timedelta(seconds=wait_for))
            continue
        spent[one.delivery.recipient] += budget.costs(kind)
        admitted.append(one)
        full |= {channel} & trying
    if spent.total():
        budget.warn(session, workspace, spent.total())
    return admitted


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
            give_up(session, workspace, delivery, worker, f"无法生成文字 / cannot be rendered: {error}")
            continue
        if delivery.channel == MAILBOX:
            inside.append((delivery, message))
        elif configured is None or (configured.type and configured.type not in CHANNELS):
            give_up(session, workspace, delivery, worker, "渠道未设置或已停用 / the channel is not set up, or off")
        elif delivery.attempt > MOST_ATTEMPTS:
            give_up(session, workspace, delivery, worker, "多次发送未成功 / too many attempts", state="dead")
        else:
            sent = _sent(session, delivery) if delivery.message == CARD else None
            outside.append(_Prepared(delivery, message, configured, renderer.name(delivery.recipient), sent))
    _deliver_inside(session, workspace, inside, worker)
    return outside


def _sent(session: Session, update: Delivery) -> Sent | None:
    """Return the card that an update is about, as its provider knows it."""
    card = outbox.get(session, int(update.payload["of"]))
    return Sent(card.provider_id or "", card.response or "") if card else None


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
) -> None:
    """Send side by side; note each end as it comes, and prolong the leases of the rest."""
    stopped = threading.Event()

    def send(one: _Prepared) -> Outcome | None:
        if stopped.is_set() or stopping():
            return None
        return _send(workspace, one)

    with ThreadPoolExecutor(min(THREADS, len(prepared)), thread_name_prefix="send") as pool:
        waiting: dict[Future[Outcome | None], _Prepared] = {pool.submit(send, one): one for one in prepared}
        try:
            while waiting:
                done, _ = wait(waiting, timeout=RENEW, return_when=FIRST_COMPLETED)
                ended = [(waiting.pop(future), future.result()) for future in done]
                with workspace.write() as session:
                    _settle(session, workspace, ended, worker)
                    outbox.renew(session, [one.delivery for one in waiting.values()], LEASE)
        finally:
            stopped.set()


def _send(workspace: Workspace, one: _Prepared) -> Outcome:
    delivery = one.delivery
    try:
        if delivery.message == webhook_calls.WORD:
            return webhook_calls.call(workspace, delivery)
        to = Recipient(delivery.recipient, delivery.address, one.name)
        if one.sent is not None:
            return _update(one, to)
        return CHANNELS[one.channel.type].send(one.message, [to], one.channel.settings)[0]
    except Exception as error:  # noqa: BLE001 a bug of one channel must not lose what waits behind it
        return Outcome(delivery.recipient, OutcomeState.RETRY, "error", f"{type(error).__name__}: {error}")


def _update(one: _Prepared, to: Recipient) -> Outcome:
    update = updater(CHANNELS[one.channel.type])
    if one.sent is None or update is None:
        return Outcome(to.person, OutcomeState.PERMANENT, "card", "this channel's messages cannot be changed")
    return update(one.message, one.sent, to, one.channel.settings)


def _settle(
    session: Session,
    workspace: Workspace,
    ended: Sequence[tuple[_Prepared, Outcome | None]],
    worker: str,
) -> None:
    now = workspace.clock()
    ends, sent = [], []
    for one, outcome in ended:
        if outcome is None:
            outbox.release(session, [one.delivery])
            continue
        failed = outcome.state is OutcomeState.RETRY
        throttle.note(
            session, one.delivery.channel, failed=failed, retry_after=outcome.retry_after, now=now.timestamp()
        )
        columns = _columns(one, outcome, now)
        attempt = AttemptState(one.delivery.attempt, now, outcome.state.value, outcome.code, outcome.text[:2000])
        ends.append((one.delivery, columns, attempt))
        if columns["state"] in {"failed", "dead"}:
            to_mailbox(session, workspace, one.delivery, str(columns["error"]))
        elif outcome.provider_id:
            sent.append((one.delivery.channel, outcome.provider_id))
    outbox.settle_many(session, ends, worker)
    callbacks.match_early(session, workspace, sent)


def _columns(one: _Prepared, outcome: Outcome, now: dt.datetime) -> dict[str, Any]:
    """Return what an outcome makes of the row."""
    text = " ".join(filter(None, (outcome.code, outcome.text)))[:2000]
    common: dict[str, Any] = {"code": outcome.code, "error": text, "provider_id": outcome.provider_id or None}
    if outcome.state is OutcomeState.ACCEPTED:
        return {**common, "state": "accepted", "sent_at": now, "error": None, "response": outcome.response or None}
    if outcome.state is OutcomeState.PERMANENT:
        return {**common, "state": "failed"}
    unsure = one.delivery.unsure + (outcome.state is OutcomeState.UNKNOWN)
    if budget.costs(one.channel.type) and unsure > 1:
        # It may have arrived twice already, and each one costs money.
        return {**common, "state": "failed", "unsure": unsure}
    if one.delivery.attempt >= MOST_ATTEMPTS:
        return {**common, "state": "dead", "unsure": unsure}
    return {**common, "state": "queued", "unsure": unsure, "due_at": now + backoff(one.delivery.attempt, outcome)}


def backoff(attempt: int, outcome: Outcome) -> dt.timedelta:
    """Return how long to wait after the *attempt*-th failure: longer each time, never less than the provider asks."""
    wanted = _WAITS[min(attempt, len(_WAITS)) - 1] * random.uniform(0.9, 1.1)  # noqa: S311 jitter, not a secret
    return dt.timedelta(seconds=max(wanted, outcome.retry_after or 0))
