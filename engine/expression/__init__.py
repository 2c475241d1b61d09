"""The expression language: one grammar, one checked tree, three readers (record, table, browser) that agree.

    >>> from engine.expression import parse, check, evaluate
    >>> typed, problems = check(parse("可用 < 日销 * 提前期"), {"available": {"type": "number", "label": "可用"}, ...})
    >>> evaluate(typed, {"available": 9.0, "daily": 5.0, "lead_time_days": 7})

`parse(source) -> Tree`; raises DefinitionError, each problem with its place.
`check(tree, fields, *, result=None) -> (TypedTree, problems)`; *fields* is

- a mapping key → type word (`number text boolean date datetime duration list[number]` …) or field definition
  (`{"type": "money", "label": "成本"}`), a form's list of fields, a whole form, or a `Scope` made of any of them once;
- a link is `{"type": "link", "form": "sku", "fields": {…}}`, a sub-form `{"type": "subform", "fields": {…}}`, a facts table
  `{"type": "facts", "fields": {…}}`, another form for SUM_OF, COUNT_OF, AVERAGE_OF, LOOKUP `{"type": "form", "fields": {…}}`.

`evaluate(typed, record, context=None) -> value`: links are nested records, flat keys `sku.name`, or codes with
`context.lookup`; an unchecked tree is checked against the record's own types. Null is None; nothing is rounded.
`evaluate_reference` is the same by simpleeval. `typed.run(record, context)` is the compiled closure, for loops.

On a `TypedTree`: `type`, `problems`, `source`, `key` (canonical text: equal formulas, equal keys), `paths()` (fields of the
record that are read), `series_calls()` / `lookup_calls()` / `input_calls()` (distinct `InputCall`s: `function`, `form`,
`column` or `value`, `condition`, `window`, `arguments`, `options`, `key`, `digest`), `uses_clock`.

For tables: `engine.expression.columnar.compile(typed, columns, dialect, context) -> sqlglot expression`. *columns* maps field
path, `call.key`, or the canonical text of a sub-expression (`canonical(node)`) to an input column. To show the values of
sub-expressions, compile the typed nodes that `shown(typed)` gives: (source text, node).

`stored_source(typed)` is the formula with keys, as definitions keep it.

`explain(typed, record, context) -> Explanation`, `print_source(tree, labels, language)`, `to_json(typed)` (the browser's
tree), `to_groups(tree)` / `from_groups(groups)` (the condition builder), `order(formulas, scope)` (which formula before
which; cycles as problems), `run_tests(…)` (sample rows with expected values), `catalog()`.
"""

from engine.expression.browser import to_json
from engine.expression.catalog import FunctionDoc, catalog
from engine.expression.checker import check
from engine.expression.context import Context
from engine.expression.dependencies import affected, needs, order
from engine.expression.evaluation import evaluate, own_types
from engine.expression.explain import Explanation, explain, shown
from engine.expression.formula_tests import Outcome, run_tests
from engine.expression.groups import from_groups, to_groups
from engine.expression.parser import parse
from engine.expression.printing import canonical, print_source, stored_source
from engine.expression.row import evaluate_reference
from engine.expression.scope import Scope
from engine.expression.tree import Tree
from engine.expression.typed import InputCall, TypedTree
from engine.expression.types import language_type

__all__ = [
    "Context",
    "Explanation",
    "FunctionDoc",
    "InputCall",
    "Outcome",
    "Scope",
    "Tree",
    "TypedTree",
    "affected",
    "canonical",
    "catalog",
    "check",
    "evaluate",
    "evaluate_reference",
    "explain",
    "from_groups",
    "language_type",
    "needs",
    "order",
    "own_types",
    "parse",
    "print_source",
    "run_tests",
    "shown",
    "stored_source",
    "to_groups",
    "to_json",
]
