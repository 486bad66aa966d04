"""The check code of a manifest: what two people read to each other (FORMATS section 3).

It shows that the list is the one that was made, no more; it vouches for nobody and no program.
"""

from __future__ import annotations

import hashlib

from agent import crockford

LABEL = b"werkplekherstel check code 1\n"
"""Hashed before the document, so that the code is no plain hash of anything else."""
_CHARACTERS = 12
_BITS = 60


def check_code(data: bytes) -> str:
    """``XXXX-XXXX-XXXX`` for the bytes of a manifest."""
    digest = hashlib.sha256(LABEL)
    digest.update(data)
    value = int.from_bytes(digest.digest(), "big") >> (digest.digest_size * 8 - _BITS)
    return crockford.grouped(crockford.encode(value, _CHARACTERS))
