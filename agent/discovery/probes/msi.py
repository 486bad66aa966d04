"""Products that came as an MSI: the folder that the installer noted, and the files it keeps."""

from __future__ import annotations

from collections.abc import Iterator

from agent.discovery.interest import Interest
from agent.discovery.msi_records import MsiProduct, component_files, products
from agent.discovery.probing import Inquiry, Log, Probe
from agent.discovery.traces import Source, Traces
from agent.model import Evidence, ProbeGroup

NAME = "msi"
FOLDER = "InstallLocation"


def look(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
    """Folders of all products, then the components of those whose words are of interest.

    A PC has tens of thousands of components, so they are read for such products only.
    """
    traces = Traces(NAME, inquiry, log)
    interest = Interest.of(inquiry.sought)
    wanted: dict[str, dict[str, MsiProduct]] = {}
    for product in products(traces.registry):
        text = product.properties.text(FOLDER)
        words = _words(product)
        source = Source(
            group=ProbeGroup.MSI,
            where=product.properties.where(FOLDER),
            words=words,
            open_to_all=product.open_to_all,
            is_folder=True,
        )
        yield from traces.folder(text, source)
        if interest.in_words(*words, text):
            wanted.setdefault(product.account, {})[product.packed_code.upper()] = product
    for account, mine in wanted.items():
        yield from _components(traces, account, mine)


def _components(traces: Traces, account: str, mine: dict[str, MsiProduct]) -> Iterator[Evidence]:
    for code, path, where in component_files(traces.registry, account, frozenset(mine)):
        source = Source(
            group=ProbeGroup.MSI,
            where=where,
            words=_words(mine[code]),
            open_to_all=mine[code].open_to_all,
        )
        yield from traces.folder(path, source)


def _words(product: MsiProduct) -> tuple[str, ...]:
    return product.properties.words("DisplayName", "Publisher")


PROBE = Probe(NAME, look)
