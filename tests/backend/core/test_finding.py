"""Finding by a part of a name, its pinyin or its initials."""

import re

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.core import finding, wording
from backend.models import Base
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.organizations import queries as organizations
from tests.factories import Make

NAMES = ("国贸社区居民委员会", "重庆路社区", "绿色村民委员会", "开发区（农场）社区", "永民社区A12")


@pytest.fixture
def named(session: Session, make: Make) -> set[int]:
    found = {name: make.community() for name in NAMES}
    for name, community in found.items():
        community.name = name
    session.flush()
    return {community.id for community in found.values()}


def names(session: Session, q: str, among: set[int]) -> list[str]:
    rows = session.scalars(areas.listed(q=q)).unique()
    return sorted(area.name for area in rows if area.id in among)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("国贸", "国贸社区居民委员会"),
        ("guomao", "国贸社区居民委员会"),
        ("GuoMao", "国贸社区居民委员会"),
        ("gm", "国贸社区居民委员会"),
        ("gmsq", "国贸社区居民委员会"),
        ("guo mao", "国贸社区居民委员会"),
        ("guom", "国贸社区居民委员会"),
        ("gmao", "国贸社区居民委员会"),
        ("ｇｍ", "国贸社区居民委员会"),
        ("国 贸\u200b", "国贸社区居民委员会"),
        ("chongqing", "重庆路社区"),
        ("zhongqing", "重庆路社区"),
        ("cql", "重庆路社区"),
        ("lvse", "绿色村民委员会"),
        ("luse", "绿色村民委员会"),
        ("lǜsè", "绿色村民委员会"),
        ("lüse", "绿色村民委员会"),
        ("LÜ SE", "绿色村民委员会"),
        ("lu\u0308\u0300se\u0300", "绿色村民委员会"),
        ("guómào", "国贸社区居民委员会"),
        ("ɡuómɑ̀o", "国贸社区居民委员会"),
        ("guo’mao", "国贸社区居民委员会"),
        ("chóngqìng", "重庆路社区"),
        ("开发区(农场)", "开发区（农场）社区"),
        ("kfqncsq", "开发区（农场）社区"),
        ("kaifaqunongchang", "开发区（农场）社区"),
        ("a12", "永民社区A12"),
    ],
)
def test_a_name_is_found_however_it_is_typed(
    session: Session, named: set[int], q: str, expected: str
) -> None:
    assert names(session, q, named) == [expected]


@pytest.mark.parametrize(
    "q", ["uomao", "uo", "mg", "gom", "%", "_", ".*", "g(m", "\\", "〇〇", "gmx"]
)
def test_what_nobody_means_finds_nothing(session: Session, named: set[int], q: str) -> None:
    assert names(session, q, named) == []


def test_a_renamed_row_is_found_by_its_new_name_only(session: Session, make: Make) -> None:
    unit = make.unit(make.community(), name="海口市税务局")
    session.flush()
    unit.name = "海口市统计局"
    session.flush()

    def found(q: str) -> list[int]:
        return [one.id for one in session.scalars(organizations.units(q))]

    assert unit.id in found("tongjiju")
    assert unit.id not in found("shuiwuju")


def test_rows_of_an_older_program_are_found_by_name_at_once_and_by_pinyin_once_filled(
    session: Session, named: set[int]
) -> None:
    session.execute(sa.update(Area).values(found_as=""))
    assert names(session, "国贸", named) == ["国贸社区居民委员会"]
    assert names(session, "gm", named) == []

    assert finding.fill(session, Base) >= len(NAMES)

    assert names(session, "gm", named) == ["国贸社区居民委员会"]
    assert finding.fill(session, Base) == 0


MADE_UP = st.text(alphabet="国贸金龙重庆长乐单解曾朝阳A3座kv路", min_size=1, max_size=7)


@given(MADE_UP, st.data())
def test_an_index_never_leaves_out_what_is_meant(name: str, data: st.DataObject) -> None:
    """Whatever `found_by` would find is among the rows that the pairs of a query leave."""
    folded = wording.key(name)
    first = data.draw(st.integers(0, len(folded) - 1))
    part = folded[first : data.draw(st.integers(first + 1, len(folded)))]
    typed = "".join(
        data.draw(st.sampled_from([one, one[0], one[: max(1, len(one) - 1)]]))
        for char in finding._RUN.findall(part)
        if (readings := finding._readings(char))
        for one in [data.draw(st.sampled_from(readings))]
    )
    there = set(finding.paired(name))
    for sought in filter(None, (part, typed)):
        letters = finding._letters(sought)
        if finding._LETTERS.fullmatch(letters):
            if re.search(finding._pattern(letters), finding.spelled(name)):
                assert finding._pairs(letters) <= there, (name, sought)
        else:
            assert finding._pairs(sought) <= there, (name, sought)
