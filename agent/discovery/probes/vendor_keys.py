"""Keys that the vendor made for itself: every text below them that is an absolute path.

Keys may be links that go round; depth and number of keys are limited, so that ends by itself.
https://learn.microsoft.com/windows/win32/sysinfo/registry-key-security-and-access-rights
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.discovery.probing import Inquiry, Log, Probe
from agent.discovery.traces import Source, Traces
from agent.model import Evidence, ProbeGroup
from agent.ports import Hive, Key

NAME = "vendor-keys"
PATH = "SOFTWARE"


def look(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
    r"""Paths below ``SOFTWARE\<vendor name>*``, breadth first."""
    traces = Traces(NAME, inquiry, log)
    beginnings = _beginnings(inquiry)
    for base in traces.registry.everywhere(PATH):
        for name in traces.registry.subkeys(base):
            if beginnings and _plain(name).startswith(beginnings):
                yield from _below(traces, base / name)


def _beginnings(inquiry: Inquiry) -> tuple[str, ...]:
    """How keys of a vendor begin; its spellings differ in spaces and dots."""
    names = (name for one in inquiry.sought for name in one.profile.vendor_names)
    return tuple(sorted({_plain(name) for name in names} - {""}))


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _below(traces: Traces, top: Key) -> Iterator[Evidence]:
    level = [top]
    for _ in range(traces.inquiry.limits.registry_depth + 1):
        deeper: list[Key] = []
        for key in level:
            if traces.registry.spent:
                return
            values = traces.registry.values(key)
            words = tuple(key.path.split("\\")[1:])
            for name, text in values.texts():
                source = Source(
                    group=ProbeGroup.VENDOR_KEY,
                    where=values.where(name),
                    words=words,
                    open_to_all=key.hive is not Hive.MACHINE,
                )
                yield from traces.listed(text, source)
            deeper += [key / name for name in traces.registry.subkeys(key)]
        level = deeper


PROBE = Probe(NAME, look)
