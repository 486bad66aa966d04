"""`werkplek demo` as a process of its own: stdout, exit code, and what it leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SABOTAGED = """
import sys
from dataclasses import replace
from agent.demo import play
from agent.model import DiagnosisClass
play.SCENES = (replace(play.SCENES[0], kind=DiagnosisClass.DAMAGED),)
from agent.cli import main
sys.argv = ["werkplek", "demo", "--offline", *sys.argv[1:]]
main()
"""
"""One scene with a wrong expectation: an engine that does not do what the demo says."""


def run(temporary: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    temporary.mkdir(exist_ok=True)
    home = temporary.parent / "home"
    places = {"TMPDIR": temporary, "TEMP": temporary, "TMP": temporary, "HOME": home}
    environment = {**os.environ, **{name: str(place) for name, place in places.items()}}
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def test_offline_as_json_is_one_document_and_nothing_stays_behind(tmp_path):
    ended = run(tmp_path / "t", "-m", "agent.cli", "demo", "--offline", "--json", "--lang", "en")
    assert ended.returncode == 0
    document = json.loads(ended.stdout)
    assert (document["expected"], document["real"]) == (True, False)
    assert ended.stderr == "No real software at hand: the demo uses a made-up folder.\n"
    assert list((tmp_path / "t").iterdir()) == []
    assert not (tmp_path / "home").exists()


def test_a_state_that_was_not_reached_gives_a_code_that_is_not_0(tmp_path):
    ended = run(tmp_path / "t", "-c", SABOTAGED)
    assert ended.returncode == 1
    assert "NIET zoals verwacht: ander oordeel" in ended.stdout
    assert "1 computer is niet zoals verwacht" in ended.stdout
    assert list((tmp_path / "t").iterdir()) == []


def test_keep_leaves_the_practice_to_look_at_and_says_where(tmp_path):
    ended = run(tmp_path / "t", "-c", SABOTAGED, "--keep", "--json")
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["expected"] is False
    (kept,) = (tmp_path / "t").iterdir()
    assert f"De mappen van de praktijk staan in {kept}." in ended.stderr
    assert len(list((kept / "praktijk").iterdir())) == 7


def test_quiet_says_nothing_when_every_pc_is_as_expected(tmp_path):
    ended = run(tmp_path / "t", "-m", "agent.cli", "demo", "--offline", "--quiet")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_quiet_tells_all_when_one_is_not(tmp_path):
    ended = run(tmp_path / "t", "-c", SABOTAGED, "--quiet")
    assert ended.returncode == 1
    assert "NIET zoals verwacht: ander oordeel" in ended.stdout
