"""Which folders may be a root at all; everything else is refused before anything is read."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import agent
from agent.errors import ItError, UsageError
from agent.model import OsProblem
from agent.outcomes import ExitCode

SYSTEM_FOLDERS = (
    "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/media", "/mnt", "/opt", "/proc",
    "/root", "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr", "/usr/bin", "/usr/lib", "/usr/local",
    "/usr/share", "/var", "/var/lib", "/var/tmp",
)  # fmt: skip
"""Folders of a POSIX system that hold programs of others; one level below may be a root."""
SYSTEM_VARIABLES = (
    "SystemRoot", "ProgramFiles", "ProgramFiles(x86)", "ProgramW6432", "ProgramData", "PUBLIC",
    "USERPROFILE", "APPDATA", "LOCALAPPDATA",
)  # fmt: skip
"""Environment variables that name such folders on Windows."""
WHOLLY_FORBIDDEN_VARIABLE = "SystemRoot"
WHOLLY_FORBIDDEN = ("/proc", "/sys", "/dev", "/etc", "/bin", "/sbin", "/usr/bin", "/usr/lib")
"""Below these nothing is a root either."""


def resolve_root(given: Path, state: Path) -> Path:
    """The canonical path of the folder to look at; one link at the root is followed, once.

    Args:
        given: what the person gave, or what a search found.
        state: our state folder; it may not lie inside the root.

    Raises:
        UsageError: because this can't be, or must not be, a program folder.
        ItError: because the system refuses to say (no rights, a loop of links).
    """
    root = resolve_folder(given)
    _refuse_ours(root, given, state)
    return root


def resolve_folder(given: Path) -> Path:
    """The canonical path of a folder that holds one program and not a whole system.

    Raises:
        UsageError: because this can't be, or must not be, a program folder.
        ItError: because this user may not look there.
    """
    try:
        root = Path(os.path.realpath(given, strict=True))
        if not root.is_dir():
            raise UsageError("root-not-a-folder", path=str(given))
        os.scandir(root).close()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError("root-absent", path=str(given)) from error
    except PermissionError as error:
        raise ItError("root-no-rights", ExitCode.NO_RIGHTS, path=str(given)) from error
    except (OSError, ValueError) as error:
        text = OsProblem.from_exception(error).text if isinstance(error, OSError) else str(error)
        raise UsageError("root-unusable", path=str(given), error=text) from error
    _refuse_forbidden(root, given)
    return root


def refuse_inside(output: Path, folder: Path) -> None:
    """What is written about a program folder never goes into it.

    Args:
        output: the file to be written.
        folder: canonical.

    Raises:
        UsageError: ``output-inside-folder`` because it would.
    """
    if Path(os.path.realpath(output)).is_relative_to(folder):
        raise UsageError("output-inside-folder", path=str(output), root=str(folder))


def refuse_absent_folder(output: Path) -> None:
    """What is written needs a folder that is there; found out before any work is done.

    Raises:
        UsageError: ``output-folder-absent`` because it is not.
    """
    if not output.parent.is_dir():
        raise UsageError("output-folder-absent", path=str(output), folder=str(output.parent))


def _refuse_forbidden(root: Path, given: Path) -> None:
    too_high = {Path(os.path.realpath(folder)) for folder in _system_folders()}
    below = [Path(os.path.realpath(folder)) for folder in _wholly_forbidden()]
    if root == root.parent or root in too_high or root == Path.home().resolve():
        raise UsageError("root-too-high", path=str(given))
    if any(root.is_relative_to(folder) for folder in below):
        raise UsageError("root-too-high", path=str(given))


def _refuse_ours(root: Path, given: Path, state: Path) -> None:
    ours = _our_folder()
    kept = Path(os.path.realpath(state))
    if root.is_relative_to(ours) or ours.is_relative_to(root):
        raise UsageError("root-is-our-source", path=str(given))
    if kept.is_relative_to(root):
        raise UsageError("state-inside-root", path=str(state), root=str(given))
    if root.is_relative_to(kept):
        raise UsageError("root-inside-state", path=str(given), state=str(state))


def _our_folder() -> Path:
    """Where this program lies: the executable's folder, the package, or the whole checkout."""
    if getattr(sys, "frozen", False):
        return Path(sys.executable).resolve().parent
    package = Path(agent.__file__).resolve().parent
    checkout = package.parent / "pyproject.toml"
    return package.parent if checkout.is_file() else package


def _on_windows() -> bool:
    return os.name == "nt"


def _system_folders() -> list[str]:
    if _on_windows():
        return [os.environ[name] for name in SYSTEM_VARIABLES if os.environ.get(name)]
    return list(SYSTEM_FOLDERS)


def _wholly_forbidden() -> list[str]:
    if _on_windows():
        folder = os.environ.get(WHOLLY_FORBIDDEN_VARIABLE)
        return [folder] if folder else []
    return list(WHOLLY_FORBIDDEN)
