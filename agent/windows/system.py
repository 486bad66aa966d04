"""Which Windows this is, as IT names it.

https://learn.microsoft.com/windows/release-health/
"""

from __future__ import annotations

from collections.abc import Mapping

from agent.ports import Hive, Key, Registry, Value
from agent.windows.sessions import version_info

CURRENT_VERSION = Key(Hive.MACHINE, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion")
FIRST_BUILD_OF_11 = 22_000
"""Windows 11 still calls itself 10 in the registry.

https://learn.microsoft.com/windows/release-health/windows11-release-information
"""
_WORKSTATION = 1


def windows_version(registry: Registry) -> str:
    """For people: ``Windows 11 23H2 (10.0.22631.3296)``.

    Args:
        registry: this PC's; where it can't be read the name is left short.
    """
    found = version_info()
    try:
        values = registry.values(CURRENT_VERSION)
    except OSError:
        values = {}
    number = (found.major, found.minor, found.build)
    return named(values, number, workstation=found.product_type == _WORKSTATION)


def named(values: Mapping[str, Value], number: tuple[int, int, int], *, workstation: bool) -> str:
    """The name of a version.

    Args:
        values: of `CURRENT_VERSION`.
        number: major, minor and build, as the kernel says.
        workstation: no server.
    """
    major, minor, build = number
    update = values.get("UBR")
    full = f"{major}.{minor}.{build}"
    if update is not None and isinstance(update.data, int):
        full += f".{update.data}"
    if workstation:
        name = "Windows 11" if build >= FIRST_BUILD_OF_11 else f"Windows {major}"
    else:
        name = _text(values, "ProductName") or "Windows Server"
    release = _text(values, "DisplayVersion")
    return f"{name} {release} ({full})" if release else f"{name} ({full})"


def _text(values: Mapping[str, Value], name: str) -> str:
    value = values.get(name)
    return (value.text or "") if value is not None else ""
