"""The story of an approval: a business user draws it, is told what is unsound, tries it and publishes; people decide by phone."""

import re

import pytest

from services.publish import publish_many
from services.users import create
from services.workspace import Settings, open_workspace
from stories.serving import environment_of, serving

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(600)]
PASSWORD = "three-blue-kettles"
PEOPLE = [
    {"key": "wang", "name": "王敏", "roles": ["operator", "manager"]},
    {"key": "lin", "name": "林晓", "roles": ["designer"], "superior": "wang"},
    {"key": "chen", "name": "陈宁", "roles": ["operator", "buyer"], "superior": "wang"},
    {"key": "zhao", "name": "赵青", "roles": ["operator", "warehouse"], "superior": "wang"},
]
FORM = {
    "kind": "form",
    "key": "request",
    "name": "请购单",
    "fields": [
        {"key": "reason", "type": "text", "label": "事由", "required": True},
        {"key": "amount", "type": "money", "label": "金额", "required": True},
    ],
}


@pytest.fixture
def office(tmp_path):
    """An office of four with one form, and its server."""
    data = tmp_path / "var"
    workspace = open_workspace(Settings(data_dir=data))
    for person in PEOPLE:
        create(workspace, values={"password": PASSWORD, "language": "zh", **person}, user="system")
    publish_many(workspace, definitions=[FORM], user="system")
    workspace.close()
    yield from serving(environment_of(data, f"sqlite:///{data / 'beihuo.db'}"))


@pytest.mark.parametrize("visit", ["desktop"], indirect=True)
def test_from_a_drawing_to_a_decision(office, visit):
    """The designer's drawing becomes the route of a request, back to its author and on again."""
    lin = visit("workflow")
    lin.sign_in(office.url, "lin", PASSWORD)
    _draws_it(lin, office.url)
    _is_told_what_is_wrong(lin)
    _tries_it(lin)
    _publishes_it(lin)
    key = _starts_one(lin, office.url)
    _approves(visit("workflow", "phone"), office.url, "chen")
    _approves(visit("workflow", "phone"), office.url, "zhao")
    _returns(visit("workflow", "phone"), office.url)
    _submits_again(lin, office.url)
    _decides_at_last(visit("workflow", "phone"), office.url)
    told = lin.page.request.get(f"{office.url}/api/v1/instances/{key}").json()
    assert "completed" == told["status"]
    asked = [seat["user"] for seat in told["seats"] if seat["node"].startswith("approval")]
    assert ["chen", "wang", "wang", "zhao"] == sorted(asked), "straight back: the others were not asked again"


def _choose(page, label, option):
    """Choose in a list that opens below its field."""
    page.get_by_label(label, exact=True).first.click()
    page.locator(".ant-select-dropdown:visible").get_by_text(option, exact=True).first.click()


def _add(page, place, kind, name):
    """Put a step in at the n-th + from the top and give it its name."""
    page.get_by_role("button", name="看全部").click()  # what is out of sight is not drawn
    page.get_by_role("button", name="在这里加一步").nth(place).click()
    page.get_by_role("menu", name="加一步").get_by_role("menuitem", name=re.compile(f"^{kind}")).first.click()
    page.get_by_label("步骤名称").fill(name)


def _approval(page, place, name, people, mode, *, limit=True):
    _add(page, place, "审批", name)
    page.get_by_label("人员", exact=True).fill(people)
    page.locator(".ant-select-dropdown:visible").get_by_text(people, exact=True).first.click()
    page.get_by_label("步骤名称").click()
    _choose(page, "多人审批方式", mode)
    if limit:
        page.get_by_role("tab", name="时限").click()
        page.get_by_role("button", name=re.compile("加一条$")).click()
        page.get_by_text("到达后多久").wait_for()
    page.get_by_role("tab", name="更多").click()
    _choose(page, "退回改好以后", "退回时由退回人选")


def _draws_it(lin, url):
    """From the empty one: over 50,000 the superior, else the buyers, a reminder after four hours, then two at the same time."""
    page = lin.page
    page.goto(f"{url}/app/workflows/new")
    lin.look("gallery")
    page.get_by_role("button", name=re.compile("空白流程")).click()
    page.get_by_label("流程名称").fill("补货审批")
    _choose(page, "办的是哪张表单", "请购单")
    _add(page, 0, "条件分支", "看金额")
    page.get_by_text("请设置条件").first.click()
    page.get_by_label("分支名称").fill("大额")
    page.get_by_text("写公式").click()
    page.get_by_label("条件", exact=True).fill("amout > 50000")
    _approval(page, 1, "主管会签", "直接上级", "会签：人人都要同意")
    _approval(page, 3, "采购或签", "采购", "或签：一人同意就通过")
    _add(page, 5, "并行", "同时确认")
    _approval(page, 6, "主管确认", "主管", "或签：一人同意就通过", limit=False)
    _approval(page, 8, "仓库确认", "仓库", "或签：一人同意就通过", limit=False)
    page.get_by_text("草稿已保存").wait_for()
    lin.look("drawn")


def _is_told_what_is_wrong(lin):
    """The misspelt field keeps it from being published; the reason leads to the branch."""
    page = lin.page
    page.get_by_role("button", name=re.compile("发布（")).click()
    page.get_by_role("button", name="发布第 1 版").click()
    page.get_by_text("这样会出问题，没有发布").wait_for()
    refused = page.get_by_role("dialog").get_by_text(re.compile("amout"))
    assert "amount" in page.get_by_role("dialog").inner_text(), "the hint names the right field"
    lin.look("refused")
    refused.first.click()
    page.get_by_label("条件", exact=True).fill("amount > 50000")
    page.get_by_text("金额 大于 50000").first.wait_for()
    page.get_by_role("button", name=re.compile("发布$")).wait_for()
    lin.complaints.clear()  # the browser itself reports the 422 of the refusal


def _tries_it(lin):
    """With 60,000 the path over the superior lights up, and every step shows what went in."""
    page = lin.page
    page.get_by_role("tab", name="试运行").click()
    page.get_by_label("金额", exact=True).fill("60000")
    page.get_by_role("button", name="走一遍").click()
    page.get_by_text(re.compile(r"走完了 \d+ 步")).wait_for()
    page.get_by_role("button", name="看全部").click()
    lit = page.locator(".flow-card.mark-done").all_inner_texts()
    assert any("主管会签" in text for text in lit)
    assert not any("采购或签" in text for text in lit)
    page.locator(".trial-step summary").nth(1).click()
    page.locator(".trial-step").nth(1).get_by_text("进来时").wait_for()
    lin.look("trial")


def _publishes_it(lin):
    page = lin.page
    page.get_by_role("button", name=re.compile("发布$")).click()
    page.get_by_role("button", name="发布第 1 版").click()
    page.get_by_text("第 1 版在用").wait_for()
    key = page.url.rpartition("/")[2]
    shown = page.request.get(page.url.replace("/app/", "/api/v1/")).json()["definition"]
    boss = next(node for node in shown["nodes"].values() if node.get("name") == "主管会签")
    assert (["superior"], "all", "ask") == (boss["approvers"], boss.get("mode", "all"), boss["resume"])
    assert [("PT4H", "remind")] == [(limit["after"], limit["action"]) for limit in boss["timeout"]]
    assert key == shown["key"]


def _starts_one(lin, url):
    """A request of 8,000 goes to the buyers."""
    page = lin.page
    page.goto(f"{url}/app/todos")
    page.get_by_role("button", name="发起").click()
    page.get_by_role("menuitem", name="补货审批").click()
    page.get_by_label("事由").fill("双十二补货")
    page.get_by_label("金额").fill("8000")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url(re.compile("/app/instances/"))
    page.get_by_text(re.compile("等陈宁")).wait_for()
    lin.look("instance")
    return page.url.rpartition("/")[2]


def _opens(visitor, url, who):
    visitor.sign_in(url, who, PASSWORD)
    visitor.page.goto(f"{url}/app/todos")
    visitor.page.get_by_role("link", name=re.compile("请购单")).first.click()
    visitor.page.get_by_role("button", name=re.compile("同意|重新提交")).first.wait_for()


def _approves(visitor, url, who):
    """One tap; the same page afterwards says who decided it."""
    _opens(visitor, url, who)
    visitor.look(f"{who}-decides")
    at = visitor.page.url
    visitor.page.get_by_role("button", name="同意").click()
    visitor.page.wait_for_url(re.compile("/app/todos$"))
    visitor.page.goto(at)
    visitor.page.get_by_text(re.compile("已由 .* 处理")).wait_for()


def _returns(wang, url):
    """From one of two parallel branches back to the author, and straight back afterwards."""
    _opens(wang, url, "wang")
    page = wang.page
    page.get_by_role("button", name="退回").click()
    page.get_by_label("意见").fill("金额再核实")
    page.get_by_text("改好后直接回到我这里").click()
    wang.look("returns")
    page.get_by_role("button", name="确认退回").click()
    page.wait_for_url(re.compile("/app/todos$"))


def _submits_again(lin, url):
    page = lin.page
    page.goto(f"{url}/app/todos")
    page.get_by_role("link", name=re.compile("请购单")).first.click()
    page.get_by_text("金额再核实").first.wait_for()
    page.get_by_label(re.compile("金额")).fill("7600")
    lin.look("submits-again")
    page.get_by_role("button", name="重新提交").click()
    page.wait_for_url(re.compile("/app/todos$"))


def _decides_at_last(wang, url):
    _opens(wang, url, "wang")
    wang.page.get_by_text(re.compile("7,600")).first.wait_for()
    wang.page.get_by_role("button", name="同意").click()
    wang.page.wait_for_url(re.compile("/app/todos$"))
