"""One manifest as this PC may use it: roles narrowed by the profile, withdrawn content left out.

A manifest may say less than its profile, never more: what the profile calls settings or ignored
does not become program because a list says so, and a list from a stick makes nothing program that
the profile does not know as program.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from agent.manifest.bulk import files_by_key, fold_many, not_collecting
from agent.model import KnownManifest, Manifest, ManifestFile, Role, Trust
from agent.profiles import Profile


def known_manifest(
    manifest: Manifest,
    *,
    trust: Trust,
    place: str,
    check_code: str,
    profile: Profile,
    withdrawn: Collection[str] = frozenset(),
) -> KnownManifest:
    """A manifest with what this PC makes of it.

    Args:
        manifest: as it was read.
        trust: who vouches for it.
        place: where it was read, for people.
        check_code: over its bytes.
        profile: of its product.
        withdrawn: hashes that are never wanted again, in any version.
    """
    with not_collecting():
        files = files_by_key(manifest)
        _drop_ignored(files)
        _narrow(files, profile)
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


def _narrow(files: dict[str, ManifestFile], profile: Profile) -> None:
    protected: Mapping[str, Role] = profile.protected(files)
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
