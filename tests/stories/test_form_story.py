"""The story of a form of one's own: drawn from nothing, published, filled from dirty files, worked with, opened on a phone."""

import datetime as dt
import random
import re
import subprocess

import openpyxl
import pytest

from stories.serving import BEIHUO, command, environment_of, serving

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(600)]
PASSWORD = "a-long-enough-password"
ROWS = 10_000
BAD_DATES, TWICE = 25, 15
HEADER = ["商品编码", "名称", "分类", "成本", "售价", "条码", "上架日期", "供货商"]
KINDS = ["爆款", "常销", "长尾"]
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "08d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A workspace with one administrator and the shop's suppliers; the tests of this story follow one another."""
    folder = tmp_path_factory.mktemp("form-story")
    environment = environment_of(folder / "var", f"sqlite:///{folder / 'var' / 'beihuo.db'}")
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


def _rows():
    """Return clean rows as a shop keeps them; the same every time."""
    draw = random.Random(1111)
    first = dt.date(2023, 1, 1)
    return [
        [
            f"K{number:05}", f"商品 {number}", KINDS[number % 3], round(draw.uniform(1, 90), 2),
            round(draw.uniform(91, 300), 2), 6_900_000_000_000.0 + number, first + dt.timedelta(days=number % 900),
            f"G{number % 4 + 1}",
        ]
        for number in range(ROWS)
    ]  # fmt: skip


def _dirty(path):
    """Write the workbook: floats for barcodes, days as text and as dates, impossible days, codes that come twice."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("商品")
    sheet.append(HEADER)
    rows = _rows()
    for number, row in enumerate(rows):
        day = row[6]
        row[6] = day if number % 3 == 0 else day.strftime("%Y/%m/%d") if number % 3 == 1 else f"{day:%Y年%m月%d日}"
        if number % (ROWS // BAD_DATES) == 7:
            row[6] = "2025-02-30"
        sheet.append(row)
    for row in rows[20 : 20 + TWICE]:
        sheet.append([row[0], "又来一次", *row[2:]])
    book.save(path)


def _corrected(wrong, right):
    """Put the error workbook right as a person would: with days that exist."""
    book = openpyxl.load_workbook(wrong)
    sheet = book.active
    names = [cell.value for cell in sheet[1]]
    day = names.index("上架日期")
    told = next(place for place, name in enumerate(names) if name and "错误" in str(name))
    assert all(row[told].value for row in sheet.iter_rows(min_row=2))
    fresh = openpyxl.Workbook()
    fresh.active.append(names)
    for row in sheet.iter_rows(min_row=2, values_only=True):
        fresh.active.append([dt.date(2025, 2, 28) if place == day else value for place, value in enumerate(row)])
    fresh.save(right)


def _suppliers(boss, url):
    """Draw and fill the form of suppliers by the API: the story is about the goods."""
    token = boss.page.request.get(f"{url}/api/v1/session").json()["csrf_token"]

    def send(method, path, body):
        answer = boss.page.request.fetch(
            f"{url}/api/v1{path}", method=method, data=body, headers={"X-CSRF-Token": token}
        )
        assert answer.ok, answer.text()

    fields = [
        {"key": "code", "type": "text", "label": "编码", "required": True, "unique": True},
        {"key": "name", "type": "text", "label": "名称"},
    ]
    send("PUT", "/forms/maker/draft", {"definition": {"key": "maker", "name": "供货商", "fields": fields}})
    send("POST", "/forms/maker/publish", {})
    for number in (1, 2, 3, 4):
        send("POST", "/forms/maker/records", {"values": {"code": f"G{number}", "name": f"{number} 号供货商"}})


class Designer:
    """Somebody who draws a form: what their hands do."""

    def __init__(self, page):
        self.page = page

    def item(self, kind):
        return self.page.locator(".palette-item", has_text=re.compile(f"^{kind}$")).first

    def add(self, kind, label):
        """Click a field type and give the field its label."""
        self.item(kind).click()
        self.name(label)

    def name(self, label):
        box = self.page.get_by_label("字段名称")
        box.fill(label)
        box.press("Tab")
        self.page.locator(".canvas .selected", has_text=label).wait_for()

    def drag(self, kind, target):
        """Drag a field type onto the middle of a place on the canvas."""
        source = self.item(kind)
        source.scroll_into_view_if_needed()
        start, end = source.bounding_box(), target.bounding_box()
        mouse = self.page.mouse
        mouse.move(start["x"] + 20, start["y"] + 12)
        mouse.down()
        mouse.move(start["x"] + 40, start["y"] + 20, steps=3)
        mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=6)
        mouse.up()

    def switch(self, label):
        self.page.locator(".side-column").get_by_role("switch", name=label).click()

    def formula(self, text):
        editor = self.page.locator(".side-column .cm-content").first
        editor.click()
        self.page.keyboard.insert_text(text)

    def choose(self, label, option):
        self.page.locator(".side-column").get_by_label(label).click()
        self.page.locator(".ant-select-item-option", has_text=option).first.click()


@pytest.mark.parametrize("visit", ["desktop"], indirect=True)
def test_a_form_of_twelve_fields_is_drawn_and_published(server, visit):
    """From an empty canvas: text, choice, money, formula, barcode, quantity, date, link, image and a sub-form with columns."""
    boss = visit("form")
    boss.sign_in(server.url, "boss", PASSWORD)
    _suppliers(boss, server.url)
    page = boss.page
    page.goto(f"{server.url}/app/forms")
    page.get_by_role("button", name="新建表单").click()
    page.get_by_label("表单名称").fill("商品")
    page.get_by_label("表单标识").fill("goods")
    page.get_by_role("button", name="开始设计").click()
    page.get_by_text("从左边拖一个字段过来").wait_for()
    boss.look("empty-canvas")
    hands = Designer(page)
    hands.drag("单行文本", page.locator(".canvas-body").first)
    hands.name("商品编码")
    hands.switch("必填")
    hands.switch("不允许重复")
    hands.add("单行文本", "名称")
    hands.add("单选", "分类")
    for number, kind in enumerate(KINDS, start=1):
        page.get_by_label(f"选项 {number}", exact=True).fill(kind)
    hands.add("金额", "成本")
    hands.add("金额", "售价")
    hands.add("计算公式", "毛利率")
    hands.formula("(shou_jia - cheng_ben) / shou_jia")
    hands.add("条码", "条码")
    hands.add("数量", "安全库存")
    hands.add("日期", "上架日期")
    hands.add("关联记录", "供货商")
    hands.choose("关联表单", "供货商")
    hands.add("图片", "图片")
    hands.item("子表单").click()
    hands.name("采购批次")
    sub = page.locator(".sub-columns")
    hands.drag("日期", sub)
    hands.name("到货日")
    hands.drag("数字", sub)
    hands.name("件数")
    boss.look("drawn")

    page.get_by_label("撤销").click()
    page.get_by_label("重做").click()
    page.get_by_text("预览", exact=True).click()
    page.get_by_label("成本").fill("40")
    page.get_by_label("售价").fill("100")
    page.locator("#item-mao_li_lv", has_text="0.6").wait_for()
    boss.look("preview")
    page.get_by_text("设计", exact=True).click()
    page.get_by_text("没有问题，可以发布").wait_for()
    page.get_by_role("button", name="发布").click()
    page.get_by_role("button", name="发布并开始使用").click()
    page.get_by_text("第 1 版在用").wait_for()

    definition = page.request.get(f"{server.url}/api/v1/forms/goods").json()["definition"]
    expected = ["text", "text", "choice", "money", "money", "formula", "barcode", "quantity", "date", "link", "image"]
    assert [*expected, "sub_form"] == [field["type"] for field in definition["fields"]]
    assert {"code", "name"} < {field["key"] for field in definition["fields"]}
    assert ["date", "number"] == [column["type"] for column in definition["fields"][-1]["fields"]]


def _import(boss, url, path):
    """Import a file by the wizard; return the figures it shows."""
    page = boss.page
    page.goto(f"{url}/app/import?into=goods")
    page.locator("input[type=file]").first.set_input_files(path)
    page.get_by_text("放进字段").wait_for()
    page.get_by_role("button", name="导入", exact=True).click()
    page.get_by_text("导入完成").wait_for(timeout=120_000)
    figures = page.locator(".import-figures").first
    names, numbers = figures.locator("dt").all_inner_texts(), figures.locator("dd").all_inner_texts()
    return dict(zip(names, (int(number.replace(",", "")) for number in numbers), strict=True))


@pytest.mark.parametrize("visit", ["desktop"], indirect=True)
def test_dirty_files_are_imported_and_put_right(server, visit, tmp_path):
    """Ten thousand rows with bad days: they come back as a workbook and go in corrected; of a code that comes twice the last row counts."""
    boss = visit("form")
    boss.sign_in(server.url, "boss", PASSWORD)
    _dirty(tmp_path / "商品档案.xlsx")
    figures = _import(boss, server.url, tmp_path / "商品档案.xlsx")
    boss.look("import-errors")
    assert ROWS + TWICE == figures["读到"]
    assert BAD_DATES == figures["有问题"]
    assert ROWS - BAD_DATES == figures["新增"]

    with boss.page.expect_download() as download:
        boss.page.get_by_text("下载有问题的行").first.click()
    download.value.save_as(tmp_path / "errors.xlsx")
    _corrected(tmp_path / "errors.xlsx", tmp_path / "改好.xlsx")
    assert BAD_DATES == _import(boss, server.url, tmp_path / "改好.xlsx")["新增"]

    lines = [HEADER, *([f"X{n:02}", f"新品 {n}", "爆款", "10", "20", "", "2026/1/2", "G1"] for n in range(30))]
    (tmp_path / "新品.csv").write_text("\r\n".join(",".join(line) for line in lines), encoding="gbk")
    assert 30 == _import(boss, server.url, tmp_path / "新品.csv")["新增"]

    found = boss.page.request.get(f"{server.url}/api/v1/forms/goods/records?limit=1&filter=code%20%3D%3D%20'K00001'")
    (record,) = found.json()["items"]
    again = boss.page.request.get(f"{server.url}/api/v1/forms/goods/records?limit=1&filter=code%20%3D%3D%20'K00020'")
    assert "又来一次" == again.json()["items"][0]["values"]["name"]
    assert "6900000000001" == record["values"]["tiao_ma"]
    assert ("2023-01-02", "G2") == (record["values"]["shang_jia_ri_qi"], record["values"]["gong_huo_shang"])


@pytest.mark.parametrize("visit", ["desktop"], indirect=True)
def test_the_records_are_filtered_sorted_and_edited_in_place(server, visit):
    """The list of ten thousand: a word, an order, a cell changed where it stands, and groups with their totals."""
    boss = visit("form")
    boss.sign_in(server.url, "boss", PASSWORD)
    page = boss.page
    page.goto(f"{server.url}/app/records/goods?filter=fen_lei%20%3D%3D%20'爆款'")
    page.get_by_text(f"/ {ROWS // 3 + 1 + 30:,} 条").wait_for()
    page.get_by_label("搜索", exact=True).fill("新品 2")
    page.get_by_text("共 12 条").wait_for()
    page.get_by_role("columnheader", name="商品编码").click()
    page.get_by_role("columnheader", name="商品编码").click()
    page.locator(".ant-table-row").first.get_by_text("X29").wait_for()
    boss.look("filtered")

    cell = page.locator(".ant-table-row", has_text="X29").locator("[data-column=cheng_ben]")
    cell.dblclick()
    box = page.locator(".editing input")
    box.fill("12.5")
    box.press("Enter")
    page.locator(".ant-table-row", has_text="X29").get_by_text("¥12.50").wait_for()
    saved = page.request.get(f"{server.url}/api/v1/forms/goods/records?filter=code%20%3D%3D%20'X29'").json()["items"]
    assert (12.5, 0.375) == (saved[0]["values"]["cheng_ben"], saved[0]["values"]["mao_li_lv"])

    page.goto(f"{server.url}/app/records/goods?group=fen_lei")
    page.locator("button.group-row", has_text="长尾").get_by_text(f"{ROWS // 3:,} 条").wait_for()
    boss.look("groups")


@pytest.mark.parametrize("visit", ["phone"], indirect=True)
def test_a_record_with_a_photo_is_added_on_a_phone(server, visit, tmp_path):
    """What is missing is told at its field, the price follows at once, the photo is taken and the record is kept."""
    (tmp_path / "实拍.png").write_bytes(PICTURE)
    boss = visit("form")
    boss.sign_in(server.url, "boss", PASSWORD)
    page = boss.page
    page.goto(f"{server.url}/app/records/goods")
    page.get_by_role("button", name="新增商品").click()
    page.wait_for_url(re.compile("/records/goods/new$"))
    page.get_by_role("button", name="新增", exact=True).click()
    page.locator("#item-code", has_text="必填").wait_for()
    page.get_by_label("商品编码").fill("P001")
    page.get_by_label("名称").fill("手机拍的")
    page.get_by_label("成本").fill("30")
    page.get_by_label("售价").fill("60")
    page.locator("#item-mao_li_lv", has_text="0.5").wait_for()
    page.locator("input[type=file]").set_input_files(tmp_path / "实拍.png")
    page.locator(".picture img").first.wait_for()
    page.get_by_role("button", name="加一行").click()
    page.locator(".sub-cards input").nth(1).fill("12")
    boss.look("new-record")
    page.get_by_role("button", name="新增", exact=True).click()
    page.wait_for_url(re.compile(r"/records/goods/\d+$"))
    boss.look("record")
    saved = page.request.get(f"{server.url}/api/v1/forms/goods/records?filter=code%20%3D%3D%20'P001'").json()["items"]
    values = saved[0]["values"]
    assert ("手机拍的", 0.5, "实拍.png") == (values["name"], values["mao_li_lv"], values["tu_pian"][0]["name"])
    assert [12] == [row["jian_shu"] for row in values["cai_gou_pi_ci"]]
