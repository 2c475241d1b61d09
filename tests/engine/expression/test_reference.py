"""The language reference is made from the catalog and up to date."""

from __future__ import annotations

import re

import pytest
from expression_ways import ROOT

from engine.expression import catalog
from engine.expression.reference import PAGES, renewed


@pytest.mark.parametrize("language", list(PAGES))
def test_the_page_is_what_the_catalog_makes(language):
    page = (ROOT / PAGES[language]).read_text(encoding="utf-8")

    assert renewed(page, language) == page


@pytest.mark.parametrize("page", ["docs/language-excel.md", "docs/en/language-excel.md"])
def test_the_mapping_names_only_functions_that_exist(page):
    names = {doc.name for doc in catalog()} | {"VALUE", "TEXT"}
    rows = re.findall(r"^\|[^|]*\|[^|]*\|([^|]*)\|$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    used = {name for row in rows for name in re.findall(r"\b[A-Z][A-Z_]+\b", row)}

    assert set() == used - names
