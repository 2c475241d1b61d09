"""`beihuo db`: the schema of the database."""

from __future__ import annotations

import json

import click


@click.group("db")
def command() -> None:
    """数据库结构 / The schema of the database."""


@command.command("upgrade")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 / Print JSON.")
def upgrade(*, as_json: bool) -> None:
    """升级到本版本需要的结构;先备份 / Bring the schema to what this release needs; make a backup first."""
    from services.workspace import Settings, Workspace

    settings = Settings.from_environment()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    workspace = Workspace(settings)
    before = workspace.database.version()
    after = workspace.database.upgrade()
    workspace.close()
    if as_json:
        click.echo(json.dumps({"before": before, "after": after}))
    elif before == after:
        click.echo(f"数据库结构已是最新(版本 {after}) / the schema is up to date (version {after})")
    else:
        click.echo(f"数据库结构:{before or '空'} → {after} / schema: {before or 'none'} → {after}")
