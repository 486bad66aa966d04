"""Running one contender as whole processes and measuring it: wall clock, processor time, memory.

The measuring process stays small on purpose: on Linux a child's peak memory begins with what its
parent had when it was started.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

KIB = 1024


class FailedError(Exception):
    """A contender ended with an exit code that says it did not do its work."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run."""

    wall_s: float
    processor_s: float
    """User and system time of all its processes together."""
    peak_bytes: int
    """Largest resident set of any of its processes."""


def measure(
    commands: Sequence[Sequence[str]],
    outputs: Sequence[Path],
    environment: Mapping[str, str],
    good: frozenset[int] = frozenset({0}),
) -> Measured:
    """Run commands at the same time until the last one ends.

    Args:
        commands: each with its arguments.
        outputs: where each command's standard output goes.
        environment: of all of them.
        good: exit codes that say the work was done.

    Raises:
        FailedError: because one ended with another exit code.
    """
    began = time.perf_counter()
    running = [
        _start(command, output, environment)
        for command, output in zip(commands, outputs, strict=True)
    ]
    used = [os.wait4(process.pid, 0) for process in running]
    wall = time.perf_counter() - began
    for command, process, (_, status, _usage) in zip(commands, running, used, strict=True):
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in good:
            raise FailedError(f"{command[0]} ended with {process.returncode}: {' '.join(command)}")
    return Measured(
        wall,
        sum(usage.ru_utime + usage.ru_stime for _, _, usage in used),
        max(usage.ru_maxrss for _, _, usage in used) * KIB,
    )


def _start(
    command: Sequence[str], output: Path, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    with output.open("wb") as stdout:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            env=dict(environment),
        )
