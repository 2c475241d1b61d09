"""Tables: columnar data in and out, the facts by day, windows over them; every quirk of DuckDB and Spark is in here."""
