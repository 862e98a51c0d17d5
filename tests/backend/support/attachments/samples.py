"""Files as people send them, and as others would like to smuggle them in."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image

from backend.support.attachments.documents import OFFICE, PACKAGES

CONTENT_TYPES = "[Content_Types].xml"
ORIENTATION, GPS, CAMERA = 0x0112, 0x8825, 0x0110


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **saving: Any) -> bytes:
    """Return an image whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    return written(image, kind, **saving)


def written(image: Image.Image, kind: str, **saving: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **saving)
    return out.getvalue()


def photograph(orientation: int = 6) -> bytes:
    """Return a JPEG that says where it was taken, with what, and how the phone was held."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = orientation, "SecretPhone 4711"
    exif.get_ifd(GPS).update({1: "N", 2: (20.0, 2.0, 38.5), 3: "E", 4: (110.0, 20.0, 55.1)})
    return picture(exif=exif, comment=b"taken at home")


def moving(kind: str) -> bytes:
    """Return an image whose first frame is red and whose second is blue."""
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    return written(frames[0], kind, save_all=True, append_images=frames[1:])


def declared_png(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that claims to be of that size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" * 1024)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body


def pdf() -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\nstartxref\n9\n%%EOF\n"


def timeless(name: str) -> zipfile.ZipInfo:
    """Return an entry that is the same whenever it is made: processes compare their tests."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def package(
    main: str = "word/document.xml", *, listing: str = "", parts: Mapping[str, bytes] | None = None
) -> bytes:
    """Return an Office package with `main`, what its list of types says and further `parts`."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        declared = PACKAGES[main].content_type if main in PACKAGES else OFFICE
        file.writestr(timeless(CONTENT_TYPES), f"<Types>{declared}.main+xml{listing}</Types>")
        file.writestr(timeless(main), "<document/>")
        for name, body in (parts or {}).items():
            file.writestr(timeless(name), body)
    return out.getvalue()


SECTOR, END, FREE, IS_FAT, NONE = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
STREAM_SECTORS = 8  # 4096 bytes: what is shorter would lie elsewhere


def compound(streams: Mapping[str, bytes], storages: tuple[str, ...] = ()) -> bytes:
    """Return a compound file, the container of Office before 2007: one table, one directory."""
    names = [*streams, *storages]
    directory_sectors = -(-(len(names) + 1) // 4)
    first = 1 + directory_sectors
    fat = [IS_FAT, *_chain(1, directory_sectors)]
    directory = [_entry("Root Entry", 5, child=1 if names else NONE, start=END)]
    body = b""
    for number, name in enumerate(names):
        right = number + 2 if number + 1 < len(names) else NONE
        if name in streams:
            start = first + len(body) // SECTOR
            directory.append(_entry(name, 2, right=right, start=start, size=4096))
            fat += _chain(start, STREAM_SECTORS)
            body += streams[name].ljust(4096, b"\0")
        else:
            directory.append(_entry(name, 1, right=right, start=0))
    fat += [FREE] * (128 - len(fat))
    table = b"".join(directory).ljust(directory_sectors * SECTOR, b"\0")
    return _header() + struct.pack("<128I", *fat) + table + body


def _chain(start: int, length: int) -> list[int]:
    return [*range(start + 1, start + length), END]


def _header() -> bytes:
    fixed = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    fixed += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    fixed += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0, 0)
    return fixed.ljust(SECTOR, b"\xff")


def _entry(
    name: str, kind: int, *, right: int = NONE, child: int = NONE, start: int, size: int = 0
) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    entry = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    entry += struct.pack("<III", NONE, right, child) + bytes(16 + 4 + 16)
    return entry + struct.pack("<IQ", start, size)
