"""agent.windows.paths: text only, on any system."""

from __future__ import annotations

import pytest

from agent.windows.paths import openable, plain


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("C:\\short", "C:\\short"),
        ("C:/" + "a" * 300, "\\\\?\\C:\\" + "a" * 300),
        ("\\\\host\\share\\" + "a" * 300, "\\\\?\\UNC\\host\\share\\" + "a" * 300),
        ("\\\\?\\C:\\" + "a" * 300, "\\\\?\\C:\\" + "a" * 300),
        ("//?/C:/" + "a" * 300, "//?/C:/" + "a" * 300),
        ("\\\\.\\C:\\" + "a" * 300, "\\\\.\\C:\\" + "a" * 300),
        ("//./C:/" + "a" * 300, "//./C:/" + "a" * 300),
        ("\\??\\C:\\" + "a" * 300, "\\??\\C:\\" + "a" * 300),
        ("map\\" + "a" * 300, "map\\" + "a" * 300),
    ],
    ids=[
        "short",
        "drive",
        "share",
        "already",
        "already-slashes",
        "device",
        "device-slashes",
        "native",
        "relative",
    ],
)
def test_long_windows_paths_get_their_prefix(path, expected):
    assert openable(path, windows=True) == expected


@pytest.mark.parametrize("path", ["C:\\a\0b", "\0", "C:\\" + "a" * 300 + "\0"])
def test_a_path_with_a_nul_is_refused_not_cut_off(path):
    with pytest.raises(OSError) as caught:
        openable(path, windows=True)
    assert caught.value.winerror == 123


def test_posix_paths_stay_as_they_are():
    assert openable("/" + "a" * 300, windows=False) == "/" + "a" * 300


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("\\\\?\\C:\\A", "C:\\A"),
        ("\\\\?\\UNC\\host\\share\\A", "\\\\host\\share\\A"),
        ("\\\\?\\Volume{1}\\A", "\\\\?\\Volume{1}\\A"),
        ("C:\\A", "C:\\A"),
        ("\\\\host\\share", "\\\\host\\share"),
    ],
    ids=["drive", "share", "volume", "plain-drive", "plain-share"],
)
def test_what_windows_puts_before_a_path_is_taken_off(given, expected):
    assert plain(given) == expected
