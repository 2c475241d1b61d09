"""Sending: at least once, each attempt visible, nothing lost, nobody held up by somebody else's failure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import pytest

from integrations.channel import CHANNELS, Message, Outcome, OutcomeState, Recipient
from services import channels, dispatch, publish
from services.workspace import Workspace
from store import messages, outbox


class Scripted:
    """A third party's channel that answers as it was told and remembers what it was given."""

    title: ClassVar[str] = "试验渠道"
    title_en: ClassVar[str] = "trial channel"
    icon: ClassVar[str] = "api"
    address: ClassVar[str] = "email"
    schema: ClassVar[dict[str, Any]] = {"type": "object", "properties": {}}
    example: ClassVar[dict[str, Any]] = {}
    costs_money: ClassVar[bool] = True
    answers: ClassVar[list[Outcome | Exception]] = []
    sent: ClassVar[list[tuple[Message, str]]] = []

    @staticmethod
    def send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:
        """Answer with the next scripted outcome; accept when there is none."""
        Scripted.sent += [(message, recipient.address) for recipient in to]
        answer = Scripted.answers.pop(0) if Scripted.answers else Outcome("", OutcomeState.ACCEPTED, provider_id="p1")
        if isinstance(answer, Exception):
            raise answer
        return [answer]


CHANNELS.add("trial_sms", Scripted)
RETRY = Outcome("", OutcomeState.RETRY, "450", "later")
PERMANENT = Outcome("", OutcomeState.PERMANENT, "550", "no such user")
UNKNOWN = Outcome("", OutcomeState.UNKNOWN, "", "connection lost")


@pytest.fixture
def sending(shops: Workspace) -> Iterator[Workspace]:
    """A workspace whose channel `trial` is set up."""
    Scripted.answers, Scripted.sent = [], []
    channels.save(shops, key="trial", type="trial_sms", name="试验", settings={}, user="admin")
    yield shops
    Scripted.answers, Scripted.sent = [], []


def _enqueue(workspace: Workspace, number: int = 1, **columns: Any) -> None:
    row = {
        "channel": "trial",
        "recipient": "chen",
        "address": "chen@example.com",
        "message": "decided",
        "title": "已同意",
    }
    with workspace.write() as session:
        rows = [{**row, "idempotency_key": f"k{n}", "payload": {}, **columns} for n in range(number)]
        outbox.enqueue(session, rows, now=workspace.clock())


def _work(workspace: Workspace, **more: Any) -> int:
    return dispatch.work(workspace, **more)


def _states(workspace: Workspace) -> list[tuple[str, str, int]]:
    with workspace.read() as session:
        return [(d.channel, d.state, d.attempt) for d in reversed(outbox.page(session))]


def _attempts(workspace: Workspace, number: int = 1) -> list[tuple[str, str]]:
    with workspace.read() as session:
        return [(attempt.outcome, attempt.code) for attempt in outbox.attempts(session, number)]


def test_a_notice_is_sent_and_noted(sending: Workspace) -> None:
    """To the address, under its own key; the provider's number is kept for receipts."""
    _enqueue(sending)

    assert (1, 0) == (_work(sending), _work(sending))
    assert [("k0", "chen@example.com")] == [(message.key, address) for message, address in Scripted.sent]
    assert [("trial", "accepted", 1)] == _states(sending)
    with sending.read() as session:
        assert ("p1", sending.clock()) == (outbox.get(session, 1).provider_id, outbox.get(session, 1).sent_at)


def test_a_temporary_failure_is_tried_again_later(sending: Workspace, clock: Any) -> None:
    """Not before its time; a provider's own wish to wait counts when it is longer."""
    Scripted.answers = [RETRY, Outcome("", OutcomeState.RETRY, "429", "slow down", retry_after=600)]
    _enqueue(sending)
    _work(sending)
    assert 0 == _work(sending)
    clock.pass_(seconds=12)
    assert 1 == _work(sending)
    clock.pass_(seconds=500)
    assert 0 == _work(sending)
    clock.pass_(seconds=101)
    assert 1 == _work(sending)

    assert [("retry", "450"), ("retry", "429"), ("accepted", "")] == _attempts(sending)
    assert {"k0"} == {message.key for message, _ in Scripted.sent}


def test_who_is_refused_finds_it_in_the_mailbox(sending: Workspace) -> None:
    """It is not tried again; the reason stands on the delivery; the person still sees the notice."""
    Scripted.answers = [PERMANENT]
    _enqueue(sending)
    _work(sending)
    _work(sending)

    assert [("trial", "failed", 1), ("mailbox", "accepted", 1)] == _states(sending)
    with sending.read() as session:
        assert "550 no such user" == outbox.get(session, 1).error
        assert ["已同意"] == [message.title for message in messages.page(session, "chen")]


def test_it_is_given_up_after_a_day(sending: Workspace, clock: Any) -> None:
    """32 attempts over a day, then dead, then the mailbox; no hot loop."""
    Scripted.answers = [RETRY] * 40
    _enqueue(sending)
    for _ in range(40):
        _work(sending)
        clock.pass_(hours=2)

    assert [("trial", "dead", 32), ("mailbox", "accepted", 1)] == _states(sending)


def test_what_costs_money_is_not_sent_a_third_time(sending: Workspace, clock: Any) -> None:
    """An unknown end of a text message is tried once more, not for ever."""
    Scripted.answers = [UNKNOWN] * 5
    _enqueue(sending)
    for _ in range(5):
        _work(sending)
        clock.pass_(hours=2)

    assert 2 == len(Scripted.sent)
    assert ("trial", "failed", 2) == _states(sending)[0]


def test_a_bug_of_one_channel_holds_up_nobody(sending: Workspace) -> None:
    """An exception is an attempt that failed; what stands behind it is sent."""
    Scripted.answers = [ZeroDivisionError("bug")]
    _enqueue(sending, 3)
    _work(sending)

    assert ["accepted", "accepted", "queued"] == sorted(state for _, state, _ in _states(sending))
    with sending.read() as session:
        errors = [delivery.error for delivery in outbox.page(session) if delivery.state == "queued"]
    assert ["error ZeroDivisionError: bug"] == errors


def test_a_channel_that_is_down_rests(sending: Workspace, clock: Any) -> None:
    """After five failures in a row it is left alone for half a minute."""
    Scripted.answers = [RETRY] * 6
    _enqueue(sending, 6)
    _work(sending)
    _enqueue(sending, 1, idempotency_key="new")

    assert 0 == _work(sending)
    clock.pass_(seconds=31)
    assert 7 == _work(sending)


def test_a_channel_that_is_not_set_up_fails_with_the_reason(sending: Workspace) -> None:
    """Also one that was switched off since; the person finds the notice in the mailbox."""
    _enqueue(sending, channel="gone")
    _work(sending)
    _work(sending)

    assert [("gone", "failed", 1), ("mailbox", "accepted", 1)] == _states(sending)
    assert [("permanent", "")] == _attempts(sending)


def test_the_mailbox_is_delivered_once(shops: Workspace) -> None:
    """A worker that was lost after delivering leaves one message, not two."""
    _enqueue(shops, channel="mailbox", address="")
    with shops.write() as session:
        outbox.take(session, shops.clock(), worker="lost", lease=dt.timedelta(seconds=-1))
        row = {"idempotency_key": "k0", "user": "chen", "at": shops.clock(), "title": "已同意", "body": ""}
        messages.add_many(session, [row])
    _work(shops)

    assert [("mailbox", "accepted", 2)] == _states(shops)
    assert [("lost", ""), ("accepted", "")] == _attempts(shops)
    with shops.read() as session:
        assert 1 == len(messages.page(session, "chen"))


def test_a_worker_that_stops_gives_back_what_it_had_not_begun(sending: Workspace) -> None:
    """Nothing is sent after the word to stop, and nothing stays claimed."""
    _enqueue(sending, 3)
    _work(sending, stopping=lambda: True)

    assert [] == Scripted.sent
    assert {"queued"} == {state for _, state, _ in _states(sending)}


ALERT = {
    "event": "alert",
    "rule": "low",
    "rule_name": "低库存预警",
    "level": "critical",
    "title_en": "[Critical] Low stock: A001",
    "alerts": [
        {
            "id": 1,
            "level": "critical",
            "labels": {"sku": "A001 珍珠耳环", "warehouse": "华东仓"},
            "explanation": "9 < 43.2",
            "explanation_en": "9 is below 43.2",
            "values": [{"label": "可用库存", "value": 9.0}, {"label": "日均", "value": 5.142857}],
        }
    ],
}


def test_a_notice_is_written_for_its_reader(sending: Workspace) -> None:
    """Title, explanation and every quantity, in the reader's language."""
    _enqueue(sending, message="alert", title="【紧急】低库存预警:A001", payload=ALERT)
    _enqueue(
        sending,
        idempotency_key="e",
        message="alert",
        title="【紧急】低库存预警:A001",
        payload={**ALERT, "language": "en"},
        recipient="",
    )
    _work(sending)
    bodies = {message.key: message for message, _ in Scripted.sent}

    assert ("【紧急】低库存预警:A001", "zh") == (bodies["k0"].title, bodies["k0"].language)
    assert ["9 < 43.2", "可用库存:9", "日均:5.14"] == bodies["k0"].body.splitlines()
    assert "[Critical] Low stock: A001" == bodies["e"].title
    assert bodies["e"].body.startswith("9 is below 43.2")


def test_many_alerts_are_one_digest(sending: Workspace) -> None:
    """Counts by level, the worst ten, and how many more stand behind the link."""
    many = {**ALERT, "total": 30, "alerts": ALERT["alerts"] * 20}
    _enqueue(sending, message="alert", title="30 条", payload=many)
    _work(sending)
    message = Scripted.sent[0][0]

    assert 10 == message.body.count("珍珠耳环")
    assert "其余 20 条" in message.body
    assert message.link.startswith(f"{sending.settings.base_url}/a/")  # the page that acts on all of them


OWN: dict[str, Any] = {
    "kind": "message",
    "key": "mine",
    "name": "我的",
    "language": "zh",
    "title": "{{ rule }}!",
    "body": "{{ record }} 只剩 {{ values[0].value }}",
}


def test_the_workspace_s_own_wording(sending: Workspace) -> None:
    """A message definition replaces the default text."""
    publish.publish_many(sending, [OWN], user="admin")
    _enqueue(sending, message="alert", title="x", payload={**ALERT, "template": "mine"})
    _work(sending)

    message = Scripted.sent[0][0]
    assert ("低库存预警!", "A001 珍珠耳环 · 华东仓 只剩 9") == (message.title, message.body)


def test_a_broken_template_loses_no_notice(sending: Workspace) -> None:
    """It was good on the sample and fails on this alert: the default text goes out, with a remark."""
    publish.publish_many(sending, [{**OWN, "body": "{{ values[5].value }}"}], user="admin")
    _enqueue(sending, message="alert", title="标题", payload={**ALERT, "template": "mine"})
    _work(sending)

    message = Scripted.sent[0][0]
    assert "标题" == message.title
    assert message.body.startswith("9 < 43.2")
    assert "模板出错" in message.body


def test_ten_thousand_in_the_mailbox(ws: Workspace) -> None:
    """A storm is worked off in batches, each row once."""
    _enqueue(ws, 1_000, channel="mailbox", address="")
    taken = 0
    while number := _work(ws, limit=200):
        taken += number

    assert 1_000 == taken
    with ws.read() as session:
        assert {"accepted": 1_000} == outbox.count_by_state(session)
        assert 1_000 == messages.count_unread(session, "chen")
