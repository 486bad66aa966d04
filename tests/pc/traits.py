"""Circumstances that can be put together at random: each adds one to a described PC.

The truth stays what it was: the installation of `practice` is registered on this PC, and whatever
a trait adds is a copy, a decoy, a leftover or another name of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from tests.pc.describing import Description, File, Program

REGISTERED = ("uninstall key", "service", "shortcut")
"""Traces of the true installation: P = 0.81."""
ROOTS = ("C:\\PharmaPartners", "D:\\Praktijk\\PP 2019", "C:\\Program Files (x86)\\Medicom")
STATES = (
    "whole",
    "cleaned up",
    "50% gone",
    "95% gone",
    "half updated to 2023.1",
    "emptied",
    "gone",
)


@dataclass(frozen=True, slots=True)
class Practice:
    """A PC and where its installation really is."""

    pc: Description
    truth: str


Trait = Callable[[Practice], Practice]


def practice(root: str, state: str, traces: tuple[str, ...] = REGISTERED) -> Practice:
    """A PC with one registered installation."""
    program = Program(at=root, holds="medicom 2022.4", state=state, traces=traces)
    pc = Description(
        story="random",
        drives={"D": "fixed", "E": "removable"},
        programs=(program,),
        guarded=(root,),
    )
    return Practice(pc, root)


def _with(one: Practice, **changes: Any) -> Practice:
    return Practice(msgspec.structs.replace(one.pc, **changes), one.truth)


def _beside(at: str, *traces: str, state: str = "whole", holds: str = "medicom 2022.4") -> Trait:
    """Another folder, with traces of its own."""
    program = Program(at=at, holds=holds, state=state, traces=traces)
    return lambda one: _with(one, programs=(*one.pc.programs, program))


def _copy_named(suffix: str) -> Trait:
    def add(one: Practice) -> Practice:
        return _beside(one.truth + suffix)(one)

    return add


def _junction(one: Practice) -> Practice:
    links = {**one.pc.links, "C:\\Koppeling": one.truth}
    alias = Program(
        at="C:\\Koppeling", holds="medicom 2022.4", state="gone", traces=("app paths", "path")
    )
    return _with(one, links=links, programs=(*one.pc.programs, alias))


def _subst(one: Practice) -> Practice:
    above, _, name = one.truth.rpartition("\\")
    above = above + "\\" if above.endswith(":") else above
    alias = Program(
        at=f"S:\\{name}", holds="medicom 2022.4", state="gone", traces=("run key", "vendor key")
    )
    drives = {**one.pc.drives, "S": f"subst {above}"}
    return _with(one, drives=drives, programs=(*one.pc.programs, alias))


def _wrong_types(one: Practice) -> Practice:
    key = "HKLM\\SOFTWARE\\PharmaPartners\\Koppelaar"
    values = {"Home": 7, "Start": {"binary": "ffff"}, "Pad": ["C:\\", "D:\\"]}
    return _with(one, registry={**one.pc.registry, key: values})


def _our_stick(one: Practice) -> Practice:
    marker = File(at="D:\\Herstel\\werkplekherstel.json", text='{"complete": true}')
    with_copy = _beside("D:\\Herstel\\bestanden\\medicom-2022.4")(one)
    return _with(with_copy, files=(*with_copy.pc.files, marker))


def _elevated(one: Practice) -> Practice:
    return _with(one, elevated=True)


TRAITS: Mapping[str, Trait] = {
    "neutral copy": _beside("D:\\Programma\\Mcm"),
    "copy with a shortcut": _beside("D:\\Programma\\Balie", "shortcut (user)"),
    "copy in App Paths and PATH": _beside("D:\\Test\\Med", "app paths", "path"),
    "copy that runs": _beside("D:\\Hulp\\Med", "running"),
    "newer copy with a user's key": _beside(
        "D:\\Nieuw\\Med", "uninstall key (user)", holds="medicom 2023.1"
    ),
    "copy named oud": _copy_named("_oud"),
    "copy named kopie": _copy_named(" - kopie"),
    "copy on a stick": _beside("E:\\PharmaPartners", "shortcut (user)"),
    "copy in Downloads": _beside("~\\Downloads\\Medicom", "shortcut (user)"),
    "copy in the recycle bin": _beside("D:\\$RECYCLE.BIN\\S-1-5-21-1\\$R1"),
    "installer in Temp": _beside("~\\AppData\\Local\\Temp\\7zS1", "running"),
    "shell in the usual place": _beside("C:\\PharmaPartners\\Medicom", state="emptied"),
    "decoy with a shortcut": _beside("D:\\Spel\\Medicom", "app paths", state="other bytes"),
    "stale uninstall key": _beside("C:\\Weg\\Medicom", "uninstall key (64-bit)", state="gone"),
    "dead traces on a missing drive": _beside("X:\\Medicom", "path (user)", state="gone"),
    "pharmacy program": _beside(
        "D:\\Apotheek\\PP", "uninstall key", "service", holds="pharmacom 2022.4"
    ),
    "shadow": _beside(
        "~\\AppData\\Local\\VirtualStore\\PharmaPartners", "running", state="50% gone"
    ),
    "junction": _junction,
    "subst": _subst,
    "wrong types": _wrong_types,
    "our stick": _our_stick,
    "elevated": _elevated,
}
"""By the name that a failing example shows."""
