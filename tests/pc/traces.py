"""What installing and using a program leaves behind on a PC: one function a trace.

Each writes what a real installer or Windows itself writes there; of a trace that a PC has once
only (App Paths), the last program described keeps it, of the others a second gets a key of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.pc.installer import packed_guid, product_code
from tests.pc.shortcuts import shortcut

if TYPE_CHECKING:
    from tests.pc.furnishing import Furniture

MACHINE, USER = "HKLM\\SOFTWARE", "HKCU\\SOFTWARE"
_WINDOWS = "Microsoft\\Windows\\CurrentVersion"
_ENVIRONMENT = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment"
_SYSTEM_PATH = "%SystemRoot%\\system32;%SystemRoot%"
_PUBLIC_DESKTOP = "C:\\Users\\Public\\Desktop"
_START_MENU = "C:\\ProgramData\\Microsoft\\Windows\\Start Menu\\Programs"
_PINS = "~\\AppData\\Roaming\\Microsoft\\Internet Explorer\\Quick Launch\\User Pinned\\TaskBar"
_TASK = """\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Author>PharmaPartners</Author></RegistrationInfo>
  <Triggers><LogonTrigger><Enabled>true</Enabled></LogonTrigger></Triggers>
  <Principals><Principal id="Author"><UserId>S-1-5-18</UserId></Principal></Principals>
  <Settings><Enabled>true</Enabled></Settings>
  <Actions Context="Author">
    <Exec><Command>"{start}"</Command><Arguments>/stil</Arguments>
    <WorkingDirectory>{root}</WorkingDirectory></Exec>
  </Actions>
</Task>
"""


@dataclass(frozen=True, slots=True)
class Place:
    """One installed program."""

    product: str
    version: str
    root: str
    """Without a backslash at the end."""
    main: str
    """File name of the main program."""

    @property
    def title(self) -> str:
        """As people know it."""
        return self.product.capitalize()

    @property
    def start(self) -> str:
        """Path of the main program."""
        return f"{self.root}\\{self.main}"


Trace = Callable[["Furniture", Place], None]


def _own_key(room: Furniture, key: str, view: str = "") -> str:
    """That key, or one with a number behind it when another program has it."""
    number, free = 1, key + view
    while room.has_key(free):
        number += 1
        free = f"{key}_{number}{view}"
    return free


def _put(room: Furniture, key: str, values: Mapping[str, Any]) -> None:
    for name, data in values.items():
        room.value(key, name, data)


def _uninstall(software: str, view: str) -> Trace:
    def write(room: Furniture, place: Place) -> None:
        key = f"{software}\\{_WINDOWS}\\Uninstall\\{place.title} {place.version}"
        values = {
            "DisplayName": f"{place.title} {place.version}",
            "Publisher": "PharmaPartners B.V.",
            "InstallLocation": place.root + "\\",
            "DisplayIcon": f"{place.start},0",
            "UninstallString": f'"{place.root}\\unins000.exe" /SILENT',
        }
        _put(room, _own_key(room, key, view), values)

    return write


def _install_location(room: Furniture, place: Place) -> None:
    key = f"{MACHINE}\\{_WINDOWS}\\Uninstall\\{place.title}"
    values = {"DisplayName": place.title, "InstallLocation": place.root}
    _put(room, _own_key(room, key), values)


def _icon(room: Furniture, place: Place) -> None:
    key = f"{MACHINE}\\{_WINDOWS}\\Uninstall\\{place.title}"
    _put(room, _own_key(room, key), {"DisplayName": place.title, "DisplayIcon": f"{place.start},0"})


def _vendor_key(software: str, view: str) -> Trace:
    def write(room: Furniture, place: Place) -> None:
        key = _own_key(room, f"{software}\\PharmaPartners\\{place.title}", view)
        _put(room, key, {"InstallDir": place.root, "Versie": place.version, "Poort": 4004})

    return write


def _service(room: Furniture, place: Place) -> None:
    name = f"{place.title}Service"
    values = {
        "DisplayName": f"{place.title} koppelingen",
        "ImagePath": {"expand": f'"{place.root}\\bin\\{name}.exe" -service'},
        "ObjectName": "LocalSystem",
        "Start": 2,
        "Type": 16,
    }
    _put(room, _own_key(room, f"HKLM\\SYSTEM\\CurrentControlSet\\Services\\{name}"), values)


def _app_paths(room: Furniture, place: Place) -> None:
    key = f"{MACHINE}\\{_WINDOWS}\\App Paths\\{place.main}"
    _put(room, key, {"": place.start, "Path": place.root})


def _shortcut_in(folder: str) -> Trace:
    def write(room: Furniture, place: Place) -> None:
        number, at = 1, f"{folder}\\{place.title}.lnk"
        while room.at(at) in room.files:
            number += 1
            at = f"{folder}\\{place.title} ({number}).lnk"
        room.put(at, shortcut(place.start))

    return write


def _run_key(software: str) -> Trace:
    def write(room: Furniture, place: Place) -> None:
        name = f"{place.title} start"
        key = f"{software}\\{_WINDOWS}\\Run"
        room.value(key, name, f'"{place.root}\\{place.main}" /tray')

    return write


def _task(room: Furniture, place: Place) -> None:
    text = _TASK.format(start=place.start, root=place.root)
    at = f"C:\\Windows\\System32\\Tasks\\PharmaPartners\\{place.title}"
    room.put(at, text.replace("\n", "\r\n").encode("utf-16"))


def _data_source(room: Furniture, place: Place) -> None:
    short = {"medicom": "mc", "pharmacom": "ph"}[place.product]
    key = f"{MACHINE}\\ODBC\\ODBC.INI\\{place.title}"
    driver = f"{place.root}\\bin\\{short}odbc32.dll"
    _put(room, key, {"Driver": driver, "Description": place.title, "LastUser": "balie"})
    room.value(f"{MACHINE}\\ODBC\\ODBC.INI\\ODBC Data Sources", place.title, place.title)


def _ini(room: Furniture, place: Place) -> None:
    text = f"[{place.title}]\r\nPad={place.root}\r\nPrinter=3\r\n"
    room.put(f"C:\\Windows\\{place.product}.ini", text.encode("cp1252"))


def _search_path(key: str, first: str) -> Trace:
    def write(room: Furniture, place: Place) -> None:
        room.value(key, "Path", {"expand": f"{first}{place.root}\\bin"})

    return write


def _msi(room: Furniture, place: Place) -> None:
    """https://learn.microsoft.com/windows/win32/msi/uninstall-registry-key ."""
    packed = packed_guid(product_code(place.product, place.version))
    key = f"{MACHINE}\\{_WINDOWS}\\Installer\\UserData\\S-1-5-18\\Products\\{packed}"
    values = {
        "DisplayName": f"{place.title} {place.version}",
        "Publisher": "PharmaPartners B.V.",
        "InstallLocation": place.root + "\\",
        "InstallSource": "C:\\Temp\\installatie\\",
    }
    _put(room, f"{key}\\InstallProperties", values)


def _running(room: Furniture, place: Place) -> None:
    room.running.append(place.start)


TRACES: Mapping[str, Trace] = {
    "uninstall key": _uninstall(MACHINE, " (32-bit)"),
    "uninstall key (64-bit)": _uninstall(MACHINE, ""),
    "uninstall key (user)": _uninstall(USER, ""),
    "install location": _install_location,
    "icon": _icon,
    "vendor key": _vendor_key(MACHINE, " (32-bit)"),
    "vendor key (64-bit)": _vendor_key(MACHINE, ""),
    "vendor key (user)": _vendor_key(USER, ""),
    "service": _service,
    "app paths": _app_paths,
    "shortcut": _shortcut_in(_PUBLIC_DESKTOP),
    "shortcut (user)": _shortcut_in("~\\Desktop"),
    "start menu": _shortcut_in(_START_MENU),
    "taskbar pin": _shortcut_in(_PINS),
    "run key": _run_key(MACHINE),
    "run key (user)": _run_key(USER),
    "task": _task,
    "data source": _data_source,
    "ini": _ini,
    "path": _search_path(_ENVIRONMENT, _SYSTEM_PATH + ";"),
    "path (user)": _search_path("HKCU\\Environment", ""),
    "msi": _msi,
    "running": _running,
}
"""By the name that a description uses."""
