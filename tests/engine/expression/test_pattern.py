"""Patterns: the common subset of RE2, Java and JavaScript, equal in RE2 and in the browser's own matcher."""

from __future__ import annotations

import re2
from expression_ways import Browser, by_row, checked
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expression.pattern import PatternError, plain_pattern

PIECES = [
    "a",
    "b",
    "备",
    ".",
    "[ab]",
    "[^a]",
    r"\d",
    r"\w",
    r"\s",
    r"\.",
    "(?:ab)",
    "(a|b)",
    "[a-c备]",
    r"[\d-]",
    "x{2}",
]
QUANTIFIERS = ["", "", "", "*", "+", "?", "{1,3}", "{2,}"]
PATTERNS = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(QUANTIFIERS)), min_size=1, max_size=5).map(
    lambda parts: "".join(piece + quantifier for piece, quantifier in parts)
)
TEXTS = st.lists(st.text("ab备x1. -\n😀", max_size=8), min_size=1, max_size=6)


def usable(pattern: str) -> bool:
    try:
        plain_pattern(pattern)
    except PatternError:
        return False
    return True


@settings(max_examples=60, derandomize=True, deadline=None)
@given(pattern=PATTERNS.filter(usable), texts=TEXTS)
def test_the_browser_matches_as_re2_does(browser: Browser, pattern, texts):
    quoted = pattern.replace("\\", "\\\\")
    typed = checked(f"MATCHES(s, '{quoted}')", {"s": "text"})
    records = [{"s": text} for text in texts]

    assert by_row(typed, records) == browser.run([typed], records)[0]


@settings(max_examples=200, derandomize=True, deadline=None)
@given(pattern=PATTERNS.filter(usable), texts=TEXTS)
def test_the_plain_spelling_means_the_same(pattern, texts):
    for text in texts:
        assert (re2.fullmatch(pattern, text) is None) == (re2.fullmatch(plain_pattern(pattern), text) is None)


def test_anchors_at_the_ends_change_nothing():
    assert plain_pattern("abc") == plain_pattern("^abc$")


def test_a_long_text_takes_no_time_in_the_browser(browser: Browser):
    typed = checked("MATCHES(s, 'a*a*a*a*a*b')", {"s": "text"})

    assert [[False, None]] == browser.run([typed], [{"s": "a" * 9_999}, {"s": "a" * 10_001}])
