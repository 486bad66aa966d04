"""From the raw text of a registry value or a shortcut to absolute paths that it may mean.

Owns the ways in which Windows programs write down where something is: quoted, unquoted with spaces,
with arguments, with an icon index, with variables. Looks at no disk: which of several candidates
stands there is for the caller to see. Anybody may have written the texts, and `re` holds the
interpreter: every expression here takes a time that grows with the length and not with its square.
"""

from __future__ import annotations

import ntpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

MAX_TEXT = 32_767
"""Characters of one command line; Windows starts none that is longer.

https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessw
"""
MAX_PREFIXES = 40
"""Prefixes of one unquoted path with spaces that are tried."""
MAX_LISTED = 200
"""Paths in one text with semicolons."""

_VARIABLE = re.compile(r"%([^%\s\\/:;\"]{1,64}(?:\([^%)]{1,16}\))?)%")
_ICON_INDEX = re.compile(r"-?\d{1,10}")
_DRIVE_PATH = re.compile(r"[A-Za-z]:[\\/]")
_UNC_PATH = re.compile(r"[\\/]{2}[^\\/?.\s][^\\/]*[\\/][^\\/]+")
_PATH_IN_ARGUMENTS = re.compile(r"[A-Za-z]:[\\/]|(?<![\\:/])\\\\[^\\/?.\s]")
_SWITCH = re.compile(r"(?<!\s)\s++/")
_NAME_OF_PAIR = re.compile(r"[\w ]{1,40}")
_VALUE_OF_PAIR = re.compile(r"[\"']?(?:[A-Za-z]:[\\/]|\\\\)")
_NEVER_IN_NAMES = re.compile(r'[<>"|?*\x00-\x1f]')
_PROGRAM_ENDINGS = (".exe", ".com", ".bat", ".cmd", ".dll", ".ocx", ".sys", ".jar", ".vbs", ".msc")
_INSTALLER = "msiexec"
_HOSTS = frozenset(
    {"cmd", "cscript", "explorer", "java", "javaw", "powershell", "pwsh", "regsvr32", "rundll32",
     "start", "wscript"}
)  # fmt: skip
"""Programs that run what their arguments name."""
_PROGRAM_TOKEN = re.compile(r"(.+?\.(?:exe|com))(?=[\s,]|$)", re.IGNORECASE)
_NT_PREFIXES = ("\\??\\", "\\\\?\\", "\\\\.\\")


def is_share(path: str) -> bool:
    r"""Whether a path is on another computer by its own words (``\\host\share``)."""
    return path.startswith(("\\\\", "//"))


def host_of(path: str) -> str | None:
    """The computer in a UNC path in lower case, None for any other path."""
    return re.split(r"[\\/]", path[2:], maxsplit=1)[0].lower() if is_share(path) else None


def likely(candidates: Sequence[str]) -> str | None:
    """The candidate that a text means when none of them stands on the disk.

    Windows itself takes the first prefix that is a program, so the shortest with such an ending
    wins; without any the whole text is the path.
    """
    programs = [one for one in candidates if one.lower().endswith(_PROGRAM_ENDINGS)]
    return min(programs, key=len) if programs else next(iter(candidates), None)


@dataclass(frozen=True)
class CommandLines:
    """How this PC fills in what texts leave open."""

    variables: Mapping[str, str]
    """Environment variables by name in upper case."""
    windows: str = "C:\\Windows"
    """The Windows folder: what ``\\SystemRoot`` and ``system32\\`` mean."""

    def candidates(self, text: str) -> tuple[str, ...]:
        """Absolute paths that a command line may start, longest first; empty when it names none.

        What a program of Windows itself is given (``rundll32 "x.dll",Entry``, ``cmd /c …``) counts
        instead of that program. ``msiexec`` names a product, no place.

        Args:
            text: as it was stored.
        """
        line = self._opened(text)
        if line is None:
            return ()
        token, rest = _first_token(line)
        if _stem(token) == _INSTALLER:
            return ()
        if rest and self._is_of_windows(token):
            return self._in_arguments(rest)
        given = self._in_arguments(rest) if rest and _stem(token) in _HOSTS else ()
        return given or self._prefixes(_unquoted(line))

    def listed(self, text: str) -> tuple[tuple[str, ...], ...]:
        """The candidates of each part of a text with semicolons (``PATH``, connection strings)."""
        parts = [part for part in text[:MAX_TEXT].split(";") if part.strip()]
        found = (self.candidates(_without_name(part)) for part in parts[:MAX_LISTED])
        return tuple(one for one in found if one)

    def folder(self, text: str) -> str | None:
        """The one absolute path that a text is as a whole, None when it is none."""
        line = self._opened(text)
        return self._absolute(_unquoted(line)) if line is not None else None

    def expand(self, text: str) -> str:
        """Fill in ``%VARIABLES%``; one that this PC does not know stays as it is.

        So do those after which the text would be longer than a command line can be.
        """
        room = MAX_TEXT

        def filled(found: re.Match[str]) -> str:
            nonlocal room
            value = self.variables.get(found[1].upper(), found[0])
            room -= len(value)
            return value if room >= 0 else found[0]

        return _VARIABLE.sub(filled, text)

    def inside_windows(self, path: str) -> bool:
        """Whether a path lies in the Windows folder."""
        return f"{path}\\".lower().startswith(self.windows.rstrip("\\").lower() + "\\")

    def _opened(self, text: str) -> str | None:
        line = self.expand(text[:MAX_TEXT].split("\0", 1)[0]).strip().removeprefix("@").strip()
        bare = line.lstrip("\"'")
        if bare.lower().startswith("file:"):
            return _from_url(bare.rstrip("\"'")) or None
        return line or None

    def _is_of_windows(self, token: str) -> bool:
        """Whether a program is one of Windows: in its folder, or found by its name alone."""
        path = self._absolute(token)
        bare = re.search(r"[\\/:]", token) is None
        return bare or (path is not None and self.inside_windows(path))

    def _in_arguments(self, rest: str) -> tuple[str, ...]:
        found = _PATH_IN_ARGUMENTS.search(rest)
        if found is None:
            return ()
        line = rest[found.start() :]
        before = rest[found.start() - 1 : found.start()]
        if before in {'"', "'"} and before:
            return self._prefixes(line.split(before, 1)[0])
        return self._prefixes(line.split(",", 1)[0])

    def _prefixes(self, line: str) -> tuple[str, ...]:
        """Each prefix that ends before a space is a path that may be meant."""
        without = _without_icon(line)
        texts = [without] if without != line else []
        cut = _SWITCH.split(without, maxsplit=1)[0]
        texts += [line] if cut == without else [cut]
        parts = cut.split(" ")[: MAX_PREFIXES + 1]
        texts += [" ".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]
        found = (self._absolute(one) for one in texts if one.strip())
        paths = tuple(dict.fromkeys(path for path in found if path is not None))
        # `C:\Pharma` may be a folder of somebody else when `C:\Pharma Partners\a.exe` is gone.
        shortest = len(likely(paths) or "")
        return tuple(path for path in paths if len(path) >= shortest)

    def _absolute(self, text: str) -> str | None:
        path = self._placed(text.strip().strip("\"'").strip())
        if not (_DRIVE_PATH.match(path) or _UNC_PATH.match(path)):
            return None
        path = ntpath.normpath(path)
        if _NEVER_IN_NAMES.search(path) or ":" in path[2:]:
            return None
        return path.rstrip(" .") if len(path) > len("C:\\") else path

    def _placed(self, path: str) -> str:
        for prefix in _NT_PREFIXES:
            if path.startswith(prefix):
                path = path[len(prefix) :]
                return f"\\\\{path[4:]}" if path.lower().startswith("unc\\") else path
        lower = path.lower()
        if lower.startswith("\\systemroot\\"):
            return self.windows + path[len("\\systemroot") :]
        if lower.startswith(("system32\\", "\\system32\\", "syswow64\\")):
            return f"{self.windows}\\{path.lstrip(chr(92))}"
        return path


def _first_token(line: str) -> tuple[str, str]:
    if line[0] in "\"'":
        token, _, rest = line.lstrip(line[0]).partition(line[0])
        return token, rest
    program = _PROGRAM_TOKEN.match(line)
    if program is not None:
        return program[1], line[program.end() :]
    token, _, rest = line.partition(" ")
    return token, rest


def _without_icon(line: str) -> str:
    """A line without the number of an icon at its end."""
    path, _, index = line.rpartition(",")
    return path.rstrip() if path and _ICON_INDEX.fullmatch(index.strip()) else line


def _without_name(part: str) -> str:
    r"""The path in ``Name=C:\path``; any other text as it is."""
    name, _, value = part.partition("=")
    value = value.lstrip()
    named = _NAME_OF_PAIR.fullmatch(name.strip()) and _VALUE_OF_PAIR.match(value)
    return value if named else part


def _unquoted(line: str) -> str:
    return _first_token(line)[0] if line[0] in "\"'" else line


def _stem(token: str) -> str:
    return ntpath.splitext(ntpath.basename(token))[0].lower()


def _from_url(url: str) -> str:
    """A ``file:`` address as a path.

    https://learn.microsoft.com/windows/win32/api/shlwapi/nf-shlwapi-pathcreatefromurlw
    """
    rest = unquote(url[len("file:") :]).replace("/", "\\")
    slashes = len(rest) - len(rest.lstrip("\\"))
    bare = rest.lstrip("\\")
    return bare if _DRIVE_PATH.match(bare) or slashes != len("//") else f"\\\\{bare}"
