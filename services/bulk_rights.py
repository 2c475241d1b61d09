"""The rights of somebody who writes many records at once, asked in a few questions for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.problems import Problem
from services.access import Access
from services.record_rights import veiled, write_problems
from services.refusal import Refused
from store import records


class Guard:
    """Says of each row whether it may be written.

    Args:
        access: who writes; None is the system, which may all.
        form: the form.
        right: `import` when this right allows both; else new records take `add`, others `edit`.

    Raises:
        Refused: they have none of the rights that it may take.
    """

    def __init__(self, access: Access | None, form: str, right: str | None) -> None:
        self._access = None if access is None or access.full else access
        self._form, self._right = form, right
        self._seen: set[int] | None = None
        if self._access:
            rights = self._access.rights(form)
            if not any(rights.allow(action) for action in {self._action(new=True), self._action(new=False)}):
                self._access.require(form, self._action(new=True))

    def _action(self, *, new: bool) -> str:
        return self._right or ("add" if new else "edit")

    def before(self, numbers: Sequence[int]) -> None:
        """Ask at once which of the records that are there may be changed."""
        self._seen = self._within(numbers, self._action(new=False))

    def _within(self, numbers: Sequence[int], action: str) -> set[int] | None:
        """Return those of *numbers* that are seen and within reach of *action*; None for all of them."""
        if self._access is None:
            return None
        conditions = [self._access.where(self._form, one) for one in ("view", action)]
        where = " AND ".join(f"({sql})" for sql in conditions if sql)
        return records.matching(self._access.session, self._form, numbers, where) if where else None

    def problems(self, row: Mapping[str, Any], number: int | None) -> list[Problem]:
        """Return what forbids the row that is to be written over record *number*, or to be a new one."""
        if self._access is None:
            return []
        action = self._action(new=number is None)
        if not self._access.rights(self._form).allow(action):
            words = (
                ("您没有新增的权限", "you may not add") if number is None else ("您没有修改的权限", "you may not edit")
            )
            return [Problem("$", words[0], "", words[1])]
        if number is not None and self._seen is not None and number not in self._seen:
            return [_outside()]
        return write_problems(self._access, self._form, row, action)

    def veiled(self, problems: list[Problem]) -> list[Problem]:
        """Return *problems* without the names of hidden fields."""
        return veiled(self._access, self._form, problems)

    def after(self, added: Sequence[int], changed: Sequence[int]) -> None:
        """Refuse the whole when a record, as written, lies outside the writer's rows."""
        for numbers, new in ((added, True), (changed, False)):
            within = self._within(numbers, self._action(new=new))
            if within is not None and len(within) < len(set(numbers)):
                raise Refused("forbidden", _outside().message, _outside().message_en)


def _outside() -> Problem:
    return Problem("$", "这条记录不在您可操作的范围内", "", "this record is outside of the rows that you may change")
