"""The in-tray: returned to the initiator, commented on, decided in batches, handed to an agent or a successor, begun as a draft."""

import datetime as dt

import pytest

from engine.problems import DefinitionError
from services import agencies, approve, batch_decide, drafts, handover, instance_acts, tasks, todo
from services.publish import publish_many
from services.refusal import Refused
from services.submit import submit
from services.users import create
from store import seats

FORM = {
    "kind": "form",
    "key": "request",
    "name": "请购",
    "fields": [
        {"key": "code", "type": "text", "label": "编号", "required": True, "unique": True},
        {"key": "quantity", "type": "number", "label": "数量"},
        {"key": "double", "type": "formula", "label": "两倍", "expression": "quantity * 2"},
    ],
}
WORKFLOW = {
    "kind": "workflow",
    "key": "buying",
    "name": "请购会签",
    "form": "request",
    "nodes": {
        "s": {"type": "start"},
        "f": {"type": "parallel"},
        "one": {"type": "approval", "name": "采购", "approvers": ["user:chen"]},
        "two": {"type": "approval", "name": "仓库", "approvers": ["user:wang"]},
        "j": {"type": "parallel"},
        "z": {"type": "end"},
    },
    "edges": [
        {"id": "e1", "from": "s", "to": "f"},
        {"id": "e2", "from": "f", "to": "one"},
        {"id": "e3", "from": "f", "to": "two"},
        {"id": "e4", "from": "one", "to": "j"},
        {"id": "e5", "from": "two", "to": "j"},
        {"id": "e6", "from": "j", "to": "z"},
    ],
}


@pytest.fixture
def shop(ws):
    for key in ("lin", "chen", "wang", "zhao"):
        create(
            ws, values={"key": key, "name": key, "password": "three-blue-kettles", "roles": ["operator"]}, user="system"
        )
    publish_many(ws, definitions=[FORM, WORKFLOW], user="system")
    return ws


def begin(ws, code="R1"):
    return submit(ws, workflow="buying", values={"code": code, "quantity": 3}, user="lin")["instance"]


def first(ws, user):
    return tasks.box(ws, user=user)["items"][0]["id"]


def test_it_starts_on_a_new_record_in_one_transaction(shop):
    """The record and the two to-dos are there; a record with problems starts nothing."""
    begin(shop)

    assert [1, 1] == [tasks.box(shop, user=user)["total"] for user in ("chen", "wang")]
    with pytest.raises(DefinitionError):
        submit(shop, workflow="buying", values={"quantity": 3}, user="lin")
    assert 1 == len(tasks.instances_of(shop)["items"])


@pytest.mark.parametrize(("resume", "again"), [("replay", ["chen", "wang"]), ("direct", ["wang"])])
def test_returned_to_the_initiator_it_is_edited_and_goes_on_as_chosen(shop, resume, again):
    """Chen has agreed when Wang returns it: deciding again asks both, straight back asks Wang alone."""
    begin(shop)
    approve.decide(shop, seat=first(shop, "chen"), op="approve", user="chen")
    approve.decide(
        shop,
        seat=first(shop, "wang"),
        op="return",
        comment="太少",
        user="wang",
        extra={"to": "START", "resume": resume},
    )
    seat = first(shop, "lin")
    shown = todo.todo(shop, seat=seat, user="lin")

    assert ["resubmit", "recall"] == shown["actions"]
    assert {"code": "write", "quantity": "write", "double": "read"} == {f["key"]: f["access"] for f in shown["fields"]}
    approve.decide(shop, seat=seat, op="resubmit", form={"quantity": 9}, user="lin")
    assert again == [user for user in ("chen", "wang") if tasks.box(shop, user=user)["total"]]
    fields = todo.todo(shop, seat=first(shop, "wang"), user="wang")["fields"]
    assert [9, 18] == [field["value"] for field in fields if field["key"] in {"quantity", "double"}]


def test_a_closed_to_do_says_who_dealt_with_it(shop):
    begin(shop)
    seat = first(shop, "chen")
    approve.decide(shop, seat=seat, op="approve", user="chen")
    shown = todo.todo(shop, seat=seat, user="chen")

    assert ("chen", "approve", ["retract"]) == (shown["decided"]["by"], shown["decided"]["op"], shown["actions"])
    with pytest.raises(Refused, match="已由chen于"):
        approve.decide(shop, seat=seat, op="reject", user="chen")


def test_who_takes_part_comments_and_mentions(shop):
    """The comment stands in the timeline with its file; whoever was mentioned is told and may answer; others may not."""
    key = begin(shop)
    extra = {"users": ["zhao"], "files": [{"id": "f1", "name": "报价.pdf"}]}
    instance_acts.act(shop, instance=key, op="comment", comment="请看报价", user="chen", extra=extra)
    instance_acts.act(shop, instance=key, op="comment", comment="没问题", user="zhao")

    said = [step for step in tasks.instance(shop, id=key)["timeline"] if step["op"] == "comment"]
    assert [("请看报价", ["报价.pdf"]), ("没问题", [])] == [
        (step["comment"], [file["name"] for file in step["files"]]) for step in said
    ]
    create(
        shop,
        values={"key": "qian", "name": "qian", "password": "three-blue-kettles", "roles": ["operator"]},
        user="system",
    )
    with pytest.raises(Refused, match="参与"):
        instance_acts.act(shop, instance=key, op="comment", comment="?", user="qian")


def test_a_batch_answers_for_each(shop):
    """Two of one's own are approved; somebody else's is refused and keeps neither."""
    for code in ("R1", "R2"):
        begin(shop, code)
    mine = [item["id"] for item in tasks.box(shop, user="chen")["items"]]
    other = first(shop, "wang")

    found = batch_decide.decide_many(shop, seats=[*mine, other], op="approve", user="chen", request_id="b1")

    assert (2, 1) == (found["done"], found["failed"])
    assert {other} == {item["id"] for item in found["items"] if not item["ok"]}
    again = batch_decide.decide_many(shop, seats=mine, op="approve", user="chen", request_id="b1")
    assert 2 == again["done"]


def test_an_agent_gets_what_arrives_while_somebody_is_away(shop, clock):
    """From the moment of the agency until it ends; the principal may take one back."""
    now = clock()
    number = agencies.add(shop, user="chen", agent="zhao", starts_at=now, ends_at=now + dt.timedelta(days=3))["id"]
    begin(shop)

    assert ["zhao"] == [one["agent"] for one in agencies.list_(shop, user="chen")["items"]]
    assert (0, 1) == (tasks.box(shop, user="chen")["total"], tasks.box(shop, user="zhao")["total"])
    seat = first(shop, "zhao")
    assert ["take_back"] == todo.todo(shop, seat=seat, user="chen")["actions"]
    approve.decide(shop, seat=seat, op="take_back", user="chen")
    assert 1 == tasks.box(shop, user="chen")["total"]
    agencies.end(shop, user="chen", number=number)
    assert [] == agencies.list_(shop, user="chen")["items"]


def test_an_agent_must_be_somebody_else_for_some_time(shop, clock):
    now = clock()
    with pytest.raises(DefinitionError) as caught:
        agencies.add(shop, user="chen", agent="chen", starts_at=now, ends_at=now)
    assert ["$.agent", "$.ends_at"] == [problem.path for problem in caught.value.problems]


def test_a_leaving_colleague_hands_everything_over(shop):
    """All open to-dos move, nobody gets two at one step, and the steps that name the person are listed."""
    for code in ("R1", "R2", "R3"):
        begin(shop, code)

    found = handover.hand_over(shop, user="chen", to="zhao", by="admin")

    assert (3, [], 0) == (found["moved"], found["failed"], found["left"])
    assert [("buying", "one")] == [(one["workflow"], one["node"]) for one in found["named"]]
    assert (0, 3) == (tasks.box(shop, user="chen")["total"], tasks.box(shop, user="zhao")["total"])
    assert 0 == handover.hand_over(shop, user="chen", to="zhao", by="admin")["moved"]
    with pytest.raises(Refused):
        handover.hand_over(shop, user="zhao", to="zhao", by="admin")


def test_a_draft_waits_for_its_author_and_goes_when_it_is_submitted(shop):
    key = drafts.save(shop, workflow="buying", values={"code": "R9"}, user="lin")["id"]
    assert (
        key == drafts.save(shop, workflow="buying", values={"code": "R9", "quantity": 5}, user="lin", draft=key)["id"]
    )

    assert [key] == [item["instance"] for item in tasks.box(shop, user="lin", box="drafts")["items"]]
    assert ([], []) == (tasks.box(shop, user="lin", box="started")["items"], tasks.instances_of(shop)["items"])
    with pytest.raises(Refused):
        drafts.get(shop, draft=key, user="chen")
    values = drafts.get(shop, draft=key, user="lin")["values"]
    submit(shop, workflow="buying", values=values, user="lin", draft=key)
    assert [] == tasks.box(shop, user="lin", box="drafts")["items"]
    with shop.read() as session:
        assert [] == seats.instances_of(session, "lin")
