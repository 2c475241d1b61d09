"""Working with many records: groups and totals, the same change to many, comments, saved views, files."""

from __future__ import annotations

import io
from typing import Any

import pytest

from engine.problems import DefinitionError
from services import bulk_edit, comments, files, mailbox, record_groups, records, views
from services.refusal import Refused
from services.workspace import Workspace


@pytest.fixture
def filled(shops: Workspace) -> Workspace:
    """Three SKUs in two warehouses."""
    for code, name in (("A1", "耳环"), ("A2", "项链"), ("A3", "戒指")):
        records.create(shops, form="sku", values={"code": code, "name": name, "owner": "chen"}, user="admin")
    for code in ("hd", "hn"):
        records.create(shops, form="warehouse", values={"code": code, "name": f"{code}仓"}, user="admin")
    rows = [{"sku": s, "warehouse": w, "on_hand": n} for s, w, n in (("A1", "hd", 5), ("A2", "hd", 7), ("A3", "hn", 1))]
    records.bulk_upsert(shops, form="stock", rows=rows, user="admin")
    return shops


def numbers(ws: Workspace, form: str = "sku") -> list[int]:
    """Return the numbers of all records."""
    return [one["id"] for one in records.list_(ws, form=form, user="admin")["items"]]


def test_groups_have_counts_totals_and_labels(filled: Workspace) -> None:
    """By warehouse: how many rows, how much in all; and the same of everything."""
    found = record_groups.groups(
        filled, form="stock", user="chen", by=["warehouse"], totals=["on_hand", "on_hand:avg", "sku:distinct"]
    )

    assert [(one["values"], one["count"], one["totals"]["on_hand:sum"]) for one in found["items"]] == [
        ({"warehouse": "hd"}, 2, 12),
        ({"warehouse": "hn"}, 1, 1),
    ]
    assert found["items"][0]["labels"] == {"warehouse": "hd hd仓"}
    assert (found["count"], found["totals"]["on_hand:sum"], found["totals"]["sku:distinct"]) == (3, 13, 3)


def test_groups_follow_filter_and_period(filled: Workspace) -> None:
    found = record_groups.groups(
        filled, form="stock", user="chen", by=["created_at:month"], filter="sku.name == '项链'", totals=["on_hand:max"]
    )

    assert [(one["values"], one["totals"]) for one in found["items"]] == [
        ({"created_at:month": "2026-11"}, {"on_hand:max": 7})
    ]


@pytest.mark.parametrize(
    ("asked", "path"),
    [({"by": ["wharehouse"]}, "$.by[0]"), ({"by": ["sku:month"]}, "$.by[0]"), ({"totals": ["sku:sum"]}, "$.totals[0]")],
)
def test_a_group_that_cannot_be_made_is_told(filled: Workspace, asked: dict[str, Any], path: str) -> None:
    with pytest.raises(DefinitionError) as error:
        record_groups.groups(filled, form="stock", user="chen", **asked)

    assert [problem.path for problem in error.value.problems] == [path]


def test_the_same_change_to_many_and_back(filled: Workspace) -> None:
    """Chosen by a filter, each record checked and kept in its history, and taken back whole."""
    done = bulk_edit.edit(filled, form="sku", values={"safety_stock": 99}, filter="code != 'A3'", user="chen")
    assert (done["updated"], done["unchanged"], done["errors"]) == (2, 0, [])
    assert records.list_(filled, form="sku", user="chen", filter="safety_stock == 99")["total"] == 2

    assert bulk_edit.undo(filled, form="sku", batch=done["batch"], user="chen") == {"undone": 2, "kept": 0}
    assert records.list_(filled, form="sku", user="chen", filter="safety_stock == 20")["total"] == 3


def test_a_change_that_some_records_refuse_tells_which(filled: Workspace) -> None:
    first, second, _ = numbers(filled)
    done = bulk_edit.edit(filled, form="sku", values={"code": "A1"}, ids=[first, second, 4711], user="chen")

    assert (done["updated"], done["unchanged"]) == (0, 1)
    assert [(error["id"], error["column"]) for error in done["errors"]] == [(second, "code"), (4711, "")]
    with pytest.raises(DefinitionError):
        bulk_edit.edit(filled, form="sku", values={"name": "x"}, filter="nosuch == 1", user="chen")


def test_many_deleted_but_what_is_pointed_to(filled: Workspace) -> None:
    extra = records.create(filled, form="sku", values={"code": "Z9"}, user="admin")["id"]
    done = bulk_edit.delete(filled, form="sku", ids=[*numbers(filled), 4711], user="chen")

    assert done["deleted"] == 1
    assert len(done["errors"]) == 4
    assert extra not in numbers(filled)


def test_comments_reach_who_is_mentioned(filled: Workspace) -> None:
    """A comment is kept with its author; whoever it mentions finds it in their mailbox; only the author removes it."""
    place = numbers(filled)[0]
    made = comments.add(filled, form="sku", id=place, text=" 请补货 ", mentions=["wang"], user="chen")

    assert [
        (one["by"], one["by_name"], one["text"]) for one in comments.list_(filled, form="sku", id=place, user="wang")
    ] == [("chen", "陈宁", "请补货")]
    (note,) = mailbox.list_(filled, user="wang")["items"]
    assert (note["title"], note["link"]) == ("陈宁 在 A1 耳环 提到了您", f"/app/forms/sku/records/{place}")
    with pytest.raises(Refused):
        comments.remove(filled, form="sku", id=place, comment=made["id"], user="wang")
    comments.remove(filled, form="sku", id=place, comment=made["id"], user="chen")
    assert comments.list_(filled, form="sku", id=place, user="wang") == []
    with pytest.raises(DefinitionError) as error:
        comments.add(filled, form="sku", id=place, text=" ", mentions=["nobody"], user="chen")
    assert [problem.path for problem in error.value.problems] == ["$.mentions[0]", "$.text"]


def test_views_are_ones_own_or_shared(filled: Workspace) -> None:
    """An operator keeps views for himself; an administrator's shared view is seen by all and changed by him only."""
    own = views.add(filled, form="sku", name="我的", settings={"filter": "owner == me"}, user="chen")
    shared = views.add(filled, form="sku", name="全部", settings={}, shared=True, user="admin")

    assert [one["name"] for one in views.list_(filled, form="sku", user="chen")] == ["全部", "我的"]
    assert [one["name"] for one in views.list_(filled, form="sku", user="wang")] == ["全部"]
    assert views.change(filled, form="sku", id=own["id"], changes={"name": "我管的"}, user="chen")["name"] == "我管的"
    for refused in (
        lambda: views.add(filled, form="sku", name="x", settings={}, shared=True, user="chen"),
        lambda: views.change(filled, form="sku", id=shared["id"], changes={"name": "x"}, user="chen"),
        lambda: views.remove(filled, form="sku", id=own["id"], user="wang"),
    ):
        with pytest.raises(Refused):
            refused()
    views.remove(filled, form="sku", id=own["id"], user="chen")
    assert len(views.list_(filled, form="sku", user="chen")) == 1


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n....", "image/png"),
        ("a.png", b"<script>alert(1)</script>", "application/octet-stream"),
        ("a.html", b"<b>", "application/octet-stream"),
        ("a.txt", b"hello", "text/plain"),
    ],
)
def test_a_file_is_what_it_begins_with(ws: Workspace, name: str, content: bytes, kind: str) -> None:
    kept = files.keep(ws, name=name, save=lambda path: path.write_bytes(content), user="chen")

    assert (kept["name"], kept["size"], kept["type"]) == (name, len(content), kind)
    path, told = files.find(ws, id=kept["id"])
    assert (path.read_bytes(), told["by"]) == (content, "chen")
    for wrong in ("../secret.key", "x" * 22):
        with pytest.raises(Refused):
            files.find(ws, id=wrong)


def test_an_empty_file_is_refused(ws: Workspace) -> None:
    with pytest.raises(Refused):
        files.keep(ws, name="a", save=lambda path: path.write_bytes(io.BytesIO().getvalue()), user="chen")
