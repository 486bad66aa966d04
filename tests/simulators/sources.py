"""Sources in memory; break one by setting an attribute."""

from __future__ import annotations

import errno
import hashlib
import io
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from agent.errors import NotInSourceError, SourceGoneError
from agent.model import Coverage, SourceKind, Wanted
from agent.progress import Watch

HANG_SECONDS = 30.0
"""Longer than any test waits."""


def sha256_of(data: bytes) -> str:
    """The hash that a source is asked by."""
    return hashlib.sha256(data).hexdigest()


def wanted_for(data: bytes, path: str = "bin/program.exe") -> Wanted:
    """A question for these bytes."""
    return Wanted(sha256_of(data), len(data), path)


@dataclass
class MemorySource:
    """A source whose bytes are in `has`; every other attribute breaks one thing."""

    has: dict[str, bytes] = field(default_factory=dict)
    """SHA-256 to the bytes."""
    source_id: str = "memory:1"
    kind: SourceKind = SourceKind.STICK
    names_hashes: bool = True
    version: str | None = None
    carries: tuple[tuple[str, bytes], ...] = ()
    """What `manifests` gives."""
    reachable: bool = True
    """False: coverage says so and every open raises SourceGoneError."""
    refused: str | None = None
    """Coverage says that it is not used, and why."""
    lies: set[str] = field(default_factory=set)
    """Hashes for which other bytes of the same length are handed out."""
    truncates: set[str] = field(default_factory=set)
    """Hashes for which only the first half is handed out."""
    forgotten: set[str] = field(default_factory=set)
    """Hashes that coverage promises and `open` does not find."""
    unreadable: set[str] = field(default_factory=set)
    """Hashes whose file gives an I/O error while it is read."""
    gone_after_files: int | None = None
    """The whole source is gone after so many opens."""
    gone_after_bytes: int | None = None
    """The whole source is gone after so many bytes were read from all its streams."""
    hangs_in: set[str] = field(default_factory=set)
    """Of ``coverage``, ``open`` and ``read``: those that do not come back before `released`."""
    released: threading.Event = field(default_factory=threading.Event)
    slow_seconds: float = 0.0
    """How long each read takes."""
    sleep: Callable[[float], None] = time.sleep
    on_open: Callable[[str], None] | None = None
    """Called with the hash before each open: changes the world between look and copy."""
    opened: list[str] = field(default_factory=list)
    """Every hash that was asked for, in order."""
    bytes_given: int = 0

    @classmethod
    def of(cls, *contents: bytes, **attributes: object) -> MemorySource:
        """A source that has these bytes."""
        source = cls({sha256_of(data): data for data in contents})
        for name, value in attributes.items():
            if not hasattr(source, name):
                raise AttributeError(name)
            setattr(source, name, value)
        return source

    def manifests(self) -> tuple[tuple[str, bytes], ...]:
        """What it carries, or nothing when it cannot be reached."""
        return self.carries if self.reachable else ()

    def coverage(self, wanted: Sequence[Wanted], watch: Watch) -> Coverage:
        """Promises what it has, lies and forgotten ones included."""
        watch.check()
        self.hang("coverage")
        if not self.reachable or self.refused is not None:
            nothing: frozenset[str] = frozenset()
            return Coverage(
                self.source_id, self.kind, nothing, self.reachable, self.version, self.refused
            )
        has = frozenset(w.sha256 for w in wanted if w.sha256 in self.has)
        return Coverage(self.source_id, self.kind, has, version=self.version)

    def open(self, sha256: str) -> BinaryIO:
        """The bytes, as broken as the attributes say."""
        if self.on_open is not None:
            self.on_open(sha256)
        self.opened.append(sha256)
        self.hang("open")
        files_gone = self.gone_after_files is not None and len(self.opened) > self.gone_after_files
        if files_gone or not self.reachable:
            raise SourceGoneError(self.source_id)
        if sha256 not in self.has or sha256 in self.forgotten:
            raise NotInSourceError(self.source_id, sha256)
        data = self.has[sha256]
        if sha256 in self.lies:
            data = bytes(byte ^ 0xFF for byte in data)
        if sha256 in self.truncates:
            data = data[: len(data) // 2]
        return io.BufferedReader(_Stream(self, data, broken=sha256 in self.unreadable))

    def hang(self, call: str) -> None:
        """Wait, where this call was told to; set `released` at the end of the test."""
        if call in self.hangs_in:
            self.released.wait(HANG_SECONDS)

    def read_of(self, count: int) -> None:
        """A stream of this source is about to give `count` bytes."""
        self.hang("read")
        if self.slow_seconds:
            self.sleep(self.slow_seconds)
        self.bytes_given += count
        if self.gone_after_bytes is not None and self.bytes_given > self.gone_after_bytes:
            raise SourceGoneError(self.source_id)


class _Stream(io.RawIOBase):
    """Bytes that can be slow, break off or vanish."""

    def __init__(self, source: MemorySource, data: bytes, *, broken: bool) -> None:
        super().__init__()
        self._source, self._data, self._broken = source, memoryview(data), broken
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if self._broken:
            raise OSError(errno.EIO, "Input/output error")
        count = min(len(buffer), len(self._data) - self._at)
        self._source.read_of(count)
        buffer[:count] = self._data[self._at : self._at + count]
        self._at += count
        return count


def sources_of(*contents: Iterable[bytes]) -> tuple[MemorySource, ...]:
    """One source per group of contents, named ``memory:1``, ``memory:2``, …"""
    return tuple(
        MemorySource.of(*group, source_id=f"memory:{number}")
        for number, group in enumerate(contents, start=1)
    )
