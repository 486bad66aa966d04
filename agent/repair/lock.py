"""One repair or undo at a time in one installation, whoever runs it.

The lock file lies in the root itself, so every account shares it; it is left in place, because
removing a lock file while another process waits for it would let two in. Its first byte is what
Windows locks, so the holder's facts stand after it and can be read while it is held.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from filelock import FileLock, Timeout

from agent.errors import StaffError
from agent.manifest.names import LOCK_NAME
from agent.outcomes import ExitCode
from agent.repair import troubles
from agent.repair.containment import PinnedRoot
from agent.repair.file_ops import NO_ATTRIBUTES, FileOps

LOCK_MODE = 0o666
"""Whatever the umask: an account that may repair must be able to open it."""
_NO_MODE = -1
"""What filelock takes for "as any new file"."""
MAX_FACTS = 4096
"""Bytes of holder's facts that are read."""
_FIRST = b"\n"
_OPEN_FLAGS = (
    getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
)


class Holder(msgspec.Struct, frozen=True):
    """Who is busy; no user name."""

    program: str
    pid: int
    host: str
    started: str
    """RFC 3339 UTC."""

    @classmethod
    def here(cls, program: str, now: datetime) -> Holder:
        """This process."""
        return cls(program, os.getpid(), socket.gethostname(), f"{now:%Y-%m-%dT%H:%M:%SZ}")


@dataclass(frozen=True)
class Held:
    """A held lock; ends with the ``with`` block."""

    path: Path
    _lock: FileLock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release(force=True)


def hold(root: PinnedRoot, holder: Holder, ops: FileOps) -> Held:
    """Take the lock of an installation, without waiting.

    Raises:
        StaffError: because another run is busy; says which.
        ItError: because this account may not write here.
    """
    root.check()
    path = Path(root.path, LOCK_NAME)
    try:
        lock = _acquired(path)
    except Timeout as error:
        raise _busy(root, path) from error
    except OSError as error:
        raise troubles.as_error(error, root.path) from error
    with suppress(OSError):  # the facts are a courtesy; the lock is what counts
        _write_facts(path, holder)
        ops.hide(path)
    return Held(path, lock)


def _acquired(path: Path, mode: int = LOCK_MODE) -> FileLock:
    """The lock, taken; without a mode where the file system has none (FAT through FUSE)."""
    lock = FileLock(
        path, timeout=0, mode=mode, thread_local=False,
        fallback_to_soft=False, preserve_lock_file=True,
    )  # fmt: skip
    try:
        lock.acquire()
    except OSError as error:
        if mode == _NO_MODE or isinstance(error, Timeout) or error.errno not in NO_ATTRIBUTES:
            raise
        return _acquired(path, _NO_MODE)
    return lock


def read_holder(path: Path) -> Holder | None:
    """Who wrote the lock file last; None when that can't be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _OPEN_FLAGS)
    except OSError:
        return None
    try:
        os.lseek(descriptor, len(_FIRST), os.SEEK_SET)
        return msgspec.json.decode(os.read(descriptor, MAX_FACTS), type=Holder)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    finally:
        os.close(descriptor)


def _busy(root: PinnedRoot, path: Path) -> StaffError:
    holder = read_holder(path) or Holder("", 0, "", "")
    return StaffError(
        "busy",
        ExitCode.IN_USE,
        place=root.path,
        program=holder.program,
        pid=holder.pid,
        host=holder.host,
        since=holder.started,
    )


def _write_facts(path: Path, holder: Holder) -> None:
    """Written after the locked byte; never into a file that also has another name."""
    facts = msgspec.json.encode(holder)
    descriptor = os.open(path, os.O_RDWR | _OPEN_FLAGS)
    try:
        if os.fstat(descriptor).st_nlink != 1:
            return
        os.lseek(descriptor, len(_FIRST), os.SEEK_SET)
        os.write(descriptor, facts)
        os.ftruncate(descriptor, len(_FIRST) + len(facts))
    finally:
        os.close(descriptor)
