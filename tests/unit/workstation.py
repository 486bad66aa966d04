"""A PC with a real program folder, its lists, sources and state; the command run in this process.

Two versions of a made-up Medicom: 60 files each, of which 20 are the same under the same path and
10 only moved. Everything has the vendor's modification time, so nothing looks like an update.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from agent.cli import session
from agent.cli.app import run
from agent.manifest.check_code import check_code
from agent.manifest.names import LOCK_NAME
from agent.manifest.writing import to_bytes
from agent.model import Manifest, ManifestFile, Role
from agent.progress import Watch
from agent.state import StateFolder, open_state
from agent.workflow.request import Ports
from agent.workflow.this_pc import real_ports
from tests.documents import validate_report
from tests.simulators.file_ops import SteppedOps
from tests.simulators.processes import SimulatedProcessTable

STAMP_S = 1_669_799_564
"""30 November 2022: when the vendor made the files."""
CREATED = "2022-12-20T10:00:00Z"
PRODUCT = "medicom"
INI = "instellingen/balie.ini"
SETTINGS = {INI: b"printer=3\r\n"}
LOGS = {"logs/vandaag.log": b"regel\r\n"}
DIRECTORIES = ("bin", "instellingen", "spool")
EMPTY = "spool"


def _tree(version: str) -> dict[str, bytes]:
    files = {f"bin/zelfde{n:02}.dll": b"the same in both %d" % n for n in range(20)}
    files |= {f"bin/anders{n:02}.dll": f"{version} {n}".encode() * 9 for n in range(29)}
    folder = "bin" if version == "2022.4" else "bin/nieuw"
    files |= {f"{folder}/verhuisd{n:02}.dll": b"moved %d" % n * 5 for n in range(10)}
    return files | {"medicom.exe": f"main program {version}".encode() * 99}


OLD, NEW = _tree("2022.4"), _tree("2023.1")


def lay(folder: Path, tree: Mapping[str, bytes], at_s: int = STAMP_S) -> Path:
    """Files as a vendor left them."""
    for path, data in tree.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        os.utime(place, (at_s, at_s))
    return folder


def manifest_of(
    tree: Mapping[str, bytes],
    version: str,
    *,
    product: str = PRODUCT,
    settings: Iterable[str] = (INI,),
    directories: Iterable[str] = DIRECTORIES,
    created: str = CREATED,
    **more: Any,
) -> Manifest:
    """What this tree must look like."""
    files = [
        ManifestFile(path=path, size=len(data), sha256=hashlib.sha256(data).hexdigest())
        for path, data in tree.items()
    ]
    files += [
        ManifestFile(path=path, size=0, sha256=hashlib.sha256(b"").hexdigest(), role=Role.SETTINGS)
        for path in settings
    ]
    return Manifest(
        product=product,
        version=version,
        created=created,
        origin="a test",
        files=tuple(sorted(files, key=lambda file: file.path)),
        directories=tuple(sorted({*directories, *_folders(tree)})),
        **more,
    )


def _folders(tree: Iterable[str]) -> set[str]:
    return {path.rpartition("/")[0] for path in tree if "/" in path}


def snapshot(*folders: Path) -> dict[str, object]:
    """Everything below some folders: bytes, mode and time; what is absent is absent."""
    seen: dict[str, object] = {}
    for folder in folders:
        if folder.is_file():
            seen[str(folder)] = folder.read_bytes()
        for place, _, names in os.walk(folder):
            seen[place] = None
            for name in names:
                path = Path(place, name)
                status = path.lstat()
                data = path.read_bytes() if stat.S_ISREG(status.st_mode) else path.readlink()
                seen[str(path)] = (data, status.st_mtime_ns, status.st_mode)
    return seen


@dataclass(frozen=True)
class Said:
    """How a command line ended."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The one document on stdout, valid against the schema."""
        return validate_report(self.out)

    @property
    def one(self) -> dict[str, Any]:
        """The only installation in it."""
        (installation,) = self.report["installations"]
        return installation

    @property
    def events(self) -> list[dict[str, Any]]:
        """The JSON lines on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


def werkplek(*arguments: object) -> Said:
    """The command in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(argument) for argument in arguments])
        out.flush()
        err.flush()
    said, words = (stream.buffer.getvalue().decode() for stream in (out, err))
    return Said(code, said, words)


def start(base: Path, *arguments: object, account: int | None = None) -> subprocess.Popen[bytes]:
    """The command in a process of its own, with a home below `base`, maybe as another account."""
    ours = ("WERKPLEK", "XDG", "PYTEST")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    paths = {"XDG_DATA_HOME": str(base / "data"), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "agent.cli", *(str(each) for each in arguments)]
    if account is not None:
        command = [
            "setpriv",
            f"--reuid={account}",
            f"--regid={account}",
            "--clear-groups",
            *command,
        ]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean | paths,
    )


def in_a_process(base: Path, *arguments: object, account: int | None = None) -> Said:
    """As `start`, to its end."""
    process = start(base, *arguments, account=account)
    out, err = process.communicate(timeout=180)
    return Said(process.returncode, out.decode(), err.decode())


@dataclass
class Workstation:
    """One PC. Change it by its methods, then ask `look`, `plan`, `repair`."""

    base: Path
    overrides: dict[str, Any] = field(default_factory=dict)
    """Ports that are simulated."""

    @property
    def root(self) -> Path:
        return self.base / "pc" / "PP"

    @property
    def state(self) -> Path:
        return self.base / "state"

    @property
    def lists(self) -> Path:
        return self.base / "lijsten"

    @property
    def stick(self) -> Path:
        return self.base / "stick"

    def install(self, tree: Mapping[str, bytes] = OLD, **others: bytes) -> Workstation:
        """A whole version with this PC's own settings and logs."""
        lay(self.root, {**tree, **SETTINGS, **LOGS, **others})
        (self.root / EMPTY).mkdir(exist_ok=True)
        return self

    def know(self, *manifests: Manifest) -> Workstation:
        """Lists in the catalogue folder; both versions when none are given."""
        both = (manifest_of(OLD, "2022.4", sequence=41), manifest_of(NEW, "2023.1", sequence=42))
        self.lists.mkdir(exist_ok=True)
        for one in manifests or both:
            name = f"{one.product}-{one.version}.json"
            (self.lists / name).write_bytes(to_bytes(one))
        return self

    def delete(self, *paths: str) -> Workstation:
        for path in paths:
            (self.root / path).unlink()
        return self

    def write(self, path: str, data: bytes) -> Workstation:
        lay(self.root, {path: data})
        return self

    def source(self, name: str, tree: Mapping[str, bytes]) -> Path:
        """A raw copy made by hand."""
        return lay(self.base / name, tree)

    def make_stick(
        self, tree: Mapping[str, bytes] = OLD, version: str = "2022.4", **marker: Any
    ) -> Path:
        """A finished recovery stick with one version, made now; gives its path."""
        manifest = manifest_of(tree, version, created=marker.pop("created", CREATED))
        said = {"schema": "werkplekherstel.stick/1", "complete": True, **marker}
        lay(self.stick / "bestanden" / f"{PRODUCT}-{version}", tree)
        lay(self.stick / "manifesten", {f"{PRODUCT}-{version}.json": to_bytes(manifest)})
        lay(self.stick, {"werkplekherstel.json": json.dumps(said).encode()})
        return self.stick

    def code_of_stick(self) -> str:
        """The check code that stands on its paper."""
        (file,) = (self.stick / "manifesten").iterdir()
        return check_code(file.read_bytes())

    def options(self, *, json: bool = True) -> list[str]:
        """What every verb gets."""
        common = ["--root", str(self.root), "--state", str(self.state)]
        common += ["--catalogue", str(self.lists)] if self.lists.is_dir() else []
        return [*common, "--json"] if json else common

    def do(self, verb: str, *more: object, json: bool = True) -> Said:
        """A verb on this PC."""
        return werkplek(verb, *self.options(json=json), *more)

    def check(self, *more: object) -> Said:
        return self.do("check", *more)

    def plan(self, *more: object) -> Said:
        return self.do("plan", *more)

    def repair(self, *more: object) -> Said:
        return self.do("repair", "--yes", *more)

    def undo(self, *more: object) -> Said:
        return self.do("undo", *more)

    def ports(self, state: StateFolder | None = None, watch: Watch | None = None) -> Ports:
        """The real ports but for what is simulated."""
        state = state or open_state(self.state, create=True)
        return replace(real_ports(state, watch or Watch()), **self.overrides)

    def files(self) -> dict[str, bytes]:
        """What stands in the program folder, the lock apart."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in self.root.rglob("*")
            if path.is_file() and path.name != LOCK_NAME
        }

    def holds(self, tree: Mapping[str, bytes]) -> bool:
        """Whether every file of a version is here and right."""
        here = self.files()
        return all(here.get(path) == data for path, data in tree.items())

    def record(self) -> dict[str, Any]:
        """Our own record of this root."""
        (file,) = (self.state / "records").iterdir()
        return msgspec.json.decode(file.read_bytes())


def workstation(base: Path, monkeypatch: Any) -> Workstation:
    """A PC whose volumes are not really flushed and on which no updater runs."""
    for name in ("XDG_DATA_HOME", "XDG_DATA_DIRS", "HOME"):
        monkeypatch.setenv(name, str(base / "home" / name.lower()))
    monkeypatch.delenv("WERKPLEK_STATE", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    pc = Workstation(base, {"ops": SteppedOps(), "processes": SimulatedProcessTable()})
    monkeypatch.setattr(session, "real_ports", pc.ports)
    return pc
