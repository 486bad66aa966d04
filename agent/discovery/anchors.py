"""Rare files of a version: a few looks at them tell whether a folder is the program; pure."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterator, Mapping

from agent.manifest.names import fold
from agent.model import KnownManifest, ManifestFile

ANCHORS = 48
"""Files of one version that are looked at first."""
GLANCES = 16
"""Of those, how many a glance at a folder asks for."""
MAX_ANCHOR_BYTES = 4 << 20
"""A larger file takes too long to hash for a first look."""
COMMON_NAMES = frozenset(
    map(
        fold,
        (
            "readme.txt", "readme.md", "license.txt", "licence.txt", "license", "copying",
            "notice.txt", "version.txt", "changelog.txt", "setup.exe", "uninstall.exe",
            "unins000.exe", "update.exe", "index.html", "index.htm", "index.rst", "style.css",
            "main.js", "desktop.ini", "thumbs.db", "app.ico", "icon.ico", "logo.png", "logo.bmp",
            "msvcp140.dll", "vcruntime140.dll", "concrt140.dll", "ucrtbase.dll", "zlib1.dll",
            "sqlite3.dll", "libcrypto-3-x64.dll", "libssl-3-x64.dll", "__init__.py",
        ),
    )
)  # fmt: skip
"""Names that stand in many programs, folded."""


Files = Mapping[str, ManifestFile]
"""Listed files by key."""


def own_files(known: KnownManifest, others: Collection[KnownManifest], few: int) -> Files:
    """The files of a version that no other product has at the same path with the same content.

    Products of one vendor share libraries: those say nothing about which of them stands there.

    Args:
        known: the version.
        others: all versions of the other products.
        few: with fewer files of its own than this, a version is not told apart and keeps all.
    """
    required = known.required
    shared = {
        key
        for other in others
        for key in required.keys() & other.files.keys()
        if other.files[key].sha256 == required[key].sha256
    }
    own = {key: file for key, file in required.items() if key not in shared}
    return own if len(own) >= few else required


def anchors(files: Files) -> tuple[ManifestFile, ...]:
    """The same files at every call: names that occur once, spread over folders, small ones first.

    A version without enough of those gives what it has.
    """
    names = Counter(key.rpartition("/")[2] for key in files)
    folders: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for key, file in files.items():
        folder, _, name = key.rpartition("/")
        if 0 < file.size <= MAX_ANCHOR_BYTES and names[name] == 1 and name not in COMMON_NAMES:
            folders[folder].append((file.size, key))
    chosen = []
    for key in _in_turn(folders):
        chosen.append(files[key])
        if len(chosen) == ANCHORS:
            break
    return tuple(chosen)


def _in_turn(folders: dict[str, list[tuple[int, str]]]) -> Iterator[str]:
    """One of each folder, then the next of each; folders near the root first."""
    order = sorted(folders, key=lambda folder: (folder.count("/"), folder))
    queues = deque(deque(sorted(folders[folder])) for folder in order)
    while queues:
        queue = queues.popleft()
        yield queue.popleft()[1]
        if queue:
            queues.append(queue)
