"""A member, a community and its secretary, and what they do with registrations."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.registrations import requests, service
from backend.community.registrations.applying import Application
from backend.community.registrations.flow import FLOW
from backend.community.registrations.models import (
    CommunityRegistration,
    EndReason,
    PauseReason,
    RegistrationKind,
)
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.asker import asked_by, asker_of
from backend.figures import my_duties
from backend.ledger.models import StandingFact
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.support.notifications.models import Notification
from tests import ledger
from tests.factories import Make


class Scene:
    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules, self.make = session, rules, make
        self.community = make.community()
        self.secretary = make.community_secretary(self.community)
        self.member: Member = make.member()
        self.actor = make.actor(self.member)

    def submit(
        self,
        community: Area | None = None,
        *,
        actor: Actor | None = None,
        kind: RegistrationKind = RegistrationKind.PRIMARY,
        **given: Any,
    ) -> CommunityRegistration:
        return service.submit(
            self.session,
            self.rules,
            actor=actor or self.actor,
            said=Application(community_code=(community or self.community).code, kind=kind, **given),
        )

    def accept(self, row: CommunityRegistration, by: Actor | None = None) -> CommunityRegistration:
        return service.accept(
            self.session, self.rules, actor=by or self.secretary, registration_id=row.id
        )

    def standing(self) -> CommunityRegistration:
        return self.accept(self.submit())

    def pause(
        self, row: CommunityRegistration, by: Actor | None = None, **given: Any
    ) -> CommunityRegistration:
        """Ask as the member, or confirm as whoever is given."""
        by = by or self.actor
        reason = PauseReason.POSTING if by.member_id == row.member_id else None
        said = requests.Asking(**{"reason_code": reason} | given)
        return requests.pause(self.session, self.rules, actor=by, registration_id=row.id, said=said)

    def resume(
        self, row: CommunityRegistration, by: Actor | None = None, **given: Any
    ) -> CommunityRegistration:
        by = by or self.actor
        return requests.resume(self.session, self.rules, actor=by, registration_id=row.id, **given)

    def end(
        self, row: CommunityRegistration, by: Actor | None = None, **given: Any
    ) -> CommunityRegistration:
        by = by or self.actor
        reason = EndReason.MOVED if by.member_id == row.member_id else None
        said = requests.Asking(**{"reason_code": reason} | given)
        return requests.end(self.session, self.rules, actor=by, registration_id=row.id, said=said)

    def paused(self) -> CommunityRegistration:
        row = self.standing()
        self.pause(row)
        return self.pause(row, self.secretary)

    def facts(self) -> list[tuple[str, bool]]:
        rows = self.session.scalars(sa.select(StandingFact).order_by(StandingFact.id))
        return [(row.kind, row.ends_on is None) for row in rows]

    def open_facts(self) -> set[str]:
        still = sa.select(StandingFact.kind).where(StandingFact.ends_on.is_(None))
        return set(self.session.scalars(still))

    def verdict(self, rule_id: str) -> tuple[str, int, int]:
        """Return the verdict of the member under a rule this year, what is owed and done."""
        year = clock.today().year
        duties = my_duties.duties(self.session, self.rules, actor=self.actor, year=year)
        found = next(duty.judgement for duty in duties if duty.rule.id == rule_id)
        return found.verdict, found.required, found.done

    def differences(self) -> list[str]:
        self.session.flush()
        return ledger.differences(self.session, self.rules)


def street_officer(scene: Scene) -> Actor:
    street = scene.session.get_one(Area, scene.community.township_id)
    return scene.make.officer(Role.STREET_OFFICER, street)


def read(scene: Scene, actor: Actor, row_id: int) -> CommunityRegistration | None:
    """Return a registration as an actor reads it, if it exists for them."""
    found = FLOW.shown(asker_of(actor)).where(CommunityRegistration.id == row_id)
    anew = found.execution_options(populate_existing=True)
    return scene.session.scalars(anew, asked_by(actor)).first()


def ids(scene: Scene, actor: Actor, found: sa.Select[CommunityRegistration]) -> list[int]:
    """Return whose ids stand in an actor's list."""
    return sorted(row.id for row in scene.session.scalars(found, asked_by(actor)))


def told(scene: Scene, actor: Actor) -> list[str]:
    mine = sa.select(Notification.kind).where(Notification.account_id == actor.account_id)
    return list(scene.session.scalars(mine.order_by(Notification.id)))
