"""The story of one's own shop: a new user brings an order export and a stock sheet and sees the first alert in one sitting."""

import datetime as dt
import random
import re
import subprocess

import openpyxl
import pytest

from stories.serving import BEIHUO, command, environment_of, serving

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(600)]
HEADER = [
    "子订单编号",
    "标题",
    "商家编码",
    "购买数量",
    "订单状态",
    "商家备注",
    "订单付款时间",
    "买家实付金额",
    "退款状态",
]
PASSWORD = "a-long-enough-password"


def _orders(path, today):
    """Write sixty days of orders as Qianniu exports them (GBK): EAR-1 sells about six a day, HAT-2 one in three days.

    Closed orders, refunds and brushed orders stand among them; counted, they would make the daily mean of EAR-1 sixty.
    """
    draw = random.Random(618)
    lines, number = [], 0
    for age in range(1, 61):
        day = today - dt.timedelta(days=age)
        for sku, quantity in [("EAR-1", 5 + age % 3), *([("HAT-2", 1)] if age % 3 == 0 else [])]:
            moment = f"{day} {draw.randrange(8, 23):02}:{draw.randrange(60):02}:00"
            for status, note, refund, pieces in [
                ("交易成功", "", "没有申请退款", quantity),
                ("交易关闭", "", "没有申请退款", 20),
                ("交易成功", "刷单勿发", "没有申请退款", 20),
                ("交易成功", "", "退款成功", 20),
            ]:
                number += 1
                lines.append(
                    [f'="{number:012}"', "珍珠耳环 2026 新款", sku, pieces, status, note, moment, pieces * 29, refund]
                )
    path.write_text("\r\n".join(",".join(map(str, row)) for row in [HEADER, *lines]), encoding="gbk")


def _stock(path):
    """Write a stock sheet as people keep it: a title row above the header, codes and numbers below."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [
        ["本店库存"],
        ["商品编码", "商品名称", "仓库", "库存数量"],
        ["EAR-1", "珍珠耳环", "主仓", 12],
        ["HAT-2", "渔夫帽", "主仓", 90],
    ]:
        sheet.append(row)
    book.save(path)


@pytest.fixture
def server(tmp_path, database_url):
    """An empty workspace with one administrator."""
    environment = environment_of(tmp_path / "var", database_url)
    command(environment, "db", "upgrade")
    subprocess.run(
        [str(BEIHUO), "user", "add", "boss", "--name", "店长", "--password-stdin"],
        env=environment,
        input=PASSWORD,
        text=True,
        check=True,
        capture_output=True,
    )
    yield from serving(environment)


def test_the_first_alert_on_own_data(server, visit, tmp_path):
    """Two files, two questions: the alert names the goods that will not last, with true numbers."""
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
    _orders(tmp_path / "宝贝明细.csv", today)
    _stock(tmp_path / "库存.xlsx")
    boss = visit("first-run")
    boss.sign_in(server.url, "boss", PASSWORD)
    boss.page.wait_for_load_state("networkidle")
    boss.look("empty-overview")
    boss.page.goto(f"{server.url}/app/start")
    boss.page.locator("input[type=file]").first.set_input_files(tmp_path / "宝贝明细.csv")
    boss.page.get_by_text("认出来了").first.wait_for()
    boss.page.locator("input[type=file]").nth(1).set_input_files(tmp_path / "库存.xlsx")
    boss.page.wait_for_function("() => (document.body.innerText.match(/认出来了/g) ?? []).length === 2")
    boss.look("files")
    boss.page.get_by_role("button", name="开始", exact=True).click()
    boss.page.get_by_text(re.compile(r"发现 \d+ 条预警")).wait_for(timeout=90_000)
    boss.look("result")

    alerts = boss.page.request.get(f"{server.url}/api/v1/alerts?state=firing&limit=50").json()["items"]
    assert {"EAR-1"} == {alert["keys"]["sku"] for alert in alerts}
    explanation = next(alert for alert in alerts if alert["rule"]["key"] == "low_stock_dynamic")["explanation"]
    assert re.search(r"12\b.* < 日均 (5|6|6\.\d+|5\.\d+) × \S* ?7 × 1\.\d", explanation), explanation

    boss.page.goto(f"{server.url}/app/alerts")
    boss.page.get_by_text("EAR-1").first.wait_for()
    boss.look("alerts")


def test_a_wrong_file_is_told_and_nothing_is_half_written(server, visit, tmp_path):
    """A picture that calls itself a workbook, and a table without codes: a clear message each, and no record appears."""
    (tmp_path / "照片.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 400)
    (tmp_path / "别的表.csv").write_text("姓名,生日\n张三,1990-01-01\n", encoding="utf-8")
    boss = visit("first-run")
    boss.sign_in(server.url, "boss", PASSWORD)
    boss.page.goto(f"{server.url}/app/start")
    boss.page.locator("input[type=file]").first.set_input_files(tmp_path / "照片.xlsx")
    boss.page.get_by_role("alert").first.wait_for()
    boss.look("wrong-file")
    boss.page.locator("input[type=file]").first.set_input_files(tmp_path / "别的表.csv")
    boss.page.get_by_text("没认出这张表的列").wait_for()
    boss.look("unknown-columns")
    boss.complaints[:] = [
        complaint for complaint in boss.complaints if "422" not in complaint
    ]  # the browser itself reports the refusal

    forms = boss.page.request.get(f"{server.url}/api/v1/forms").json()["items"]
    assert all(0 == (form.get("records") or 0) for form in forms)
