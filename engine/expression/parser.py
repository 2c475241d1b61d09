"""Source text to tree. Python's own parser decides precedence; the grammar that may come out of it is closed."""

from __future__ import annotations

import ast
from collections.abc import Callable

from engine.expression import limits, tree
from engine.expression.function import keywords_of
from engine.expression.lexer import Lexer, Token
from engine.expression.messages import Trouble, trouble
from engine.problems import DefinitionError

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in",
    ast.NotIn: "not in",
}  # fmt: skip
_UNARY: dict[type[ast.unaryop], str] = {ast.USub: "-", ast.UAdd: "+", ast.Not: "not"}
_WORDS = {"is", "lambda", "for", "while", "import", "await", "yield", "def", "class", "return", "assert", "del"}


def parse(source: str) -> tree.Tree:
    """Return the tree of *source*.

    Full-width punctuation outside quotes, `=`, `<>`, 且 或 非 and backquoted names are accepted; function names are
    case-insensitive.

    Raises:
        DefinitionError: the text is no formula, or larger than the limits; each problem has its place (`Problem.at`).
    """
    if not isinstance(source, str):
        raise DefinitionError([trouble(0, 0, "公式应为文本", "a formula is a text")])
    if len(source) > limits.MAX_SOURCE:
        raise DefinitionError(
            [
                trouble(
                    0,
                    len(source),
                    f"公式超过 {limits.MAX_SOURCE} 个字符",
                    f"the formula exceeds {limits.MAX_SOURCE} characters",
                )
            ]
        )
    lexer = Lexer(source, keywords_of)
    tokens = lexer.run()
    if not tokens and not lexer.troubles:
        raise DefinitionError([trouble(0, len(source), "公式是空的", "the formula is empty")])
    if lexer.troubles:
        raise DefinitionError(lexer.troubles)
    return _Builder(source, tokens).build()


class _Refused(Exception):
    def __init__(self, found: Trouble) -> None:
        super().__init__(found.message)
        self.trouble = found


class _Builder:
    """Turns the tokens of one source into its tree."""

    def __init__(self, source: str, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.starts: dict[int, int] = {}  # column in the Python text → offset in the source
        self.ends: dict[int, int] = {}
        self.python = self._python()
        self.nodes = 0

    def _python(self) -> str:
        parts: list[str] = []
        column = 0
        for token in self.tokens:
            self.starts[column] = token.start
            column += len(token.python)
            self.ends[column] = token.end
            column += 1
            parts.append(token.python)
        return " ".join(parts)

    def build(self) -> tree.Tree:
        try:
            body = ast.parse(self.python, mode="eval").body
            root = self._node(body, 1)
        except SyntaxError as error:
            raise DefinitionError([self._syntax(error)]) from None
        except (MemoryError, RecursionError, ValueError, OverflowError):
            raise DefinitionError(
                [trouble(0, len(self.source), "公式嵌套得太深", "the formula nests too deeply")]
            ) from None
        except _Refused as refused:
            raise DefinitionError([refused.trouble]) from None
        return tree.Tree(self.source, root, self.nodes)

    def _syntax(self, error: SyntaxError) -> Trouble:
        column = (error.offset or 0) - 1
        if column < 0 or column >= len(self.python):
            column = len(self.python)  # something is missing at the end
        token = next((token for token in self.tokens if token.start >= self._source_offset(column)), self.tokens[-1])
        for candidate in self.tokens:
            if candidate.kind == "name" and str(candidate.value) in _WORDS:
                return trouble(
                    candidate.start, candidate.end, f"公式里不能用“{candidate.value}”",
                    f"a formula cannot use “{candidate.value}”", "判断是否为空用 IS_NULL(x)", "IS_NULL(x) tests for null",
                )  # fmt: skip
        if self.python.count("(") != self.python.count(")"):
            return trouble(token.start, token.end, "括号没有配对", "brackets do not match")
        return trouble(
            token.start, token.end, f"“{self.source[token.start : token.end]}”这里读不通",
            f"the formula cannot be read at “{self.source[token.start : token.end]}”", "检查是否缺少运算符、逗号或括号",
            "look for a missing operator, comma or bracket",
        )  # fmt: skip

    def _source_offset(self, column: int) -> int:
        while column > 0 and column not in self.starts:
            column -= 1
        return self.starts.get(column, 0)

    def _span(self, node: ast.expr) -> tree.Span:
        return self.starts[node.col_offset], self.ends[node.end_col_offset or 0]

    def _refuse(self, node: ast.expr, zh: str, en: str) -> _Refused:
        return _Refused(trouble(*self._span(node), zh, en))

    def _node(self, node: ast.expr, depth: int) -> tree.Node:
        self.nodes += 1
        if self.nodes > limits.MAX_NODES:
            raise self._refuse(
                node, f"公式超过 {limits.MAX_NODES} 个节点", f"the formula exceeds {limits.MAX_NODES} nodes"
            )
        if depth > limits.MAX_DEPTH:
            raise self._refuse(
                node, f"公式嵌套超过 {limits.MAX_DEPTH} 层", f"the formula nests deeper than {limits.MAX_DEPTH}"
            )
        convert = _CONVERT.get(type(node))
        if convert is None:
            raise self._refuse(node, "公式里不能有这种写法", f"a formula cannot hold this ({type(node).__name__})")
        return convert(self, node, depth)

    def _token(self, identifier: str) -> Token:
        return self.tokens[int(identifier[1:])]

    def _name(self, node: ast.Name, _depth: int) -> tree.Node:
        token = self._token(node.id)
        at = token.start, token.end
        if token.kind == "name":
            return tree.Name(at, (str(token.value),))
        return tree.Literal(at, token.value)

    def _path(self, node: ast.Attribute, _depth: int) -> tree.Node:
        parts: list[str] = []
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            parts.append(self._part(inner, inner.attr))
            inner = inner.value
        if not isinstance(inner, ast.Name):
            raise self._refuse(node, "“.”只能用来沿关联字段取值", "a dot follows link fields only")
        parts.append(self._part(inner, inner.id))
        return tree.Name(self._span(node), tuple(reversed(parts)))

    def _part(self, node: ast.expr, identifier: str) -> str:
        token = self._token(identifier)
        if token.kind != "name":
            raise self._refuse(node, "“.”只能用来沿关联字段取值", "a dot follows link fields only")
        return str(token.value)

    def _listing(self, node: ast.List | ast.Tuple, depth: int) -> tree.Node:
        return tree.Listing(self._span(node), tuple(self._node(item, depth + 1) for item in node.elts))

    def _unary(self, node: ast.UnaryOp, depth: int) -> tree.Node:
        operator = _UNARY.get(type(node.op))
        if operator is None:
            raise self._refuse(node, "没有 ~ 运算", "there is no operator ~")
        return tree.Unary(self._span(node), operator, self._node(node.operand, depth + 1))

    def _binary(self, node: ast.BinOp, depth: int) -> tree.Node:
        operator = _BINARY.get(type(node.op))
        if operator is None:
            raise self._refuse(node, "没有这种运算", "there is no such operator")
        # a + b + c is one level: its left spine does not nest
        spine = isinstance(node.left, ast.BinOp) and not isinstance(node.op, ast.Pow)
        left = self._node(node.left, depth if spine else depth + 1)
        right = self._node(node.right, depth + 1)
        if operator == "**" and not _is_small_literal(right):
            raise self._refuse(
                node.right,
                f"指数必须写成 −{limits.MAX_EXPONENT} … {limits.MAX_EXPONENT} 的数字",
                f"an exponent is a literal number from −{limits.MAX_EXPONENT} to {limits.MAX_EXPONENT}",
            )
        return tree.Binary(self._span(node), operator, left, right)

    def _logic(self, node: ast.BoolOp, depth: int) -> tree.Node:
        operator = "and" if isinstance(node.op, ast.And) else "or"
        return tree.Logic(self._span(node), operator, tuple(self._node(value, depth + 1) for value in node.values))

    def _compare(self, node: ast.Compare, depth: int) -> tree.Node:
        operators = []
        for op in node.ops:
            if type(op) not in _COMPARE:
                raise self._refuse(node, "公式里不能用 is", "a formula cannot use “is”")
            operators.append(_COMPARE[type(op)])
        operands = tuple(self._operand(value, depth + 1) for value in (node.left, *node.comparators))
        return tree.Compare(self._span(node), tuple(operators), operands)

    def _operand(self, node: ast.expr, depth: int) -> tree.Node:
        """Read one side of a comparison; `x in (1, 2)` is the list [1, 2]."""
        return self._listing(node, depth) if isinstance(node, ast.Tuple) else self._node(node, depth)

    def _choice(self, node: ast.IfExp, depth: int) -> tree.Node:
        condition, then, otherwise = (self._node(part, depth + 1) for part in (node.test, node.body, node.orelse))
        return tree.Choice(self._span(node), condition, then, otherwise)

    def _call(self, node: ast.Call, depth: int) -> tree.Node:
        if not isinstance(node.func, ast.Name) or self._token(node.func.id).kind != "name":
            raise self._refuse(node.func, "只能按名称调用函数", "a function is called by its name only")
        token = self._token(node.func.id)
        args = tuple(self._node(arg, depth + 1) for arg in node.args)
        keywords = []
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self._refuse(node, "不能用 ** 展开参数", "arguments cannot be unpacked")
            keywords.append((str(self._token(keyword.arg).value).casefold(), self._node(keyword.value, depth + 1)))
        return tree.Call(self._span(node), str(token.value), (token.start, token.end), args, tuple(keywords))


def _is_small_literal(node: tree.Node) -> bool:
    if isinstance(node, tree.Unary) and node.operator in {"-", "+"}:
        node = node.operand
    value = node.value if isinstance(node, tree.Literal) else None
    return type(value) is float and value <= limits.MAX_EXPONENT


_CONVERT: dict[type[ast.expr], Callable[..., tree.Node]] = {
    ast.Name: _Builder._name,  # noqa: SLF001 the table of the class's own methods
    ast.Attribute: _Builder._path,  # noqa: SLF001
    ast.List: _Builder._listing,  # noqa: SLF001
    ast.UnaryOp: _Builder._unary,  # noqa: SLF001
    ast.BinOp: _Builder._binary,  # noqa: SLF001
    ast.BoolOp: _Builder._logic,  # noqa: SLF001
    ast.Compare: _Builder._compare,  # noqa: SLF001
    ast.IfExp: _Builder._choice,  # noqa: SLF001
    ast.Call: _Builder._call,  # noqa: SLF001
}
