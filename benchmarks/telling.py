"""What the outputs of the contenders say about the work they did."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.trees import Tree
from benchmarks.work import Fingerprint, Work

_DIGEST = re.compile(r"([0-9a-fA-F]{64})[ *]+(.+)")
_HASHDEEP = re.compile(r"(\d+),([0-9a-f]{64}),(.+)")


def digests(outputs: Iterable[Path], root: Path) -> Work:
    """Lines of digest and path: openssl, sha256sum, rhash, rclone."""
    found = Fingerprint()
    for match in _lines(outputs, _DIGEST):
        found.add(match[1], relative(match[2], root))
    return Work(files=found.files, fingerprint=found.text)


def hashdeep(outputs: Iterable[Path], root: Path) -> Work:
    """Lines of size, digest and path."""
    found = Fingerprint()
    for match in _lines(outputs, _HASHDEEP):
        found.add(match[2], relative(match[3], root), int(match[1]))
    return Work(found.files, found.bytes, found.text)


def relative(path: str, root: Path) -> str:
    """A path as the list has it."""
    return path.removeprefix(f"{root}/").removeprefix("./")


def sizes(outputs: Iterable[Path]) -> Work:
    """One size a line: find."""
    files = total = 0
    for match in _lines(outputs, re.compile(r"(\d+)")):
        files += 1
        total += int(match[1])
    return Work(files, total)


def rsync_stats(outputs: Iterable[Path]) -> Work:
    """``rsync --stats``; a difference counts as a file too many."""
    text = _text(outputs)
    files = _number(r"Number of files: .*reg: ([\d,]+)", text)
    sent = _number(r"Number of regular files transferred: ([\d,]+)", text)
    return Work(files + sent, _number(r"Total file size: ([\d,]+)", text))


def rclone_check(outputs: Iterable[Path]) -> Work:
    """``rclone check --combined``: the files that it calls the same."""
    return Work(files=sum(1 for _ in _lines(outputs, re.compile(r"= (.+)"))))


def counted(outputs: Iterable[Path]) -> Work:
    """A driver of ours that says what it did as JSON."""
    told = json.loads(_text(outputs))
    return Work(told.get("files"), told.get("bytes"), told.get("fingerprint"))


def check_report(outputs: Iterable[Path], tree: Tree, *, full: bool) -> Work:
    """Our own report: in a full look every file has the digest that the list names."""
    installation = _report(outputs)["installations"][0]
    before = installation["before"]
    whole = before["ok"] == before["listed"] == tree.marker.files
    same = tree.marker.fingerprint if full and whole else None
    return Work(before["ok"], fingerprint=same if full else None)


def _report(outputs: Iterable[Path]) -> Any:
    return json.loads(_text(outputs))


def _text(outputs: Iterable[Path]) -> str:
    return "".join(path.read_text(encoding="utf-8", errors="replace") for path in outputs)


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return int(found[1].replace(",", "")) if found else -1


def _lines(outputs: Iterable[Path], pattern: re.Pattern[str]) -> Iterable[re.Match[str]]:
    for output in outputs:
        with output.open(encoding="utf-8", errors="surrogateescape") as stream:
            for line in stream:
                match = pattern.fullmatch(line.rstrip("\n"))
                if match is not None:
                    yield match
