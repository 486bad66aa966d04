"""One root error; families by who must act.

An error carries a *problem* (a text id in `reporting/texts`) and facts as keyword arguments. The
sentence is made at the edge, in the language of the reader. Every problem id must have a text in
every language: a test asserts it.
"""

from __future__ import annotations

from agent.outcomes import ExitCode


class WerkplekError(Exception):
    """Root of everything that we raise on purpose.

    Attributes:
        problem: text id of the sentence, e.g. ``root-not-a-folder``.
        exit_code: the code a run ends with when nothing more serious happened.
        facts: values for the sentence; always includes where it happened if there is a where.
    """

    def __init__(self, problem: str, exit_code: ExitCode, **facts: object) -> None:
        super().__init__(problem, *(f"{name}={value!r}" for name, value in facts.items()))
        self.problem = problem
        self.exit_code = exit_code
        self.facts = facts


class StaffError(WerkplekError):
    """The person at the keyboard can act: close the program, put in another stick."""


class ItError(WerkplekError):
    """IT can act: rights, configuration, room, command line."""


class VendorError(WerkplekError):
    """The maker of the product or of a manifest can act: a refused reference."""


class OurError(WerkplekError):
    """We must act: a fault in this program."""


class UsageError(ItError):
    """A wrong command line or configuration (code 2)."""

    def __init__(self, problem: str, **facts: object) -> None:
        super().__init__(problem, ExitCode.USAGE, **facts)


class ManifestError(VendorError):
    """A manifest that is refused; names every problem of the document at once.

    Attributes:
        problems: ``(where, text id, facts)`` of each, in document order, at most
            `manifest.limits.MAX_PROBLEMS` with the rest counted in ``facts["more"]``.
    """

    def __init__(
        self, place: str, problems: tuple[tuple[str, str, str], ...], more: int = 0
    ) -> None:
        super().__init__(
            "manifest-refused",
            ExitCode.NO_REFERENCE,
            place=place,
            count=len(problems) + more,
            more=more,
            first=problems[0][0] if problems else "",
        )
        self.place = place
        self.problems = problems


class WantedListError(ItError):
    """A wanted list that is refused; names every problem of the document at once.

    Attributes:
        problems: ``(where, text id, facts)`` of each, in document order.
    """

    def __init__(
        self, place: str, problems: tuple[tuple[str, str, str], ...], more: int = 0
    ) -> None:
        super().__init__(
            "wanted-list-refused",
            ExitCode.USAGE,
            place=place,
            count=len(problems) + more,
            more=more,
            first=problems[0][0] if problems else "",
        )
        self.place = place
        self.problems = problems


class Stopped(StaffError):  # noqa: N818 - being asked to stop is no error
    """The user stopped the run; the state is valid."""

    def __init__(self) -> None:
        super().__init__("stopped", ExitCode.STOPPED)


class SourceGoneError(StaffError):
    """A source that was there is not any more; the next source takes over."""

    def __init__(self, source_id: str) -> None:
        super().__init__("source-gone", ExitCode.NO_SOURCE, source=source_id)
        self.source_id = source_id


class NotInSourceError(StaffError):
    """A source does not have these bytes (any more); the next source takes over."""

    def __init__(self, source_id: str, sha256: str) -> None:
        super().__init__("not-in-source", ExitCode.NO_SOURCE, source=source_id, sha256=sha256)
        self.source_id = source_id
