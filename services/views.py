"""Saved views of a form's list: one's own, and those that a designer shares with everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.access import Access
from services.record_context import form_of
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import views
from store.types import iso
from store.views import ViewState

_SHARERS = {"admin", "designer"}


def list_(workspace: Workspace, *, form: str, user: str) -> list[dict[str, Any]]:
    """Return the views that *user* has or that are shared: `{id, name, shared, owner, settings, updated_at}`."""
    with workspace.read() as session:
        _looks(Access(session, workspace, user), form)
        return [_shown(view) for view in views.of(session, form, user)]


def add(
    workspace: Workspace, *, form: str, name: str, settings: Mapping[str, Any], user: str, shared: bool = False
) -> dict[str, Any]:
    """Keep a new view.

    Raises:
        Refused: they may not look at the form, or may not share.
    """
    with workspace.write() as session:
        access = Access(session, workspace, user)
        _looks(access, form)
        _may_share(access, shared=shared)
        made = views.add(
            session, form=form, owner=user, name=name, shared=shared, settings=settings, now=workspace.clock()
        )
    return _shown(made)


def change(workspace: Workspace, *, form: str, id: int, changes: Mapping[str, Any], user: str) -> dict[str, Any]:  # noqa: A002 the API's word
    """Change name, settings or sharing of a view of one's own; whoever may share changes shared ones too."""
    with workspace.write() as session:
        access = Access(session, workspace, user)
        _own(access, form, views.get(session, id))
        _may_share(access, shared=bool(changes.get("shared")))
        made = views.change(session, id, now=workspace.clock(), **changes)
        assert made is not None  # noqa: S101 it was there in this transaction
    return _shown(made)


def remove(workspace: Workspace, *, form: str, id: int, user: str) -> None:  # noqa: A002 the API's word
    """Remove a view, as `change`."""
    with workspace.write() as session:
        _own(Access(session, workspace, user), form, views.get(session, id))
        views.remove(session, id)


def _looks(access: Access, form: str) -> None:
    form_of(access.documents, form)
    access.require(form, "view")


def _shares(access: Access) -> bool:
    return access.person is None or bool(_SHARERS & set(access.person.roles))


def _may_share(access: Access, *, shared: bool) -> None:
    if shared and not _shares(access):
        raise Refused("forbidden", "只有设计者和管理员能共享视图", "only designers and administrators share views")


def _own(access: Access, form: str, view: ViewState | None) -> None:
    _looks(access, form)
    if view is None or view.form != form or (view.owner != access.user and not (view.shared and _shares(access))):
        raise not_found("视图", "view", view.id if view else "")


def _shown(view: ViewState) -> dict[str, Any]:
    return {
        "id": view.id,
        "name": view.name,
        "shared": view.shared,
        "owner": view.owner,
        "settings": view.settings,
        "updated_at": iso(view.updated_at),
    }
