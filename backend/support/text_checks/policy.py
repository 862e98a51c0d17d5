"""Who decides about a text, and who reads one that is withheld."""

import sqlalchemy as sa

from backend.core.actor import Actor, Role
from backend.core.asker import ACCOUNT, Asker
from backend.people.members import policy as members
from backend.people.members.models import Account
from backend.support.text_checks.declared import Audience
from backend.support.text_checks.models import TextCheck, TextCheckStatus
from backend.support.text_checks.withheld import Withheld

# What waits for a person.
WAITING = (TextCheckStatus.HELD, TextCheckStatus.UNCHECKED)


def decidable(asker: Asker) -> sa.ColumnElement[bool]:
    """Say whether the asker decides about a check, joined with its account: as about anything its
    author has at the community, where its subject opens to the actor. The author never does."""
    here = asker.over(TextCheck.area_id, Role.COMMUNITY_SECRETARY)
    return sa.and_(
        TextCheck.account_id != ACCOUNT,
        TextCheck.audience != Audience.BRANCH,
        sa.or_(here, TextCheck.audience == Audience.OFFICES),
        members.decided_by(asker, member_id=Account.member_id, area_id=TextCheck.area_id),
    )


def may_see_author(check: TextCheck) -> bool:
    """Return whether the author shows: whoever decides about a text mostly knows whose it is."""
    return not check.nameless


def may_read(actor: Actor, text: Withheld) -> bool:
    """Let a withheld text be read by its author and by the secretary of the community."""
    return text.account_id == actor.account_id or text.area_id in actor.areas(
        Role.COMMUNITY_SECRETARY
    )
