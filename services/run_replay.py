"""A past run once more from what it read: the records it kept, facts at their version, definitions as they were then."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import alerting
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import runs

if TYPE_CHECKING:
    from services.findings import Found

ASKED, BREACHES = "asked.json", "breaches.parquet"
MOST_SHOWN = 20


def keep(folder: Path, found: Found, zone: str) -> None:
    """Write beside the records of a run what it was asked and what it found."""
    import pyarrow.parquet as pq  # noqa: PLC0415 the columnar libraries are for runs only

    taken = found.snapshot
    asked = {
        "now": found.now.isoformat(),
        "zone": zone,
        "rules": list(taken.rules.values()),
        "versions": taken.versions,
        "forms": list(taken.forms.values()),
        "calendars": list(taken.calendars.values()),
        "facts": found.evaluation.versions,
    }
    (folder / ASKED).write_text(json.dumps(asked, ensure_ascii=False, default=str), encoding="utf-8")
    pq.write_table(found.evaluation.breaches, folder / BREACHES, compression="zstd")


def replay(workspace: Workspace, *, run: int) -> dict[str, Any]:
    """Return what the run *run* finds when it is done again from its snapshot; nothing is kept.

    Returns:
        `run`, `evaluation_day`, `breaches` (how many), `same`, and up to twenty rows each that are `missing` now or are
        `added`.

    Raises:
        Refused: there is no such run, or what it read is kept no longer.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415 the columnar libraries are for runs only

    from engine.tables.source import facts_at  # noqa: PLC0415 as above

    with workspace.read() as session:
        if runs.get(session, run) is None:
            raise not_found("运行", "run", str(run))
    folder = workspace.folder("runs") / str(run)
    if not (folder / ASKED).is_file():
        raise Refused("not_found", f"第 {run} 次运行读过的数据已清理", f"What run {run} read is kept no longer")
    asked = json.loads((folder / ASKED).read_text(encoding="utf-8"))
    own = {ASKED, BREACHES}
    tables: dict[str, Any] = {path.stem: path for path in folder.glob("*.parquet") if path.name not in own}
    tables |= {name: facts_at(name, workspace.facts(name), version) for name, version in asked["facts"].items()}
    for form in asked["forms"]:
        if form.get("storage") == "facts" and form["key"] not in tables:
            tables[form["key"]] = workspace.facts(form["key"]).schema().empty_table()
    again = alerting.evaluate(
        asked["rules"],
        tables,
        now=dt.datetime.fromisoformat(asked["now"]),
        forms=asked["forms"],
        calendars=asked["calendars"],
        zone=asked["zone"],
    )
    then = _rows(pq.read_table(folder / BREACHES).to_pylist())
    now = _rows(again.breaches.to_pylist())
    return {
        "run": run,
        "evaluation_day": again.day.isoformat(),
        "breaches": len(now),
        "same": then == now,
        "missing": [json.loads(row) for row in sorted(then - now)[:MOST_SHOWN]],
        "added": [json.loads(row) for row in sorted(now - then)[:MOST_SHOWN]],
    }


def _rows(rows: list[dict[str, Any]]) -> set[str]:
    return {json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows}
