"""The part of a report about a search: nobody's names, and figures that the schema allows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent.discovery.probes import PROBES
from agent.discovery.probes.shortcuts import PROFILE_LIST
from agent.discovery.probing import Inquiry, Sought, run_probes
from agent.model import (
    Candidate,
    Content,
    Evidence,
    FindOutcome,
    Found,
    Search,
    Verdict,
    WeighedEvidence,
)
from agent.ports import KnownFolder
from agent.profiles import Profiles
from agent.reporting.as_json import to_json
from agent.reporting.find_text import find_text
from agent.reporting.report import build
from tests.documents import validate_report
from tests.shortcut_files import ShortcutFile
from tests.simulators.pc import SimulatedPc
from tests.unit.reporting.building import run

ROOT = "D:\\Praktijk\\Medicom"
SID = "S-1-12-1-111-222-333-444"
UNINSTALL = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall"
PRIVATE = ("jan.devries", "piet.bakker", "Jansen", "1950", "S-1-12-1", "\ud800")


@pytest.fixture
def pc(tmp_path: Path) -> SimulatedPc:
    """A PC full of names: redirected and moved profiles, private shortcuts, broken registry."""
    pc = SimulatedPc(tmp_path)
    pc.disks.add_drive("D")
    pc.disks.add_share("\\\\SRV01\\Redirect$")
    pc.disks.write(f"{ROOT}\\medicom.exe", b"MZ")
    own = "\\\\SRV01\\Redirect$\\jan.devries\\Desktop"
    pc.folders.paths[KnownFolder.DESKTOP] = own
    pc.registry.put(PROFILE_LIST / SID, "ProfileImagePath", "D:\\Profielen\\piet.bakker")
    pc.registry.put(f"HKU\\{SID}\\{UNINSTALL}\\M\ud800", "InstallLocation", ROOT)
    pc.registry.put(f"HKLM\\{UNINSTALL}\\M\ud800", "InstallLocation", ROOT)
    pc.registry.put("HKLM\\SOFTWARE\\PharmaPartners\\Recent", "1", f"{ROOT}\\mw Jansen.rtf")
    file = ShortcutFile(local=f"{ROOT}\\medicom.exe").to_bytes()
    desktop = "D:\\Profielen\\piet.bakker\\Desktop"
    for name in ("mw Jansen 12-03-1950\\Dossier Jansen.lnk", "Medicom.lnk"):
        pc.disks.write(f"{desktop}\\{name}", file)
    pc.disks.write(f"{desktop}\\Jansen stuk.lnk", b"L")
    letter = ShortcutFile(local=f"{ROOT}\\Brief mw Jansen.docx").to_bytes()
    pc.disks.write("C:\\Users\\Public\\Desktop\\Brief Jansen.lnk", letter)
    return pc


def weighed(evidence: Evidence) -> WeighedEvidence:
    return WeighedEvidence(evidence, 0.3)


def search(pc: SimulatedPc, *, elevated: bool) -> Search:
    """What the probes find there, as evidence for one folder."""
    inquiry = Inquiry(pc.pc, (Sought(Profiles.load().get("medicom")),), elevated=elevated)
    evidence, reports = run_probes(PROBES, inquiry)
    candidate = Candidate(
        root=ROOT,
        canonical=ROOT,
        identity=None,
        content=Content(main_programs=("medicom\ud800.exe",)),
        evidence=tuple(map(weighed, evidence)),
        provenance=0.6,
        penalties=(),
        score=0.6,
        verdict=Verdict.CHOSEN,
        reason="only-one",
    )
    found = Found(product="medicom", outcome=FindOutcome.CHOSEN, candidates=(candidate,))
    return Search((found,), reports)


@pytest.mark.parametrize("elevated", [False, True])
def test_a_search_tells_no_name_of_a_person_or_a_document(
    pc: SimulatedPc, *, elevated: bool
) -> None:
    found = search(pc, elevated=elevated)
    report = build(run(search=found, command="find"))
    document = to_json(report).decode()
    validate_report(document.encode())
    assert len(found.found[0].candidates[0].evidence) >= 4
    assert [
        name
        for name in PRIVATE
        if name in document or name in find_text(report, "nl", verbose=True)
    ] == []
    assert "%USERPROFILE%\\\\Desktop\\\\Medicom.lnk" in document
    assert "%USERPROFILE%\\\\Desktop\\\\…\\\\….lnk" in document
    for document_name in ("….docx", "….rtf", "medicom.exe"):
        assert f"{ROOT}\\{document_name}".replace("\\", "\\\\") in document


@pytest.mark.parametrize(("margin", "said"), [(1.0585, 1.0), (-0.2, 0.0), (0.25, 0.25)])
def test_a_margin_stays_between_0_and_1(pc: SimulatedPc, margin: float, said: float) -> None:
    found = search(pc, elevated=False)
    answer = replace(found.found[0], margin=margin)
    facts = run(search=replace(found, found=(answer,)), command="find")
    content = validate_report(to_json(build(facts)))
    assert content["search"]["answers"][0]["margin"] == said
