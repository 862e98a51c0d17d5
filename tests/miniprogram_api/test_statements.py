"""How many statements an endpoint runs, whatever the length of its list."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.areas.models import Area
from backend.attachments import carried
from backend.attachments.models import AttachmentStatus
from backend.certificates.models import CertificateStatus, ServiceCertificate
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.settings import Settings
from backend.duties.rulepack import RulePack
from backend.meetings import attendance as meeting_attendance
from backend.meetings.leave import service as leave
from backend.meetings.models import (
    AbsenceReason,
    AttendanceRecord,
    AttendanceStatus,
    MeetingStatus,
)
from backend.meetings.voting import service as voting
from backend.meetings.voting.arithmetic import Count
from backend.meetings.voting.models import DecisionKind
from backend.meetings.voting.service import Vote
from backend.members.models import Member
from backend.organizations.models import Unit
from backend.projects import claims
from backend.registrations import requests
from backend.registrations import service as registrations
from backend.registrations.models import CommunityRegistration, PauseReason, RegistrationKind
from backend.unit_registrations import service as units
from backend.unit_registrations.models import ResourceKind, UnitRegistration
from backend.unit_registrations.service import Resource
from backend.volunteering import service as volunteering
from backend.volunteering.activities import attendance, sign_ups
from backend.volunteering.activities.models import AttendanceMark
from backend.volunteering.activities.roll import Line
from backend.volunteering.models import ServiceRecord
from miniprogram_api import compose
from miniprogram_api.app import create_app
from tests.backend.attachments.scene import image
from tests.backend.projects.demands import growing
from tests.backend.unit_registrations.scene import VENUE
from tests.factories import Make, service_facts
from tests.http_client import ApiClient


@contextmanager
def counted(connection: sa.Connection) -> Iterator[list[str]]:
    """Collect the statements that run within the block; savepoints are the tests' own."""
    seen: list[str] = []

    def note(*arguments: object) -> None:
        statement = str(arguments[2])
        if "SAVEPOINT" not in statement:
            seen.append(statement)

    sa.event.listen(connection, "before_cursor_execute", note)
    yield seen
    sa.event.remove(connection, "before_cursor_execute", note)


class City:
    """One of each role, and as much of everything as asked for."""

    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules, self.make = session, rules, make
        self.served = count(1, 2)  # Hours ago: nobody serves twice at one time.
        self.community = make.community()
        self.branch = make.branch(make.unit(self.community))
        assert self.branch.unit is not None or self.branch.unit_id is not None
        self.member = make.actor(make.member(self.branch, community_id=self.community.id))
        residents = make.branch(area_id=self.community.id, unit_id=None)
        self.resident = make.actor(make.member(residents))
        self.visitor = self.somebody()
        self.secretary = make.community_secretary(self.community)
        self.branch_secretary = make.branch_secretary(self.branch)
        self.contact = make.unit_contact(self.branch)
        self.officer = make.officer(Role.CITY_OFFICER, make.city())
        self.ids = {"branch": self.branch.id, "meeting": make.meeting(self.branch).id}
        self.ids["activity"] = make.activity(self.community, (clock.now(), 50)).id
        make.member_unit(session.get_one(Unit, self.branch.unit_id))

    def grow(self, by: int) -> None:
        for _ in range(by):
            self.make.meeting(self.branch)
            self.make.seat(self.branch)
            self.make.exemption(self.make.member(self.branch))
            self.ids["material"] = self.make.material(self.branch).id
            self._miss_meetings(self.make.member(self.branch))
            self.make.member(self.branch, group_id=self.make.group(self.branch).id)
            self._attend(self.make.actor(self.make.member(self.branch)))
            self._leave(self.make.actor(self.make.member(self.branch)))
            self._register(self.make.actor(self.make.member(self.branch)))
            self._ask(self.make.actor(self.make.member(self.branch)))
            self._serve(self.member)
            self._illustrate(self.member)
            self._take_part(self.make.actor(self.make.member(community_id=self.community.id)))
            self._register_a_unit()
            self._certify(self.make.actor(self.make.member(community_id=self.community.id)))
            self._certify(self.member)
            self.ids |= growing.grow(self, self.somebody())
            project = self.make.project(self.community)
            self.ids["project"] = project.id
            claims.claim(
                self.session,
                self.rules,
                actor=self.contact,
                project_id=project.id,
                unit_id=self.branch.unit_id,
                note="",
            )
            claims.claim(
                self.session,
                self.rules,
                actor=self.member,
                project_id=project.id,
                unit_id=None,
                note="",
            )
            self.make.community(self.make.township())
        self.session.flush()
        self.session.expunge_all()

    def somebody(self) -> Actor:
        """Signed in, and on no roster."""
        return Actor(self.make.account().id, consented=True)

    def _miss_meetings(self, member: Member) -> None:
        began = clock.now() - timedelta(days=130)
        values = {"starts_at": began, "ends_at": began + timedelta(hours=1)}
        closed = {"status": MeetingStatus.CLOSED, "closing_hash": "0" * 64}
        meeting = self.make.meeting(self.branch, **values, **closed)
        absent = AttendanceStatus.ABSENT
        self.session.add(
            AttendanceRecord(meeting_id=meeting.id, member_id=member.id, status=absent)
        )

    def _ask(self, actor: Actor) -> None:
        row = self._register(actor)
        registrations.accept(self.session, actor=self.secretary, registration_id=row.id)
        requests.pause(
            self.session,
            self.rules,
            actor=actor,
            registration_id=row.id,
            reason_code=PauseReason.POSTING,
        )

    def _register(self, actor: Actor) -> CommunityRegistration:
        return registrations.submit(
            self.session,
            self.rules,
            actor=actor,
            community_code=self.community.code,
            kind=RegistrationKind.PRIMARY,
            skills=[],
            interests=[],
            availability="",
        )

    def _certify(self, actor: Actor) -> None:
        today = clock.today()
        certificate = ServiceCertificate(
            member_id=actor.member_id,
            community_id=self.community.id,
            period_from=today,
            period_to=today,
            status=CertificateStatus.ISSUED,
            services=1,
            minutes=60,
            number=secrets.token_hex(8),
            issuer="居民委员会",
            issued_on=today,
        )
        self.session.add(certificate)

    def _register_a_unit(self) -> None:
        community = self.make.community()
        for unit, actor, place in (
            (self.branch.unit_id, self.contact, community),
            self._other_unit(),
        ):
            self._offer(unit, actor, place)
        receiver = self.make.community()
        row = self._offer(self.branch.unit_id, self.contact, receiver)
        secretary = self.make.community_secretary(receiver)
        units.accept(self.session, actor=secretary, registration_id=row.id)

    def _offer(self, unit_id: int | None, actor: Actor, place: Area) -> UnitRegistration:
        return units.submit(
            self.session,
            actor=actor,
            unit_id=unit_id or 0,
            receiver_code=place.code,
            plan="每季度开展一次义诊",
            resources=[Resource(ResourceKind.VENUE, "会议室"), VENUE],
        )

    def _other_unit(self) -> tuple[int | None, Actor, Area]:
        branch = self.make.branch()
        return branch.unit_id, self.make.unit_contact(branch), self.community

    def _illustrate(self, actor: Actor) -> None:
        for record in self.session.scalars(sa.select(ServiceRecord)):
            held = image(self.session, actor, AttachmentStatus.HELD)
            carried.attach(
                self.session,
                actor=actor,
                ids=[held.id],
                subject=record.as_subject,
                area_id=record.community_id,
            )
            self.ids["attachment"] = held.id

    def _take_part(self, actor: Actor) -> None:
        coming = self.make.activity(self.community)
        for who, activity_id in ((actor, self.ids["activity"]), (self.member, coming.id)):
            sign_ups.sign_up(
                self.session,
                actor=who,
                activity_id=activity_id,
                shift_ids=None,
                override_clash=True,
                is_volunteer_service=False,
            )
        attendance.write_list(
            self.session,
            self.rules,
            self.make.keys,
            actor=self.secretary,
            activity_id=self.ids["activity"],
            lines=[Line(AttendanceMark.PRESENT, member_id=actor.member_id)],
        )

    def _attend(self, actor: Actor) -> None:
        self.make.settle(self.branch)
        meeting_attendance.attend(self.session, actor=actor, meeting_id=self.ids["meeting"])

    def _leave(self, actor: Actor) -> None:
        """Ask to be excused, and put something to the vote and into the minutes."""
        self.make.settle(self.branch)
        meeting_id = self.ids["meeting"]
        leave.ask(self.session, actor=actor, meeting_id=meeting_id, reason=AbsenceReason.WORK)
        vote = Vote("决议", Count(DecisionKind.ORDINARY))
        voting.record(self.session, actor=self.branch_secretary, meeting_id=meeting_id, vote=vote)

    def _serve(self, actor: Actor) -> None:
        begin = clock.now() - timedelta(hours=2 + next(self.served))
        record = volunteering.submit(
            self.session,
            self.rules,
            actor=actor,
            community_code=self.community.code,
            facts=service_facts(begin),
            is_volunteer_service=False,
        )
        self.ids["record"] = record.id


QUESTIONS = [
    ("member", "/me", 7),
    ("member", "/me/duties", 9),
    ("member", "/me/duties/2k/evidence", 7),
    ("resident", "/me/duties", 9),
    ("resident", "/me/duties/2k/evidence", 6),
    ("member", "/me/registrations", 4),
    ("member", "/me/service-records", 4),
    ("member", "/me/feedback", 3),
    ("secretary", "/feedback-notes", 3),
    ("branch_secretary", "/feedback-notes", 3),
    ("member", "/me/certificates", 3),
    ("secretary", "/certificates?status=issued&with_total=true", 4),
    ("member", "/me/meetings", 3),
    ("member", "/me/claims", 3),
    ("member", "/me/notifications", 3),
    ("member", "/areas", 3),
    ("member", "/projects", 3),
    ("secretary", "/registrations", 4),
    ("secretary", "/registrations?overdue=true", 4),
    ("branch_secretary", "/registrations?of_own_branch=true", 4),
    ("secretary", "/registration-requests", 3),
    ("secretary", "/registration-requests?status=submitted&decidable=true&with_total=true", 4),
    ("secretary", "/service-records", 4),
    ("secretary", "/service-records/{record}", 6),
    ("secretary", "/claims", 3),
    ("secretary", "/text-checks", 3),
    ("member", "/activities", 4),
    ("member", "/activities?status=published&with_total=true", 5),
    ("member", "/activities/{activity}", 5),
    ("member", "/me/sign-ups", 3),
    ("secretary", "/activities/{activity}/attendance", 6),
    ("member", "/me/message-grants", 3),
    ("member", "/attachments", 3),
    ("member", "/attachments/{attachment}", 3),
    ("secretary", "/attachments?status=held&decidable=true&with_total=true", 4),
    ("contact", "/me/claims", 3),
    ("contact", "/me/unit-registrations", 4),
    ("secretary", "/unit-registrations?decidable=true&status=submitted&with_total=true", 5),
    ("contact", "/me/duties/2h/evidence", 7),
    ("member", "/units?q=单位", 3),
    ("branch_secretary", "/meetings", 3),
    ("branch_secretary", "/meetings/{meeting}", 10),
    ("member", "/meetings/{meeting}", 9),
    ("branch_secretary", "/meetings/{meeting}/minutes", 5),
    ("branch_secretary", "/leave-requests?decidable=true&status=submitted&with_total=true", 4),
    ("member", "/leave-requests", 3),
    ("branch_secretary", "/organizations/{branch}/members", 3),
    ("member", "/organizations/{branch}/committee", 5),
    ("branch_secretary", "/organizations/{branch}/committee", 6),
    ("branch_secretary", "/organizations/{branch}/groups", 6),
    ("member", "/organizations/{branch}/organizational-life", 6),
    ("branch_secretary", "/organizations/{branch}/attendance-exemptions", 3),
    ("branch_secretary", "/organizations/{branch}/absence-alerts", 3),
    ("member", "/learning-materials", 3),
    ("member", "/learning-materials/{material}", 4),
    ("branch_secretary", "/me/duties/1a/evidence", 6),
    ("contact", "/me/duties/12g/evidence", 6),
    ("secretary", "/registrations?decidable=true&status=submitted&with_total=true", 5),
    ("secretary", "/claims?project_id={project}", 3),
    ("officer", "/projects?decidable=true", 3),
    ("member", "/projects/{project}", 3),
    ("secretary", "/claims?decidable=true&status=submitted&with_total=true", 4),
    ("branch_secretary", "/link-applications", 3),
    ("officer", "/registrations", 4),
    ("officer", "/registration-requests", 3),
    ("officer", "/statistics/duties?area_code=460100&rule_id=2k", 6),
    ("officer", "/statistics/duties?area_code=460100&rule_id=2i", 5),
    ("officer", "/statistics/duties/1a/subjects?area_code=460100", 6),
    ("officer", "/statistics/duties/12f/subjects?area_code=460100", 6),
    ("officer", "/statistics/areas/460100", 19),
    ("visitor", "/demands?with_total=true", 3),
    ("visitor", "/demands/{demand}", 2),
    ("visitor", "/me/demands", 2),
    ("contact", "/me/demands", 3),
    ("secretary", "/demands?decidable=true&status=submitted&with_total=true", 4),
    ("visitor", "/demand-lists", 2),
    ("visitor", "/demand-lists/{list}", 3),
    ("visitor", "/resources", 2),
    ("member", "/duty-rules", 2),
]


Asked = dict[tuple[str, str], tuple[list[str], list[str]]]


@pytest.fixture(scope="module")
def asked(engine: sa.Engine, settings: Settings, keys: Crypto, rules: RulePack) -> Iterator[Asked]:
    """Ask everything of a city with little in it, then of the same city grown, which takes long.

    What a question ran is missing where it was not answered.
    """
    with engine.connect() as connection, connection.begin() as transaction:
        database = Database(connection)
        app = create_app(database, compose.services_for(settings, database))
        app.testing = True
        with database.transaction() as session:
            client = ApiClient(app, session, keys)
            city = City(session, rules, Make(session, keys))
            rounds = []
            for growth in (1, 9):
                city.grow(growth)
                rounds.append(_ask_all(client, city, connection))
        yield {key: (rounds[0][key], rounds[1][key]) for key in rounds[0].keys() & rounds[1].keys()}
        transaction.rollback()


def _ask_all(
    client: ApiClient, city: City, connection: sa.Connection
) -> dict[tuple[str, str], list[str]]:
    ran = {}
    for who, path, _most in QUESTIONS:
        actor = getattr(city, who)
        client.token(actor)
        with counted(connection) as statements:
            if client.status("GET", path.format(**city.ids), as_=actor) == 200:
                ran[who, path] = statements
    return ran


@pytest.mark.parametrize(("who", "path", "most"), QUESTIONS)
def test_a_longer_list_takes_no_more_statements(
    asked: Asked, who: str, path: str, most: int
) -> None:
    short, long = asked[who, path]

    assert len(short) == len(long), long
    assert len(long) <= most, long
