"""The volunteer activities of one community in the made-up year: past, running, to come."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from backend.city.demo.agenda import Agenda, at_hour, working_day
from backend.city.demo.cast import City, actor_for
from backend.community.unit_registrations.queries import units_registered_with
from backend.community.volunteering.activities import attendance, queries, service, sign_ups
from backend.community.volunteering.activities.changing import Plan
from backend.community.volunteering.activities.flow import FLOW
from backend.community.volunteering.activities.models import AttendanceMark
from backend.community.volunteering.activities.places import Wish
from backend.community.volunteering.activities.roll import Line
from backend.community.volunteering.activities.shifts import ShiftPlan
from backend.community.volunteering.models import ServiceCategory
from backend.core import clock
from backend.core.risk import RiskClass
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.people.organizations.models import Organization
from backend.registers import queries as registers

CENTRE = "社区党群服务中心"
PLANS: tuple[Callable[..., Plan], ...] = (
    partial(
        Plan,
        title="清洁家园行动",
        category=ServiceCategory.ENVIRONMENT,
        content="清理楼道杂物和绿化带垃圾，工具由社区准备。",
        place=f"{CENTRE}门前集合",
    ),
    partial(
        Plan,
        title="看望独居老人",
        category=ServiceCategory.CARE,
        content="两人一组上门，陪老人聊天，帮忙打扫和采买。",
        place=CENTRE,
        age_note="须能独立走访，建议18周岁以上。",
    ),
    partial(
        Plan,
        title="儿童阅读陪伴",
        category=ServiceCategory.EDUCATION,
        content="陪孩子读书、讲故事，整理图书。",
        place=f"{CENTRE}二楼图书室",
        is_volunteer_service=True,
    ),
    partial(
        Plan,
        title="平安巡逻",
        category=ServiceCategory.SAFETY,
        content="与社区民警一起巡查重点路段，遇突发情况听从指挥。",
        place="社区警务室集合",
        risk=RiskClass.MEDIUM,
        insurance_note="社区为每位参加者投保意外伤害险。",
        age_note="18至60周岁。",
    ),
)


class ActivityLife:
    """A draw of its own: what happens here changes nothing of the rest of the year."""

    def __init__(
        self,
        city: City,
        agenda: Agenda,
        branch: Organization,
        community: Area,
        crew: Sequence[Member],
    ) -> None:
        self._city, self._agenda = city, agenda
        self._community, self._crew = community, crew
        # The demo people's own unit has organised nothing yet.
        self._unit_id = None if branch is city.branches[0] else branch.unit_id
        self._secretary = city.secretaries[community.id]
        self._random = Random(int(community.code))  # noqa: S311  # made-up data, not a secret

    def begin(self) -> None:
        today = clock.today()
        for days in (170, 110, 60, 20):
            unit_id = self._unit_id if self._random.random() < 0.6 else None
            day = working_day(today - timedelta(days=days))
            self._plan(at_hour(day, 9), places=6, unit_id=unit_id)
        self._plan(_lately(), places=6)
        self._plan(at_hour(today + timedelta(days=4), 9), places=3, comers=5)
        self._plan(at_hour(today + timedelta(days=9), 15), places=12, comers=2, shifts=2)
        self._agenda.at(clock.now() - timedelta(hours=20), self._draw_up)

    def _plan(
        self,
        begin: datetime,
        *,
        places: int,
        comers: int = 5,
        shifts: int = 1,
        unit_id: int | None = None,
    ) -> None:
        """It is published a week before, or lately; people sign up, and the list is written."""
        plan = self._random.choice(PLANS)
        published = min(begin, clock.now()) - timedelta(days=7)
        end = begin + timedelta(hours=2)
        turns = [
            ShiftPlan(start, start + timedelta(hours=2), places)
            for start in (begin + timedelta(days=number) for number in range(shifts))
        ]

        def publish() -> None:
            activity_id = self._publish(self._here(plan, turns, unit_id=self._known(unit_id)))
            self._agenda.at(published + timedelta(days=1), lambda: self._join(activity_id, comers))
            self._agenda.at(end + timedelta(hours=1), lambda: self._write_list(activity_id))

        self._agenda.at(published, publish)

    def _here(self, plan: Callable[..., Plan], turns: Sequence[ShiftPlan], **more: Any) -> Plan:
        return plan(community_code=self._community.code, shifts=turns, **more)

    def _publish(self, plan: Plan) -> int:
        session, secretary = self._city.session, self._secretary
        activity = service.create(
            session, actor=secretary, plan=plan, registered_units=units_registered_with
        )
        service.publish(session, actor=secretary, activity_id=activity.id)
        return activity.id

    def _known(self, unit_id: int | None) -> int | None:
        """Return the unit where the community has to do with it by now."""
        here, session = self._community.id, self._city.session
        near = session.scalars(registers.units_near(here)).all()
        return (
            unit_id if unit_id in {*near, *session.scalars(units_registered_with(here))} else None
        )

    def _draw_up(self) -> None:
        """A draft that still lacks what its risk asks for."""
        begin = at_hour(clock.today() + timedelta(days=16), 8)
        turns = [ShiftPlan(begin, begin + timedelta(hours=3), 8)]
        plan = self._here(PLANS[3], turns, insurance_note="", title="台风前巡查排险")
        service.create(self._city.session, actor=self._secretary, plan=plan)

    def _join(self, activity_id: int, comers: int) -> None:
        session = self._city.session
        shift = FLOW.find(session, self._secretary, activity_id).shifts[0]
        registered = [member for member in self._crew if member.community_id is not None]
        for member in self._random.sample(registered, min(comers, len(registered))):
            sign_ups.sign_up(
                session,
                actor=actor_for(self._city, member),
                activity_id=activity_id,
                said=Wish([shift.id], override_clash=True),
            )

    def _write_list(self, activity_id: int) -> None:
        """Nearly everybody came; who did not hears nothing of it."""
        session, secretary = self._city.session, self._secretary
        rows = session.scalars(queries.live_sign_ups(activity_id)).all()
        lines = [
            Line(
                AttendanceMark.NO_SHOW if self._random.random() < 0.1 else AttendanceMark.PRESENT,
                shift_id=row.shift_id,
                member_id=row.member_id,
            )
            for row in rows
        ]
        attendance.write_list(
            session,
            self._city.rules,
            self._city.keys,
            actor=secretary,
            activity_id=activity_id,
            said=attendance.Listing(lines=lines),
        )


def _lately() -> datetime:
    """A quarter of an hour that has passed, for what is under way now."""
    now = clock.now() - timedelta(minutes=30)
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
