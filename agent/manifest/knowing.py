"""One manifest as this PC may use it: roles narrowed by the profile, withdrawn content left out.

A manifest may say less than its profile, never more: what the profile calls settings or ignored
does not become program because a list says so, and a list from a stick makes nothing program that
the profile does not know as program. The same holds between the lists of one product: what a list
that is trusted as much calls settings or ignored belongs to this PC in every version.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

import msgspec

from agent.manifest.bulk import files_by_key, fold_many, not_collecting
from agent.manifest.names import fold
from agent.model import KnownManifest, Manifest, ManifestFile, Role, Trust
from agent.profiles import Profile

NOTHING: Mapping[str, Role] = MappingProxyType({})


def known_manifest(
    manifest: Manifest,
    *,
    trust: Trust,
    place: str,
    check_code: str,
    profile: Profile,
    withdrawn: Collection[str] = frozenset(),
    protected: Mapping[str, Role] = NOTHING,
) -> KnownManifest:
    """A manifest with what this PC makes of it.

    Args:
        manifest: as it was read.
        trust: who vouches for it.
        place: where it was read, for people.
        check_code: over its bytes.
        profile: of its product.
        withdrawn: hashes that are never wanted again, in any version.
        protected: keys that other lists of the product call settings or ignored.
    """
    with not_collecting():
        files = files_by_key(manifest)
        _drop_ignored(files)
        _narrow(files, profile.protected(files))
        _narrow(files, _claimed_program(files, protected))
        if trust is Trust.ADHOC:
            _drop_unknown_program(files, profile)
        if withdrawn:
            files = {key: file for key, file in files.items() if file.sha256 not in withdrawn}
    folders = manifest.directories
    directories = dict(zip(fold_many(folders), folders, strict=True)) if folders else {}
    return KnownManifest(manifest, trust, place, check_code, files, directories)


def _drop_ignored(files: dict[str, ManifestFile]) -> None:
    ignored = Role.IGNORED
    for key in [key for key, file in files.items() if file.role is ignored]:
        del files[key]


def protected_by(manifest: Manifest) -> Mapping[str, Role]:
    """The keys that a list calls settings or ignored."""
    program = Role.PROGRAM
    own = [file for file in manifest.files if file.role is not program]
    return {fold(file.path): file.role for file in own}


def _claimed_program(
    files: Mapping[str, ManifestFile], protected: Mapping[str, Role]
) -> Mapping[str, Role]:
    """The protected keys that this list calls program: its own settings stay what they are."""
    both = protected.keys() & files.keys()
    return {key: protected[key] for key in both if files[key].role is Role.PROGRAM}


def _narrow(files: dict[str, ManifestFile], protected: Mapping[str, Role]) -> None:
    for key, role in protected.items():
        if role is Role.IGNORED:
            del files[key]
        elif files[key].role is Role.PROGRAM:
            files[key] = msgspec.structs.replace(files[key], role=role)


def _drop_unknown_program(files: dict[str, ManifestFile], profile: Profile) -> None:
    if profile.unknown is Role.PROGRAM:
        return
    program = Role.PROGRAM
    claimed = {key for key, file in files.items() if file.role is program}
    for key in claimed.difference(profile.recognised(claimed)):
        del files[key]
