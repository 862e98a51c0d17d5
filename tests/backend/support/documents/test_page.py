"""The page itself: one, small, legible, and its text is text."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from backend.core.settings import Settings
from backend.support.documents import numbers
from backend.support.documents.lines import broken
from backend.support.documents.page import Document, Fonts, draw

DOCUMENT = Document(
    title="志愿服务记录证明",
    number="ZM2026G5SF9WTLP8",
    paragraphs=["兹证明陈丽华同志于2026年1月1日至2026年11月25日在本市参加志愿服务2次。"],
    facts=[("服务内容", "关爱帮扶"), ("身份证件号码", "")],
    issuer="国贸社区居民委员会",
    issued_on=date(2026, 11, 25),
    notes=["本证明免费出具。"],
    verify_at="https://party.example.gov.cn/m/#/documents/verify",
)


@pytest.fixture(scope="module")
def fonts(settings: Settings) -> Fonts:
    return Fonts(settings.document_font, settings.document_font_bold)


def text_of(data: bytes) -> str:
    pages = PdfReader(io.BytesIO(data)).pages
    assert len(pages) == 1
    return pages[0].extract_text().replace("\n", "")


def test_the_page_is_small_and_its_text_can_be_selected(fonts: Fonts) -> None:
    data = draw(fonts, DOCUMENT)
    text = text_of(data)

    assert len(data) < 200_000
    assert f"编号：{DOCUMENT.number}" in text
    assert DOCUMENT.title in text
    assert DOCUMENT.paragraphs[0] in text
    assert "国贸社区居民委员会（盖章）2026年11月25日" in text
    assert DOCUMENT.verify_at in text


def test_the_page_is_a4_and_carries_its_own_fonts(fonts: Fonts) -> None:
    page = PdfReader(io.BytesIO(draw(fonts, DOCUMENT))).pages[0]

    assert round(page.mediabox.width / 72 * 25.4) == 210
    assert round(page.mediabox.height / 72 * 25.4) == 297
    embedded, foreign = page._get_fonts()
    assert len(embedded) == 2
    assert not foreign


@pytest.mark.parametrize("name", ["𬱖", "䶮", "喆", "㛃", "𠅤", "镕", "堃"], ids=ascii)
def test_a_rare_name_is_printed_as_it_is(fonts: Fonts, name: str) -> None:
    data = draw(fonts, replace(DOCUMENT, paragraphs=[f"兹证明王{name}同志参加志愿服务。"]))

    assert f"王{name}同志" in text_of(data)


def test_a_character_the_font_lacks_is_marked_and_named_not_blank(fonts: Fonts) -> None:
    text = text_of(draw(fonts, replace(DOCUMENT, paragraphs=["兹证明王\U0002a6a5同志。"])))

    assert "王〓同志" in text
    assert "U+2A6A5" in text
    assert "手写补正" in text


def test_a_sign_that_nobody_sees_is_no_missing_character(fonts: Fonts) -> None:
    text = text_of(draw(fonts, replace(DOCUMENT, paragraphs=["兹证明王\u200b明同志。"])))

    assert "王明同志" in text
    assert "〓" not in text


def test_without_an_address_there_is_no_code_and_the_page_says_whom_to_ask(fonts: Fonts) -> None:
    data = draw(fonts, replace(DOCUMENT, verify_at=""))

    assert "向出具单位查询" in text_of(data)
    assert not PdfReader(io.BytesIO(data)).pages[0].images


def test_the_code_leads_to_the_page_that_verifies_this_number() -> None:
    assert DOCUMENT.verify_url.endswith("/documents/verify?number=ZM2026G5SF9WTLP8")


def test_missing_fonts_are_known_before_anything_is_drawn(fonts: Fonts) -> None:
    assert fonts.are_there
    assert not replace(fonts, bold=Path("/nowhere.ttf")).are_there


@pytest.mark.parametrize("width", range(4, 30))
def test_no_line_begins_with_what_closes_or_splits_a_number(width: int) -> None:
    text = "于2026年（含）起，参加“关爱”服务12次；累计3.5小时。"
    lines = list(broken(text, width=width, measure=len))

    assert "".join(lines) == text
    for line in lines:
        assert line[0] not in "，。；）”"
        assert line[-1] not in "（“"
    assert any("2026" in line for line in lines)
    assert any("3.5" in line for line in lines)


def test_numbers_are_long_plain_and_never_the_same() -> None:
    found = {numbers.new("ZM") for _ in range(2000)}

    assert len(found) == 2000
    for number in found:
        assert number.startswith("ZM20")
        assert not set(number[6:]) & set("01IO")
        assert len(number) == 16
