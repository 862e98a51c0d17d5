"""A member registered with a community, its secretary, and the home branch."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.community.conduct_feedback import service
from backend.community.conduct_feedback.models import ConductFeedback
from backend.community.registrations import service as registrations
from backend.community.registrations.applying import Application
from backend.community.registrations.models import CommunityRegistration
from backend.community.volunteering import service as volunteering
from backend.community.volunteering.models import ServiceRecord
from backend.core import clock
from backend.core.actor import Actor
from backend.ledger.rulepack import RulePack
from tests.factories import Make, service_facts

NOW = datetime(2026, 12, 1, 10, tzinfo=clock.SHANGHAI)


class Scene:
    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules, self.make = session, rules, make
        self.community = make.community()
        self.secretary = make.community_secretary(self.community)
        self.branch = make.branch()
        self.branch_secretary = make.branch_secretary(self.branch)
        self.member = make.actor(make.member(self.branch))
        self.registration = self.register(self.member)

    def register(self, member: Actor) -> CommunityRegistration:
        return registrations.submit(
            self.session,
            self.rules,
            actor=member,
            said=Application(community_code=self.community.code),
        )

    def accept(self, row: CommunityRegistration | None = None) -> None:
        registrations.accept(
            self.session,
            self.rules,
            actor=self.secretary,
            registration_id=(row or self.registration).id,
        )

    def serve(self, begin: datetime, minutes: int = 60) -> ServiceRecord:
        record = volunteering.submit(
            self.session,
            self.rules,
            actor=self.member,
            said=volunteering.Logging(
                community_code=self.community.code, facts=service_facts(begin, minutes=minutes)
            ),
        )
        return volunteering.confirm(
            self.session, self.rules, actor=self.secretary, record_id=record.id
        )

    def write(self, year: int = 2026, actor: Actor | None = None) -> ConductFeedback:
        return service.write(
            self.session,
            actor=actor or self.secretary,
            registration_id=self.registration.id,
            said=service.Note(year=year, comment="积极参加社区服务。"),
        )

    def reply(self, note: ConductFeedback, text: str = "") -> ConductFeedback:
        return service.reply(self.session, actor=self.member, note_id=note.id, reply=text)
