"""The reference row reader: simpleeval over the checked tree, written out again as a small Python tree.

Whatever reaches simpleeval is ours: names are placeholders for values already read, calls go to our functions only, and
its operators are those of the language. Its defaults are not safe, so nothing of them is used.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

import simpleeval

from engine.expression import limits, typed, types
from engine.expression.closures import build
from engine.expression.context import NOTHING, Context
from engine.expression.lookups import RowForms, input_value
from engine.expression.operators import ARITHMETIC, is_in, kleene_and, kleene_or
from engine.expression.records import as_list, each_row, read_field
from engine.expression.typed import TypedTree
from engine.expression.values import give
from engine.problems import DefinitionError, EvaluationError

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b, "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
}  # fmt: skip
_NODES: dict[str, type[ast.operator]] = {
    "add": ast.Add, "sub": ast.Sub, "mul": ast.Mult, "div": ast.Div, "floordiv": ast.FloorDiv, "mod": ast.Mod,
}  # fmt: skip


def evaluate_reference(tree: TypedTree, record: Mapping[str, Any], context: Context | None = None) -> Any:
    """Return the value of *tree* for *record* by simpleeval: what the other readers are compared with.

    Raises:
        DefinitionError: the tree has problems.
        EvaluationError: as `evaluate`.
    """
    if tree.problems:
        raise DefinitionError(tree.problems)
    if tree.uses_clock and (context is None or context.now is None):
        raise EvaluationError(
            "公式用到当前时间,请给出评估时间 / the formula uses the clock: give the evaluation's time"
        )
    return give(_Reference(record, context or NOTHING).value(tree.root), tree.root.type)


class _Reference:
    """Evaluates typed nodes for one record."""

    def __init__(self, record: Mapping[str, Any], context: Context) -> None:
        self.record = record
        self.context = context
        self.names: dict[str, Any] = {}
        self.functions: dict[str, Callable[..., Any]] = {}

    def value(self, root: typed.Node) -> Any:
        """Return the value of a typed tree."""
        expression = ast.Expr(value=self.python(root))
        evaluator = _Evaluator(self.names, self.functions)
        return evaluator.eval("", previously_parsed=expression)

    def python(self, node: typed.Node) -> ast.expr:
        """Return the Python node of a typed node: names, constants, lists, operators and calls only."""
        match node:
            case typed.Constant():
                value = node.value
                return ast.Constant(value) if isinstance(value, (float, str, bool, type(None))) else self._name(value)
            case typed.Field():
                return self._name(read_field(node, self.record, self.context))
            case typed.Items():
                return self._call("items", lambda *items: tuple(items), node.items)
            case typed.Apply():
                return self._apply(node)
            case typed.Invoke():
                return self._call(node.function.name, _strict(node, self.context), node.args)
            case typed.Each():
                rows = [_Reference(row, self.context).value(node.body) for row in each_row(self.record, node.row)]
                return self._name(as_list(rows, text=node.body.type == types.TEXT))
            case typed.Input():
                return self._name(self._input(node))
        raise TypeError(node)

    def _name(self, value: Any) -> ast.expr:
        identifier = f"n{len(self.names)}"
        self.names[identifier] = value
        return ast.Name(id=identifier, ctx=ast.Load())

    def _call(self, name: str, function: Callable[..., Any], args: tuple[typed.Node, ...]) -> ast.expr:
        identifier = f"{name}_{len(self.functions)}"
        self.functions[identifier] = function
        return ast.Call(
            func=ast.Name(id=identifier, ctx=ast.Load()), args=[self.python(arg) for arg in args], keywords=[]
        )

    def _apply(self, node: typed.Apply) -> ast.expr:
        name = node.operator
        if name in _NODES and node.args[0].type == node.args[1].type == types.NUMBER:
            left, right = (self.python(arg) for arg in node.args)
            return ast.BinOp(left=left, op=_NODES[name](), right=right)
        if name == "neg":
            return ast.UnaryOp(op=ast.USub(), operand=self.python(node.args[0]))
        if name == "not":
            return ast.UnaryOp(op=ast.Not(), operand=self.python(node.args[0]))
        if name in {"and", "or"}:
            return ast.BoolOp(
                op=ast.And() if name == "and" else ast.Or(), values=[self.python(arg) for arg in node.args]
            )
        if name == "if":
            condition, then, otherwise = (self.python(arg) for arg in node.args)
            return ast.IfExp(test=condition, body=then, orelse=otherwise)
        return self._call(name, _operation(node), node.args)

    def _input(self, node: typed.Input) -> Any:
        call = node.call
        parts = [build(part) if isinstance(part, typed.Node) else None for part in call.arguments]
        value = build(call.value) if call.value is not None else None
        condition = build(call.condition) if call.condition is not None else None
        return input_value(call, RowForms(value, condition, parts), self.record, self.context)


def _operation(node: typed.Apply) -> Callable[..., Any]:
    name = node.operator
    if name in _COMPARE:
        return _null_in_null_out(_COMPARE[name])
    if name in ARITHMETIC:
        return _null_in_null_out(ARITHMETIC[name])
    if name == "chain":
        return lambda *values: _chain(node.detail, values)
    if name in {"in", "not_in"}:
        return _null_in_null_out(lambda a, b: is_in(a, b) is (name == "in"))
    if name in {"is_null", "not_null"}:
        return lambda value: (value is None) is (name == "is_null")
    return lambda value: value  # pos


def _chain(names: tuple[str, ...], values: tuple[Any, ...]) -> bool | None:
    outcome: bool | None = True
    for name, a, b in zip(names, values, values[1:], strict=False):
        outcome = kleene_and(outcome, _null_in_null_out(_COMPARE[name])(a, b))
    return outcome


def _null_in_null_out(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *values: None if None in values else function(*values)


def _strict(node: typed.Invoke, context: Context) -> Callable[..., Any]:
    function = node.function
    row = (lambda *values: function.row(context, *values)) if function.context else function.row
    return _null_in_null_out(row) if function.strict else row


class _Evaluator(simpleeval.SimpleEval):  # type: ignore[misc] # the package has no types
    """simpleeval with the language's operators, three-valued logic, and a check of every result."""

    ATTR_INDEX_FALLBACK = False

    def __init__(self, names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]) -> None:
        super().__init__(operators=_OPERATORS, functions=dict(functions), names=dict(names), allowed_attrs={})
        kept = (ast.Expr, ast.Constant, ast.Name, ast.UnaryOp, ast.BinOp, ast.Call)
        handlers = dict(vars(self)["nodes"])
        own: dict[type[ast.AST], Callable[..., Any]] = {ast.BoolOp: self._logic, ast.IfExp: self._choice}
        self.nodes: dict[type[ast.AST], Callable[..., Any]] = own | {kind: handlers[kind] for kind in kept}

    def _logic(self, node: ast.BoolOp) -> bool | None:
        conjunction = isinstance(node.op, ast.And)
        outcome: bool | None = conjunction
        for value in node.values:
            outcome = (kleene_and if conjunction else kleene_or)(outcome, self._eval(value))
            if outcome is not None and outcome is not conjunction:
                break
        return outcome

    def _choice(self, node: ast.IfExp) -> Any:
        return self._eval(node.body if self._eval(node.test) is True else node.orelse)

    def _eval(self, node: ast.AST) -> Any:
        result = super()._eval(node)
        if isinstance(result, str) and len(result) > limits.MAX_INPUT_TEXT:
            raise EvaluationError("文本太长 / a text is too long")
        if isinstance(result, float) and not -limits.MAX_NUMBER <= result <= limits.MAX_NUMBER:
            raise EvaluationError("结果不是有限的数 / a result is not finite")
        if isinstance(result, (int, complex, bytes, dict, list, set)) and not isinstance(result, bool):
            raise EvaluationError("结果的类型不允许 / a result has a type that is not allowed")
        return result


_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    **{kind: _null_in_null_out(ARITHMETIC[name]) for name, kind in _NODES.items()},
    ast.USub: _null_in_null_out(lambda value: -value),
    ast.Not: _null_in_null_out(lambda value: not value),
}
