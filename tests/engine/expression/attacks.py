"""Attacks on the language: escapes, exhaustion, injection. Each is a formula and, where it needs one, a record."""

from __future__ import annotations

import datetime as dt
from typing import Any

ESCAPES = [
    "__import__('os')", "__import__('os').system('id')", "eval('1')", "exec('1')", "open('/etc/passwd')", "compile('1','','eval')",
    "globals()", "locals()", "vars()", "dir()", "getattr(a, 'b')", "setattr(a, 'b', 1)", "type(a)", "object()", "print(1)", "input()",
    "breakpoint()", "exit()", "quit()", "help()", "memoryview('a')", "str(1)", "int('1')", "float('nan')", "list('ab')", "dict()",
    "a.__class__", "a.__class__.__mro__", "a.__class__.__bases__", "a.__class__.__subclasses__()", "''.__class__", "'a'.join(['b'])",
    "'a'.format(a)", "'{0.__class__}'.format(a)", "'%s' % a", "f'{a}'", "f'{a.__class__}'", "f\"{1:{'}{.__class__'}}\"", "b'a'", "rb'a'",
    "().__class__", "[].__class__", "(1).real", "1 .real", "a.real", "a.items", "a.keys", "a.copy", "s.upper()", "s.format", "s.encode()",
    "xs.append(1)", "xs.sort()", "xs[0]", "xs[-1]", "s[0]", "s[::-1]", "a[b]", "xs[0:2]", "{}", "{'a': 1}", "{1, 2}", "[x for x in xs]",
    "(x for x in xs)", "{x for x in xs}", "[*xs]", "SUM(*xs)", "SUM(**a)", "lambda: 1", "(lambda x: x)(1)", "(lambda: a)()", "a := 1", "(a := 1)",
    "a = 1; b = 2", "a; b", "import os", "from os import path", "def f(): pass", "class A: pass", "return 1", "yield 1", "await a",
    "async", "assert a", "del a", "raise a", "with a: pass", "try: pass", "while True: pass", "for x in xs: pass", "global a", "pass",
    "a @ b", "a | b", "a & b", "a ^ b", "~a", "a << 1", "a >> 1", "a ?? b", "a ? b : c", "a -> b", "...", "Ellipsis", "NotImplemented",
    "__name__", "__builtins__", "__file__", "__debug__", "_", "self", "cls", "IF", "SUM", "IF.__call__", "IF.__globals__", "(IF)(True, 1, 2)",
    "IF(True, SUM, MAX)(1)", "SUM(1)(2)", "'SUM'(1)", "1(2)", "a(1)", "a.b(1)", "xs.SUM(1)", "True.real", "None.__class__", "a is b",
    "a is not None", "1_000", "0x10", "0b1", "0o7", "1j", "1e5j", "1__0", "０x10", "\\u0061", "a\\\n+b", "# comment", "a # b", "a + # b",
    "1) + (2", "1\n) + (\n2", "`a`.__class__", "`__class__`", "a.`__class__`", "sku.`name`.upper", "sku.name.real", "sku.sku.sku", "sku.__dict__",
    "sku", "rows.q.__len__", "xs.q", "u''", "'''a'''.x", "'a' 'b'", "'a''b'", "$a", "@a", "a!", "!a", "&&", "||", "a && b", "%", "()", "(,)", "[", "]",
    ")(", "SUM(1", "SUM 1)", "'abc", '"abc', "`abc", "“abc", "\x00", "a\x00b", "'\x00'", "'\\x00'", "'\\ud800'", "\u202ea", "a\u200bb", "\ufeffa",
]  # fmt: skip

DEEP = [
    "(" * 500 + "1" + ")" * 500, "(" * 41 + "1" + ")" * 41, "-" * 1999 + "1", "not " * 400 + "True", "ABS(" * 60 + "1" + ")" * 60,
    "[" * 100 + "]" * 100, "1" + "+1" * 900, "1" + "**1" * 600, "a" + ".a" * 900, "1 if True else " * 120 + "1", "1 < " * 400 + "1",
    "SUM(" + "1," * 900 + "1)", "[" + "1," * 900 + "1]", "a and " * 320 + "a", "x" * 2001, "'" + "x" * 2001 + "'", "9" * 400,
    "9007199254740993", "1e309", "1e999999999", "-1e309", "0." + "0" * 1900 + "1", "(" * 1999, "~" * 1999, "[" * 1999, "'" * 1999, "`" * 1999,
    "“" * 1999, "a." * 999 + "a", "IF(" * 300, "not(" * 300, "(1," * 300, "𝒂" * 1999, "9" * 1999,
]  # fmt: skip

POWERS = [
    "9 ** 9 ** 9", "9 ** 99", "9 ** a", "a ** b", "2 ** 1e9", "2 ** 11", "2 ** -11", "2 ** (1 + 1)", "2 ** 10 ** 10", "1e300 * 1e300", "1e300 ** 10",
    "(a ** 10) ** 10", "a / 0", "a // 0", "a % 0", "0 / 0", "0 ** -1", "1e308 + 1e308", "-1e308 - 1e308", "EXP(1e308)", "EXP(EXP(EXP(10)))", "LN(0)",
    "SQRT(-1)", "1e308 * 10 - 1e308 * 10", "ROUND(1e308, 15)", "ROUND(a, 99)", "ROUND(a, -99)", "ROUND(a, 1e9)", "ROUND(a, b)", "FLOOR(1e308, 5e-324)",
    "CEILING(1e308, 1e-300)", "MOD(1e308, 1e-300)", "1e308 // 1e-300", "DATE(1e9, 1, 1)", "DATE(2026, 1e300, 1)", "DATE('2026-13-01')", "DATE('x')",
    "DATE('2026-11-01T00:00')", "DATE('99999-01-01')", "TODAY() + 1e300", "TODAY() - 1e18", "NOW() + 1e300", "NOW() - 1e15", "DATE_ADD(TODAY(), 1e300, 'day')",
    "DATE_ADD(TODAY(), 1e9, 'year')", "DATE_ADD(TODAY(), 1, 'century')", "DATE_ADD(TODAY(), 1, s)", "DATE_ADD(NOW(), 1e300, 'month')",
    "WORKDAY(TODAY(), 1e9)", "WORKDAY(TODAY(), 4000)", "WORKDAYS(DATE('0001-01-01'), DATE('9999-12-31'))", "DURATION(1e308, 'week')",
    "DURATION(1e300, 'week') * 1e300", "TODAY() + DURATION(1, 'day')", "TEXT(1e308)", "TEXT(5e-324)", "TEXT(1e308, '#,##0.0000000000')",
    "TEXT(a, '0.' + '0')", "TEXT(a, '0.00000000000000000000')", "TEXT(a, '%s')", "TEXT(a, '{}')", "RMB_UPPER(1e308)", "VALUE('1e999')",
    "VALUE('nan')", "VALUE('inf')", "VALUE('0x10')", "VALUE('１２')", "VALUE(CONCAT('9', '9'))", "WEEKDAY(DATE('9999-12-31') + 1)",
]  # fmt: skip

TEXTS = [
    "s * 1000000", "'a' * 1e9", "big + big", "big + big + big + big", "CONCAT(" + ", ".join(["big"] * 100) + ")", "REPLACE(big, 'x', big)",
    "REPLACE(big, 'x', 'yyyyyyyyyy')", "REPLACE(REPLACE(REPLACE('xxxxxxxxxx', 'x', 'xxxxxxxxxx'), 'x', 'xxxxxxxxxx'), 'x', 'xxxxxxxxxx')",
    "REPLACE(" * 30 + "'xx'" + ", 'x', 'xxxxxxxxxx')" * 30, "REPLACE(big, '', big)", "LEFT(big, 1e300)", "RIGHT(big, 1e300)", "MID(big, 1, 1e300)",
    "MID(big, 1e300, 1)", "LEFT(s, -1e300)", "UPPER(big)", " + ".join(["UPPER(big)"] * 60), " and ".join(["CONTAINS(big, 'xy')"] * 90),
    " and ".join(["CONTAINS(big, big)"] * 90), "JOIN(many, big)", "JOIN(many, s)", "JOIN(UNIQUE(many), '')", "COUNT(UNIQUE(many))",
    "COUNT(" + "UNIQUE(" * 30 + "many" + ")" * 30 + ")", "SUM(numbers) + " * 90 + "1", "SUM(rows.q * rows.q * rows.q)", "SUM(SUM(rows.q) * rows.q)",
    "SUM(rows.q * SUM(rows.q))", "COUNT_IF(rows.q in numbers)", "COUNT_IF(rows.t in many)", "COUNT_IF(CONTAINS(rows.t, rows.t))", "JOIN(rows.t + rows.t, s)",
    "COUNT(" + "rows.t + " * 60 + "rows.t)", "COUNT_IF(REPLACE(rows.t, 'x', 'xxxx') == rows.t)", "MAX(" + ", ".join(["rows.q"] * 90) + ")",
]  # fmt: skip

PATTERNS = [
    "(a+)+$", "(a|a)*", "(a|ab)*c", "(.*)*", "(.*)+", "(a*)*b", "([a-z]+)*", "(x+x+)+y", "(a{1,100}){1,100}", "a{1,100}" * 12, "a{1000}", "a{99999999999}",
    ".*.*.*.*.*.*.*.*.*.*=", "(?=a)", "(?!a)", "(?<=a)", "(?<n>a)", "(?i)a", r"\1", r"(a)\1", r"\b", r"\p{L}", r"\\x41", r"\\u0041", "a**", "a++", "*a", "+",
    "a{2", "a{,2}", "[", "]", "(", ")", "[z-a]", "[]", "[[:alpha:]]", "a" * 501, "(" * 20 + "a" + ")" * 20, "a$b", "a^b", "\\",
]  # fmt: skip

NAMES = [
    "`'; DROP TABLE sku; --`", '`" OR 1=1 --`', '`a"b`', "`a'b`", "``", "` `", "`\n`", "`a`b`", "`{{7*7}}`", "`${7*7}`", "`<script>`", "`constructor`",
    "constructor", "`__proto__`", "__proto__", "prototype", "toString", "hasOwnProperty", "sku.constructor", "sku.`constructor`.name", "x" * 300, "ａ.ｂ", "ⅷ", "①",
    "㎏", "\u0430", "ſ", "K", "İ", "ﬁ", "true.false", "None.None", "and", "or", "not", "in", "if", "else",
]  # fmt: skip

VALUES: list[tuple[str, dict[str, Any]]] = [
    ("s == 'x'", {"s": "'; DROP TABLE sku; --"}), ("s + '1'", {"s": "=cmd|' /C calc'!A0"}), ("s == s", {"s": "\ud800"}), ("MATCHES(s, 'a')", {"s": "\ud800"}),
    ("UPPER(s)", {"s": "ß" * 10_000}), ("LENGTH(s)", {"s": "x" * 200_000}), ("a + 1", {"a": float("nan")}), ("a + 1", {"a": float("inf")}),
    ("a == a", {"a": float("nan")}), ("a > 5", {"a": float("nan")}), ("a + 1", {"a": 2**53 + 1}), ("a + 1", {"a": 10**400}), ("a + 1", {"a": "5"}),
    ("a + 1", {"a": True}), ("a + 1", {"a": [1]}), ("a + 1", {"a": {"x": 1}}), ("a + 1", {"a": object()}), ("a + 1", {"a": lambda: 1}), ("a + 1", {"a": 1j}),
    ("s", {"s": b"x"}), ("s", {"s": 5}), ("s", {"s": type("T", (str,), {"__eq__": lambda *_: True, "__hash__": str.__hash__})("x")}), ("p", {"p": 1}),
    ("p", {"p": "True"}), ("d", {"d": "2026-02-30"}), ("d", {"d": "x" * 10**6}), ("d", {"d": dt.datetime.fromisoformat("9999-12-31T23:59")}), ("d", {"d": 20261101}),
    ("m", {"m": "2026-11-01T25:00"}), ("m", {"m": dt.datetime.fromisoformat("9999-12-31T23:59")}), ("m", {"m": dt.datetime.min.replace(tzinfo=dt.UTC)}), ("m + 1e6", {"m": dt.datetime(9999, 12, 30, tzinfo=dt.UTC)}),
    ("u", {"u": "P" + "9" * 30 + "D"}), ("u", {"u": dt.timedelta.max}), ("u * 1e300", {"u": dt.timedelta.max}), ("SUM(xs)", {"xs": [1.0] * 10**6}),
    ("SUM(xs)", {"xs": [[1.0]]}), ("SUM(xs)", {"xs": ["1"]}), ("SUM(xs)", {"xs": "123"}), ("SUM(xs)", {"xs": range(10**9)}), ("SUM(xs)", {"xs": iter([1])}),
    ("JOIN(many)", {"many": ["x" * 100_000] * 1000}), ("COUNT(rows)", {"rows": [{}] * 10**6}), ("SUM(rows.q)", {"rows": [1, 2]}), ("SUM(rows.q)", {"rows": "abc"}),
    ("SUM(rows.q * 2)", {"rows": [{"q": "x"}]}), ("sku.name", {"sku": 5}), ("sku.name", {"sku": {"name": {"name": 1}}}), ("sku.name", {"sku": [1]}),
    ("sku.name", {"sku": {"sku": {}}}), ("sku.name == 'x'", {"sku.name": object()}),
]  # fmt: skip

SOURCES = [*ESCAPES, *DEEP, *POWERS, *TEXTS, *(f"MATCHES(s, '{pattern}')" for pattern in PATTERNS), *NAMES]
FIELDS: dict[str, Any] = {
    "a": "number", "b": "number", "s": "text", "p": "boolean", "d": "date", "m": "datetime", "u": "duration", "xs": "list[number]",
    "big": "text", "many": "list[text]", "numbers": "list[number]", "sku": {"type": "link", "form": "sku", "fields": {"name": "text"}},
    "rows": {"type": "subform", "fields": {"q": "number", "t": "text"}},
}  # fmt: skip
RECORD: dict[str, Any] = {
    "a": 1e200, "b": -7.0, "s": "a" * 9_999, "p": True, "d": dt.date(2026, 11, 1), "m": dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    "u": dt.timedelta(hours=1), "xs": [1.0, 2.0], "big": "x" * 100_000, "many": [f"t{n}" * 20 for n in range(1_000)],
    "numbers": [float(n) for n in range(1_000)], "sku": {"name": "x"}, "rows": [{"q": float(n), "t": "x" * 90} for n in range(1_000)],
}  # fmt: skip
