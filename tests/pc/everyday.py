"""What every PC of a practice has besides the program: noise for a search."""

from __future__ import annotations

from tests.pc.furnishing import Furniture
from tests.pc.shortcuts import shortcut
from tests.simulators.pc import USER_SID

_WINDOWS = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion"
_SERVICES = "HKLM\\SYSTEM\\CurrentControlSet\\Services"
_PROFILES = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList"
_OTHERS = {
    "7-Zip": ("Igor Pavlov", "C:\\Program Files\\7-Zip", "7zFM.exe"),
    "Google Chrome": ("Google LLC", "C:\\Program Files\\Google\\Chrome\\Application", "chrome.exe"),
    "Zorgmail": ("Enovation", "C:\\Program Files (x86)\\Zorgmail", "zorgmail.exe"),
}
_SERVICES_OF_WINDOWS = {
    "Spooler": "%SystemRoot%\\System32\\spoolsv.exe",
    "Dhcp": "%SystemRoot%\\system32\\svchost.exe -k LocalServiceNetworkRestricted",
    "ACPI": "\\SystemRoot\\System32\\drivers\\ACPI.sys",
    "disk": "System32\\drivers\\disk.sys",
}


def everyday(room: Furniture) -> None:
    """Other programs with all their traces, services of Windows, a document."""
    for name, (vendor, folder, program) in _OTHERS.items():
        start = f"{folder}\\{program}"
        room.put(start, b"MZ" + name.encode())
        room.put(f"C:\\Users\\Public\\Desktop\\{name}.lnk", shortcut(start))
        key = f"{_WINDOWS}\\Uninstall\\{name}"
        values = {"DisplayName": name, "Publisher": vendor, "InstallLocation": folder}
        for value, data in (values | {"DisplayIcon": f"{start},0"}).items():
            room.value(key, value, data)
        room.value(f"{_WINDOWS}\\App Paths\\{program}", "", start)
    for name, image in _SERVICES_OF_WINDOWS.items():
        room.value(f"{_SERVICES}\\{name}", "ImagePath", {"expand": image})
    room.value(f"{_PROFILES}\\{USER_SID}", "ProfileImagePath", room.profile)
    room.put("C:\\Windows\\win.ini", b"; for 16-bit app support\r\n[fonts]\r\n[Mail]\r\nMAPI=1\r\n")
    room.put("C:\\Windows\\System32\\spoolsv.exe", b"MZspool")
    room.put("~\\Documents\\rooster.docx", b"PK rooster")
    room.running += ["C:\\Windows\\explorer.exe", "C:\\Windows\\System32\\svchost.exe"]
