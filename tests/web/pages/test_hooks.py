"""Callbacks end to end: a vendor's call moves the notice on or decides, once, and every card says who decided."""

from __future__ import annotations

import pytest
from gateways import Gateway
from gateways import callbacks as vendors

from services import addressing, channels, dispatch, evaluate, leaving, preferences, publish, replies, users
from services.directory import People
from store import callbacks, definitions, episodes, instances, outbox, records, seats
from store import settings as kept

WECOM = {"callback_token": "QDG6eK", "callback_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"}
FEISHU = {"encrypt_key": "feishu-encrypt-key", "verification_token": "feishu-token"}
KEY, SECRET = "gateway-key", "gateway-secret"


@pytest.fixture
def gateway(monkeypatch):
    monkeypatch.setenv("BEIHUO_ALLOWED_HOSTS", "127.0.0.1")
    running = Gateway().start()
    yield running
    running.stop()


@pytest.fixture
def settings(gateway):
    """The settings of each channel, by the channel's key (a key of our own, not the plug-in's name)."""
    return {
        "wecom": ("wecom_app", {"corp_id": KEY, "agent_id": 1, "secret": SECRET, "base_url": gateway.url("wecom"), **WECOM}),
        "feishu": ("feishu_app", {"app_id": KEY, "app_secret": SECRET, "base_url": gateway.url("feishu"), **FEISHU}),
        "ding": ("dingtalk_card", {"app_key": KEY, "app_secret": SECRET, "template_id": "t", "callback_secret": "cb", "base_url": gateway.url("dingtalk")}),
        "sms": ("aliyun_sms", {"access_key_id": KEY, "access_key_secret": SECRET, "sign_name": "备货", "template_code": "SMS_1", "base_url": f"http://127.0.0.1:{gateway.port}"}),
    }  # fmt: skip


@pytest.fixture
def hooks(shop, settings):
    """Each channel set up; chen and wang reachable; what their callback addresses are."""
    people = {
        "chen": {"phone": "13800138000", "addresses": {"wecom": "chen", "feishu": "ou_chen", "dingtalk": "ding_chen"}},
        "wang": {"phone": "13900139000", "addresses": {"wecom": "wang", "feishu": "ou_wang", "dingtalk": "ding_wang"}},
    }
    for key, changes in people.items():
        users.update(shop, key=key, changes=changes, user="admin")
    found = {}
    for key, (kind, values) in settings.items():
        saved = channels.save(shop, key=key, type=kind, name=key, settings=values, user="admin")
        found[key] = saved["hook_url"].removeprefix("http://127.0.0.1:8000")
    return found


@pytest.fixture
def send(app, hooks):
    """Send a vendor's call to our address of a channel; return the answer."""
    client = app.test_client()

    def to(key, call, secret=None):
        address = hooks[key] if secret is None else f"/hooks/{key}/{secret}"
        return client.open(address, method=call.method, data=call.body, query_string=call.query, headers=call.headers)

    return to


def told(shop, *names):
    """Run the rules and send what they cause, to-dos through the channels *names*."""
    with shop.write() as session:
        kept.put(session, "notices.channels", list(names), user="admin", now=shop.clock())
    evaluate.run(shop)
    while dispatch.work(shop):
        pass


def todo_of(shop, channel, user="chen"):
    """The notice of the to-do that *user* was sent through *channel*."""
    with shop.read() as session:
        return next(d for d in outbox.page(session, channel=channel, recipient=user) if d.message == "todo")


def seat(shop, user="chen"):
    with shop.read() as session:
        return seats.page(session, user)[0]


def state_of(shop, number):
    with shop.read() as session:
        return outbox.get(session, number).state


def order_count(shop):
    with shop.read() as session:
        return records.count(session, "purchase_order")


def click(shop, name, user, action, settings, at=None):
    """The vendor's call for a press of the card's button that *user* was sent through *name*."""
    now = int(shop.clock().timestamp()) if at is None else at
    card = f"d{todo_of(shop, name).id}-1"
    if name == "wecom":
        return vendors.wecom_click(settings[name][1], user, card, action, at=now)
    if name == "feishu":
        value = {"action": action, "key": card}
        return vendors.feishu_click(settings[name][1], f"ou_{user}", value, at=now, event=f"e-{card}-{action}-{user}")
    return vendors.dingtalk_click(settings[name][1]["callback_secret"], f"ding_{user}", card, action, at=now)


@pytest.mark.parametrize("name", ["wecom", "feishu", "ding"])
def test_a_click_approves_once_and_every_card_says_so(shop, gateway, settings, send, name):
    """Three repeats make one order; the cards of all channels tell who decided, and the notices count as acted on."""
    told(shop, "wecom", "feishu", "ding")
    number = todo_of(shop, name).id
    call = click(shop, name, "chen", "approve", settings)
    answers = [send(name, call) for _ in range(3)]
    while dispatch.work(shop):
        pass

    assert [200, 200, 200] == [answer.status_code for answer in answers]
    assert 1 == order_count(shop)
    assert "acted" == state_of(shop, number)
    shown = [str(message) for message in gateway.inbox if "chen" in str(message.get("user"))]
    assert 3 == sum("已由陈宁同意" in text for text in shown)


def test_feishu_shows_a_toast(shop, settings, send):
    told(shop, "feishu")

    assert "已同意" in send("feishu", click(shop, "feishu", "chen", "approve", settings)).get_json()["toast"]["content"]


@pytest.mark.parametrize("name", ["wecom", "feishu", "ding"])
def test_somebody_else_s_click_does_nothing(shop, settings, send, name):
    """A card that was forwarded acts for nobody but its recipient; the refusal is kept with the reason."""
    told(shop, name)
    answer = send(name, click(shop, name, "wang", "approve", settings))

    assert 200 == answer.status_code
    assert "open" == seat(shop).state
    with shop.read() as session:
        assert [True] == [one.result.startswith("refused") for one in callbacks.recent(session, channel=name)]


@pytest.mark.parametrize("name", ["wecom", "feishu", "ding"])
def test_a_forged_click_is_refused(shop, settings, send, name):
    """Signed with another secret, too old, or to an address with another secret."""
    told(shop, name)
    kind, values = settings[name]
    forged = {name: (kind, {key: "x" * 43 if key == "callback_key" else f"{value}x" if key != "corp_id" else value for key, value in values.items()})}  # fmt: skip
    old = int(shop.clock().timestamp()) - 3601

    assert 403 == send(name, click(shop, name, "chen", "approve", forged)).status_code
    assert 403 == send(name, click(shop, name, "chen", "approve", settings, at=old)).status_code
    assert 404 == send(name, click(shop, name, "chen", "approve", settings), secret="guess").status_code
    assert "open" == seat(shop).state


def test_a_click_after_the_decision_says_who_decided(shop, settings, send):
    """The second approver's click is answered, not carried out."""
    told(shop, "feishu")
    send("feishu", click(shop, "feishu", "chen", "reject", settings))
    second = send("feishu", click(shop, "feishu", "chen", "approve", settings))

    assert "已由陈宁" in second.get_json()["toast"]["content"]
    assert 0 == order_count(shop)


def test_receipts_move_a_notice_on_and_never_back(shop, gateway, settings, send):
    """Delivered, three times, then a late "failed": it stays delivered."""
    told(shop, "sms")
    one = todo_of(shop, "sms")
    for call in [vendors.aliyun_report(one.provider_id, "13800138000")] * 3:
        send("sms", call)
    assert "delivered" == state_of(shop, one.id)
    send("sms", vendors.aliyun_report(one.provider_id, "13800138000", success=False, code="MK:0001"))

    assert "delivered" == state_of(shop, one.id)


def test_a_failed_receipt_says_why(shop, send):
    told(shop, "sms")
    one = todo_of(shop, "sms")
    send("sms", vendors.aliyun_report(one.provider_id, "13800138000", success=False, code="MK:0001"))

    with shop.read() as session:
        found = outbox.get(session, one.id)
    assert ("failed", "MK:0001") == (found.state, found.error)


def test_a_receipt_that_comes_before_its_sending_is_noted_counts_later(shop, send, gateway):
    """The provider was faster than our transaction."""
    told(shop, "mailbox")
    send("sms", vendors.aliyun_report("early-1", "13800138000"))
    with shop.write() as session:
        row = {"idempotency_key": "k", "channel": "sms", "recipient": "chen", "address": "13800138000", "message": "notify", "title": "t"}  # fmt: skip
        outbox.enqueue(session, [row], now=shop.clock())
    gateway.fault(vendor="aliyun", body={"Code": "OK", "Message": "OK", "BizId": "early-1", "RequestId": "r"})
    dispatch.work(shop)

    with shop.read() as session:
        assert ["delivered"] == [d.state for d in outbox.page(session, channel="sms")]


def test_a_vendor_that_was_not_answered_comes_again_and_changes_nothing(shop, send):
    """The retry schedules of the vendors end with the first 200, and every repeat is recognised."""
    told(shop, "sms")
    call = vendors.aliyun_report(todo_of(shop, "sms").provider_id, "13800138000")
    statuses = iter([503, 503])
    waited = []
    tries = vendors.push(call, lambda one: next(statuses, None) or send("sms", one).status_code, waited.append)

    assert (3, [60, 300]) == (tries, waited)


def _policy(shop, word):
    """Let the workflow say how sure of the person a decision must be."""
    with shop.read() as session:
        document = definitions.get(session, "workflow", "replenishment_approval").document
    publish.publish_many(shop, [{**document, "kind": "workflow", "policy": {"links": word}}], user="admin")


def test_a_reply_by_text_message_decides_where_a_link_may(shop, send):
    """Answering 1 approves the only thing that waits; the phone number is matched with and without +86."""
    _policy(shop, "link")
    told(shop, "sms")
    one = seat(shop)
    answer = send("sms", vendors.aliyun_reply("+8613800138000", "回复 1", 1))

    assert 200 == answer.status_code
    with shop.read() as session:
        assert "completed" == instances.get(session, one.instance).status


def test_a_reply_decides_no_money_where_signing_in_is_asked_for(shop, send):
    """A text message is too weak a proof."""
    _policy(shop, "login")
    told(shop, "sms")
    send("sms", vendors.aliyun_reply("13800138000", "1", 1))

    assert "open" == seat(shop).state
    with shop.read() as session:
        assert "sign in" in callbacks.recent(session, channel="sms")[0].result


def test_two_open_notices_need_the_code(shop, send):
    _policy(shop, "link")
    told(shop, "sms")
    with shop.write() as session:
        number = next(e for e in episodes.live(session).values() if e.keys == {"sku": "A001", "warehouse": "hd"}).id
        row = {"idempotency_key": "second", "channel": "sms", "recipient": "chen", "address": "13800138000", "message": "alert", "title": "t", "episode_id": number, "payload": {"alerts": [{"id": number}]}}  # fmt: skip
        outbox.enqueue(session, [row], now=shop.clock())
    dispatch.work(shop)
    send("sms", vendors.aliyun_reply("13800138000", "1", 1))
    assert "open" == seat(shop).state

    code = replies.code(shop, todo_of(shop, "sms").id)
    send("sms", vendors.aliyun_reply("13800138000", f"1 {code}", 2))
    assert 1 == order_count(shop)


@pytest.mark.parametrize("word", ["TD", "t", "退订", "stop", "N"])
def test_a_word_of_leaving_is_honoured(shop, send, word):
    """Nothing more is sent to that number; the mailbox tells instead."""
    told(shop, "mailbox")
    send("sms", vendors.aliyun_reply("13800138000", word, 9))

    assert ["sms"] == preferences.get(shop, person="chen")["left_channels"]
    with shop.write() as session:
        people, kinds = People(session, shop.clock()), addressing.channel_types(session)
        assert [("mailbox", "")] == addressing.addresses(people, "chen", ["sms"], kinds)


def test_guessing_codes_ends_after_five(shop, send):
    _policy(shop, "link")
    told(shop, "sms")
    for number in range(6):
        send("sms", vendors.aliyun_reply("13800138000", f"1 222{number + 3}", number))

    with shop.read() as session:
        assert "too many" in callbacks.recent(session, channel="sms")[0].result


def test_one_click_unsubscribe(shop, app):
    """Looking changes nothing, in any way; the mail program's own POST mutes the rule for that person alone."""
    address = leaving.address(shop, person="chen", channel="mail", rule="low_stock").removeprefix(
        "http://127.0.0.1:8000"
    )
    client = app.test_client()
    for method in ("GET", "HEAD", "OPTIONS"):
        client.open(address, method=method)
    assert {} == preferences.get(shop, person="chen")
    assert "低库存预警" in client.get(address).get_data(as_text=True)

    assert 200 == client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code
    assert ["low_stock"] == preferences.get(shop, person="chen")["left_rules"]
    assert 404 == client.post(address[:-2] + "xx").status_code
