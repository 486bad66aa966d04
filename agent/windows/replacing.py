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

from agent.windows.api import ERROR_ALREADY_EXISTS, NOT_OFFERED, error_of

ACCESS_DENIED = 5

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

    def replace(self, names: Names, *, merging: bool = True) -> None:
        """`ReplaceFileW`, the staged one over the target, which gets the backup name.

        A backup that is there is overwritten. Not `merging`: also where the staged file can't be
        given the access rights of the target, for which `WRITE_DAC` on it is needed.
        """
        ...

    def move(self, source: str, target: str, *, over: bool = False) -> None:
        """Another name on the same volume; only `over` a file that is there when asked to.

        It lasts when this returns, as far as the disk does what it is told.
        """
        ...

    def copy_aside(self, source: str, target: str) -> None:
        """A flushed copy with the same modification time, under a name that was free.

        When it raises, half a copy may be left.
        """
        ...

    def exists(self, path: str) -> bool:
        """Whether anything stands there; raises `OSError` when that can't be told."""
        ...

    def remove(self, path: str) -> None:
        """Remove a copy that we made."""
        ...

    def refusal(self, path: str) -> OSError | None:
        """Why a file can't be moved away now; None when it can."""
        ...


class _LastWordError(Exception):
    """Trying again would do harm, or nothing is left to be tried."""

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
        OSError: because it could not be done. `target` is the old file then and `backup` is free,
            but for what nobody can mend here: each file keeps the name that it got last (the old
            one `backup`, the new one `staged`) where both are held by somebody, where somebody
            took the name of `target` meanwhile, or where the disk does not answer any more. Whoever
            called looks by content, and finds each under one of these three names.
    """
    if calls.exists(names.backup):
        raise error_of(ERROR_ALREADY_EXISTS, names.backup)
    try:
        if calls.can_replace(names.target):
            _by_replacing(names, calls, retry)
        else:
            _by_copy(names, calls, retry)
    except _LastWordError as last:
        raise last.error from last


def _by_replacing(names: Names, calls: ReplaceCalls, retry: Retry) -> None:
    try:
        retry(lambda: _replace(names, calls, retry))
    except OSError as error:
        if getattr(error, "winerror", None) not in NOT_OFFERED:
            raise
        _by_copy(names, calls, retry)


def _replace(names: Names, calls: ReplaceCalls, retry: Retry) -> None:
    """One attempt; what it raises as `OSError` has left everything under its own name."""
    try:
        _call(names, calls)
    except OSError as error:
        if _settled(names, calls, retry, error):
            return
        number = getattr(error, "winerror", None)
        if number not in PARTIAL:
            raise
        # These numbers don't say why; the file that could not be moved does.
        stuck = names.target if number == UNABLE_TO_REMOVE_REPLACED else names.staged
        raise (calls.refusal(stuck) or error) from error


def _call(names: Names, calls: ReplaceCalls) -> None:
    """Without the right to change the list of the new file, its own access rights are left to it.

    Who may modify a file need not own it: `WRITE_DAC` is the owner's, and a share that gives no
    more than Change gives it to nobody.
    """
    try:
        calls.replace(names)
    except OSError as error:
        if getattr(error, "winerror", None) != ACCESS_DENIED or _stands(names.backup, calls, error):
            raise
        calls.replace(names, merging=False)


def _settled(names: Names, calls: ReplaceCalls, retry: Retry, error: OSError) -> bool:
    """After a failure: the old file under its name again; true if the new one had to take it.

    Raises:
        _LastWordError: because the original stands under the backup name still: another attempt
            would overwrite it.
    """
    if not _stands(names.backup, calls, error):
        return False  # nothing was moved
    if _stands(names.target, calls, error):
        raise _LastWordError(error) from error
    try:
        retry(lambda: calls.move(names.backup, names.target))
    except OSError:
        # Somebody has the original open where it is now. The new file is complete, and under its
        # name is better than none: the same as if the replacement had gone well.
        try:
            retry(lambda: calls.move(names.staged, names.target))
        except OSError as refused:
            raise _LastWordError(refused) from refused
        return True
    return False


def _stands(path: str, calls: ReplaceCalls, error: OSError) -> bool:
    """Whether something is there; what can't be told is a reason to leave all as it is.

    Raises:
        _LastWordError: with the first error.
    """
    try:
        return calls.exists(path)
    except OSError as silent:
        raise _LastWordError(error) from silent


def _by_copy(names: Names, calls: ReplaceCalls, retry: Retry) -> None:
    """Where a file can't be replaced in one step with a backup (FAT, exFAT): copied, then over it.

    https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-movefileexw
    """
    retry(lambda: _copy_aside(names, calls, retry))
    try:
        retry(lambda: calls.move(names.staged, names.target, over=True))
    except OSError as error:
        if not _stands(names.target, calls, error):
            if _settled(names, calls, retry, error):
                return
        elif _stands(names.staged, calls, error):  # else the move was made after all
            with suppress(OSError):
                retry(lambda: calls.remove(names.backup))
        raise


def _copy_aside(names: Names, calls: ReplaceCalls, retry: Retry) -> None:
    """One attempt; what it raises as `OSError` has left no copy.

    Raises:
        _LastWordError: because half a copy could not be removed.
    """
    try:
        calls.copy_aside(names.target, names.backup)
    except OSError as error:
        if not isinstance(error, FileExistsError) and _stands(names.backup, calls, error):
            try:
                retry(lambda: calls.remove(names.backup))
            except OSError as refused:
                raise _LastWordError(error) from refused
        raise
