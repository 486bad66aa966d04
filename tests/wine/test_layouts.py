"""Described PCs with the real adapters: one start of Windows Python makes and searches them all."""

from __future__ import annotations

import pytest

from tests.layouts.corpus import FOLDER, PCS
from tests.pc.in_wine import search_all
from tests.pc.judging import judge

NAMES = [name for name, pc in PCS.items() if pc.wine]

pytestmark = pytest.mark.wine


@pytest.fixture(scope="module")
def searched(prefix, tmp_path_factory):
    """What Windows answered on each PC."""
    files = [FOLDER / f"{name}.toml" for name in NAMES]
    return search_all(prefix, files, tmp_path_factory.mktemp("practices"))


@pytest.mark.parametrize("name", NAMES)
def test_the_real_adapters_give_the_answer_of_the_description(name, searched, rows):
    one = searched[name]
    assert one.error is None
    judged = [judge(f"wine {name}", each, PCS[name], a) for each, a in one.answers.items()]
    rows += judged

    assert [row for row in judged if not row.fine] == []
