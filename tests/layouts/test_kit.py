"""The kit itself: descriptions are strict, damage is what it says, marks follow the rules."""

from __future__ import annotations

import msgspec
import pytest

from agent.discovery.shortcuts import read_shortcut
from agent.ports import Hive, Key, View
from tests.pc.damage import damaged
from tests.pc.describing import Description, Expected, Program, Shortcut, read
from tests.pc.furnishing import furnish, key_of
from tests.pc.judging import Answer, Mark, Seen, judge, mark, table
from tests.pc.products import KNOWN, UNKNOWN, tree
from tests.pc.simulated import simulate
from tests.pc.traces import TRACES

PROFILE = "C:\\Users\\iemand"
ROOT = "D:\\Praktijk\\PP"
OLD, NEW = tree("medicom", "2022.4"), tree("medicom", "2023.1")


def answered(outcome, root=None, **canonical):
    """An answer with one candidate for each verdict."""
    seen = (Seen(root, root.upper(), outcome, "why"),) if root else ()
    return Answer(outcome, root, seen, canonical)


def expecting(outcome, root=None, **more):
    return Expected(outcome=outcome, root=root, reason="a reason", **more)


@pytest.mark.parametrize("text", ['sotry = "x"', 'story = "x"\n[[program]]\nat = 3\nholds = "x"'])
def test_refuses_a_description_that_says_something_else(tmp_path, text):
    file = tmp_path / "pc.toml"
    file.write_text(text)
    with pytest.raises(msgspec.ValidationError):
        read(file)


def test_each_version_is_some_hundred_files_over_several_folders():
    for product, version in (*KNOWN, UNKNOWN):
        files = tree(product, version)
        assert 60 <= len(files) <= 120
        assert len({path.rpartition("/")[0] for path in files}) >= 6


def test_a_third_of_the_files_is_the_same_in_both_versions():
    same = [path for path, data in OLD.items() if NEW.get(path) == data]
    assert len(OLD) / 4 < len(same) < len(OLD) / 2


def test_cleaned_up_leaves_what_the_new_version_has_too():
    left = damaged("medicom", "2022.4", "cleaned up")
    assert left
    assert all(NEW[path] == data == OLD[path] for path, data in left.items())


def test_other_bytes_keeps_every_name_and_size_and_no_content():
    left = damaged("medicom", "2022.4", "other bytes")
    assert {path: len(data) for path, data in left.items()} == {
        path: len(data) for path, data in OLD.items()
    }
    assert not any(data == OLD[path] for path, data in left.items())


def test_half_updated_has_files_of_both_versions():
    left = damaged("medicom", "2022.4", "half updated to 2023.1")
    only_old = [path for path, data in left.items() if data == OLD.get(path) != NEW.get(path)]
    only_new = [path for path, data in left.items() if data == NEW.get(path) != OLD.get(path)]
    assert min(len(only_old), len(only_new)) >= 5
    assert len(only_old) + len(only_new) < len(left)


def test_a_share_gone_is_that_share():
    assert len(damaged("medicom", "2022.4", "95% gone")) == round(len(OLD) * 0.05)


def test_refuses_a_state_that_nobody_wrote():
    with pytest.raises(ValueError, match="melted"):
        damaged("medicom", "2022.4", "melted")


@pytest.mark.parametrize("trace", sorted(TRACES))
def test_every_trace_names_the_root_somewhere(trace):
    program = Program(at=ROOT, holds="medicom 2022.4", state="gone", traces=(trace,))
    room = furnish(Description(story="x", programs=(program,)), PROFILE)
    said = [str(line.data) for line in room.registry] + room.running
    said += [text for put in room.files.values() for text in texts(put.data)]
    assert any(ROOT in text for text in said)


def texts(data):
    """What a file says, in any of the ways in which Windows writes text."""
    yield data.decode("cp1252", "replace")
    yield data.decode("utf-16", "replace")
    if data.startswith(b"L\0\0\0"):
        yield from read_shortcut(data).targets


@pytest.mark.parametrize(
    ("to", "kind"),
    [
        ("D:\\Praktijk Zoë\\medicom.exe", "local"),
        ("\\\\SRV01\\Apps\\Medicom\\medicom.exe", "network"),
        ("%ProgramFiles%\\Medicom\\medicom.exe", "environment"),
    ],
)
def test_a_shortcut_leads_where_the_description_says(to, kind):
    one = Shortcut(at="~\\Desktop\\M.lnk", to=to, kind=kind, made_on="balie-9")
    room = furnish(Description(story="x", shortcuts=(one,)), PROFILE)
    found = read_shortcut(room.files["C:\\Users\\iemand\\Desktop\\M.lnk"].data)
    assert found.targets[0] == to
    assert found.machine == "balie-9"


def test_a_second_program_gets_registry_keys_of_its_own():
    programs = [Program(at=at, holds="medicom 2022.4", traces=("service",)) for at in "CD"]
    room = furnish(Description(story="x", programs=tuple(programs)), PROFILE)
    names = {line.key.path.rpartition("\\")[2] for line in room.registry}
    assert names == {"MedicomService", "MedicomService_2"}


def test_keys_name_their_view():
    assert key_of("HKLM\\SOFTWARE\\X (32-bit)") == Key(Hive.MACHINE, "SOFTWARE\\X", View.BITS_32)


def test_a_simulated_pc_has_what_is_described(tmp_path):
    program = Program(at=ROOT, holds="medicom 2022.4", state="95% gone")
    drives = {"D": "fixed", "E": "not ready", "S": "subst D:\\Praktijk"}
    made = simulate(Description(story="x", drives=drives, programs=(program,)), tmp_path)
    for path in damaged("medicom", "2022.4", "95% gone"):
        below = path.replace("/", "\\")
        assert made.disks.read(f"S:\\pp\\{below}", 1 << 20) == OLD[path]
    assert [drive.root for drive in made.disks.drives() if not drive.ready] == ["E:\\"]


@pytest.mark.parametrize(
    ("expected", "answer", "right"),
    [
        (expecting("chosen", ROOT), answered("chosen", ROOT), Mark.RIGHT),
        (expecting("chosen", ROOT), answered("chosen", "D:\\X"), Mark.WRONG),
        (expecting("chosen", ROOT), answered("emptied", "D:\\X"), Mark.WRONG),
        (expecting("chosen", ROOT), answered("emptied", ROOT), Mark.NEEDLESS),
        (expecting("chosen", ROOT), answered("several"), Mark.NEEDLESS),
        (expecting("chosen", ROOT), answered("not-found"), Mark.MISSED),
        (expecting("emptied", ROOT), answered("emptied", ROOT), Mark.ASKED),
        (expecting("emptied", ROOT), answered("chosen", ROOT), Mark.WRONG),
        (expecting("several"), answered("several"), Mark.ASKED),
        (expecting("several"), answered("chosen", ROOT), Mark.WRONG),
        (expecting("several"), answered("emptied", ROOT), Mark.WRONG),
        (expecting("not-found"), answered("not-found"), Mark.RIGHT),
        (expecting("not-found"), answered("budget-spent"), Mark.NEEDLESS),
        (expecting("budget-spent"), answered("not-found"), Mark.MISSED),
    ],
)
def test_marks(expected, answer, right):
    assert mark(expected, answer) is right


def test_an_alias_of_the_root_is_the_root():
    answer = Answer("chosen", "S:\\PP", (Seen("S:\\PP", ROOT, "chosen", ""),), {ROOT: ROOT})
    assert mark(expecting("chosen", ROOT), answer) is Mark.RIGHT


def test_names_the_folder_that_is_not_offered_and_the_verdict_that_differs():
    expected = expecting("several", among=("D:\\X",), others={"D:\\Y": "copy"})
    pc = Description(story="x", expect={"medicom": expected})
    row = judge("01", "medicom", pc, answered("several", ROOT))
    assert row.faults == ("D:\\X is not offered", "D:\\Y is None, not copy")
    assert table([row])[-1] == "right: 0, asked: 1, asked needlessly: 0, missed: 0, WRONG: 0"
