"""A unit with its contact, a community and a street that receive."""

from sqlalchemy.orm import Session

from backend.community.unit_registrations import service
from backend.community.unit_registrations.models import ResourceKind, UnitRegistration
from backend.community.unit_registrations.resources import Resource
from backend.core.actor import Actor, Role
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.people.organizations.models import Unit
from tests import ledger
from tests.factories import Make

VENUE = Resource(ResourceKind.VENUE, "会议室一间", "可容纳40人", "工作日晚间")


class Scene:
    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules, self.make = session, rules, make
        self.community = make.community()
        self.street = session.get_one(Area, self.community.township_id)
        self.branch = make.branch(make.unit(self.community, name="城市服务局"))
        assert self.branch.unit_id is not None
        self.unit = session.get_one(Unit, self.branch.unit_id)
        self.contact = make.unit_contact(self.branch)
        self.secretary = make.community_secretary(self.community)
        self.officer = make.officer(Role.STREET_OFFICER, self.street)

    def submit(self, receiver: Area | None = None, actor: Actor | None = None) -> UnitRegistration:
        return service.submit(
            self.session,
            actor=actor or self.contact,
            said=service.Submission(
                unit_id=self.unit.id,
                receiver_code=(receiver or self.community).code,
                plan="每季度开展一次义诊",
                resources=[VENUE],
            ),
        )

    def accept(self, row: UnitRegistration, by: Actor | None = None) -> UnitRegistration:
        return service.accept(
            self.session, self.rules, actor=by or self.secretary, registration_id=row.id
        )

    def differences(self) -> list[str]:
        return ledger.differences(self.session, self.rules)
