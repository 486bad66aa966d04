"""The own record of a confident find: one small file for each folder and product.

Kept apart from what is known of repairs (`agent.state`), so that a search can neither lose a hold
nor be lost to a repair that runs at the same time. Reading never touches the folder it names.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from agent.discovery import weights
from agent.discovery.probing import RecordedRoot
from agent.discovery.scoring import noisy_or
from agent.model import Candidate, FindOutcome, Found, ProbeGroup
from agent.state import StateFolder
from agent.whole import write_whole
from agent.workflow.request import Ports

FOLDER = "finds"
"""Below the state folder."""
MAX_BYTES = 64 * 1024
"""A larger record is none of ours."""
MAX_FINDS = 64
"""Records that are read; a PC has one or two."""
_NO_CLAIM = frozenset({ProbeGroup.CONFIGURED, ProbeGroup.RECORD, ProbeGroup.SWEEP})
"""Evidence that comes from us, from the person who asks, or from nothing but the disk."""


class Remembered(msgspec.Struct, frozen=True):
    """One confident find."""

    root: str
    """Every link and alias resolved, in the PC's own form."""
    product: str
    root_id: str
    """File id of the folder."""
    found_at: str
    """RFC 3339."""


def remember(found: Found, ports: Ports) -> None:
    """Keep a confident find for the next search; one that only we or the caller claim is not kept.

    That it can't be written is no reason to end a run.
    """
    chosen = found.chosen
    if found.outcome is not FindOutcome.CHOSEN or chosen is None or chosen.identity is None:
        return
    if not _is_claimed(chosen):
        return
    made = Remembered(
        root=chosen.canonical,
        product=found.product,
        root_id=str(chosen.identity.number),
        found_at=f"{ports.clock():%Y-%m-%dT%H:%M:%S+00:00}",
    )
    with suppress(OSError):
        ports.state.establish()
        file = _file(ports.state, made)
        file.parent.mkdir(exist_ok=True)
        write_whole(file, msgspec.json.encode(made))


def remembered(ports: Ports) -> tuple[RecordedRoot, ...]:
    """Every find that is on record, with who could have written it."""
    folder = ports.state.path / FOLDER
    rights, place = ports.pc.rights, str(folder)
    try:
        files = sorted(folder.glob("*.json"))[:MAX_FINDS]
    except OSError:
        return ()
    if not files:
        return ()
    asked = rights.ordinary_can_write if ports.host.elevated else rights.others_can_write
    open_to_all = asked(place)
    read = (_read(file) for file in files)
    return tuple(
        RecordedRoot(
            root=one.root,
            product=one.product,
            place=place,
            open_to_all=open_to_all,
            root_id=one.root_id,
            found_at=datetime.fromisoformat(one.found_at),
        )
        for one in read
        if one is not None
    )


def _is_claimed(chosen: Candidate) -> bool:
    """Whether this PC itself names the folder."""
    claims = (one.weight for one in chosen.evidence if one.evidence.group not in _NO_CLAIM)
    return noisy_or(claims) >= weights.load().named


def _file(state: StateFolder, made: Remembered) -> Path:
    key = f"{made.product.lower()}\n{os.path.normcase(made.root)}"
    name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return state.path / FOLDER / f"{name[:32]}.json"


def _read(file: Path) -> Remembered | None:
    """A record, None where it is damaged, too large or not one."""
    try:
        if file.stat().st_size > MAX_BYTES:
            return None
        made = msgspec.json.decode(file.read_bytes(), type=Remembered)
        moment = datetime.fromisoformat(made.found_at)
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
    return made if made.root and "\0" not in made.root and moment.tzinfo is not None else None
