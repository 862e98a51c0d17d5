"""Who plays in the demo city, handed from step to step of the loader."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random

from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.people.members import acting
from backend.people.members import queries as members
from backend.people.members import service as accounts
from backend.people.members.models import Member
from backend.people.organizations.models import Organization


@dataclass
class City:
    """`numbers` gives the last digits of the telephone numbers nobody can dial."""

    session: Session
    keys: Crypto
    rules: RulePack
    random: Random
    numbers: Iterator[int] = field(default_factory=lambda: count(1000))
    communities: list[Area] = field(default_factory=list)
    branches: list[Organization] = field(default_factory=list)
    secretaries: dict[int, Actor] = field(default_factory=dict)
    branch_secretaries: dict[int, Actor] = field(default_factory=dict)
    contacts: dict[int, Actor] = field(default_factory=dict)
    demo: dict[str, Member] = field(default_factory=dict)


def actor_for(city: City, member: Member) -> Actor:
    """Return a member as the services see who acts; the account is made up where it is missing."""
    account = city.session.scalars(members.account_of_member(member.id)).first()
    if account is None:
        account = accounts.account_for(city.session, city.keys, f"sandbox-openid-{member.id}")
        account.member_id = member.id
        city.session.flush()
    return acting.actor_for(city.session, account.id)
