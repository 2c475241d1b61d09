"""The SQL dialects that the columnar reader writes."""

DIALECTS = ("duckdb", "spark", "sqlite", "postgres")
