"""Sound documents in unusual spelling are taken; what would run something is not."""

import base64
import struct
import time
import zipfile
import zlib
from io import BytesIO

import pytest

from backend.core.errors import Invalid
from backend.support.attachments import documents
from tests.backend.support.attachments import samples

MS = "application/vnd.ms-"
OPEN = "http://schemas.openxmlformats.org"
MAIN = f"{OPEN}/officeDocument/2006/relationships/officeDocument"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
WORD = f"{documents.OFFICE}.wordprocessingml.document.main+xml"


def zipped(parts: dict[str, bytes | str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in parts.items():
            entry = samples.timeless("x")
            entry.filename = name  # a backslash is not turned round
            file.writestr(entry, body)
    return out.getvalue()


def word(
    part: str = "word/document2.xml", *, declared: str = WORD, kind: str = MAIN, listing: str = ""
) -> dict[str, bytes | str]:
    override = f'<Override PartName="/{part}" ContentType="{declared}"/>'
    related = f'<Relationship Id="r1" Type="{kind}" Target="/{part}"/>'
    return {
        "[Content_Types].xml": f"<Types>{override}{listing}</Types>",
        "_rels/.rels": f"<Relationships>{related}</Relationships>",
        part: "<document/>",
    }


def spelled(parts: dict[str, bytes | str], old: str, new: str) -> bytes:
    return zipped({name.replace(old, new): body for name, body in parts.items()})


@pytest.mark.parametrize(
    "data",
    [
        zipped(word()),
        zipped(word(kind=STRICT)),
        zipped(word("document.xml")),
        spelled(word(), "/", "\\"),
        spelled(word(), "[Content_Types]", "[content_types]"),
        spelled(word("word/document.xml"), "word", "Word"),
        samples.package("word/document.xml"),
    ],
)
def test_the_document_is_what_the_relationships_name(data: bytes) -> None:
    found = documents.recognise(data)
    assert found is not None
    assert found.extension == "docx"


def test_two_documents_in_one_are_none_we_take() -> None:
    assert documents.recognise(zipped(word() | {"xl/workbook.xml": "<workbook/>"})) is None
    with pytest.raises(Invalid, match="损坏"):
        documents.recognise(zipped(word() | {"word\\document2.xml": "<document/>"}))


MACRO_LIST = f'<Default Extension="bin" ContentType="{MS}office.vbaProject"/>'
SHEET_LIST = f'<Override PartName="/xl/a.xml" ContentType="{MS}excel.macrosheet+xml"/>'
INTERNATIONAL = f'<Override PartName="/xl/a.xml" ContentType="{MS}excel.intlmacrosheet+xml"/>'
RELATED = f'<Relationship Type="{OPEN}/2006/relationships/xlMacrosheet" Target="a.xml"/>'


def workbook(listing: str = "", **parts: bytes | str) -> dict[str, bytes | str]:
    sheet = f"{documents.OFFICE}.spreadsheetml.sheet.main+xml"
    return word("xl/workbook.xml", declared=sheet, listing=listing) | parts


def in_utf16(parts: dict[str, bytes | str], encoding: str = "utf-16") -> bytes:
    said = str(parts["[Content_Types].xml"])
    head = "<?xml version='1.0' encoding='UTF-16'?>"
    return zipped(parts | {"[Content_Types].xml": (head + said).encode(encoding)})


@pytest.mark.parametrize(
    "data",
    [
        in_utf16(word(listing=MACRO_LIST)),
        in_utf16(word(listing=MACRO_LIST), "utf-16-be"),
        zipped(word(listing=MACRO_LIST.replace("vba", "&#118;ba"))),
        zipped(word(declared=f"{MS}word.document.macroEnabled.main+xml")),
        zipped(workbook(SHEET_LIST)),
        zipped(workbook(INTERNATIONAL)),
        in_utf16(workbook(SHEET_LIST)),
        zipped(workbook() | {"xl/macrosheets/sheet1.xml": "<a/>"}),
        zipped(workbook() | {"xl\\MacroSheets\\sheet1.xml": "<a/>"}),
        zipped(workbook() | {"xl/_rels/workbook.xml.rels": f"<R>{RELATED}</R>"}),
    ],
    ids=range(10),
)
def test_macros_are_found_however_they_are_written(data: bytes) -> None:
    with pytest.raises(Invalid, match="宏"):
        documents.recognise(data)


def test_a_list_that_defines_words_of_its_own_is_refused() -> None:
    parts = word()
    said = f"<!DOCTYPE Types [<!ENTITY v 'vba'>]>{parts['[Content_Types].xml']!s}"
    with pytest.raises(Invalid, match="损坏"):
        documents.recognise(zipped(parts | {"[Content_Types].xml": said}))


def sheet(kind: int) -> bytes:
    begin = struct.pack("<HH", 0x0809, 16) + bytes(16)
    listed = struct.pack("<HHIBBBB", 0x0085, 9, 0, 0, kind, 1, 0) + b"A"
    return samples.compound({"Workbook": begin + listed + b"\x0a\0\0\0"})


def test_macro_sheets_of_the_old_excel_are_found() -> None:
    assert documents.recognise(sheet(0)) is not None
    for kind in (1, 6):
        with pytest.raises(Invalid, match="宏"):
            documents.recognise(sheet(kind))


PDF = samples.pdf()


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + PDF,
        b"\r\n" + PDF,
        b"-" * 1000 + PDF,
        PDF + bytes(5000),
        PDF + b"\r\n\0\0",
    ],
)
def test_what_stands_before_or_behind_a_pdf_does_no_harm(data: bytes) -> None:
    assert documents.recognise(data) is documents.PDF


def pdf(*objects: bytes) -> bytes:
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, one) for n, one in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"startxref\n9\n%%EOF\n"


def stream(body: bytes, entries: bytes = b"/Type/ObjStm/Filter/FlateDecode") -> bytes:
    return b"<<" + entries + b"/Length %d>>\nstream\r\n" % len(body) + body + b"\nendstream"


INSIDE = b"7 0 <</S/JavaScript/JS(app.alert\\(1\\))>>"
PACKED = zlib.compress(INSIDE)
PAGE = zlib.compress(b"BT (7 0 /JavaScript) Tj ET")


@pytest.mark.parametrize(
    "data",
    [
        pdf(b"<</OpenAction<</S/JavaScript/JS(x)>>>>"),
        pdf(b"<</OpenAction<</S /J#61vaScript /JS(x)>>>>"),
        pdf(b"<</S/#4a#61#76#61#53#63#72#69#70#74>>"),
        pdf(b"<</S/Launch/F(cmd.exe)>>"),
        pdf(b"<</S/L#61unch/F(cmd.exe)>>"),
        pdf(stream(PACKED)),
        pdf(b"<</Type/Catalog>>", stream(PACKED, b"/Type/Obj#53tm/Filter/Fl#61teDecode")),
        pdf(stream(PACKED.hex().encode() + b">", b"/Type/ObjStm/Filter[/AHx/Fl]")),
        pdf(stream(base64.a85encode(PACKED) + b"~>", b"/Type/ObjStm/Filter[/A85/Fl]")),
        pdf(stream(PACKED[:-4])),
    ],
    ids=range(10),
)
def test_a_pdf_that_would_do_something_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="脚本"):
        documents.recognise(data)


@pytest.mark.parametrize(
    "data",
    [
        pdf(b"<</Type/Catalog>>", stream(zlib.compress(b"7 0 <</Type/Catalog>>"))),
        pdf(stream(zlib.compress(b"7 0 <</Type/Page>>")), stream(PAGE, b"/Filter/FlateDecode")),
        pdf(b"<</Title(Launch of a JavaScript course)>>"),
        pdf(b"<</S/LaunchPad/T/JavaScripting>>"),
        pdf(stream(b"no zlib at all")),
    ],
    ids=range(5),
)
def test_a_pdf_that_only_speaks_of_it_is_taken(data: bytes) -> None:
    assert documents.recognise(data) is documents.PDF


def test_objects_that_cannot_be_looked_at_are_refused() -> None:
    with pytest.raises(Invalid, match="加密"):
        documents.recognise(pdf(stream(PACKED), b"<</Encrypt 9 0 R>>"))
    assert documents.recognise(pdf(b"<</Encrypt 9 0 R>>")) is documents.PDF


def test_neither_a_bomb_nor_a_thousand_streams_take_long() -> None:
    began = time.monotonic()
    bomb = stream(zlib.compress(b"7 0 " + b" " * (200 * 1024 * 1024)))
    with pytest.raises(Invalid, match="复杂"):
        documents.recognise(pdf(bomb))
    with pytest.raises(Invalid, match="复杂"):
        documents.recognise(pdf(b"/ObjStm " + b"stream\n" * 200_000))
    assert time.monotonic() - began < 20
