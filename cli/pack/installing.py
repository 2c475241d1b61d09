"""Packs in a workspace: list, install, upgrade, confirm, undo, remove."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click

from cli.pack.source import source

_USER = click.option("--user", default="admin", show_default=True, help="以谁的名义 / In whose name.")
_JSON = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 / Print JSON.")


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


@click.command("list")
@_JSON
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
        off = f",{len(one['off'])} 项未启用 / off" if one["off"] else ""
        click.echo(f"{one['key']}  {one['version']}  {one['name']} / {one.get('name_en', '')}  ({installed}{off})")
        click.echo(f"    {one.get('summary', '')}")


def _installing(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of an installation."""
    for option in (
        _JSON,
        _USER,
        click.option("--confirm", is_flag=True, help="装好就启用它的动作 / Switch on at once what it may do."),
        click.option("--dry-run", is_flag=True, help="只看会做什么 / Only show what would be done."),
        click.option(
            "--on-conflict",
            type=click.Choice(["keep", "replace", "rename"]),
            default="keep",
            show_default=True,
            help="与已有定义冲突时 / When a definition was changed on both sides.",
        ),
        click.option(
            "--channel",
            "channels",
            multiple=True,
            metavar="PACK=OWN",
            help="改用自己的通道 / Use a channel of your own.",
        ),
        click.option(
            "--role", "people", multiple=True, metavar="ROLE=USER", help="由谁担任角色 / Who takes a role of the pack."
        ),
        click.option("--input", "inputs", multiple=True, metavar="NAME=VALUE", help="填写输入项 / Fill in an input."),
        click.argument("pack"),
    ):
        function = option(function)
    return function


@click.command()
@_installing
def install(*, pack: str, **options: Any) -> None:
    """安装一个包 / Install a pack, in one transaction; what it may do stays off until `beihuo pack confirm`."""
    _install(pack, upgrade=False, **options)


@click.command()
@_installing
def upgrade(*, pack: str, **options: Any) -> None:
    """升级一个包,保留你的修改 / Upgrade an installed pack; your own changes are merged in."""
    _install(pack, upgrade=True, **options)


def _install(
    pack: str,
    *,
    upgrade: bool,
    inputs: tuple[str, ...],
    people: tuple[str, ...],
    channels: tuple[str, ...],
    on_conflict: str,
    dry_run: bool,
    confirm: bool,
    user: str,
    as_json: bool,
) -> None:
    from services import packs
    from services.workspace import open_workspace

    workspace, opened = open_workspace(), packs.open_pack(source(pack))
    if upgrade:
        packs.check_upgrade(workspace, opened)
    roles: dict[str, list[str]] = {}
    for role, person in (pair.partition("=")[::2] for pair in people):
        roles.setdefault(role, []).append(person)
    answers = packs.Answers(_inputs(inputs), {}, roles, dict(pair.partition("=")[::2] for pair in channels))
    seen = packs.preview(workspace, pack=opened.document, answers=answers)
    choices = {f"{one['kind']}/{one['key']}": on_conflict for one in seen["steps"] if one["conflict"]}
    answers = packs.Answers(answers.inputs, choices, roles, answers.channels)
    if dry_run:
        _show(packs.preview(workspace, pack=opened.document, answers=answers), as_json=as_json)
        return
    done = packs.install(workspace, pack=opened.document, user=user, answers=answers, confirmed=confirm)
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
    if done["off"]:
        click.echo(f"  {len(done['off'])} 项尚未启用 / still off: {'、'.join(done['off'])}")
        click.echo(f"  启用 / switch on: beihuo pack confirm {done['pack']}")


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
    for one in seen["abilities"]:
        click.echo(f"会做 / may: {one['words']} / {one['words_en']}")
    for one in seen["gaps"]["people"]:
        click.echo(f"没有人担任 / nobody is: {one['role']}({'、'.join(one['used_by'])})  --role {one['role']}=…")
    for one in seen["gaps"]["channels"]:
        click.echo(
            f"没有通道 / no channel: {one['channel']}({'、'.join(one['used_by'])})  --channel {one['channel']}=…"
        )
    for one in seen["overlaps"]:
        click.echo(f"重叠 / overlap: {one['name']} ∩ {one['other_name']}:{one['both']}")
    for problem in seen["problems"]:
        click.echo(f"问题 / problem: {problem['message']} / {problem['message_en']}")


@click.command("confirm")
@click.argument("pack")
@click.option("--only", multiple=True, metavar="KIND/KEY", help="只启用这些 / Only these.")
@_USER
def confirm_(*, pack: str, only: tuple[str, ...], user: str) -> None:
    """启用安装时没有启用的动作 / Switch on what the installation left off."""
    from services import packs
    from services.workspace import open_workspace

    done = packs.confirm(open_workspace(), pack=pack, user=user, only=only or None)
    click.echo(
        f"已启用 {len(done['on'])} 项,未启用 {len(done['off'])} 项 / {len(done['on'])} on, {len(done['off'])} off"
    )


@click.command()
@click.argument("pack")
@_USER
def undo(*, pack: str, user: str) -> None:
    """撤销上一次安装,数据保留 / Take the last installation back; data stays."""
    from services import packs
    from services.workspace import open_workspace

    done = packs.undo(open_workspace(), pack=pack, user=user)
    click.echo(
        f"已撤销 {pack}:恢复 {len(done['restored'])},归档 {len(done['archived'])},之后改过而保留 {len(done['kept'])}"
        f" / restored {len(done['restored'])}, archived {len(done['archived'])}, kept {len(done['kept'])}"
    )


@click.command()
@click.argument("pack")
@_USER
def remove(*, pack: str, user: str) -> None:
    """移除一个包的定义,数据保留 / Put a pack's definitions away; data stays."""
    from services import packs
    from services.workspace import open_workspace

    done = packs.remove(open_workspace(), pack=pack, user=user)
    click.echo(
        f"已移除 {pack}:归档 {len(done['archived'])},保留 {len(done['kept'])}"
        f" / archived {len(done['archived'])}, kept {len(done['kept'])}"
    )


COMMANDS = (list_, install, upgrade, confirm_, undo, remove)
