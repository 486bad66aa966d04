from __future__ import annotations

import pytest

from agent.discovery.silences import Silences


def silences(*paths):
    made = Silences()
    for path in paths:
        made.add(path, None)
    return made


@pytest.mark.parametrize(
    ("silent", "path", "is_silent"),
    [
        (["C:\\a\\b"], "c:\\A\\B\\x.exe", True),
        (["C:\\a\\b"], "C:\\a\\bc", False),
        (["C:\\a\\b"], "C:\\a", False),
        (["C:\\a\\b", "C:\\a\\c"], "C:\\a\\d", True),
        (["C:\\a\\b", "C:\\a\\c"], "C:\\d", False),
        (["C:\\a\\b", "C:\\a\\b\\x"], "C:\\a\\c", False),
        (["C:\\a", "C:\\b"], "C:\\d", True),
        (["C:\\a", "D:\\b"], "C:\\d", False),
    ],
)
def test_two_folders_that_lie_apart_silence_what_is_around_both(silent, path, is_silent):
    assert silences(*silent).has(path, None) is is_silent


def test_a_host_is_silent_as_a_whole():
    made = Silences()
    made.add("\\\\SRV\\a", "srv")
    assert made.has("M:\\x", "srv")
    assert not made.has("\\\\ANDER\\a", "ander")
    assert not made.has("C:\\x", None)
