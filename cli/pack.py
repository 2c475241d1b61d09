"""`beihuo pack`: template packs listed, validated, tested, installed, taken back."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click


@click.group("pack")
def command() -> None:
    """模板包:查看、校验、测试、安装、撤销 / Template packs: list, validate, test, install, undo."""


def _source(pack: str) -> str | Path:
    return Path(pack) if pack.endswith(".json") else pack


def _inputs(pairs: tuple[str, ...]) -> dict[str, Any]:
    """Return `name=value` pairs; a value that is JSON is read as such."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise click.BadParameter(f"写成 名称=值 / write name=value: {pair}")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 / Print JSON.")
def list_(*, as_json: bool) -> None:
    """有哪些模板包,装了哪些 / Which packs there are and which are installed."""
    from services import packs
    from services.workspace import open_workspace

    found = packs.list_(open_workspace())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        installed = f"已安装 {one['installed']} / installed" if one["installed"] else "未安装 / not installed"
        click.echo(f"{one['key']}  {one['version']}  {one['name']} / {one.get('name_en', '')}  ({installed})")
        click.echo(f"    {one.get('summary', '')}")


@command.command()
@click.argument("pack")
def validate(*, pack: str) -> None:
    """检查一个包是否写对 / Check a pack: every problem with its place."""
    from services import packs

    opened = packs.open_pack(_source(pack))
    count = len(opened.document["definitions"])
    click.echo(f"{opened.key} {opened.version}:{count} 个定义,没有问题 / {count} definitions, nothing wrong")


@command.command()
@click.argument("pack")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 / Print JSON.")
def test(*, pack: str, as_json: bool) -> None:
    """运行包自带的测试,不碰工作区 / Run the pack's own tests; no workspace is touched."""
    from services import packs

    found = packs.test(None, pack=_source(pack))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for one in found:
            click.echo(f"{'✓' if one['passed'] else '✗'} {one['name']} / {one['name_en']}")
            for difference in one["differences"]:
                click.echo(f"    {difference['message']} / {difference['message_en']}")
    sys.exit(0 if all(one["passed"] for one in found) else 1)


@command.command()
@click.argument("pack")
@click.option("--input", "inputs", multiple=True, metavar="NAME=VALUE", help="填写输入项 / Fill in an input.")
@click.option(
    "--on-conflict",
    type=click.Choice(["keep", "replace", "rename"]),
    default="keep",
    show_default=True,
    help="与已有定义冲突时 / When a definition was changed on both sides.",
)
@click.option("--dry-run", is_flag=True, help="只看会做什么 / Only show what would be done.")
@click.option("--user", default="admin", show_default=True, help="以谁的名义 / In whose name.")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 / Print JSON.")
def install(*, pack: str, inputs: tuple[str, ...], on_conflict: str, dry_run: bool, user: str, as_json: bool) -> None:
    """安装或升级一个包 / Install or upgrade a pack, in one transaction."""
    from services import packs
    from services.workspace import open_workspace

    workspace = open_workspace()
    source, given = _source(pack), _inputs(inputs)
    seen = packs.preview(workspace, pack=source, inputs=given)
    choices = {f"{one['kind']}/{one['key']}": on_conflict for one in seen["steps"] if one["conflict"]}
    if dry_run:
        seen = packs.preview(workspace, pack=source, inputs=given, choices=choices)
        _show(seen, as_json=as_json)
        return
    done = packs.install(workspace, pack=source, user=user, inputs=given, choices=choices)
    if as_json:
        click.echo(json.dumps(done, ensure_ascii=False, indent=2))
        return
    passed = sum(one["passed"] for one in done["tests"])
    click.echo(
        f"已安装 {done['pack']} {done['version']}:发布 {len(done['published'])} 个定义,自带测试 {passed}/{len(done['tests'])} 通过"
        f" / installed: {len(done['published'])} definitions published, {passed} of {len(done['tests'])} tests passed"
    )
    for name in done["kept"]:
        click.echo(f"  保留了你的修改 / kept yours: {name}")


def _show(seen: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(seen, ensure_ascii=False, indent=2))
        return
    for one in seen["requires"]:
        click.echo(f"先安装 / first: {one['key']} {one['version']}")
    for one in seen["steps"]:
        click.echo(
            f"{one['action']:8} {one['kind']}/{one['key']}  {one['name']}{'  冲突 / conflict' if one['conflict'] else ''}"
        )
    for problem in seen["problems"]:
        click.echo(f"问题 / problem: {problem['message']} / {problem['message_en']}")


@command.command()
@click.argument("pack")
@click.option("--user", default="admin", show_default=True, help="以谁的名义 / In whose name.")
def undo(*, pack: str, user: str) -> None:
    """撤销上一次安装,数据保留 / Take the last installation back; data stays."""
    from services import packs
    from services.workspace import open_workspace

    done = packs.undo(open_workspace(), pack=pack, user=user)
    click.echo(
        f"已撤销 {pack}:恢复 {len(done['restored'])},归档 {len(done['archived'])},之后改过而保留 {len(done['kept'])}"
        f" / restored {len(done['restored'])}, archived {len(done['archived'])}, kept {len(done['kept'])}"
    )
