"""File systems of Windows and of sticks in an image file, mounted by a program of our own (FUSE).

The programs stay in the foreground where they can, so that unmounting is waited for and what is
seen after mounting again really stood on the disk. Everything is unmounted and ended at the end.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from tests.faults.accounts import need

MIB = 1 << 20
IMAGE_BYTES = 64 * MIB
MOUNT_SECONDS = 20.0
"""How long a mount, an unmount or a program's end may take."""
LOOK_SECONDS = 0.01
QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}


class Format(Enum):
    """A file system: how it is made, how it is mounted, what it can't."""

    NTFS = ("ntfs", ("mkfs.ntfs", "-F", "-Q", "-q"), ("ntfs-3g", "-o", "no_detach"))
    NTFS_ANY_CASE = (
        "ntfs",
        ("mkfs.ntfs", "-F", "-Q", "-q"),
        ("lowntfs-3g", "-o", "no_detach,ignore_case"),
    )
    """One name for all cases, as Windows looks names up."""
    EXFAT = ("exfat", ("mkfs.exfat",), ("mount.exfat-fuse",))
    FAT32 = ("exfat", ("mkfs.vfat", "-F", "32"), ("fusefat", "-f", "-o", "rw+,use_ino"))

    def __init__(self, lane: str, make: tuple[str, ...], mount: tuple[str, ...]) -> None:
        self.lane, self.make, self.mount = lane, make, mount

    @property
    def on_a_device(self) -> bool:
        """It wants a block device, and its program goes into the background."""
        return self is Format.EXFAT

    @property
    def tick_ns(self) -> int:
        """How coarse its modification times are."""
        return 100 if self.lane == "ntfs" else 2_000_000_000

    @property
    def letter(self) -> str:
        """One that file names may have here: fusefat takes plain ones only."""
        return "e" if self is Format.FAT32 else "ë"


@dataclass
class Volume:
    """One file system in an image."""

    kind: Format
    image: Path
    place: Path
    """Where it is mounted."""
    program: subprocess.Popen[bytes] | None = None
    device: str | None = None
    options: tuple[str, ...] = field(default=())

    def create(self, size: int = IMAGE_BYTES) -> Volume:
        """An empty file system in a sparse file."""
        self.place.mkdir(parents=True)
        self.image.touch()
        os.truncate(self.image, size)
        run(*self.kind.make, str(self.image))
        return self

    def mount(self) -> Volume:
        """Mount it and wait until it is there."""
        what = str(self.image)
        if self.kind.on_a_device:
            what = self.device = run("losetup", "--show", "-f", what).strip()
        command = [*self.kind.mount, *self.options, what, str(self.place)]
        self.program = subprocess.Popen(command, **QUIET)  # type: ignore[call-overload]
        until = time.monotonic() + MOUNT_SECONDS
        while not self.place.is_mount():
            ended = self.program.poll()
            if ended or time.monotonic() > until:
                need(f"may not mount {self.kind.name}: {self.said()}", self.kind.lane)
            time.sleep(LOOK_SECONDS)
        return self

    def unmount(self) -> None:
        """Unmount it and wait until everything is in the image; harmless when it is not mounted."""
        if os.path.ismount(self.place) or self.is_dead:  # noqa: PTH114 - also when its program died
            with contextlib.suppress(subprocess.CalledProcessError):
                run("umount", str(self.place))
        if os.path.ismount(self.place):  # noqa: PTH114 - see above
            run("umount", "-l", str(self.place))
        self.end()
        if self.device is not None:
            run("losetup", "-d", self.device)
            self.device = None

    def again(self) -> Volume:
        """Take it out and put it in: from here on only what stands on the disk is seen."""
        self.unmount()
        return self.mount()

    def pull(self) -> None:
        """The stick is pulled out: its program dies, every access fails from now on."""
        assert self.program is not None
        self.program.kill()
        self.program.wait(MOUNT_SECONDS)

    @property
    def is_dead(self) -> bool:
        """Mounted still, without a program behind it."""
        try:
            self.place.stat()
        except OSError:
            return True
        return False

    def end(self) -> None:
        """The program ends by itself after an unmount; else it is killed."""
        if self.program is None:
            return
        try:
            self.program.wait(MOUNT_SECONDS)
        except subprocess.TimeoutExpired:
            self.program.kill()
        self.said()
        self.program = None

    def said(self) -> str:
        """What the program complained about; ends it."""
        assert self.program is not None
        if self.program.poll() is None:
            self.program.kill()
        return self.program.communicate(timeout=MOUNT_SECONDS)[1].decode(errors="replace").strip()


def run(*command: str) -> str:
    """Run one of the small programs; its output."""
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=MOUNT_SECONDS
    )
    return done.stdout


@contextmanager
def volume(kind: Format, base: Path, size: int = IMAGE_BYTES) -> Iterator[Volume]:
    """A mounted, empty file system below a folder; nothing is left mounted."""
    lane = kind.lane
    need("needs root" if os.geteuid() != 0 else None, lane)
    wanted = (kind.make[0], kind.mount[0], "umount", *(("losetup",) if kind.on_a_device else ()))
    absent = [program for program in wanted if shutil.which(program) is None]
    need(f"needs {', '.join(absent)}" if absent else None, lane)
    need(None if Path("/dev/fuse").exists() else "the kernel has no FUSE", lane)
    made = Volume(kind, base / f"{kind.name}.img", base / kind.name.lower()).create(size)
    try:
        yield made.mount()
    finally:
        made.unmount()
