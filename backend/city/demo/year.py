"""One year of mixed records, written by the same services that write real ones."""

from datetime import timedelta

import sqlalchemy as sa

from backend.city.demo.activity_life import ActivityLife
from backend.city.demo.agenda import Agenda, ago, at_hour
from backend.city.demo.branch_life import BranchLife
from backend.city.demo.cases import Cases
from backend.city.demo.cast import City, actor_for
from backend.city.demo.demand_life import DemandLife
from backend.city.demo.project_cases import ProjectCases
from backend.city.demo.project_life import ProjectLife
from backend.city.demo.unit_life import UnitLife
from backend.community.registrations import service as registrations
from backend.community.registrations.applying import Application
from backend.community.volunteering import service as volunteering
from backend.community.volunteering.facts import Facts
from backend.community.volunteering.models import ServiceCategory
from backend.core import clock
from backend.core.errors import Conflict
from backend.people.areas.models import Area
from backend.people.members import queries as members
from backend.people.members.models import Member
from backend.support.attachments.store import Store
from backend.support.notifications.models import Notification

SERVICES = {
    ServiceCategory.ENVIRONMENT: "清理楼道杂物，整治小区环境",
    ServiceCategory.CARE: "看望独居老人，帮助采买生活用品",
    ServiceCategory.SAFETY: "参加夜间治安巡逻",
    ServiceCategory.EDUCATION: "为社区儿童辅导课业",
    ServiceCategory.CULTURE: "协助组织社区文艺活动",
    ServiceCategory.HEALTH: "协助开展义诊和健康宣传",
    ServiceCategory.GOVERNANCE: "参与小区议事会记录和走访",
}
SKILLS = ("摄影", "维修", "法律", "医疗", "文艺", "教育")
READ_WITHIN = timedelta(days=7)


def record_a_year(city: City, store: Store | None) -> None:
    """Let the city live from a year ago until today, in the order of time.

    None of the demo people who can sign in has registered, served or claimed; the others have.
    """
    agenda = Agenda()
    untouched = {member.id for member in city.demo.values()}
    for branch, community in zip(city.branches, city.communities, strict=True):
        everybody = city.session.scalars(members.active_members_of(branch.id)).all()
        crew = [member for member in everybody if member.id not in untouched]
        for member in crew:
            MemberLife(city, agenda, member, community).begin()
        BranchLife(city, agenda, branch, everybody).begin()
        ProjectLife(city, agenda, branch, community, crew).begin()
        if branch is city.branches[0]:
            ProjectCases(city, agenda, community, crew).begin()
        UnitLife(city, agenda, branch, community).begin()
        ActivityLife(city, agenda, branch, community, crew).begin()
    DemandLife(city, agenda, city.branches[0], city.communities[0]).begin()
    Cases(city, agenda, city.branches[0], city.communities[0], store).begin()
    agenda.run(until=clock.now())
    _read_old_news(city)


def _read_old_news(city: City) -> None:
    """People look into their inbox within a week."""
    city.session.execute(
        sa.update(Notification)
        .where(Notification.created_at < clock.now() - READ_WITHIN)
        .values(read_at=Notification.created_at + READ_WITHIN)
    )


class MemberLife:
    """Most register and are accepted; some wait, some are returned, some do nothing."""

    def __init__(self, city: City, agenda: Agenda, member: Member, community: Area) -> None:
        self._city, self._agenda = city, agenda
        self._member, self._community = member, community
        self._secretary = city.secretaries[community.id]

    def begin(self) -> None:
        random, dice = self._city.random, self._city.random.random()
        if dice < 0.12 or self._secretary.member_id == self._member.id:
            return
        days = random.randint(1, 8) if dice > 0.92 else random.randint(200, 360)
        self._agenda.at(ago(days, 10), lambda: self._register(dice))

    def _register(self, dice: float) -> None:
        registration = registrations.submit(
            self._city.session,
            self._city.rules,
            actor=actor_for(self._city, self._member),
            said=Application(
                community_code=self._community.code,
                skills=self._city.random.sample(SKILLS, 2),
                availability="周末",
            ),
        )
        if dice <= 0.92:
            answer = self._return if dice > 0.89 else self._accept
            self._agenda.at(at_hour(clock.today(), 16), lambda: answer(registration.id))

    def _return(self, registration_id: int) -> None:
        registrations.send_back(
            self._city.session,
            self._city.rules,
            actor=self._secretary,
            registration_id=registration_id,
            reason="请补充可参加服务的时间",
        )

    def _accept(self, registration_id: int) -> None:
        registrations.accept(
            self._city.session,
            self._city.rules,
            actor=self._secretary,
            registration_id=registration_id,
        )
        for _ in range(self._city.random.choice((0, 1, 2, 2, 2, 3, 4))):
            self._plan_service()

    def _plan_service(self) -> None:
        """Some day in the half year after; the member logs it half an hour after the end."""
        random = self._city.random
        day = clock.today() + timedelta(days=random.randint(5, 195))
        begin = at_hour(day, random.randint(8, 17))
        end = begin + timedelta(hours=random.randint(1, 3))
        category = random.choice(list(SERVICES))

        def serve() -> None:
            wished, dice = random.random() < 0.5, random.random()
            try:
                record = volunteering.submit(
                    self._city.session,
                    self._city.rules,
                    actor=actor_for(self._city, self._member),
                    said=volunteering.Logging(
                        community_code=self._community.code,
                        facts=Facts(category, SERVICES[category], begin, end, break_min=0),
                        is_volunteer_service=wished,
                    ),
                )
            except Conflict:  # has served in those hours already
                return
            if dice > 0.06:
                answer = at_hour(day + timedelta(days=2), 9)
                self._agenda.at(answer, lambda: self.decide(record.id, dice))

        self._agenda.at(end + timedelta(minutes=30), serve)

    def decide(self, record_id: int, dice: float) -> None:
        """Nearly all of it is confirmed; a little is returned or turns out to be wrong."""
        session, rules, secretary = self._city.session, self._city.rules, self._secretary
        if dice < 0.09:
            self._ask_again(record_id, "请补充服务地点")
            return
        try:
            volunteering.confirm(session, rules, actor=secretary, record_id=record_id)
        except Conflict:  # a list written since has them elsewhere in those hours
            self._ask_again(record_id, "同一时间的活动签到名单上已有您，请核对服务时间")
            return
        if dice > 0.985:
            volunteering.void(
                session, rules, actor=secretary, record_id=record_id, reason="与签到名单不符"
            )

    def _ask_again(self, record_id: int, reason: str) -> None:
        volunteering.send_back(
            self._city.session, actor=self._secretary, record_id=record_id, reason=reason
        )
