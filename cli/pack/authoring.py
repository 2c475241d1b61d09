"""Packs written and checked: new, validate, test, export, key, sign, verify, trust."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from cli.pack.source import source

SUFFIX = ".pack.json"
_FILE = click.Path(path_type=Path, dir_okay=False)
_GIVEN = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("key")
@click.option("--name", default="", help="名称 / Its name.")
@click.option("--out", type=_FILE, help="写到哪个文件 / The file to write (KEY.pack.json).")
def new(*, key: str, name: str, out: Path | None) -> None:
    """写一个可以马上测试的新包 / Write a small pack to start from, whose own test passes."""
    from rule_templates.starter import starter

    path = out or Path(f"{key}{SUFFIX}")
    if path.exists():
        raise click.ClickException(f"{path} 已存在 / exists already")
    _write(path, starter(key, name or key))
    click.echo(f"已写入 {path};试试 / written, now try:beihuo pack test {path}")


@click.command()
@click.argument("pack")
def validate(*, pack: str) -> None:
    """检查一个包是否写对 / Check a pack: every problem with its place."""
    from services import packs

    opened = packs.open_pack(source(pack))
    packs.check(opened)
    count = len(opened.document["definitions"])
    click.echo(f"{opened.key} {opened.version}:{count} 个定义,没有问题 / {count} definitions, nothing wrong")


@click.command()
@click.argument("pack")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 / Print JSON.")
def test(*, pack: str, as_json: bool) -> None:
    """运行包自带的测试,不碰工作区 / Run the pack's own tests; no workspace is touched."""
    from services import packs

    found = packs.test(None, pack=source(pack))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for one in found:
            click.echo(f"{'✓' if one['passed'] else '✗'} {one['name']} / {one['name_en']}")
            for difference in one["differences"]:
                click.echo(f"    {difference['message']} / {difference['message_en']}")
    sys.exit(0 if all(one["passed"] for one in found) else 1)


@click.command()
@click.argument("key")
@click.argument("definitions", nargs=-1, metavar="[KIND/KEY]...")
@click.option("--name", required=True, help="名称 / Its name.")
@click.option("--version", default="1.0.0", show_default=True, help="版本 / Its version.")
@click.option("--licence", default="proprietary", show_default=True, help="许可 / Its licence.")
@click.option("--sample", multiple=True, metavar="FORM", help="附上表单的前 1000 条记录 / Take a form's records along.")
@click.option("--out", type=_FILE, help="写到哪个文件 / The file to write (KEY.pack.json).")
def export(*, key: str, definitions: tuple[str, ...], out: Path | None, sample: tuple[str, ...], **about: str) -> None:
    """把自己的定义导出成包,不含任何密钥 / Your own definitions as a pack, with all they name and no secret."""
    from services import packs
    from services.workspace import open_workspace

    found = packs.export(open_workspace(), about={"key": key, **about}, names=definitions or None, sample=sample)
    path = out or Path(f"{key}{SUFFIX}")
    _write(path, found)
    needs = "、".join(found["about"].get("requires", {})) or "–"
    click.echo(
        f"已写入 {path}:{len(found['definitions'])} 个定义,需要 {needs} / {len(found['definitions'])} definitions"
    )


@click.command("key")
@click.argument("path", type=_FILE)
def key_(*, path: Path) -> None:
    """生成一对签名密钥 / Make a key pair: PATH (private, keep it) and PATH.pub."""
    import os

    import rule_templates

    private, public = rule_templates.new_key()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(private)
    path.with_name(f"{path.name}.pub").write_bytes(public)
    click.echo(f"{path}(私钥,自己保管 / private)、{path}.pub(公钥 / public),id {rule_templates.key_id(public)}")


@click.command()
@click.argument("file", type=_GIVEN)
@click.option("--key", "key_file", required=True, type=_GIVEN, help="私钥文件 / The private key.")
def sign(*, file: Path, key_file: Path) -> None:
    """给包签名 / Sign a pack with an Ed25519 key."""
    import rule_templates

    signed = rule_templates.sign(rule_templates.read_pack(file).document, key_file.read_bytes())
    _write(file, signed)
    click.echo(f"已签名 {file},密钥 {signed['signature']['key_id']} / signed")


@click.command()
@click.argument("file", type=_GIVEN)
@click.option("--key", "key_file", required=True, type=_GIVEN, help="公钥文件 / The public key.")
def verify(*, file: Path, key_file: Path) -> None:
    """核对包的签名 / Check whose pack it is, and that nobody changed it since."""
    import rule_templates

    if not rule_templates.verify(rule_templates.read_pack(file).document, key_file.read_bytes()):
        click.secho("签名不符:不是这把密钥签的,或签名后被改动 / the signature does not fit", fg="red", err=True)
        sys.exit(1)
    click.echo("签名相符 / the signature fits")


@click.command()
@click.argument("name")
@click.argument("key_file", type=_GIVEN)
@click.option("--user", default="admin", show_default=True, help="以谁的名义 / In whose name.")
def trust(*, name: str, key_file: Path, user: str) -> None:
    """信任一把公钥签名的包 / Trust packs signed with this key; one changed afterwards is refused then."""
    from services import packs
    from services.workspace import open_workspace

    done = packs.trust(open_workspace(), name=name, public=key_file.read_text(encoding="ascii"), user=user)
    click.echo(f"已信任 {done['name']}({done['key_id']})/ trusted")


def _write(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


COMMANDS = (new, validate, test, export, key_, sign, verify, trust)
