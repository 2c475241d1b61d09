"""The story of a forecast: 双11 simulated in three scenarios and planned, a point dragged, and the reckoning after time has moved on."""

import datetime as dt
import re
import threading

import pytest
from waitress.server import create_server

from services import demo, forecast
from services.workspace import Settings, open_workspace
from web.app import create_app

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(300)]

SKUS, DAYS = 40, 420


class Clock:
    """A clock that is set by hand: two weeks before 双11 begins."""

    def __init__(self):
        self.now = dt.datetime(2026, 9, 30, 2, 0, tzinfo=dt.UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def shop(tmp_path, clock):
    """A small demo shop as it stood on that day, and its server in this process, so that the clock can be moved."""
    workspace = open_workspace(Settings(data_dir=tmp_path / "var"), clock)
    demo.load(workspace, skus=SKUS, days=DAYS)
    server = create_server(create_app(workspace), host="127.0.0.1", port=0, threads=8)
    workspace.url = f"http://127.0.0.1:{server.effective_port}"
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield workspace
    server.close()
    thread.join(timeout=10)
    workspace.close()


@pytest.mark.parametrize("visit", ["desktop"], indirect=True)
def test_plan_drag_and_reckon(shop, clock, visit):
    """A buyer plans 双11 and overrides a day; a month later the pages say how plan and override did."""
    wang = visit("forecast")
    wang.sign_in(shop.url, "wang")
    plan = _simulates_and_saves(wang, shop.url)
    _runs_and_cancels(wang, shop)
    _drags_a_point(wang, shop.url)
    clock.now += dt.timedelta(days=47)
    demo.load(shop, skus=SKUS, days=DAYS)
    later = visit("forecast-later")
    later.sign_in(shop.url, "wang")
    _sees_who_helped(later, shop.url)
    _reviews(later, shop.url, plan)


def _simulates_and_saves(wang, url):
    """Three scenarios side by side; a bolder one wants more; the chosen one becomes the plan."""
    page = wang.page
    page.goto(f"{url}/app/promotions")
    page.get_by_text("双11 2026").wait_for()
    wang.look("promotions")
    page.goto(f"{url}/app/promotions/simulate?event=双11&from=2026-10-14&like=2026-10-14")
    for name in ("保守", "基准", "进取"):
        page.get_by_role("region", name=name).get_by_text("建议采购").wait_for()
    bold = page.get_by_role("region", name="进取")
    before = _number(bold.locator("dd").first.inner_text())
    handle = page.get_by_role("slider", name="进取：流量")
    handle.focus()
    for _ in range(5):
        handle.press("ArrowRight")
    bold.get_by_text("× 2").wait_for()
    page.wait_for_function(
        "before => Number(document.querySelectorAll('.scenario dd')[10]?.innerText.replace(/[^0-9.]/g, '')) > before",
        arg=before,
    )
    page.locator("canvas").first.wait_for()
    wang.look("simulator")
    bold.get_by_role("radio").check()
    page.get_by_label("计划名称").fill("双11 2026 进取")
    with page.expect_response(re.compile(r"/api/v1/promotions$")) as answer:
        page.get_by_role("button", name="存为计划").click()
    page.wait_for_url(re.compile(r"/promotions$"))
    page.get_by_text("双11 2026 进取").wait_for()
    page.get_by_text("已有计划").wait_for()
    return answer.value.json()["id"]


def _number(text):
    return float(re.sub(r"[^0-9.]", "", text))


def _runs_and_cancels(wang, shop):
    """The plan has queued a forecast: it is seen waiting and cancelled; another one is made."""
    page = wang.page
    page.goto(f"{shop.url}/app/forecasts")
    page.get_by_role("status").get_by_text("排队中").wait_for()
    page.get_by_role("button", name="取消").click()
    page.get_by_role("button", name="重新预测").wait_for()
    page.get_by_role("button", name="重新预测").click()
    page.get_by_role("status").get_by_text("排队中").wait_for()
    assert 1 == forecast.work(shop)
    page.get_by_role("button", name="重新预测").wait_for()
    assert ["cancelled", "done"] == sorted(run["status"] for run in forecast.list_(shop)[:2])


def _drags_a_point(wang, url):
    """The dot on the curve is dragged up; the form asks why; the curve has it at once."""
    page = wang.page
    page.goto(f"{url}/app/forecasts")
    dot = page.get_by_role("slider", name=re.compile("上下拖动来修改"))
    dot.wait_for()
    page.locator(".drill-list button").first.wait_for()
    wang.look("explorer")
    before = float(dot.get_attribute("aria-valuenow"))
    box = dot.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 40, steps=4)
    page.mouse.up()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("为什么").fill("主播答应当天专场")
    said = float(dialog.get_by_role("spinbutton", name="一共多少件").input_value())
    assert said > before
    wang.look("override")
    dialog.get_by_role("button", name="保存修改").click()
    dialog.wait_for(state="hidden")
    page.get_by_text("主播答应当天专场").wait_for()
    curve = page.request.get(f"{url}/api/v1/forecast-series").json()
    assert said == pytest.approx(curve["forecast"]["mean"][0], rel=0.01)
    page.locator(".drill-list button").first.click()
    page.wait_for_url(re.compile("category="))
    page.get_by_text("渠道", exact=True).click()
    page.locator(".drill-list").get_by_text("tmall").wait_for()


def _sees_who_helped(later, url):
    """Each step's error, what the person's change did, the coverage of the quantiles."""
    page = later.page
    page.goto(f"{url}/app/forecasts/accuracy")
    page.get_by_text("每一步帮了多少忙").wait_for()
    page.get_by_text("主播答应当天专场").wait_for()
    page.get_by_text(re.compile("次更准")).first.wait_for()
    page.locator("canvas").first.wait_for()
    later.look("accuracy")
    report = page.request.get(f"{url}/api/v1/forecast-accuracy").json()
    assert ["naive", "base", "model", "promotion", "person"] == [step["step"] for step in report["levels"][0]["steps"]]
    page.goto(f"{url}/app/forecasts/runs")
    page.get_by_text("变了多少，为什么").wait_for()
    later.look("changes")


def _reviews(later, url, plan):
    """Plan against actual by phase, money on both sides, and the lessons adopted for next year."""
    page = later.page
    page.goto(f"{url}/app/promotions/{plan}")
    page.get_by_text("双11 2026 进取 复盘").wait_for()
    page.get_by_text("各阶段").first.wait_for()
    page.locator("canvas").first.wait_for()
    later.look("review")
    page.get_by_role("button", name="采纳").click()
    page.get_by_text("双11 2027 进取").wait_for()
