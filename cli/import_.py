"""`beihuo import`: a CSV, Excel or Parquet file into a form, or into daily facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

_SHOWN = 10


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--into", help="导入到哪张表单(sales、stock、sku…);不写则按列名猜 / The form; guessed when left out.")
@click.option(
    "--map", "pairs", multiple=True, metavar="FIELD=COLUMN[,…]", help="字段=列名,可写多个 / Fields to columns."
)
@click.option("--preset", help="用已保存的导入映射,如 qianniu_orders / A saved mapping.")
@click.option("--set", "constants", multiple=True, metavar="FIELD=VALUE", help="每行都填的值 / A value for every row.")
@click.option("--sheet", help="工作表 / Sheet of a workbook.")
@click.option("--header-row", type=click.IntRange(1), help="表头在第几行 / Number of the header row.")
@click.option("--encoding", type=click.Choice(["auto", "utf-8-sig", "gb18030", "utf-16"]), help="编码 / Encoding.")
@click.option("--match", help="按哪些字段认定同一条记录,逗号分隔 / Fields that tell records apart.")
@click.option(
    "--mode",
    type=click.Choice(["upsert", "insert", "update", "skip", "replace_days"]),
    help="已有记录怎么办 / When it exists.",
)
@click.option(
    "--unknown",
    type=click.Choice(["create", "report"]),
    default="create",
    show_default=True,
    help="没有的编码 / Unknown codes.",
)
@click.option("--no-opening-stock", is_flag=True, help="没有库存时不推算期初库存 / Derive no opening stock.")
@click.option("--dry-run", is_flag=True, help="只试不写 / Try only, write nothing.")
@click.option("--again", is_flag=True, help="同一个文件再导一次 / Import the same file once more.")
@click.option("--user", default="admin", show_default=True, help="以谁的名义 / In whose name.")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 / Print JSON.")
def command(file: Path, *, into: str | None, as_json: bool, user: str, preset: str | None, **given: Any) -> None:
    """把文件导入工作区 / Import a file into the workspace.

    例 / for example: beihuo import 销量.xlsx --into sales --map quantity=销售数量,date=日期
    """
    from services import first_run, ingest
    from services.workspace import open_workspace

    workspace = open_workspace()
    installed = first_run.make_ready(workspace, user=user)
    mapping = preset or _pairs(given["pairs"]) or None
    target = into or ingest.analyse(workspace, path=file)["into_guess"]
    if target is None:
        raise click.UsageError("看不出要导入到哪张表单,请用 --into 指定 / say with --into which form it goes into")
    options = _options(given)
    result = _with_bar(workspace, as_json=as_json, path=file, into=target, user=user, mapping=mapping, options=options)
    if as_json:
        click.echo(json.dumps({**result, "installed": installed}, ensure_ascii=False, indent=2, default=str))
        return
    for name in installed:
        click.echo(f"工作区是空的,先安装了模板包 {name} / the workspace was empty: installed the pack {name}")
    _tell(result, target)


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in (part for text in given for part in text.split(",")):
        field, sign, column = pair.partition("=")
        if not sign:
            raise click.BadParameter(f"写成 字段=列名 / write field=column: {pair}")
        found[field.strip()] = column.strip()
    return found


def _options(given: dict[str, Any]) -> dict[str, Any]:
    options = {name: given[name] for name in ("sheet", "header_row", "encoding", "mode", "unknown") if given[name]}
    if given["match"]:
        options["match"] = [name.strip() for name in given["match"].split(",")]
    if given["constants"]:
        options["constants"] = _pairs(given["constants"])
    return {
        **options,
        "dry_run": given["dry_run"],
        "again": given["again"],
        "opening_stock": not given["no_opening_stock"],
    }


def _with_bar(workspace: Any, *, as_json: bool, **asked: Any) -> dict[str, Any]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from services import ingest

    if as_json:
        return ingest.import_file(workspace, **asked)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(f"导入 / importing {asked['path'].name}", total=None)
        return ingest.import_file(
            workspace, **asked, progress=lambda done, total: bars.update(task, completed=done, total=total)
        )


def _tell(result: dict[str, Any], into: str) -> None:
    word = "试运行,未写入 / dry run, nothing written" if result["dry_run"] else f"批次 / batch {result['batch']}"
    click.echo(
        f"{into}:{result['rows']:,} 行 → 新增 {result['inserted']:,}、修改 {result['updated']:,}、未变 {result['unchanged']:,}、"
        f"跳过 {result['skipped']:,}、有误 {result['failed']:,}({word})"
    )
    shown = ", ".join(f"{field} ← {column}" for field, column in result["mapping"].items())
    click.echo(f"映射 / mapping{' ' + result['preset'] if result['preset'] else ''}: {shown}")
    for note in result["notes"]:
        click.echo(f"说明:{note['message']}")
        click.echo(f"note: {note['message_en']}")
    for error in result["errors"][:_SHOWN]:
        click.secho(f"  第 {error['row']} 行 {error['column']}:{error['message']} / {error['message_en']}", fg="yellow")
    if result["errors_file"]:
        click.echo(f"有误的行连同原因在 / the refused rows with reasons are in {result['errors_file']}")
