"""Every number that a judgement depends on, by name and with its unit (DESIGN sections 5 and 6)."""

from __future__ import annotations

MIN_DECISIVE_RIGHT = 5
"""Files: as many right ones among those that tell versions apart decide by content."""
MIN_LEAD = 0.20
"""Fraction: lead in precision over those files that decides by content."""
MIN_PRECISION = 0.98
"""Fraction: right files of what is here, below which no version is certain."""
MIXTURE_MIN_ONLY = 3
"""Files: as many as each of two versions explains and the other can't, in a half update."""
MIXTURE_MIN_TOGETHER = 0.95
"""Fraction: of what is here, as much as two versions together explain in a half update."""
QUARANTINE_MAX_MISSING = 10
"""Files: a scanner takes a few; more than this is something else."""
MIN_PROGRAM_FILES = 5
"""Files: with fewer here, of any version, nothing can be said about the content."""
EXECUTABLE_SUFFIXES = (".exe", ".dll", ".ocx", ".sys", ".com", ".scr", ".cpl", ".drv")
"""What scanners take away; lower case."""
ROUNDING = 9
"""Decimals: differences of fractions are rounded to this before they meet a threshold."""
