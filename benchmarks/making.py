"""Make one tree: a process of its own, because its lists would enlarge the one that measures."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.trees import Size, make

if __name__ == "__main__":
    folder, name, files, size = sys.argv[1:]
    make(Path(folder), Size(name, int(files), int(size)))
