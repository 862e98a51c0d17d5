"""Draws one A4 page in the manner of Chinese official papers, with number and QR code."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import segno

from backend.support.documents import typeface
from backend.support.documents.lines import broken

if TYPE_CHECKING:
    from fpdf import FPDF

FAMILY = "Song"
TEXT, BOLD = "", "B"
# Millimetres: the margins of official papers, and the line of three-hao type.
LEFT, TOP, RIGHT = 28.0, 32.0, 26.0
WIDTH, HEIGHT = 210.0, 297.0
LINE = 10.5
FOOT = 238.0
QR_SIZE = 30.0


@dataclass(frozen=True)
class Fonts:
    regular: Path
    bold: Path

    @property
    def are_there(self) -> bool:
        return self.regular.is_file() and self.bold.is_file()


@dataclass(frozen=True)
class Document:
    """What a page says. A fact without a value is a line to be written on by hand."""

    title: str
    number: str
    paragraphs: Sequence[str]
    facts: Sequence[tuple[str, str]]
    issuer: str
    issued_on: date
    notes: Sequence[str]
    # The page on which numbers are verified. Empty: there is no code to scan.
    verify_at: str

    @property
    def verify_url(self) -> str:
        return f"{self.verify_at}?number={self.number}"

    @property
    def verify_hint(self) -> str:
        """What stands beside the code; without one, whom to ask."""
        if not self.verify_at:
            return "核验真伪和现状，请凭编号向出具单位查询。"
        return f"核验真伪和现状：扫描二维码，或打开 {self.verify_at} 输入编号。"

    def texts(self) -> Iterator[str]:
        yield from (self.title, self.number, self.issuer, self.verify_hint)
        yield from self.paragraphs
        yield from (text for fact in self.facts for text in fact)
        yield from self.notes


def draw(fonts: Fonts, document: Document) -> bytes:
    """Return the page as a PDF of its own fonts; what they lack is marked and named at the foot."""
    from fpdf import FPDF  # A tenth of all that a program loads, and only pages need it.

    notes = [*document.notes, *_lacking(fonts, document)]
    texts = "".join([*document.texts(), *notes, FIXED, chinese_date(document.issued_on)])
    with TemporaryDirectory() as folder:
        pdf = FPDF(format="A4")
        cut = typeface.cut(fonts.regular, texts, Path(folder) / "regular.ttf")
        pdf.add_font(FAMILY, TEXT, cut)
        pdf.add_font(FAMILY, BOLD, typeface.cut(fonts.bold, texts, Path(folder) / "bold.ttf"))
        _Drawing(pdf, fonts).page(document, notes)
        return bytes(pdf.output())


def _lacking(fonts: Fonts, document: Document) -> list[str]:
    characters = typeface.missing(fonts.regular, document.texts())
    if not characters:
        return []
    codes = "、".join(f"U+{ord(character):04X}" for character in characters)
    return [f"“{typeface.GETA}”处为字库暂缺的字（{codes}），请手写补正，并由出具单位盖章确认。"]


# What is written beside what the document says.
FIXED = f"\u3000编号：注：（盖章）0123456789年月日{typeface.GETA}"


def chinese_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


class _Drawing:
    """One page, from top to bottom."""

    def __init__(self, pdf: "FPDF", fonts: Fonts) -> None:
        self._pdf, self._fonts = pdf, fonts
        pdf.set_margins(LEFT, TOP, RIGHT)
        pdf.set_auto_page_break(auto=False)
        pdf.add_page()

    def page(self, document: Document, notes: Sequence[str]) -> None:
        self._pdf.set_title(document.title)
        self._pdf.set_lang("zh-CN")
        self._head(document)
        for paragraph in document.paragraphs:
            # Whom it is addressed to stands at the margin.
            indent = "" if paragraph.endswith("：") else "\u3000\u3000"
            self._paragraph(f"{indent}{paragraph}", 16, LINE)
        self._facts(document.facts)
        self._signature(document)
        self._foot(document, notes)

    def _type(self, size: float, style: str = TEXT) -> None:
        self._pdf.set_font(FAMILY, style, size)

    def _write(self, text: str, height: float, align: str = "L", width: float = 0) -> None:
        shown = typeface.legible(self._fonts.regular, text)
        self._pdf.cell(width, height, shown, align=align, new_x="LMARGIN", new_y="NEXT")

    def _head(self, document: Document) -> None:
        self._type(11)
        self._write(f"编号：{document.number}", 6, "R")
        self._pdf.set_y(TOP + 20)
        self._type(26, BOLD)
        self._write(document.title, 14, "C")
        self._pdf.set_draw_color(190, 30, 30)
        self._pdf.set_line_width(0.5)
        y = self._pdf.get_y() + 5
        self._pdf.line(LEFT, y, WIDTH - RIGHT, y)
        self._pdf.set_draw_color(90)
        self._pdf.set_line_width(0.2)
        self._pdf.set_y(y + 9)

    def _paragraph(self, text: str, size: float, line: float) -> None:
        self._type(size)
        width = WIDTH - self._pdf.get_x() - RIGHT
        shown = typeface.legible(self._fonts.regular, text)
        for part in broken(shown, width=width, measure=self._pdf.get_string_width):
            self._write(part, line)

    def _facts(self, facts: Sequence[tuple[str, str]]) -> None:
        self._pdf.set_y(self._pdf.get_y() + 3)
        for label, value in facts:
            self._type(14)
            self._pdf.set_x(LEFT + 11)
            shown = f"{label}：{value}"
            if not value:
                y, begin = self._pdf.get_y() + 8, LEFT + 12 + self._pdf.get_string_width(shown)
                self._pdf.line(begin, y, WIDTH - RIGHT, y)
            self._paragraph(shown, 14, LINE - 1)

    def _signature(self, document: Document) -> None:
        self._pdf.set_y(max(self._pdf.get_y() + 12, 186))
        self._type(16)
        for text in (document.issuer, "（盖章）", chinese_date(document.issued_on)):
            self._write(text, LINE, "R", WIDTH - LEFT - RIGHT - 8)

    def _foot(self, document: Document, notes: Sequence[str]) -> None:
        if document.verify_at:
            self._code(document.verify_url)
        self._pdf.set_left_margin(LEFT + (QR_SIZE + 6 if document.verify_at else 0))
        self._pdf.set_y(FOOT + 1)
        for text in (document.verify_hint, *notes):
            self._paragraph(text, 10.5, 5.6)

    def _code(self, address: str) -> None:
        picture = io.BytesIO()
        segno.make(address, error="m", micro=False).save(picture, kind="png", scale=6, border=0)
        self._pdf.image(picture, x=LEFT, y=FOOT, w=QR_SIZE, h=QR_SIZE, alt_text="核验二维码")
