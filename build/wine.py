"""Windows Python on Linux: set up a Wine prefix and run programs in it.

Usage::

    python3 build/wine.py setup [--folder DIR]
    python3 build/wine.py run [--folder DIR] [--timeout SECONDS] [--keep] -- ARGUMENTS…

`setup` needs a Debian-like machine with Python and pip, as root where packages are missing; a
prefix that is there is put back as it was made. `run` hands the arguments to Windows Python in
this folder (seen there on drive Z:), passes its output and exit code on, and ends with 124 at the
time limit. `--keep` leaves Wine running, so that the next run starts sooner. The prefix is in the
user's cache folder; `WERKPLEK_WINE` or `--folder` name another. Standard library only.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TextIO

from wine_prefix import PYTHON_HOME, Prefix, WineError, default_folder
from wine_recipe import ensure, is_ready

TIME_LIMIT_EXIT = 124
"""As `timeout` of coreutils."""
INTERRUPTED_EXIT = 130
SETUP_WAIT_SECONDS = 900.0
RUN_WAIT_SECONDS = 600.0
RUN_SECONDS = 600.0
LAST_OUTPUT_SECONDS = 2.0


def main(arguments: list[str]) -> int:
    """The exit code: that of what was run, 1 where Wine can't be had."""
    options = parse(arguments)
    prefix = Prefix(options.folder.absolute())
    # The usual way to end a lane: leave through `finally`, so that nothing stays behind.
    signal.signal(signal.SIGTERM, interrupted)
    try:
        if options.verb == "setup":
            return setup(prefix)
        return run(prefix, options)
    except WineError as error:
        print(f"wine: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED_EXIT


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options; what follows ``--`` is for Windows Python."""
    parser = argparse.ArgumentParser(prog="wine.py", description="Windows Python on Linux")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("setup", "run"):
        options = verbs.add_parser(verb)
        options.add_argument("--folder", type=Path, default=default_folder())
        if verb == "run":
            options.add_argument("--timeout", type=float, default=RUN_SECONDS, metavar="SECONDS")
            options.add_argument("--keep", action="store_true", help="leave Wine running")
            options.add_argument("arguments", nargs="*")
    return parser.parse_args(arguments)


def setup(prefix: Prefix) -> int:
    """Make the prefix, or put the one that is there back as it was made."""
    begun = time.monotonic()
    with prefix.held(alone=True, wait_seconds=SETUP_WAIT_SECONDS):
        ensure(prefix, lambda text: print(f"wine: {text}", file=sys.stderr, flush=True))
        prefix.clean()
    print(f"wine: {prefix.folder} is ready ({time.monotonic() - begun:.0f} s)", file=sys.stderr)
    return 0


def run(prefix: Prefix, options: argparse.Namespace) -> int:
    """Windows Python with the arguments, its output passed on as it comes."""
    if not is_ready(prefix):
        raise WineError(f"{prefix.folder} is absent or outdated; run: python3 build/wine.py setup")
    with prefix.held(wait_seconds=RUN_WAIT_SECONDS, stop=not options.keep):
        command = [str(PYTHON_HOME / "python.exe"), *options.arguments]
        with prefix.started(command) as process:
            assert process.stdin is not None
            process.stdin.close()
            pipes = [(process.stdout, sys.stdout), (process.stderr, sys.stderr)]
            copiers = [threading.Thread(target=pass_on, args=pair, daemon=True) for pair in pipes]
            for copier in copiers:
                copier.start()
            try:
                code = process.wait(options.timeout)
            except subprocess.TimeoutExpired:
                print(f"wine: ended after {options.timeout:.0f} s", file=sys.stderr)
                code = TIME_LIMIT_EXIT
            for copier in copiers:
                copier.join(LAST_OUTPUT_SECONDS)
        return code


def pass_on(pipe: IO[bytes], screen: TextIO) -> None:
    """Copy output as it comes."""
    with suppress(ValueError):  # closed at the time limit
        while data := os.read(pipe.fileno(), 65_536):
            screen.buffer.write(data)
            screen.flush()


def interrupted(_signal: int, _frame: object) -> None:
    """SIGTERM ends as Ctrl+C does."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
