"""agent.hashing: right hashes, errors as values, nothing followed, nothing waited for."""

from __future__ import annotations

import errno
import hashlib
import os
import socket
import threading
import time
from pathlib import Path

import pytest

from agent import hashing
from agent.errors import Stopped
from agent.hashing import BUFFER_BYTES, TELL_BYTES, hash_file, hash_many, open_regular
from agent.progress import Stage, Watch

posix_only = pytest.mark.skipif(os.name == "nt", reason="needs POSIX file types")


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


@pytest.mark.parametrize(
    "size", [0, 1, BUFFER_BYTES - 1, BUFFER_BYTES, BUFFER_BYTES + 1, 3 * BUFFER_BYTES]
)
def test_hash_and_size_are_those_of_the_bytes(tmp_path, size):
    data = os.urandom(size)
    path = write(tmp_path / "f", data)
    assert hash_file(path) == (hashlib.sha256(data).hexdigest(), size)
    (seen,) = hash_many([path], [size], watch=Watch())
    assert (seen.sha256, seen.size, seen.error) == (hashlib.sha256(data).hexdigest(), size, None)
    assert seen.mtime_ns == Path(path).stat().st_mtime_ns


def test_a_given_buffer_is_used(tmp_path):
    data = os.urandom(1000)
    path = write(tmp_path / "f", data)
    buffer = bytearray(64)
    assert hash_file(path, buffer) == (hashlib.sha256(data).hexdigest(), 1000)
    assert bytes(buffer) != bytes(64)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_results_keep_the_order_of_the_paths(tmp_path, threads):
    contents = [bytes([n]) * (n * 997 % 5000) for n in range(60)]
    for n, data in enumerate(contents):
        write(tmp_path / f"{n}", data)
    seen = hash_many(
        [str(n) for n in range(60)],
        [len(data) for data in contents],
        base=f"{tmp_path}{os.sep}",
        threads=threads,
        watch=Watch(),
    )
    assert [each.sha256 for each in seen] == [hashlib.sha256(d).hexdigest() for d in contents]


def test_a_wrong_size_of_the_walk_does_no_harm(tmp_path):
    path = write(tmp_path / "f", b"grown since")
    (seen,) = hash_many([path], [3], watch=Watch())
    assert (seen.sha256, seen.size) == (hashlib.sha256(b"grown since").hexdigest(), 11)


def test_an_error_is_a_value_and_the_others_go_on(tmp_path):
    good = write(tmp_path / "good", b"x")
    absent, good_again = hash_many([str(tmp_path / "absent"), good], [9, 1], watch=Watch())
    assert absent.sha256 is None
    assert absent.error.errno == errno.ENOENT
    assert str(tmp_path) not in absent.error.text
    assert good_again.sha256 == hashlib.sha256(b"x").hexdigest()


def test_who_listens_to_errors_can_end_the_work(tmp_path):
    class PulledOutError(Exception):
        pass

    def end(error):
        raise PulledOutError

    with pytest.raises(PulledOutError):
        hash_many([str(tmp_path / "absent")], [1], watch=Watch(), on_error=end)


@posix_only
def test_never_opens_a_link_a_pipe_a_socket_or_a_folder(tmp_path):
    write(tmp_path / "real", b"x")
    (tmp_path / "link").symlink_to("real")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(tmp_path)  # the path of a socket may have 107 bytes only
        try:
            server.bind("socket")
        finally:
            os.chdir(here)
    names = ["link", "pipe", "folder", "socket"]
    began = time.monotonic()
    seen = hash_many([str(tmp_path / n) for n in names], [1] * 4, watch=Watch())
    assert time.monotonic() - began < 1
    assert [each.sha256 for each in seen] == [None] * 4
    assert all(each.error is not None for each in seen)


def descriptors():
    """How many this process has open; 0 where the system does not say."""
    place = Path("/proc/self/fd")
    return len(list(place.iterdir())) if place.is_dir() else 0


@posix_only
def test_a_refused_open_gives_its_descriptor_back(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    before = descriptors()
    for _ in range(5):
        with pytest.raises(OSError, match="Not a regular file"):
            open_regular(str(tmp_path / "pipe"))
        with pytest.raises(OSError, match="Not a regular file"):
            hash_file(str(tmp_path / "pipe"))
    after = descriptors()
    assert after == before


def test_stop_is_heard_inside_one_large_file(tmp_path):
    size = 8 * TELL_BYTES
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(size)
    told = []

    def tell(progress):
        told.append(progress.bytes_done)
        watch.stop()

    watch = Watch(tell)
    with pytest.raises(Stopped):
        hash_many([str(path)], [size], watch=watch)
    assert TELL_BYTES <= told[-1] <= 2 * TELL_BYTES


def test_stop_ends_every_thread(tmp_path):
    paths = [write(tmp_path / str(n), b"x" * 4096) for n in range(3000)]
    watch = Watch()
    watch.stop()
    before = threading.active_count()
    with pytest.raises(Stopped):
        hash_many(paths, [4096] * len(paths), threads=4, watch=watch)
    assert threading.active_count() == before


def test_progress_ends_at_all_files_and_all_bytes(tmp_path):
    sizes = [0, 5, BUFFER_BYTES * 2, TELL_BYTES + BUFFER_BYTES * 3]
    paths = [write(tmp_path / str(n), bytes(size)) for n, size in enumerate(sizes)]
    watch = Watch()
    watch.start(Stage.LOOK, len(paths), sum(sizes))
    hash_many(paths, sizes, threads=2, watch=watch)
    now = watch.now
    assert (now.files_done, now.bytes_done) == (now.files_total, now.bytes_total)


def test_large_files_come_first_and_small_ones_together():
    tiny = hashing.BATCH_BYTES // hashing.FILE_COST_BYTES // 4
    sizes = [1] * tiny + [hashing.BATCH_BYTES * 3]
    first, rest = hashing._batches(sizes)
    assert first == [tiny]
    assert sorted(rest) == list(range(tiny))


@posix_only
def test_looking_leaves_the_access_time_alone(tmp_path):
    path = write(tmp_path / "f", b"x")
    os.utime(path, ns=(1_000_000_000, 2_000_000_000_000_000_000))
    hash_file(path)
    assert Path(path).stat().st_atime_ns == 1_000_000_000


def test_default_threads_are_within_what_was_measured():
    assert hashing.MIN_THREADS <= hashing.default_threads() <= hashing.MAX_THREADS
