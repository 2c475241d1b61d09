"""The columnar reader: a checked tree as one SQL expression of DuckDB, Spark, SQLite or PostgreSQL, built with sqlglot.

Numbers are doubles (a bare column is cast), division by zero and results that are not finite are null, texts compare by
code point, the clock is the context's. What a dialect cannot say with the language's own value is refused as a problem.

| dialect | instants | durations | lists | refused |
|---|---|---|---|---|
| duckdb | TIMESTAMPTZ | DOUBLE seconds | LIST | nothing |
| spark | TIMESTAMP | DOUBLE seconds | ARRAY | arithmetic on instants, DATE of numbers, working days, TEXT without format, LOWER/UPPER |
| postgres | TIMESTAMPTZ | double precision seconds | – | lists but in `in`, `//`, `%`, arithmetic on instants, formats, LOWER/UPPER |
| sqlite | UTC text with microseconds | REAL seconds | – | as postgres, and patterns, zones |

PostgreSQL raises on overflow and underflow of doubles where the others give infinity or 0: it is meant for filters over
stored fields, whose numbers are far from those limits.
"""

from __future__ import annotations

from engine.expression import typed
from engine.expression.context import NOTHING, Context
from engine.expression.dialects import DIALECTS
from engine.expression.sql.compiler import Column, Columns, Compiler
from engine.expression.sql.core import E
from engine.problems import DefinitionError, UnknownName

__all__ = ["DIALECTS", "Column", "Columns", "compile", "to_sql"]


def compile(  # noqa: A001 the field's word, read as columnar.compile
    tree: typed.TypedTree | typed.Node, columns: Columns, dialect: str = "duckdb", context: Context | None = None
) -> E:
    """Return *tree* as an expression of *dialect*.

    Args:
        tree: a checked formula, or one of its typed nodes.
        columns: what stands for what: field path, key of a series / look-up call (`call.key`), or canonical text of a
            sub-expression → input column. A path without entry is taken as a column of that name.
        dialect: one of DIALECTS.
        context: the evaluation's time, zone and calendars.

    Raises:
        DefinitionError: the tree has problems, or the dialect cannot say it.
        EvaluationError: the formula uses the clock and *context* has no time.
    """
    if dialect not in DIALECTS:
        raise UnknownName("SQL 方言", dialect, DIALECTS, "SQL dialect")
    if isinstance(tree, typed.TypedTree):
        if tree.problems:
            raise DefinitionError(tree.problems)
        root = tree.root
    else:
        root = tree
    compiler = Compiler(columns, dialect, context or NOTHING)
    return compiler.settled(root)


def to_sql(
    tree: typed.TypedTree | typed.Node, columns: Columns, dialect: str = "duckdb", context: Context | None = None
) -> str:
    """Return *tree* as SQL text of *dialect* (`compile`, written out)."""
    return compile(tree, columns, dialect, context).sql(dialect, copy=False)
