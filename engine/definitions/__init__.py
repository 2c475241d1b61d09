"""Definitions: what a form, rule, workflow, … must look like, and everything that is wrong with one, told at once.

    check(kind, document) -> list[Problem]          one definition against `<kind>.schema.json`
    problems_in(schema, value, path) -> list[Problem]   any value against any of our schemas (a plug-in's settings)
    check_each(items, path, registry) -> list[Problem]  each item against the schema of its own `type`, never oneOf

What needs more than the document alone (expressions, links, soundness) is checked by the room that runs it.
"""

from engine.definitions.document import json_problems
from engine.definitions.each import HasSchema, check_each
from engine.definitions.files import read_definitions
from engine.definitions.kinds import KINDS, check, schema
from engine.definitions.schema import problems_in, schema_problems

__all__ = [
    "KINDS",
    "HasSchema",
    "check",
    "check_each",
    "json_problems",
    "problems_in",
    "read_definitions",
    "schema",
    "schema_problems",
]
