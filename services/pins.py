"""A person's PIN for action links: four to eight digits, kept as its hash; for workflows whose policy asks for it."""

from __future__ import annotations

import re

from argon2 import PasswordHasher

from engine.problems import DefinitionError, Problem
from services.users import verify_password
from services.workspace import Workspace
from store import audit, settings
from store.database import Session

_HASHER = PasswordHasher()
_SHAPE = re.compile(r"[0-9]{4,8}")
_EASY = frozenset({"0000", "1111", "1234", "4321", "000000", "111111", "123456", "654321"})
MOST_TRIES = 5


def has(session: Session, person: str) -> bool:
    """Say whether *person* has a PIN."""
    return settings.get(session, f"pin:{person}") is not None


def fits(session: Session, person: str, pin: str) -> bool:
    """Say whether this is the PIN of *person*; False when there is none."""
    return verify_password(settings.get(session, f"pin:{person}"), pin)


def choose(workspace: Workspace, *, person: str, pin: str) -> None:
    """Keep a new PIN.

    Raises:
        DefinitionError: it is not four to eight digits, or the first that anybody would try.
    """
    if not _SHAPE.fullmatch(pin) or pin in _EASY:
        raise DefinitionError(
            [
                Problem(
                    "$.pin",
                    "PIN 须为 4–8 位数字,且不能太简单",
                    "避开 1234、0000 这类",
                    "a PIN is four to eight digits, and no simple one",
                    "not 1234 or 0000",
                )
            ]
        )
    now = workspace.clock()
    with workspace.write() as session:
        settings.put(session, f"pin:{person}", _HASHER.hash(pin), user=person, now=now)
        entry = audit.Entry(
            at=now,
            actor=person,
            action="pin.changed",
            kind="user",
            key=person,
            summary="设置操作链接的 PIN",
            summary_en="set the PIN of action links",
        )
        audit.add(session, entry)
