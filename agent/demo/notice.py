"""What the workaround of the notice would have done: copy the whole folder of a PC that works.

Worked out from what stands in the folders: nothing of it is carried out.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.demo.practice import Damage, Pc, content
from agent.demo.software import Software

BROKEN = frozenset({Damage.CLEANED, Damage.HALF_UPDATED, Damage.TRUNCATED})


@dataclass(frozen=True, slots=True)
class NoticeResult:
    """All broken PCs after the workaround, with one PC as the one that is copied."""

    donor: str
    version: str
    """Of the donor; every PC that is reached gets it, whatever it had."""
    reached: int
    not_reached: int
    """PCs whose program is not where the notice says."""
    mixed: int
    """Files that would remain although the version that was copied does not have them."""
    settings: int
    """Files of a PC's own that would have been overwritten with those of the donor."""


def notice_would(pcs: tuple[Pc, ...], software: Software) -> tuple[NoticeResult, ...]:
    """The result for each PC that still works."""
    return tuple(_with(donor, pcs, software) for donor in pcs if donor.damage not in BROKEN)


def _with(donor: Pc, pcs: tuple[Pc, ...], software: Software) -> NoticeResult:
    broken = [pc for pc in pcs if pc.damage in BROKEN]
    reached = [pc for pc in broken if pc.standard]
    brought = software.versions[donor.version]
    mixed = settings = 0
    for pc in reached:
        mixed += sum(path not in brought and path not in pc.settings for path in content(pc.root))
        settings += sum(donor.settings[path] != data for path, data in pc.settings.items())
    return NoticeResult(
        donor=donor.name,
        version=donor.version,
        reached=len(reached),
        not_reached=len(broken) - len(reached),
        mixed=mixed,
        settings=settings,
    )
