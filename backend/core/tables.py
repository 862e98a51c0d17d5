"""Tables that operators hand over: from a spreadsheet, in whatever encoding it saves."""

import codecs
import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from backend.core import wording
from backend.core.errors import Invalid

LARGEST = 20 * 1024 * 1024
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
NO_TEXT = "文件不是文本表格，请在表格软件中另存为 CSV（UTF-8 或 GB18030 编码）后再试。"


def read(path: Path, field: str) -> str:
    """Return a file's text. Raises Invalid naming `field` for what is none."""
    try:
        if path.stat().st_size > LARGEST:
            raise Invalid(field, "文件超过 20 MB，请核对是否选错了文件。")
        return decoded(path.read_bytes(), field)
    except OSError as error:
        raise Invalid(field, f"无法读取文件 {path}：{error.strerror}。") from None


def decoded(raw: bytes, field: str) -> str:
    """Return bytes as text: what a mark at their beginning says, else UTF-8, else GB18030."""
    named = next((name for mark, name in _MARKS.items() if raw.startswith(mark)), None)
    for encoding in (named,) if named else ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text
    raise Invalid(field, NO_TEXT)


def _is_text(text: str) -> bool:
    """GB18030 reads nearly any bytes: what is no text shows in characters nobody types."""
    return not any(c < " " and c not in "\t\n\r\f" for c in text)


def lines(text: str, field: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that hold anything, with their numbers and without blanks around cells."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for row in reader:
            number += 1
            cells = [wording.prose(cell.strip()).strip() for cell in row]
            if any(cells):
                yield number, cells
            number = reader.line_num
    except csv.Error:
        raise Invalid(field, f"第{number + 1}行的引号或分隔有误，请核对后再试。") from None
