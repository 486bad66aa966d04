"""Running something in a child process, also as another account."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.errors import WerkplekError

NOBODY = 65534


def need(reason: str | None, lane: str = "faults") -> None:
    """Skip with a reason what this machine can't do; fail where the lane is required."""
    if reason is None:
        return
    if lane in os.environ.get("WERKPLEK_REQUIRE_LANES", "").split(","):
        pytest.fail(f"lane {lane} is required: {reason}")
    pytest.skip(reason)


def need_root() -> None:
    """Only the administrator may change account or mount."""
    need("needs root" if os.geteuid() != 0 else None)


def start(act: Callable[[], object], account: int | None = None) -> tuple[int, int]:
    """Fork a child that does something; gives its process id and where its answer comes."""
    answer, there = os.pipe()
    child = os.fork()
    if child:
        os.close(there)
        return child, answer
    os.close(answer)
    try:
        if account is not None:
            os.setgroups([])
            os.setegid(account)
            os.seteuid(account)
        said = _say(act)
        os.write(there, said.encode())
    finally:
        os._exit(0)


def finish(child: int, answer: int) -> str:
    """Wait for a child; gives its answer."""
    with os.fdopen(answer, "rb") as stream:
        said = stream.read().decode()
    os.waitpid(child, 0)
    return said


def in_child(act: Callable[[], object], account: int | None = None) -> str:
    """Do something in a child process and give its answer, or the problem id of its error."""
    return finish(*start(act, account))


def _say(act: Callable[[], object]) -> str:
    try:
        return str(act())
    except WerkplekError as error:
        facts = {k: v for k, v in error.facts.items() if k in {"program", "pid", "host"}}
        return f"{error.problem} {facts}" if facts else error.problem
    except BaseException as error:  # noqa: BLE001 - told to the parent, whatever it is
        return f"unexpected {error!r}"


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that every account may enter and write; pytest's own are private."""
    folder = Path(tempfile.mkdtemp(prefix="werkplek-"))
    folder.chmod(0o777)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
