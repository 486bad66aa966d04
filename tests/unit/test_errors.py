"""One root; the family says who must act, the facts say what happened where."""

from __future__ import annotations

import pytest

from agent import errors
from agent.errors import (
    ItError,
    ManifestError,
    NotInSourceError,
    SourceGoneError,
    StaffError,
    Stopped,
    UsageError,
    VendorError,
    WantedListError,
    WerkplekError,
)
from agent.outcomes import ExitCode


def test_every_error_has_one_root_and_one_family() -> None:
    families = {StaffError, ItError, VendorError, errors.OurError}
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, WerkplekError) and kind is not WerkplekError
    ]
    assert len(kinds) >= 10
    for kind in kinds:
        assert len(families & set(kind.__mro__)) == 1, kind


def test_carries_problem_code_and_facts() -> None:
    error = ItError("disk-full", ExitCode.DISK_FULL, place="D:", needed=7)
    assert (error.problem, error.exit_code) == ("disk-full", ExitCode.DISK_FULL)
    assert error.facts == {"place": "D:", "needed": 7}
    assert str(error) == "('disk-full', \"place='D:'\", 'needed=7')"


@pytest.mark.parametrize(
    ("error", "code", "facts"),
    [
        (UsageError("usage", message="x"), 2, {"message": "x"}),
        (Stopped(), 130, {}),
        (SourceGoneError("stick:E"), 60, {"source": "stick:E"}),
        (NotInSourceError("stick:E", "ab"), 60, {"source": "stick:E", "sha256": "ab"}),
    ],
)
def test_each_ends_with_its_code(error: WerkplekError, code: int, facts: dict[str, object]) -> None:
    assert error.exit_code == code
    assert error.facts == facts


@pytest.mark.parametrize(("kind", "code"), [(ManifestError, 43), (WantedListError, 2)])
def test_a_refused_document_names_every_problem(
    kind: type[ManifestError | WantedListError], code: int
) -> None:
    problems = (("files[3].path", "path-parent", "../x"), ("", "key-absent", "version"))
    error = kind("list.json", problems, 5)
    assert error.exit_code == code
    assert error.problems == problems
    assert error.facts == {"place": "list.json", "count": 7, "more": 5, "first": "files[3].path"}
    assert kind("list.json", ()).facts["first"] == ""
