"""Files as they come, and files made to do harm: what is read of them, and what is said."""

import struct
import time
import tracemalloc
from itertools import islice

import pytest

from backend.core.errors import Invalid
from backend.forms.cells import UNCOMPUTED
from backend.imports import reading, workbook
from tests.backend.imports.tables import SHEET, book, changed, sheet, text

ROWS = [("姓名", "联系电话"), ("黄小梅", "10000000007"), ("阿卜杜拉·热合曼", "10000000008")]


def read(data: bytes) -> list[list[str]]:
    return [cells for _, cells in reading.rows(data, [])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_text_is_read_in_whatever_encoding_and_with_whatever_between(
    encoding: str, sign: str
) -> None:
    assert read(text(ROWS, encoding, sign)) == [list(row) for row in ROWS]


def test_a_workbook_is_read_as_the_same_text() -> None:
    assert read(book(ROWS)) == [list(row) for row in ROWS]


def test_numbers_days_and_truths_are_written_as_people_do() -> None:
    rows: list[list[object]] = [[10000000007, 35977, True, 1.5, None, "x"]]
    found = read(book(rows, formats={"B1": "yyyy-mm-dd"}))

    assert found == [["10000000007", "1998-07-01", "是", "1.5", "", "x"]]


def test_merged_cells_hold_their_value_everywhere() -> None:
    rows: list[list[object]] = [
        ["名册", None],
        ["支部", "姓名"],
        ["一支部", "甲乙"],
        [None, "丙丁"],
        ["二支部", "戊己"],
    ]
    found = read(book(rows, merged=["A1:B1", "A3:A4"]))

    assert found[0] == ["名册", "名册"]
    assert [row[0] for row in found[2:]] == ["一支部", "一支部", "二支部"]


def test_a_formula_gives_what_was_stored_or_says_that_nothing_was() -> None:
    body = (
        '<row r="1"><c r="A1" t="str"><f>"黄"&amp;"小梅"</f><v>黄小梅</v></c>'
        '<c r="B1"><f>1+1</f></c><c r="C1" t="inlineStr"><is><t>=1+1</t></is></c></row>'
    )
    data = changed(book([["x"]]), {SHEET: sheet(body)})

    assert read(data) == [["黄小梅", UNCOMPUTED, "=1+1"]]


def test_other_sheets_are_told_of() -> None:
    notes: list[str] = []
    list(reading.rows(book(ROWS, more=["汇总"]), notes))

    assert notes == ["文件有 2 个工作表，只读取第一个可见的工作表。"]


def refusal(data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        list(reading.rows(data, []))
    assert refused.value.field == "file"
    return refused.value.message


def ole(name: str) -> bytes:
    """Return a compound file with one empty stream of that name."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 44, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    entries = b"".join(_entry(*one) for one in (("Root Entry", 5, 1), (name, 2, 0xFFFFFFFF)))
    return bytes(header) + fat + entries + bytes(512 - len(entries))


def _entry(name: str, kind: int, child: int) -> bytes:
    spelled = name.encode("utf-16-le") + b"\0\0"
    made = bytearray(128)
    made[: len(spelled)] = spelled
    struct.pack_into("<HBB", made, 64, len(spelled), kind, 1)
    struct.pack_into("<III", made, 68, 0xFFFFFFFF, 0xFFFFFFFF, child)
    struct.pack_into("<I", made, 116, 0xFFFFFFFE)
    return bytes(made)


def huge_part(name: str, size: int) -> bytes:
    return changed(book(ROWS), {name: b"<x>" + b" " * size + b"</x>"})


BIG = workbook.MEGABYTE
HOSTILE: dict[str, tuple[bytes | str, str]] = {
    "nothing": (b" \r\n", reading.EMPTY),
    "an old workbook": (ole("Workbook"), workbook.OLD),
    "a password": (ole("EncryptedPackage"), workbook.LOCKED),
    "half of an old one": (ole("Workbook")[:600], workbook.BROKEN),
    "half a workbook": (book(ROWS)[:700], workbook.BROKEN),
    "no workbook": (changed(book(ROWS), {"xl/workbook.xml": None}), workbook.BROKEN),
    "a workbook of no XML": (changed(book(ROWS), {SHEET: b"<row"}), workbook.BROKEN),
    "entities": (
        changed(book(ROWS), {SHEET: sheet("", '<!DOCTYPE a [<!ENTITY a "aaaa">]>')}),
        workbook.BROKEN,
    ),
    "a sheet that unpacks to 70 MB": (huge_part(SHEET, 70 * BIG), workbook.TOO_MUCH),
    "a sheet that packs too well": (huge_part(SHEET, 20 * BIG), workbook.TOO_MUCH),
    "strings": (huge_part("xl/sharedStrings.xml", 40 * BIG), workbook.TOO_MUCH),
    "styles": (huge_part("xl/styles.xml", 5 * BIG), workbook.TOO_MUCH),
    "many parts": (
        changed(book(ROWS), {f"xl/media/{n}.bin": b"" for n in range(600)}),
        workbook.TOO_MUCH,
    ),
    "many columns": (book([["x"] * 300]), workbook.WIDE),
    "a million columns": (b"x" + b"," * 1_000_000 + b"x", workbook.WIDE),
    "many rows": ("姓名\r\n" * 50_001, workbook.LONG),
    "a string that is not there": (
        changed(book([["x"]]), {SHEET: sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>')}),
        workbook.BROKEN,
    ),
    "a place that is none": (
        changed(book([["x"]]), {SHEET: sheet('<row r="1"><c r="XXXX0"><f/></c></row>')}),
        workbook.BROKEN,
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_cannot_be_read_is_said_in_words_soon_and_with_little_memory(kind: str) -> None:
    data, said = HOSTILE[kind]
    whole = data.encode() if isinstance(data, str) else data
    tracemalloc.start()
    begun = time.monotonic()

    assert refusal(whole) == said

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 120 * BIG
    assert time.monotonic() - begun < 30


def test_a_cell_at_the_far_corner_costs_nothing() -> None:
    body = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'
        '<row r="1048576"><c r="B1048576" s="0"/></row>'
    )
    data = changed(book([["x"]]), {SHEET: sheet(body)})

    assert [row[:1] for row in islice(read(data), 5)] == [["姓名"]]


def test_a_picture_or_a_letter_is_no_table() -> None:
    assert "不是文本表格" in refusal(b"\x89PNG\r\n\x1a\n\x00\x00")
