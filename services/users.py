"""People: added, changed, shown; what they may do is in their roles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.problems import DefinitionError, Problem
from services.audit import Entry
from services.audit import add as note
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import users
from store.database import Session
from store.types import iso
from store.users import Person

SYSTEM_ROLES = ("admin", "designer", "operator", "viewer")
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_HASHER = PasswordHasher()
MIN_PASSWORD = 10
_CHANGEABLE = {"name", "roles", "superior", "department", "language", "email", "phone", "addresses", "active"}


def as_json(person: Person) -> dict[str, Any]:
    """Return a person as the API shows them."""
    return {
        "key": person.key,
        "name": person.name,
        "roles": list(person.roles),
        "superior": person.superior,
        "department": person.department,
        "language": person.language,
        "email": person.email,
        "phone": person.phone,
        "addresses": person.addresses,
        "active": person.active,
        "created_at": iso(person.created_at),
        "last_login_at": iso(person.last_login_at),
    }


def list_(workspace: Workspace) -> list[dict[str, Any]]:
    """Return everybody."""
    with workspace.read() as session:
        return [as_json(person) for person in users.every(session)]


def get(workspace: Workspace, *, key: str) -> dict[str, Any]:
    """Return one person."""
    with workspace.read() as session:
        person = users.get(session, key)
    if person is None:
        raise not_found("用户", "user", key)
    return as_json(person)


def departments(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the departments: `{key, name, parent, head}`."""
    with workspace.read() as session:
        found = users.departments(session)
    return [{"key": key, "name": name, "parent": up, "head": head} for key, (name, up, head) in found.items()]


def save_department(
    workspace: Workspace, *, key: str, name: str, parent: str | None, head: str | None, user: str
) -> dict[str, Any]:
    """Add or change a department; *user* is who does it.

    Raises:
        DefinitionError: the department above or its head is not there, or it would stand above itself.
    """
    with workspace.write() as session:
        there = users.departments(session)
        problems = []
        if parent is not None and (parent not in there or key in _above(parent, there)):
            problems.append(Problem("$.parent", f"上级部门“{parent}”不能用", "", f"“{parent}” cannot stand above it"))
        if head is not None and users.get(session, head) is None:
            problems.append(Problem("$.head", f"没有用户“{head}”", "", f"there is no user “{head}”"))
        if problems:
            raise DefinitionError(problems)
        users.save_department(session, key, name=name, parent=parent, head=head)
        note(
            session,
            Entry(
                at=workspace.clock(),
                actor=user,
                action="department.saved",
                kind="department",
                key=key,
                summary=f"保存部门 {name}",
                summary_en=f"saved the department {name}",
                after={"parent": parent, "head": head},
            ),
        )
    return {"key": key, "name": name, "parent": parent, "head": head}


def _above(key: str | None, there: Mapping[str, tuple[str, str | None, str | None]]) -> set[str]:
    """Return a department and all above it."""
    found: set[str] = set()
    while key is not None and key in there and key not in found:
        found.add(key)
        key = there[key][1]
    return found


def create(workspace: Workspace, *, values: Mapping[str, Any], user: str) -> dict[str, Any]:
    """Add a person: key, name, password and what else is known; *user* is who adds them.

    Raises:
        DefinitionError: the key, the password or another value cannot be used.
        Refused: the key is taken.
    """
    key, columns = str(values.get("key", "")), {**values, "roles": list(values.get("roles") or ["viewer"])}
    password = str(columns.pop("password", ""))
    columns.pop("key", None)
    with workspace.write() as session:
        problems = _key_problems(key) + _password_problems(password) + _problems(session, columns) + _unknown(columns)
        if problems:
            raise DefinitionError(problems)
        if users.get(session, key) is not None:
            raise Refused("conflict", f"已有用户“{key}”", f"there is a user “{key}” already")
        columns["password_hash"] = _HASHER.hash(password)
        person = users.add(session, key=key, now=workspace.clock(), **columns)
        note(session, _entry(workspace, user, "user.added", person, None))
    return as_json(person)


def update(workspace: Workspace, *, key: str, changes: Mapping[str, Any], user: str) -> dict[str, Any]:
    """Change a person; a new password, other roles or being switched off end their sessions.

    Raises:
        Refused: there is no such person, or nobody would be an administrator any more.
        DefinitionError: a value cannot be used.
    """
    with workspace.write() as session:
        before = users.get(session, key)
        if before is None:
            raise not_found("用户", "user", key)
        problems = _problems(session, changes) + _unknown(changes)
        if "password" in changes:
            problems += _password_problems(str(changes["password"]))
        if problems:
            raise DefinitionError(problems)
        columns = {name: value for name, value in changes.items() if name in _CHANGEABLE}
        if "password" in changes:
            columns["password_hash"] = _HASHER.hash(str(changes["password"]))
        ends = bool({"password", "roles", "active"} & set(changes))
        person = users.change(session, key, end_sessions=ends, **columns)
        assert person is not None  # noqa: S101 it was there in this transaction
        if "admin" in before.roles and before.active:
            _keep_an_admin(session)
        note(session, _entry(workspace, user, "user.changed", person, before))
    return as_json(person)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Say whether *password* is the one; takes as long when there is no hash, so that names cannot be probed."""
    try:
        return _HASHER.verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


_NOBODY: list[str] = []


def _nobody() -> str:
    if not _NOBODY:
        _NOBODY.append(_HASHER.hash("nobody"))
    return _NOBODY[0]


def _keep_an_admin(session: Session) -> None:
    if not users.with_role(session, "admin"):
        raise Refused("conflict", "至少要留一位管理员", "at least one administrator must remain")


def _key_problems(key: str) -> list[Problem]:
    if _KEY.fullmatch(key):
        return []
    return [
        Problem(
            "$.key",
            f"“{key}”不能用作用户名",
            "用小写字母、数字、点、下划线或短横,不超过 63 个字符",
            f"“{key}” cannot be a user name",
            "use lower-case letters, digits, dots, underscores or hyphens, at most 63 characters",
        )
    ]


def _password_problems(password: str) -> list[Problem]:
    if len(password) >= MIN_PASSWORD:
        return []
    return [
        Problem(
            "$.password",
            f"密码太短,至少 {MIN_PASSWORD} 个字符",
            "几个词连在一起就好记又安全",
            f"the password is too short: at least {MIN_PASSWORD} characters",
            "a few words in a row are easy to remember and safe",
        )
    ]


def _problems(session: Session, values: Mapping[str, Any]) -> list[Problem]:
    problems = []
    superior = values.get("superior")
    if superior and users.get(session, str(superior)) is None:
        problems.append(Problem("$.superior", f"没有用户“{superior}”", "", f"there is no user “{superior}”"))
    if values.get("language", "zh") not in {"zh", "en"}:
        problems.append(Problem("$.language", "语言只能是 zh 或 en", "", "the language is zh or en"))
    if "roles" in values and not set(values["roles"]) & set(SYSTEM_ROLES):
        problems.append(
            Problem(
                "$.roles",
                "缺少系统角色",
                f"加上 {'、'.join(SYSTEM_ROLES)} 之一",
                "a system role is missing",
                f"add one of {', '.join(SYSTEM_ROLES)}",
            )
        )
    return problems


def _unknown(values: Mapping[str, Any]) -> list[Problem]:
    names = set(values) - _CHANGEABLE - {"password"}
    return [Problem(f"$.{name}", f"不认识 {name}", "", f"unknown property {name}") for name in sorted(names)]


def _entry(workspace: Workspace, actor: str, action: str, person: Person, before: Person | None) -> Entry:
    verb, verb_en = ("新增", "added") if before is None else ("修改", "changed")
    return Entry(
        at=workspace.clock(),
        actor=actor,
        action=action,
        kind="user",
        key=person.key,
        summary=f"{verb}用户 {person.name}",
        summary_en=f"{verb_en} user {person.name}",
        before=as_json(before) if before else None,
        after=as_json(person),
    )
