"""Patterns for MATCHES: the subset that RE2, Java and JavaScript read alike, brought into one plain spelling.

A pattern is read into a small tree and written out again using only characters, bracketed sets, groups, `|` and
quantifiers, so that every engine is given the same text and the browser can match the tree itself in linear time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from engine.expression import limits

Pattern = dict[str, Any]
"""`{"set": [[from, to], …], "not": bool}` (code points), `{"all": […]}`, `{"any": […]}`, `{"of": p, "least", "most"}`."""

_DIGITS = [[48, 57]]
_WORD = [[48, 57], [65, 90], [95, 95], [97, 122]]
_SPACES = [[9, 10], [12, 13], [32, 32]]
_CLASSES = {"d": (_DIGITS, False), "D": (_DIGITS, True), "w": (_WORD, False), "W": (_WORD, True),
            "s": (_SPACES, False), "S": (_SPACES, True)}  # fmt: skip
_CONTROL = {"n": 10, "t": 9, "r": 13, "f": 12}
_SPECIAL = set("\\^$.|?*+()[]{}-/")
_MAX_STATES = 1_000
_MAX_OPEN = 8


class PatternError(ValueError):
    """A pattern outside the common subset."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


@lru_cache(maxsize=512)
def read_pattern(text: str) -> Pattern:
    """Return the tree of *text*.

    Raises:
        PatternError: it is not in the common subset, or could take long somewhere.
    """
    if len(text) > limits.MAX_PATTERN:
        raise PatternError(
            f"模式超过 {limits.MAX_PATTERN} 个字符", f"the pattern exceeds {limits.MAX_PATTERN} characters"
        )
    reader = _Reader(text)
    found = reader.alternatives(0)
    if reader.at < len(text):
        raise PatternError("模式里的括号没有配对", "brackets of the pattern do not match")
    if _states(found) > _MAX_STATES or _open(found) > _MAX_OPEN:
        raise PatternError("模式里的重复太多", "the pattern repeats too much")
    return found


@lru_cache(maxsize=512)
def plain_pattern(text: str) -> str:
    """Return *text* in the one plain spelling."""
    return _write(read_pattern(text))


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def alternatives(self, depth: int) -> Pattern:
        if depth > 10:
            raise PatternError("模式嵌套太深", "the pattern nests too deeply")
        branches = [self._sequence(depth)]
        while self._peek() == "|":
            self.at += 1
            branches.append(self._sequence(depth))
        return branches[0] if len(branches) == 1 else {"any": branches}

    def _sequence(self, depth: int) -> Pattern:
        parts: list[Pattern] = []
        if depth == 0 and self.at == 0 and self._peek() == "^":
            self.at += 1
        while (char := self._peek()) and char not in "|)":
            if char == "$" and depth == 0 and self.at == len(self.text) - 1:
                self.at += 1
                break
            parts.append(self._quantified(self._atom(depth)))
        return parts[0] if len(parts) == 1 else {"all": parts}

    def _atom(self, depth: int) -> Pattern:
        char = self._peek()
        self.at += 1
        if char == "(":
            if self._peek() == "?":
                if self.text[self.at : self.at + 2] != "?:":
                    raise PatternError("模式里不能用 (?…)", "a pattern cannot use (?…)")
                self.at += 2
            inner = self.alternatives(depth + 1)
            if self._peek() != ")":
                raise PatternError("模式里的括号没有配对", "brackets of the pattern do not match")
            self.at += 1
            return inner
        if char == "[":
            return self._set()
        if char == ".":
            return {"set": [[10, 10]], "not": True}
        if char == "\\":
            return self._escape()
        if char in "*+?{}^$])":
            raise PatternError(
                f"模式里的“{char}”位置不对,原字符写成 \\{char}",
                f"“{char}” is misplaced, write \\{char} for the character",
            )
        return _char(ord(char))

    def _escape(self) -> Pattern:
        char = self._peek()
        self.at += 1
        if char in _CLASSES and char:
            ranges, negated = _CLASSES[char]
            return {"set": ranges, "not": negated}
        return _char(self._escaped(char))

    def _escaped(self, char: str) -> int:
        if char in _CONTROL and char:
            return _CONTROL[char]
        if not char or char not in _SPECIAL:
            raise PatternError(f"模式里不能用 \\{char}", f"a pattern cannot use \\{char}")
        return ord(char)

    def _set(self) -> Pattern:
        negated = self._peek() == "^"
        self.at += negated
        ranges: list[list[int]] = []
        while (char := self._peek()) != "]":
            if not char or char == "[":
                raise PatternError(
                    "模式里的方括号没有配对,原字符写成 \\[", "a square bracket of the pattern does not match, write \\["
                )
            ranges += self._range()
        self.at += 1
        if not ranges:
            raise PatternError("模式里的 [] 是空的", "[] of the pattern is empty")
        return {"set": ranges, "not": negated}

    def _range(self) -> list[list[int]]:
        if self._peek() == "\\" and self.text[self.at + 1 : self.at + 2] in {"d", "w", "s"}:
            self.at += 2
            return _CLASSES[self.text[self.at - 1]][0]
        low = self._member()
        if self._peek() != "-" or self.text[self.at + 1 : self.at + 2] in {"]", ""}:
            return [[low, low]]
        self.at += 1
        high = self._member()
        if high < low:
            raise PatternError("模式里的范围颠倒了", "a range of the pattern is reversed")
        return [[low, high]]

    def _member(self) -> int:
        char = self._peek()
        self.at += 1
        if char == "\\":
            char = self._peek()
            self.at += 1
            return self._escaped(char)
        return ord(char)

    def _quantified(self, atom: Pattern) -> Pattern:
        char = self._peek()
        if not char or char not in "*+?{":
            return atom
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(char) or self._counts()
        self.at += 1
        if (following := self._peek()) and following in "*+?{":
            raise PatternError("模式里的量词不能连写", "quantifiers of a pattern cannot follow each other")
        if most not in {least, 1}:
            _must_be_plain(atom)
        return {"of": atom, "least": least, "most": most}

    def _counts(self) -> tuple[int, int | None]:
        end = self.text.find("}", self.at)
        low, comma, high = self.text[self.at + 1 : end].partition(",")
        if end < 0 or not _is_count(low) or (high and not _is_count(high)):
            raise PatternError("模式里的 {} 应为次数,如 {2,4}", "{} of a pattern holds counts, as in {2,4}")
        self.at = end
        least = int(low)
        most = int(high) if high else None if comma else least
        if least > limits.MAX_REPEAT or (most is not None and not least <= most <= limits.MAX_REPEAT):
            raise PatternError(
                f"重复次数最多 {limits.MAX_REPEAT}", f"a repetition counts to {limits.MAX_REPEAT} at most"
            )
        return least, most


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4


def _char(code: int) -> Pattern:
    return {"set": [[code, code]], "not": False}


def _must_be_plain(pattern: Pattern) -> None:
    """Refuse what a backtracking engine may need exponential time for: repetition or overlapping choices inside one."""
    if "of" in pattern:
        if pattern["least"] != pattern["most"]:
            raise PatternError("量词里不能再套量词", "a quantifier cannot hold another one")
        _must_be_plain(pattern["of"])
    for part in pattern.get("all", []):
        _must_be_plain(part)
    branches = pattern.get("any", [])
    for part in branches:
        _must_be_plain(part)
    firsts = [_first(part) for part in branches]
    for index, one in enumerate(firsts):
        if any(_overlap(one, other) for other in firsts[index + 1 :]):
            raise PatternError(
                "重复的选项不能以相同字符开头", "repeated alternatives must begin with different characters"
            )


def _first(pattern: Pattern) -> Pattern | None:
    if "set" in pattern:
        return pattern
    if pattern.get("all"):
        return _first(pattern["all"][0])
    return _first(pattern["of"]) if "of" in pattern and pattern["least"] else None


def _overlap(one: Pattern | None, other: Pattern | None) -> bool:
    if one is None or other is None or one["not"] or other["not"]:
        return True
    return any(a[0] <= b[1] and b[0] <= a[1] for a in one["set"] for b in other["set"])


def _states(pattern: Pattern) -> int:
    if "set" in pattern:
        return 1
    if "of" in pattern:
        return int(max(pattern["least"], pattern["most"] or 0, 1)) * _states(pattern["of"])
    return sum(_states(part) for part in _parts(pattern))


def _open(pattern: Pattern) -> int:
    if "of" in pattern:
        return int(pattern["most"] is None) + _open(pattern["of"])
    return sum(_open(part) for part in _parts(pattern))


def _parts(pattern: Pattern) -> list[Pattern]:
    return list(pattern.get("all") or pattern.get("any") or [])


def _write(pattern: Pattern) -> str:
    if "set" in pattern:
        ranges = pattern["set"]
        if len(ranges) == 1 and ranges[0][0] == ranges[0][1] and not pattern["not"]:
            return _quote(ranges[0][0])
        inside = "".join(_quote(a) if a == b else f"{_quote(a)}-{_quote(b)}" for a, b in ranges)
        return f"[{'^' if pattern['not'] else ''}{inside}]"
    if "of" in pattern:
        least, most = pattern["least"], pattern["most"]
        count = f"{{{least}}}" if least == most else f"{{{least},{'' if most is None else most}}}"
        return f"(?:{_write(pattern['of'])}){count}"
    if "any" in pattern:
        return f"(?:{'|'.join(map(_write, pattern['any']))})"
    return "".join(map(_write, pattern["all"]))


def _quote(code: int) -> str:
    char = chr(code)
    if char in {"\n", "\t", "\r", "\f"}:
        return {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\f": "\\f"}[char]
    return f"\\{char}" if char in _SPECIAL else char
