"""The story of the demo shop: an alert with its reasons, a rule made stricter, a notice acted on by phone, a purchase order."""

import re

import pytest

from stories.serving import command, environment_of, serving

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def shop(tmp_path, database_url):
    """The demo shop in an empty data folder, as `make demo` loads it, and its server."""
    environment = environment_of(tmp_path / "var", database_url)
    said = command(environment, "demo", "--no-serve")
    assert "为什么" in said
    yield from serving(environment)


def test_from_alert_to_purchase_order(shop, visit):
    """A designer sharpens a rule and runs it; the buyer approves from the phone; the order and the trail are there."""
    lin = visit("demo")
    lin.sign_in(shop.url, "lin")
    lin.page.get_by_text("先看这些").wait_for()
    lin.look("overview")
    _reads_an_alert(lin, shop.url)
    _sharpens_a_rule(lin, shop.url)
    order = _approves_by_phone(visit("demo", "phone"), shop.url)
    _finds_the_order(visit("demo"), shop.url, order)
    _finds_the_trail(visit("demo"), shop.url)
    _hears_plain_words(visit("demo"), shop.url)


def _reads_an_alert(lin, url):
    """The list says why in one line; the page says where each number comes from and draws the curve."""
    lin.page.goto(f"{url}/app/alerts")
    lin.page.get_by_text(re.compile(r"\d = .* < 日均")).first.wait_for()
    lin.look("alerts")
    alert = lin.page.request.get(f"{url}/api/v1/alerts?level=critical&limit=1").json()["items"][0]
    lin.page.goto(f"{url}/app/alerts/{alert['id']}")
    lin.page.get_by_text("为什么报警").wait_for()
    lin.page.get_by_text(alert["explanation"]).first.wait_for()
    lin.page.locator("canvas").first.wait_for()
    lin.look("alert")


def _sharpens_a_rule(lin, url):
    """Raising the factor shows at once how many more match; publishing runs the new version."""
    lin.page.goto(f"{url}/app/rules/low_stock_dynamic")
    total = lin.page.get_by_test_id("preview-total")
    total.wait_for()
    before = int(total.inner_text().replace(",", ""))
    lin.page.get_by_role("spinbutton", name="1.5").fill("4")
    lin.page.keyboard.press("Tab")
    lin.page.wait_for_function(
        "before => Number(document.querySelector('[data-testid=preview-total]')?.innerText.replace(',', '') ?? 0) > before",
        arg=before,
    )
    lin.look("rule")
    after = int(total.inner_text().replace(",", ""))
    lin.page.get_by_role("button", name=re.compile("发布$")).click()
    lin.page.get_by_role("button", name="发布并立即运行").click()
    lin.page.get_by_text("运行完成").wait_for()
    lin.look("run")
    rule = lin.page.request.get(f"{url}/api/v1/rules/low_stock_dynamic").json()
    assert (2, "available < daily * lead * 4") == (rule["version"], rule["definition"]["levels"][0]["when"])
    firing = lin.page.request.get(f"{url}/api/v1/alerts?state=firing&rule=low_stock_dynamic&limit=1").json()
    assert after == firing["total"]


def _approves_by_phone(chen, url):
    """The notice leads to a page that needs no log-in, changes nothing when looked at, and acts once."""
    chen.sign_in(url, "chen")
    chen.page.goto(f"{url}/app/messages")
    chen.page.get_by_role("button", name=re.compile("待办|补货任务")).first.wait_for()
    chen.look("messages")
    notice = next(
        item for item in chen.page.request.get(f"{url}/api/v1/messages?limit=50").json()["items"] if item["todo"]
    )
    link = notice["link"] if notice["link"].startswith("http") else url + notice["link"]
    link = url + "/a/" + link.rpartition("/a/")[2]
    chen.page.context.clear_cookies()
    for _ in range(2):  # a link scanner looks first, and looking changes nothing
        chen.page.goto(link)
        chen.page.get_by_role("button", name="同意").wait_for()
    chen.look("action")
    quantity = chen.page.get_by_label(re.compile("数量"))
    quantity.fill(str(int(float(quantity.input_value())) + 2))
    chen.page.get_by_role("button", name="同意").click()
    chen.page.get_by_text(re.compile(r"已生成采购单")).wait_for()
    chen.look("approved")
    order = re.search(r"采购单 (\S+?)[。;,]", chen.page.locator("main").inner_text())[1]
    chen.page.goto(link)
    chen.page.get_by_text(re.compile("已由.*处理|已经处理过|已于")).first.wait_for()
    chen.look("used-link")
    return order


def _finds_the_order(chen, url, order):
    chen.sign_in(url, "chen")
    chen.page.goto(f"{url}/app/orders")
    chen.page.get_by_text(order).first.wait_for()
    chen.look("orders")
    chen.page.goto(f"{url}/app/tasks")
    chen.page.get_by_text("已下单").first.wait_for()
    chen.look("tasks")


def _finds_the_trail(admin, url):
    admin.sign_in(url, "admin")
    admin.page.goto(f"{url}/app/audit")
    admin.page.get_by_text(re.compile("已同意")).first.wait_for()
    admin.look("audit")
    assert admin.page.request.get(f"{url}/api/v1/audit/verify").json()["sound"]


def _hears_plain_words(someone, url):
    """A wrong password and an unknown link each say so in Chinese and in English."""
    wrong = someone.page.request.post(f"{url}/api/v1/session", data={"username": "lin", "password": "wrong"})
    assert 401 == wrong.status
    assert "密码" in wrong.json()["detail"]
    assert "password" in wrong.json()["detail_en"]
    answer = someone.page.goto(f"{url}/a/{'x' * 22}")
    assert answer.status in {404, 410}
    text = someone.page.locator("main").inner_text()
    assert re.search(r"[\u4e00-\u9fff]{4}", text)
    assert re.search(r"[A-Za-z]{4}", text)
    someone.complaints.clear()  # the browser itself reports the 404 of that page
    someone.look("unknown-link")
