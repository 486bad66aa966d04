"""Werkplekherstel: the engine that finds, judges and repairs a program folder."""

__version__ = "0.1.0"
