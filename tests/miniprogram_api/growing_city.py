"""A city that holds as much of everything as asked for."""

import secrets
from datetime import timedelta
from itertools import count

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.meetings import attendance as meeting_attendance
from backend.branch_life.meetings.leave import service as leave
from backend.branch_life.meetings.models import (
    AbsenceReason,
    AttendanceRecord,
    AttendanceStatus,
    MeetingStatus,
)
from backend.branch_life.meetings.voting import service as voting
from backend.branch_life.meetings.voting.arithmetic import Count
from backend.branch_life.meetings.voting.models import DecisionKind
from backend.branch_life.meetings.voting.service import Vote
from backend.community.certificates.models import CertificateStatus, ServiceCertificate
from backend.community.claims import service as claims
from backend.community.registrations import requests
from backend.community.registrations import service as registrations
from backend.community.registrations.applying import Application
from backend.community.registrations.models import (
    CommunityRegistration,
    PauseReason,
)
from backend.community.unit_registrations import service as units
from backend.community.unit_registrations.models import ResourceKind, UnitRegistration
from backend.community.unit_registrations.resources import Resource
from backend.community.volunteering import kinds
from backend.community.volunteering import service as volunteering
from backend.community.volunteering.activities import attendance, sign_ups
from backend.community.volunteering.activities.models import AttendanceMark
from backend.community.volunteering.activities.places import Wish
from backend.community.volunteering.activities.roll import Line
from backend.community.volunteering.models import ServiceRecord
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.people.organizations.models import Unit
from backend.support.attachments import carried
from backend.support.attachments.models import AttachmentStatus
from tests.backend.community.demands import growing
from tests.backend.community.unit_registrations.scene import VENUE
from tests.backend.support.attachments.scene import image
from tests.factories import Make, service_facts


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
                said=claims.Claiming(self.branch.unit_id),
            )
            claims.claim(
                self.session,
                self.rules,
                actor=self.member,
                project_id=project.id,
                said=claims.Claiming(),
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
        registrations.accept(self.session, self.rules, actor=self.secretary, registration_id=row.id)
        requests.pause(
            self.session,
            self.rules,
            actor=actor,
            registration_id=row.id,
            said=requests.Asking(PauseReason.POSTING),
        )

    def _register(self, actor: Actor) -> CommunityRegistration:
        return registrations.submit(
            self.session,
            self.rules,
            actor=actor,
            said=Application(community_code=self.community.code),
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
        units.accept(self.session, self.rules, actor=secretary, registration_id=row.id)

    def _offer(self, unit_id: int | None, actor: Actor, place: Area) -> UnitRegistration:
        return units.submit(
            self.session,
            actor=actor,
            said=units.Submission(
                unit_id=unit_id or 0,
                receiver_code=place.code,
                plan="每季度开展一次义诊",
                resources=[Resource(ResourceKind.VENUE, "会议室"), VENUE],
            ),
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
                kind=kinds.RECORD_FILES,
                subject=record.as_subject,
                area_id=record.community_id,
            )
            self.ids["attachment"] = held.id

    def _take_part(self, actor: Actor) -> None:
        coming = self.make.activity(self.community)
        for who, activity_id in ((actor, self.ids["activity"]), (self.member, coming.id)):
            sign_ups.sign_up(
                self.session, actor=who, activity_id=activity_id, said=Wish(override_clash=True)
            )
        attendance.write_list(
            self.session,
            self.rules,
            self.make.keys,
            actor=self.secretary,
            activity_id=self.ids["activity"],
            said=attendance.Listing(
                lines=[Line(AttendanceMark.PRESENT, member_id=actor.member_id)]
            ),
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
            said=volunteering.Logging(
                community_code=self.community.code, facts=service_facts(begin)
            ),
        )
        self.ids["record"] = record.id
