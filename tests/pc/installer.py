"""How Windows Installer names its products.

https://learn.microsoft.com/windows/win32/msi/product-codes
"""

from __future__ import annotations

from uuid import NAMESPACE_DNS, UUID, uuid5


def product_code(product: str, version: str) -> UUID:
    """The product code of a made-up version."""
    return uuid5(NAMESPACE_DNS, f"{product}-{version}.pharmapartners.nl")


def packed_guid(code: UUID) -> str:
    """A GUID as it stands in names of registry keys: each part turned round."""
    text = code.hex.upper()
    parts = (text[:8], text[8:12], text[12:16])
    pairs = (text[i : i + 2] for i in range(16, 32, 2))
    return "".join(part[::-1] for part in (*parts, *pairs))
