"""TELL: the report, and one renderer per file that only reads it."""
