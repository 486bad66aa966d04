"""Everything that can't be meant: one sentence, the right code, and nothing is written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import agent
from agent.errors import ManifestError
from agent.manifest import limits
from agent.manifest.reading import parse
from agent.manifest.writing import to_bytes
from agent.outcomes import ExitCode
from tests.faults.accounts import NOBODY, open_folder
from tests.unit.workstation import (
    OLD,
    Said,
    Workstation,
    in_a_process,
    lay,
    manifest_of,
    snapshot,
    werkplek,
)

LOST = tuple(OLD)[:3]
GOOD = json.loads(to_bytes(manifest_of({"bin/a.dll": b"a"}, "1.0", settings=())))


@pytest.fixture
def damaged(pc: Workstation) -> Workstation:
    """A PC on which a repair would have something to do, and that was looked at once."""
    pc.install().know().delete(*LOST)
    assert pc.check().code == ExitCode.NOT_REPAIRABLE
    return pc


def _refused(
    pc: Workstation, said: Said, code: int, problem: str, before: dict[str, object]
) -> str:
    """One sentence, the right code, nothing written; gives the sentence."""
    assert said.code == code, said
    error = said.report["error"]
    assert error["code"] == problem, error
    assert said.report["installations"] == []
    sentence = error["text"]
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert "?" not in sentence
    assert "Traceback" not in said.out + said.err
    assert snapshot(pc.base) == before
    return sentence


def _everywhere(pc: Workstation, *more: object) -> Iterator[Said]:
    """The same bad input to every verb that takes it."""
    yield pc.check(*more)
    yield pc.plan(*more)
    yield pc.do("sources", *more)
    yield pc.repair(*more)
    yield pc.repair("--dry-run", *more)


# Manifests.


def _bytes(document: object) -> bytes:
    return json.dumps(document).encode()


MANIFESTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "document-absent"),
    "empty": (lambda path: path.write_bytes(b""), "document-empty"),
    "binary": (lambda path: path.write_bytes(bytes(range(256)) * 9), "document-not-utf-8"),
    "not-json": (lambda path: path.write_bytes(b"{]"), "document-not-json"),
    "a-list": (lambda path: path.write_bytes(b"[]"), "document-not-an-object"),
    "half-of-one": (
        lambda path: path.write_bytes(_bytes(GOOD)[:-20]),
        "document-not-json",
    ),
    "a-pipe": (os.mkfifo, "document-not-a-file"),
    "huge": (
        lambda path: _sparse(path, limits.MAX_DOCUMENT_BYTES + 1),
        "document-too-large",
    ),
    "wrong-version": (
        lambda path: path.write_bytes(_bytes(GOOD | {"schema": "werkplekherstel.manifest/2"})),
        "schema-version",
    ),
    "not-ours": (
        lambda path: path.write_bytes(_bytes(GOOD | {"schema": "npm/1"})),
        "schema-unknown",
    ),
    "duplicate-key": (
        lambda path: path.write_bytes(_bytes(GOOD)[:-1] + b', "version": "2.0"}'),
        "key-twice",
    ),
    "byte-order-mark": (
        lambda path: path.write_bytes(b"\xef\xbb\xbf" + _bytes(GOOD)),
        "document-byte-order-mark",
    ),
}


def _sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def _shallow(folder: Path) -> dict[str, object]:
    """As `snapshot`, without reading what is huge or would be waited for."""
    return {
        str(path): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in folder.rglob("*")
    }


@pytest.mark.parametrize(("make", "problem"), MANIFESTS.values(), ids=MANIFESTS.keys())
def test_a_manifest_that_is_none(
    damaged: Workstation, make: Callable[[Path], object], problem: str
) -> None:
    bad = damaged.base / "bad.json"
    make(bad)
    before = _shallow(damaged.base)
    for said in _everywhere(damaged, "--manifest", bad):
        assert said.code == ExitCode.NO_REFERENCE
        error = said.report["error"]
        assert error["code"] == "manifest-refused"
        assert problem in {one["code"] for one in error["problems"]}
        assert str(bad) in error["text"]
        assert _shallow(damaged.base) == before
    verified = werkplek("manifest", "verify", bad, "--lang", "en")
    assert (verified.code, verified.out) == (ExitCode.NO_REFERENCE, "")
    assert str(bad) in verified.err


BAD_PATHS = {
    "": "path-empty",
    "/bin/a.dll": "path-absolute",
    "//server/share/a": "path-absolute",
    "C:/a.dll": "path-drive",
    "C:a.dll": "path-drive",
    "bin\\a.dll": "path-backslash",
    "bin//a.dll": "path-part-empty",
    "bin/": "path-part-empty",
    "./a.dll": "path-dot",
    "bin/./a.dll": "path-dot",
    "../a.dll": "path-parent",
    "bin/../../a.dll": "path-parent",
    "bin/a.dll.": "path-trailing",
    "bin /a.dll": "path-trailing",
    "bin/NUL": "path-device",
    "bin/com1.dll": "path-device",
    "COM¹/a.dll": "path-device",
    "bin/a:b.dll": "path-character",
    "bin/a*.dll": "path-character",
    "bin/a?.dll": "path-character",
    'bin/"a".dll': "path-character",
    "bin/a|b.dll": "path-character",
    "bin/a\x00.dll": "path-control",
    "bin/a\n.dll": "path-control",
    "bin/e\u0301.dll": "path-not-nfc",
    "bin/\ud800.dll": "path-surrogate",
    "bin/" + "a" * 256: "path-part-too-long",
    "a/" * 16_001 + "a": "path-too-long",
    ".werkplekherstel.lock": "path-ours",
    ".werkplekherstel/x": "path-ours",
    "bin/.werkplek-x": "path-ours",
}


@pytest.mark.parametrize(
    ("path", "problem"), BAD_PATHS.items(), ids=map(ascii, range(len(BAD_PATHS)))
)
def test_a_manifest_with_a_path_that_may_not_be(
    damaged: Workstation, path: str, problem: str
) -> None:
    document = GOOD | {"files": [GOOD["files"][0] | {"path": path}]}
    bad = damaged.base / "bad.json"
    bad.write_bytes(_bytes(document))
    before = snapshot(damaged.base)
    said = damaged.repair("--manifest", bad, "--source", damaged.base / "kopie")
    _refused(damaged, said, ExitCode.NO_REFERENCE, "manifest-refused", before)
    named = [(one["where"], one["code"]) for one in said.report["error"]["problems"]]
    assert ("files[0].path", problem) in named
    with pytest.raises(ManifestError):
        parse(bad.read_bytes(), "x")


def test_a_catalogue_with_one_broken_list_is_refused(damaged: Workstation) -> None:
    (damaged.lists / "medicom-9.json").write_bytes(b"{}")
    before = snapshot(damaged.base)
    for said in _everywhere(damaged):
        _refused(damaged, said, ExitCode.NO_REFERENCE, "manifest-refused", before)


def test_two_lists_that_contradict_are_refused(damaged: Workstation) -> None:
    (damaged.lists / "again.json").write_bytes(to_bytes(manifest_of({"x.dll": b"x"}, "2022.4")))
    before = snapshot(damaged.base)
    said = damaged.check()
    _refused(damaged, said, ExitCode.NO_REFERENCE, "manifest-refused", before)


# Roots.


def _dangling(base: Path) -> Path:
    (base / "dangling").symlink_to(base / "nowhere")
    return base / "dangling"


def _link_to_itself(base: Path) -> Path:
    (base / "round").symlink_to(base / "about")
    (base / "about").symlink_to(base / "round")
    return base / "round"


ROOTS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "absent": (lambda base: base / "not there", "root-absent"),
    "below-a-file": (lambda base: base / "pc/PP/medicom.exe/x", "root-absent"),
    "a-file": (lambda base: base / "pc/PP/medicom.exe", "root-not-a-folder"),
    "dangling-link": (_dangling, "root-absent"),
    "loop-of-links": (_link_to_itself, "root-unusable"),
    "top": (lambda base: Path("/"), "root-too-high"),
    "top-in-disguise": (lambda base: Path("/usr/../"), "root-too-high"),
    "system": (lambda base: Path("/usr/bin"), "root-too-high"),
    "system-inside": (lambda base: Path("/etc/init.d"), "root-too-high"),
    "shared-by-all": (lambda base: Path("/opt"), "root-too-high"),
    "link-to-system": (lambda base: _linked(base, "/usr"), "root-too-high"),
    "home": (lambda base: Path.home(), "root-too-high"),
    "our-source": (lambda base: Path(agent.__file__).parent, "root-is-our-source"),
    "our-tests": (lambda base: Path(__file__).parent, "root-is-our-source"),
    "above-our-source": (lambda base: Path(agent.__file__).parents[2], "root-"),
    "our-state": (lambda base: base / "state", "state-inside-root"),
    "above-our-state": (lambda base: base, "state-inside-root"),
    "inside-our-state": (lambda base: base / "state" / "reports", "root-inside-state"),
    "name-too-long": (lambda base: base / ("a" * 300), "root-unusable"),
}


def _linked(base: Path, to: str) -> Path:
    (base / "linked").symlink_to(to)
    return base / "linked"


@pytest.mark.parametrize(("place", "problem"), ROOTS.values(), ids=ROOTS.keys())
def test_a_root_that_can_not_be_one(
    damaged: Workstation, place: Callable[[Path], Path], problem: str
) -> None:
    Path.home().mkdir(parents=True, exist_ok=True)
    root = place(damaged.base)
    before = snapshot(damaged.base)
    common = ["--json", "--root", root, *damaged.options()[2:]]
    for verb in ("check", "plan", "sources", "repair", "undo"):
        said = werkplek(verb, *common)
        assert said.report["error"]["code"].startswith(problem), said
        sentence = _refused(damaged, said, ExitCode.USAGE, said.report["error"]["code"], before)
        assert str(root) in sentence or "%USERPROFILE%" in sentence


def test_a_list_is_not_made_of_a_whole_system(damaged: Workstation) -> None:
    made = damaged.base / "made.json"
    before = snapshot(damaged.base)
    cases = {
        "/": "make-folder-unfit",
        "/usr": "make-folder-unfit",
        damaged.base / "not there": "make-folder-absent",
        damaged.root / "medicom.exe": "make-folder-unfit",
    }
    for folder, problem in cases.items():
        said = werkplek("manifest", "make", folder, "--version", "1", "--output", made, "--json")
        sentence = _refused(damaged, said, ExitCode.USAGE, problem, before)
        assert str(folder) in sentence
        assert "--root" not in sentence
    inside = damaged.root / "made.json"
    said = werkplek(
        "manifest", "make", damaged.root, "--version", "1", "--output", inside, "--json"
    )
    _refused(damaged, said, ExitCode.USAGE, "output-inside-folder", before)
    taken = next(damaged.lists.iterdir())
    said = werkplek("manifest", "make", damaged.root, "--version", "1", "--output", taken, "--json")
    _refused(damaged, said, ExitCode.USAGE, "output-exists", before)
    nowhere = damaged.base / ("x" * 300)  # no file system takes such a name
    said = werkplek(
        "manifest", "make", damaged.root, "--version", "1", "--output", nowhere, "--json"
    )
    _refused(damaged, said, ExitCode.NO_RIGHTS, "output-not-writable", before)
    said = werkplek(
        "manifest", "make", damaged.root, "--version", "a/b", "--output", made, "--json"
    )
    _refused(damaged, said, ExitCode.USAGE, "make-value-not-allowed", before)


# Sources.


def test_a_source_that_is_the_target_or_inside_it(damaged: Workstation) -> None:
    link = damaged.base / "link"
    link.symlink_to(damaged.root)
    before = snapshot(damaged.base)
    for place in (damaged.root, damaged.root / "bin", link, damaged.root / "bin" / ".."):
        for said in _everywhere(damaged, "--source", place):
            _refused(damaged, said, ExitCode.USAGE, "source-is-target", before)


def test_a_file_is_no_source(damaged: Workstation) -> None:
    file = damaged.base / "copy.zip"
    file.write_bytes(b"PK")
    before = snapshot(damaged.base)
    for said in _everywhere(damaged, "--source", file):
        sentence = _refused(damaged, said, ExitCode.USAGE, "source-not-a-folder", before)
        assert str(file) in sentence


@pytest.mark.parametrize("marker", [None, b"", b"{", b"[]", b'{"complete": "yes"}', b"\xff"])
def test_a_stick_without_its_complete_marker_is_refused(
    damaged: Workstation, marker: bytes | None
) -> None:
    stick = damaged.make_stick()
    if marker is None:
        (stick / "werkplekherstel.json").unlink()
    else:
        (stick / "werkplekherstel.json").write_bytes(marker)
    before = snapshot(damaged.root, stick)
    for said in (damaged.check("--source", stick), damaged.repair("--source", stick)):
        assert said.code == ExitCode.SOURCES_REFUSED
        (seen,) = (source for source in said.one["sources"] if source["kind"] == "stick")
        assert seen["refused"] == "stick-incomplete"
    assert snapshot(damaged.root, stick) == before
    words = damaged.do("check", "--source", stick, json=False).out
    assert "stick" in words


# State.


def test_a_state_folder_that_is_not_ours(damaged: Workstation) -> None:
    other = lay(damaged.base / "other", {"notes.txt": b"somebody's"})
    marked = lay(damaged.base / "marked", {"werkplekherstel-state.json": b"{}"})
    newer = {"werkplekherstel-state.json": b'{"schema":"werkplekherstel.state/2","host":"x"}'}
    newer_one = lay(damaged.base / "newer", newer)
    file = damaged.base / "other" / "notes.txt"
    dangling = _dangling(damaged.base)
    before = snapshot(damaged.base)
    for state in (other, marked, newer_one, file, dangling):
        for verb in ("check", "plan", "sources", "repair", "undo", "report", "status"):
            arguments = ["--root", damaged.root, "--state", state, "--json"]
            said = werkplek(verb, *arguments)
            sentence = _refused(damaged, said, ExitCode.USAGE, "state-not-ours", before)
            assert str(state) in sentence


def test_a_state_folder_inside_the_root(damaged: Workstation) -> None:
    inside = damaged.root / "state"
    before = snapshot(damaged.base)
    for verb in ("check", "plan", "repair", "undo"):
        said = werkplek(verb, "--root", damaged.root, "--state", inside, "--json")
        _refused(damaged, said, ExitCode.USAGE, "state-inside-root", before)


def test_a_state_folder_that_can_not_be_written() -> None:
    """As another account: a look still answers, a repair refuses before it looks."""
    if os.geteuid() != 0:
        pytest.skip("only the superuser can become another account")
    with open_folder() as base:
        pc = Workstation(base)
        pc.install().know().delete(*LOST)
        pc.source("kopie", OLD)
        os.chown(pc.root, NOBODY, NOBODY)
        locked = base / "locked"
        locked.mkdir(mode=0o755)
        before = snapshot(base)
        common = ["--root", pc.root, "--state", locked / "state", "--catalogue", pc.lists, "--json"]
        common += ["--source", pc.base / "kopie"]
        refused = in_a_process(base, "repair", "--yes", *common, account=NOBODY)
        assert (refused.code, refused.report["error"]["code"]) == (50, "state-not-writable")
        looked = in_a_process(base, "check", *common, account=NOBODY)
        assert looked.code == looked.report["exit_code"] == ExitCode.REPAIRABLE
        assert str(locked) in looked.err
        assert snapshot(base) == before


def test_no_report_yet(pc: Workstation) -> None:
    for verb in ("report", "status"):
        said = werkplek(verb, "--state", pc.state, "--json")
        assert (said.code, said.report["error"]["code"]) == (2, "no-last-report")
        assert not pc.state.exists()
    pc.install().know()
    pc.ports().state.establish()
    for verb in ("report", "status"):
        said = werkplek(verb, "--state", pc.state, "--json")
        assert (said.code, said.report["error"]["code"]) == (2, "no-last-report")


def test_a_report_that_was_damaged(damaged: Workstation) -> None:
    last = damaged.state / "last-report.json"
    last.write_bytes(last.read_bytes()[:-9])
    before = snapshot(damaged.base)
    for verb in ("report", "status"):
        said = werkplek(verb, "--state", damaged.state, "--json")
        _refused(damaged, said, ExitCode.USAGE, "report-unreadable", before)


# Names and codes.


@pytest.mark.parametrize(
    ("arguments", "problem", "named"),
    [
        (("--product", "promedico"), "unknown-product", "pharmacom"),
        (("--product", "../x"), "product-name", "../x"),
        (("--to-version", "1999"), "to-version-unknown", "2022.4, 2023.1"),
        (("--accept", "all"), "unknown-brake", "mass-change"),
        (("--config", "not there.toml"), "config-unreadable", "not there.toml"),
        (("--lang", "fr"), "unknown-language", "nl, en"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_name_that_is_unknown(
    damaged: Workstation, arguments: tuple[str, ...], problem: str, named: str
) -> None:
    before = snapshot(damaged.base)
    said = damaged.repair(*arguments)
    if problem == "to-version-unknown":  # known only after the look, which the report then holds
        assert said.code == ExitCode.USAGE
        assert said.report["error"]["code"] == problem
        assert snapshot(damaged.root) == {
            k: v for k, v in before.items() if k.startswith(str(damaged.root))
        }
        sentence = said.report["error"]["text"]
    else:
        sentence = _refused(damaged, said, ExitCode.USAGE, problem, before)
    assert named in sentence


def test_accepting_a_brake_that_is_not_on_does_no_harm(damaged: Workstation) -> None:
    copy = damaged.source("kopie", OLD)
    assert damaged.repair("--source", copy, "--accept", "downgrade").code == ExitCode.OK
    assert damaged.holds(OLD)


@pytest.mark.parametrize("code", ["0000-0000-0000", "nonsense", "-"])
def test_a_wrong_check_code_changes_nothing(pc: Workstation, code: str) -> None:
    pc.install().delete(*LOST)
    stick = pc.make_stick(made="2999-01-01T00:00:00Z")
    before = snapshot(pc.root)
    said = pc.repair("--source", stick, "--code", code)
    assert said.code == ExitCode.NEEDS_PERSON
    assert said.one["brakes"] == ["adhoc"]
    assert snapshot(pc.root) == before
    right = pc.code_of_stick().replace("-", " ").lower().replace("0", "o").replace("1", "l")
    assert pc.repair("--source", stick, "--code", right).code == ExitCode.OK
    assert pc.holds(OLD)


def test_two_products_that_explain_a_folder_equally_well(pc: Workstation) -> None:
    pc.install().know(
        manifest_of(OLD, "1.0", product="medicom"), manifest_of(OLD, "1.0", product="pharmacom")
    )
    before = snapshot(pc.base)
    said = pc.check()
    _refused(pc, said, ExitCode.USAGE, "root-ambiguous-product", before)
    assert pc.check("--product", "Pharmacom").one["product"] == "pharmacom"
    # From then on nothing is in doubt any more once the folder was whole.
    assert pc.repair("--product", "pharmacom").code == ExitCode.OK
    assert pc.check().one["product"] == "pharmacom"


def test_a_folder_of_none_of_two_products_is_the_wrong_folder(pc: Workstation) -> None:
    lay(pc.root, {"lees.txt": b"nothing of either"})
    pc.know(
        manifest_of(OLD, "1.0", product="medicom"), manifest_of(OLD, "1.0", product="pharmacom")
    )
    assert pc.check().code == ExitCode.NOT_FOUND


@pytest.mark.parametrize("where", ["inside", "taken"])
def test_a_wanted_list_does_not_go_just_anywhere(damaged: Workstation, where: str) -> None:
    path = damaged.root / "w.json" if where == "inside" else next(damaged.lists.iterdir())
    problem = "output-inside-folder" if where == "inside" else "output-exists"
    before = snapshot(damaged.base)
    said = damaged.plan("--wanted", path)
    _refused(damaged, said, ExitCode.USAGE, problem, before)


def test_an_output_folder_that_is_not_there_is_found_out_before_any_work(
    damaged: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("agent.inventory.take", looked)
    monkeypatch.setattr("agent.workflow.running.assess", looked)
    before = snapshot(damaged.base)
    absent = damaged.base / "nergens"
    made = ("--version", "1", "--output", absent / "x.json", "--json")
    for said in (
        werkplek("manifest", "make", damaged.root, *made),
        damaged.plan("--wanted", absent / "x.json"),
    ):
        sentence = _refused(damaged, said, ExitCode.USAGE, "output-folder-absent", before)
        assert f"de map {absent} bestaat niet" in sentence


def test_a_wanted_list_that_can_not_be_written_does_not_lose_the_plan(
    damaged: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("agent.workflow.wanting.write", full)
    wanted = damaged.base / "wanted.json"
    said = damaged.plan("--wanted", wanted)
    assert said.code == ExitCode.NO_RIGHTS
    assert said.report["error"]["code"] == "output-not-writable"
    assert said.one["plan"]["version"] == "2022.4"
    assert not wanted.exists()
    text = damaged.do("plan", "--wanted", wanted, json=False).out
    assert "No space left on device" in text
    assert LOST[0] in text
