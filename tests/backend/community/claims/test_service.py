"""Rules of claims, tested without HTTP."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.claims import evidence, lists
from backend.community.claims import service as claims
from backend.community.claims.flow import FLOW
from backend.community.claims.models import ClaimStatus, ProjectClaim
from backend.community.claims.policy import DECIDER
from backend.community.projects.models import ClaimantKind, ProjectStatus, ServiceProject
from backend.core import clock
from backend.core.actor import Actor, Grant, Role
from backend.core.asker import asked_by
from backend.core.errors import Conflict, Forbidden, Invalid
from backend.figures import my_duties
from backend.ledger.models import Posting, SubjectKind
from backend.ledger.rulepack import RulePack
from tests.factories import Make

C = ClaimStatus


class Scene:
    """A community with its secretary and a project, a registered member and a unit's contact."""

    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules, self.make = session, rules, make
        self.community = make.community()
        self.secretary = make.community_secretary(self.community)
        self.branch = make.branch()
        self.member = make.member(self.branch, community_id=self.community.id)
        self.actor = make.actor(self.member)
        self.contact = make.unit_contact(self.branch)
        assert self.branch.unit is not None
        make.member_unit(self.branch.unit)
        self.project = make.project(self.community)

    def claim(
        self,
        actor: Actor | None = None,
        *,
        project: ServiceProject | None = None,
        unit_id: int | None = None,
    ) -> ProjectClaim:
        return claims.claim(
            self.session,
            self.rules,
            actor=actor or self.actor,
            project_id=(project or self.project).id,
            said=claims.Claiming(unit_id),
        )

    def carry_out(self, claim: ProjectClaim, by: Actor) -> ProjectClaim:
        claims.accept(self.session, self.rules, actor=self.secretary, claim_id=claim.id)
        claims.start(self.session, self.rules, actor=by, claim_id=claim.id)
        claims.deliver(
            self.session,
            self.rules,
            actor=by,
            claim_id=claim.id,
            summary="已完成",
            delivered_on=clock.today(),
        )
        return claims.complete(
            self.session,
            self.rules,
            actor=self.secretary,
            claim_id=claim.id,
            solved=True,
            satisfied=True,
            comment="",
        )


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


def test_what_waits_for_ones_decision_is_what_one_may_decide(scene: Scene) -> None:
    make, community = scene.make, scene.community
    grants = (*scene.contact.grants, Grant(Role.COMMUNITY_SECRETARY, area_id=community.id))
    both = replace(scene.contact, grants=grants)
    rows = [
        scene.claim(),
        scene.claim(scene.contact, unit_id=scene.branch.unit_id),
        scene.claim(replace(scene.secretary, community_id=community.id)),
    ]
    city = make.officer(Role.CITY_OFFICER, make.city())

    for actor in (scene.actor, scene.contact, scene.secretary, both, city):
        found = lists.listed(actor, decidable=True)
        waiting = scene.session.scalars(found, asked_by(actor)).all()
        for row in rows:
            FLOW.stand(scene.session, actor, row)
        assert {row.id for row in waiting} == {row.id for row in rows if DECIDER.stands(row)}


def test_a_units_claim_counts_for_the_unit_on_completion_only(scene: Scene) -> None:
    claim = scene.claim(scene.contact, unit_id=scene.branch.unit_id)
    assert scene.session.scalars(sa.select(Posting)).all() == []

    scene.carry_out(claim, scene.contact)

    posting = scene.session.scalars(sa.select(Posting)).one()
    assert (posting.kind, posting.subject_kind, posting.subject_id) == (
        evidence.UNIT_KIND,
        SubjectKind.UNIT,
        scene.branch.unit_id,
    )


def test_a_members_own_claim_does_nothing_for_the_units_duty(scene: Scene) -> None:
    scene.carry_out(scene.claim(), scene.actor)

    duties = my_duties.duties(
        scene.session, scene.rules, actor=scene.actor, year=clock.today().year
    )
    assert [d.judgement.done for d in duties if d.rule.id == "12g"] == [0]


def test_claiming_twice_is_refused(scene: Scene) -> None:
    scene.claim()

    with pytest.raises(Conflict, match="already_claimed"):
        scene.claim()
    assert scene.project.claimed == 1


def test_the_unit_and_its_contact_as_a_member_are_two_claimants(scene: Scene) -> None:
    contact = replace(scene.contact, community_id=scene.community.id)
    scene.claim(contact, unit_id=scene.branch.unit_id)

    assert scene.claim(contact).unit_id is None


def test_the_last_place_makes_the_project_full_and_withdrawing_opens_it_again(
    scene: Scene,
) -> None:
    project = scene.make.project(scene.community, places=1)
    claim = scene.claim(project=project)
    assert project.status is ProjectStatus.FULL

    claims.withdraw(scene.session, scene.rules, actor=scene.actor, claim_id=claim.id)

    assert (project.status, project.claimed) == (ProjectStatus.OPEN, 0)
    assert scene.claim(project=project).status is C.SUBMITTED


def test_a_full_project_refuses(scene: Scene) -> None:
    project = scene.make.project(scene.community, places=1)
    scene.claim(scene.contact, project=project, unit_id=scene.branch.unit_id)

    with pytest.raises(Conflict, match="project_full"):
        scene.claim(project=project)


def test_after_the_deadline_nobody_claims(scene: Scene) -> None:
    project = scene.make.project(scene.community, claim_deadline=clock.now() - timedelta(minutes=1))

    with pytest.raises(Conflict, match="claim_closed"):
        scene.claim(project=project)


def test_an_unregistered_member_is_sent_to_register_first(scene: Scene) -> None:
    with pytest.raises(Forbidden, match="registration_required"):
        scene.claim(scene.make.actor(scene.make.member()))


def test_only_the_contact_claims_for_the_unit(scene: Scene) -> None:
    with pytest.raises(Invalid):
        scene.claim(unit_id=scene.branch.unit_id)


@pytest.mark.parametrize("claimants", [ClaimantKind.UNITS, ClaimantKind.MEMBERS])
def test_a_project_for_the_others_refuses(scene: Scene, claimants: ClaimantKind) -> None:
    project = scene.make.project(scene.community, claimants=claimants)
    as_unit = claimants is ClaimantKind.MEMBERS

    with pytest.raises(Conflict, match="claimant_not_allowed"):
        scene.claim(
            scene.contact if as_unit else scene.actor,
            project=project,
            unit_id=scene.branch.unit_id if as_unit else None,
        )


def test_declining_frees_the_place(scene: Scene) -> None:
    claim = scene.claim()
    claims.decline(
        scene.session, scene.rules, actor=scene.secretary, claim_id=claim.id, reason="项目已有安排"
    )

    assert (claim.status, scene.project.claimed) == (C.DECLINED, 0)


def test_a_started_claim_cannot_be_withdrawn(scene: Scene) -> None:
    claim = scene.claim()
    claims.accept(scene.session, scene.rules, actor=scene.secretary, claim_id=claim.id)
    claims.start(scene.session, scene.rules, actor=scene.actor, claim_id=claim.id)

    with pytest.raises(Conflict, match="claim_state_forbids"):
        claims.withdraw(scene.session, scene.rules, actor=scene.actor, claim_id=claim.id)


def test_nobody_decides_about_the_own_claim(scene: Scene) -> None:
    secretary = scene.make.actor(
        scene.make.member(community_id=scene.community.id), *scene.secretary.grants
    )
    claim = scene.claim(secretary)

    with pytest.raises(Forbidden, match="not_your_decision"):
        claims.accept(scene.session, scene.rules, actor=secretary, claim_id=claim.id)


def test_a_delivery_before_the_project_began_is_refused(scene: Scene) -> None:
    claim = scene.claim()
    claims.accept(scene.session, scene.rules, actor=scene.secretary, claim_id=claim.id)
    claims.start(scene.session, scene.rules, actor=scene.actor, claim_id=claim.id)

    with pytest.raises(Invalid):
        claims.deliver(
            scene.session,
            scene.rules,
            actor=scene.actor,
            claim_id=claim.id,
            summary="已完成",
            delivered_on=scene.project.starts_on - timedelta(days=1),
        )


@pytest.mark.parametrize("state", list(C))
@pytest.mark.parametrize("event", sorted(FLOW.machine.events))
def test_what_is_not_in_the_table_is_refused(state: C, event: str) -> None:
    allowed = {(t.source, t.event): t.target for t in FLOW.machine.transitions}
    if (state, event) in allowed:
        assert FLOW.machine.after(state, event) is allowed[state, event]
    else:
        with pytest.raises(Conflict, match="claim_state_forbids"):
            FLOW.machine.after(state, event)
