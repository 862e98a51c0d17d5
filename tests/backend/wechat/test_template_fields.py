"""What WeChat takes in a field is made to fit before it is sent; what cannot be is not sent."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.wechat.template_fields import UnfitField, fitted
from wechat_sandbox.templates import fits


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("thing1", "国贸社区", "国贸社区"),
        (
            "thing1",
            "一二三四五六七八九十一二三四五六七八九十一",
            "一二三四五六七八九十一二三四五六七八九…",
        ),
        ("thing4", " 第一行\n第二行\t完 ", "第一行 第二行 完"),
        ("phrase2", "已接收", "已接收"),
        ("time3", "2026-11-25 09:30", "2026-11-25 09:30"),
    ],
)
def test_a_text_is_made_to_fit(field: str, text: str, value: str) -> None:
    assert fitted(field, text) == value


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("thing1", ""),
        ("thing1", "\n\t"),
        ("phrase2", "已经接收了吧"),
        ("phrase2", "OK"),
        ("time3", "明天"),
        ("number5", "三"),
        ("unknown1", "x"),
        ("thing", "没有号码"),
    ],
)
def test_what_cannot_be_made_to_fit_names_its_field_alone(field: str, text: str) -> None:
    with pytest.raises(UnfitField) as unfit:
        fitted(field, text)
    assert str(unfit.value) == field


@given(st.sampled_from(["thing1", "phrase2", "time3"]), st.text(max_size=60))
def test_whatever_passes_here_the_stand_in_takes(field: str, text: str) -> None:
    try:
        value = fitted(field, text)
    except UnfitField:
        return
    assert fits(field, value)
    assert not re.search(r"[\x00-\x1f\x7f]", value)
