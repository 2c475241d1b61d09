"""The story of a notice on a phone: open it, change the quantity, approve; the same link again tells who decided.

A link scanner comes first: it fetches and heads everything that it finds and runs the page's scripts, and nothing changes.
"""

import re
import threading
from dataclasses import dataclass
from urllib.parse import urljoin

import pytest
from small_shop import Clock, open_shop
from werkzeug.serving import make_server

from services import dispatch, evaluate, links
from services.workspace import Workspace
from store import episodes, messages, outbox, records, seats
from web import create_app

pytestmark = [pytest.mark.story, pytest.mark.browser]


@dataclass
class Shop:
    """The small shop after a run, its notices delivered, and its server."""

    workspace: Workspace
    url: str

    def link(self, person):
        """The link of the to-do in *person*'s mailbox."""
        with self.workspace.read() as session:
            found = next(one for one in messages.page(session, person) if one.seat_id)
        return self.url + found.link

    def state(self):
        """Everything that a link could change."""
        with self.workspace.read() as session:
            return {
                "seats": [(seat.id, seat.state) for user in ("chen", "wang") for seat in seats.page(session, user)],
                "orders": records.count(session, "purchase_order"),
                "acknowledged": [one.acknowledged_by for one in episodes.live(session).values()],
                "snoozed": [one.snoozed_until for one in episodes.live(session).values()],
                "notices": outbox.count_by_state(session),
            }


@pytest.fixture
def shop(tmp_path):
    workspace = open_shop(tmp_path, clock=Clock())
    evaluate.run(workspace)
    while dispatch.work(workspace):
        pass
    server = make_server("127.0.0.1", 0, create_app(workspace), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Shop(workspace, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join(10)
    workspace.close()


@pytest.mark.parametrize("visit", ["phone"], indirect=True)
def test_a_notice_is_acted_on_by_phone(shop, visit):
    link = shop.link("chen")
    before = shop.state()
    _scans(visit("notice"), shop, link)
    assert before == shop.state()

    chen = visit("notice")
    chen.page.goto(link)
    chen.page.get_by_text("最迟下单").wait_for()
    chen.look("page")
    quantity = chen.page.get_by_label(re.compile("数量"))
    quantity.fill(str(int(float(quantity.input_value())) + 10))
    wanted = float(quantity.input_value())
    chen.page.get_by_role("button", name="同意").click()
    chen.page.get_by_text(re.compile("已生成采购单")).wait_for()
    chen.look("approved")
    with shop.workspace.read() as session:
        (order,) = records.page(session, "purchase_order", records.Wanted()).rows
    assert [wanted] == [line["quantity"] for line in order["lines"]]

    chen.page.goto(link)
    chen.page.get_by_text(re.compile("陈宁已于 .* 同意")).wait_for()
    chen.look("again")
    assert chen.page.get_by_role("button", name="同意").count() == 0


@pytest.mark.parametrize("visit", ["phone"], indirect=True)
def test_a_digest_is_dealt_with_by_phone(shop, visit):
    """All lines on one page, one press; a second look says what was done."""
    with shop.workspace.write() as session:
        alerts = [{"id": one.id, "labels": one.labels} for one in episodes.live(session).values()]
        row = {"idempotency_key": "digest", "channel": "mailbox", "recipient": "chen", "message": "alert", "title": "2 条预警", "payload": {"alerts": alerts, "total": len(alerts)}}  # fmt: skip
        outbox.enqueue(session, [row], now=shop.workspace.clock())
        number = next(one.id for one in outbox.page(session) if one.idempotency_key == "digest")
        address = links.issue(session, shop.workspace, person="chen", delivery_id=number)
    link = shop.url + address.removeprefix(shop.workspace.settings.base_url)
    chen = visit("digest")
    chen.page.goto(link)
    chen.page.get_by_label(re.compile("^数量 A001")).fill("130")
    chen.look("page")
    chen.page.get_by_role("button", name="按上面的选择一并处理").click()
    chen.page.get_by_text(re.compile("同意 1 条")).wait_for()
    chen.look("done")

    assert 1 == shop.state()["orders"]


def _scans(scanner, shop, link):
    """Visit the page as a mail scanner does: scripts run, every link and form address is fetched and headed, twice."""
    for _ in range(2):
        scanner.page.goto(link)
        scanner.page.wait_for_load_state("networkidle")
        found = scanner.page.evaluate(
            "[...document.querySelectorAll('[href],[src],form')].map(one => one.href || one.src || one.action)"
        )
        for address in {link, *(urljoin(link, str(one)) for one in found)}:
            if address.startswith(shop.url):
                scanner.page.request.get(address)
                scanner.page.request.head(address)
                scanner.page.request.get(address + ("&" if "?" in address else "?") + "op=approve")
