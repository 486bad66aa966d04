"""Folders of 260 characters and more, as a Windows sees them that was never told to allow them.

Wine takes paths of any length. So what Windows refuses where ``LongPathsEnabled`` is 0, which is
its default, is refused here by the calls themselves.
https://learn.microsoft.com/windows/win32/fileio/maximum-file-path-limitation
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.model import Ending, SourceKind, WayName
from agent.repair.containment import (
    PathRefusedError,
    PinnedRoot,
    Refusal,
    exists_as_folder,
    resolve,
)
from agent.windows import api
from agent.windows.file_ops import WindowsFileOps
from tests.faults.practice import NEW, OLD, Practice
from tests.simulators.sources import MemorySource

LONGEST = 259
NAME_TOO_LONG = 206
DEEP = "/".join(["d" * 45] * 6)
FORWARD = WayName.FORWARD


def limited(call: Callable[..., Any]) -> Callable[..., Any]:
    """The same call, which takes no long path without its prefix."""

    def refusing(path: object = ".", *rest: object, **named: object) -> Any:
        text = os.fspath(path) if isinstance(path, str | os.PathLike) else ""
        if len(text) > LONGEST and not text.startswith("\\\\?\\"):
            raise api.error_of(NAME_TOO_LONG, str(text))
        return call(path, *rest, **named)

    return refusing


@contextmanager
def limit() -> Iterator[None]:
    """Within it no call takes a long path without its prefix."""
    with pytest.MonkeyPatch.context() as patching:
        for name in ("lstat", "stat", "scandir", "mkdir", "rmdir", "unlink", "open"):
            patching.setattr(os, name, limited(getattr(os, name)))
        yield


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Path]:
    """A folder with one deep below it; the limit holds."""
    Path("\\\\?\\" + str(tmp_path / "root" / DEEP)).mkdir(parents=True)
    with limit():
        yield tmp_path / "root"


def test_the_limit_holds(base: Path):
    with pytest.raises(FileNotFoundError):
        os.lstat(base / DEEP)


def test_a_place_in_a_long_folder_is_found_and_can_be_written(base: Path):
    place = resolve(PinnedRoot.pin(base), f"{DEEP}/f.dll")
    assert str(place) == f"\\\\?\\{base / DEEP}\\f.dll"
    assert place.write_bytes(b"whole") == len(b"whole")


def test_a_long_folder_is_one_whatever_its_case(base: Path):
    root = PinnedRoot.pin(base)
    assert exists_as_folder(root, DEEP)
    assert exists_as_folder(root, DEEP.upper())
    assert not exists_as_folder(root, f"{DEEP}/absent")


def test_what_is_missing_in_a_long_folder_is_said_to_be_missing(base: Path):
    with pytest.raises(PathRefusedError) as caught:
        resolve(PinnedRoot.pin(base), f"{DEEP}/absent/f.dll")
    assert caught.value.refusal is Refusal.MISSING_FOLDER


def test_a_root_with_a_long_path_of_its_own_is_held(base: Path):
    root = PinnedRoot.pin(base)
    seen = os.lstat("\\\\?\\" + str(base / DEEP))
    deep = PinnedRoot(str(base / DEEP), seen.st_dev, seen.st_ino)
    deep.check()
    assert resolve(deep, "f.dll") == resolve(root, f"{DEEP}/f.dll")


def test_files_in_long_folders_are_repaired_and_undone(tmp_path: Path):
    files = (f"{DEEP}/old.dll", f"{DEEP}/gone.dll", f"{DEEP}/{'n' * 40}/new.dll")
    practice = Practice(tmp_path, ops=WindowsFileOps(sleep=lambda _s: None))
    practice.install({**OLD, files[0]: b"old"})
    before = practice.tree()
    plan = practice.plan({**NEW, files[0]: b"new", **dict.fromkeys(files[1:], b"whole")}, FORWARD)
    source = MemorySource.of(*NEW.values(), b"new", b"whole", kind=SourceKind.STICK)
    with limit():
        result = practice.repair(plan, source)
    assert result.ending is Ending.COMMITTED
    after = {path: practice.tree()[path][0] for path in files}
    assert after == {files[0]: b"new", files[1]: b"whole", files[2]: b"whole"}
    with limit():
        undone = practice.undo()
    assert undone.ending is Ending.UNDONE
    assert practice.tree() == before
