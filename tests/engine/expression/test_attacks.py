"""Whatever is written or put into a record, a formula is refused or gives plain data, within its time and memory."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from expression_ways import ROOT

from engine.expression import Context, check, evaluate, evaluate_reference, parse
from engine.problems import DefinitionError, EvaluationError

_HERE = Path(__file__).parent
_SPEC = importlib.util.spec_from_file_location("attacks", _HERE / "attacks.py")
attacks: Any = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(attacks)
CONTEXT = Context(now=dt.datetime(2026, 11, 25, tzinfo=dt.UTC))
PLAIN = (type(None), bool, float, str, dt.date, dt.datetime, dt.timedelta)


def outcome(source: str, record: dict[str, Any]) -> Any:
    """Return what a formula does: `refused` (with problems), `error` (at input) or its value."""
    try:
        typed, problems = check(parse(source), attacks.FIELDS)
    except DefinitionError:
        return "refused"
    if problems:
        return "refused"
    try:
        return evaluate(typed, record, CONTEXT)
    except EvaluationError:
        return "error"


@pytest.mark.parametrize("source", attacks.ESCAPES)
def test_an_escape_is_refused(source):
    harmless = {"sku": None, "(IF)(True, 1, 2)": 1.0}  # a link without a code; brackets around a name change nothing

    assert outcome(source, attacks.RECORD) == harmless.get(source, "refused")


@pytest.mark.parametrize("source", attacks.DEEP)
def test_a_formula_beyond_the_limits_is_refused(source):
    assert outcome(source, attacks.RECORD) in {"refused", 0.0}


@pytest.mark.parametrize("source", [f"MATCHES(s, '{pattern}')" for pattern in attacks.PATTERNS])
def test_a_pattern_outside_the_common_subset_is_refused(source):
    assert "refused" == outcome(source, attacks.RECORD)


@pytest.mark.parametrize("source", attacks.NAMES)
def test_a_name_is_only_ever_a_name(source):
    assert outcome(source, attacks.RECORD) in ("refused", attacks.RECORD["s"])  # ſ is an s


@pytest.mark.parametrize("source", [*attacks.POWERS, *attacks.TEXTS])
def test_exhaustion_gives_plain_data_or_is_refused(source):
    value = outcome(source, attacks.RECORD)

    assert isinstance(value, PLAIN)
    assert not isinstance(value, str) or len(value) <= 100_000
    assert not isinstance(value, float) or abs(value) <= sys.float_info.max


@pytest.mark.parametrize("case", range(len(attacks.VALUES)))
def test_a_value_is_read_as_plain_data_or_refused(case):
    source, record = attacks.VALUES[case]
    value = outcome(source, record)

    assert type(value) in PLAIN


@pytest.mark.parametrize("source", attacks.SOURCES)
def test_simpleeval_lets_nothing_more_through(source):
    """The reference reader gives the same value or the same error."""
    try:
        typed, problems = check(parse(source), attacks.FIELDS)
    except DefinitionError:
        return
    if problems:
        return
    try:
        value = evaluate(typed, attacks.RECORD, CONTEXT)
    except EvaluationError as error:
        if "took too long" in str(error):  # the fast reader's own wall of time: on a busy machine it may come first
            return
        value = "error"
    try:
        reference = evaluate_reference(typed, attacks.RECORD, CONTEXT)
    except EvaluationError:
        reference = "error"

    assert reference == value


def test_there_are_enough_attacks():
    assert len(attacks.SOURCES) + len(attacks.VALUES) >= 400


def test_all_attacks_together_stay_within_time_and_memory():
    """In a process that may take 64 MB more than it has after its start, no attack takes more than its time."""
    script = ROOT / "tests" / "engine" / "expression" / "attack_limits.py"
    answer = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=240, cwd=ROOT, check=False
    )

    assert (0, "") == (answer.returncode, answer.stderr)
    assert [] == json.loads(answer.stdout)["over"]
