"""Forms, field types and filled records: the one validator for browser, API, import and automation."""
