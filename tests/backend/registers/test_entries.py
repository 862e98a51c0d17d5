"""Entries stand from a day to a day, and the ledger holds what they say."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import PositionKind, Role
from backend.core.errors import Conflict, Forbidden, InvalidParts, NotFound, Stale
from backend.ledger.models import DutyYear, StandingFact, SubjectKind
from backend.people.organizations.models import OrganizationKind
from backend.registers import following, service
from backend.registers.declared import SlotName
from backend.registers.head_counts import service as heads
from tests.backend.registers.scene import Scene
from tests.factories import Make

YEAR = clock.today().year
JANUARY, MAY = date(YEAR, 1, 1), date(YEAR, 5, 1)


def held(session: Session) -> set[tuple[str, str, int, date, date | None]]:
    rows = sa.select(
        StandingFact.kind,
        StandingFact.subject_kind,
        StandingFact.subject_id,
        StandingFact.starts_on,
        StandingFact.ends_on,
    ).where(StandingFact.starts_on.is_distinct_from(StandingFact.ends_on))
    return {tuple(row) for row in session.execute(rows)}  # type: ignore[misc]


def duty(session: Session, rule_id: str, subject_id: int) -> tuple[int, int]:
    row = session.scalars(
        sa.select(DutyYear).where(
            DutyYear.rule_id == rule_id,
            DutyYear.subject_kind == SubjectKind.ENTRY,
            DutyYear.subject_id == subject_id,
            DutyYear.year == YEAR,
        )
    ).one()
    return row.done, row.owed


def test_a_grid_owes_an_organization_until_it_has_one(scene: Scene, session: Session) -> None:
    grid = scene.enter("grid", name="第一网格", starts_on=JANUARY)

    assert grid.code.startswith("WG")
    assert held(session) == {("grid", "entry", grid.id, JANUARY, None)}
    done, owed = duty(session, "7a", grid.id)
    assert (done, owed & ~done) == (0, owed)
    assert owed

    grid = scene.change(grid, name="第一网格", organization_id=scene.branch.id,
                        place_code=scene.community.code)  # fmt: skip

    done, owed = duty(session, "7a", grid.id)
    assert done == owed != 0
    assert scene.differences() == []


def test_each_day_one_version_is_so(scene: Scene, session: Session) -> None:
    place: dict[str, Any] = {"place_code": scene.community.code}
    grid = scene.enter("grid", name="第一网格", starts_on=JANUARY)
    grid = scene.change(grid, name="甲网格", starts_on=MAY, **place)
    grid = scene.change(grid, name="老网格", starts_on=JANUARY, **place)

    assert [
        (one.name, one.starts_on, one.ends_on) for one in grid.history if one.superseded_at is None
    ] == [("甲网格", MAY, None), ("老网格", JANUARY, MAY)]
    then = service.show(session, scene.secretary, grid.id, on=date(YEAR, 3, 1))
    assert then.version is not None
    assert then.version.name == "老网格"


def test_two_who_change_one_entry_are_told(scene: Scene) -> None:
    place: dict[str, Any] = {"place_code": scene.community.code}
    grid = scene.enter("grid", name="第一网格")
    read = grid.revision
    scene.change(grid, name="甲网格", **place)

    with pytest.raises(Stale):
        scene.change(grid, revision=read, name="乙网格", **place)


def test_all_that_is_wrong_is_said_at_once(scene: Scene) -> None:
    with pytest.raises(InvalidParts) as refused:
        scene.enter("grid", values={"households": "很多", "colour": "红", "services": ["x"]})

    assert refused.value.problems == {
        "values.households": "户数应为整数。",
        "values.colour": "没有这一项。",
        "values.services": "下沉的服务应从公共服务、社会服务、市场服务、志愿服务中选择。",
        "name": "请填写网格名称。",
    }


def test_what_ends_and_what_was_a_mistake_stops_counting(scene: Scene, session: Session) -> None:
    ends, never = scene.enter("grid", name="甲", starts_on=JANUARY), scene.enter("grid", name="乙")

    scene.end(ends, ends_on=MAY)
    scene.void(never)

    assert held(session) == {("grid", "entry", ends.id, JANUARY, MAY)}
    assert scene.differences() == []


def test_who_keeps_nothing_there_enters_nothing(scene: Scene) -> None:
    elsewhere = scene.make.community()
    neighbour = scene.acting(Role.COMMUNITY_SECRETARY, elsewhere.id)
    grid = scene.enter("grid", name="第一网格")

    with pytest.raises(Forbidden):
        scene.enter("grid", by=neighbour, name="第二网格")
    with pytest.raises(NotFound):
        scene.change(grid, by=neighbour, name="改", place_code=scene.community.code)
    with pytest.raises(Forbidden):
        scene.change(grid, by=scene.district, name="改", place_code=scene.community.code)
    scene.change(grid, by=scene.street, name="改", place_code=scene.community.code)


def test_seats_count_for_the_unit_the_place_and_the_body(scene: Scene, session: Session) -> None:
    head = scene.make.member(scene.branch)
    body = scene.enter("coordination_body", name="社区大党委", starts_on=JANUARY,
                       values={"type": "community_committee"})  # fmt: skip
    seat = scene.enter(
        "member_seat", place_code=..., parent_id=body.id, unit_id=scene.unit.id,
        member_id=head.id, starts_on=JANUARY, values={"consented_on": "2020-01-02"},
    )  # fmt: skip

    assert seat.version is not None
    assert seat.version.name == scene.unit.name
    assert ("member_unit", "unit", scene.unit.id, JANUARY, None) in held(session)
    done, owed = duty(session, "5c", body.id)
    assert done == owed != 0

    scene.end(body, ends_on=MAY)

    assert ("part_time_member", "entry", body.id, JANUARY, MAY) in held(session)
    assert ("member_unit", "unit", scene.unit.id, JANUARY, MAY) in held(session)
    assert scene.differences() == []


def test_one_unit_sits_in_a_body_once(scene: Scene) -> None:
    body = scene.enter("coordination_body", name="联席会议", values={"type": "joint_meeting"})
    asked: dict[str, Any] = {"place_code": ..., "parent_id": body.id, "unit_id": scene.unit.id}
    first = scene.enter("member_seat", **asked)

    with pytest.raises(Conflict):
        scene.enter("member_seat", **asked)
    scene.void(first)
    scene.enter("member_seat", **asked)


def test_an_organization_of_the_wrong_kind_or_elsewhere_is_not_found(scene: Scene) -> None:
    committee = scene.make.branch(scene.unit, kind=OrganizationKind.COMMITTEE)
    away = scene.make.branch(scene.make.unit(scene.make.community(
        scene.make.township(scene.make.district()))))  # fmt: skip

    for other in (committee, away):
        with pytest.raises(InvalidParts) as refused:
            scene.enter("grid", name="第一网格", organization_id=other.id)
        assert refused.value.problems.keys() == {"organization_id"}


def test_a_code_is_free_again_when_its_entry_is_over(scene: Scene) -> None:
    yesterday = clock.today() - timedelta(days=1)
    over = scene.enter("grid", name="甲", code="A-1", starts_on=JANUARY, ends_on=yesterday)
    assert over.code == "A-1"

    scene.enter("grid", name="乙", code="A-1")
    with pytest.raises(Exception, match="已有网格使用这个网格编号"):
        scene.enter("grid", name="丙", code="a-1")


def test_a_grid_is_led_while_its_branch_has_a_secretary(scene: Scene, session: Session) -> None:
    post = scene.make.seat(scene.branch, kind=PositionKind.SECRETARY, starts_on=MAY)
    grid = scene.enter("grid", name="第一网格", organization_id=scene.branch.id, starts_on=JANUARY)
    assert ("grid_leader", "entry", grid.id, MAY, None) in held(session)

    post.ends_on = clock.today()
    following.leaders_changed(session, scene.rules, scene.branch.id)

    assert ("grid_leader", "entry", grid.id, MAY, clock.today()) in held(session)
    assert [one for one in scene.differences() if "register_entry" in one] == []


def test_what_a_slot_points_to_counts_until_it_is_no_more(scene: Scene, session: Session) -> None:
    grid = scene.enter("grid", name="第一网格", organization_id=scene.branch.id, starts_on=JANUARY)
    following.lapse(session, scene.rules, SlotName.ORGANIZATION, scene.branch.id)

    assert ("grid_organization", "entry", grid.id, JANUARY, clock.today()) in held(session)
    assert ("grid", "entry", grid.id, JANUARY, None) in held(session)


def test_what_lies_in_a_merged_area_goes_along(scene: Scene, session: Session) -> None:
    grid, into = scene.enter("grid", name="第一网格", starts_on=JANUARY), scene.make.community()
    following.move_place(session, scene.rules, scene.community, into)

    secretary = scene.acting(Role.COMMUNITY_SECRETARY, into.id)
    shown = service.show(session, secretary, grid.id)
    assert shown.version is not None
    assert (shown.version.place_id, shown.version.starts_on) == (into.id, clock.today())
    with pytest.raises(NotFound):
        service.show(session, scene.secretary, grid.id)
    assert scene.differences() == []


def test_heads_are_counted_when_a_quarter_is_over(
    scene: Scene, session: Session, make: Make
) -> None:
    own = make.branch(scene.unit, unit_id=None, area_id=scene.community.id)
    for _ in range(50):
        make.member(own, unit_id=None)

    assert heads.count(session, scene.rules) > 0
    assert heads.count(session, scene.rules) == 0

    day = heads.last_day(clock.today())
    assert ("members_50", "area", scene.community.id, day, None) in held(session)
    assert scene.differences() == []
