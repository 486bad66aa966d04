"""Install the Debian packages that a lane of tests needs, where they are missing.

Usage::

    python3 build/packages.py ntfs|exfat

Needs root only when something is missing. Standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

LANES: dict[str, dict[str, tuple[str, ...]]] = {
    "ntfs": {"mkfs.ntfs": ("ntfs-3g",), "lowntfs-3g": ("ntfs-3g",), "umount": ("mount",)},
    "exfat": {
        "mkfs.exfat": ("exfatprogs",),
        "mount.exfat-fuse": ("exfat-fuse",),
        "mkfs.vfat": ("dosfstools",),
        "fusefat": ("fusefat",),
        "losetup": ("mount",),
    },
}
"""For each lane: command that must be there, and the packages that bring it."""
APT_SECONDS = 600.0
LAST_LINES = 5


class PackagesError(Exception):
    """Something can't be installed; the text says what to do."""


def install(wanted: Mapping[str, tuple[str, ...]]) -> None:
    """Install what is missing with apt.

    Args:
        wanted: command to the packages that bring it.

    Raises:
        PackagesError: because this is not root on a Debian-like machine, or apt failed.
    """
    missing = [command for command in wanted if shutil.which(command) is None]
    if not missing:
        return
    names = sorted({name for command in missing for name in wanted[command]})
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise PackagesError(f"as root, install these first: {' '.join(names)}")
    print(f"installing {' '.join(names)}", file=sys.stderr, flush=True)
    apt("update", "-q")
    apt("install", "-q", "-y", "--no-install-recommends", *names)


def apt(*arguments: str) -> None:
    """Run apt-get without questions."""
    done = subprocess.run(
        ["apt-get", *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=APT_SECONDS,
    )
    if done.returncode:
        said = "\n".join(done.stderr.strip().splitlines()[-LAST_LINES:])
        raise PackagesError(f"apt-get {arguments[0]}: {said}")


def main(arguments: list[str]) -> int:
    """0 when everything is there, 1 when it can't be, 2 for a lane that is not known."""
    if len(arguments) != 1 or arguments[0] not in LANES:
        print(f"usage: python3 build/packages.py {'|'.join(LANES)}", file=sys.stderr)
        return 2
    try:
        install(LANES[arguments[0]])
    except (PackagesError, subprocess.TimeoutExpired) as error:
        print(f"packages: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
