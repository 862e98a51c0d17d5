"""A community with its secretary, the officers above, and what registers need."""

from typing import Any

from sqlalchemy.orm import Session

from backend.core.actor import Actor, Grant, Role
from backend.core.crypto import Crypto
from backend.flows.steps import Reason
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.people.organizations.models import Organization, Unit
from backend.registers import service
from backend.registers.content import Writing
from backend.registers.flow import FLOW, Ending
from backend.registers.models import RegisterEntry
from tests import ledger
from tests.factories import Make


class Scene:
    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules, self.make = session, rules, make
        self.keys: Crypto = make.keys
        self.community: Area = make.community()
        self.unit: Unit = make.unit(self.community)
        self.branch: Organization = make.branch(self.unit)
        self.secretary = self.acting(Role.COMMUNITY_SECRETARY, self.community.id)
        self.street = self.acting(Role.STREET_OFFICER, self.community.township_id)
        self.district = self.acting(Role.DISTRICT_OFFICER, self.community.district_id)

    def acting(self, role: Role, area_id: int | None) -> Actor:
        member = self.make.member(self.branch)
        self.make.appointment(member, role, area_id=area_id)
        return self.make.actor(member, Grant(role, area_id=area_id))

    def enter(self, register: str, by: Actor | None = None, **said: Any) -> RegisterEntry:
        told = {"place_code": self.community.code} | said
        written = Writing(**{key: value for key, value in told.items() if value is not ...})
        return service.enter(
            self.session,
            self.rules,
            self.keys,
            actor=by or self.secretary,
            name=register,
            said=written,
        )

    def change(self, row: RegisterEntry, by: Actor | None = None, **said: Any) -> RegisterEntry:
        told = {"revision": row.revision} | said
        return service.change(
            self.session, self.rules, self.keys, actor=by or self.secretary,
            entry_id=row.id, said=Writing(**told),
        )  # fmt: skip

    def end(self, row: RegisterEntry, by: Actor | None = None, **said: Any) -> RegisterEntry:
        told = Ending(**{"reason": "已经撤并"} | said)
        FLOW.take(self.session, by or self.secretary, row.id, "end", told, self.rules)
        return row

    def void(self, row: RegisterEntry, by: Actor | None = None) -> RegisterEntry:
        said = Reason("登记错了")
        FLOW.take(self.session, by or self.secretary, row.id, "void", said, self.rules)
        return row

    def differences(self) -> list[str]:
        return ledger.differences(self.session, self.rules)
