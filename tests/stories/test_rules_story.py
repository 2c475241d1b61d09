"""The story of two rules: a fixed line with another one in promotions, and a moving one; tried on the past, published, fired, resolved."""

import datetime as dt
import re

import pytest

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(600)]


def test_the_two_rules_of_the_article(demo_shop, visit):
    """20 pieces on ordinary days and 50 in promotions, over only at 60; and 7 days' sales × lead time × 1.2."""
    lin = visit("rules")
    lin.sign_in(demo_shop.url, "lin")
    shop = Shop(lin, demo_shop.url)
    shop.promotions()
    _sees_what_rules_cost(lin, demo_shop.url)
    static = _builds_the_fixed_line(lin, demo_shop.url)
    _publishes(lin, "只报新出现的")
    _fires_and_is_over_late(lin, shop, static)
    _has_another_line_in_promotions(lin, shop, static)
    moving = _builds_the_moving_line(lin, demo_shop.url)
    _publishes(lin, "试运行 7 天,只通知我")
    _is_explained(lin, shop, moving)


class Shop:
    """What a story does to the shop beside the pages: stock that moves, a calendar, a run."""

    def __init__(self, lin, url):
        self.lin, self.url = lin, f"{url}/api/v1"
        self.token = lin.page.request.get(f"{self.url}/session").json()["csrf_token"]

    def get(self, path):
        return self.lin.page.request.get(self.url + path).json()

    def send(self, method, path, data):
        answer = self.lin.page.request.fetch(
            self.url + path, method=method, data=data, headers={"X-CSRF-Token": self.token}
        )
        assert answer.ok, (path, answer.text())
        return answer.json()

    def holds(self, keys, pieces):
        """Set what is on hand of one SKU in one warehouse, nothing reserved or on its way."""
        wanted = f"sku == '{keys['sku']}' and warehouse == '{keys['warehouse']}'"
        (record,) = self.get(f"/forms/stock/records?filter={wanted}")["items"]
        values = {"on_hand": pieces, "in_transit": 0, "reserved": 0}
        self.send("PATCH", f"/forms/stock/records/{record['id']}", {"values": values, "version": record["version"]})

    def promotions(self, *events):
        """Let the calendar hold these events and no others."""
        document = self.get("/calendars/promotion")["definition"]
        self.send("PUT", "/calendars/promotion/draft", {"definition": {**document, "events": list(events)}})
        self.send("POST", "/calendars/promotion/publish", {})

    def alerts(self, rule, state="firing"):
        return self.get(f"/alerts?rule={rule}&state={state}&limit=500")["items"]


def _sees_what_rules_cost(lin, url):
    lin.page.goto(f"{url}/app/rules")
    lin.page.get_by_text("撑不过提前期").first.wait_for()
    lin.look("list")


def _starts_from(lin, url, sentence):
    lin.page.goto(f"{url}/app/rules/new")
    lin.page.get_by_role("button", name=sentence).click()
    lin.page.get_by_test_id("preview-total").wait_for()
    return lin.page.url.rpartition("/")[2]


def _builds_the_fixed_line(lin, url):
    """The sentence stands ready with 20 and 50; some SKUs are enough; the alert shall not be over before 60 are there."""
    key = _starts_from(lin, url, "大促另用一条线")
    lin.page.get_by_role("button", name="只检查一部分").click()
    lin.page.get_by_role("button", name="用公式").click()
    lin.page.get_by_role("textbox", name="检查哪些").click()
    lin.page.keyboard.insert_text("STARTS_WITH(sku.code, 'A00')")
    lin.page.locator("#section-steady .ant-select", has_text="条件不再满足就算恢复").click()
    lin.page.get_by_title("达到下面的条件才算恢复").click()
    editor = lin.page.locator("#section-steady").get_by_role("textbox", name=re.compile("恢复"))
    editor.click()
    lin.page.keyboard.press("Control+a")
    lin.page.keyboard.insert_text("可用库存 > 60")
    lin.page.get_by_text("没有问题,可以发布").or_(lin.page.get_by_text("没有问题，可以发布")).wait_for()
    lin.look("fixed-line")
    return key


def _publishes(lin, start):
    """Publishing says how many match and offers to start quietly."""
    lin.page.get_by_text("草稿已保存").wait_for()
    lin.page.get_by_role("button", name=re.compile("发布$")).click()
    dialog = lin.page.get_by_role("dialog")
    dialog.get_by_text(re.compile(r"现在有 [\d,]+ 个命中")).wait_for()
    dialog.get_by_text(start.replace(",", "，"), exact=True).click()
    lin.look("publish")
    dialog.get_by_role("button", name="发布并立即运行").click()
    lin.page.get_by_text("运行完成").wait_for()


def _fires_and_is_over_late(lin, shop, rule):
    """Sold down to 5 it fires and tells why; at 55 it still stands, above 60 it is over."""
    keys = _not_alerted(shop, rule)
    shop.holds(keys, 5)
    shop.send("POST", f"/rules/{rule}/run", {})
    (alert,) = [one for one in shop.alerts(rule) if one["keys"] == keys]
    assert ("warning", None) == (alert["level"], alert["acknowledged"])
    lin.page.goto(f"{shop.url.removesuffix('/api/v1')}/app/alerts/{alert['id']}")
    lin.page.get_by_text(re.compile(r"5 \+ 0 − 0 = 5 < 20")).first.wait_for()
    lin.look("fired")
    for pieces, state in ((55, "firing"), (61, "resolved")):
        shop.holds(keys, pieces)
        shop.send("POST", f"/rules/{rule}/run", {})
        assert state == shop.get(f"/alerts/{alert['id']}")["state"]
    lin.page.reload()
    lin.page.get_by_text("已恢复").first.wait_for()
    lin.look("resolved")


def _not_alerted(shop, rule):
    """Return the keys of a record that the rule looks at and for which it never fired."""
    known = [one["keys"] for one in shop.alerts(rule, "all")]
    rows = shop.get("/forms/stock/records?filter=STARTS_WITH(sku, 'A00')&limit=50")["items"]
    found = ({"sku": row["values"]["sku"], "warehouse": row["values"]["warehouse"]} for row in rows)
    return next(keys for keys in found if keys not in known)


def _has_another_line_in_promotions(lin, shop, rule):
    """With a promotion on, 45 pieces are critical, which on an ordinary day are enough."""
    keys = _not_alerted(shop, rule)
    shop.holds(keys, 45)
    shop.send("POST", f"/rules/{rule}/run", {})
    assert keys not in [one["keys"] for one in shop.alerts(rule)]
    today = dt.date.fromisoformat(shop.get("/session")["workspace"]["evaluation_day"])
    shop.promotions({"name": "店庆", "from": str(today - dt.timedelta(1)), "to": str(today + dt.timedelta(1))})
    shop.send("POST", f"/rules/{rule}/run", {})
    (alert,) = [one for one in shop.alerts(rule) if one["keys"] == keys]
    assert ("critical", "45 + 0 − 0 = 45 < 50") == (alert["level"], alert["explanation"])


def _builds_the_moving_line(lin, url):
    """The past says what the rule would have done before it is switched on, and which number would have done better."""
    key = _starts_from(lin, url, "低于动态安全线")
    lin.page.get_by_role("spinbutton", name="factor 倍").fill("1.3")
    lin.page.keyboard.press("Tab")
    lin.page.get_by_label("多久以前").click()
    lin.page.get_by_title("最近 30 天").click()
    lin.page.get_by_role("button", name="回测").click()
    lin.page.get_by_text("平均每天报警").first.wait_for()
    lin.page.locator("#section-backtest canvas").wait_for()
    lin.page.get_by_test_id("why").wait_for()
    lin.page.get_by_role("button", name="把正在试算的存成用例").click()
    lin.page.get_by_label("用例名称").wait_for()
    lin.look("moving-line")
    return key


def _is_explained(lin, shop, rule):
    """It fires with its numbers, and only who tries it out is told."""
    alert = shop.alerts(rule)[0]
    assert re.search(r" < 日均销量 .* × 提前期 .* × 1\.3 = ", alert["explanation"]), alert["explanation"]
    document = shop.get(f"/rules/{rule}")["definition"]
    assert (1, "lin") == (len(document["tests"]), document["trial"]["to"])
    lin.page.goto(f"{shop.url.removesuffix('/api/v1')}/app/alerts/{alert['id']}")
    lin.page.get_by_text("为什么报警").wait_for()
    lin.page.locator("canvas").first.wait_for()
    lin.look("explained")
