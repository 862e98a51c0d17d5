"""Two secretaries of one branch at once, each in a real transaction."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.branch_bodies import committee, groups
from backend.branch_life.meetings.exemptions import service as exemptions
from backend.branch_life.meetings.exemptions.models import AttendanceExemption, ExemptionGround
from backend.core.actor import Actor, PositionKind
from backend.core.db import Database
from backend.core.errors import Conflict
from backend.ledger.rulepack import RulePack
from backend.people.members import queries as members
from backend.people.members.models import Member
from backend.people.organizations.models import Organization
from tests import ledger
from tests.backend.test_races import meet, world  # noqa: F401  # the fixture of real transactions
from tests.factories import Make

World = tuple[Database, Make, Session]


class Branch:
    """A branch with two secretaries and two members, committed."""

    def __init__(self, make: Make, session: Session, rules: RulePack) -> None:
        self.rules = rules
        self.row = make.branch()
        self.secretaries = [make.branch_secretary(self.row) for _ in range(2)]
        self.people = [make.member(self.row).id for _ in range(2)]
        session.commit()

    def elect(self, session: Session, actor: Actor, member_id: int) -> None:
        seats = {member_id: PositionKind.COMMITTEE_MEMBER}
        where = {"organization_id": self.row.id, "seats": seats}
        committee.arrange(session, self.rules, actor=actor, **where)  # type: ignore[arg-type]

    def found(self, session: Session, actor: Actor) -> int:
        name = "第一党小组"
        where = self.row.id
        group = groups.found(session, self.rules, actor=actor, organization_id=where, name=name)
        return group.row.id


def test_of_two_committees_sent_at_once_the_later_stands_alone(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    branch = Branch(make, session, rules)
    (one, two), (first, second) = branch.secretaries, branch.people
    _, waiting = meet(
        database,
        lambda s: branch.elect(s, one, first),
        lambda s: branch.elect(s, two, second),
    )
    assert waiting.exception() is None
    with database.transaction() as after:
        posts = after.scalars(members.open_positions(branch.row.id, *members.COMMITTEE)).all()
        assert [post.member_id for post in posts] == [second]
        assert ledger.differences(after, rules) == []


def test_of_two_groups_of_one_name_the_first_is_founded(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    branch = Branch(make, session, rules)
    one, two = branch.secretaries
    founded, waiting = meet(
        database, lambda s: branch.found(s, one), lambda s: branch.found(s, two)
    )
    with pytest.raises(Conflict, match="group_name_taken"):
        waiting.result()
    with database.transaction() as after:
        kind = sa.select(Organization.id).where(Organization.parent_id == branch.row.id)
        assert after.scalars(kind).all() == [founded]
        assert ledger.differences(after, rules) == []


def test_of_two_exemptions_for_the_same_days_the_first_is_kept(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    branch = Branch(make, session, rules)
    one, two = branch.secretaries

    def exempt(session: Session, actor: Actor) -> None:
        exemptions.exempt(
            session,
            actor=actor,
            organization_id=branch.row.id,
            said=exemptions.Exempting(
                member_id=branch.people[0],
                ground=ExemptionGround.FRAIL,
                starts_on=date(2026, 1, 1),
                ends_on=date(2026, 6, 30),
            ),
        )

    _, waiting = meet(database, lambda s: exempt(s, one), lambda s: exempt(s, two))
    with pytest.raises(Conflict, match="already_exempt"):
        waiting.result()
    with database.transaction() as after:
        kept = sa.select(sa.func.count()).select_from(AttendanceExemption)
        assert after.scalar(kept) == 1
        assert after.get_one(Member, branch.people[0]).active
