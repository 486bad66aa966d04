"""What a plain script would do to find a program: `os.scandir` over everything."""

from __future__ import annotations

import json
import os
import sys


def main(root: str, name: str) -> None:
    """Count the files of one name below a folder."""
    found, pending = 0, [root]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                elif entry.name == name:
                    found += 1
    print(json.dumps({"files": found}))


main(*sys.argv[1:])
