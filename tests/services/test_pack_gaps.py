"""People and channels that a pack counts on and nobody has are named, and filled in with the installation."""

from __future__ import annotations

import copy

import pytest

import rule_templates
from services import packs, publish, users
from services.refusal import Refused

PACK = "daily_replenishment"


def with_sms():
    document = copy.deepcopy(dict(rule_templates.load(PACK).document))
    document["inputs"]["properties"]["channels"]["default"] = ["mailbox", "sms"]
    return document


def test_what_is_missing_is_named_with_who_needs_it(ws):
    lacking = packs.preview(ws, pack=with_sms())["gaps"]

    assert {"buyer": ["通知采购", "补货审批"], "manager": ["通知采购", "补货审批"]} == {
        one["role"]: one["used_by"] for one in lacking["people"]
    }
    assert [{"channel": "sms", "used_by": ["通知采购"]}] == lacking["channels"]


def test_the_answers_fill_it_in(ws):
    users.create(
        ws,
        values={"key": "chen", "name": "陈宁", "password": "three-blue-kettles", "roles": ["operator"]},
        user="admin",
    )
    answers = packs.Answers(people={"buyer": ["chen"], "manager": ["chen"]}, channels={"sms": "mailbox"})

    packs.install(ws, pack=with_sms(), user="admin", answers=answers, confirmed=True)

    assert {"operator", "buyer", "manager"} == set(users.get(ws, key="chen")["roles"])
    assert ["mailbox"] == publish.current(ws, "route", "buyers")["channels"]
    assert {"people": [], "channels": []} == packs.preview(ws, pack=with_sms(), answers=answers)["gaps"]


def test_somebody_who_is_not_there_stops_it_all(ws):
    with pytest.raises(Refused):
        packs.install(ws, pack=PACK, user="admin", answers=packs.Answers(people={"buyer": ["nobody"]}))

    assert {} == publish.all_current(ws, "form")
