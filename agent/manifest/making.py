"""Making a manifest from a look at a folder; pure, the look is done elsewhere.

The look must list every file and read the bytes of the program files only: give `listing_role` to
the inventory. What is left out is named with the reason, so that IT can see what a profile misses.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from agent.errors import ItError, UsageError
from agent.manifest.bulk import ancestors
from agent.manifest.fields import is_name, is_plain, is_time
from agent.manifest.limits import (
    MAX_FILES,
    MAX_ORIGIN_CHARACTERS,
    MAX_STAMP_CHARACTERS,
    NOT_RECORDED,
)
from agent.manifest.names import is_ours, problems_of
from agent.manifest.writing import canonical
from agent.model import FileSeen, Inventory, Manifest, ManifestFile, OsProblem, Role
from agent.outcomes import ExitCode
from agent.profiles import Profile

_DISK_ERRNOS = frozenset({errno.EIO})
_DISK_WINERRORS = frozenset({23, 1117})
"""CRC and I/O device errors: https://learn.microsoft.com/windows/win32/debug/system-error-codes"""
_NANOSECONDS = 1_000_000_000

LEFT_IGNORED = "left-out-ignored"
LEFT_UNKNOWN = "left-out-unknown"
LEFT_NAME = "left-out-name"
LEFT_LINK = "left-out-link"


@dataclass(frozen=True, slots=True)
class Made:
    """A manifest, and what stood in the folder and is not in it."""

    manifest: Manifest
    left_out: tuple[tuple[str, str], ...]
    """Path as on disk, and reason id; sorted by path."""


def listing_role(profile: Profile) -> Callable[[str], Role]:
    """Roles for the look that a manifest is made from: everything listed, only program read.

    Unknown and ignored files are called settings here, so that they are seen but never opened.
    """

    def role_of(path: str) -> Role:
        return Role.PROGRAM if profile.role_of(path) is Role.PROGRAM else Role.SETTINGS

    return role_of


def build(
    inventory: Inventory,
    profile: Profile,
    *,
    version: str,
    origin: str,
    created: datetime | str,
    sequence: int | msgspec.UnsetType = msgspec.UNSET,
    stamp: str | msgspec.UnsetType = msgspec.UNSET,
) -> Made:
    """The manifest of what an inventory saw.

    Args:
        inventory: a full look, taken with `listing_role`.
        profile: of the product; its name becomes the manifest's product.
        version: name of the version.
        origin: where it was made, for people.
        created: aware moment, or as text that is already right.
        sequence: order of versions, where it is known.
        stamp: version stamp of the main program, where it is known.

    Raises:
        UsageError: because version, origin, created or stamp can't stand in a manifest, or no
            program file was seen.
        ItError: because something could not be read: the list would be short of it.
    """
    moment = created if isinstance(created, str) else _moment(created)
    _check_head(profile.name, version, origin, moment, stamp)
    _refuse_unreadable(inventory)
    files: list[ManifestFile] = []
    left_out = [(path, LEFT_LINK) for path in inventory.links]
    for seen in inventory.files.values():
        reason = _reason_to_leave(seen, profile)
        if reason is None:
            files.append(_listed(seen, profile.role_of(seen.path)))
        else:
            left_out.append((seen.path, reason))
    if len(files) > MAX_FILES:
        raise UsageError("make-too-many-files", root=str(inventory.root), count=len(files))
    if not any(file.role is Role.PROGRAM for file in files):
        raise UsageError("make-nothing-to-list", root=str(inventory.root), product=profile.name)
    manifest = Manifest(
        created=moment,
        origin=origin,
        product=profile.name,
        version=version,
        directories=tuple(_directories(inventory, profile, files)),
        files=tuple(files),
        sequence=sequence,
        stamp=stamp,
    )
    return Made(canonical(manifest), tuple(sorted(left_out)))


def _check_head(product: str, version: str, origin: str, created: str, stamp: object) -> None:
    checks = (
        ("product", product, is_name(product)),
        ("version", version, is_name(version)),
        ("created", created, is_time(created)),
        ("origin", origin, is_plain(origin, MAX_ORIGIN_CHARACTERS)),
        ("stamp", stamp, not isinstance(stamp, str) or is_plain(stamp, MAX_STAMP_CHARACTERS)),
    )
    for key, value, good in checks:
        if not good:
            raise UsageError("make-value-not-allowed", key=key, value=value)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _refuse_unreadable(inventory: Inventory) -> None:
    for path, problem in _unreadable(inventory):
        on_disk = problem.errno in _DISK_ERRNOS or problem.winerror in _DISK_WINERRORS
        code = ExitCode.DISK_ERROR if on_disk else ExitCode.NO_RIGHTS
        raise ItError("make-unreadable", code, path=path, error=problem.text)


def _unreadable(inventory: Inventory) -> Iterator[tuple[str, OsProblem]]:
    yield from sorted(inventory.unreadable_directories.items(), key=lambda item: item[0])
    for seen in inventory.files.values():
        if seen.error is not None:
            yield seen.path, seen.error


def _reason_to_leave(seen: FileSeen, profile: Profile) -> str | None:
    explicit = profile.explicit_role(seen.path)
    if explicit is Role.IGNORED:
        return LEFT_IGNORED
    if (explicit or profile.unknown) is Role.IGNORED:
        return LEFT_UNKNOWN
    return LEFT_NAME if problems_of(seen.path) else None


def _listed(seen: FileSeen, role: Role) -> ManifestFile:
    """Settings are listed by name alone: their size and bytes differ from PC to PC."""
    if role is Role.SETTINGS:
        return ManifestFile(path=seen.path, role=role, sha256=NOT_RECORDED, size=0)
    if seen.sha256 is None:
        raise UsageError("make-needs-full-look", path=seen.path)
    return ManifestFile(
        path=seen.path,
        role=role,
        sha256=seen.sha256,
        size=seen.size,
        mtime=_mtime(seen.mtime_ns),
    )


def _mtime(nanoseconds: int) -> str | msgspec.UnsetType:
    try:
        return _moment(datetime.fromtimestamp(nanoseconds // _NANOSECONDS, UTC))
    except (ValueError, OverflowError, OSError):
        return msgspec.UNSET


def _directories(
    inventory: Inventory, profile: Profile, files: Iterable[ManifestFile]
) -> Iterator[str]:
    """Folders that hold a listed file, and empty ones.

    A folder that holds only files which are left out is no part of the program, and its name may
    say something about a patient. Where the look did not list ignored files nobody can tell it
    from an empty one.
    """
    holding = ancestors([file.path for file in files])
    taken = ancestors([seen.path for seen in inventory.files.values()])
    taken |= ancestors(list(inventory.links)) | ancestors(list(inventory.directories.values()))
    empties_known = inventory.ignored == 0 or profile.unknown is Role.PROGRAM
    for path in inventory.directories.values():
        if problems_of(path) or is_ours(path):
            continue
        empty = path not in taken and profile.explicit_role(f"{path}/x") is not Role.IGNORED
        if path in holding or (empty and empties_known):
            yield path


def ensure_unchanged(first: Inventory, second: Inventory) -> None:
    """Refuse a folder that was changed between two looks at it.

    Args:
        first: the look that a manifest is made from.
        second: a later one; a quick look is enough.

    Raises:
        ItError: because it changed; wait for the update to end, then look again.
    """
    changed = sorted(_changed(first, second))
    if changed:
        raise ItError(
            "folder-changing",
            ExitCode.UPDATE_RUNNING,
            root=str(first.root),
            path=changed[0],
            count=len(changed),
        )


def _changed(first: Inventory, second: Inventory) -> Iterator[str]:
    for key, seen in {**first.files, **second.files}.items():
        before, after = first.files.get(key), second.files.get(key)
        if before is None or after is None or _differs(before, after):
            yield seen.path
    folders = first.directories.keys() ^ second.directories.keys()
    yield from ({**first.directories, **second.directories}[key] for key in folders)
    yield from set(first.links) ^ set(second.links)


def _differs(before: FileSeen, after: FileSeen) -> bool:
    if (before.path, before.size, before.mtime_ns) != (after.path, after.size, after.mtime_ns):
        return True
    both_read = before.sha256 is not None and after.sha256 is not None
    return both_read and before.sha256 != after.sha256
