"""Every exit code that these verbs can end with, brought about for real; and every exit style."""

from __future__ import annotations

import errno
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec import structs

from agent import hashing
from agent.cli import session
from agent.manifest.names import LOCK_NAME
from agent.outcomes import TABLE, ExitCode, ExitStyle, in_style
from agent.repair.containment import PinnedRoot
from agent.repair.file_ops import system_ops
from agent.repair.lock import Holder, hold
from tests.faults.accounts import NOBODY, open_folder
from tests.simulators.file_ops import Refuse, SteppedOps
from tests.unit.workstation import (
    INI,
    NEW,
    OLD,
    Said,
    Workstation,
    in_a_process,
    lay,
    manifest_of,
    snapshot,
    start,
    werkplek,
)

NOT_REACHABLE_YET = {
    ExitCode.RESTART_NEEDED: "a file in use is put back at a restart only by the Windows port",
    ExitCode.SEVERAL: "comes with the search: there is always exactly one --root",
    ExitCode.SEARCH_BUDGET: "comes with the search",
    ExitCode.IMPACT: "comes with the census",
    ExitCode.CENSUS_INCOMPLETE: "comes with the census",
}

FORMATS = """
0    ok                0 0 0    0
1    internal-error    3 2 1603 1002
2    usage             3 2 1639 1002
10   repairable        2 1 0    1001
11   partly-repairable 2 2 0    1001
12   not-repairable    2 2 0    1001
13   left-alone        1 0 0    0
20   partly-repaired   2 2 1603 1001
21   restart-needed    1 0 3010 1001
22   settings-lost     1 2 0    1001
30   update-running    1 0 1618 1002
31   in-use            1 2 1618 1001
32   needs-person      1 2 1602 1001
40   not-found         3 2 1603 1002
41   several           3 2 1603 1002
42   version-unknown   3 2 1603 1002
43   no-reference      2 2 1603 1002
44   search-budget     3 2 1603 1002
50   no-rights         1 2 1603 1001
51   disk-full         2 2 1603 1001
52   disk-error        2 2 1603 1001
60   no-source         2 2 1603 1001
61   sources-refused   2 2 1603 1001
70   impact            2 2 1603 1001
71   census-incomplete 3 2 1603 1002
130  stopped           3 2 1602 1002
"""
ROWS = [line.split() for line in FORMATS.strip().splitlines()]
LOST = tuple(OLD)[:3]
"""Not so few that a scanner could have taken them: the class is `files-deleted`."""


def _ok(pc: Workstation) -> Said:
    return pc.install().know().check()


def _ok_repaired(pc: Workstation) -> Said:
    pc.install().know().delete(*LOST)
    return pc.repair("--source", pc.source("kopie", OLD))


def _internal(pc: Workstation, monkeypatch: pytest.MonkeyPatch) -> Said:
    def broken(common: object) -> None:
        raise ZeroDivisionError(common)

    monkeypatch.setattr(session, "state_folder", broken)
    return pc.install().know().check()


def _usage(pc: Workstation) -> Said:
    return werkplek("check", "--json", "--root", pc.base / "not there")


def _repairable(pc: Workstation) -> Said:
    pc.install().know().delete(*LOST)
    return pc.check("--source", pc.source("kopie", OLD))


def _partly_repairable(pc: Workstation) -> Said:
    pc.install().know().delete("bin/zelfde00.dll", "bin/anders00.dll")
    return pc.check("--source", pc.source("kopie", NEW))


def _not_repairable(pc: Workstation) -> Said:
    return pc.install().know().delete(*LOST).check()


def _left_alone(pc: Workstation) -> Said:
    return pc.install().know().write("bin/anders00.dll", NEW["bin/anders00.dll"]).check()


def _partly_repaired(pc: Workstation) -> Said:
    pc.install().know().delete("bin/zelfde00.dll", "bin/anders00.dll")
    return pc.repair("--source", pc.source("kopie", NEW), "--partial")


def _settings_lost(pc: Workstation) -> Said:
    pc.install().know().delete(*LOST, INI)
    return pc.repair("--source", pc.source("kopie", OLD))


def _update_running(pc: Workstation) -> Said:
    pc.overrides["processes"].names = ["explorer.exe", "MSIEXEC.EXE"]
    return pc.install().know().check()


def _in_use(pc: Workstation) -> Said:
    """Another process holds the lock."""
    pc.install().know().delete(*LOST)
    child, ready = _hold_lock(pc.root)
    try:
        assert os.read(ready, 1) == b"!"
        return pc.repair("--source", pc.source("kopie", OLD))
    finally:
        os.close(ready)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _hold_lock(root: Path) -> tuple[int, int]:
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        holder = Holder.here("another", datetime.now(UTC))
        with hold(PinnedRoot.pin(root), holder, system_ops()):
            os.write(tell, b"!")
            time.sleep(60)
        os._exit(0)
    os.close(tell)
    return child, ready


def _needs_person(pc: Workstation) -> Said:
    pc.install().know().write("bin/anders00.dll", b"something else")
    return pc.repair("--source", pc.source("kopie", OLD))


def _not_found(pc: Workstation) -> Said:
    lay(pc.root, {"lees.txt": b"another program's folder"})
    return pc.know().check()


def _version_unknown(pc: Workstation) -> Said:
    pc.install({path: data + b"?" for path, data in OLD.items()}).know()
    return pc.check()


def _no_reference(pc: Workstation) -> Said:
    return pc.install().check("--product", "medicom")


def _disk_full(pc: Workstation) -> Said:
    pc.install().know().delete("medicom.exe")
    pc.overrides["ops"].free = len(OLD["medicom.exe"]) - 1
    return pc.repair("--source", pc.source("kopie", OLD))


def _disk_error(pc: Workstation, monkeypatch: pytest.MonkeyPatch) -> Said:
    """A bad sector: the read fails after the open went well."""
    pc.install().know()
    bad = (pc.root / "medicom.exe").stat().st_ino
    readv = os.readv

    def read(descriptor: int, buffers: tuple[memoryview, ...]) -> int:
        if os.fstat(descriptor).st_ino == bad:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return readv(descriptor, buffers)

    monkeypatch.setattr(hashing.os, "readv", read)
    return pc.check()


def _disk_error_while_writing(pc: Workstation) -> Said:
    pc.install().know().delete(*LOST)
    pc.overrides["ops"] = SteppedOps(Refuse("write", OSError(errno.EIO, "Input/output error")))
    return pc.repair("--source", pc.source("kopie", OLD))


def _no_source(pc: Workstation) -> Said:
    pc.install().know().delete(*LOST)
    return pc.check("--source", pc.base / "stick that is not in")


def _sources_refused(pc: Workstation) -> Said:
    pc.install().know().delete(*LOST)
    return pc.check("--source", pc.make_stick(complete=False))


def _stopped(pc: Workstation, monkeypatch: pytest.MonkeyPatch) -> Said:
    """The wish to stop comes in during the look."""
    real = session.real_ports

    def ports(state: object, watch: object) -> object:
        made = real(state, watch)
        made.watch.stop()
        return made

    monkeypatch.setattr(session, "real_ports", ports)
    return pc.install().know().check()


CASES: tuple[tuple[str, ExitCode, Callable[..., Said]], ...] = (
    ("healthy", ExitCode.OK, _ok),
    ("repaired", ExitCode.OK, _ok_repaired),
    ("unexpected-exception", ExitCode.INTERNAL_ERROR, _internal),
    ("root-absent", ExitCode.USAGE, _usage),
    ("a-copy-has-all", ExitCode.REPAIRABLE, _repairable),
    ("a-copy-has-some", ExitCode.PARTLY_REPAIRABLE, _partly_repairable),
    ("no-source-named", ExitCode.NOT_REPAIRABLE, _not_repairable),
    ("file-of-newer-version", ExitCode.LEFT_ALONE, _left_alone),
    ("partial", ExitCode.PARTLY_REPAIRED, _partly_repaired),
    ("settings-gone", ExitCode.SETTINGS_LOST, _settings_lost),
    ("updater-runs", ExitCode.UPDATE_RUNNING, _update_running),
    ("lock-held", ExitCode.IN_USE, _in_use),
    ("changed-not-asked", ExitCode.NEEDS_PERSON, _needs_person),
    ("wrong-folder", ExitCode.NOT_FOUND, _not_found),
    ("fits-no-version", ExitCode.VERSION_UNKNOWN, _version_unknown),
    ("no-manifest", ExitCode.NO_REFERENCE, _no_reference),
    ("no-room", ExitCode.DISK_FULL, _disk_full),
    ("bad-sector", ExitCode.DISK_ERROR, _disk_error),
    ("write-error", ExitCode.DISK_ERROR, _disk_error_while_writing),
    ("stick-not-in", ExitCode.NO_SOURCE, _no_source),
    ("stick-incomplete", ExitCode.SOURCES_REFUSED, _sources_refused),
    ("stop", ExitCode.STOPPED, _stopped),
)
IN_A_PROCESS = {ExitCode.NO_RIGHTS, ExitCode.STOPPED}
"""Those brought about below, with another account and with a real signal."""


@pytest.mark.parametrize(("code", "bring_about"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_ends_with(
    pc: Workstation,
    monkeypatch: pytest.MonkeyPatch,
    code: ExitCode,
    bring_about: Callable[..., Said],
) -> None:
    arguments = (pc, monkeypatch) if bring_about.__code__.co_argcount > 1 else (pc,)
    said = bring_about(*arguments)
    assert said.code == code, said.err + said.out
    assert said.report["exit_code"] == code
    assert said.report["outcome"] == code.slug
    assert "Traceback" not in said.out + said.err


def test_every_code_is_brought_about_or_named_as_not_reachable() -> None:
    reached = {code for _, code, _ in CASES} | IN_A_PROCESS
    assert reached.isdisjoint(NOT_REACHABLE_YET)
    assert reached | NOT_REACHABLE_YET.keys() == set(ExitCode)


@pytest.mark.parametrize("row", ROWS, ids=[row[1] for row in ROWS])
def test_the_table_is_that_of_the_contract(row: list[str]) -> None:
    code = ExitCode(int(row[0]))
    assert code.slug == row[1]
    styles = (ExitStyle.NAGIOS, ExitStyle.INTUNE, ExitStyle.MSI, ExitStyle.RMM)
    assert [in_style(code, style) for style in styles] == [int(number) for number in row[2:]]
    assert in_style(code, ExitStyle.NATIVE) == code


def test_the_contract_names_every_code() -> None:
    assert [int(row[0]) for row in ROWS] == sorted(TABLE)


@pytest.mark.parametrize(
    ("style", "number"), [("native", 12), ("nagios", 2), ("intune", 2), ("msi", 0), ("rmm", 1001)]
)
def test_a_look_ends_in_the_style_that_was_asked(pc: Workstation, style: str, number: int) -> None:
    pc.install().know().delete(*LOST)
    assert pc.check("--exit-style", style).code == number
    assert pc.repair("--exit-style", style, "--dry-run").code == number


@pytest.mark.parametrize(
    ("name", "bring_about"),
    [("partly-repairable", _partly_repairable), ("not-repairable", _not_repairable)],
)
def test_a_repair_that_wrote_nothing_failed_as_msi(
    pc: Workstation, name: str, bring_about: Callable[[Workstation], Said]
) -> None:
    bring_about(pc)
    copy = pc.base / "kopie"
    named = ["--source", copy] if copy.exists() else []
    before = snapshot(pc.root)
    native = pc.repair(*named)
    assert native.report["outcome"] == name
    assert pc.repair(*named, "--exit-style", "msi").code == 1603
    assert snapshot(pc.root) == before
    # What the status says afterwards is about that repair too.
    assert werkplek("status", "--state", pc.state, "--exit-style", "msi").code == 1603


@pytest.mark.parametrize(
    ("style", "number"), [("nagios", 3), ("intune", 2), ("msi", 1639), ("rmm", 1002)]
)
@pytest.mark.parametrize("arguments", [("check", "--bogus"), ("check", "--root", "/not/there")])
def test_a_wrong_command_line_ends_in_the_style_too(
    pc: Workstation, arguments: tuple[str, ...], style: str, number: int
) -> None:
    assert werkplek(*arguments, "--exit-style", style).code == number
    assert werkplek(*arguments, f"--exit-style={style}").code == number


# What only a process of its own can show.


@pytest.mark.parametrize(
    ("bring_about", "code"), [(_ok, 0), (_not_repairable, 12)], ids=["ok", "not-repairable"]
)
def test_a_real_process_ends_with_the_same_number(
    pc: Workstation, bring_about: Callable[[Workstation], Said], code: int
) -> None:
    bring_about(pc)
    said = in_a_process(pc.base, "check", *pc.options())
    assert (said.code, said.err) == (code, "")
    assert said.report["exit_code"] == code


def test_a_crash_saves_a_report_and_says_one_sentence(
    pc: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _internal(pc, monkeypatch)
    error = said.report["error"]
    assert error["code"] == "internal"
    (crash,) = Path(error["facts"]["file"]).parent.iterdir()
    assert str(crash) == error["facts"]["file"]
    assert "ZeroDivisionError" in crash.read_text(encoding="utf-8")
    plain = pc.do("check", json=False)
    assert (plain.code, plain.out, plain.err.count("\n")) == (1, "", 1)
    assert plain.err.startswith("Er ging iets mis")
    verbose = pc.do("check", "--verbose", json=False)
    assert "Traceback" in verbose.err
    assert verbose.out == ""


def test_a_crash_that_can_not_be_kept_is_still_told(
    pc: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/dev/null/x")
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/dev/null/y")
    said = _internal(pc, monkeypatch)
    assert said.code == 1
    assert said.report["error"]["facts"]["file"] == ""


@pytest.mark.parametrize("verb", ["check", "repair"])
def test_without_rights_nothing_is_written(verb: str) -> None:
    """Another account, a folder that only its owner may write (check) or read."""
    if os.geteuid() != 0:
        pytest.skip("only the superuser can become another account")
    with open_folder() as base:
        pc = Workstation(base)
        pc.install().know().delete(*LOST)
        copy = pc.source("kopie", OLD)
        pc.state.mkdir()
        pc.state.chmod(0o777)
        if verb == "check":
            pc.root.chmod(0o700)
        before = snapshot(pc.root)
        yes = ["--yes"] if verb == "repair" else []
        said = in_a_process(base, verb, *pc.options(), "--source", copy, *yes, account=NOBODY)
        assert said.code == ExitCode.NO_RIGHTS, said
        assert said.report["exit_code"] == ExitCode.NO_RIGHTS
        assert snapshot(pc.root) == before


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_a_slow_look_and_leaves_all_as_it_was(pc: Workstation, kind: int) -> None:
    pc.install().know()
    big = pc.root / "bin" / "groot.dll"
    with big.open("wb") as file:
        file.truncate(8 * 1024**3)  # sparse: minutes of hashing, no room
    listed = manifest_of({**OLD, "bin/groot.dll": b""}, "2022.4")
    files = [
        structs.replace(file, size=8 * 1024**3) if file.path == "bin/groot.dll" else file
        for file in listed.files
    ]
    pc.know(structs.replace(listed, files=tuple(files)))
    before = snapshot(pc.lists)
    process = start(pc.base, "check", *pc.options(json=False), "--events")
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(kind)
    out, _ = process.communicate(timeout=120)
    said = Said(process.returncode, (first + out).decode(), "")
    assert said.code == ExitCode.STOPPED
    assert said.events[-1]["type"] == "result"
    assert said.events[-1]["report"]["error"]["code"] == "stopped"
    assert not (pc.root / LOCK_NAME).exists()
    assert snapshot(pc.lists) == before
