"""A pack is tried out away from the workspace: what its rules tell on its own rows is what its tests expect."""

from __future__ import annotations

import pytest

import rule_templates
from services import packs


@pytest.mark.parametrize("name", [name for name in rule_templates.names() if name != "base"])
def test_what_is_told_is_what_the_tests_expect(name):
    document = rule_templates.load(name).document
    expected = [{one["rule"] for one in test["expect"]["alerts"]} for test in document["tests"] if test["tables"]]
    rules = {one["key"]: one["name"] for one in document["definitions"] if one["kind"] == "rule"}

    found = packs.try_(pack=name)

    assert len(expected) == len(found)
    for told, wanted in zip(found, expected, strict=True):
        assert {rules[key] for key in wanted} <= {one["rule"] for one in told["alerts"]}
        assert all(one["explanation"] for one in told["alerts"])
    assert any(told["notices"] for told in found)
