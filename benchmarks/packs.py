"""Packs: how long a large one takes to install, and what hostile ones cost.

    python benchmarks/packs.py

Goals: a pack of 200 definitions installed in 3 s at most; any hostile pack refused within 1 s and 64 MB.
"""

from __future__ import annotations

import json
import resource
import tempfile
import time
import tracemalloc
from pathlib import Path
from typing import Any

from engine.problems import DefinitionError
from rule_templates import read_pack
from services import packs
from services.workspace import Settings, open_workspace

DEFINITIONS, INSTALL_SECONDS = 200, 3.0
REFUSE_SECONDS, REFUSE_BYTES = 1.0, 64_000_000
HOSTILE = {
    "a bracket 100,000 times": "[" * 100_000,
    "objects 2,000 deep": '{"a":' * 2_000 + "1" + "}" * 2_000,
    "5 MB of text": "x" * 5_000_001,
    "a list of 150,000": json.dumps({"definitions": [0] * 150_000}),
    "a name of 4 MB": json.dumps({"about": {"key": "x", "name": "n" * 4_000_000}}),
    "a formula of 2,000 brackets": json.dumps(
        {
            "about": {"key": "x", "name": "x", "version": "1.0.0", "licence": "MIT"},
            "definitions": [
                {
                    "kind": "rule",
                    "key": "r",
                    "over": "stock",
                    "levels": [{"level": "a", "when": "(" * 900 + "1" + ")" * 900}],
                }
            ],
        }
    ),
}


def large() -> dict[str, Any]:
    """Return a pack of 200 definitions: 40 forms that link to each other, 100 rules, 40 workflows, 20 routes."""
    forms = [_form(number) for number in range(40)]
    routes = [{"kind": "route", "key": f"route_{n}", "name": f"路由 {n}", "to": ["role:buyer"]} for n in range(20)]
    rules = [
        {
            "kind": "rule",
            "key": f"rule_{n}",
            "name": f"规则 {n}",
            "over": f"form_{n % 40}",
            "let": {"line": "quantity * 1.2 + 3"},
            "levels": [
                {"level": "warning", "when": "quantity < line"},
                {"level": "critical", "when": "quantity < line / 2"},
            ],
            "route": f"route_{n % 20}",
        }
        for n in range(100)
    ]
    nodes = {
        "start": {"type": "start"},
        "a": {"type": "approval", "approvers": ["role:buyer"], "empty": "admin"},
        "end": {"type": "end"},
    }
    edges = [{"id": "e1", "from": "start", "to": "a"}, {"id": "e2", "from": "a", "to": "end"}]
    flows = [
        {
            "kind": "workflow",
            "key": f"flow_{n}",
            "name": f"流程 {n}",
            "form": f"form_{n}",
            "nodes": nodes,
            "edges": edges,
        }
        for n in range(40)
    ]
    about = {"key": "large", "name": "大包", "version": "1.0.0", "licence": "MIT"}
    return {"about": about, "definitions": [*forms, *routes, *rules, *flows]}


def _form(number: int) -> dict[str, Any]:
    fields: list[dict[str, Any]] = [
        {"key": "code", "type": "text", "label": "编码", "unique": True},
        {"key": "quantity", "type": "number", "label": "数量"},
    ]
    if number:
        fields.append({"key": "parent", "type": "link", "form": f"form_{number - 1}", "label": "上级"})
    return {"kind": "form", "key": f"form_{number}", "name": f"表单 {number}", "fields": fields}


def measure_install() -> bool:
    """Install the large pack into an empty workspace and say how long that took."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = open_workspace(Settings(data_dir=Path(folder)))
        packs.install(workspace, pack="base", user="admin")  # the libraries are loaded
        wall, cpu = time.perf_counter(), time.process_time()
        done = packs.install(workspace, pack=large(), user="admin")
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        workspace.close()
    assert len(done["published"]) == DEFINITIONS
    passed = cpu <= INSTALL_SECONDS
    print(
        f"{'PASS' if passed else 'FAIL'}  {DEFINITIONS} definitions: {wall:.2f} s wall, {cpu:.2f} s CPU (goal {INSTALL_SECONDS} s)"
    )
    return passed


def measure_hostile() -> bool:
    """Read each hostile pack and say what refusing it cost."""
    good = True
    for name, text in HOSTILE.items():
        tracemalloc.start()
        began = time.process_time()
        try:
            read_pack(text)
            refused = False
        except DefinitionError:
            refused = True
        seconds, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
        tracemalloc.stop()
        passed = refused and seconds <= REFUSE_SECONDS and peak <= REFUSE_BYTES
        good = good and passed
        print(f"{'PASS' if passed else 'FAIL'}  {name}: {seconds * 1000:.0f} ms CPU, {peak / 1e6:.1f} MB")
    return good


if __name__ == "__main__":
    outcomes = [measure_install(), measure_hostile()]
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    raise SystemExit(0 if all(outcomes) else 1)
