"""Text messages have a budget; beyond it a free channel tells, at once or in one digest, and nothing is lost."""

from __future__ import annotations

import pytest
from gateways import Gateway

from engine.problems import DefinitionError
from services import budget, channels, dispatch, users
from store import messages, outbox


@pytest.fixture
def sms(shop, monkeypatch):
    monkeypatch.setenv("BEIHUO_ALLOWED_HOSTS", "127.0.0.1")
    gateway = Gateway().start()
    settings = {"access_key_id": "gateway-key", "access_key_secret": "gateway-secret", "sign_name": "备货", "template_code": "SMS_1", "base_url": f"http://127.0.0.1:{gateway.port}"}  # fmt: skip
    channels.save(shop, key="sms", type="aliyun_sms", name="短信", settings=settings, user="admin")
    users.update(shop, key="chen", changes={"phone": "13800138000"}, user="admin")
    yield gateway
    gateway.stop()


def _queue(workspace, number, severity, first=0):
    row = {"channel": "sms", "recipient": "chen", "address": "13800138000", "message": "alert", "title": "缺货"}
    with workspace.write() as session:
        rows = [
            {**row, "idempotency_key": f"k{n}", "severity": severity, "payload": {"alerts": [{"id": n, "labels": {"sku": f"S{n}"}}]}}
            for n in range(first, first + number)
        ]  # fmt: skip
        outbox.enqueue(session, rows, now=workspace.clock())


def _work(workspace):
    while dispatch.work(workspace):
        pass


def _mail(workspace):
    with workspace.read() as session:
        return [message.title for message in messages.page(session, "chen")]


def test_beyond_the_person_s_day_a_critical_notice_is_told_at_once_elsewhere(shop, sms):
    budget.save(shop, values={"person_day": 2, "workspace_day": 100}, user="admin")
    _queue(shop, 2, 1)
    _work(shop)
    _queue(shop, 1, 1, first=2)
    _work(shop)

    assert (2, ["缺货"]) == (len(sms.inbox), _mail(shop))
    with shop.read() as session:
        errors = [d.error for d in outbox.page(session, channel="sms") if d.state == "failed"]
    assert errors == ["此人今日短信已达上限,改走免费渠道 / this person's text messages of today are used up"]


def test_what_is_not_critical_becomes_one_digest(shop, sms, clock):
    """Five overflow, one message an hour later, with the count of all."""
    budget.save(shop, values={"person_day": 1, "workspace_day": 100}, user="admin")
    _queue(shop, 1, 3)
    _work(shop)
    _queue(shop, 5, 3, first=1)
    _work(shop)
    assert [] == _mail(shop)
    clock.pass_(minutes=61)
    _work(shop)

    assert ["短信超出预算,汇总在此"] == _mail(shop)
    with shop.read() as session:
        digest = outbox.page(session, channel="mailbox", recipient="chen")[0]
    assert (5, ["S1", "S2", "S3", "S4", "S5"]) == (
        digest.payload["total"],
        [alert["labels"]["sku"] for alert in digest.payload["alerts"]],
    )


def test_the_workspace_s_day_warns_once_and_ends(shop, sms):
    """The administrator hears of 80 and of 100 per cent, once each."""
    budget.save(shop, values={"person_day": 50, "workspace_day": 5}, user="admin")
    for number in range(8):
        _queue(shop, 1, 1, first=number)
        _work(shop)

    with shop.read() as session:
        told = [message.title for message in messages.page(session, "admin")]
    assert 5 == len(sms.inbox)
    assert ["今日短信已用 5/5 条(100%)", "今日短信已用 4/5 条(80%)"] == told
    assert {"used_today": 5, "person_day": 50, "workspace_day": 5} == budget.get(shop)


def test_a_limit_that_is_no_number_is_refused(shop):
    with pytest.raises(DefinitionError):
        budget.save(shop, values={"person_day": -1, "workspace_day": 5}, user="admin")
