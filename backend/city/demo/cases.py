"""What seldom happens, once each: a pause, a paper slip, somebody who lives elsewhere, a dispute.

Four people of the first branch live it. They come when they are needed and draw nothing, so that
the rest of the year is the same with them and without.
"""

from datetime import date, timedelta

from backend.city.demo.agenda import Act, Agenda, ago, at_hour
from backend.city.demo.cast import City, actor_for
from backend.community.registrations import assisted as slips
from backend.community.registrations import requests
from backend.community.registrations import service as registrations
from backend.community.registrations.applying import Application, Slip
from backend.community.registrations.models import PauseReason, ResidenceBasis
from backend.community.volunteering import assisted as service_slips
from backend.community.volunteering import service as volunteering
from backend.community.volunteering.facts import Facts
from backend.community.volunteering.models import ServiceCategory
from backend.core import clock
from backend.core.actor import Actor
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.people.organizations.models import Organization
from backend.support.attachments import service as attachments
from backend.support.attachments.store import Store

LONG_AGO = date(2020, 1, 1)
PAUSED, ON_PAPER, ELSEWHERE, DISPUTES = "韩志刚", "吴秀兰", "许建业", "丁慧兰"
SLIP_NO, SERVICE_SLIP_NO = "报2026-001", "服2026-001"
CARE = "陪行动不便的老人去社区卫生站"


class Cases:
    def __init__(
        self, city: City, agenda: Agenda, branch: Organization, community: Area, store: Store | None
    ) -> None:
        self._city, self._agenda, self._store = city, agenda, store
        self._branch, self._community = branch, community
        self._secretary = city.secretaries[community.id]

    def begin(self) -> None:
        self._agenda.at(ago(150, 9), self._comes_to_be_paused)
        self._agenda.at(ago(95, 10), self._hands_in_a_slip)
        self._agenda.at(ago(40, 9), self._serves_and_disputes)
        if self._store is not None:
            store = self._store
            self._agenda.at(ago(70, 10), lambda: self._lives_elsewhere(store))

    def _then(self, days: int, hour: int, act: Act) -> None:
        self._agenda.at(at_hour(clock.today() + timedelta(days=days), hour), act)

    def _member(self, name: str) -> tuple[Member, str]:
        """Return somebody new on the roster, and the number nobody can dial."""
        city, phone = self._city, f"{10_000_000_000 + next(self._city.numbers)}"
        member = Member(
            name=name,
            phone_encrypted=city.keys.encrypt(phone, purpose="member.phone"),
            phone_hash=city.keys.lookup(phone, purpose="member.phone"),
            branch_id=self._branch.id,
            unit_id=self._branch.unit_id,
            unit_since=LONG_AGO,
        )
        city.session.add(member)
        city.session.flush()
        return member, phone

    def _registered(self, name: str) -> tuple[Actor, int]:
        """Return somebody whom the community has received, and the registration's id."""
        member, _ = self._member(name)
        actor = actor_for(self._city, member)
        row = registrations.submit(
            self._city.session,
            self._city.rules,
            actor=actor,
            said=Application(community_code=self._community.code, availability="周末"),
        )
        registrations.accept(
            self._city.session, self._city.rules, actor=self._secretary, registration_id=row.id
        )
        return actor, row.id

    def _comes_to_be_paused(self) -> None:
        """Posted elsewhere for a while: the member asks, the secretary confirms."""
        actor, id_ = self._registered(PAUSED)
        session, rules = self._city.session, self._city.rules

        def pause(who: Actor, reason: PauseReason | None) -> None:
            requests.pause(
                session,
                rules,
                actor=who,
                registration_id=id_,
                said=requests.Asking(reason),
            )

        self._then(90, 9, lambda: pause(actor, PauseReason.POSTING))
        self._then(91, 10, lambda: pause(self._secretary, None))

    def _hands_in_a_slip(self) -> None:
        """Without a smartphone: the registration and a service are entered from paper."""
        city, (_, phone) = self._city, self._member(ON_PAPER)
        slips.register(
            city.session,
            city.rules,
            city.keys,
            actor=self._secretary,
            said=Slip(
                name=ON_PAPER,
                phone=phone,
                slip_no=SLIP_NO,
                community_code=self._community.code,
                skills=["文艺"],
                availability="上午",
            ),
        )
        self._then(30, 16, lambda: self._serves_on_paper(phone))

    def _serves_on_paper(self, phone: str) -> None:
        city = self._city
        service_slips.enter(
            city.session,
            city.rules,
            city.keys,
            actor=self._secretary,
            said=service_slips.Slip(
                community_code=self._community.code,
                facts=_facts(9, hours=2),
                name=ON_PAPER,
                phone=phone,
                slip_no=SERVICE_SLIP_NO,
            ),
        )

    def _lives_elsewhere(self, store: Store) -> None:
        """Outside the city: with the receipt of the community there, judged by the home branch."""
        city, (member, _) = self._city, self._member(ELSEWHERE)
        actor = actor_for(city, member)
        receipt = attachments.upload(
            city.session,
            store,
            actor=actor,
            name="报到回执.pdf",
            data=_receipt(),
            checked_by_wechat=False,
        )
        row = registrations.submit(
            city.session,
            city.rules,
            actor=actor,
            said=Application(
                community_code=None,
                basis=ResidenceBasis.EXTERNAL,
                external_place="广东省湛江市海滨社区",
                attachment_ids=[receipt.id],
            ),
        )
        judge = city.branch_secretaries[self._branch.id]

        def accept() -> None:
            registrations.accept(city.session, city.rules, actor=judge, registration_id=row.id)

        self._then(2, 11, accept)

    def _serves_and_disputes(self) -> None:
        """Confirmed, then contested by the member; it waits for the community."""
        actor, _ = self._registered(DISPUTES)
        city = self._city

        def serve() -> None:
            record = volunteering.submit(
                city.session,
                city.rules,
                actor=actor,
                said=volunteering.Logging(
                    community_code=self._community.code, facts=_facts(8, hours=1)
                ),
            )
            volunteering.confirm(
                city.session, city.rules, actor=self._secretary, record_id=record.id
            )
            self._then(3, 9, lambda: dispute(record.id))

        def dispute(record_id: int) -> None:
            volunteering.dispute(
                city.session,
                actor=actor,
                record_id=record_id,
                reason="当天服务到十一点，少记了两小时，请核对签到名单。",
            )

        self._then(35, 18, serve)


def _facts(hour: int, *, hours: int) -> Facts:
    """Return what was done today."""
    begin = at_hour(clock.today(), hour)
    return Facts(ServiceCategory.CARE, CARE, begin, begin + timedelta(hours=hours), break_min=0)


def _receipt() -> bytes:
    """Draw what stands for the other community's paper."""
    from fpdf import FPDF  # as where our own pages are drawn

    paper = FPDF()
    paper.add_page()
    paper.set_font("helvetica", size=20)
    paper.cell(text="Receipt (demo)")
    return bytes(paper.output())
