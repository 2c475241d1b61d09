"""Use cases, one story a file: the only room that knows the others."""
