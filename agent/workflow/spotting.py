"""Lists made on the spot from raw copies, so that a person can go forward to what a copy holds.

Such a list says what a copy has, not what a version must have: it is `adhoc`, it is never used to
judge by, and a copy that is a known version, whole or broken, gets none.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from agent import inventory as looking
from agent.diagnosis.mixing import mixture
from agent.diagnosis.versions import VersionEvidence, match
from agent.errors import WerkplekError
from agent.manifest.catalogue import Catalogue
from agent.manifest.making import build, listing_role
from agent.manifest.names import fold
from agent.manifest.stamps import read_stamp
from agent.manifest.writing import to_bytes
from agent.model import Inventory, KnownManifest, Manifest, Mode, Trust
from agent.profiles import Profiles
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
    """One list for each raw copy that is no known version."""
    found: dict[str, KnownManifest] = {}
    for source in sources:
        place = _raw_copy(source, assessment, ports)
        known = _look_at(place, assessment, ports) if place is not None else None
        if known is not None:
            found.setdefault(known.check_code, known)
    return tuple(found.values())


def _raw_copy(source: Source, assessment: Assessment, ports: Ports) -> Path | None:
    if not isinstance(source, FolderSource):
        return None
    tree = looking.walk(str(source.root), ports.watch)
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
        Relative to the copy, ``"."`` for the copy itself; None when too little agrees to tell.
    """
    votes: Counter[str] = Counter()
    for path in copied:
        parts = path.split("/")
        for depth in range(min(DEEPER, len(parts) - 1) + 1):
            if fold("/".join(parts[depth:])) in here:
                votes["/".join(parts[:depth]) or "."] += 1
    folder, count = max(votes.items(), key=lambda vote: (vote[1], vote[0] == "."), default=("", 0))
    return folder if count >= MIN_AGREEING else None


def _look_at(place: Path, assessment: Assessment, ports: Ports) -> KnownManifest | None:
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
        data = to_bytes(_manifest(assessment, inventory))
        profiles = Profiles({profile.name.lower(): profile})
        catalogue = Catalogue.load((), profiles).with_manifest(data, str(place), Trust.ADHOC)
    except WerkplekError:
        # Unreadable files, or names that no manifest may hold: such a copy still gives bytes.
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


def _manifest(assessment: Assessment, inventory: Inventory) -> Manifest:
    profile = assessment.profile
    # Name and time follow from the content alone: `repair` must find what `plan` showed.
    made = build(inventory, profile, version="kopie", origin=ORIGIN, created=NO_TIME).manifest
    paths = (seen.path for seen in inventory.files.values())
    stamps = (read_stamp(inventory.root / path) for path in profile.stamp_candidates(paths)[:1])
    stamp = next(stamps, None)
    if stamp is None:
        digest = hashlib.sha256(to_bytes(made)).hexdigest()[:COPY_DIGITS]
        return msgspec.structs.replace(made, version=COPY_NAME.format(digest=digest))
    taken = {known.version for known in assessment.known}
    name = COPY_NAME.format(digest=stamp) if stamp in taken else stamp
    return msgspec.structs.replace(made, version=name, stamp=stamp)
