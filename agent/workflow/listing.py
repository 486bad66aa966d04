"""`manifest make`: the list of a folder that is complete, looked at twice."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from agent import inventory as looking
from agent.errors import ItError, UsageError
from agent.manifest.making import Made, build, ensure_unchanged, listing_role
from agent.manifest.stamps import read_stamp
from agent.manifest.writing import write
from agent.model import Inventory, Mode
from agent.outcomes import ExitCode
from agent.profiles import Profile, Profiles
from agent.progress import Watch
from agent.workflow.roots import refuse_absent_folder, refuse_inside, resolve_folder


@dataclass(frozen=True, slots=True)
class MakeRequest:
    """What `manifest make` was asked."""

    folder: Path
    product: str
    version: str
    output: Path
    sequence: int | None = None
    stamp: str | None = None
    profiles: tuple[Path, ...] = ()
    origin: str = "manifest make"


def make_manifest(
    request: MakeRequest, *, watch: Watch | None = None, now: datetime | None = None
) -> Made:
    """Look, look again, and write the list.

    Raises:
        UsageError: because the folder or the output can't be used.
        ItError: because the folder changes, can't be read, or the output can't be written.
    """
    watch = watch or Watch()
    folder = _folder(request)
    profile = Profiles.load(request.profiles).for_product(request.product)
    role_of = listing_role(profile)
    first = looking.take(folder, mode=Mode.FULL, role_of=role_of, to_hash=None, watch=watch)
    second = looking.take(folder, mode=Mode.QUICK, role_of=role_of, to_hash=None, watch=watch)
    ensure_unchanged(first, second)
    made = build(
        first,
        profile,
        version=request.version,
        origin=request.origin,
        created=now or datetime.now(UTC),
        sequence=msgspec.UNSET if request.sequence is None else request.sequence,
        stamp=request.stamp or _stamp(profile, first),
    )
    try:
        write(made.manifest, request.output)
    except OSError as error:
        text = error.strerror or str(error)
        path = str(request.output)
        raise ItError("output-not-writable", ExitCode.NO_RIGHTS, path=path, error=text) from error
    return made


def _folder(request: MakeRequest) -> Path:
    folder = _program_folder(request.folder)
    refuse_inside(request.output, folder)
    refuse_absent_folder(request.output)
    if os.path.lexists(request.output):
        raise UsageError("output-exists", path=str(request.output))
    return folder


def _program_folder(given: Path) -> Path:
    """As `resolve_folder`; its sentences speak of an option that this verb does not have."""
    try:
        return resolve_folder(given)
    except UsageError as error:
        if error.problem == "root-absent":
            raise UsageError("make-folder-absent", path=str(given)) from error
        raise UsageError("make-folder-unfit", path=str(given)) from error


def _stamp(profile: Profile, inventory: Inventory) -> str | msgspec.UnsetType:
    paths = profile.stamp_candidates(seen.path for seen in inventory.files.values())
    read = (read_stamp(inventory.root / path) for path in paths[:1])
    return next((stamp for stamp in read if stamp), msgspec.UNSET)
