"""Names and paths at the edge of what a disk can hold: listed, missed, put back, undone."""

from __future__ import annotations

import pytest

from tests.real.practice import Product, copy_tree, put, vendor_ns

pytestmark = pytest.mark.large

NAME_BYTES = 255
LONGEST_NAME = "é" * ((NAME_BYTES - 5) // 2) + "x.dll"
DEEP = "/".join(f"niveau {number:03}" for number in range(120))
LONG = "/".join(("Een map met een tamelijk lange naam",) * 9)
PATHS = {
    "ë": "bestanden/patiënt/überzicht ë.txt",
    "emoji": "bestanden/🩺 spreekuur 👩🏽‍⚕️.dat",
    "255 bytes": f"bestanden/{LONGEST_NAME}",
    "over 260": f"{LONG}/program.exe",
    "120 levels": f"{DEEP}/diep.txt",
    "spaces and dots": "a b/ .c/..d/één  twee.e.f",
    "not Latin": "テスト/файл.dll",
}


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    plain = {f"bin/deel{number}.dll": b"oud %d" % number for number in range(12)}
    old = plain | {path: f"inhoud van {name}".encode() for name, path in PATHS.items()}
    new = {path: data + b" nieuw" for path, data in old.items()}
    return Product.make("namen", tmp_path_factory.mktemp("namen"), {"1.0": old, "2.0": new})


@pytest.mark.parametrize("name", PATHS)
def test_comes_back_and_goes_with_undo(product, tmp_path, name):
    path = PATHS[name]
    pc = product.pc(tmp_path / "BALIE-1", product.old, without=[path])
    before = pc.files()

    looked = pc.check()
    assert looked.code in {10, 12}
    assert [each["path"] for each in looked.one["files"]] == [path]

    answer = pc.repair(product.whole(product.old))
    assert answer.code == 0
    assert pc.is_complete(product.old)
    assert pc.undo().code == 0
    assert pc.files() == before


def test_all_of_them_are_replaced_by_a_newer_version_and_come_back(product, tmp_path):
    pc = product.pc(tmp_path / "BALIE-1", product.old)
    before = pc.files()
    assert pc.repair(product.whole(product.new), to_version=product.new).code == 0
    assert pc.is_complete(product.new)
    assert pc.undo().code == 0
    assert pc.files() == before


def test_the_edges_are_where_they_are_said_to_be(product):
    assert len(LONGEST_NAME.encode()) == NAME_BYTES
    assert len(PATHS["over 260"]) > 260
    whole = product.whole(product.old)
    assert all((whole / path).is_file() for path in PATHS.values())


class TestCase:
    """Windows knows one name where this disk can hold two."""

    @pytest.fixture
    def pc(self, product, tmp_path):
        (tmp_path / "x").touch()
        if (tmp_path / "X").exists():
            pytest.skip("this disk knows one name where case differs")
        return product.pc(tmp_path / "BALIE-1", product.old, without=["bin/deel3.dll"])

    def test_another_spelling_with_the_right_bytes_is_the_file(self, product, pc):
        right = product.files[product.old]["bin/deel3.dll"]
        put(pc.root / "bin/DEEL3.dll", right, vendor_ns("bin/deel3.dll"))
        before = pc.files()
        assert pc.repair(product.whole(product.old)).code == 0
        assert pc.files() == before

    def test_of_two_spellings_neither_is_ever_written_over_unasked(self, product, pc):
        right = product.files[product.old]["bin/deel3.dll"]
        put(pc.root / "bin/deel3.dll", right, vendor_ns("bin/deel3.dll"))
        put(pc.root / "bin/Deel3.dll", b"van iemand anders")
        before = pc.files()
        answer = pc.repair(product.whole(product.old))
        assert pc.files() == before
        assert answer.one["before"]["extra"] == 2

    def test_two_spellings_of_a_folder_are_one_folder(self, product, pc, tmp_path):
        source = copy_tree(product.whole(product.old), tmp_path / "usb")
        (source / "bin").rename(source / "BIN")
        (source / "bin").mkdir()
        answer = pc.repair(source)
        assert answer.code == 0
        assert pc.is_complete(product.old)
        assert not any((source / "bin").iterdir())
