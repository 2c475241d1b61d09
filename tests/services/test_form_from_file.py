"""A form drawn from a table: the types are what a person would have chosen, and the table imports into it."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from services import form_from_file, ingest, publish, records
from services.workspace import Workspace

HEAD = (
    "货号",
    "商品名称",
    "品类",
    "采购成本",
    "上新日期",
    "是否在售",
    "商品条码",
    "毛利率",
    "备注",
    "负责人",
    "仓库",
    "体积",
)
ROWS = [
    (
        f"N{number:03}",
        f"珍珠耳环 {number}",
        ("耳饰", "项链")[number % 2],
        12.5 + number,
        f"2026-0{number % 9 + 1}-15",
        ("是", "否")[number % 2],
        6901234567000.0 + number,
        "12%",
        "一段很长的话" * 15 if number == 3 else None,
        "陈宁",
        "hd",
        number * 3,
    )
    for number in range(40)
]


def table(path: Path) -> Path:
    """Write the table as a workbook."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("商品")
        for place, row in enumerate((HEAD, *ROWS)):
            sheet.write_row(place, 0, ["" if cell is None else cell for cell in row])
    return path


def test_the_types_are_those_a_person_would_choose(shop: Workspace, tmp_path: Path) -> None:
    records.create(shop, form="warehouse", values={"code": "hd"}, user="admin")
    drawn = form_from_file.draw(shop, path=table(tmp_path / "新品.xlsx"))

    assert [(one["name"], one["type"]) for one in drawn["columns"]] == [
        ("货号", "text"),
        ("商品名称", "text"),
        ("品类", "choice"),
        ("采购成本", "money"),
        ("上新日期", "date"),
        ("是否在售", "boolean"),
        ("商品条码", "text"),
        ("毛利率", "percent"),
        ("备注", "long_text"),
        ("负责人", "member"),
        ("仓库", "warehouse"),
        ("体积", "number"),
    ]
    first = drawn["definition"]["fields"][0]
    assert (first["key"], first["unique"], first["required"]) == ("code", True, True)
    assert drawn["definition"]["key"] == "xin_pin"
    assert len({one["key"] for one in drawn["definition"]["fields"]}) == len(HEAD)


def test_the_drawn_form_publishes_and_takes_the_table(shop: Workspace, tmp_path: Path) -> None:
    """What was drawn has no problems, and every row of the file goes in."""
    records.create(shop, form="warehouse", values={"code": "hd"}, user="admin")
    path = table(tmp_path / "新品.xlsx")
    drawn = form_from_file.draw(shop, path=path, name="新品登记", key="new_goods")
    assert publish.check(shop, kind="form", definition=drawn["definition"]) == []
    publish.publish_many(shop, [drawn["definition"]], user="admin")

    done = ingest.import_file(shop, path=path, into="new_goods", mapping=drawn["mapping"], user="admin")
    assert (done["inserted"], done["errors"]) == (40, [])
    again = form_from_file.draw(shop, path=path, key="new_goods")
    assert again["definition"]["key"] == "new_goods_2"
