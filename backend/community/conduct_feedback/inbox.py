"""What of feedback waits for people."""

from backend.community.conduct_feedback import kinds
from backend.community.conduct_feedback.flow import FLOW
from backend.community.conduct_feedback.models import ConductFeedback as F
from backend.flows.tasks import of_flow
from backend.people.areas import service as areas

TASKS = (
    of_flow(
        kinds.REPLY,
        FLOW,
        "reply",
        since=F.written_at,
        due=F.reply_due_on,
        who=areas.name_of(F.community_id),
        facts={"year": F.year, "comment": F.comment},
        lines=lambda row: [
            f"{row.year}年度反馈，转给所在党支部前请您过目，可以补充说明。",
            row.comment,
        ],
    ),
)
