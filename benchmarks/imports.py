"""How long files take on their way in: a million rows of sales into facts, 100,000 × 20 Excel rows into a form.

    python benchmarks/imports.py [--small]

Limits (issue "Form builder"): 60 s and 30 s on two cores.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import xlsxwriter

from services import ingest, packs, publish
from services.workspace import Settings, open_workspace


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


def main() -> None:
    """Run both and print rows, seconds and the share of the limit."""
    small = "--small" in sys.argv
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        workspace = open_workspace(Settings(data_dir=place / "ws"))
        packs.install(workspace, pack="base", user="admin")
        rows = 50_000 if small else 1_000_000
        sales_csv(place / "sales.csv", rows)
        start = time.perf_counter()
        ingest.import_file(workspace, path=place / "sales.csv", into="sales", user="admin")
        seconds = time.perf_counter() - start
        print(f"facts: {rows:,} CSV rows in {seconds:.1f} s ({seconds / 60:.0%} of the limit for a million)")
        rows = 5_000 if small else 100_000
        publish.publish_many(workspace, [form_xlsx(place / "wide.xlsx", rows)], user="admin")
        start = time.perf_counter()
        result = ingest.import_file(workspace, path=place / "wide.xlsx", into="wide", user="admin")
        seconds = time.perf_counter() - start
        print(
            f"records: {result['inserted']:,} × 20 Excel rows in {seconds:.1f} s ({seconds / 30:.0%} of the limit for 100,000)"
        )
        workspace.close()


if __name__ == "__main__":
    main()
