"""What only the real adapters have; collected by Windows Python only (lane `wine`)."""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.name == "nt" else ["test_*.py"]
