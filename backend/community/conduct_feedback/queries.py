"""Questions about feedback notes, and about the facts one states."""

from datetime import date
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, with_expression

from backend.community.conduct_feedback.models import ConductFeedback, FeedbackStatus
from backend.community.registrations import queries as registrations
from backend.community.registrations.models import CommunityRegistration
from backend.people.areas.models import Area
from backend.support.text_checks import withheld

S = FeedbackStatus


@cache
def shown() -> sa.Select[ConductFeedback]:
    """Select notes with what every answer shows of them."""
    return sa.select(ConductFeedback).options(
        joinedload(ConductFeedback.member),
        joinedload(ConductFeedback.community),
        with_expression(
            ConductFeedback.withheld,
            withheld.of(ConductFeedback.__tablename__, ConductFeedback.id),
        ),
    )


def communities_with_members() -> sa.Select[int]:
    """Select where members are registered, once each."""
    registered = sa.select(CommunityRegistration.community_id).where(
        CommunityRegistration.status.in_(registrations.STANDING)
    )
    return sa.select(Area.id).where(Area.id.in_(registered)).order_by(Area.id)


def to_be_handed_over(today: date) -> sa.Select[ConductFeedback]:
    """Select what was answered or waited for in vain, in one order for every worker."""
    in_vain = sa.and_(
        ConductFeedback.status == S.AWAITING_REPLY, ConductFeedback.reply_due_on < today
    )
    return (
        sa.select(ConductFeedback)
        .where(sa.or_(ConductFeedback.status == S.ANSWERED, in_vain))
        .order_by(ConductFeedback.member_id, ConductFeedback.id)
    )
