"""`beihuo evaluate`: alert rules over tables, headless or in the workspace."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click


@click.command("evaluate")
@click.option(
    "--rules", "rules_path", type=click.Path(path_type=Path), help="规则 JSON 文件或文件夹 / a JSON file or folder"
)
@click.option(
    "--tables", "tables_path", type=click.Path(path_type=Path), help="表的文件夹:一张表一个 Parquet/CSV / a folder"
)
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="评估日 D / evaluation day, default today")
@click.option("--forms", "forms_path", type=click.Path(path_type=Path), help="表单定义(类型与名称)/ form definitions")
@click.option("--calendars", "calendars_path", type=click.Path(path_type=Path), help="日历定义 / calendar definitions")
@click.option("--out", type=click.Path(path_type=Path), help="结果文件 .parquet .csv .json / the answer")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
@click.option("--master", help="Spark 的 master,如 local[2]、yarn / Spark's master")
@click.option(
    "--windows", "windows_path", type=click.Path(path_type=Path), help="窗口库文件夹 / the folder of a window store"
)
@click.option("--rebuild", is_flag=True, help="先清空窗口库,从事实重建 / empty the window store first")
@click.option("--zone", default="Asia/Shanghai", show_default=True, help="规则未写时区时的时区 / default time zone")
@click.option("--replay", type=int, help="重放工作区里的第几次运行 / do a past run of the workspace again")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 / print JSON")
def command(
    *,
    rules_path: Path | None,
    tables_path: Path | None,
    as_of: dt.datetime | None,
    forms_path: Path | None,
    calendars_path: Path | None,
    out: Path | None,
    engine: str,
    master: str | None,
    windows_path: Path | None,
    rebuild: bool,
    zone: str,
    replay: int | None,
    as_json: bool,
) -> None:
    """运行预警规则,打印什么触发了、为什么 / run alert rules and print what fired and why.

    With --tables nothing but files is needed. Without it the workspace's tables and enabled rules are used, and episodes,
    notices and tasks are written; --rules then names rule keys' files only to limit which rules run.
    """
    if replay is not None:
        _replay(replay)
        return
    if tables_path is None:
        _in_workspace(rules_path, as_of, as_json=as_json)
        return
    if rules_path is None:
        raise click.UsageError("--tables 要配合 --rules / --tables needs --rules")
    from engine.alerting import evaluate
    from engine.definitions import read_definitions

    rules = read_definitions(rules_path, "rule")
    calendars = [*read_definitions(rules_path, "calendar"), *_optional(calendars_path, "calendar")]
    calendars = [calendar for calendar in calendars if "events" in calendar]
    rules = [rule for rule in rules if "events" not in rule]
    if not rules:
        raise click.UsageError(f"{rules_path} 里没有规则 / {rules_path} holds no rule")
    now = as_of or dt.datetime.now(dt.UTC)
    forms = _optional(forms_path, "form") or None
    asked: dict[str, Any] = {
        "now": now,
        "forms": forms,
        "calendars": calendars,
        "zone": zone,
        "engine": engine,
        "master": master,
    }
    with _windows(windows_path, rebuild=rebuild) as windows:
        found = evaluate(rules, tables_path, windows=windows, **asked)
    if out is not None:
        _write(found.breaches, out)
    if as_json:
        click.echo(json.dumps(_summary(found, rules), ensure_ascii=False, indent=2))
    else:
        _print(found, rules, out, forms)


@contextmanager
def _windows(path: Path | None, *, rebuild: bool) -> Iterator[Any]:
    """Yield the window store under *path*; while it is built, a bar says how many days are done."""
    if path is None:
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    from engine.tables.window_store import WindowStore

    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as shown:
        task = shown.add_task("窗口库 / window store", total=None)
        store = WindowStore(path, lambda done, total: shown.update(task, completed=done, total=total))
        if rebuild:
            store.forget()
        yield store


def _examples(found: Any) -> list[dict[str, Any]]:
    """Return the first breach of each rule, at most ten."""
    first: dict[str, int] = {}
    for place, rule in enumerate(found.breaches["rule"].to_pylist()):
        first.setdefault(rule, place)
    rows: list[dict[str, Any]] = found.breaches.take(list(first.values())[:10]).to_pylist()
    return rows


def _optional(path: Path | None, kind: str) -> list[dict[str, Any]]:
    from engine.definitions import read_definitions

    return read_definitions(path, kind) if path is not None else []


def _replay(run: int) -> None:
    from services.run_replay import replay
    from services.workspace import open_workspace

    found = replay(open_workspace(), run=run)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    if not found["same"]:
        raise click.ClickException("重放的结果不同 / the replay differs")


def _in_workspace(rules_path: Path | None, as_of: dt.datetime | None, *, as_json: bool) -> None:
    from engine.definitions import read_definitions
    from services import evaluate as story
    from services.workspace import open_workspace

    keys = [str(rule["key"]) for rule in read_definitions(rules_path, "rule")] if rules_path is not None else None
    result = story.run(open_workspace(), rules=keys, as_of=as_of.date() if as_of else None, trigger="manual")
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, indent=2, default=str))
        return
    click.echo(f"{result['rules']} 条规则 × {result['rows']} 行,{result['seconds']:.2f} 秒 / rules × rows, seconds")
    click.echo(
        f"触发 {result['fired']}、变级 {result['changed']}、恢复 {result['resolved']} / fired, changed, resolved"
    )
    for example in result.get("examples", ()):
        click.echo(f"  {example['rule']} [{example['level']}] {example['record']}: {example['explanation']}")


def _write(table: Any, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix == ".csv":
        from pyarrow import csv

        csv.write_csv(table, out)
    elif out.suffix == ".json":
        out.write_text(json.dumps(table.to_pylist(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    else:
        from pyarrow import parquet

        parquet.write_table(table, out, compression="zstd")


def _summary(found: Any, rules: list[dict[str, Any]]) -> dict[str, Any]:
    from collections import Counter

    counts = Counter(zip(found.breaches["rule"].to_pylist(), found.breaches["level"].to_pylist(), strict=True))
    return {
        "evaluation_day": found.day.isoformat(),
        "rules": len(rules),
        "rows": found.rows,
        "seconds": round(found.seconds, 3),
        "breaches": found.breaches.num_rows,
        "by_rule": [{"rule": rule, "level": level, "count": count} for (rule, level), count in sorted(counts.items())],
        "unknown": [
            {
                "rule": one.rule,
                "reason": one.reason,
                "reason_en": one.reason_en,
                "count": one.count,
                "examples": list(one.examples[:3]),
            }
            for one in found.unknown
        ],
        "versions": found.versions,
    }


def _print(found: Any, rules: list[dict[str, Any]], out: Path | None, forms: Any) -> None:
    from engine.alerting import explanation

    rows = sum(found.rows.values())
    click.echo(f"评估日 {found.day}:{len(rules)} 条规则 × {rows} 行,{found.seconds:.2f} 秒 / evaluated")
    click.echo(f"触发 {found.breaches.num_rows} / breaches")
    by_key = {rule["key"]: rule for rule in rules}
    for line in _summary(found, rules)["by_rule"]:
        click.echo(f"  {line['rule']} [{line['level']}] {line['count']}")
    for row in _examples(found):
        keys = " ".join(f"{key}={row[key]}" for key in found.keys[row["rule"]])
        why = explanation(by_key[row["rule"]], row["values"], row["level"], "zh", forms)
        click.echo(f"  例 {row['rule']} [{row['level']}] {keys}: {why}")
    for one in found.unknown:
        click.echo(f"  无法判断 {one.rule}: {one.reason} × {one.count} / cannot be judged: {one.reason_en}")
    if out is not None:
        click.echo(f"→ {out}")
