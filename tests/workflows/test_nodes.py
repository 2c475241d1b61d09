"""Every node type has what the palette, the panel and the documentation need."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definitions import problems_in, schema_problems
from workflows.node import NODE_TYPES
from workflows.soundness.shape import COMMON

WORDS = {
    "start", "end", "terminate", "task", "approval", "cc", "exclusive", "parallel", "inclusive", "join", "each", "event",
    "timer", "signal", "set", "call", "create_record", "update_record", "query_records", "delete_record", "webhook",
    "notify", "replenish",
}  # fmt: skip
FOLDER = Path(__file__).resolve().parents[2]


def test_the_type_words() -> None:
    """The types of workflow.md §0 are all there."""
    assert set(NODE_TYPES) == WORDS


@pytest.mark.parametrize("name", sorted(WORDS))
def test_a_node_type_is_complete(name: str) -> None:
    """Title, English title, docstring, icon, group, a valid schema with titles, and an example that meets it."""
    kind = NODE_TYPES[name]

    assert all((kind.title, kind.title_en, kind.icon, kind.group, kind.__doc__))
    assert kind.group in {"people", "gateway", "event", "data"}
    assert [] == schema_problems(dict(kind.schema))
    assert name == kind.example["type"]
    assert [] == problems_in({**kind.schema, "properties": {**COMMON, **kind.schema["properties"]}}, dict(kind.example))
    for setting, schema in kind.schema["properties"].items():
        assert {"title", "x-title-en"} <= set(schema), setting


@pytest.mark.parametrize("name", sorted(WORDS))
def test_a_node_type_is_documented(name: str) -> None:
    """Every node type and every one of its settings appears in the documentation, in both languages."""
    for page in ("docs/workflow.md", "docs/en/workflow.md"):
        text = (FOLDER / page).read_text(encoding="utf-8")
        assert f"`{name}`" in text, page
        for setting in NODE_TYPES[name].schema["properties"]:
            assert f"`{setting}`" in text, f"{setting} in {page}"


def test_one_file_each() -> None:
    """A node type is one file of at most 120 lines, named by its type."""
    files = {file.stem: file for file in (FOLDER / "workflows" / "nodes").glob("*.py") if file.stem != "__init__"}

    assert set(files) == WORDS
    assert all(len(file.read_text(encoding="utf-8").splitlines()) <= 120 for file in files.values())
