"""`beihuo user`: people who may sign in."""

from __future__ import annotations

import json
import sys

import click


@click.group("user")
def command() -> None:
    """用户 / People."""


@command.command("add")
@click.argument("key")
@click.option("--name", default="", help="姓名 / The name that others see.")
@click.option(
    "--role", "roles", multiple=True, default=("admin",), show_default=True, help="admin designer operator viewer …"
)
@click.option("--email", help="邮箱 / E-mail address.")
@click.option("--phone", help="手机 / Phone number.")
@click.option("--superior", help="上级的用户名 / The key of the superior.")
@click.option("--department", help="部门 / Department.")
@click.option(
    "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="界面语言 / Language."
)
@click.option(
    "--password-stdin",
    is_flag=True,
    help="从标准输入读密码 / Read the password from standard input, not from the terminal.",
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 / Print JSON.")
def add(
    *,
    key: str,
    name: str,
    roles: tuple[str, ...],
    email: str | None,
    phone: str | None,
    superior: str | None,
    department: str | None,
    language: str,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """新增用户,密码当面输入 / Add a person; the password is asked for, never an option."""
    from services import users
    from services.workspace import open_workspace

    password = _password(from_stdin=password_stdin)
    values = {
        "key": key,
        "name": name or key,
        "password": password,
        "roles": list(roles),
        "email": email,
        "phone": phone,
        "superior": superior,
        "department": department,
        "language": language,
    }
    given = {key: value for key, value in values.items() if value is not None}
    user = users.create(open_workspace(), values=given, user="system")
    if as_json:
        click.echo(json.dumps(user, ensure_ascii=False))
    else:
        click.echo(f"已新增用户 {user['name']}({key}) / added user {user['name']} ({key})")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 / Print JSON.")
def list_(*, as_json: bool) -> None:
    """列出用户 / List people."""
    from services import users
    from services.workspace import open_workspace

    found = users.list_(open_workspace())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for user in found:
        state = "" if user["active"] else "(已停用 / off)"
        click.echo(f"{user['key']:<16} {user['name']}  {', '.join(user['roles'])} {state}".rstrip())


@command.command("password")
@click.argument("key")
@click.option("--password-stdin", is_flag=True, help="从标准输入读密码 / Read the password from standard input.")
def password(*, key: str, password_stdin: bool) -> None:
    """重设密码,其登录随即失效 / Set a new password; the person's sessions end."""
    from services import users
    from services.workspace import open_workspace

    new = _password(from_stdin=password_stdin)
    users.update(open_workspace(), key=key, changes={"password": new}, user="system")
    click.echo(f"已重设 {key} 的密码 / set a new password for {key}")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    entered: str = click.prompt("密码 / Password", hide_input=True, confirmation_prompt=True)
    return entered
