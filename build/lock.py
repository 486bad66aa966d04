"""Write the hash-pinned requirement files from pyproject.toml (needs `uv`).

`wine.txt` is for Windows Python in the Wine lane (`build/wine.py`): the versions of `test.txt`.

Without index lines: where packages come from is the business of the machine that installs them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMON = (
    "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--quiet",
    "--custom-compile-command", "python build/lock.py",
)  # fmt: skip
ANYWHERE = ("--universal", "--python-version", "3.11")
WINDOWS = (
    "--python-platform", "x86_64-pc-windows-msvc", "--python-version", "3.13",
    "--only-binary", ":all:", "--no-emit-build-options", "--constraint", "requirements/test.txt",
)  # fmt: skip
FILES = {
    "run.txt": (*ANYWHERE, "pyproject.toml"),
    "test.txt": (*ANYWHERE, "pyproject.toml", "--extra", "dev"),
    "build.txt": (*ANYWHERE, "requirements/build.in"),
    "wine.txt": (*WINDOWS, "pyproject.toml", "requirements/wine.in"),
}


def main() -> int:
    """Compile each file; the newest versions that fit."""
    for name, inputs in FILES.items():
        command = ["uv", "pip", "compile", *COMMON, "--upgrade", *inputs]
        subprocess.run([*command, "-o", f"requirements/{name}"], cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
