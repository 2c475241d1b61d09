"""Look-ups into other tables as columns: the field of a record found by its key, and sums over the rows that fit."""

# ruff: noqa: S608 the SQL is made of quoted names, typed literals and compiled expressions, never of users' text

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.alerting.share import Share
from engine.expression.typed import Field, Input, InputCall, Node, walk
from engine.problems import DefinitionError, Problem
from engine.tables import facts_value
from engine.tables.source import Table

if TYPE_CHECKING:
    from engine.alerting.relation import Relation


def looked_up(relation: Relation, call: InputCall, names: Mapping[str, str], share: Share) -> str:
    """Return the column that holds the value of a look-up.

    Args:
        relation: the relation of the rules' table.
        call: LOOKUP, SUM_OF, COUNT_OF or AVERAGE_OF.
        names: the rule's own names → columns.
        share: how the rule shares facts.

    Raises:
        DefinitionError: the table or a column of it is not given, or a call stands inside the look-up.
    """
    table = relation.subject.world.tables.get(call.form)
    if table is None:
        raise _cannot(call, f"没有给出表 {call.form}", f"table {call.form} is not given")
    relation.see(call.form)
    if call.function.upper() == "LOOKUP":
        return _field_of(relation, call, table, names, share)
    columns: dict[str, str] = {}
    outer: list[str] = []
    for part in call.parts:
        _columns(relation, call, part, table, names, columns, outer)
    source = relation.dialect.column(f"table_{call.form}")
    where = ""
    if call.condition is not None:
        where = f" WHERE {relation.writer.node(call.condition, columns)}"
    counted = "CAST(count(*) AS DOUBLE)"
    if call.value is not None:
        units = facts_value.units_of_double(relation.writer.node(call.value, columns))
        total = f"coalesce(CAST(sum({units}) AS DOUBLE), CAST(0 AS DOUBLE)) / CAST({facts_value.MICRO} AS DOUBLE)"
        counted = total
        if call.function.upper() == "AVERAGE_OF":
            counted = f"({total}) / nullif(CAST(count({units}) AS DOUBLE), CAST(0 AS DOUBLE))"
    return relation.derive_sql(f"(SELECT {counted} FROM {source} AS l{where})", outer)


def _columns(
    relation: Relation,
    call: InputCall,
    part: Node,
    table: Table,
    names: Mapping[str, str],
    columns: dict[str, str],
    outer: list[str],
) -> None:
    """Note the SQL of every field that *part* reads: of the other table's row, or of the record."""
    for node in walk(part):
        if isinstance(node, Input):
            raise _cannot(call, "里面不能再用取数函数", "no call may stand inside it")
        if not isinstance(node, Field):
            continue
        if node.row == call.form or node.path.startswith(f"{call.form}."):
            column = node.path.removeprefix(f"{call.form}.")
            if column not in table.columns:
                raise _cannot(call, f"表 {call.form} 没有列 {column}", f"table {call.form} has no column {column}")
            columns[node.path] = facts_value.as_language(table, column, relation.dialect, "l.")
        else:
            columns[node.path] = names[node.path] if node.path in names else relation.field(node.path)
            outer.append(columns[node.path])


def _field_of(relation: Relation, call: InputCall, table: Table, names: Mapping[str, str], share: Share) -> str:
    """Return the field of the record whose key has the value; of several, the one with the smallest code."""
    del share
    _, key, given, wanted = call.arguments
    for column in (str(key), str(wanted)):
        if column not in table.columns:
            raise _cannot(call, f"表 {call.form} 没有列 {column}", f"table {call.form} has no column {column}")
    dialect = relation.dialect
    columns: dict[str, str] = {}
    outer: list[str] = []
    if isinstance(given, Node):
        _columns(relation, call, given, table, names, columns, outer)
        value = relation.writer.node(given, columns)
    else:
        value = (
            f"'{str(given).replace(chr(39), chr(39) * 2)}'" if isinstance(given, str) else f"CAST({given!r} AS DOUBLE)"
        )
    test = facts_value.as_language(table, str(key), dialect, "l.")
    found = facts_value.as_language(table, str(wanted), dialect, "l.")
    code = relation.subject.world.code(call.form)
    order = facts_value.key(table, code, dialect, "l.") if code else found
    source = dialect.column(f"table_{call.form}")
    return relation.derive_sql(
        f"(SELECT {dialect.of_smallest(found, order)} FROM {source} AS l WHERE {test} = {value})", outer
    )


def _cannot(call: InputCall, why: str, why_en: str) -> DefinitionError:
    return DefinitionError([Problem("$", f"{call.function}():{why}", "", f"{call.function}(): {why_en}")])
