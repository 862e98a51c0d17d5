"""PDF and Office, told by what is inside. They are stored as they are, and never unpacked."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

import olefile

from backend.attachments.models import AttachmentKind
from backend.core.errors import Invalid

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
ZIP_ENTRY = b"PK\x01\x02"
MOST_ENTRIES = 5000
LONGEST_LIST = 1024 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument"
CONTENT_TYPES = "[Content_Types].xml"

BROKEN = "文件已损坏或无法识别，请重新选择。"
ENCRYPTED = "文件已加密，请取消密码后上传。"
MACROS = "文件含有宏，请另存为不含宏的文件后上传。"


@dataclass(frozen=True)
class FileType:
    """What a file is, whatever its sender calls it."""

    kind: AttachmentKind
    extension: str
    content_type: str


PDF = FileType(AttachmentKind.PDF, "pdf", "application/pdf")
# The part that makes a package a document of its kind.
PACKAGES = {
    "word/document.xml": FileType(
        AttachmentKind.DOCUMENT, "docx", f"{OFFICE}.wordprocessingml.document"
    ),
    "xl/workbook.xml": FileType(
        AttachmentKind.SPREADSHEET, "xlsx", f"{OFFICE}.spreadsheetml.sheet"
    ),
    "ppt/presentation.xml": FileType(
        AttachmentKind.PRESENTATION, "pptx", f"{OFFICE}.presentationml.presentation"
    ),
}
# The stream that makes a compound file of before 2007 a document of its kind.
STREAMS = {
    "worddocument": FileType(AttachmentKind.DOCUMENT, "doc", "application/msword"),
    "workbook": FileType(AttachmentKind.SPREADSHEET, "xls", "application/vnd.ms-excel"),
    "powerpoint document": FileType(
        AttachmentKind.PRESENTATION, "ppt", "application/vnd.ms-powerpoint"
    ),
}
MACRO_STORAGES = {"macros", "_vba_project_cur", "vba", "_vba_project"}
ENCRYPTED_STREAMS = {"encryptedpackage", "encryptioninfo", "encryptedsummary"}


def recognise(data: bytes) -> FileType | None:
    """Return what the bytes are, None when nothing we take; Invalid: broken, locked, macros."""
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith(ZIP):
        return _package(data)
    if data.startswith(OLE):
        return _compound(data)
    return None


def _pdf(data: bytes) -> FileType:
    """A PDF names its version first and where its table lies last."""
    tail = data[-2048:]
    if data[5:7] not in (b"1.", b"2.") or b"startxref" not in tail or b"%%EOF" not in tail:
        raise Invalid("file", BROKEN)
    return PDF


def _package(data: bytes) -> FileType | None:
    if data.count(ZIP_ENTRY) > MOST_ENTRIES:
        raise Invalid("file", "文件内容过于复杂，请另存为 PDF 后上传。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _package_of(package)
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError):
        raise Invalid("file", BROKEN) from None
    except (NotImplementedError, RuntimeError):  # a compression or lock no Office program writes
        raise Invalid("file", BROKEN) from None


def _package_of(package: zipfile.ZipFile) -> FileType | None:
    names = {entry.filename for entry in package.infolist()}
    types = [PACKAGES[name] for name in PACKAGES if name in names]
    if CONTENT_TYPES not in names or len(types) != 1:
        return None
    if any(entry.flag_bits & 1 for entry in package.infolist()):
        raise Invalid("file", ENCRYPTED)
    with package.open(CONTENT_TYPES) as listing:
        declared = listing.read(LONGEST_LIST + 1).lower()  # no more of it is ever inflated
    if len(declared) > LONGEST_LIST:
        raise Invalid("file", BROKEN)
    renamed = b"macroenabled" in declared or b"vbaproject" in declared
    if renamed or any("vbaproject" in name.lower() for name in names):
        raise Invalid("file", MACROS)
    return types[0]


def _compound(data: bytes) -> FileType | None:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as compound:
            return _compound_of(compound)
    except Invalid:
        raise
    except Exception:  # the library promises no kind of error for foreign bytes
        raise Invalid("file", BROKEN) from None


def _compound_of(compound: "olefile.OleFileIO[str]") -> FileType | None:
    paths = compound.listdir(streams=True, storages=True)
    names = {part.lower() for path in paths for part in path}
    if names & ENCRYPTED_STREAMS or _is_locked(compound):
        raise Invalid("file", ENCRYPTED)
    if names & MACRO_STORAGES:
        raise Invalid("file", MACROS)
    top = {path[0].lower() for path in paths if len(path) == 1}
    types = [STREAMS[name] for name in STREAMS if name in top]
    return types[0] if len(types) == 1 else None


def _is_locked(compound: "olefile.OleFileIO[str]") -> bool:
    """Word sets a flag in its first block; Excel writes a FILEPASS record near the beginning."""
    if compound.exists("WordDocument"):
        return bool(compound.openstream("WordDocument").read(12)[11] & 1)
    if not compound.exists("Workbook"):
        return False
    records, at = compound.openstream("Workbook").read(4096), 0
    while at + 4 <= len(records):
        number, length = struct.unpack_from("<HH", records, at)
        if number == 0x002F:
            return True
        at += 4 + length
    return False
