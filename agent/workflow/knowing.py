"""KNOW: which manifests count, and which product the folder is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from agent.errors import ManifestError, UsageError
from agent.manifest.catalogue import Catalogue, CataloguePlace
from agent.model import Inventory, KnownManifest, Trust
from agent.profiles import Profile, Profiles
from agent.sources.base import Source
from agent.trust.places import trust_of
from agent.workflow.request import Ports, Request

GENERIC = "generic"
"""Product that is assumed when nothing names one."""


@dataclass(frozen=True)
class Knowledge:
    """Everything that is known before the folder is looked at."""

    profiles: Profiles
    catalogue: Catalogue

    def candidates(self, product: str | None) -> tuple[str, ...]:
        """The products that the folder may be about."""
        if product is not None:
            return (product,)
        return self.catalogue.products or (GENERIC,)

    def keys(self, products: Iterable[str]) -> frozenset[str]:
        """Keys of every program file that any known version of these products lists."""
        return frozenset(
            key
            for product in products
            for known in self.catalogue.known(product)
            for key in known.program
        )


def gather_knowledge(request: Request, ports: Ports, sources: Iterable[Source]) -> Knowledge:
    """Read every manifest that counts, each with the trust of the place where it lies.

    Raises:
        ManifestError: because a manifest that was named, or all of one product, is refused.
        UsageError: because a profile, a file or the product is not there.
    """
    profiles = Profiles.load(request.profiles)
    places = [_named(path, ports) for path in (*request.manifests, *request.catalogues)]
    if ports.machine_catalogue is not None:
        places.append(CataloguePlace(ports.machine_catalogue, Trust.INSTALLED, required=False))
    if ports.state.catalogue.is_dir():
        places.append(CataloguePlace(ports.state.catalogue, Trust.OBSERVED, required=False))
    catalogue = Catalogue.load(places, profiles)
    for source in sources:
        catalogue = with_carried(catalogue, source)
    if request.product is not None:
        profiles.for_product(request.product)
    return Knowledge(profiles, catalogue)


def with_carried(catalogue: Catalogue, source: Source) -> Catalogue:
    """The catalogue with the manifests that a source carries; refused ones are left out."""
    for place, data in source.manifests():
        try:
            catalogue = catalogue.with_manifest(data, place, Trust.ADHOC)
        except ManifestError:
            # A stick with one bad list is still a source of bytes that are verified one by one.
            continue
    return catalogue


def choose_product(
    knowledge: Knowledge, products: tuple[str, ...], inventory: Inventory
) -> tuple[Profile, tuple[KnownManifest, ...]]:
    """The product whose lists explain most of what is here.

    Raises:
        UsageError: ``root-ambiguous-product`` because two explain it equally well.
    """
    scored = sorted(
        ((_explained(knowledge.catalogue.known(name), inventory), name) for name in products),
        reverse=True,
    )
    best, name = scored[0]
    if len(scored) > 1 and scored[1][0] == best:
        raise UsageError("root-ambiguous-product", products=", ".join(sorted(products)))
    return knowledge.profiles.for_product(name), knowledge.catalogue.known(name)


def _explained(known: tuple[KnownManifest, ...], inventory: Inventory) -> int:
    def right(manifest: KnownManifest) -> int:
        files = inventory.files
        return sum(
            1
            for key, file in manifest.program.items()
            if (seen := files.get(key)) is not None
            and (seen.sha256 == file.sha256 if seen.sha256 else seen.size == file.size)
        )

    return max((right(manifest) for manifest in known), default=0)


def _named(path: Path, ports: Ports) -> CataloguePlace:
    return CataloguePlace(path, trust_of(path, volumes=ports.volumes), required=True)
