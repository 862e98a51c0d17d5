"""An actor is what is true today: active, appointed, in the branch whose post it is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Actor, Grant, PositionKind, Post, Role
from backend.core.asker import ACCOUNT, MEMBER
from backend.people.members import acting, queries, service
from backend.people.members.models import Account, Member
from backend.support.notifications import service as notifications
from backend.support.notifications.declared import NewsKind
from backend.support.notifications.models import Notification
from backend.support.notifications.service import News
from tests.factories import Make

DEPUTY, LEADER = PositionKind.DEPUTY_SECRETARY, PositionKind.GROUP_LEADER


class Person:
    """A branch secretary who is the deputy, too, and leads a Party group."""

    def __init__(self, session: Session, make: Make) -> None:
        self.session, self.make, self.branch = session, make, make.branch()
        self.group = make.group(self.branch)
        self.member = make.member(self.branch, group_id=self.group.id)
        self.account = make.account(self.member)
        self.appointment = make.appointment(
            self.member, Role.BRANCH_SECRETARY, organization_id=self.branch.id
        )
        make.seat(self.branch, self.member, DEPUTY)
        make.seat(self.group, self.member, LEADER)
        self.token = service.open_session(session, self.account).token

    def acts(self) -> Actor:
        self.session.flush()
        self.session.expire_all()
        return acting.actor_of(self.session, self.token)


@pytest.fixture
def person(session: Session, make: Make) -> Person:
    return Person(session, make)


def test_an_active_member_acts_with_appointments_and_posts(person: Person) -> None:
    actor = person.acts()

    assert actor.grants == (Grant(Role.BRANCH_SECRETARY, organization_id=person.branch.id),)
    assert actor.posts == (Post(DEPUTY, person.branch.id), Post(LEADER, person.group.id))


def test_whoever_is_not_active_acts_as_an_account_linked_to_nobody(person: Person) -> None:
    person.member.active = False

    assert person.acts() == Actor(person.account.id, consented=True)


def test_a_term_that_ended_yesterday_gives_nothing(person: Person) -> None:
    person.appointment.ends_on = clock.today() - timedelta(days=1)

    assert person.acts().grants == ()


def test_a_post_in_a_branch_one_has_left_gives_nothing(person: Person) -> None:
    person.member.group_id = None
    person.session.flush()
    person.member.branch_id = person.make.branch().id

    assert person.acts().posts == ()


DECIDERS: dict[str, Callable[[Person], sa.Select[int]]] = {
    "holders": lambda one: queries.holders(Role.BRANCH_SECRETARY, organization_id=one.branch.id),
    "judges": lambda one: queries.judges(one.make.member(one.branch)),
    "deputies": lambda one: queries.deputies_of(one.branch.id),
    "appointments": lambda one: queries.OFFICES.with_only_columns(queries.HOLDER).params(
        {MEMBER.key: one.member.id, ACCOUNT.key: one.account.id}
    ),
    "secretaries": lambda one: sa.select(Member.id).where(
        queries.leads_own_branch(sa.literal(one.member.id)), Member.id == one.member.id
    ),
}


@pytest.mark.parametrize("who", DECIDERS)
def test_nobody_inactive_counts_as_one_who_decides(person: Person, who: str) -> None:
    found = set(person.session.scalars(DECIDERS[who](person)))
    person.member.active = False
    person.session.flush()

    assert found == {person.member.id}
    assert set(person.session.scalars(DECIDERS[who](person))) == set()


def test_a_secretary_who_left_does_not_decide_at_a_community(session: Session, make: Make) -> None:
    community = make.community()
    secretary = make.session_member(make.community_secretary(community))
    one = make.member()
    assert set(session.scalars(queries.deciders(community, one.id))) == {secretary.id}
    secretary.active = False
    session.flush()

    assert set(session.scalars(queries.deciders(community, one.id))) == set()


def test_nobody_inactive_is_told_of_anything(person: Person) -> None:
    news = News(NewsKind("gardening.watered"), "1", "标题", "内容", "text_check:1")
    person.member.active = False
    person.session.flush()
    notifications.notify_member(person.session, person.member.id, news)
    notifications.notify(person.session, sa.select(Member.id), news)

    told = sa.select(sa.func.count()).where(Notification.account_id == Account.id)
    assert person.session.scalar(told.where(Account.member_id == person.member.id)) == 0
