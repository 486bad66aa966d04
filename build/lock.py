"""Write the hash-pinned requirement files from pyproject.toml (needs `uv`).

Without index lines: where packages come from is the business of the machine that installs them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMON = (
    "--universal", "--generate-hashes", "--no-emit-index-url", "--python-version", "3.11",
    "--custom-compile-command", "python build/lock.py", "--no-annotate", "--quiet",
)  # fmt: skip
FILES = {
    "run.txt": ("pyproject.toml",),
    "test.txt": ("pyproject.toml", "--extra", "dev"),
    "build.txt": ("requirements/build.in",),
}


def main() -> int:
    """Compile each file; the newest versions that fit."""
    for name, inputs in FILES.items():
        command = ["uv", "pip", "compile", *COMMON, "--upgrade", *inputs]
        subprocess.run([*command, "-o", f"requirements/{name}"], cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
