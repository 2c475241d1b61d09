"""`beihuo doctor`: what may keep this workspace from working."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

_MARKS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "problem": ("✗", "red")}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 / Print JSON.")
def command(*, as_json: bool) -> None:
    """体检:逐项检查环境、数据库、磁盘和工作进程;有问题时以 1 退出 / Look at everything; exit 1 on a problem."""
    from rich.console import Console

    from services import doctor
    from services.workspace import Settings, Workspace

    settings = Settings.from_environment()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    findings = doctor.examine(Workspace(settings))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        console = Console(highlight=False)
        for finding in findings:
            mark, colour = _MARKS[finding.state]
            console.print(f"[{colour}]{mark}[/] {finding.name:<10} {finding.message} / {finding.message_en}")
    if any(finding.state == "problem" for finding in findings):
        sys.exit(1)
