"""Cut a formula into tokens: full-width punctuation, `=`, `<>`, 且 或 非 and backquoted labels become one plain form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from engine.expression import limits
from engine.expression.messages import Trouble, trouble

Value = str | float | bool | None
Kind = Literal["name", "number", "text", "constant", "keyword", "operator"]


@dataclass(slots=True)
class Token:
    """A piece of a formula: what it is, its value, where it stands in the source, and how the Python grammar sees it."""

    kind: Kind
    value: Value
    start: int
    end: int
    python: str


# One character for one character, so that positions stay those of the source.
_FLAT = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FLAT |= {ord(full): ord(plain) for full, plain in zip("\u3000\u00a0、；;×÷－−【】", "  ,,\x01*/--[]", strict=True)}
_FLAT[ord("；")] = ord(",")

_SPACE = re.compile(r"[ \t\r\n]+")
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NAME = re.compile(r"[^\W\d]\w*")
_OPERATOR = re.compile(r"\*\*|//|<=|>=|==|!=|<>|≤|≥|≠|[-+*/%<>()\[\],.=]")
_SAME = {"<>": "!=", "≤": "<=", "≥": ">=", "≠": "!="}
_CLOSERS = {'"': '"', "'": "'", "“": "”“", "”": "”“", "‘": "’‘", "’": "’‘", "＂": '＂"', "＇": "＇'"}
_ESCAPE = re.compile(r"\\(?:([\\'\"nrt])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
_JOINERS = {"且": "and", "或": "or"}
_WORDS = {"and": "and", "or": "or", "in": "in", "not": "not", "且": "and", "或": "or", "非": "not"}
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "none": None}
_FORBIDDEN = {
    "^": ("没有 ^ 运算", "乘方写成 **", "there is no operator ^", "write ** for a power"),
    "&": (
        "没有 & 运算",
        "并且写成 and 或 且;连接文本用 +",
        "there is no operator &",
        "write `and`, or + to join texts",
    ),
    "|": ("没有 | 运算", "或者写成 or 或 或", "there is no operator |", "write `or`"),
    "!": ("没有 ! 运算", "写成 not 或 非", "there is no operator !", "write `not`"),
    "\x01": ("公式里不能有分号", "参数之间用逗号", "a formula holds no semicolon", "separate arguments by commas"),
}


class Lexer:
    """Cuts one source; `keywords(name)` says which keyword arguments the function of that name declares."""

    def __init__(self, source: str, keywords: Callable[[str], frozenset[str]]) -> None:
        self.source = source
        self.flat = source.translate(_FLAT)
        self.keywords = keywords
        self.tokens: list[Token] = []
        self.troubles: list[Trouble] = []
        self._frames: list[str | None] = []  # for every open bracket the function that it calls

    def run(self) -> list[Token]:
        """Return the tokens; what is wrong stands in *troubles*."""
        at, end = 0, len(self.source)
        while at < end:
            if space := _SPACE.match(self.flat, at):
                at = space.end()
            elif self.source[at] in _CLOSERS:
                at = self._text(at)
            elif self.flat[at] == "`":
                at = self._label(at)
            elif (number := _NUMBER.match(self.flat, at)) and not (self.flat[at] == "." and self._after_operand()):
                at = self._number(at, number.end())
            elif name := _NAME.match(self.flat, at):
                at = self._name(at, name.end())
            elif operator := _OPERATOR.match(self.flat, at):
                at = self._operator(at, operator.group())
            else:
                at = self._forbidden(at)
        return self.tokens

    def _after_operand(self) -> bool:
        if not self.tokens:
            return False
        last = self.tokens[-1]
        return last.kind in {"name", "number", "text", "constant"} or last.python in {")", "]"}

    def _add(self, kind: Kind, value: Value, start: int, end: int, python: str = "") -> int:
        self.tokens.append(Token(kind, value, start, end, python or f"_{len(self.tokens)}"))
        return end

    def _number(self, at: int, end: int) -> int:
        written = self.flat[at:end]
        value = float(written)
        if value > limits.MAX_NUMBER or (written.isdigit() and int(written) > limits.MAX_WHOLE):
            self.troubles.append(
                trouble(at, end, f"数值 {written[:24]} 太大", f"number {written[:24]} is too large",
                        "整数不能超过 2 的 53 次方", "whole numbers go up to 2 to the 53rd")
            )  # fmt: skip
            value = 0.0
        return self._add("number", value, at, end)

    def _text(self, at: int) -> int:
        closers = _CLOSERS[self.source[at]]
        end = at + 1
        while end < len(self.source) and self.source[end] not in closers:
            end += 2 if self.source[end] == "\\" else 1
        if end >= len(self.source):
            self.troubles.append(trouble(at, len(self.source), "引号没有配对", "a quotation mark is not closed"))
            return self._add("text", "", at, len(self.source))
        value = _ESCAPE.sub(_unescape, self.source[at + 1 : end])
        if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in value):
            self.troubles.append(
                trouble(at, end + 1, "文本里有不能使用的字符", "the text holds a character that cannot be used")
            )
        return self._add("text", value, at, end + 1)

    def _label(self, at: int) -> int:
        end = self.flat.find("`", at + 1)
        if end < 0:
            self.troubles.append(trouble(at, len(self.source), "反引号没有配对", "a backquote is not closed"))
            return self._add("name", "?", at, len(self.source))
        return self._add("name", unicodedata.normalize("NFKC", self.source[at + 1 : end]).strip(), at, end + 1)

    def _name(self, at: int, end: int) -> int:
        word = self.flat[at:end]
        after_dot = bool(self.tokens) and self.tokens[-1].python == "."
        if not after_dot and self._after_operand() and word[0] in _JOINERS:
            return self._add("keyword", word[0], at, at + 1, _JOINERS[word[0]])  # 库存<10且销量>5
        if not after_dot and (keyword := self._keyword(word, end)):
            return self._add("keyword", word, at, end, keyword)
        folded = word.casefold()
        if not after_dot and folded in _CONSTANTS:
            return self._add("constant", _CONSTANTS[folded], at, end)
        return self._add("name", unicodedata.normalize("NFKC", word), at, end)

    def _keyword(self, word: str, end: int) -> str | None:
        """Return the Python keyword that *word* stands for here, or None for a name: `and(a, b)` is a call."""
        if word in {"if", "else"}:
            return word if self._after_operand() else None
        keyword = _WORDS.get(word) or _WORDS.get(word.casefold())
        if keyword is None or keyword == "not":
            return keyword
        negated = keyword == "in" and bool(self.tokens) and self.tokens[-1].python == "not"
        return keyword if self._after_operand() or negated or not self._opens(end) else None

    def _opens(self, at: int) -> bool:
        space = _SPACE.match(self.flat, at)
        return self.flat[space.end() if space else at :][:1] == "("

    def _operator(self, at: int, written: str) -> int:
        end = at + len(written)
        python = _SAME.get(written, written)
        if python == "=":
            python = "=" if self._declares_keyword() else "=="
        elif python in {"(", "["}:
            last = self.tokens[-1] if self.tokens else None
            self._frames.append(str(last.value) if python == "(" and last and last.kind == "name" else None)
            if len(self._frames) == limits.MAX_DEPTH + 1:
                self.troubles.append(
                    trouble(
                        at, end, f"括号嵌套超过 {limits.MAX_DEPTH} 层", f"brackets nest deeper than {limits.MAX_DEPTH}"
                    )
                )
        elif python in {")", "]"} and self._frames:
            self._frames.pop()
        return self._add("operator", written, at, end, python)

    def _declares_keyword(self) -> bool:
        """Say whether the `=` that comes next gives a keyword argument: `f(x, by = …)` where *f* declares *by*."""
        if not self._frames or self._frames[-1] is None or len(self.tokens) < 2:
            return False
        name, before = self.tokens[-1], self.tokens[-2]
        declared = self.keywords(self._frames[-1])
        if name.kind != "name" or not declared:
            return False
        return before.python == "," or (before.python == "(" and str(name.value).casefold() in declared)

    def _forbidden(self, at: int) -> int:
        char = self.flat[at]
        known = _FORBIDDEN.get(char)
        if known is None:
            shown = self.source[at]
            known = (
                f"公式里不能有字符“{shown}”", "带符号的字段名写在反引号里:`毛利率(%)`",
                f"a formula cannot hold the character “{shown}”", "write a name with symbols in backquotes",
            )  # fmt: skip
        zh, hint, en, hint_en = known
        self.troubles.append(trouble(at, at + 1, zh, en, hint, hint_en))
        return at + 1


def _unescape(found: re.Match[str]) -> str:
    if char := found.group(1):
        return _ESCAPED.get(char, char)
    code = int(found.group(2) or found.group(3) or found.group(4), 16)
    return chr(code) if code <= 0x10FFFF else found.group()
