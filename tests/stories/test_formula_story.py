"""The story of a formula: the article's moving threshold drawn and typed, a typo explained and mended, its value on one SKU."""

import re

import pytest

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(600)]
STORED = "on_hand < avg_daily(sales.quantity, 7) * sku.lead_time_days * 1.2"
WORDS = re.compile(r"在库\s*小于\s*日均（销量、7）\s*×\s*提前期\s*×\s*1\.2")


def test_the_moving_threshold_drawn_and_typed(demo_shop, visit):
    """在库低于最近 7 天日均销量 × 提前期 × 1.2, without code: by picking, and by typing as people type."""
    lin = visit("formula")
    lin.sign_in(demo_shop.url, "lin")
    key = _starts_blank(lin, demo_shop.url)
    _draws(lin)
    assert STORED == _saved(lin, demo_shop.url, key)
    _chooses_a_sample(lin, demo_shop.url)
    _types_with_a_typo(lin)
    _goes_back_and_forth(lin)
    _sees_what_it_drew(lin)
    assert STORED == _stored(lin, demo_shop.url, key)


def _starts_blank(lin, url):
    lin.page.goto(f"{url}/app/rules/new")
    lin.page.get_by_role("button", name="从空白开始").click()
    lin.page.get_by_test_id("preview-total").wait_for()
    return lin.page.url.rpartition("/")[2]


def _mode(lin, name):
    lin.page.locator(".level-card").get_by_text(name, exact=True).click()


def _draws(lin):
    """The field, how it compares and with what are picked; words are found by Chinese, by pinyin initials and by English."""
    _mode(lin, "条件")
    card = lin.page.locator(".level-card")
    card.get_by_text("在库", exact=True).first.wait_for()
    card.get_by_label("和什么比").click()
    lin.page.get_by_title("算式").click()
    formula = card.get_by_role("textbox", name="算式")
    formula.click()
    lin.page.keyboard.press("Control+a")
    lin.page.keyboard.press("Delete")
    _completes(lin, "日均", "avg_daily(", "日均(")
    lin.page.locator(".cm-signature").get_by_text("哪一列").wait_for()
    _completes(lin, "sales.quan", "sales.quantity", "sales.quantity")
    lin.page.keyboard.type(", 7")
    lin.page.locator(".cm-signature b").get_by_text("天数").wait_for()
    lin.look("signature")
    formula.click()  # a picture of the whole page takes the cursor away on the phone
    lin.page.keyboard.press("Control+End")
    lin.page.keyboard.type(") * ")
    _completes(lin, "tqq", "sku.lead_time_days", "sku.lead_time_days")
    lin.page.keyboard.type(" * 1.2")
    card.get_by_text(WORDS).wait_for()
    card.get_by_text(re.compile("^(成立|不成立)$")).wait_for()
    lin.look("drawn")


def _completes(lin, typed, path, written):
    """Type a part and pick what it stands for; the list shows names with their paths."""
    lin.page.keyboard.type(typed)
    lin.page.locator(".cm-tooltip-autocomplete li", has_text=path).first.click()
    lin.page.locator(".condition-formula .cm-content", has_text=written).wait_for()


def _saved(lin, url, key):
    lin.page.get_by_text("草稿已保存").wait_for()
    return lin.page.request.get(f"{url}/api/v1/rules/{key}").json()["draft"]["definition"]["levels"][0]["when"]


def _chooses_a_sample(lin, url):
    """An SKU that fires now is picked by its name, and the condition says so."""
    alert = lin.page.request.get(f"{url}/api/v1/alerts?level=critical&rule=low_stock_dynamic&limit=1").json()["items"][
        0
    ]
    lin.page.get_by_label("拿哪个试算").fill(alert["keys"]["sku"])
    record = f"{alert['labels']['sku']} · {alert['labels']['warehouse']}"
    lin.page.locator(".ant-select-item-option", has_text=record).click()
    lin.page.locator(".level-card").get_by_text("成立", exact=True).wait_for()
    lin.page.locator(".level-card").get_by_text(alert["labels"]["sku"]).wait_for()


def _types_with_a_typo(lin):
    """Labels, Chinese names and full-width signs are taken as they come; the typo is explained and mended with one click."""
    _mode(lin, "公式")
    editor = lin.page.get_by_role("textbox", name="警告的条件")
    editor.click()
    lin.page.keyboard.press("Control+a")
    lin.page.keyboard.insert_text("在库＜日均（销量.销量，7）×商品.提前其×1.2")
    lin.page.locator(".level-card").get_by_text("没有名为“提前其”的字段").wait_for()
    lin.page.locator(".level-card").get_by_text("是否想用“提前期”").wait_for()
    lin.page.locator(".cm-lintRange-error").wait_for()
    lin.look("typo")
    lin.page.locator(".level-card").get_by_role("button", name="改成“商品.提前期”").click()
    lin.page.locator(".level-card").get_by_text(WORDS).wait_for()
    lin.page.locator(".level-card").get_by_text("成立", exact=True).wait_for()
    lin.look("mended")


def _goes_back_and_forth(lin):
    """What was done can be undone and done again."""
    editor = lin.page.get_by_role("textbox", name="警告的条件")
    editor.click()
    lin.page.keyboard.press("Control+z")
    lin.page.locator(".level-card").get_by_text("没有名为“提前其”的字段").wait_for()
    lin.page.keyboard.press("Control+y")
    lin.page.locator(".level-card").get_by_text(WORDS).wait_for()


def _sees_what_it_drew(lin):
    """The text that was typed is the same drawing again."""
    _mode(lin, "条件")
    lin.page.locator(".level-card .condition-formula .cm-chip", has_text="提前期").wait_for()
    lin.look("typed-and-drawn")


def _stored(lin, url, key):
    """Publishing keeps keys, whatever was typed."""
    lin.page.get_by_role("button", name=re.compile("发布$")).click()
    lin.page.get_by_role("dialog").get_by_role("button", name="发布", exact=True).click()
    lin.page.get_by_text("已发布", exact=True).wait_for()
    return lin.page.request.get(f"{url}/api/v1/rules/{key}").json()["definition"]["levels"][0]["when"]
