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

    def elevated(self) -> bool:
        """See `Rights`."""
        return self.is_elevated

    def can_write(self, path: str) -> bool:
        """See `Rights`."""
        return self.is_elevated or self._kind(path) != "guarded"

    def ordinary_can_write(self, path: str) -> bool:
        """See `Rights`."""
        return self._kind(path) != "guarded"

    def others_can_write(self, path: str) -> bool:
        """See `Rights`."""
        return self._kind(path) == "open"

    def multi_session(self) -> bool:
        """See `Rights`."""
        return self.is_multi_session

    def _kind(self, path: str) -> str:
        here = path.casefold().rstrip("\\")
        best, kind = -1, "open"
        for name in ("open", "private", "guarded"):
            for place in getattr(self, name):
                above = place.casefold().rstrip("\\")
                inside = here == above or here.startswith(above + "\\")
                if inside and len(above) > best:
                    best, kind = len(above), name
        return kind
