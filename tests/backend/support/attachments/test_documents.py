"""Documents are what is inside them, not what they are called."""

import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import Invalid
from backend.support.attachments import content, documents, names
from tests.backend.support.attachments import samples
from tests.random_cases import cases

WORD = {"WordDocument": b"\xec\xa5" + bytes(10)}
EXCEL_BEGIN = b"\x09\x08\x04\x00\x00\x06\x05\x00"
LOCK = b"\x2f\x00\x02\x00\x00\x00"


@pytest.mark.parametrize(
    ("data", "extension"),
    [
        (samples.pdf(), "pdf"),
        (samples.package("word/document.xml"), "docx"),
        (samples.package("xl/workbook.xml"), "xlsx"),
        (samples.package("ppt/presentation.xml"), "pptx"),
        (samples.compound(WORD), "doc"),
        (samples.compound({"Workbook": EXCEL_BEGIN}), "xls"),
        (samples.compound({"PowerPoint Document": b"x"}), "ppt"),
    ],
)
@pytest.mark.parametrize("name", ["material.exe", "材料", "a.pdf.html", "b.docm"])
def test_the_extension_follows_what_is_inside(data: bytes, extension: str, name: str) -> None:
    ready = content.prepare(name, data)

    assert ready.name.endswith(f".{extension}")
    assert ready.data == data
    assert ready.disposition.startswith("attachment; filename*=UTF-8''")


@pytest.mark.parametrize(
    "data",
    [
        samples.package("readme.txt"),
        samples.package("xl/workbook.bin"),
        samples.package("word/document.xml", parts={"xl/workbook.xml": b"two in one"}),
        samples.compound({"Contents": b"a Works file"}),
        samples.compound({**WORD, "Workbook": EXCEL_BEGIN}),
        b" " * 1024 + b"%PDF-1.7\nstartxref %%EOF",
        b"GIF89a" + samples.package(),
        b"{\\rtf1}",
        b"PK\x05\x06" + bytes(18),
    ],
)
def test_what_is_none_of_them_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="仅支持"):
        content.prepare("材料.docx", data)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\nand no end",
        b"%PDF-9.9\nstartxref\n%%EOF",
        samples.package()[:-30],
        samples.package()[:100],
        samples.compound(WORD)[:600],
        samples.compound(WORD)[:8] + bytes(600),
    ],
    ids=range(6),
)
def test_what_is_broken_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="损坏"):
        documents.recognise(data)


@pytest.mark.parametrize(
    "data",
    [
        samples.package(parts={"word/vbaProject.bin": b"macro"}),
        samples.package(parts={"word/VBAPROJECT.BIN": b"macro"}),
        samples.package(listing="application/vnd.ms-word.document.macroEnabled"),
        samples.package(
            listing='<Override ContentType="application/vnd.ms-office.vbaProject"/>',
            parts={"word/x.bin": b"macro under another name"},
        ),
        samples.compound(WORD, ("Macros",)),
        samples.compound({"Workbook": EXCEL_BEGIN}, ("_VBA_PROJECT_CUR",)),
    ],
)
def test_macros_are_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="宏"):
        documents.recognise(data)


@pytest.mark.parametrize(
    "data",
    [
        samples.compound({"EncryptionInfo": b"", "EncryptedPackage": b""}),
        samples.compound({"WordDocument": bytes(11) + b"\x01"}),
        samples.compound({"Workbook": EXCEL_BEGIN + LOCK}),
        samples.compound({"PowerPoint Document": b"x", "EncryptedSummary": b"x"}),
    ],
)
def test_locked_documents_are_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="加密"):
        documents.recognise(data)


def test_a_package_of_thousands_of_parts_is_not_even_opened() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for number in range(documents.MOST_ENTRIES + 1):
            file.writestr(str(number), b"")

    with pytest.raises(Invalid, match="复杂"):
        documents.recognise(out.getvalue())


def test_a_list_of_types_that_inflates_without_end_is_not_inflated() -> None:
    bomb = samples.package(listing=" " * (50 * 1024 * 1024))
    assert len(bomb) < 200_000

    with pytest.raises(Invalid, match="损坏"):
        documents.recognise(bomb)


ALL = [
    samples.pdf(),
    samples.package(),
    samples.compound(WORD),
    samples.compound({"Workbook": LOCK}),
]


@cases(25)
@given(
    st.sampled_from(ALL),
    st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 255)), max_size=12),
    st.integers(1, 100_000),
)
def test_damage_is_refused_or_recognised_and_never_an_error(
    whole: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(whole)
    for place, value in changes:
        data[place % len(data)] = value
    with suppress(Invalid):
        documents.recognise(bytes(data[:cut]))


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("照片.jpeg", "照片.jpg"),
        ("C:\\Users\\me\\照片.PNG", "照片.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("", "附件.jpg"),
        ("...", "附件.jpg"),
        (".jpg", "附件.jpg"),
        ("a\u202egpj.exe", "agpj.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie x.jpg"),
        ("a\x00b.jpg", "ab.jpg"),
        ("\ud800x.jpg", "x.jpg"),
        ("  会议  材料 .docx ", "会议 材料.jpg"),
        ("2026.01.05 走访", "2026.01.05 走访.jpg"),
        ("IMG_20261128_130015.jpg", "IMG_20261128_130015.jpg"),
        ("王大爷138—0013—8000.jpg", "附件.jpg"),
        ("460105199003071239的身份证复印件.pdf", "附件.jpg"),
    ],
)
def test_names_are_cleaned(given_name: str, shown: str) -> None:
    assert names.clean(given_name, "jpg") == shown


@given(st.text(max_size=300))
def test_no_name_is_too_long_or_odd(text: str) -> None:
    name = names.clean(text, "docx")

    assert len(name) <= names.LONGEST
    assert name.endswith(".docx")
    assert not set(name) & set('/\\:"\r\n\0')
    assert len(name) > len(".docx")
