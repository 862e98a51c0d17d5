"""Who is due to attend a meeting, and who of them may vote."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session, with_expression

from backend.branch_life.meetings.models import (
    AttendanceRecord,
    AttendanceStatus,
    Gathering,
    Meeting,
    MeetingKind,
)
from backend.core import clock
from backend.core.errors import Conflict, Invalid
from backend.people.members import held
from backend.people.members.held import Then
from backend.people.members.models import Member, MemberCategory
from backend.people.organizations.models import Organization, OrganizationKind

K, G = MeetingKind, Gathering

# 组织生活会 may be held by all members, by the committee or by a group (spec 2.1).
GATHERINGS: dict[MeetingKind, tuple[Gathering, ...]] = {
    K.MEMBERS_ASSEMBLY: (G.MEMBERS,),
    K.COMMITTEE_MEETING: (G.COMMITTEE,),
    K.GROUP_MEETING: (G.GROUP,),
    K.PARTY_LECTURE: (G.MEMBERS,),
    K.THEME_DAY: (G.MEMBERS,),
    K.ORGANIZATIONAL_LIFE_MEETING: (G.MEMBERS, G.COMMITTEE, G.GROUP),
    K.MEMBER_APPRAISAL: (G.MEMBERS,),
}


def due(meeting: Meeting) -> sa.Select[Member]:
    """Select who is due, in order of id: who belonged when it began, or belongs today while it is
    still to come; and whoever is on the list as present, who was due when that was marked."""
    came = sa.select(AttendanceRecord.member_id).where(
        AttendanceRecord.meeting_id == meeting.id,
        AttendanceRecord.status == AttendanceStatus.PRESENT,
    )
    called = Member.id.in_(_called(meeting))
    belongs = called if meeting.id is None else sa.or_(called, Member.id.in_(came))
    return sa.select(Member).where(belongs).order_by(Member.id)


def _called(meeting: Meeting) -> sa.Select[int]:
    now = clock.now()
    then = Then(min(meeting.starts_at, now), meeting.created_at or now)
    if meeting.gathering is G.COMMITTEE:
        return held.of_committee(meeting.organization_id, then)
    if meeting.group_id is not None:
        return held.of_group(meeting.group_id, then)
    return held.of_branch(meeting.organization_id, then)


def people(meeting: Meeting) -> sa.Select[Member]:
    """Select who is due with what says whether each had the vote when it began."""
    voted = held.voting(min(meeting.starts_at, clock.now()))
    shown = due(meeting).options(with_expression(Member.voted_then, voted))
    return shown.execution_options(populate_existing=True)


def due_ids(meeting: Meeting) -> sa.Select[int]:
    """Select the ids of those who are due, in no order: for whom news are."""
    return due(meeting).with_only_columns(Member.id).order_by(None)


def may_vote(member: Member) -> bool:
    """Return whether a member may vote.

    Probationary members speak and do not vote; nor does who has no electoral right. As it was when
    the meeting began, of those `people` selects.
    """
    if member.voted_then is not None:
        return member.voted_then
    return member.category is MemberCategory.FULL and member.electoral_right


def voters(people: Collection[Member], excluded: Collection[int] = ()) -> list[Member]:
    """Return those of the people who vote; `excluded` are left out of an election."""
    return [one for one in people if may_vote(one) and one.id not in excluded]


def gathering_of(kind: MeetingKind, wanted: Gathering | None) -> Gathering:
    """Return who gathers for such a meeting; raises Invalid where the kind has another form."""
    possible = GATHERINGS[kind]
    if wanted is not None and wanted not in possible:
        raise Invalid("gathering", "这类会议不能采用此召开范围，请核对会议类型。")
    return wanted or possible[0]


def group_of(
    session: Session, organization_id: int, gathering: Gathering, group_id: int | None
) -> int | None:
    """Return the Party group that meets; a branch's only one need not be named.

    Raises Invalid for a group that is not the branch's, or none where there are several.
    """
    if gathering is not G.GROUP:
        if group_id is not None:
            raise Invalid("group_id", "只有党小组召开的会议才填写党小组。")
        return None
    wanted = sa.select(Organization.id).where(
        Organization.kind == OrganizationKind.GROUP,
        Organization.parent_id == organization_id,
        Organization.dissolved_on.is_(None),
    )
    groups = session.scalars(wanted).all()
    if group_id is None and len(groups) == 1:
        return groups[0]
    if group_id not in groups:
        raise Invalid("group_id", "请选择本支部的一个党小组；没有党小组的，请先设立。")
    return group_id


def refuse_nobody(session: Session, meeting: Meeting) -> None:
    """Raise Conflict where nobody would be due."""
    if session.scalar(sa.select(due_ids(meeting).exists())):
        return
    if meeting.gathering is G.COMMITTEE:
        raise Conflict("no_committee", "本支部尚未登记支部委员会成员，请先在“支委和党小组”中登记。")
    raise Conflict("nobody_is_due", "没有应到会的党员，请先登记党小组成员或核对花名册。")
