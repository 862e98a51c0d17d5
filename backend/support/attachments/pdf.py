"""PDF: whether it is one, and whether it would do something when it is opened.

Readers find the header within the first 1,024 bytes and the end before any padding. Names may be
written with `#xx` for a letter, and objects may lie in compressed streams: both are looked through.
"""

import base64
import re
import zlib
from collections.abc import Iterator

from backend.core.errors import Invalid

HEADER, HEADER_WITHIN = b"%PDF-", 1024
PADDING = b"\0 \t\r\n\x0c\x1a"
# Of a stream, by which it is told what it is; and what is inflated at once.
HEAD, STEP, BLANK = 640, 512, b" \t\n\r\v\0\x0c"
# What looking at a stream costs, in bytes inflated.
OF_EACH = 4096
MOST_STREAMS, LARGEST_INFLATED, ALL_INFLATED = 50_000, 8 * 1024 * 1024, 48 * 1024 * 1024

BROKEN = "文件已损坏或无法识别，请重新选择。"
ENCRYPTED = "文件已加密，请取消密码后上传。"
ACTIVE = "文件含有脚本或启动程序的操作，请另存为不含脚本的 PDF 后上传。"
COMPLEX = "文件内容过于复杂，请重新导出 PDF 后上传。"


def _name(text: str) -> bytes:
    """Return the pattern of a name, each letter as it is or as `#xx`, up to where a name ends."""
    letters = "".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in text)
    return f"/{letters}(?=[\\x00\\s()<>\\[\\]{{}}/%]|\\Z)".encode()


_ACTIVE = re.compile(b"|".join(_name(text) for text in ("JavaScript", "Launch")))
_LOCKED, _OBJECTS = re.compile(_name("Encrypt")), re.compile(_name("ObjStm"))
_STREAM = re.compile(rb"(?<!end)stream\r?\n?")
# An object stream begins with the numbers and places of its objects.
_TABLE = re.compile(rb"[\x00\s]*[0-9]")
_HEX = re.compile(rb"[0-9A-Fa-f\s]{16,}")


def is_pdf(data: bytes) -> bool:
    return HEADER in data[:HEADER_WITHIN]


def check(data: bytes) -> None:
    """Raise Invalid unless it is whole, and does nothing but be read."""
    begin = data.index(HEADER) + len(HEADER)
    tail = data.rstrip(PADDING)[-2048:]
    if data[begin : begin + 2] not in (b"1.", b"2.") or not (
        b"startxref" in tail and b"%%EOF" in tail
    ):
        raise Invalid("file", BROKEN)
    if _ACTIVE.search(data):
        raise Invalid("file", ACTIVE)
    if _OBJECTS.search(data):
        if _LOCKED.search(data):
            raise Invalid("file", ENCRYPTED)  # its objects cannot be looked at
        _check_objects(data)


def _check_objects(data: bytes) -> None:
    if len(_STREAM.findall(data)) > MOST_STREAMS:
        raise Invalid("file", COMPLEX)
    inflated = 0
    for match in _STREAM.finditer(data):
        for objects in _objects(data, match.end()):
            inflated += len(objects) + OF_EACH
            if _ACTIVE.search(objects):
                raise Invalid("file", ACTIVE)
            if inflated > ALL_INFLATED:
                raise Invalid("file", COMPLEX)


def _objects(data: bytes, at: int) -> Iterator[bytes]:
    """Yield what the stream that begins there holds, if it may be a stream of objects."""
    for decode in (_as_it_is, _unhexed, _un85ed):
        # The head first: pictures and pages are never inflated any further.
        if _TABLE.match(_inflated(decode(data[at : at + HEAD]), 16)):
            end = data.find(b"endstream", at) if decode is not _as_it_is else -1
            body = decode(data[at : end if end >= 0 else at + LARGEST_INFLATED])
            objects = _inflated(body, LARGEST_INFLATED)
            if len(objects) >= LARGEST_INFLATED:
                raise Invalid("file", COMPLEX)
            yield objects


def _as_it_is(body: bytes) -> bytes:
    return body


def _unhexed(body: bytes) -> bytes:
    if not _HEX.match(body):
        return b""
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", body.partition(b">")[0])
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode())


def _un85ed(body: bytes) -> bytes:
    said, ended, _ = body.partition(b"~>")
    if not said.isascii():
        return b""
    try:
        return base64.a85decode(said if ended else said[: len(said) // 5 * 5], ignorechars=BLANK)
    except ValueError:
        return b""


def _inflated(body: bytes, most: int) -> bytes:
    """Return the beginning of what a stream inflates to; a damaged one up to its damage."""
    inflater, said, at = zlib.decompressobj(), b"", 0
    step = STEP
    parts: list[bytes] = []
    while at < len(body) and most > 0 and not inflater.eof:
        before = inflater.copy()
        try:
            said = inflater.decompress(body[at : at + step], most)
        except zlib.error:
            if step == 1:
                break
            inflater, step = before, 1  # up to the very byte: readers do so, too
            continue
        parts.append(said)
        most, at = most - len(said), at + step
    return b"".join(parts)
