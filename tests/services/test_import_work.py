"""Imports as work: cancelled while they run, followed, tried out without a trace, taken from a watched folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from services import import_inbox, import_progress, imports, ingest, packs, records
from services.refusal import Refused
from services.workspace import Workspace
from store import definitions

SKUS = "商品编码,商品名称\n" + "".join(f"S{number},耳环{number}\n" for number in range(3000))
SALES = "日期,商品编码,数量\n2026-11-01,S1,3\n2026-11-02,S2,5\n"


@pytest.fixture
def base(ws: Workspace) -> Workspace:
    """A workspace with the base forms."""
    packs.install(ws, pack="base", user="admin")
    return ws


def file(folder: Path, text: str, name: str = "skus.csv") -> Path:
    """Write a CSV file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8-sig")
    return path


def test_a_waiting_import_is_cancelled_at_once(base: Workspace, tmp_path: Path) -> None:
    started = imports.start(base, path=file(tmp_path, SKUS), into="sku", user="lin")
    assert imports.cancel(base, batch=started["id"], user="lin")["status"] == "cancelled"
    assert imports.work(base) == 0
    with pytest.raises(Refused):
        imports.cancel(base, batch=started["id"], user="lin")


@pytest.mark.parametrize(("text", "into"), [(SKUS, "sku"), (SALES, "sales")])
def test_a_running_import_stops_and_leaves_nothing(base: Workspace, tmp_path: Path, text: str, into: str) -> None:
    """Asked to stop while it reads (records) or before it commits (facts): nothing is there afterwards, new SKUs neither."""
    started = imports.start(base, path=file(tmp_path, text), into=into, user="lin")
    import_progress.stop(base, started["id"])
    assert imports.work(base) == 1

    assert imports.get(base, batch=started["id"])["status"] == "cancelled"
    assert records.list_(base, form="sku", user="admin")["total"] == 0
    assert base.facts("sales").version() == -1
    assert list(base.folder("imports").glob(f"{started['id']}.p*")) == []


def test_a_trial_is_no_past_import(base: Workspace, tmp_path: Path) -> None:
    path = file(tmp_path, SKUS)
    trial = imports.start(base, path=path, into="sku", user="lin", options={"dry_run": True})
    real = imports.start(base, path=path, into="sku", user="lin")
    imports.work(base)
    imports.work(base)

    assert imports.get(base, batch=trial["id"])["result"]["inserted"] == 3000
    assert [one["id"] for one in imports.list_(base)] == [real["id"]]


def test_facts_are_committed_outside_of_the_transaction(
    base: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the facts table is written, others write to the database."""
    facts = base.facts("sales")
    append = type(facts).append
    written: list[Any] = []

    def while_appending(self: Any, table: Any, batch: str) -> int:
        with base.write() as session:
            written.append(definitions.get(session, "form", "sku"))
        return append(self, table, batch)

    monkeypatch.setattr(type(facts), "append", while_appending)
    done = ingest.import_file(base, path=file(tmp_path, SALES), into="sales", user="lin")
    assert (done["inserted"], len(written)) == (2, 1)


def test_facts_that_cannot_be_committed_leave_no_new_skus(
    base: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SKUs that the file made are taken back; the file imports as if nothing had been."""

    def full(*_args: Any) -> int:
        raise OSError(28, "No space left on device")

    path = file(tmp_path, SALES)
    with monkeypatch.context() as broken:
        broken.setattr(type(base.facts("sales")), "append", full)
        with pytest.raises(OSError, match="space"):
            ingest.import_file(base, path=path, into="sales", user="lin")
    assert records.list_(base, form="sku", user="admin")["total"] == 0
    assert ingest.import_file(base, path=path, into="sales", user="lin")["inserted"] == 2


def test_a_crash_after_the_facts_is_finished_by_the_same_file(
    base: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the facts' commit and the batch's: importing the file again counts nothing twice."""
    path = file(tmp_path, SALES)
    with monkeypatch.context() as broken:
        broken.setattr(ingest, "finish", _crash)
        with pytest.raises(KeyboardInterrupt):
            ingest.import_file(base, path=path, into="sales", user="lin")
    ingest.import_file(base, path=path, into="sales", user="lin")

    assert sorted(base.facts("sales").read()["quantity"].to_pylist()) == [3, 5]


def _crash(*_args: Any, **_more: Any) -> None:
    raise KeyboardInterrupt


def test_the_watched_folder_takes_what_it_knows(base: Workspace) -> None:
    """A folder named like a form, one named like a mapping, the folder itself, and a name that nobody knows."""
    root = base.folder("inbox")
    paths = [
        file(root / "sku", SKUS),
        file(root / "plain_sales", SALES, "a.csv"),
        file(root, "商品编码,仓库,在库\nS1,main,5\n", "stock.csv"),
        file(root / "nonsense", SALES, "b.csv"),
        file(root, SALES, "still_written.csv"),
    ]
    for path in paths[:-1]:
        os.utime(path, (1_000, 1_000))
    os.utime(paths[-1], (9_999_999_999, 9_999_999_999))

    assert import_inbox.collect(base) == 3
    assert {one["form"] for one in imports.list_(base)} == {"sku", "sales", "stock"}
    assert sorted(path.name for path in (root / "refused").iterdir()) == ["b.csv", "b.csv.txt"]
    assert "nonsense" in (root / "refused" / "b.csv.txt").read_text("utf-8")
    assert [path.name for path in root.glob("*.csv")] == ["still_written.csv"]
    assert len(list((root / "taken").iterdir())) == 3


def test_numbers_of_deleted_records_are_never_used_again(shops: Workspace) -> None:
    """So that a new record does not find the history of one that is gone."""
    first = records.create(shops, form="sku", values={"code": "A"}, user="admin")["id"]
    records.delete(shops, form="sku", id=first, user="admin")
    second = records.create(shops, form="sku", values={"code": "B"}, user="admin")["id"]

    assert second != first
    assert [one["operation"] for one in records.history(shops, form="sku", id=second)] == ["created"]


def test_a_code_that_comes_twice_is_told(base: Workspace, tmp_path: Path) -> None:
    """The last row counts, and the result says that there were others; a look at the file counts all of its rows."""
    path = file(tmp_path, SKUS + "S7,新名字\nS8,又一个\n")
    assert ingest.analyse(base, path=path)["rows"] == 3002
    done = ingest.import_file(base, path=path, into="sku", user="lin")

    assert done["inserted"] == 3000
    assert "2 行的“商品编码”在文件里重复,以最后一行为准" in [note["message"] for note in done["notes"]]
    assert (
        records.list_(base, form="sku", user="admin", filter="code == 'S7'")["items"][0]["values"]["name"] == "新名字"
    )
