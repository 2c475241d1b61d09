"""Facts by day: appended, corrected, taken back, read at one version; a batch is in once or not at all."""

from __future__ import annotations

import datetime as dt
import multiprocessing
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.problems import BeihuoError
from engine.tables.facts import Facts, day_of

FIRST = dt.date(2026, 11, 1)


def rows(*found: tuple[str, int, object]) -> pa.Table:
    """Rows of (sku, day of November, quantity)."""
    return pa.table(
        {
            "sku": [sku for sku, _, _ in found],
            "date": [dt.date(2026, 11, day) for _, day, _ in found],
            "quantity": pa.array([quantity for *_, quantity in found]),
        }
    )


def sums(facts: Facts, version: int | None = None) -> dict[tuple[str, int], int]:
    """The net quantity of each (sku, day)."""
    totals: dict[tuple[str, int], int] = defaultdict(int)
    if not facts.files(version):
        return {}
    for row in facts.read(["sku", "date", "quantity"], version=version).to_pylist():
        totals[row["sku"], row["date"].day] += row["quantity"]
    return {key: total for key, total in totals.items() if total}


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    return Facts(tmp_path / "sales")


def test_nothing_written_is_an_empty_table(facts: Facts):
    """A shop on its first day has no version, no files, no rows."""
    assert (-1, [], 0, False) == (facts.version(), facts.files(), facts.read().num_rows, facts.has_batch("b1"))


def test_a_batch_goes_in_once(facts: Facts):
    """The same batch twice, as after a crash between the two stores, counts once."""
    facts.append(rows(("A", 1, 5), ("B", 2, 3)), "b1")
    facts.append(rows(("A", 1, 5), ("B", 2, 3)), "b1")
    assert {("A", 1): 5, ("B", 2): 3} == sums(facts)
    assert facts.has_batch("b1")


def test_a_reader_keeps_its_version(facts: Facts):
    """What is committed later is not seen in an earlier version; its files stay readable."""
    version = facts.append(rows(("A", 1, 5)), "b1")
    files = facts.files(version)
    facts.append(rows(("A", 1, 7)), "b2")
    facts.compact()
    assert {("A", 1): 5} == sums(facts, version)
    assert files == facts.files(version)
    assert {("A", 1): 12} == sums(facts)


def test_a_day_is_replaced_whole(facts: Facts):
    """The corrected day holds the new rows only; other days stay; rows of another day are refused."""
    facts.append(rows(("A", 1, 5), ("B", 1, 1), ("A", 2, 9)), "b1")
    facts.replace_day(FIRST, rows(("A", 1, 6)), "b2")
    assert {("A", 1): 6, ("A", 2): 9} == sums(facts)
    with pytest.raises(BeihuoError, match="rows of other days"):
        facts.replace_day(FIRST, rows(("A", 2, 6)), "b3")


def test_undo_compensates(facts: Facts):
    """Taken back, also after compaction and vacuum, and also twice; the price is not negated."""
    facts.append(rows(("A", 1, 5)).append_column("price", pa.array([19.9])), "b1")
    facts.append(rows(("A", 1, 2)), "b2")
    facts.compact()
    facts.vacuum(0)
    facts.undo("b1")
    facts.undo("b1")
    assert {("A", 1): 2} == sums(facts)
    assert {Decimal("19.9000"), None} == set(facts.read(["price"])["price"].to_pylist())
    with pytest.raises(BeihuoError, match="没有批次 b9"):
        facts.undo("b9")


def test_undo_of_a_replaced_day_brings_its_rows_back(facts: Facts):
    """The former rows come back beside what came since; what was taken back meanwhile does not; the last goes first."""
    facts.append(rows(("A", 1, 5), ("B", 1, 3), ("A", 2, 9)), "b1")
    facts.append(rows(("A", 1, 1)), "b2")
    facts.replace_day(FIRST, rows(("A", 1, 7)), "b3")
    facts.append(rows(("C", 1, 4)), "b4")
    facts.undo("b2")
    facts.replace_day(FIRST, rows(("A", 1, 8)), "b5")
    with pytest.raises(BeihuoError, match="后来又被批次 b5 替换"):
        facts.undo("b3")
    facts.undo("b5")
    facts.undo("b5")
    assert {("A", 1): 7, ("C", 1): 4, ("A", 2): 9} == sums(facts)
    facts.undo("b3")
    assert {("A", 1): 5, ("B", 1): 3, ("C", 1): 4, ("A", 2): 9} == sums(facts)
    facts.undo("b1")
    assert {("C", 1): 4} == sums(facts)


def test_hours_fold_into_the_day(facts: Facts):
    """The sums stay, each batch keeps its rows and can still be taken back; a day without hours is left alone."""
    given = rows(("A", 1, 5), ("A", 1, 2), ("B", 1, 3), ("A", 2, 1))
    facts.append(given.append_column("hour", pa.array([9, 10, 9, 8])), "b1")
    facts.append(rows(("A", 1, 4)).append_column("hour", pa.array([9])), "b2")
    before = sums(facts)
    assert (True, False) == (facts.fold_hours(FIRST), facts.fold_hours(FIRST))
    assert before == sums(facts)
    day = facts.read(["sku", "quantity", "hour", "batch"], since=FIRST, until=FIRST)
    assert [("A", 4, "b2"), ("A", 7, "b1"), ("B", 3, "b1")] == sorted(
        (row["sku"], row["quantity"], row["batch"]) for row in day.to_pylist()
    )
    assert day["hour"].null_count == 3
    facts.undo("b1")
    assert {("A", 1): 4} == sums(facts)


def test_types_are_exact(facts: Facts):
    """Whole quantities are integers, money has four decimals exactly; half a piece is refused; new columns are welcome."""
    facts.append(rows(("A", 1, 5.0)).append_column("revenue", pa.array([0.1])), "b1")
    assert (pa.int64(), pa.decimal128(18, 4)) == (
        facts.schema().field("quantity").type,
        facts.schema().field("revenue").type,
    )
    assert [Decimal("0.1000")] == facts.read(["revenue"])["revenue"].to_pylist()
    with pytest.raises(BeihuoError, match="quantity 列的值不合类型"):
        facts.append(rows(("A", 1, 1.5)), "b2")
    with pytest.raises(BeihuoError, match="没有日期"):
        facts.append(pa.table({"sku": ["A"], "date": pa.array([None], pa.date32())}), "b3")
    facts.append(rows(("A", 1, 1)).append_column("channel", pa.array(["天猫"])), "b4")
    assert {None, "天猫"} == set(facts.read(["channel"])["channel"].to_pylist())
    weighed = Facts(facts.path + "_kg")
    weighed.append(rows(("A", 1, 1.5)), "b1")
    assert [Decimal("1.500")] == weighed.read(["quantity"])["quantity"].to_pylist()


def test_files_of_some_days_only(facts: Facts):
    """A window reads the files of its days and no others."""
    facts.append(rows(*[("A", day, 1) for day in range(1, 11)]), "b1")
    files = facts.files(since=dt.date(2026, 11, 3), until=dt.date(2026, 11, 5))
    assert [3, 4, 5] == sorted(day_of(file).day for file in files)
    assert 10 == len(facts.days())


def _append_many(path: str, name: str) -> None:
    for number in range(5):
        Facts(path).append(rows((name, 1, 1)), f"{name}{number}")


def test_writers_at_the_same_time_lose_nothing(facts: Facts):
    """Two processes that append to a table neither of which exists yet: all ten batches are in."""
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_append_many, args=(facts.path, name)) for name in ("A", "B")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert {("A", 1): 5, ("B", 1): 5} == sums(facts)


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("append"),
            st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 3), st.integers(-3, 9)), min_size=1, max_size=4),
        ),
        st.tuples(st.just("replace"), st.tuples(st.integers(1, 3), st.integers(0, 9))),
        st.tuples(st.just("undo"), st.integers(0, 5)),
        st.tuples(st.just("compact"), st.none()),
    ),
    max_size=6,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_history_adds_up(tmp_path_factory: pytest.TempPathFactory, steps: list):
    """Appends, replaced days, undone batches and compaction in any order: the sums are those of a plain list of rows."""
    facts = Facts(tmp_path_factory.mktemp("facts") / "sales")
    known: list[tuple[str, str, int, int]] = []
    undone: set[str] = set()
    replaced: dict[str, tuple[int, list, set[str]]] = {}
    for number, (kind, what) in enumerate(steps):
        batch = f"b{number}"
        if kind == "append":
            facts.append(rows(*what), batch)
            known += [(batch, *row) for row in what]
        elif kind == "replace":
            day, quantity = what
            if facts.version() >= 0:
                replaced[batch] = (day, [row for row in known if row[2] == day], set(undone))
            facts.replace_day(dt.date(2026, 11, day), rows(("A", day, quantity)), batch)
            known = [row for row in known if row[2] != day] + [(batch, "A", day, quantity)]
        elif kind == "undo" and facts.has_batch(f"b{what}") and f"b{what}" not in undone:
            taken = f"b{what}"
            if taken in replaced:
                day, rows_before, gone = replaced[taken]
                later = [b for b in replaced if int(b[1:]) > what and replaced[b][0] == day and b not in undone]
                if later:
                    with pytest.raises(BeihuoError):
                        facts.undo(taken)
                    continue
                facts.undo(taken)
                known = [row for row in known if row[0] != taken] + [
                    row for row in rows_before if row[0] not in undone - gone
                ]
                undone.add(taken)
                continue
            facts.undo(taken)
            undone.add(taken)
            known += [("", sku, day, -quantity) for batch_id, sku, day, quantity in known if batch_id == f"b{what}"]
        elif kind == "compact":
            facts.compact()
    totals: dict[tuple[str, int], int] = defaultdict(int)
    for _, sku, day, quantity in known:
        totals[sku, day] += quantity
    assert {key: total for key, total in totals.items() if total} == sums(facts)
