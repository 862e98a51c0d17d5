"""PDF and Office, told by what is inside. They are stored as they are, and never unpacked."""

import io
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import olefile

from backend.core.errors import Invalid
from backend.support.attachments import packages, pdf
from backend.support.attachments.models import AttachmentKind
from backend.support.attachments.packages import Listing
from backend.support.attachments.pdf import BROKEN, ENCRYPTED

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
ZIP_ENTRY = b"PK\x01\x02"
MOST_ENTRIES = 5000
OFFICE = "application/vnd.openxmlformats-officedocument"

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
# Numbers of Excel's records.
FILEPASS, BOUNDSHEET, END_OF_PART = 0x002F, 0x0085, 0x000A
LONGEST_GLOBALS = 1024 * 1024
ENCRYPTED_STREAMS = {"encryptedpackage", "encryptioninfo", "encryptedsummary"}


def recognise(data: bytes) -> FileType | None:
    """Return what the bytes are, None when nothing we take; Invalid: broken, locked, active."""
    if data.startswith(ZIP):
        return _package(data)
    if data.startswith(OLE):
        return _compound(data)
    if not pdf.is_pdf(data):
        return None
    pdf.check(data)
    return PDF


def _package(data: bytes) -> FileType | None:
    if data.count(ZIP_ENTRY) > MOST_ENTRIES:
        raise Invalid("file", "文件内容过于复杂，请另存为 PDF 后上传。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _package_of(package)
    except Invalid:
        raise
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError):
        raise Invalid("file", BROKEN) from None
    except (NotImplementedError, RuntimeError):  # a compression or lock no Office program writes
        raise Invalid("file", BROKEN) from None


def _package_of(package: zipfile.ZipFile) -> FileType | None:
    parts = packages.parts_of(package)
    if packages.CONTENT_TYPES not in parts:
        return None
    if any(entry.flag_bits & 1 for entry in package.infolist()):
        raise Invalid("file", ENCRYPTED)
    listing = packages.read(package, parts, packages.CONTENT_TYPES)
    found = _main_part(parts, packages.read(package, parts, packages.RELATIONSHIPS), listing)
    if found is None:
        return None
    part, filetype = found
    related = packages.read(package, parts, packages.relationships_of(part))
    if listing.tells_of_macros() or related.tells_of_macros() or _has_macro_part(parts):
        raise Invalid("file", MACROS)
    return filetype


def _has_macro_part(parts: Iterable[str]) -> bool:
    return any(word in part for word in packages.MACROS for part in parts)


def _main_part(
    parts: Collection[str], relationships: Listing, listing: Listing
) -> tuple[str, FileType] | None:
    """Return the one document of a package and what it is; two in one are none we take."""
    named = {part for part in packages.main_parts(relationships) if part in parts}
    usual = {part for part in PACKAGES if part in parts}
    if len(named or usual) != 1:
        return None
    part = next(iter(named or usual))
    filetype = _type_of(part, packages.declared(listing, part))
    others = {PACKAGES[other] for other in usual} - {filetype}
    return None if filetype is None or others else (part, filetype)


def _type_of(part: str, declared: str) -> FileType | None:
    """By what the list says of it, else by its folder; a workbook in binary is none we take."""
    if not part.endswith(".xml"):
        return None
    for filetype in PACKAGES.values():
        if declared.startswith(filetype.content_type.lower()):
            return filetype
    folders = {usual.partition("/")[0]: filetype for usual, filetype in PACKAGES.items()}
    return folders.get(part.partition("/")[0])


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
    if names & MACRO_STORAGES or _has_macro_sheet(compound):
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
    return any(number == FILEPASS for number, _ in _records(compound, 4096))


def _has_macro_sheet(compound: "olefile.OleFileIO[str]") -> bool:
    """Excel lists its sheets at the beginning, each with its kind: 1 is one of macros, 6 Basic."""
    if not compound.exists("Workbook"):
        return False
    sheets = (body for number, body in _records(compound, LONGEST_GLOBALS) if number == BOUNDSHEET)
    return any(len(body) > 5 and body[5] in (1, 6) for body in sheets)


def _records(compound: "olefile.OleFileIO[str]", most: int) -> Iterator[tuple[int, bytes]]:
    """Yield number and body of the records Excel begins with, up to the first end of a part."""
    data, at = compound.openstream("Workbook").read(most), 0
    while at + 4 <= len(data):
        number, length = struct.unpack_from("<HH", data, at)
        if number == END_OF_PART:
            return
        yield number, data[at + 4 : at + 4 + length]
        at += 4 + length
