"""From raw texts to absolute paths."""

from __future__ import annotations

import ntpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.discovery.command_lines import CommandLines, host_of, is_share, likely

LINES = CommandLines(
    {"PROGRAMFILES": "C:\\Program Files", "PROGRAMFILES(X86)": "C:\\Program Files (x86)"},
    "C:\\Windows",
)
PROGRAM = "C:\\Pharma Partners\\medicom.exe"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (f'"{PROGRAM}"', PROGRAM),
        (f'"{PROGRAM}" /auto', PROGRAM),
        (f'"{PROGRAM} /auto"', PROGRAM),
        (f'"{PROGRAM}', PROGRAM),
        (f"'{PROGRAM}' -x", PROGRAM),
        (f"{PROGRAM} /auto D:\\x.exe", PROGRAM),
        (f"{PROGRAM} -k", PROGRAM),
        (f'"{PROGRAM}",0', PROGRAM),
        (f"{PROGRAM},-101", PROGRAM),
        (f" {PROGRAM} , 3 ", PROGRAM),
        ("@C:\\PP\\texts.dll,-5", "C:\\PP\\texts.dll"),
        ("\\??\\C:\\PP\\a.sys", "C:\\PP\\a.sys"),
        ("\\\\?\\C:\\PP\\a.sys", "C:\\PP\\a.sys"),
        ("\\??\\UNC\\HOST\\Share\\a.exe", "\\\\HOST\\Share\\a.exe"),
        ("\\SystemRoot\\System32\\a.sys", "C:\\Windows\\System32\\a.sys"),
        ("system32\\drivers\\a.sys", "C:\\Windows\\system32\\drivers\\a.sys"),
        ("file:///C:/Pharma%20Partners/medicom.exe", PROGRAM),
        ("FILE://HOST/Share/a.exe", "\\\\HOST\\Share\\a.exe"),
        ("%ProgramFiles%\\PP\\a.exe", "C:\\Program Files\\PP\\a.exe"),
        ("%programfiles(x86)%\\PP\\a.exe", "C:\\Program Files (x86)\\PP\\a.exe"),
        ("C:/PP/a.exe /S", "C:\\PP\\a.exe"),
        ("C:\\PP\\a.exe\0D:\\junk.exe", "C:\\PP\\a.exe"),
        ('rundll32.exe "C:\\PP x\\a.dll",Entry', "C:\\PP x\\a.dll"),
        ("C:\\Windows\\System32\\rundll32.exe C:\\PP x\\a.dll,Entry 1", "C:\\PP x\\a.dll"),
        ('cmd /c start "" "D:\\a b\\c.bat" x', "D:\\a b\\c.bat"),
        ('"C:\\Program Files\\Java\\bin\\javaw.exe" -jar "D:\\PP\\x.jar"', "D:\\PP\\x.jar"),
        ("C:\\Program Files\\Java\\bin\\javaw.exe -jar D:\\PP\\x.jar", "D:\\PP\\x.jar"),
        ("\\\\HOST\\Share\\a b.exe /x", "\\\\HOST\\Share\\a b.exe"),
        ("D:\\Praktijk\\PP 2019\\Medicom\\", "D:\\Praktijk\\PP 2019\\Medicom"),
        ("D:\\Praktijk\\..\\Medicom\\a.exe", "D:\\Medicom\\a.exe"),
        ("D:\\Huisarts Zoë\\start.exe", "D:\\Huisarts Zoë\\start.exe"),
    ],
)
def test_a_text_means_one_path(text: str, path: str) -> None:
    assert likely(LINES.candidates(text)) == path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        '"',
        "medicom.exe",
        "file:",
        '"file:///"',
        "medicom.exe /auto",
        "C:medicom.exe",
        "%NOBODY%\\medicom.exe",
        "MsiExec.exe /X{91120000-0030-0000-0000-0000000FF1CE}",
        '"C:\\Windows\\System32\\msiexec.exe" /I "C:\\x.msi"',
        "rundll32.exe shell32.dll,Control_RunDLL",
        "\\\\.\\pipe\\medicom",
        "\\Device\\HarddiskVolume3\\a.exe",
        "https://example.org/a.exe",
        "\\\\HOST",
        "C:\\a<b>.exe",
        "{91120000-0030-0000-0000-0000000FF1CE}",
    ],
)
def test_a_text_that_names_no_place_gives_nothing(text: str) -> None:
    assert LINES.candidates(text) == ()


def test_an_unquoted_path_gives_each_program_it_may_mean_longest_first() -> None:
    text = "C:\\Program Files\\My App.exe data\\x.exe /S"
    assert LINES.candidates(text) == (
        "C:\\Program Files\\My App.exe data\\x.exe",
        "C:\\Program Files\\My App.exe",
    )


def test_a_folder_that_a_longer_path_begins_with_is_never_meant() -> None:
    assert "C:\\Pharma" not in LINES.candidates(f"{PROGRAM} /auto")
    assert "C:\\Pharma" not in LINES.candidates("C:\\Pharma Partners")


def test_a_folder_is_taken_whole() -> None:
    assert LINES.folder('"D:\\Praktijk /oud - kopie\\Medicom\\"') == (
        "D:\\Praktijk \\oud - kopie\\Medicom"
    )
    assert LINES.folder("Medicom") is None
    assert LINES.folder("C:\\") == "C:\\"


def test_a_list_gives_the_candidates_of_each_part() -> None:
    text = 'C:\\A;%ProgramFiles%\\B;;"D:\\C c";DBQ=D:\\db.mdb;Driver={SQL Server};x'
    assert LINES.listed(text) == (
        ("C:\\A",),
        ("C:\\Program Files\\B",),
        ("D:\\C c",),
        ("D:\\db.mdb",),
    )


def test_a_text_without_end_is_cut() -> None:
    assert LINES.candidates("C:\\" + "a " * 1_000_000) != ()
    assert len(LINES.listed("C:\\a;" * 1_000_000)) == 200


def test_hosts_of_shares() -> None:
    assert host_of("\\\\Werkplek-A\\PP\\a.exe") == "werkplek-a"
    assert host_of("//Werkplek-A/PP") == "werkplek-a"
    assert host_of("C:\\x") is None
    assert is_share("\\\\h\\s")
    assert not is_share("C:\\\\h")


@given(st.text(alphabet=st.sampled_from(list("Cc:\\/ \"'.,;%@?-{}=()~ëa1\0exe")), max_size=60))
def test_whatever_comes_out_is_absolute_and_clean(text: str) -> None:
    found = [one for part in LINES.listed(text) for one in part]
    for path in (*found, *LINES.candidates(text), *filter(None, [LINES.folder(text)])):
        assert ntpath.isabs(path)
        assert not set(path) & set('"<>|?*\0/')
        assert ":" not in path[2:]
