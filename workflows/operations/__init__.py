"""The operations of `advance`, by topic; `OPERATIONS` says which exist and while the instance is in which status."""

from workflows.operations.table import OPERATIONS, perform

__all__ = ["OPERATIONS", "perform"]
