"""Shortcuts as Windows makes them for the targets that descriptions name."""

from __future__ import annotations

from pathlib import PureWindowsPath

from tests.pc.installer import product_code
from tests.shortcut_files import ShortcutFile

THIS_PC = "balie-2"
"""NetBIOS name, in lower case as the tracker block has it."""


def shortcut(to: str, *, kind: str = "local", made_on: str | None = None) -> bytes:
    """The bytes of one ``.lnk``.

    Args:
        to: the target; for an advertised one product and version, ``medicom 2022.4``.
        kind: as `tests.pc.describing.Shortcut` says; a target on a share is always ``network``.
        made_on: the PC that made it.
    """
    machine = made_on or THIS_PC
    if kind == "advertised":
        return ShortcutFile(product=str(product_code(*to.split())), machine=machine).to_bytes()
    if kind == "environment":
        return ShortcutFile(environment=to, prefer_environment=True, machine=machine).to_bytes()
    path = PureWindowsPath(to)
    folder = str(path.parent)
    if to.startswith("\\\\"):
        share = path.drive
        rest = to[len(share) :].lstrip("\\")
        return ShortcutFile(share=share, suffix=rest, folder=folder, machine=machine).to_bytes()
    return ShortcutFile(local=to, items=to, folder=folder, machine=machine).to_bytes()
