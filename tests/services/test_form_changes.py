"""A form changed while it has records: values that convert are converted, others stop it, removed data stays until purged."""

from __future__ import annotations

from typing import Any

import pytest

from engine.problems import DefinitionError
from services import definition_copy, form_changes, publish, records
from services.refusal import Refused
from services.workspace import Workspace


def with_type(form: dict[str, Any], key: str, **change: Any) -> dict[str, Any]:
    """Return the form with one field changed."""
    return {**form, "fields": [{**one, **change} if one["key"] == key else one for one in form["fields"]]}


@pytest.fixture
def sizes(shops: Workspace) -> dict[str, Any]:
    """A form whose text field holds numbers, but for one record."""
    fields = [
        {"key": "code", "type": "text", "label": "编码", "unique": True, "required": True},
        {"key": "size", "type": "text", "label": "尺寸"},
        {"key": "colour", "type": "text", "label": "颜色"},
    ]
    form = {"kind": "form", "key": "shape", "name": "形状", "fields": fields}
    publish.publish_many(shops, [form], user="admin")
    rows = [{"code": "a", "size": "12"}, {"code": "b", "size": "1,200.5"}, {"code": "c", "size": "大", "colour": "红"}]
    records.bulk_upsert(shops, form="shape", rows=rows, user="admin")
    return form


def test_the_preview_names_what_would_not_convert(shops: Workspace, sizes: dict[str, Any]) -> None:
    """Text to number: one of three values is no number; a removed field says how much it holds."""
    new = with_type(sizes, "size", type="number")
    new["fields"] = [one for one in new["fields"] if one["key"] != "colour"]
    new["fields"].append({"key": "weight", "type": "number", "label": "重量"})
    told = form_changes.preview(shops, form="shape", definition=new, user="admin")

    assert [(one["field"], one["kind"], one["rows"], one["failing"]) for one in told["changes"]] == [
        ("size", "retyped", 3, 1),
        ("colour", "removed", 1, 0),
        ("weight", "added", 0, 0),
    ]
    assert [one["value"] for one in told["changes"][0]["examples"]] == ["大"]
    assert told["safe"] is False


def test_publishing_waits_until_every_value_converts(shops: Workspace, sizes: dict[str, Any]) -> None:
    """Refused with an example while one value does not convert; afterwards the numbers are numbers, indexes in place."""
    new = with_type(sizes, "size", type="number")
    with pytest.raises(DefinitionError) as error:
        publish.publish_many(shops, [new], user="admin")
    (problem,) = error.value.problems
    assert ("大" in problem.message, problem.path) == (True, "$.fields[1].type")

    bad = records.list_(shops, form="shape", user="admin", filter="size == '大'")["items"][0]["id"]
    records.update(shops, form="shape", id=bad, values={"size": "7"}, user="admin")
    publish.publish_many(shops, [new], user="admin")
    items = records.list_(shops, form="shape", user="admin", sort="size")["items"]
    assert [one["values"]["size"] for one in items] == [7, 12, 1200.5]
    assert records.list_(shops, form="shape", user="admin", filter="size > 10")["total"] == 2


def test_a_unique_column_keeps_its_index(shops: Workspace, sizes: dict[str, Any]) -> None:
    rows = [{"code": str(number)} for number in (1, 2, 3)]
    for one in records.list_(shops, form="shape", user="admin")["items"]:
        records.update(shops, form="shape", id=one["id"], values=rows.pop(), user="admin")
    publish.publish_many(shops, [with_type(sizes, "code", type="number")], user="admin")

    with pytest.raises(DefinitionError):
        records.create(shops, form="shape", values={"code": 2}, user="admin")
    found = records.bulk_upsert(shops, form="shape", rows=[{"code": 2, "colour": "x"}], match=["code"], user="admin")
    assert found["updated"] == 1


def test_removed_data_stays_until_it_is_purged(shops: Workspace, sizes: dict[str, Any]) -> None:
    """Back with its field as long as nobody purged it; gone for good after."""
    without = {**sizes, "fields": sizes["fields"][:2]}
    publish.publish_many(shops, [without], user="admin")
    assert form_changes.removed(shops, form="shape") == [{"field": "colour", "kind": "text", "rows": 1}]
    publish.publish_many(shops, [sizes], user="admin")
    assert records.list_(shops, form="shape", user="admin", filter="colour == '红'")["total"] == 1

    publish.publish_many(shops, [without], user="admin")
    assert form_changes.purge(shops, form="shape", field="colour", user="admin") == {"purged": "colour"}
    with pytest.raises(Refused):
        form_changes.purge(shops, form="shape", field="colour", user="admin")
    publish.publish_many(shops, [sizes], user="admin")
    assert records.list_(shops, form="shape", user="admin", filter="colour == '红'")["total"] == 0


def test_a_copy_is_a_draft_of_its_own(shop: Workspace) -> None:
    made = definition_copy.copy(shop, kind="form", key="sku", to="sku_two", name="商品二", user="admin")

    assert (made["definition"]["key"], made["definition"]["name"], made["problems"]) == ("sku_two", "商品二", [])
    assert publish.publish(shop, kind="form", key="sku_two", user="admin") == {"version": 1}
    with pytest.raises(Refused):
        definition_copy.copy(shop, kind="form", key="sku", to="warehouse", name="x", user="admin")
