"""One year of mixed records, written by the same services that write real ones."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as time_of_day

from backend.areas.models import Area
from backend.core import clock
from backend.core.actor import Actor
from backend.demo.cast import City, actor_for
from backend.meetings import service as meetings
from backend.meetings.models import AttendanceStatus, MeetingKind, MeetingMode
from backend.members import queries as members
from backend.members.models import Member
from backend.organizations.models import Organization
from backend.projects import claims
from backend.projects import service as projects
from backend.projects.models import ClaimantKind
from backend.registrations import service as registrations
from backend.registrations.models import RegistrationKind
from backend.volunteering import service as volunteering
from backend.volunteering.models import ServiceCategory

SERVICES = {
    ServiceCategory.ENVIRONMENT: "清理楼道杂物，整治小区环境",
    ServiceCategory.CARE: "看望独居老人，帮助采买生活用品",
    ServiceCategory.SAFETY: "参加夜间治安巡逻",
    ServiceCategory.EDUCATION: "为社区儿童辅导课业",
    ServiceCategory.CULTURE: "协助组织社区文艺活动",
    ServiceCategory.HEALTH: "协助开展义诊和健康宣传",
    ServiceCategory.GOVERNANCE: "参与小区议事会记录和走访",
}
PROJECTS = ("老旧楼道照明改造", "独居老人结对帮扶", "暑期儿童托管课堂", "小区停车秩序治理")
AGENDA = ["学习文件", "讨论支部工作", "通报党费收缴情况"]


def record_a_year(city: City) -> None:
    """Let the city live from a year ago until yesterday.

    None of the demo people who can sign in has done anything yet; the rest of the city has.
    """
    untouched = {member.id for member in city.demo.values()}
    for branch, community in zip(city.branches, city.communities, strict=True):
        crew = [
            member
            for member in city.session.scalars(members.active_members_of(branch.id)).all()
            if member.id not in untouched
        ]
        for member in crew:
            _register(city, member, community)
        _serve(city, crew, community)
        _meet(city, branch, crew)
        _work(city, branch, community)


def _on(days_ago: int, hour: int) -> datetime:
    """Return a moment of a past day in Shanghai."""
    day: date = clock.today() - timedelta(days=days_ago)
    return datetime.combine(day, time_of_day(hour), clock.SHANGHAI)


def _register(city: City, member: Member, community: Area) -> None:
    """Most register and are accepted; some wait, some are returned, some do nothing."""
    secretary, dice = city.secretaries[community.id], city.random.random()
    if dice < 0.12 or secretary.member_id == member.id:
        return
    days = city.random.randint(1, 8) if dice > 0.92 else city.random.randint(200, 360)
    with clock.at(_on(days, 10)):
        row = registrations.submit(
            city.session,
            city.rules,
            actor=actor_for(city, member),
            community_code=community.code,
            kind=RegistrationKind.PRIMARY,
            skills=city.random.sample(["摄影", "维修", "法律", "医疗", "文艺", "教育"], 2),
            interests=[],
            availability="周末",
        )
    if dice > 0.92:
        return
    with clock.at(_on(days, 16)):
        if dice > 0.89:
            registrations.send_back(
                city.session,
                actor=secretary,
                registration_id=row.id,
                reason="请补充可参加服务的时间",
            )
        else:
            registrations.accept(city.session, actor=secretary, registration_id=row.id)


def _serve(city: City, crew: list[Member], community: Area) -> None:
    """Registered members serve none to four times; nearly all of it is confirmed."""
    secretary = city.secretaries[community.id]
    for member in crew:
        if member.community_id is None:
            continue
        actor = actor_for(city, member)
        for _ in range(city.random.choice((0, 1, 2, 2, 2, 3, 4))):
            category = city.random.choice(list(SERVICES))
            days, hours = city.random.randint(3, 195), city.random.randint(1, 3)
            begin = _on(days, city.random.randint(8, 17))
            with clock.at(begin + timedelta(hours=hours, minutes=30)):
                record = volunteering.submit(
                    city.session,
                    actor=actor,
                    community_code=community.code,
                    category=category,
                    content=SERVICES[category],
                    started_at=begin,
                    ended_at=begin + timedelta(hours=hours),
                    break_min=0,
                    is_volunteer_service=city.random.random() < 0.5,
                )
            _decide(city, secretary, record.id, days)


def _decide(city: City, secretary: Actor, record_id: int, days: int) -> None:
    dice = city.random.random()
    if dice < 0.06:
        return
    with clock.at(_on(max(1, days - 2), 9)):
        if dice < 0.09:
            volunteering.send_back(
                city.session, actor=secretary, record_id=record_id, reason="请补充服务地点"
            )
            return
        volunteering.confirm(city.session, city.rules, actor=secretary, record_id=record_id)
        if dice > 0.985:
            volunteering.void(
                city.session,
                city.rules,
                actor=secretary,
                record_id=record_id,
                reason="与签到名单不符",
            )


def _meet(city: City, branch: Organization, crew: list[Member]) -> None:
    """A theme day a month and a member meeting a quarter, one of which may be forgotten."""
    secretary = city.branch_secretaries[branch.id]
    for days in range(350, 0, -30):
        _hold(city, branch, secretary, crew, days, MeetingKind.THEME_DAY, "主题党日")
    for days in (330, 240, 150, 60):
        if city.random.random() > 0.08:
            kind = MeetingKind.MEMBERS_ASSEMBLY
            _hold(city, branch, secretary, crew, days, kind, "支部党员大会")


def _hold(
    city: City,
    branch: Organization,
    secretary: Actor,
    crew: list[Member],
    days: int,
    kind: MeetingKind,
    title: str,
) -> None:
    begin, session = _on(days, 15), city.session
    with clock.at(begin - timedelta(days=3)):
        meeting = meetings.convene(
            session,
            actor=secretary,
            organization_id=branch.id,
            kind=kind,
            title=title,
            mode=MeetingMode.IN_PERSON,
            starts_at=begin,
            ends_at=begin + timedelta(hours=2),
            agenda=AGENDA,
            online=None,
        )
    pick: Callable[[], AttendanceStatus] = lambda: city.random.choices(  # noqa: E731  # one line
        list(AttendanceStatus), weights=(90, 7, 3)
    )[0]
    marks = {member.id: pick() for member in crew}
    with clock.at(begin + timedelta(hours=2, minutes=5)):
        meetings.write_list(session, actor=secretary, meeting_id=meeting.id, entries=marks)
        meetings.close(session, city.rules, actor=secretary, meeting_id=meeting.id)


def _work(city: City, branch: Organization, community: Area) -> None:
    """Two past projects, claimed by the unit more often than not, and one open today."""
    secretary, contact = city.secretaries[community.id], city.contacts[branch.id]
    for days in (220, 90):
        with clock.at(_on(days, 9)):
            project_id = _publish(city, secretary, community, places=1)
            if city.random.random() < 0.3:
                continue
            claim = claims.claim(
                city.session, actor=contact, project_id=project_id, unit_id=branch.unit_id, note=""
            )
        _carry_out(city, secretary, contact, claim.id, days)
    with clock.at(_on(2, 9)):
        _publish(city, secretary, community, places=city.random.randint(2, 6))


def _publish(city: City, secretary: Actor, community: Area, *, places: int) -> int:
    today = clock.today()
    project = projects.publish(
        city.session,
        actor=secretary,
        community_code=community.code,
        title=city.random.choice(PROJECTS),
        content="由社区收集居民需求后形成，欢迎单位和党员认领。",
        claimants=ClaimantKind.ANY,
        places=places,
        starts_on=today,
        ends_on=today + timedelta(days=75),
        claim_deadline=clock.now() + timedelta(days=30),
    )
    projects.open_for_claims(city.session, actor=secretary, project_id=project.id)
    return project.id


def _carry_out(city: City, secretary: Actor, contact: Actor, claim_id: int, days: int) -> None:
    session = city.session
    with clock.at(_on(days - 1, 10)):
        claims.accept(session, actor=secretary, claim_id=claim_id)
    with clock.at(_on(days - 5, 10)):
        claims.start(session, actor=contact, claim_id=claim_id)
    with clock.at(_on(days - 40, 10)):
        claims.deliver(
            session,
            actor=contact,
            claim_id=claim_id,
            summary="已按约定完成，居民反映良好。",
            delivered_on=clock.today(),
        )
    if city.random.random() < 0.85:
        with clock.at(_on(days - 42, 10)):
            claims.complete(
                session,
                city.rules,
                actor=secretary,
                claim_id=claim_id,
                solved=True,
                satisfied=True,
                comment="",
            )
