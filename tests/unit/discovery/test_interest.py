from __future__ import annotations

import pytest

from agent.discovery.interest import Interest, parts_of
from agent.discovery.probing import Sought
from agent.profiles import Profiles
from tests.simulators.inventories import known_manifest

MEDICOM = Profiles.load().get("medicom")


def interest(*manifests):
    return Interest.of([Sought(MEDICOM, manifests)])


@pytest.mark.parametrize(
    "text",
    [
        "Medicom 2022.4",
        "MEDICOM",
        "PharmaPartners B.V.",
        "pharma partners",
        "Pharma-Partners",
        "PP",
    ],
)
def test_a_name_as_a_whole_word_is_of_interest(text):
    assert interest().in_words(None, "", text)


@pytest.mark.parametrize("text", ["Medicomfort", "XPP", "Pharmacist", "supp", "", None])
def test_a_part_of_another_word_is_not(text):
    assert not interest().in_words(text)


@pytest.mark.parametrize(
    "path",
    [
        r"C:\PharmaPartners\x.txt",
        r"D:\PharmaPartners_oud",
        r"D:\PharmaPartners - kopie\bin",
        r"D:\PP2019\iets",
        r"E:\x\MEDICOM.EXE",
        "d:/medicom/x",
    ],
)
def test_a_path_with_a_name_or_the_main_program_is_of_interest(path):
    assert interest().in_path(path)


@pytest.mark.parametrize("path", [r"C:\Windows\notepad.exe", r"C:\Supp\x.exe", "", "\\"])
def test_another_path_is_not(path):
    assert not interest().in_path(path)


def test_a_program_of_a_manifest_is_of_interest_whatever_its_folder():
    known = known_manifest({"bin/recept.exe": b"1", "bin/recept.dll": b"2"})
    assert interest(known).in_path(r"Z:\weg\Recept.exe")
    assert not interest(known).in_path(r"Z:\weg\Recept.dll")


def test_a_program_that_many_products_bring_along_is_not():
    assert not interest(known_manifest({"setup.exe": b"1"})).in_path(r"C:\x\setup.exe")


def test_the_profile_of_any_product_has_no_names():
    generic = Interest.of([Sought(Profiles.load().get("generic"))])
    assert not generic.in_words("Programma", "generic")


def test_takes_a_path_apart_whichever_way_it_leans():
    assert parts_of(r"\\srv\share/a\b") == ["srv", "share", "a", "b"]
