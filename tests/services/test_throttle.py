"""Nothing is lost to a provider's limit: what does not fit waits, and no limit error comes back."""

from __future__ import annotations

import pytest
from gateways import Gateway

from services import channels, dispatch
from store import outbox

SECRET = "gateway-secret"


@pytest.fixture
def gateway(monkeypatch, clock):
    monkeypatch.setenv("BEIHUO_ALLOWED_HOSTS", "127.0.0.1")
    running = Gateway(now=lambda: clock().timestamp()).start()
    yield running
    running.stop()


def _queue(workspace, number):
    row = {"channel": "robot", "recipient": "", "address": "", "message": "notify", "title": "t"}
    with workspace.write() as session:
        rows = [{**row, "idempotency_key": f"k{n}", "severity": 1 if n % 10 == 9 else 5} for n in range(number)]
        outbox.enqueue(session, rows, now=workspace.clock())


def test_a_storm_stays_inside_the_limit_and_the_most_urgent_leave_first(shop, gateway, clock):
    """60 notices to a robot that takes 20 a minute: no refusal, all sent within four minutes, critical ones first."""
    settings = {"key": SECRET, "base_url": gateway.url("wecom")}
    channels.save(shop, key="robot", type="wecom_bot", name="r", settings=settings, user="admin")
    _queue(shop, 60)
    for _ in range(60):
        for _ in range(3):
            dispatch.work(shop, limit=100)
        clock.pass_(seconds=4)

    with shop.read() as session:
        rows = outbox.page(session, limit=100)
    assert {"accepted"} == {row.state for row in rows}
    assert {1} == {row.attempt for row in rows}
    urgent = [row.sent_at for row in rows if row.severity == 1]
    assert max(urgent) <= min(row.sent_at for row in rows if row.severity == 5)
    assert 60 == len(gateway.inbox)


def test_a_provider_that_limits_all_the_same_silences_the_channel(shop, gateway, clock):
    """Its own penalty is kept: ten minutes nothing is tried, then it goes on."""
    settings = {"key": SECRET, "base_url": gateway.url("wecom")}
    channels.save(shop, key="robot", type="wecom_bot", name="r", settings=settings, user="admin")
    gateway.fault(vendor="wecom", body={"errcode": 45009, "errmsg": "api freq out of limit"})
    _queue(shop, 1)
    dispatch.work(shop)
    calls = len(gateway.calls)
    clock.pass_(seconds=30)
    dispatch.work(shop)
    assert calls == len(gateway.calls)
    clock.pass_(seconds=60)
    dispatch.work(shop)

    assert 1 == len(gateway.inbox)
