"""Speed of the expression language: one record, one table's SQL, one check; against peers where they are installed.

    python benchmarks/expression.py [--records 20000] [--repeat 5]

Peers: simpleeval with a cached tree (always there), zen-engine and common-expression-language (optional). Every contender
gets the same rules and records and must give the same answers; a null makes simpleeval raise, so each call of it stands in
a try, which is what its users have to do.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import simpleeval

from engine.expression import check, columnar, parse

CATEGORIES = ("女装", "男装", "美妆", "食品", "家电", "数码", "母婴", "家居", "运动", "图书")
FIELDS = {
    "category": "text", "on_hand": "number", "in_transit": "number", "reserved": "number", "daily": "number",
    "lead_time_days": "number", "safety_stock": "number", "price": "number",
}  # fmt: skip
SHAPES = (
    "on_hand + in_transit - reserved < daily * lead_time_days * {factor}",
    "category == '{category}' and on_hand < safety_stock * {factor}",
    "category in ['{category}', '图书'] and (on_hand - reserved) * price > {factor} * 10000",
    "on_hand < {factor} * 10 or daily > {factor} * 20",
    "not (on_hand > safety_stock) and daily * lead_time_days > on_hand * {factor}",
)
Row = dict[str, Any]
Contender = Callable[[Row], list[Any]]


def rules(count: int) -> list[str]:
    """Return *count* alert rules of five shapes."""
    return [
        SHAPES[n % len(SHAPES)].format(factor=1 + n % 9 / 10, category=CATEGORIES[n % len(CATEGORIES)])
        for n in range(count)
    ]


def records(count: int) -> list[Row]:
    """Return *count* records, whole numbers and decimals as a database gives them."""
    return [
        {
            "category": CATEGORIES[n % 10], "on_hand": n * 37 % 400, "in_transit": n * 11 % 60, "reserved": n % 13,
            "daily": n * 7 % 97 / 4, "lead_time_days": 3 + n % 12, "safety_stock": 20 + n % 50, "price": 9.9 + n % 300,
        }
        for n in range(count)
    ]  # fmt: skip


def ours(sources: Sequence[str]) -> Contender:
    runs = []
    for source in sources:
        typed, problems = check(parse(source), FIELDS)
        assert not problems, problems
        runs.append(typed.run)
    return lambda row: [run(row) for run in runs]


def by_simpleeval(sources: Sequence[str]) -> Contender:
    trees = [simpleeval.SimpleEval.parse(source) for source in sources]
    evaluator = simpleeval.EvalWithCompoundTypes(functions={})

    def run(row: Row) -> list[Any]:
        evaluator.names = row
        found = []
        for source, tree in zip(sources, trees, strict=True):
            try:
                found.append(bool(evaluator.eval(source, previously_parsed=tree)))
            except TypeError:
                found.append(None)
        return found

    return run


def by_zen(sources: Sequence[str]) -> Contender:
    import zen

    texts = [source.replace("==", "==").replace("True", "true") for source in sources]
    compiled = [zen.compile_expression(text) for text in texts]
    return lambda row: [expression.evaluate(row) for expression in compiled]


def by_cel(sources: Sequence[str]) -> Contender:
    import cel

    texts = [_cel(source) for source in sources]
    programs = [cel.compile(text) for text in texts]

    def run(row: Row) -> list[Any]:
        doubles = {key: float(value) if isinstance(value, int) else value for key, value in row.items()}
        return [program.execute(doubles) for program in programs]

    return run


def _cel(source: str) -> str:
    import re

    text = source.replace(" and ", " && ").replace(" or ", " || ").replace("not (", "!(")
    return re.sub(r"(?<![\w.'])(\d+)(?![\w.])", r"\1.0", text)


def seconds(contender: Contender, rows: Sequence[Row], repeat: int) -> float:
    """Return the median CPU seconds of going through all rows."""
    taken = []
    for _ in range(repeat):
        start = time.process_time()
        for row in rows:
            contender(row)
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def compare(count: int, rows: Sequence[Row], repeat: int) -> None:
    sources = rules(count)
    expected = [[bool(value) for value in ours(sources)(row)] for row in rows[:500]]
    print(f"\n{count} rules × {len(rows)} records: µs a rule and record, ratio to ours")
    makers = {"beihuo closures": ours, "simpleeval, cached tree": by_simpleeval}
    for name, module, maker in (("zen-engine, compiled", "zen", by_zen), ("common-expression-language", "cel", by_cel)):
        if importlib.util.find_spec(module):
            makers[name] = maker
        else:
            print(f"  {name:28} absent (pip install it to compare)")
    first = 0.0
    for name, maker in makers.items():
        try:
            contender = maker(sources)
            agree = expected == [[bool(value) for value in contender(row)] for row in rows[:500]]
            each = seconds(contender, rows, repeat) / len(rows) / count * 1e6
        except Exception as error:  # noqa: BLE001 a peer that cannot say a rule
            print(f"  {name:28} cannot: {str(error)[:90]}")
            continue
        first = first or each
        print(f"  {name:28} {each:7.3f} µs   {each / first:5.1f} ×   answers {'equal' if agree else 'DIFFER'}")


def compiling(repeat: int) -> None:
    trees = [check(parse(source), FIELDS)[0] for source in rules(100)]
    taken = []
    for _ in range(repeat):
        start = time.process_time()
        texts = [columnar.to_sql(tree, {}, "duckdb") for tree in trees]
        taken.append(time.process_time() - start)
    print(
        f"\n100 rules to DuckDB SQL: {statistics.median(taken) * 1e3:.1f} ms ({sum(map(len, texts)):,} characters); goal 50 ms"
    )


def checking(repeat: int) -> None:
    source = " + ".join(f"on_hand * {n}" for n in range(25))
    tree = parse(source)
    taken = {"parse": [], "check": []}
    for _ in range(repeat * 20):
        start = time.process_time()
        parse(source)
        middle = time.process_time()
        check(tree, FIELDS)
        taken["parse"].append(middle - start)
        taken["check"].append(time.process_time() - middle)
    print(
        f"\na formula of {tree.nodes} nodes: "
        + ", ".join(f"{name} {statistics.median(each) * 1e3:.2f} ms" for name, each in taken.items())
        + "; goal of check 1 ms"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--records", type=int, default=20_000)
    arguments.add_argument("--repeat", type=int, default=5)
    given = arguments.parse_args()
    rows = records(given.records)
    for count in (10, 100):
        compare(count, rows if count == 10 else rows[: max(len(rows) // 10, 1)], given.repeat)
    compiling(given.repeat)
    checking(given.repeat)


if __name__ == "__main__":
    main()
