"""Files of shops, dirty as they are, become daily facts and records; what cannot be read is told row by row."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from engine.problems import DefinitionError
from integrations.connector import ConnectorError
from services import bulk, imports, ingest, packs, publish, records
from services.record_lists import list_
from services.refusal import Refused


@pytest.fixture
def shop(ws):
    """A workspace with the base forms and one warehouse."""
    packs.install(ws, pack="base", user="admin")
    bulk.bulk_upsert(ws, form="warehouse", rows=[{"code": "hd", "name": "华东仓"}], user="admin")
    return ws


def write_csv(path: Path, rows, encoding="gb18030"):
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def workbook(path: Path, rows, title="Sheet1", merge=()):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for area in merge:
        sheet.merge_cells(area)
    book.save(path)
    return path


def facts(ws, *columns):
    rows = ws.facts("sales").read().select(list(columns)).to_pylist()
    return sorted(tuple(row.values()) for row in rows)


QIANNIU = [
    [
        "子订单编号",
        "商品标题",
        "购买数量",
        "商家编码",
        "订单状态",
        "退款状态",
        "订单付款时间",
        "买家实付金额",
        "商家备注",
    ],
    ["1", "珍珠耳环", "2", "A001", "交易成功", "没有申请退款", "2026-11-01 10:11:12", "59.80", ""],
    ["2", "珍珠耳环", "1", "A001", "卖家已发货", "没有申请退款", "2026-11-01 23:59:59", "29.90", ""],
    ["3", "珍珠耳环", "5", "A001", "交易关闭", "退款成功", "2026-11-01 12:00:00", "0", ""],
    ["4", "珍珠耳环", "1", "A001", "等待买家付款", "", "", "29.90", ""],
    ["5", "珍珠耳环", "3", "A001", "交易成功", "没有申请退款", "2026-11-02 08:00:00", "89.70", "刷单,勿发"],
    ["6", "简约项链", "300", "A002", "交易成功", "没有申请退款", "2026-11-02 20:00:00", "9000", "直播"],
    ["7", "简约项链", "1", "A002", "交易成功", "没有申请退款", "2026-11-02 09:00:00", "30", ""],
    ["8", "简约项链", "1", "A002", "交易成功", "没有申请退款", "2026-11-03 09:00:00", "30", ""],
    ["8", "简约项链", "1", "A002", "交易成功", "没有申请退款", "2026-11-03 09:00:00", "30", ""],
    ["9", "", "二", "A003", "交易成功", "没有申请退款", "2026-11-03 09:00:00", "30", ""],
    ["10", "", "1", "", "交易成功", "没有申请退款", "11月3日", "30", ""],
]


def test_an_order_export_in_gbk_becomes_daily_facts(shop, tmp_path):
    """Closed, unpaid, refunded, faked and repeated lines do not count; a live stream's order is set apart."""
    path = write_csv(tmp_path / "ExportOrderDetail.csv", QIANNIU)

    result = ingest.import_file(shop, path=path, into="sales", user="admin")

    assert result["preset"] == "qianniu_orders"
    assert facts(shop, "sku", "warehouse", "channel", "date", "quantity", "exceptional", "revenue") == [
        ("A001", "hd", "tmall", dt.date(2026, 11, 1), 3, 0, Decimal("89.7")),
        ("A002", "hd", "tmall", dt.date(2026, 11, 2), 301, 300, Decimal(9030)),
        ("A002", "hd", "tmall", dt.date(2026, 11, 3), 1, 0, Decimal(30)),
    ]
    assert (2, 4) == (result["failed"], result["skipped"])
    assert {(11, "购买数量"), (12, "订单付款时间"), (12, "商家编码")} == {
        (e["row"], e["column"]) for e in result["errors"]
    }
    assert any("推算" in note["message"] for note in result["notes"])


def test_the_error_workbook_can_be_corrected_and_imported(shop, tmp_path):
    path = write_csv(tmp_path / "orders.csv", QIANNIU)
    first = ingest.import_file(shop, path=path, into="sales", user="admin")
    rows = [list(row) for row in openpyxl.load_workbook(first["errors_file"]).active.iter_rows(values_only=True)]

    assert [*QIANNIU[0], "原行号", "错误原因"] == rows[0]
    assert [11, 12] == [row[-2] for row in rows[1:]]
    assert "不是数字" in rows[1][-1]

    rows[1][2], rows[2][3], rows[2][6] = "2", "A003", "2026-11-03 09:00:00"
    again = ingest.import_file(shop, path=workbook(tmp_path / "fixed.xlsx", rows), into="sales", user="admin")

    assert (0, 2) == (again["failed"], again["rows"])
    assert ("A003", 3) in facts(shop, "sku", "quantity")


def test_the_same_file_does_not_count_twice(shop, tmp_path):
    path = write_csv(tmp_path / "orders.csv", QIANNIU)
    ingest.import_file(shop, path=path, into="sales", user="admin")

    with pytest.raises(Refused, match="已经导入过"):
        ingest.import_file(shop, path=path, into="sales", user="admin")


def test_an_import_is_taken_back_whole_and_may_come_again(shop, tmp_path):
    path = write_csv(tmp_path / "orders.csv", QIANNIU)
    done = ingest.import_file(shop, path=path, into="sales", user="admin")

    undone = ingest.undo(shop, batch=done["batch"], user="admin")

    assert undone["facts"]
    assert sum(quantity for (quantity,) in facts(shop, "quantity")) == 0
    assert [] == list_(shop, form="sku", user="admin")["items"]
    with pytest.raises(Refused):
        ingest.undo(shop, batch=done["batch"], user="admin")
    ingest.import_file(shop, path=path, into="sales", user="admin")
    assert sum(quantity for (quantity,) in facts(shop, "quantity")) == 305


def test_a_dry_run_says_what_would_come_and_writes_nothing(shop, tmp_path):
    path = write_csv(tmp_path / "orders.csv", QIANNIU)

    result = ingest.import_file(shop, path=path, into="sales", user="admin", options={"dry_run": True})

    assert (3, 2, True) == (result["inserted"], result["failed"], result["dry_run"])
    assert shop.facts("sales").version() == -1
    assert [] == list_(shop, form="sku", user="admin")["items"]


DIRTY = [
    ["华东店铺库存 2026-11-24", None, None, None],
    [None, None, None, None],
    ["商品编码", "仓库", "库存数量", "占用"],
    [6901234567892.0, "华东仓", "1,200", 3],
    ["A001", "华东仓", 45.0, None],
    ["A002", "新仓", "-", "2"],
    ["A003", "hd", "十", 0],
    ["A004", "hd", 1.5, 0],
    [None, None, None, None],
]


def test_a_dirty_stock_sheet_becomes_records(shop, tmp_path):
    """A title above the header, codes as floats, warehouses by name, new ones, separators, dashes and bad cells."""
    path = workbook(tmp_path / "库存.xlsx", DIRTY, title="库存表")

    result = ingest.import_file(shop, path=path, into="stock", user="admin")

    items = [item["values"] for item in list_(shop, form="stock", user="admin", sort="sku")["items"]]
    assert [("6901234567892", "hd", 1200, 3), ("A001", "hd", 45, 0), ("A002", "新仓", None, 2)] == [
        (v["sku"], v["warehouse"], v["on_hand"], v["reserved"]) for v in items
    ]
    assert [(7, "库存数量"), (8, "库存数量")] == [(e["row"], e["column"]) for e in result["errors"]]
    assert any("新建仓库 1 条:新仓" in note["message"] for note in result["notes"])


def test_a_second_sheet_updates_by_key_and_modes_hold(shop, tmp_path):
    first = workbook(tmp_path / "1.xlsx", [["商品编码", "仓库", "库存"], ["A001", "hd", 1], ["A002", "hd", 2]])
    second = workbook(tmp_path / "2.xlsx", [["商品编码", "仓库", "库存"], ["A001", "hd", 9], ["A003", "hd", 3]])
    ingest.import_file(shop, path=first, into="stock", user="admin")

    skipped = ingest.import_file(
        shop, path=second, into="stock", user="admin", options={"mode": "skip", "dry_run": True}
    )
    updated = ingest.import_file(
        shop, path=second, into="stock", user="admin", options={"mode": "update", "dry_run": True}
    )
    inserted = ingest.import_file(
        shop, path=second, into="stock", user="admin", options={"mode": "insert", "dry_run": True}
    )
    both = ingest.import_file(shop, path=second, into="stock", user="admin")

    assert (1, 0, 1) == (skipped["inserted"], skipped["updated"], skipped["skipped"])
    assert (0, 1, 1) == (updated["inserted"], updated["updated"], updated["skipped"])
    assert (1, 0, 1) == (inserted["inserted"], inserted["updated"], inserted["failed"])
    assert (1, 1) == (both["inserted"], both["updated"])


def test_merged_cells_of_an_order_reach_every_row(shop, tmp_path):
    rows = [["日期", "商品编码", "销量"], ["2026-11-01", "A001", 1], [None, "A002", 2]]
    path = workbook(tmp_path / "m.xlsx", rows, merge=["A2:A3"])

    ingest.import_file(shop, path=path, into="sales", user="admin")

    assert [("A001", dt.date(2026, 11, 1), 1), ("A002", dt.date(2026, 11, 1), 2)] == facts(
        shop, "sku", "date", "quantity"
    )


def test_returns_are_netted_and_a_day_never_goes_below_zero(shop, tmp_path):
    rows = [
        ["商品编码", "日期", "销量"],
        ["A001", "2026-11-01", 5],
        ["A001", "2026-11-01", -2],
        ["A001", "2026-11-02", -1],
    ]

    result = ingest.import_file(shop, path=write_csv(tmp_path / "n.csv", rows, "utf-8-sig"), into="sales", user="admin")

    assert [(dt.date(2026, 11, 1), 3), (dt.date(2026, 11, 2), 0)] == facts(shop, "date", "quantity")
    assert any("退货多于销售" in note["message"] for note in result["notes"])


def test_days_can_be_imported_in_the_place_of_what_was_there(shop, tmp_path):
    """Only the same days and channels are replaced; taking it back gives the old numbers again."""
    header = ["商品编码", "日期", "渠道", "销量"]
    old = [
        ["A001", "2026-11-01", "tmall", 5],
        ["A002", "2026-11-01", "tmall", 1],
        ["A001", "2026-11-01", "jd", 7],
        ["A001", "2026-11-02", "tmall", 9],
    ]
    new = [["A001", "2026-11-01", "tmall", 6]]
    ingest.import_file(shop, path=write_csv(tmp_path / "old.csv", [header, *old]), into="sales", user="admin")

    done = ingest.import_file(
        shop,
        path=write_csv(tmp_path / "new.csv", [header, *new]),
        into="sales",
        user="admin",
        options={"mode": "replace_days"},
    )

    def totals():
        sums = {}
        for sku, day, channel, quantity in facts(shop, "sku", "date", "channel", "quantity"):
            sums[sku, day.day, channel] = sums.get((sku, day.day, channel), 0) + quantity
        return sums

    assert {("A001", 1, "tmall"): 6, ("A002", 1, "tmall"): 0, ("A001", 1, "jd"): 7, ("A001", 2, "tmall"): 9} == totals()
    assert any("替换了这些天原有的 2 条" in note["message"] for note in done["notes"])
    ingest.undo(shop, batch=done["batch"], user="admin")
    assert {("A001", 1, "tmall"): 5, ("A002", 1, "tmall"): 1, ("A001", 1, "jd"): 7, ("A001", 2, "tmall"): 9} == totals()


def test_unknown_codes_can_be_reported_instead_of_created(shop, tmp_path):
    path = write_csv(tmp_path / "n.csv", [["商品编码", "日期", "销量"], ["A001", "2026-11-01", 5]])

    with pytest.raises(DefinitionError, match="A001"):
        ingest.import_file(shop, path=path, into="sales", user="admin", options={"unknown": "report"})
    assert shop.facts("sales").version() == -1


def test_several_warehouses_have_to_be_told_apart(shop, tmp_path):
    bulk.bulk_upsert(shop, form="warehouse", rows=[{"code": "hn", "name": "华南仓"}], user="admin")
    path = write_csv(tmp_path / "n.csv", [["商品编码", "日期", "销量"], ["A001", "2026-11-01", 5]])

    with pytest.raises(DefinitionError, match="2 个仓库"):
        ingest.import_file(shop, path=path, into="sales", user="admin")
    ingest.import_file(shop, path=path, into="sales", user="admin", options={"constants": {"warehouse": "hn"}})
    assert [("hn",)] == facts(shop, "warehouse")


def test_a_column_that_is_not_there_is_told_with_the_nearest(shop, tmp_path):
    path = write_csv(tmp_path / "n.csv", [["商品编码", "日期", "units"], ["A001", "2026-11-01", 5]])

    with pytest.raises(DefinitionError, match="是否想用“units”"):
        ingest.import_file(shop, path=path, into="sales", user="admin", mapping={"quantity": "unit"})


def test_a_file_without_the_needed_columns_says_which(shop, tmp_path):
    path = write_csv(tmp_path / "n.csv", [["名字", "钱"], ["A001", "5"]])

    with pytest.raises(DefinitionError) as caught:
        ingest.import_file(shop, path=path, into="sales", user="admin")
    assert ["$.mapping.sku", "$.mapping.date", "$.mapping.quantity"] == [p.path for p in caught.value.problems]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"x"),
        ("a.csv", b""),
        ("a.xlsx", b"not a zip"),
        ("a.csv", b"\x81\xff\xfe\x00\xff"),
        ("a.parquet", b"PAR1"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(shop, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(ConnectorError, match=" / "):
        ingest.analyse(shop, path=path)


def test_looking_at_a_file_finds_header_types_and_mapping(shop, tmp_path):
    found = ingest.analyse(shop, path=workbook(tmp_path / "库存.xlsx", DIRTY, title="库存表"))

    assert (3, "库存表", "stock") == (found["header_row"], found["sheet"], found["into_guess"])
    assert found["guesses"][0]["key"] == "plain_stock"
    assert {"sku": "商品编码", "warehouse": "仓库", "on_hand": "库存数量", "reserved": "占用"} == found["mapping_guess"]


def test_a_queued_import_is_worked_off_and_followed(shop, tmp_path):
    path = write_csv(tmp_path / "orders.csv", QIANNIU)
    batch = imports.start(shop, path=path, into="sales", user="admin")["id"]
    path.unlink()

    assert imports.get(shop, batch=batch)["status"] == "queued"
    assert [1, 0] == [imports.work(shop), imports.work(shop)]

    done = imports.get(shop, batch=batch)
    assert ("done", {"done": 11, "total": 11}) == (done["status"], done["progress"])
    assert done["result"]["has_errors_file"]
    assert imports.errors_file(shop, batch=batch).is_file()
    assert [batch] == [one["id"] for one in imports.list_(shop)]


def test_a_queued_import_that_cannot_run_says_why(shop, tmp_path):
    path = write_csv(tmp_path / "n.csv", [["名字"], ["x"]])
    batch = imports.start(shop, path=path, into="sales", user="admin")["id"]

    imports.work(shop)

    failed = imports.get(shop, batch=batch)
    assert failed["status"] == "failed"
    assert {"$.mapping.sku", "$.mapping.date", "$.mapping.quantity"} == {
        p["path"] for p in failed["result"]["problems"]
    }


@pytest.mark.parametrize(("preset", "header", "row"), [
    ("jingmai_orders", ["订单号", "商家SKUID", "订购数量", "订单状态", "付款确认时间", "应付金额", "商家备注"], ["1", "A001", "2", "完成", "2026-11-01 09:00:00", "60", ""]),
    ("pdd_orders", ["订单号", "订单状态", "商家编码-规格维度", "商品数量(件)", "支付时间", "商家实收金额(元)", "售后状态", "商家备注"], ["1", "已收货", "A001", "2", "2026-11-01 09:00:00", "60", "无售后或售后取消", ""]),
    ("doudian_orders", ["主订单编号", "子订单编号", "商品数量", "商家编码", "支付完成时间", "订单应付金额", "订单状态", "售后状态", "商家备注"], ["1", "2", "2", "A001", "2026-11-01 09:00:00", "60", "已完成", "-", ""]),
])  # fmt: skip
def test_the_presets_know_their_exports(shop, tmp_path, preset, header, row):
    path = write_csv(tmp_path / f"{preset}.csv", [header, row])

    result = ingest.import_file(shop, path=path, into="sales", user="admin")

    assert (preset, 1, 0) == (result["preset"], result["inserted"], result["failed"])
    channel = publish.current(shop, "mapping", preset)["constants"]["channel"]
    assert [("A001", channel, 2)] == facts(shop, "sku", "channel", "quantity")


def test_records_that_an_import_made_are_ordinary_records(shop, tmp_path):
    path = write_csv(
        tmp_path / "s.csv", [["商品编码", "商品名称", "成本价", "采购周期"], ["A001", "珍珠耳环", "¥12.50", "7"]]
    )

    ingest.import_file(shop, path=path, into="sku", user="admin")

    item = list_(shop, form="sku", user="admin")["items"][0]
    assert ("珍珠耳环", 12.5, 7, 20) == tuple(
        item["values"][key] for key in ("name", "unit_cost", "lead_time_days", "safety_stock")
    )
    assert records.history(shop, form="sku", id=item["id"])[0]["operation"] == "created"


def test_a_stock_file_brings_its_quantities_or_is_refused(shop, tmp_path):
    """The quantity may be called 数量; a table without any is no stock table."""
    fine = write_csv(tmp_path / "a.csv", [["商品编码", "商品名称", "仓库", "数量"], ["A001", "耳环", "hd", "4"]])
    none = write_csv(tmp_path / "b.csv", [["商品编码", "仓库"], ["A001", "hd"]])

    result = ingest.import_file(shop, path=fine, into="stock", user="admin")

    assert [4] == [item["values"]["on_hand"] for item in list_(shop, form="stock", user="admin")["items"]]
    assert result["preset"] == "plain_stock"
    assert any("没有导入的列:商品名称" in note["message"] for note in result["notes"])
    with pytest.raises(DefinitionError, match="on_hand"):
        ingest.import_file(shop, path=none, into="stock", user="admin")


def test_columns_that_a_preset_does_not_know_are_found_by_their_labels(shop, tmp_path):
    path = write_csv(tmp_path / "s.csv", [["商品编码", "商品名称", "采购成本"], ["A001", "耳环", "9.5"]])

    result = ingest.import_file(shop, path=path, into="sku", user="admin")

    assert ("plain_skus", "采购成本") == (result["preset"], result["mapping"]["unit_cost"])
