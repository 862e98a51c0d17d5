"""What the matrix of rights has no step for and yet is nobody's outside to see."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.onboarding.models import LinkApplication, LinkApplicationReason
from backend.branch_life.meetings.minutes.models import MeetingMinutes
from backend.branch_life.meetings.voting.models import ExclusionGround, VoterExclusion
from backend.community.demands.models import DemandList
from backend.community.invitations.models import Invitation
from backend.core import clock
from backend.core.db import Base
from backend.people.members.models import LoginSession
from backend.support.notifications.models import Notification
from tests.miniprogram_api.rights_scene import Things


def fill(session: Session, things: Things, community_id: int) -> dict[str, int]:
    """Add one of each; return the ids by the name their paths give them."""
    member = things.people["member"]
    rows = {
        "application": _application(things),
        "invitation": Invitation(
            community_id=community_id,
            member_id=member.member_id,
            activity_id=things.ids["activity"],
            invited_by=things.people["secretary"].account_id,
            sent_at=clock.now(),
        ),
        "exclusion": VoterExclusion(
            meeting_id=things.ids["meeting"],
            member_id=member.member_id,
            ground=ExclusionGround.FRAIL,
            agreement="批复",
            agreed_on=clock.today(),
            recorded_by=things.people["branch_secretary"].account_id,
        ),
        "session": _session(things),
        "notification": _notification(things),
        "list": DemandList(
            area_id=community_id,
            year=clock.today().year,
            version=1,
            published_at=clock.now(),
            published_by=things.people["secretary"].account_id,
        ),
        "minutes": MeetingMinutes(
            meeting_id=things.ids["meeting"],
            content="记录",
            version=1,
            edited_by=things.people["branch_secretary"].account_id,
        ),
    }
    session.add_all(rows.values())
    session.flush()
    return {name: _id(row) for name, row in rows.items()}


def _session(things: Things) -> LoginSession:
    now = clock.now()
    return LoginSession(
        token_hash="of somebody",
        account_id=things.people["member"].account_id,
        expires_at=now + timedelta(days=1),
        extended_at=now,
        ends_at=now + timedelta(days=1),
    )


def _notification(things: Things) -> Notification:
    return Notification(
        account_id=things.people["member"].account_id,
        kind="meetings.convened",
        business_id="scene",
        title="会议通知",
        body="正文",
        subject=f"meeting:{things.ids['meeting']}",
    )


def _application(things: Things) -> LinkApplication:
    return LinkApplication(
        account_id=things.people["stranger"].account_id,
        organization_id=things.ids["branch"],
        reason=LinkApplicationReason.NO_MATCH,
        applicant_name="王申请",
        phone_encrypted="-",
        phone_hash="-",
        phone_tail="0007",
    )


def _id(row: Base) -> int:
    (found,) = sa.inspect(row).identity or ()
    return int(found)


# What of it must show nowhere.
MARKED = (LinkApplication.applicant_name, Notification.body, VoterExclusion.agreement)
