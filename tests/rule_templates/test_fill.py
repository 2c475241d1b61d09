"""Inputs go into their places, as values, as text or as literals that cannot break out of an expression."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expression import check, parse
from engine.problems import DefinitionError
from rule_templates import fill
from rule_templates import given as take
from rule_templates.fill import literal

INPUTS = {
    "type": "object",
    "properties": {
        "line": {"type": "integer", "default": 20, "minimum": 0},
        "who": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["who"],
}


def test_places_are_filled_wherever_they_stand():
    document = {
        "to": {"$input": "who"},
        "title": {"$input": "line", "as": "text"},
        "when": {"$text": ["available < ", {"$input": "line"}, " * 1.2"]},
        "list": [{"$input": "line"}, "x"],
    }

    filled = fill(document, {"line": 20, "who": ["role:buyer"]})

    assert filled == {"to": ["role:buyer"], "title": "20", "when": "available < 20 * 1.2", "list": [20, "x"]}


def test_defaults_are_filled_in_and_the_rest_is_checked():
    assert {"line": 20, "who": ["a"]} == take(INPUTS, {"who": ["a"]})
    with pytest.raises(DefinitionError) as caught:
        take(INPUTS, {"line": -1, "lime": 3})

    assert ["$.inputs", "$.inputs", "$.inputs.line"] == sorted(p.path for p in caught.value.problems)


@given(st.text(max_size=30).filter(lambda text: "\ud800" > max(text, default="") or max(text) > "\udfff"))
def test_a_text_never_leaves_its_literal(text):
    """Whatever is typed into an input stays one text constant: nothing in it becomes part of the formula."""
    try:
        typed, problems = check(parse(f"name == {literal(text)}"), {"name": "text"})
    except DefinitionError:
        return  # a sign the language does not take in texts at all is refused, not misread
    assert [] == problems
    assert [("name",)] == list(typed.tree.names())


def test_literals_of_numbers_and_lists():
    assert ["20", "1.5", "True", "('a', 'b',)", "None"] == [literal(v) for v in (20, 1.5, True, ["a", "b"], None)]
