"""Did everybody do the same work? Counts, bytes and digests, in any order and in little memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

_FINGERPRINT_MODULUS = 1 << 256


class DifferentWorkError(Exception):
    """Somebody did more, less or other work than the rest: its time says nothing."""


@dataclass
class Fingerprint:
    """Files with their digests, added up so that the order does not matter."""

    files: int = 0
    bytes: int = 0
    _sum: int = field(default=0, repr=False)

    def add(self, digest: str, path: str, size: int = 0) -> None:
        """One more file."""
        mixed = hashlib.sha256(f"{digest.lower()} {path}".encode("utf-8", "surrogateescape"))
        self._sum = (self._sum + int.from_bytes(mixed.digest(), "big")) % _FINGERPRINT_MODULUS
        self.files += 1
        self.bytes += size

    @property
    def text(self) -> str:
        """The sum in hexadecimal."""
        return f"{self._sum:064x}"


@dataclass(frozen=True, slots=True)
class Work:
    """What one run of one peer did; None for what its output does not tell."""

    files: int | None = None
    bytes: int | None = None
    fingerprint: str | None = None


def ensure_same(name: str, done: Work, expected: Work) -> None:
    """Compare what a peer did with what had to be done.

    Raises:
        DifferentWorkError: because something that its output tells differs, or it tells nothing.
    """
    told = False
    for what in ("files", "bytes", "fingerprint"):
        mine, theirs = getattr(expected, what), getattr(done, what)
        if theirs is None or mine is None:
            continue
        told = True
        if mine != theirs:
            raise DifferentWorkError(f"{name}: {what} {theirs}, expected {mine}")
    if not told:
        raise DifferentWorkError(f"{name}: its output says nothing about its work")
