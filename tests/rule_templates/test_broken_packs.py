"""Broken and hostile packs, one wrong place each: refused with the place and the words of `broken_packs.json`.

A case leaves the good pack as it is but for one value at *path* (taken out where the case has none).
"""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from engine.problems import DefinitionError
from rule_templates import read_pack
from services import packs

FILE = json.loads(Path(__file__).with_name("broken_packs.json").read_text(encoding="utf-8"))
GOOD, CASES = FILE["good"], FILE["cases"]


def changed(case):
    document = copy.deepcopy(GOOD)
    target = document
    for step in case["path"][:-1]:
        target = target[step]
    if "value" in case:
        target[case["path"][-1]] = case["value"]
    else:
        del target[case["path"][-1]]
    return document


def tried(document):
    """Read, check and try out a pack."""
    packs.check(read_pack(document))
    packs.test(None, pack=document)


def test_the_good_pack_is_good():
    packs.check(read_pack(GOOD))

    assert [True] == [one["passed"] for one in packs.test(None, pack=GOOD)]
    assert len(CASES) >= 150


@pytest.mark.parametrize("case", CASES, ids=lambda case: ".".join(map(str, case["path"])))
def test_one_wrong_place_is_told(case):
    with pytest.raises(DefinitionError) as caught:
        tried(changed(case))

    problem = caught.value.problems[0]
    assert (case["where"], case["message"], case["message_en"]) == (problem.path, problem.message, problem.message_en)
