"""Reading and writing an open file so that the reason of a failure is known.

The C runtime knows too few reasons: a bad sector, a locked region and a lost share all become
"permission denied" or "invalid argument" there, without a ``winerror``. These calls work on the
handle below a descriptor, at its own position, and may be mixed with those of `os`.

https://learn.microsoft.com/windows/win32/fileio/file-management-functions
"""

from __future__ import annotations

import ctypes
import io
from ctypes.wintypes import DWORD
from typing import TYPE_CHECKING

from agent.windows import api

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ERROR_HANDLE_EOF = 38
"""How some network file systems say that nothing is left."""
_MOST_BYTES = 1 << 30
"""In one call: its length has 32 bits."""


def read_into(descriptor: int, view: memoryview) -> int:
    """Fill a buffer from where the file stands; returns the bytes read, 0 at its end.

    https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-readfile

    Args:
        descriptor: of a regular file.
        view: bytes that may be written.

    Raises:
        OSError: because the system refused; with its ``winerror``.
    """
    size, done = min(view.nbytes, _MOST_BYTES), DWORD()
    buffer = (ctypes.c_ubyte * size).from_buffer(view)
    if not api.ReadFile(_handle(descriptor), buffer, size, ctypes.byref(done), None):
        error = api.last_error()
        if getattr(error, "winerror", None) != ERROR_HANDLE_EOF:
            raise error
        return 0
    return int(done.value)


def write(descriptor: int, data: memoryview) -> int:
    """Write from where the file stands; returns the bytes written, which may be fewer.

    https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-writefile

    Args:
        descriptor: of a regular file.
        data: bytes.

    Raises:
        OSError: because the system refused; with its ``winerror``.
    """
    size, done = min(data.nbytes, _MOST_BYTES), DWORD()
    buffer = bytes(data[:size]) if data.readonly else (ctypes.c_ubyte * size).from_buffer(data)
    api.WriteFile.succeed(_handle(descriptor), buffer, size, ctypes.byref(done), None)
    return int(done.value)


def flush(descriptor: int) -> None:
    """Have everything that was written to a file put on its disk.

    https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-flushfilebuffers

    Args:
        descriptor: with the right to write.

    Raises:
        OSError: because the system refused; with its ``winerror``.
    """
    api.FlushFileBuffers.succeed(_handle(descriptor))


class NumberedFile(io.FileIO):
    """A file whose reading fails with a ``winerror``."""

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """See `io.RawIOBase`."""
        return read_into(self.fileno(), memoryview(buffer).cast("B"))

    def read(self, size: int | None = -1, /) -> bytes:
        """See `io.RawIOBase`, which fills a buffer by `readinto`."""
        return io.RawIOBase.read(self, -1 if size is None else size) or b""

    def readall(self) -> bytes:
        """See `io.RawIOBase`."""
        return io.RawIOBase.readall(self) or b""


def _handle(descriptor: int) -> int:
    """https://learn.microsoft.com/cpp/c-runtime-library/reference/get-osfhandle."""
    import msvcrt  # noqa: PLC0415 - Windows only

    return int(api.of_windows(msvcrt, "get_osfhandle")(descriptor))
