"""Texts of notices: jinja2 templates that users edit, rendered in a closed sandbox over copied plain data.

The sandbox is narrower than jinja2's own: no calls, no attribute of a value (only keys of our data), no macros, imports or
assignments, about twenty filters, at most two nested loops, and a limit on length. A template is checked on a sample when
it is saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.problems import Problem, did_you_mean

MOST_CHARACTERS = 20_000
MOST_SOURCE = 8_000
MOST_LOOPS = 2
_FILTERS = frozenset(
    {
        "abs",
        "capitalize",
        "count",
        "default",
        "d",
        "escape",
        "e",
        "first",
        "float",
        "format_number",
        "int",
        "join",
        "last",
        "length",
        "list",
        "lower",
        "max",
        "min",
        "replace",
        "reverse",
        "round",
        "sort",
        "sum",
        "title",
        "trim",
        "truncate",
        "unique",
        "upper",
    }
)
_FORBIDDEN = (
    nodes.Call, nodes.CallBlock, nodes.Macro, nodes.Import, nodes.FromImport, nodes.Include, nodes.Extends, nodes.Block,
    nodes.Assign, nodes.AssignBlock, nodes.FilterBlock, nodes.With, nodes.ScopedEvalContextModifier, nodes.Pow, nodes.Mul, nodes.Mod,
    nodes.Concat,
)  # fmt: skip


class _Environment(ImmutableSandboxedEnvironment):
    """Names lead to keys of our own data and nowhere else."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        return obj[attribute] if type(obj) is dict and attribute in obj else self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if type(obj) is list and type(argument) is int and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.getattr(obj, argument) if isinstance(argument, str) else self.undefined(obj=obj, name=str(argument))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002 jinja2's signature
        return False


@lru_cache(maxsize=2)
def _environment(*, escaped: bool) -> _Environment:
    environment = _Environment(autoescape=escaped, undefined=jinja2.StrictUndefined, finalize=_as_text)
    environment.filters["format_number"] = _format_number
    environment.filters["replace"] = _replace
    environment.filters = {name: call for name, call in environment.filters.items() if name in _FILTERS}
    environment.globals = {}
    return environment


def _format_number(value: Any, digits: int = 0) -> str:
    """Write a number with thousands separators and at most six digits after the point."""
    return f"{float(value):,.{max(0, min(int(digits), 6))}f}" if value is not None else "—"


def _replace(value: Any, old: Any, new: Any) -> str:
    """Replace within the length that a text may have at all: ten chained replacements could otherwise fill the memory."""
    text, before, after = str(value), str(old), str(new)
    if before and len(text) + text.count(before) * len(after) > MOST_CHARACTERS:
        raise ValueError(f"内容超过 {MOST_CHARACTERS} 个字符 / the text is longer than {MOST_CHARACTERS} characters")
    return text.replace(before, after) if before else text


def _as_text(value: Any) -> Any:
    """Write what a template prints as people do: whole numbers without `.0`, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, float):
        return round(value, 2)
    return value


def plain(value: Any) -> Any:
    """Copy *value* as plain data (dict, list, text, number, date); anything else becomes its text."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (str, bool, int, float, date, datetime)):
        return value
    return float(value) if isinstance(value, Decimal) else str(value)


def problems_in_template(source: str, sample: Mapping[str, Any], path: str = "$") -> list[Problem]:
    """Return all that is wrong with a template: its grammar, what it may not use, and what fails on the *sample*."""
    if len(source) > MOST_SOURCE:
        return [
            Problem(path, f"模板超过 {MOST_SOURCE} 个字符", "", f"the template is longer than {MOST_SOURCE} characters")
        ]
    try:
        tree = _environment(escaped=False).parse(source)
    except jinja2.TemplateSyntaxError as error:
        return [
            Problem(
                path,
                f"第 {error.lineno} 行写法有误",
                "变量写作 {{ 名称 }}",
                f"line {error.lineno}: {error.message}",
                "write a variable as {{ name }}",
            )
        ]
    except jinja2.TemplateAssertionError as error:
        return [_unknown_filter(path, str(error))]
    found = [*_forbidden(tree, path), *_loops(tree, path)]
    if found:
        return found
    try:
        render(source, sample)
    except jinja2.UndefinedError as error:
        name = str(error).rpartition(" attribute ")[2].partition("'")[2].partition("'")[0]
        near = did_you_mean(name, _names(sample))
        hint = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
        return [Problem(path, f"没有名为“{name}”的内容", hint[0], str(error), hint[1])]
    except (jinja2.TemplateError, ValueError, TypeError, ArithmeticError) as error:
        return [Problem(path, f"用样例试填时出错:{error}", "", f"it fails on the sample: {error}")]
    return []


def _unknown_filter(path: str, text: str) -> Problem:
    known = "、".join(sorted(_FILTERS))
    return Problem(path, f"不能使用的过滤器:{text}", f"可用:{known}", text, f"available: {known}")


def _forbidden(tree: nodes.Template, path: str) -> list[Problem]:
    own_names = {node.name for node in tree.find_all(nodes.Name) if node.name in {"self", "super", "varargs", "kwargs"}}
    seen = sorted({type(node).__name__ for node in tree.find_all(_FORBIDDEN)} | own_names)
    return [
        Problem(
            path,
            f"模板里不能用 {name}",
            "只能写变量、条件、循环和过滤器",
            f"{name} is not allowed in a template",
            "use variables, if, for and filters only",
        )
        for name in seen
    ]


def _loops(node: nodes.Node, path: str, depth: int = 0) -> list[Problem]:
    here = depth + isinstance(node, nodes.For)
    if here > MOST_LOOPS:
        return [
            Problem(path, f"循环最多嵌套 {MOST_LOOPS} 层", "", f"loops may be nested {MOST_LOOPS} deep at the most")
        ]
    return [problem for child in node.iter_child_nodes() for problem in _loops(child, path, here)]


def _names(sample: Mapping[str, Any]) -> list[str]:
    nested = [name for value in sample.values() if isinstance(value, Mapping) for name in _names(value)]
    return [*map(str, sample), *nested]


def render(source: str, data: Mapping[str, Any], *, escaped: bool = False) -> str:
    """Fill a template with *data* (copied as plain data first).

    Args:
        source: the template.
        data: what its names mean.
        escaped: write values HTML-escaped, for channels that take HTML.

    Raises:
        jinja2.TemplateError: an unknown name, or what the sandbox refuses.
        ValueError: the text grows beyond 20,000 characters.
    """
    environment = _environment(escaped=escaped)
    tree = environment.parse(source)
    refused = [*_forbidden(tree, "$"), *_loops(tree, "$")]
    if refused:
        raise jinja2.TemplateSyntaxError(str(refused[0]), 1)
    pieces: list[str] = []
    length = 0
    for piece in _compiled(source, escaped=escaped).generate(plain(data)):
        length += len(piece)
        if length > MOST_CHARACTERS:
            raise ValueError(
                f"内容超过 {MOST_CHARACTERS} 个字符 / the text is longer than {MOST_CHARACTERS} characters"
            )
        pieces.append(piece)
    return "".join(pieces)


@lru_cache(maxsize=512)
def _compiled(source: str, *, escaped: bool) -> jinja2.Template:
    return _environment(escaped=escaped).from_string(source)


@dataclass(frozen=True, slots=True)
class Text:
    """A title and a body, both templates."""

    title: str
    body: str


# What is sent when no message definition says otherwise. Every quantity that a buyer asks for stands in it.
_QUANTITIES = {
    "zh": "{% for item in values %}{{ item.label }}:{{ item.value }}\n{% endfor %}",
    "en": "{% for item in values %}{{ item.label }}: {{ item.value }}\n{% endfor %}",
}
DEFAULT_TEXTS: dict[tuple[str, str], Text] = {
    ("alert", "zh"): Text("【{{ level_name }}】{{ rule }}:{{ record }}", "{{ explanation }}\n" + _QUANTITIES["zh"]),
    ("alert", "en"): Text("[{{ level_name }}] {{ rule }}: {{ record }}", "{{ explanation }}\n" + _QUANTITIES["en"]),
    ("resolved", "zh"): Text("【已恢复】{{ rule }}:{{ record }}", "{{ explanation }}"),
    ("resolved", "en"): Text("[Resolved] {{ rule }}: {{ record }}", "{{ explanation }}"),
    ("digest", "zh"): Text(
        "{{ rule }}:{{ total }} 条预警",
        "{% for line in counts %}{{ line.level_name }} {{ line.count }} 条\n{% endfor %}"
        "{% for item in worst %}· {{ item.record }}:{{ item.explanation }}\n{% endfor %}"
        "{% if total > worst|length %}其余 {{ total - worst|length }} 条请打开查看\n{% endif %}",
    ),
    ("digest", "en"): Text(
        "{{ rule }}: {{ total }} alerts",
        "{% for line in counts %}{{ line.level_name }}: {{ line.count }}\n{% endfor %}"
        "{% for item in worst %}· {{ item.record }}: {{ item.explanation }}\n{% endfor %}"
        "{% if total > worst|length %}and {{ total - worst|length }} more behind the link\n{% endif %}",
    ),
    ("todo", "zh"): Text("【待审批】{{ workflow }}:{{ record }}", "{{ explanation }}\n" + _QUANTITIES["zh"]),
    ("todo", "en"): Text("[To approve] {{ workflow }}: {{ record }}", "{{ explanation }}\n" + _QUANTITIES["en"]),
    ("decided", "zh"): Text("【{{ outcome }}】{{ workflow }}:{{ record }}", "{{ explanation }}"),
    ("decided", "en"): Text("[{{ outcome }}] {{ workflow }}: {{ record }}", "{{ explanation }}"),
    ("remind", "zh"): Text("【请尽快处理】{{ workflow }}:{{ record }}", "{{ explanation }}\n" + _QUANTITIES["zh"]),
    ("remind", "en"): Text("[Reminder] {{ workflow }}: {{ record }}", "{{ explanation }}\n" + _QUANTITIES["en"]),
    ("copy", "zh"): Text("【抄送】{{ workflow }}:{{ record }}", "{{ explanation }}"),
    ("copy", "en"): Text("[For information] {{ workflow }}: {{ record }}", "{{ explanation }}"),
}
