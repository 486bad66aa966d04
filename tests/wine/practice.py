"""The PCs of the practice inside one Wine prefix: drives, shares, registry, and verbs run there.

PC-A is whole on ``C:\\PharmaPartners`` and shares it, PC-B was broken by the clean-up in
``D:\\Praktijk\\PP 2019\\Medicom``, PC-C is half broken. One of them is the prefix at a time; the
others are folders that it reaches. Folders are filled and looked at from Linux, beside Wine.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Any

from agent.manifest.names import LOCK_NAME, is_ours
from agent.ports import Hive, View
from tests.documents import validate_report
from tests.pc.furnishing import Furniture, RegistryLine
from tests.pc.traces import TRACES, Place
from tests.real.practice import digest, snapshot, vendor_ns
from tests.wine.software import MAIN, OLD, PRODUCT, Medicom, own_files
from wine_prefix import Drive, Prefix

REPOSITORY = Path(__file__).resolve().parents[2]
HOST, SHARE = "WERKPLEK-A", "PharmaPartners"
ON_SHARE = f"\\\\{HOST}\\{SHARE}"
LISTS = "C:\\Lijsten"
STATE = "C:\\Staat"
LINES = "C:\\regels.json"
PROFILE = "C:\\users\\Public"
DRIVES = {"d": "hd", "e": "floppy", "f": "hd"}
"""Letter to type: a second disk, a stick, and a disk that tests make full."""
LOOK_SECONDS = 120.0
"""Time limit of one verb on the light tree; it takes a few seconds."""
HIVES = {Hive.MACHINE: "HKEY_LOCAL_MACHINE", Hive.USER: "HKEY_CURRENT_USER"}
ORDINARY = ("-m", "tests.windows.unelevated")


@dataclass(frozen=True)
class Ended:
    """How a verb ended under Windows."""

    code: int
    """Cut to 8 bits by Linux."""
    report: dict[str, Any]
    err: str

    @property
    def one(self) -> dict[str, Any]:
        return self.report["installations"][0]

    def used(self) -> dict[str, int]:
        """Files by the source that gave them; sources that gave none are left out."""
        given = {each["id"]: each["used"] for each in self.one["sources"]}
        return {name: used for name, used in given.items() if used}


@dataclass(frozen=True)
class Bench:
    """A furnished prefix, and the folders that are its drives and shares."""

    prefix: Prefix
    base: Path
    medicom: Medicom
    """Whose lists the PC knows."""
    root: str
    """Of the installation, as Windows calls it."""
    lists: str = LISTS

    @property
    def folder(self) -> Path:
        """The installation as a folder of this machine."""
        return self.at(self.root)

    @property
    def share(self) -> Path:
        """The folder behind the share."""
        return self.base / "werkplek-a"

    def at(self, path: str) -> Path:
        """A Windows path as one of this machine; its case has to be right."""
        pure = PureWindowsPath(path)
        letter = pure.drive[0].lower()
        top = self.prefix.drive_c if letter == "c" else self.base / f"schijf-{letter}"
        return top.joinpath(*pure.parts[1:])

    def furnish(self, traces: Iterable[str] = ()) -> None:
        """Make the prefix this PC, with what an installer of Medicom leaves behind."""
        room = Furniture(PROFILE)
        for trace in traces:
            TRACES[trace](room, Place(PRODUCT, OLD, self.root, MAIN))
        drives = {}
        for letter, kind in DRIVES.items():
            drives[letter] = Drive(self.base / f"schijf-{letter}", kind)
            drives[letter].folder.mkdir(parents=True, exist_ok=True)
        self.share.mkdir(exist_ok=True)
        self.prefix.furnish(
            registry=registry_text(room.registry),
            drives=drives,
            shares={(HOST, SHARE): self.share},
        )
        for path, put in room.files.items():
            place = as_spelled(self.at(path))
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(put.data)
        shutil.copytree(self.medicom.lists, self.at(self.lists))

    def with_lists_of(self, medicom: Medicom, folder: str) -> Bench:
        """The same PC with another size of the same program."""
        shutil.copytree(medicom.lists, self.at(folder))
        return Bench(self.prefix, self.base, medicom, self.root, folder)

    def emptied(self) -> Bench:
        """Nothing on the drives and behind the share any more, and no memory of earlier runs."""
        for top in (self.share, *(self.base / f"schijf-{letter}" for letter in DRIVES)):
            for entry in top.iterdir():
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        shutil.rmtree(self.at(STATE), ignore_errors=True)
        return self

    def lay(self, version: str, *, without: Iterable[str] = ()) -> None:
        """Install the program here."""
        self.medicom.lay(self.folder, version, pc="deze pc", without=without)

    def cleaned_up(self) -> None:
        """Install the old version and let the clean-up of 2 January 2023 go over it."""
        self.lay(OLD, without=self.medicom.only_old())

    def command(self, *words: str, elevated: bool = False) -> list[str]:
        """Arguments for Windows Python."""
        catalogue = ["--catalogue", self.lists, "--json"]
        return [*(() if elevated else ORDINARY), "-m", "agent.cli", *words, *catalogue]

    def run(self, *words: str, elevated: bool = False, timeout: float = LOOK_SECONDS) -> Ended:
        """A verb, as an ordinary user unless said otherwise; its report is held to the schema."""
        arguments = self.command(*words, elevated=elevated)
        done = self.prefix.python(
            arguments, timeout=timeout, cwd=REPOSITORY, env=self.environment(elevated)
        )
        return ended(done)

    def exit_codes(self, *lines: Sequence[str]) -> list[int]:
        """What a parent under Windows sees of these verbs: all 32 bits."""
        file = self.at(LINES)
        file.write_text(json.dumps([self.command(*words, elevated=True) for words in lines]))
        done = self.prefix.python(
            [*ORDINARY, "-m", "tests.wine.parent", LINES],
            timeout=LOOK_SECONDS * len(lines),
            cwd=REPOSITORY,
            env=self.environment(),
        )
        codes: list[int] = json.loads(done.stdout)
        return codes

    def environment(self, elevated: bool = False) -> dict[str, str]:
        """An elevated run may not be told where to keep its state."""
        return {} if elevated else {"WERKPLEK_STATE": STATE}

    def seen(self) -> dict[str, tuple[Any, ...]]:
        """Bytes and times of everything in the installation but what is ours.

        Without modes: Wine marks every file executable that gets the name of a program.
        """
        there = snapshot(self.folder)
        return {path: what[:-1] for path, what in there.items() if not is_ours(path)}

    def ours(self) -> list[str]:
        """What we left in the installation, the lock apart."""
        left = snapshot(self.folder)
        return sorted(path for path in left if is_ours(path) and path != LOCK_NAME)

    def is_complete(self, version: str) -> bool:
        """With the eyes of Linux: every byte and every time of this version, and its own files."""
        seen = self.seen()
        files = self.medicom.files[version]
        right = {path: (digest(data), vendor_ns(path)) for path, data in files.items()}
        own = {path: (digest(data), vendor_ns(path)) for path, data in own_files("deze pc").items()}
        return all(seen.get(path) == what for path, what in {**right, **own}.items())


def ended(done: subprocess.CompletedProcess[str]) -> Ended:
    """The report that a verb gave; without one the test fails with what it said instead."""
    assert done.stdout.startswith("{"), (
        f"{done.returncode}: {done.stdout[:500]}{done.stderr[-3000:]}"
    )
    return Ended(done.returncode, validate_report(json.loads(done.stdout)), done.stderr)


def as_spelled(path: Path) -> Path:
    """The same place with the case of the folders that are there already: Linux minds it."""
    known = Path(path.anchor)
    for part in path.parts[1:]:
        same = known / part
        if not same.exists() and known.is_dir():
            same = next((e for e in known.iterdir() if e.name.lower() == part.lower()), same)
        known = same
    return known


def registry_text(lines: Sequence[RegistryLine]) -> str:
    """A .reg text; the 32-bit view is spelled as it is stored."""
    keys: dict[str, list[str]] = {}
    for line in lines:
        path = line.key.path
        if line.key.view is View.BITS_32:
            path = path.replace("SOFTWARE\\", "SOFTWARE\\WOW6432Node\\", 1)
        values = keys.setdefault(f"{HIVES[line.key.hive]}\\{path}", [])
        if line.data is not None:
            name = f'"{line.name}"' if line.name else "@"
            values.append(f"{name}={registry_data(line)}")
    return "\n\n".join("\n".join([f"[{key}]", *values]) for key, values in keys.items())


def registry_data(line: RegistryLine) -> str:
    """One value as a .reg text has it."""
    if isinstance(line.data, int):
        return f"dword:{line.data:08x}"
    assert isinstance(line.data, str)
    if line.expandable:
        return "hex(2):" + ",".join(f"{byte:02x}" for byte in f"{line.data}\0".encode("utf-16-le"))
    escaped = line.data.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
