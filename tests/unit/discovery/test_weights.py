from __future__ import annotations

from importlib import resources

import pytest

from agent.discovery.weights import FILE, PenaltyName, load, parse
from agent.errors import OurError
from agent.model import ProbeGroup
from agent.model.finds import REGISTERED

TEXT = resources.files("agent.discovery").joinpath(FILE).read_text(encoding="utf-8")


def refused(text):
    with pytest.raises(OurError) as caught:
        parse(text.encode())
    assert caught.value.problem == "weights-wrong"
    return caught.value.facts["key"]


def test_every_group_and_every_penalty_has_a_weight():
    weights = load()
    assert set(weights.provenance) == set(ProbeGroup)
    assert set(weights.penalties) == set(PenaltyName)


def test_the_numbers_are_those_of_the_design():
    weights = load()
    assert (weights.content_share, weights.provenance_share) == (0.65, 0.35)
    assert (weights.score, weights.content, weights.margin) == (0.60, 0.40, 0.10)
    assert weights.named < REGISTERED
    assert weights.provenance[ProbeGroup.SWEEP] == 0
    assert weights.provenance[ProbeGroup.DEAD_SHORTCUT] < weights.named


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('weight = 0.60\nwhy = "Our', 'weight = 1.60\nwhy = "Our', "provenance.record.weight"),
        ('weight = 0.60\nwhy = "Our', 'weight = true\nwhy = "Our', "provenance.record.weight"),
        ("[provenance.msi]", "[provenance.msj]", "provenance.msi.why"),
        ("value = 5", "value = 0", "threshold.few-right.value"),
        ("value = 5", 'value = 5\nunit = "x"', "threshold.few-right.unit"),
        ('"backup", "back-up"', '"backup", ""', "penalty.backup-name.words"),
    ],
)  # fmt: skip
def test_refuses_what_is_not_as_it_must_be(old, new, key):
    assert TEXT.count(old) == 1
    assert refused(TEXT.replace(old, new)) == key


def test_refuses_a_weight_without_a_reason():
    assert refused(TEXT.replace('why = "A person wrote', 'because = "A person wrote', 1)).endswith(
        "configured.why"
    )


def test_refuses_what_is_no_table():
    assert refused("provenance = 1") == "provenance"
    assert refused("= 1") == ""
