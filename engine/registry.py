"""A registry of plug-ins of one kind: our own folder is scanned first, then the entry points of third parties."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from importlib import metadata
from threading import RLock
from typing import Generic, TypeVar

from engine.problems import BeihuoError, UnknownName

T = TypeVar("T")


class Registry(Mapping[str, T], Generic[T]):
    """Plug-ins by name; found on first use.

    A module of *package* calls `REGISTRY.add(name, plug_in)` (mostly through a decorator) when it is imported. Name the
    registry as a CONSTANT: a lower-case one beside a folder of the same name would be overwritten by the sub-package.

    Args:
        label: what one plug-in is called, in Chinese (字段类型); it appears in messages.
        package: the folder to scan (`form_builder.fields`).
        entry_points: the group in which other distributions announce theirs (`beihuo.fields`).
        label_en: what one plug-in is called, in English.
    """

    def __init__(self, label: str, package: str, entry_points: str, label_en: str) -> None:
        self.label = label
        self.label_en = label_en
        self._package = package
        self._entry_points = entry_points
        self._found: dict[str, T] = {}
        self._scanned = False
        self._lock = RLock()

    def add(self, name: str, plug_in: T) -> T:
        """Register *plug_in* under *name*; a second one of the same name is refused."""
        if name in self._found and self._found[name] is not plug_in:
            raise BeihuoError(f"{self.label}“{name}”登记了两次 / {self.label_en} “{name}” is registered twice")
        self._found[name] = plug_in
        return plug_in

    def _scan(self) -> None:
        with self._lock:
            if self._scanned:
                return
            self._scanned = True
            folder = importlib.import_module(self._package)
            for module in sorted(pkgutil.iter_modules(folder.__path__), key=lambda found: found.name):
                importlib.import_module(f"{self._package}.{module.name}")
            for entry_point in metadata.entry_points(group=self._entry_points):
                entry_point.load()

    def __getitem__(self, name: str) -> T:
        self._scan()
        try:
            return self._found[name]
        except KeyError:
            raise UnknownName(self.label, name, self._found, self.label_en) from None

    def __contains__(self, name: object) -> bool:
        self._scan()
        return name in self._found

    def __iter__(self) -> Iterator[str]:
        self._scan()
        return iter(sorted(self._found))

    def __len__(self) -> int:
        self._scan()
        return len(self._found)
