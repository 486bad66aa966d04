r"""What the Windows Installer wrote down about products and components.

Owns the keys below ``Installer\UserData``; never asks the installer itself, because some of its
questions (WMI ``Win32_Product``) start repairs.
https://learn.microsoft.com/windows/win32/msi/installation-context
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.discovery.registry_reader import KeyValues, RegistryReader
from agent.ports import Hive, Key

USER_DATA = Key(Hive.MACHINE, "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Installer\\UserData")
"""One key for each account that installed something; not split by view."""
MACHINE = "S-1-5-18"
"""Products for everybody stand below the account of the system; only administrators make them."""

_GROUPS = (8, 4, 4, *(2,) * 8)
_REGISTRY_PATH = re.compile(r"\d{2}:")


def packed(code: str) -> str:
    """A product or component code as the installer spells it in key names.

    Args:
        code: GUID, with or without braces.
    """
    digits = code.strip("{}").replace("-", "").upper()
    groups, at = [], 0
    for length in _GROUPS:
        groups.append(digits[at : at + length][::-1])
        at += length
    return "".join(groups)


@dataclass(frozen=True, slots=True)
class MsiProduct:
    """One installed product."""

    account: str
    """SID of who installed it."""
    packed_code: str
    properties: KeyValues

    @property
    def open_to_all(self) -> bool:
        """Whether an ordinary user could have installed it: a product for one user only."""
        return self.account != MACHINE


def products(registry: RegistryReader) -> Iterator[MsiProduct]:
    """Every product of every account."""
    for account in registry.subkeys(USER_DATA):
        base = USER_DATA / account / "Products"
        for name in registry.subkeys(base):
            yield MsiProduct(account, name, registry.values(base / name / "InstallProperties"))


def component_files(
    registry: RegistryReader, account: str, packed_codes: frozenset[str]
) -> Iterator[tuple[str, str, str]]:
    """The key files of some products' components.

    Yields:
        Packed product code, path, and where it stands.
    """
    for values in registry.below(USER_DATA / account / "Components"):
        for name, text in values.texts():
            path = file_of(text)
            if name.upper() in packed_codes and path is not None:
                yield name.upper(), path, values.where(name)


def component_file(
    registry: RegistryReader, component_code: str, product_code: str
) -> tuple[str, str] | None:
    """The key file of one component of a product for everybody, and where that stands."""
    values = registry.values(USER_DATA / MACHINE / "Components" / packed(component_code))
    text = values.text(packed(product_code))
    path = file_of(text) if text else None
    return None if path is None else (path, values.where(packed(product_code)))


def file_of(text: str) -> str | None:
    r"""A component's key path when it is a file; ``C?\X`` is one that several products share."""
    if _REGISTRY_PATH.match(text):
        return None
    return text[:1] + ":" + text[2:] if text[1:2] == "?" else text
