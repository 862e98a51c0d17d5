"""Invite a registered member to something of the community; decline.

Callers own the transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.invitations import news, queries
from backend.community.invitations.models import Invitation
from backend.community.invitations.queries import Services
from backend.community.projects.models import (
    TAKING_CLAIMS,
    ServiceProject,
)
from backend.community.registrations.models import CommunityRegistration
from backend.community.volunteering.activities.models import Activity
from backend.core import clock
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.people.areas.models import Area
from backend.people.members.models import Member

# Neither may a community write to everybody every day, nor somebody be asked by all at once.
OF_A_COMMUNITY, OF_A_MEMBER = 50, 3
GONE = "没有找到这位报到党员，可能已经暂停或结束报到。"


@dataclass(frozen=True)
class Found:
    """A registered member with the services here and, of the thing asked about, how it stands."""

    registration: CommunityRegistration
    services: Services
    asked: str | None
    may_be_called: bool


def described(
    session: Session,
    actor: Actor,
    rows: Sequence[CommunityRegistration],
    activity_id: int | None,
    project_id: int | None,
) -> list[Found]:
    """Return what the secretary reads of each; that somebody looked stays on record."""
    done = queries.services(session, rows) if rows else {}
    asked: dict[int, str] = {}
    if rows and (activity_id is not None or project_id is not None):
        sent = session.scalars(queries.to_thing(activity_id, project_id))
        asked = {one.member_id: "declined" if one.declined_at else "sent" for one in sent}
        joined = session.scalars(queries.taking_part(activity_id, project_id))
        asked |= dict.fromkeys(joined, "taking_part")
    for place in {one.community_id: one for one in rows}.values():
        if place.community is not None:
            members = [one.member_id for one in rows if one.community_id == place.community_id]
            audit.record(session, actor, "registered_members.read", place.community, ids=members)
    nothing = Services()
    shared = set(session.scalars(queries.sharing_phones(rows))) if rows else set()
    return [
        Found(
            one,
            done.get((one.member_id, one.community_id), nothing),
            asked.get(one.member_id),
            one.member_id in shared,
        )
        for one in rows
    ]


def phone_of(session: Session, keys: Crypto, *, actor: Actor, registration_id: int) -> str:
    """Return the number of a registered member who agreed to it; each look stays on record.

    Raises NotFound, and Forbidden `phone_not_shared`.
    """
    found = queries.registered(actor).where(CommunityRegistration.id == registration_id)
    registration = session.scalars(found).unique().first()
    if registration is None:
        raise NotFound("registered_member_not_found", GONE)
    member = registration.member
    agreed = session.scalar(queries.sharing_phones([registration])) is not None
    if not agreed or member.phone_encrypted is None:
        raise Forbidden("phone_not_shared", "没有可以查看的电话，请用小程序邀请。")
    audit.record(session, actor, "member.phone_read", member, registration_id=registration.id)
    return keys.decrypt(member.phone_encrypted, purpose="member.phone")


@dataclass(frozen=True)
class Inviting:
    """Whom to ask, by the registration, to an activity or a project: one of the two."""

    registration_id: int
    activity_id: int | None = None
    project_id: int | None = None


def invite(session: Session, *, actor: Actor, said: Inviting) -> Invitation:
    """Invite one registered member to one thing, once; repeating it changes nothing.

    Raises Conflict `taking_part_already`, `invited_enough_today` and `not_to_come`.
    """
    registration = _findable(session, actor, said.registration_id)
    # One invitation of a community, and one to a member, at a time: what was sent today is counted.
    session.get_one(Area, registration.community_id, with_for_update=True)
    session.get_one(Member, registration.member_id, with_for_update={"key_share": True})
    sent = queries.to_thing(said.activity_id, said.project_id).where(
        Invitation.member_id == registration.member_id
    )
    if found := session.scalars(sent).first():
        return found
    thing = _thing(session, registration, said)
    _check(session, registration, said)
    invitation = Invitation(
        community=registration.community,
        member=registration.member,
        activity=thing if isinstance(thing, Activity) else None,
        project=thing if isinstance(thing, ServiceProject) else None,
        invited_by=actor.account_id,
        sent_at=clock.now(),
    )
    session.add(invitation)
    audit.record(session, actor, "member.invited", invitation, to=thing.as_subject)
    news.tell_member(session, invitation)
    return invitation


def _findable(session: Session, actor: Actor, registration_id: int) -> CommunityRegistration:
    found = queries.registered(actor).where(CommunityRegistration.id == registration_id)
    registration = session.scalars(found).unique().first()
    if registration is None:
        raise Invalid("registration_id", GONE)
    return registration


def _thing(
    session: Session, registration: CommunityRegistration, said: Inviting
) -> Activity | ServiceProject:
    if (said.activity_id is None) == (said.project_id is None):
        raise Invalid("activity_id", "请选择一个活动或一个项目。")
    thing: Activity | ServiceProject | None = (
        session.get(Activity, said.activity_id)
        if said.activity_id is not None
        else session.get(ServiceProject, said.project_id)
    )
    if thing is None or thing.community_id != registration.community_id:
        field = "activity_id" if said.activity_id is not None else "project_id"
        raise Invalid(field, "只能邀请参加本社区的活动或项目。")
    if not _takes(thing):
        raise Conflict("not_to_come", "这项活动或项目现在不能报名，请刷新后查看。")
    return thing


def _takes(thing: Activity | ServiceProject) -> bool:
    return thing.is_ahead if isinstance(thing, Activity) else thing.seeks_members


def _check(session: Session, registration: CommunityRegistration, said: Inviting) -> None:
    joined = session.scalars(queries.taking_part(said.activity_id, said.project_id)).all()
    if registration.member_id in joined:
        raise Conflict("taking_part_already", "这位党员已经报名或认领，不用再邀请。")
    today = queries.sent_today()
    here = today.where(Invitation.community_id == registration.community_id)
    if session.scalars(here).one() >= OF_A_COMMUNITY:
        raise Conflict(
            "invited_enough_today", f"每个社区每天最多邀请{OF_A_COMMUNITY}人次，请明天再邀请。"
        )
    of_member = today.where(Invitation.member_id == registration.member_id)
    if session.scalars(of_member).one() >= OF_A_MEMBER:
        raise Conflict(
            "invited_enough_today", f"这位党员今天已收到{OF_A_MEMBER}次邀请，请明天再邀请。"
        )


def own(session: Session, *, actor: Actor, invitation_id: int) -> Invitation:
    """Return an invitation of one's own; raises NotFound."""
    found = queries.shown(actor).where(Invitation.id == invitation_id)
    invitation = session.scalars(found.with_for_update(of=Invitation)).first()
    if invitation is None:
        raise NotFound("invitation_not_found", "没有找到这份邀请。")
    return invitation


def decline(session: Session, *, actor: Actor, invitation_id: int) -> Invitation:
    """Say that it does not suit, without a reason; declining twice is the same as once.

    Raises Conflict `taking_part_already` where one does take part, and `not_to_come` where there is
    nothing left to decline.
    """
    invitation = own(session, actor=actor, invitation_id=invitation_id)
    if invitation.declined_at is not None:
        return invitation
    joined = session.scalars(queries.taking_part(invitation.activity_id, invitation.project_id))
    if invitation.member_id in joined:
        raise Conflict(
            "taking_part_already",
            "您已报名、认领或到场，不能再回复不方便；不能参加的，请退出报名或撤回认领。",
        )
    if not _is_ahead(invitation.thing):
        raise Conflict("not_to_come", "这项活动或项目已经结束或取消，不用再回复。")
    invitation.declined_at = clock.now()
    audit.record(session, actor, "invitation.declined", invitation)
    return invitation


def _is_ahead(thing: Activity | ServiceProject) -> bool:
    """Whether one could still come to it, be there a place or none."""
    if isinstance(thing, Activity):
        return thing.is_ahead
    return thing.status in TAKING_CLAIMS and thing.ends_on >= clock.today()
