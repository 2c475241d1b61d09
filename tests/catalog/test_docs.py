"""The documentation cannot lie by omission: every command, setting and link in it is checked."""

import re
from pathlib import Path

import click
import pytest

from cli import _group
from engine.expression import catalog

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("engine", "form_builder", "workflows", "rule_templates", "integrations", "store", "services", "cli", "web")
CHINESE = "\n".join(page.read_text() for page in [*ROOT.glob("docs/*.md"), ROOT / "README.md"])
ENGLISH = "\n".join(page.read_text() for page in ROOT.glob("docs/en/*.md"))
SETTINGS = sorted(
    {
        name
        for room in ROOMS
        for file in (ROOT / room).rglob("*.py")
        for name in re.findall(r"(?<!config\[\")\bBEIHUO_[A-Z_]+\b", file.read_text())
    }
)
PAGES = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])


def _commands():
    context = click.Context(_group)
    for name in _group.list_commands(context):
        command = _group.get_command(context, name)
        yield name
        if isinstance(command, click.Group):
            yield from (f"{name} {inner}" for inner in command.list_commands(context))


@pytest.mark.parametrize("command", sorted(_commands()))
def test_every_command_is_documented(command):
    assert f"beihuo {command}" in CHINESE
    assert f"beihuo {command}" in ENGLISH


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_documented(setting):
    assert setting in CHINESE
    assert setting in ENGLISH


@pytest.mark.parametrize("function", [entry.name for entry in catalog()])
def test_every_function_is_documented(function):
    assert function in CHINESE
    assert function in ENGLISH


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_link_leads_somewhere(page):
    prose = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(), flags=re.DOTALL)
    links = re.findall(r"\]\((?!https?:|mailto:)([^)#\s]+)(?:#[^)]*)?\)", prose)

    assert [] == [link for link in links if not (page.parent / link).exists()]


def test_every_page_has_its_english_twin():
    chinese, english = ({page.name for page in folder.glob("*.md")} for folder in (ROOT / "docs", ROOT / "docs" / "en"))

    assert chinese == english


def test_the_rooms_are_those_of_the_import_rules():
    """A new room must take its place in pyproject's layers."""
    rules = (ROOT / "pyproject.toml").read_text().partition('name = "Rooms in layers"')[2].partition("[[")[0]
    packages = {folder.parent.name for folder in ROOT.glob("*/__init__.py")}

    assert packages == set(ROOMS)
    assert all(room in rules for room in packages)
