"""The exit codes: the one table, in every style; tests hold it against the contract."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class ExitCode(IntEnum):
    """What a run ends with (FORMATS section 2); a number is never reused."""

    OK = 0
    INTERNAL_ERROR = 1
    USAGE = 2
    REPAIRABLE = 10
    PARTLY_REPAIRABLE = 11
    NOT_REPAIRABLE = 12
    LEFT_ALONE = 13
    PARTLY_REPAIRED = 20
    RESTART_NEEDED = 21
    SETTINGS_LOST = 22
    UPDATE_RUNNING = 30
    IN_USE = 31
    NEEDS_PERSON = 32
    NOT_FOUND = 40
    SEVERAL = 41
    VERSION_UNKNOWN = 42
    NO_REFERENCE = 43
    SEARCH_BUDGET = 44
    NO_RIGHTS = 50
    DISK_FULL = 51
    DISK_ERROR = 52
    NO_SOURCE = 60
    SOURCES_REFUSED = 61
    IMPACT = 70
    CENSUS_INCOMPLETE = 71
    STOPPED = 130

    @property
    def slug(self) -> str:
        """The name in documents, e.g. ``needs-person``."""
        return self.name.lower().replace("_", "-")


class ExitStyle(StrEnum):
    """Whose numbers the process ends with."""

    NATIVE = "native"
    NAGIOS = "nagios"
    INTUNE = "intune"
    MSI = "msi"
    RMM = "rmm"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the number in each style."""

    nagios: int
    intune: int
    msi: int
    rmm: int


TABLE: dict[ExitCode, Row] = {
    ExitCode.OK: Row(0, 0, 0, 0),
    ExitCode.INTERNAL_ERROR: Row(3, 2, 1603, 1002),
    ExitCode.USAGE: Row(3, 2, 1639, 1002),
    ExitCode.REPAIRABLE: Row(2, 1, 0, 1001),
    ExitCode.PARTLY_REPAIRABLE: Row(2, 2, 0, 1001),
    ExitCode.NOT_REPAIRABLE: Row(2, 2, 0, 1001),
    ExitCode.LEFT_ALONE: Row(1, 0, 0, 0),
    ExitCode.PARTLY_REPAIRED: Row(2, 2, 1603, 1001),
    ExitCode.RESTART_NEEDED: Row(1, 0, 3010, 1001),
    ExitCode.SETTINGS_LOST: Row(1, 2, 0, 1001),
    ExitCode.UPDATE_RUNNING: Row(1, 0, 1618, 1002),
    ExitCode.IN_USE: Row(1, 2, 1618, 1001),
    ExitCode.NEEDS_PERSON: Row(1, 2, 1602, 1001),
    ExitCode.NOT_FOUND: Row(3, 2, 1603, 1002),
    ExitCode.SEVERAL: Row(3, 2, 1603, 1002),
    ExitCode.VERSION_UNKNOWN: Row(3, 2, 1603, 1002),
    ExitCode.NO_REFERENCE: Row(2, 2, 1603, 1002),
    ExitCode.SEARCH_BUDGET: Row(3, 2, 1603, 1002),
    ExitCode.NO_RIGHTS: Row(1, 2, 1603, 1001),
    ExitCode.DISK_FULL: Row(2, 2, 1603, 1001),
    ExitCode.DISK_ERROR: Row(2, 2, 1603, 1001),
    ExitCode.NO_SOURCE: Row(2, 2, 1603, 1001),
    ExitCode.SOURCES_REFUSED: Row(2, 2, 1603, 1001),
    ExitCode.IMPACT: Row(2, 2, 1603, 1001),
    ExitCode.CENSUS_INCOMPLETE: Row(3, 2, 1603, 1002),
    ExitCode.STOPPED: Row(3, 2, 1602, 1002),
}

_SEVERITY = (
    130, 1, 2, 43, 52, 51, 50, 42, 41, 44, 40, 30, 31, 32, 61, 60, 12, 20, 11, 10, 22, 21, 70, 71,
    13, 0,
)  # fmt: skip
SEVERITY: tuple[ExitCode, ...] = tuple(ExitCode(number) for number in _SEVERITY)
"""When several codes apply, the first of these wins."""

REPAIR_FAILED_AS_MSI = 1603
"""10 to 12 as msi when they come from a `repair` that wrote nothing."""


def most_serious(codes: Iterable[ExitCode]) -> ExitCode:
    """The code that wins when several apply; `ok` when none does."""
    present = set(codes)
    return next((code for code in SEVERITY if code in present), ExitCode.OK)


def in_style(code: ExitCode, style: ExitStyle, *, from_repair: bool = False) -> int:
    """The number a process ends with.

    Args:
        code: our own code.
        style: whose numbers are wanted.
        from_repair: a real `repair` ended with it; as msi "repairable" is then a failure.
    """
    if style is ExitStyle.NATIVE:
        return int(code)
    looked_only = ExitCode.REPAIRABLE <= code <= ExitCode.NOT_REPAIRABLE
    if style is ExitStyle.MSI and from_repair and looked_only:
        return REPAIR_FAILED_AS_MSI
    row = TABLE[code]
    return int(getattr(row, style.value))
