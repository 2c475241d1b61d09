"""Action pages: looking never acts, one confirmation does, once, for one person, for 72 hours."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from services import approve, evaluate, links
from store import episodes, instances, records, seats

LIMIT = 15_000


@pytest.fixture
def ran(shop):
    """The shop after a run: A001 in hd is critical, its task waits for the buyer; A002 for the manager."""
    evaluate.run(shop)
    return shop


def seat_of(shop, user):
    with shop.read() as session:
        return seats.page(session, user)[0]


def episode_of(shop, **keys):
    with shop.read() as session:
        return next(e for e in episodes.live(session).values() if e.keys == keys)


def link(shop, **to):
    with shop.write() as session:
        address = links.issue(session, shop, **to)
    return address.removeprefix("http://127.0.0.1:8000")


def nonce(page):
    return re.search(r'name="nonce" value="([^"]+)"', page.get_data(as_text=True))[1]


@pytest.fixture
def client(app):
    return app.test_client()


def test_the_page_of_an_alert_shows_why_and_what_others_hold(ran, client):
    """Explanation, numbers, curve and the stock in the other warehouse, in 15 kB, without a script."""
    page = client.get(link(ran, person="chen", episode_id=episode_of(ran, sku="A001", warehouse="hd").id))
    text = page.get_data(as_text=True)

    assert 200 == page.status_code
    for words in ("A001 珍珠耳环", "华东仓", "低库存预警", "其他仓库存", "华南仓", "<svg", "我来处理", "陈宁"):
        assert words in text
    assert "<script" not in text
    assert len(page.get_data()) < LIMIT


def test_the_page_of_a_task_can_be_decided_on_a_phone(ran, client):
    """Amount, supplier, reason, an editable quantity, and the three answers."""
    text = client.get(link(ran, person="chen", seat_id=seat_of(ran, "chen").id)).get_data(as_text=True)

    for words in (
        "补货任务",
        "义乌饰品厂",
        'name="form.quantity"',
        'value="approve"',
        'value="reject"',
        'value="return"',
    ):
        assert words in text
    assert len(text.encode()) < LIMIT


def test_the_page_speaks_english_too(ran, client):
    address = link(ran, person="chen", episode_id=episode_of(ran, sku="A001", warehouse="hd").id)
    text = client.get(address + "?lang=en").get_data(as_text=True)

    assert "I take care of it" in text
    assert "Stock in other warehouses" in text


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_never_acts(ran, client, method):
    """A mail scanner may fetch the link as often as it likes, with any parameter: nothing changes."""
    seat = seat_of(ran, "chen")
    address = link(ran, person="chen", seat_id=seat.id)
    for query in ("", "?op=approve", "?op=approve&nonce=x"):
        client.open(address + query, method=method)

    assert "open" == seat_of(ran, "chen").state
    assert 200 == client.get(address).status_code


def test_the_page_is_not_kept_and_not_referred(ran, client):
    """Nobody's cache keeps it, and no other site learns its address."""
    page = client.get(link(ran, person="chen", seat_id=seat_of(ran, "chen").id))

    assert "no-store" == page.headers["Cache-Control"]
    assert "no-referrer" == page.headers["Referrer-Policy"]
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_one_confirmation_approves_with_the_changed_quantity_and_makes_the_order(ran, client):
    """The click approves once, the order carries the quantity that was entered, and the page says what became of it."""
    seat = seat_of(ran, "chen")
    address = link(ran, person="chen", seat_id=seat.id)
    page = client.get(address)
    answer = client.post(
        address, data={"nonce": nonce(page), "op": "approve", "form.quantity": "120", "comment": "尽快"}
    )

    assert 303 == answer.status_code
    after = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "陈宁已于" in after
    assert "同意" in after
    with ran.read() as session:
        row = instances.get(session, seat.instance)
        task = records.get(session, "replenishment_task", row.record_id)
        order = records.find(session, "purchase_order", code=task.values["purchase_order"])
    assert "completed" == row.status
    assert (120, "ordered") == (task.values["quantity"], task.values["status"])
    assert [("A001", 120, 60)] == [(line["sku"], line["quantity"], line["price"]) for line in order.values["lines"]]
    assert 7200 == order.values["total"]


def test_a_link_is_good_for_one_decision(ran, client):
    """The same click again changes nothing and makes no second order."""
    seat = seat_of(ran, "chen")
    address = link(ran, person="chen", seat_id=seat.id)
    form = {"nonce": nonce(client.get(address)), "op": "approve"}
    client.post(address, data=form)
    again = client.post(address, data=form)

    assert "陈宁已于" in again.get_data(as_text=True)
    with ran.read() as session:
        assert 1 == records.count(session, "purchase_order")


def test_a_confirmation_needs_the_page_that_it_comes_from(ran, client):
    """Without the nonce of the page a POST is refused: a scanner that posts forms blindly does no harm."""
    address = link(ran, person="chen", seat_id=seat_of(ran, "chen").id)
    answer = client.post(address, data={"op": "approve", "nonce": "guess"})

    assert 422 == answer.status_code
    assert "页面已过时" in answer.get_data(as_text=True)
    assert "open" == seat_of(ran, "chen").state


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_confirmation_from_another_site_is_refused(ran, client, site):
    address = link(ran, person="chen", seat_id=seat_of(ran, "chen").id)
    form = {"nonce": nonce(client.get(address)), "op": "approve"}

    assert 403 == client.post(address, data=form, headers={"Sec-Fetch-Site": site}).status_code
    assert "open" == seat_of(ran, "chen").state


def test_a_wrong_entry_is_told_and_nothing_is_used_up(ran, client):
    """A quantity that is no number is told on the page, with what was entered; the link is still good."""
    address = link(ran, person="chen", seat_id=seat_of(ran, "chen").id)
    form = {"nonce": nonce(client.get(address)), "op": "approve", "form.quantity": "很多", "comment": "好"}
    refused = client.post(address, data=form)

    assert 422 == refused.status_code
    assert 'role="alert"' in refused.get_data(as_text=True)
    assert "很多" in refused.get_data(as_text=True)
    assert 303 == client.post(address, data={**form, "form.quantity": "60"}).status_code


def test_a_field_that_the_node_does_not_let_be_written_is_refused(ran, client):
    address = link(ran, person="chen", seat_id=seat_of(ran, "chen").id)
    form = {"nonce": nonce(client.get(address)), "op": "approve", "form.unit_cost": "1"}

    assert 422 == client.post(address, data=form).status_code
    assert "open" == seat_of(ran, "chen").state


def test_who_comes_second_is_told_who_was_first(ran, client):
    """The link of a to-do that was decided in the app says by whom and when, and does nothing."""
    seat = seat_of(ran, "chen")
    address = link(ran, person="chen", seat_id=seat.id)
    before = nonce(client.get(address))
    approve.decide(ran, seat=seat.id, op="reject", user="chen", comment="不需要")

    page = client.get(address)
    assert "已由陈宁于 2026-11-25 10:00 处理" in page.get_data(as_text=True)
    assert "陈宁 dealt with this at 2026-11-25 10:00" in page.get_data(as_text=True)
    posted = client.post(address, data={"nonce": before, "op": "approve"})
    assert "已由陈宁于" in posted.get_data(as_text=True)
    with ran.read() as session:
        assert 0 == records.count(session, "purchase_order")


def test_an_expired_link_says_so_in_both_languages(ran, client, clock):
    address = link(ran, person="chen", seat_id=seat_of(ran, "chen").id)
    before = nonce(client.get(address))
    clock.now += dt.timedelta(hours=72, seconds=1)
    page = client.get(address)

    assert 410 == page.status_code
    assert "过期" in page.get_data(as_text=True)
    assert "expired" in page.get_data(as_text=True)
    client.post(address, data={"nonce": before, "op": "approve"})
    assert "open" == seat_of(ran, "chen").state


@pytest.mark.parametrize("token", ["x", "AAAAAAAAAAAAAAAAAAAAAA", "%00", "ö"])
def test_an_unknown_link_says_so_in_both_languages(client, token):
    page = client.get(f"/a/{token}")

    assert 404 == page.status_code
    assert "链接无效" in page.get_data(as_text=True)
    assert "not valid" in page.get_data(as_text=True)


def test_guessing_links_is_slowed_down(client):
    """Thirty wrong links in a minute from one address: then it waits."""
    statuses = {client.get(f"/a/guess{n}").status_code for n in range(31)}

    assert {404, 429} == statuses


def test_taking_care_of_an_alert_by_link_is_kept_with_the_name(ran, client):
    """The click acknowledges as the person whom the link was sent to."""
    episode = episode_of(ran, sku="A001", warehouse="hd")
    address = link(ran, person="chen", episode_id=episode.id)
    client.post(address, data={"nonce": nonce(client.get(address)), "op": "acknowledge", "comment": "已联系供应商"})

    known = episode_of(ran, sku="A001", warehouse="hd")
    assert ("chen", "已联系供应商") == (known.acknowledged_by, known.acknowledged_note)


def test_only_the_hash_of_a_link_is_kept(ran, tmp_path):
    """Whoever reads the database learns no link."""
    token = link(ran, person="chen", seat_id=seat_of(ran, "chen").id).rpartition("/")[2]
    ran.close()
    found = [path for path in tmp_path.rglob("*") if path.is_file() and token.encode() in path.read_bytes()]

    assert [] == found


def test_no_link_gets_into_the_log(ran, client, capfd):
    token = link(ran, person="chen", seat_id=seat_of(ran, "chen").id).rpartition("/")[2]
    client.get(f"/a/{token}")

    assert token not in capfd.readouterr().err
