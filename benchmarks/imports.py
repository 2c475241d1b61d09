"""How long files take on their way in, and the lists over what came: a million sales rows, 100,000 × 20 Excel cells.

    python benchmarks/imports.py [--small]

Limits (issue "Form builder"): 60 s for the sales and 30 s for the form on two cores; a list answers within a second.
"""

from __future__ import annotations

import datetime as dt
import functools
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import xlsxwriter

from services import bulk_edit, ingest, packs, publish, record_groups, records
from services.workspace import Settings, Workspace, open_workspace

T = TypeVar("T")


def sales_csv(path: Path, rows: int) -> None:
    """Write *rows* of daily sales as a CSV with Chinese headers."""
    rng = np.random.default_rng(1)
    skus = np.array([f"S{n:05d}" for n in range(5000)])
    days = np.array([(dt.date(2025, 1, 1) + dt.timedelta(days=n)).isoformat() for n in range(365)])
    columns = {
        "商品编码": skus[rng.integers(0, 5000, rows)],
        "日期": days[rng.integers(0, 365, rows)],
        "仓库": np.array(["hd", "hn"])[rng.integers(0, 2, rows)],
        "渠道": np.array(["tmall", "jd"])[rng.integers(0, 2, rows)],
        "销量": rng.poisson(3, rows),
        "销售额": np.round(rng.random(rows) * 500, 2),
    }
    pacsv.write_csv(pa.table(columns), path)


def form_xlsx(path: Path, rows: int) -> dict[str, object]:
    """Write *rows* × 20 columns and return the form they go into."""
    kinds = ["number", "money", "date", "boolean", "choice", "text"] * 4
    fields = [{"key": "code", "type": "text", "label": "编码", "required": True, "unique": True}]
    for place in range(19):
        more = {"options": ["爆款", "常销", "长尾"]} if kinds[place] == "choice" else {}
        fields.append({"key": f"f{place}", "type": kinds[place], "label": f"字段{place}", **more})
    cells = {
        "number": "1,234.5",
        "money": 12.5,
        "date": "2025/1/2",
        "boolean": "是",
        "choice": "常销",
        "text": "珍珠耳环",
    }
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [field["label"] for field in fields])
        for row in range(rows):
            sheet.write_row(row + 1, 0, [f"C{row:06d}", *(cells[kinds[place]] for place in range(19))])
    return {"kind": "form", "key": "wide", "name": "宽表", "fields": fields}


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what *work* returns and how many seconds it took."""
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def told(what: str, seconds: float, limit: float) -> None:
    """Print one measurement against its limit."""
    print(f"{'PASS' if seconds <= limit else 'FAIL'} {what}: {seconds:.2f} s of {limit:g} s ({seconds / limit:.0%})")


def imports(workspace: Workspace, place: Path, share: float) -> None:
    """A million order rows into facts, 100,000 × 20 cells into a form; *share* of both."""
    rows = int(1_000_000 * share)
    sales_csv(place / "sales.csv", rows)
    _, seconds = timed(lambda: ingest.import_file(workspace, path=place / "sales.csv", into="sales", user="admin"))
    told(f"facts: {rows:,} CSV rows", seconds, 60 * share)
    rows = int(100_000 * share)
    publish.publish_many(workspace, [form_xlsx(place / "wide.xlsx", rows)], user="admin")
    found, seconds = timed(lambda: ingest.import_file(workspace, path=place / "wide.xlsx", into="wide", user="admin"))
    told(f"records: {found['inserted']:,} × 20 Excel cells", seconds, 30 * share)


def lists(workspace: Workspace) -> None:
    """What the grid asks for, over all the records of the wide form."""
    ask = functools.partial(records.list_, workspace, form="wide", user="admin", limit=100)
    total = ask()["total"]
    for name, given in (
        ("first page and count", {}),
        ("filter by expression", {"filter": "f0 > 1000 and f5 == '珍珠耳环'"}),
        ("sort by a field without index", {"sort": "-f1,f4"}),
        ("search in all texts", {"q": "C0999"}),
        ("filter, sort and count", {"filter": "f4 == '常销'", "sort": "f2,-code"}),
    ):
        told(f"{name}, {total:,} records", timed(functools.partial(ask, **given))[1], 1)
    page, cursor = ask(sort="code", limit=1000), None
    while page["next_cursor"]:
        cursor = page["next_cursor"]
        page = ask(sort="code", limit=1000, cursor=cursor, total=False)
    last = functools.partial(ask, sort="code", cursor=cursor, total=False)
    told(f"last page of {total:,}", timed(last)[1], 0.5)
    sums = functools.partial(record_groups.groups, workspace, form="wide", user="admin")
    told("groups with totals", timed(lambda: sums(by=["f4"], totals=["f0:sum", "f1:avg"]))[1], 1)


def undo(workspace: Workspace, share: float) -> None:
    """10,000 records changed at once, and taken back."""
    rows = int(10_000 * share)
    edited, seconds = timed(
        lambda: bulk_edit.edit(workspace, form="wide", values={"f0": 5}, filter=f"code < 'C{rows:06d}'", user="admin")
    )
    told(f"bulk edit of {edited['updated']:,} records", seconds, 10 * share)
    back, seconds = timed(lambda: bulk_edit.undo(workspace, form="wide", batch=edited["batch"], user="admin"))
    told(f"undo of {back['undone']:,} records", seconds, 5 * share)


def main() -> None:
    """Run all, or with --small a twentieth of it, and print seconds against limits."""
    share = 0.05 if "--small" in sys.argv else 1.0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        workspace = open_workspace(Settings(data_dir=place / "ws"))
        packs.install(workspace, pack="base", user="admin")
        imports(workspace, place, share)
        lists(workspace)
        undo(workspace, share)
        workspace.close()


if __name__ == "__main__":
    main()
