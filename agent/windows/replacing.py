"""Putting a new file in the place of an old one that is kept, whatever `ReplaceFileW` leaves.

Owns the decisions; what touches the disk is behind `ReplaceCalls`, so that each of the partial
failures, which no test can provoke on a real disk, is tried on any system.

https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-replacefilew
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from agent.windows.api import NOT_OFFERED

UNABLE_TO_REMOVE_REPLACED = 1175
"""Nothing happened: both files have their names."""
UNABLE_TO_MOVE_REPLACEMENT = 1176
"""The new one kept its name; with a backup name given, the old one did too."""
UNABLE_TO_MOVE_REPLACEMENT_2 = 1177
"""The old one stands under the backup name, and nothing under its own."""
PARTIAL = frozenset(
    {UNABLE_TO_REMOVE_REPLACED, UNABLE_TO_MOVE_REPLACEMENT, UNABLE_TO_MOVE_REPLACEMENT_2}
)


@dataclass(frozen=True, slots=True)
class Names:
    """The three names of one replacement, absolute."""

    staged: str
    target: str
    backup: str


class ReplaceCalls(Protocol):
    """What the disk is asked to do; every method raises `OSError` when it could not."""

    def can_replace(self, path: str) -> bool:
        """Whether the file system of a path knows `ReplaceFileW` at all."""
        ...

    def replace(self, names: Names) -> None:
        """`ReplaceFileW`, the staged one over the target, which gets the backup name."""
        ...

    def move(self, source: str, target: str, *, over: bool = False) -> None:
        """Another name on the same volume; only `over` a file that is there when asked to."""
        ...

    def copy_aside(self, source: str, target: str) -> None:
        """A flushed copy with the same modification time, under a name that was free."""
        ...

    def exists(self, path: str) -> bool:
        """Whether anything stands there."""
        ...

    def remove(self, path: str) -> None:
        """Remove a copy that we made."""
        ...

    def refusal(self, path: str) -> OSError | None:
        """Why a file can't be moved away now; None when it can."""
        ...


class _NamelessError(Exception):
    """Neither file can have the name; all that could be tried again has been."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


Retry = Callable[[Callable[[], None]], None]
"""Calls again while somebody else is busy with the file."""


def replace_keeping(names: Names, calls: ReplaceCalls, retry: Retry) -> None:
    """Put `staged` in the place of `target` and keep the old bytes as `backup`.

    Args:
        names: all on one volume; `backup` is free.
        calls: the disk.
        retry: tries again what somebody else's open file stands in the way of.

    Raises:
        OSError: because it could not be done; `target` is the old file then, `backup` is free.
            Only when both files are held by somebody does each keep the name it got last.
    """
    if not calls.can_replace(names.target):
        _by_copy(names, calls, retry)
        return
    try:
        retry(lambda: _replace(names, calls, retry))
    except _NamelessError as nameless:
        raise nameless.error from nameless
    except OSError as error:
        if getattr(error, "winerror", None) not in NOT_OFFERED or calls.exists(names.backup):
            raise
        _by_copy(names, calls, retry)


def _replace(names: Names, calls: ReplaceCalls, retry: Retry) -> None:
    try:
        calls.replace(names)
    except OSError as error:
        if _settled(names, calls, retry):
            return
        number = getattr(error, "winerror", None)
        if number not in PARTIAL:
            raise
        # These numbers don't say why; the file that could not be moved does.
        stuck = names.target if number == UNABLE_TO_REMOVE_REPLACED else names.staged
        raise (calls.refusal(stuck) or error) from error


def _settled(names: Names, calls: ReplaceCalls, retry: Retry) -> bool:
    """After a failure: the old file under its name again; true if the new one had to take it.

    Raises:
        _NamelessError: because nothing can be put under the name any more.
    """
    if calls.exists(names.target):
        return False
    try:
        retry(lambda: calls.move(names.backup, names.target))
    except OSError:
        # Somebody has the original open where it is now. The new file is complete, and under its
        # name is better than none: the same as if the replacement had gone well.
        try:
            retry(lambda: calls.move(names.staged, names.target))
        except OSError as error:
            raise _NamelessError(error) from error
        return True
    return False


def _by_copy(names: Names, calls: ReplaceCalls, retry: Retry) -> None:
    """Where a file can't be replaced in one step with a backup (FAT, exFAT): copied, then over it.

    https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-movefileexw
    """
    retry(lambda: calls.copy_aside(names.target, names.backup))
    try:
        retry(lambda: calls.move(names.staged, names.target, over=True))
    except OSError:
        with suppress(OSError):
            calls.remove(names.backup)
        raise
