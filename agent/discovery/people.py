"""Where people keep things of their own, and how little of that is written down.

Owns two promises to whoever reads a report: the search says which folders are somebody's own, so
that a report can leave out whose, and a name below them that is not ours is not written down: it
may be that of a patient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath

from agent.discovery.command_lines import is_share
from agent.discovery.interest import Interest
from agent.ports import Folders, KnownFolder

UNNAMED = "…"
"""Stands for a name that is nobody's business."""
_OWN = (
    KnownFolder.PROFILE,
    KnownFolder.DESKTOP,
    KnownFolder.START_MENU,
    KnownFolder.DOWNLOADS,
    KnownFolder.ROAMING,
    KnownFolder.LOCAL,
)
_PARTS_OF_A_PERSON = 3
"""A folder straight on a drive (``D:\\Downloads``) is nobody's by its name."""


def own_folders(folders: Folders, flavour: type[PurePath]) -> Iterator[str]:
    """The profile of the user of this run, and what was redirected out of it."""
    profile = folders.known(KnownFolder.PROFILE)
    for one in _OWN:
        path = folders.known(one)
        if not path or (path != profile and profile and flavour(path).is_relative_to(profile)):
            continue
        if is_share(path) or len(flavour(path).parts) >= _PARTS_OF_A_PERSON:
            yield path


def discreet(
    bases: Sequence[str], interest: Interest, flavour: type[PurePath]
) -> Callable[[str], str]:
    """What writes down a path below one of these folders with no other names than ours."""
    above = {str(flavour(base)).casefold(): flavour(base) for base in bases}

    def shown(where: str) -> str:
        path = flavour(where)
        # A server has thousands of profiles, and as many such folders.
        keys = (str(parent).casefold() for parent in path.parents)
        base = next((above[key] for key in keys if key in above), None)
        if base is None or str(path).casefold() in above:
            return where
        *names, _ = path.relative_to(base).parts
        kept = (name if interest.in_words(name) else UNNAMED for name in names)
        last = path.name if interest.in_words(path.stem) else f"{UNNAMED}{path.suffix}"
        return str(base.joinpath(*kept, last))

    return shown
