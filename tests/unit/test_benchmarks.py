"""benchmarks: the same trees every time, and no time counts for a peer that did other work."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from agent.manifest.reading import read
from benchmarks import placing, results, telling, trees
from benchmarks.processes import Measured
from benchmarks.trees import Size
from benchmarks.work import DifferentWorkError, Fingerprint, Work, ensure_same

TINY = Size("tiny", 60, 90_000)


@pytest.fixture
def tree(tmp_path):
    return trees.make(tmp_path / "tiny", TINY)


def contents(root):
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def openssl_lines(root, place):
    lines = [f"{hashlib.sha256(d).hexdigest()} *{root}/{p}" for p, d in contents(root).items()]
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return place


def test_the_same_seed_makes_the_same_tree_byte_for_byte(tmp_path, tree):
    again = trees.make(tmp_path / "again", TINY)
    assert contents(again.root) == contents(tree.root)
    assert again.marker == tree.marker
    assert again.manifest.read_bytes() == tree.manifest.read_bytes()


def test_another_seed_makes_another_tree(tmp_path, tree):
    assert trees.make(tmp_path / "other", TINY, seed=7).marker != tree.marker


@pytest.mark.parametrize("size", [TINY, *trees.SIZES.values()], ids=lambda size: size.name)
def test_paths_are_unique_and_sizes_add_up_to_what_was_asked(size):
    specs = trees.specs(size)
    assert len({spec.path for spec in specs}) == size.files
    assert sum(spec.size for spec in specs) == size.bytes
    assert min(spec.size for spec in specs) >= 0


def test_the_list_names_every_file_with_its_digest(tree):
    manifest, _ = read(tree.manifest)
    found = {path: hashlib.sha256(data).hexdigest() for path, data in contents(tree.root).items()}
    assert {file.path: file.sha256 for file in manifest.files} == found
    assert len(set(found.values())) == TINY.files


def test_a_whole_tree_is_used_again_and_a_half_made_one_is_not(tmp_path, tree):
    stamp = tree.manifest.stat().st_mtime_ns
    assert trees.make(tree.folder, TINY).manifest.stat().st_mtime_ns == stamp
    (tree.folder / trees.COMPLETE_MARKER).unlink()
    assert trees.find(tree.folder, TINY) is None
    assert trees.find(tree.folder, Size("tiny", 61, 90_000)) is None


def test_a_hasher_that_did_the_work_passes(tmp_path, tree):
    out = openssl_lines(tree.root, tmp_path / "out")
    expected = Work(TINY.files, fingerprint=tree.marker.fingerprint)
    ensure_same("openssl", telling.digests([out], tree.root), expected)


@pytest.mark.parametrize("harm", ["one file less", "one digest wrong", "two digests swapped"])
def test_a_hasher_that_did_other_work_is_refused(tmp_path, tree, harm):
    out = openssl_lines(tree.root, tmp_path / "out")
    lines = out.read_text(encoding="utf-8").splitlines()
    if harm == "one file less":
        lines.pop()
    elif harm == "one digest wrong":
        lines[0] = ("0" if lines[0][0] != "0" else "1") + lines[0][1:]
    else:
        lines[0], lines[1] = lines[1][:64] + lines[0][64:], lines[0][:64] + lines[1][64:]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    expected = Work(TINY.files, fingerprint=tree.marker.fingerprint)
    with pytest.raises(DifferentWorkError, match="openssl"):
        ensure_same("openssl", telling.digests([out], tree.root), expected)


def test_a_contender_whose_output_says_nothing_is_refused():
    with pytest.raises(DifferentWorkError, match="says nothing"):
        ensure_same("silent", Work(), Work(files=3))


def test_a_look_of_ours_that_missed_a_file_is_refused(tmp_path, tree):
    before = {"ok": TINY.files - 1, "listed": TINY.files}
    out = tmp_path / "out"
    out.write_text(json.dumps({"installations": [{"before": before}]}), encoding="utf-8")
    told = telling.check_report([out], tree, full=True)
    with pytest.raises(DifferentWorkError):
        ensure_same("ours", told, Work(TINY.files, fingerprint=tree.marker.fingerprint))


def test_rsync_that_would_copy_something_has_one_file_too_many(tmp_path):
    out = tmp_path / "out"
    out.write_text(
        "Number of files: 1,234 (reg: 1,200, dir: 34)\n"
        "Number of regular files transferred: 1\nTotal file size: 5,000 bytes\n",
        encoding="utf-8",
    )
    assert telling.rsync_stats([out]) == Work(1_201, 5_000)


def test_what_is_taken_away_is_missed_and_what_comes_back_is_seen(tmp_path, tree):
    target, trash = tmp_path / "target", tmp_path / "trash"
    placing.make_target(tree, target)
    expected = placing.expected_back(tree)
    assert expected.files == TINY.files // trees.MISSING_EVERY
    ensure_same("copy", placing.seen_back(tree, target), expected)
    placing.take_away(tree, target, trash)
    assert len(contents(target)) == TINY.files - expected.files
    with pytest.raises(DifferentWorkError):
        ensure_same("nobody", placing.seen_back(tree, target), expected)


def test_the_shadow_has_every_name_and_size(tmp_path, tree):
    placing.make_shadow(tree, tmp_path / "shadow")
    sizes = {path: len(data) for path, data in contents(tmp_path / "shadow").items()}
    assert sizes == {path: len(data) for path, data in contents(tree.root).items()}


def test_the_order_of_files_does_not_change_a_fingerprint():
    one, other = Fingerprint(), Fingerprint()
    for found, order in ((one, "abc"), (other, "cab")):
        for name in order:
            found.add(hashlib.sha256(name.encode()).hexdigest(), name, 1)
    assert one.text == other.text
    other.add("0" * 64, "d")
    assert one.text != other.text


def row(name, wall):
    return results.row("quick", "S", name, [Measured(wall, wall, 0)])


@pytest.mark.parametrize(("ours", "met"), [(1.0, True), (1.01, False)])
def test_a_goal_is_met_at_its_limit_and_not_above(ours, met):
    rows = [row("ours", ours), row("rsync -rn --size-only", 1.0)]
    (verdict,) = results.judged(rows)
    assert (verdict.met, verdict.measured) == (met, f"{ours:.2f} times")


def test_a_goal_whose_peer_is_absent_gives_no_verdict():
    assert results.judged([row("ours", 1.0)]) == []


def test_the_median_of_several_runs_counts():
    runs = [Measured(wall, 1.0, 5) for wall in (9.0, 1.0, 2.0)]
    assert results.row("quick", "S", "ours", runs).wall_s == 2.0
    assert replace(results.row("quick", "S", "ours", runs), wall_s=0).runs == 3
