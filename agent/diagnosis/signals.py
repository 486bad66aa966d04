"""Everything a class of what happened is judged from."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

from agent.diagnosis.mixing import Mixture
from agent.model import Comparison, Inventory, OsProblem, ProcessSeen, VersionMatch

DISK_WINERRORS = frozenset({23, 1117})
"""ERROR_CRC and ERROR_IO_DEVICE
(https://learn.microsoft.com/windows/win32/debug/system-error-codes)."""
DISK_ERRNOS = frozenset({errno.EIO, getattr(errno, "EUCLEAN", errno.EIO), errno.EBADMSG})
"""Read error, structure that needs cleaning, checksum that is wrong."""

_NANOSECONDS = 1_000_000_000
_SECONDS_PER_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What bears on the class beside the files themselves; the default is a quiet, unknown place.

    Our own writes never count as an update: who fills this in leaves them out.
    """

    updater_running: str | None = None
    """Name of an updater or installer of the profile that runs."""
    staging_names: tuple[str, ...] = ()
    """Paths here that exist only while an update runs."""
    seconds_since_write: float | None = None
    """Age of the newest program file; None when not known."""
    quiet_minutes: int = 10
    """Minutes without a write after which an installation counts as quiet (profile)."""
    quarantine_record: bool = False
    registered: bool = False
    """Windows, or a person, names this place as the installation."""
    own_record: bool = False
    """We have a record of this root."""

    @property
    def recently_written(self) -> bool:
        """Whether files were written in the last minutes.

        A time as far in the future is as recent (clocks jump); one further ahead says nothing.
        """
        age = self.seconds_since_write
        return age is not None and abs(age) < self.quiet_minutes * _SECONDS_PER_MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """All that the class of what happened depends on."""

    references: int
    """Known manifests of this product."""
    match: VersionMatch | None = None
    comparison: Comparison | None = None
    """Of the version the match names; None when it names none."""
    mixture: Mixture | None = None
    program_files_here: int = 0
    """Program paths of any known version that exist here."""
    disk_errors: int = 0
    """Files and folders that gave a read error of the disk."""
    higher_order: bool = False
    """A stamp or hash here is of higher order than every version that was matched."""
    around: Surroundings = Surroundings()

    @property
    def certain(self) -> bool:
        """Whether the version is certain (and so there is a comparison with it)."""
        return self.match is not None and self.match.certain and self.comparison is not None


def updater_running(processes: Iterable[ProcessSeen], names: Iterable[str]) -> str | None:
    """The first of the named updaters that runs, as it calls itself; case does not matter."""
    wanted = {name.casefold() for name in names}
    running = sorted(process.name for process in processes)
    return next((name for name in running if name.casefold() in wanted), None)


def staging_names(inventory: Inventory, is_staging: Callable[[str], bool]) -> tuple[str, ...]:
    """The files and folders here that exist only while an update runs, sorted."""
    paths = chain((seen.path for seen in inventory.files.values()), inventory.directories.values())
    return tuple(sorted(path for path in paths if is_staging(path)))


def seconds_since_write(inventory: Inventory, now_ns: int) -> float | None:
    """Age of the newest program file, None when there is none.

    Args:
        inventory: what a look found.
        now_ns: nanoseconds since 1970, UTC.
    """
    if not inventory.newest_mtime_ns:
        return None
    return (now_ns - inventory.newest_mtime_ns) / _NANOSECONDS


def is_disk_error(problem: OsProblem) -> bool:
    """Whether the disk itself is in trouble; where Windows gave its own number, that decides."""
    if problem.winerror is not None:
        return problem.winerror in DISK_WINERRORS
    return problem.errno in DISK_ERRNOS


def disk_errors(inventory: Inventory) -> int:
    """How many files and folders gave a read error of the disk."""
    of_files = (seen.error for seen in inventory.files.values() if seen.error is not None)
    problems = chain(of_files, inventory.unreadable_directories.values())
    return sum(is_disk_error(problem) for problem in problems)
