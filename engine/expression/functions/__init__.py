"""The functions of the language, a family a file; a new file is found by itself."""
