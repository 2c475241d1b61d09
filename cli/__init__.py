"""The `beihuo` command: one file a group or command, found by scan and imported only when called."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import click

from engine.problems import BeihuoError


class _Commands(click.Group):
    """Commands found in this folder: `cli/import_.py` holds `command`, called `beihuo import`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click's signature
        return sorted(name.strip("_").replace("_", "-") for _, name, _ in pkgutil.iter_modules(__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = cmd_name.replace("-", "_")
        names = {name for _, name, _ in pkgutil.iter_modules(__path__)}
        command: click.Command = importlib.import_module(f"cli.{module if module in names else module + '_'}").command
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="beihuo", prog_name="beihuo")
def _group() -> None:
    """备货:电商备货的低代码规则与流程引擎 / a low-code rules and workflow engine for e-commerce stocking."""


def main() -> None:
    """Run the command line; what was refused is told without a traceback, and the exit code is 1."""
    try:
        _group()
    except BeihuoError as error:
        click.secho(str(error), fg="red", err=True)
        sys.exit(1)
