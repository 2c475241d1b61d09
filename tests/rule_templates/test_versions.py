"""Semantic versions are ordered as the standard says, and requirements allow what they say."""

from __future__ import annotations

import pytest

from rule_templates import allows
from rule_templates.versions import key


def test_the_order_of_the_standard():
    ordered = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.1",
        "1.10.0",
        "2.0.0",
    ]

    mixed = [*ordered[5:], *ordered[:5]]

    assert ordered == sorted(mixed, key=key)


@pytest.mark.parametrize(
    ("requirement", "version", "fine"),
    [
        ("*", "0.1.0", True), ("^1.2", "1.2.0", True), ("^1.2", "1.9.3", True), ("^1.2", "2.0.0", False), ("^1.2", "1.1.9", False),
        ("^0.3", "0.3.9", True), ("^0.3", "0.4.0", False), ("~1.2", "1.2.9", True), ("~1.2", "1.3.0", False), ("~1.2.3", "1.2.2", False),
        (">=1.0,<2", "1.5.0", True), (">=1.0,<2", "2.0.0", False), (">=1.0 <2", "0.9.0", False), ("1.2", "1.2.7", True), ("=1.2.3", "1.2.4", False),
        ("^1.0", "2.0.0-rc.1", False), (">1", "1.0.0", False), ("<=1.0.0", "1.0.0", True), ("nonsense", "1.0.0", False),
    ],
)  # fmt: skip
def test_a_requirement_allows_what_it_says(requirement, version, fine):
    assert fine is allows(requirement, version)
