"""This file, or the whole place? What an error means."""

from __future__ import annotations

import errno

import pytest

from agent.errors import NotInSourceError, SourceGoneError
from agent.progress import Watch
from agent.sources import place as place_module
from agent.sources.place import GONE_WINERRORS, Place, Stream, is_gone

from .conftest import put


class FailingFile:
    """A file whose reading fails."""

    def __init__(self, real, error):
        self.real, self.error = real, error

    def fileno(self):
        return self.real.fileno()

    def readinto(self, _buffer):
        raise self.error

    def close(self):
        self.real.close()


def failing_stream(place, root, error):
    return Stream(FailingFile((root / "a").open("rb", buffering=0), error), place)


@pytest.mark.parametrize("number", ["ENODEV", "ENXIO", "ESTALE", "ENOTCONN", "EHOSTDOWN"])
def test_the_number_alone_says_that_the_medium_is_away(number):
    assert is_gone(OSError(getattr(errno, number), ""))


@pytest.mark.parametrize("number", ["EIO", "ENOENT", "EACCES", "EINVAL", "ENOSPC"])
def test_these_numbers_may_mean_one_file_only(number):
    assert not is_gone(OSError(getattr(errno, number), ""))


@pytest.mark.parametrize("number", [*sorted(GONE_WINERRORS), 5, 23, 32])
def test_windows_numbers_decide_before_errno(number):
    error = OSError(errno.ENODEV, "")
    error.winerror = number
    assert is_gone(error) is (number in GONE_WINERRORS)


def test_an_absent_file_in_a_place_that_stands_is_not_in_it(place):
    with pytest.raises(NotInSourceError):
        Place(str(place), "s").open("absent", "0" * 64)


def test_an_absent_file_in_a_place_that_is_away_is_a_place_that_is_away(place):
    with pytest.raises(SourceGoneError) as caught:
        Place(str(place / "away"), "s").open("absent", "0" * 64)
    assert caught.value.source_id == "s"


def test_a_bad_sector_is_an_error_of_that_file(place):
    put(place, {"a": b"x"})
    error = OSError(errno.EIO, "Input/output error")
    with (
        failing_stream(Place(str(place), "s"), place, error) as stream,
        pytest.raises(OSError) as c,
    ):
        stream.read()
    assert c.value is error


def test_an_error_while_reading_from_a_pulled_stick_says_gone(place):
    put(place, {"a": b"x"})
    stream = failing_stream(Place(str(place), "s"), place, OSError(errno.EIO, ""))
    place.rename(place.with_name("away"))
    with stream, pytest.raises(SourceGoneError):
        stream.read()


def test_an_empty_mount_point_is_not_the_stick_any_more(place):
    put(place, {"a": b"x"})
    here = Place(str(place), "s")
    here.files(Watch())
    here._device += 1  # what stands there now is on another volume
    assert not here.is_there()
    (place / "a").unlink()
    with pytest.raises(SourceGoneError):
        here.open("a", "0" * 64)


def test_a_place_that_vanishes_while_it_is_listed_is_gone(place, monkeypatch):
    real = place_module.walk

    def vanish(root, watch, **more):
        place.rename(place.with_name("away"))
        return real(root, watch, **more)

    monkeypatch.setattr(place_module, "walk", vanish)
    with pytest.raises(SourceGoneError):
        Place(str(place), "s").files(Watch())


def test_a_stream_reads_like_a_file_and_knows_size_and_time(place):
    put(place, {"a": b"0123456789"})
    with Place(str(place), "s").open("a", "0" * 64) as stream:
        assert (stream.size, stream.mtime_ns) == (10, (place / "a").stat().st_mtime_ns)
        assert stream.read(4) == b"0123"
        assert stream.read() == b"456789"
        assert stream.read(1) == b""
    assert stream.closed
