"""Who decides about a text, and who reads one that is withheld."""

import sqlalchemy as sa

from backend.core.actor import Actor, Role
from backend.members import policy as members
from backend.members.models import Account
from backend.text_checks.models import TextCheck, TextCheckStatus
from backend.text_checks.withheld import Withheld

# Whose texts are judged without a name: nobody learns who brought a demand.
NAMELESS = frozenset({"demand"})
# What waits for a person.
WAITING = (TextCheckStatus.HELD, TextCheckStatus.UNCHECKED)


def decidable(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether the actor decides about a check, joined with its account: as about anything that its
    author has at the community. The author never does."""
    author = Account.member_id
    return sa.and_(
        TextCheck.account_id != actor.account_id,
        members.decides(actor, member_id=author, area_id=TextCheck.area_id),
    )


def may_see_author(check: TextCheck) -> bool:
    """Whoever decides about a text mostly knows whose it is."""
    return check.subject.partition(":")[0] not in NAMELESS


def may_read(actor: Actor, text: Withheld) -> bool:
    """A withheld text is read by its author and by the secretary of the community."""
    return text.account_id == actor.account_id or text.area_id in actor.areas(
        Role.COMMUNITY_SECRETARY
    )
