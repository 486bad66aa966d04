from __future__ import annotations

import errno

import pytest

from agent.outcomes import ExitCode
from agent.repair import troubles


class _WindowsError(OSError):
    def __init__(self, number: int) -> None:
        super().__init__(errno.EACCES, "text")
        self.winerror = number


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.ENOSPC, ""), "disk-full"),
        (OSError(errno.EDQUOT, ""), "disk-full"),
        (_WindowsError(112), "disk-full"),
        (OSError(errno.EIO, ""), "disk-problem"),
        (_WindowsError(23), "disk-problem"),
        (_WindowsError(32), "locked"),
        (OSError(errno.ETXTBSY, ""), "locked"),
        (_WindowsError(5), "no-rights"),
        (OSError(errno.EROFS, ""), "no-rights"),
        (OSError(errno.ENAMETOOLONG, ""), "name-too-long"),
        (OSError(errno.EFBIG, ""), "file-too-large"),
        (OSError(errno.EXDEV, ""), "write-failed"),
    ],
)
def test_the_number_decides(error: OSError, reason: str):
    assert troubles.reason_of(error) == reason


@pytest.mark.parametrize(
    ("number", "problem", "code"),
    [
        (errno.ENOSPC, "disk-full", ExitCode.DISK_FULL),
        (errno.EIO, "disk-problem", ExitCode.DISK_ERROR),
        (errno.EACCES, "no-rights", ExitCode.NO_RIGHTS),
        (errno.EXDEV, "cannot-write", ExitCode.NO_RIGHTS),
    ],
)
def test_an_error_that_ends_a_run_names_place_and_code(number, problem, code):
    error = troubles.as_error(OSError(number, "text"), "the root")
    assert (error.problem, error.exit_code, error.facts["place"]) == (problem, code, "the root")
