"""What follows when a member leaves a branch, or the city's rosters. Callers hold the member's
lock; what the member has begun is taken back by the steps of its own flow, and is told."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.appointments import service as appointments
from backend.branch_life.branch_bodies import evidence
from backend.community.claims import flow as claims
from backend.community.claims.models import ReleaseReason
from backend.community.registrations import queries as registrations
from backend.community.registrations.flow import FLOW as REGISTRATION
from backend.community.registrations.flow import Because
from backend.community.registrations.models import EndReason
from backend.community.volunteering.activities import guards, places
from backend.core.actor import Actor, Role
from backend.ledger import binding
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import RulePack
from backend.ledger.subjects import Subject
from backend.people.members.models import Appointment, Member, Position
from backend.people.members.queries import COMMITTEE, open_positions
from backend.people.organizations.models import Organization
from backend.registers import following as registers
from backend.registers.declared import SlotName
from backend.rosters.members import queries

GONE = "党员名册已有变动，在本社区的报到随之结束；如有疑问，请与所在党支部联系。"


def rebind(session: Session, rules: RulePack, *member_ids: int) -> None:
    """Bring in step what members owe: their unit, branch or activity has changed."""
    session.flush()
    subjects = [Subject(SubjectKind.MEMBER, id_) for id_ in member_ids]
    binding.rebind(session, rules, subjects)


def leave_branch(session: Session, rules: RulePack, member: Member) -> None:
    """End the posts in the branch and its groups, and the secretary's appointment over it."""
    posts = session.scalars(queries.open_posts(member.id)).all()
    for post in posts:
        _leave_post(session, rules, post)
    led = sa.and_(
        Appointment.member_id == member.id,
        Appointment.organization_id == member.branch_id,
        Appointment.role == Role.BRANCH_SECRETARY,
    )
    appointments.fall_away(session, led, "组织关系已转出该党组织。")
    member.group_id = None
    session.flush()


def _leave_post(session: Session, rules: RulePack, post: Position) -> None:
    post.end_today()
    session.flush()
    registers.leaders_changed(session, rules, post.organization_id)
    if post.kind not in COMMITTEE:
        return
    branch = session.get_one(Organization, post.organization_id)
    seated = session.scalars(open_positions(branch.id, *COMMITTEE)).first() is not None
    evidence.committee_changed(session, rules, branch, was=True, now=seated)


def leave_city(
    session: Session, rules: RulePack, actor: Actor, member: Member, why: EndReason
) -> None:
    """End what the member holds, has claimed and signed up for, and the registrations."""
    leave_branch(session, rules, member)
    end_appointments(session, member)
    _end_registrations(session, rules, actor, member, why)
    _give_claims_back(session, rules, member)
    _give_places_back(session, actor, member)
    registers.lapse(session, rules, SlotName.MEMBER, member.id)


def end_appointments(session: Session, member: Member) -> None:
    """End whatever the member is appointed to."""
    held = Appointment.member_id == member.id
    appointments.fall_away(session, held, "已不在党员名册中。")


def _end_registrations(
    session: Session, rules: RulePack, actor: Actor, member: Member, why: EndReason
) -> None:
    live = registrations.live_of_member(member.id).execution_options(populate_existing=True)
    for row in session.scalars(live).all():
        if row.status in registrations.WAITING:
            REGISTRATION.turn(session, row, "withdraw", rules)
    session.flush()
    for row in session.scalars(live).all():
        REGISTRATION.turn(session, row, "end", rules, actor=actor, said=Because(why, GONE))
    session.flush()


def _give_claims_back(session: Session, rules: RulePack, member: Member) -> None:
    """Let the own claims go, project by project; a unit's claim stays with the unit."""
    for claim in session.scalars(queries.own_claims(member.id).order_by("project_id")).all():
        project = session.scalars(queries.project(claim.project_id)).one()
        session.refresh(claim)
        if claim.status in queries.LEAVABLE:
            claims.release(session, claim, ReleaseReason.CLAIMANT_LEFT)
            claims.let_pass(session, rules, project)


def _give_places_back(session: Session, actor: Actor, member: Member) -> None:
    for row in session.scalars(queries.sign_ups(member.id)).all():
        activity = session.scalars(queries.activity(row.activity_id)).one()
        session.refresh(row)
        if guards.STILL_RUNS.allows(row) and guards.NOT_HERE.allows(row):
            places.SIGN_UP.turn(session, row, "withdraw", actor=actor)
            places.move_up(session, row.shift)
            places.restate(activity)
    session.flush()
