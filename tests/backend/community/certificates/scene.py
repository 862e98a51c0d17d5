"""A registered member with services, and those who decide about the certificate."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from backend.community.certificates import service
from backend.community.certificates.models import ServiceCertificate
from backend.community.volunteering import service as volunteering
from backend.community.volunteering.models import ServiceRecord
from backend.core import clock
from backend.core.actor import Actor
from backend.ledger.rulepack import RulePack
from tests import ledger
from tests.factories import Make, service_facts

NOW = datetime(2026, 6, 1, 10, tzinfo=clock.SHANGHAI)


class Scene:
    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules, self.make = session, rules, make
        self.community = make.community()
        self.community.name = "国贸社区居民委员会"
        self.secretary = make.community_secretary(self.community)
        self.member = make.actor(make.member(name="王䶮", community_id=self.community.id))

    def serve(
        self,
        day: date = date(2026, 5, 1),
        minutes: int = 60,
        *,
        volunteer: bool = True,
        confirmed: bool = True,
        actor: Actor | None = None,
    ) -> ServiceRecord:
        begin = datetime(day.year, day.month, day.day, 9, tzinfo=clock.SHANGHAI)
        record = volunteering.submit(
            self.session,
            self.rules,
            actor=actor or self.member,
            said=volunteering.Logging(
                community_code=self.community.code,
                facts=service_facts(begin, minutes=minutes),
                is_volunteer_service=volunteer,
            ),
        )
        return self.confirm(record) if confirmed else record

    def confirm(self, record: ServiceRecord) -> ServiceRecord:
        return volunteering.confirm(
            self.session, self.rules, actor=self.secretary, record_id=record.id
        )

    def void(self, record: ServiceRecord) -> None:
        volunteering.void(
            self.session,
            self.rules,
            actor=self.secretary,
            record_id=record.id,
            reason="与名单不符",
        )

    def issue(
        self,
        since: date = date(2026, 1, 1),
        until: date = date(2026, 5, 31),
        actor: Actor | None = None,
    ) -> ServiceCertificate:
        return service.issue(
            self.session, actor=actor or self.member, said=service.Period(since=since, until=until)
        )

    def revoke(self, row: ServiceCertificate, by: Actor | None = None) -> ServiceCertificate:
        by = by or self.secretary
        return service.revoke(self.session, actor=by, certificate_id=row.id, reason="登记有误")

    def differences(self) -> list[str]:
        return ledger.differences(self.session, self.rules)
