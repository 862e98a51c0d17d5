"""The registration of one unit in the made-up year, renewed in January."""

from datetime import date

from backend.city.demo.agenda import Agenda, ago, at_hour
from backend.city.demo.cast import City
from backend.community.unit_registrations import service
from backend.community.unit_registrations.models import ResourceKind
from backend.community.unit_registrations.resources import Resource
from backend.core import clock
from backend.people.areas.models import Area
from backend.people.organizations.models import Organization

PLAN = "每季度组织一次志愿服务，派员参加社区议事，会议室向居民开放。"
RESOURCES = (
    Resource(ResourceKind.VENUE, "多功能会议室", "可容纳60人", "工作日晚间和周末"),
    Resource(ResourceKind.PEOPLE, "党员志愿者", "15名", "周末"),
    Resource(ResourceKind.EXPERTISE, "政策咨询和法律解答", "", "每月第一个周六"),
)


class UnitLife:
    """Most units have registered and renewed; one waits for its receiver, one has yet to renew.

    The demo people's own unit has not registered.
    """

    def __init__(self, city: City, agenda: Agenda, branch: Organization, community: Area) -> None:
        self._city, self._agenda = city, agenda
        self._unit_id, self._community = branch.unit_id, community
        self._contact = city.contacts[branch.id]
        self._number = city.branches.index(branch)

    def begin(self) -> None:
        if self._number == 0 or self._unit_id is None:
            return
        days = 3 if self._number == 5 else 340 - self._number
        self._agenda.at(ago(days, 10), self._register)

    def _register(self) -> None:
        registration = service.submit(
            self._city.session,
            actor=self._contact,
            said=service.Submission(
                unit_id=self._unit_id or 0,
                receiver_code=self._community.code,
                plan=PLAN,
                resources=RESOURCES,
            ),
        )
        if self._number != 5:
            self._agenda.at(at_hour(clock.today(), 16), lambda: self._accept(registration.id))

    def _accept(self, registration_id: int) -> None:
        service.accept(
            self._city.session,
            self._city.rules,
            actor=self._city.secretaries[self._community.id],
            registration_id=registration_id,
        )
        new_year = date(clock.today().year + 1, 1, 2)
        self._agenda.at(at_hour(new_year, 9), lambda: self._renew(registration_id))

    def _renew(self, registration_id: int) -> None:
        service.let_fall_due(self._city.session)
        if self._number != 7:
            service.renew(
                self._city.session,
                self._city.rules,
                actor=self._contact,
                registration_id=registration_id,
            )
