"""Drafts and publishing."""

from __future__ import annotations

from typing import Any

import pytest

from engine.problems import DefinitionError
from services import audit, publish, records
from services.refusal import Refused
from services.workspace import Workspace
from store import definitions, slots
from store.records import state

FORM: dict[str, Any] = {
    "kind": "form",
    "key": "colour",
    "name": "颜色",
    "fields": [{"key": "code", "type": "text", "label": "编码", "unique": True}],
}


def _more(*fields: dict[str, Any]) -> dict[str, Any]:
    return {**FORM, "fields": [*FORM["fields"], *fields]}


def test_from_draft_to_table(shops: Workspace) -> None:
    """A published form has its table; its draft is gone; the audit log says who."""
    saved = publish.save_draft(shops, kind="form", key="colour", definition=FORM, user="admin")
    answer = publish.publish(shops, kind="form", key="colour", user="admin", note="第一版")
    shown = publish.show(shops, kind="form", key="colour")

    assert ([], {"version": 1}) == (saved["problems"], answer)
    assert ("published", 1, FORM, None) == (shown["status"], shown["version"], shown["definition"], shown["draft"])
    with shops.read() as session:
        assert ["code"] == [column.name for column in state(session, "colour").live]
    assert "发布 颜色 版本 1" == audit.list_(shops, kind="form", key="colour")["items"][0]["summary"]


def test_a_draft_with_problems_is_kept_and_not_published(shop: Workspace) -> None:
    """All problems at once, at their places, in both languages."""
    wrong = _more({"key": "x", "type": "txt", "label": "x"}, {"key": "y", "type": "number", "lable": "y", "label": "y"})
    saved = publish.save_draft(shop, kind="form", key="colour", definition=wrong, user="admin")
    with pytest.raises(DefinitionError) as caught:
        publish.publish(shop, kind="form", key="colour", user="admin")

    paths = {problem["path"] for problem in saved["problems"]}
    assert {problem.path for problem in caught.value.problems} == paths
    assert any(path.startswith("$.fields[1]") for path in paths)
    assert any(path.startswith("$.fields[2]") for path in paths)
    assert "draft" == publish.show(shop, kind="form", key="colour")["status"]


def test_a_stale_draft_is_refused_with_the_other_one(shop: Workspace) -> None:
    """Nothing is lost: the answer carries what the other person saved."""
    first = publish.save_draft(shop, kind="form", key="colour", definition=FORM, user="admin")
    publish.save_draft(shop, kind="form", key="colour", definition=_more(), user="wang", etag=first["etag"])
    with pytest.raises(Refused) as caught:
        publish.save_draft(shop, kind="form", key="colour", definition=FORM, user="admin", etag=first["etag"])

    assert ("stale", 409, "wang") == (caught.value.reason, caught.value.status, caught.value.details["updated_by"])
    assert _more() == caught.value.details["definition"]


def test_a_key_cannot_change(shop: Workspace) -> None:
    """The key is the id."""
    with pytest.raises(DefinitionError, match="标识不能改"):
        publish.save_draft(shop, kind="form", key="other", definition=FORM, user="admin")


def test_many_are_published_together_or_not_at_all(shop: Workspace) -> None:
    """They may refer to each other; the problems of all of them are told under their place."""
    linked = {
        **FORM,
        "key": "size",
        "name": "尺寸",
        "fields": [{"key": "colour", "type": "link", "form": "colour", "label": "颜色"}],
    }
    wrong = {"kind": "form", "key": "bad", "name": "坏", "fields": [{"key": "a", "type": "nmber", "label": "a"}]}
    with pytest.raises(DefinitionError, match=r"\$\.definitions\[2\]\.fields\[0\]"):
        publish.publish_many(shop, [linked, FORM, wrong], user="admin")
    assert {"sku", "stock", "warehouse"} == set(publish.all_current(shop, "form"))
    published = publish.publish_many(shop, [linked, FORM], user="admin", origin="pack")

    assert {("colour", 1), ("size", 1)} == {(one["key"], one["version"]) for one in published}
    assert "pack" == publish.show(shop, kind="form", key="size")["origin"]


def test_publishing_the_same_again_makes_no_version(shop: Workspace) -> None:
    """Loading the demo twice changes nothing."""
    versions = [publish.publish_many(shop, [FORM], user="admin")[0]["version"] for _ in range(2)]

    assert [1, 1] == versions


def test_a_column_does_not_narrow(shop: Workspace) -> None:
    """The refusal names the field; version and table are as before."""
    publish.publish_many(shop, [_more({"key": "n", "type": "text", "label": "n"})], user="admin")
    records.create(shop, form="colour", values={"code": "R", "n": "red"}, user="admin")
    with pytest.raises(DefinitionError) as caught:
        publish.publish_many(shop, [_more({"key": "n", "type": "number", "label": "n"})], user="admin")

    assert ["$.fields[1].type"] == [problem.path for problem in caught.value.problems]
    assert 1 == publish.show(shop, kind="form", key="colour")["version"]


def test_what_repeats_does_not_become_unique(shop: Workspace) -> None:
    """The refusal names the field, and nothing has changed."""
    publish.publish_many(shop, [_more({"key": "n", "type": "text", "label": "n"})], user="admin")
    for code in "AB":
        records.create(shop, form="colour", values={"code": code, "n": "red"}, user="admin")
    with pytest.raises(DefinitionError, match="重复,不能设为唯一") as caught:
        publish.publish_many(shop, [_more({"key": "n", "type": "text", "label": "n", "unique": True})], user="admin")

    assert ["$.fields[1].unique"] == [problem.path for problem in caught.value.problems]


def test_a_definition_that_another_breaks_is_kept_off_and_shown(shop: Workspace) -> None:
    """Taking a field away stops what needs it; bringing it back mends it; nothing is dropped."""
    publish.publish_many(shop, [_more({"key": "n", "type": "number", "label": "n"})], user="admin")
    needing = {
        "kind": "form",
        "key": "paint",
        "name": "漆",
        "fields": [
            {"key": "colour", "type": "link", "form": "colour", "label": "颜色"},
            {"key": "twice", "type": "formula", "label": "两倍", "expression": "colour.n * 2"},
        ],
    }
    publish.publish_many(shop, [needing], user="admin")
    publish.publish_many(shop, [FORM], user="admin")
    broken = publish.show(shop, kind="form", key="paint")
    publish.publish_many(shop, [_more({"key": "n", "type": "number", "label": "n"})], user="admin")
    mended = publish.show(shop, kind="form", key="paint")

    assert ("disabled", True) == (broken["status"], bool(broken["problems"]))
    assert needing == broken["definition"]
    assert ("published", []) == (mended["status"], mended["problems"])
    actions = [row["action"] for row in audit.list_(shop, kind="form", key="paint")["items"]]
    assert ["definition.mended", "definition.broken", "definition.published"] == actions


def test_an_older_version_comes_back_as_the_newest(shop: Workspace) -> None:
    """Rolling back is publishing; history stays."""
    publish.publish_many(shop, [FORM], user="admin")
    publish.publish_many(shop, [{**FORM, "name": "色"}], user="admin")
    assert {"version": 3} == publish.rollback(shop, kind="form", key="colour", version=1, user="admin")

    assert "颜色" == publish.show(shop, kind="form", key="colour")["name"]
    assert [3, 2, 1] == [one["version"] for one in publish.versions(shop, kind="form", key="colour")]
    assert "色" == publish.version(shop, kind="form", key="colour", version=2)["definition"]["name"]


TRIGGER = {
    "kind": "trigger",
    "key": "nightly",
    "on": "schedule",
    "name": "每晚",
    "schedule": {"cron": "0 1 * * *", "timezone": "Asia/Shanghai", "missed": "each"},
}


def test_a_schedule_is_planned_while_the_definition_runs(shop: Workspace) -> None:
    """Publishing plans it, switching off takes it away, switching on plans it again, archiving ends it."""

    def planned() -> list[tuple[str, str, str]]:
        with shop.read() as session:
            return [(s.key, s.missed, s.next_at.isoformat()) for s in slots.schedules(session)]

    publish.publish_many(shop, [TRIGGER], user="admin")
    due = [("nightly", "each", "2026-11-25T17:00:00+00:00")]
    assert due == planned()
    publish.enable(shop, kind="trigger", key="nightly", enabled=False, user="admin")
    assert [] == planned()
    publish.enable(shop, kind="trigger", key="nightly", enabled=True, user="admin")
    assert due == planned()
    publish.archive(shop, kind="trigger", key="nightly", user="admin")
    assert [] == planned()


def test_a_document_says_whether_it_is_on(shop: Workspace) -> None:
    """A pack's definitions may arrive switched off; later versions leave the switch alone."""
    publish.publish_many(shop, [{**TRIGGER, "enabled": False}], user="admin")
    assert "disabled" == publish.show(shop, kind="trigger", key="nightly")["status"]
    publish.enable(shop, kind="trigger", key="nightly", enabled=True, user="admin")
    publish.publish_many(shop, [{**TRIGGER, "enabled": False, "name": "夜里"}], user="admin")

    assert "published" == publish.show(shop, kind="trigger", key="nightly")["status"]


@pytest.mark.parametrize("what", ["show", "publish", "enable", "rollback"])
def test_what_does_not_exist_is_not_found(shop: Workspace, what: str) -> None:
    """With a message, not an error."""
    more: dict[str, Any] = {
        "show": {},
        "publish": {"user": "admin"},
        "enable": {"user": "admin", "enabled": True},
        "rollback": {"user": "admin", "version": 1},
    }[what]
    with pytest.raises(Refused) as caught:
        getattr(publish, what)(shop, kind="form", key="nothing", **more)

    assert 404 == caught.value.status


def test_lists_say_how_each_definition_stands(shop: Workspace) -> None:
    """Forms add their fields and records."""
    publish.save_draft(shop, kind="form", key="colour", definition=FORM, user="wang")
    items = {item["key"]: item for item in publish.list_(shop, kind="form")}

    assert {"sku", "stock", "warehouse", "colour"} == set(items)
    assert ("draft", 0, 1, "wang", True) == tuple(
        items["colour"][name] for name in ("status", "version", "fields", "updated_by", "has_draft")
    )
    assert ("published", 1, 0, "records") == tuple(
        items["sku"][name] for name in ("status", "version", "records", "storage")
    )


def test_an_unknown_kind_is_told_with_the_near_one(shop: Workspace) -> None:
    """A mistyped kind is a problem of the document."""
    with pytest.raises(DefinitionError, match="是否想用“form”"):
        publish.publish_many(shop, [{**FORM, "kind": "forms"}], user="admin")
    with shop.read() as session:
        assert definitions.get(session, "forms", "colour") is None
