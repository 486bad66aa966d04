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
from agent.diagnosis.versions import VersionEvidence, match
from agent.errors import ManifestError, WerkplekError
from agent.manifest.catalogue import Catalogue
from agent.manifest.making import build, listing_role
from agent.manifest.names import fold
from agent.manifest.stamps import read_stamp
from agent.manifest.writing import to_bytes
from agent.model import Inventory, KnownManifest, Manifest, Mode, Trust
from agent.profiles import Profile, Profiles
from agent.sources.base import Source
from agent.sources.folder import FolderSource
from agent.workflow.assessing import Assessment
from agent.workflow.request import Ports

COPY_NAME = "kopie-{digest}"
"""Name of a version that only a copy knows, after its content."""
COPY_DIGITS = 8
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
        taken = {known.version for known in (*assessment.known, *found.values())}
        known = _vouched(_named(made, taken), str(place), assessment.profile)
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
    if _is_known(assessment, inventory):
        return None
    try:
        # Name and time follow from the content alone: `repair` must find what `plan` showed.
        made = build(inventory, profile, version="kopie", origin=ORIGIN, created=NO_TIME).manifest
    except WerkplekError:
        # Unreadable files, or nothing to list: such a copy still gives bytes.
        return None
    paths = (seen.path for seen in inventory.files.values())
    stamps = (read_stamp(inventory.root / path) for path in profile.stamp_candidates(paths)[:1])
    stamp = next(stamps, None)
    return made if stamp is None else msgspec.structs.replace(made, stamp=stamp)


def _vouched(manifest: Manifest, place: str, profile: Profile) -> KnownManifest | None:
    """As the catalogue hands it out: vouched for by nobody; None when it may not be listed."""
    catalogue = Catalogue.load((), Profiles({profile.name.lower(): profile}))
    try:
        catalogue = catalogue.with_manifest(to_bytes(manifest), place, Trust.ADHOC)
    except ManifestError:
        return None
    return next((known for known in catalogue.known(profile.name) if known.required), None)


def _is_known(assessment: Assessment, inventory: Inventory) -> bool:
    """Whether it is a known version, whole or broken, or two of them mixed."""
    if not assessment.known:
        return False
    mixed = mixture(assessment.known, inventory)
    if mixed is not None and mixed.is_half_update:
        return True
    return match(assessment.known, inventory, VersionEvidence()).certain


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
