"""Repair: stage, commit, journal, undo; the only code that writes into an installation."""

from agent.repair.file_ops import FileOps, PosixFileOps, system_ops
from agent.repair.lock import Holder
from agent.repair.recovering import Recovered, clean, unfinished
from agent.repair.repairing import repair
from agent.repair.undoing import undo

__all__ = [
    "FileOps",
    "Holder",
    "PosixFileOps",
    "Recovered",
    "clean",
    "repair",
    "system_ops",
    "undo",
    "unfinished",
]
