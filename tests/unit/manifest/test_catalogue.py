"""The catalogue: every version known, the best trusted list counts, nothing is thrown away."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import UNSET

from agent.errors import ManifestError
from agent.manifest.catalogue import Catalogue, CataloguePlace, Dropped
from agent.manifest.check_code import check_code
from agent.manifest.writing import canonical, to_bytes, write
from agent.model import Manifest, ManifestFile, Role, Trust
from agent.profiles import Profiles
from tests.unit.manifest.examples import example, listed, sha

PROFILES = Profiles.load()


def plain(version: str = "1", *files: ManifestFile, **changes: object) -> Manifest:
    """A manifest of a product without a profile of its own."""
    defaults = {"product": "pakket", "sequence": UNSET, "stamp": UNSET, "withdrawn": ()}
    listed_files = files or (listed(f"bin/{version}.dll"),)
    return example(version=version, files=listed_files, **{**defaults, **changes})


def load(folder: Path, trust: Trust = Trust.INSTALLED, *, required: bool = False) -> Catalogue:
    return Catalogue.load([CataloguePlace(folder, trust, required)], PROFILES)


def with_all(*known: tuple[Manifest, Trust]) -> Catalogue:
    catalogue = Catalogue.load([], PROFILES)
    for index, (manifest, trust) in enumerate(known):
        catalogue = catalogue.with_manifest(to_bytes(manifest), f"place {index}", trust)
    return catalogue


def test_reads_a_folder_and_a_single_file(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    write(plain("1", sequence=2), folder / "b.json")
    write(plain("2", sequence=1), folder / "a.JSON")
    (folder / "notes.txt").write_text("no list")
    write(example(), tmp_path / "medicom.json")
    catalogue = Catalogue.load(
        [
            CataloguePlace(folder, Trust.INSTALLED, required=False),
            CataloguePlace(tmp_path / "medicom.json", Trust.ADHOC, required=True),
        ],
        PROFILES,
    )
    assert catalogue.products == ("medicom", "pakket")
    assert [one.version for one in catalogue.known("pakket")] == ["2", "1"]
    found = catalogue.find("Medicom", "2022.4")
    assert found is not None
    assert (found.trust, found.place) == (Trust.ADHOC, str(tmp_path / "medicom.json"))
    assert found.check_code == check_code((tmp_path / "medicom.json").read_bytes())
    assert catalogue.refused == ()


def test_knows_nothing_of_another_product_or_version(tmp_path: Path) -> None:
    write(plain(), tmp_path / "a.json")
    assert load(tmp_path).known("ander") == ()
    assert load(tmp_path).find("pakket", "9") is None


def test_a_broken_list_is_remembered_and_the_others_count(tmp_path: Path) -> None:
    write(plain(), tmp_path / "good.json")
    (tmp_path / "broken.json").write_bytes(b"{")
    catalogue = load(tmp_path)
    assert [error.place for error in catalogue.refused] == [str(tmp_path / "broken.json")]
    assert len(catalogue.known("pakket")) == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == ["broken.json", "good.json"]


@pytest.mark.parametrize("name", ["broken.json", "absent.json"])
def test_a_required_list_that_is_broken_or_absent_ends_the_run(tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.json").write_bytes(b"{")
    with pytest.raises(ManifestError) as caught:
        load(tmp_path / name, required=True)
    assert caught.value.place == str(tmp_path / name)
    assert [error.place for error in load(tmp_path / name).refused] == [str(tmp_path / name)]


def test_the_best_trusted_list_of_a_version_wins_and_the_other_is_noted() -> None:
    catalogue = with_all(
        (plain("1", listed("a.dll", "stick")), Trust.ADHOC),
        (plain("1", listed("a.dll", "installed")), Trust.INSTALLED),
        (plain("1", listed("a.dll", "seen")), Trust.OBSERVED),
    )
    (known,) = catalogue.known("pakket")
    assert known.trust is Trust.INSTALLED
    assert known.files["A.DLL"].sha256 == sha("installed")
    assert catalogue.dropped == (Dropped("place 2", "place 1"), Dropped("place 0", "place 1"))
    assert len(catalogue.entries) == 3


def test_the_same_content_twice_is_one() -> None:
    catalogue = with_all(
        (plain("1", created="2020-01-01T00:00:00Z", origin="A"), Trust.ADHOC),
        (plain("1", created="2021-01-01T00:00:00Z", origin="B"), Trust.ADHOC),
    )
    assert [one.place for one in catalogue.known("pakket")] == ["place 0"]
    assert catalogue.refused == ()


def test_same_trust_and_other_content_is_a_conflict_that_names_both_places(tmp_path: Path) -> None:
    write(plain("1", listed("a.dll", "x")), tmp_path / "a.json")
    write(plain("1", listed("a.dll", "y")), tmp_path / "b.json")
    write(plain("2"), tmp_path / "c.json")
    catalogue = load(tmp_path)
    assert [one.version for one in catalogue.known("pakket")] == ["2"]
    (error,) = catalogue.refused
    ((where, problem, places),) = error.problems
    assert (where, problem) == ("pakket 1", "version-conflict")
    assert places == f"{tmp_path / 'a.json'} | {tmp_path / 'b.json'}"
    with pytest.raises(ManifestError):
        load(tmp_path, required=True)


def test_a_worse_trusted_list_does_not_profit_from_a_conflict(tmp_path: Path) -> None:
    write(plain("1", listed("a.dll", "x")), tmp_path / "a.json")
    write(plain("1", listed("a.dll", "y")), tmp_path / "b.json")
    stick = to_bytes(plain("1", listed("a.dll", "z")))
    assert load(tmp_path).with_manifest(stick, "E:", Trust.ADHOC).known("pakket") == ()


def test_a_better_trusted_list_settles_a_conflict(tmp_path: Path) -> None:
    write(plain("1", listed("a.dll", "x")), tmp_path / "a.json")
    write(plain("1", listed("a.dll", "y")), tmp_path / "b.json")
    settled = load(tmp_path).with_manifest(
        to_bytes(plain("1", listed("a.dll", "y"))), "vendor", Trust.SIGNED
    )
    assert [one.place for one in settled.known("pakket")] == ["vendor"]
    assert settled.refused == ()


def test_adding_a_list_that_contradicts_one_leaves_the_catalogue_as_it_was() -> None:
    catalogue = with_all((plain("1", listed("a.dll", "x")), Trust.ADHOC))
    with pytest.raises(ManifestError) as caught:
        catalogue.with_manifest(to_bytes(plain("1", listed("a.dll", "y"))), "F:", Trust.ADHOC)
    assert caught.value.problems[0][1] == "version-conflict"
    assert [one.place for one in catalogue.known("pakket")] == ["place 0"]


def test_versions_differ_in_more_than_upper_case() -> None:
    catalogue = with_all((plain("1a", listed("a.dll", "x")), Trust.INSTALLED))
    with pytest.raises(ManifestError):
        catalogue.with_manifest(to_bytes(plain("1A", listed("a", "y"))), "b", Trust.INSTALLED)


def test_a_list_can_not_make_program_of_what_the_profile_protects() -> None:
    manifest = example(
        files=(
            listed("bin/medicom.exe"),
            listed("Medicom.INI"),
            listed("data/plan.exe"),
            listed("run.log", role=Role.SETTINGS),
            listed("x.dll", role=Role.IGNORED),
            listed("onbekend.xyz"),
        ),
        withdrawn=(),
    )
    (known,) = with_all((manifest, Trust.INSTALLED)).known("medicom")
    assert {file.path: file.role for file in known.files.values()} == {
        "bin/medicom.exe": Role.PROGRAM,
        "Medicom.INI": Role.SETTINGS,
        "onbekend.xyz": Role.PROGRAM,
    }
    assert known.manifest == canonical(manifest)


def test_a_list_from_a_stick_makes_nothing_program_that_the_profile_does_not_know() -> None:
    manifest = example(
        files=(listed("bin/medicom.exe"), listed("x.xyz"), listed("a.ini", role=Role.SETTINGS)),
        withdrawn=(),
    )
    (known,) = with_all((manifest, Trust.ADHOC)).known("medicom")
    assert sorted(known.files) == ["A.INI", "BIN/MEDICOM.EXE"]


def test_a_product_in_other_letters_keeps_its_profile() -> None:
    manifest = example(product="MEDICOM", files=(listed("a.exe"), listed("x.xyz")))
    (known,) = with_all((manifest, Trust.ADHOC)).known("medicom")
    assert sorted(known.files) == ["A.EXE"]


@pytest.mark.parametrize(
    ("trust", "counts"),
    [(Trust.SIGNED, True), (Trust.INSTALLED, True), (Trust.OBSERVED, False), (Trust.ADHOC, False)],
)
def test_withdrawn_content_is_wanted_in_no_version_when_somebody_who_may_says_so(
    trust: Trust, counts: bool
) -> None:
    old = plain("1", listed("a.dll", "bad"), listed("b.dll", "good"))
    new = plain("2", listed("a.dll", "bad"), listed("c.dll"), withdrawn=(sha("bad"),))
    catalogue = with_all((old, Trust.INSTALLED), (new, trust))
    assert catalogue.withdrawn("Pakket") == (frozenset({sha("bad")}) if counts else frozenset())
    assert ["A.DLL" in known.files for known in catalogue.known("pakket")] == [not counts] * 2
    assert all("B.DLL" in k.files for k in catalogue.known("pakket") if k.version == "1")


def test_folders_are_keyed_as_windows_compares_them() -> None:
    (known,) = with_all((plain(directories=("Bin", "spoel")), Trust.INSTALLED)).known("pakket")
    assert known.directories == {"BIN": "Bin", "SPOEL": "spoel"}
    (known,) = with_all((plain(directories=()), Trust.INSTALLED)).known("pakket")
    assert known.directories == {}


def test_the_same_question_gets_the_same_answer() -> None:
    catalogue = with_all((plain(), Trust.INSTALLED))
    assert catalogue.known("pakket")[0] is catalogue.known("PAKKET")[0]


# What one list protects, no other one takes.


SITE = "site.xml"


def roles(catalogue: Catalogue, version: str) -> dict[str, Role]:
    found = catalogue.find("pakket", version)
    assert found is not None
    return {file.path: file.role for file in found.files.values()}


@pytest.mark.parametrize("trust", [Trust.INSTALLED, Trust.OBSERVED, Trust.ADHOC])
def test_settings_of_one_version_are_program_in_no_other_one(trust: Trust) -> None:
    old = plain("1", listed("app.exe"), listed(SITE, role=Role.SETTINGS))
    new = plain("2", listed("app.exe"), listed("Site.XML", "theirs"))
    catalogue = with_all((old, Trust.INSTALLED), (new, trust))
    assert roles(catalogue, "1") == {"app.exe": Role.PROGRAM, SITE: Role.SETTINGS}
    assert roles(catalogue, "2") == {"app.exe": Role.PROGRAM, "Site.XML": Role.SETTINGS}


def test_what_one_version_ignores_is_in_no_other_one() -> None:
    old = plain("1", listed("app.exe"), listed(SITE, role=Role.IGNORED))
    new = plain("2", listed("app.exe"), listed(SITE))
    also = plain("3", listed("app.exe"), listed(SITE, role=Role.SETTINGS))
    catalogue = with_all(*((one, Trust.INSTALLED) for one in (old, new, also)))
    assert roles(catalogue, "2") == {"app.exe": Role.PROGRAM}
    assert roles(catalogue, "3") == {"app.exe": Role.PROGRAM, SITE: Role.SETTINGS}


def test_a_worse_trusted_list_protects_nothing_from_a_better_one() -> None:
    old = plain("1", listed("app.exe"), listed("app.dll", role=Role.SETTINGS))
    new = plain("2", listed("app.exe"), listed("app.dll"))
    catalogue = with_all((old, Trust.ADHOC), (new, Trust.INSTALLED))
    assert roles(catalogue, "2") == {"app.exe": Role.PROGRAM, "app.dll": Role.PROGRAM}


def test_another_product_protects_nothing() -> None:
    other = plain("1", listed(SITE, role=Role.SETTINGS), product="ander")
    catalogue = with_all((other, Trust.SIGNED), (plain("2", listed(SITE)), Trust.ADHOC))
    assert roles(catalogue, "2") == {SITE: Role.PROGRAM}
