"""Who is who, and when people work: the two questions that the core asks the outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol


class Directory(Protocol):
    """Who is who. A user is a text (the user's key); every answer must be the same for the same question."""

    def superior(self, user: str) -> str | None:
        """Return the direct superior of *user*, or None."""
        ...

    def members(self, source: str) -> Sequence[str]:
        """Return the users behind a source such as `role:buyer`, in a fixed order."""
        ...

    def department_head(self, user: str, n: int) -> str | None:
        """Return the head of the *n*-th department above *user* (1 = his own), or None."""
        ...

    def active(self, user: str) -> bool:
        """Say whether *user* exists and may act."""
        ...

    def agent(self, user: str, workflow: str) -> str | None:
        """Return who acts for *user* in the workflow with the key *workflow* today, or None."""
        ...

    def admin(self) -> str | None:
        """Return who is called when nobody else is, or None."""
        ...


class Calendar(Protocol):
    """Work time: working days and hours, holidays and the days that are worked instead (调休)."""

    def add_work_time(self, moment: datetime, duration: timedelta) -> datetime:
        """Return the moment at which *duration* of work time has passed since *moment* (aware, like *moment*)."""
        ...


class NoDirectory:
    """A directory that knows nobody: every user is active, no one has a superior, a role is empty."""

    def superior(self, user: str) -> str | None:  # noqa: ARG002 the contract's argument
        """Return None: nobody has a superior."""
        return None

    def members(self, source: str) -> Sequence[str]:  # noqa: ARG002 the contract's argument
        """Return nobody."""
        return ()

    def department_head(self, user: str, n: int) -> str | None:  # noqa: ARG002 the contract's arguments
        """Return None: there are no departments."""
        return None

    def active(self, user: str) -> bool:  # noqa: ARG002 the contract's argument
        """Return True: everybody may act."""
        return True

    def agent(self, user: str, workflow: str) -> str | None:  # noqa: ARG002 the contract's arguments
        """Return None: nobody acts for another."""
        return None

    def admin(self) -> str | None:
        """Return None: there is no administrator."""
        return None
