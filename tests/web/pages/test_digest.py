"""One page for many alerts, and how sure the page must be of who acts: the link alone, a PIN, or signed in."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from services import approve, evaluate, links, pins, preferences, publish
from store import definitions, episodes, instances, outbox, records, seats

BASE = "http://127.0.0.1:8000"
LIMIT = 15_000


@pytest.fixture
def ran(shop):
    evaluate.run(shop)
    return shop


@pytest.fixture
def client(app):
    return app.test_client()


def policy(shop, word):
    with shop.read() as session:
        document = definitions.get(session, "workflow", "replenishment_approval").document
    publish.publish_many(
        shop, [{**document, "kind": "workflow", "policy": {"links": word} if word else {}}], user="admin"
    )


def live(shop):
    with shop.read() as session:
        return sorted(episodes.live(session).values(), key=lambda one: one.id)


def seat_of(shop, user):
    with shop.read() as session:
        return seats.page(session, user)[0]


def digest_link(shop, person="chen", total=0):
    """The link of a digest of all live alerts, as `rendering` issues it."""
    alerts = [{"id": one.id, "labels": one.labels} for one in live(shop)]
    row = {"idempotency_key": f"digest:{person}", "channel": "mailbox", "recipient": person, "message": "alert", "title": "t", "payload": {"alerts": alerts, "total": total or len(alerts)}}  # fmt: skip
    with shop.write() as session:
        outbox.enqueue(session, [row], now=shop.clock())
        number = next(one.id for one in outbox.page(session) if one.idempotency_key == row["idempotency_key"])
        return links.issue(session, shop, person=person, delivery_id=number).removeprefix(BASE)


def seat_link(shop, user="chen"):
    with shop.write() as session:
        return links.issue(session, shop, person=user, seat_id=seats.page(session, user)[0].id).removeprefix(BASE)


def nonce(page):
    return re.search(r'name="nonce" value="([^"]+)"', page.get_data(as_text=True))[1]


def test_a_digest_shows_each_line_with_what_can_be_done(ran, client):
    """The to-do of the reader with its quantity, the alert that has none, in 15 kB and without a script."""
    text = client.get(digest_link(ran)).get_data(as_text=True)

    assert "A001 珍珠耳环" in text
    assert re.search(r'name="quantity\.\d+" value="\d+"', text)
    assert 'value="digest"' in text
    assert "<script" not in text
    assert len(text.encode()) < LIMIT


def test_a_digest_of_twenty_lines_stays_small(ran, client):
    """Twenty times the longest line of this shop is still below the limit."""
    page = client.get(digest_link(ran)).get_data(as_text=True)
    line = max(re.findall(r'<section class="card line">.*?</section>', page, re.DOTALL), key=len)

    assert len(page.encode()) + 20 * len(line.encode()) < LIMIT + 6_000


def test_one_post_acts_on_all_lines(ran, client):
    """One quantity is changed and approved, the other alert is taken on; the link is used up."""
    first, second = live(ran)[:2]
    address = digest_link(ran)
    lines = {f"do.{first.id}": "approve", f"quantity.{first.id}": "120", f"do.{second.id}": "acknowledge"}
    answer = client.post(address, data={"nonce": nonce(client.get(address)), "op": "digest", **lines})

    assert 303 == answer.status_code
    with ran.read() as session:
        orders = records.page(session, "purchase_order", records.Wanted()).rows
        assert [120] == [line["quantity"] for line in orders[0]["lines"]]
        assert "chen" == episodes.get(session, second.id).acknowledged_by
    after = client.get(address).get_data(as_text=True)
    assert "同意 1 条" in after
    assert "跟进 1 条" in after


def test_a_line_that_cannot_be_read_holds_up_all(ran, client):
    """The page says which line; nothing is half done, the entries are still there."""
    first, second = live(ran)[:2]
    address = digest_link(ran)
    lines = {f"do.{first.id}": "approve", f"quantity.{first.id}": "很多", f"do.{second.id}": "acknowledge"}
    answer = client.post(address, data={"nonce": nonce(client.get(address)), "op": "digest", **lines})

    assert 422 == answer.status_code
    assert "A001 珍珠耳环" in re.search(r'role="alert">([^<]*)', answer.get_data(as_text=True))[1]
    assert "很多" in answer.get_data(as_text=True)
    assert "open" == seat_of(ran, "chen").state
    assert live(ran)[1].acknowledged_by is None


def test_what_somebody_else_decided_meanwhile_is_told_and_holds_up_nothing(ran, client):
    first, second = live(ran)[:2]
    address = digest_link(ran)
    page = client.get(address)
    approve.decide(ran, seat=seat_of(ran, "chen").id, op="reject", user="chen")
    lines = {f"do.{first.id}": "approve", f"do.{second.id}": "acknowledge"}
    client.post(address, data={"nonce": nonce(page), "op": "digest", **lines})

    text = client.get(address).get_data(as_text=True)
    assert "他人已处理 1 条" in text
    assert "chen" == live(ran)[1].acknowledged_by
    with ran.read() as session:
        assert 0 == records.count(session, "purchase_order")


def test_where_money_is_decided_one_signs_in_first(shop, client, browser):
    """Saying nothing means signing in, as the form carries amounts; the page still shows everything, and acts for nobody else."""
    policy(shop, None)
    evaluate.run(shop)
    address = seat_link(shop)
    page = client.get(address).get_data(as_text=True)
    assert "登录后处理" in page
    assert 'value="approve"' not in page
    with shop.read() as session:
        link = links.links.find(session, address.removeprefix("/a/"))
    form = {"nonce": link.nonce, "op": "approve"}
    assert 422 == client.post(address, data=form).status_code
    assert 422 == browser("wang").client.post(address, data=form).status_code
    assert "open" == seat_of(shop, "chen").state

    mine = browser("chen").client
    assert 'value="approve"' in mine.get(address).get_data(as_text=True)
    assert 303 == mine.post(address, data=form).status_code


def test_a_pin_opens_the_link_and_five_wrong_ones_close_it(shop, client):
    policy(shop, "pin")
    evaluate.run(shop)
    pins.choose(shop, person="chen", pin="2580")
    address = seat_link(shop)
    page = client.get(address)
    assert 'name="pin"' in page.get_data(as_text=True)
    form = {"nonce": nonce(page), "op": "approve"}
    for _ in range(5):
        assert "PIN 不对" in client.post(address, data={**form, "pin": "0001"}).get_data(as_text=True)
    closed = client.post(address, data={**form, "pin": "2580"})
    assert "登录后处理" in closed.get_data(as_text=True) or "PIN 错误次数过多" in closed.get_data(as_text=True)
    assert "open" == seat_of(shop, "chen").state

    fresh = seat_link(shop)
    assert (
        303 == client.post(fresh, data={"nonce": nonce(client.get(fresh)), "op": "approve", "pin": "2580"}).status_code
    )


def test_a_to_do_can_be_handed_over(ran, client):
    """To a colleague, who then holds it; the link is used up."""
    address = seat_link(ran)
    page = client.get(address)
    assert '<option value="wang">王敏</option>' in page.get_data(as_text=True)
    client.post(address, data={"nonce": nonce(page), "op": "transfer", "to": "wang"})

    assert [] == _seats(ran, "chen")
    assert 2 == len(_seats(ran, "wang"))


def _seats(shop, user):
    with shop.read() as session:
        return seats.page(session, user)


def test_the_page_says_total_last_price_and_latest_order_time(ran, client):
    """What one would otherwise have to look up."""
    client.post(
        address := seat_link(ran), data={"nonce": nonce(client.get(address)), "op": "approve", "form.quantity": "90"}
    )
    seat = _seats(ran, "wang")[0]
    with ran.write() as session:
        number = instances.get(session, seat.instance).record_id
        changed = {"sku": "A001", "needed_by": dt.date(2026, 12, 10)}
        records.update_(session, "replenishment_task", number, changed, user="x", now=ran.clock())
        address = links.issue(session, ran, person="wang", seat_id=seat.id).removeprefix(BASE)
    text = client.get(address).get_data(as_text=True)

    assert "金额" in text or "合计" in text
    assert re.search(r"上次采购价</dt><dd class=\"fact\">60<", text)
    assert re.search(r"最迟下单</dt><dd class=\"fact\">2026-12-03<", text)


@pytest.mark.parametrize(("op", "more"), [("snooze", {"days": "3"}), ("mute", {})])
def test_an_alert_can_be_snoozed_or_its_sku_muted(ran, client, op, more):
    episode = live(ran)[0]
    with ran.write() as session:
        address = links.issue(session, ran, person="chen", episode_id=episode.id).removeprefix(BASE)
    assert 303 == client.post(address, data={"nonce": nonce(client.get(address)), "op": op, **more}).status_code

    if op == "snooze":
        assert 3 == (live(ran)[0].snoozed_until - ran.clock()).days
    else:
        assert ["A001"] == preferences.get(ran, person="chen")["muted_skus"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_at_a_digest_never_acts(ran, client, method):
    address = digest_link(ran)
    client.open(f"{address}?op=digest", method=method)

    assert "open" == seat_of(ran, "chen").state
    assert all(one.acknowledged_by is None for one in live(ran))
