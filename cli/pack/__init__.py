"""`beihuo pack`: template packs written, validated, tested, signed, installed, confirmed, upgraded, taken back, removed."""

from __future__ import annotations

import click

from cli.pack import authoring, installing


@click.group("pack")
def command() -> None:
    """模板包:编写、校验、测试、签名、安装、启用、升级、撤销、移除 / Template packs."""


for _each in (*authoring.COMMANDS, *installing.COMMANDS):
    command.add_command(_each)
