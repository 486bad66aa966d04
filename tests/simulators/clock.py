"""A clock that stands still until a test moves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Clock:
    """Set `now`; it never moves by itself."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now
