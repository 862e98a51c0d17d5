"""What of texts waits for people."""

import sqlalchemy as sa

from backend.core.asker import Asker
from backend.core.tasks import Task
from backend.people.members import queries as members
from backend.people.members.models import Account
from backend.support.text_checks import kinds, policy
from backend.support.text_checks.findings import finding
from backend.support.text_checks.models import TextCheck


def _select() -> sa.Select[TextCheck]:
    return sa.select(TextCheck).join(TextCheck.account)


def _waits(asker: Asker) -> sa.ColumnElement[bool]:
    return sa.and_(TextCheck.status.in_(policy.WAITING), policy.decidable(asker))


TASKS = (
    Task(
        kinds.REVIEW,
        TextCheck,
        "release",
        select=_select,
        waits=_waits,
        standing=lambda _asker: sa.null(),
        can=lambda _row: ["release", "removal"],
        since=TextCheck.created_at,
        # Whoever decides about a text mostly knows whose it is.
        who=sa.case((~TextCheck.nameless, members.name_of(Account.member_id))),
        facts={
            "status": TextCheck.status,
            "label": TextCheck.label,
            "content": TextCheck.content,
        },
        lines=lambda row: (f"“{row.content}”", finding(row)),
    ),
)
