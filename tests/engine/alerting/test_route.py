"""Who is told: the tree of routes, receivers, groups, silences, inhibition, quiet hours, escalation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from engine.alerting.route import (
    Matcher,
    Silence,
    escalation_due,
    group,
    inhibit,
    is_quiet,
    recipients,
    routes_for,
    silence,
)

NOON = dt.datetime(2026, 11, 11, 4, tzinfo=dt.UTC)


def equals(condition: str, alert: Mapping[str, Any]) -> bool:
    """Read `name == 'text'` only: the tree is what is tried here."""
    name, _, text = condition.partition(" == ")
    return alert.get(name) == text.strip("'")


class People:
    def on_call(self, rota: str) -> str | None:
        return {"weekend": "wang"}.get(rota)

    def in_role(self, role: str) -> list[str]:
        return {"buyer": ["chen", "zhao"], "manager": ["wang"]}.get(role, [])

    def superior(self, person: str) -> str | None:
        return {"chen": "wang", "zhao": "wang"}.get(person)


TREE = {
    "key": "root",
    "to": ["role:buyer"],
    "channels": ["mailbox"],
    "routes": [
        {"match": "level == 'critical'", "channels": ["sms"], "continue": True},
        {"match": "warehouse == 'hn'", "to": ["role:manager"], "routes": [{"match": "rule == 'x'", "to": ["guest"]}]},
        {"match": "level == 'critical'", "channels": ["email"]},
    ],
}


def taken(**alert: str) -> list[tuple[str, list[str], list[str]]]:
    return [
        (route.path, list(route.settings["to"]), list(route.settings["channels"]))
        for route in routes_for(TREE, alert, equals)
    ]


def test_the_first_match_wins_unless_it_continues():
    """A child inherits what it does not say; `continue` lets the next one have a look."""
    assert [("root", ["role:buyer"], ["mailbox"])] == taken(level="warning")
    assert [("root.routes[0]", ["role:buyer"], ["sms"]), ("root.routes[2]", ["role:buyer"], ["email"])] == taken(
        level="critical"
    )
    assert [("root.routes[0]", ["role:buyer"], ["sms"]), ("root.routes[1]", ["role:manager"], ["mailbox"])] == taken(
        level="critical", warehouse="hn"
    )
    assert [("root.routes[1].routes[0]", ["guest"], ["mailbox"])] == taken(warehouse="hn", rule="x")


def test_a_root_that_does_not_match_takes_nothing():
    """A route with a condition that fails tells nobody."""
    assert [] == routes_for({"key": "r", "match": "level == 'critical'"}, {"level": "warning"}, equals)


def test_receivers_are_people_roles_fields_and_superiors():
    """Each person once, in the order of the list; an empty field names nobody."""
    record = {"sku.owner": "lin", "buyers": ["chen", "guest"], "empty": None}
    assert ["lin", "chen", "zhao", "guest", "wang"] == recipients(
        ["field:sku.owner", "role:buyer", "field:buyers", "field:empty", "superior:role:buyer"], record, People()
    )
    assert ["chen", "wang"] == recipients(["person:chen", "superior"], {}, People())


def test_groups():
    """Grouped by warehouse; `...` keeps each alone; nothing joins all."""
    alerts = [{"w": "a", "n": 1}, {"w": "b", "n": 2}, {"w": "a", "n": 3}]
    assert {(("w", "a"),): [1, 3], (("w", "b"),): [2]} == {
        key: [alert["n"] for alert in found] for key, found in group(alerts, ["w"]).items()
    }
    assert [1, 1, 1] == [len(found) for found in group(alerts, ["..."]).values()]
    assert [3] == [len(found) for found in group(alerts, []).values()]


def test_a_silence_covers_what_passes_all_its_matchers_while_it_is_on():
    """From its start until just before its end; without matchers it covers nothing."""
    hour = dt.timedelta(hours=1)
    one = Silence(
        "s", (Matcher("rule", "=", "low"), Matcher("sku", "in", ["A", "B"])), NOON, NOON + hour, "lin", "盘点"
    )
    assert one is silence({"rule": "low", "sku": "A"}, [one], NOON)
    assert None is silence({"rule": "low", "sku": "C"}, [one], NOON)
    assert None is silence({"rule": "low", "sku": "A"}, [one], NOON + hour)
    assert None is silence({}, [Silence("t", (), NOON, NOON + hour, "lin", "")], NOON)
    assert None is not silence({}, [Silence("u", (Matcher("sku", "!=", "A"),), NOON, NOON + hour, "", "")], NOON)


def test_a_stockout_inhibits_low_stock_of_the_same_record():
    """While the stockout fires at critical, low stock of the same keys is not told; other records are."""
    rules = {
        "stockout": {
            "levels": [{"level": "warning", "when": ""}, {"level": "critical", "when": ""}],
            "inhibits": [{"rule": "low", "level": "critical"}],
        }
    }
    low = {"rule": "low", "keys": {"sku": "A", "warehouse": "hd"}}
    out = {"rule": "stockout", "level": "critical", "keys": {"sku": "A", "warehouse": "hd"}}
    assert out == inhibit(low, [low, out], rules)
    assert None is inhibit(low, [{**out, "level": "warning"}], rules)
    assert None is inhibit(low, [{**out, "keys": {"sku": "A", "warehouse": "hn"}}], rules)
    assert None is inhibit(out, [out], rules)


def test_quiet_hours_pass_midnight():
    """22:00 to 08:00 of a Wednesday covers Thursday 03:00, in the zone that is meant."""
    night = [{"from": "22:00", "to": "08:00", "weekdays": [3]}]
    assert not is_quiet(night, NOON)
    assert is_quiet(night, dt.datetime(2026, 11, 11, 19, tzinfo=dt.UTC))
    assert not is_quiet(night, dt.datetime(2026, 11, 10, 19, tzinfo=dt.UTC))


def test_escalation_steps_come_due_one_after_the_other():
    """After 30 minutes the superior, after two hours the manager; what was done is not done again."""
    steps = [{"after": "PT30M", "to": ["superior"]}, {"after": "PT2H", "to": ["role:manager"]}]
    assert [] == escalation_due(steps, NOON, 0, NOON + dt.timedelta(minutes=29))
    assert steps[:1] == escalation_due(steps, NOON, 0, NOON + dt.timedelta(minutes=30))
    assert steps[1:] == escalation_due(steps, NOON, 1, NOON + dt.timedelta(hours=2))
