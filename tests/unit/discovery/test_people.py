"""What is somebody's own, and which names below it are written down."""

from __future__ import annotations

from pathlib import PureWindowsPath

import pytest

from agent.discovery.interest import Interest
from agent.discovery.people import discreet, own_folders
from agent.discovery.probing import Log, Sought
from agent.ports import KnownFolder
from agent.profiles import Profiles
from tests.simulators.folders import SimulatedFolders

DESKTOP = "D:\\Profielen\\jan\\Desktop"
INTEREST = Interest.of([Sought(Profiles.load().get("medicom"))])
SHOWN = discreet([DESKTOP, "\\\\SRV\\home$\\piet"], INTEREST, PureWindowsPath)


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        (DESKTOP, DESKTOP),
        (f"{DESKTOP}\\Medicom starten.lnk", f"{DESKTOP}\\Medicom starten.lnk"),
        (f"{DESKTOP}\\Dossier Jansen.lnk", f"{DESKTOP}\\….lnk"),
        (f"{DESKTOP}\\Mw Jansen\\Medicom.lnk", f"{DESKTOP}\\…\\Medicom.lnk"),
        (f"{DESKTOP}\\Medicom\\Jansen", f"{DESKTOP}\\Medicom\\…"),
        (f"{DESKTOP.upper()}\\Dossier.medicom", f"{DESKTOP}\\….medicom"),
        ("\\\\srv\\HOME$\\piet\\a\\b.lnk", "\\\\SRV\\home$\\piet\\…\\….lnk"),
        ("D:\\Profielen\\jan", "D:\\Profielen\\jan"),
        ("HKLM\\SOFTWARE\\Jansen", "HKLM\\SOFTWARE\\Jansen"),
    ],
)
def test_below_folders_of_people_only_our_names_are_written(where: str, shown: str) -> None:
    assert SHOWN(where) == shown


def test_what_may_not_be_named_is_counted_and_troubles_say_the_folder() -> None:
    log = Log()
    log.shown = SHOWN
    for name in ("Medicom.lnk", "Jansen.lnk", "Pietersen.lnk"):
        log.looked(f"{DESKTOP}\\{name}")
    log.trouble(f"{DESKTOP}\\Jansen.lnk", "damaged-shortcut")
    assert (log.places, log.count) == ([f"{DESKTOP}\\Medicom.lnk"], 3)
    assert [one.where for one in log.troubles] == [f"{DESKTOP}\\….lnk"]


def test_own_folders_are_those_of_the_user_wherever_they_are() -> None:
    paths = {
        KnownFolder.PROFILE: "D:\\Profielen\\jan",
        KnownFolder.DESKTOP: "\\\\SRV\\jan$",
        KnownFolder.DOWNLOADS: "D:\\Downloads",
        KnownFolder.ROAMING: "d:\\profielen\\jan\\AppData\\Roaming",
        KnownFolder.PUBLIC_DESKTOP: "C:\\Users\\Public\\Desktop",
        KnownFolder.TEMP: "C:\\Windows\\Temp",
    }
    found = own_folders(SimulatedFolders(paths, {}), PureWindowsPath)
    assert list(found) == ["D:\\Profielen\\jan", "\\\\SRV\\jan$"]
