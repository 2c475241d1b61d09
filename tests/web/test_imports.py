"""Files over the API: looked at, imported in the background, taken back; and one's own shop from two files."""

from __future__ import annotations

import io

import pytest
from small_shop import PASSWORD, PEOPLE, Clock

from services import imports, users
from services.workspace import Settings, open_workspace
from web import create_app
from web.uploads import safe_name

SKUS = "商品编码,商品名称,采购成本\nB001,杯子,12\nB002,碗,8\n"


def upload(one, text, name):
    data = {"file": (io.BytesIO(text.encode()), name)}
    return one.call("POST", "/imports/analyse", data=data, content_type="multipart/form-data")


def sales(days=30, units=6):
    rows = [f"2026-11-{day:02d},C001,{units}" for day in range(25 - days if days < 25 else 1, 25)]
    return "日期,商品编码,数量\n" + "\n".join(rows) + "\n"


def test_a_file_is_looked_at_imported_followed_and_taken_back(shop, browser):
    """Analyse → start → the worker does it → result with counts → undo; the list keeps its name."""
    chen = browser("chen")
    looked = upload(chen, SKUS, "我的商品.csv").get_json()
    assert ("我的商品.csv", "sku") == (looked["name"], looked["into_guess"])
    assert ["商品编码", "商品名称", "采购成本"] == [column["name"] for column in looked["columns"]]

    started = chen.post("/imports", {"file": looked["file"], "into": "sku"})
    assert "queued" == chen.get(f"/imports/{started['id']}")["status"]
    assert 1 == imports.work(shop)
    done = chen.get(f"/imports/{started['id']}")
    assert ("done", 2) == (done["status"], done["result"]["inserted"])
    assert 5 == chen.get("/forms/sku/records")["total"]

    chen.post(f"/imports/{started['id']}/undo")
    assert 3 == chen.get("/forms/sku/records")["total"]
    assert ["我的商品.csv"] == [item["file"] for item in chen.get("/imports")["items"]]


def test_a_file_whose_rows_are_wrong_says_which_and_why(shop, browser):
    """The bad row is told with its number and left out; the workbook of refused rows can be fetched."""
    chen = browser("chen")
    looked = upload(chen, SKUS + "B003,盆,很贵\n", "skus.csv").get_json()
    columns = {"商品编码": "code", "商品名称": "name", "采购成本": "unit_cost"}
    mapping = {"kind": "mapping", "key": "inline", "name": "商品", "into": "sku", "columns": columns}
    started = chen.post("/imports", {"file": looked["file"], "into": "sku", "mapping": mapping})
    imports.work(shop)
    result = chen.get(f"/imports/{started['id']}")["result"]

    assert (2, 1) == (result["inserted"], len(result["errors"]))
    assert result["errors"][0]["message"] != result["errors"][0]["message_en"]
    workbook = chen.call("GET", f"/imports/{started['id']}/errors.xlsx")
    assert b"PK" == workbook.get_data()[:2]


@pytest.mark.parametrize("name", ["virus.exe", "shop", "page.html", ".csv.exe"])
def test_a_kind_of_file_that_nothing_reads_is_refused(browser, name):
    answer = upload(browser("chen"), "x", name)

    assert (422, "file_kind") == (answer.status_code, answer.get_json()["reason"])


def test_no_file_and_an_unknown_file_are_told(browser):
    chen = browser("chen")

    assert 422 == chen.call("POST", "/imports/analyse", data={}, content_type="multipart/form-data").status_code
    assert 404 == chen.call("POST", "/imports", {"file": "0" * 24, "into": "sku"}).status_code
    assert 404 == chen.call("POST", "/imports", {"file": "../../etc/passwd", "into": "sku"}).status_code


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\库存\\十一月.xlsx", "十一月.xlsx"),
        ("a\0b:c?.csv", "a_b_c_.csv"),
        ("长" * 300 + ".csv", "长" * 120 + ".csv"),
        ("..", ""),
    ],
)
def test_the_name_of_a_file_leads_nowhere(given, kept):
    assert kept == safe_name(given)


def test_from_two_files_to_the_first_own_alert(tmp_path, browser_of):
    """An empty workspace, a sales table and a stock table: rules installed, imported, evaluated, the alert explained."""
    workspace = open_workspace(Settings(data_dir=tmp_path / "own", secret_key="x" * 32), Clock())
    users.create(workspace, values={"password": PASSWORD, **PEOPLE[0]}, user="admin")
    admin = browser_of(create_app(workspace))("admin")
    files = [
        upload(admin, text, name).get_json()["file"]
        for text, name in ((sales(), "销售.csv"), ("商品编码,仓库,在库\nC001,主仓,5\n", "库存.csv"))
    ]
    found = admin.post("/first-run", {"sales_file": files[0], "stock_file": files[1], "lead_time_days": 7})

    assert found["run"]["fired"] >= 1
    alert = admin.get("/alerts")["items"][0]
    assert "C001" == alert["keys"]["sku"]
    assert alert["explanation"]
    checklist = {item["key"]: item["done"] for item in admin.get("/overview")["checklist"]}
    assert checklist["sales"]
    assert checklist["run"]
    workspace.close()
