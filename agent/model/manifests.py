"""What a version must look like, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated

import msgspec

from agent.model.vocabulary import Role, Trust

MAX_FILE_BYTES = 4 * 1024**4
"""Bytes of one listed file (FORMATS section 4); checked while a manifest is decoded."""


class ManifestFile(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """One listed file; field order is the order in the document (sorted keys)."""

    mtime: str | msgspec.UnsetType = msgspec.UNSET
    """Modification time as the vendor made it, RFC 3339 UTC with ``Z``, whole seconds."""
    optional: bool = False
    """Absent is never missing."""
    path: str
    role: Role = Role.PROGRAM
    sha256: Annotated[str, msgspec.Meta(min_length=64, max_length=64)]
    size: Annotated[int, msgspec.Meta(ge=0, le=MAX_FILE_BYTES)]
    """Bytes."""


class Manifest(msgspec.Struct, frozen=True, dict=True, forbid_unknown_fields=True, kw_only=True):
    """What one version of one product must look like (FORMATS section 4)."""

    created: str
    directories: tuple[str, ...] = ()
    """Folders that must exist, even when empty."""
    files: tuple[ManifestFile, ...]
    origin: str
    product: str
    schema: str = "werkplekherstel.manifest/1"
    sequence: int | msgspec.UnsetType = msgspec.UNSET
    """Order of versions: a higher one is newer."""
    stamp: str | msgspec.UnsetType = msgspec.UNSET
    """File version of the main program."""
    version: str
    withdrawn: tuple[str, ...] = ()
    """Hashes that were taken back on purpose and are never put back."""


@dataclass(frozen=True)
class KnownManifest:
    """A manifest together with who vouches for it."""

    manifest: Manifest
    trust: Trust
    place: str
    """Where it was read, for people."""
    check_code: str
    """``XXXX-XXXX-XXXX`` over the manifest's bytes (FORMATS section 3)."""
    files: Mapping[str, ManifestFile] = field(repr=False)
    """The listed files by key, roles already narrowed by the profile, withdrawn ones left out."""
    directories: Mapping[str, str] = field(repr=False)
    """Required folders by key."""

    @property
    def version(self) -> str:
        """The version this manifest describes."""
        return self.manifest.version

    @property
    def product(self) -> str:
        """The product this manifest describes."""
        return self.manifest.product

    @cached_property
    def program(self) -> Mapping[str, ManifestFile]:
        """The `program` files by key, optional ones included."""
        return {key: file for key, file in self.files.items() if file.role is Role.PROGRAM}

    @cached_property
    def required(self) -> Mapping[str, ManifestFile]:
        """The non-optional `program` files by key."""
        return {key: file for key, file in self.program.items() if not file.optional}
