"""What is checked, in one place. Default sessions are the test command of the README.

`nox` (through ``build/start.py test``) runs: style, types, house, unit, real, faults, coverage.
`nox -s wine` runs with Windows Python under Wine, `nox -s ntfs exfat` on file systems of Windows
and of sticks; these need a Debian-like machine.
"""

from __future__ import annotations

import os

import nox

nox.options.sessions = ["style", "types", "house", "unit", "real", "faults", "coverage"]
UNIT = "not faults and not real_trees and not large and not wine and not ntfs and not exfat"
AS_USER = ("-m", "tests.windows.unelevated", "-m", "pytest", "-q", "-m", UNIT)
AS_ADMINISTRATOR = ("-m", "pytest", "-q", "-m", UNIT)
NOT_UNDER_WINE = (
    *("cli", "demo", "test_benchmarks.py", "workflow/test_back.py", "workflow/test_forward.py"),
    *("workflow/test_copies_and_sticks.py", "workflow/test_spotting.py"),
    *("workflow/test_undo_and_memory.py", "workflow/test_when_things_go_wrong.py"),
)
"""Whole runs take minutes there; `tests/wine` does fewer, with processes of their own."""
WINDOWS_SECONDS = 600
"""Time limit of the unit tests with Windows Python."""
PYTHON_SOURCES = ("agent", "recovery", "tests", "benchmarks", "build", "noxfile.py")


@nox.session
def style(session: nox.Session) -> None:
    session.run("ruff", "check", *PYTHON_SOURCES)
    session.run("ruff", "format", "--check", *PYTHON_SOURCES)


@nox.session
def types(session: nox.Session) -> None:
    session.run("mypy")


@nox.session
def house(session: nox.Session) -> None:
    """Imports run one way; judging does no I/O; ctypes stays in the adapters."""
    session.run("lint-imports", "--no-cache")


@nox.session
def unit(session: nox.Session) -> None:
    session.run("coverage", "erase")
    measured(session, "unit", UNIT)


@nox.session
def real(session: nox.Session) -> None:
    """Two versions of real Windows software, fetched with pip."""
    measured(session, "real", "real_trees")


@nox.session
def faults(session: nox.Session) -> None:
    """Real processes killed, real file systems filled."""
    measured(session, "faults", "faults or large")


@nox.session
def wine(session: nox.Session) -> None:
    """Windows Python under Wine: first the tests inside it, then those that drive it from here."""
    session.run("python", "build/wine.py", "setup")
    windows = ("python", "build/wine.py", "run", "--timeout", str(WINDOWS_SECONDS), "--")
    ignored = [f"--ignore=tests/unit/{path}" for path in NOT_UNDER_WINE]
    session.run(*windows, *AS_USER, "tests/unit", *ignored)
    session.run(*windows, *AS_ADMINISTRATOR, "tests/contracts", "tests/windows")
    lanes = {"WERKPLEK_REQUIRE_LANES": "wine"} if os.environ.get("CI") else {}
    session.run("python", "-m", "pytest", "-q", "-m", "wine", *session.posargs, env=lanes)


@nox.session
def ntfs(session: nox.Session) -> None:
    """A program folder on a real NTFS, through ntfs-3g."""
    on_a_disk(session, "ntfs")


@nox.session
def exfat(session: nox.Session) -> None:
    """Sticks with a real exFAT and FAT32, through FUSE."""
    on_a_disk(session, "exfat")


@nox.session
def coverage(session: nox.Session) -> None:
    """The gate: raised to what is reached, never lowered."""
    session.run("coverage", "combine", "--keep", "--quiet", success_codes=[0, 1])
    session.run("coverage", "report", "--fail-under=95", "--format=total")


def on_a_disk(session: nox.Session, lane: str) -> None:
    # Where a package can't be installed the tests say what they lack: skipped, in CI a failure.
    session.run("python", "build/packages.py", lane, success_codes=[0, 1])
    lanes = {"WERKPLEK_REQUIRE_LANES": lane} if os.environ.get("CI") else {}
    session.run("python", "-m", "pytest", "-q", "-m", lane, *session.posargs, env=lanes)


def measured(session: nox.Session, lane: str, marks: str) -> None:
    environment = {"COVERAGE_FILE": f".coverage.{lane}"}
    if os.environ.get("CI"):
        # In CI every lane has its real parts: a skip there is a failure.
        environment["WERKPLEK_REQUIRE_LANES"] = "real,faults"
    session.run(
        "coverage", "run", "-m", "pytest", "-q", "-m", marks, *session.posargs, env=environment
    )
