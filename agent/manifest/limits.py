"""Limits of a manifest, with units (FORMATS section 4)."""

from __future__ import annotations

from agent import model

SCHEMA = "werkplekherstel.manifest/1"
"""The only version of the document that this program reads and writes."""
SCHEMA_FAMILY = "werkplekherstel.manifest/"
"""What every version of the document begins with."""

MAX_DOCUMENT_BYTES = 256 * 1024**2
"""Bytes of a document; looked at before it is read."""
MAX_FILES = 1_000_000
"""Files in one manifest; folders and withdrawn hashes have the same limit each."""
MAX_VALUES = 12 * MAX_FILES
"""Values in a document that is read the slow way; bounds the memory that a hostile one takes."""
MAX_FILE_BYTES = model.MAX_FILE_BYTES
"""Bytes of one listed file."""
MAX_PATH_CHARACTERS = 32_000
"""Characters of one path."""
MAX_PART_UNITS = 255
"""UTF-16 code units of one part of a path, as NTFS counts."""
MAX_SEQUENCE = 2**53 - 1
"""The largest integer that every JSON reader keeps exact."""
MAX_ORIGIN_CHARACTERS = 500
"""Characters of the text that says where a manifest comes from."""
MAX_STAMP_CHARACTERS = 64
"""Characters of a version stamp."""
MAX_PROBLEMS = 200
"""Problems of one document that are named one by one; the rest is counted."""
SHA256_CHARACTERS = 64
"""Hexadecimal characters of a SHA-256."""
NOT_RECORDED = "0" * SHA256_CHARACTERS
"""Stands for the hash of a `settings` file: it belongs to a PC, so its bytes are never read."""
