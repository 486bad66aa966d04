from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.diagnosis.versions import VersionEvidence, match
from agent.model import DecidedBy, Mode
from tests.simulators.inventories import Folder, known_manifest, numbered

NOTHING = VersionEvidence()
SHARED = numbered(90, "same {}".format, "shared")


def version(name, decisive=10, *, shared=SHARED, say=None, **options):
    """A version with `shared` files and its own content in as many other ones."""
    own = numbered(decisive, say or (name + " {}").format, "own")
    return known_manifest({**shared, **own}, version=name, **options)


@pytest.fixture
def old():
    return version("1.0", stamp="1.0.0.5", directories=["own", "shared", "old-only"])


@pytest.fixture
def new():
    return version("2.0", stamp="2.0.0.0", directories=["own", "shared", "new-only"])


def content_only(*known, folder, mode=Mode.FULL):
    return match(known, folder.inventory(mode), NOTHING)


def without_decisive(known):
    """The folder after a clean-up of everything that differs, its empty folders too."""
    folder = Folder.of(known)
    for name in [path for path in folder.files if path.startswith("own/")]:
        folder.delete(name)
    folder.directories -= {"old-only", "new-only"}
    return folder


def test_a_complete_folder_is_its_version_by_content(old, new):
    found = content_only(old, new, folder=Folder.of(old))
    assert (found.winner, found.runner_up) == ("1.0", "2.0")
    assert (found.decided_by, found.certain, found.doubts) == (DecidedBy.CONTENT, True, ())
    assert found.margin == 1.0
    best, other = found.fits
    assert (best.present, best.right, best.listed) == (100, 100, 100)
    assert (best.decisive_present, best.decisive_right) == (10, 10)
    assert (other.present, other.right, other.decisive_right) == (100, 90, 0)


@pytest.mark.parametrize(("left", "decided"), [(5, True), (4, False)])
def test_five_right_files_that_tell_versions_apart_are_needed(old, new, left, decided):
    folder = Folder.of(old)
    folder.delete(*[f"own/{number:04}.dat" for number in range(left, 10)])
    folder.delete_directory("old-only")
    found = content_only(old, new, folder=folder)
    if decided:
        assert (found.winner, found.decided_by, found.certain) == ("1.0", DecidedBy.CONTENT, True)
    else:
        assert (found.winner, found.decided_by) == (None, DecidedBy.NONE)
        assert found.doubts == ("few-decisive:4",)


@pytest.mark.parametrize(("of_new", "decided"), [(4, True), (5, False)])
def test_a_lead_of_a_fifth_is_needed(old, new, of_new, decided):
    folder = Folder.of(old)
    for number in range(of_new):
        folder.change(f"own/{number:04}.dat", f"2.0 {number}")
    folder.delete_directory("old-only")
    found = content_only(old, new, folder=folder)
    if decided:
        assert found.winner == "1.0"
        assert found.margin == pytest.approx(0.2)
        assert found.decided_by is DecidedBy.CONTENT
        # 96 of 100 are right: likely, but not certain.
        assert (found.certain, found.doubts) == (False, ("precision-low:0.96",))
    else:
        assert (found.winner, found.doubts) == (None, ("lead-small:0.00",))


@pytest.mark.parametrize(("nobodys", "decided"), [(0, True), (1, False)])
def test_a_lead_just_below_a_fifth_is_too_small(nobodys, decided):
    """60 against 40 in 100, then 59 against 40."""
    old, new = version("1.0", decisive=100), version("2.0", decisive=100)
    folder = Folder.of(old)
    for number in range(40):
        folder.change(f"own/{number:04}.dat", f"2.0 {number}")
    for number in range(40, 40 + nobodys):
        folder.change(f"own/{number:04}.dat")
    found = content_only(old, new, folder=folder)
    assert (found.winner == "1.0") is decided
    if not decided:
        assert found.doubts == ("lead-small:0.19",)


@pytest.mark.parametrize(("changed", "certain"), [(2, True), (3, False)])
def test_98_of_100_right_are_needed_to_be_certain(old, new, changed, certain):
    folder = Folder.of(old)
    for number in range(changed):
        folder.change(f"shared/{number:04}.dat")
    found = content_only(old, new, folder=folder)
    assert (found.winner, found.decided_by) == ("1.0", DecidedBy.CONTENT)
    assert found.certain is certain
    assert found.doubts == (() if certain else ("precision-low:0.97",))


def test_a_precision_just_below_the_border_is_not_written_as_the_border():
    known = known_manifest(numbered(1000))
    folder = Folder.of(known)
    for number in range(21):
        folder.change(f"bin/{number:04}.dat")
    assert content_only(known, folder=folder).doubts == ("precision-low:0.97",)


def test_missing_files_do_not_count_against_a_version(old, new):
    folder = Folder.of(old)
    folder.delete(*[path for path in folder.files if path.startswith("shared/")])
    found = content_only(old, new, folder=folder)
    assert (found.winner, found.certain) == ("1.0", True)
    assert found.fits[0].recall == 0.1


def test_unreadable_files_explain_nothing_either_way(old, new):
    folder = Folder.of(old)
    for number in range(5):
        folder.make_unreadable(f"own/{number:04}.dat")
        folder.make_unreadable(f"shared/{number:04}.dat")
    found = content_only(old, new, folder=folder)
    assert found.fits[0].present == 90
    assert (found.fits[0].decisive_present, found.certain) == (5, True)


@pytest.mark.parametrize("mode", list(Mode))
def test_when_what_differs_is_gone_content_gives_no_answer(old, new, mode):
    found = content_only(old, new, folder=without_decisive(old), mode=mode)
    assert (found.winner, found.decided_by, found.certain) == (None, DecidedBy.NONE, False)
    assert found.doubts == ("few-decisive:0", "lead-small:0.00")
    assert [fit.decisive_present for fit in found.fits] == [0, 0]
    assert found.runner_up == "2.0"


def test_then_the_own_record_decides_before_the_stamp(old, new):
    evidence = VersionEvidence(record="1.0", stamps=("1.0.0.5",))
    found = match([old, new], without_decisive(old).inventory(), evidence)
    assert (found.winner, found.decided_by) == ("1.0", DecidedBy.RECORD)
    assert (found.certain, found.doubts) == (True, ())


def test_a_record_of_a_version_that_is_not_known_decides_nothing(old, new):
    evidence = VersionEvidence(record="0.9", stamps=("2.0.0.0",))
    found = match([old, new], without_decisive(old).inventory(), evidence)
    assert (found.winner, found.decided_by) == ("2.0", DecidedBy.STAMP)


def test_then_the_stamp_decides_and_zeros_at_its_end_do_not_matter(old, new):
    evidence = VersionEvidence(stamps=("2.0",))
    found = match([old, new], without_decisive(old).inventory(), evidence)
    assert (found.winner, found.decided_by, found.certain) == ("2.0", DecidedBy.STAMP, True)


def test_stamps_of_two_versions_decide_nothing(old, new):
    evidence = VersionEvidence(stamps=("2.0.0.0", "1.0.0.5"))
    found = match([old, new], without_decisive(old).inventory(), evidence)
    assert (found.winner, found.decided_by) == (None, DecidedBy.NONE)


def test_a_record_against_the_stamp_is_likely_but_not_certain(old, new):
    evidence = VersionEvidence(record="1.0", stamps=("2.0.0.0",))
    found = match([old, new], without_decisive(old).inventory(), evidence)
    assert (found.winner, found.decided_by, found.certain) == ("1.0", DecidedBy.RECORD, False)
    assert found.doubts == ("stamp-differs",)


def test_folders_that_only_one_version_has_say_what_is_likely_never_what_is_certain(old, new):
    folder = without_decisive(old)
    folder.add_directory("old-only")
    found = match([old, new], folder.inventory(), NOTHING)
    assert (found.winner, found.decided_by, found.certain) == ("1.0", DecidedBy.FOLDERS, False)
    assert found.doubts == ("few-decisive:0", "lead-small:0.00", "decided-by-folders")


def test_folders_of_both_versions_decide_nothing(old, new):
    folder = without_decisive(old)
    folder.add_directory("old-only")
    folder.add_directory("new-only")
    assert match([old, new], folder.inventory(), NOTHING).winner is None


def test_content_goes_before_record_and_stamp_which_can_only_make_it_doubtful(old, new):
    evidence = VersionEvidence(record="2.0", stamps=("2.0.0.0",))
    found = match([old, new], Folder.of(old).inventory(), evidence)
    assert (found.winner, found.decided_by, found.certain) == ("1.0", DecidedBy.CONTENT, False)
    assert found.doubts == ("stamp-differs",)


def test_a_version_without_a_stamp_is_doubted_when_another_has_the_one_that_was_read(new):
    old = version("1.0")
    folder = Folder.of(old)
    doubted = match([old, new], folder.inventory(), VersionEvidence(stamps=("2.0.0.0",)))
    assert doubted.doubts == ("stamp-differs",)
    trusted = match([old, new], folder.inventory(), VersionEvidence(stamps=("7.7",)))
    assert trusted.certain


def test_an_own_record_that_an_update_overtook_is_no_tie_breaker():
    old = version("1.0", decisive=3, stamp="1.0")
    new = version("2.0", decisive=3, stamp="2.0")
    updated = Folder.of(new).inventory()
    found = match([old, new], updated, VersionEvidence(record="1.0"))
    assert (found.winner, found.doubts) == (None, ("few-decisive:3",))
    found = match([old, new], updated, VersionEvidence(record="1.0", stamps=("2.0",)))
    assert (found.winner, found.decided_by, found.certain) == ("2.0", DecidedBy.STAMP, True)


def test_an_own_record_stands_while_the_telling_files_are_nobodys():
    old, new = version("1.0", decisive=3), version("2.0", decisive=3)
    folder = Folder.of(old)
    folder.change("own/0000.dat")
    folder.delete("own/0001.dat", "own/0002.dat")
    found = match([old, new], folder.inventory(), VersionEvidence(record="1.0"))
    assert (found.winner, found.decided_by, found.certain) == ("1.0", DecidedBy.RECORD, True)


class TestOneKnownVersion:
    def test_all_paths_speak(self):
        known = known_manifest(numbered(10))
        found = content_only(known, folder=Folder.of(known))
        assert (found.winner, found.runner_up, found.margin) == ("1.0", None, 1.0)
        assert (found.decided_by, found.certain) == (DecidedBy.CONTENT, True)
        assert found.fits[0].decisive_right == 10

    def test_when_it_fails_it_is_named_as_likely_but_not_certain(self):
        known = known_manifest(numbered(10))
        folder = Folder.of(known)
        folder.change("bin/0000.dat")
        found = content_only(known, folder=folder)
        assert (found.winner, found.certain) == ("1.0", False)
        assert found.doubts == ("precision-low:0.90",)

    def test_a_main_program_with_another_stamp_makes_it_uncertain(self):
        known = known_manifest(numbered(10), stamp="1.0")
        folder = Folder.of(known)
        found = match([known], folder.inventory(), VersionEvidence(stamps=("1.1",)))
        assert (found.winner, found.certain, found.doubts) == ("1.0", False, ("stamp-differs",))

    def test_fewer_than_five_right_files_name_nothing(self):
        known = known_manifest(numbered(10))
        folder = Folder.of(known)
        folder.delete(*[f"bin/{number:04}.dat" for number in range(4, 10)])
        found = content_only(known, folder=folder)
        assert (found.winner, found.doubts) == (None, ("few-decisive:4",))

    def test_folders_tell_nothing_when_there_is_nothing_to_tell_apart(self):
        known = known_manifest(numbered(10), directories=["bin"])
        folder = Folder()
        folder.add_directory("bin")
        assert content_only(known, folder=folder).winner is None

    def test_the_record_names_it_though_all_content_is_gone(self):
        known = known_manifest(numbered(10))
        found = match([known], Folder().inventory(), VersionEvidence(record="1.0"))
        assert (found.winner, found.decided_by, found.certain) == (
            "1.0",
            DecidedBy.RECORD,
            False,
        )
        assert found.doubts == ("nothing-here",)


class TestThreeKnownVersions:
    def test_neighbours_stay_apart_when_a_far_older_version_is_known_too(self):
        """Over D of all three the lead would be 10 in 100."""
        far = version("0.1", shared=numbered(90, "far {}".format, "shared"))
        old, new = version("1.0"), version("2.0")
        found = content_only(far, old, new, folder=Folder.of(new))
        assert (found.winner, found.runner_up, found.certain) == ("2.0", "1.0", True)
        assert found.margin == 1.0
        assert [fit.version for fit in found.fits] == ["2.0", "1.0", "0.1"]
        assert [fit.decisive_present for fit in found.fits] == [10, 10, 100]

    def test_a_far_version_wins_in_the_first_round(self):
        far = version("0.1", shared=numbered(90, "far {}".format, "shared"))
        old, new = version("1.0"), version("2.0")
        found = content_only(far, old, new, folder=Folder.of(far))
        assert (found.winner, found.certain, found.margin) == ("0.1", True, 1.0)

    def test_a_tie_breaker_chooses_among_those_that_are_tied_only(self):
        far = version("0.1", shared=numbered(90, "far {}".format, "shared"))
        old, new = version("1.0"), version("2.0", stamp="2.0")
        folder = without_decisive(old)
        evidence = VersionEvidence(record="0.1", stamps=("2.0",))
        found = match([far, old, new], folder.inventory(), evidence)
        assert (found.winner, found.decided_by, found.certain) == ("2.0", DecidedBy.STAMP, True)


class TestAVersionThatIsASubsetOfAnother:
    @pytest.fixture
    def small(self):
        return known_manifest(SHARED, version="small")

    @pytest.fixture
    def big(self):
        return known_manifest({**SHARED, **numbered(10, folder="own")}, version="big")

    def test_the_bigger_one_wins_by_what_only_it_has(self, small, big):
        found = content_only(small, big, folder=Folder.of(big))
        assert (found.winner, found.certain, found.margin) == ("big", True, 1.0)
        assert found.fit("small").decisive_present == 0

    def test_the_smaller_one_complete_looks_like_the_bigger_one_cleaned_up(self, small, big):
        found = content_only(small, big, folder=Folder.of(small))
        assert (found.winner, found.decided_by) == (None, DecidedBy.NONE)
        assert found.doubts == ("few-decisive:0", "lead-small:0.00")

    @pytest.mark.parametrize("record", ["small", "big"])
    def test_then_the_own_record_decides(self, small, big, record):
        inventory = Folder.of(small).inventory()
        found = match([small, big], inventory, VersionEvidence(record=record))
        assert (found.winner, found.decided_by, found.certain) == (
            record,
            DecidedBy.RECORD,
            True,
        )

    def test_files_that_an_older_version_left_behind_do_not_overrule_the_record(self, small, big):
        folder = Folder.of(small)
        folder.add("own/0000.dat", "content 0")
        found = match([small, big], folder.inventory(), VersionEvidence(record="small"))
        assert (found.winner, found.certain) == ("small", True)


def test_two_lists_with_the_same_files_are_a_tie_even_when_complete():
    first, second = version("1.0", say="x {}".format), version("1.0a", say="x {}".format)
    found = content_only(first, second, folder=Folder.of(first))
    assert (found.winner, found.certain) == (None, False)


def test_with_all_content_gone_nothing_is_known(old, new):
    found = content_only(old, new, folder=Folder())
    assert (found.winner, found.certain, found.margin) == (None, False, 0.0)
    assert [(fit.precision, fit.recall) for fit in found.fits] == [(0.0, 0.0), (0.0, 0.0)]


def test_without_any_list_there_is_no_answer():
    found = match([], Folder().inventory(), VersionEvidence(record="1.0"))
    assert (found.fits, found.winner, found.certain) == ((), None, False)
    assert found.doubts == ("no-list",)


def test_a_quick_look_decides_by_files_whose_size_differs():
    old = version("1.0", decisive=10, say="a{:04}".format)
    same_sizes = version("2.0", decisive=10, say="b{:04}".format)
    other_sizes = version("3.0", decisive=10, say="longer {:04}".format)
    folder = Folder.of(old)
    assert content_only(old, same_sizes, folder=folder, mode=Mode.QUICK).winner is None
    found = content_only(old, other_sizes, folder=folder, mode=Mode.QUICK)
    assert (found.winner, found.decided_by) == ("1.0", DecidedBy.CONTENT)


contents = st.dictionaries(
    st.sampled_from([f"f{number}" for number in range(12)]), st.sampled_from("abc"), max_size=12
)


@given(
    trees=st.lists(contents, min_size=1, max_size=3),
    here=contents,
    record=st.sampled_from([None, "v0", "v1", "v9"]),
    stamps=st.lists(st.sampled_from(["1", "2.0", "x"]), max_size=2),
    mode=st.sampled_from(Mode),
)
def test_the_order_of_the_lists_does_not_matter(trees, here, record, stamps, mode):
    known = [
        known_manifest(tree, version=f"v{number}", stamp=str(number))
        for number, tree in enumerate(trees)
    ]
    evidence = VersionEvidence(record, tuple(stamps))
    inventory = Folder.of(here).inventory(mode)
    first, *others = [match(order, inventory, evidence) for order in permutations(known)]
    assert all(other == first for other in others)
    assert first.certain is (not first.doubts)
    assert first.certain <= (first.winner is not None)
    assert 0.0 <= first.margin <= 1.0
