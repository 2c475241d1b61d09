"""What a definition may do is read off it: alerts, notices, records, addresses, grants."""

from __future__ import annotations

import pytest

from rule_templates import Ability, abilities

RULE = {"kind": "rule", "actions": [{"type": "notify", "channels": ["sms"]}, {"type": "replenish"}]}


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (None, set()),
        ({"kind": "calendar", "events": []}, set()),
        ({"kind": "rule"}, {("alert", "")}),
        (RULE, {("alert", ""), ("notify", "sms"), ("replenish", "")}),
        ({"kind": "route", "channels": ["mailbox"], "routes": [{"channels": ["sms"]}]}, {("notify", "mailbox"), ("notify", "sms")}),
        ({"kind": "workflow", "nodes": {"a": {"type": "webhook", "url": "https://erp.example/x"}, "b": {"type": "approval"}}}, {("call", "erp.example")}),
        ({"kind": "workflow", "nodes": {"a": {"type": "delete_record", "form": "sku"}}}, {("delete", "sku")}),
        ({"kind": "trigger", "on": "schedule", "start": "x"}, {("run", "schedule"), ("start", "x")}),
        ({"kind": "message", "channel": "sms", "event": "alert"}, {("words", "sms alert")}),
        ({"kind": "role", "permissions": [{"form": "sku", "can": ["edit"]}]}, {("grant", "sku.edit")}),
    ],
)  # fmt: skip
def test_a_definition_may_do_what_it_says(definition, expected):
    assert expected == {(one.code, one.what) for one in abilities(definition)}


def test_an_ability_is_told_in_both_languages():
    def said(ability, names=None):
        told = ability.as_dict(names)
        return told["words"], told["words_en"]

    assert ("发通知:sms", "sends notices: sms") == said(Ability("notify", "sms"))
    assert ("发通知", "sends notices") == said(Ability("notify"))
    assert ("自动运行:按时间", "runs by itself: on schedule") == said(Ability("run", "schedule"))
    assert ("发起流程:补货审批", "starts a workflow: 补货审批") == said(
        Ability("start", "approve"), {"approve": "补货审批"}
    )
