"""A disk that can be stopped, filled or cut off before and after every step of a repair."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from agent.repair.file_ops import FileOps, PosixFileOps
from agent.windows.file_ops import WindowsFileOps

T = TypeVar("T")


class PowerLoss(BaseException):
    """The PC is off: from here on nothing is written any more, by nobody."""


class SteppedOps:
    """The real operations with a hook before and after each that writes.

    The hook gets the name of the operation, the moment (``before``, ``after``, or ``inside`` where
    a replacement takes two renames) and the path or descriptor; what it raises is what the caller
    sees. Volumes are not really flushed: a killed
    process loses nothing that the system has, and tests would wait for the disk.
    """

    def __init__(
        self,
        hook: Callable[[str, str, object], None] = lambda name, moment, subject: None,
        inner: FileOps | None = None,
    ) -> None:
        self.hook = hook
        self.inner = inner or unhurried_ops()
        if isinstance(self.inner, TwoRenames):
            self.inner.inside = lambda target: self.hook("replace_keeping", "inside", target)
        self.free: int | None = None
        """Room that is told, None for the real figure."""
        self.volumes: dict[Path, int] = {}
        """Volume numbers that are told instead of the real ones."""

    def make_directory(self, path: Path) -> None:
        self._step("make_directory", path, lambda: self.inner.make_directory(path))

    def create_staging(self, path: Path) -> int:
        return self._step("create_staging", path, lambda: self.inner.create_staging(path))

    def write(self, descriptor: int, data: memoryview) -> None:
        self._step("write", descriptor, lambda: self.inner.write(descriptor, data))

    def finish(self, descriptor: int, path: Path, mtime_ns: int | None) -> None:
        try:
            self.hook("finish", "before", path)
        except BaseException:
            self.inner.discard(descriptor)  # the real one closes it, whatever happens
            raise
        self.inner.finish(descriptor, path, mtime_ns)
        self.hook("finish", "after", path)

    def discard(self, descriptor: int) -> None:
        self.inner.discard(descriptor)

    def match_attributes(self, model: Path, path: Path) -> None:
        self._step("match_attributes", path, lambda: self.inner.match_attributes(model, path))

    def sync_volume(self, path: Path) -> None:
        self._step("sync_volume", path, lambda: None)

    def rename_no_clobber(self, source: Path, target: Path) -> None:
        self._step(
            "rename_no_clobber", target, lambda: self.inner.rename_no_clobber(source, target)
        )

    def replace_keeping(self, staged: Path, target: Path, backup: Path) -> None:
        self._step(
            "replace_keeping", target, lambda: self.inner.replace_keeping(staged, target, backup)
        )

    def remove_file(self, path: Path) -> None:
        self._step("remove_file", path, lambda: self.inner.remove_file(path))

    def remove_directory(self, path: Path) -> None:
        self._step("remove_directory", path, lambda: self.inner.remove_directory(path))

    def append(self, path: Path, data: bytes, at: int) -> None:
        self._step("append", path, lambda: self.inner.append(path, data, at))

    def hide(self, path: Path) -> None:
        self.inner.hide(path)

    def free_bytes(self, path: Path) -> int:
        return self.inner.free_bytes(path) if self.free is None else self.free

    def volume_id(self, path: Path) -> int:
        return self.volumes.get(path, self.inner.volume_id(path))

    def _step(self, name: str, subject: object, act: Callable[[], T]) -> T:
        self.hook(name, "before", subject)
        result = act()
        self.hook(name, "after", subject)
        return result


class TwoRenames:
    """Replaces as `ReplaceFileW` does: for a moment nothing stands under the name.

    What `inside` raises leaves the original under the backup name, the new file under its own, and
    nothing in the place: a power cut there, or 1177 and neither file can have the name.
    https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-replacefilew
    """

    def __init__(self, inside: Callable[[Path], None] = lambda target: None) -> None:
        self.inside = inside
        self._others = unhurried_ops()

    def __getattr__(self, name: str) -> object:
        """Every other operation is the real one."""
        return getattr(self._others, name)

    def replace_keeping(self, staged: Path, target: Path, backup: Path) -> None:
        staged.lstat()
        if os.path.lexists(backup):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(backup))
        target.rename(backup)
        self.inside(target)
        staged.rename(target)


def unhurried_ops() -> FileOps:
    """The operations of this system, without pauses between attempts."""
    if os.name == "nt":
        return WindowsFileOps(sleep=lambda seconds: None)
    return PosixFileOps()


def no_links(source: Path, target: Path) -> None:
    """What FAT and exFAT answer."""
    raise OSError(errno.EPERM, "Operation not permitted")


def no_move(source: Path, target: Path) -> bool:
    """What a kernel or a file system without `RENAME_NOREPLACE` comes down to."""
    return False


class Plug:
    """A hook that counts steps and pulls the plug at one of them.

    Counted are all of them, or with `inside` only the moments between two renames.
    """

    def __init__(self, at: int | None = None, *, inside: bool = False) -> None:
        self.at = at
        self.inside = inside
        self.count = 0
        self.out = False

    def __call__(self, name: str, moment: str, subject: object) -> None:
        if self.out:
            raise PowerLoss
        self.count += not self.inside or moment == "inside"
        if self.count == self.at:
            self.out = True
            raise PowerLoss


class Refuse:
    """A hook that lets the system refuse one kind of step, from its n-th time on."""

    def __init__(
        self, name: str, error: OSError, *, skip: int = 0, times: int | None = None
    ) -> None:
        self.name = name
        self.error = error
        self.skip = skip
        self.times = times
        """How often it is refused; None for ever."""

    def __call__(self, name: str, moment: str, subject: object) -> None:
        if name != self.name or moment != "before":
            return
        if self.skip > 0:
            self.skip -= 1
            return
        if self.times is None or self.times > 0:
            self.times = None if self.times is None else self.times - 1
            raise self.error


class RefuseAt:
    """A hook that lets the system refuse a step at a moment, for the files that are named."""

    def __init__(self, name: str, moment: str, files: dict[str, int], number: int = 32) -> None:
        self.name = name
        self.moment = moment
        self.files = files
        """Last part of the target's name, and how often it is refused."""
        self.number = number
        """Windows' number of the refusal."""

    def __call__(self, name: str, moment: str, subject: object) -> None:
        file = Path(str(subject)).name
        if (name, moment) == (self.name, self.moment) and self.files.get(file, 0):
            self.files[file] -= 1
            raise windows_error(self.number)


def windows_error(number: int) -> OSError:
    """A refusal as Windows numbers it."""
    error = PermissionError(errno.EACCES, f"Windows error {number}")
    error.winerror = number
    return error


class When:
    """A hook that does something once, right before or after the first step of a kind."""

    def __init__(self, name: str, act: Callable[[], None], moment: str = "before") -> None:
        self.name = name
        self.act: Callable[[], None] | None = act
        self.moment = moment

    def __call__(self, name: str, moment: str, subject: object) -> None:
        if self.act is not None and (name, moment) == (self.name, self.moment):
            act, self.act = self.act, None
            act()
