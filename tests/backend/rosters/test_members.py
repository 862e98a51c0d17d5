"""Roster entries after the first import: entered, corrected, moved, ended."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from backend.accounts.onboarding import service as onboarding
from backend.accounts.onboarding.service import Linking, RosterNoMatch
from backend.branch_life.branch_bodies import evidence as bodies
from backend.community.claims import service as claims
from backend.community.claims.models import ClaimStatus, ProjectClaim
from backend.community.claims.service import Claiming
from backend.community.projects.models import ServiceProject
from backend.community.registrations import service as registering
from backend.community.registrations.applying import Application
from backend.community.registrations.models import CommunityRegistration, RegistrationStatus
from backend.community.volunteering.activities import sign_ups
from backend.community.volunteering.activities.models import (
    ActivityShift,
    ActivitySignUp,
    SignUpStatus,
)
from backend.community.volunteering.activities.places import Wish
from backend.core import clock
from backend.core.actor import Actor, PositionKind, Role
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.ledger.models import DutyYear, SubjectKind
from backend.people.members import acting, held
from backend.people.members.models import (
    Appointment,
    AppointmentStatus,
    Member,
    Membership,
    Position,
)
from backend.rosters.changes import Merging
from backend.rosters.members import merging, queries, service
from backend.rosters.members.service import Leaving
from tests.backend.rosters.scene import WHY, Scene


def owed(scene: Scene, member: Member) -> set[str]:
    rows = sa.select(DutyYear.rule_id).where(
        DutyYear.subject_kind == SubjectKind.MEMBER,
        DutyYear.subject_id == member.id,
        DutyYear.place_id.is_not(None),
    )
    return set(scene.session.scalars(rows))


def test_somebody_entered_owes_from_then_on(scene: Scene) -> None:
    scene.bind()
    member = scene.enter()

    assert (member.branch_id, member.unit_id) == (scene.branch.id, scene.unit.id)
    assert owed(scene, member) == owed(scene, scene.member) != set()
    assert scene.differences() == []
    with pytest.raises(Conflict) as refused:
        scene.enter()
    assert refused.value.code == "member_exists"
    assert scene.enter(name="林大满").name == "林大满"  # a number may be a couple's


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"branch_id": 0}, "branch_id"),
        ({"unit_id": 0}, "unit_id"),
        ({"group_id": 0}, "group_id"),
        ({"unit_since": clock.today() + timedelta(days=1)}, "unit_since"),
    ],
)
def test_what_cannot_be_entered_is_named(scene: Scene, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        scene.enter(**given)
    assert refused.value.field == field


def test_secretary_and_contact_keep_their_own_and_nobody_elses(scene: Scene) -> None:
    stranger = scene.make.member(scene.far)
    for actor in (scene.secretary, scene.contact, scene.district):
        with pytest.raises(NotFound):
            scene.rewrite(stranger, actor, name="别人")
        with pytest.raises(Invalid):
            scene.enter(actor, branch_id=scene.far.id)
    assert scene.rewrite(scene.member, scene.contact, name="改名").name == "改名"
    with pytest.raises(Invalid):
        scene.rewrite(scene.member, scene.contact, unit_id=scene.far.unit_id)
    with pytest.raises(NotFound):
        scene.rewrite(scene.member, scene.make.actor(scene.member), name="自己")
    plain = scene.make.session_member(scene.secretary)
    with pytest.raises(Forbidden):
        scene.rewrite(plain, scene.secretary, name="自己")


def test_a_number_written_by_one_person_proves_nobody(scene: Scene) -> None:
    """Otherwise a secretary would write down a number of theirs and sign in as the member."""
    scene.rewrite(scene.member, phone="10000000098")
    stranger = scene.make.unlinked()
    said = Linking("code", name=scene.member.name, organization_id=scene.branch.id)
    link = {"actor": stranger, "phone": "10000000098", "said": said}
    with pytest.raises(RosterNoMatch):
        onboarding.link(scene.session, scene.make.keys, **link)  # type: ignore[arg-type]
    entered = scene.enter(phone="10000000097")
    other = scene.make.unlinked()
    linked = onboarding.link(
        scene.session, scene.make.keys, actor=other, phone="10000000097", said=Linking("code")
    )
    assert linked.id == entered.id


def test_a_member_who_leaves_the_organ_owes_no_more(scene: Scene) -> None:
    scene.bind()
    scene.rewrite(scene.member, scene.district, unit_id=None, unit_since=None)

    assert owed(scene, scene.member) == set()
    assert scene.differences() == []


def test_a_transfer_is_for_who_keeps_both_branches(scene: Scene) -> None:
    with pytest.raises(Forbidden) as refused:
        scene.move(scene.member, scene.other, scene.secretary)
    assert refused.value.code == "not_your_branches"
    with pytest.raises(Forbidden):
        scene.move(scene.member, scene.far, scene.district)
    assert scene.move(scene.member, scene.other, scene.above).branch_id == scene.other.id
    assert scene.move(scene.member, scene.far, scene.city).branch_id == scene.far.id
    assert scene.move(scene.member, scene.far, scene.city).branch_id == scene.far.id


def test_who_moves_was_in_the_old_branch_until_then(scene: Scene) -> None:
    group = scene.make.group(scene.branch)
    scene.member.group_id = group.id
    scene.make.seat(scene.branch, scene.member, starts_on=clock.today())
    scene.make.seat(group, scene.member, PositionKind.GROUP_LEADER)
    bodies.committee_changed(scene.session, scene.rules, scene.branch, was=False, now=True)
    scene.make.appointment(scene.member, Role.BRANCH_SECRETARY, organization_id=scene.branch.id)
    scene.bind()
    scene.move(scene.member, scene.other)
    scene.session.expire_all()

    spans = sa.select(Membership).where(Membership.member_id == scene.member.id)
    before, after = scene.session.scalars(spans.order_by(Membership.id)).all()[-2:]
    for moment, there, gone in (
        (after.since - timedelta(microseconds=1), scene.branch, scene.other),
        (after.since, scene.other, scene.branch),
    ):  # each branch's meetings are judged by who was in it then
        then = held.Then(moment, moment)
        assert scene.member.id in set(scene.session.scalars(held.of_branch(there.id, then)))
        assert scene.member.id not in set(scene.session.scalars(held.of_branch(gone.id, then)))
    assert (before.branch_id, before.until) == (scene.branch.id, after.since)
    assert (after.branch_id, after.group_id, after.until) == (scene.other.id, None, None)
    posts = sa.select(Position).where(
        Position.member_id == scene.member.id, Position.ends_on.is_(None)
    )
    assert scene.session.scalars(posts).all() == []
    assert acting.actor_for(scene.session, scene.make.account(scene.member).id).grants == ()
    assert scene.differences() == []


class Busy:
    """Somebody registered, with a claim and a place on a shift."""

    def __init__(self, scene: Scene) -> None:
        session, rules, make = scene.session, scene.rules, scene.make
        self.actor: Actor = make.actor(scene.member)
        keeper = make.community_secretary(scene.community)
        row = registering.submit(
            session, rules, actor=self.actor, said=Application(community_code=scene.community.code)
        )
        registering.accept(session, rules, actor=keeper, registration_id=row.id)
        self.actor = acting.actor_for(session, self.actor.account_id)
        self.project = make.project(scene.community)
        claims.claim(
            session, rules, actor=self.actor, project_id=self.project.id, said=Claiming(None)
        )
        self.activity = make.activity(scene.community)
        sign_ups.sign_up(session, actor=self.actor, activity_id=self.activity.id, said=Wish())


@pytest.mark.parametrize("code", Leaving)
def test_what_an_ended_member_held_and_began_ends(scene: Scene, code: Leaving) -> None:
    busy = Busy(scene)
    scene.bind()
    scene.leave(scene.member, code=code)

    def found(*columns: Any) -> list[Any]:
        """Rows of flows are not read again by themselves: their columns are."""
        return [tuple(row) for row in scene.session.execute(sa.select(*columns))]

    assert found(CommunityRegistration.status) == [(RegistrationStatus.ENDED,)]
    assert found(ProjectClaim.status) == [(ClaimStatus.RELEASED,)]
    assert found(ServiceProject.claimed) == [(0,)]
    assert found(ActivitySignUp.status) == [(SignUpStatus.WITHDRAWN,)]
    assert found(ActivityShift.signed_up) == [(0,)]
    assert not scene.member.active
    actor = acting.actor_for(scene.session, busy.actor.account_id)
    assert (actor.member_id, actor.community_id, actor.grants) == (None, None, ())
    assert owed(scene, scene.member) == set()
    assert scene.differences() == []
    assert not scene.leave(scene.member, code=code).active  # again is no change


def test_what_waits_for_an_answer_is_taken_back(scene: Scene) -> None:
    scene.bind()
    actor = scene.make.actor(scene.member)
    said = Application(community_code=scene.community.code)
    registering.submit(scene.session, scene.rules, actor=actor, said=said)
    scene.leave(scene.member)

    row = scene.session.scalars(sa.select(CommunityRegistration)).one()
    assert row.status is RegistrationStatus.WITHDRAWN
    assert scene.differences() == []


def test_appointments_end_with_the_entry(scene: Scene) -> None:
    leader = scene.make.session_member(scene.above)
    scene.leave(leader)

    held = sa.select(Appointment.status).where(Appointment.member_id == leader.id)
    assert set(scene.session.scalars(held)) == {AppointmentStatus.ENDED}


def test_two_entries_of_one_person_are_found(scene: Scene) -> None:
    one = scene.enter()
    two = scene.enter(scene.district, name="林晓满", branch_id=scene.other.id)
    found = scene.session.scalars(queries.listed(scene.district, twins=True))
    assert {row.id for row in found} == {one.id, two.id}
    seen = scene.session.scalars(queries.listed(scene.secretary, twins=True))
    assert {row.id for row in seen} == {one.id}


def test_lists_show_what_one_keeps(scene: Scene) -> None:
    def seen(actor: Actor, **filters: object) -> set[int]:
        found = queries.listed(actor, **filters)  # type: ignore[arg-type]
        return set(scene.session.scalars(found.with_only_columns(Member.id)))

    here = {scene.member.id, scene.secretary.member_id, scene.contact.member_id}
    assert seen(scene.secretary) == here
    assert seen(scene.district, organization_id=scene.branch.id) == here
    below = seen(scene.district, organization_id=scene.committee.id)
    assert below == here | {scene.above.member_id}
    assert seen(scene.contact, unit_id=scene.unit.id) == below
    assert seen(scene.district, q=scene.member.name) == {scene.member.id}
    assert seen(scene.make.actor(scene.member)) == set()


def test_who_has_no_right_is_told_that_nobody_is_there(scene: Scene) -> None:
    with pytest.raises(NotFound):
        service.find(scene.session, scene.make.actor(scene.make.member()), scene.member.id)


def merge(scene: Scene, gone: Member, kept: Member, actor: Actor | None = None) -> Member:
    return merging.merge(
        scene.session,
        scene.rules,
        actor=actor or scene.district,
        member_id=gone.id,
        said=Merging(kept.id, WHY),
    )


def test_of_two_entries_the_bare_one_goes_into_the_other(scene: Scene) -> None:
    kept, gone = scene.enter(), scene.enter(name="林晓满", branch_id=scene.branch.id)
    account = scene.make.account(gone)
    scene.bind()

    assert merge(scene, gone, kept, scene.secretary).id == kept.id
    assert (gone.active, gone.successor_id) == (False, kept.id)
    assert account.member_id == kept.id  # the same number, and proven
    assert owed(scene, gone) == set()
    assert owed(scene, kept) != set()
    assert scene.differences() == []


def test_what_happened_under_an_entry_stays_its_own(scene: Scene) -> None:
    busy = Busy(scene)
    bare = scene.enter()
    with pytest.raises(Conflict) as refused:
        merge(scene, scene.member, bare)
    assert refused.value.code == "member_has_history"
    assert "社区报到" in refused.value.message
    assert "请把没有记录的一条并入这一条" in refused.value.message
    assert merge(scene, bare, scene.member).id == scene.member.id
    assert busy.actor.member_id == scene.member.id
    with pytest.raises(Invalid):
        merge(scene, scene.member, scene.member)
    with pytest.raises(Conflict):
        merge(scene, bare, scene.member)


def test_where_both_have_a_history_it_is_named_what_stands_in_the_way(scene: Scene) -> None:
    Busy(scene)
    other = scene.enter()
    registering.submit(
        scene.session,
        scene.rules,
        actor=scene.make.actor(other),
        said=Application(community_code=scene.community.code),
    )
    for gone, kept in ((scene.member, other), (other, scene.member)):
        with pytest.raises(Conflict) as refused:
            merge(scene, gone, kept)
        assert refused.value.code == "member_has_history"
        assert "两条记录下都已有记录（这一条：" in refused.value.message
        assert refused.value.message.count("社区报到") == 2


def test_whatever_may_stand_in_the_way_of_merging_has_a_word() -> None:
    assert {column.table.name for column in merging.columns()} == merging.WORDS.keys()


@pytest.mark.parametrize("why", ["other number", "unproven", "linked already"])
def test_an_account_is_not_put_into_anybodys_place_by_merging(scene: Scene, why: str) -> None:
    """Else whoever keeps a roster would enter a second self and merge it into a member."""
    kept, gone = scene.enter(), scene.enter(name="林晓满")
    account = scene.make.account(gone)
    if why == "other number":
        gone.phone_hash = "another"
    elif why == "unproven":
        gone.phone_unproven = True
    else:
        scene.make.account(kept)
    merge(scene, gone, kept)
    assert account.member_id is None
