"""What can become of a program folder: pure, from a version's tree to what stands there."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping

from tests.pc.products import Tree, tree

_SHARE_GONE = re.compile(r"(\d{1,2})% gone")
_HALF = re.compile(r"half updated to (\S+)")


def _emptied(product: str, files: Tree) -> Tree:
    return {}


def _cleaned_up(product: str, files: Tree) -> Tree:
    """Gone is what only the old version has, as on 2 January 2023."""
    new = tree(product, "2023.1")
    return {path: data for path, data in files.items() if new.get(path) == data}


def _other_bytes(product: str, files: Tree) -> Tree:
    """A stranger with the same names and sizes."""
    return {path: data[::-1] for path, data in files.items()}


STATES: Mapping[str, Callable[[str, Tree], Tree]] = {
    "whole": lambda product, files: files,
    "emptied": _emptied,
    "cleaned up": _cleaned_up,
    "other bytes": _other_bytes,
}
"""Besides these: ``gone`` (no folder), ``N% gone`` and ``half updated to VERSION``."""


def damaged(product: str, version: str, state: str) -> Tree:
    """The program files that stand there.

    Raises:
        ValueError: because there is no such state.
    """
    files = tree(product, version)
    if (share := _SHARE_GONE.fullmatch(state)) is not None:
        return _thinned(files, int(share[1]))
    if (half := _HALF.fullmatch(state)) is not None:
        return _half_updated(files, tree(product, half[1]))
    if state not in STATES:
        raise ValueError(f"no such state of a program folder: {state}")
    return STATES[state](product, files)


def _thinned(files: Tree, percent: int) -> Tree:
    """A share of the files is gone, spread evenly, always the same ones."""
    kept = sorted(files, key=_rank)[: round(len(files) * (100 - percent) / 100)]
    return {path: files[path] for path in kept}


def _half_updated(old: Tree, new: Tree) -> Tree:
    """Every other file is already the new version's."""
    both = {path: old.get(path) for path in {**old, **new}}
    chosen = {path: new.get(path) if _rank(path) % 2 else data for path, data in both.items()}
    return {path: data for path, data in chosen.items() if data is not None}


def _rank(path: str) -> int:
    return zlib.crc32(path[::-1].encode())
