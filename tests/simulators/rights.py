"""Rights in memory; implements `agent.ports.Rights`."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class SimulatedRights:
    """By default an ordinary user, and every place but the standard ones is open to ordinary users.

    The longest path named in `guarded` or `open` decides.
    """

    is_elevated: bool = False
    is_multi_session: bool = False
    guarded: set[str] = field(default_factory=lambda: {"C:\\Windows", "C:\\Program Files"})
    """Only administrators write here and below."""
    open: set[str] = field(default_factory=set)
    """Ordinary users write here and below."""
    private: set[str] = field(default_factory=set)
    """Only this user and administrators write here and below."""

    swappable: set[str] = field(default_factory=set)
    """In these folders, not below them, users may rename and remove what others made."""

    def elevated(self) -> bool:
        """See `Rights`."""
        return self.is_elevated

    def can_write(self, path: str) -> bool:
        """See `Rights`."""
        return self.is_elevated or self._kind(path) != "guarded"

    def ordinary_can_write(self, path: str) -> bool:
        """See `Rights`."""
        return self._kind(path) != "guarded"

    def ordinary_can_swap(self, path: str) -> bool:
        """See `Rights`."""
        return path in self.swappable

    def others_can_write(self, path: str) -> bool:
        """See `Rights`."""
        return self._kind(path) == "open"

    def multi_session(self) -> bool:
        """See `Rights`."""
        return self.is_multi_session

    def _kind(self, path: str) -> str:
        here = _plain(path)
        best, kind = -1, "open"
        for name in ("open", "private", "guarded"):
            for place in getattr(self, name):
                above = _plain(place)
                inside = here == above or here.startswith(above + "\\")
                if inside and len(above) > best:
                    best, kind = len(above), name
        return kind


def _plain(path: str) -> str:
    return path.casefold().replace("/", "\\").rstrip("\\")
