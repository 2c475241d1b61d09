"""Every way to read a record, with every field and row that is kept from somebody: nothing comes through."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from python_calamine import CalamineWorkbook

from engine.problems import BeihuoError, DefinitionError
from services import access_view, expressions, publish, records
from services.export import export
from services.refusal import Refused
from services.workspace import Workspace
from store import users
from web.form_schema import record_schema

SECRET = 7777.25  # a cost that no other number of the test holds
HIDDEN_NAME = "暗号冰川"  # the name of a row that is not seen

HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("three-blue-kettles")


def field(key: str, type_: str = "text", **more: Any) -> dict[str, Any]:
    """Return a field."""
    return {"key": key, "type": type_, "label": {"code": "编码", "name": "名称"}.get(key, key), **more}


ITEM = {
    "kind": "form",
    "key": "item",
    "name": "货品",
    "fields": [
        field("code", required=True, unique=True),
        field("name"),
        field("owner", "member"),
        field("cost", "number", label="成本"),
        field("price", "number"),
        field("margin", "formula", expression="price - cost"),
        field("remark"),
        field(
            "lines",
            "sub_form",
            fields=[field("size"), field("rate", "number"), field("twice", "formula", expression="rate * 2")],
        ),
    ],
}
ORDER = {
    "kind": "form",
    "key": "purchase",
    "name": "采购",
    "fields": [
        field("code", required=True, unique=True),
        field("item", "link", form="item"),
        field("quantity", "number"),
        field("amount", "formula", expression="quantity * item.cost"),
        field("title", "formula", result="text", expression="item.name"),
    ],
}
HIDE = {"cost": "hide", "lines.rate": "hide"}
CLERK = {
    "kind": "role",
    "key": "clerk",
    "name": "文员",
    "permissions": [
        {"form": "item", "can": ["view", "add", "edit", "export", "delete"], "rows": "owner == me", "fields": HIDE},
        {"form": "purchase", "can": ["view", "export"]},
    ],
}
# A second group: sees cost, but only in rows of remark 公开.
PRICER = {
    "kind": "role",
    "key": "pricer",
    "name": "核价",
    "permissions": [{"form": "item", "can": ["view", "export"], "rows": "remark == '公开'"}],
}
LINES = [{"size": "M", "rate": SECRET}]
ROWS = (
    {
        "code": "mine",
        "name": "我的",
        "owner": "kim",
        "cost": SECRET,
        "price": 10000,
        "remark": "公开吗",
        "lines": LINES,
    },
    {"code": "theirs", "name": HIDDEN_NAME, "owner": "lee", "cost": SECRET, "price": 9000, "lines": LINES},
    {"code": "open", "name": "公开货", "owner": "lee", "cost": 11.5, "price": 20, "remark": "公开"},
)
PEOPLE = (
    ("root", ["admin"]),
    ("kim", ["operator", "clerk"]),
    ("both", ["operator", "clerk", "pricer"]),
    ("lee", ["operator"]),
)


@pytest.fixture
def guarded(empty: Workspace) -> Workspace:
    """A workspace on each kind of database with two governed forms, their rows, and people of several roles."""
    with empty.write() as session:
        for key, roles in PEOPLE:
            users.add(session, key=key, name=key, roles=roles, password_hash=HASH, now=empty.clock())
    publish.publish_many(empty, [ITEM, ORDER, CLERK, PRICER], user="root")
    for row in ROWS:
        records.create(empty, form="item", values=row, user="root")
    for code in ("mine", "theirs", "open"):
        values = {"code": f"P-{code}", "item": code, "quantity": 3}
        records.create(empty, form="purchase", values=values, user="root")
    return empty


def number(ws: Workspace, code: str, form: str = "item") -> int:
    """Return the number of a record."""
    items = records.list_(ws, form=form, user="root", filter=f"code == '{code}'")["items"]
    return int(items[0]["id"])


def read_all(ws: Workspace, user: str, path: Path) -> Iterator[Any]:
    """Yield what every read path gives *user* of both forms."""
    for form in ("item", "purchase"):
        listed = records.list_(ws, form=form, user=user)
        yield listed
        yield records.list_(ws, form=form, user=user, sort="-code", q="i")
        for code in ("mine", "theirs", "open"):
            key = code if form == "item" else f"P-{code}"
            for read in (records.get, records.history):
                try:
                    yield read(ws, form=form, id=number(ws, key, form), user=user)
                except Refused as refused:
                    yield refused.details
        for kind in (".csv", ".xlsx"):
            file = path / f"{form}{kind}"
            yield export(ws, form=form, path=file, user=user)
            yield file.read_text("utf-8-sig") if kind == ".csv" else _workbook(file)
        document = publish.current(ws, "form", form)
        shown = access_view.form_shown(ws, document, user=user, design=False)
        yield [shown, record_schema(shown), access_view.describe(ws, form=form, user=user)["fields"]]
        yield [one["path"] for one in expressions.fields(ws, form=form, user=user)]


def _workbook(file: Path) -> str:
    book = CalamineWorkbook.from_path(str(file))
    return json.dumps([book.get_sheet_by_name(name).to_python() for name in book.sheet_names], default=str)


def test_no_way_to_read_gives_a_hidden_field_or_row(guarded: Workspace, tmp_path: Path) -> None:
    """Cost, what is worked out of it in two forms, and a column of lines are nowhere; nor is the other's row."""
    everything = "\n".join(
        json.dumps(part, default=str, ensure_ascii=False) for part in read_all(guarded, "kim", tmp_path)
    )

    for word in ("7777", "cost", "成本", "margin", "amount", "rate", "twice", HIDDEN_NAME, "23331", "2222", "公开货"):
        assert word not in everything, word
    assert "我的" in everything
    assert "10000" in everything


def test_the_administrator_reads_all_of_it(guarded: Workspace, tmp_path: Path) -> None:
    """The test above can fail: the same paths give the administrator everything."""
    everything = "\n".join(
        json.dumps(part, default=str, ensure_ascii=False) for part in read_all(guarded, "root", tmp_path)
    )

    for word in ("7777", "cost", "成本", "margin", "amount", "rate", "twice", HIDDEN_NAME, "公开货"):
        assert word in everything, word


HIDDEN_PATHS = ("cost", "成本", "margin")
ASK: dict[str, Callable[[Workspace, str, str], Any]] = {
    "filter": lambda ws, user, name: records.list_(ws, form="item", user=user, filter=f"{name} > 1"),
    "sort": lambda ws, user, name: records.list_(ws, form="item", user=user, sort=f"-{name}"),
    "link": lambda ws, user, name: records.list_(ws, form="purchase", user=user, filter=f"item.{name} > 1"),
    "export": lambda ws, user, name: export(
        ws, form="item", path=ws.folder("exports") / "x.csv", user=user, filter=f"{name} > 1"
    ),
    "write": lambda ws, user, name: records.update(ws, form="item", id=number(ws, "mine"), values={name: 5}, user=user),
}


@pytest.mark.parametrize(
    ("way", "name"),
    [(way, name) for way in sorted(ASK) for name in HIDDEN_PATHS if (way, name) != ("sort", "成本")],  # keys only
)
def test_a_hidden_field_is_one_that_is_not_there(guarded: Workspace, way: str, name: str) -> None:
    """Asked for in any way, a hidden field gives the very words that a made-up one gives."""

    def said(asked: str) -> str:
        with pytest.raises(DefinitionError) as found:
            ASK[way](guarded, "kim", asked)
        (problem,) = found.value.problems
        return f"{problem.message} {problem.message_en}".replace(asked, "…")

    assert said(name) == said("zzqqzzqq")


def test_a_live_value_neither_reads_a_hidden_field_nor_a_hidden_row(guarded: Workspace) -> None:
    told = expressions.evaluate(guarded, source="cost", form="item", keys={"code": "mine"}, user="kim")
    assert told["value"] is None
    assert told["problems"][0]["message"] == expressions.check(guarded, source="cost2", form="item", user="kim")[
        "problems"
    ][0]["message"].replace("cost2", "cost")

    with pytest.raises(Refused) as refused:
        expressions.evaluate(guarded, source="name", form="item", keys={"code": "theirs"}, user="kim")
    assert refused.value.reason == "not_found"


def test_a_link_to_a_hidden_row_has_no_label_and_no_value(guarded: Workspace) -> None:
    """The code that the record itself holds is shown; what stands behind it is not."""
    items = {one["values"]["code"]: one for one in records.list_(guarded, form="purchase", user="kim")["items"]}

    assert "item" not in items["P-theirs"]["labels"]
    assert "我的" in items["P-mine"]["labels"]["item"]
    found = records.list_(guarded, form="purchase", user="kim", filter=f"item.name == '{HIDDEN_NAME}'")
    assert found["total"] == 0


def test_several_roles_add_up_row_by_row(guarded: Workspace) -> None:
    """Own rows without cost, open rows with it: a filter over cost looks at the open rows only."""
    items = {one["values"]["code"]: one["values"] for one in records.list_(guarded, form="item", user="both")["items"]}

    assert set(items) == {"open"}  # both owns nothing
    assert items["open"]["cost"] == 11.5
    records.update(guarded, form="item", id=number(guarded, "mine"), values={"owner": "both"}, user="root")
    items = {one["values"]["code"]: one["values"] for one in records.list_(guarded, form="item", user="both")["items"]}
    assert set(items) == {"mine", "open"}
    assert "cost" not in items["mine"]
    assert "margin" not in items["mine"]
    assert items["open"]["margin"] == 8.5
    found = records.list_(guarded, form="item", user="both", filter="cost > 0")
    assert [one["values"]["code"] for one in found["items"]] == ["open"]
    assert records.list_(guarded, form="item", user="both", sort="cost")["total"] == 1


def test_a_governed_form_is_closed_to_who_has_no_group(guarded: Workspace) -> None:
    """`operator` alone opens nothing any more once somebody says who may."""
    for call in (
        lambda: records.list_(guarded, form="item", user="lee"),
        lambda: records.get(guarded, form="item", id=number(guarded, "open"), user="lee"),
        lambda: records.history(guarded, form="item", id=number(guarded, "open"), user="lee"),
        lambda: records.create(guarded, form="item", values={"code": "x"}, user="lee"),
        lambda: export(guarded, form="item", path=guarded.folder("exports") / "y.csv", user="lee"),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.reason == "forbidden"
    assert "item" not in access_view.forms_seen(guarded, user="lee")


def test_writing_stays_inside_the_rows(guarded: Workspace) -> None:
    """A new record, a changed one and a deleted one have to be the writer's; a link may only lead to what is seen."""
    with pytest.raises(Refused):
        records.create(guarded, form="item", values={"code": "n1", "owner": "lee"}, user="kim")
    made = records.create(guarded, form="item", values={"code": "n1", "owner": "kim", "price": 3}, user="kim")
    with pytest.raises(Refused):
        records.update(guarded, form="item", id=made["id"], values={"owner": "lee"}, user="kim")
    for write in (
        lambda: records.update(guarded, form="item", id=number(guarded, "open"), values={"price": 1}, user="kim"),
        lambda: records.delete(guarded, form="item", id=number(guarded, "open"), user="kim"),
    ):
        with pytest.raises(Refused) as refused:
            write()
        assert refused.value.reason == "not_found"
    with pytest.raises(Refused):
        records.create(guarded, form="purchase", values={"code": "P9", "item": "mine"}, user="kim")
    records.delete(guarded, form="item", id=made["id"], user="kim")


def test_many_rows_at_once_are_held_to_the_same_rights(guarded: Workspace) -> None:
    """Pasting is no way around: hidden fields are unknown, rows of others refused, new rows must be one's own."""
    rows = [{"code": "mine", "price": 1}, {"code": "mine", "cost": 1}, {"code": "open", "price": 1}]
    done = records.bulk_upsert(guarded, form="item", rows=rows, user="kim")

    assert (done["updated"], [error["row"] for error in done["errors"]]) == (1, [2, 3])
    assert done["errors"][0]["message"] == "没有字段“cost”"
    with pytest.raises(Refused):
        records.bulk_upsert(guarded, form="item", rows=[{"code": "n2", "owner": "lee"}], user="kim")
    kept = records.get(guarded, form="item", id=number(guarded, "mine"), user="root")["values"]
    assert (kept["cost"], kept["lines"][0]["rate"]) == (SECRET, SECRET)


def test_changing_the_lines_keeps_the_columns_that_are_not_seen(guarded: Workspace) -> None:
    place = number(guarded, "mine")
    records.update(guarded, form="item", id=place, values={"lines": [{"size": "L"}, {"size": "S"}]}, user="kim")

    lines = records.get(guarded, form="item", id=place, user="root")["values"]["lines"]
    assert [(line["size"], line.get("rate")) for line in lines] == [("L", SECRET), ("S", None)]


def test_a_change_of_roles_counts_from_the_next_request(guarded: Workspace) -> None:
    with guarded.write() as session:
        users.change(session, "kim", roles=["operator"])
    with pytest.raises(Refused):
        records.list_(guarded, form="item", user="kim")


def test_why_a_row_is_not_seen(guarded: Workspace) -> None:
    """Each group says whether its condition holds for the row, with the values."""
    told = access_view.why(guarded, form="item", id=number(guarded, "theirs"), user="kim")

    assert told["visible"] is False
    assert [(one["role"], one["rows"], one["holds"]) for one in told["reasons"]] == [("clerk", "owner == me", False)]
    assert "lee" in told["reasons"][0]["message"]
    assert access_view.why(guarded, form="item", id=number(guarded, "mine"), user="kim")["visible"] is True
    assert access_view.why(guarded, form="item", id=number(guarded, "mine"), user="lee")["reasons"] == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"rows": "ownr == me"}, "$.permissions[0].rows"),
        ({"rows": "price"}, "$.permissions[0].rows"),
        ({"fields": {"costs": "hide"}}, "$.permissions[0].fields.costs"),
        ({"form": "itme"}, "$.permissions[0].form"),
    ],
)
def test_a_wrong_group_is_refused_when_it_is_published(guarded: Workspace, change: dict[str, Any], path: str) -> None:
    role = {"kind": "role", "key": "r2", "name": "r2", "permissions": [{"form": "item", "can": ["view"], **change}]}

    assert [problem.path for problem in publish.check(guarded, kind="role", definition=role)] == [path]


def test_departments_and_their_people_can_be_a_scope(guarded: Workspace) -> None:
    """`my_people` are those of one's department and the departments below it."""
    with guarded.write() as session:
        users.save_department(session, "hq", name="总部", parent=None, head=None)
        users.save_department(session, "east", name="华东", parent="hq", head=None)
        users.change(session, "kim", department="hq", roles=["operator", "chief"])
        users.change(session, "lee", department="east")
    group = {"form": "item", "can": ["view"], "rows": "owner in my_people or created_by == me"}
    publish.publish_many(
        guarded, [{"kind": "role", "key": "chief", "name": "主管", "permissions": [group]}], user="root"
    )

    seen = {one["values"]["code"] for one in records.list_(guarded, form="item", user="kim")["items"]}
    assert seen == {"mine", "theirs", "open"}
    with guarded.write() as session:
        users.change(session, "kim", department="east")
    assert len(records.list_(guarded, form="item", user="kim", filter="owner == me")["items"]) == 1


def test_the_form_itself_may_say_who_may_what(guarded: Workspace) -> None:
    """Groups in the form's own definition count like those of roles; `everyone` is everybody."""
    publish.publish_many(
        guarded,
        [{**ORDER, "permissions": [{"role": "everyone", "can": ["view"], "fields": {"*": "hide", "code": "read"}}]}],
        user="root",
    )

    items = records.list_(guarded, form="purchase", user="lee")["items"]
    assert [set(one["values"]) for one in items] == [{"code"}] * 3
    with pytest.raises(BeihuoError):
        records.list_(guarded, form="purchase", user="lee", filter="quantity > 1")
