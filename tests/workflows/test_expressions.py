"""Expressions in workflows: types come from the values, a name without a value is null."""

from __future__ import annotations

from typing import Any

import pytest
from flow_story import NINE

from workflows.expressions import holds, look_up, names_of, value_of
from workflows.refusal import Trouble

SCOPE: dict[str, Any] = {
    "n": 3,
    "N": 4,
    "text": "abc",
    "day": "2026-11-01",
    "moment": "2026-11-02T08:00:00Z",
    "flag": True,
    "none": None,
    "tags": ["x", "y"],
    "rows": [{"q": 2, "p": 1.5}, {"q": 3}],
    "result": {"k": {"count": 7, "items": [{"q": 1}, {"q": 2}]}},
    "数量": 5,
    "empty": [],
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("n + 1", 4),
        ("N + 1", 5),
        ("n + N", 7),
        ("数量 * 2", 10),
        ("missing + 1", None),
        ("missing", None),
        ("result.k.count + 1", 8),
        ("result.nothing.count", None),
        ("n.deeper", None),
        ("text + 'd'", "abcd"),
        ("rows", SCOPE["rows"]),
        ("result.k", SCOPE["result"]["k"]),
        ("SUM(rows.q)", 5),
        ("COUNT(rows)", 2),
        ("SUM(rows.q) + n", 8),
        ("SUM(result.k.items.q)", 3),
        ("'x' in ['x', 'y']", True),
        ("day < TODAY()", True),
        ("day == '2026-11-01'", True),
        ("moment < NOW()", True),
        ("1 / 0", None),
        ("n / 2", 1.5),
        (5, 5),
        (True, True),
        (None, None),
        ([1], [1]),
    ],
)
def test_values(source: Any, expected: Any) -> None:
    """What an expression yields; anything but a text is itself."""
    assert expected == value_of(source, SCOPE, NINE)


def test_whole_numbers_are_integers() -> None:
    """A whole result is stored as an integer."""
    assert int is type(value_of("n + 1", SCOPE, NINE))
    assert float is type(value_of("n / 2", SCOPE, NINE))


@pytest.mark.parametrize("source", ["n +", "n + 'x'", "UNKNOWN(n)", "text * 2", "", "n.x.y.z("])
def test_what_cannot_be_evaluated(source: str) -> None:
    """An error carries the expression, the names and their values."""
    with pytest.raises(Trouble) as caught:
        value_of(source, SCOPE, NINE)

    assert source == caught.value.expression


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("n > 2", True),
        ("n > 3", False),
        ("none > 3", False),
        ("missing", False),
        ("flag", True),
        ("not flag", False),
        (True, True),
        (None, False),
        (False, False),
    ],
)
def test_conditions(condition: Any, *, expected: bool) -> None:
    """Only true is true; null counts as false."""
    assert expected is holds(condition, SCOPE, NINE)


@pytest.mark.parametrize("condition", ["n", "text", "'x'", 1])
def test_what_is_no_condition(condition: Any) -> None:
    """No truthiness: a number or text is no condition."""
    with pytest.raises(Trouble):
        holds(condition, SCOPE, NINE)


def test_names() -> None:
    """The names that a source reads, each once; none when it is no formula."""
    assert ["n", "result.k.count"] == names_of("n + result.k.count * n")
    assert [] == names_of("n +")
    assert [] == names_of(5)


def test_look_up() -> None:
    """A path goes into objects by key and into a list of objects as a column."""
    assert [2, 3] == look_up(("rows", "q"), SCOPE)
    assert [1.5, None] == look_up(("rows", "p"), SCOPE)
    assert look_up(("text", "q"), SCOPE) is None
