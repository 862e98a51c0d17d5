"""Who decides about a text, and who reads one that is withheld."""

import sqlalchemy as sa

from backend.core.actor import Actor, Role
from backend.people.members import policy as members
from backend.people.members.models import Account
from backend.support.text_checks.models import TextCheck, TextCheckStatus
from backend.support.text_checks.withheld import Withheld

# Whose texts are judged without a name: nobody learns who brought a demand.
NAMELESS = frozenset({"demand"})
# What a branch writes for its own people: no outside checker and no community reads it.
OF_A_BRANCH = frozenset(
    {
        "meeting",
        "meeting_minutes",
        "minutes_amendment",
        "leave_request",
        "resolution",
        "voter_exclusion",
        "learning_material",
        "organization",
        "link_application",
    }
)
# What opens to no street, even where the street decides what a secretary has at the community.
CLOSED_ABOVE = frozenset({"conduct_feedback", "service_certificate", "project_claim"})
# What waits for a person.
WAITING = (TextCheckStatus.HELD, TextCheckStatus.UNCHECKED)


def decidable(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether the actor decides about a check, joined with its account: as about anything that its
    author has at the community, where its subject opens to the actor. The author never does."""
    author, table = Account.member_id, sa.func.split_part(TextCheck.subject, ":", 1)
    here = TextCheck.area_id.in_(actor.areas(Role.COMMUNITY_SECRETARY))
    return sa.and_(
        TextCheck.account_id != actor.account_id,
        table.not_in(OF_A_BRANCH),
        sa.or_(here, table.not_in(CLOSED_ABOVE)),
        members.decides(actor, member_id=author, area_id=TextCheck.area_id),
    )


def stays_in_a_branch(subject: str) -> bool:
    """Whether what is written there is read by a branch's own people only."""
    return table_of(subject) in OF_A_BRANCH


def table_of(subject: str) -> str:
    return subject.partition(":")[0]


def may_see_author(check: TextCheck) -> bool:
    """Whoever decides about a text mostly knows whose it is."""
    return table_of(check.subject) not in NAMELESS


def may_read(actor: Actor, text: Withheld) -> bool:
    """A withheld text is read by its author and by the secretary of the community."""
    return text.account_id == actor.account_id or text.area_id in actor.areas(
        Role.COMMUNITY_SECRETARY
    )
