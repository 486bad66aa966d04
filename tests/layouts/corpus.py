"""The described PCs, by the name of their file."""

from __future__ import annotations

from pathlib import Path

from tests.pc.describing import read

FOLDER = Path(__file__).parent / "pcs"
PCS = {file.stem: read(file) for file in sorted(FOLDER.glob("*.toml"))}
