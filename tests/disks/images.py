"""File systems of Windows and of sticks in an image file, mounted by a program of our own (FUSE).

The programs stay in the foreground, so that unmounting is waited for and what is seen after
mounting again really stood on the disk. What they say goes to a file: a full pipe would hang them,
and everybody with them. Everything is unmounted and ended at the end.
"""

from __future__ import annotations

import contextlib
import math
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tests.faults.accounts import need

MIB = 1 << 20
IMAGE_BYTES = 64 * MIB
MOUNT_SECONDS = 20.0
"""How long a mount, an unmount or a program's end may take."""
LOOK_SECONDS = 0.01
WATCH_SECONDS = 120.0
"""After this its program is killed: one that hangs would block every flush on this machine."""
SAID_CHARACTERS = 500


class Format(Enum):
    """A file system: how it is made, how it is mounted, what it can't."""

    NTFS = ("ntfs", ("mkfs.ntfs", "-F", "-Q", "-q"), ("ntfs-3g", "-o", "no_detach"))
    NTFS_ANY_CASE = (
        "ntfs",
        ("mkfs.ntfs", "-F", "-Q", "-q"),
        ("lowntfs-3g", "-o", "no_detach,ignore_case"),
    )
    """One name for all cases, as Windows looks names up."""
    EXFAT = ("exfat", ("mkfs.exfat",), ("mount.exfat-fuse", "-d"))
    FAT32 = ("exfat", ("mkfs.vfat", "-F", "32"), ("fusefat", "-s", "-f", "-o", "rw+,noforget"))

    def __init__(self, lane: str, make: tuple[str, ...], mount: tuple[str, ...]) -> None:
        self.lane, self.make, self.mount = lane, make, mount

    @property
    def on_a_device(self) -> bool:
        """It wants a block device."""
        return self is Format.EXFAT

    @property
    def tick_ns(self) -> float:
        """How coarse modification times are; fusefat stamps a file anew when it is closed."""
        return {Format.EXFAT: 2e9, Format.FAT32: math.inf}.get(self, 100)

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
    watchdog: threading.Timer | None = None
    device: str | None = None
    options: tuple[str, ...] = ()

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
        with self.log.open("wb") as log:
            self.program = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        self.watchdog = threading.Timer(WATCH_SECONDS, self.program.kill)
        self.watchdog.start()
        until = time.monotonic() + MOUNT_SECONDS
        while not self.place.is_mount():
            if self.program.poll() is not None or time.monotonic() > until:
                need(f"may not mount {self.kind.name}: {self.said()}", self.kind.lane)
            time.sleep(LOOK_SECONDS)
        return self

    def unmount(self) -> None:
        """Unmount it and wait until everything is in the image; harmless when it is not mounted."""
        if self.program is None:
            return
        with contextlib.suppress(subprocess.CalledProcessError):
            run("umount", str(self.place))
        try:
            self.program.wait(MOUNT_SECONDS)
        except subprocess.TimeoutExpired:
            self.program.kill()
            self.program.wait(MOUNT_SECONDS)
            with contextlib.suppress(subprocess.CalledProcessError):
                run("umount", "-l", str(self.place))
        self.forget()

    def again(self) -> Volume:
        """Take it out and put it in: from here on only what stands on the disk is seen."""
        self.unmount()
        return self.mount()

    def pull(self) -> None:
        """The stick is pulled out: its program dies, every access fails from now on."""
        assert self.program is not None
        self.program.kill()
        self.program.wait(MOUNT_SECONDS)

    def forget(self) -> None:
        """Its program has ended."""
        self.program = None
        if self.watchdog is not None:
            self.watchdog.cancel()
        if self.device is not None:
            run("losetup", "-d", self.device)
            self.device = None

    @property
    def log(self) -> Path:
        """What its program says."""
        return self.image.with_suffix(".log")

    def said(self) -> str:
        """The end of it."""
        return self.log.read_text("utf-8", errors="replace")[-SAID_CHARACTERS:].strip()


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
