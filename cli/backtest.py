"""`beihuo backtest`: how alert rules would have done on past days."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import click


@click.command("backtest")
@click.option(
    "--rules",
    "rules_path",
    required=True,
    type=click.Path(path_type=Path),
    help="规则 JSON 文件或文件夹 / a JSON file or folder",
)
@click.option(
    "--tables",
    "tables_path",
    type=click.Path(path_type=Path),
    help="表的文件夹;不写用工作区 / a folder, else the workspace",
)
@click.option("--from", "start", required=True, type=click.DateTime(["%Y-%m-%d"]), help="第一天 / first day")
@click.option("--to", "end", required=True, type=click.DateTime(["%Y-%m-%d"]), help="最后一天 / last day")
@click.option("--forms", "forms_path", type=click.Path(path_type=Path), help="表单定义 / form definitions")
@click.option("--calendars", "calendars_path", type=click.Path(path_type=Path), help="日历定义 / calendar definitions")
@click.option(
    "--horizon", default=14, show_default=True, help="断货前多少天内的预警算命中 / days an alert may be ahead"
)
@click.option("--zone", default="Asia/Shanghai", show_default=True, help="规则未写时区时的时区 / default time zone")
@click.option("--find", help="找阈值:第几个数字(从 0 起)或 let 的名字 / find the best value of this number")
@click.option("--target", default=0.95, show_default=True, help="要提前发现的断货比例 / share of stockouts to catch")
@click.option("--out", type=click.Path(path_type=Path), help="报告 JSON 文件 / the report")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 / print JSON")
def command(
    *,
    rules_path: Path,
    tables_path: Path | None,
    start: dt.datetime,
    end: dt.datetime,
    forms_path: Path | None,
    calendars_path: Path | None,
    horizon: int,
    zone: str,
    find: str | None,
    target: float,
    out: Path | None,
    as_json: bool,
) -> None:
    """规则上线前先在过去的日子里试一遍 / try rules on past days before they go live.

    The past of stock is read from `stock_snapshot` (closing stock by day) or from a `stock` table with a `date`.
    """
    sought = {} if find is None else {"number": int(find) if find.isdigit() else find, "target": target}
    report = _in_workspace(rules_path, start, end, sought) if tables_path is None else None
    if report is None:
        from engine.definitions import read_definitions

        named = [*read_definitions(rules_path, "calendar"), *_optional(calendars_path, "calendar")]
        report = _replayed(
            [rule for rule in read_definitions(rules_path, "rule") if "events" not in rule],
            tables_path,
            start.date(),
            end.date(),
            forms=_optional(forms_path, "form") or None,
            calendars=[calendar for calendar in named if "events" in calendar],
            zone=zone,
            horizon=horizon,
            sought=sought,
        )
    text = json.dumps(report, ensure_ascii=False, indent=2, default=str)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n", encoding="utf-8")
    if as_json:
        click.echo(text)
    else:
        _print(report, out)


def _optional(path: Path | None, kind: str) -> list[dict[str, Any]]:
    from engine.definitions import read_definitions

    return read_definitions(path, kind) if path is not None else []


def _in_workspace(rules_path: Path, start: dt.datetime, end: dt.datetime, sought: dict[str, Any]) -> dict[str, Any]:
    from engine.definitions import read_definitions
    from services import evaluate as story
    from services.workspace import open_workspace

    rules = read_definitions(rules_path, "rule")
    if len(rules) != 1:
        raise click.UsageError("在工作区里一次回测一条规则 / one rule at a time in the workspace")
    days: dict[str, Any] = {"from_": start.date().isoformat(), "to": end.date().isoformat()}
    if sought:
        return story.threshold(open_workspace(), definition=rules[0], **days, **sought)
    return story.backtest(open_workspace(), definition=rules[0], **days)


def _replayed(
    rules: list[dict[str, Any]],
    tables: Path | None,
    start: dt.date,
    end: dt.date,
    sought: dict[str, Any],
    **asked: Any,
) -> dict[str, Any]:
    from rich.console import Console
    from rich.progress import Progress

    from engine.alerting import backtest, threshold

    if not rules:
        raise click.UsageError("没有规则 / there is no rule")
    if sought and len(rules) != 1:
        raise click.UsageError("一次只为一条规则找阈值 / a threshold is sought for one rule at a time")
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not sys.stderr.isatty()) as shown:
        task = shown.add_task("回测 / replaying", total=None)
        asked["progress"] = lambda done, total: shown.update(task, completed=done, total=total)
        if sought:
            return threshold(rules[0], tables, start, end, **sought, **asked)
        return backtest(rules, tables, start, end, **asked)


def _print_points(report: dict[str, Any]) -> None:
    click.echo(f"{report['label']}:目标提前发现 {report['target']:.0%} 的断货 / catch this share of the stockouts")
    for point in report["points"]:
        mark = "→" if point["value"] == report["best"] else " "
        recall = "?" if point["recall"] is None else f"{point['recall']:.1%}"
        precision = "?" if point["precision"] is None else f"{point['precision']:.1%}"
        click.echo(
            f"{mark} {point['value']:>10g}  预警 {point['alerts']:>7}  发现 {recall:>6}  准确 {precision:>6} / alerts, recall, precision"
        )
    if report["best"] is None:
        click.echo("没有一个值达到目标 / no value reaches the target")


def _print(report: dict[str, Any], out: Path | None) -> None:
    if "points" in report:
        _print_points(report)
        report = {**report, "rules": []}
    else:
        _print_total(report)
    for one in report["rules"]:
        _print_rule(one)
    for note in report["notes"]:
        click.echo(f"  注意:{note['message']} / {note['message_en']}")
    if out is not None:
        click.echo(f"→ {out}")


def _print_total(report: dict[str, Any]) -> None:
    click.echo(
        f"{report['from']} … {report['to']}:{report['alerts_total']} 次预警,平均每天 {report['alerts_per_day']:.2f} 次 / alerts"
    )


def _print_rule(one: dict[str, Any]) -> None:
    click.echo(f"  {one['rule']}: {one['alerts_total']} 次 / alerts")
    found = one["stockouts"]
    if found is None:
        return
    click.echo(
        f"    断货 {found['total']} 次,提前发现 {found['caught']},漏掉 {found['missed']} / stockouts caught, missed"
    )
    if one["days_ahead_median"] is not None:
        click.echo(f"    提前 {one['days_ahead_median']} 天(中位数)/ days ahead (median)")
    if one["precision"] is not None:
        click.echo(f"    准确率 {one['precision']:.1%}(虚惊 {one['false_alarms']} 次)/ precision, false alarms")
