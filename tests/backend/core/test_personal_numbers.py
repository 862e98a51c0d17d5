"""A number of a person is found in every spelling, and nothing innocent is taken for one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import Invalid
from backend.core.personal_numbers import Kind, found, refuse_personal

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(seventeen: str) -> str:
    total = sum(w * int(d) for w, d in zip(WEIGHTS, seventeen, strict=True))
    return seventeen + "10X98765432"[total % 11]


PERSON = identity("46010519900307123")
ENDING_IN_X = next(
    number
    for number in (identity(f"4601051990030712{last}") for last in range(10))
    if number.endswith("X")
)
DASHES = "-‐‑‒–—―−－﹣﹘ー_~〜∼⸺━➖"
BLANKS = " \u00a0\u2002\u2009\u3000\n\t"
DOTS = ".．·•‧・･∙⋅●"
HIDDEN = "\u200b\u200d\u202d\u2060\ufeff\u00ad"

MOBILES = [
    "13800138000",
    "１３８００１３８０００",
    "١٣٨٠٠١٣٨٠٠٠",
    *(f"138{mark}0013{mark}8000" for mark in DASHES + BLANKS + DOTS + HIDDEN + "/"),
    *(f"138{mark}00138000" for mark in "-– ."),
    "138 - 0013 - 8000",
    "138 0013-8000",
    "1380013 8000",
    "138 001 38000",
    "1-3-8-0-0-1-3-8-0-0-0",
    "1 3 8 0 0 1 3 8 0 0 0",
    "1380-0138-000",
    "(138)00138000",
    "（138）0013 8000",
    "(138) 0013-8000",
    "+8613800138000",
    "+86 138 0013 8000",
    "(+86)13800138000",
    "008613800138000",
    "0086-138-0013-8000",
    "86-13800138000",
    "＋８６ １３８ ００１３ ８０００",
    "138 0013 8000 139 0013 8001",
    "13800138000/13900138001",
    "tel13800138000",
    "VX13800138000",
]
AROUND = ["{}", "请联系{}。", "王师傅 {}", "电话：{}，谢谢", "于2026-11-28 {}"]


@pytest.mark.parametrize("around", AROUND)
def test_a_mobile_number_is_found(around: str) -> None:
    assert [one for one in MOBILES if found(around.format(one)) is not Kind.MOBILE] == []


IDENTITIES = [
    PERSON,
    ENDING_IN_X,
    ENDING_IN_X.lower(),
    f"{ENDING_IN_X[:-1]} X",
    "".join(chr(ord(c) + 0xFEE0) for c in ENDING_IN_X),
    f"({PERSON})",
    *(f"{PERSON[:6]}{mark}{PERSON[6:14]}{mark}{PERSON[14:]}" for mark in DASHES + BLANKS + DOTS),
    *(mark.join(PERSON) for mark in HIDDEN + " -"),
    f"{PERSON[:3]} {PERSON[3:6]} {PERSON[6:10]} {PERSON[10:14]} {PERSON[14:]}",
    "460105900307123",
    "460105 900307 123",
    # Mistyped, and yet a number of a person: only those end in X, or it is called one.
    "460106 19900101 123X",
    "身份证号：460106199001011234",
]


@pytest.mark.parametrize("around", ["{}", "身份证{}。", "老人 {}"])
def test_an_identity_number_is_found(around: str) -> None:
    assert [one for one in IDENTITIES if found(around.format(one)) is not Kind.IDENTITY] == []


INNOCENT = [
    "预算 15000 12000 3000 元",
    "分别为1500 3000 400元",
    "补助 138 2000 3000 元，共三笔",
    "120 150 2000 3000 400元",
    "共计13800138000元",
    "￥13800138000",
    "13,800,138,000",
    "1500、3000、4000",
    "系数3.13800138000",
    "路灯13-15-17-19-21-3不亮",
    "路灯编号 13 14 15 16 17 18 号",
    "路灯 131 132 133 134 号",
    "1350 1360 1370 1380",
    "灯杆号 139-0012-0034",
    "第1501 1502 150盏",
    "1号楼15 16 17 18 19 20 1",
    "电表号15012345678",
    "表号：1501 2345 678",
    "水表读数13567 13890 1",
    "用电13800138000度",
    "订单号13912345678",
    "快递单号 13912345678",
    "订单202611281234567890",
    "JD13912345678",
    "G15012345678",
    "460-138-0013-8000-22",
    "合同编号：460105202611281",
    "2026-11-28 2026-11-29",
    "2026.11.13-2026.11.15 2026.12.01 8:00",
    "20261128 20261129 20261130",
    "2026年11月13日1500 3000",
    "13:00-14:30 15:00-16:30",
    "统一社会信用代码91460100MA5T12345X",
    "914601007138001380",
    "91460100713800138X",
    "0898-66778899",
    "400-138-0013",
    "12345",
    "1380013800",
    "138001380001",
    "2026112813800138000",
    "13579246801357924680",
    "150000 160000 170000",
    "202611 281300 001",
    f"{PERSON[:-1]}{(int(PERSON[-1]) + 1) % 10}" if PERSON[-1] != "X" else f"{PERSON[:-1]}0",
    identity("46010520990307123"),  # nobody is born in that year yet
    f"档案 {PERSON[:6]}20990307123X",
    identity("20010519900307123"),  # there is no such province
    "",
]


@pytest.mark.parametrize("text", INNOCENT)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert found(text) is None


digits = st.text("0123456789", min_size=8, max_size=8)


@given(
    st.sampled_from("3456789"),
    digits,
    st.sampled_from(["", *DASHES, *BLANKS, *DOTS]),
    st.sampled_from(["", "+86", "+86 ", "0086", "86-", "电话", "(", "，"]),
    st.sampled_from(["", "（王）", "。", "，晚上", ")"]),
)
def test_any_mobile_number_in_three_groups_is_found(
    second: str, rest: str, mark: str, before: str, after: str
) -> None:
    number = f"1{second}{rest[0]}{mark}{rest[1:5]}{mark}{rest[5:8]}8"

    assert found(f"请找{before}{number}{after}") is Kind.MOBILE


birthdays = st.dates(date(1900, 1, 1), date(2020, 12, 31))
orders = st.text("0123456789", min_size=3, max_size=3)


@given(birthdays, orders, st.sampled_from(["", " ", "-", "–", ".", "\u200b"]))
def test_any_identity_number_is_found_by_its_check_digit(day: date, order: str, mark: str) -> None:
    number = identity(f"460106{day:%Y%m%d}{order}")
    right = f"{number[:6]}{mark}{number[6:14]}{mark}{number[14:]}"
    other = number[:-1] + next(c for c in "0123456789" if c != number[-1])

    assert found(f"他是{right}的") is Kind.IDENTITY
    assert found(f"他是{other}的") is None or other.endswith("X")


@given(
    st.lists(st.integers(1, 9999), max_size=8), st.sampled_from(["、", "，", "元 ", "号、", "+"])
)
def test_no_list_of_small_numbers_is_anybodys(values: list[int], mark: str) -> None:
    assert found(mark.join(map(str, values))) is None


def test_the_refusal_names_the_text_and_what_is_in_it() -> None:
    with pytest.raises(Invalid) as refusal:
        refuse_personal(title="路灯不亮", content="找138 0013 8000", reason=None)

    assert refusal.value.field == "content"
    assert "手机号码" in refusal.value.message
