"""`beihuo audit`: is the log of who did what whole?"""

from __future__ import annotations

import json
import sys

import click


@click.group("audit")
def command() -> None:
    """审计日志 / The log of who did what."""


@command.command("verify")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 / Print JSON.")
def verify(*, as_json: bool) -> None:
    """校验封条:有行被改动或删除时以 1 退出 / Recompute the seals; exit 1 when a row was changed or removed."""
    from services import audit
    from services.workspace import open_workspace

    workspace = open_workspace()
    audit.seal(workspace)
    found = audit.verify(workspace)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    elif found["sound"]:
        click.echo(
            f"审计日志完整:{found['rows']} 行,{found['seals']} 个封条 / whole: {found['rows']} rows, {found['seals']} seals"
        )
        click.echo(f"最新封条(请另存一处) / newest seal, to keep elsewhere: {found['last_digest']}")
    else:
        for broken in found["broken"]:
            where = f"{broken['first_id']}…{broken['last_id']}"
            click.secho(
                f"封条 {broken['seal']}({where}):{broken['reason']} / {broken['reason_en']}", fg="red", err=True
            )
    if not found["sound"]:
        sys.exit(1)
