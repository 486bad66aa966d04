"""KNOW: which manifests count, and which product the folder is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.errors import ItError, ManifestError, UsageError
from agent.manifest import reading
from agent.manifest.catalogue import Catalogue, CataloguePlace
from agent.model import Inventory, KnownManifest, Trust
from agent.outcomes import ExitCode
from agent.profiles import Profile, Profiles
from agent.sources.base import Source
from agent.sources.stick import StickSource
from agent.trust.places import trust_of
from agent.workflow.request import Ports, Request

GENERIC = "generic"
"""Product that is assumed when nothing names one."""
MAX_STICK_AGE = timedelta(hours=72)
"""A stick that was made longer ago vouches for nothing any more; its bytes are still good."""
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Knowledge:
    """Everything that is known before the folder is looked at."""

    profiles: Profiles
    catalogue: Catalogue
    too_old: Mapping[str, int] = field(default_factory=dict)
    """Versions that only a stick names which is too old to be believed, with its age in hours."""

    def candidates(self, product: str | None) -> tuple[str, ...]:
        """The products that the folder may be about."""
        if product is not None:
            return (product,)
        return self.catalogue.products or (GENERIC,)

    def judging(self, product: str, code: str | None) -> tuple[KnownManifest, ...]:
        """The versions that a folder may be judged by.

        A list that anybody may have put on a stick says nothing about a PC for which there are
        better ones, unless a person confirmed it by its own check code.

        Args:
            product: whose versions.
            code: the check code that was given, if one was.
        """
        known = self.catalogue.known(product)
        if all(one.trust is Trust.ADHOC for one in known):
            return known
        return tuple(one for one in known if one.trust is not Trust.ADHOC or one.check_code == code)

    def keys(self, products: Iterable[str]) -> frozenset[str]:
        """Keys of every program file that any known version of these products lists."""
        return frozenset(
            key
            for product in products
            for known in self.catalogue.known(product)
            for key in known.program
        )

    def places(self, products: Iterable[str]) -> frozenset[str]:
        """Keys of the settings and required folders of every known version of these products.

        What stands there is seen, and never opened, even where the profile knows nothing of it.
        """
        found: set[str] = set()
        for product in products:
            for known in self.catalogue.known(product):
                found.update(known.directories)
                if len(known.program) < len(known.files):
                    found.update(known.files.keys() - known.program.keys())
        return frozenset(found)


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
    too_old: dict[str, int] = {}
    for source in sources:
        catalogue = _with_carried(catalogue, source, ports.clock(), too_old)
    _refuse_unknown(request.product, profiles, catalogue)
    knowledge = Knowledge(profiles, catalogue, too_old)
    if too_old and not any(map(catalogue.known, knowledge.candidates(request.product))):
        raise stick_too_old(next(iter(too_old.values())))
    return knowledge


def stick_too_old(hours: int) -> ItError:
    """Why a version that only an old stick names is not known."""
    return ItError("stick-too-old", ExitCode.NO_REFERENCE, hours=hours)


def _refuse_unknown(product: str | None, profiles: Profiles, catalogue: Catalogue) -> None:
    if product is None:
        return
    profiles.for_product(product)
    named = {name.lower() for name in (*profiles.names, *catalogue.products)}
    if product.lower() not in named:
        known = ", ".join(sorted({*profiles.names, *catalogue.products}))
        raise UsageError("unknown-product", product=product, known=known)


def _with_carried(
    catalogue: Catalogue, source: Source, now: datetime, too_old: dict[str, int]
) -> Catalogue:
    """The catalogue with the manifests that a source carries; refused and old ones are left out."""
    for place, data in source.manifests():
        try:
            hours = _too_old_by(source, reading.parse(data, place).created, now)
            if hours is None:
                catalogue = catalogue.with_manifest(data, place, Trust.ADHOC)
            else:
                too_old.setdefault(reading.parse(data, place).version, hours)
        except ManifestError:
            # A stick with one bad list is still a source of bytes that are verified one by one.
            continue
    return catalogue


def _too_old_by(source: Source, created: str, now: datetime) -> int | None:
    """The age of a stick in whole hours when that is too much, None when it is not.

    Args:
        source: that carries the manifest.
        created: of the manifest: it counts where the stick does not say when it was made.
        now: aware.
    """
    made = source.made if isinstance(source, StickSource) else None
    moment = _moment(made) or _moment(created)
    if moment is None or now - moment <= MAX_STICK_AGE:
        return None
    return (now - moment) // _HOUR


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def choose_product(
    knowledge: Knowledge,
    products: tuple[str, ...],
    inventory: Inventory,
    recorded: str | None = None,
    code: str | None = None,
) -> tuple[Profile, tuple[KnownManifest, ...]]:
    """The product whose lists explain most of what is here.

    Args:
        knowledge: every manifest that counts.
        products: to choose from.
        inventory: what is here.
        recorded: the product of our own record of this root: of equal ones it wins.
        code: the check code that was given, if one was.

    Returns:
        The profile, and the versions to judge by.

    Raises:
        UsageError: ``root-ambiguous-product`` because two explain it equally well. Two that
            explain nothing are not in doubt: this is the folder of neither.
    """
    judging = {name: knowledge.judging(name, code) for name in products}
    scores = {name: _explained(judging[name], inventory) for name in products}
    best = max(scores.values())
    tied = sorted(name for name, score in scores.items() if score == best)
    name = recorded if recorded in tied else tied[0]
    if best and len(tied) > 1 and recorded not in tied:
        raise UsageError("root-ambiguous-product", products=", ".join(tied))
    return knowledge.profiles.for_product(name), judging[name]


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
