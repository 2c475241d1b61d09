"""How large a formula, and whatever it computes on the way, may become."""

from datetime import UTC, datetime

MAX_SOURCE = 2_000
"""Characters of a formula."""
MAX_NODES = 300
"""Nodes of its tree."""
MAX_DEPTH = 40
"""Depth of its tree and of its brackets; a chain such as `a + b + c` counts as one level."""
MAX_LINKS = 4
"""Link fields that one path may follow."""
MAX_EXPONENT = 10
"""The largest magnitude of a literal exponent."""
MAX_TEXT = 10_000
"""Characters of a text that a formula makes; a longer one is null."""
MAX_INPUT_TEXT = 100_000
"""Characters of a text that a formula may read."""
MAX_LIST = 1_000
"""Items of a list, read or made."""
MAX_WHOLE = 2**53
"""Whole numbers up to here are exact as IEEE doubles; a larger whole number is an error at input."""
MAX_NUMBER = 1.7976931348623157e308
"""The largest finite number."""
MAX_PATTERN = 500
"""Characters of a pattern."""
MAX_REPEAT = 100
"""The largest bound of a counted repetition in a pattern."""
MAX_SPAN = 3_660
"""Days that a count of working days may span."""
MAX_WINDOW = 1_096
"""Days of a window over facts."""
FIRST_MOMENT = datetime(1, 1, 2, tzinfo=UTC)
LAST_MOMENT = datetime(9999, 12, 30, 23, 59, 59, 999999, tzinfo=UTC)
"""Instants have a local date in every zone between these; beyond them they are null."""
