"""The wanted list: what nobody here has, for others to supply; never over anything else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.errors import ItError, UsageError
from agent.model import Action, Role, State, Step, WayName
from agent.outcomes import ExitCode
from agent.reporting.facts import InstallationFacts, RunFacts
from agent.sources.wanted_list import SCHEMA, WantedList, read, to_bytes
from agent.workflow.request import Request
from agent.workflow.wanting import ensure_fit, write_wanted
from tests.unit.reporting.building import digest, listed, repaired, run
from tests.unit.workstation import Workstation, snapshot

EARLIER = WantedList("medicom", "2022.4", "other", "2026-11-20T08:00:00Z", ())


def step(
    path: str,
    number: int,
    reason: str | None = "no-source-has-it",
    action: Action = Action.LEAVE,
    role: Role = Role.PROGRAM,
) -> Step:
    expected = listed(path, number, role)
    return Step(path, role, State.MISSING, action, expected, None, (), reason)


def planned(*steps: Step, **more: Any) -> RunFacts:
    facts = repaired()
    assert facts.plan is not None
    return run(replace(facts, plan=replace(facts.plan, steps=steps), **more))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_names_what_no_source_has_and_nothing_else(pc: Workstation) -> None:
    path = pc.base / "gevraagd.json"
    facts = planned(
        step("bin/a.dll", 1),
        step("bin/b.dll", 2, None, Action.RESTORE),
        step("bin/c.dll", 3, "changed-not-asked"),
        step("bin/d.dll", 4, "unreadable"),
        step("pc.ini", 5, "no-source-has-it", role=Role.SETTINGS),
        step("bin/e.dll", 6),
    )
    ports = pc.ports()
    write_wanted(facts, path, ports)
    found = read(path)
    assert [(one.path, one.sha256, one.size) for one in found.files] == [
        ("bin/a.dll", digest(1), 1000),
        ("bin/e.dll", digest(6), 6000),
    ]
    assert (found.product, found.version) == ("medicom", "2022.4")
    assert found.host == ports.state.host_id
    assert ports.host.name not in path.read_text()


def test_it_is_dated_with_the_clock_of_the_run(pc: Workstation) -> None:
    pc.overrides["clock"] = lambda: datetime(2026, 11, 23, 8, 5, 12, 999, tzinfo=UTC)
    write_wanted(planned(), pc.base / "x.json", pc.ports())
    assert read(pc.base / "x.json").created == "2026-11-23T08:05:12Z"


def test_a_pc_that_is_complete_empties_its_list(pc: Workstation) -> None:
    path = pc.base / "gevraagd.json"
    write_wanted(planned(step("bin/a.dll", 1)), path, pc.ports())
    write_wanted(planned(step("bin/a.dll", 1, None, Action.RESTORE)), path, pc.ports())
    assert read(path).files == ()
    assert names(pc.base) == ["gevraagd.json"]


@pytest.mark.parametrize("facts", [run(), run(replace(repaired(), plan=None))])
def test_where_nothing_could_be_planned_the_earlier_list_stays(
    pc: Workstation, facts: RunFacts
) -> None:
    path = pc.base / "gevraagd.json"
    write_wanted(facts, path, pc.ports())
    assert not path.exists()
    path.write_bytes(to_bytes(EARLIER))
    write_wanted(facts, path, pc.ports())
    assert path.read_bytes() == to_bytes(EARLIER)


def test_the_version_is_the_planned_one_also_on_the_way_forward(pc: Workstation) -> None:
    facts = planned(step("bin/a.dll", 1))
    (one,) = facts.installations
    assert one.plan is not None
    forward: InstallationFacts = replace(
        one, plan=replace(one.plan, way=WayName.FORWARD, version="2023.1")
    )
    write_wanted(replace(facts, installations=(forward,)), pc.base / "x.json", pc.ports())
    assert read(pc.base / "x.json").version == "2023.1"


@pytest.mark.parametrize("inside", ["no/such/folder/x.json", "folder"])
def test_a_place_that_can_not_be_written_is_told(pc: Workstation, inside: str) -> None:
    (pc.base / "folder").mkdir()
    before = snapshot(pc.base / "folder")
    with pytest.raises(ItError) as caught:
        write_wanted(planned(step("bin/a.dll", 1)), pc.base / inside, pc.ports())
    assert (caught.value.problem, caught.value.exit_code) == (
        "output-not-writable",
        ExitCode.NO_RIGHTS,
    )
    assert caught.value.facts["path"] == str(pc.base / inside)
    assert caught.value.facts["error"]
    assert snapshot(pc.base / "folder") == before
    assert names(pc.base) == ["folder"]


# Before the look.


def asked(root: Path | None) -> Request:
    return Request("plan", root)


def test_a_new_file_beside_the_installation_fits(tmp_path: Path) -> None:
    root = tmp_path / "PP"
    root.mkdir()
    (tmp_path / "PP2").mkdir()
    before = snapshot(tmp_path)
    for path in (tmp_path / "x.json", tmp_path / "PP2" / "x.json"):
        ensure_fit(path, asked(root))
    ensure_fit(tmp_path / "x.json", asked(None))
    assert snapshot(tmp_path) == before


def test_its_own_earlier_list_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(to_bytes(EARLIER))
    ensure_fit(path, asked(tmp_path / "PP"))
    assert read(path).files == ()


@pytest.mark.posix("links")
@pytest.mark.parametrize("name", ["x.json", "bin/x.json", "nieuw/x.json", ""])
def test_never_inside_the_installation(tmp_path: Path, name: str) -> None:
    root, link = tmp_path / "PP", tmp_path / "link"
    (root / "bin").mkdir(parents=True)
    link.symlink_to(root)
    before = snapshot(root)
    for given, output in ((root, root / name), (link, root / name), (root, link / name)):
        with pytest.raises(UsageError) as caught:
            ensure_fit(output, asked(given))
        assert caught.value.problem == "output-inside-folder"
    assert snapshot(root) == before


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"Geachte", to_bytes(EARLIER)[:-9], to_bytes(EARLIER).replace(b"/1", b"/2")],
)
def test_never_over_something_else(tmp_path: Path, content: bytes) -> None:
    assert SCHEMA.encode() in to_bytes(EARLIER)
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        ensure_fit(path, asked(None))
    assert (caught.value.problem, caught.value.facts) == ("output-exists", {"path": str(path)})
    assert path.read_bytes() == content


@pytest.mark.posix("links")
def test_never_over_a_folder_or_a_link_to_nowhere(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("folder", "link"):
        with pytest.raises(UsageError, match="output-exists"):
            ensure_fit(tmp_path / name, asked(None))
    assert not (tmp_path / "nowhere").exists()
