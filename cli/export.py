"""`beihuo export`: records or facts of a form to CSV, a workbook or Parquet."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("export")
@click.argument("form")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=".csv、.xlsx 或 .parquet")
@click.option("--filter", "condition", help="只导出符合条件的记录 / Only records for which this expression holds.")
@click.option("--sort", default="", help="排序字段,前加 - 为倒序 / Fields to sort by.")
@click.option("--user", default="admin", show_default=True, help="以谁的名义 / In whose name.")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 / Print JSON.")
def command(*, form: str, out: Path, condition: str | None, sort: str, user: str, as_json: bool) -> None:
    """把一张表单导出为文件;文本不会变成公式 / Export a form; a text never becomes a formula."""
    from services.export import export
    from services.workspace import open_workspace

    done = export(open_workspace(), form=form, path=out, user=user, filter=condition, sort=sort)
    if as_json:
        click.echo(json.dumps(done, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{form}:{done['rows']:,} 行 → {done['file']} / {done['rows']:,} rows")
