"""Organisations after the first import: found, corrected, moved, merged, ended."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from backend.branch_life.branch_bodies import evidence as bodies
from backend.core import clock
from backend.core.actor import PositionKind, Role
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.ledger.models import DutyYear, StandingFact, SubjectKind
from backend.people.members.models import Appointment, AppointmentStatus, Member, Position
from backend.people.organizations.models import Organization, OrganizationKind
from backend.rosters.models import RosterChange
from backend.rosters.organizations import detail, queries, service
from backend.rosters.organizations.service import Move
from tests.backend.rosters.scene import WHY, Scene

K = OrganizationKind


def owed(scene: Scene, organization: Organization) -> set[str]:
    """Return what an organisation owes where it stands."""
    rows = sa.select(DutyYear.rule_id).where(
        DutyYear.subject_kind == SubjectKind.ORGANIZATION,
        DutyYear.subject_id == organization.id,
        DutyYear.place_id.is_not(None),
    )
    return set(scene.session.scalars(rows))


def owed_by(scene: Scene, member: Member) -> set[str]:
    """Return what a member owes."""
    rows = sa.select(DutyYear.rule_id).where(
        DutyYear.subject_kind == SubjectKind.MEMBER,
        DutyYear.subject_id == member.id,
        DutyYear.place_id.is_not(None),
    )
    return set(scene.session.scalars(rows))


def test_a_branch_is_founded_below_its_committee_and_owes_from_then_on(scene: Scene) -> None:
    scene.bind()
    row = scene.found()

    assert row.path == f"{scene.committee.path}.{row.id}"
    assert owed(scene, row) == owed(scene, scene.branch)
    assert scene.differences() == []
    changes = scene.session.scalars(sa.select(RosterChange)).all()
    assert [(one.subject, one.action, one.reason, one.changed_by) for one in changes] == [
        (row.as_subject, "founded", WHY, scene.district.account_id)
    ]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": K.GROUP}, "kind"),
        ({"kind": K.GENERAL_BRANCH, "parent_id": None}, "parent_id"),
        ({"parent_id": 0}, "parent_id"),
        ({"unit_id": 0}, "unit_id"),
        ({"area_code": "469999"}, "area_code"),
        ({"governs_code": "469999"}, "governs_code"),
        ({"founded_on": clock.today() + timedelta(days=1)}, "founded_on"),
    ],
)
def test_what_cannot_be_founded_is_named(scene: Scene, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        scene.found(**given)
    assert refused.value.field == field


def test_a_district_keeps_what_lies_in_it_and_nothing_else(scene: Scene) -> None:
    with pytest.raises(Invalid):
        scene.found(area_code=scene.elsewhere.code)
    with pytest.raises(Invalid):
        scene.found(parent_id=scene.far.id)
    with pytest.raises(NotFound):
        scene.correct(scene.far, name="别的区的支部")
    assert scene.correct(scene.far, scene.city, name="改名支部").name == "改名支部"


def test_the_secretary_sees_the_branch_and_only_the_one_above_changes_it(scene: Scene) -> None:
    assert detail.show(scene.session, scene.secretary, scene.branch.id).can == ()
    with pytest.raises(Forbidden):
        scene.correct(scene.branch, scene.secretary, name="自己改名")
    with pytest.raises(NotFound):
        scene.correct(scene.other, scene.secretary, name="改别人的")
    assert detail.show(scene.session, scene.above, scene.branch.id).can == detail.STEPS
    assert scene.correct(scene.branch, scene.above, name="机关一支部").name == "机关一支部"
    with pytest.raises(Forbidden):
        scene.correct(scene.committee, scene.above, name="自己的党委")


def test_who_leads_from_above_carries_nothing_into_another_district(scene: Scene) -> None:
    for given, field in (
        ({"area_code": scene.elsewhere.code}, "area_code"),
        ({"unit_id": scene.far.unit_id}, "unit_id"),
        ({"governs_code": scene.elsewhere.code}, "governs_code"),
        ({"governs_code": scene.community.code}, "governs_code"),
    ):
        for act in (scene.found, partial(scene.correct, scene.branch)):
            with pytest.raises(Invalid) as refused:
                act(actor=scene.above, **given)
            assert refused.value.field == field
    assert scene.found(scene.above).area_id == scene.community.id
    governing = scene.correct(scene.committee, governs_code=scene.community.code)
    assert governing.governs_id == scene.community.id


def test_a_branch_that_moves_to_another_community_stands_there_in_the_figures(
    scene: Scene,
) -> None:
    there = scene.make.community()
    scene.bind()
    scene.correct(scene.branch, area_code=there.code)

    places = sa.select(DutyYear.place_id).where(
        DutyYear.subject_kind == SubjectKind.ORGANIZATION,
        DutyYear.subject_id == scene.branch.id,
    )
    assert set(scene.session.scalars(places)) == {there.id}
    assert scene.differences() == []


def test_what_moves_takes_along_what_hangs_below(scene: Scene) -> None:
    parent = scene.below(scene.committee, kind=K.COMMITTEE)
    general = scene.below(parent, kind=K.GENERAL_BRANCH)
    leaf = scene.below(general)

    def move(parent_id: int) -> None:
        service.move(
            scene.session,
            actor=scene.district,
            organization_id=general.id,
            said=Move(parent_id, WHY),
        )

    move(scene.committee.id)
    scene.session.expire_all()

    assert general.path == f"{scene.committee.path}.{general.id}"
    assert leaf.path == f"{general.path}.{leaf.id}"
    for parent_id in (general.id, leaf.id):
        with pytest.raises(Invalid):
            move(parent_id)


def test_what_has_members_or_branches_or_a_meeting_ahead_does_not_end(scene: Scene) -> None:
    empty = scene.found()
    meeting = scene.make.meeting(empty)
    for row, code in (
        (scene.branch, "organization_has_members"),
        (scene.committee, "organization_has_organizations"),
        (empty, "organization_has_meetings"),
    ):
        with pytest.raises(Conflict) as refused:
            scene.dissolve(row)
        assert refused.value.code == code
    scene.session.delete(meeting)
    scene.session.flush()
    scene.bind()

    assert scene.dissolve(empty).dissolved_on == clock.today()
    assert scene.dissolve(empty).dissolved_on == clock.today()  # again is no change
    assert owed(scene, empty) == set()
    assert scene.differences() == []
    with pytest.raises(Conflict):
        scene.correct(empty, name="已撤销")


def test_a_merged_branch_hands_its_roster_over_and_its_offices_end(scene: Scene) -> None:
    today = clock.today()
    group = scene.make.group(scene.branch, founded_on=today)
    scene.member.group_id = group.id
    scene.make.seat(scene.branch, scene.member, starts_on=today)
    scene.make.seat(group, scene.member, PositionKind.GROUP_LEADER)
    bodies.committee_changed(scene.session, scene.rules, scene.branch, was=False, now=True)
    bodies.group_founded(scene.session, scene.rules, group)
    scene.bind()
    scene.merge(scene.branch, scene.other)
    scene.session.expire_all()

    of_branch = sa.select(sa.func.count()).where(Member.branch_id == scene.branch.id)
    assert scene.session.scalar(of_branch) == 0
    assert scene.member.branch_id == scene.other.id
    assert scene.member.group_id is None
    assert (scene.branch.dissolved_on, scene.branch.successor_id) == (
        today,
        scene.other.id,
    )
    open_posts = sa.select(Position).where(Position.ends_on.is_(None))
    assert scene.session.scalars(open_posts).all() == []
    over = sa.select(Appointment).where(
        Appointment.organization_id == scene.branch.id,
        Appointment.role == Role.BRANCH_SECRETARY,
    )
    assert scene.session.scalars(over).one().status is AppointmentStatus.ENDED
    lasting = sa.select(StandingFact).where(
        StandingFact.subject_id == scene.branch.id, StandingFact.ends_on.is_(None)
    )
    assert scene.session.scalars(lasting).all() == []
    assert scene.differences() == []


def test_who_comes_to_a_communitys_own_branch_need_not_register_any_more(scene: Scene) -> None:
    residents = scene.found(unit_id=None)
    scene.bind()
    assert "2i" in owed_by(scene, scene.member)
    scene.merge(scene.branch, residents)
    assert owed_by(scene, scene.member) == set()
    scene.correct(residents, unit_id=scene.unit.id)
    assert "2i" in owed_by(scene, scene.member)
    assert scene.differences() == []


def test_only_like_is_merged_with_like(scene: Scene) -> None:
    for into in (scene.committee, scene.branch):
        with pytest.raises(Invalid):
            scene.merge(scene.branch, into)


def test_lists_show_what_one_keeps(scene: Scene) -> None:
    def seen(**filters: Any) -> set[int]:
        found = queries.listed(scene.district, **filters)
        return {row.id for row in scene.session.scalars(found).unique()}

    own = {scene.committee.id, scene.branch.id, scene.other.id}
    assert seen(area_code=scene.community.code) == own
    assert seen(kind=K.COMMITTEE) == {scene.committee.id}
    assert seen(parent_id=scene.committee.id) == own - {scene.committee.id}
    assert seen(q=scene.branch.name) == {scene.branch.id}
    assert scene.far.id not in seen()
    mine = scene.session.scalars(queries.listed(scene.secretary)).unique()
    assert [row.id for row in mine] == [scene.branch.id]
