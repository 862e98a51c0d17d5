"""Who may do what with requests for leave. Statements join the meeting."""

import sqlalchemy as sa

from backend.branch_life.meetings.leave.models import LeaveRequest
from backend.branch_life.meetings.models import Meeting
from backend.core.actor import PositionKind, Role
from backend.core.asker import Asker
from backend.flows.steps import Party


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether a request exists for the asker.

    One's own do, and those of the branches whose secretary or deputy one is.
    """
    return sa.or_(asker.own(LeaveRequest.member_id), _leads(asker))


def _leads(asker: Asker) -> sa.ColumnElement[bool]:
    branch = Meeting.organization_id
    secretary = asker.leads(branch, Role.BRANCH_SECRETARY)
    return sa.or_(secretary, asker.serves(branch, PositionKind.DEPUTY_SECRETARY))


MEMBER = Party(
    "member due",
    lambda asker: asker.own(LeaveRequest.member_id),
    "not_yours",
    "只有本人可以撤回请假。",
)
DECIDER = Party(
    "branch secretary; for the own request the deputy",
    lambda asker: sa.and_(_leads(asker), asker.anothers(LeaveRequest.member_id)),
    "not_your_decision",
    "请假由党支部书记审批；书记本人的请假由副书记审批。",
)
