"""The story of a pack: found by need, tried, installed with one conflict settled, confirmed; upgraded with a change kept; undone."""

import copy
import json

import pytest

import rule_templates

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(600)]
PACK = "promotion_readiness"


def _api(page, method, path, body=None):
    """Ask the API as the person who is logged in."""
    root = page.url.partition("/app")[0]
    token = page.request.get(f"{root}/api/v1/session").json()["csrf_token"]
    data = None if method == "GET" else body or {}
    answer = page.request.fetch(f"{root}/api/v1{path}", method=method, data=data, headers={"X-CSRF-Token": token})
    assert answer.ok, answer.text()
    return answer.json()


def _republish(page, noun, key, **changes):
    """Publish a definition with some keys changed, as its builder does."""
    definition = {**_api(page, "GET", f"/{noun}/{key}")["definition"], **changes}
    _api(page, "PUT", f"/{noun}/{key}/draft", {"definition": definition})
    _api(page, "POST", f"/{noun}/{key}/publish")


@pytest.fixture
def newer(tmp_path):
    """A file with the next version of the pack: another description for its first rule."""
    document = copy.deepcopy(dict(rule_templates.load(PACK).document))
    document["about"]["version"] = "1.1.0"
    rule = next(one for one in document["definitions"] if one["key"] == "promotion_line")
    rule["description"] = "第二版的说明"
    path = tmp_path / f"{PACK}.pack.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def test_from_the_gallery_to_an_upgrade_and_back(demo_copy, visit, newer):
    admin = visit("packs")
    page = admin.page
    admin.sign_in(demo_copy.url, "admin")
    _republish(page, "calendars", "promotion", name="我们的大促日历")

    page.goto(f"{demo_copy.url}/app/packs")
    page.get_by_label("按需要找模板包").fill("大促前备多少")
    page.get_by_text("双11/618 大促备货").first.wait_for()
    admin.look("1-gallery")
    page.get_by_text("双11/618 大促备货").first.click()
    page.get_by_role("button", name="试用").click()
    page.get_by_text("30 + 0 − 0 = 30 < 日均 20 × 3 = 60").wait_for()
    admin.look("2-tried")

    page.get_by_role("button", name="安装").click()
    page.get_by_label("大促期间低于多少预警").fill("60")
    page.get_by_role("button", name="下一步：预览").click()
    page.get_by_text("1 处冲突：你和包都改过").wait_for()
    page.get_by_role("button", name="看差别").click()
    page.get_by_text("我们的大促日历").first.wait_for()
    page.get_by_text("4/4 通过").wait_for()
    admin.look("3-preview")
    page.get_by_role("button", name="安装").click()

    page.get_by_text("9 项等你确认才开始").wait_for()
    assert not _api(page, "GET", "/rules/promotion_line")["enabled"]
    admin.look("4-waiting")
    page.get_by_role("button", name="启用选中的 9 项").click()
    page.get_by_text("9 项等你确认才开始").wait_for(state="detached")
    rule = _api(page, "GET", "/rules/promotion_line")
    assert rule["enabled"]
    assert rule["definition"]["during"][0]["let"]["line"] == "60"
    assert _api(page, "GET", "/calendars/promotion")["definition"]["name"] == "我们的大促日历"

    _republish(page, "rules", "promotion_line", name="我们的大促线")
    page.goto(f"{demo_copy.url}/app/packs")
    page.locator("input[type=file]").set_input_files(newer)
    page.get_by_role("button", name="升级到 1.1.0").click()
    page.get_by_role("button", name="下一步：预览").click()
    page.get_by_text("合并你的修改").first.wait_for()
    admin.look("5-upgrade")
    page.get_by_role("button", name="升级", exact=True).click()
    page.get_by_text("已安装 1.1.0").wait_for()
    merged = _api(page, "GET", "/rules/promotion_line")["definition"]
    assert ("我们的大促线", "第二版的说明") == (merged["name"], merged["description"])
    assert merged["during"][0]["let"]["line"] == "60"

    page.wait_for_load_state("networkidle")  # what the upgrade changed is read again
    page.get_by_role("button", name="撤销安装").click()
    with page.expect_response(lambda answer: answer.url.endswith("/undo")) as undone:
        page.get_by_role("dialog").get_by_role("button", name="撤销", exact=True).click()
    assert undone.value.ok, undone.value.text()
    page.get_by_text("已安装 1.0.0").wait_for()
    back = _api(page, "GET", "/rules/promotion_line")["definition"]
    assert ("我们的大促线", False) == (back["name"], back["description"] == "第二版的说明")
