"""Every plug-in of every kind says what it is: title, valid schema, docstring, example that its own schema accepts, docs."""

import inspect
import re
from pathlib import Path

import jsonschema
import pytest

from form_builder import FIELD_TYPES
from integrations import CHANNELS
from workflows.node import NODE_TYPES

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = {
    "zh": {page.stem: page.read_text() for page in (ROOT / "docs").glob("*.md")},
    "en": {page.stem: page.read_text() for page in (ROOT / "docs" / "en").glob("*.md")},
}
KINDS = {"channel": CHANNELS, "field": FIELD_TYPES, "node": NODE_TYPES}
PLUG_INS = [(kind, name, plug_in) for kind, registry in KINDS.items() for name, plug_in in registry.items()]
NAMES = [f"{kind}:{name}" for kind, name, _ in PLUG_INS]


@pytest.mark.parametrize(("kind", "name", "plug_in"), PLUG_INS, ids=NAMES)
def test_it_has_a_title_in_both_languages(kind, name, plug_in):
    assert re.search(r"[\u4e00-\u9fff]|^[A-Z]", plug_in.title)
    assert re.search(r"[A-Za-z]", plug_in.title_en)
    if kind == "nodes":
        assert plug_in.sentence.endswith("。")
        assert plug_in.sentence_en.endswith(".")


@pytest.mark.parametrize(("kind", "name", "plug_in"), PLUG_INS, ids=NAMES)
def test_it_has_a_docstring_and_an_icon(kind, name, plug_in):
    assert inspect.getdoc(plug_in)
    assert re.fullmatch(r"[a-z][a-z0-9-]*", plug_in.icon)


@pytest.mark.parametrize(("kind", "name", "plug_in"), PLUG_INS, ids=NAMES)
def test_its_schema_is_valid_and_its_example_fits(kind, name, plug_in):
    jsonschema.Draft202012Validator.check_schema(plug_in.schema)
    example = plug_in.example
    settings = (
        {key: value for key, value in example.items() if key in plug_in.schema.get("properties", {})}
        if kind != "channel"
        else example
    )

    assert not list(jsonschema.Draft202012Validator(plug_in.schema).iter_errors(settings))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("kind", "name", "plug_in"), PLUG_INS, ids=NAMES)
def test_it_stands_in_the_docs(language, kind, name, plug_in):
    page = PAGES[language][{"channel": "channels", "field": "forms", "node": "workflow"}[kind]]

    assert f"`{name}`" in page
