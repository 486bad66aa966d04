r"""Scheduled tasks: the programs that Windows starts by the clock or at an event.

Their files are XML in UTF-16 below ``System32\Tasks``; where that folder can't be listed, the
registry has the same actions in binary form.
https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.discovery.probing import Inquiry, Log, Probe
from agent.discovery.task_files import Action, Task, UnreadableTaskError, read_actions, read_task
from agent.discovery.traces import Source, Traces
from agent.model import Evidence, ProbeGroup
from agent.ports import Hive, Key, KnownFolder

NAME = "tasks"
FOLDER = "System32\\Tasks"
DEPTH = 8
MAX_ENTRIES = 20_000
CACHE = Key(
    Hive.MACHINE, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tasks"
)


def look(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
    """The commands of all tasks, from their files and, of those that can't be read, the cache."""
    traces = Traces(NAME, inquiry, log)
    windows = inquiry.pc.folders.known(KnownFolder.WINDOWS)
    if windows is None:
        return
    folder = str(inquiry.pc.disks.flavour(windows) / FOLDER)
    seen: set[str] = set()
    for path, entry in traces.reach.below(folder, log, depth=DEPTH, limit=MAX_ENTRIES):
        if entry.is_link:
            continue
        data = traces.reach.read(path, inquiry.limits.task_bytes, log)
        if data is not None:
            seen.add(path[len(folder) :].casefold())
            yield from _file(traces, path, entry.name, data)
    if log.troubles or not seen:
        yield from _cache(traces, seen)


def _file(traces: Traces, path: str, name: str, data: bytes) -> Iterator[Evidence]:
    try:
        task = read_task(data)
    except UnreadableTaskError:
        traces.log.trouble(path, "damaged-task")
        return
    open_to_all = not task.needs_administrator or traces.reach.open_to_all(path)
    yield from _actions(traces, task, path, name, open_to_all=open_to_all)


def _cache(traces: Traces, seen: set[str]) -> Iterator[Evidence]:
    for key in traces.registry.subkeys(CACHE):
        values = traces.registry.values(CACHE / key)
        name = values.text("Path") or key
        data = values.binary("Actions")
        if name.casefold() in seen or data is None:
            continue
        try:
            task = Task(read_actions(data))
        except UnreadableTaskError:
            traces.log.trouble(values.where("Actions"), "damaged-task")
            continue
        # Who may have made it stands in the file that could not be read.
        yield from _actions(traces, task, values.where("Actions"), name, open_to_all=True)


def _actions(
    traces: Traces, task: Task, where: str, name: str, *, open_to_all: bool
) -> Iterator[Evidence]:
    for action in task.actions:
        source = Source(
            group=ProbeGroup.AUTOSTART,
            where=where,
            words=(name.rsplit("\\", 1)[-1],),
            open_to_all=open_to_all,
            is_folder=False,
        )
        found = list(traces.program(_line(action), source))
        yield from found
        if not found:
            folder = Source(
                group=ProbeGroup.AUTOSTART,
                where=where,
                words=source.words,
                open_to_all=open_to_all,
            )
            yield from traces.folder(action.folder, folder)


def _line(action: Action) -> str:
    command = action.command.strip().strip('"')
    return f'"{command}" {action.arguments}'


PROBE = Probe(NAME, look)
