"""Forms, field types and filled records: the one validator for browser, API, import and automation.

check_form(definition, forms) -> list[Problem]        everything that is wrong with a form, beyond its shape too
columns(definition) -> list[Column]                    the columns of its table
language_fields(definition, forms) -> dict             its fields as expressions see them, links followed
read_record(form, values, context) -> (record, problems)   one filled form: defaults, formulas, rules, every problem
FormReader(form, forms).read(values, context)          the same for many records
display(form, record) -> str                           how people call a record
browser_logic(definition, forms) -> (json, problems)    the form's logic as the browser runs it
"""

from form_builder.browser import browser_logic
from form_builder.columns import Column, columns
from form_builder.context import RecordContext
from form_builder.display import display, show
from form_builder.field import FIELD_TYPES, Example, Field, FieldType, Unreadable, field_type
from form_builder.form import check_form
from form_builder.language import language_fields
from form_builder.record import FormReader, read_record

__all__ = [
    "FIELD_TYPES",
    "Column",
    "Example",
    "Field",
    "FieldType",
    "FormReader",
    "RecordContext",
    "Unreadable",
    "browser_logic",
    "check_form",
    "columns",
    "display",
    "field_type",
    "language_fields",
    "read_record",
    "show",
]
