"""No report says who works on a PC."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from agent.errors import UsageError
from agent.model import (
    Coverage,
    SourceKind,
)
from agent.reporting.as_json import to_json
from agent.reporting.privacy import Scrub
from agent.reporting.report import build
from tests.documents import validate_report
from tests.unit.reporting.building import (
    ROOT,
    installation,
    run,
)


@pytest.mark.parametrize(
    ("home", "root"),
    [
        (PureWindowsPath(r"C:\Users\Jan"), r"C:\Users\Jan\PP"),
        (PureWindowsPath(r"C:\Users\Jan"), r"c:\users\jan\PP"),
        (PureWindowsPath(r"E:\Profielen\jan"), r"E:\Profielen\jan\PP"),
        (None, r"C:\Users\Jan\PP"),
        (PurePosixPath("/profiles/jan"), "/profiles/jan/PP"),
    ],
)
def test_the_profile_folder_and_the_name_in_it_do_not_appear(
    home: PureWindowsPath | None, root: str
) -> None:
    pure = PurePosixPath(root) if root.startswith("/") else PureWindowsPath(root)
    source = Coverage(f"folder:{root}", SourceKind.FOLDER, frozenset())
    error = UsageError("root-absent", path=root, user="Jan")
    facts = run(installation(root=pure, coverage=(source,)), error=error)
    document = to_json(build(facts, home=home))
    assert b"jan" not in document.lower()
    content = validate_report(document)
    assert content["installations"][0]["root"].startswith("%USERPROFILE%")
    assert content["error"]["facts"]["path"].startswith("%USERPROFILE%")


def test_a_profile_at_the_top_of_a_drive_hides_nothing() -> None:
    report = build(run(installation()), home=PureWindowsPath("D:\\"))
    assert report.installations[0].root == str(ROOT)


def test_a_folder_that_only_begins_like_the_profile_is_left_as_it_is() -> None:
    facts = run(installation(root=PureWindowsPath(r"E:\Profielen\janneke\PP")))
    report = build(facts, home=PureWindowsPath(r"E:\Profielen\jan"))
    assert report.installations[0].root == r"E:\Profielen\janneke\PP"


def test_shared_profiles_are_not_hidden() -> None:
    root = r"C:\Users\Public\PP"
    report = build(run(installation(root=PureWindowsPath(root))))
    assert report.installations[0].root == root


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("\\\\BALIE-1\\c$\\Users\\Jan\\PP", "\\\\BALIE-1\\c$\\%USERPROFILE%\\PP"),
        ("\\\\BALIE-1\\Users\\Jan\\PP", "\\\\BALIE-1\\%USERPROFILE%\\PP"),
        ("\\\\?\\UNC\\BALIE-1\\Users\\Jan\\PP", "\\\\?\\UNC\\BALIE-1\\%USERPROFILE%\\PP"),
        ("//BALIE-1/c$/Users/Jan/PP", "//BALIE-1/c$/%USERPROFILE%/PP"),
        ("\\\\?\\C:\\Users\\Jan", "\\\\?\\%USERPROFILE%"),
        ("\\\\BALIE-1\\Users\\Public\\PP", "\\\\BALIE-1\\Users\\Public\\PP"),
        ("\\\\BALIE-1\\PP\\Users\\list", "\\\\BALIE-1\\PP\\Users\\list"),
        ("folder:/home/piet/pp (Toegang geweigerd)", "folder:%USERPROFILE%/pp (Toegang geweigerd)"),
        ("/data/home/lijst", "/data/home/lijst"),
        ("C:\\Documents and Settings\\Jan\\PP", "%USERPROFILE%\\PP"),
        ("HKU\\S-1-12-1-111-222-333-444\\Network", "HKU\\%SID%\\Network"),
        ("HKU\\s-1-5-21-1-2-3-1001_Classes", "HKU\\%SID%_Classes"),
        ("S-1-5-18", "S-1-5-18"),
    ],
)
def test_a_person_is_not_named_by_whatever_way_a_profile_is_reached(
    written: str, said: str
) -> None:
    assert Scrub().text(written) == said


def test_a_profile_that_is_a_link_is_hidden_by_both_its_paths() -> None:
    homes = (PurePosixPath("/profiles/jan"), PurePosixPath("/data/profiles/jan"))
    for root in ("/profiles/jan/PP", "/data/profiles/jan/PP"):
        document = to_json(build(run(installation(root=PurePosixPath(root))), home=homes))
        assert b"jan" not in document
        assert validate_report(document)["installations"][0]["root"] == "%USERPROFILE%/PP"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("D:\\Profielen\\piet.bakker\\Desktop\\a.lnk", "%USERPROFILE%\\Desktop\\a.lnk"),
        ("d:/profielen/PIET.BAKKER/a", "%USERPROFILE%/a"),
        ("\\\\SRV01\\Redirect$\\jan\\Desktop\\PP", "%USERPROFILE%\\PP"),
        ("\\\\?\\UNC\\srv01\\redirect$\\jan\\Desktop", "%USERPROFILE%"),
        ("//SRV01/Redirect$/jan/Desktop/PP", "%USERPROFILE%/PP"),
        ("\\\\SRV01\\Redirect$\\alles", "\\\\SRV01\\Redirect$\\alles"),
        ("D:\\Profielen\\piet.bakkerij", "D:\\Profielen\\piet.bakkerij"),
    ],
)
def test_profiles_that_lie_elsewhere_are_hidden_once_they_are_known(
    written: str, said: str
) -> None:
    known = (r"D:\Profielen\piet.bakker", r"\\SRV01\Redirect$\jan\Desktop")
    assert Scrub(*map(PureWindowsPath, known)).text(written) == said


@pytest.mark.parametrize("half", [chr(0xD800), chr(0xDCFF)])
def test_half_a_character_is_written_out(half: str) -> None:
    written_out = half.encode("ascii", "backslashreplace").decode()
    name = f"Kapot{half}"
    assert Scrub().text(name) == f"Kapot{written_out}"
    assert Scrub().facts({"path": name, "paths": [name]}) == {
        "path": f"Kapot{written_out}",
        "paths": [f"Kapot{written_out}"],
    }


def test_a_report_with_half_a_character_anywhere_is_a_document() -> None:
    half = "Kapot\ud800"
    source = Coverage(f"folder:D:\\{half}", SourceKind.FOLDER, frozenset())
    error = UsageError("root-absent", path=half)
    root = PureWindowsPath(f"D:\\{half}")
    document = to_json(build(run(installation(root=root, coverage=(source,)), error=error)))
    content = validate_report(document)
    assert content["installations"][0]["root"] == "D:\\Kapot\\ud800"
    assert content["error"]["facts"]["path"] == "Kapot\\ud800"
