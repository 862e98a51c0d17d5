"""The service projects of one community in the made-up year, and its unit's claims on them."""

from collections.abc import Sequence
from datetime import timedelta

from backend.city.demo.agenda import Act, Agenda, ago, at_hour
from backend.city.demo.cast import City, actor_for
from backend.community.claims import service as claims
from backend.community.claims.flow import let_pass
from backend.community.projects import service as projects
from backend.community.projects.models import ServiceProject
from backend.core import clock
from backend.core.actor import Actor
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.people.organizations.models import Organization

PROJECTS = ("老旧楼道照明改造", "独居老人结对帮扶", "暑期儿童托管课堂", "小区停车秩序治理")


class ProjectLife:
    """Two past projects, claimed by the unit as often as not, and one that is open today.

    The demo people's own unit has claimed nothing yet: there, members of the branch have.
    """

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
        self._secretary = city.secretaries[community.id]
        own = branch is city.branches[0]
        self._unit_id = None if own else branch.unit_id
        self._contact = None if own else city.contacts[branch.id]

    def begin(self) -> None:
        for days in (220, 90):
            self._agenda.at(ago(days, 9), self._publish_and_claim)
        self._agenda.at(ago(2, 9), self._publish_for_all)

    def _publish(self, *, places: int) -> int:
        today = clock.today()
        project = projects.publish(
            self._city.session,
            actor=self._secretary,
            plan=projects.Plan(
                community_code=self._community.code,
                title=self._city.random.choice(PROJECTS),
                content="由社区收集居民需求后形成，欢迎单位和党员认领。",
                places=places,
                starts_on=today,
                ends_on=today + timedelta(days=75),
                claim_deadline=clock.now() + timedelta(days=30),
            ),
        )
        projects.open_for_claims(self._city.session, actor=self._secretary, project_id=project.id)
        for days in (31, 60, 76):
            self._after(days, lambda: self._turn(project.id))
        return project.id

    def _turn(self, project_id: int) -> None:
        """Do what the clock does, as the worker would have."""
        project = self._city.session.get_one(ServiceProject, project_id)
        let_pass(self._city.session, self._city.rules, project)

    def _publish_for_all(self) -> None:
        """A member has claimed already, and waits for the community's answer."""
        project_id = self._publish(places=self._city.random.randint(2, 6))
        self._after(1, lambda: self._claim_for_oneself(project_id))

    def _claim_for_oneself(self, project_id: int) -> None:
        self._claim(project_id, self._somebody(), None)

    def _publish_and_claim(self) -> None:
        project_id = self._publish(places=1)
        if self._city.random.random() < 0.5:
            return
        claimant = self._contact or self._somebody()
        claim_id = self._claim(project_id, claimant, self._unit_id)
        self._after(1, lambda: self._accept(claim_id))
        self._after(5, lambda: self._start(claim_id, claimant))
        self._after(40, lambda: self._deliver(claim_id, claimant))
        if self._city.random.random() < 0.85:
            self._after(42, lambda: self._complete(claim_id))

    def _somebody(self) -> Actor:
        """One of those who are registered here by now."""
        registered = [member for member in self._crew if member.community_id is not None]
        return actor_for(self._city, self._city.random.choice(registered))

    def _claim(self, project_id: int, actor: Actor, unit_id: int | None) -> int:
        claim = claims.claim(
            self._city.session,
            self._city.rules,
            actor=actor,
            project_id=project_id,
            said=claims.Claiming(unit_id),
        )
        return claim.id

    def _after(self, days: int, act: Act) -> None:
        self._agenda.at(at_hour(clock.today() + timedelta(days=days), 10), act)

    def _accept(self, claim_id: int) -> None:
        claims.accept(
            self._city.session, self._city.rules, actor=self._secretary, claim_id=claim_id
        )

    def _start(self, claim_id: int, claimant: Actor) -> None:
        claims.start(self._city.session, self._city.rules, actor=claimant, claim_id=claim_id)

    def _deliver(self, claim_id: int, claimant: Actor) -> None:
        claims.deliver(
            self._city.session,
            self._city.rules,
            actor=claimant,
            claim_id=claim_id,
            summary="已按约定完成，居民反映良好。",
            delivered_on=clock.today(),
        )

    def _complete(self, claim_id: int) -> None:
        claims.complete(
            self._city.session,
            self._city.rules,
            actor=self._secretary,
            claim_id=claim_id,
            solved=True,
            satisfied=True,
            comment="",
        )
