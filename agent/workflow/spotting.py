"""Lists made on the spot from raw copies, so that a person can go forward to what a copy holds.

Such a list says what a copy has, not what a version must have: it is `adhoc`, it is never used to
judge by, and a copy that is a known version, whole or broken, gets none.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from pathlib import Path

import msgspec

from agent import inventory as looking
from agent.diagnosis.mixing import mixture
from agent.diagnosis.stamps import matches
from agent.diagnosis.versions import VersionEvidence, match
from agent.errors import ManifestError, WerkplekError
from agent.manifest.check_code import check_code
from agent.manifest.knowing import known_manifest
from agent.manifest.making import build, listing_role
from agent.manifest.names import fold
from agent.manifest.reading import parse
from agent.manifest.stamps import read_stamp
from agent.manifest.writing import to_bytes
from agent.model import Inventory, KnownManifest, Manifest, Mode, Trust
from agent.sources.base import Source
from agent.sources.folder import FolderSource
from agent.workflow.assessing import Assessment
from agent.workflow.request import Ports

COPY_NAME = "kopie-{digest}"
"""Name of a version that only a copy knows, after its content."""
COPY_DIGITS = 8
CUT_OFF_RIGHT = 0.90
"""Share of the files at a version's paths that are right, when the others were cut off."""
ORIGIN = "made on the spot from a copy"
NO_TIME = "1970-01-01T00:00:00Z"
"""A copy does not say when it was made."""
DEEPER = 4
"""Folders: how much deeper than one thinks the program folder of a copy may lie."""
MIN_AGREEING = 5
"""Files that must stand at the same path as here, before a copy is taken for the program."""


def spot(
    assessment: Assessment, sources: Sequence[Source], ports: Ports
) -> tuple[KnownManifest, ...]:
    """One list for each raw copy that is no known version; two copies of one content share it."""
    found: dict[frozenset[tuple[str, str]], KnownManifest] = {}
    for source in sources:
        place = _raw_copy(source, assessment, ports)
        made = _look_at(place, assessment, ports) if place is not None else None
        content = _content(made) if made is not None else frozenset()
        if made is None or content in found:
            continue
        taken = {known.version for known in (*assessment.reachable, *found.values())}
        known = _vouched(_named(made, taken), str(place), assessment)
        if known is not None:
            found[content] = known
    return tuple(found.values())


def _raw_copy(source: Source, assessment: Assessment, ports: Ports) -> Path | None:
    if not isinstance(source, FolderSource):
        return None
    here = assessment.root
    # A copy may lie beside the installation: what is to be repaired is no copy of itself.
    itself = [here.relative_to(source.root).as_posix()] if here.is_relative_to(source.root) else []
    tree = looking.walk(str(source.root), ports.watch, skip=itself)
    inside = program_folder((seen.path for seen in tree.files), _paths_of(assessment))
    return source.root / inside if inside is not None else None


def _paths_of(assessment: Assessment) -> frozenset[str]:
    """Keys of what is here and of what any known version lists."""
    return frozenset(assessment.inventory.files).union(*(one.program for one in assessment.known))


def program_folder(copied: Iterable[str], here: frozenset[str]) -> str | None:
    """The folder of a copy whose files stand at the same paths as here.

    A copy is often a folder deeper than one thinks. Put down from the wrong folder, every file of
    it would come to stand where the program does not look.

    Args:
        copied: paths of the files in the copy.
        here: keys of the paths of the program on this PC.

    Returns:
        Relative to the copy, ``"."`` for the copy itself; None when too little agrees to tell. Of
        several in which as much agrees it is the one that lies highest, then the first by name.
    """
    votes: Counter[str] = Counter()
    for path in copied:
        parts = path.split("/")
        for depth in range(min(DEEPER, len(parts) - 1) + 1):
            if fold("/".join(parts[depth:])) in here:
                votes["/".join(parts[:depth]) or "."] += 1
    best = min(votes, key=lambda folder: (-votes[folder], _depth(folder), folder), default=".")
    return best if votes[best] >= MIN_AGREEING else None


def _depth(folder: str) -> int:
    return 0 if folder == "." else folder.count("/") + 1


def _look_at(place: Path, assessment: Assessment, ports: Ports) -> Manifest | None:
    """What a copy holds, still without a name of its own; None when it gets no list."""
    profile = assessment.profile
    inventory = looking.take(
        place,
        mode=Mode.FULL,
        role_of=listing_role(profile),
        to_hash=None,
        watch=ports.watch,
    )
    paths = (seen.path for seen in inventory.files.values())
    main = next(iter(profile.stamp_candidates(paths)), None)
    stamp = read_stamp(inventory.root / main) if main is not None else None
    whole = fold(main) if main is not None and stamp is not None else None
    if _is_known(assessment, inventory, stamp, whole):
        return None
    try:
        # Name and time follow from the content alone: `repair` must find what `plan` showed.
        made = build(inventory, profile, version="kopie", origin=ORIGIN, created=NO_TIME).manifest
    except WerkplekError:
        # Unreadable files, or nothing to list: such a copy still gives bytes.
        return None
    return made if stamp is None else msgspec.structs.replace(made, stamp=stamp)


def _vouched(manifest: Manifest, place: str, assessment: Assessment) -> KnownManifest | None:
    """As the catalogue hands it out: vouched for by nobody; None when it may not be listed."""
    data = to_bytes(manifest)
    try:
        manifest = parse(data, place)
    except ManifestError:
        return None
    known = known_manifest(
        manifest,
        trust=Trust.ADHOC,
        place=place,
        check_code=check_code(data),
        profile=assessment.profile,
        protected=assessment.protected,
    )
    return known if known.required else None


def _is_known(
    assessment: Assessment, inventory: Inventory, stamp: str | None, whole: str | None
) -> bool:
    """Whether it is a known version, whole or broken, or two of them mixed.

    Args:
        assessment: with the versions.
        inventory: of the copy.
        stamp: of its main program, where it has one.
        whole: key of that program: it is not cut off, for it tells its version.
    """
    versions = (*assessment.known, *assessment.unconfirmed)
    if not versions:
        return False
    if stamp is not None and any(matches(known, (stamp,)) for known in versions):
        return True
    mixed = mixture(versions, inventory)
    if mixed is not None and mixed.is_half_update:
        return True
    return match(versions, inventory, VersionEvidence()).certain or any(
        _is_cut_off(known, inventory, whole) for known in versions
    )


def _is_cut_off(known: KnownManifest, inventory: Inventory, whole: str | None) -> bool:
    """Whether it is this version with some files that were not copied to their end."""
    find = inventory.files.get
    here = [(file, seen) for key, file in known.required.items() if (seen := find(key))]
    wrong = [(file, seen) for file, seen in here if seen.sha256 != file.sha256]
    if any(fold(file.path) == whole for file, _ in wrong):
        return False
    if not wrong or len(here) - len(wrong) < CUT_OFF_RIGHT * len(here):
        return False
    return all(seen.size < file.size for file, seen in wrong)


def _content(manifest: Manifest) -> frozenset[tuple[str, str]]:
    """What tells two copies apart; times differ from one copying to the next."""
    return frozenset((file.path, file.sha256) for file in manifest.files)


def _named(made: Manifest, taken: Container[str]) -> Manifest:
    """With its stamp as the version, or a name after its content where it has none of its own."""
    stamp = made.stamp if isinstance(made.stamp, str) else None
    if stamp is not None and stamp not in taken:
        return msgspec.structs.replace(made, version=stamp)
    name = COPY_NAME.format(digest=stamp)
    if stamp is None or name in taken:
        name = COPY_NAME.format(digest=hashlib.sha256(to_bytes(made)).hexdigest()[:COPY_DIGITS])
    return msgspec.structs.replace(made, version=name)
