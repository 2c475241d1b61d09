"""The part of the language reference that is made from the catalog: every function with signature, meaning and examples.

`python -m engine.expression.reference` renews it in docs/language.md and docs/en/language.md, between the marks.
"""

from __future__ import annotations

from pathlib import Path

from engine.expression.catalog import CATEGORIES, FunctionDoc, catalog

START, END = "<!-- functions: made from the catalog -->", "<!-- /functions -->"
PAGES = {"zh": Path("docs/language.md"), "en": Path("docs/en/language.md")}
_WORDS = {
    "zh": {"server": "值由服务器提供,浏览器显示最近一次的值。", "follows": "对应", "example": "例"},
    "en": {"server": "The server supplies the value; the browser shows the last one.", "follows": "Follows", "example": "Examples"},
}  # fmt: skip


def functions(language: str) -> str:
    """Return the functions of the language as Markdown, family by family, in Chinese (`zh`) or English (`en`)."""
    parts: list[str] = []
    docs = catalog()
    for category, titles in CATEGORIES.items():
        family = [doc for doc in docs if doc.category == category]
        parts.append(f"### {titles[0 if language == 'zh' else 1]}")
        if all(doc.server_only for doc in family):
            parts.append(_WORDS[language]["server"])
        parts += [_function(doc, language) for doc in family]
    others = [doc for doc in docs if doc.category not in CATEGORIES]
    parts += [_function(doc, language) for doc in others]
    return "\n\n".join(parts)


def _function(doc: FunctionDoc, language: str) -> str:
    words = _WORDS[language]
    lines = [f"#### `{doc.name}` {doc.alias}", ""]
    lines += ["```", *doc.signatures, "```", "", doc.doc if language == "zh" else doc.doc_en]
    if doc.source:
        lines[-1] += f" {words['follows']}: {doc.source}."
    examples = " · ".join(f"`{example}`" for example in doc.examples)
    return "\n".join([*lines, "", f"{words['example']}: {examples}"])


def renewed(page: str, language: str) -> str:
    """Return the text of a page with its functions made anew.

    Raises:
        ValueError: the page has no marks.
    """
    before, start, rest = page.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"the page needs the marks {START} and {END}")
    return f"{before}{START}\n\n{functions(language)}\n\n{END}{after}"


def main() -> None:
    """Renew both pages of the checkout."""
    for language, page in PAGES.items():
        page.write_text(renewed(page.read_text(encoding="utf-8"), language), encoding="utf-8")


if __name__ == "__main__":
    main()
