"""Who is due to attend a meeting, and who of them may vote."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.errors import Conflict, Invalid
from backend.meetings.models import Gathering, Meeting, MeetingKind
from backend.members import queries as members
from backend.members.models import Member, MemberCategory
from backend.organizations.models import Organization, OrganizationKind

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
    """Select who is due, in order of id: active members only, as the roster has them now."""
    if meeting.gathering is G.COMMITTEE:
        return members.committee_of(meeting.organization_id)
    if meeting.group_id is not None:
        return members.group_members(meeting.group_id)
    return members.active_members_of(meeting.organization_id)


def due_ids(meeting: Meeting) -> sa.Select[int]:
    """Select the ids of those who are due, in no order: for whom news are."""
    return due(meeting).with_only_columns(Member.id).order_by(None)


def may_vote(member: Member) -> bool:
    """Probationary members speak and do not vote; nor does who has no electoral right."""
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
