"""Who works in the communities and streets of the demo city, and for whom. Nobody of them is
real."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.city.demo.ground import SINCE, Ground, Line, said
from backend.core import clock
from backend.people.members.models import Member

POSTS = ("社区党组织书记、居委会主任", "社区“两委”成员", "社区“两委”成员", "网格员", "其他")
HOUSEHOLDS = 6


def one_of(session: Session, branch_id: int) -> str:
    """Return a member of a branch whose name nobody else in it has: not one who can sign in, for
    these come first."""
    names = sa.select(Member.name).where(Member.branch_id == branch_id, Member.active)
    alone = (
        names.group_by(Member.name)
        .having(sa.func.count() == 1)
        .order_by(sa.func.max(Member.id).desc())
    )
    return session.scalars(alone.limit(1)).one()


def grid_workers(ground: Ground) -> Iterator[Line]:
    """Yield one of most grids."""
    for area in ground.communities:
        for grid, name in zip(ground.grids[area.id], ground.people(3), strict=True):
            if ground.often(0.85):
                yield said(parent=grid, name=name, starts_on=SINCE,
                           v_type="专职" if ground.often(0.7) else "兼职")  # fmt: skip


def liaisons(ground: Ground) -> Iterator[Line]:
    """Let streets and communities send somebody to their grids, but for some."""
    for place, area in enumerate((*ground.streets, *ground.communities)):
        if place % 9 == 8:
            continue
        below = ground.below(area)[0] if len(area.code) == 9 else area
        yield said(place=area.code, parent=ground.grids[below.id][0], starts_on=SINCE,
                   name=ground.people(1)[0])  # fmt: skip


def workers(ground: Ground) -> Iterator[Line]:
    """Yield nine hundred; two who entered have no certificate yet, and one district is old."""
    lacking = 2
    for place, area in enumerate(ground.communities):
        for post, name in zip(POSTS, ground.people(len(POSTS)), strict=True):
            if post == "其他" and place % 2:
                continue
            entered = post == "其他"
            lacks = entered and lacking > 0
            lacking -= lacks
            since = date(2021, 1 + place % 12, 1).isoformat() if entered else "2012-07-01"
            old = area.district_id == ground.communities[-1].district_id
            yield said(
                place=area.code, name=name, starts_on=since if entered else SINCE, v_posts=post,
                v_entered_on=since, v_grade=f"{1 + place % 9}级" if ground.often(0.8) else "",
                v_age_band="45岁及以下" if ground.often(0.35 if old else 0.75) else "45岁以上",
                v_certified_on="" if lacks else "2019-11-01" if entered else "",
                v_certificate="" if lacks or not entered else "助理社会工作师",
                v_enrolled="是" if ground.often(0.2) else "否",
            )  # fmt: skip


def leaders(ground: Ground) -> Iterator[Line]:
    for area in ground.streets:
        for post, name in zip(("书记", "主任", "副书记", "副主任"), ground.people(4), strict=True):
            ground.leaders.append((area, name))
            yield said(place=area.code, name=name, starts_on=SINCE, v_post=f"党工委{post}")


def points(ground: Ground) -> Iterator[Line]:
    """Yield one or two of each leader; some have none, and one has too many."""
    for place, (street, name) in enumerate(ground.leaders):
        communities = ground.below(street)
        for number in range(0 if place % 7 == 6 else 1 + place % 2):
            area = communities[(place + number) % len(communities)]
            yield said(
                place=street.code, parent=name, area=area.code, starts_on=SINCE,
                v_estate=f"{area.name}第{number + 1}片",
            )  # fmt: skip


def households(ground: Ground) -> Iterator[Line]:
    """Yield some in the community of the demo's people; who they are is sealed."""
    area = ground.communities[0]
    needs = ("收入", "医疗", "照料", "就学")
    for number, name in enumerate(ground.people(HOUSEHOLDS), start=1):
        yield said(
            code=f"HH-{number:04d}", place=area.code, starts_on=f"{clock.today().year}-01-01",
            v_head=name, v_address=f"示范巷{number}号", v_need=needs[number % len(needs)],
        )  # fmt: skip
