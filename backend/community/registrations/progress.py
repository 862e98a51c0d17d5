"""How far a registration is, in the steps its member counts."""

from datetime import date, datetime, time

from backend.community.registrations.models import CommunityRegistration
from backend.community.registrations.models import RegistrationStatus as S
from backend.core import clock
from backend.core.timeline import Mark, Step, timeline


def steps(registration: CommunityRegistration) -> list[Step]:
    """Return what was done, is waited for and is to come of one registration."""
    sent = Mark("submitted", "提交", registration.submitted_at)
    accepted = Mark("accepted", "接收", _morning(registration.accepted_on))
    decided = registration.decided_at
    match registration.status:
        case S.RETURNED:
            returned = Mark("returned", "退回补充", decided)
            return timeline([sent, returned, Mark("resubmitted", "补充后再次提交"), accepted])
        case S.REJECTED:
            return timeline([sent], over=Mark("rejected", "未被接收", decided))
        case S.WITHDRAWN:
            return timeline([sent], over=Mark("withdrawn", "已撤回", registration.updated_at))
        case S.ENDED:
            ended = Mark("ended", "已结束", _morning(registration.ended_on))
            return timeline([sent, accepted], over=ended)
    return timeline([sent, accepted])


def _morning(day: date | None) -> datetime | None:
    """Of a step only the day is kept: it stands at its beginning."""
    return datetime.combine(day, time.min, clock.SHANGHAI) if day else None
