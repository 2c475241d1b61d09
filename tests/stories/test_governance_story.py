"""The story of bad data: somebody spoils forty SKUs, the page finds them, they are put right, and the score rises."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(240)]

SPOIL = """async () => {
  const session = await (await fetch('/api/v1/session')).json()
  const change = (values) => fetch('/api/v1/forms/sku/records/bulk-edit', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf_token },
    body: JSON.stringify({ filter: "code >= 'A001' and code <= 'A040'", values }),
  })
  return (await change({ unit_cost: null })).status
}"""


def test_bad_data_are_found_and_put_right(demo_copy, visit):
    """From nothing checked, to forty SKUs without a cost, to a value set for all of them, and the check is green."""
    visitor = visit("governance")
    page = visitor.page
    visitor.sign_in(demo_copy.url, "admin")
    assert page.evaluate(SPOIL) == 200

    page.goto(f"{demo_copy.url}/app/governance")
    expect(page.get_by_text("还没有检查过")).to_be_visible()
    visitor.look("never")
    page.get_by_role("button", name="开始检查").first.click()
    card = page.get_by_role("button", name=re.compile("^没有成本"))
    expect(card.locator(".check-count")).to_be_visible()
    count = int(card.locator(".check-count").inner_text())
    assert count > 30  # those of the forty that are on sale
    visitor.look("found")
    score = page.locator(".score-number strong").inner_text()

    card.click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("row")).to_have_count(count + 1)
    drawer.get_by_role("checkbox").first.check()
    drawer.get_by_role("spinbutton").fill("12.5")
    visitor.look("chosen")
    drawer.get_by_role("button", name="设为此值").click()
    expect(page.get_by_text(f"改了 {count} 条")).to_be_visible()
    expect(drawer.get_by_text("没有发现")).to_be_visible()
    page.keyboard.press("Escape")
    expect(card.get_by_label("没有发现")).to_be_visible()

    assert float(page.locator(".score-number strong").inner_text()) > float(score)
