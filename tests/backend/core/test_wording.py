"""One name, number or place has many spellings; each is brought to one, and found in any."""

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.core import wording
from backend.people.areas import service as areas
from backend.people.members import queries as members
from backend.people.members.models import Member
from backend.people.organizations import queries as organizations
from tests.factories import Make

UNSEEN = ["\u200b", "\u200d", "\u202d", "\u2060", "\ufeff", "\u00ad", "\u3164", "\u2800", "\u034f"]
NAMES = [
    ("黄　小梅", "黄小梅"),
    ("黄⼩梅", "黄小梅"),
    ("⻩小梅", "黄小梅"),
    (" 黄小梅\u200b", "黄小梅"),
    ("\u202d黄小梅\u202c", "黄小梅"),
    ("Ａｎｎａ  Li", "Anna Li"),
    ("𬱖大年", "𬱖大年"),
    *((f"阿依古丽{dot}买买提", "阿依古丽·买买提") for dot in "·•‧・．.･∙⋅"),
    ("阿依古丽 · 买买提", "阿依古丽·买买提"),
]


@pytest.mark.parametrize(("given_name", "kept"), NAMES)
def test_a_name_has_one_spelling(given_name: str, kept: str) -> None:
    assert wording.name(given_name) == kept


NUMBERS = [
    "100 0000 0007",
    "１００００００000７",
    "\u202d10000000007\u202c",
    "1000000\u200b0007",
    "1000\u30000000007",
]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_its_digits(number: str) -> None:
    assert wording.code(number) == "10000000007"


PHONES = ["+86 138-0013-8000", "0086 13800138000", "86 138 0013 8000", "(138)0013 8000",
          "１３８００１３８０００", "138·0013·8000", "138・0013・8000", "138—0013—8000",
          "138ー0013〜8000"]  # fmt: skip


@pytest.mark.parametrize("typed", PHONES)
def test_a_telephone_number_loses_its_prefix_and_groups(typed: str) -> None:
    assert wording.phone(typed) == "13800138000"


@pytest.mark.parametrize("hidden", UNSEEN)
def test_what_nobody_sees_is_nothing(hidden: str) -> None:
    assert wording.prose(hidden * 3) == ""
    assert wording.prose(f"{hidden} \u200b ") == ""
    assert wording.prose(f"路灯{hidden}不亮 {hidden}") == "路灯不亮"


@pytest.mark.parametrize(
    "text", ["👨‍👩‍👧 一家", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "𬱖、䶮、㛃", "第一行\n第二行", "（全角，标点！）", "½ ㎡"]
)
def test_what_means_something_survives(text: str) -> None:
    assert wording.prose(text) == text


@given(st.text(st.characters(exclude_categories=("Mn", "Sk", "Cs"))))
def test_bringing_a_text_to_its_form_twice_changes_nothing_more(text: str) -> None:
    for form in (wording.prose, wording.name, wording.code, wording.phone, wording.key):
        once = form(text)
        assert form(once) == once


@pytest.mark.parametrize("stored", [name for name, _ in NAMES])
def test_a_name_is_found_however_it_was_stored(session: Session, make: Make, stored: str) -> None:
    entry = make.member(name=stored, phone_hash="h")
    for typed in {kept for name, kept in NAMES if name == stored} | {stored, f"{stored}\u200b"}:
        assert session.scalars(members.roster_entries(typed, "h")).all() == [entry]
    assert not session.scalars(members.roster_entries("别人", "h")).all()


@given(
    st.text(
        alphabet=st.sampled_from("黄⼩⻩梅·•．.（(）)Ａa \u3000\u200b\u202d\ufeff１1ﾌ𬱖"),
        min_size=1,
    )
)
def test_the_database_compares_as_the_program_does(engine: sa.Engine, text: str) -> None:
    with engine.connect() as connection:
        found = connection.scalar(sa.select(wording.sought(sa.literal(text))))
    assert found == wording.key(text)


BRACKETS = [
    "桂林洋经济开发区(农场)",
    "桂林洋经济开发区（农场）",
    "桂林洋 经济开发区﹙农场﹚",
    "（农场",
]


@pytest.mark.parametrize("typed", BRACKETS)
@pytest.mark.parametrize("stored", BRACKETS[:2])
def test_a_place_is_found_with_brackets_of_either_width(
    session: Session, make: Make, stored: str, typed: str
) -> None:
    community = make.community()
    community.name = stored
    unit = make.unit(community, name=stored)
    session.flush()

    assert session.scalars(areas.listed(q=typed)).all() == [community]
    assert session.scalars(organizations.units(typed)).all() == [unit]


def test_half_a_search_for_a_sign_finds_only_that_sign(session: Session, make: Make) -> None:
    make.unit(name="一百%服务公司")
    make.unit(name="服务公司")

    assert len(session.scalars(organizations.units("%")).all()) == 1


def test_nobody_of_another_name_is_found(session: Session, make: Make) -> None:
    make.member(name="黄小梅", phone_hash="h")

    assert session.scalars(sa.select(Member).where(members.named("黄小美"))).all() == []
