"""Trying a route out says who would get what and why, and the sending then does just that."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from engine.problems import DefinitionError
from services import channels, digests, evaluate, message_preview, preferences, publish, rotas, route_trial, users
from services.workspace import Settings, open_workspace
from store import episodes, outbox

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from small_shop import ROUTE, Clock, open_shop

TREE = {
    **ROUTE,
    "to": ["role:buyer"],
    "channels": ["mailbox"],
    "routes": [
        {
            "match": "level == 'critical'",
            "to": ["rota:weekend", "field:sku.owner"],
            "channels": ["mail"],
            "continue": True,
        },
        {
            "match": "level == 'critical'",
            "to": ["role:manager"],
            "escalate": [{"after": "PT30M", "to": ["person:admin"]}],
        },
        {"match": "level == 'warning'", "to": ["role:manager"]},
    ],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    open_shop(folder).close()
    return folder


@pytest.fixture
def shop(made, tmp_path):
    shutil.copytree(made, tmp_path / "shop")
    clock = Clock()
    workspace = open_workspace(Settings(data_dir=tmp_path / "shop", secret_key="0123456789abcdef" * 2), clock)
    mail = {"host": "127.0.0.1", "port": 25, "security": "none", "sender": "b@example.com"}
    channels.save(workspace, key="mail", type="email", name="邮件", settings=mail, user="admin")
    for person in ("chen", "wang", "lin"):
        users.update(workspace, key=person, changes={"email": f"{person}@example.com"}, user="admin")
    rotas.save(
        workspace,
        key="weekend",
        values={"name": "周末", "people": ["lin", "wang"], "starts": "2026-11-23"},
        user="admin",
    )
    yield workspace
    workspace.close()


def _told(answer):
    return sorted((one["person"], one["channel"]) for one in answer["told"])


CRITICAL = {"rule": "low_stock", "level": "critical", "sku": "A001", "warehouse": "hd", "sku.owner": "chen"}


def test_first_match_continue_receivers_and_escalation(shop):
    """The first child continues, the second ends the walk; the rota and the record's field name people."""
    answer = route_trial.trial(shop, definition=TREE, data=CRITICAL)

    assert [("chen", "mail"), ("lin", "mail"), ("wang", "mailbox")] == _told(answer)
    assert ["buyers.routes[0]", "buyers.routes[1]"] == [one["path"] for one in answer["routes"]]
    assert [("PT30M", ["管理员"])] == [(one["after"], one["people"]) for one in answer["escalation"]]


def test_a_past_moment_has_its_own_rota(shop):
    answer = route_trial.trial(shop, definition=TREE, data=CRITICAL, at="2026-12-01T12:00:00+08:00")

    assert [("chen", "mail"), ("wang", "mail"), ("wang", "mailbox")] == _told(answer)


def test_who_does_not_want_it_is_named_with_the_reason(shop):
    preferences.save(shop, person="chen", values={"muted_skus": ["A001"]})
    preferences.save(
        shop, person="wang", values={"quiet": [{"from": "08:00", "to": "20:00"}], "critical_breaks_quiet": False}
    )
    answer = route_trial.trial(shop, definition=TREE, data=CRITICAL)

    assert [("chen", "已对这个商品静音")] == [(one["person"], one["reason"]) for one in answer["not_told"]]
    late = next(one for one in answer["told"] if one["person"] == "wang")
    assert "在本人免打扰时段,推迟" == late["reason"]
    assert late["due"] > shop.clock()


def test_the_sending_does_what_the_trial_said(shop):
    """For every alert of a run: the outbox has just the rows that the trial names."""
    publish.publish_many(shop, [TREE], user="admin")
    preferences.save(shop, person="lin", values={"channels": {"critical": ["mailbox"]}})
    evaluate.run(shop)
    with shop.read() as session:
        live = list(episodes.live(session).values())
        sent = sorted(
            (one.episode_id, one.recipient, one.channel)
            for one in outbox.page(session, limit=200)
            if one.message == "alert"
        )
    said = sorted(
        (one.id, person, channel)
        for one in live
        for person, channel in _told(route_trial.trial(shop, definition=TREE, alert=one.id))
    )

    assert said == sent
    assert any(person == "lin" and channel == "mailbox" for _, person, channel in said)


def test_a_storm_is_one_digest_a_person_and_channel(shop):
    """More than three notices of one run to one person through one channel become one, with counts and the worst first."""
    rows = [
        {"recipient": "chen", "channel": "mail", "message": "alert", "due_at": shop.clock(), "severity": 1 if n % 2 else 3,
         "episode_id": n, "title": "t", "idempotency_key": f"k{n}",
         "payload": {"rule": "low", "rule_name": "低库存", "level": "critical" if n % 2 else "warning", "total": 1, "alerts": [{"id": n, "level": "critical" if n % 2 else "warning"}]}}
        for n in range(1_000)
    ]  # fmt: skip
    (digest,) = digests.merged(rows, run=7)

    assert ("1000 条预警(500 条紧急):低库存", 1, 1_000, {"critical": 500, "warning": 500}) == (
        digest["title"], digest["severity"], digest["payload"]["total"], digest["payload"]["counts"]
    )  # fmt: skip
    assert {"critical"} == {alert["level"] for alert in digest["payload"]["alerts"]}
    assert rows[:3] == digests.merged(rows[:3], run=7)


TEXT = {"kind": "message", "key": "mine", "language": "zh", "body": "{{ record }}"}


@pytest.mark.parametrize(
    ("channel", "body", "words"),
    [
        ("tencent_sms", "{{ record }}", "最多 6 个字"),
        ("aliyun_sms", "看 https://a.cn", "不能带链接"),
        ("wechat_oa", "一行\n两行", "只能有一行"),
        ("wecom_bot", "库" * 700, "最多 2048 字节"),
        ("email", "{{ recrod }}", "没有名为“recrod”的内容"),
    ],
)
def test_a_template_is_checked_by_its_channel_s_limits(shop, channel, body, words):
    """In the preview and when it is published."""
    definition = {**TEXT, "channel": channel, "body": body}
    told = message_preview.preview(shop, definition=definition)["problems"]

    assert [True] == [words in problem["message"] for problem in told]
    assert [words in problem.message for problem in publish.check(shop, kind="message", definition=definition)] == [
        True
    ]


def test_a_preview_shows_the_newest_alert(shop):
    evaluate.run(shop)
    shown = message_preview.preview(
        shop, definition={**TEXT, "title": "{{ rule }}", "body": "{{ record }} {{ values|length }}"}
    )

    assert shown["is_real"]
    assert "A001" in shown["body"] or "A002" in shown["body"]
    assert [] == shown["problems"]


@pytest.mark.parametrize("day", ["2026-13-40", "0000-00-00", "soon"])
def test_a_rota_begins_on_a_day(shop, day):
    """A day that does not exist is told, and does not end in an error later."""
    with pytest.raises(DefinitionError):
        rotas.save(shop, key="broken", values={"name": "x", "people": ["lin"], "starts": day}, user="admin")
