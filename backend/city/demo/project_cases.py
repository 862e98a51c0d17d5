"""What seldom happens to projects, once each in the first community: a queue for the only place,
and a project that the street is to review."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from backend.city.demo.agenda import Act, Agenda, ago, at_hour
from backend.city.demo.cast import City, actor_for
from backend.community.claims import service as claims
from backend.community.projects import service as projects
from backend.core import clock
from backend.core.actor import Actor
from backend.core.risk import RiskClass
from backend.people.areas.models import Area
from backend.people.members.models import Member


class ProjectCases:
    """Those who claim are registered members of the first branch, the last on its roster: they draw
    nothing, so that the rest of the year is the same."""

    def __init__(self, city: City, agenda: Agenda, community: Area, crew: Sequence[Member]) -> None:
        self._city, self._agenda, self._community = city, agenda, community
        self._crew = crew
        self._secretary = city.secretaries[community.id]

    def begin(self) -> None:
        self._agenda.at(ago(12, 9), self._fill)
        self._agenda.at(ago(1, 9), self._ask_the_street)

    def _publish(self, title: str, **more: Any) -> int:
        today = clock.today()
        plan = projects.Plan(
            community_code=self._community.code,
            title=title,
            content="由社区收集居民需求后形成，欢迎党员认领。",
            places=1,
            starts_on=today,
            ends_on=today + timedelta(days=75),
            claim_deadline=clock.now() + timedelta(days=30),
            **more,
        )
        session = self._city.session
        project = projects.publish(session, actor=self._secretary, plan=plan)
        projects.open_for_claims(session, actor=self._secretary, project_id=project.id)
        return project.id

    def _ask_the_street(self) -> None:
        self._publish(
            "疏通3号院排水沟",
            risk=RiskClass.MEDIUM,
            insurance_note="社区已为参加人员投保意外险",
            funded=True,
        )

    def _fill(self) -> None:
        """One holds the only place and works; another waits for it."""
        project_id = self._publish("修缮居民议事亭座椅")
        holder, waiting = self._registered()[:2]
        claim_id = self._claim(project_id, holder).id
        self._claim(project_id, waiting, wait=True)
        self._then(1, lambda: self._accept(claim_id))
        self._then(3, lambda: self._start(claim_id, holder))

    def _registered(self) -> list[Actor]:
        found = [member for member in self._crew if member.community_id is not None]
        return [actor_for(self._city, member) for member in reversed(found)]

    def _claim(self, project_id: int, actor: Actor, *, wait: bool = False) -> Any:
        city = self._city
        said = claims.Claiming(wait=wait)
        return claims.claim(city.session, city.rules, actor=actor, project_id=project_id, said=said)

    def _accept(self, claim_id: int) -> None:
        city = self._city
        claims.accept(city.session, city.rules, actor=self._secretary, claim_id=claim_id)

    def _start(self, claim_id: int, holder: Actor) -> None:
        claims.start(self._city.session, self._city.rules, actor=holder, claim_id=claim_id)

    def _then(self, days: int, act: Act) -> None:
        self._agenda.at(at_hour(clock.today() + timedelta(days=days), 10), act)
