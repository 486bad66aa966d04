"""What a plain script would do for a quick look: `os.walk` and `os.path.getsize`."""

from __future__ import annotations

import json
import os
import sys


def main(root: str) -> None:
    """Count the files below a folder and add up their sizes."""
    files = total = 0
    for folder, _, names in os.walk(root):
        for name in names:
            files += 1
            total += os.path.getsize(f"{folder}/{name}")  # noqa: PTH202 - the usual way
    print(json.dumps({"files": files, "bytes": total}))


main(sys.argv[1])
