"""Values and closed vocabularies of the engine (DESIGN: section 2); imports nothing of ours.

Every value here is frozen. Paths inside an installation are always relative to its root, with
``/`` between the parts and the case kept; the *key* of a path (``manifest.names.fold``) is what
two paths are compared by. Sizes are bytes, times are RFC 3339 UTC text or integer nanoseconds as
the field says, hashes are lower-case hexadecimal SHA-256.
"""

from __future__ import annotations

from agent.model.looks import (
    Comparison,
    Counts,
    Diagnosis,
    FileSeen,
    Finding,
    Host,
    Inventory,
    OsProblem,
    ProcessSeen,
    VersionFit,
    VersionMatch,
)
from agent.model.manifests import MAX_FILE_BYTES, KnownManifest, Manifest, ManifestFile
from agent.model.plans import (
    Coverage,
    Plan,
    RepairResult,
    SourceUse,
    Step,
    StepResult,
    Wanted,
    WayWeighed,
)
from agent.model.vocabulary import (
    Action,
    Brake,
    DecidedBy,
    DiagnosisClass,
    Ending,
    Mode,
    Result,
    Role,
    SourceKind,
    State,
    Trigger,
    Trust,
    WayName,
)

__all__ = [
    "MAX_FILE_BYTES",
    "Action",
    "Brake",
    "Comparison",
    "Counts",
    "Coverage",
    "DecidedBy",
    "Diagnosis",
    "DiagnosisClass",
    "Ending",
    "FileSeen",
    "Finding",
    "Host",
    "Inventory",
    "KnownManifest",
    "Manifest",
    "ManifestFile",
    "Mode",
    "OsProblem",
    "Plan",
    "ProcessSeen",
    "RepairResult",
    "Result",
    "Role",
    "SourceKind",
    "SourceUse",
    "State",
    "Step",
    "StepResult",
    "Trigger",
    "Trust",
    "VersionFit",
    "VersionMatch",
    "Wanted",
    "WayName",
    "WayWeighed",
]
