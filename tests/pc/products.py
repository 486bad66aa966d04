"""Made-up Medicom and Pharmacom: trees of files with real-looking names, and their manifests.

Two versions of each are known, a third of Medicom (`UNKNOWN`) is newer than every list. A few
runtime libraries are the same bytes in both products, as one vendor's products have them. The
manifests are made from the laid-out trees by the project's own code.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from agent.discovery.probing import Sought
from agent.manifest.catalogue import Catalogue, CataloguePlace
from agent.model import Trust
from agent.profiles import Profiles
from agent.workflow.listing import MakeRequest, make_manifest

Tree = Mapping[str, bytes]
"""Relative path with ``/`` to content."""

MADE_AT = 1_669_799_564
"""30 November 2022, seconds since 1970: when the vendor made the files of the first version."""
HALF_YEAR_S = 182 * 24 * 3600
KNOWN = (("medicom", "2022.4"), ("medicom", "2023.1"), ("pharmacom", "2022.4"))
UNKNOWN = ("medicom", "2024.1")
SEQUENCES = {"2022.4": 41, "2023.1": 42, "2024.1": 43}
MAIN = {"medicom": "medicom.exe", "pharmacom": "pharmacom.exe"}


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SHARED = ("msvcr100.dll", "msvcp100.dll", "mfc100u.dll", "borlndmm.dll", "midas.dll", "zlib1.dll")
"""Below ``gedeeld``: the same bytes in every product and version."""
_PARTS = {
    "medicom": {
        "": ("medicom.exe", "mcstart.exe", "mcupdate.dll", "mclicentie.dll"),
        "bin": _names(
            "MedicomService.exe mcagenda.dll mcjournaal.dll mcrecept.dll mcverwijs.dll mclab.dll "
            "mcdeclaratie.dll mcketenzorg.dll mcpostvak.dll mcmeetwaarden.dll mcepisode.dll "
            "mcmedicatie.dll mcallergie.dll mcprotocol.dll mcgriep.dll mcscan.dll mcodbc32.dll "
            "mcprint.dll mcsql.dll mcgrid.ocx mckalender.ocx mcbarcode.ocx"
        ),
        "bin/nl-NL": tuple(f"mc{part}.resources" for part in ("agenda", "recept", "lab", "scan")),
        "koppelingen": tuple(
            f"{name}.dll"
            for name in ("lsp", "zorgmail", "edifact", "medlab", "zorgdomein", "vecozo", "uzi")
        ),
        "help": (*(f"hoofdstuk{n:02}.chm" for n in range(1, 9)), "medicom.hlp", "medicom.cnt"),
        "rapporten": tuple(f"mc{n:03}.frx" for n in range(1, 17)),
        "beelden": tuple(f"knop{n:02}.bmp" for n in range(1, 13)),
        "letters": ("medicom.ttf", "barcode39.ttf"),
        "berichten": tuple(f"medbericht{n}.xsd" for n in range(1, 7)),
    },
    "pharmacom": {
        "": ("pharmacom.exe", "phstart.exe", "phlicentie.dll"),
        "bin": _names(
            "PharmacomService.exe phbalie.dll phvoorraad.dll phbestel.dll phetiket.dll phtaxe.dll "
            "phdeclaratie.dll phbereiding.dll phbaxter.dll phodbc32.dll phprint.dll phkassa.dll "
            "phrobot.dll phgrid.ocx"
        ),
        "koppelingen": ("gstandaard.dll", "lsp.dll", "zorgmail.dll", "groothandel.dll"),
        "help": tuple(f"apotheek{n:02}.chm" for n in range(1, 7)),
        "rapporten": tuple(f"ph{n:03}.frx" for n in range(1, 21)),
        "beelden": tuple(f"etiket{n:02}.bmp" for n in range(1, 9)),
    },
}
_ONLY_OLD = tuple(f"bin/oud/mcbrug{n:02}.dll" for n in range(1, 11))
"""What the old version alone has: the files that the clean-up of 2 January 2023 took."""
_ONLY_NEW = tuple(f"bin/x64/mckern{n:02}.dll" for n in range(1, 11))


@cache
def tree(product: str, version: str) -> Tree:
    """The program files of one version."""
    files = {f"gedeeld/{name}": _bytes(name, "vendor") for name in _SHARED}
    for folder, names in _PARTS[product].items():
        for name in names:
            path = f"{folder}/{name}" if folder else name
            files[path] = _bytes(f"{product}/{path}", _made_for(path, version))
    if product == "medicom":
        extra = _ONLY_OLD if version == "2022.4" else _ONLY_NEW
        files |= {path: _bytes(path, version) for path in extra}
    return files


def _made_for(path: str, version: str) -> str:
    """The version since which a file has its bytes; a third never changes."""
    if version == "2024.1" or "/" not in path:
        return version
    return version if zlib.crc32(path.encode()) % 3 else "always"


def _bytes(name: str, version: str) -> bytes:
    """Content that no other file has, a few hundred bytes to three kilobytes."""
    seed = hashlib.sha256(f"{name}\0{version}".encode()).digest()
    return b"MZ" + seed * (8 + seed[0] % 90)


def made_at(version: str) -> int:
    """When the vendor made a version, seconds since 1970."""
    return MADE_AT + (SEQUENCES[version] - SEQUENCES["2022.4"]) * HALF_YEAR_S


def settings(product: str) -> Tree:
    """What belongs to one PC, and its logs; no manifest names any of it."""
    return {
        f"{product}.ini": b"[balie]\r\nprinter=3\r\n",
        "instellingen/werkplek.ini": b"[werkplek]\r\nnaam=BALIE-2\r\n",
        "logs/vandaag.log": b"08:01 gestart\r\n",
    }


def put_manifests(folder: Path) -> Path:
    """Lay out each known version below `folder` and make its manifest; gives the catalogue."""
    catalogue = folder / "catalogue"
    catalogue.mkdir(parents=True)
    for product, version in KNOWN:
        place = folder / f"{product}-{version}"
        _lay(place, product, version)
        made = MakeRequest(
            place,
            product,
            version,
            catalogue / f"{product}-{version}.json",
            sequence=SEQUENCES[version],
        )
        make_manifest(made)
    return catalogue


def _lay(place: Path, product: str, version: str) -> None:
    for path, data in tree(product, version).items():
        file = place / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        os.utime(file, (made_at(version), made_at(version)))


class Products(tuple[Sought, ...]):
    """What is looked for; shown by name, because the lists fill pages."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Products({', '.join(one.name for one in self)})"


def sought(catalogue: Path) -> Products:
    """Both products with every manifest in a catalogue folder, as a run at IT would know them."""
    profiles = Profiles.load()
    known = Catalogue.load([CataloguePlace(catalogue, Trust.INSTALLED, required=True)], profiles)
    return Products(_sought(known, profiles))


def _sought(known: Catalogue, profiles: Profiles) -> Iterator[Sought]:
    for product in MAIN:
        yield Sought(profiles.get(product), known.known(product))
