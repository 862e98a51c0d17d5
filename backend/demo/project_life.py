"""The service projects of one community in the made-up year, and its unit's claims on them."""

from datetime import timedelta

from backend.areas.models import Area
from backend.core import clock
from backend.demo.agenda import Act, Agenda, ago, at_hour
from backend.demo.cast import City
from backend.organizations.models import Organization
from backend.projects import claims
from backend.projects import service as projects
from backend.projects.models import ClaimantKind

PROJECTS = ("老旧楼道照明改造", "独居老人结对帮扶", "暑期儿童托管课堂", "小区停车秩序治理")


class ProjectLife:
    """Two past projects, claimed by the unit more often than not, and one open today."""

    def __init__(self, city: City, agenda: Agenda, branch: Organization, community: Area) -> None:
        self._city, self._agenda = city, agenda
        self._unit_id, self._community = branch.unit_id, community
        self._secretary = city.secretaries[community.id]
        self._contact = city.contacts[branch.id]

    def begin(self) -> None:
        for days in (220, 90):
            self._agenda.at(ago(days, 9), self._publish_and_claim)
        self._agenda.at(ago(2, 9), self._publish_for_all)

    def _publish(self, *, places: int) -> int:
        today = clock.today()
        project = projects.publish(
            self._city.session,
            actor=self._secretary,
            community_code=self._community.code,
            title=self._city.random.choice(PROJECTS),
            content="由社区收集居民需求后形成，欢迎单位和党员认领。",
            claimants=ClaimantKind.ANY,
            places=places,
            starts_on=today,
            ends_on=today + timedelta(days=75),
            claim_deadline=clock.now() + timedelta(days=30),
        )
        projects.open_for_claims(self._city.session, actor=self._secretary, project_id=project.id)
        return project.id

    def _publish_for_all(self) -> None:
        self._publish(places=self._city.random.randint(2, 6))

    def _publish_and_claim(self) -> None:
        project_id = self._publish(places=1)
        if self._city.random.random() < 0.3:
            return
        claim = claims.claim(
            self._city.session,
            actor=self._contact,
            project_id=project_id,
            unit_id=self._unit_id,
            note="",
        )
        self._after(1, lambda: self._accept(claim.id))
        self._after(5, lambda: self._start(claim.id))
        self._after(40, lambda: self._deliver(claim.id))
        if self._city.random.random() < 0.85:
            self._after(42, lambda: self._complete(claim.id))

    def _after(self, days: int, act: Act) -> None:
        self._agenda.at(at_hour(clock.today() + timedelta(days=days), 10), act)

    def _accept(self, claim_id: int) -> None:
        claims.accept(self._city.session, actor=self._secretary, claim_id=claim_id)

    def _start(self, claim_id: int) -> None:
        claims.start(self._city.session, actor=self._contact, claim_id=claim_id)

    def _deliver(self, claim_id: int) -> None:
        claims.deliver(
            self._city.session,
            actor=self._contact,
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
