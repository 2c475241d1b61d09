"""A new shop: an order export and a stock sheet, and the first own alert in one sitting."""

from __future__ import annotations

import csv
import datetime as dt

import openpyxl
import pytest

from services import demo, first_run, publish, users
from services.refusal import Refused


@pytest.fixture
def files(tmp_path):
    """An order export in GBK up to yesterday (24 November), and a stock sheet."""
    orders = tmp_path / "拼多多订单.csv"
    with orders.open("w", encoding="gb18030", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            [
                "订单号",
                "订单状态",
                "商家编码-规格维度",
                "商品数量(件)",
                "支付时间",
                "商家实收金额(元)",
                "售后状态",
                "商家备注",
            ]
        )
        for day in range(1, 25):
            for line in range(3):
                rows.writerow(
                    [
                        f"{day}-{line}",
                        "已收货",
                        f"P{line + 1}",
                        2 + line,
                        f"2026-11-{day:02d} 1{line}:00:00",
                        "59",
                        "无售后或售后取消",
                        "",
                    ]
                )
    book = openpyxl.Workbook()
    for row in (["商品编码", "库存"], ["P1", 3], ["P2", 500], ["P3", 20]):
        book.active.append(row)
    stock = tmp_path / "库存.xlsx"
    book.save(stock)
    return orders, stock


def test_the_first_alert_on_own_data(ws, files):
    orders, stock = files
    users.create(
        ws, values={"key": "boss", "name": "老板", "password": "a-long-password", "roles": ["admin"]}, user="system"
    )

    found = first_run.run(ws, sales_file=orders, stock_file=stock, lead_time_days=5, user="boss")

    assert ["base", "daily_replenishment"] == found["installed"]
    assert ("pdd_orders", 72, 0) == (found["sales"]["preset"], found["sales"]["rows"], found["sales"]["failed"])
    assert (3, "2026-11-25") == (found["stock"]["inserted"], found["as_of"])
    told = {(one["rule"]["key"], one["keys"]["sku"]): one for one in found["alerts"]}
    # P1 sells 2 a day: 3 < 2 × 5 × 1.2 = 12. P3 sells 4 a day: 20 < 4 × 5 × 1.2 = 24. P2 is full.
    assert told["low_stock_dynamic", "P1"]["level"] == "critical"
    assert "= 12" in told["low_stock_dynamic", "P1"]["explanation"]
    assert told["low_stock_dynamic", "P3"]["level"] == "critical"
    assert not any(sku == "P2" for _, sku in told)
    assert found["delivered"] > 0


def test_old_sales_are_evaluated_for_the_day_after_the_last(ws, files, clock):
    users.create(
        ws, values={"key": "boss", "name": "老板", "password": "a-long-password", "roles": ["admin"]}, user="system"
    )
    clock.now = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)

    found = first_run.run(ws, sales_file=files[0], user="boss")

    assert found["as_of"] == "2026-11-25"
    assert "2026-11-24" in found["notes"][0]["message"]
    assert any("推算" in note["message"] for note in found["sales"]["notes"])


def test_rules_that_are_there_stay_as_they_are(ws, files):
    first_run.make_ready(ws, user="boss")
    rule = {**publish.current(ws, "rule", "low_stock_static"), "name": "我的线"}
    publish.publish_many(ws, [rule], user="boss")

    assert [] == first_run.make_ready(ws, user="boss")
    assert publish.current(ws, "rule", "low_stock_static")["name"] == "我的线"


def test_the_demo_shop_is_no_place_for_ones_own(ws, files):
    demo.load(ws, skus=8, days=30)

    with pytest.raises(Refused, match="演示"):
        first_run.run(ws, sales_file=files[0], user="admin")


def test_the_presets_are_listed(ws):
    first_run.make_ready(ws, user="boss")

    assert {"qianniu_orders", "jingmai_orders", "pdd_orders", "doudian_orders", "plain_sales", "plain_stock"} <= {
        one["key"] for one in first_run.presets(ws)
    }
