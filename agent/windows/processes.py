"""Running programs, through psutil (works on Linux too, so it is tested for real there)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agent.model import ProcessSeen


class SystemProcessTable:
    """The process table of this PC."""

    def running(self) -> Sequence[ProcessSeen]:
        """Every process that can be seen; one that ends or refuses meanwhile is left out."""
        import psutil  # noqa: PLC0415 - 30 ms that only a look needs

        seen = []
        for process in psutil.process_iter():
            try:
                name = process.name()
            except (psutil.Error, OSError):
                continue
            seen.append(ProcessSeen(name, _executable(process, psutil.Error), process.pid))
        return seen


def _executable(process: object, refused: type[Exception]) -> str | None:
    # Raises OSError 87 under Wine and AccessDenied for other users' programs.
    try:
        return str(process.exe()) or None  # type: ignore[attr-defined]
    except (refused, OSError):
        return None


class NoQuarantineRecords:
    """Antivirus records can't be read on this system yet."""

    def mentions(self, root: Path) -> bool:
        """Whether a scanner's quarantine record names something below `root`."""
        del root
        return False
