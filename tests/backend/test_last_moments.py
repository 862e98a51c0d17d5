"""The last moment of terms that hold for everybody, and the first after it: offices, sign-ins,
services that may be certified, requests for leave, answers that are owed."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.meetings.leave import service as leave
from backend.branch_life.meetings.models import AbsenceReason
from backend.community.certificates import service as certificates
from backend.community.certificates.service import Period
from backend.community.conduct_feedback import queries as feedback
from backend.community.conduct_feedback.models import ConductFeedback, FeedbackStatus
from backend.community.registrations import queries as registrations
from backend.community.registrations.models import (
    CommunityRegistration,
    RegistrationKind,
    RegistrationStatus,
)
from backend.core import clock, crypto
from backend.core.actor import Role
from backend.core.errors import Conflict, Invalid, Unauthenticated
from backend.people.members import acting
from backend.people.members import queries as members
from backend.people.members.models import Appointment, LoginSession
from tests.factories import Make

SECOND = timedelta(seconds=1)
LAST_DAY = date(2026, 12, 31)
# Midnight in Shanghai; in Greenwich the old year has eight hours left.
MIDNIGHT = datetime(2027, 1, 1, tzinfo=clock.SHANGHAI)


def test_an_office_is_held_to_the_end_of_its_last_day(session: Session, make: Make) -> None:
    community = make.community()
    secretary = make.community_secretary(community)
    session.execute(sa.update(Appointment).values(ends_on=LAST_DAY))
    for moment, expected in ((MIDNIGHT - SECOND, [secretary.member_id]), (MIDNIGHT, [])):
        with clock.at(moment):
            found = members.holders(Role.COMMUNITY_SECRETARY, area_id=community.id)
            assert session.scalars(found).all() == expected


def test_an_office_begins_with_its_first_day(session: Session, make: Make) -> None:
    community = make.community()
    secretary = make.community_secretary(community)
    session.execute(sa.update(Appointment).values(starts_on=MIDNIGHT.date()))
    for moment, expected in ((MIDNIGHT - SECOND, []), (MIDNIGHT, [secretary.member_id])):
        with clock.at(moment):
            found = members.holders(Role.COMMUNITY_SECRETARY, area_id=community.id)
            assert session.scalars(found).all() == expected


def test_a_session_ends_with_the_moment_it_names(session: Session, make: Make) -> None:
    terms = {"expires_at": MIDNIGHT, "extended_at": MIDNIGHT, "ends_at": MIDNIGHT}
    account = make.account()
    digest = crypto.token_hash("token")
    session.add(LoginSession(account_id=account.id, token_hash=digest, **terms))
    session.flush()
    with clock.at(MIDNIGHT - timedelta(microseconds=1)):
        assert acting.actor_of(session, "token").account_id == account.id
    with clock.at(MIDNIGHT), pytest.raises(Unauthenticated):
        acting.actor_of(session, "token")


def test_services_are_certified_to_this_day() -> None:
    """Not to tomorrow, whatever day it is in Greenwich."""
    check = certificates._check_period
    with clock.at(MIDNIGHT):
        check(Period(MIDNIGHT.date(), MIDNIGHT.date()))
        with pytest.raises(Invalid, match="不能晚于今天"):
            check(Period(LAST_DAY, MIDNIGHT.date() + timedelta(days=1)))
    with clock.at(MIDNIGHT - SECOND), pytest.raises(Invalid, match="不能晚于今天"):
        check(Period(LAST_DAY, MIDNIGHT.date()))


def test_leave_is_asked_for_until_the_meeting_is_over(session: Session, make: Make) -> None:
    branch = make.branch()
    make.branch_secretary(branch)
    row = make.meeting(branch, starts_at=MIDNIGHT - timedelta(hours=1), ends_at=MIDNIGHT)
    early, late = (make.actor(make.member(branch)) for _ in range(2))
    given = {"meeting_id": row.id, "reason": AbsenceReason.ILLNESS}
    with clock.at(MIDNIGHT - SECOND):
        assert leave.ask(session, actor=early, **given)[1] is True  # type: ignore[arg-type]  # as named
    with clock.at(MIDNIGHT), pytest.raises(Conflict, match="meeting_over"):
        leave.ask(session, actor=late, **given)  # type: ignore[arg-type]  # as named


def waiting(session: Session, make: Make) -> CommunityRegistration:
    """A registration that is to be answered by the last day of the year."""
    row = CommunityRegistration(
        member_id=make.member().id,
        community_id=make.community().id,
        kind=RegistrationKind.PRIMARY,
        status=RegistrationStatus.SUBMITTED,
        submitted_at=MIDNIGHT - timedelta(days=5),
        answer_due_on=LAST_DAY,
    )
    session.add(row)
    session.flush()
    return row


def test_an_answer_is_owed_to_the_end_of_its_day(session: Session, make: Make) -> None:
    waiting(session, make)
    for moment, overdue in ((MIDNIGHT - SECOND, False), (MIDNIGHT, True)):
        with clock.at(moment):
            asked = sa.select(CommunityRegistration.id).where(registrations.is_overdue())
            assert bool(session.scalars(asked).all()) is overdue


def test_a_reply_to_feedback_is_waited_for_to_the_end_of_its_day(
    session: Session, make: Make
) -> None:
    registration = waiting(session, make)
    row = ConductFeedback(
        registration_id=registration.id,
        member_id=registration.member_id,
        community_id=registration.community_id,
        year=2026,
        services=1,
        minutes=60,
        categories=[],
        projects=0,
        comment="热心",
        status=FeedbackStatus.AWAITING_REPLY,
        written_by=1,
        written_at=MIDNIGHT - timedelta(days=5),
        reply_due_on=LAST_DAY,
    )
    session.add(row)
    session.flush()
    for moment, due in ((MIDNIGHT - SECOND, []), (MIDNIGHT, [row])):
        with clock.at(moment):
            assert session.scalars(feedback.to_be_handed_over(clock.today())).all() == due
