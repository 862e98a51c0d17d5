"""Whoever enters a paper slip finds a member by name and number: both must be known already.

Each look-up stays in the audit log, whatever is refused afterwards, and whoever looks for people
who are not there is slowed down: nobody learns by trying who is on the roster.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, DomainError, NotFound
from backend.core.throttle import Throttle
from backend.people.members import queries
from backend.people.members.models import Account, Member

THROTTLE = Throttle("roster_look_up", misses=20, within=timedelta(minutes=10))


class RosterNoMatch(NotFound):
    """Nobody has this name and number; that somebody looked stays on record."""

    keeps = True


class RosterAmbiguous(Conflict):
    """Several have this name and number; that somebody looked stays on record."""

    keeps = True


def find(session: Session, keys: Crypto, *, actor: Actor, name: str, phone: str) -> Member:
    """Return the one entry with this name and number; call it before anything is written.

    Raises RosterNoMatch, RosterAmbiguous, and TooFast after too many of them.
    """
    who = str(actor.account_id)
    THROTTLE.take(session, who)
    digest = keys.lookup(phone, purpose="member.phone")
    found = session.scalars(queries.roster_entries(name, digest)).all()
    account = session.get_one(Account, actor.account_id)
    subject = found[0] if len(found) == 1 else account
    audit.record(session, actor, "roster.looked_up", subject, matches=len(found))
    if len(found) == 1:
        THROTTLE.give_back(session, who)
        return found[0]
    if found:
        raise RosterAmbiguous("roster_ambiguous", "名册中有多人相符，请先请其所在党支部核对名册。")
    raise RosterNoMatch("roster_no_match", "党员名册中没有姓名和手机号都相符的人，请核对后再填。")


@contextmanager
def kept(session: Session) -> Iterator[None]:
    """Undo what is refused within, and keep the look-ups before it on record."""
    try:
        with session.begin_nested():
            yield
    except DomainError as refusal:
        refusal.keeps = True
        raise
