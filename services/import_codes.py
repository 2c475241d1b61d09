"""What a file points to and the workspace does not have: warehouses and SKUs found by name, created, or reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.problems import DefinitionError, Problem
from services import bulk
from services.record_context import forms_of
from services.workspace import Workspace
from store import records
from store.database import Session

Document = Mapping[str, Any]
Note = tuple[str, str]
MAIN = {"code": "main", "name": "主仓"}
_SHOWN = 5


def default_warehouse(session: Session, workspace: Workspace, *, user: str, batch: str, dry: bool) -> tuple[str, Note]:
    """Return the warehouse of rows that name none: the only one there is, or a new one called 主仓.

    Raises:
        DefinitionError: there are several, so that the person has to say which.
    """
    there = records.arrow(session, "warehouse", ["code"])["code"].to_pylist()
    if len(there) > 1:
        listed = "、".join(there[:20])
        raise DefinitionError(
            [
                Problem(
                    "$.mapping.warehouse",
                    f"文件没有仓库列,而工作区有 {len(there)} 个仓库:{listed}",
                    f"说明是哪个仓库,如 --set warehouse={there[0]}",
                    f"the file has no warehouse and the workspace has {len(there)}: {listed}",
                    f"say which, as in --set warehouse={there[0]}",
                )
            ]
        )
    if there:
        return there[0], (
            f"文件没有仓库列,都记到“{there[0]}”",
            f"the file names no warehouse: all rows go to “{there[0]}”",
        )
    if not dry:
        bulk.bulk_upsert_in(session, workspace, form="warehouse", rows=[MAIN], user=user, batch=batch)
    zh, en = "文件没有仓库列,新建“主仓”(main)并都记到它", "the file names no warehouse: all rows go to a new one, main"
    return MAIN["code"], (zh, en)


def by_name(session: Session, form: str, words: Iterable[str]) -> dict[str, str]:
    """Return word → code for the *words* that are no code of *form* but the name of exactly one record."""
    table = records.arrow(session, form, ["code", "name"])
    codes, names = table["code"].to_pylist(), table["name"].to_pylist()
    known = set(codes)
    named: dict[str, list[str]] = {}
    for code, name in zip(codes, names, strict=True):
        named.setdefault(name or "", []).append(code)
    return {word: named[word][0] for word in words if word not in known and len(named.get(word, ())) == 1}


def missing(session: Session, form: str, codes: Iterable[str]) -> list[str]:
    """Return the *codes* that no record of *form* has, in order."""
    known = set(records.arrow(session, form, ["code"])["code"].to_pylist())
    return sorted({code for code in codes if code} - known)


def create_missing(
    session: Session,
    workspace: Workspace,
    *,
    form: str,
    codes: list[str],
    user: str,
    batch: str,
    values: Mapping[str, Mapping[str, Any]] | None = None,
) -> Note | None:
    """Create a record of *form* for each of *codes*; return what to tell.

    Args:
        session: the transaction.
        workspace: where.
        form: the form pointed to.
        codes: those that it does not have.
        user: who imports.
        batch: under which the records are taken back again.
        values: code → more values of the new record.
    """
    if not codes:
        return None
    document = forms_of(session)[form]
    required = {one["key"] for one in document["fields"] if one.get("required")}
    rows = [
        {"code": code, **({"name": code} if "name" in required else {}), **(values or {}).get(code, {})}
        for code in codes
    ]
    counts = bulk.bulk_upsert_in(session, workspace, form=form, rows=rows, user=user, batch=batch)
    if counts["errors"]:
        first = counts["errors"][0]
        problem = Problem(
            "$", f"不能新建{document['name']}:{first['message']}", "", f"cannot create {form}: {first['message_en']}"
        )
        raise DefinitionError([problem])
    shown = "、".join(codes[:_SHOWN]) + ("…" if len(codes) > _SHOWN else "")
    zh = f"新建{document['name']} {len(codes)} 条:{shown}"
    return zh, f"created {len(codes)} records of {form}: {shown}"
