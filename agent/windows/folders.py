"""Where this Windows keeps things.

https://learn.microsoft.com/windows/win32/shell/known-folders
"""

from __future__ import annotations

import ctypes
import os
import tempfile
import uuid
from collections.abc import Mapping

from agent.ports import KnownFolder
from agent.windows import api

IDS = {
    KnownFolder.PROGRAM_FILES: "905e63b6-c1bf-494e-b29c-65b732d3d21a",
    KnownFolder.PROGRAM_FILES_X86: "7c5a40ef-a0fb-4bfc-874a-c0f2e0b9fa8e",
    KnownFolder.PROGRAM_DATA: "62ab5d82-fdc1-4dc3-a9dd-070d1d495d97",
    KnownFolder.PUBLIC_DESKTOP: "c4aa340d-f20f-4863-afef-f87ef2e6ba25",
    KnownFolder.COMMON_START_MENU: "a4115719-d62e-491d-aa7c-e74b8be3b067",
    KnownFolder.PROFILES: "0762d272-c50a-4bb0-a382-697dcd729b80",
    KnownFolder.PROFILE: "5e6c858f-0e22-4760-9afe-ea3317b67173",
    KnownFolder.DESKTOP: "b4bfcc3a-db2c-424c-b029-7fe99a87c641",
    KnownFolder.START_MENU: "625b53c3-ab48-4ec1-ba1f-a1ef4146fc19",
    KnownFolder.DOWNLOADS: "374de290-123f-4565-9164-39c4925e467b",
    KnownFolder.ROAMING: "3eb685db-65f9-4cf6-a03a-e3ef65729f3d",
    KnownFolder.LOCAL: "f1b32785-6fba-4fcf-9d55-7b8e7f157091",
}
"""https://learn.microsoft.com/windows/win32/shell/knownfolderid"""
_DO_NOT_VERIFY = 0x4000
"""``KF_FLAG_DONT_VERIFY``: a folder that was redirected to a dead share is not waited for."""
_PATH_CHARACTERS = 32_768


class WindowsFolders:
    """Implements `agent.ports.Folders`."""

    def known(self, folder: KnownFolder) -> str | None:
        """See `Folders`; the folder need not exist."""
        if folder is KnownFolder.WINDOWS:
            return _windows()
        if folder is KnownFolder.TEMP:
            return tempfile.gettempdir()
        return _known(IDS[folder])

    def variables(self) -> Mapping[str, str]:
        """See `Folders`."""
        return {name.upper(): text for name, text in os.environ.items()}


def _windows() -> str | None:
    """The folder of the system; on a shared server `GetWindowsDirectoryW` gives a private one.

    https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-getsystemwindowsdirectoryw
    """
    buffer = ctypes.create_unicode_buffer(_PATH_CHARACTERS)
    return buffer.value if api.GetSystemWindowsDirectoryW(buffer, _PATH_CHARACTERS) else None


def _known(text: str) -> str | None:
    """https://learn.microsoft.com/windows/win32/api/shlobj_core/nf-shlobj_core-shgetknownfolderpath."""
    identity = api.Guid.from_buffer_copy(uuid.UUID(text).bytes_le)
    pointer = ctypes.c_void_p()
    try:
        answer = api.SHGetKnownFolderPath(
            ctypes.byref(identity), _DO_NOT_VERIFY, None, ctypes.byref(pointer)
        )
        found = ctypes.wstring_at(pointer.value) if answer == 0 and pointer.value else ""
    finally:  # to be freed also after a failure
        api.CoTaskMemFree(pointer)
    return found or None
