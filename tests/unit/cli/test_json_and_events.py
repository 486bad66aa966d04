"""stdout is data: one JSON document, or JSON lines, whatever happens; words go to stderr."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.cli import session
from agent.manifest.making import listing_role
from agent.model import Role
from agent.outcomes import ExitCode
from agent.profiles import Profile
from tests.documents import validate_report
from tests.unit.workstation import OLD, Workstation, lay, manifest_of, snapshot, werkplek

LOST = tuple(OLD)[:3]

WRONG = {
    "unknown-verb": ("fix",),
    "unknown-verb-of-manifest": ("manifest", "burn"),
    "no-verb-of-manifest": ("manifest",),
    "unknown-option": ("check", "--force"),
    "option-of-another-verb": ("check", "--yes"),
    "missing-value": ("check", "--root"),
    "missing-text": ("plan", "--to-version"),
    "missing-name": ("check", "--product"),
    "missing-brake": ("plan", "--accept"),
    "missing-number": ("repair", "--settle"),
    "missing-choice": ("check", "--exit-style"),
    "empty-product": ("check", "--product", ""),
    "missing-argument": ("decode",),
    "one-argument-too-many": ("check", "C:\\PP"),
    "not-a-number": ("repair", "--settle", "soon"),
    "number-out-of-range": ("repair", "--settle", "-1"),
    "infinite": ("repair", "--settle", "inf"),
    "not-a-choice": ("report", "--format", "docx"),
    "unknown-style": ("check", "--exit-style", "bash"),
    "unknown-language": ("check", "--lang", "fr"),
    "empty-root": ("check", "--root", ""),
    "empty-source": ("check", "--source", ""),
    "empty-state": ("check", "--state", ""),
    "unknown-brake": ("plan", "--accept", "everything"),
    "wrong-report-code": ("decode", "HRT-0000-0001"),
    "option-before-the-verb": ("--root", "C:\\PP", "check"),
}


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_command_line_gives_one_document(
    pc: Workstation, arguments: tuple[str, ...]
) -> None:
    said = werkplek(*arguments, "--json")
    assert said.code == ExitCode.USAGE, said
    assert said.report["exit_code"] == ExitCode.USAGE
    assert said.report["error"]["text"]
    assert said.err == ""


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_command_line_gives_one_line_on_stderr(
    pc: Workstation, arguments: tuple[str, ...]
) -> None:
    said = werkplek(*arguments)
    assert said.code == ExitCode.USAGE
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    assert "Traceback" not in said.err
    assert not pc.state.exists()


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_command_line_ends_the_events_with_a_result(
    pc: Workstation, arguments: tuple[str, ...]
) -> None:
    said = werkplek(*arguments, "--events")
    (event,) = said.events
    assert (said.code, event["type"], event["exit_code"]) == (2, "result", 2)
    validate_report(event["report"])


def test_json_and_events_exclude_each_other(pc: Workstation) -> None:
    said = pc.install().know().check("--events")
    assert said.code == ExitCode.USAGE
    assert said.report["error"]["code"] == "json-and-events"


def test_a_broken_manifest_names_every_problem_in_the_document(pc: Workstation) -> None:
    pc.install()
    broken = pc.base / "broken.json"
    broken.write_text('{"schema": "werkplekherstel.manifest/1", "files": [{"path": "../x"}]}')
    said = pc.check("--manifest", broken)
    assert said.code == ExitCode.NO_REFERENCE
    named = {(one["where"], one["code"]) for one in said.report["error"]["problems"]}
    assert ("files[0].path", "path-parent") in named
    assert len(named) > 3


def test_a_crash_while_the_json_is_made_gives_one_document(
    pc: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("agent.workflow.running.assess", broken)
    said = pc.install().know().check()
    assert said.code == ExitCode.INTERNAL_ERROR
    assert said.report["error"]["code"] == "internal"


@pytest.mark.parametrize("flag", ["--json", "--events"])
@pytest.mark.parametrize("how", [KeyboardInterrupt, EOFError])
def test_an_interrupt_outside_a_run_is_a_stop_with_its_document(
    pc: Workstation, monkeypatch: pytest.MonkeyPatch, how: type[BaseException], flag: str
) -> None:
    def interrupted(_: object) -> None:
        raise how

    monkeypatch.setattr(session, "settle", interrupted)
    said = werkplek("check", "--root", pc.base, flag)
    assert said.code == ExitCode.STOPPED
    document = json.loads(said.out)
    report = document if flag == "--json" else document["report"]
    assert validate_report(report)["error"]["code"] == "stopped"


@pytest.mark.parametrize("verb", ["check", "plan", "sources", "repair"])
def test_events_are_json_lines_and_the_last_is_the_result(pc: Workstation, verb: str) -> None:
    pc.install().know().delete(*LOST)
    more = ("--yes",) if verb == "repair" else ()
    said = pc.do(verb, "--source", pc.source("kopie", OLD), "--events", *more, json=False)
    assert said.events
    assert {event["type"] for event in said.events[:-1]} <= {"progress"}
    last = said.events[-1]
    assert (last["type"], last["exit_code"]) == ("result", said.code)
    validate_report(last["report"])
    assert said.err == ""


def test_events_tell_of_progress(pc: Workstation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.cli.output.PROGRESS_EVERY_S", 0.0)
    said = pc.install().know().do("check", "--events", json=False)
    progress = [event for event in said.events if event["type"] == "progress"]
    assert {event["stage"] for event in progress} >= {"look", "sources"}
    assert progress[-1].keys() >= {"files_done", "files_total", "bytes_done", "bytes_total"}


@pytest.mark.parametrize("verb", ["check", "plan", "sources"])
def test_quiet_says_nothing_at_all_when_all_is_well(pc: Workstation, verb: str) -> None:
    pc.install().know()
    said = pc.do(verb, "--quiet", json=False)
    assert (said.code, said.out, said.err) == (0, "", "")
    said = werkplek("status", "--state", pc.state, "--quiet")
    assert (said.code, said.out, said.err) == (0, "", "")


def test_quiet_speaks_when_something_is_wrong(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    assert "HRT-" in pc.do("check", "--quiet", json=False).out
    repaired = pc.do("repair", "--yes", "--source", pc.source("kopie", OLD), "--quiet", json=False)
    assert (repaired.code, repaired.out, repaired.err) == (0, "", "")
    undone = pc.do("undo", "--quiet", json=False)
    assert (undone.code, undone.out, undone.err) == (0, "", "")
    refused = pc.do("undo", "--quiet", json=False)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.count("\n") == 1 or "HRT-" in refused.err


def test_quiet_manifest_verbs_say_nothing(pc: Workstation) -> None:
    pc.install()
    made = pc.base / "made.json"
    options = ("--version", "1", "--output", made, "--quiet")
    said = werkplek("manifest", "make", pc.root, *options)
    assert (said.code, said.out, said.err) == (0, "", "")
    said = werkplek("manifest", "verify", made, "--quiet")
    assert (said.code, said.out, said.err) == (0, "", "")


def test_quiet_with_json_still_gives_its_document(pc: Workstation) -> None:
    assert pc.install().know().check("--quiet").report["outcome"] == "ok"


def _showing(pc: Workstation) -> tuple[tuple[object, ...], ...]:
    """Every verb that only shows something, on a PC where all is well."""
    pc.install().know()
    code = pc.check().report["report_code"]
    old, new = sorted(pc.lists.iterdir())
    made = pc.base / "made.json"
    return (
        ("manifest", "make", pc.root, "--version", "9", "--output", made),
        ("manifest", "verify", old),
        ("manifest", "show", old),
        ("manifest", "diff", old, old),
        ("manifest", "diff", old, new),
        ("decode", code),
        ("report", "--state", pc.state),
        ("report", "--state", pc.state, "--format", "json"),
        ("status", "--state", pc.state),
    )


@pytest.mark.parametrize("flag", ["--json", "--events"])
@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
def test_every_verb_that_shows_something_gives_one_document(
    pc: Workstation, flag: str, quiet: tuple[str, ...]
) -> None:
    for verb in _showing(pc):
        said = werkplek(*verb, flag, *quiet)
        assert (said.code, said.err) == (0, ""), verb
        if flag == "--json":
            assert json.loads(said.out), verb
        else:
            kinds = [event["type"] for event in said.events]
            assert kinds[-1] == "result", verb
            assert set(kinds[:-1]) <= {"progress"}, verb


def test_quiet_does_not_silence_what_was_asked_for(pc: Workstation) -> None:
    silent = {("manifest", "make"), ("manifest", "verify"), ("status", "--state")}
    for verb in _showing(pc):
        said = werkplek(*verb, "--quiet")
        assert (said.code, said.err) == (0, "")
        assert bool(said.out) is (verb[:2] not in silent), verb
    for verb in (("manifest", "show"), ("manifest", "diff"), ("decode",), ("report",)):
        assert "--quiet" in werkplek(*verb, "--help").out.partition("Options:")[0]


def test_making_a_list_tells_of_progress_and_can_be_stopped(
    pc: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.cli.output.PROGRESS_EVERY_S", 0.0)
    pc.install()
    made = pc.base / "made.json"
    verb = ("manifest", "make", pc.root, "--version", "9", "--output", made, "--events")

    def interrupt(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patched:
        patched.setattr("agent.workflow.listing.ensure_unchanged", lambda *_: None)
        patched.setattr("agent.workflow.listing.listing_role", _stopping(interrupt))
        stopped = werkplek(*verb)
    assert (stopped.code, stopped.events[-1]["exit_code"]) == (130, 130)
    assert not made.exists()
    events = werkplek(*verb).events
    assert [event["type"] for event in events[:-1]].count("progress") > 1
    assert all("seconds_left" in event for event in events[:-1])
    assert made.exists()


def _stopping(interrupt: Callable[[], None]) -> Callable[[Profile], Callable[[str], Role]]:
    def role_of(profile: Profile) -> Callable[[str], Role]:
        interrupt()
        return listing_role(profile)

    return role_of


def test_both_languages(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    dutch = pc.do("check", json=False).out
    english = pc.do("check", "--lang", "en", json=False).out
    assert dutch.startswith("De virusscanner heeft misschien bestanden weggehaald.")
    assert english.startswith("The virus scanner may have taken files away.")
    assert pc.do("check", "--lang", "nl", json=False).out == dutch
    settings = pc.base / "herstel.toml"
    settings.write_text('[output]\nlang = "en"\n')
    with_file = pc.do("check", "--config", settings, json=False)
    assert with_file.out == english
    refused = pc.do("repair", "--config", settings, "--yes", "--source", pc.root, json=False)
    assert "is the folder" in refused.out + refused.err


@pytest.mark.parametrize("literal", ["*", "~", "%TEMP%", "$HOME", "?", "[a]"])
def test_arguments_are_not_expanded(pc: Workstation, literal: str) -> None:
    """The folder of that very name is looked at, not what it would expand to."""
    pc.install().know()
    odd = pc.base / "odd" / literal
    lay(odd, OLD)
    (odd / "spool").mkdir()
    said = werkplek("check", "--json", "--root", odd, *pc.options()[2:])
    assert said.one["root"].endswith(literal)
    (odd / "medicom.exe").unlink()
    absent = werkplek("check", "--json", "--root", literal, "--state", pc.state)
    assert absent.code == ExitCode.USAGE
    assert literal in absent.report["error"]["text"]


def test_no_colour_and_no_animation_where_nobody_sees_it(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    for verb in ("check", "plan", "repair"):
        said = pc.do(verb, json=False)
        assert "\x1b" not in said.out + said.err
        assert "\r" not in said.out + said.err


def test_help_shows_examples_first(pc: Workstation) -> None:
    before = snapshot(pc.base)
    for verb in ("check", "plan", "repair", "undo", "sources", "report", "status", "decode"):
        said = werkplek(verb, "--help")
        assert said.code == 0
        assert said.err == ""
        assert 0 < said.out.index("Example") < said.out.index("Options:"), verb
    for verb in ("make", "show", "diff", "verify"):
        out = werkplek("manifest", verb, "-h").out
        assert 0 < out.index("Example") < out.index("Options:"), verb
    assert snapshot(pc.base) == before


def test_the_command_alone_shows_help_and_ends_with_2(pc: Workstation) -> None:
    said = werkplek()
    assert (said.code, said.err) == (2, "")
    assert said.out.index("Examples:") < said.out.index("Options:")


def test_says_its_version(pc: Workstation) -> None:
    from agent import __version__

    assert werkplek("--version").out == f"werkplek {__version__}\n"


# A pipe that is closed, a disk that is full: real processes.


def _shell(pc: Workstation, line: str) -> subprocess.CompletedProcess[bytes]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("WERKPLEK", "XDG"))}
    environment = clean | {"PYTHONPATH": os.pathsep.join(sys.path), "PY": sys.executable}
    environment |= {"XDG_DATA_HOME": str(pc.base / "data")}
    script = ["bash", "-c", f"set -o pipefail; {line}", "bash", *pc.options(json=False)]
    return subprocess.run(
        script, stdin=subprocess.DEVNULL, capture_output=True, env=environment, check=False
    )


def test_a_closed_pipe_does_no_harm(pc: Workstation) -> None:
    pc.install().know().delete(*OLD)
    line = '{ "$PY" -m agent.cli check "$@" --verbose; echo "code $?" >&2; } | head -1'
    ended = _shell(pc, line)
    assert ended.stdout.count(b"\n") == 1
    assert ended.stderr == b"code 40\n"
    both = _shell(pc, '{ "$PY" -m agent.cli check "$@" --bogus 2>&1; echo "code $?"; } | true')
    assert (both.returncode, both.stderr) == (0, b"") or b"Traceback" not in both.stderr


def test_words_to_a_closed_stderr_change_nothing(pc: Workstation) -> None:
    ended = _shell(pc, '"$PY" -m agent.cli check --bogus 2> >(exec 0<&-; true); echo "code $?"')
    assert ended.stdout == b"code 2\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("flag", ["--json", "--events", "--quiet"])
def test_data_that_can_not_be_written_is_no_success(pc: Workstation, flag: str) -> None:
    pc.install().know().delete(*LOST)
    ended = _shell(pc, f'"$PY" -m agent.cli check "$@" {flag} > /dev/full')
    assert ended.returncode == ExitCode.INTERNAL_ERROR
    assert b"Traceback" not in ended.stderr


def test_every_document_of_the_manifest_verbs_is_one(pc: Workstation) -> None:
    pc.install().know()
    old, new = sorted(pc.lists.iterdir())
    made = pc.base / "made.json"
    options = ("--version", "9", "--output", made, "--product", "medicom", "--json")
    said = json.loads(werkplek("manifest", "make", pc.root, *options).out)
    assert (said["program"], said["settings"], said["version"]) == (60, 1, "9")
    assert said["left_out"] == [{"path": "logs/vandaag.log", "reason": "left-out-ignored"}]
    assert json.loads(werkplek("manifest", "show", made, "--json").out)["version"] == "9"
    assert json.loads(werkplek("manifest", "verify", made, "--json").out)["program"] == 60
    found = json.loads(werkplek("manifest", "diff", old, new, "--json").out)
    assert (found["same"], len(found["changed"]), len(found["moved"])) == (21, 30, 10)
    broken = pc.base / "broken.json"
    broken.write_bytes(b"{}")
    for verb in (("show", broken), ("verify", broken), ("diff", old, broken)):
        refused = werkplek("manifest", *verb, "--json")
        assert refused.code == ExitCode.NO_REFERENCE
        assert refused.report["error"]["code"] == "manifest-refused"


def test_the_manifest_verbs_speak_to_people(pc: Workstation) -> None:
    pc.install().know(manifest_of(OLD, "2022.4"))
    pc.write("foto.exif", b"not known")
    made = pc.base / "made.json"
    said = werkplek(
        "manifest", "make", pc.root, "--version", "9", "--output", made, "--product", "medicom",
        "--lang", "en", "--sequence", "7", "--stamp", "9.0",
    )  # fmt: skip
    assert said.code == 0
    assert "logs/vandaag.log" in said.out
    assert "foto.exif" in said.out
    shown = werkplek("manifest", "show", made, "--lang", "en").out
    assert "medicom" in shown
    assert werkplek("manifest", "verify", made, "--lang", "en").out == shown
    (old,) = pc.lists.iterdir()
    assert "medicom" not in werkplek("manifest", "diff", old, old).out
    lay(pc.base / "other", {**OLD, **{f"bin/extra{n:02}.dll": b"%d" % n for n in range(30)}})
    more = pc.base / "more.json"
    werkplek(
        "manifest", "make", pc.base / "other", "--version", "10", "--output", more,
        "--product", "medicom",
    )  # fmt: skip
    short, long = (werkplek("manifest", "diff", old, more, *v).out for v in ((), ("--verbose",)))
    assert "bin/extra29.dll" not in short
    assert "bin/extra29.dll" in long
