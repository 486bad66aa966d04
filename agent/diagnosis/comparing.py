"""One version against what is on the disk, path by path (DESIGN section 6).

Content is used here only to tell right from wrong and older from newer; where wanted bytes can be
had is a question for the sources.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from agent.diagnosis.explaining import agrees
from agent.manifest.names import fold
from agent.manifest.order import compare_order
from agent.model import (
    Comparison,
    Counts,
    FileSeen,
    Finding,
    Inventory,
    KnownManifest,
    ManifestFile,
    Mode,
    Role,
    State,
)


def compare(
    known: KnownManifest,
    inventory: Inventory,
    newer_hashes: frozenset[str] = frozenset(),
    withdrawn: frozenset[str] = frozenset(),
    *,
    role_of: Callable[[str], Role] | None = None,
) -> Comparison:
    """Every difference between a version and what is on the disk.

    Program files: `missing`, `changed`, `newer` or `unreadable`; `not-checked` when a full look did
    not read one. A file below a folder that can't be listed, or below a link (links are never
    followed), is `unreadable`: nobody looked, so nobody may call it missing. Where a folder or a
    link stands in the place of a file, or a file in the place of one of its folders, the state is
    `changed` **with** ``found`` None: such a file can never be replaced, for what is in the way is
    not ours to remove.

    Settings: only those that are not there are a finding; what is in them is never looked at.
    An optional file that is absent is no finding. In a quick look the same size counts as `ok`,
    which says that nothing speaks against the file, not that it was verified.

    Args:
        known: the version; roles already narrowed by the profile.
        inventory: what a look found.
        newer_hashes: content of versions of higher order, see `newer_hashes`.
        withdrawn: content that was taken back on purpose: such a file is not asked for, and one
            that is still here is a stranger.
        role_of: role of a path on disk that the version does not list, so that settings of this PC
            are no strangers; without it every such path is one.
    """
    absence = _Absence.of(inventory)
    findings: list[Finding] = []
    fine: dict[Role, int] = {}
    find, quick = inventory.files.get, inventory.mode is Mode.QUICK
    for role, files in _listed(known, withdrawn):
        right = 0
        for key, file in files:
            seen = find(key)
            if seen is None:
                state = absence.of_file(key, file)
            elif (
                seen.size == file.size
                and (quick or seen.sha256 == file.sha256)
                and seen.error is None
            ):
                state = State.OK  # nearly every file: told without a call
            else:
                state = _state(file, seen, inventory.mode, newer_hashes)
            if state is State.OK:
                right += 1
            elif state is not None:
                findings.append(Finding(file.path, role, state, file, seen))
        fine[role] = right
    for stranger in _strangers(known, inventory, withdrawn, role_of):
        if stranger.role is Role.SETTINGS:
            fine[Role.SETTINGS] += 1
        else:
            findings.append(stranger)
    missing, blocked = _absent_directories(known, inventory, absence)
    return Comparison(
        version=known.version,
        counts=_counts(findings, fine, inventory.ignored),
        findings=tuple(sorted(findings, key=lambda finding: finding.path)),
        missing_directories=missing,
        blocked_directories=blocked,
    )


def newer_hashes(known: Iterable[KnownManifest], base: KnownManifest) -> frozenset[str]:
    """Content that belongs to a version of higher order than `base` and not to `base` itself.

    The empty file is left out: it is in many versions, and it is what a cut-off file looks like.
    """
    found: set[str] = set()
    for one in known:
        if compare_order(base.manifest, one.manifest) == -1:
            found.update(file.sha256 for file in one.program.values() if file.size)
    return frozenset(found.difference(file.sha256 for file in base.program.values()))


def as_newer(comparison: Comparison) -> Comparison:
    """The same comparison with nothing called changed, for `newer-than-known`."""
    counts = comparison.counts
    findings = tuple(
        replace(f, state=State.NEWER) if f.state is State.CHANGED else f
        for f in comparison.findings
    )
    newer = replace(counts, changed=0, newer=counts.newer + counts.changed)
    return replace(comparison, counts=newer, findings=findings)


def _listed(
    known: KnownManifest, withdrawn: frozenset[str]
) -> Iterator[tuple[Role, Iterable[tuple[str, ManifestFile]]]]:
    """The listed files that a look is about, by role: a look at 100,000 passes here."""
    settings: dict[str, ManifestFile] = {}
    if len(known.program) < len(known.files):
        settings = {key: f for key, f in known.files.items() if f.role is Role.SETTINGS}
    for role, files in ((Role.PROGRAM, known.program), (Role.SETTINGS, settings)):
        if withdrawn:
            yield role, [(key, f) for key, f in files.items() if f.sha256 not in withdrawn]
        else:
            yield role, files.items()


def _state(file: ManifestFile, seen: FileSeen, mode: Mode, newer: frozenset[str]) -> State:
    """The state of a file that is here."""
    if file.role is Role.SETTINGS:
        return State.OK
    verdict = agrees(file, seen, mode)
    if verdict:
        return State.OK
    if verdict is None:
        return State.NOT_CHECKED if seen.error is None else State.UNREADABLE
    return State.NEWER if seen.sha256 in newer else State.CHANGED


@dataclass(frozen=True)
class _Absence:
    """Why a path has no file: gone, out of sight, or something else in its place."""

    inventory: Inventory
    links: frozenset[str]
    below: dict[str, State] = field(default_factory=dict)
    """What absence means straight in a folder; remembered for the other files in it."""

    @classmethod
    def of(cls, inventory: Inventory) -> _Absence:
        return cls(inventory, frozenset(map(fold, inventory.links)))

    def of_file(self, key: str, file: ManifestFile) -> State | None:
        """The state of a listed path without a file; None when that is no matter."""
        if file.optional:
            return None
        if key in self.inventory.directories or key in self.links:
            # Something of this PC stands there: for settings that is enough.
            return State.CHANGED if file.role is Role.PROGRAM else State.OK
        return self.in_folder(key.rpartition("/")[0])

    def in_folder(self, folder: str) -> State:
        """What absence means for anything straight in a folder (key; ``""`` is the root)."""
        state = self.below.get(folder)
        if state is None:
            state = self.below[folder] = self._nearest(folder)
        return state

    def _nearest(self, folder: str) -> State:
        place = folder
        while True:
            if place in self.inventory.unreadable_directories or place in self.links:
                return State.UNREADABLE
            if place in self.inventory.files:
                return State.CHANGED
            if not place:
                return State.MISSING
            place = place.rpartition("/")[0]


def _strangers(
    known: KnownManifest,
    inventory: Inventory,
    withdrawn: frozenset[str],
    role_of: Callable[[str], Role] | None,
) -> Iterator[Finding]:
    listed = known.files
    keys = [key for key in inventory.files if key not in listed]
    if withdrawn:
        taken_back = (key for key, file in listed.items() if file.sha256 in withdrawn)
        keys.extend(key for key in taken_back if key in inventory.files)
    for key in keys:
        seen = inventory.files[key]
        role = Role.PROGRAM if role_of is None else role_of(seen.path)
        yield Finding(seen.path, role, State.EXTRA, None, seen)


def _absent_directories(
    known: KnownManifest, inventory: Inventory, absence: _Absence
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Required folders that are not there: those that can be made, and those a file is in place of.

    One that a link stands for, or that is out of sight, is there.
    """
    found: dict[State, list[str]] = {State.MISSING: [], State.CHANGED: [], State.UNREADABLE: []}
    for key, path in known.directories.items():
        if key not in inventory.directories:
            found[absence.in_folder(key)].append(path)
    return tuple(sorted(found[State.MISSING])), tuple(sorted(found[State.CHANGED]))


def _counts(findings: Sequence[Finding], fine: Mapping[Role, int], ignored: int) -> Counts:
    program = Counter(f.state for f in findings if f.role is Role.PROGRAM)
    settings = Counter(f.state for f in findings if f.role is Role.SETTINGS)
    strangers = sum(f.state is State.EXTRA for f in findings)
    ok = fine[Role.PROGRAM]
    return Counts(
        listed=ok + program.total() - program[State.EXTRA],
        ok=ok,
        missing=program[State.MISSING],
        changed=program[State.CHANGED],
        unreadable=program[State.UNREADABLE],
        newer=program[State.NEWER],
        extra=strangers,
        settings=fine[Role.SETTINGS],
        settings_missing=settings[State.MISSING],
        ignored=ignored,
        bytes_missing=sum(
            f.expected.size
            for f in findings
            if f.expected and f.role is Role.PROGRAM and f.state is State.MISSING
        ),
    )
