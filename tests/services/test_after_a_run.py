"""What follows a run: groups, quiet hours, inhibition, escalation; the curve, the overview and its checklist."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest
from small_shop import ROUTE, RULE, Clock, open_shop

from services import alerts, checklist, curve, escalation, evaluate, one_record, overview, publish, scheduler
from services.directory import People
from services.workspace import Settings, open_workspace
from store import episodes, outbox, seats, timers
from workflows import Directory


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    open_shop(folder).close()
    return folder


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def shop(template, tmp_path, clock):
    shutil.copytree(template, tmp_path / "shop")
    workspace = open_workspace(Settings(data_dir=tmp_path / "shop", secret_key="x" * 32), clock)
    yield workspace
    workspace.close()


def change(shop, document, **changed):
    publish.publish_many(shop, [{**document, **changed}], user="lin")


def told(shop, word="alert"):
    with shop.read() as session:
        return [row for row in outbox.page(session) if row.message == word]


def test_alerts_of_one_group_are_one_notice(shop):
    """Two alerts of one warehouse: one notice with both, and no link that would act on one of them alone."""
    change(shop, ROUTE, group_by=["warehouse"])
    evaluate.run(shop)
    (row,) = told(shop)

    assert (2, None) == (row.payload["total"], row.episode_id)
    assert "等 2 条" in row.title
    assert {"A001", "A002"} == {alert["keys"]["sku"] for alert in row.payload["alerts"]}


def test_a_notice_waits_for_the_end_of_quiet_hours(shop, clock):
    """At 23:00 in Shanghai, quiet from 22:00 to 08:00: due at eight in the morning."""
    clock.now = dt.datetime(2026, 11, 25, 15, 0, tzinfo=dt.UTC)
    change(shop, ROUTE, quiet=[{"from": "22:00", "to": "08:00"}])
    evaluate.run(shop)

    assert {"08:00"} == {row.due_at.astimezone(shop.zone).strftime("%H:%M") for row in told(shop)}


def test_a_route_that_reaches_nobody_reaches_the_administrator(shop):
    """No alert may vanish because a role is empty."""
    change(shop, ROUTE, to=["role:nobody"])
    evaluate.run(shop)

    assert {"admin"} == {row.recipient for row in told(shop)}


def test_a_rule_without_a_notify_action_tells_nobody(shop):
    change(shop, RULE, actions=[{"type": "replenish", "if": "level == 'critical'"}])
    result = evaluate.run(shop)

    assert (2, 0, 2) == (result["fired"], result["notices"], result["tasks"])


def test_what_another_alert_explains_is_not_told(shop):
    """A rule that inhibits low_stock on the same record keeps its notices back."""
    other = {
        **RULE,
        "key": "no_stock",
        "name": "告急",
        "inhibits": [{"rule": "low_stock"}],
        "actions": [{"type": "notify"}],
    }
    change(shop, other)
    evaluate.run(shop)

    assert {"no_stock"} == {row.payload["rule"] for row in told(shop)}


def test_an_alert_that_nobody_takes_on_is_told_to_the_superior(shop, clock):
    """After the route's half hour the buyer's superior is told, once, of all that is still open."""
    change(shop, ROUTE, group_by=["warehouse"], escalate=[{"after": "PT30M", "to": ["superior"]}])
    evaluate.run(shop)
    clock.now += dt.timedelta(minutes=31)
    scheduler.tick(shop)
    scheduler.tick(shop)
    rows = [row for row in told(shop) if row.recipient == "wang"]

    assert 1 == len(rows)
    assert (2, True) == (rows[0].payload["total"], "无人处理" in rows[0].title)


def test_an_alert_that_somebody_took_on_is_not_escalated(shop, clock):
    change(shop, ROUTE, group_by=["warehouse"], escalate=[{"after": "PT30M", "to": ["superior"]}])
    evaluate.run(shop)
    with shop.read() as session:
        ids = sorted(episode.id for episode in episodes.live(session).values())
        (timer,) = [timer for timer in timers.waiting(session) if timer.kind == "escalation"]
    alerts.acknowledge(shop, ids=ids[1:], user="chen")

    assert 1 == escalation.escalate(shop, episode=ids[0], data=timer.data)
    assert ids[:1] == [alert["id"] for alert in told(shop)[0].payload["alerts"]]


def test_the_curve_has_sales_by_day_and_the_threshold_as_it_moved(shop):
    """5 a day × 7 days × 1.2 = 42 throughout, a day without a row is a day without sales, nothing before the first."""
    evaluate.run(shop)
    number = next(item["id"] for item in alerts.list_(shop)["items"] if item["keys"]["sku"] == "A001")
    drawn = curve.of_alert(shop, id=number, days=60)

    assert [None] * 20 + [5.0] * 40 == drawn["sales"]
    assert {42.0} == set(drawn["threshold"][-30:])
    assert {42.0} == set(curve.of_alert(shop, id=number, days=60, moving=False)["threshold"])


def test_the_stock_elsewhere_names_the_other_warehouses(shop):
    found = curve.elsewhere(shop, keys={"sku": "A001", "warehouse": "hd"})

    assert [("华南仓", 400, 20)] == [(place["name"], place["on_hand"], place["in_transit"]) for place in found]
    assert [] == curve.elsewhere(shop, keys={"supplier": "s1"})


@pytest.mark.parametrize(
    ("when", "days"),
    [
        ("available < avg_daily(sales.quantity, 7)", 21),
        ("on_hand < 5", 17),
        ("x < forecast(28)", 400),
        ("a < sum(b, 364)", 400),
    ],
)
def test_facts_are_read_as_far_back_as_the_rule_looks(when, days):
    assert days == one_record.reach({"levels": [{"level": "critical", "when": when}]})


def test_the_overview_counts_and_its_checklist_follows(shop):
    """Before: nothing was run, nothing decided; after: both are ticked."""
    chen = {"key": "chen", "roles": ["operator", "buyer"]}
    lin = {"key": "lin", "roles": ["designer"]}
    before = {item["key"]: item["done"] for item in overview.show(shop, user=lin)["checklist"]}
    evaluate.run(shop)
    seen = overview.show(shop, user=chen)
    after = {item["key"]: item["done"] for item in overview.show(shop, user=lin)["checklist"]}

    assert {"sales": True, "stock": True, "rule": True, "run": False} == before
    assert after["run"]
    assert {"critical": 2, "warning": 0, "acknowledged": 0} == seen["alerts"]
    assert (1, [27.0] * 7, 2) == (seen["todos"], seen["units_7d"], seen["tasks"]["approving"])
    assert 2 == seen["last_run"]["fired"]
    with shop.read() as session:
        assert [] == checklist.of(session, shop, {"roles": ["viewer"]})


def test_people_answer_what_workflows_and_routes_ask(shop):
    with shop.read() as session:
        people: Directory = People(session, shop.clock())
        assert "wang" == people.superior("chen")
        assert ["chen"] == list(people.members("role:buyer"))
        assert [] == list(people.members("role:nobody"))
        assert (True, False) == (people.active("chen"), people.active("nobody"))
        assert "admin" == people.admin()
        assert seats.count_open(session) == 0
