"""Crockford base 32, for codes that people read to each other.

https://www.crockford.com/base32.html: no I, L, O or U; reading takes ``O`` for 0 and ``I``, ``L``
for 1, in either case.
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BITS = 5
_MISREAD = str.maketrans("OIL", "011")


def encode(value: int, length: int) -> str:
    """`length` characters for the lowest ``5 * length`` bits of `value`, highest first."""
    return "".join(ALPHABET[value >> (_BITS * place) & 31] for place in reversed(range(length)))


def normalise(text: str) -> str:
    """What a person typed, as the alphabet writes it; separators are dropped."""
    return "".join(c for c in text.upper().translate(_MISREAD) if c not in " -")


def decode(text: str) -> int:
    """The number that a normalised text stands for.

    Raises:
        ValueError: because a character is not in the alphabet.
    """
    value = 0
    for character in text:
        value = value << _BITS | ALPHABET.index(character)
    return value


def grouped(text: str, size: int = 4) -> str:
    """``XXXXXXXX`` as ``XXXX-XXXX``."""
    return "-".join(text[start : start + size] for start in range(0, len(text), size))
