"""Making a manifest from a look: nothing hidden, nothing that belongs to one PC."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest

from agent.errors import ItError, UsageError
from agent.manifest.limits import NOT_RECORDED
from agent.manifest.making import Made, build, ensure_unchanged, listing_role
from agent.manifest.names import fold
from agent.manifest.reading import parse
from agent.manifest.writing import to_bytes
from agent.model import FileSeen, Inventory, Mode, OsProblem, Role
from agent.outcomes import ExitCode
from agent.profiles import Profile, Profiles
from tests.unit.manifest.examples import sha

NOON = datetime(2022, 12, 20, 12, 0, 0, 999, tzinfo=timezone(timedelta(hours=1)))
MTIME_NS = 1_669_799_564_999_999_999
GENERIC = Profiles.load().get("generic")
MEDICOM = Profiles.load().get("medicom")


def look(
    paths: Iterable[str],
    profile: Profile = GENERIC,
    directories: Iterable[str] = (),
    **changes: object,
) -> Inventory:
    role_of = listing_role(profile)
    seen = [
        FileSeen(p, len(p), MTIME_NS, sha(p) if role_of(p) is Role.PROGRAM else None) for p in paths
    ]
    found = Inventory(
        root=Path("root"),
        mode=Mode.FULL,
        files={fold(one.path): one for one in seen},
        directories={fold(path): path for path in directories},
        links=(),
        unreadable_directories={},
        ignored=0,
        bytes_read=0,
        newest_mtime_ns=0,
    )
    return replace(found, **changes)


def make(inventory: Inventory, profile: Profile = GENERIC, **changes: object) -> Made:
    arguments: Mapping[str, object] = {
        "version": "2022.4",
        "origin": "made on WERKPLEK-1",
        "created": NOON,
        **changes,
    }
    return build(inventory, profile, **arguments)


def test_lists_every_file_of_a_generic_program() -> None:
    made = make(look(["b.exe", "lib/a.dll"], directories=["lib", "empty"]), sequence=4, stamp="1.2")
    manifest = made.manifest
    assert [file.path for file in manifest.files] == ["b.exe", "lib/a.dll"]
    assert [file.sha256 for file in manifest.files] == [sha("b.exe"), sha("lib/a.dll")]
    assert {file.mtime for file in manifest.files} == {"2022-11-30T09:12:44Z"}
    assert manifest.directories == ("empty", "lib")
    assert (manifest.created, manifest.sequence, manifest.stamp) == (
        "2022-12-20T11:00:00Z",
        4,
        "1.2",
    )
    assert made.left_out == ()


def test_what_is_made_can_be_read() -> None:
    manifest = make(look(["b.exe", "é/a.dll"], directories=["é"])).manifest
    assert parse(to_bytes(manifest), "x") == manifest


def test_the_same_tree_gives_the_same_bytes_in_whatever_order_it_was_seen() -> None:
    one = make(look(["a.exe", "b/c.dll"], directories=["b", "d"]))
    other = make(look(["b/c.dll", "a.exe"], directories=["d", "b"]))
    assert to_bytes(one.manifest) == to_bytes(other.manifest)


def test_names_what_a_named_profile_leaves_out_and_why() -> None:
    paths = ["medicom.exe", "medicom.ini", "run.log", "notes.xyz", "bin/nul.dll"]
    made = make(look(paths, MEDICOM, links=("bin/link",)), MEDICOM)
    assert [(file.path, file.role) for file in made.manifest.files] == [
        ("medicom.exe", Role.PROGRAM),
        ("medicom.ini", Role.SETTINGS),
    ]
    assert made.left_out == (
        ("bin/link", "left-out-link"),
        ("bin/nul.dll", "left-out-name"),
        ("notes.xyz", "left-out-unknown"),
        ("run.log", "left-out-ignored"),
    )


def test_settings_are_listed_without_size_time_or_bytes() -> None:
    made = make(look(["medicom.exe", "medicom.ini"], MEDICOM), MEDICOM)
    settings = made.manifest.files[1]
    assert (settings.size, settings.sha256, settings.mtime) == (0, NOT_RECORDED, msgspec.UNSET)


def test_the_look_for_a_manifest_lists_everything_and_reads_program_files_only() -> None:
    role_of = listing_role(MEDICOM)
    assert role_of("bin/a.exe") is Role.PROGRAM
    assert {role_of(path) for path in ("run.log", "a.ini", "brief Jansen.doc")} == {Role.SETTINGS}


def test_folders_of_files_that_are_left_out_are_not_named() -> None:
    paths = ["bin/medicom.exe", "export/Jansen/brief.doc", "Jansen/brief.doc"]
    folders = ["bin", "export", "export/Jansen", "Jansen", "sjablonen", "data", "data/leeg"]
    made = make(look(paths, MEDICOM, folders), MEDICOM)
    assert made.manifest.directories == ("bin", "sjablonen")


def test_no_empty_folder_is_named_when_the_look_left_ignored_files_out() -> None:
    found = look(["bin/medicom.exe"], MEDICOM, ["bin", "Jansen"], ignored=3)
    assert make(found, MEDICOM).manifest.directories == ("bin",)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"version": "2022/4"}, "version"),
        ({"version": ""}, "version"),
        ({"version": "nul"}, "version"),
        ({"origin": ""}, "origin"),
        ({"origin": "a\nb"}, "origin"),
        ({"created": "yesterday"}, "created"),
        ({"stamp": "\x00"}, "stamp"),
    ],
)
def test_refuses_values_that_can_not_stand_in_a_manifest(
    changes: dict[str, object], key: str
) -> None:
    with pytest.raises(UsageError) as caught:
        make(look(["a.exe"]), **changes)
    assert (caught.value.problem, caught.value.facts["key"]) == ("make-value-not-allowed", key)


def test_refuses_a_folder_without_any_program_file() -> None:
    with pytest.raises(UsageError) as caught:
        make(look(["medicom.ini"], MEDICOM), MEDICOM)
    assert caught.value.problem == "make-nothing-to-list"


def test_refuses_a_quick_look() -> None:
    found = look(["a.exe"])
    seen = msgspec.structs.replace(found.files["A.EXE"], sha256=None)
    with pytest.raises(UsageError) as caught:
        make(replace(found, files={"A.EXE": seen}))
    assert caught.value.problem == "make-needs-full-look"


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (OsProblem(13, None, "Permission denied"), ExitCode.NO_RIGHTS),
        (OsProblem(5, None, "Input/output error"), ExitCode.DISK_ERROR),
        (OsProblem(13, 23, "CRC"), ExitCode.DISK_ERROR),
    ],
)
def test_refuses_a_folder_that_could_not_be_read_whole(problem: OsProblem, code: ExitCode) -> None:
    found = look(["a.exe"])
    seen = msgspec.structs.replace(found.files["A.EXE"], sha256=None, error=problem)
    for broken in (
        replace(found, files={"A.EXE": seen}),
        replace(found, unreadable_directories={"LIB": problem}),
    ):
        with pytest.raises(ItError) as caught:
            make(broken)
        assert (caught.value.problem, caught.value.exit_code) == ("make-unreadable", code)


def test_two_looks_at_a_quiet_folder_are_the_same() -> None:
    quick = look(["a.exe", "b/c.dll"], directories=["b"])
    unread = {key: msgspec.structs.replace(f, sha256=None) for key, f in quick.files.items()}
    ensure_unchanged(quick, replace(quick, mode=Mode.QUICK, files=unread))


@pytest.mark.parametrize(
    "second",
    [
        look(["a.exe"], directories=["b"]),
        look(["a.exe", "b.exe", "c.exe"], directories=["b"]),
        look(["a.exe", "B.exe"], directories=["b"]),
        look(["a.exe", "b.exe"]),
        look(["a.exe", "b.exe"], directories=["b"], links=("x",)),
        *(
            replace(
                look(["a.exe", "b.exe"], directories=["b"]),
                files={
                    "A.EXE": FileSeen("a.exe", 5, MTIME_NS, sha("a.exe")),
                    "B.EXE": FileSeen("b.exe", *other),
                },
            )
            for other in ((6, MTIME_NS), (5, MTIME_NS + 1), (5, MTIME_NS, sha("x")))
        ),
    ],
    ids=["gone", "new", "renamed", "folder-gone", "link", "size", "time", "bytes"],
)
def test_refuses_a_folder_that_changes_while_it_is_looked_at(second: Inventory) -> None:
    first = look(["a.exe", "b.exe"], directories=["b"])
    with pytest.raises(ItError) as caught:
        ensure_unchanged(first, second)
    assert caught.value.problem == "folder-changing"
    assert caught.value.exit_code is ExitCode.UPDATE_RUNNING
    assert caught.value.facts["count"] == 1


def test_created_is_written_in_utc() -> None:
    assert make(look(["a.exe"]), created=NOON.astimezone(UTC)).manifest.created.endswith(
        "11:00:00Z"
    )
