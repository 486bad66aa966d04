"""Use a Wine prefix: run Windows programs in it, furnish it with drives and a registry, clear up.

Owns every call of Wine. Each has a time limit, pipes as standard handles (with a regular file there
Windows Python ends with `WinError 6`) and an environment without anything of this machine's
Python or home. `build/wine_recipe.py` makes the prefix, `build/wine.py` is the command line, and
`tests/wine/conftest.py` gives it to tests. Linux only; standard library only.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import IO

PYTHON_HOME = PureWindowsPath("C:/Python313")
FOLDER_SETTING = "WERKPLEK_WINE"
RUN_TAG = "WERKPLEK_WINE_RUN"
"""Every process of one run carries this in its environment, whoever its parent is by now."""

CALL_SECONDS = 120.0
"""Time limit of a call that names none."""
BOOT_SECONDS = 120.0
"""Time limit of starting Wine's services, which makes the prefix where there is none."""
STOP_SECONDS = 20.0
"""Time limit of Wine's own shutdown, which writes the registry to disk."""
KILL_SECONDS = 5.0
KILL_POLL_SECONDS = 0.02
LOCK_POLL_SECONDS = 0.2
LINGER_SECONDS = 600
"""A Wine server that was left running ends by itself after this long without programs."""

HIVES = ("system.reg", "user.reg", "userdef.reg")
DRIVE_TYPES = ("hd", "floppy", "network", "cdrom")
"""What Wine knows; `floppy` is a removable drive, such as a stick."""
DRIVES_KEY = r"HKEY_LOCAL_MACHINE\Software\Wine\Drives"
KEY_LINE = re.compile(
    r"\[-?HKEY_(LOCAL_MACHINE|CURRENT_USER|CLASSES_ROOT|USERS|CURRENT_CONFIG)[\\\]]"
)
OWN_DRIVES = ("c:", "z:")
KEPT_FOLDERS = ("windows", PYTHON_HOME.name, "pycache")
"""Below drive C: not cleared after a test: Windows, its Python and compiled modules."""
FOREIGN_SETTINGS = ("PYTHON", "VIRTUAL_ENV", "COVERAGE", "PIP_", "XDG_", "WINE")


class WineError(Exception):
    """Wine can't do what was asked; the text says what and why, in one sentence."""


@dataclass(frozen=True)
class Drive:
    """A folder of this machine as a Windows drive; `kind` is one of `DRIVE_TYPES`."""

    folder: Path
    kind: str = "hd"


@dataclass(frozen=True)
class Prefix:
    """A Wine prefix with a Windows Python, in a folder of its own.

    Whoever uses it does so inside `held`; two users at once share one Wine server.
    """

    folder: Path

    @property
    def path(self) -> Path:
        """The prefix itself, `WINEPREFIX`."""
        return self.folder / "prefix"

    @property
    def drive_c(self) -> Path:
        """Drive C: as a folder of this machine."""
        return self.path / "drive_c"

    @contextmanager
    def held(
        self, *, alone: bool = False, wait_seconds: float = 0.0, stop: bool = True
    ) -> Iterator[None]:
        """Use the prefix; the last user to leave ends everything that runs in it.

        Args:
            alone: nobody else may use it meanwhile; needed for `furnish` and `clean`.
            wait_seconds: how long to wait for others before giving up.
            stop: end Wine afterwards; without it the next program starts sooner.

        Raises:
            WineError: others still use it after `wait_seconds`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "in-use.lock").open("w") as lock:
            take(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH, wait_seconds)
            try:
                yield
            finally:
                if stop:
                    with suppress(OSError):
                        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        self.stop()

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of every Wine process: this machine's own, but for Python and home."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN_SETTINGS)}
        own = {
            "WINEPREFIX": str(self.path),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            # No .NET, no browser, no menu entries here, no debugger that waits after a crash.
            "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=;winedbg.exe=",
            "HOME": str(self.folder / "home"),
            "LC_ALL": "C.UTF-8",
            "PYTHONIOENCODING": "utf-8",
            "PYTHONPYCACHEPREFIX": "C:\\pycache",
        }
        return kept | own | dict(extra or {})

    def python(
        self,
        arguments: Sequence[str],
        *,
        timeout: float = CALL_SECONDS,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run Windows Python; see `wine`."""
        program = str(PYTHON_HOME / "python.exe")
        return self.wine([program, *arguments], timeout=timeout, cwd=cwd, env=env)

    def wine(
        self,
        arguments: Sequence[str],
        *,
        timeout: float = CALL_SECONDS,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a Windows program and take its output (UTF-8, line ends as on this machine).

        Args:
            arguments: Windows path of the program, then its arguments.
            timeout: seconds, after which the program and all it started are killed.
            cwd: a folder of this machine; the program sees it on drive Z:.
            env: added to its environment.

        Raises:
            subprocess.TimeoutExpired: `timeout` passed; the processes are gone.
        """
        with self.started(arguments, cwd=cwd, env=env) as process:
            out, err = process.communicate(b"", timeout=timeout)
        return subprocess.CompletedProcess(
            list(arguments), process.returncode, as_text(out), as_text(err)
        )

    @contextmanager
    def started(
        self,
        arguments: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A Windows program with three pipes; what it started is gone at the end of the block."""
        self.boot()
        tag = uuid.uuid4().hex
        environment = self.environment(env) | {RUN_TAG: tag}
        process = subprocess.Popen(
            ["wine", *arguments],
            cwd=cwd,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        with process:
            try:
                yield process
            finally:
                # Before the pipes are closed: closing waits for whoever still reads them.
                end_all(f"{RUN_TAG}={tag}")

    def import_registry(self, text: str) -> None:
        """Import a .reg text (with or without its first line) in one call.

        Raises:
            WineError: a key in it has no hive (Wine would pass over it), or Wine refused it.
        """
        keys = [line for line in text.splitlines() if line.startswith("[")]
        if strange := [key for key in keys if not KEY_LINE.match(key)]:
            raise WineError(f"no registry key: {strange[0]}")
        header = "Windows Registry Editor Version 5.00\r\n\r\n"
        body = text if text.startswith("Windows Registry Editor") else header + text
        with tempfile.NamedTemporaryFile(suffix=".reg") as file:
            # Exactly what regedit itself writes: UTF-16 with byte order mark, CR LF.
            lines = body.replace("\r\n", "\n").replace("\n", "\r\n") + "\r\n"
            file.write(lines.encode("utf-16"))
            file.flush()
            done = self.wine(["reg", "import", windows_path(Path(file.name))])
        if done.returncode:
            raise WineError(f"reg import: {done.stdout.strip()} {done.stderr.strip()}")

    def furnish(
        self,
        *,
        registry: str = "",
        drives: Mapping[str, Drive] | None = None,
        shares: Mapping[tuple[str, str], Path] | None = None,
    ) -> None:
        """Make it a PC: what an earlier `furnish` or a program made goes first (`clean`).

        Args:
            registry: a .reg text.
            drives: by letter (`d`); their types count from the start, so one call sets all.
            shares: by host and share name; an absent folder is a share that can't be reached.
        """
        self.clean()
        for letter, drive in (drives or {}).items():
            self.link_drive(letter, drive.folder)
        for (host, share), folder in (shares or {}).items():
            self.link_share(host, share, folder)
        types = [f'"{letter}:"="{drive.kind}"' for letter, drive in (drives or {}).items()]
        parts = [f"[{DRIVES_KEY}]", *types] if types else []
        if registry or parts:
            first = "Windows Registry Editor Version 5.00"
            self.import_registry("\n".join([registry.removeprefix(first), "", *parts]))
        if parts:
            self.stop()

    def link_drive(self, letter: str, folder: Path) -> None:
        """Drive `letter` is `folder` from now on, without a type of its own."""
        self.unlink_drive(letter)
        (self.path / "dosdevices" / f"{letter.lower()}:").symlink_to(folder.resolve())

    def unlink_drive(self, letter: str) -> None:
        """Drive `letter` is pulled out."""
        (self.path / "dosdevices" / f"{letter.lower()}:").unlink(missing_ok=True)

    def link_share(self, host: str, share: str, folder: Path) -> None:
        r"""`\\host\share` is `folder` from now on."""
        place = self.path / "dosdevices" / "unc" / host.lower() / share.lower()
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.symlink_to(folder.resolve())

    def clean(self) -> None:
        """Drives, shares, registry and files on C: as they were when the prefix was made."""
        self.stop()
        devices = self.path / "dosdevices"
        for link in devices.iterdir():
            if link.name.endswith(":") and link.name not in OWN_DRIVES:
                link.unlink()
        shutil.rmtree(devices / "unc", ignore_errors=True)
        for hive in HIVES:
            shutil.copyfile(self.folder / "pristine" / hive, self.path / hive)
        known = set((self.folder / "pristine" / "files").read_text("utf-8").split("\0"))
        for path in reversed(files_of_people(self.drive_c)):
            if str(path.relative_to(self.drive_c)) not in known:
                path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()

    def keep_as_pristine(self) -> None:
        """Remember the present state as what `clean` goes back to; Wine must be stopped."""
        kept = self.folder / "pristine"
        kept.mkdir(exist_ok=True)
        for hive in HIVES:
            shutil.copyfile(self.path / hive, kept / hive)
        names = [str(path.relative_to(self.drive_c)) for path in files_of_people(self.drive_c)]
        (kept / "files").write_text("\0".join(names), "utf-8")

    def boot(self) -> None:
        """Start Wine's own services, unless they run.

        They outlive the program that is the first to need them. Started here they hold no pipe of
        any run, and belong to none.
        """
        for command in (["wineserver", f"-p{LINGER_SECONDS}"], ["wine", "cmd", "/c", "exit"]):
            subprocess.run(
                command, env=self.environment(), check=False, timeout=BOOT_SECONDS,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip

    def stop(self) -> None:
        """End everything in the prefix and wait until the registry is on disk."""
        if not self.path.is_dir():
            return
        for order in ("-k", "-w"):
            with suppress(subprocess.TimeoutExpired):
                command = ["wineserver", order]
                subprocess.run(
                    command, env=self.environment(), check=False, timeout=STOP_SECONDS,
                    capture_output=True,
                )  # fmt: skip
        end_all(f"WINEPREFIX={self.path}")


def default_folder() -> Path:
    """Where the prefix lives: `WERKPLEK_WINE`, else the user's cache folder."""
    given = os.environ.get(FOLDER_SETTING)
    if given:
        return Path(given).absolute()
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "werkplekherstel" / "wine"


def windows_path(path: Path) -> str:
    """The name a program in the prefix has for a file of this machine, on drive Z:."""
    return str(PureWindowsPath("Z:/", *path.absolute().parts[1:]))


def files_of_people(drive_c: Path) -> list[Path]:
    """Everything on C: outside `KEPT_FOLDERS`, each folder before what is in it."""
    found: list[Path] = []
    for folder, folders, files in os.walk(drive_c):
        if Path(folder) == drive_c:
            folders[:] = [name for name in folders if name not in KEPT_FOLDERS]
        found += [Path(folder, name) for name in (*folders, *files)]
    return sorted(found)


def take(lock: IO[str], kind: int, wait_seconds: float) -> None:
    """Take the lock, or say after `wait_seconds` that others have it."""
    until = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= until:
                raise WineError(f"others use the Wine prefix ({lock.name})") from None
            time.sleep(LOCK_POLL_SECONDS)
        else:
            return


def end_all(setting: str) -> None:
    """Kill every process with this in its environment, and wait until they are gone."""
    until = time.monotonic() + KILL_SECONDS
    while (left := processes_with(setting)) and time.monotonic() < until:
        for number in left:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        time.sleep(KILL_POLL_SECONDS)


def processes_with(setting: str) -> list[int]:
    """Numbers of the living processes with ``NAME=value`` in their environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if setting.encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


def as_text(output: bytes) -> str:
    """What a Windows program wrote."""
    return output.decode("utf-8", "replace").replace("\r\n", "\n")
