"""Every field type is whole: titles in two languages, a valid schema, docstrings, examples that hold, a page in the docs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from engine.definitions import problems_in, schema_problems
from form_builder import FIELD_TYPES, RecordContext

DOCS = Path(__file__).resolve().parents[2] / "docs"
KINDS = {"text", "integer", "number", "money", "boolean", "date", "datetime", "json", None}
CONTEXT = RecordContext(dt.datetime(2026, 11, 25, tzinfo=dt.UTC))
WANTED = {
    *(
        "text",
        "long_text",
        "number",
        "money",
        "percent",
        "date",
        "datetime",
        "time",
        "boolean",
        "choice",
        "multi_choice",
    ),
    *(
        "member",
        "department",
        "link",
        "select_data",
        "sub_form",
        "formula",
        "auto_number",
        "attachment",
        "image",
        "phone",
    ),
    *("email", "url", "address", "barcode", "rating", "signature", "rich_text", "json", "quantity", "sparkline", "sku"),
    *("warehouse", "supplier"),
}


def test_the_promised_types_are_there():
    assert set(FIELD_TYPES) >= WANTED


@pytest.mark.parametrize("name", sorted(WANTED))
def test_a_type_is_whole(name):
    kind = FIELD_TYPES[name]

    assert kind.title
    assert kind.title_en
    assert kind.icon
    assert kind.widget
    assert kind.group
    assert kind.kind in KINDS
    assert kind.__doc__
    assert kind.read.__doc__
    assert kind.examples
    assert [] == schema_problems(kind.schema)
    for key, setting in kind.schema["properties"].items():
        assert {"title", "x-title-en"} <= set(setting), f"the setting {key} of {name} has no title in both languages"


@pytest.mark.parametrize("name", sorted(WANTED))
def test_the_examples_hold(name):
    kind = FIELD_TYPES[name]
    for example in kind.examples:
        field = {"key": "x", "type": name, "label": "X", **example.settings}

        assert [] == problems_in(kind.schema, field)
        value = kind.read(example.given, field, CONTEXT)
        assert example.value == value
        if value is not None:
            assert kind.read(value, field, CONTEXT) == value, "what was read is read as itself"
            assert isinstance(kind.show(value, field), str)


@pytest.mark.parametrize("name", sorted(WANTED))
@pytest.mark.parametrize("page", ["forms.md", "en/forms.md"])
def test_the_docs_tell_of_it(name, page):
    assert f"`{name}`" in (DOCS / page).read_text(encoding="utf-8")
