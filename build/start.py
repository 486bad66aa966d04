"""Set everything up on a machine that has only Python and pip, then run one thing.

Usage::

    python3 build/start.py demo [options of `werkplek demo`]
    python3 build/start.py test [nox sessions]

Each makes a virtual environment of its own beside this project (many systems refuse pip outside
one, PEP 668) from the hash-pinned requirement files. Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST_PYTHON = (3, 11)
REQUIREMENTS = {"demo": ("build.txt", "run.txt"), "test": ("build.txt", "test.txt")}
STAMP = "werkplek-installed"


def main(arguments: list[str]) -> int:
    """Make the environment and hand over; the exit code is that of what was run."""
    if sys.version_info < OLDEST_PYTHON:
        print("Python 3.11 or newer is needed; this is", sys.version.split()[0], file=sys.stderr)
        return 2
    if not arguments or arguments[0] not in REQUIREMENTS:
        print("usage: python3 build/start.py demo|test [options]", file=sys.stderr)
        return 2
    goal, rest = arguments[0], arguments[1:]
    folder = ROOT / f".venv-{goal}"
    python = prepare(folder, REQUIREMENTS[goal])
    command = [str(python), "-m", "agent.cli", "demo", *rest]
    if goal == "test":
        sessions = ["-s", *rest] if rest else []
        command = [str(python), "-m", "nox", "--no-venv", "--non-interactive", *sessions]
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    environment = os.environ | {"PATH": path, "VIRTUAL_ENV": str(folder)}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def prepare(folder: Path, files: tuple[str, ...]) -> Path:
    """The interpreter of an environment that holds just what the files pin."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    paths = [ROOT / "requirements" / name for name in files]
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
    wanted += f" {ROOT}"
    stamp = folder / STAMP
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    pip = make_environment(folder, python)
    for path in paths:
        install(pip, "--require-hashes", "-r", str(path))
    install(pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    stamp.write_text(wanted, encoding="utf-8")
    return python


def make_environment(folder: Path, python: Path) -> list[str]:
    """The command that is pip for a new environment in `folder`."""
    try:
        venv.create(folder, with_pip=True, clear=True)
    except subprocess.CalledProcessError:
        # Debian without python3-venv has no ensurepip: use the pip that is there.
        venv.create(folder, with_pip=False, clear=True)
        return [sys.executable, "-m", "pip", "--python", str(python)]
    return [str(python), "-m", "pip"]


def install(pip: list[str], *arguments: str) -> None:
    """Run ``pip install``; a failure ends this program with pip's own message and one line."""
    command = [*pip, "install", "--quiet", "--disable-pip-version-check", *arguments]
    result = subprocess.run(command, cwd=ROOT, check=False)
    if result.returncode:
        message = "The packages could not be installed (see above): is there a network?"
        print(message, file=sys.stderr)
        sys.exit(result.returncode)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
