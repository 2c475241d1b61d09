"""E-mail speaks SMTP with a real server and reports each recipient as the server answered."""

import asyncio
import socket
import threading

import pytest
from aiosmtpd.controller import Controller

from integrations import CHANNELS, Message, OutcomeState, Recipient

MESSAGE = Message(
    "k1",
    "【严重】低库存",
    "12 < 43.2",
    link="https://shop.example/a/tok",
    data={"unsubscribe": "https://shop.example/u/x"},
)


class _Inbox:
    def __init__(self):
        self.mails = []

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802 aiosmtpd's name
        if address.startswith("ghost"):
            return "550 no such user"
        if address.startswith("slow"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 aiosmtpd's name
        if envelope.rcpt_tos[0].startswith("hang"):
            await asyncio.sleep(30)
        self.mails.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 queued"


@pytest.fixture
def smtp(monkeypatch):
    monkeypatch.setenv("BEIHUO_ALLOWED_HOSTS", "127.0.0.1")
    inbox = _Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox, {"host": "127.0.0.1", "port": port, "security": "none", "sender": "bot@shop.example"}
    controller.stop()


def _send(settings, *people):
    return CHANNELS["email"].send(MESSAGE, [Recipient(name, f"{name}@shop.example", name) for name in people], settings)


def test_each_recipient_has_the_outcome_that_the_server_gave(smtp):
    """4yz is tried again, 5yz never, and the others are not held back by either."""
    inbox, settings = smtp

    outcomes = _send(settings, "chen", "ghost", "slow", "wang")

    assert [
        ("chen", OutcomeState.ACCEPTED, "250"),
        ("ghost", OutcomeState.PERMANENT, "550"),
        ("slow", OutcomeState.RETRY, "451"),
        ("wang", OutcomeState.ACCEPTED, "250"),
    ] == [(outcome.person, outcome.state, outcome.code) for outcome in outcomes]
    assert [["chen@shop.example"], ["wang@shop.example"]] == [to for to, _ in inbox.mails]


def test_a_repeat_carries_the_same_message_id(smtp):
    """So that a server recognises the second attempt of an unknown outcome."""
    inbox, settings = smtp

    first, second = _send(settings, "chen")[0], _send(settings, "chen")[0]

    assert first.provider_id == second.provider_id
    assert all(f"Message-ID: {first.provider_id}" in content for _, content in inbox.mails)


def test_a_mail_can_be_unsubscribed_with_one_click(smtp):
    inbox, settings = smtp
    _send(settings, "chen")

    content = inbox.mails[0][1]

    assert "List-Unsubscribe: <https://shop.example/u/x>" in content
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in content


def test_a_title_cannot_smuggle_headers(smtp):
    inbox, settings = smtp
    evil = Message("k2", "hello\r\nBcc: all@shop.example", "x")

    outcomes = CHANNELS["email"].send(evil, [Recipient("chen", "chen@shop.example")], settings)

    assert OutcomeState.ACCEPTED == outcomes[0].state
    head = inbox.mails[0][1].partition("\r\n\r\n")[0]
    assert "\nBcc:" not in head


def test_nobody_listening_is_tried_again(monkeypatch):
    monkeypatch.setenv("BEIHUO_ALLOWED_HOSTS", "127.0.0.1")

    (outcome,) = CHANNELS["email"].send(
        MESSAGE,
        [Recipient("chen", "chen@shop.example")],
        {"host": "127.0.0.1", "port": 9, "security": "none", "sender": "b@shop.example"},
    )

    assert OutcomeState.RETRY == outcome.state


def test_a_server_that_hangs_up_after_the_data_leaves_the_outcome_unknown(monkeypatch):
    monkeypatch.setenv("BEIHUO_ALLOWED_HOSTS", "127.0.0.1")
    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_half_a_conversation, args=(listening,), daemon=True).start()
    settings = {"host": "127.0.0.1", "port": listening.getsockname()[1], "security": "none", "sender": "b@shop.example"}

    (outcome,) = CHANNELS["email"].send(MESSAGE, [Recipient("chen", "chen@shop.example")], settings)

    assert OutcomeState.UNKNOWN == outcome.state


def _half_a_conversation(listening):
    """Greet, take everything, and drop the line where the answer to DATA should stand."""
    connection, _ = listening.accept()
    with connection, connection.makefile("rwb") as line:
        line.write(b"220 half ESMTP\r\n")
        line.flush()
        for raw in line:
            verb = raw[:4].upper()
            line.write(b"354 go on\r\n" if verb == b"DATA" else b"250 OK\r\n")
            line.flush()
            if verb == b"DATA":
                while line.readline() != b".\r\n":
                    pass
                return
