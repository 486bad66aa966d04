"""Folders that the settings file names though they can't be a program folder: never passed over.

Somebody wrote down where the program is. That it can't be there (a whole disk, Program Files, a
path that is not absolute) must be told, and no other folder may win without a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agent.discovery.gate import Gate
from agent.discovery.places import Exclusion, Lead, Place, Presence
from agent.discovery.probes import configured
from agent.discovery.probing import Inquiry
from agent.model import Evidence, ProbeGroup, Verdict

NO_PROGRAM_FOLDER = "not-a-program-folder"


def unusable(inquiry: Inquiry, gate: Gate, evidence: Iterable[Evidence]) -> Iterator[Place]:
    """What the settings name and nobody can look into.

    Args:
        inquiry: with what the settings name, as it is written there.
        gate: tells which folders hold a whole system.
        evidence: everything that the probes found.
    """
    told = [piece.path for piece in evidence if piece.group is ProbeGroup.CONFIGURED]
    usable = any(_can_be_root(path, gate) for path in told)
    for text in dict.fromkeys(inquiry.configured):
        # A text with variables is known by its evidence only.
        if not (usable if "%" in text else _can_be_root(text, gate)):
            yield _place(text)


def _can_be_root(text: str, gate: Gate) -> bool:
    path = gate.clean(text)
    return path is not None and not gate.too_high(path)


def _place(text: str) -> Place:
    named = Evidence(
        probe=configured.NAME,
        group=ProbeGroup.CONFIGURED,
        path=text,
        where=configured.WHERE,
        is_folder=True,
    )
    return Place(
        root=text,
        canonical=text,
        presence=Presence.NOT_LOOKED_AT,
        leads=(Lead(text, named),),
        excluded=Exclusion(Verdict.NOT_LOOKED_AT, NO_PROGRAM_FOLDER),
    )
