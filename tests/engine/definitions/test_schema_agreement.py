"""What our checker takes and refuses is what JSON Schema 2020-12 says, by two other implementations, keyword by keyword."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engine.definitions import problems_in

KEYS = st.sampled_from(["a", "b", "ab", "编码", ""])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 12),
    st.sampled_from([0.5, 1.0, -0.0, 2.5, 10.0]),
    st.text("ab编1 ", max_size=4),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)
COUNT = st.integers(0, 4)
TYPE = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])
# Patterns that RE2 and ECMAScript read alike.
PATTERN = st.sampled_from(["^a", "b$", "^[ab]*$", "编", "a|1", ""])


def keywords(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return schemas of the keywords that definitions and plug-ins use, over *inner* schemas."""
    return st.fixed_dictionaries(
        {},
        optional={
            "type": TYPE | st.lists(TYPE, min_size=1, max_size=3, unique=True),
            "enum": st.lists(VALUES, min_size=1, max_size=3),
            "const": VALUES,
            "minimum": st.integers(-2, 5),
            "maximum": st.integers(-2, 9),
            "exclusiveMinimum": st.integers(-2, 5),
            "exclusiveMaximum": st.integers(-2, 9),
            "multipleOf": st.integers(1, 4),
            "minLength": COUNT,
            "maxLength": COUNT,
            "pattern": PATTERN,
            "minItems": COUNT,
            "maxItems": COUNT,
            "uniqueItems": st.booleans(),
            "items": inner,
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "contains": inner,
            "properties": st.dictionaries(KEYS, inner, max_size=3),
            "patternProperties": st.dictionaries(PATTERN, inner, max_size=2),
            "additionalProperties": inner,
            "propertyNames": inner,
            "required": st.lists(KEYS, max_size=2, unique=True),
            "minProperties": COUNT,
            "maxProperties": COUNT,
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
            "if": inner,
            "then": inner,
            "else": inner,
        },
    )


SCHEMAS = st.recursive(st.booleans() | keywords(st.booleans()), keywords, max_leaves=6)


def agree(schema: Any, value: Any) -> None:
    """Assert that all three say the same of *value*."""
    said = not problems_in(schema, value)

    assert Draft202012Validator(schema).is_valid(value) == said
    assert jsonschema_rs.Draft202012Validator(schema).is_valid(value) == said


@settings(
    max_examples=200, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(schema=SCHEMAS, value=VALUES)
@example(schema={"type": "integer"}, value=1.0)
@example(schema={"enum": [False]}, value=0)
@example(schema={"const": [1]}, value=[True])
@example(schema={"uniqueItems": True}, value=[1, True])
@example(schema={"uniqueItems": True}, value=[{"a": 1}, {"a": 1.0}])
@example(schema={"maxLength": 1}, value="编码"[:1])
@example(schema={"additionalProperties": False, "patternProperties": {"^a": True}}, value={"ab": 1})
@example(schema={"prefixItems": [True], "items": False}, value=[1, 2])
def test_any_schema_says_the_same_of_any_value(schema: Any, value: Any) -> None:
    agree(schema, value)


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "number", "exclusiveMinimum": 0}, 1e-300, 0),
        ({"multipleOf": 3}, -9, 10),
        ({"required": ["a"], "properties": {"a": {"type": "null"}}}, {"a": None}, {}),
        ({"propertyNames": {"maxLength": 1}}, {"a": 1}, {"ab": 1}),
        ({"contains": {"const": 2}}, [1, 2], [1]),
        ({"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"minimum": 5}}, "ab", 4),
        ({"not": {"type": "integer"}}, 1.5, 1.0),
        ({"$defs": {"key": {"pattern": "^a"}}, "items": {"$ref": "#/$defs/key"}}, ["a"], ["b"]),
        ({"patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": False}, {"x-a": ""}, {"y": ""}),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1, "b": 2}, {"a": 1}),
    ],
)
def test_each_keyword_on_its_edge(schema: Any, good: Any, bad: Any) -> None:
    """A value that is just right and one that is just not."""
    agree(schema, good)
    agree(schema, bad)

    assert problems_in(schema, good) == []
    assert problems_in(schema, bad) != []
