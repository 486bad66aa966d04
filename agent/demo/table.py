"""The demo in words: a line or two a PC while it runs, a table at the end, or one JSON document."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from agent.demo.notice import NoticeResult
from agent.demo.play import SceneResult
from agent.demo.practice import Pc
from agent.demo.software import Software
from agent.demo.staging import Outcome
from agent.model import DiagnosisClass, WayName, WayWeighed
from agent.reporting.texts import Texts
from agent.sources.own import OWN_ID


class Teller:
    """Writes lines as it goes."""

    def __init__(self, texts: Texts, write: Callable[[str], None]) -> None:
        self._texts = texts
        self._write = write
        self._pcs: dict[str, Pc] = {}

    def begin(self, software: Software, pcs: tuple[Pc, ...]) -> None:
        """The practice stands, whole."""
        self._pcs = {pc.name: pc for pc in pcs}
        sizes = [
            (len(files), sum(map(len, files.values()))) for files in software.versions.values()
        ]
        self._say(
            "demo-begin", title=software.title, pcs=len(pcs), files=sizes[0][0], bytes=sizes[0][1]
        )

    def notice(self, results: tuple[NoticeResult, ...]) -> None:
        """What the workaround would have done."""
        self._say("demo-notice")
        for one in results:
            self._say(
                "demo-notice-line",
                donor=one.donor,
                version=one.version,
                reached=one.reached,
                broken=one.reached + one.not_reached,
                mixed=one.mixed,
                settings=one.settings,
            )
        self._say("demo-ours")

    def scene(self, result: SceneResult) -> None:
        """One PC is done."""
        scene, say = result.scene, self._say
        self._head(result)
        if scene.sources:
            say("demo-sources", sources=scene.sources)
        for way in _ways(result):
            self._write("  " + self._way(way))
        if result.refused and scene.complete:
            say("demo-held")
        if scene.to_version is not None:
            say("demo-chosen", version=scene.to_version)
        for name, count in result.used.items():
            key = "demo-used-own" if name == OWN_ID else "demo-used"
            say(key, source=name, count=count)
        self._verdict(result)

    def _head(self, result: SceneResult) -> None:
        texts, pc = self._texts, self._pcs[result.scene.pc]
        kind = texts.say("class", result.kind.value)
        self._say("demo-pc", pc=pc.name, version=pc.version, folder=pc.folder)
        self._say(f"demo-{pc.damage.value}")
        self._say("demo-found", kind=kind)

    def _verdict(self, result: SceneResult) -> None:
        if result.faults:
            faults = [self._texts.say("demo", fault) for fault in result.faults]
            self._say("demo-not-fine", faults=faults)
        elif not result.scene.complete:
            self._say("demo-waits")
        elif result.kind is DiagnosisClass.HEALTHY:
            self._say("demo-whole")
        else:
            self._say("demo-fine", restored=result.restored, replaced=result.replaced)

    def end(self, outcome: Outcome) -> None:
        """The table."""
        head = [self._texts.say("demo", f"demo-column-{name}") for name in COLUMNS]
        rows = [head, *(self._row(result) for result in outcome.scenes)]
        self._write("\n" + aligned(rows))
        self._say("demo-legend")
        failed = sum(bool(result.faults) for result in outcome.scenes)
        key = "demo-end-failed" if failed else "demo-end"
        self._say(key, failed=failed, seconds=round(outcome.seconds))

    def _row(self, result: SceneResult) -> list[str]:
        texts = self._texts
        ways = {way.way: way for way in _ways(result)}
        return [
            result.scene.pc,
            texts.say("class", result.kind.value),
            self._share(ways.get(WayName.BACK)),
            self._share(ways.get(WayName.FORWARD)),
            texts.number(result.restored),
            texts.number(result.replaced),
            texts.word("no" if result.faults else "yes"),
        ]

    def _way(self, way: WayWeighed) -> str:
        name = self._texts.word(way.way.value, version=way.version)
        key = "way-complete" if way.complete else "way-partly"
        return self._texts.word(
            key, way=name, wanted=way.wanted, has=way.has, bytes=way.bytes_wanted
        )

    def _share(self, way: WayWeighed | None) -> str:
        if way is None:
            return NO_WAY
        return f"{self._texts.number(way.has)}/{self._texts.number(way.wanted)}"

    def _say(self, key: str, **facts: object) -> None:
        self._write(self._texts.say("demo", key, **facts))


NO_WAY = "-"
COLUMNS = ("pc", "class", "back", "forward", "restored", "replaced", "expected")


def _ways(result: SceneResult) -> tuple[WayWeighed, ...]:
    """Those that matter to a person: a PC that is whole needs none."""
    return () if result.kind is DiagnosisClass.HEALTHY else result.ways


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a table of text, columns as wide as their widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def as_json(outcome: Outcome) -> bytes:
    """The whole demo as one document."""
    document = {
        "type": "result",
        "software": outcome.software.title,
        "real": outcome.software.real,
        "expected": not any(result.faults for result in outcome.scenes),
        "seconds": round(outcome.seconds, 1),
        "notice": [msgspec.to_builtins(one) for one in outcome.notice],
        "scenes": [
            {
                "pc": result.scene.pc,
                "class": result.kind.value,
                "sources": result.scene.sources,
                "ways": [msgspec.to_builtins(way) for way in result.ways],
                "restored": result.restored,
                "replaced": result.replaced,
                "used": result.used,
                "faults": result.faults,
            }
            for result in outcome.scenes
        ],
    }
    return msgspec.json.encode(document)
