"""Mutation testing of the workflow core: small faults are put into `workflows/` one at a time; the tests must notice each.

    .venv/bin/python benchmarks/mutation.py            # go on where it stopped, then print the share killed
    .venv/bin/python benchmarks/mutation.py --limit 50 # at most so many more mutants now
    .venv/bin/python benchmarks/mutation.py --show     # print the survivors

The sample is fixed: 600 faults drawn with one seed from all that the rules below can make. Results are kept in
`var/mutation/results.jsonl`, by the text of the function around the fault, so that a run can be stopped and resumed.
Each fault is tried in a copy of the tree, in a forked process that has the libraries loaded already.
"""

from __future__ import annotations

import argparse
import ast
import copy
import hashlib
import importlib
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "var" / "mutation" / "results.jsonl"
SAMPLE, SEED, SECONDS = 600, 20261125, 20
COMPARE = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd}


@dataclass(frozen=True)
class Mutant:
    """One fault: where it is, what it is, and the module's text with it."""

    key: str
    file: str
    line: int
    what: str
    source: str


def sites(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Yield each place where a rule makes a fault, and which."""
    silent = set(_silent(tree))
    for node in ast.walk(tree):
        if node in silent:
            continue
        if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARE:
            yield node, "compare"
        elif isinstance(node, ast.BoolOp):
            yield node, "and/or"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node, "not"
        elif (
            isinstance(node, ast.BinOp)
            and type(node.op) in ARITHMETIC
            and not isinstance(node.right, ast.Constant | ast.JoinedStr)
        ):
            yield node, "arithmetic"
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int):
            yield node, "constant"
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.isascii()
            and node.value.isidentifier()
        ):
            yield node, "word"
        elif isinstance(node, ast.If | ast.IfExp | ast.While):
            yield node, "condition"
        elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
            yield node, "return nothing"
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield node, "call left out"
        elif isinstance(node, ast.Continue | ast.Break):
            yield node, "continue/break"


def _silent(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield what no test should depend on: annotations, texts for people, palette titles, the log's own words."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
            yield from ast.walk(node.annotation)
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "RARE":
            yield from ast.walk(node)  # a matter of speed only
        if isinstance(node, ast.FunctionDef) and node.returns is not None:
            yield from ast.walk(node.returns)
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            for decorator in node.decorator_list:
                yield from ast.walk(decorator)
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id in {"title", "title_en", "icon", "group", "example", "__all__"}
        ):
            yield from ast.walk(node)
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and str(key.value).startswith(("x-", "title", "default")):
                    yield from (*ast.walk(key), *ast.walk(value))


def changed(node: ast.AST, what: str) -> ast.AST:
    """Return the faulty node."""
    twin = copy.deepcopy(node)
    if what == "compare":
        twin.ops[0] = COMPARE[type(twin.ops[0])]()
    elif what == "and/or":
        twin.op = ast.Or() if isinstance(twin.op, ast.And) else ast.And()
    elif what == "not":
        return twin.operand
    elif what == "arithmetic":
        twin.op = ARITHMETIC[type(twin.op)]()
    elif what == "constant":
        twin.value = not twin.value if isinstance(twin.value, bool) else twin.value + 1
    elif what == "word":
        twin.value = f"{twin.value}_x"
    elif what == "condition":
        twin.test = ast.UnaryOp(ast.Not(), twin.test)
    elif what == "return nothing":
        twin.value = ast.Constant(None)
    elif what == "call left out":
        return ast.Pass()
    else:
        return ast.Break() if isinstance(node, ast.Continue) else ast.Continue()
    return twin


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def mutants() -> list[Mutant]:
    """Return the fixed sample: the 600 faults whose keys come first, so that a change of the code moves few of them."""
    found: list[tuple[str, str, int]] = []
    for file in sorted((ROOT / "workflows").rglob("*.py")):
        name = str(file.relative_to(ROOT))
        if name.endswith("__init__.py") or name == "workflows/schemas.py":
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        functions = [(part, ast.unparse(part)) for part in ast.walk(tree) if isinstance(part, ast.FunctionDef)]
        for number, (node, what) in enumerate(sites(tree)):
            inside = [one for one in functions if one[0].lineno <= node.lineno <= (one[0].end_lineno or 0)]
            around, text = inside[-1] if inside else (tree, ast.unparse(node))
            offset = node.lineno - getattr(around, "lineno", node.lineno)
            place = f"{SEED}|{name}|{text}|{offset}|{node.col_offset}|{what}"
            found.append((hashlib.blake2b(place.encode(), digest_size=8).hexdigest(), name, number))
    return [_made(*place) for place in sorted(found)[:SAMPLE]]


def _made(key: str, name: str, number: int) -> Mutant:
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    node, what = list(sites(tree))[number]
    before = ast.unparse(node).splitlines()[0][:90]
    line = node.lineno
    tree = ast.fix_missing_locations(_Replace(node, changed(node, what)).visit(tree))
    return Mutant(key, name, line, f"{what}: {before}", ast.unparse(tree))


def known() -> dict[str, dict[str, object]]:
    """Return the results so far by mutant."""
    if not RESULTS.exists():
        return {}
    rows = [json.loads(line) for line in RESULTS.read_text(encoding="utf-8").splitlines()]
    return {row["key"]: row for row in rows}


def copied(folder: Path) -> Path:
    """Copy what the tests need and return the copy's root."""
    for part in (
        "workflows",
        "engine",
        "tests/workflows",
        "tests/definitions/workflows",
        "tests/definitions/workflow_stories",
    ):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("pyproject.toml", "tests/flow_story.py", "docs/workflow.md", "docs/en/workflow.md"):
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / part, folder / part)
    return folder


def tests_for(file: str) -> list[list[str]]:
    """Return the tests to run: first those of the module's topic, then the others; publishing's own has its own."""
    part = file.removeprefix("workflows/").split("/")[0].removesuffix(".py")
    if part == "soundness":
        stages = [["soundness", "settings", "nodes", "corners"]]
    else:
        first = TOPICS.get(Path(file).stem, TOPICS.get(part, ["core"]))
        stages = [first, [name for name in ALL if name not in first]]
    return [[f"tests/workflows/test_{name}.py" for name in names] for names in stages]


def survives(root: Path, file: str = "") -> bool:
    """Run the fast tests, stage by stage, and say whether they noticed nothing."""
    return all(_passes(root, names) for names in tests_for(file))


def _passes(root: Path, names: list[str]) -> bool:
    """Run test files in a forked process and say whether they passed."""
    child = os.fork()
    if child == 0:
        os.chdir(root)
        # A fault may loop for ever, or fill the memory.
        resource.setrlimit(resource.RLIMIT_CPU, (6 * SECONDS, 6 * SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        import pytest

        code = pytest.main(
            [
                "-x",
                "-q",
                "-p",
                "pytest_timeout",
                f"--timeout={SECONDS}",
                "-k",
                "not structured and not deadlocks_was and not decides_when",
                "--rootdir",
                str(root),
                "-c",
                str(root / "pyproject.toml"),
                *names,
            ]
        )
        os._exit(int(code))
    _, status = os.waitpid(child, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


# The generated lives are slow and random; what they alone would notice does not count.
ALL = [
    "core", "counting", "resolution", "expressions", "signing", "handing", "returning", "taking_back", "answers", "dedupe",
    "timeouts", "gateways", "waiting", "subprocess", "migration", "corners", "log", "trial", "settings", "nodes", "soundness",
]  # fmt: skip
TOPICS = {
    "assignee": ["resolution"], "children": ["subprocess", "waiting"], "clocks": ["timeouts", "waiting"], "counting": ["counting"],
    "deciding": ["answers", "counting", "waiting"], "dedupe": ["dedupe"], "dialogs": ["returning"], "durations": ["timeouts"],
    "effects": ["waiting"], "expressions": ["expressions", "gateways"], "graph": ["gateways", "returning"], "holding": ["returning"],
    "inclusive": ["gateways"], "join": ["gateways"], "migration": ["migration"], "returning": ["returning", "taking_back"],
    "seating": ["counting", "signing", "dedupe"], "signals": ["waiting"], "timing": ["timeouts", "waiting"], "tokens": ["gateways", "waiting"],
    "trial": ["trial"], "withdrawal": ["returning", "taking_back", "gateways"], "administering": ["taking_back"], "decide": ["counting", "taking_back"],
    "handing": ["handing"], "sending_back": ["returning"], "signing": ["signing"], "system": ["waiting", "migration", "taking_back"],
    "talking": ["answers"], "each": ["waiting"], "event": ["waiting"], "nodes": ["settings", "waiting", "gateways"], "instance": ["core", "subprocess"],
}  # fmt: skip


def _load(root: Path) -> None:
    """Load here, once, what every forked process needs and no fault touches: libraries, and the engine of the copy."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # browser and API plug-ins take longer than the tests
    sys.path[:] = [str(root), str(root / "tests"), *(path for path in sys.path if Path(path or ".").resolve() != ROOT)]
    for library in (
        "pytest",
        "pytest_timeout",
        "hypothesis",
        "engine.expression",
        "engine.definitions",
        "engine.registry",
    ):
        importlib.import_module(library)


def run(limit: int | None) -> None:
    """Try the mutants that have no result yet."""
    results = known()
    # A survivor is tried again: the tests may have learnt to notice it.
    todo = [mutant for mutant in mutants() if results.get(mutant.key, {}).get("survived", True)][:limit]
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, RESULTS.open("a", encoding="utf-8") as out:
        root = copied(Path(folder))
        _load(root)
        if not survives(root):
            sys.exit("the tests fail without any fault")
        for number, mutant in enumerate(todo, 1):
            place = root / mutant.file
            original = place.read_text(encoding="utf-8")
            place.write_text(mutant.source, encoding="utf-8")
            started = time.monotonic()
            alive = survives(root, mutant.file)
            place.write_text(original, encoding="utf-8")
            row = {"key": mutant.key, "file": mutant.file, "line": mutant.line, "what": mutant.what, "survived": alive}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            out.flush()
            if alive or number % 50 == 0:
                print(
                    f"{number}/{len(todo)} {mutant.file}:{mutant.line} {mutant.what} {'SURVIVED' if alive else 'killed'} {time.monotonic() - started:.1f}s",
                    flush=True,
                )


def report(*, show: bool) -> None:
    """Print the share killed, over the mutants of the present text that were tried."""
    results = known()
    tried = [results[mutant.key] for mutant in mutants() if mutant.key in results]
    alive = [row for row in tried if row["survived"]]
    for row in alive if show else ():
        print(f"{row['file']}:{row['line']}  {row['what']}")
    if tried:
        print(
            f"mutants tried {len(tried)} of {SAMPLE}; killed {len(tried) - len(alive)} = {1 - len(alive) / len(tried):.1%}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, help="try at most so many mutants now")
    parser.add_argument("--show", action="store_true", help="list the survivors")
    chosen = parser.parse_args()
    sys.dont_write_bytecode = True
    if not chosen.show:
        run(chosen.limit)
    report(show=chosen.show)
